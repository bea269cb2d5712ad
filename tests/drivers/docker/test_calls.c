/* What each operation sends, and what it makes of the answer. */
#include "core/base/arena.h"
#include "drivers/docker/internal.h"
#include "tests/lib/engine.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static const char *label_items[] = {"a=b c", "k"}, *name_items[] = {"n.1"},
                  *status_items[] = {"die", "start"};
static const char *argv_items[] = {"sh", "-c", "x"}, *env_items[] = {"A=1"};
static const struct list_filter filter = {
    .all = true,
    .labels = {label_items, 2},
    .names = {name_items, 1},
    .status = {status_items, 2},
    .dangling_set = true,
};
static const struct exec_create command = {
    .user = "u", .argv = {argv_items, 3}, .environment = {env_items, 1}, .stdin_open = true};
static const struct log_options follow = {
    .follow = true, .timestamps = true, .tail = "5", .since = "1.5"};

static void ignore_event(void *owner, const struct event *e)
{
    (void)owner;
    (void)e;
}

enum op {
    LIST_PLAIN,
    LIST_FILTERED,
    INSPECT,
    LOGS_FOLLOW,
    EVENTS,
    NETWORK_LIST,
    NETWORK_INSPECT,
    VOLUME_LIST,
    VOLUME_INSPECT,
    IMAGE_LIST,
    IMAGE_INSPECT,
    IMAGE_DIGEST,
    EXEC_INSPECT,
    START,
    STOP,
    STOP_NOW,
    RESTART,
    KILL,
    PAUSE,
    UNPAUSE,
    REMOVE,
    REMOVE_ALL,
    RENAME,
    WAIT,
    RESIZE,
    EXEC_CREATE,
    EXEC_RESIZE,
    NETWORK_REMOVE,
    NETWORK_DISCONNECT,
    VOLUME_REMOVE,
    IMAGE_REMOVE,
    IMAGE_TAG,
    IMAGE_TAG_DEFAULT,
};

/* The other half of the table below: one line each, as they all have arguments of their own. */
static struct call *run(struct engine *e, enum op op, struct outcome *o)
{
    const struct reader_ops *ask = e->r->ops;
    const struct writer_ops *change = e->w->ops;
    struct arena *a = e->arena;
    struct reader *r = e->r;
    struct writer *w = e->w;
    call_done *done = engine_on_done;

    /* clang-format off */
    switch (op) {
    case LIST_PLAIN: return ask->container_list(r, a, NULL, done, o);
    case LIST_FILTERED: return ask->container_list(r, a, &filter, done, o);
    case INSPECT: return ask->container_inspect(r, a, "a b/c?", done, o);
    case LOGS_FOLLOW: return ask->container_logs(r, "c", &follow, engine_on_output, done, o);
    case EVENTS: return ask->events(r, &filter, ignore_event, engine_on_ready, done, o);
    case NETWORK_LIST: return ask->network_list(r, a, &filter, done, o);
    case NETWORK_INSPECT: return ask->network_inspect(r, a, "n", done, o);
    case VOLUME_LIST: return ask->volume_list(r, a, &filter, done, o);
    case VOLUME_INSPECT: return ask->volume_inspect(r, a, "v", done, o);
    case IMAGE_LIST: return ask->image_list(r, a, &filter, done, o);
    case IMAGE_INSPECT: return ask->image_inspect(r, a, "reg:5000/x/y:1@sha256:2", done, o);
    case IMAGE_DIGEST: return ask->image_digest(r, a, "reg:5000/x/y:1", done, o);
    case EXEC_INSPECT: return ask->exec_inspect(r, "e", done, o);
    case START: return change->container_start(w, "c", done, o);
    case STOP: return change->container_stop(w, "c", TIMEOUT_DEFAULT, done, o);
    case STOP_NOW: return change->container_stop(w, "c", 0, done, o);
    case RESTART: return change->container_restart(w, "c", -1, done, o);
    case KILL: return change->container_kill(w, "c", "SIGTERM", done, o);
    case PAUSE: return change->container_pause(w, "c", done, o);
    case UNPAUSE: return change->container_unpause(w, "c", done, o);
    case REMOVE: return change->container_remove(w, "c", false, false, done, o);
    case REMOVE_ALL: return change->container_remove(w, "c", true, true, done, o);
    case RENAME: return change->container_rename(w, "c", "d", done, o);
    case WAIT: return change->container_wait(w, "c", WAIT_NEXT_EXIT, done, o);
    case RESIZE: return change->container_resize(w, "c", 24, 80, done, o);
    case EXEC_CREATE: return change->exec_create(w, "c", &command, done, o);
    case EXEC_RESIZE: return change->exec_resize(w, "e", 24, 80, done, o);
    case NETWORK_REMOVE: return change->network_remove(w, "n", done, o);
    case NETWORK_DISCONNECT: return change->network_disconnect(w, "n", "c", done, o);
    case VOLUME_REMOVE: return change->volume_remove(w, "v", true, done, o);
    case IMAGE_REMOVE: return change->image_remove(w, "x:1", done, o);
    case IMAGE_TAG: return change->image_tag(w, "sha256:1", "reg:5000/x:v1", done, o);
    case IMAGE_TAG_DEFAULT: return change->image_tag(w, "x", "reg:5000/x", done, o);
    }
    /* clang-format on */
    return NULL;
}

