#include "drivers/docker/ignore.h"

#include "core/base/attr.h"
#include "core/base/err.h"

#include <string.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* file, path, left out? */
static const struct {
    const char *text, *path;
    bool want;
} cases[] = {
    {"", "a", false},
    {"a", "a", true},
    {"a", "b", false},
    {"a", "a/b/c", true},
    {"a", "b/a", false},
    {"a", "ab", false},
    {"a/b", "a", false},
    {"a/b", "a/b", true},
    {"/a", "a", true},
    {"./a", "a", true},
    {"a/", "a/b", true},
    {"x/../a", "a", true},
    {"  a \t", "a", true},
    {"\xEF\xBB\xBF"
     "a",
     "a", true},
    {"#a\n\na\r\n", "a", true},
    {"#a", "#a", false},
    {" #a", "#a", true},
    {".", "a", false},
    {"*", "a", true},
    {"*", "a/b", true},
    {"*.c", "x.c", true},
    {"*.c", "d/x.c", false},
    {"*/x", "d/x", true},
    {"*/x", "e/d/x", false},
    {"a?c", "abc", true},
    {"a?c", "a/c", false},
    {"a?c",
     "a\xC3\xA9"
     "c",
     true},
    {"a[b-d]", "ac", true},
    {"a[b-d]", "ae", false},
    {"a[^b-d]", "ae", true},
    {"a[]", "a", false}, /* broken: see below */
    {"a\\*", "a*", true},
    {"a\\*", "ab", false},
    {"**", "a/b", true},
    {"**/x", "x", true},
    {"**/x", "a/b/x", true},
    {"**/x", "a/bx", false},
    {"**/x", "a/x/y", true},
    {"**/*.c", "x.c", true},
    {"**/*.c", "a/b/x.c", true},
    {"**.c", "a/b.c", true},
    {"a/**", "a", false},
    {"a/**", "a/b", true},
    {"a/**", "a/b/c", true},
    {"a/**/z", "a/z", true},
    {"a/**/z", "a/b/c/z", true},
    {"a/**/z", "az", false},
    {"a**", "abc/d", true},
    {"*\n!a", "a", false},
    {"*\n!a", "b", true},
    {"*\n!a", "a/b", false},
    {"*\n!a/b", "a/b", false},
    {"*\n!a/b", "a/c", true},
    {"!a\na", "a", true},
    {"d\n! d/keep", "d/keep", false},
    {"*.md\n!README*.md\nREADME-secret.md", "README.md", false},
    {"*.md\n!README*.md\nREADME-secret.md", "README-secret.md", true},
    {"node_modules\n!node_modules/x\nnode_modules/x/y", "node_modules/x/y/z", true},
    {"a.c", "abc", false},
    {"a+(b)*", "a+(b)x", true},
    {"a*a*a*a*a*a*a*a*a*b", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", false},
};

static void test_match(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct ignore *ig = ignore_parse(cases[i].text, strlen(cases[i].text), NULL);

        if (strcmp(cases[i].text, "a[]") == 0) {
            assert_null(ig);
            continue;
        }
        assert_non_null(ig);
        if (ignore_match(ig, cases[i].path) != cases[i].want)
            fail_msg("'%s' and '%s': expected %d", cases[i].text, cases[i].path, cases[i].want);
        ignore_free(ig);
    }
}

static const struct {
    const char *text, *want;
} bad_cases[] = {
    {"a\n!", "line 2: illegal exclusion pattern: \"!\""},
    {"[a", "line 1: syntax error in pattern '[a'"},
    {"a\\", "line 1: syntax error in pattern 'a\\'"},
    {"\n\n[]a]", "line 3: syntax error in pattern '[]a]'"},
};

static void test_broken_patterns(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(bad_cases); i++) {
        AUTO_ERR err = {0};

        assert_null(ignore_parse(bad_cases[i].text, strlen(bad_cases[i].text), &err));
        assert_string_equal(err_text(&err), bad_cases[i].want);
    }
}

static const struct {
    const char *text, *dir;
    bool want;
} below_cases[] = {
    {"*", "a", false},          {"*\n!a/b", "a", true},      {"*\n!a/b", "b", false},
    {"*\n!a/b", "ab", false},   {"*\n!**/x", "a/b", true},   {"*\n!a/*/x", "a/q", true},
    {"*\n!a", "a", false},      {"*\n!abc*", "ab", false},   {"*\n!a*/x", "abc", true},
    {"*\n!a/b/c", "a/b", true}, {"*\n!a/b/c", "a/c", false},
};

static void test_may_take_below(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(below_cases); i++) {
        struct ignore *ig = ignore_parse(below_cases[i].text, strlen(below_cases[i].text), NULL);

        if (ignore_may_take_below(ig, below_cases[i].dir) != below_cases[i].want)
            fail_msg("'%s' below '%s'", below_cases[i].text, below_cases[i].dir);
        ignore_free(ig);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_match),
        cmocka_unit_test(test_broken_patterns),
        cmocka_unit_test(test_may_take_below),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
