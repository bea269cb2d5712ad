#include "core/loop/process.h"

#include "core/base/attr.h"
#include "core/base/err.h"
#include "core/base/str.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

struct seen {
    struct str lines; /* each followed by '|' */
    struct str errors;
    int64_t status;
    int signal, ends;
};

static void on_line(void *owner, const char *line, size_t len)
{
    struct seen *s = owner;

    assert_int_equal(s->ends, 0);
    str_addn(&s->lines, line, len);
    str_addc(&s->lines, '|');
}

static void on_exit_of(void *owner, int64_t status, int signal, const char *errors)
{
    struct seen *s = owner;

    s->ends++;
    s->status = status;
    s->signal = signal;
    str_add(&s->errors, errors);
}

static const struct {
    const char *script;
    int kill; /* right after the start; 0: not */
    const char *lines, *errors;
    int status, signal;
} cases[] = {
    {"exit 0", 0, "", "", 0, 0},
    {"echo one; echo; printf two; exit 3", 0, "one||two|", "", 3, 0},
    {"echo bad >&2; echo $X; echo 'worse \n\n' >&2", 0, "y|", "bad\nworse", 0, 0},
    {"exec sleep 100", SIGTERM, "", "", 0, SIGTERM},
    {"sleep 3 & exec sleep 100", SIGKILL, "", "", 0, SIGKILL}, /* the other one has the pipes */
};

static void run_case(size_t i)
{
    uv_loop_t loop;
    struct seen s = {0};
    const char *args[] = {"sh", "-c", cases[i].script, NULL};
    char x[] = "X=y", path[] = "PATH=/usr/bin:/bin";
    char *environment[] = {x, path, NULL};
    const struct process_options o = {.file = "/bin/sh",
                                      .args = args,
                                      .environment = environment,
                                      .on_line = on_line,
                                      .on_exit = on_exit_of,
                                      .owner = &s};
    struct process *p;

    uv_loop_init(&loop);
    p = process_start(&loop, &o, NULL);
    assert_non_null(p);
    if (cases[i].kill)
        process_kill(p, cases[i].kill);
    uv_run(&loop, UV_RUN_DEFAULT);
    assert_int_equal(uv_loop_close(&loop), 0);
    assert_int_equal(s.ends, 1);
    assert_string_equal(str_text(&s.lines), cases[i].lines);
    assert_string_equal(str_text(&s.errors), cases[i].errors);
    assert_int_equal(s.status, cases[i].status);
    assert_int_equal(s.signal, cases[i].signal);
    str_done(&s.lines);
    str_done(&s.errors);
}

static void test_cases(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++)
        run_case(i);
}

static void test_not_there(void **state)
{
    uv_loop_t loop;
    const char *args[] = {"x", NULL};
    const struct process_options o = {.file = "/nonexistent/x", .args = args};
    AUTO_ERR err = {0};

    (void)state;
    uv_loop_init(&loop);
    assert_null(process_start(&loop, &o, &err));
    assert_string_equal(err_text(&err), "cannot run '/nonexistent/x': no such file or directory");
    uv_run(&loop, UV_RUN_DEFAULT);
    assert_int_equal(uv_loop_close(&loop), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cases),
        cmocka_unit_test(test_not_there),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