#define DONE         "HTTP/1.1 204 No Content\r\n\r\n"
#define NOT_MODIFIED "HTTP/1.1 304 Not Modified\r\n\r\n"
/* {"label":{"a=b c":true,"k":true}...} */
#define LABEL        "%22label%22%3A%7B%22a%3Db%20c%22%3Atrue%2C%22k%22%3Atrue%7D"
#define NAME(key)    "%2C%22" key "%22%3A%7B%22n.1%22%3Atrue%7D"
#define WHOLE_NAME   "%2C%22name%22%3A%7B%22%5En%5C%5C.1%24%22%3Atrue%7D"
#define ACTIONS(key) "%2C%22" key "%22%3A%7B%22die%22%3Atrue%2C%22start%22%3Atrue%7D"

/* result: what of the reply is not empty, or the error after "!". */
static const struct {
    enum op op;
    const char *answer, *request, *result;
} cases[] = {
    {LIST_PLAIN, SERVER_JSON("[{}]"), "GET /v1.41/containers/json", "1 containers"},
    {LIST_FILTERED, SERVER_JSON("[]"),
     "GET /v1.41/containers/json?all=1&filters=%7B" LABEL WHOLE_NAME ACTIONS("status") "%7D", ""},
    {INSPECT, SERVER_JSON("{\"Id\":\"i\",\"State\":{\"ExitCode\":3,\"Status\":\"running\"}}"),
     "GET /v1.41/containers/a%20b/c%3F/json", "id i exit 3 running 1 containers"},
    {LOGS_FOLLOW, SERVER_ANSWER("200 OK", "x", ""),
     "GET /v1.41/containers/c/logs?stdout=1&stderr=1&follow=1&timestamps=1&tail=5&since=1.5", ""},
    {EVENTS, SERVER_ANSWER("200 OK", "application/json", "{}\n"),
     "GET /v1.41/events?filters=%7B%22type%22%3A%7B%22container%22%3Atrue%7D%2C" LABEL NAME(
         "container") ACTIONS("event") "%7D",
     "!ended the stream of events"},
    {NETWORK_LIST, SERVER_JSON("[{},{}]"),
     "GET /v1.41/networks?filters=%7B" LABEL NAME("name") "%7D", "2 networks"},
    {NETWORK_INSPECT, SERVER_JSON("{\"Id\":\"1\"}"), "GET /v1.41/networks/n", "id 1 1 networks"},
    {VOLUME_LIST, SERVER_JSON("{\"Volumes\":[{}],\"Warnings\":null}"),
     "GET /v1.41/volumes?filters=%7B" LABEL NAME("name") "%7D", "1 volumes"},
    {VOLUME_INSPECT, SERVER_JSON("{\"Name\":\"v\"}"), "GET /v1.41/volumes/v", "id v 1 volumes"},
    {IMAGE_LIST, SERVER_JSON("[{}]"),
     "GET /v1.41/images/json?all=1&filters=%7B" LABEL NAME(
         "reference") "%2C%22dangling%22%3A%7B%22false%22%3Atrue%7D%7D",
     "1 images"},
    {IMAGE_INSPECT, SERVER_JSON("{\"Id\":\"sha256:3\"}"),
     "GET /v1.41/images/reg:5000/x/y:1@sha256:2/json",
     "id sha256:3 1 images of reg:5000/x/y:1@sha256:2"},
    {IMAGE_DIGEST, SERVER_JSON("{\"Descriptor\":{\"digest\":\"sha256:4\",\"size\":1}}"),
     "GET /v1.41/distribution/reg:5000/x/y:1/json", "id sha256:4"},
    {EXEC_INSPECT, SERVER_JSON("{\"Running\":true,\"ExitCode\":null}"), "GET /v1.41/exec/e/json",
     "running"},
    {EXEC_INSPECT, SERVER_JSON("{\"Running\":false,\"ExitCode\":126}"), "GET /v1.41/exec/e/json",
     "exit 126"},
    {START, DONE, "POST /v1.41/containers/c/start", ""},
    {START, NOT_MODIFIED, "POST /v1.41/containers/c/start", "unchanged"},
    {STOP, DONE, "POST /v1.41/containers/c/stop", ""},
    {STOP_NOW, NOT_MODIFIED, "POST /v1.41/containers/c/stop?t=0", "unchanged"},
    {RESTART, DONE, "POST /v1.41/containers/c/restart?t=-1", ""},
    {KILL, DONE, "POST /v1.41/containers/c/kill?signal=SIGTERM", ""},
    {PAUSE, DONE, "POST /v1.41/containers/c/pause", ""},
    {UNPAUSE, DONE, "POST /v1.41/containers/c/unpause", ""},
    {REMOVE, DONE, "DELETE /v1.41/containers/c", ""},
    {REMOVE_ALL, DONE, "DELETE /v1.41/containers/c?force=1&v=1", ""},
    {RENAME, DONE, "POST /v1.41/containers/c/rename?name=d", ""},
    {WAIT, SERVER_JSON("{\"Error\":null,\"StatusCode\":137}"),
     "POST /v1.41/containers/c/wait?condition=next-exit", "exit 137"},
    {WAIT, SERVER_JSON("{\"Error\":{\"Message\":\"gone\"},\"StatusCode\":1}"),
     "POST /v1.41/containers/c/wait?condition=next-exit", "!gone"},
    {WAIT, SERVER_JSON("{}"), "POST /v1.41/containers/c/wait?condition=next-exit", "!no exit code"},
    {RESIZE, DONE, "POST /v1.41/containers/c/resize?h=24&w=80", ""},
    {EXEC_CREATE, SERVER_ANSWER("201 Created", "application/json", "{\"Id\":\"x\"}"),
     "POST /v1.41/containers/c/exec "
     "{\"User\":\"u\",\"Privileged\":false,\"Tty\":false,\"AttachStdin\":true,"
     "\"AttachStdout\":true,\"AttachStderr\":true,\"Env\":[\"A=1\"],\"Cmd\":[\"sh\",\"-c\",\"x\"]}",
     "id x"},
    {EXEC_CREATE, SERVER_JSON("{}"), "POST /v1.41/containers/c/exec", "!has no id"},
    {EXEC_RESIZE, DONE, "POST /v1.41/exec/e/resize?h=24&w=80", ""},
    {NETWORK_REMOVE, SERVER_ANSWER("403 Forbidden", "application/json", "{\"message\":\"in use\"}"),
     "DELETE /v1.41/networks/n", "!Error response from daemon: in use"},
    {NETWORK_DISCONNECT, SERVER_JSON(""),
     "POST /v1.41/networks/n/disconnect {\"Container\":\"c\",\"Force\":true}", ""},
    {VOLUME_REMOVE, DONE, "DELETE /v1.41/volumes/v?force=1", ""},
    {IMAGE_REMOVE, SERVER_JSON("[]"), "DELETE /v1.41/images/x:1", ""},
    {IMAGE_TAG, DONE, "POST /v1.41/images/sha256:1/tag?repo=reg%3A5000%2Fx&tag=v1", ""},
    {IMAGE_TAG_DEFAULT, DONE, "POST /v1.41/images/x/tag?repo=reg%3A5000%2Fx&tag=latest", ""},
};

