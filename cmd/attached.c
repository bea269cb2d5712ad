#include "cmd/attached.h"

#include "cmd/app.h"
#include "cmd/logs_print.h"
#include "cmd/moment.h"
#include "core/base/arena.h"
#include "core/base/err.h"
#include "core/base/str.h"
#include "core/base/vec.h"
#include "core/driver.h"
#include "core/plan/labels.h"

#include <stdlib.h>
#include <string.h>

/* One container that is shown or whose end counts. Lives in the app's
 * arena, never freed before it. */
struct watched {
    struct attached *up;
    const char *id, *name, *service;
    int number;
    bool counted; /* `up` goes on as long as one of these is there */
    bool shown;   /* its output is printed */
    bool tty;
    bool running;   /* as far as events tell; what a second Ctrl-C kills */
    bool gone;      /* exited for good */
    bool replaces;  /* another one, and that is not told yet */
    bool attaching; /* `to_attach` counts it */
    struct log_source *source;
    struct log_source *hooks;         /* what hooks in it, or before it, write */
    const struct plan_node *prestart; /* of a hook before it; NULL: in it */
    struct call *stream;              /* attach or logs; NULL: none open */
    struct call *inspect;             /* after its exit, or before its logs are followed */
    bool started_again;               /* meanwhile */
    int exit_code;
    int64_t died_at; /* of the event; 0: none was seen */
};

enum attached_state { ATTACHING, STARTING, SHOWING, STOPPING, DRAINING, KILLING, LEAVING };

struct attached {
    struct app *app;
    struct attached_options opts;
    enum attached_state state;
    struct observed observed;
    VEC(struct watched *) all;
    struct log_printer *printer;
    struct call *events;
    size_t to_attach;                    /* attaches that are not ready yet */
    bool interrupted, aborted, given_up; /* given_up: either of them; nothing is started any more */
    int exit_code;
    bool exit_code_known;
    struct observed now; /* what runs, when stopping */
};

/* In the order things happen. */
static void on_created(struct app *app, void *owner);
static void on_subscribed(void *owner);
static void on_events_end(void *owner, const struct reply *r, const struct err *err);
static void attach_all(struct attached *a);
static void on_attached(void *owner);
static void start_all(struct attached *a);
static void on_started(struct app *app, void *owner, const struct observed *o,
                       const struct err *err);
static void on_event(void *owner, const struct event *e);
static void on_exit_inspected(void *owner, const struct reply *r, const struct err *err);
static void check_end(struct attached *a);
static void on_interrupt(struct app *app, int count, void *owner);
static void stop_all(struct attached *a);
static void kill_all(struct attached *a);
static void release(void *data);
static void leave(struct attached *a, int code);
static void fail(struct attached *a, const struct err *err);

static struct watched *find(struct attached *a, const char *id)
{
    for (size_t i = 0; i < a->all.len; i++)
        if (str_eq(a->all.items[i]->id, id))
            return a->all.items[i];
    return NULL;
}

/* The services of the command line, all when there are none. */
static bool is_selected(struct attached *a, const char *service)
{
    const struct service *s = project_service(a->app->project, service);

    if (a->opts.services.len)
        return strings_have(&a->opts.services, service);
    return s && !s->disabled;
}

static bool is_shown(struct attached *a, const char *service)
{
    const struct service *s = project_service(a->app->project, service);

    if (!s || strings_have(&a->opts.no_attach, service))
        return false;
    if (a->opts.attach.len)
        return strings_have(&a->opts.attach, service);
    if (s->attach.set && !s->attach.value)
        return false;
    return is_selected(a, service) || (a->opts.attach_dependencies && !s->disabled);
}

static struct watched *watch(struct attached *a, const char *id, const char *name,
                             const char *service, int number)
{
    struct arena *arena = a->app->arena;
    const struct service *s = project_service(a->app->project, service);
    struct watched *w = arena_alloc(arena, sizeof *w);

    w->up = a;
    w->id = arena_strdup(arena, id);
    w->name = arena_strdup(arena, name);
    w->service = arena_strdup(arena, service);
    w->number = number;
    w->counted = is_selected(a, service);
    w->shown = is_shown(a, service);
    w->tty = s && s->tty;
    vec_push(&a->all, w);
    return w;
}

