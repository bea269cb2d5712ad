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

/* The attributes of a service, and what is wrong with them. */
static const struct {
    const char *in, *want;
} cases[] = {
    {"image: x", "{image: x}"},
    {"imagee: x",
     "c.yaml:1:16: error: services.a: additional properties 'imagee' not allowed (did you "
     "mean 'image'?)\n"},
    {"image: 1",
     "c.yaml:1:23: error: services.a.image: must be a string, not the number '1' (put it in "
     "quotes: \"1\")\n"},
    {"image: ",
     "c.yaml:1:23: error: services.a.image: must be a string, not null (there is no value here; "
     "leave it out, or give it one)\n"},
    {"image: [x]", "c.yaml:1:23: error: services.a.image: must be a string, not a list\n"},
    {"image: {a: b}", "c.yaml:1:23: error: services.a.image: must be a string, not a mapping\n"},
    {"ports: [true]",
     "c.yaml:1:24: error: services.a.ports[0]: must be a mapping, number or string, not the "
     "boolean 'true'\n"},
    {"command: 1",
     "c.yaml:1:25: error: services.a.command: must be an array, null or string, not the number "
     "'1' (put it in quotes: \"1\")\n"},
    {"build: 3",
     "c.yaml:1:23: error: services.a.build: must be a mapping or string, not the number '3' "
     "(put it in quotes: \"3\")\n"},
    {"depends_on: b",
     "c.yaml:1:28: error: services.a.depends_on: must be an array or mapping, not the text 'b' "
     "(make it a list: [\"b\"])\n"},
    {"depends_on: {b: {condition: healthy}}",
     "c.yaml:1:44: error: services.a.depends_on.b.condition: value must be one of "
     "'service_started', 'service_healthy', 'service_completed_successfully', not 'healthy'\n"},
    {"depends_on: {b: {}}",
     "c.yaml:1:32: error: services.a.depends_on.b: missing property 'condition'\n"},
    {"environment: A",
     "c.yaml:1:29: error: services.a.environment: must be an array or mapping, not the text "
     "'A' (make it a list: [\"A\"])\n"},
    {"environment: [1], labels: {a: [b]}",
     "c.yaml:1:30: error: services.a.environment[0]: must be a string, not the number '1' "
     "(put it in quotes: \"1\")\n"
     "c.yaml:1:46: error: services.a.labels.a: must be a boolean, null, number or string, not "
     "a list\n"},
    {"restart: false",
     "c.yaml:1:25: error: services.a.restart: must be a string, not the boolean 'false' (put "
     "it in quotes: \"false\")\n"},
    {"hostname: 2001-01-01",
     "c.yaml:1:26: error: services.a.hostname: must be a string, not the date '2001-01-01' "
     "(YAML reads this as a date; put it in quotes: \"2001-01-01\")\n"},
    {"cpu_count: -1",
     "c.yaml:1:27: error: services.a.cpu_count: must be greater than or equal to 0, not '-1'\n"},
    {"cpu_percent: 101",
     "c.yaml:1:29: error: services.a.cpu_percent: must be less than or equal to 100, not "
     "'101'\n"},
    {"oom_score_adj: 5000",
     "c.yaml:1:31: error: services.a.oom_score_adj: must be less than or equal to 1000, not "
     "'5000'\n"},
    {"container_name: \"-\"",
     "c.yaml:1:32: error: services.a.container_name: '-' does not match pattern "
     "'[a-zA-Z0-9][a-zA-Z0-9_.-]+'\n"},
    {"pull_policy: bogus",
     "c.yaml:1:29: error: services.a.pull_policy: 'bogus' does not match pattern "
     "'always|never|build|if_not_present|missing|refresh|daily|weekly|every_([0-9]+[wdhms])+'\n"},
    {"cgroup: hots",
     "c.yaml:1:24: error: services.a.cgroup: value must be one of 'host', 'private', not "
     "'hots' (did you mean 'host'?)\n"},
    {"gpus: some", "c.yaml:1:22: error: services.a.gpus: value must be 'all', not 'some'\n"},
    {"security_opt: [a, b, a]",
     "c.yaml:1:37: error: services.a.security_opt: items at 0 and 2 are equal: 'a' (the other "
     "one is at c.yaml:1:31)\n"},
    {"group_add: [1, \"1\"]", "{group_add: [1, '1']}"},
    {"networks: {\"a b\": }",
     "c.yaml:1:27: error: services.a.networks: additional properties 'a b' not allowed (a "
     "name consists of letters, digits, '.', '_' and '-')\n"},
    {"labels: {\"\": x}",
     "c.yaml:1:25: error: services.a.labels: additional properties '' not allowed\n"},
    {"x-anything: {a: [1]}", "{x-anything: {a: [1]}}"},
    {"blkio_config: {x-a: 1}",
     "c.yaml:1:31: error: services.a.blkio_config: additional properties 'x-a' not allowed\n"},
    {"gpus: [{anything: 1}]", "{gpus: [{anything: 1}]}"},
    {"ulimits: {nofile: {soft: 1}}",
     "c.yaml:1:34: error: services.a.ulimits.nofile: missing property 'hard'\n"},
    {"volumes: [{target: /x}]",
     "c.yaml:1:26: error: services.a.volumes[0]: missing property 'type'\n"},
    {"volumes: [{type: bnd, target: /x}]",
     "c.yaml:1:33: error: services.a.volumes[0].type: value must be one of 'bind', 'volume', "
     "'tmpfs', 'cluster', 'npipe', 'image', not 'bnd' (did you mean 'bind'?)\n"},
    {"healthcheck: ", "c.yaml:1:29: error: services.a.healthcheck: must be a mapping, not null "
                      "(there is no value here; "
                      "leave it out, or give it one)\n"},
    {"deploy: , command: , develop: ", "{deploy: null, command: null, develop: null}"},
    {"provider: {type: x, options: {a: [b, {}], c: }}",
     "c.yaml:1:53: error: services.a.provider.options.a[1]: must be a boolean, number or "
     "string, not a mapping\n"
     "c.yaml:1:61: error: services.a.provider.options.c: must be an array, boolean, number or "
     "string, not null (there is no value here; leave it out, or give it "
     "one)\n"},
    {"extra_hosts: {a: [1]}",
     "c.yaml:1:34: error: services.a.extra_hosts.a[0]: must be a string, not the number '1' "
     "(put it in quotes: \"1\")\n"},
    {"a: 1, b: 2, imge: x",
     "c.yaml:1:16: error: services.a: additional properties 'a' not allowed (a key of your "
     "own must begin with 'x-')\n"
     "c.yaml:1:22: error: services.a: additional properties 'b' not allowed (a key of your "
     "own must begin with 'x-')\n"
     "c.yaml:1:28: error: services.a: additional properties 'imge' not allowed (did you mean "
     "'image'?)\n"},
    {"cpu_count: 3.0", "{cpu_count: 3}"},
    {"cpu_count: 3.5",
     "c.yaml:1:27: error: services.a.cpu_count: must be an integer or string, not the number "
     "'3.5'\n"},
    {"ports: [{target: -1}]", "{ports: [{target: -1}]}"},
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
        rc = schema_validate(&t.cx, model);
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
