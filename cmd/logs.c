/* cmd/logs.c: what containers print.
 *
 * Without -f one container after the other, in the order of their names, so that two runs print the
 * same. With -f all at a time, and those that start later; it ends when
 * none of them runs any more. */
#include "cmd/app.h"
#include "cmd/command.h"
#include "cmd/logs_print.h"
#include "cmd/moment.h"
#include "core/base/arena.h"
#include "core/base/err.h"
#include "core/base/str.h"
#include "core/base/vec.h"
#include "core/plan/labels.h"

#include <stdlib.h>
#include <string.h>

struct logs_args {
    bool follow, timestamps, no_color, no_prefix;
    struct opt_int index;
    const char *since, *until, *tail;
};

/* clang-format off */
static const struct opt logs_opts[] = {
    OPT_FLAG('f', "follow", struct logs_args, follow, "Go on with what comes"),
    OPT_INT(0, "index", struct logs_args, index, "Which of the service's containers"),
    OPT_FLAG(0, "no-color", struct logs_args, no_color, "No colours"),
    OPT_FLAG(0, "no-log-prefix", struct logs_args, no_prefix, "No names before the lines"),
    OPT_STRING(0, "since", struct logs_args, since, "string", "From this time on (2013-01-02T13:23:37Z), or this long ago (42m)"),
    OPT_STRING_DEF('n', "tail", struct logs_args, tail, "string", "\"all\"", "Only this many of the last lines of each container"),
    OPT_FLAG('t', "timestamps", struct logs_args, timestamps, "The time before each line"),
    OPT_STRING(0, "until", struct logs_args, until, "string", "Up to this time, or this long ago"),
    OPT_END,
};
/* clang-format on */

struct logs;

/* One container. */
struct logged {
    struct logs *logs;
    const char *id, *name, *service, *started_at;
    int number;
    bool tty;
    bool again;   /* started once more since we look: only what is new */
    bool died;    /* an exit was seen and not yet told */
    bool running; /* as far as we know */
    const char *exit_code;
    int64_t died_at;      /* of the event; 0: none was seen */
    const char *last_end; /* of the run before; NULL: it is the first */
    struct log_source *source;
    struct call *stream, *inspect;
};

struct logs {
    struct app *app;
    const struct logs_args *args;
    struct strings services;
    const char *since, *until;
    bool named_only, over;
    struct observed observed;
    struct log_printer *printer;
    VEC(struct logged *) all; /* by name at first; new ones at the end */
    size_t at;                /* without -f: whose turn it is */
    bool started;             /* the first containers are being read */
};

static void open_stream(struct logged *w);
static void check_end(struct logs *l);

/* ---- who is shown ---- */

static bool is_wanted(const struct logs *l, const char *service, bool oneoff)
{
    const struct service *s;

    if (oneoff)
        return false;
    if (l->services.len)
        return strings_have(&l->services, service);
    if (l->named_only)
        return true;
    s = project_service(l->app->project, service);
    return s && !s->disabled && !(s->attach.set && !s->attach.value);
}

static bool is_index(const struct logs *l, int number)
{
    return l->args->index.value <= 0 || l->args->index.value == number;
}

static void need_source(struct logged *w)
{
    struct logs *l = w->logs;
    const char *project = l->app->project->name;

    if (!w->source)
        w->source = log_source_add(
            l->printer, log_name(l->app->arena, project, w->service, w->number, w->name), false);
}

static struct logged *add(struct logs *l, const char *id, const char *name, const char *service,
                          int number)
{
    struct logged *w = arena_alloc(l->app->arena, sizeof *w);

    w->logs = l;
    w->id = arena_strdup(l->app->arena, id);
    w->name = arena_strdup(l->app->arena, name);
    w->service = arena_strdup(l->app->arena, service);
    w->number = number;
    vec_push(&l->all, w);
    return w;
}

static struct logged *find(struct logs *l, const char *id)
{
    for (size_t i = 0; i < l->all.len; i++)
        if (str_eq(l->all.items[i]->id, id))
            return l->all.items[i];
    return NULL;
}

/* ---- the end ---- */

static void release(void *data)
{
    struct logs *l = data;

    l->over = true;
    log_printer_free(l->printer);
    l->printer = NULL;
    vec_done(&l->all);
}

static void end(struct logs *l)
{
    release(l);
    app_finish(l->app, 0);
}

static void fail(struct logs *l, const struct err *err)
{
    release(l);
    app_fail(l->app, err);
}

static void on_interrupt(struct app *app, int count, void *owner)
{
    struct logs *l = owner;

    (void)count;
    if (!l->over)
        release(l);
    app_finish(app, 130);
}

/* ---- one container ---- */

static void on_output(void *owner, enum stream s, const char *bytes, size_t len)
{
    struct logged *w = owner;

    if (!w->logs->over)
        log_source_output(w->source, s, bytes, len);
}

