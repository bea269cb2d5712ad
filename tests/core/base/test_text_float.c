#include "core/base/text.h"

#include "core/base/attr.h"
#include "core/base/str.h"

#include <float.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

/* The first block was seen in `docker compose config`, YAML and JSON. */
static const struct {
    double v;
    int bits;
    char style;
    const char *want;
} cases[] = {
    {1000000, 64, 'y', "1e+06"},
    {123456, 64, 'y', "123456"},
    {12345678.5, 64, 'y', "1.23456785e+07"},
    {1e20, 64, 'y', "1e+20"},
    {1e21, 64, 'y', "1e+21"},
    {0.0001, 64, 'y', "0.0001"},
    {0.00001, 64, 'y', "1e-05"},
    {100000, 64, 'y', "100000"},
    {999999.9, 64, 'y', "999999.9"},
    {123456.5, 64, 'v', "123456.5"},
    {1e-7, 32, 'y', "1e-07"},
    {1e-7, 32, 'j', "1e-7"},
    {1e22, 32, 'j', "1e+22"},
    {1000000, 32, 'j', "1000000"},
    {0.1, 32, 'j', "0.1"},

    {0, 64, 'v', "0"},
    {-0.0, 64, 'v', "-0"},
    {-1.5, 64, 'v', "-1.5"},
    {0.1, 64, 'v', "0.1"},
    {0.1f, 64, 'v', "0.10000000149011612"},
    {1.23456789, 32, 'v', "1.2345679"},
    {16777216, 32, 'j', "16777216"},
    {1e20, 64, 'j', "100000000000000000000"},
    {1e21, 64, 'j', "1e+21"},
    {1e-6, 64, 'j', "0.000001"},
    {1.5e-10, 64, 'j', "1.5e-10"},
    {1e100, 64, 'j', "1e+100"},
    {DBL_MAX, 64, 'v', "1.7976931348623157e+308"},
    {0x1p-24, 64, 'v', "5.960464477539063e-08"}, /* nearest with 16 digits: ...062, too low */
    {5e-324, 64, 'v', "5e-324"},
    {FLT_MAX, 32, 'v', "3.4028235e+38"},
    {INFINITY, 64, 'v', "+Inf"},
    {-INFINITY, 64, 'y', "-.inf"},
    {NAN, 64, 'y', ".nan"},
    {NAN, 64, 'j', "null"},
};

static void test_format(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        AUTO_TEXT out = {0};

        float_format(cases[i].v, cases[i].bits, cases[i].style, &out);
        assert_string_equal(str_text(&out), cases[i].want);
    }
}

static void test_round_trip(void **state)
{
    uint64_t seed = 1;

    (void)state;
    for (int i = 0; i < 2000; i++) {
        AUTO_TEXT out = {0};
        union {
            uint64_t bits;
            double v;
        } u;
        double back = 0;

        seed = seed * 6364136223846793005u + 1442695040888963407u;
        u.bits = seed;
        if (isnan(u.v) || isinf(u.v))
            continue;
        float_format(u.v, 64, i % 2 ? 'v' : 'j', &out);
        assert_int_equal(str_to_double(str_text(&out), &back), 0);
        assert_true(back == u.v);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_format),
        cmocka_unit_test(test_round_trip),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
