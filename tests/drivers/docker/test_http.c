/* Also call.c and version.c: what a driver does with answers, good and bad, over a real socket. */
#include "drivers/docker/http.h"

#include "core/base/arena.h"
#include "drivers/docker/address.h"
#include "drivers/docker/internal.h"
#include "tests/lib/engine.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define LIST "GET /v1.41/containers/json"
#define CHUNKED                                                                                    \
    "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"

static struct call *list(struct engine *e, struct outcome *o)
{
    o->e = e;
    return e->r->ops->container_list(e->r, e->arena, NULL, engine_on_done, o);
}

/* ---- what the engine may answer ---- */

/* want: "n containers" or the error; `~`: the error contains it. */
static const struct {
    bool tcp;
    const char *answer, *want;
    enum err_code code;
} answers[] = {
    {false, SERVER_JSON("[{\"Id\":\"a\"},{\"Id\":\"b\"}]"), "2 containers", ERR_NONE},
    {false, SERVER_JSON("[]"), "0 containers", ERR_NONE},
    {false, SERVER_JSON("null"), "0 containers", ERR_NONE},
    {false, SERVER_JSON("{\"message\":1}"), "the engine's answer is no list", ERR_ENGINE},
    {false, SERVER_JSON("[1,null,{\"Names\":{\"a\":[]}}]"), "3 containers",
     ERR_NONE}, /* nonsense is no crash */
    {false, CHUNKED "3\r\n[{}\r\n" SERVER_PAUSE "4\r\n,{}]\r\n" SERVER_PAUSE "0\r\n\r\n",
     "2 containers", ERR_NONE},
    {false,
     "HTTP/1.1 200" SERVER_PAUSE " OK\r\nContent-" SERVER_PAUSE "Length: 2\r\n\r\n[" SERVER_PAUSE
     "]",
     "0 containers", ERR_NONE},
    {false, "HTTP/1.0 200 OK\r\n\r\n[{}]" SERVER_CLOSE, "1 containers", ERR_NONE},
    {false, "HTTP/1.1 100 Continue\r\n\r\n" SERVER_JSON("[]"), "0 containers", ERR_NONE},
    {false, SERVER_ANSWER("200 OK", "text/html", "<html>hello</html>"), "~is no JSON", ERR_ENGINE},
    {false, SERVER_JSON("[{\"Id\":"), "~is no JSON", ERR_ENGINE},
    {false, SERVER_JSON(""), "~is no JSON", ERR_ENGINE},
    {false, SERVER_ANSWER("500 Oh", "application/json", "{\"message\":\"it broke\"}"),
     "Error response from daemon: it broke", ERR_ENGINE},
    {false, SERVER_ANSWER("404 Not Found", "application/json", "{\"message\":\"none\"}"),
     "Error response from daemon: none", ERR_NOT_FOUND},
    {false, SERVER_ANSWER("301 Moved", "text/plain", ""), "~status 301", ERR_ENGINE},
    /* An error that the engine could say counts, however it hangs up then. */
    {false, "HTTP/1.1 500 Oh\r\nContent-Length: 99\r\n\r\n{\"message\":\"half\"}" SERVER_CLOSE,
     "Error response from daemon: half", ERR_ENGINE},
    {false, SERVER_CLOSE, "~error during connect: GET /v1.41/containers/json at unix://",
     ERR_UNREACHABLE},
    {false, "HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n[" SERVER_CLOSE, "~error during connect",
     ERR_UNREACHABLE},
    {false, CHUNKED "5\r\n[]" SERVER_CLOSE, "~error during connect", ERR_UNREACHABLE},
    {false, CHUNKED "zz\r\n[]\r\n", "~error during connect", ERR_UNREACHABLE},
    {false, "SSH-2.0-OpenSSH_9.2\r\n" SERVER_CLOSE, "~error during connect", ERR_UNREACHABLE},
    {false, "HTTP/1.1 200 OK\r\nX-" SERVER_NUL "Y: 1\r\nContent-Length: 2\r\n\r\n[]",
     "~error during connect", ERR_UNREACHABLE},
    {true, SERVER_JSON("[{},{},{}]"), "3 containers", ERR_NONE},
    {true, SERVER_RESET, "~error during connect", ERR_UNREACHABLE},
    {true, CHUNKED "5\r\n[]" SERVER_PAUSE SERVER_RESET, "~error during connect", ERR_UNREACHABLE},
};

