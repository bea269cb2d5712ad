/* drivers/fake/queue.c: calls wait here for their turn; steps of containers for their time. */
#include "drivers/fake/state.h"

#include "core/base/mem.h"

#include <signal.h>
#include <stddef.h>
#include <stdlib.h>

static void on_timer(uv_timer_t *timer);

struct fake *fake_of_reader(struct reader *r)
{
    return (struct fake *)((char *)r - offsetof(struct fake, base) -
                           offsetof(struct driver, reader));
}

struct fake *fake_of_writer(struct writer *w)
{
    return (struct fake *)((char *)w - offsetof(struct fake, base) -
                           offsetof(struct driver, writer));
}

const char *fake_new_id(struct fake *f)
{
    f->next_id++;
    return arena_printf(f->arena, "%012x%052x", f->next_id, f->next_id);
}

void fake_kick(struct fake *f)
{
    uint64_t next = f->calls.len || f->closing ? uv_now(f->loop) : UINT64_MAX;

    for (size_t i = 0; i < f->steps.len; i++)
        if (f->steps.items[i].due < next)
            next = f->steps.items[i].due;
    if (next == UINT64_MAX)
        uv_timer_stop(&f->timer);
    else
        uv_timer_start(&f->timer, on_timer, next > uv_now(f->loop) ? next - uv_now(f->loop) : 0, 0);
}

struct call *fake_call(struct fake *f, const char *what, const char *subject, bool writes,
                       void (*act)(struct call *, struct reply *, struct err *), call_done *done,
                       void *owner)
{
    struct call *c = mem_calloc(1, sizeof *c);

    f->count++;
    f->writes += writes;
    str_addf(&f->log, "%s%s%s\n", what, subject ? " " : "", subject ? subject : "");
    c->trouble = f->count == f->fail_at   ? TROUBLE_FAIL
                 : f->count == f->lose_at ? TROUBLE_LOSE
                 : f->count == f->hold_at ? TROUBLE_HOLD
                                          : TROUBLE_NONE;
    c->broken = f->gone_at && f->count >= f->gone_at;
    if (f->count == f->interrupt_at)
        raise(SIGINT);
    c->f = f;
    c->act = act;
    c->done = done;
    c->owner = owner;
    c->args = arena_new();
    c->subject = arena_strdup(c->args, subject);
    vec_push(&f->calls, c);
    fake_kick(f);
    return c;
}

static void end_call(struct call *c, const struct reply *reply, const struct err *err)
{
    c->done(c->owner, err ? NULL : reply, err);
    arena_free(c->args);
    free(c);
}

void fake_finish_stream(struct call *c, const struct reply *reply, const struct err *err)
{
    struct fake *f = c->f;

    for (size_t i = 0; i < f->streams.len; i++)
        if (f->streams.items[i] == c) {
            vec_remove(&f->streams, i);
            break;
        }
    end_call(c, reply, err);
}

static void turn(struct call *c)
{
    struct fake *f = c->f;
    struct reply reply = {0};
    AUTO_ERR err = {0};

    if (c->canceled) {
        err_set(&err, ERR_CANCELED, loc_none(), "canceled");
    } else if (c->broken) {
        err_set(&err, ERR_UNREACHABLE, loc_none(), "the connection to the engine broke");
    } else if (c->trouble == TROUBLE_HOLD) {
        vec_push(&f->streams, c);
        return;
    } else if (c->trouble == TROUBLE_FAIL) {
        err_set(&err, ERR_ENGINE, loc_none(), "Error response from daemon: failed on purpose");
        err.status = 500;
    } else {
        c->act(c, &reply, &err);
        if (c->running && c->canceled) { /* by the callback that heard of the start */
            vec_push(&f->calls, c);
            return;
        }
        if (c->running) {
            vec_push(&f->streams, c);
            return;
        }
        if (c->trouble == TROUBLE_LOSE && err.code == ERR_NONE)
            err_set(&err, ERR_UNREACHABLE, loc_none(), "the connection to the engine broke");
    }
    end_call(c, &reply, err.code == ERR_NONE ? NULL : &err);
}

void fake_later(struct fake *f, struct fake_container *c, int what, unsigned after)
{
    struct fake_step s = {.due = uv_now(f->loop) + after,
                          .container = mem_strdup(c->c.id),
                          .start = c->starts,
                          .what = what};

    vec_push(&f->steps, s);
    fake_kick(f);
}

static size_t first_step(const struct fake *f)
{
    size_t first = 0;

    for (size_t i = 1; i < f->steps.len; i++)
        if (f->steps.items[i].due < f->steps.items[first].due)
            first = i;
    return first;
}

/* In the order of their time, however late it is. */
static void take_steps(struct fake *f)
{
    while (f->steps.len) {
        size_t i = first_step(f);
        struct fake_step s = f->steps.items[i];

        if (s.due > uv_now(f->loop))
            return;
        vec_remove(&f->steps, i);
        fake_take_step(f, &s);
        free(s.container);
    }
}

