#include "core/base/text.h"

#include "core/base/attr.h"
#include "core/base/str.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

/* Seen in `docker compose config`. */
static const char *const ordered[] = {
    "-z",  "_x",  "~",   "1",  "1a",  "1.a",  "2",   "02",   "10", "A",   "B",  "Z9", "a", "a 1",
    "a-b", "a.b", "a_b", "a1", "a1b", "a1.b", "a01", "a001", "a2", "a10", "ab", "b",  "z", "\u00e9",
};

static void test_natural_order(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(ordered); i++) {
        for (size_t j = 0; j < ARRAY_LEN(ordered); j++) {
            int order = compare_natural(ordered[i], ordered[j]);
            int want = (i > j) - (i < j);

            if (order != want)
                fail_msg("'%s' and '%s': %d, not %d", ordered[i], ordered[j], order, want);
        }
    }
}

static const struct {
    const char *a, *b;
    int want;
} pairs[] = {
    {"", "", 0},
    {"", "a", -1},
    {"a", "a1", -1},
    {"web", "web-2", -1},
    {"web-2", "web-10", -1},
    {"a1", "a10", -1},
    {"a100", "a101", -1},
    {"a109", "a110", -1},
    {"a10", "a9", 1},
    {"a00", "a0", 1},
    {"x18446744073709551615", "x2", -1}, /* wraps to a negative number, as Go's does */
};

static void test_natural_pairs(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(pairs); i++) {
        if (compare_natural(pairs[i].a, pairs[i].b) != pairs[i].want ||
            compare_natural(pairs[i].b, pairs[i].a) != -pairs[i].want)
            fail_msg("'%s' and '%s'", pairs[i].a, pairs[i].b);
    }
}

static const struct {
    const char *in;
    bool valid;
    size_t runes, columns;
} texts[] = {
    {"", true, 0, 0},
    {"abc", true, 3, 3},
    {"\u00e9", true, 1, 1},
    {"\u4e2d\u6587", true, 2, 4},
    {"\U0001f600", true, 1, 2},
    {"\u2026", true, 1, 1},
    {"\xff", false, 1, 1},
    {"a\xc3", false, 2, 2},
    {"\xc0\x80", false, 2, 2},         /* overlong */
    {"\xed\xa0\x80", false, 3, 3},     /* a surrogate */
    {"\xf4\x90\x80\x80", false, 4, 4}, /* past U+10FFFF */
    {"\xe4\xb8", false, 2, 2},
};

static void test_utf8(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
        assert_int_equal(utf8_valid(texts[i].in, strlen(texts[i].in)), texts[i].valid);
        assert_int_equal(utf8_len(texts[i].in), texts[i].runes);
        assert_int_equal(utf8_width(texts[i].in), texts[i].columns);
    }
}

static void test_encode_decode(void **state)
{
    (void)state;
    for (uint32_t rune = 1; rune <= 0x10ffff; rune += rune < 0x900 ? 1 : 97) {
        AUTO_TEXT out = {0};
        uint32_t back;

        if (rune >= 0xd800 && rune <= 0xdfff)
            continue;
        utf8_encode(rune, &out);
        assert_int_equal(utf8_decode(out.data, out.len, &back), out.len);
        assert_int_equal(back, rune);
    }
}

static const struct {
    const char *in, *want;
} quoted[] = {
    {"", "\"\""},
    {"a b", "\"a b\""},
    {"\"\\", "\"\\\"\\\\\""},
    {"\a\b\t\n\v\f\r", "\"\\a\\b\\t\\n\\v\\f\\r\""},
    {"\x01\x1b\x7f", "\"\\x01\\x1b\\x7f\""},
    {"\u00e9\u4e2d", "\"\u00e9\u4e2d\""},
    {"\xff", "\"\\xff\""},
    {"\u00a0\u200b\ufeff", "\"\\u00a0\\u200b\\ufeff\""},
    {"\U0001f600", "\"\U0001f600\""},
    {"\U000e0001", "\"\\U000e0001\""},
};

static void test_quote(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(quoted); i++) {
        AUTO_TEXT out = {0};

        go_quote(quoted[i].in, &out);
        assert_string_equal(str_text(&out), quoted[i].want);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_natural_order), cmocka_unit_test(test_natural_pairs),
        cmocka_unit_test(test_utf8),          cmocka_unit_test(test_encode_decode),
        cmocka_unit_test(test_quote),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