static const char *shown_name(const struct watched *w)
{
    const struct app *app = w->up->app;

    return log_name(app->arena, app->project->name, w->service, w->number, w->name);
}

static void need_source(struct watched *w)
{
    if (!w->source)
        w->source = log_source_add(w->up->printer, shown_name(w), true);
}

/* Hooks are shown whether or not their container is, as docker compose does. */
static void on_hook(struct app *app, const struct plan_node *n, enum stream s, const char *bytes,
                    size_t len, void *owner)
{
    struct attached *a = owner;
    struct watched *w = NULL;

    (void)s;
    for (size_t i = 0; i < a->all.len && !w; i++)
        if (str_eq(a->all.items[i]->name, n->target))
            w = a->all.items[i];
    if (!w || a->state == LEAVING)
        return;
    if (n->op == OP_CONTAINER_HOOK && n != w->prestart) { /* one after the other */
        w->prestart = n;
        w->hooks = log_source_add(
            a->printer, arena_printf(app->arena, "%s %s ->", n->service, n->cause), false);
    } else if (n->op != OP_CONTAINER_HOOK && (!w->hooks || w->prestart)) {
        w->prestart = NULL;
        w->hooks =
            log_source_add(a->printer, arena_printf(app->arena, "%s ->", shown_name(w)), false);
    }
    log_source_output(w->hooks, STREAM_STDOUT, bytes, len);
}

void attached_run(struct app *app, const struct attached_options *opts)
{
    struct attached *a = arena_alloc(app->arena, sizeof *a);
    struct observe_options o = {.project = app->project->name, .containers = true};

    *a = (struct attached){.app = app, .opts = *opts};
    app_at_end(app, release, a);
    a->printer = log_printer_new(app, opts->no_color, opts->no_log_prefix, opts->timestamps);
    app->on_interrupt = on_interrupt;
    app->interrupt_owner = a;
    app->on_hook = on_hook;
    app->hook_owner = a;
    app_observe(app, &o, &a->observed, on_created, a);
}

static int by_name(const void *x, const void *y)
{
    const struct watched *const *a = x, *const *b = y;

    return strcmp((*a)->name, (*b)->name);
}

static void on_created(struct app *app, void *owner)
{
    struct attached *a = owner;
    struct list_filter f = {0};
    const char **labels = arena_calloc(app->arena, 1, sizeof *labels);

    if (a->interrupted) {
        stop_all(a);
        return;
    }
    for (size_t i = 0; i < a->observed.containers.len; i++) {
        const struct container *c = a->observed.containers.items[i];
        struct watched *w;

        if (c->oneoff || !project_service(app->project, c->service))
            continue;
        w = watch(a, c->id, c->name, c->service, c->number);
        w->running = c->state == STATE_RUNNING || c->state == STATE_RESTARTING;
    }
    if (a->all.len)
        qsort(a->all.items, a->all.len, sizeof *a->all.items, by_name);
    labels[0] = arena_printf(app->arena, LABEL_PROJECT "=%s", app->project->name);
    f.labels = (struct strings){labels, 1};
    a->events = app->driver->reader.ops->events(&app->driver->reader, &f, on_event, on_subscribed,
                                                on_events_end, a);
}

/* Without events nobody would tell us that a container ended. */
static void on_events_end(void *owner, const struct reply *r, const struct err *err)
{
    struct attached *a = owner;
    AUTO_ERR closed = {0};

    (void)r;
    a->events = NULL;
    if (a->state == LEAVING || (err && err->code == ERR_CANCELED))
        return;
    if (!err)
        err_set(&closed, ERR_UNREACHABLE, loc_none(), "the engine closed the stream of events");
    fail(a, err ? err : &closed);
}

static void on_subscribed(void *owner)
{
    struct attached *a = owner;

    if (a->state == ATTACHING && !a->interrupted)
        attach_all(a);
}

