#include "core/yaml/emit.h"

#include "core/base/attr.h"
#include "core/base/str.h"
#include "core/yaml/node.h"
#include "core/yaml/parse.h"
#include "tests/lib/tree.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/* A document in, the same as docker compose writes it out. */
static const struct {
    const char *in, *want;
} cases[] = {
    {"{}", "{}\n"},
    {"[]", "[]\n"},
    {"a: {}\nb: []\nc: [[], {}, [[]]]\n", "a: {}\nb: []\nc:\n  - []\n  - {}\n  - - []\n"},
    {"b: 1\na: 2\na10: 3\na9: 4\n", "a: 2\na9: 4\na10: 3\nb: 1\n"},
    {"a: {b: {c: 1}}", "a:\n  b:\n    c: 1\n"},
    {"a: [x, {b: 1, c: [d, e]}, [f, {g: h}]]",
     "a:\n  - x\n  - b: 1\n    c:\n      - d\n      - e\n  - - f\n    - g: h\n"},
    {"[a, [b]]", "- a\n- - b\n"},
    {"a: [~, true, 1, 1.5, 1e6, .inf, 18446744073709551615]",
     "a:\n  - null\n  - true\n  - 1\n  - 1.5\n  - 1e+06\n  - .inf\n  - 18446744073709551615\n"},
    {"a: 2001-1-1\nb: 2001-12-14 21:59:43.10\n",
     "a: 2001-01-01T00:00:00Z\nb: 2001-12-14T21:59:43.1Z\n"},
    {"a: \"x\\ny\\n\"\nb: {c: \"x\\ny\", d: \"x\\n\\n\", e: 1}\n",
     "a: |\n  x\n  y\nb:\n  c: |-\n    x\n    y\n  d: |+\n    x\n\n  e: 1\n"},
    {"[\"a\\nb\", {\"c\": \"a\\nb\"}]", "- |-\n  a\n  b\n- c: |-\n    a\n    b\n"},
    {"\"1\": a\n\"n\": b\n\"\": c\n\"a: b\": d\n", "\"\": c\n\"1\": a\n'a: b': d\n\"n\": b\n"},
    {"{\"a\\nb\": 1, c: 2}", "? |-\n  a\n  b\n: 1\nc: 2\n"},
    {"{\"a\\nb\": {c: 2, d: 3}}", "? |-\n  a\n  b\n: c: 2\n  d: 3\n"},
    {"{\"a\\nb\": [c], d: {}}", "? |-\n  a\n  b\n: - c\nd: {}\n"},
    {"a: !!binary gIGC", "a: !!binary gIGC\n"},
};

static void test_cases(void **state)
{
    static struct yaml_writer w;

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct tree t;
        struct yaml_docs docs;
        AUTO_TEXT out = {0};

        tree_init(&t);
        yaml_parse(t.arena, t.cx.diags, "a.yaml", cases[i].in, strlen(cases[i].in), &docs);
        assert_string_equal(tree_messages(&t), "");
        yaml_write_init(&w, &out);
        yaml_write_node(&w, docs.items[0]);
        yaml_write_finish(&w);
        if (strcmp(out.data, cases[i].want) != 0)
            fail_msg("'%s' is written\n%s", cases[i].in, out.data);
        tree_done(&t);
    }
}

/* Up to 128 bytes a key stands in front of its colon. */
static void test_long_keys(void **state)
{
    static struct yaml_writer w;

    (void)state;
    for (size_t len = 127; len <= 129; len++) {
        AUTO_TEXT key = {0};
        AUTO_TEXT out = {0};
        AUTO_TEXT want = {0};

        str_repeat(&key, 'k', len);
        yaml_write_init(&w, &out);
        yaml_write_map(&w);
        yaml_write_key(&w, key.data);
        yaml_write_bool(&w, true);
        yaml_write_close(&w);
        yaml_write_finish(&w);
        str_addf(&want, len > 128 ? "? %s\n: true\n" : "%s: true\n", key.data);
        assert_string_equal(out.data, want.data);
    }
}

/* Base64 in lines of 70 characters. */
static void test_binary(void **state)
{
    static struct yaml_writer w;
    AUTO_TEXT bytes = {0};
    AUTO_TEXT out = {0};

    (void)state;
    str_repeat(&bytes, '\xFF', 54);
    yaml_write_init(&w, &out);
    yaml_write_map(&w);
    yaml_write_key(&w, "a");
    yaml_write_str(&w, bytes.data, bytes.len);
    yaml_write_key(&w, "b");
    yaml_write_i64(&w, -1);
    yaml_write_close(&w);
    yaml_write_finish(&w);
    assert_string_equal(out.data,
                        "a: !!binary |\n"
                        "  //////////////////////////////////////////////////////////////////////\n"
                        "  //\n"
                        "b: -1\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cases),
        cmocka_unit_test(test_long_keys),
        cmocka_unit_test(test_binary),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
