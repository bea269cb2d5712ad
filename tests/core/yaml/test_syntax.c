#include "core/yaml/parse.h"

#include "core/base/attr.h"
#include "core/base/diags.h"
#include "core/base/str.h"
#include "tests/lib/tree.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define TAB_HINT " (indent with spaces: YAML does not allow tabs there)\n"

static const struct {
    const char *in, *want;
} cases[] = {
    {"a: [1, 2\nb: 3\n", "a.yaml:2:2: error: did not find expected ',' or ']' while parsing a flow "
                         "sequence that starts at line "
                         "1\n"},
    {"a: [1, 2\n",
     "a.yaml:1:4: error: did not find expected ',' or ']' while parsing a flow sequence\n"},
    {"a: {b: [c}\n",
     "a.yaml:1:10: error: did not find expected ',' or ']' while parsing a flow sequence\n"},
    {"a:\n  b: \"x\n  c: 1\n",
     "a.yaml:2:6: error: found unexpected end of stream while scanning a quoted scalar (the quote "
     "that opens here is never closed)\n"},
    {"a: b: c\n",
     "a.yaml:1:5: error: mapping values are not allowed in this context (check the indentation, "
     "and quote the value if ': ' belongs to it)\n"},
    {"services:\n  a:\n    image: x\n   b: 1\n",
     "a.yaml:4:4: error: did not find expected key while parsing a block mapping that starts at "
     "line 2 (check "
     "the indentation of this line and the one before)\n"},
    {"a:\n  - x\n  b: 1\n", "a.yaml:3:3: error: did not find expected '-' indicator while parsing "
                            "a block collection that starts at "
                            "line 2 (items of a list and keys of a mapping cannot be mixed)\n"},
    {"a: @x\n",
     "a.yaml:1:4: error: found character that cannot start any token while scanning for the next "
     "token (quote a value that starts with '@')\n"},
    {"a: \"\\d\"\n",
     "a.yaml:1:5: error: found unknown escape character while parsing a quoted scalar (use "
     "single quotes, or double the backslash)\n"},
    {"a: *\n",
     "a.yaml:1:5: error: did not find expected alphabetic or numeric character while scanning an "
     "alias (quote a value that starts with '*' or '&')\n"},

    {"a:\n\tb: 1\n",
     "a.yaml:2:1: error: found character that cannot start any token while scanning for the "
     "next token" TAB_HINT},
    {"a:\n  b: 1\n\tc: 2\n",
     "a.yaml:3:1: error: found a tab character that violates indentation while "
     "scanning a plain scalar that starts at line 2" TAB_HINT},
    {"a: |\n\tb\n",
     "a.yaml:2:1: error: found a tab character where an indentation space is expected while "
     "scanning a block scalar that starts at line 1" TAB_HINT},

    {"a: 1\nb: \xFFz\n",
     "a.yaml:2:4: error: invalid leading UTF-8 octet (the file must be UTF-8 text; here is "
     "the byte 0xFF)\n"},
    {"a: \xC3\n",
     "a.yaml:1:5: error: invalid trailing UTF-8 octet (the file must be UTF-8 text; here is the "
     "byte 0x0A)\n"},
    {"é: \x01\n",
     "a.yaml:1:4: error: control characters are not allowed (the file must be UTF-8 text; here is "
     "the character 0x01)\n"},
    {"%YAML 2.0\n---\na: 1\n", "a.yaml:1:1: error: found incompatible YAML document\n"},
};

static void test_cases(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct tree t;
        struct yaml_docs docs;
        int rc;

        tree_init(&t);
        rc = yaml_parse(t.arena, t.cx.diags, "a.yaml", cases[i].in, strlen(cases[i].in), &docs);
        if (rc != -1 || strcmp(tree_messages(&t), cases[i].want) != 0)
            fail_msg("'%s' gives %d '%s'", cases[i].in, rc, tree_messages(&t));
        tree_done(&t);
    }
}

static void test_compat(void **state)
{
    struct tree t;
    struct yaml_docs docs;

    (void)state;
    tree_init(&t);
    assert_int_equal(yaml_parse(t.arena, t.cx.diags, "a.yaml", "a:\n  b: [\n", 10, &docs), -1);
    assert_string_equal(diags_at(t.cx.diags, 0)->compat,
                        "yaml: line 2: did not find expected node content");
    tree_done(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_cases), cmocka_unit_test(test_compat)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