/* After the exit, when all output is there: did the engine start it again? */
static void on_exit_inspected(void *owner, const struct reply *r, const struct err *err)
{
    struct logged *w = owner;
    struct logs *l = w->logs;
    const struct container *c;

    w->inspect = NULL;
    if (l->over)
        return;
    c = !err && r->containers.len ? r->containers.items[0] : NULL;
    w->running = c && (c->state == STATE_RUNNING || c->state == STATE_RESTARTING ||
                       c->state == STATE_PAUSED);
    if (w->died)
        log_source_status(w->source, "exited with code %s%s", w->exit_code,
                          w->running ? " (restarting)" : "");
    w->died = false;
    if (c && c->state == STATE_RUNNING && !w->stream && !str_eq(c->started_at, w->started_at)) {
        w->started_at = c->started_at;
        w->last_end = moment_last_end(l->app->arena, w->died_at, c);
        w->again = true;
        open_stream(w);
    }
    check_end(l);
}

static void look_again(struct logged *w)
{
    struct reader *reader = &w->logs->app->driver->reader;

    if (!w->inspect)
        w->inspect = reader->ops->container_inspect(reader, w->logs->app->arena, w->id,
                                                    on_exit_inspected, w);
}

static void next(struct logs *l)
{
    l->at++;
    if (l->at < l->all.len)
        open_stream(l->all.items[l->at]);
    else
        end(l);
}

static void on_stream_end(void *owner, const struct reply *r, const struct err *err)
{
    struct logged *w = owner;
    struct logs *l = w->logs;

    (void)r;
    w->stream = NULL;
    if (l->over)
        return;
    log_source_flush(w->source);
    if (err && err->code != ERR_NOT_FOUND && err->code != ERR_UNSUPPORTED) {
        fail(l, err);
        return;
    }
    if (err && err->code == ERR_UNSUPPORTED) /* the logging driver cannot read */
        app_warn(l->app, "Can't retrieve logs for \"%s\": %s", w->name, err_text(err));
    if (!l->args->follow)
        next(l);
    else if (!err)
        look_again(w);
    else if (err->code == ERR_NOT_FOUND)
        w->running = false;
    if (l->args->follow && !l->over)
        check_end(l);
}

static void open_stream(struct logged *w)
{
    struct logs *l = w->logs;
    struct reader *reader = &l->app->driver->reader;
    struct log_options o = {
        .follow = l->args->follow,
        .timestamps = l->args->timestamps,
        .tty = w->tty,
        .tail = w->again ? NULL : l->args->tail,
        .since = w->again ? w->last_end : l->since,
        .until = l->until,
    };

    w->stream = reader->ops->container_logs(reader, w->id, &o, on_output, on_stream_end, w);
}

static void check_end(struct logs *l)
{
    if (!l->args->follow || !l->started)
        return;
    for (size_t i = 0; i < l->all.len; i++) {
        const struct logged *w = l->all.items[i];

        if (w->stream || w->inspect || w->running)
            return;
    }
    end(l);
}

/* ---- containers that start later ---- */

static void on_start_inspected(void *owner, const struct reply *r, const struct err *err)
{
    struct logged *w = owner;
    const struct container *c;

    w->inspect = NULL;
    if (w->logs->over)
        return;
    c = !err && r->containers.len ? r->containers.items[0] : NULL;
    if (c && !w->stream) {
        w->tty = c->tty;
        w->started_at = c->started_at;
        w->last_end = moment_last_end(w->logs->app->arena, w->died_at, c);
        w->again = true;
        open_stream(w);
    }
    w->running = c != NULL;
    check_end(w->logs);
}

static void on_start(struct logs *l, struct logged *w, const struct event *e)
{
    struct reader *reader = &l->app->driver->reader;
    const char *service = mapping_get(&e->attributes, LABEL_SERVICE);
    const char *number = mapping_get(&e->attributes, LABEL_NUMBER);
    long long n = 0;

    if (!w) {
        if (!service ||
            !is_wanted(l, service, str_eq(mapping_get(&e->attributes, LABEL_ONEOFF), "True")))
            return;
        if (number && str_to_i64(number, &n) < 0)
            n = 0;
        if (!is_index(l, (int)n))
            return;
        w = add(l, e->id, e->name, service, (int)n);
        need_source(w);
        if (mapping_get(&e->attributes, LABEL_REPLACE))
            log_source_status(w->source, "has been recreated");
    }
    w->running = true;
    if (!w->stream && !w->inspect)
        w->inspect =
            reader->ops->container_inspect(reader, l->app->arena, w->id, on_start_inspected, w);
}

static void on_event(void *owner, const struct event *e)
{
    struct logs *l = owner;
    struct logged *w;

    if (l->over || !l->started || !str_eq(e->type, "container"))
        return;
    w = find(l, e->id);
    if (str_eq(e->action, "start")) {
        on_start(l, w, e);
    } else if (w && str_eq(e->action, "die")) {
        w->died = true;
        w->died_at = e->time_nano;
        w->exit_code = arena_strdup(l->app->arena, e->exit_code ? e->exit_code : "0");
        if (!w->stream) /* else when its output has ended */
            look_again(w);
    } else if (w && str_eq(e->action, "destroy")) {
        w->running = false;
        check_end(l);
    }
}

