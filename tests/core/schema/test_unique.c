#include "core/schema/passes.h"

#include "core/base/attr.h"
#include "core/yaml/node.h"
#include "tests/lib/tree.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/* The attributes of a service, and what is left of them. */
static const struct {
    const char *in, *want;
} cases[] = {
    {"ports: [\"80:80\", \"81:81\", \"80:80\"]", "{ports: [80:80, 81:81]}"},
    {"ports: [{target: 80, published: \"80\"}, {target: 80, published: 80, name: later}, "
     "{target: 80, published: \"80\", protocol: udp}]",
     "{ports: [{target: 80, published: 80, name: later}, {target: 80, published: '80', "
     "protocol: udp}]}"},
    {"ports: [{target: 80}, {target: 80, host_ip: 0.0.0.0, protocol: tcp}, {target: 80, "
     "host_ip: 127.0.0.1}]",
     "{ports: [{target: 80, host_ip: 0.0.0.0, protocol: tcp}, {target: 80, host_ip: "
     "127.0.0.1}]}"},
    {"ports: [{published: 80}]",
     "c.yaml:1:24: error: services.a.ports[0]: is missing a target port\n"},
    {"volumes: [\"./a:/x\", \"b:/x:ro\", /y, {type: volume, target: /y}]",
     "{volumes: [b:/x:ro, {type: volume, target: /y}]}"},
    {"volumes: [{type: bind}]",
     "c.yaml:1:26: error: services.a.volumes[0]: is missing a mount target\n"},
    {"devices: [/a, \"/b:/a:r\", {source: /c, target: /a}]",
     "{devices: [{source: /c, target: /a}]}"},
    {"devices: [{source: /c}]",
     "c.yaml:1:26: error: services.a.devices[0]: is missing a mount target\n"},
    {"secrets: [s, {source: t, target: /run/secrets/s}, {source: s, target: s}]",
     "{secrets: [{source: t, target: /run/secrets/s}, {source: s, target: s}]}"},
    {"configs: [c, {source: d, target: /c}]", "{configs: [{source: d, target: /c}]}"},
    {"env_file: [a, b, a, {path: b, required: false}]",
     "{env_file: [a, {path: b, required: false}]}"},
    {"expose: [80, \"80\", 81]", "{expose: ['80', 81]}"},
    {"expose: [1.5]", "c.yaml:1:25: error: services.a.expose[0]: unsupported expose value '1.5'\n"},
    {"environment: [A=1, B=2, A=3, A]", "{environment: [A, B=2]}"},
    {"labels: [a=1, a]", "{labels: [a]}"},
    {"tmpfs: [/t:size=1, /t:size=2, /u]", "{tmpfs: [/t:size=2, /u]}"},
    {"cap_add: [A, B, A], profiles: [p, p], dns: [a, a], links: [x, x]",
     "{cap_add: [A, B], profiles: [p], dns: [a], links: [x]}"},
    {"networks: {n: {aliases: [a, a], link_local_ips: [b, b]}}",
     "{networks: {n: {aliases: [a], link_local_ips: [b]}}}"},
    {"build: {tags: [a, a], args: [X=1, X=2], cache_from: [a, a]}",
     "{build: {tags: [a], args: [X=2], cache_from: [a, a]}}"},
    {"deploy: {labels: [a=1, a=2]}", "{deploy: {labels: [a=2]}}"},
    {"security_opt: [a, a], environment: {A: 1}, cap_drop: [1, 1]",
     "{security_opt: [a, a], environment: {A: 1}, cap_drop: [1, 1]}"},
};

static void test_cases(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct tree t;
        struct node *model;
        int rc;

        tree_init(&t);
        model = tree_service(&t, "c.yaml", cases[i].in);
        rc = schema_unique(&t.cx, model);
        if (rc < 0 || *tree_messages(&t)) {
            assert_string_equal(tree_messages(&t), cases[i].want);
            assert_int_equal(rc < 0, strstr(tree_messages(&t), ": error: ") != NULL);
        } else {
            assert_string_equal(tree_flow(&t, node_path(model, "services.a")), cases[i].want);
        }
        tree_done(&t);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cases),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
