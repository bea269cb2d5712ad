#include "core/yaml/parse.h"

#include "core/base/arena.h"
#include "core/base/attr.h"
#include "core/base/diags.h"
#include "core/base/str.h"
#include "core/yaml/node.h"
#include "tests/lib/tree.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/* One document in, the tree in flow style or the messages out. */
static const struct {
    const char *in, *want;
} cases[] = {
    {"a: 1\nb: [x, \"y\", 'z']\n", "{a: 1, b: [x, y, z]}"},
    {"b: 1\na: 2\n", "{b: 1, a: 2}"},
    {"a:\r\n  - x\r\n  - y\r\n", "{a: [x, y]}"},
    {"\xEF\xBB\xBF"
     "a: 1\n",
     "{a: 1}"},
    {"%YAML 1.1\n---\na: 1\n...\n", "{a: 1}"},
    {"a: |\n  x\n  y\nb: >\n  x\n  y\n", "{a: x\ny\n, b: x y\n}"},
    {"yes: 1\n\"2\": 2\ny: 3\n", "{yes: 1, 2: 2, y: 3}"},

    /* merge keys: explicit ones win in any order, of a list the earlier map */
    {"<<: {a: 1, b: 1}\nb: 2\n", "{b: 2, a: 1}"},
    {"b: 2\n<<: {b: 1, c: 1}\n", "{b: 2, c: 1}"},
    {"<<: [{a: 1}, {a: 2, b: 2}]\n", "{a: 1, b: 2}"},
    {"x: &x {a: 1}\ny: {<<: *x, b: 2}\n", "{x: {a: 1}, y: {b: 2, a: 1}}"},
    {"x: &x [{a: 1}, {b: 2}]\ny: {<<: *x}\n", "{x: [{a: 1}, {b: 2}], y: {a: 1, b: 2}}"},
    {"x: &x {<<: {a: 1}}\ny: {<<: *x}\n", "{x: {a: 1}, y: {a: 1}}"},
    {"!!merge <<: {a: 1}\n", "{a: 1}"},
    {"! <<: {a: 1}\n", "{a: 1}"},
    {"&k <<: {a: 1}\nb: *k\n", "{b: <<, a: 1}"},
    {"! \"<<\": {a: 1}\n", "{<<: {a: 1}}"},
    {"\"<<\": {a: 1}\n", "{<<: {a: 1}}"},
    {"<<: 1\n", "a.yaml:1:5: error: map merge requires map or sequence of maps as the value\n"},
    {"<<:\n", "a.yaml:1:4: error: map merge requires map or sequence of maps as the value\n"},
    {"<<: [{a: 1}, 2]\n",
     "a.yaml:1:5: error: map merge requires map or sequence of maps as the value\n"},
    {"<<: {a: 1}\n<<: {b: 1}\n",
     "a.yaml:2:1: error: mapping key \"<<\" already defined at line 1\n"},

    /* anchors */
    {"a: &x 1\nb: &x 2\nc: *x\n", "{a: 1, b: 2, c: 2}"},
    {"a: &x k\n*x : v\n", "{a: k, k: v}"},
    {"&x k: 1\nb: *x\n", "{k: 1, b: k}"},
    {"a: &x\nb: *x\n", "{a: null, b: null}"},
    {"a: *foo\n", "a.yaml:1:4: error: unknown anchor 'foo' referenced\n"},
    {"a: &food 1\nb: *foo\n",
     "a.yaml:2:4: error: unknown anchor 'foo' referenced (did you mean 'food'?)\n"},
    {"a: &x {b: {c: *x}}\n",
     "a.yaml:1:15: error: cycle detected: node at path a.b.c references node at path a\n"},
    {"a: &x [1, *x]\n",
     "a.yaml:1:11: error: cycle detected: node at path a[1] references node at path a\n"},
    {"a: &x {<<: *x}\n",
     "a.yaml:1:12: error: cycle detected: node at path a references node at path a\n"},
    {"a: &x {b: 1}\n*x : v\n", "a.yaml:2:1: error: invalid map key: a mapping cannot be a key "
                               "(quote it if it is meant as text)\n"},

    /* keys */
    {"a: 1\nb: 2\na: 3\n", "a.yaml:3:1: error: mapping key \"a\" already defined at line 1\n"},
    {"s:\n  - {a: 1, \"a\": 2}\n",
     "a.yaml:2:12: error: s[0]: mapping key \"a\" already defined at line 2\n"},
    {"1: a\n", "a.yaml:1:1: error: non-string key at top level: 1 (quote the key)\n"},
    {"s: {a: {true: x, ~: y}}\n",
     "a.yaml:1:9: error: non-string key in s.a: true (quote the key)\n"
     "a.yaml:1:18: error: non-string key in s.a: <nil> (quote the key)\n"},
    {"s: [{1.5: x}]\n", "a.yaml:1:6: error: non-string key in s[0]: 1.5 (quote the key)\n"},
    {"!!int \"1\": x\n", "a.yaml:1:1: error: non-string key at top level: 1 (quote the key)\n"},
    {"a: {{ b }}\n", "a.yaml:1:5: error: invalid map key: a mapping cannot be a key (quote it if "
                     "it is meant as text)\n"},
    {"? [a, b]\n: 1\n", "a.yaml:1:3: error: invalid map key: a list cannot be a key (quote it if "
                        "it is meant as text)\n"},
    {"\"a\\0b\": 1\n", "a.yaml:1:1: error: a key cannot contain the character NUL\n"},
};