void fake_free(struct fake *f)
{
    for (size_t i = 0; i < f->steps.len; i++)
        free(f->steps.items[i].container);
    for (size_t i = 0; i < f->containers.len; i++)
        free(f->containers.items[i]);
    vec_done(&f->steps);
    vec_done(&f->calls);
    vec_done(&f->streams);
    vec_done(&f->containers);
    vec_done(&f->networks);
    vec_done(&f->volumes);
    vec_done(&f->images);
    map_done(&f->scripts);
    map_done(&f->remotes);
    map_done(&f->configs);
    str_done(&f->log);
    arena_free(f->arena);
    free(f);
}

static void on_closed(uv_handle_t *handle)
{
    struct fake *f = handle->data;

    if (!f->kept)
        fake_free(f);
}

void fake_keep(struct fake *f)
{
    f->kept = true;
}

void fake_move(struct fake *f, uv_loop_t *loop)
{
    f->loop = loop;
    f->closing = false;
    uv_timer_init(loop, &f->timer);
    fake_kick(f);
}

static void on_timer(uv_timer_t *timer)
{
    struct fake *f = timer->data;
    size_t count = f->calls.len; /* those that come meanwhile have their turn next time */
    struct call **due = mem_calloc(count + 1, sizeof(struct call *));

    for (size_t i = 0; i < count; i++)
        due[i] = f->calls.items[i];
    f->calls.len = 0;
    for (size_t i = 0; i < count; i++)
        turn(due[i]);
    free(due);
    if (!f->closing)
        take_steps(f);
    if (f->closing && !f->calls.len && !f->streams.len && !uv_is_closing((uv_handle_t *)timer)) {
        uv_close((uv_handle_t *)timer, on_closed);
        return;
    }
    fake_kick(f);
}

static void fake_cancel(struct call *c)
{
    struct fake *f = c->f;

    c->canceled = true;
    for (size_t i = 0; i < f->streams.len; i++)
        if (f->streams.items[i] == c) {
            vec_remove(&f->streams, i);
            vec_push(&f->calls, c); /* `done` comes from the loop */
            fake_kick(f);
            return;
        }
}

static void fake_close(struct driver *d)
{
    struct fake *f = (struct fake *)d;

    f->closing = true;
    for (size_t i = 0; i < f->calls.len; i++)
        f->calls.items[i]->canceled = true;
    while (f->streams.len)
        fake_cancel(f->streams.items[0]);
    fake_kick(f);
}

/* A container that echoes. */
static void act_send(struct call *c, struct reply *reply, struct err *err)
{
    (void)reply;
    (void)err;
    if (c->on_ready)
        c->on_ready(c->owner);
}

static void on_sent_done(void *owner, const struct reply *reply, const struct err *err)
{
    (void)owner;
    (void)reply;
    (void)err;
}

static void fake_send(struct call *c, const char *bytes, size_t len, void (*on_sent)(void *owner),
                      void *owner)
{
    if (c->on_output)
        c->on_output(c->owner, STREAM_STDOUT, bytes, len);
    fake_call(c->f, "send", c->subject, false, act_send, on_sent_done, owner)->on_ready = on_sent;
}

static void fake_send_end(struct call *c)
{
    (void)c;
}

static const struct driver_ops ops = {
    .name = "fake",
    .send = fake_send,
    .send_end = fake_send_end,
    .cancel = fake_cancel,
    .close = fake_close,
};

struct fake *fake_new(uv_loop_t *loop)
{
    struct fake *f = mem_calloc(1, sizeof *f);

    f->base.ops = &ops;
    f->base.reader.ops = &fake_reader_ops;
    f->base.writer.ops = &fake_writer_ops;
    f->loop = loop;
    f->arena = arena_new();
    f->info = (struct engine_info){
        .api_major = 1, .api_minor = 51, .host = "fake", .os_type = "linux", .buildkit = true};
    uv_timer_init(loop, &f->timer);
    f->timer.data = f;
    return f;
}

struct driver *fake_driver(struct fake *f)
{
    return &f->base;
}

void fake_fail_call(struct fake *f, unsigned n)
{
    f->fail_at = n ? f->count + n : 0;
}

void fake_lose_answer(struct fake *f, unsigned n)
{
    f->lose_at = n ? f->count + n : 0;
}

void fake_hold_call(struct fake *f, unsigned n)
{
    f->hold_at = n ? f->count + n : 0;
}

void fake_go_away(struct fake *f, unsigned n)
{
    f->gone_at = n ? f->count + n : 0;
}

void fake_interrupt(struct fake *f, unsigned n)
{
    f->interrupt_at = n ? f->count + n : 0;
}

unsigned fake_calls(const struct fake *f)
{
    return f->count;
}

unsigned fake_writes(const struct fake *f)
{
    return f->writes;
}

const char *fake_log(const struct fake *f)
{
    return str_text(&f->log);
}

void fake_clear_log(struct fake *f)
{
    str_clear(&f->log);
    f->count = f->writes = f->fail_at = f->lose_at = f->hold_at = f->gone_at = f->interrupt_at = 0;
}
