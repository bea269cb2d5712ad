/* cmd/app_run.c: the engine: finding it, looking at it, carrying out plans on it. */
#include "cmd/app_inner.h"

#include "cmd/build_view.h"
#include "cmd/evidence.h"
#include "cmd/progress.h"
#include "cmd/providers.h"
#include "core/base/arena.h"
#include "core/base/diags.h"
#include "core/base/err.h"
#include "core/base/log.h"
#include "core/load/origins.h"
#include "core/plan/compared.h"
#include "core/plan/providers.h"
#include "drivers/docker/docker.h"
#include "drivers/dry/dry.h"

static const char *lookup(const void *from, const char *name)
{
    return app_getenv(from, name);
}

static int open_engine(struct app *app, struct driver **ret)
{
    const struct docker_options o = {
        .host = app->root.host,
        .context = app->root.context,
        .lookup = lookup,
        .from = app,
    };
    AUTO_ERR err = {0};

    if (app->inner->open) {
        *ret = app->inner->open(app->loop, app->inner->open_data);
    } else if (docker_open(app->loop, &o, ret, &err) < 0) {
        app_fail(app, &err);
        return -1;
    }
    app->reader = &(*ret)->reader;
    return 0;
}

int app_engine_to_read(struct app *app)
{
    return open_engine(app, &app->inner->wrapped);
}

int app_engine(struct app *app)
{
    struct driver *real;

    if (!app->root.dry_run)
        return open_engine(app, &app->driver);
    if (app_engine_to_read(app) < 0)
        return -1;
    real = app->inner->wrapped;
    app->driver = dry_new(app->loop, &real->reader, real->ops->cancel);
    app->reader = &app->driver->reader;
    return 0;
}

/* The executor still calls the driver: it ends first, then the driver closes. */
void app_wind_down(struct app *app)
{
    if (app->exec) {
        exec_cancel(app->exec);
        return;
    }
    if (!app_lock_is_over(app))
        return;
    if (app->inner->driver_closed)
        return;
    app->inner->driver_closed = app->reader != NULL;
    if (app->driver)
        app->driver->ops->close(app->driver);
    if (app->inner->wrapped)
        app->inner->wrapped->ops->close(app->inner->wrapped);
}

/* ---- observing ---- */

struct observing {
    struct app *app;
    struct observed *ret;
    app_then *then;
    void *owner;
};

static void on_observed(void *owner, const struct observed *o, const struct err *err)
{
    struct observing *w = owner;

    if (w->app->finished)
        return;
    if (err) {
        app_fail(w->app, err);
        return;
    }
    *w->ret = *o;
    w->then(w->app, w->owner);
}

void app_observe(struct app *app, const struct observe_options *o, struct observed *ret,
                 app_then *then, void *owner)
{
    struct observing *w = arena_alloc(app->arena, sizeof *w);

    *w = (struct observing){app, ret, then, owner};
    observe(app->reader, app->arena, o, on_observed, w);
}

static void on_answers(void *owner)
{
    struct observing *w = owner;

    if (!w->app->finished)
        w->then(w->app, w->owner);
}

bool app_ask(struct app *app, const struct plan *p, bool volumes, bool names, struct observed *o,
             app_then *then, void *owner)
{
    struct questions q = plan_questions(app->arena, app->project, o, p, volumes, names);
    struct observing *w;

    if (!q.len && !q.names.len)
        return false;
    w = arena_alloc(app->arena, sizeof *w);
    *w = (struct observing){app, o, then, owner};
    observe_more(app->reader, app->arena, app->project->name, &q, o, on_answers, w);
    return true;
}

static void check(struct app *app, const struct container_create *c, const struct endpoint *e)
{
    AUTO_ERR err = {0};

    if (app->reader->ops->check(app->reader, c, e, &err) < 0)
        diags_error(app->diags, err.loc, NULL, "%s", err_text(&err));
}

void app_check_plan(struct app *app, const struct plan *p)
{
    for (size_t i = 0; i < plan_len(p); i++) {
        const struct plan_node *n = plan_at(p, i);

        if (n->create || n->endpoint)
            check(app, n->create, n->endpoint);
        for (size_t j = 0; j < n->joins.len; j++)
            check(app, NULL, n->joins.items[j]);
    }
}

/* ---- running ---- */

enum { LISTED_MAX = 12 };

struct run {
    struct app *app;
    const struct plan *plan;
    struct exec *exec;
    app_ran *then;
    void *owner;
};

static void on_progress(void *owner, const struct progress *p)
{
    struct run *r = owner;

    bool detail = p->parent || (p->node && p->node->op == OP_MODEL_PULL && p->details);

    if (!detail || !r->app->quiet_pull)
        progress_event(r->app->view, p);
}

static void on_build(void *owner, const struct plan_node *n, const struct build_event *e)
{
    struct run *r = owner;
    struct app_inner *in = r->app->inner;

    if (r->app->quiet_build)
        return;
    if (!in->builds)
        in->builds = build_view_new(r->app);
    build_view_event(in->builds, n, e);
}

static void on_output(void *owner, const struct plan_node *n, enum stream s, const char *bytes,
                      size_t len)
{
    struct app *app = ((struct run *)owner)->app;

    if (app->on_hook)
        app->on_hook(app, n, s, bytes, len, app->hook_owner);
}

static void on_variable(void *owner, const struct plan_node *n, const char *name, const char *value,
                        bool raw)
{
    struct app *app = ((struct run *)owner)->app;

    plan_provided(app->project, n->service, name, value, raw);
}

static void on_warning(void *owner, const char *text)
{
    struct run *r = owner;

    app_warn(r->app, "%s", text);
}

