/* Two configurations of one service, and what is said to differ. */
#include "core/plan/cause.h"

#include "core/base/arena.h"
#include "core/base/attr.h"
#include "core/base/str.h"
#include "core/plan/contents.h"
#include "core/plan/reconcile.h"
#include "core/render/canonical.h"
#include "core/schema/attr.h"
#include "tests/lib/fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#define SIXTEEN "0123456789abcdef"

static const struct {
    const char *was, *now; /* of service a */
    const char *want;
} cases[] = {
    {"{image: x}", "{image: x}", ""},
    {"{image: x}", "{image: y}", "image: 'x' -> 'y' (compose.yaml:1:23)"},
    {"{image: x, environment: {LEVEL: info, GONE: 1}}",
     "{image: x, environment: {LEVEL: debug, NEW: 2}}",
     "environment.LEVEL: 'info' -> 'debug' (compose.yaml:1:47); "
     "environment.NEW added: '2' (compose.yaml:1:59); "
     "environment.GONE removed: '1' (compose.yaml:1:39)"},
    {"{image: x, environment: [A]}", "{image: x, environment: [A=b]}",
     "environment.A: nothing -> 'b' (compose.yaml:1:40)"},
    {"{image: x, environment: {DB_PASSWORD: one}}", "{image: x, environment: {DB_PASSWORD: two}}",
     "environment.DB_PASSWORD: '***' -> '***' (compose.yaml:1:53)"},
    {"{image: x, labels: {u: 'http://me:one@host/'}}",
     "{image: x, labels: {u: 'http://me:two@host/'}}",
     "labels.u: 'http://me:***@host/' -> 'http://me:***@host/' (compose.yaml:1:38)"},
    {"{image: x, command: sh -c a}", "{image: x, command: [sh, -c, b]}",
     "command: ['sh', '-c', 'a'] -> ['sh', '-c', 'b'] (compose.yaml:1:35)"},
    {"{image: x, command: [a, --token, b]}", "{image: x, command: [a, --token, c]}",
     "command: ['a', '--token', '***'] -> ['a', '--token', '***'] (compose.yaml:1:35)"},
    {"{image: x, post_start: [{command: a}, {command: b}]}",
     "{image: x, post_start: [{command: a}, {command: c, user: u}]}",
     "post_start[1].command: ['b'] -> ['c'] (compose.yaml:1:63); post_start[1].user added: 'u' "
     "(compose.yaml:1:72)"},
    {"{image: x, command: [--token, --quiet]}", "{image: x, command: [--token, --verbose]}",
     "command: ['--token', '--quiet'] -> ['--token', '--verbose'] (compose.yaml:1:35)"},
    {"{image: x, post_start: [{command: a}, {command: b}]}",
     "{image: x, post_start: [{command: b}, {command: c}]}",
     "post_start[1] added: {command: ['c']} (compose.yaml:1:53); post_start[0] removed: "
     "{command: ['a']} (compose.yaml:1:38)"},
    {"{image: x, post_start: [{command: a}]}",
     "{image: x, post_start: [{command: a}, {command: b}]}",
     "post_start[1] added: {command: ['b']} (compose.yaml:1:53)"},
    {"{image: x, ipc: 'container:" SIXTEEN SIXTEEN SIXTEEN SIXTEEN "'}",
     "{image: x, ipc: 'container:abc'}",
     "ipc: 'container:0123456789ab' -> 'container:abc' (compose.yaml:1:31)"},
    {"{image: x, command: [a]}", "{image: x}", "command removed: ['a'] (compose.yaml:1:15)"},
    {"{image: x, healthcheck: {test: a}}", "{image: x, healthcheck: {test: b, interval: 5s}}",
     "healthcheck.test: ['CMD-SHELL', 'a'] -> ['CMD-SHELL', 'b'] (compose.yaml:1:46); "
     "healthcheck.interval added: '5s' (compose.yaml:1:59)"},
    {"{image: x, ports: ['80:80']}", "{image: x, ports: ['81:81', '80:80']}",
     "ports[0] added: {mode: 'ingress', target: 81, published: '81', protocol: 'tcp'} "
     "(compose.yaml:1:34)"},
    {"{image: x, ports: ['80:80']}", "{image: x, ports: ['8080:80']}",
     "ports[0].published: '80' -> '8080' (compose.yaml:1:34)"},
    {"{image: x, ports: ['1:1', '2:2']}", "{image: x, ports: ['2:2', '1:1']}",
     "ports: the order changed (compose.yaml:1:33)"},
    {"{image: x, ports: ['1:1', '2:2']}", "{image: x, ports: ['1:1']}",
     "ports[1] removed: {mode: 'ingress', target: 2, published: '2', protocol: 'tcp'} "
     "(compose.yaml:1:33)"},
    {"{image: x}", "{image: x, cap_add: [A, B]}",
     "cap_add[0] added: 'A' (compose.yaml:1:36); cap_add[1] added: 'B' (compose.yaml:1:39)"},
    {"{image: x, volumes: ['/h:/d']}", "{image: x, volumes: ['/h:/d:ro']}",
     "volumes[0].read_only added: true (compose.yaml:1:36)"},
    {"{image: x}", "{image: x, privileged: true, mem_limit: 1g}",
     "mem_limit added: '1073741824' (compose.yaml:1:55); privileged added: true "
     "(compose.yaml:1:38)"},
    {"{image: x}", "{image: x, ulimits: {nofile: 5}}",
     "ulimits.nofile added: 5 (compose.yaml:1:44)"},
    {"{image: x, networks: [n]}", "{image: x, networks: {n: {aliases: [z]}, m: }}",
     "networks.m added (compose.yaml:1:59); networks.n: nothing -> {aliases: ['z']} "
     "(compose.yaml:1:40)"},
    {"{image: x}", "{image: x, logging: {driver: none}}",
     "logging added: {driver: 'none'} (compose.yaml:1:35)"},
    {"{image: x, environment: {T: 'a\nb'}}", "{image: x, environment: {T: \"a\\tb\"}}",
     "environment.T: 'a b' -> 'a b' (compose.yaml:1:43)"},
};

