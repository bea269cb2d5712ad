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

/* The attributes of a service, and the warnings. */
static const struct {
    const char *in, *want;
} cases[] = {
    {"image: x, command: y, ports: [80]", "{image: x, command: y, ports: [80]}"},
    {"gpus: all", "{gpus: all}"},
    {"links: [b], volumes_from: [c], external_links: [d:e]",
     "c.yaml:1:16: warning: services.a.links: not supported yet, ignored\n"
     "c.yaml:1:28: warning: services.a.volumes_from: not supported yet, ignored\n"
     "c.yaml:1:47: warning: services.a.external_links: not supported yet, ignored\n"},
    {"post_start: [{command: a}], use_api_socket: false",
     "c.yaml:1:16: warning: services.a.post_start: not supported yet, ignored\n"},
    {"develop: {watch: [{path: a, action: rebuild}]}",
     "c.yaml:1:16: warning: services.a.develop: not supported yet, ignored\n"},
    {"build: {privileged: true, secrets: [s], no_cache: true}",
     "c.yaml:1:24: warning: services.a.build.privileged: not supported yet, ignored\n"
     "c.yaml:1:42: warning: services.a.build.secrets: not supported yet, ignored\n"},
    {"build: {privileged: false, secrets: []}", "{build: {privileged: false, secrets: []}}"},
    {"deploy: {mode: global, placement: {constraints: [a]}, update_config: {delay: 1s}, "
     "endpoint_mode: vip, labels: {a: b}}",
     "{deploy: {mode: global, placement: {constraints: [a]}, update_config: {delay: 1s}, "
     "endpoint_mode: vip, labels: {a: b}}}"},
    {"deploy: {resources: {reservations: {devices: [{capabilities: [gpu]}]}}}",
     "{deploy: {resources: {reservations: {devices: [{capabilities: [gpu]}]}}}}"},
    {"credential_spec: {file: x}, pull_refresh_after: 1h",
     "{credential_spec: {file: x}, pull_refresh_after: 1h}"},
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
        schema_warn_unsupported(&t.cx, model);
        rc = 0;
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
