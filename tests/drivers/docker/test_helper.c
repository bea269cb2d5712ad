/* drivers/docker/helper.c: helpers that are shell scripts. */
#include "drivers/docker/helper.h"

#include "core/base/err.h"
#include "core/base/str.h"
#include "tests/lib/fixture.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/stat.h>

#include <cmocka.h>

/* What the helper does; what it told. */
static const struct {
    const char *script, *want;
} cases[] = {
    {"echo \"{\\\"Username\\\": \\\"$1 $(cat)\\\", \\\"Secret\\\": \\\"s\\\"}\"",
     "get host:5000/s"},
    {"cat >/dev/null; echo '{\"ServerURL\":\"x\",\"Username\":\"<token>\",\"Secret\":\"t\"}'",
     "<token>/t"},
    {"echo '{\"Username\":\"u\",\"Secret\":\"without asking\"}'", "u/without asking"},
    {"cat >/dev/null; echo 'credentials not found in native keychain'; exit 1", "/"},
    {"echo 'the keychain is locked'; exit 2",
     "error getting credentials - err: exit status 2, out: `the keychain is locked`"},
    {"echo secret",
     "error getting credentials - the answer of \"docker-credential-test\" is not JSON"},
    {"exit 0", "error getting credentials - the answer of \"docker-credential-test\" is not JSON"},
};

static void on_done(void *owner, const char *username, const char *secret, const struct err *err)
{
    struct str *told = owner;

    if (err)
        str_add(told, err_text(err));
    else
        str_addf(told, "%s/%s", username, secret);
    str_addc(told, '\n');
}

static void install(struct fixture *f, const char *script)
{
    AUTO_TEXT text = {0}, path = {0};

    str_addf(&text, "#!/bin/sh\n%s\n", script);
    fixture_file(f, "docker-credential-test", str_text(&text));
    str_addf(&path, "%s/docker-credential-test", f->dir);
    assert_int_equal(chmod(str_text(&path), 0755), 0);
}

/* Runs the helper with the fixture's directory first in PATH. */
static void ask(const struct fixture *f, const char *name, bool cancel, struct str *told)
{
    const char *path = getenv("PATH");
    AUTO_TEXT with = {0};
    AUTO_TEXT was = {0};
    struct helper *h;
    uv_loop_t loop;

    str_add(&was, path ? path : "");
    str_addf(&with, "%s:%s", f->dir, str_text(&was));
    assert_int_equal(setenv("PATH", str_text(&with), 1), 0);
    assert_int_equal(uv_loop_init(&loop), 0);
    h = helper_get(&loop, name, "host:5000", on_done, told);
    assert_int_equal(told->len, 0); /* never from inside the call */
    if (cancel)
        helper_cancel(h);
    uv_run(&loop, UV_RUN_DEFAULT);
    assert_int_equal(uv_loop_close(&loop), 0);
    assert_int_equal(setenv("PATH", str_text(&was), 1), 0);
}

static void test_answers(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct fixture f;
        AUTO_TEXT told = {0}, want = {0};

        fixture_init(&f);
        install(&f, cases[i].script);
        ask(&f, "test", false, &told);
        str_addf(&want, "%s\n", cases[i].want);
        assert_string_equal(str_text(&told), str_text(&want));
        fixture_done(&f);
    }
}

static void test_no_such_program(void **state)
{
    struct fixture f;
    AUTO_TEXT told = {0};

    (void)state;
    fixture_init(&f);
    ask(&f, "gone", false, &told);
    assert_string_equal(str_text(&told), "error getting credentials - err: exec: "
                                         "\"docker-credential-gone\": executable file not found "
                                         "in $PATH, out: ``\n");
    fixture_done(&f);
}

/* It is killed, and nothing is told. */
static void test_cancel(void **state)
{
    struct fixture f;
    AUTO_TEXT told = {0};

    (void)state;
    fixture_init(&f);
    install(&f, "exec sleep 1000");
    ask(&f, "test", true, &told);
    ask(&f, "gone", true, &told);
    assert_string_equal(str_text(&told), "");
    fixture_done(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_answers),
        cmocka_unit_test(test_no_such_program),
        cmocka_unit_test(test_cancel),
    };

    signal(SIGPIPE, SIG_IGN);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
