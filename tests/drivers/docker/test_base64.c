#include "drivers/docker/base64.h"

#include "core/base/attr.h"
#include "core/base/str.h"

#include <string.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static const struct {
    const char *plain, *text;
} cases[] = {
    {"", ""},
    {"f", "Zg=="},
    {"fo", "Zm8="},
    {"foo", "Zm9v"},
    {"{}", "e30="},
    {"user:p\xFF\xFE~", "dXNlcjpw__5-"},
    {"foobar", "Zm9vYmFy"},
};

static void test_both_ways(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        AUTO_TEXT text = {0};
        AUTO_TEXT plain = {0};

        base64_encode(cases[i].plain, strlen(cases[i].plain), true, &text);
        assert_string_equal(str_text(&text), cases[i].text);
        assert_int_equal(base64_decode(cases[i].text, strlen(cases[i].text), &plain), 0);
        assert_string_equal(str_text(&plain), cases[i].plain);
    }
}

static void test_standard_alphabet(void **state)
{
    AUTO_TEXT text = {0};

    (void)state;
    base64_encode("\xFF\xFE~", 3, false, &text);
    assert_string_equal(str_text(&text), "//5+");
}

static const char *const bad_cases[] = {"Z", "Zg==x", "a*bc", "Zm9vZ"};

static void test_bad(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(bad_cases); i++) {
        AUTO_TEXT out = {0};

        assert_int_equal(base64_decode(bad_cases[i], strlen(bad_cases[i]), &out), -1);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_both_ways),
        cmocka_unit_test(test_standard_alphabet),
        cmocka_unit_test(test_bad),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
