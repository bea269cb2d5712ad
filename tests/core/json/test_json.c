#include "core/json/json.h"

#include "core/base/err.h"
#include "core/base/str.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

/* want: what prints again, or the error. */
static const struct {
    const char *in, *want;
} cases[] = {
    {"{}", "{}"},
    {" [1, 2.5, \"x\", null, true] \n", "[1,2.5,\"x\",null,true]"},
    {"{\"a\":{\"b\":[]}}", "{\"a\":{\"b\":[]}}"},
    {"1795310849313453108", "1795310849313453108"},
    {"[1,1795310849313453108,{\"n\":-9223372036854775808},\"9007199254740993\",2]",
     "[1,1795310849313453108,{\"n\":-9223372036854775808},\"9007199254740993\",2]"},
    {"{\"1\\\"2\":9007199254740993,\"s\":\"\\\\\",\"m\":18446744073709551615}",
     "{\"1\\\"2\":9007199254740993,\"s\":\"\\\\\",\"m\":18446744073709551615}"},
    {"999999999999999", "999999999999999"},
    {"1000000000000000", "1000000000000000"},
    {"\"\\u00e9\\ud83d\\ude00\"", "\"\u00e9\U0001f600\""},
    {"", "invalid JSON: line 1 column 1: nothing there"},
    {"{", "invalid JSON: line 1 column"},
    {"[1,\n x]", "invalid JSON: line 2 column 2: unexpected text"},
    {"{} {}", "invalid JSON: line 1 column 4: text after the value"},
    {"\"abc", "invalid JSON: line 1 column"},
    {"\"abc\\", "invalid JSON: line 1 column"},
    {"1234567890123456-1", "invalid JSON: line 1 column"},
    {"<html>", "invalid JSON: line 1 column 1: unexpected text"},
};

static void test_parse(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        size_t len = strlen(cases[i].in);
        char *exact = malloc(len + 1); /* no NUL behind it: reading on is caught */
        AUTO_ERR err = {0};
        AUTO_TEXT out = {0};
        AUTO_JSON j = NULL;

        memcpy(exact, cases[i].in, len);
        exact = realloc(exact, len ? len : 1);
        j = json_parse(exact, len, &err);
        free(exact);
        if (j)
            json_print(j, &out);
        else
            str_add(&out, err_text(&err));
        if (strncmp(str_text(&out), cases[i].want, strlen(cases[i].want)) != 0)
            fail_msg("%s: %s", cases[i].in, str_text(&out));
    }
}

static void test_depth(void **state)
{
    (void)state;
    for (size_t depth = 512; depth <= 513; depth++) {
        AUTO_TEXT text = {0};
        AUTO_ERR err = {0};
        AUTO_JSON j = NULL;

        str_repeat(&text, '[', depth);
        str_repeat(&text, ']', depth);
        j = json_parse(text.data, text.len, &err);
        assert_int_equal(j != NULL, depth == 512);
    }
}

static void test_build(void **state)
{
    AUTO_JSON body = json_object();
    AUTO_TEXT out = {0};
    struct json *list;

    (void)state;
    json_set_i64(body, "HostConfig.CpuPeriod", INT64_C(1000000000000000));
    json_set_i64(body, "HostConfig.Max", INT64_MAX);
    json_set_i64(body, "HostConfig.Min", INT64_MIN);
    json_set_str(body, "Image", "a\"b");
    json_set_str(body, "None", NULL);
    json_set_str(body, "Empty", "");
    json_set_bool(body, "Tty", true);
    json_put(json_need_object(body, "Labels"), "com.example.x", json_string("y"));
    list = json_need_array(body, "HostConfig.Binds");
    json_add(list, json_string("/a:/b"));
    json_add(json_need_array(body, "HostConfig.Binds"), json_raw("1e-7"));
    json_set(body, "Image", json_null()); /* in its old place */
    json_put(body, "image", json_string(NULL));
    json_print(body, &out);
    assert_string_equal(str_text(&out), "{\"HostConfig\":{\"CpuPeriod\":1000000000000000,"
                                        "\"Max\":9223372036854775807,\"Min\":-9223372036854775808,"
                                        "\"Binds\":[\"/a:/b\",1e-7]},\"Image\":null,\"Tty\":true,"
                                        "\"Labels\":{\"com.example.x\":\"y\"},\"image\":null}");
    assert_int_equal(json_get_i64(body, "HostConfig.Max", 0), INT64_MAX);
}

static void test_get(void **state)
{
    static const char text[] =
        "{\"Id\":\"x\",\"State\":{\"Code\":3,\"Big\":1795310849313453108,"
        "\"Running\":true,\"F\":0.5,\"Huge\":1e300,\"U\":18446744073709551615},"
        "\"a.b\":{\"c\":1},\"List\":[1,\"two\",null],\"Null\":null}";
    AUTO_JSON j = json_parse(text, sizeof text - 1, NULL);
    const struct json *list, *c;

    (void)state;
    assert_string_equal(json_get_str(j, "Id", ""), "x");
    assert_string_equal(json_get_str(j, "id", "none"), "none");
    assert_string_equal(json_get_str(j, "State.Code", "none"), "none");
    assert_int_equal(json_get_i64(j, "State.Code", -1), 3);
    assert_true(json_get_i64(j, "State.Big", -1) == INT64_C(1795310849313453108));
    assert_int_equal(json_get_i64(j, "State.Huge", -1), -1);
    assert_int_equal(json_get_i64(j, "State.U", -1), -1);
    assert_true(json_get_double(j, "State.U", 0) == 0x1p64);
    assert_true(json_get_double(j, "State.F", 0) == 0.5);
    assert_true(json_get_bool(j, "State.Running", false));
    assert_false(json_get_bool(j, "State.Code", false));
    assert_int_equal(json_get_i64(j, "Id.Code.X", 7), 7);
    assert_null(json_get(j, "a.b"));
    assert_int_equal(json_get_i64(json_key(j, "a.b"), "c", 0), 1);
    assert_true(json_is_null(json_get(j, "Null")) && json_is_null(NULL));
    list = json_get(j, "List");
    assert_true(json_is_array(list) && !json_is_object(list));
    assert_int_equal(json_len(list), 3);
    c = json_next(json_first(list));
    assert_string_equal(json_text(c, ""), "two");
    assert_null(json_name(c));
    assert_null(json_next(json_next(c)));
    assert_string_equal(json_name(json_first(j)), "Id");
    /* NULL and other types are harmless. */
    assert_null(json_get(NULL, "a.b"));
    assert_null(json_first(NULL));
    assert_null(json_first(json_get(j, "Id")));
    assert_null(json_next(NULL));
    assert_int_equal(json_len(NULL), 0);
    assert_string_equal(json_text(NULL, "d"), "d");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_parse),
        cmocka_unit_test(test_depth),
        cmocka_unit_test(test_build),
        cmocka_unit_test(test_get),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
