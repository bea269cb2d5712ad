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
    {"links: [b], volumes_from: [c], external_links: [d:e], post_start: [{command: a}]",
     "{links: [b], volumes_from: [c], external_links: [d:e], post_start: [{command: a}]}"},
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

/* What the files ask of a cluster. */
static const struct {
    const char *in, *want;
} no_effect[] = {
    {"deploy: {mode: global, replicas: 2, resources: {limits: {cpus: '1'}}}", ""},
    {"ports: [{target: 80, name: web, mode: host, app_protocol: http}]", ""},
    {"deploy: {placement: {constraints: [a]}, update_config: {delay: 1s}, labels: {}}",
     "c.yaml:1:25: warning: services.a.deploy.placement: has no effect on a single engine\n"
     "c.yaml:1:56: warning: services.a.deploy.update_config: has no effect on a single engine\n"
     "c.yaml:1:84: warning: services.a.deploy.labels: has no effect on a single engine\n"},
    {"deploy: {restart_policy: {condition: any, window: 1s}}",
     "c.yaml:1:58: warning: services.a.deploy.restart_policy.window: has no effect on a single "
     "engine\n"},
};

static void test_cases(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct tree t;
        struct node *model;

        tree_init(&t);
        model = tree_service(&t, "c.yaml", cases[i].in);
        schema_warn_unsupported(&t.cx, model);
        if (*tree_messages(&t))
            assert_string_equal(tree_messages(&t), cases[i].want);
        else
            assert_string_equal(tree_flow(&t, node_path(model, "services.a")), cases[i].want);
        tree_done(&t);
    }
}

static void test_no_effect(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(no_effect); i++) {
        struct tree t;

        tree_init(&t);
        schema_warn_no_effect(&t.cx, tree_service(&t, "c.yaml", no_effect[i].in));
        assert_string_equal(tree_messages(&t), no_effect[i].want);
        tree_done(&t);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cases),
        cmocka_unit_test(test_no_effect),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
