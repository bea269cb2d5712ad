#include "core/json/write.h"

#include "core/base/attr.h"
#include "core/base/str.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

static void write_sample(struct json_writer *w)
{
    json_write_open(w, '{');
    json_write_key(w, "a");
    json_write_i64(w, INT64_MIN);
    json_write_key(w, "b<");
    json_write_open(w, '[');
    json_write_str(w, "x&y");
    json_write_str(w, NULL);
    json_write_open(w, '{');
    json_write_close(w, '}');
    json_write_bool(w, false);
    json_write_close(w, ']');
    json_write_key(w, "c");
    json_write_open(w, '[');
    json_write_close(w, ']');
    json_write_key(w, "d");
    json_write_open(w, '{');
    json_write_key(w, "e");
    json_write_float(w, 0.1, 32);
    json_write_key(w, "f");
    json_write_u64(w, UINT64_MAX);
    json_write_close(w, '}');
    json_write_close(w, '}');
}

static const struct {
    int indent;
    bool no_html;
    const char *want;
} cases[] = {
    {0, false,
     "{\"a\":-9223372036854775808,\"b\\u003c\":[\"x\\u0026y\",null,{},false],\"c\":[],"
     "\"d\":{\"e\":0.1,\"f\":18446744073709551615}}"},
    {2, true,
     "{\n  \"a\": -9223372036854775808,\n  \"b<\": [\n    \"x&y\",\n    null,\n    {},\n"
     "    false\n  ],\n  \"c\": [],\n  \"d\": {\n    \"e\": 0.1,\n"
     "    \"f\": 18446744073709551615\n  }\n}"},
};

static void test_layout(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        AUTO_TEXT out = {0};
        struct json_writer w;

        json_write_init(&w, &out, cases[i].indent);
        w.no_html = cases[i].no_html;
        write_sample(&w);
        assert_string_equal(str_text(&out), cases[i].want);
    }
}

static const struct {
    const char *in, *want;
} quoted[] = {
    {"", "\"\""},
    {"\"\\/", "\"\\\"\\\\/\""},
    {"\b\f\n\r\t", "\"\\b\\f\\n\\r\\t\""},
    {"\x01\x1f\x7f", "\"\\u0001\\u001f\x7f\""},
    {"<>&", "\"\\u003c\\u003e\\u0026\""},
    {"\u2028\u2029", "\"\\u2028\\u2029\""},
    {"\u00e9\U0001f600", "\"\u00e9\U0001f600\""},
    {"a\xff\xc3", "\"a\\ufffd\\ufffd\""},
    {"\ufffd", "\"\ufffd\""},
};

static void test_quoted(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(quoted); i++) {
        AUTO_TEXT out = {0};

        json_write_quoted(quoted[i].in, true, &out);
        assert_string_equal(str_text(&out), quoted[i].want);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_layout),
        cmocka_unit_test(test_quoted),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
