/* drivers/fake/streams.c: what lasts: events, logs, attach, wait, exec. */
#include "drivers/fake/state.h"

#include "core/base/mem.h"

#include <string.h>

/* ---- events ---- */

static void act_events(struct call *call, struct reply *reply, struct err *err)
{
    (void)reply;
    if (call->f->events_broken) {
        err_set(err, ERR_UNREACHABLE, loc_none(), "the connection to the engine broke");
        return;
    }
    call->running = true;
    if (call->on_ready)
        call->on_ready(call->owner);
}

struct call *fake_events(struct reader *r, const struct list_filter *f, event_fn *on_event,
                         void (*on_ready)(void *), call_done *done, void *owner)
{
    struct call *c = fake_call(fake_of_reader(r), "events", NULL, false, act_events, done, owner);

    c->on_event = on_event;
    c->on_ready = on_ready;
    fake_copy_strings(c->args, &f->labels, &c->filter.labels);
    fake_copy_strings(c->args, &f->types, &c->filter.types);
    return c;
}

static bool is_asked(const struct call *stream, const struct event *e)
{
    const struct strings *types = &stream->filter.types;
    bool wanted = types->len ? strings_have(types, e->type) : str_eq(e->type, "container");

    return wanted && labels_match(&e->attributes, &stream->filter.labels);
}

static void emit(struct fake *f, const struct event *e)
{
    struct call **streams = mem_calloc(f->streams.len + 1, sizeof(struct call *));
    size_t count = f->streams.len;

    for (size_t i = 0; i < count; i++)
        streams[i] = f->streams.items[i];
    for (size_t i = 0; i < count; i++) {
        bool open = false;

        for (size_t j = 0; j < f->streams.len; j++) /* a listener may end another one */
            open |= f->streams.items[j] == streams[i];
        if (open && streams[i]->on_event && is_asked(streams[i], e))
            streams[i]->on_event(streams[i]->owner, e);
    }
    free(streams);
}

void fake_emit(struct fake *f, const struct fake_container *c, const char *action)
{
    AUTO_TEXT code = {0};
    struct event e = {.type = "container",
                      .action = action,
                      .id = c->c.id,
                      .name = c->c.name,
                      .time_nano = (int64_t)uv_now(f->loop) * 1000000,
                      .attributes = c->c.labels};

    str_addf(&code, "%d", c->c.exit_code);
    if (str_eq(action, "die"))
        e.exit_code = str_text(&code);
    emit(f, &e);
}

void fake_emit_volume(struct fake *f, const char *name, const char *action)
{
    emit(f, &(struct event){.type = "volume",
                            .action = action,
                            .id = name,
                            .name = name,
                            .time_nano = (int64_t)uv_now(f->loop) * 1000000});
}

void fake_break_events(struct fake *f)
{
    f->events_broken = true;
    for (size_t i = 0; i < f->streams.len;) {
        struct call *c = f->streams.items[i];

        if (!c->on_event) {
            i++;
            continue;
        }
        c->broken = true;
        vec_remove(&f->streams, i);
        vec_push(&f->calls, c);
    }
    fake_kick(f);
}

/* ---- wait ---- */

static void act_wait(struct call *call, struct reply *reply, struct err *err)
{
    struct fake_container *c = fake_want(call, err);

    if (!c)
        return;
    call->subject = arena_strdup(call->args, c->c.id);
    if (call->condition == WAIT_NOT_RUNNING && c->c.state != STATE_RUNNING)
        reply->exit_code = c->c.exit_code;
    else
        call->running = true;
}

struct call *fake_container_wait(struct writer *w, const char *id, enum wait_condition condition,
                                 call_done *done, void *owner)
{
    struct call *c =
        fake_call(fake_of_writer(w), "container_wait", id, false, act_wait, done, owner);

    c->condition = condition;
    return c;
}

void fake_ended(struct fake *f, const struct fake_container *c, bool removed)
{
    struct reply reply = {.exit_code = c->c.exit_code};

    for (size_t i = 0; i < f->streams.len;) {
        struct call *s = f->streams.items[i];

        if (!s->running || !str_eq(s->subject, c->c.id) || s->on_event ||
            (s->condition == WAIT_REMOVED && !removed && !s->on_output)) {
            i++;
            continue;
        }
        fake_finish_stream(s, &reply, NULL);
        i = 0;
    }
}

/* ---- output ---- */

static void give_output(struct call *call, const struct fake_container *c)
{
    const struct fake_script *s = fake_script_of(call->f, c);

    if (s->output && call->on_output)
        call->on_output(call->owner, STREAM_STDOUT, s->output, strlen(s->output));
}