static void add_count(struct str *out, size_t count, const char *what)
{
    if (count)
        str_addf(out, "%s%zu %s", out->len ? " " : "", count, what);
}

/* While the reply is still there. */
static void on_done(void *owner, const struct reply *r, const struct err *err)
{
    struct outcome *o = owner;
    struct str *out = &o->output;

    o->runs++;
    if (err) {
        str_addf(out, "!%s", err_text(err));
        return;
    }
    if (r->id)
        str_addf(out, "id %s", r->id);
    if (r->exit_code)
        str_addf(out, "%sexit %d", out->len ? " " : "", (int)r->exit_code);
    if (r->unchanged)
        str_add(out, "unchanged");
    if (r->running)
        str_add(out, out->len ? " running" : "running");
    add_count(out, r->containers.len, "containers");
    add_count(out, r->networks.len, "networks");
    add_count(out, r->volumes.len, "volumes");
    add_count(out, r->images.len, "images");
    if (r->images.len && *r->images.items[0]->ref)
        str_addf(out, " of %s", r->images.items[0]->ref);
}

static void test_operations(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct engine e;
        struct outcome o = {.e = &e};
        AUTO_TEXT route = {0}, sent = {0};
        struct call *c;

        engine_start(&e, false, NULL);
        str_addn(&route, cases[i].request, strcspn(cases[i].request, " ") + 1);
        str_add(&route, "/v1.41/");
        server_on(e.server, route.data, cases[i].answer);
        c = run(&e, cases[i].op, &o);
        c->done = on_done;
        engine_run(&e);
        assert_int_equal(o.runs, 1);
        str_addf(&sent, "HEAD /_ping\n%s", cases[i].request);
        if (!str_has_prefix(server_log(e.server), sent.data))
            fail_msg("case %zu: sent\n%swant\n%s", i, server_log(e.server), sent.data);
        if (*cases[i].result == '!')
            assert_non_null(strstr(o.output.data, cases[i].result + 1));
        else
            assert_string_equal(str_text(&o.output), cases[i].result);
        outcome_done(&o);
        engine_end(&e);
    }
}

