#include "drivers/docker/frames.h"

#include "core/base/err.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define OUT(len) "\1\0\0\0\0\0\0" len
#define ERR(len) "\2\0\0\0\0\0\0" len
#define SYS(len) "\3\0\0\0\0\0\0" len
#define BYTES(s) s, sizeof(s) - 1

/* want: what comes out, then "!" and the error, if any. */
static const struct {
    const char *in;
    size_t len;
    const char *want;
} cases[] = {
    {BYTES(""), ""},
    {BYTES(OUT("\3") "abc"), "1abc"},
    {BYTES(OUT("\3") "abc" ERR("\2") "de" OUT("\1") "f"), "1abc2de1f"},
    {BYTES("\0\0\0\0\0\0\0\2hi"), "1hi"}, /* echoed input */
    {BYTES(OUT("\0") ERR("\1") "x"), "2x"},
    {BYTES(OUT("\1") "a" SYS("\4") "oops" OUT("\1") "b"), "1a!Error response from daemon: oops"},
    {BYTES(SYS("\0")), "!Error response from daemon: the stream failed"},
    {BYTES(SYS("\6") "cut"), "!Error response from daemon: cut"},
    {BYTES(OUT("\5") "ab"), "1ab!the output stream ended in the middle of a message"},
    {BYTES("\1\0\0"), "!the output stream ended in the middle of a message"},
    {BYTES("hello, world"), "!unexpected bytes in the output stream"},
    {BYTES("\1\0\1\0\0\0\0\1x"), "!unexpected bytes in the output stream"},
    {BYTES("\2\0\0\0\xff\xff\xff\xffxyz"),
     "2xyz!the output stream ended in the middle of a message"},
};

struct seen {
    struct str text;
    enum stream last;
    int stop_after; /* -1: never */
};

/* Pieces of one stream in a row are one, so that cutting makes no difference. */
static int on_output(void *owner, enum stream s, const char *bytes, size_t len)
{
    struct seen *seen = owner;

    assert_true(len > 0);
    if (seen->last != s)
        str_addf(&seen->text, "%d", s);
    seen->last = s;
    str_addn(&seen->text, bytes, len);
    return seen->stop_after >= 0 && seen->stop_after-- == 0;
}

static void split(const char *in, size_t len, size_t piece, struct str *out)
{
    struct seen seen = {.stop_after = -1};
    struct frames f = {0};
    AUTO_ERR err = {0};
    int rc = 0;

    for (size_t at = 0; at < len && rc == 0; at += piece) {
        size_t n = len - at < piece ? len - at : piece;

        rc = frames_feed(&f, in + at, n, on_output, &seen, &err);
    }
    if (rc == 0)
        rc = frames_end(&f, &err);
    str_add(out, str_text(&seen.text));
    if (rc < 0)
        str_addf(out, "!%s", err_text(&err));
    str_done(&seen.text);
    frames_done(&f);
}

static void test_cases(void **state)
{
    static const size_t pieces[] = {1, 2, 3, 7, 8, 9, 1000};

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        for (size_t k = 0; k < ARRAY_LEN(pieces); k++) {
            AUTO_TEXT got = {0};

            split(cases[i].in, cases[i].len, pieces[k], &got);
            assert_string_equal(str_text(&got), cases[i].want);
        }
    }
}

static void test_owner_wants_no_more(void **state)
{
    static const char in[] = OUT("\1") "a" OUT("\1") "b" OUT("\1") "c";
    struct seen seen = {.stop_after = 1};
    struct frames f = {0};
    AUTO_ERR err = {0};

    (void)state;
    assert_int_equal(frames_feed(&f, in, sizeof in - 1, on_output, &seen, &err), 1);
    assert_string_equal(seen.text.data, "1ab");
    str_done(&seen.text);
    frames_done(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cases),
        cmocka_unit_test(test_owner_wants_no_more),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
