#include "core/schema/passes.h"

#include "core/base/arena.h"
#include "core/base/attr.h"
#include "core/base/diags.h"
#include "core/base/str.h"
#include "core/model/model.h"
#include "core/yaml/node.h"
#include "core/yaml/parse.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

struct decoded {
    struct arena *arena;
    struct diags *diags;
    struct service service;
    int rc;
};

static void decode(struct decoded *d, const char *yaml)
{
    const struct attr_path at = {.key = "a"};
    struct yaml_docs docs = {0};
    struct schema_ctx cx;
    AUTO_TEXT text = {0};

    *d = (struct decoded){.arena = arena_new(), .diags = diags_new()};
    cx = (struct schema_ctx){.arena = d->arena, .diags = d->diags};
    str_add(&text, yaml);
    diags_source(d->diags, "c.yaml", &text);
    assert_int_equal(yaml_parse(d->arena, d->diags, "c.yaml", yaml, strlen(yaml), &docs), 0);
    assert_int_equal(docs.len, 1);
    d->rc = schema_decode(&cx, &service_table, &at, docs.items[0], &d->service);
}

static void decoded_done(struct decoded *d)
{
    diags_free(d->diags);
    arena_free(d->arena);
}

/* Canonical values, as the stages before decoding leave them. */
static void test_kinds(void **state)
{
    struct decoded d;
    const struct service *s = &d.service;

    (void)state;
    decode(&d, "image: x\n"
               "init: false\n"
               "attach: \"yes\"\n"
               "tty: true\n"
               "cpu_shares: 5\n"
               "pids_limit: 1.9\n"
               "cpu_quota: \"-7\"\n"
               "cpus: 0.1\n"
               "mem_limit: 1.5g\n"
               "shm_size: 10\n"
               "stop_grace_period: 1m30s\n"
               "scale: 0\n"
               "cap_add: [B, A]\n"
               "command: []\n"
               "environment: {B: b, A: , C: 5}\n"
               "labels: {z: , a: x}\n"
               "extra_hosts: [b=2, a=1]\n"
               "secrets: [{source: s, mode: 0440}, {source: t, mode: \"0755\"}]\n"
               "networks: {n: , m: {priority: 2}}\n"
               "ulimits: {nofile: {soft: 1, hard: 2}, core: 0}\n"
               "provider: {type: t, options: {a: 1, b: [x, y], c: []}}\n"
               "deploy: \n"
               "healthcheck: {}\n"
               "x-mine: {a: 1}\n");
    assert_int_equal(d.rc, 0);
    assert_string_equal(s->image, "x");
    assert_true(s->init.set && !s->init.value);
    assert_true(s->attach.set && s->attach.value);
    assert_true(s->tty && !s->privileged);
    assert_int_equal(s->cpu_shares, 5);
    assert_int_equal(s->pids_limit, 1);
    assert_int_equal(s->cpu_quota, -7);
    assert_true(s->cpus == (double)0.1f);
    assert_int_equal(s->mem_limit, 1610612736);
    assert_int_equal(s->shm_size, 10);
    assert_true(s->stop_grace_period.set);
    assert_int_equal(s->stop_grace_period.value, 90000000000);
    assert_true(s->scale.set && s->scale.value == 0);
    assert_int_equal(s->cap_add.len, 2);
    assert_string_equal(s->cap_add.items[0], "B");
    assert_true(s->command.set && s->command.len == 0);
    assert_true(!s->entrypoint.set);
    assert_string_equal(s->environment.entries[0].key, "A");
    assert_null(s->environment.entries[0].value);
    assert_string_equal(mapping_get(&s->environment, "C"), "5");
    assert_true(mapping_has(&s->environment, "A"));
    assert_string_equal(mapping_get(&s->labels, "z"), "");
    assert_string_equal(s->extra_hosts.items[0], "a=1");
    assert_int_equal(s->secrets.items[0]->mode.value, 0440);
    assert_int_equal(s->secrets.items[1]->mode.value, 0755);
    assert_string_equal(s->networks.items[0]->item.key, "m");
    assert_int_equal(s->networks.items[0]->priority, 2);
    assert_true(!s->networks.items[0]->item.null && s->networks.items[1]->item.null);
    assert_string_equal(s->ulimits.items[0]->item.key, "core");
    assert_true(s->ulimits.items[0]->single && !s->ulimits.items[1]->single);
    assert_int_equal(s->ulimits.items[1]->hard, 2);
    assert_int_equal(s->provider->options.len, 2);
    assert_string_equal(s->provider->options.items[1]->values.items[1], "y");
    assert_null(s->deploy);
    assert_non_null(s->healthcheck);
    assert_non_null(node_get(s->item.node, "x-mine"));
    decoded_done(&d);
}

