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

/* The attributes of a service, and what becomes of them or what is wrong. */
static const struct {
    const char *in, *want;
} cases[] = {
    {"tty: \"true\", privileged: \"FALSE\", init: \"yes\"",
     "c.yaml:1:56: warning: services.a.init: \"yes\" for boolean is not supported by YAML 1.2, "
     "please use `true`\n"},
    {"tty: \"true\", privileged: \"FALSE\"", "{tty: true, privileged: false}"},
    {"tty: \"abc\"",
     "c.yaml:1:21: error: services.a.tty: invalid boolean 'abc' (write true or false)\n"},
    {"tty: \"\"",
     "c.yaml:1:21: error: services.a.tty: invalid boolean '' (is a variable empty that should "
     "hold a boolean?)\n"},
    {"cpu_shares: \"5\", pids_limit: \"-1\", scale: \"3\"",
     "{cpu_shares: 5, pids_limit: -1, scale: 3}"},
    {"cpu_shares: \"1_000\"",
     "c.yaml:1:28: error: services.a.cpu_shares: invalid integer '1_000' (a whole number in "
     "decimal digits belongs here)\n"},
    {"pids_limit: \"1.5\"",
     "c.yaml:1:28: error: services.a.pids_limit: invalid integer '1.5' (a whole number in "
     "decimal digits belongs here)\n"},
    {"pids_limit: \"99999999999999999999\"",
     "c.yaml:1:28: error: services.a.pids_limit: invalid integer '99999999999999999999' (a "
     "whole number in decimal digits belongs here)\n"},
    {"cpus: \"0.1\"", "{cpus: 0.10000000149011612}"},
    {"cpus: \"x\"", "c.yaml:1:22: error: services.a.cpus: invalid number 'x'\n"},
    {"cpu_percent: \"50\"", "{cpu_percent: 50}"},
    {"image: \"5\", hostname: \"true\"", "{image: '5', hostname: 'true'}"},
    {"ports: [{target: \"80\"}, \"81\", {target: \"x\"}]",
     "c.yaml:1:55: error: services.a.ports[2].target: invalid integer 'x' (a whole number in "
     "decimal digits belongs here)\n"},
    {"ports: [{target: \"80\", published: \"80\"}]", "{ports: [{target: 80, published: '80'}]}"},
    {"ulimits: {nofile: \"5\", core: {soft: \"1\", hard: \"2\"}}",
     "{ulimits: {nofile: 5, core: {soft: 1, hard: 2}}}"},
    {"build: {ulimits: {nofile: \"5\"}}", "{build: {ulimits: {nofile: 5}}}"},
    {"healthcheck: {retries: \"3\", disable: \"off\"}",
     "c.yaml:1:53: warning: services.a.healthcheck.disable: \"off\" for boolean is not "
     "supported by YAML 1.2, please use `false`\n"},
    {"healthcheck: {retries: \"3\", disable: \"false\"}",
     "{healthcheck: {retries: 3, disable: false}}"},
    {"volumes: [{read_only: \"true\", volume: {nocopy: \"true\"}}]",
     "{volumes: [{read_only: true, volume: {nocopy: true}}]}"},
    {"deploy: {replicas: \"2\", update_config: {max_failure_ratio: \"0.5\", parallelism: \"1\"}}",
     "{deploy: {replicas: 2, update_config: {max_failure_ratio: 0.5, parallelism: 1}}}"},
    {"tty: true, scale: 3, ports: 5", "{tty: true, scale: 3, ports: 5}"},
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
        rc = schema_cast(&t.cx, model);
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