static void test_answers(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(answers); i++) {
        struct engine e;
        struct outcome o = {0};
        AUTO_TEXT got = {0};
        const char *want = answers[i].want;

        engine_start(&e, answers[i].tcp, NULL);
        server_on(e.server, LIST, answers[i].answer);
        list(&e, &o);
        assert_int_equal(o.runs, 0); /* never from inside */
        engine_run(&e);
        assert_int_equal(o.runs, 1);
        if (o.err.code == ERR_NONE)
            str_addf(&got, "%zu containers", o.reply.containers.len);
        else
            str_add(&got, err_text(&o.err));
        if (*want != '~')
            assert_string_equal(got.data, want);
        else if (!strstr(got.data, want + 1))
            fail_msg("case %zu: '%s' has no '%s'", i, got.data, want + 1);
        assert_int_equal(o.err.code, answers[i].code);
        outcome_done(&o);
        engine_end(&e);
    }
}

/* ---- connections ---- */

static void test_one_connection_is_kept(void **state)
{
    struct engine e;
    struct outcome o = {0};

    (void)state;
    engine_start(&e, false, NULL);
    server_on(e.server, LIST, SERVER_JSON("[]"));
    for (int i = 0; i < 5; i++) {
        list(&e, &o);
        engine_run(&e);
    }
    assert_int_equal(o.runs, 5);
    assert_int_equal(o.err.code, ERR_NONE);
    assert_int_equal(server_connections(e.server), 1);
    assert_non_null(strstr(server_log(e.server), "HEAD /_ping\nGET /v1.41/containers/json\nGET "));
    outcome_done(&o);
    engine_end(&e);
}

/* The engine may close what is idle at any time, even just as the next request is on its way. */
static void test_idle_connection_closed_by_the_engine(void **state)
{
    struct engine e;
    struct outcome o = {0};

    (void)state;
    engine_start(&e, false, NULL);
    server_on(e.server, LIST, SERVER_JSON("[]"));
    server_on(e.server, LIST, SERVER_CLOSE); /* the second request on the same connection */
    server_on(e.server, LIST, SERVER_JSON("[{}]") SERVER_CLOSE);
    list(&e, &o);
    engine_run(&e);
    list(&e, &o);
    engine_run(&e);
    assert_int_equal(o.runs, 2);
    assert_int_equal(o.err.code, ERR_NONE);
    assert_int_equal(o.reply.containers.len, 1);
    list(&e, &o);
    engine_run(&e);
    assert_int_equal(o.runs, 3);
    assert_int_equal(o.err.code, ERR_NONE);
    outcome_done(&o);
    engine_end(&e);
}

static void test_many_at_once(void **state)
{
    struct engine e;
    struct outcome o = {0};

    (void)state;
    engine_start(&e, false, NULL);
    server_on(e.server, LIST, SERVER_PAUSE SERVER_JSON("[]"));
    for (int i = 0; i < 100; i++)
        list(&e, &o);
    engine_run(&e);
    assert_int_equal(o.runs, 100);
    assert_int_equal(o.err.code, ERR_NONE);
    assert_true(server_connections(e.server) >= 50);
    assert_null(strstr(strstr(server_log(e.server), "_ping") + 1, "_ping")); /* asked once */
    outcome_done(&o);
    engine_end(&e);
}

