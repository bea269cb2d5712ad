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

/* A service of an earlier file, made canonical; what a later one says; and both together. */
static const struct {
    const char *base, *over, *want;
} cases[] = {
    {"image: a, command: x", "image: b", "{image: b, command: x}"},
    {"image: a", "image: null", "{image: a}"},
    {"deploy: {replicas: 1, labels: {a: b}}", "deploy: {replicas: 2, mode: x}",
     "{deploy: {replicas: 2, labels: {a: b}, mode: x}}"},
    {"x-a: {b: [1], c: 2}", "x-a: {b: [2], d: 3}", "{x-a: {b: [1, 2], c: 2, d: 3}}"},
    {"command: [a], entrypoint: b, healthcheck: {test: x, retries: 1}",
     "command: null, entrypoint: [], healthcheck: {test: [y], timeout: 1s}",
     "{command: null, entrypoint: [], healthcheck: {test: [y], retries: 1, timeout: 1s}}"},
    {"environment: {A: 1, B: 2.50, C: null}", "environment: [A=9, D]",
     "{environment: [A=1, B=2.5, C, A=9, D]}"},
    {"environment: [A=1]", "environment: {Z: true, B: 1}", "{environment: [A=1, B=1, Z=true]}"},
    {"environment: {A: 1}, labels: [x]", "environment: null, labels: null",
     "{environment: [A=1], labels: [x]}"},
    {"dns: 1.1.1.1, dns_search: a, tmpfs: [/a]", "dns: [2.2.2.2], dns_search: b, tmpfs: /b",
     "{dns: [1.1.1.1, 2.2.2.2], dns_search: [a, b], tmpfs: [/a, /b]}"},
    {"env_file: a", "env_file: [b, {path: c}]",
     "{env_file: [{path: a, required: true}, b, {path: c}]}"},
    {"label_file: a", "label_file: [a]", "{label_file: [a, a]}"},
    {"build: x", "build: {target: t, args: {A: 1}}",
     "{build: {context: x, target: t, args: {A: 1}}}"},
    {"build: {context: x, args: [A=1]}", "build: y", "{build: {context: y, args: [A=1]}}"},
    {"build: {context: x, args: [A=1], extra_hosts: {h: 1}}",
     "build: {args: {B: 2}, extra_hosts: [h=1, h=2]}",
     "{build: {context: x, args: [A=1, B=2], extra_hosts: [h=1, h=2]}}"},
    {"depends_on: [b]", "depends_on: {c: {condition: service_healthy}}",
     "{depends_on: {b: {condition: service_started, required: true}, c: {condition: "
     "service_healthy}}}"},
    {"depends_on: {b: {condition: service_healthy, restart: true, required: false}}",
     "depends_on: [b]",
     "{depends_on: {b: {condition: service_started, restart: true, required: true}}}"},
    {"networks: [n]", "networks: {n: {priority: 1}, m: null}",
     "{networks: {n: {priority: 1}, m: null}}"},
    {"networks: {n: {aliases: [a]}}", "networks: {n: {aliases: [b]}}",
     "{networks: {n: {aliases: [a, b]}}}"},
    {"networks: {n: {priority: 1}}", "networks: [n, m]", "{networks: {n: {priority: 1}, m: null}}"},
    {"models: [m]", "models: {m: {endpoint_var: E}}", "{models: {m: {endpoint_var: E}}}"},
    {"extra_hosts: {h: 1.1.1.1, i: [2.2.2.2, 3.3.3.3]}",
     "extra_hosts: [\"h=1.1.1.1\", \"h:1.1.1.1\", \"j=1\"]",
     "{extra_hosts: [h=1.1.1.1, i=2.2.2.2, i=3.3.3.3, h:1.1.1.1, j=1]}"},
    {"logging: {driver: a, options: {x: 1}}", "logging: {driver: b}", "{logging: {driver: b}}"},
    {"logging: {driver: a, options: {x: 1}}", "logging: {options: {y: 1}}",
     "{logging: {driver: a, options: {x: 1, y: 1}}}"},
    {"logging: {driver: a}", "logging: null", "{logging: {driver: a}}"},
    {"ulimits: {nofile: {soft: 1, hard: 2}, core: 3}", "ulimits: {nofile: 5, nproc: 6}",
     "{ulimits: {nofile: 5, core: 3, nproc: 6}}"},
    {"build: {ulimits: {nofile: {soft: 1, hard: 2}}}",
     "build: {ulimits: {nofile: {soft: 3, hard: 2}}}",
     "{build: {ulimits: {nofile: {soft: 3, hard: 2}}}}"},
    {"ports: [\"80:80\"]", "ports: [\"81:81\"]",
     "{ports: [{mode: ingress, target: 80, published: '80', protocol: tcp}, 81:81]}"},
    {"ports: [80]", "ports: null", "{ports: [{mode: ingress, target: 80, protocol: tcp}]}"},
    {"security_opt: [a]", "security_opt: [a]", "{security_opt: [a, a]}"},
    {"gpus: all", "gpus: [{driver: x}]", "{gpus: [{count: all}, {driver: x}]}"},
    {"provider: {type: a, options: {x: 1, y: [1]}}", "provider: {options: {x: [2], y: [2]}}",
     "{provider: {type: a, options: {x: [2], y: [1, 2]}}}"},
    {"deploy: {replicas: 1}", "deploy: [x]",
     "b.yaml:1:24: error: services.a.deploy: cannot override: a list cannot replace a mapping "
     "(that is at a.yaml:1:24; write a mapping here too, or tag it !override)\n"},
    {"ports: [80]", "ports: x",
     "b.yaml:1:23: error: services.a.ports: cannot override: the text 'x' cannot replace a "
     "list (that is at a.yaml:1:23; write a list here too, or tag it !override)\n"},
    {"build: {ssh: [default]}", "build: {ssh: [a=b]}",
     "b.yaml:1:29: error: services.a.build.ssh: cannot override: a list cannot replace a "
     "mapping (it stands for that at a.yaml:1:29; write a mapping here too, or tag it "
     "!override)\n"},
    {"gpus: all", "gpus: all",
     "b.yaml:1:22: error: services.a.gpus: cannot override: the text 'all' cannot replace a "
     "list (it stands for that at a.yaml:1:22; write a list here too, or tag it !override)\n"},
    {"x-a: 1", "x-a: {b: 1}", "{x-a: {b: 1}}"},
};