static const struct {
    const char *yaml, *want;
} errors[] = {
    {"attach: maybe", "1:9 a.attach: invalid boolean 'maybe' = invalid boolean: maybe"},
    {"build: {pull: 5}", "1:15 a.build.pull: must be a boolean, not the number '5' = expected type "
                         "'bool', got unconvertible type 'int'"},
    {"mem_limit: abc", "1:12 a.mem_limit: invalid size 'abc' = invalid size: 'abc'"},
    {"mem_limit: 9999999999g",
     "1:12 a.mem_limit: number out of range: '9999999999g' does not fit into 64 bits"},
    {"mem_limit: 1e999",
     "1:12 a.mem_limit: number out of range: '1e999' does not fit into 64 bits"},
    {"shm_size: 1e", "1:11 a.shm_size: invalid size '1e' = invalid suffix: 'e'"},
    {"stop_grace_period: 5x", "1:20 a.stop_grace_period: invalid duration '5x' = time: unknown "
                              "unit \"x\" in duration \"5x\""},
    {"healthcheck: {interval: \"5\"}",
     "1:25 a.healthcheck.interval: invalid duration '5' = time: missing unit in duration \"5\""},
    {"healthcheck: {retries: -1}",
     "1:24 a.healthcheck.retries: number out of range: '-1' is negative"},
    {"ports: [{target: 80}, {target: -1}]",
     "1:32 a.ports[1].target: number out of range: '-1' is negative"},
    {"blkio_config: {weight: \"300\"}",
     "1:24 a.blkio_config.weight: must be a number, not the text '300' = expected type 'uint16', "
     "got unconvertible type 'string'"},
    {"volumes: [{tmpfs: {mode: \"0755\"}}]",
     "1:26 a.volumes[0].tmpfs.mode: must be a number, not the text '0755' = expected type "
     "'uint32', got unconvertible type 'string'"},
    {"secrets: [{mode: \"9\"}]", "1:18 a.secrets[0].mode: invalid file mode '9' = "
                                 "strconv.ParseInt: parsing \"9\": invalid syntax"},
    {"secrets: [{mode: 1.5}]",
     "1:18 a.secrets[0].mode: invalid file mode '1.5' = unexpected value type float64 for mode"},
    {"deploy: {resources: {limits: {pids: x, cpus: abc}}}",
     "1:37 a.deploy.resources.limits.pids: invalid integer 'x' = strconv.ParseInt: parsing \"x\": "
     "invalid syntax\n"
     "1:46 a.deploy.resources.limits.cpus: invalid number 'abc' = strconv.ParseFloat: parsing "
     "\"abc\": invalid syntax"},
    {"deploy: {resources: {limits: {pids: \"99999999999999999999\"}}}",
     "1:37 a.deploy.resources.limits.pids: number out of range: '99999999999999999999' has too "
     "many digits"},
    {"group_add: [1.5]", "1:13 a.group_add[0]: must be a string, not the number '1.5' = expected "
                         "type 'string', got unconvertible type 'float64'"},
    {"storage_opt: {a: [1]}", "1:18 a.storage_opt.a: must be a string, not a list = expected type "
                              "'string', got unconvertible type '[]interface {}'"},
    {"environment: {A: {b: c}}", "1:18 a.environment.A: must be a string, not a mapping = expected "
                                 "type 'string', got unconvertible type 'map[string]interface {}'"},
    {"ulimits: {nofile: {soft: x, hard: 1}}", "1:26 a.ulimits.nofile.soft: invalid integer 'x' = "
                                              "strconv.ParseInt: parsing \"x\": invalid syntax"},
    {"healthcheck: []", "1:14 a.healthcheck: must be a mapping, not a list = expected type "
                        "'map[string]interface {}', got unconvertible type '[]interface {}'"},
};

static void test_errors(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(errors); i++) {
        struct decoded d;
        AUTO_TEXT got = {0};

        decode(&d, errors[i].yaml);
        assert_int_equal(d.rc, -1);
        for (size_t k = 0; k < diags_count(d.diags); k++) {
            const struct diag *g = diags_at(d.diags, k);

            str_addf(&got, "%s%u:%u %s: %s%s%s", k ? "\n" : "", g->loc.line, g->loc.col, g->path,
                     g->msg, g->compat ? " = " : "", g->compat ? g->compat : "");
        }
        assert_string_equal(str_text(&got), errors[i].want);
        decoded_done(&d);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_kinds),
        cmocka_unit_test(test_errors),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