/* ---- streams ---- */

#define CHUNKS "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"

static void note_event(void *owner, const struct event *e)
{
    struct outcome *o = owner;

    assert_int_equal(o->ready, 1);
    str_addf(&o->output, "[%s %s %s]", e->action, e->id, e->exit_code ? e->exit_code : "-");
    if (o->cancel_on_output)
        o->e->driver->ops->cancel(o->call);
}

static void events(struct engine *e, const char *answer, bool cancel, struct outcome *o)
{
    engine_start(e, false, NULL);
    *o = (struct outcome){.e = e, .cancel_on_output = cancel};
    server_on(e->server, "GET /v1.41/events", answer);
    o->call = e->r->ops->events(e->r, NULL, note_event, engine_on_ready, engine_on_done, o);
    engine_run(e);
    assert_int_equal(o->runs, 1);
}

static void test_events(void **state)
{
    struct engine e;
    struct outcome o;

    (void)state;
    events(
        &e,
        CHUNKS SERVER_PAUSE
        "19\r\n{\"Action\":\"start\",\"Actor\"\r\n" SERVER_PAUSE
        "d\r\n:{\"ID\":\"1\"}}\n\r\n" SERVER_PAUSE
        "50\r\n{\"Action\":\"die\",\"Actor\":{\"ID\":\"2\",\"Attributes\":{\"exitCode\":\"7\"}}}\n"
        "                \r\n0\r\n\r\n",
        false, &o);
    assert_string_equal(o.output.data, "[start 1 -][die 2 7]");
    assert_int_equal(o.err.code, ERR_UNREACHABLE);
    outcome_done(&o);
    engine_end(&e);
    events(&e,
           "HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{\"Action\":\"a\"}\n{\"Action\":\"b\"}\n",
           true, &o);
    assert_string_equal(o.output.data, "[a  -]");
    assert_int_equal(o.err.code, ERR_CANCELED);
    outcome_done(&o);
    engine_end(&e);
    events(&e, CHUNKS "8\r\n<html>\r\n\r\n" SERVER_HANG, false, &o);
    assert_int_equal(o.err.code, ERR_ENGINE);
    outcome_done(&o);
    engine_end(&e);
    events(&e, CHUNKS SERVER_PAUSE SERVER_CLOSE, false, &o);
    assert_int_equal(o.ready, 1);
    assert_int_equal(o.err.code, ERR_UNREACHABLE);
    outcome_done(&o);
    engine_end(&e);
}

