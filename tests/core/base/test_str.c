#include "core/base/str.h"

#include <errno.h>
#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

static void test_build(void **state)
{
    struct str s = {0};
    char *taken;

    (void)state;
    assert_string_equal(str_text(&s), "");
    str_clear(&s);
    str_consume(&s, 3);
    str_add(&s, "abc");
    str_addn(&s, "\0x", 2);
    assert_int_equal(s.len, 5);
    str_cut(&s, 3);
    str_addc(&s, '-');
    str_repeat(&s, '=', 3);
    str_addf(&s, "%d|%s", 42, "z");
    assert_string_equal(s.data, "abc-===42|z");
    str_consume(&s, 4);
    assert_string_equal(s.data, "===42|z");
    str_consume(&s, 99);
    assert_string_equal(s.data, "");
    for (int i = 0; i < 1000; i++)
        str_addf(&s, "%0100d", i);
    assert_int_equal(s.len, 100000);
    taken = str_take(&s);
    assert_int_equal(strlen(taken), 100000);
    assert_null(s.data);
    free(taken);
    taken = str_take(&s);
    assert_string_equal(taken, "");
    free(taken);
    str_init(&s);
    assert_string_equal(s.data, "");
    str_done(&s);
}

static void test_helpers(void **state)
{
    (void)state;
    assert_true(str_eq("a", "a") && str_eq(NULL, NULL));
    assert_false(str_eq("a", "b") || str_eq(NULL, "") || str_eq("", NULL));
    assert_true(str_has_prefix("abc", "ab") && str_has_prefix("a", ""));
    assert_false(str_has_prefix("a", "ab"));
    assert_true(str_has_suffix("abc", "bc") && str_has_suffix("a", ""));
    assert_false(str_has_suffix("c", "bc"));
    assert_true(str_empty(NULL) && str_empty("") && !str_empty("a"));
}

static const struct {
    const char *in;
    int rc, why;
    long long want;
} integers[] = {
    {"0", 0, 0, 0},
    {"-0", 0, 0, 0},
    {"+7", 0, 0, 7},
    {"007", 0, 0, 7},
    {"9223372036854775807", 0, 0, LLONG_MAX},
    {"-9223372036854775808", 0, 0, LLONG_MIN},
    {"9223372036854775808", -1, ERANGE, 0},
    {"-9223372036854775809", -1, ERANGE, 0},
    {"99999999999999999999999", -1, ERANGE, 0},
    {"99999999999999999999999x", -1, EINVAL, 0},
    {"", -1, EINVAL, 0},
    {"-", -1, EINVAL, 0},
    {"+-1", -1, EINVAL, 0},
    {" 1", -1, EINVAL, 0},
    {"1 ", -1, EINVAL, 0},
    {"0x10", -1, EINVAL, 0},
    {"1.0", -1, EINVAL, 0},
    {NULL, -1, EINVAL, 0},
};

static void test_integers(void **state)
{
    unsigned long long u = 3;

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(integers); i++) {
        long long v = 0;

        errno = 0;
        assert_int_equal(str_to_i64(integers[i].in, &v), integers[i].rc);
        assert_int_equal(errno, integers[i].why);
        assert_true(v == integers[i].want);
    }
    assert_int_equal(str_to_u64("18446744073709551615", &u), 0);
    assert_true(u == ULLONG_MAX);
    assert_int_equal(str_to_u64("18446744073709551616", &u), -1);
    assert_int_equal(str_to_u64("-1", &u), -1);
    assert_int_equal(str_to_u64("+1", &u), -1);
}

static void test_doubles(void **state)
{
    static const char *const bad[] = {"",    ".",   "-",    "1e",  "1e+",   " 1",  "1 ",
                                      "inf", "nan", "0x10", "1,5", "1.2.3", "--1", "1e400"};
    static const struct {
        const char *in;
        double want;
    } good[] = {{"1", 1},      {"-1.5", -1.5},  {".5", 0.5}, {"5.", 5},
                {"1e3", 1000}, {"+1E-2", 0.01}, {"0", 0},    {"1e-400", 0}};

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
        double v = 42;

        assert_int_equal(str_to_double(bad[i], &v), -1);
        assert_true(v == 42);
    }
    for (size_t i = 0; i < ARRAY_LEN(good); i++) {
        double v = 42;

        assert_int_equal(str_to_double(good[i].in, &v), 0);
        assert_true(v == good[i].want);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_build),
        cmocka_unit_test(test_helpers),
        cmocka_unit_test(test_integers),
        cmocka_unit_test(test_doubles),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