static void test_nobody_there(void **state)
{
    struct engine e;
    struct outcome o = {0};
    AUTO_TEXT want = {0};

    (void)state;
    engine_start(&e, false, NULL);
    server_stop_listening(e.server);
    str_addf(&want, "Cannot connect to the Docker daemon at %s. Is the docker daemon running?",
             server_host(e.server));
    for (int i = 0; i < 3; i++)
        list(&e, &o);
    engine_run(&e);
    assert_int_equal(o.runs, 3);
    assert_int_equal(o.err.code, ERR_UNREACHABLE);
    assert_string_equal(err_text(&o.err), want.data);
    list(&e, &o); /* and it may ask again */
    engine_run(&e);
    assert_int_equal(o.runs, 4);
    outcome_done(&o);
    engine_end(&e);
}

/* ---- the version ---- */

#define PING(headers) "HTTP/1.1 200 OK\r\n" headers "Content-Length: 0\r\n\r\n"

static const struct {
    const char *ping, *get_ping;
    const char *env[5];
    const char *want;
} versions[] = {
    {PING("Api-Version: 1.41\r\nOstype: linux\r\n"), NULL, {NULL}, "1.41 linux buildkit"},
    {PING("Api-Version: 1.99\r\nOstype: windows\r\n"), NULL, {NULL}, "1.51 windows"},
    {PING("Api-Version: 2.0\r\n"), NULL, {NULL}, "1.51 linux buildkit"},
    {PING("api-version:1.30\r\n"), NULL, {NULL}, "1.30 linux"},
    {PING("Api-Version: 1.41\r\n"), NULL, {"DOCKER_BUILDKIT", "0", NULL}, "1.41 linux"},
    {PING("Api-Version: 1.41\r\n"),
     NULL,
     {"DOCKER_API_VERSION", "1.40", NULL},
     "1.40 linux buildkit"},
    {PING("Api-Version: 1.41\r\n"),
     NULL,
     {"DOCKER_API_VERSION", "v1.45", NULL},
     "1.45 linux buildkit"},
    {PING("Api-Version: 1.41\r\n"),
     NULL,
     {"DOCKER_API_VERSION", "new", NULL},
     "invalid DOCKER_API_VERSION 'new'"},
    {PING("Api-Version: 1.12\r\n"),
     NULL,
     {NULL},
     "API version 1.12 is not supported by this client: the minimum supported API version is 1.24"},
    {PING(""), NULL, {NULL}, "~is no Docker engine"},
    {PING("Api-Version: x\r\n"), NULL, {NULL}, "~is no Docker engine"},
    {"HTTP/1.1 405 No\r\nContent-Length: 0\r\n\r\n",
     "HTTP/1.1 200 OK\r\nApi-Version: 1.42\r\nContent-Length: 2\r\n\r\nOK",
     {NULL},
     "1.42 linux buildkit"},
    {"HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n",
     SERVER_ANSWER("500 No", "application/json", "{\"message\":\"starting\"}"),
     {NULL},
     "Error response from daemon: starting"},
};

static void test_versions(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(versions); i++) {
        struct engine e;
        struct outcome o = {0};
        AUTO_TEXT got = {0};
        const char *want = versions[i].want;

        engine_start(&e, false, versions[i].env);
        server_on(e.server, "HEAD /_ping", versions[i].ping);
        if (versions[i].get_ping)
            server_on(e.server, "GET /_ping", versions[i].get_ping);
        o.e = &e;
        e.r->ops->info(e.r, e.arena, engine_on_done, &o);
        engine_run(&e);
        assert_int_equal(o.runs, 1);
        if (o.err.code != ERR_NONE)
            str_add(&got, err_text(&o.err));
        else
            str_addf(&got, "%u.%u %s%s", o.reply.info->api_major, o.reply.info->api_minor,
                     o.reply.info->os_type, o.reply.info->buildkit ? " buildkit" : "");
        if (*want == '~')
            assert_non_null(strstr(got.data, want + 1));
        else
            assert_string_equal(got.data, want);
        outcome_done(&o);
        engine_end(&e);
    }
}

/* ---- canceling and closing ---- */

