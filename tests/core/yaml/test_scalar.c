#include "core/yaml/parse.h"

#include "core/base/attr.h"
#include "core/base/str.h"
#include "core/yaml/node.h"
#include "tests/lib/tree.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/* Values with tags: "kind value", or the message. */
static const struct {
    const char *in, *want;
} cases[] = {
    {"!!str 123", "string 123"},
    {"!<tag:yaml.org,2002:str> 12", "string 12"},
    {"!!int \"12\"", "integer 12"},
    {"!!int 0x1f", "integer 31"},
    {"!!int 18446744073709551615", "integer 18446744073709551615"},
    {"!!float 3", "number 3"},
    {"!!float \"3\"", "number 3"},
    {"!!float 1e3", "number 1000"},
    {"!!bool \"true\"", "boolean true"},
    {"!!null \"\"", "null "},
    {"!!timestamp \"2001-01-01\"", "timestamp 2001-01-01"},
    {"! 12", "integer 12"},
    {"! \"12\"", "string 12"},
    {"!foo 12", "string 12"},
    {"!foo bar", "string bar"},
    {"!foo", "string "},
    {"!override 12", "string 12"},
    {"\"12\"", "string 12"},
    {"'true'", "string true"},
    {"!!binary aGVsbG8=", "string hello"},
    {"!!binary aGVsbG8h", "string hello!"},
    {"!!binary aGVsbA==", "string hell"},
    {"!!binary \"\"", "string "},

    {"!!int abc", "a.yaml:1:4: error: cannot decode !!str `abc` as a !!int\n"},
    {"!!int 1.5", "a.yaml:1:4: error: cannot decode !!float `1.5` as a !!int\n"},
    {"!!int 2001-01-01", "a.yaml:1:4: error: cannot decode !!str `2001-01-01` as a !!int\n"},
    {"!!bool yes", "a.yaml:1:4: error: cannot decode !!str `yes` as a !!bool\n"},
    {"!!null x", "a.yaml:1:4: error: cannot decode !!str `x` as a !!null\n"},
    {"!!float x", "a.yaml:1:4: error: cannot decode !!str `x` as a !!float\n"},
    {"!!timestamp x", "a.yaml:1:4: error: cannot decode !!str `x` as a !!timestamp\n"},
    {"!!binary aGVsbG8", "a.yaml:1:4: error: !!binary value contains invalid base64 data\n"},
    {"!!binary \"not base64!\"",
     "a.yaml:1:4: error: !!binary value contains invalid base64 data\n"},
    {"!!binary a===", "a.yaml:1:4: error: !!binary value contains invalid base64 data\n"},
    {"!!binary aG=s", "a.yaml:1:4: error: !!binary value contains invalid base64 data\n"},
};

static const struct node *value(struct tree *t, const char *text)
{
    struct yaml_docs docs;
    AUTO_TEXT file = {0};

    str_addf(&file, "k: %s\n", text);
    tree_init(t);
    assert_int_equal(yaml_parse(t->arena, t->cx.diags, "a.yaml", file.data, file.len, &docs), 0);
    return node_get(docs.items[0], "k");
}

static void test_cases(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct tree t;
        AUTO_TEXT got = {0};
        const struct node *n = value(&t, cases[i].in);

        if (*tree_messages(&t)) {
            str_add(&got, tree_messages(&t));
        } else {
            str_addf(&got, "%s ", node_kind_name(n));
            node_scalar_text(n, &got);
        }
        if (strcmp(got.data, cases[i].want) != 0)
            fail_msg("'%s' gives '%s', not '%s'", cases[i].in, got.data, cases[i].want);
        tree_done(&t);
    }
}

/* Columns may be counted only where the text is in the file as it is. */
static void test_verbatim(void **state)
{
    static const struct {
        const char *in;
        bool verbatim, quoted;
    } texts[] = {
        {"abc", true, false},      {"\"abc\"", true, true},    {"'a b'", true, true},
        {"'it''s'", false, true},  {"\"a\\tb\"", false, true}, {"a\n  b", false, false},
        {"|\n  abc", false, true}, {"é $X", true, false},      {"!foo abc", false, true},
        {"12", false, false},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
        struct tree t;
        const struct node *n = value(&t, texts[i].in);

        if (n->verbatim != texts[i].verbatim || n->quoted != texts[i].quoted)
            fail_msg("'%s': verbatim %d, quoted %d", texts[i].in, n->verbatim, n->quoted);
        tree_done(&t);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_cases),
                                       cmocka_unit_test(test_verbatim)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