static void test_cases(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct tree t;
        struct yaml_docs docs;
        const char *got;

        tree_init(&t);
        yaml_parse(t.arena, t.cx.diags, "a.yaml", cases[i].in, strlen(cases[i].in), &docs);
        got = tree_messages(&t);
        if (!*got)
            got = docs.len == 1 ? tree_flow(&t, docs.items[0]) : "";
        if (strcmp(got, cases[i].want) != 0)
            fail_msg("'%s' gives '%s', not '%s'", cases[i].in, got, cases[i].want);
        tree_done(&t);
    }
}

static struct yaml_docs parse(struct tree *t, const char *text)
{
    struct yaml_docs docs;

    tree_init(t);
    assert_int_equal(yaml_parse(t->arena, t->cx.diags, "a.yaml", text, strlen(text), &docs), 0);
    assert_false(diags_has_errors(t->cx.diags));
    return docs;
}

static void assert_loc(struct loc loc, unsigned line, unsigned col)
{
    assert_string_equal(loc.file, "a.yaml");
    assert_int_equal(loc.line, line);
    assert_int_equal(loc.col, col);
}

static void test_positions(void **state)
{
    struct tree t;
    struct yaml_docs docs = parse(&t, "services:\n"
                                      "  é: {image: x, ports: [80, \"81\"]}\n"
                                      "  b:\n"
                                      "    - q\n"
                                      "    -   k: v\n"
                                      "  c: &x !foo v\n"
                                      "  d:\n"
                                      "  e: *x\n");
    const struct node *s = node_get(docs.items[0], "services"), *a = node_get(s, "é"), *ports, *b;

    (void)state;
    assert_loc(node_pair_get(s, "é")->loc, 2, 3);
    assert_loc(a->loc, 2, 6);
    assert_loc(node_pair_get(a, "image")->loc, 2, 7);
    assert_loc(node_get(a, "image")->loc, 2, 14);
    ports = node_get(a, "ports");
    assert_loc(ports->loc, 2, 24);
    assert_loc(ports->list.items[0]->loc, 2, 25);
    assert_loc(ports->list.items[1]->loc, 2, 29);
    b = node_get(s, "b");
    assert_loc(b->loc, 4, 5);
    assert_loc(b->list.items[0]->loc, 4, 7);
    assert_loc(b->list.items[1]->loc, 5, 9);
    assert_loc(node_get(b->list.items[1], "k")->loc, 5, 12);
    assert_loc(node_get(s, "c")->loc, 6, 6);
    assert_loc(node_get(s, "d")->loc, 7, 5);
    assert_loc(node_get(s, "e")->loc, 6, 6); /* where the text stands */
    tree_done(&t);
}

static void test_tags(void **state)
{
    struct tree t;
    struct yaml_docs docs =
        parse(&t, "a: !reset\nb: !override {c: !reset 1}\nd: &r !reset null\ne: *r\n"
                  "f: [!override x]\ng: 1\n");
    const struct node *top = docs.items[0];

    (void)state;
    assert_int_equal(node_get(top, "a")->tag, TAG_RESET);
    assert_int_equal(node_get(top, "b")->tag, TAG_OVERRIDE);
    assert_int_equal(node_path(top, "b.c")->tag, TAG_RESET);
    assert_int_equal(node_get(top, "e")->tag, TAG_RESET);
    assert_int_equal(node_get(top, "f")->tag, TAG_NONE);
    assert_int_equal(node_get(top, "f")->list.items[0]->tag, TAG_OVERRIDE);
    assert_int_equal(node_get(top, "g")->tag, TAG_NONE);
    tree_done(&t);
}

static void test_documents(void **state)
{
    static const struct {
        const char *in;
        size_t count, empty; /* how many, and how many of them without content */
    } docs_cases[] = {
        {"", 0, 0},
        {"# x\n", 0, 0},
        {"a: 1\n---\nb: 1\n", 2, 0},
        {"---\n", 1, 1},
        {"a: 1\n---\n", 2, 1},
        {"~\n", 1, 1},
        {"a: 1\n...\n", 1, 0},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(docs_cases); i++) {
        struct tree t;
        struct yaml_docs docs = parse(&t, docs_cases[i].in);
        size_t empty = 0;

        assert_int_equal(docs.len, docs_cases[i].count);
        for (size_t k = 0; k < docs.len; k++)
            empty += node_is(docs.items[k], NODE_NULL);
        assert_int_equal(empty, docs_cases[i].empty);
        tree_done(&t);
    }
}