/* At each moment of a call's life: one done, ERR_CANCELED, nothing left. */
static void test_cancel(void **state)
{
    for (int turns = 0; turns < 12; turns++) {
        for (int close = 0; close < 2; close++) {
            struct engine e;
            struct outcome o = {0};
            struct call *c;

            (void)state;
            engine_start(&e, false, NULL);
            server_on(e.server, LIST, "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n[" SERVER_HANG);
            c = list(&e, &o);
            for (int i = 0; i < turns; i++)
                uv_run(&e.loop, UV_RUN_NOWAIT);
            if (close) {
                engine_close(&e);
            } else {
                e.driver->ops->cancel(c);
                e.driver->ops->cancel(c);
            }
            assert_int_equal(o.runs, 0);
            engine_run(&e);
            assert_int_equal(o.runs, 1);
            assert_int_equal(o.err.code, ERR_CANCELED);
            outcome_done(&o);
            engine_end(&e);
        }
    }
}

/* The first answer closes the driver, from inside of done; the others end. */
static void test_close_from_done(void **state)
{
    struct engine e;
    struct outcome first = {.close_on_done = true}, others = {0};

    (void)state;
    engine_start(&e, false, NULL);
    server_on(e.server, LIST, SERVER_PAUSE SERVER_JSON("[]"));
    first.e = &e;
    list(&e, &first);
    for (int i = 0; i < 10; i++)
        list(&e, &others);
    engine_run(&e);
    assert_int_equal(first.runs, 1);
    assert_int_equal(first.err.code, ERR_NONE);
    assert_int_equal(others.runs, 10);
    outcome_done(&first);
    outcome_done(&others);
    engine_end(&e);
}

static void on_done_asks_again(void *owner, const struct reply *r, const struct err *err)
{
    struct outcome *o = owner;

    engine_on_done(o, r, err);
    if (o->runs < 4)
        o->e->r->ops->container_list(o->e->r, o->e->arena, NULL, on_done_asks_again, o);
}

/* A done that answers its cancellation with a new call gets that canceled too. */
static void test_calls_while_closing(void **state)
{
    struct engine e;
    struct outcome o = {.e = &e};
    struct driver *d;

    (void)state;
    engine_start(&e, false, NULL);
    d = e.driver;
    e.r->ops->container_list(e.r, e.arena, NULL, on_done_asks_again, &o);
    d->ops->close(d);
    e.driver = NULL;
    engine_run(&e);
    assert_int_equal(o.runs, 4);
    assert_int_equal(o.err.code, ERR_CANCELED);
    outcome_done(&o);
    engine_end(&e);
}

/* ---- uploads, with http.h itself ---- */

struct upload {
    uv_loop_t loop;
    struct server *server;
    struct address at;
    struct http *http;
    struct http_request *request;
    uv_timer_t later;
    size_t left, piece;
    bool pauses, paused, aborts;
    int status;
    struct str body;
    struct err err;
    unsigned done;
};

static void on_later(uv_timer_t *timer)
{
    struct upload *u = timer->data;

    if (u->request)
        http_resume(u->request);
}

static ssize_t on_read(void *owner, char *buf, size_t size)
{
    struct upload *u = owner;
    size_t n = u->piece < size ? u->piece : size;

    if (u->aborts && u->left < 1000)
        return HTTP_READ_ABORT;
    if (u->pauses && !u->paused) { /* before every piece */
        u->paused = true;
        uv_timer_start(&u->later, on_later, 1, 0);
        return HTTP_READ_PAUSE;
    }
    u->paused = false;
    n = n < u->left ? n : u->left;
    memset(buf, 'x', n);
    u->left -= n;
    return (ssize_t)n;
}

static void on_done(void *owner, const struct http_answer *a, const struct err *err)
{
    struct upload *u = owner;

    u->done++;
    u->request = NULL;
    u->status = a->status;
    str_addn(&u->body, a->body, a->len);
    if (err)
        err_copy(&u->err, err);
}

static void on_closed(void *owner)
{
    struct upload *u = owner;

    uv_close((uv_handle_t *)&u->later, NULL);
}

