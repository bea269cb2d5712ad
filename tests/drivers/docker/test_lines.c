#include "drivers/docker/lines.h"

#include "core/base/err.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static const struct {
    const char *in, *want;
} cases[] = {
    {"", ""},
    {"a\n", "[a]"},
    {"a\r\nb\n\n\r\nc", "[a][b][c]"},
    {"{\"x\":1}\n{\"y\":2}\r\n", "[{\"x\":1}][{\"y\":2}]"},
    {"a\rb\n", "[a\rb]"},
    {"stop\nnever", "[stop]"},
};

static bool on_line(void *owner, const char *line, size_t len)
{
    struct str *out = owner;

    str_addc(out, '[');
    str_addn(out, line, len);
    str_addc(out, ']');
    return len != 4 || memcmp(line, "stop", 4) != 0;
}

static void test_cases(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        size_t len = strlen(cases[i].in);

        for (size_t piece = 1; piece <= len + 1; piece++) {
            AUTO_TEXT got = {0};
            struct lines l = {0};
            bool stopped = false;

            for (size_t at = 0; at < len && !stopped; at += piece) {
                size_t n = len - at < piece ? len - at : piece;

                assert_int_equal(lines_feed(&l, cases[i].in + at, n, on_line, &got, NULL), 0);
                stopped = str_has_suffix(str_text(&got), "[stop]");
            }
            if (!stopped)
                lines_end(&l, on_line, &got);
            assert_string_equal(str_text(&got), cases[i].want);
            lines_done(&l);
        }
    }
}

/* What an engine can make us keep has a limit. */
static void test_endless_line(void **state)
{
    static char piece[1024 * 1024];
    struct lines l = {0};
    AUTO_TEXT got = {0};
    AUTO_ERR err = {0};

    (void)state;
    memset(piece, 'x', sizeof piece);
    for (size_t fed = sizeof piece; fed <= LINE_MAX_BYTES; fed += sizeof piece)
        assert_int_equal(lines_feed(&l, piece, sizeof piece, on_line, &got, &err), 0);
    assert_int_equal(lines_feed(&l, piece, 1, on_line, &got, &err), -1);
    assert_string_equal(err_text(&err), "a line of the engine's answer has no end");
    assert_string_equal(str_text(&got), "");
    lines_done(&l);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cases),
        cmocka_unit_test(test_endless_line),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
