#include "cmd/logs_print.h"

#include "cmd/app.h"
#include "core/base/arena.h"
#include "core/base/str.h"
#include "tests/cmd/capture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

static void say(struct log_source *s, enum stream stream, const char *text)
{
    log_source_output(s, stream, text, strlen(text));
}

static void talk(struct log_printer *p, bool split)
{
    struct log_source *web = log_source_add(p, "web-1", split),
                      *db = log_source_add(p, "database-1", split);

    say(web, STREAM_STDOUT, "one\ntwo\nthr");
    say(db, STREAM_STDOUT, "up\n\n");
    say(web, STREAM_STDERR, "bad\n");
    say(web, STREAM_STDOUT, "ee\n");
    say(web, STREAM_STDOUT, "tty\r\nrest");
    log_source_flush(web);
    log_source_flush(web);
    log_source_status(db, "exited with code %d", 3);
}

static const struct {
    struct app app;
    bool no_color, no_prefix, split;
    const char *out, *err;
} cases[] = {
    {{.ansi = ANSI_AUTO},
     false,
     false,
     false,
     "web-1       | one\nweb-1       | two\ndatabase-1  | up\ndatabase-1  | \nweb-1       | bad\n"
     "web-1       | three\nweb-1       | tty\r\nweb-1       | rest\ndatabase-1 exited with code "
     "3\n",
     ""},
    {{.ansi = ANSI_AUTO},
     false,
     true,
     true,
     "one\ntwo\nup\n\nthree\ntty\r\nrest\ndatabase-1 exited with code 3\n",
     "bad\n"},
    {{.ansi = ANSI_ALWAYS, .stdout_tty = true},
     false,
     false,
     true,
     "\033[36mweb-1       | \033[0mone\n\033[36mweb-1       | \033[0mtwo\n\033[33mdatabase-1  | "
     "\033[0mup\n"
     "\033[33mdatabase-1  | \033[0m\n\033[36mweb-1       | \033[0mthree\n\033[36mweb-1       | "
     "\033[0mtty\r\n"
     "\033[36mweb-1       | \033[0mrest\n\033[33m\r\033[Kdatabase-1 exited with code 3\n\033[0m",
     "\033[36mweb-1       | \033[0mbad\n"},
    {{.ansi = ANSI_ALWAYS},
     true,
     true,
     false,
     "one\ntwo\nup\n\nbad\nthree\ntty\r\nrest\ndatabase-1 exited with code 3\n",
     ""},
};

static void test_cases(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct app app = cases[i].app;
        struct log_printer *p = log_printer_new(&app, cases[i].no_color, cases[i].no_prefix, false);
        struct capture out, err;
        AUTO_TEXT got_out = {0};
        AUTO_TEXT got_err = {0};

        capture_start(&out, STDOUT_FILENO);
        capture_start(&err, STDERR_FILENO);
        talk(p, cases[i].split);
        capture_end(&err, &got_err);
        capture_end(&out, &got_out);
        log_printer_free(p);
        assert_string_equal(str_text(&got_out), cases[i].out);
        assert_string_equal(str_text(&got_err), cases[i].err);
    }
}

/* The time we got the line, with nine digits. */
static void test_timestamps(void **state)
{
    struct app app = {.ansi = ANSI_NEVER};
    struct log_printer *p = log_printer_new(&app, false, false, true);
    struct capture out;
    AUTO_TEXT got = {0};
    const char *text;

    (void)state;
    capture_start(&out, STDOUT_FILENO);
    say(log_source_add(p, "a", false), STREAM_STDOUT, "x\n");
    capture_end(&out, &got);
    log_printer_free(p);
    text = str_text(&got);
    assert_true(str_has_prefix(text, "a  | 20"));
    assert_int_equal(text[5 + 19], '.');
    assert_int_equal(strspn(text + 5 + 20, "0123456789"), 9);
    assert_true(str_has_suffix(text, " x\n"));
}

static void test_name(void **state)
{
    struct arena *a = arena_new();

    (void)state;
    assert_string_equal(log_name(a, "p", "web", 2, "p-web-2"), "web-2");
    assert_string_equal(log_name(a, "p", "web", 2, "p_web_2"), "web_2");
    assert_string_equal(log_name(a, "p", "web", 2, "p-web-3"), "p-web-3");
    assert_string_equal(log_name(a, "p", "web", 1, "p-own"), "p-own");
    assert_string_equal(log_name(a, "p", "web", 1, "0123456789ab_p-web-1"), "0123456789ab_p-web-1");
    arena_free(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cases),
        cmocka_unit_test(test_name),
        cmocka_unit_test(test_timestamps),
    };

    unsetenv("NO_COLOR");
    return cmocka_run_group_tests(tests, NULL, NULL);
}