static void test_cases(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct tree t;
        struct node *base, *merged;

        tree_init(&t);
        base = tree_service(&t, "a.yaml", cases[i].base);
        assert_int_equal(schema_expand(&t.cx, base), 0);
        merged = schema_merge(&t.cx, base, tree_service(&t, "b.yaml", cases[i].over));
        if (merged)
            assert_string_equal(tree_flow(&t, node_path(merged, "services.a")), cases[i].want);
        else
            assert_string_equal(tree_messages(&t), cases[i].want);
        tree_done(&t);
    }
}

/* networks.n.ipam.config */
static const struct {
    const char *base, *over, *want;
} ipam_cases[] = {
    {"[{subnet: a, gateway: g}]", "[{subnet: a, ip_range: r}]",
     "[{subnet: a, gateway: g, ip_range: r}]"},
    {"[{subnet: a, gateway: g}]", "[{subnet: b}]", "[{subnet: b}]"},
    {"[{subnet: a, gateway: g}, {subnet: b, gateway: h}]",
     "[{subnet: b, ip_range: r}, {subnet: c}]",
     "[{subnet: b, gateway: h, ip_range: r}, {subnet: c}]"},
    {"[{subnet: a}]", "[]", "[]"},
    {"[{gateway: g}]", "[{ip_range: r}]", "[{gateway: g, ip_range: r}]"},
    {"[{subnet: a}]", "null", "[{subnet: a}]"},
    {"[{subnet: a, gateway: g}]", "[{subnet: a, ip_range: r}, {subnet: a, gateway: i}]",
     "[{subnet: a, gateway: i, ip_range: r}]"},
};

static struct node *ipam(struct tree *t, const char *file, const char *config)
{
    AUTO_TEXT text = {0};

    str_addf(&text, "networks: {n: {ipam: {config: %s}}}", config);
    return tree_parse(t, file, str_text(&text));
}

static void test_ipam(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(ipam_cases); i++) {
        struct tree t;
        const struct node *merged;

        tree_init(&t);
        merged = schema_merge(&t.cx, ipam(&t, "a.yaml", ipam_cases[i].base),
                              ipam(&t, "b.yaml", ipam_cases[i].over));
        assert_string_equal(tree_flow(&t, node_path(merged, "networks.n.ipam.config")),
                            ipam_cases[i].want);
        tree_done(&t);
    }
}

/* Messages about a value that was replaced must point to where it was. */
static void test_positions(void **state)
{
    struct tree t;
    struct node *a;

    (void)state;
    tree_init(&t);
    a = schema_merge(&t.cx, tree_service(&t, "a.yaml", "image: x, user: u"),
                     tree_service(&t, "b.yaml", "user: v, init: true"));
    a = node_path(a, "services.a");
    assert_string_equal(node_get(a, "image")->loc.file, "a.yaml");
    assert_string_equal(node_get(a, "user")->loc.file, "b.yaml");
    assert_string_equal(node_pair_get(a, "user")->loc.file, "b.yaml");
    assert_int_equal(node_get(a, "init")->loc.col, 31);
    tree_done(&t);
}

/* What one service says over another. */
static void test_service(void **state)
{
    struct tree t;
    struct node *base, *over;

    (void)state;
    tree_init(&t);
    base = node_path(tree_service(&t, "a.yaml", "image: x, ports: [80]"), "services.a");
    over = node_path(tree_service(&t, "b.yaml", "ports: [81], command: [c]"), "services.a");
    assert_string_equal(tree_flow(&t, schema_merge_service(&t.cx, "a", base, over)),
                        "{image: x, ports: [80, 81], command: [c]}");
    over = node_path(tree_service(&t, "c.yaml", "ports: x"), "services.a");
    assert_null(schema_merge_service(&t.cx, "a", base, over));
    assert_non_null(
        strstr(tree_messages(&t), "c.yaml:1:23: error: services.a.ports: cannot override"));
    tree_done(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cases),
        cmocka_unit_test(test_ipam),
        cmocka_unit_test(test_positions),
        cmocka_unit_test(test_service),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