static void on_events_end(void *owner, const struct reply *r, const struct err *err)
{
    struct logs *l = owner;

    (void)r;
    if (!l->over && err)
        fail(l, err);
}

/* ---- the beginning ---- */

static int by_name(const void *pa, const void *pb)
{
    const struct logged *const *a = pa, *const *b = pb;

    return strcmp((*a)->name, (*b)->name);
}

static void start_reading(struct logs *l)
{
    for (size_t i = 0; i < l->all.len; i++)
        need_source(l->all.items[i]);
    l->started = true;
    if (!l->all.len) {
        end(l);
        return;
    }
    for (size_t i = 0; i < (l->args->follow ? l->all.len : 1); i++)
        open_stream(l->all.items[i]);
}

static void on_inspected(void *owner, const struct reply *r, const struct err *err)
{
    struct logged *w = owner;
    struct logs *l = w->logs;

    w->inspect = NULL;
    if (l->over)
        return;
    if (err && err->code != ERR_NOT_FOUND) {
        fail(l, err);
        return;
    }
    if (!err && r->containers.len) {
        w->tty = r->containers.items[0]->tty;
        w->started_at = r->containers.items[0]->started_at;
    }
    for (size_t i = 0; i < l->all.len; i++)
        if (l->all.items[i]->inspect)
            return;
    start_reading(l);
}

static void on_observed(struct app *app, void *owner)
{
    struct logs *l = owner;
    struct reader *reader = &app->driver->reader;

    for (size_t i = 0; i < l->observed.containers.len; i++) {
        const struct container *c = l->observed.containers.items[i];

        if (!is_wanted(l, c->service, c->oneoff) || !is_index(l, c->number))
            continue;
        add(l, c->id, c->name, c->service, c->number)->running =
            c->state == STATE_RUNNING || c->state == STATE_RESTARTING || c->state == STATE_PAUSED;
    }
    if (l->args->index.value > 0 && !l->all.len) {
        AUTO_ERR err = {0};

        err_set(&err, ERR_NOT_FOUND, loc_none(), "service \"%s\" is not running container #%lld",
                l->services.items[0], (long long)l->args->index.value);
        app_fail(app, &err);
        return;
    }
    if (l->all.len)
        qsort(l->all.items, l->all.len, sizeof *l->all.items, by_name);
    for (size_t i = 0; i < l->all.len; i++) {
        struct logged *w = l->all.items[i];

        w->inspect = reader->ops->container_inspect(reader, app->arena, w->id, on_inspected, w);
    }
    if (!l->all.len)
        start_reading(l);
}

static void observe_containers(void *owner)
{
    struct logs *l = owner;
    struct observe_options o = {.project = l->app->project->name, .containers = true};

    app_observe(l->app, &o, &l->observed, on_observed, l);
}

/* Before the containers are listed: none that starts in between is missed. */
static void subscribe(struct logs *l)
{
    struct reader *reader = &l->app->driver->reader;
    const char **labels = arena_calloc(l->app->arena, 1, sizeof *labels);
    struct list_filter f = {.labels = {labels, 1}};

    labels[0] = arena_printf(l->app->arena, LABEL_PROJECT "=%s", l->app->project->name);
    reader->ops->events(reader, &f, on_event, observe_containers, on_events_end, l);
}

static int check_args(struct logs *l, struct err *err)
{
    struct arena *a = l->app->arena;

    if (l->args->index.set && l->args->index.value > 0 && l->services.len != 1)
        return err_set(err, ERR_USAGE, loc_none(), "--index requires one service to be selected");
    if (moment_parse(a, "since", l->args->since, &l->since, err) < 0 ||
        moment_parse(a, "until", l->args->until, &l->until, err) < 0)
        return -1;
    return 0;
}

static void logs_run(struct app *app, void *args, const struct strings *services)
{
    struct logs *l = arena_alloc(app->arena, sizeof *l);
    AUTO_ERR err = {0};

    l->app = app;
    l->args = args;
    l->services = *services;
    if (check_args(l, &err) < 0) {
        app_fail(app, &err);
        return;
    }
    if (app_load_or_name(app, services, &l->named_only) < 0 || app_engine(app) < 0)
        return;
    l->printer = log_printer_new(app, l->args->no_color, l->args->no_prefix, false);
    app_at_end(app, release, l);
    app->on_interrupt = on_interrupt;
    app->interrupt_owner = l;
    if (l->args->follow)
        subscribe(l);
    else
        observe_containers(l);
}

const struct command cmd_logs = {
    .name = "logs",
    .usage = "logs [OPTIONS] [SERVICE...]",
    .summary = "Show what containers print",
    .opts = logs_opts,
    .args_size = sizeof(struct logs_args),
    .run = logs_run,
};