static void act_logs(struct call *call, struct reply *reply, struct err *err)
{
    struct fake_container *c = fake_want(call, err);

    (void)reply;
    if (!c)
        return;
    call->subject = arena_strdup(call->args, c->c.id);
    give_output(call, c);
    call->running = call->force && c->c.state == STATE_RUNNING; /* follow */
}

struct call *fake_container_logs(struct reader *r, const char *id, const struct log_options *o,
                                 output_fn *on_output, call_done *done, void *owner)
{
    struct call *c =
        fake_call(fake_of_reader(r), "container_logs", id, false, act_logs, done, owner);

    c->on_output = on_output;
    c->force = o->follow;
    return c;
}

static void act_attach(struct call *call, struct reply *reply, struct err *err)
{
    struct fake_container *c = fake_want(call, err);

    (void)reply;
    if (!c)
        return;
    call->subject = arena_strdup(call->args, c->c.id);
    call->running = true;
    if (call->on_ready)
        call->on_ready(call->owner);
    give_output(call, c);
}

struct call *fake_container_attach(struct writer *w, const char *id, bool stdin_open, bool tty,
                                   output_fn *on_output, void (*on_ready)(void *), call_done *done,
                                   void *owner)
{
    struct call *c =
        fake_call(fake_of_writer(w), "container_attach", id, false, act_attach, done, owner);

    (void)stdin_open;
    (void)tty;
    c->on_output = on_output;
    c->on_ready = on_ready;
    return c;
}

static void act_nothing(struct call *call, struct reply *reply, struct err *err)
{
    (void)call;
    (void)reply;
    (void)err;
}

struct call *fake_container_resize(struct writer *w, const char *id, int rows, int cols,
                                   call_done *done, void *owner)
{
    (void)rows;
    (void)cols;
    return fake_call(fake_of_writer(w), "container_resize", id, false, act_nothing, done, owner);
}

/* ---- exec: the exit code is the scripted one of the service ---- */

static void act_exec_create(struct call *call, struct reply *reply, struct err *err)
{
    const struct fake_container *c = fake_want(call, err);

    if (!c)
        return;
    if (c->c.state != STATE_RUNNING)
        conflict(err, "container %s is not running", c->c.id);
    else
        reply->id = arena_printf(call->f->arena, "exec-%s", c->c.name);
}

struct call *fake_exec_create(struct writer *w, const char *container, const struct exec_create *e,
                              call_done *done, void *owner)
{
    (void)e;
    return fake_call(fake_of_writer(w), "exec_create", container, true, act_exec_create, done,
                     owner);
}

static const struct fake_container *exec_container(struct call *call)
{
    return str_has_prefix(call->subject, "exec-") ? fake_find(call->f, call->subject + 5) : NULL;
}

static void act_exec_start(struct call *call, struct reply *reply, struct err *err)
{
    const struct fake_container *c = exec_container(call);

    (void)reply;
    if (!c) {
        not_found(err, "exec instance", call->subject);
        return;
    }
    if (call->on_ready)
        call->on_ready(call->owner);
    give_output(call, c);
}

struct call *fake_exec_start(struct writer *w, const char *exec_id, const struct exec_create *e,
                             output_fn *on_output, void (*on_ready)(void *), call_done *done,
                             void *owner)
{
    struct call *c =
        fake_call(fake_of_writer(w), "exec_start", exec_id, true, act_exec_start, done, owner);

    (void)e;
    c->on_output = on_output;
    c->on_ready = on_ready;
    return c;
}

static void act_exec_inspect(struct call *call, struct reply *reply, struct err *err)
{
    const struct fake_container *c = exec_container(call);
    const struct fake_script *s = c ? map_get(&call->f->scripts, c->c.service) : NULL;

    if (!c)
        not_found(err, "exec instance", call->subject);
    else
        reply->exit_code = s ? s->exit_code : 0;
}

struct call *fake_exec_inspect(struct reader *r, const char *exec_id, call_done *done, void *owner)
{
    return fake_call(fake_of_reader(r), "exec_inspect", exec_id, false, act_exec_inspect, done,
                     owner);
}

struct call *fake_exec_resize(struct writer *w, const char *exec_id, int rows, int cols,
                              call_done *done, void *owner)
{
    (void)rows;
    (void)cols;
    return fake_call(fake_of_writer(w), "exec_resize", exec_id, false, act_nothing, done, owner);
}
