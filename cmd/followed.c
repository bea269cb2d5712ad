#include "cmd/followed.h"

#include "cmd/app.h"
#include "cmd/logs_print.h"
#include "cmd/moment.h"
#include "core/base/arena.h"
#include "core/base/err.h"
#include "core/base/str.h"

#include <stdlib.h>
#include <string.h>

static void on_exit_inspected(void *owner, const struct reply *r, const struct err *err);

/* ---- who ---- */

struct followed *follow_add(struct follow *f, const char *id, const char *name, const char *service,
                            int number)
{
    struct arena *arena = f->app->arena;
    struct followed *w = arena_alloc(arena, sizeof *w);

    w->follow = f;
    w->id = arena_strdup(arena, id);
    w->name = arena_strdup(arena, name);
    w->service = arena_strdup(arena, service);
    w->number = number;
    vec_push(&f->all, w);
    return w;
}

struct followed *follow_find(struct follow *f, const char *id)
{
    for (size_t i = 0; i < f->all.len; i++)
        if (str_eq(f->all.items[i]->id, id))
            return f->all.items[i];
    return NULL;
}

static int by_name(const void *x, const void *y)
{
    const struct followed *const *a = x, *const *b = y;

    return strcmp((*a)->name, (*b)->name);
}

void follow_sort(struct follow *f)
{
    if (f->all.len)
        qsort(f->all.items, f->all.len, sizeof *f->all.items, by_name);
}

/* ---- what is printed of them ---- */

static const char *shown_name(const struct followed *w)
{
    const struct app *app = w->follow->app;

    return log_name(app->arena, app->project->name, w->service, w->number, w->name);
}

static void need_source(struct followed *w)
{
    if (!w->source)
        w->source = log_source_add(w->follow->printer, shown_name(w), true);
}

static void on_output(void *owner, enum stream s, const char *bytes, size_t len)
{
    struct followed *w = owner;

    if (w->source && !w->follow->muted)
        log_source_output(w->source, s, bytes, len);
}

static void on_stream_end(void *owner, const struct reply *r, const struct err *err)
{
    struct followed *w = owner;

    (void)r;
    (void)err;
    w->stream = NULL;
    if (w->source)
        log_source_flush(w->source);
}

void follow_hook(struct app *app, const struct plan_node *n, enum stream s, const char *bytes,
                 size_t len, void *owner)
{
    struct follow *f = owner;
    struct followed *w = NULL;

    (void)s;
    for (size_t i = 0; i < f->all.len && !w; i++)
        if (str_eq(f->all.items[i]->name, n->target))
            w = f->all.items[i];
    if (!w || f->closed)
        return;
    if (n->op == OP_CONTAINER_HOOK && n != w->prestart) { /* one after the other */
        w->prestart = n;
        w->hooks = log_source_add(
            f->printer, arena_printf(app->arena, "%s %s ->", n->service, n->cause), false);
    } else if (n->op != OP_CONTAINER_HOOK && (!w->hooks || w->prestart)) {
        w->prestart = NULL;
        w->hooks =
            log_source_add(f->printer, arena_printf(app->arena, "%s ->", shown_name(w)), false);
    }
    log_source_output(w->hooks, STREAM_STDOUT, bytes, len);
}

/* ---- before they start ---- */

/* Once for each: it is attached, or cannot be. */
static void on_attached(void *owner)
{
    struct followed *w = owner;
    struct follow *f = w->follow;

    if (!w->attaching)
        return;
    w->attaching = false;
    if (--f->to_attach == 0 && !f->closed)
        f->on_attached(f->owner);
}

/* The engine cannot attach: the container still runs; its logs are followed once it starts. */
static void on_attach_end(void *owner, const struct reply *r, const struct err *err)
{
    on_stream_end(owner, r, err);
    if (!err || err->code != ERR_CANCELED)
        on_attached(owner);
}

/* docker compose attaches to everything when nothing is left to attach to. */
static void show_all_if_none(struct follow *f)
{
    for (size_t i = 0; i < f->all.len; i++)
        if (f->all.items[i]->shown)
            return;
    for (size_t i = 0; i < f->all.len; i++)
        f->all.items[i]->shown = true;
}

