/* Through the driver: attach and exec, which leave HTTP. */
#include "drivers/docker/hijack.h"

#include "core/base/arena.h"
#include "tests/lib/engine.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define ATTACH   "POST /v1.41/containers/c/attach?stream=1&stdin=1&stdout=1&stderr=1"
#define UPGRADED "HTTP/1.1 101 UPGRADED\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n"
#define FRAME(kind, length)                                                                        \
    kind SERVER_NUL SERVER_NUL SERVER_NUL SERVER_NUL SERVER_NUL SERVER_NUL length

static struct call *attach(struct engine *e, struct outcome *o, bool tty)
{
    o->e = e;
    o->call = e->w->ops->container_attach(e->w, "c", true, tty, engine_on_output, engine_on_ready,
                                          engine_on_done, o);
    return o->call;
}

/* Raw streams. want: the output, then the error after "!" (`~`: contained). */
static const struct {
    bool tcp;
    const char *answer;
    unsigned ready;
    const char *want;
    enum err_code code;
} cases[] = {
    {false, UPGRADED "hello" SERVER_CLOSE, 1, "1:hello!", ERR_NONE},
    {false, UPGRADED SERVER_PAUSE "hello" SERVER_PAUSE "you" SERVER_CLOSE, 1, "1:hello 1:you!",
     ERR_NONE},
    {false,
     "HTTP/1.1 1" SERVER_PAUSE "01 UPGRADED\r\n" SERVER_PAUSE "\r" SERVER_PAUSE "\nx" SERVER_CLOSE,
     1, "1:x!", ERR_NONE},
    {false, UPGRADED SERVER_CLOSE, 1, "!", ERR_NONE},
    {false,
     "HTTP/1.1 200 OK\r\nContent-Type: application/vnd.docker.raw-stream\r\n\r\nhi" SERVER_CLOSE, 1,
     "1:hi!", ERR_NONE},
    {false, SERVER_ANSWER("404 Not Found", "application/json", "{\"message\":\"no c\"}"), 0,
     "!Error response from daemon: no c", ERR_NOT_FOUND},
    {false,
     "HTTP/1.1 409 Conflict\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{\"mes\r\n" SERVER_PAUSE
     "d\r\nsage\":\"busy\"}\r\n0\r\n\r\n",
     0, "!Error response from daemon: busy", ERR_CONFLICT},
    {false, "HTTP/1.1 500 Oh\r\nContent-Type: text/plain\r\n\r\nbroken" SERVER_CLOSE, 0,
     "!Error response from daemon: broken", ERR_ENGINE},
    {false, "HTTP/1.1 500 Oh\r\nContent-Length: 90\r\n\r\ncut" SERVER_CLOSE, 0,
     "!Error response from daemon: cut", ERR_ENGINE},
    {false, "HTTP/1.1 204 None\r\n\r\n", 0, "!~status 204", ERR_ENGINE},
    {false, SERVER_CLOSE, 0, "!~error during connect: POST /v1.41/containers/c/attach",
     ERR_UNREACHABLE},
    {false, "HTTP/1.1 101 UPGR" SERVER_CLOSE, 0, "!~error during connect", ERR_UNREACHABLE},
    {false, "220 smtp ready\r\n\r\n" SERVER_CLOSE, 0, "!~is no HTTP", ERR_UNREACHABLE},
    {false, SERVER_NUL "\r\n\r\n" SERVER_CLOSE, 0, "!~is no HTTP", ERR_UNREACHABLE},
    {false, "HTTP/1.1 404 No\r\nContent-Length: 99999999999999999999\r\n\r\n", 0, "!~is no HTTP",
     ERR_UNREACHABLE},
    {true, UPGRADED "hello" SERVER_CLOSE, 1, "1:hello!", ERR_NONE},
    {true, SERVER_RESET, 0, "!~error during connect", ERR_UNREACHABLE},
    {true, UPGRADED "x" SERVER_PAUSE SERVER_RESET, 1, "1:x!", ERR_NONE},
};

static void test_answers(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct engine e;
        struct outcome o = {0};
        const char *bang = strchr(cases[i].want, '!');
        AUTO_TEXT want = {0};

        engine_start(&e, cases[i].tcp, NULL);
        server_on(e.server, ATTACH, cases[i].answer);
        attach(&e, &o, true);
        engine_run(&e);
        assert_int_equal(o.runs, 1);
        assert_int_equal(o.ready, cases[i].ready);
        str_addn(&want, cases[i].want, (size_t)(bang - cases[i].want));
        assert_string_equal(str_text(&o.output), want.data);
        assert_int_equal(o.err.code, cases[i].code);
        if (bang[1] == '~')
            assert_non_null(strstr(err_text(&o.err), bang + 2));
        else if (bang[1])
            assert_string_equal(err_text(&o.err), bang + 1);
        outcome_done(&o);
        engine_end(&e);
    }
}

