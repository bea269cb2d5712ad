#include "core/yaml/style.h"

#include "core/base/attr.h"
#include "core/base/str.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/* What docker compose 2.40 prints as a value at indentation 2. */
static const struct {
    const char *in, *want;
} cases[] = {
    {"a", "a"},
    {"a b", "a b"},
    {"", "\"\""},
    {"1", "\"1\""},
    {"1.0", "\"1.0\""},
    {"0x1f", "\"0x1f\""},
    {"1_000", "\"1_000\""},
    {"_1", "_1"},
    {"true", "\"true\""},
    {"tRUE", "tRUE"},
    {"null", "\"null\""},
    {"~", "\"~\""},
    {".inf", "\".inf\""},
    {"2024-01-01", "\"2024-01-01\""},
    {"2024-13-01", "2024-13-01"},
    {"yes", "\"yes\""},
    {"Off", "\"Off\""},
    {"y", "\"y\""},
    {"oFF", "oFF"},
    {"1:30", "\"1:30\""},
    {"190:20:30", "\"190:20:30\""},
    {"-1_0:5.0_", "\"-1_0:5.0_\""},
    {"1:60", "1:60"},
    {"1:123", "1:123"},
    {"80:80/tcp", "80:80/tcp"},
    {"<<", "<<"},
    {"=", "="},

    {" a", "' a'"},
    {"a ", "'a '"},
    {"#a", "'#a'"},
    {"a#", "a#"},
    {"a #", "'a #'"},
    {"a: b", "'a: b'"},
    {"a:b", "a:b"},
    {"a:", "'a:'"},
    {":a", ":a"},
    {": a", "': a'"},
    {"-", "'-'"},
    {"-a", "-a"},
    {"- a", "'- a'"},
    {"?a", "?a"},
    {"? a", "'? a'"},
    {"[a", "'[a'"},
    {"a[b]{c},d", "a[b]{c},d"},
    {"{a", "'{a'"},
    {"*a", "'*a'"},
    {"&a", "'&a'"},
    {"!a", "'!a'"},
    {"|", "'|'"},
    {">", "'>'"},
    {"%a", "'%a'"},
    {"@a", "'@a'"},
    {"`a", "'`a'"},
    {"'a'", "'''a'''"},
    {"it's", "it's"},
    {"\"a\"", "'\"a\"'"},
    {"a\"b", "a\"b"},
    {"---", "'---'"},
    {"...a", "'...a'"},
    {"--", "--"},
    {"$X", "$X"},
    {"a\\b", "a\\b"},

    {"a\tb", "\"a\\tb\""},
    {"a\rb", "\"a\\rb\""},
    {"\a\b\v\f\x1b", "\"\\a\\b\\v\\f\\e\""},
    {"\x7f", "\"\\x7F\""},
    {"a\xC2\x85", "\"a\\N\""},
    {"a\xC2\xA0z", "a\xC2\xA0z"},
    {"a\xC2\xA0\t", "\"a\xC2\xA0\\t\""},
    {"a\xE2\x80\xA8 b", "\"a\\L b\""},
    {"\xC3\xA9", "\xC3\xA9"},
    {"\xF0\x9F\x98\x80", "\"\\U0001F600\""},
    {"a\xEF\xBB\xBF", "\"a\\uFEFF\""},
    {"\xEF\xBB\xBFyes", "\"\\uFEFF\\x79\\x65\\x73\""},

    {"a\nb", "|-\n  a\n  b"},
    {"a\nb\n", "|\n  a\n  b\n"},
    {"a\n\n", "|+\n  a\n\n"},
    {"a\n\nb", "|-\n  a\n\n  b"},
    {" a\nb", "|2-\n   a\n  b"},
    {"\na", "|2-\n\n  a"},
    {"\n", "|2+\n\n"},
    {"a\n b", "|-\n  a\n   b"},
    {"a\n\tb", "|-\n  a\n  \tb"},
    {"1\n2", "|-\n  1\n  2"},
    {"a \nb", "\"a \\nb\""},
    {"a\nb ", "\"a\\nb \""},
    {"a\n\x01", "\"a\\n\\x01\""},
    {"a\r\nb", "\"a\\r\\nb\""},
};

static void test_cases(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        size_t len = strlen(cases[i].in);
        AUTO_TEXT out = {0};
        bool ended =
            style_write(style_choose(cases[i].in, len, false, false), cases[i].in, len, 2, &out);

        if (strcmp(out.data, cases[i].want) != 0)
            fail_msg("'%s' is written %s, not %s", cases[i].in, out.data, cases[i].want);
        assert_int_equal(ended, str_has_suffix(out.data, "\n"));
    }
}

static void test_nul(void **state)
{
    AUTO_TEXT out = {0};

    (void)state;
    style_write(style_choose("a\0b", 3, false, false), "a\0b", 3, 2, &out);
    assert_string_equal(out.data, "\"a\\0b\"");
}

static void test_keys_and_tags(void **state)
{
    (void)state;
    assert_int_equal(style_choose("a\nb", 3, true, false), STYLE_DOUBLE);
    assert_int_equal(style_choose("n", 1, true, false), STYLE_DOUBLE);
    assert_int_equal(style_choose("12", 2, false, true), STYLE_PLAIN);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cases),
        cmocka_unit_test(test_nul),
        cmocka_unit_test(test_keys_and_tags),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
