#include "cmd/attached.h"

#include "cmd/app.h"
#include "cmd/followed.h"
#include "cmd/logs_print.h"
#include "core/base/arena.h"
#include "core/base/err.h"
#include "core/base/str.h"
#include "core/driver.h"
#include "core/plan/labels.h"

enum attached_state { ATTACHING, STARTING, SHOWING, STOPPING, DRAINING, KILLING, LEAVING };

struct attached {
    struct app *app;
    struct attached_options opts;
    enum attached_state state;
    struct observed observed;
    struct follow follow;
    struct call *events;
    bool interrupted, aborted, given_up; /* given_up: either of them; nothing is started any more */
    int exit_code;
    bool exit_code_known;
    struct observed now; /* what runs, when stopping */
};

/* In the order things happen. */
static void on_created(struct app *app, void *owner);
static void on_subscribed(void *owner);
static void on_events_end(void *owner, const struct reply *r, const struct err *err);
static void on_attached(void *owner);
static void on_started(struct app *app, void *owner, const struct observed *o,
                       const struct err *err);
static void on_event(void *owner, const struct event *e);
static void on_exited(struct followed *w);
static void check_end(void *owner);
static void on_interrupt(struct app *app, int count, void *owner);
static void stop_all(struct attached *a);
static void kill_all(struct attached *a);
static void release(void *data);
static void leave(struct attached *a, int code);
static void fail(struct attached *a, const struct err *err);

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

static struct followed *follow(struct attached *a, const char *id, const char *name,
                               const char *service, int number)
{
    const struct service *s = project_service(a->app->project, service);
    struct followed *w = follow_add(&a->follow, id, name, service, number);

    w->counted = is_selected(a, service);
    w->shown = is_shown(a, service);
    w->tty = s && s->tty;
    return w;
}

void attached_run(struct app *app, const struct attached_options *opts)
{
    struct attached *a = arena_alloc(app->arena, sizeof *a);
    struct observe_options o = {.project = app->project->name, .containers = true};

    *a = (struct attached){.app = app, .opts = *opts};
    app_at_end(app, release, a);
    a->follow = (struct follow){
        .app = app,
        .printer = log_printer_new(app, opts->no_color, opts->no_log_prefix, opts->timestamps),
        .on_attached = on_attached,
        .on_exited = on_exited,
        .on_change = check_end,
        .owner = a,
    };
    app->on_interrupt = on_interrupt;
    app->interrupt_owner = a;
    app->on_hook = follow_hook;
    app->hook_owner = &a->follow;
    app_observe(app, &o, &a->observed, on_created, a);
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
        struct followed *w;

        if (c->oneoff || !project_service(app->project, c->service))
            continue;
        w = follow(a, c->id, c->name, c->service, c->number);
        w->running = c->state == STATE_RUNNING || c->state == STATE_RESTARTING;
    }
    follow_sort(&a->follow);
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
        follow_attach(&a->follow);
}

static void on_attached(void *owner)
{
    struct attached *a = owner;

    if (a->state != ATTACHING)
        return;
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
    follow(a, e->id, e->name, service, (int)n)->replaces =
        mapping_get(&e->attributes, LABEL_REPLACE) != NULL;
}

static void on_event(void *owner, const struct event *e)
{
    struct attached *a = owner;
    struct followed *w = follow_find(&a->follow, e->id);

    if (a->state >= KILLING || !str_eq(e->type, "container"))
        return;
    if (w)
        follow_event(w, e);
    else if (str_eq(e->action, "create"))
        handle_create(a, e);
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

static void on_exited(struct followed *w)
{
    struct attached *a = w->follow->owner;
    bool failed = w->exit_code != 0;

    if (a->interrupted)
        return; /* 130, whatever they end with */
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

/* What was to stop is stopped; the last exits are still to be told, and their codes to be known. */
static void check_drained(struct attached *a)
{
    for (size_t i = 0; i < a->follow.all.len; i++) {
        const struct followed *w = a->follow.all.items[i];

        if ((w->counted && w->running) || w->inspect)
            return;
    }
    leave(a, a->exit_code);
}

static void check_end(void *owner)
{
    struct attached *a = owner;

    if (a->state == DRAINING)
        check_drained(a);
    if (a->state != SHOWING)
        return;
    for (size_t i = 0; i < a->follow.all.len; i++)
        if (a->follow.all.items[i]->counted && !a->follow.all.items[i]->gone)
            return;
    leave(a, a->exit_code);
}

static void on_interrupt(struct app *app, int count, void *owner)
{
    struct attached *a = owner;

    a->interrupted = a->given_up = a->follow.muted = true;
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
    a->follow.ending = true;
    app_observe(a->app, &o, &a->now, on_stop_observed, a);
}

/* The subscription is cancelled by closing the driver when the app ends. */
static void release(void *data)
{
    struct attached *a = data;

    a->state = LEAVING;
    follow_close(&a->follow);
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