static const char *canonical(struct fixture *f, struct arena *a, const char *service)
{
    AUTO_TEXT yaml = {0};
    AUTO_TEXT text = {0};

    str_addf(&yaml, "services: {a: %s}\nnetworks: {n: , m: }\n", service);
    if (!fixture_compose(f, str_text(&yaml)))
        fail_msg("%s: %s", service, fixture_messages(f));
    canonical_service(project_service(f->project, "a"), NULL, &text);
    return arena_strdup(a, str_text(&text));
}

static void test_fields(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct arena *a = arena_new();
        struct fixture was_f, now_f;
        struct causes list = {0};
        const char *was = canonical(&was_f, a, cases[i].was);
        const char *now = canonical(&now_f, a, cases[i].now);

        causes_of_fields(a, &list, &service_table, was, now,
                         project_service(now_f.project, "a")->item.node);
        assert_string_equal(causes_text(a, &list, 0), cases[i].want);
        fixture_done(&was_f);
        fixture_done(&now_f);
        arena_free(a);
    }
}

static void test_what_is_no_json_differs_in_nothing(void **state)
{
    static const char *const texts[] = {"", "{", "[]", "1", "null", "\"x\""};
    struct arena *a = arena_new();
    struct causes list = {0};

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
        causes_of_fields(a, &list, &service_table, texts[i], "{\"image\":\"x\"}", NULL);
        causes_of_fields(a, &list, &service_table, "{\"image\":\"x\"}", texts[i], NULL);
    }
    assert_int_equal(list.len, 0);
    arena_free(a);
}

static void test_many(void **state)
{
    struct arena *a = arena_new();
    struct causes list = {0};

    (void)state;
    for (int i = 0; i < 5; i++)
        cause_add(a, &list, (struct loc){"f", i, 1}, "c%d", i);
    assert_string_equal(causes_text(a, &list, 2), "c0; c1 (f:1:1); and 3 more");
    assert_string_equal(causes_text(a, &list, 5), causes_text(a, &list, 0));
    arena_free(a);
}

/* What a file says now, and what it said before. */
static void test_contents(void **state)
{
    struct arena *a = arena_new();
    struct fixture f;
    struct mapping_entry file = {"configs.f", "111111111111"};
    struct observed o = {.contents = {&file, 1}};
    struct causes list = {0};
    const struct service *s;
    const char *was;

    (void)state;
    assert_non_null(fixture_compose(
        &f, "services: {a: {image: x, configs: [f, {source: f, target: /other}, c]}}\n"
            "configs: {f: {file: ./f}, c: {content: hello}}\n"));
    s = project_service(f.project, "a");
    was = contents_of(a, f.project, &o, s);
    assert_true(str_has_prefix(was, "configs.f=111111111111 configs.c="));
    causes_of_contents(a, &list, f.project, &o, s, was);
    causes_of_contents(a, &list, f.project, &o, s, NULL);
    causes_of_contents(a, &list, f.project, &o, s, "configs.c2=1 secrets.f=2");
    assert_int_equal(list.len, 0);
    file.value = "222222222222";
    causes_of_contents(a, &list, f.project, &o, s, was);
    assert_string_equal(causes_text(a, &list, 0),
                        "configs.f: its content changed (compose.yaml:2:14)");
    o.contents.len = 0; /* it cannot be read now */
    causes_of_contents(a, &list, f.project, &o, s, was);
    assert_int_equal(list.len, 1);
    fixture_done(&f);
    arena_free(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_fields),
        cmocka_unit_test(test_what_is_no_json_differs_in_nothing),
        cmocka_unit_test(test_many),
        cmocka_unit_test(test_contents),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
