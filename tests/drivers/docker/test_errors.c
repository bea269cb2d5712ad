#include "drivers/docker/http.h"
#include "drivers/docker/internal.h"

#include "core/json/json.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static const struct {
    int status;
    const char *type, *body;
    enum err_code code;
    const char *want;
} cases[] = {
    {404, "application/json", "{\"message\":\"No such container: x\"}\n", ERR_NOT_FOUND,
     "Error response from daemon: No such container: x"},
    {409, "application/json", "{\"message\":\"in use\\n\"}", ERR_CONFLICT,
     "Error response from daemon: in use"},
    {501, "application/json", "{\"message\":\"cannot read\"}", ERR_UNSUPPORTED,
     "Error response from daemon: cannot read"},
    {500, "text/plain; charset=utf-8", "it broke\nbadly\n", ERR_ENGINE,
     "Error response from daemon: it broke badly"},
    {500, "", "", ERR_ENGINE, "Error response from daemon: status 500 without a message"},
    {502, "text/html", "<html><body>Bad Gateway", ERR_ENGINE,
     "Error response from daemon: status 502 with a page of HTML: is that a Docker engine?"},
    {500, "application/json", "{\"message\":", ERR_ENGINE,
     "Error response from daemon: {\"message\":"},
    {500, "application/json", "{\"other\":1}", ERR_ENGINE,
     "Error response from daemon: {\"other\":1}"},
    {500, "text/plain", "a\033b\x7f \xc3\xa9", ERR_ENGINE,
     "Error response from daemon: a b  \xc3\xa9"},
    {500, "text/plain", "no text: \xff\xfe", ERR_ENGINE, "Error response from daemon: no text: ??"},
    {400, "text/plain", "Client sent an HTTP request to an HTTPS server.\n", ERR_ENGINE,
     "Error response from daemon: Client sent an HTTP request to an HTTPS server.\n"
     "* Are you trying to connect to a TLS-enabled daemon without TLS?"},
};

static struct http_answer answer(int status, const char *type, const char *body)
{
    return (struct http_answer){
        .status = status, .content_type = type, .body = body, .len = strlen(body)};
}

static void test_cases(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct http_answer a = answer(cases[i].status, cases[i].type, cases[i].body);
        AUTO_ERR err = {0};

        assert_int_equal(answer_error(&a, &err), -1);
        assert_string_equal(err_text(&err), cases[i].want);
        assert_int_equal(err.code, cases[i].code);
        assert_int_equal(err.status, cases[i].status);
    }
}

static void test_json(void **state)
{
    struct http_answer good = answer(200, "application/json", "{\"a\":1}"),
                       html = answer(200, "text/html", "<!doctype html>"),
                       empty = answer(200, "application/json", "");
    AUTO_ERR err = {0};
    AUTO_JSON j = answer_json(&good, &err);

    (void)state;
    assert_int_equal(json_get_i64(j, "a", 0), 1);
    assert_null(answer_json(&html, &err));
    assert_int_equal(err.code, ERR_ENGINE);
    assert_non_null(strstr(err_text(&err), "a page of HTML"));
    assert_null(answer_list(&good, &err));
    assert_string_equal(err_text(&err), "the engine's answer is no list");
    assert_null(answer_json(&empty, &err));
    assert_non_null(strstr(err_text(&err), "the engine's answer is no JSON"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_cases), cmocka_unit_test(test_json)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
