/* drivers/docker/pull.c: what is asked for, and the stream that comes. */
#include "tests/lib/engine.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void on_event(void *owner, const struct pull_event *e)
{
    struct outcome *o = owner;

    assert_int_equal(o->runs, 0);
    str_addf(&o->output, "[%s|%s|%s|%lld/%lld]", e->id, e->status, e->progress,
             (long long)e->current, (long long)e->total);
    if (o->cancel_on_output)
        o->e->driver->ops->cancel(o->call);
}

static void on_done(void *owner, const struct reply *r, const struct err *err)
{
    struct outcome *o = owner;

    engine_on_done(owner, r, err);
    str_addf(&o->output, " %s", err ? err_text(err) : r->id);
}

static const struct {
    const char *ref, *platform, *answer, *request, *want;
} cases[] = {
    {"alpine", "linux/arm64",
     SERVER_JSON(
         "{\"status\":\"Pulling from library/alpine\",\"id\":\"latest\"}\r\n"
         "{\"status\":\"Downloading\",\"progressDetail\":{\"current\":1,\"total\":2},\"id\":\"aa\","
         "\"progress\":\"[=> ]\"}\r\n{\"status\":\"Digest: sha256:0a\"}\r\n"),
     "POST "
     "/v1.41/images/"
     "create?fromImage=docker.io%2Flibrary%2Falpine&tag=latest&platform=linux%2Farm64\n",
     "[|Pulling from library/alpine||0/0][aa|Downloading|[=> ]|1/2][|Digest: sha256:0a||0/0] "
     "sha256:0a"},
    {"host:5000/a/b:1", NULL,
     SERVER_JSON("{\"status\":\"x\",\"id\":\"\"}\r\n"
                 "{\"errorDetail\":{\"message\":\"no space left\"},\"error\":\"old words\"}\r\n"),
     "POST /v1.41/images/create?fromImage=host%3A5000%2Fa%2Fb&tag=1\n", "[|x||0/0] no space left"},
    {"a@sha256:0b", "", SERVER_JSON("{\"error\":\"old words\"}"),
     "POST /v1.41/images/create?fromImage=docker.io%2Flibrary%2Fa&tag=sha256%3A0b\n", " old words"},
    {"a:1", NULL,
     SERVER_ANSWER("404 Not Found", "application/json", "{\"message\":\"manifest unknown\"}"),
     "POST /v1.41/images/create?fromImage=docker.io%2Flibrary%2Fa&tag=1\n",
     " Error response from daemon: manifest unknown"},
};

static void test_pull(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct engine e;
        struct outcome o = {.e = &e};

        engine_start(&e, false, NULL);
        server_on(e.server, "POST /v1.41/images/create", cases[i].answer);
        e.w->ops->image_pull(e.w, cases[i].ref, cases[i].platform, on_event, on_done, &o);
        engine_run(&e);
        assert_int_equal(o.runs, 1);
        assert_string_equal(strstr(server_log(e.server), "POST "), cases[i].request);
        assert_string_equal(str_text(&o.output), cases[i].want);
        outcome_done(&o);
        engine_end(&e);
    }
}

static void test_cancel(void **state)
{
    struct engine e;
    struct outcome o = {.e = &e, .cancel_on_output = true};

    (void)state;
    engine_start(&e, false, NULL);
    server_on(e.server, "POST ", cases[0].answer);
    o.call = e.w->ops->image_pull(e.w, "a", NULL, on_event, engine_on_done, &o);
    engine_run(&e);
    assert_int_equal(o.runs, 1);
    assert_int_equal(o.err.code, ERR_CANCELED);
    assert_string_equal(str_text(&o.output), "[|Pulling from library/alpine||0/0]");
    outcome_done(&o);
    engine_end(&e);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_pull),
        cmocka_unit_test(test_cancel),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