static void test_nobody_there(void **state)
{
    for (int tcp = 0; tcp < 2; tcp++) {
        struct engine e;
        struct outcome info = {0}, o = {0};

        (void)state;
        engine_start(&e, tcp, NULL);
        info.e = &e;
        e.r->ops->info(e.r, e.arena, engine_on_done, &info);
        engine_run(&e);
        server_stop_listening(e.server);
        engine_run(&e);
        attach(&e, &o, true);
        engine_run(&e);
        assert_int_equal(o.runs, 1);
        assert_int_equal(o.err.code, ERR_UNREACHABLE);
        assert_non_null(strstr(err_text(&o.err), "Is the docker daemon running?"));
        outcome_done(&o);
        outcome_done(&info);
        engine_end(&e);
    }
}

/* Frames, and the engine's own error among them. */
static void test_frames(void **state)
{
    struct engine e;
    struct outcome good = {0}, bad = {0}, cut = {0}, failed = {0};

    (void)state;
    engine_start(&e, false, NULL);
    server_on(e.server, ATTACH,
              UPGRADED FRAME("\2", "\3") "err" FRAME("\1", "\3") "out" SERVER_CLOSE);
    server_on(e.server, ATTACH, UPGRADED "hello, world" SERVER_CLOSE);
    server_on(e.server, ATTACH, UPGRADED FRAME("\1", "\3") "o" SERVER_CLOSE);
    server_on(e.server, ATTACH, UPGRADED FRAME("\3", "\4") "oops" SERVER_HANG);
    attach(&e, &good, false);
    engine_run(&e);
    assert_string_equal(str_text(&good.output), "2:err 1:out");
    assert_int_equal(good.err.code, ERR_NONE);
    attach(&e, &bad, false);
    engine_run(&e);
    assert_int_equal(bad.runs, 1);
    assert_int_equal(bad.err.code, ERR_ENGINE);
    attach(&e, &cut, false);
    engine_run(&e);
    assert_int_equal(cut.runs, 1);
    assert_int_equal(cut.err.code, ERR_UNREACHABLE);
    attach(&e, &failed, false);
    engine_run(&e);
    assert_int_equal(failed.runs, 1);
    assert_string_equal(err_text(&failed.err), "Error response from daemon: oops");
    outcome_done(&failed);
    outcome_done(&good);
    outcome_done(&bad);
    outcome_done(&cut);
    engine_end(&e);
}

/* What is sent before there is a connection goes out with it, in order; the end of input ends the
 * echo. */
static void test_input(void **state)
{
    for (int tcp = 0; tcp < 2; tcp++) {
        struct engine e;
        struct outcome o = {0};
        AUTO_TEXT big = {0}, back = {0};
        struct call *c;

        (void)state;
        engine_start(&e, tcp, NULL);
        server_on(e.server, ATTACH, UPGRADED SERVER_ECHO);
        c = attach(&e, &o, true);
        str_repeat(&big, 'x', 3000000);
        e.driver->ops->send(c, "a", 1, engine_on_sent, &o);
        e.driver->ops->send(c, big.data, big.len, engine_on_sent, &o);
        e.driver->ops->send(c, "b", 1, NULL, NULL);
        e.driver->ops->send(c, "", 0, engine_on_sent, &o);
        assert_int_equal(o.sent, 0);
        e.driver->ops->send_end(c);
        e.driver->ops->send_end(c);
        engine_run(&e);
        assert_int_equal(o.runs, 1);
        assert_int_equal(o.sent, 3);
        assert_int_equal(o.err.code, ERR_NONE);
        for (const char *at = o.output.data; at;
             at = strstr(at, "1:") ? strstr(at, "1:") + 2 : NULL)
            str_addn(&back, at, strcspn(at, " 1"));
        assert_int_equal(back.len, big.len + 2);
        assert_int_equal(back.data[0], 'a');
        assert_int_equal(back.data[back.len - 1], 'b');
        outcome_done(&o);
        engine_end(&e);
    }
}

