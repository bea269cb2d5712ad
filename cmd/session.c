#include "cmd/session.h"

#include "cmd/app.h"
#include "cmd/input.h"
#include "core/base/arena.h"
#include "core/base/mem.h"

#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

enum { RESIZE_TRIES = 10, RESIZE_STEP_MS = 10 };

struct session {
    struct app *app;
    struct session_options opts;
    struct call *call;
    struct input *input;
    uv_signal_t winch;
    uv_timer_t retry;
    int tries;
    int handles; /* open libuv handles */
    bool started, closed, resizing, reading;
};

static void send_size(struct session *s);

static void free_if_done(struct session *s)
{
    if (s->closed && !s->handles && !s->resizing)
        free(s);
}

static void on_handle_closed(uv_handle_t *h)
{
    struct session *s = h->data;

    s->handles--;
    free_if_done(s);
}

static void on_winch(uv_signal_t *handle, int signum)
{
    struct session *s = handle->data;

    (void)signum;
    s->tries = 0;
    if (s->started)
        send_size(s);
}

static void on_retry(uv_timer_t *timer)
{
    send_size(timer->data);
}

static void on_sent(void *owner)
{
    struct session *s = owner;

    if (!s->closed && s->input)
        input_more(s->input);
}

static void on_input(void *owner, const char *bytes, size_t len)
{
    struct session *s = owner;

    if (s->call)
        s->app->driver->ops->send(s->call, bytes, len, on_sent, s);
}

static void on_input_end(void *owner)
{
    struct session *s = owner;

    if (s->call)
        s->app->driver->ops->send_end(s->call);
}

static void begin_input(struct session *s)
{
    if (s->input && !s->reading)
        input_more(s->input);
    s->reading = true;
}

/* The process may not be there yet: docker's own client tries ten times as well. */
static void on_resized(void *owner, const struct reply *r, const struct err *err)
{
    struct session *s = owner;

    (void)r;
    s->resizing = false;
    if (s->closed)
        free_if_done(s);
    else if (err && ++s->tries < RESIZE_TRIES)
        uv_timer_start(&s->retry, on_retry, (uint64_t)s->tries * RESIZE_STEP_MS, 0);
    else
        begin_input(s);
}

static void send_size(struct session *s)
{
    struct writer *w = &s->app->driver->writer;
    int rows, cols;

    if (s->closed || s->resizing || !terminal_size(&rows, &cols))
        return;
    s->resizing = true;
    s->opts.resize(w, s->opts.id, rows, cols, on_resized, s);
}

struct session *session_new(struct app *app, const struct session_options *o)
{
    struct session *s = mem_calloc(1, sizeof *s);

    s->app = app;
    s->opts = *o;
    if (o->tty) {
        uv_signal_init(app->loop, &s->winch);
        uv_timer_init(app->loop, &s->retry);
        s->winch.data = s->retry.data = s;
        s->handles = 2;
        uv_signal_start(&s->winch, on_winch, SIGWINCH);
        uv_unref((uv_handle_t *)&s->winch);
    }
    return s;
}

void session_output(struct session *s, enum stream stream, const char *bytes, size_t len)
{
    (void)s;
    app_write(stream == STREAM_STDERR ? STDERR_FILENO : STDOUT_FILENO, bytes, len);
}

void session_open(struct session *s, struct call *c)
{
    struct input_callbacks cb = {s, on_input, on_input_end};
    int rows, cols;

    s->call = c;
    if (s->opts.stdin_open && !s->input)
        s->input = input_open(s->app->loop, s->opts.tty, &cb);
    if (!s->opts.tty || !terminal_size(&rows, &cols))
        begin_input(s);
}

void session_started(struct session *s)
{
    s->started = true;
    if (s->opts.tty)
        send_size(s);
}

void session_close(struct session *s)
{
    if (!s || s->closed)
        return;
    s->closed = true;
    s->call = NULL;
    input_close(s->input);
    s->input = NULL;
    if (s->opts.tty) {
        uv_close((uv_handle_t *)&s->winch, on_handle_closed);
        uv_close((uv_handle_t *)&s->retry, on_handle_closed);
    }
    free_if_done(s);
}

bool session_wants_tty(const struct app *app, bool no_tty, const struct opt_bool *tty)
{
    if (no_tty)
        return false;
    if (tty && tty->set)
        return tty->value;
    return app->stdout_tty;
}