/* docker compose attaches to everything when nothing is left to attach to. */
static void show_all_if_none(struct attached *a)
{
    for (size_t i = 0; i < a->all.len; i++)
        if (a->all.items[i]->shown)
            return;
    for (size_t i = 0; i < a->all.len; i++)
        a->all.items[i]->shown = true;
}

static void on_stream_end(void *owner, const struct reply *r, const struct err *err)
{
    struct watched *w = owner;

    (void)r;
    (void)err;
    w->stream = NULL;
    if (w->source)
        log_source_flush(w->source);
}

static void on_output(void *owner, enum stream s, const char *bytes, size_t len)
{
    struct watched *w = owner;

    if (w->source && !w->up->interrupted)
        log_source_output(w->source, s, bytes, len);
}

/* The engine cannot attach: the container still runs; its logs are followed once it starts. */
static void on_attach_end(void *owner, const struct reply *r, const struct err *err)
{
    on_stream_end(owner, r, err);
    if (!err || err->code != ERR_CANCELED)
        on_attached(owner);
}

static void attach_all(struct attached *a)
{
    struct writer *writer = &a->app->driver->writer;
    AUTO_TEXT names = {0};

    show_all_if_none(a);
    for (size_t i = 0; i < a->all.len; i++) {
        struct watched *w = a->all.items[i];

        if (!w->shown)
            continue;
        str_add(&names, names.len ? ", " : "Attaching to ");
        str_add(&names, shown_name(w));
        need_source(w);
        w->attaching = true;
        a->to_attach++;
    }
    if (names.len)
        app_outf("%s\n", str_text(&names));
    for (size_t i = 0; i < a->all.len; i++) {
        struct watched *w = a->all.items[i];

        if (w->shown)
            w->stream = writer->ops->container_attach(writer, w->id, false, w->tty, on_output,
                                                      on_attached, on_attach_end, w);
    }
    if (!a->to_attach)
        start_all(a);
}

/* Once for each: it is attached, or cannot be. */
static void on_attached(void *owner)
{
    struct watched *w = owner;
    struct attached *a = w->up;

    if (!w->attaching)
        return;
    w->attaching = false;
    if (--a->to_attach == 0 && a->state == ATTACHING)
        start_all(a);
}

static void start_all(struct attached *a)
{
    a->state = STARTING;
    a->opts.start.given_up = &a->given_up;
    converge(a->app, &a->opts.start, on_started, a);
}

static void on_started(struct app *app, void *owner, const struct observed *o,
                       const struct err *err)
{
    struct attached *a = owner;

    (void)app;
    (void)o;
    if (a->interrupted || a->aborted) {
        stop_all(a);
        return;
    }
    if (err) {
        fail(a, err);
        return;
    }
    a->state = SHOWING;
    check_end(a);
}

/* A container that starts while nobody listens to it: restarted, recreated, or attaching failed. */
static void on_followed_inspected(void *owner, const struct reply *r, const struct err *err)
{
    struct watched *w = owner;
    struct reader *reader = &w->up->app->driver->reader;
    struct log_options o = {.follow = true, .tty = w->tty};

    w->inspect = NULL;
    if (err || w->stream || w->up->state >= STOPPING)
        return;
    if (r->containers.len)
        o.since = moment_last_end(w->up->app->arena, w->died_at, r->containers.items[0]);
    w->stream = reader->ops->container_logs(reader, w->id, &o, on_output, on_stream_end, w);
}

static void handle_start(struct watched *w)
{
    struct reader *reader = &w->up->app->driver->reader;

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
        w->inspect = reader->ops->container_inspect(reader, w->up->app->arena, w->id,
                                                    on_followed_inspected, w);
}

static void handle_die(struct watched *w, const struct event *e)
{
    struct reader *reader = &w->up->app->driver->reader;
    long long code = 0;

    w->running = false;
    w->died_at = e->time_nano;
    if (e->exit_code && str_to_i64(e->exit_code, &code) == 0)
        w->exit_code = (int)code;
    if (!w->inspect)
        w->inspect =
            reader->ops->container_inspect(reader, w->up->app->arena, w->id, on_exit_inspected, w);
}