static void logs(struct engine *e, const char *answer, bool tty, struct outcome *o)
{
    struct log_options l = {.tty = tty};

    engine_start(e, false, NULL);
    o->e = e;
    server_on(e->server, "GET /v1.41/containers/c/logs?stdout=1&stderr=1", answer);
    o->call = e->r->ops->container_logs(e->r, "c", &l, engine_on_output, engine_on_done, o);
    engine_run(e);
    assert_int_equal(o->runs, 1);
}

static void test_logs(void **state)
{
    struct engine e;
    struct outcome framed = {0}, raw = {0}, canceled = {.cancel_on_output = true}, missing = {0};

    (void)state;
    logs(&e,
         CHUNKS "9\r\n\1" SERVER_NUL SERVER_NUL SERVER_NUL SERVER_NUL SERVER_NUL SERVER_NUL
                "\2a\r\n" SERVER_PAUSE "1\r\nb\r\n0\r\n\r\n",
         false, &framed);
    assert_string_equal(framed.output.data, "1:a 1:b");
    assert_int_equal(framed.err.code, ERR_NONE);
    outcome_done(&framed);
    engine_end(&e);
    logs(&e, CHUNKS "3\r\nx\1y\r\n0\r\n\r\n", true, &raw);
    assert_string_equal(raw.output.data, "1:x\1y");
    outcome_done(&raw);
    engine_end(&e);
    logs(&e, CHUNKS "1\r\nx\r\n" SERVER_PAUSE "1\r\ny\r\n" SERVER_HANG, true, &canceled);
    assert_string_equal(canceled.output.data, "1:x");
    assert_int_equal(canceled.err.code, ERR_CANCELED);
    outcome_done(&canceled);
    engine_end(&e);
    logs(&e, SERVER_ANSWER("404 Not Found", "application/json", "{\"message\":\"no c\"}"), false,
         &missing);
    assert_string_equal(err_text(&missing.err), "Error response from daemon: no c");
    assert_int_equal(missing.output.len, 0);
    outcome_done(&missing);
    engine_end(&e);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_operations),
        cmocka_unit_test(test_events),
        cmocka_unit_test(test_logs),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