/* The YAML specification says otherwise; docker compose has it so. */
static void test_anchors_outlive_their_document(void **state)
{
    static const char text[] = "a: &x 1\n---\nb: *x\n";
    struct tree t;
    struct yaml_docs docs;

    (void)state;
    tree_init(&t);
    yaml_parse(t.arena, t.cx.diags, "a.yaml", text, sizeof text - 1, &docs);
    assert_string_equal(tree_messages(&t), "");
    assert_int_equal(docs.len, 2);
    assert_int_equal(node_get(docs.items[1], "b")->integer, 1);
    tree_done(&t);
}

/* An alias is a tree of its own. */
static void test_alias_copies(void **state)
{
    struct tree t;
    struct yaml_docs docs = parse(&t, "a: &x {k: [1]}\nb: *x\n");
    struct node *a = node_get(docs.items[0], "a"), *b = node_get(docs.items[0], "b");

    (void)state;
    assert_ptr_not_equal(a, b);
    node_add(t.arena, node_get(b, "k"), node_int(t.arena, b->loc, 2));
    assert_int_equal(node_len(node_get(a, "k")), 1);
    tree_done(&t);
}

static void fails_with(const struct str *text, const char *want)
{
    struct tree t;
    struct yaml_docs docs;

    tree_init(&t);
    assert_int_equal(yaml_parse(t.arena, t.cx.diags, "a.yaml", text->data, text->len, &docs), -1);
    if (!strstr(tree_messages(&t), want))
        fail_msg("'%s' is not in '%s'", want, tree_messages(&t));
    tree_done(&t);
}

static void test_depth(void **state)
{
    AUTO_TEXT flow = {0};
    AUTO_TEXT block = {0};

    (void)state;
    str_repeat(&flow, '[', 100000);
    fails_with(&flow, "a.yaml:1:201: error: nested too deep: more than 200 levels");
    for (size_t i = 0; i < 1000; i++)
        str_add(&block, "- ");
    fails_with(&block, "nested too deep");
}

/* Ten aliases of ten aliases of ...: a few lines that would be 10^12 values. */
static void test_expansion_is_bounded(void **state)
{
    AUTO_TEXT text = {0};
    AUTO_TEXT wide = {0};

    (void)state;
    str_add(&text, "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    for (int i = 1; i < 12; i++) {
        str_addf(&text, "a%d: &a%d [", i, i);
        for (int k = 0; k < 10; k++)
            str_addf(&text, "%s*a%d", k ? ", " : "", i - 1);
        str_add(&text, "]\n");
    }
    fails_with(&text, "makes the project too large");

    str_add(&wide, "a: &a '");
    str_repeat(&wide, 'x', 1000000);
    str_add(&wide, "'\nb:\n");
    for (int i = 0; i < 1000; i++)
        str_add(&wide, "  - *a\n");
    fails_with(&wide, "expanding the alias 'a' makes the project too large");
}

static void test_deep_aliases(void **state)
{
    AUTO_TEXT text = {0};

    (void)state;
    for (int i = 0; i < 4; i++) {
        str_addf(&text, "a%d: &a%d ", i, i);
        str_repeat(&text, '[', 90);
        str_addf(&text, i ? "*a%d" : "x", i - 1);
        str_repeat(&text, ']', 90);
        str_addc(&text, '\n');
    }
    fails_with(&text, "expanding the alias 'a1' makes the project too large");
}

static void test_many_directives(void **state)
{
    AUTO_TEXT text = {0};

    (void)state;
    for (int i = 0; i < 1001; i++)
        str_addf(&text, "%%TAG !e%d! tag:e:\n", i);
    str_add(&text, "---\na: b\n");
    fails_with(&text, "a.yaml:1001:1: error: more than 1000 %TAG directives");
    str_consume(&text, strlen("%TAG !e0! tag:e:\n"));
    {
        struct tree t;
        struct yaml_docs docs;

        tree_init(&t);
        assert_int_equal(yaml_parse(t.arena, t.cx.diags, "a", text.data, text.len, &docs), 0);
        tree_done(&t);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cases),
        cmocka_unit_test(test_many_directives),
        cmocka_unit_test(test_positions),
        cmocka_unit_test(test_tags),
        cmocka_unit_test(test_documents),
        cmocka_unit_test(test_anchors_outlive_their_document),
        cmocka_unit_test(test_alias_copies),
        cmocka_unit_test(test_depth),
        cmocka_unit_test(test_expansion_is_bounded),
        cmocka_unit_test(test_deep_aliases),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
