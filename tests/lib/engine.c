#include "tests/lib/engine.h"

#include "core/base/arena.h"
#include "drivers/docker/docker.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static const char *lookup(const void *from, const char *name)
{
    const struct engine *e = from;

    for (const char *const *v = e->env; v && *v; v += 2) {
        if (strcmp(*v, name) == 0)
            return v[1];
    }
    return NULL;
}

void engine_start(struct engine *e, bool tcp, const char *const *env)
{
    struct docker_options o = {.lookup = lookup, .from = e};
    AUTO_ERR err = {0};

    *e = (struct engine){.env = env};
    assert_int_equal(uv_loop_init(&e->loop), 0);
    e->server = server_new(&e->loop, tcp);
    e->arena = arena_new();
    o.host = server_host(e->server);
    assert_int_equal(docker_open(&e->loop, &o, &e->driver, &err), 0);
    e->r = &e->driver->reader;
    e->w = &e->driver->writer;
}

void engine_run(struct engine *e)
{
    uv_run(&e->loop, UV_RUN_DEFAULT);
}

void engine_close(struct engine *e)
{
    if (e->driver)
        e->driver->ops->close(e->driver);
    e->driver = NULL;
}

void engine_end(struct engine *e)
{
    engine_close(e);
    uv_run(&e->loop, UV_RUN_DEFAULT);
    server_free(e->server);
    uv_run(&e->loop, UV_RUN_DEFAULT);
    assert_int_equal(uv_loop_close(&e->loop), 0);
    arena_free(e->arena);
}

void engine_on_done(void *owner, const struct reply *r, const struct err *err)
{
    struct outcome *o = owner;

    o->runs++;
    if (err)
        err_copy(&o->err, err);
    else
        o->reply = *r;
    if (o->close_on_done)
        engine_close(o->e);
}

void engine_on_output(void *owner, enum stream s, const char *bytes, size_t len)
{
    struct outcome *o = owner;

    assert_int_equal(o->runs, 0);
    str_addf(&o->output, "%s%d:", o->output.len ? " " : "", s);
    str_addn(&o->output, bytes, len);
    if (o->cancel_on_output) {
        o->e->driver->ops->cancel(o->call);
        o->e->driver->ops->cancel(o->call);
    }
}

void engine_on_ready(void *owner)
{
    struct outcome *o = owner;

    assert_int_equal(o->runs, 0);
    o->ready++;
}

void engine_on_sent(void *owner)
{
    struct outcome *o = owner;

    assert_int_equal(o->runs, 0);
    o->sent++;
}

void outcome_done(struct outcome *o)
{
    err_done(&o->err);
    str_done(&o->output);
}
