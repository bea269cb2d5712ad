#include "core/base/text.h"

#include "core/base/attr.h"
#include "core/base/str.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

/* want: the duration printed again, or the error. Checked against docker compose 2.40. */
static const struct {
    const char *in, *want;
} durations[] = {
    {"0", "0s"},
    {"-0", "0s"},
    {"+0", "0s"},
    {"1w2d3h", "219h0m0s"},
    {"1.5h", "1h30m0s"},
    {"0.3333333333333333333333h", "20m0s"},
    {"0.0000000000000000000000000000000000001h", "0s"},
    {".5s", "500ms"},
    {"1.s", "1s"},
    {"0.5d", "12h0m0s"},
    {"5s5s", "10s"},
    {"-5s", "-5s"},
    {"90s", "1m30s"},
    {"1m30s", "1m30s"},
    {"1500ms", "1.5s"},
    {"168h", "168h0m0s"},
    {"1us", "1\u00b5s"},
    {"1\u00b5s", "1\u00b5s"},
    {"1\u03bcs", "1\u00b5s"},
    {"1100us", "1.1ms"},
    {"15ns", "15ns"},
    {"0.1ns", "0s"},
    {"1.0000000001s", "1s"},
    {"1.000000001s", "1.000000001s"},
    {"9223372036854775807ns", "2562047h47m16.854775807s"},
    {"106751d", "2562024h0m0s"},
    {"106752d", "time: invalid duration \"106752d\""},
    {"9223372036854775808ns", "time: invalid duration \"9223372036854775808ns\""},
    {"-9223372036854775808ns", "time: invalid duration \"-9223372036854775808ns\""},
    {"99999999999999999999999s", "time: invalid duration \"99999999999999999999999s\""},
    {"", "time: invalid duration \"\""},
    {"-", "time: invalid duration \"-\""},
    {".", "time: invalid duration \".\""},
    {".s", "time: invalid duration \".s\""},
    {" 1s", "time: invalid duration \" 1s\""},
    {"5", "time: missing unit in duration \"5\""},
    {"00", "time: missing unit in duration \"00\""},
    {"1.5", "time: missing unit in duration \"1.5\""},
    {"1d1", "time: missing unit in duration \"1d1\""},
    {"1y", "time: unknown unit \"y\" in duration \"1y\""},
    {"1S", "time: unknown unit \"S\" in duration \"1S\""},
    {"1 s", "time: unknown unit \" s\" in duration \"1 s\""},
    {"1h1x", "time: unknown unit \"x\" in duration \"1h1x\""},
    {"5\u00e9", "time: unknown unit \"\u00e9\" in duration \"5\u00e9\""},
};

static void test_duration(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(durations); i++) {
        AUTO_TEXT out = {0};
        int64_t ns = 42;

        if (duration_parse(durations[i].in, &ns, &out) == 0)
            duration_format(ns, &out);
        else
            assert_int_equal(ns, 42);
        assert_string_equal(str_text(&out), durations[i].want);
        if (strchr(durations[i].want, '"'))
            assert_int_equal(duration_parse(durations[i].in, &ns, NULL), -1);
    }
}

static void test_duration_min(void **state)
{
    AUTO_TEXT out = {0};

    (void)state;
    duration_format(INT64_MIN, &out);
    assert_string_equal(str_text(&out), "-2562047h47m16.854775808s");
}

static const struct {
    int64_t seconds;
    const char *want;
} human[] = {
    {-5, "Less than a second"},
    {0, "Less than a second"},
    {1, "1 second"},
    {59, "59 seconds"},
    {60, "About a minute"},
    {119, "About a minute"},
    {120, "2 minutes"},
    {3599, "59 minutes"},
    {3600, "About an hour"},
    {5399, "About an hour"},
    {5400, "2 hours"},
    {47 * 3600, "47 hours"},
    {48 * 3600, "2 days"},
    {13 * 86400, "13 days"},
    {14 * 86400, "2 weeks"},
    {59 * 86400, "8 weeks"},
    {60 * 86400, "2 months"},
    {729 * 86400, "24 months"},
    {730 * 86400, "2 years"},
    {INT64_C(2000) * 86400, "5 years"},
};

static void test_duration_human(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(human); i++) {
        AUTO_TEXT out = {0};

        duration_human(human[i].seconds, &out);
        assert_string_equal(str_text(&out), human[i].want);
    }
}

/* Checked against docker compose 2.40, but for what is out of range: that prints
 * -9223372036854775808. */