/* From here on `up` does not end without it; it is told, by its final name, when it starts. */
static void handle_create(struct attached *a, const struct event *e)
{
    const char *service = mapping_get(&e->attributes, LABEL_SERVICE);
    const char *number = mapping_get(&e->attributes, LABEL_NUMBER);
    long long n = 0;

    if (!service || str_eq(mapping_get(&e->attributes, LABEL_ONEOFF), "True") ||
        !project_service(a->app->project, service))
        return;
    if (number && str_to_i64(number, &n) < 0)
        n = 0;
    watch(a, e->id, e->name, service, (int)n)->replaces =
        mapping_get(&e->attributes, LABEL_REPLACE) != NULL;
}

static void on_event(void *owner, const struct event *e)
{
    struct attached *a = owner;
    struct watched *w = find(a, e->id);

    if (a->state >= KILLING || !str_eq(e->type, "container"))
        return;
    if (str_eq(e->action, "create") && !w)
        handle_create(a, e);
    if (!w)
        return;
    if (str_eq(e->action, "start") || str_eq(e->action, "restart"))
        handle_start(w);
    else if (str_eq(e->action, "die"))
        handle_die(w, e);
    else if (str_eq(e->action, "rename"))
        w->name = arena_strdup(a->app->arena, e->name);
    else if (str_eq(e->action, "destroy")) {
        w->gone = true;
        w->running = false;
        check_end(a);
    }
}

/* While containers are being started, on_started goes on to stop them; so nothing starts behind our
 * back. */
static void give_up_starting(struct attached *a)
{
    if (app_is_waiting(a->app)) {
        app_unlock(a->app);
        stop_all(a);
    } else if (a->state != STARTING) {
        stop_all(a);
    } else if (a->app->exec) {
        exec_cancel(a->app->exec);
    }
}

static void abort_up(struct attached *a)
{
    if (a->aborted || a->interrupted)
        return;
    a->aborted = a->given_up = true;
    app_note(a->app, a->app->stderr_tty ? "\033[31m\033[1mAborting on container exit...\033[0m"
                                        : "Aborting on container exit...");
    give_up_starting(a);
}

static void note_exit(struct attached *a, struct watched *w)
{
    bool failed = w->exit_code != 0;

    if (a->opts.exit_code_from) {
        if (str_eq(w->service, a->opts.exit_code_from) && !a->exit_code_known) {
            a->exit_code = w->exit_code;
            a->exit_code_known = true;
        }
    } else if (!a->aborted && !a->exit_code_known &&
               (a->opts.abort_on_exit || (a->opts.abort_on_failure && failed))) {
        a->exit_code = w->exit_code;
        a->exit_code_known = true;
    }
    if (w->counted && (a->opts.abort_on_exit || (a->opts.abort_on_failure && failed)))
        abort_up(a);
}

static void on_exit_inspected(void *owner, const struct reply *r, const struct err *err)
{
    struct watched *w = owner;
    struct attached *a = w->up;
    const struct container *c = !err && r->containers.len ? r->containers.items[0] : NULL;
    bool again =
        w->started_again || (c && (c->state == STATE_RESTARTING || c->state == STATE_RUNNING));

    w->inspect = NULL;
    if (a->state == LEAVING || (err && err->code == ERR_CANCELED))
        return;
    w->gone = !again;
    if (w->source && !a->interrupted) {
        log_source_flush(w->source);
        log_source_status(w->source, "exited with code %d%s", w->exit_code,
                          again ? " (restarting)" : "");
    }
    if (w->started_again || (c && c->state == STATE_RUNNING))
        handle_start(w);
    note_exit(a, w);
    check_end(a);
}

/* What was to stop is stopped; the last exits are still to be told, and their codes to be known. */
static void check_drained(struct attached *a)
{
    for (size_t i = 0; i < a->all.len; i++)
        if ((a->all.items[i]->counted && a->all.items[i]->running) || a->all.items[i]->inspect)
            return;
    leave(a, a->exit_code);
}