static void on_evidence(void *owner, const struct evidence *e)
{
    struct run *r = owner;

    evidence_format(e, &r->app->inner->evidence);
}

/* NULL: no step the user would miss, such as waits, what is only told, and parts of other steps. */
static const char *node_word(const struct plan_node *n)
{
    if (n->op == OP_NOTHING || n->op == OP_WAIT || n->op == OP_CONTAINER_EXEC)
        return NULL;
    if (n->op == OP_CONTAINER_START && !n->done) /* attached: not told */
        return "Started";
    return n->done;
}

/* "Network demo_default Created, ..." of the nodes for which `is` holds. */
static void list_nodes(struct run *r, bool (*is)(enum node_status), struct told *out)
{
    for (size_t i = 0; i < plan_len(r->plan); i++) {
        const struct plan_node *n = plan_at(r->plan, i);

        if (!node_word(n) || !is(exec_status(r->exec, n)) ||
            (exec_error(r->exec, n) && exec_status(r->exec, n) == NODE_DONE)) /* tolerated */
            continue;
        if (++out->count <= LISTED_MAX)
            str_addf(&out->text, "%s%s %s", out->count == 1 ? "" : ", ", n->subject, node_word(n));
    }
}

static void add_list(const char *title, const struct told *list, struct str *out)
{
    if (!list->count)
        return;
    str_addf(out, "%s: %s", title, str_text(&list->text));
    if (list->count > LISTED_MAX)
        str_addf(out, " and %zu more", list->count - LISTED_MAX);
    str_addc(out, '\n');
}

static bool is_done(enum node_status s)
{
    return s == NODE_DONE;
}

static bool is_not_done(enum node_status s)
{
    return s != NODE_DONE && s != NODE_NEEDLESS;
}

/* Failures beside the one that is told anyway. */
static void list_failures(struct run *r, const struct err *first, struct str *out)
{
    for (size_t i = 0; i < plan_len(r->plan); i++) {
        const struct plan_node *n = plan_at(r->plan, i);
        const struct err *err = exec_error(r->exec, n);

        if (!err || exec_status(r->exec, n) != NODE_FAILED || err->code == ERR_CANCELED ||
            str_eq(err_text(err), err_text(first)))
            continue;
        if (err->loc.line) {
            loc_text(err->loc, out);
            str_add(out, ": error: ");
        }
        str_addf(out, "%s: %s\n", n->subject, err_text(err));
    }
}

/* What to do about pulls that failed and whose images can be built; empty: there are none. The
 * caller frees it. */
static struct str to_build(struct run *r)
{
    AUTO_TEXT names = {0};
    struct str text = {0};

    for (size_t i = 0; i < plan_len(r->plan); i++) {
        const struct plan_node *n = plan_at(r->plan, i);

        if (str_eq(n->failed, FAILED_CAN_BUILD) && exec_status(r->exec, n) == NODE_FAILED)
            str_addf(&names, " %s", n->service);
    }
    if (names.len)
        str_addf(&text,
                 "WARNING: Some service image(s) must be built from source by running:\n"
                 "    docker compose build%s",
                 str_text(&names));
    return text;
}

/* Interrupted or failing commands say what was done and what was not. */
static void write_leftover(struct run *r, const struct err *err)
{
    struct str *out = &r->app->inner->leftover;
    struct told *done = &r->app->inner->done;
    struct told left = {0};
    size_t said;

    str_clear(out);
    if (err->code == ERR_CANCELED)
        str_add(out, "interrupted\n");
    said = out->len;
    list_failures(r, err, out);
    list_nodes(r, is_done, done);
    list_nodes(r, is_not_done, &left);
    add_list("done", done, out);
    add_list("not done", &left, out);
    if (done->count == 0 && left.count <= 1 && err->code != ERR_CANCELED)
        str_cut(out, said); /* the error says all */
    str_done(&left.text);
}

static void free_exec(void *data)
{
    exec_free(data);
}

static void on_done(void *owner, const struct err *err)
{
    struct run *r = owner;
    struct app *app = r->app;
    AUTO_ERR failure = {0};
    AUTO_TEXT tail = to_build(r);

    progress_end(app->view, str_text(&tail));
    app->view = NULL;
    if (app->inner->builds)
        build_view_end(app->inner->builds, err);
    if (err) {
        err_copy(&failure, err);
        write_leftover(r, err);
    } else {
        list_nodes(r, is_done, &app->inner->done);
    }
    app->exec = NULL;
    app_defer(app, free_exec, r->exec);
    if (app->finished)
        app_wind_down(app);
    else
        r->then(app, r->owner, err ? &failure : NULL);
}

void app_run(struct app *app, const struct plan *p, const char *title, app_ran *then, void *owner)
{
    struct run *r = arena_alloc(app->arena, sizeof *r);
    const struct exec_options o = {
        .parallel = app->root.parallel.set ? (int)app->root.parallel.value : 0,
        .project = app->project ? app->project->name : NULL,
        .environment = providers_environment(app),
        .plugin_dirs = providers_dirs(app),
        .dry_run = app->root.dry_run,
    };
    const struct exec_callbacks cb = {
        .owner = r,
        .on_progress = on_progress,
        .on_build = on_build,
        .on_output = on_output,
        .on_variable = on_variable,
        .on_warning = on_warning,
        .on_evidence = on_evidence,
        .on_done = on_done,
    };

    str_clear(&app->inner->evidence);
    str_clear(&app->inner->leftover);
    build_view_free(app->inner->builds);
    app->inner->builds = NULL;
    app_print_diags(app);
    *r = (struct run){app, p, NULL, then, owner};
    app->view = progress_begin(app, title);
    app->exec = r->exec = exec_run(app->loop, app->driver, p, &o, &cb);
}
