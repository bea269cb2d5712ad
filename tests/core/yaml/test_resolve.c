#include "core/yaml/resolve.h"

#include "core/base/arena.h"
#include "core/base/attr.h"
#include "core/base/str.h"
#include "core/base/text.h"
#include "core/yaml/parse.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/* "kind value"; just "string" for what means itself. */
static const struct {
    const char *in, *want;
} cases[] = {
    {"true", "boolean true"},
    {"True", "boolean true"},
    {"TRUE", "boolean true"},
    {"false", "boolean false"},
    {"False", "boolean false"},
    {"FALSE", "boolean false"},
    {"tRUE", "string"},
    {"yes", "string"},
    {"no", "string"},
    {"on", "string"},
    {"off", "string"},
    {"y", "string"},
    {"n", "string"},
    {"N", "string"},
    {"", "null "},
    {"~", "null "},
    {"null", "null "},
    {"Null", "null "},
    {"NULL", "null "},
    {"nULL", "string"},
    {"nil", "string"},
    {"<<", "string"},

    {"0", "integer 0"},
    {"1", "integer 1"},
    {"+1", "integer 1"},
    {"-1", "integer -1"},
    {"-0", "integer 0"},
    {"1_000", "integer 1000"},
    {"1__0", "integer 10"},
    {"1_", "integer 1"},
    {"_1", "string"},
    {"+", "string"},
    {"-", "string"},
    {"+-1", "string"},
    {"1a", "string"},
    {"1 2", "string"},
    {"010", "integer 8"},
    {"-010", "integer -8"},
    {"0777", "integer 511"},
    {"00", "integer 0"},
    {"0_7", "integer 7"},
    {"0o10", "integer 8"},
    {"0O10", "integer 8"},
    {"-0o7", "integer -7"},
    {"0o8", "string"},
    {"0o", "string"},
    {"0o-7", "integer -7"},
    {"0O-7", "string"},
    {"-0o-7", "string"},
    {"08", "number 8"},
    {"09", "number 9"},
    {"0x1F", "integer 31"},
    {"0X1f", "integer 31"},
    {"0x1_F", "integer 31"},
    {"0_x1F", "integer 31"},
    {"-0x1F", "integer -31"},
    {"0x", "string"},
    {"0xg", "string"},
    {"0x1p3", "string"},
    {"0b101", "integer 5"},
    {"0B11", "integer 3"},
    {"+0b1", "integer 1"},
    {"0b+1", "integer 1"},
    {"0b12", "string"},
    {"0b", "string"},
    {"9223372036854775807", "integer 9223372036854775807"},
    {"-9223372036854775808", "integer -9223372036854775808"},
    {"9223372036854775808", "integer 9223372036854775808"},
    {"18446744073709551615", "integer 18446744073709551615"},
    {"18446744073709551616", "number 1.8446744073709552e+19"},
    {"+9223372036854775808", "number 9.223372036854776e+18"},
    {"-9223372036854775809", "number -9.223372036854776e+18"},
    {"0xffffffffffffffff", "integer 18446744073709551615"},
    {"0x1ffffffffffffffff", "string"},

    {"1.0", "number 1"},
    {"1.", "number 1"},
    {".5", "number 0.5"},
    {"+.5", "number 0.5"},
    {"-.5", "number -0.5"},
    {".5_0", "number 0.5"},
    {"._5", "string"},
    {".5_", "string"},
    {"1e3", "number 1000"},
    {"1E3", "number 1000"},
    {"1e+3", "number 1000"},
    {"1_0.5", "number 10.5"},
    {"1.e1", "number 10"},
    {"1e", "string"},
    {"1e5.5", "string"},
    {".e5", "string"},
    {".", "string"},
    {"..", "string"},
    {"1.2.3", "string"},
    {"1.5e400", "string"},
    {".5e400", "string"},
    {"1e-400", "number 0"},
    {".inf", "number +Inf"},
    {"-.inf", "number -Inf"},
    {"+.Inf", "number +Inf"},
    {".INF", "number +Inf"},
    {".nan", "number NaN"},
    {".NaN", "number NaN"},
    {"-.nan", "string"},
    {"Infinity", "string"},
    {"NaN", "string"},
    {"inf", "string"},

    {"1:30", "string"},
    {"190:20:30", "string"},
    {"22:22", "string"},
    {"2001-12-14", "timestamp 2001-12-14"},
    {"2001-1-1", "timestamp 2001-1-1"},
    {"2001-12-14T21:59:43.1-05:00", "timestamp 2001-12-14T21:59:43.1-05:00"},
    {"2001-12-14 21:59:43.10", "timestamp 2001-12-14 21:59:43.10"},
    {"2001-02-29", "string"},
    {"2001-13-01", "string"},
    {"2001-01-01x", "string"},
};

static void test_cases(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct arena *a = arena_new();
        struct loc loc = {.file = "f", .line = 2, .col = 5};
        struct node *n = yaml_resolve(a, loc, cases[i].in, strlen(cases[i].in));
        AUTO_TEXT out = {0};

        if (n->kind == NODE_STRING) {
            str_add(&out, "string");
            assert_string_equal(node_text(n), cases[i].in);
        } else {
            str_addf(&out, "%s ", node_kind_name(n));
            node_scalar_text(n, &out);
        }
        if (strcmp(out.data, cases[i].want) != 0)
            fail_msg("'%s' is '%s', not '%s'", cases[i].in, out.data, cases[i].want);
        assert_int_equal(n->loc.col, 5);
        arena_free(a);
    }
}

/* The text need not end where the scalar does. */
static void test_length(void **state)
{
    (void)state;
    assert_int_equal(scalar_resolve("123x", 3).integer, 123);
    assert_int_equal(scalar_resolve("truely", 4).kind, NODE_BOOL);
    assert_int_equal(scalar_resolve("1\0002", 3).kind, NODE_STRING);
    assert_int_equal(scalar_resolve("<<", 2).kind, NODE_STRING);
    assert_int_equal(scalar_resolve_tagged("2001-01-01", 10).kind, NODE_STRING);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_cases), cmocka_unit_test(test_length)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