void follow_attach(struct follow *f)
{
    struct writer *writer = &f->app->driver->writer;
    AUTO_TEXT names = {0};

    show_all_if_none(f);
    for (size_t i = 0; i < f->all.len; i++) {
        struct followed *w = f->all.items[i];

        if (!w->shown)
            continue;
        str_add(&names, names.len ? ", " : "Attaching to ");
        str_add(&names, shown_name(w));
        need_source(w);
        w->attaching = true;
        f->to_attach++;
    }
    if (names.len)
        app_outf("%s\n", str_text(&names));
    for (size_t i = 0; i < f->all.len; i++) {
        struct followed *w = f->all.items[i];

        if (w->shown)
            w->stream = writer->ops->container_attach(writer, w->id, false, w->tty, on_output,
                                                      on_attached, on_attach_end, w);
    }
    if (!names.len)
        f->on_attached(f->owner);
}

/* ---- while they run ---- */

static void on_followed_inspected(void *owner, const struct reply *r, const struct err *err)
{
    struct followed *w = owner;
    struct reader *reader = &w->follow->app->driver->reader;
    struct log_options o = {.follow = true, .tty = w->tty};

    w->inspect = NULL;
    if (err || w->stream || w->follow->ending)
        return;
    if (r->containers.len)
        o.since = moment_last_end(w->follow->app->arena, w->died_at, r->containers.items[0]);
    w->stream = reader->ops->container_logs(reader, w->id, &o, on_output, on_stream_end, w);
}

static void on_start(struct followed *w)
{
    struct reader *reader = &w->follow->app->driver->reader;

    w->running = true;
    w->gone = false;
    w->started_again = w->inspect;
    if (!w->shown)
        return;
    need_source(w);
    if (w->replaces)
        log_source_status(w->source, "has been recreated");
    w->replaces = false;
    if (!w->stream && !w->inspect)
        w->inspect = reader->ops->container_inspect(reader, w->follow->app->arena, w->id,
                                                    on_followed_inspected, w);
}

static void on_die(struct followed *w, const struct event *e)
{
    struct reader *reader = &w->follow->app->driver->reader;
    long long code = 0;

    w->running = false;
    w->died_at = e->time_nano;
    if (e->exit_code && str_to_i64(e->exit_code, &code) == 0)
        w->exit_code = (int)code;
    if (!w->inspect)
        w->inspect = reader->ops->container_inspect(reader, w->follow->app->arena, w->id,
                                                    on_exit_inspected, w);
}

static void on_exit_inspected(void *owner, const struct reply *r, const struct err *err)
{
    struct followed *w = owner;
    struct follow *f = w->follow;
    const struct container *c = !err && r->containers.len ? r->containers.items[0] : NULL;
    bool again =
        w->started_again || (c && (c->state == STATE_RESTARTING || c->state == STATE_RUNNING));

    w->inspect = NULL;
    if (f->closed || (err && err->code == ERR_CANCELED))
        return;
    w->gone = !again;
    if (w->source && !f->muted) {
        log_source_flush(w->source);
        log_source_status(w->source, "exited with code %d%s", w->exit_code,
                          again ? " (restarting)" : "");
    }
    if (w->started_again || (c && c->state == STATE_RUNNING))
        on_start(w);
    f->on_exited(w);
    f->on_change(f->owner);
}

void follow_event(struct followed *w, const struct event *e)
{
    if (str_eq(e->action, "start") || str_eq(e->action, "restart")) {
        on_start(w);
    } else if (str_eq(e->action, "die")) {
        on_die(w, e);
    } else if (str_eq(e->action, "rename")) {
        w->name = arena_strdup(w->follow->app->arena, e->name);
    } else if (str_eq(e->action, "destroy")) {
        w->gone = true;
        w->running = false;
        w->follow->on_change(w->follow->owner);
    }
}

/* ---- the end ---- */

void follow_close(struct follow *f)
{
    f->closed = f->ending = true;
    for (size_t i = 0; i < f->all.len; i++) {
        struct followed *w = f->all.items[i];

        if (w->source && !f->muted)
            log_source_flush(w->source);
        if (w->hooks)
            log_source_flush(w->hooks);
        w->source = w->hooks = NULL;
    }
    log_printer_free(f->printer);
    f->printer = NULL;
    vec_done(&f->all);
}