/* The keys to detach end the call of a terminal, and of nothing else. */
static void test_detach(void **state)
{
    for (int tty = 0; tty < 2; tty++) {
        struct engine e;
        struct outcome o = {0};
        struct call *c;

        (void)state;
        engine_start(&e, false, NULL);
        server_on(e.server, ATTACH, UPGRADED SERVER_ECHO);
        c = attach(&e, &o, tty);
        e.driver->ops->send(c, "\x10", 1, engine_on_sent, &o);
        e.driver->ops->send(c, "\x11", 1, engine_on_sent, &o);
        e.driver->ops->send_end(c);
        engine_run(&e);
        assert_int_equal(o.runs, 1);
        assert_int_equal(o.sent, 2);
        assert_int_equal(o.err.code,
                         tty ? ERR_DETACHED : ERR_UNREACHABLE); /* an echo has no frames */
        if (tty)
            assert_string_equal(err_text(&o.err), "read escape sequence");
        outcome_done(&o);
        engine_end(&e);
    }
}

/* Who waits for on_sent hears of it before done, at the latest. */
static void test_input_nobody_reads(void **state)
{
    struct engine e;
    struct outcome o = {0};
    AUTO_TEXT big = {0};
    struct call *c;

    (void)state;
    engine_start(&e, false, NULL);
    server_on(e.server, ATTACH, SERVER_JSON("no") SERVER_CLOSE);
    c = attach(&e, &o, true);
    str_repeat(&big, 'x', 100000);
    e.driver->ops->send(c, big.data, big.len, engine_on_sent, &o);
    e.driver->ops->send(c, big.data, big.len, engine_on_sent, &o);
    engine_run(&e);
    assert_int_equal(o.runs, 1);
    assert_int_equal(o.sent, 2);
    assert_int_equal(o.err.code, ERR_ENGINE);
    outcome_done(&o);
    engine_end(&e);
}

static void test_cancel(void **state)
{
    for (int turns = 0; turns < 14; turns++) {
        for (int tcp = 0; tcp < 2; tcp++) {
            struct engine e;
            struct outcome o = {0};
            struct call *c;

            (void)state;
            engine_start(&e, tcp, NULL);
            server_on(e.server, ATTACH, UPGRADED SERVER_ECHO);
            c = attach(&e, &o, true);
            e.driver->ops->send(c, "abc", 3, engine_on_sent, &o);
            for (int i = 0; i < turns; i++)
                uv_run(&e.loop, UV_RUN_NOWAIT);
            if (turns % 2)
                e.driver->ops->cancel(c);
            else
                engine_close(&e);
            engine_run(&e);
            assert_int_equal(o.runs, 1);
            assert_int_equal(o.sent, 1);
            assert_int_equal(o.err.code, ERR_CANCELED);
            outcome_done(&o);
            engine_end(&e);
        }
    }
}

static void test_cancel_from_output(void **state)
{
    struct engine e;
    struct outcome o = {.cancel_on_output = true};

    (void)state;
    engine_start(&e, false, NULL);
    server_on(e.server, ATTACH, UPGRADED "a" SERVER_PAUSE "b" SERVER_CLOSE);
    attach(&e, &o, true);
    engine_run(&e);
    assert_int_equal(o.runs, 1);
    assert_int_equal(o.err.code, ERR_CANCELED);
    assert_string_equal(o.output.data, "1:a");
    outcome_done(&o);
    engine_end(&e);
}

/* The body, and the detached kind that does not leave HTTP. */
static void test_exec_start(void **state)
{
    struct exec_create attached = {.tty = true}, detached = {.detach = true};
    struct engine e;
    struct outcome o = {0};

    (void)state;
    engine_start(&e, false, NULL);
    server_on(e.server, "POST /v1.41/exec/e/start", UPGRADED "out" SERVER_CLOSE);
    server_on(e.server, "POST /v1.41/exec/e/start", SERVER_JSON(""));
    o.e = &e;
    e.w->ops->exec_start(e.w, "e", &attached, engine_on_output, engine_on_ready, engine_on_done,
                         &o);
    engine_run(&e);
    assert_string_equal(o.output.data, "1:out");
    e.w->ops->exec_start(e.w, "e", &detached, engine_on_output, NULL, engine_on_done, &o);
    o.runs = 0;
    engine_run(&e);
    assert_int_equal(o.runs, 1);
    assert_int_equal(o.err.code, ERR_NONE);
    assert_non_null(strstr(server_log(e.server), "/start {\"Detach\":false,\"Tty\":true}\n"));
    assert_non_null(strstr(server_log(e.server), "/start {\"Detach\":true,\"Tty\":false}\n"));
    outcome_done(&o);
    engine_end(&e);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_answers),    cmocka_unit_test(test_nobody_there),
        cmocka_unit_test(test_frames),     cmocka_unit_test(test_input),
        cmocka_unit_test(test_detach),     cmocka_unit_test(test_input_nobody_reads),
        cmocka_unit_test(test_cancel),     cmocka_unit_test(test_cancel_from_output),
        cmocka_unit_test(test_exec_start),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