static const struct {
    const char *in, *want;
} sizes[] = {
    {"10", "10"},
    {"0", "0"},
    {"-0", "0"},
    {"+5", "5"},
    {"1g", "1073741824"},
    {"1 g", "1073741824"},
    {"1.5g", "1610612736"},
    {".5k", "512"},
    {"1.k", "1024"},
    {"1.999k", "2046"},
    {"1kB", "1024"},
    {"1Kib", "1024"},
    {"512MiB", "536870912"},
    {"1t", "1099511627776"},
    {"1P", "1125899906842624"},
    {"0b", "0"},
    {"7B", "7"},
    {"1e3", "1000"},
    {"1_000", "1000"},
    {"9007199254740993", "9007199254740993"},
    {"9223372036854775807", "9223372036854775807"},
    {"9223372036854775808", "invalid size: '9223372036854775808'"},
    {"1e30", "invalid size: '1e30'"},
    {"", "invalid size: ''"},
    {"abc", "invalid size: 'abc'"},
    {"-1", "-1"},
    {"+5", "5"},
    {"-1.5", "invalid size: '-1.5'"},
    {"-1g", "invalid size: '-1g'"},
    {"1e", "invalid suffix: 'e'"},
    {"1ki", "invalid suffix: 'ki'"},
    {"1kk", "invalid suffix: 'kk'"},
    {"1bb", "invalid suffix: 'bb'"},
    {"1kibb", "invalid suffix: 'kibb'"},
    {"5\u00e9", "invalid suffix: '\u00e9'"},
    {"1g ", "strconv.ParseFloat: parsing \"1g\": invalid syntax"},
    {" 1", "strconv.ParseFloat: parsing \" 1\": invalid syntax"},
    {"1  g", "strconv.ParseFloat: parsing \"1 \": invalid syntax"},
    {"1__0", "strconv.ParseFloat: parsing \"1__0\": invalid syntax"},
    {"_1", "strconv.ParseFloat: parsing \"_1\": invalid syntax"},
    {"0x10", "strconv.ParseFloat: parsing \"0x10\": invalid syntax"},
    {".", "strconv.ParseFloat: parsing \".\": invalid syntax"},
    {"1e400", "strconv.ParseFloat: parsing \"1e400\": value out of range"},
};

static void test_bytes(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(sizes); i++) {
        AUTO_TEXT out = {0};
        int64_t n = 42;

        if (bytes_parse(sizes[i].in, &n, &out) == 0)
            str_addf(&out, "%lld", (long long)n);
        else
            assert_int_equal(n, 42);
        assert_string_equal(str_text(&out), sizes[i].want);
    }
}

static const struct {
    double n;
    int digits; /* 0: binary */
    const char *want;
} human_sizes[] = {
    {0, 4, "0B"},
    {999, 4, "999B"},
    {1000, 4, "1kB"},
    {1990000, 4, "1.99MB"},
    {11006000, 4, "11.01MB"},
    {11006000, 3, "11MB"},
    {1e30, 4, "1e+06YB"},
    {892928, 0, "872KiB"},
    {1536, 0, "1.5KiB"},
    {1073741824, 0, "1GiB"},
};

static void test_bytes_human(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(human_sizes); i++) {
        AUTO_TEXT out = {0};

        if (human_sizes[i].digits)
            bytes_human_decimal(human_sizes[i].n, human_sizes[i].digits, &out);
        else
            bytes_human_binary(human_sizes[i].n, &out);
        assert_string_equal(str_text(&out), human_sizes[i].want);
    }
}

static const struct {
    const char *in;
    int64_t sec;
    int32_t nsec;
    const char *utc; /* NULL: in is wrong */
} times[] = {
    {"1970-01-01T00:00:00Z", 0, 0, "1970-01-01T00:00:00Z"},
    {"2026-11-22T01:27:29.313453108Z", 1795310849, 313453108, "2026-11-22T01:27:29Z"},
    {"2026-11-22T03:27:29.5+02:00", 1795310849, 500000000, "2026-11-22T01:27:29Z"},
    {"2026-11-21T19:57:29-05:30", 1795310849, 0, "2026-11-22T01:27:29Z"},
    {"2024-02-29T23:59:59.1234567891Z", 1709251199, 123456789, "2024-02-29T23:59:59Z"},
    {"1969-12-31T23:59:59Z", -1, 0, "1969-12-31T23:59:59Z"},
    {"0001-01-01T00:00:00Z", -62135596800, 0, "0001-01-01T00:00:00Z"},
    {"9999-12-31T23:59:59Z", 253402300799, 0, "9999-12-31T23:59:59Z"},
    {"2023-02-29T00:00:00Z", 0, 0, NULL},
    {"2023-13-01T00:00:00Z", 0, 0, NULL},
    {"2023-01-01T24:00:00Z", 0, 0, NULL},
    {"2023-01-01T00:00:00", 0, 0, NULL},
    {"2023-01-01T00:00:00.Z", 0, 0, NULL},
    {"2023-01-01T00:00:00Zx", 0, 0, NULL},
    {"2023-01-01T00:00:00+0200", 0, 0, NULL},
    {"2023-1-01T00:00:00Z", 0, 0, NULL},
    {"", 0, 0, NULL},
};

static void test_time(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(times); i++) {
        AUTO_TEXT out = {0};
        int64_t sec;
        int32_t nsec;
        int rc = time_parse_rfc3339(times[i].in, &sec, &nsec);

        assert_int_equal(rc, times[i].utc ? 0 : -1);
        if (rc < 0)
            continue;
        assert_int_equal(sec, times[i].sec);
        assert_int_equal(nsec, times[i].nsec);
        time_format_rfc3339(sec, &out);
        assert_string_equal(str_text(&out), times[i].utc);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_duration),       cmocka_unit_test(test_duration_min),
        cmocka_unit_test(test_duration_human), cmocka_unit_test(test_bytes),
        cmocka_unit_test(test_bytes_human),    cmocka_unit_test(test_time),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