static void check_end(struct attached *a)
{
    if (a->state == DRAINING)
        check_drained(a);
    if (a->state != SHOWING)
        return;
    for (size_t i = 0; i < a->all.len; i++)
        if (a->all.items[i]->counted && !a->all.items[i]->gone)
            return;
    leave(a, a->exit_code);
}

static void on_interrupt(struct app *app, int count, void *owner)
{
    struct attached *a = owner;

    a->interrupted = a->given_up = true;
    a->exit_code = 130;
    if (count == 1) {
        app_outf("Gracefully Stopping... press Ctrl+C again to force\n");
        if (a->state == DRAINING)
            leave(a, 130);
        else if (a->state != ATTACHING || a->events) /* else on_created sees it */
            give_up_starting(a);
        return;
    }
    if (app->exec && a->state == STARTING && count == 2)
        return; /* starts under way end soon, and what they start must be killed as well */
    if (app->exec && (a->state == STARTING || a->state == STOPPING))
        exec_cancel(app->exec); /* on_stopped goes on to kill */
    else if (a->state == STOPPING)
        a->state = KILLING; /* still observing: kills in the place of stopping */
    else if (!app->exec)
        leave(a, 130); /* the engine does not even answer questions */
}

static void on_killed(struct app *app, void *owner, const struct err *err)
{
    struct attached *a = owner;

    (void)app;
    if (err)
        fail(a, err);
    else
        leave(a, 130);
}

static void kill_all(struct attached *a)
{
    struct app *app = a->app;
    struct lifecycle_options o = {.services = a->opts.services, .signal = "SIGKILL"};
    struct plan *p;

    a->state = KILLING;
    p = plan_kill(app->arena, app->project, &a->now, &o, app->diags);
    if (!p)
        leave(a, 130);
    else
        app_run(app, p, "Killing", on_killed, a);
}

static void on_stopped(struct app *app, void *owner, const struct err *err)
{
    struct attached *a = owner;

    if (app->interrupts > 1 && a->state == STOPPING) {
        kill_all(a);
        return;
    }
    if (err && err->code != ERR_CANCELED) {
        fail(a, err);
        return;
    }
    if (a->interrupted) {
        leave(a, a->exit_code);
        return;
    }
    a->state = DRAINING;
    check_drained(a);
}

static void on_stop_observed(struct app *app, void *owner)
{
    struct attached *a = owner;
    struct lifecycle_options o = {.services = a->opts.services, .timeout = a->opts.timeout};
    struct plan *p;

    if (a->state == KILLING || app->interrupts > 1) {
        kill_all(a);
        return;
    }
    p = plan_stop(app->arena, app->project, &a->now, &o, app->diags);
    if (!p)
        leave(a, 1);
    else
        app_run(app, p, "Stopping", on_stopped, a);
}

static void stop_all(struct attached *a)
{
    struct observe_options o = {.project = a->app->project->name, .containers = true};

    if (a->state >= STOPPING)
        return;
    a->state = STOPPING;
    app_observe(a->app, &o, &a->now, on_stop_observed, a);
}

/* Streams and the subscription are cancelled by closing the driver when the app ends. */
static void release(void *data)
{
    struct attached *a = data;

    a->state = LEAVING;
    for (size_t i = 0; i < a->all.len; i++) {
        if (a->all.items[i]->source && !a->interrupted)
            log_source_flush(a->all.items[i]->source);
        if (a->all.items[i]->hooks)
            log_source_flush(a->all.items[i]->hooks);
        a->all.items[i]->source = a->all.items[i]->hooks = NULL;
    }
    log_printer_free(a->printer);
    a->printer = NULL;
    vec_done(&a->all);
}

static void leave(struct attached *a, int code)
{
    if (a->state == LEAVING)
        return;
    release(a);
    app_finish(a->app, code);
}

static void fail(struct attached *a, const struct err *err)
{
    if (a->state == LEAVING)
        return;
    release(a);
    app_fail(a->app, err);
}