static void upload(struct upload *u, bool tcp, const char *answer, bool cancel)
{
    struct http_spec s = {.method = "PUT",
                          .path = "/up",
                          .content_type = "application/x-tar",
                          .on_read = on_read,
                          .on_done = on_done,
                          .owner = u};

    uv_loop_init(&u->loop);
    uv_timer_init(&u->loop, &u->later);
    u->later.data = u;
    u->server = server_new(&u->loop, tcp);
    server_on(u->server, "PUT /up", answer);
    assert_int_equal(address_parse(server_host(u->server), &u->at, &u->err), 0);
    u->http = http_new(&u->loop, &u->at, NULL, 0, &u->err);
    assert_non_null(u->http);
    u->request = http_send(u->http, &s);
    if (cancel) {
        for (int i = 0; i < 5; i++)
            uv_run(&u->loop, UV_RUN_NOWAIT);
        http_cancel(u->request);
        u->request = NULL;
    }
    uv_run(&u->loop, UV_RUN_DEFAULT);
    http_close(u->http, on_closed, u);
    uv_run(&u->loop, UV_RUN_DEFAULT);
    server_free(u->server);
    uv_run(&u->loop, UV_RUN_DEFAULT);
    assert_int_equal(uv_loop_close(&u->loop), 0);
    address_done(&u->at);
}

static void upload_done(struct upload *u)
{
    str_done(&u->body);
    err_done(&u->err);
}

static void test_upload(void **state)
{
    struct upload plain = {.left = 3000000, .piece = 65536},
                  pauses = {.left = 101, .piece = 10, .pauses = true};

    (void)state;
    upload(&plain, false, SERVER_JSON("ok"), false);
    assert_int_equal(plain.done, 1);
    assert_int_equal(plain.status, 200);
    assert_int_equal(plain.left, 0);
    upload_done(&plain);
    upload(&pauses, false, SERVER_JSON("ok"), false);
    assert_int_equal(pauses.done, 1);
    assert_int_equal(pauses.status, 200);
    upload_done(&pauses);
}

/* The engine says no before it has read everything, and hangs up. Over TCP the reset may swallow
 * its answer. */
static void test_upload_refused(void **state)
{
    (void)state;
    for (int tcp = 0; tcp < 2; tcp++) {
        struct upload u = {.left = 300000000, .piece = 65536};

        upload(&u, tcp,
               SERVER_EARLY "HTTP/1.1 404 Not Found\r\nContent-Length: 4\r\n\r\nnope" SERVER_CLOSE,
               false);
        assert_int_equal(u.done, 1);
        if (!tcp || u.err.code == ERR_NONE) {
            assert_int_equal(u.status, 404);
            assert_string_equal(str_text(&u.body), "nope");
        }
        upload_done(&u);
    }
}

static void test_upload_given_up(void **state)
{
    struct upload aborts = {.left = 5000, .piece = 1000, .aborts = true},
                  canceled = {.left = SIZE_MAX, .piece = 1};

    (void)state;
    upload(&aborts, false, SERVER_JSON("ok"), false);
    assert_int_equal(aborts.done, 1);
    assert_int_equal(aborts.err.code, ERR_FAILED);
    upload_done(&aborts);
    upload(&canceled, false, SERVER_JSON("ok"), true);
    assert_int_equal(canceled.done, 0);
    upload_done(&canceled);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_answers),
        cmocka_unit_test(test_one_connection_is_kept),
        cmocka_unit_test(test_idle_connection_closed_by_the_engine),
        cmocka_unit_test(test_many_at_once),
        cmocka_unit_test(test_nobody_there),
        cmocka_unit_test(test_versions),
        cmocka_unit_test(test_cancel),
        cmocka_unit_test(test_close_from_done),
        cmocka_unit_test(test_calls_while_closing),
        cmocka_unit_test(test_upload),
        cmocka_unit_test(test_upload_refused),
        cmocka_unit_test(test_upload_given_up),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
