#include "cmd/converge.h"

#include "cmd/app.h"
#include "cmd/prompt.h"
#include "cmd/provide.h"
#include "cmd/providers.h"
#include "cmd/saved_plan.h"
#include "core/base/arena.h"
#include "core/base/err.h"
#include "core/base/str.h"
#include "core/exec/lock.h"
#include "core/exec/observe.h"

#include <string.h>

/* How long the engine may need for what a killed command had asked for, and how often it is looked
 * for: of what is half made it says nothing. */
enum { UNREST_MS = 60000, PAUSE_MS = 500 };

enum converge_state {
    OBSERVE,
    IMAGES,
    OBSERVE_AGAIN, /* the images */
    ASK,           /* about volumes that changed */
    PROVIDE,
    RECONCILE,
    LOCK,           /* there is something to change */
    OBSERVE_LOCKED, /* somebody may have changed it meanwhile: are the containers the same? */
    OBSERVE_ANEW,   /* somebody has */
    CARRY_OUT,
    DONE,
};

struct converge {
    struct app *app;
    struct converge_options opts;
    converge_done *done;
    void *owner;
    enum converge_state state;
    struct observed observed;
    struct observed fresh; /* images, after pulling and building; containers, after locking */
    struct compared_list compared; /* what was asked before, for the next look */
    struct strings changed;        /* volumes that the user is asked about */
    const struct plan *plan;
    uv_timer_t pause;
    uint64_t unrest_until; /* loop time; 0: nothing went wrong yet */
};

static void step(struct converge *c);

static void finish(struct converge *c, const struct err *err)
{
    c->state = DONE;
    app_unlock(c->app);
    c->done(c->app, c->owner, &c->observed, err);
}

/* After something was looked at. */
static enum converge_state next_state(const struct converge *c)
{
    switch (c->state) {
    case OBSERVE:
        return IMAGES;
    case OBSERVE_AGAIN:
        return ASK;
    case OBSERVE_LOCKED:
        if (!containers_same(&c->observed.containers, &c->fresh.containers))
            return OBSERVE_ANEW;
        return RECONCILE;
    default:
        return RECONCILE;
    }
}

static void on_observed(struct app *app, void *owner)
{
    struct converge *c = owner;
    AUTO_ERR err = {0};

    c->observed.compared = c->compared;
    if (c->state == OBSERVE_AGAIN)
        c->observed.images = c->fresh.images;
    c->state = next_state(c);
    if (c->state == IMAGES && c->opts.saved &&
        saved_plan_check(app, c->opts.saved, &c->observed, &err) < 0)
        finish(c, &err);
    else
        step(c);
}

static void on_images(struct app *app, void *owner, bool changed, const struct err *err)
{
    struct converge *c = owner;

    (void)app;
    if (err) {
        finish(c, err);
        return;
    }
    c->state = changed ? OBSERVE_AGAIN : ASK;
    step(c);
}

static void on_pause(uv_timer_t *timer)
{
    struct converge *c = timer->data;

    uv_close((uv_handle_t *)timer, NULL);
    if (!c->app->finished)
        step(c);
}

/* What a killed command has asked for may go on after it: a name is taken by a container that is
 * not there yet, one that was there has gone. */
static bool is_unrest(struct converge *c, const struct err *err)
{
    uint64_t now = uv_now(c->app->loop);

    if (!app_lock_inherited(c->app) || (err->code != ERR_CONFLICT && err->code != ERR_NOT_FOUND))
        return false;
    if (!c->unrest_until) {
        c->unrest_until = now + UNREST_MS;
        app_note(c->app, "what a command that was killed has asked for goes on: looking again");
    }
    return now < c->unrest_until;
}

static void on_reconciled(struct app *app, void *owner, const struct err *err)
{
    struct converge *c = owner;

    if (!err || !is_unrest(c, err)) {
        finish(c, err);
        return;
    }
    c->state = OBSERVE_ANEW;
    uv_timer_init(app->loop, &c->pause);
    c->pause.data = c;
    uv_timer_start(&c->pause, on_pause, PAUSE_MS, 0);
}

static void look_again(struct converge *c)
{
    struct observe_options o = {.project = c->app->project->name, .model = c->app->project};

    o.images = plan_image_refs(c->app->arena, c->app->project, &c->opts.up.services);
    app_observe(c->app, &o, &c->fresh, on_observed, c);
}

/* Who changes a project changes its containers: while they are the same, so is the rest. */
static void look_at_containers(struct converge *c)
{
    const struct observe_options o = {
        .project = c->app->project->name, .model = c->app->project, .containers = true};

    app_observe(c->app, &o, &c->fresh, on_observed, c);
}

static void handle_images(struct converge *c)
{
    if (!c->opts.no_images) {
        provide_images(c->app, &c->observed, &c->opts.images, on_images, c);
        return;
    }
    c->state = ASK;
    step(c);
}

/* ---- volumes whose definition has changed ---- */

static void on_answers(struct app *app, void *owner, const bool *yes)
{
    struct converge *c = owner;
    struct strings *agreed = &c->opts.up.recreate_volumes;

    agreed->items = arena_calloc(app->arena, c->changed.len + 1, sizeof(char *));
    for (size_t i = 0; i < c->changed.len; i++)
        if (yes[i])
            agreed->items[agreed->len++] = c->changed.items[i];
    c->state = PROVIDE;
    step(c);
}

static const char *question(struct app *app, const char *key)
{
    return arena_printf(app->arena,
                        "Volume \"%s\" exists but doesn't match configuration in compose file. "
                        "Recreate (data will be lost)?",
                        project_volume(app->project, key)->name);
}

static void handle_ask(struct converge *c)
{
    struct app *app = c->app;
    struct strings questions = {0};

    c->state = PROVIDE;
    if (c->opts.up.create)
        c->changed = plan_changed_volumes(app->arena, app->project, &c->observed);
    if (c->opts.yes)
        c->opts.up.recreate_volumes = c->changed;
    if (c->opts.yes || c->opts.saved || !c->changed.len) { /* a saved plan has the answer */
        step(c);
        return;
    }
    questions.items = arena_calloc(app->arena, c->changed.len, sizeof(char *));
    for (size_t i = 0; i < c->changed.len; i++)
        questions.items[questions.len++] = question(app, c->changed.items[i]);
    prompt_confirm(app, &questions, false, on_answers, c);
}

/* The one that was saved has both halves of an attached up. */
static int check_steps(struct converge *c, struct err *err)
{
    struct up_options up = c->opts.up;
    const struct plan *p;

    up.start = c->opts.saved->start;
    up.wait = false;
    p = reconcile_up(c->app->arena, c->app->project, &c->observed, &up, c->app->diags);
    return p ? saved_plan_check_steps(c->opts.saved, p, err) : 0; /* else it is told already */
}

static void on_locked(struct app *app, void *owner)
{
    struct converge *c = owner;

    c->state = app_lock_waited(app) ? OBSERVE_ANEW : OBSERVE_LOCKED;
    step(c);
}

static void on_provided(struct app *app, void *owner, const struct err *err)
{
    struct converge *c = owner;

    (void)app;
    if (err) {
        finish(c, err);
        return;
    }
    c->state = RECONCILE;
    step(c);
}

/* The plan is made again: the steps stay, the causes get better, and a name may be taken. */
static void on_changes(struct app *app, void *owner)
{
    struct converge *c = owner;

    (void)app;
    c->compared = c->observed.compared;
    step(c);
}

static void handle_reconcile(struct converge *c)
{
    struct app *app = c->app;
    AUTO_ERR err = {0};

    app_load_sources(app, &c->observed);
    c->plan = reconcile_up(app->arena, app->project, &c->observed, &c->opts.up, app->diags);
    if (c->plan && app_ask(app, c->plan, c->opts.up.recreate_volumes.len, app->root.dry_run,
                           &c->observed, on_changes, c))
        return;
    if (c->plan)
        app_check_plan(app, c->plan);
    if (c->opts.saved && check_steps(c, &err) < 0) {
        finish(c, &err);
        return;
    }
    if (app_print_diags(app) < 0 || !c->plan) {
        app_finish(app, 1);
        return;
    }
    /* Nothing to change, but who was killed may not have been done with what looks done. */
    if (!app_is_locked(app) && (plan_changes(c->plan) || c->observed.lock_left))
        c->state = LOCK;
    else
        c->state = CARRY_OUT;
    step(c);
}

static void step(struct converge *c)
{
    AUTO_ERR err = {0};

    if (c->opts.given_up && *c->opts.given_up) {
        err_set(&err, ERR_CANCELED, loc_none(), "canceled");
        finish(c, &err);
        return;
    }
    switch (c->state) {
    case OBSERVE:
    case OBSERVE_ANEW:
        converge_look(c->app, &c->opts.up, lock_volume(c->app->arena, c->app->project->name),
                      &c->observed, on_observed, c);
        break;
    case OBSERVE_LOCKED:
        look_at_containers(c);
        break;
    case IMAGES:
        handle_images(c);
        break;
    case OBSERVE_AGAIN:
        look_again(c);
        break;
    case ASK:
        handle_ask(c);
        break;
    case PROVIDE:
        if (c->opts.up.create)
            providers_run(c->app, c->opts.title ? c->opts.title : "Running", on_provided, c);
        else
            on_provided(c->app, c, NULL);
        break;
    case RECONCILE:
        handle_reconcile(c);
        break;
    case LOCK:
        app_lock(c->app, on_locked, c);
        break;
    case CARRY_OUT:
        app_run(c->app, c->plan, c->opts.title, on_reconciled, c);
        break;
    case DONE:
        break;
    }
}

void converge(struct app *app, const struct converge_options *opts, converge_done *done,
              void *owner)
{
    struct converge *c = arena_alloc(app->arena, sizeof *c);

    *c = (struct converge){.app = app, .opts = *opts, .done = done, .owner = owner};
    if (!c->opts.title)
        c->opts.title = "Running";
    step(c);
}

void converge_look(struct app *app, const struct up_options *up, const char *lock,
                   struct observed *ret, converge_looked *then, void *owner)
{
    struct observe_options o = {
        .project = app->project->name,
        .model = app->project,
        .containers = true,
        .networks = true,
        .volumes = true,
        .contents = true,
        .hooks_since = app_lock_inherited_since(app),
        .lock = lock,
    };

    o.images = plan_image_refs(app->arena, app->project, &up->services);
    app_observe(app, &o, ret, then, owner);
}

int parse_scale(struct app *app, const struct strings *words, struct up_options *up,
                struct err *err)
{
    struct service_scale *scale =
        arena_calloc(app->arena, words->len ? words->len : 1, sizeof *scale);

    for (size_t i = 0; i < words->len; i++) {
        const char *word = words->items[i];
        const char *equals = strchr(word, '=');
        const struct service *s;
        long long number;

        if (!equals)
            return err_set(err, ERR_USAGE, loc_none(),
                           "invalid --scale option \"%s\". Should be SERVICE=NUM", word);
        scale[i].service = arena_strndup(app->arena, word, (size_t)(equals - word));
        if (str_to_i64(equals + 1, &number) < 0 || number < 0 || number > 100000)
            return err_set(err, ERR_USAGE, loc_none(),
                           "invalid --scale option \"%s\": '%s' is not a number of containers "
                           "(strconv.Atoi: parsing \"%s\": invalid syntax)",
                           word, equals + 1, equals + 1);
        scale[i].replicas = (int)number;
        s = project_service(app->project, scale[i].service);
        if (!s || s->disabled)
            return err_set(err, ERR_NOT_FOUND, loc_none(), "no such service: %s: %s",
                           scale[i].service, s ? "disabled" : "not found");
    }
    up->scale = scale;
    up->scale_len = words->len;
    return 0;
}

int check_pull(const char *word, struct err *err)
{
    static const char *const known[] = {"always", "missing", "if_not_present",
                                        "never",  "build",   "policy"};

    if (!word)
        return 0;
    for (size_t i = 0; i < ARRAY_LEN(known); i++)
        if (str_eq(word, known[i]))
            return 0;
    return err_set(err, ERR_USAGE, loc_none(), "invalid --pull option \"%s\"", word);
}

void converge_end(struct app *app, void *owner, const struct observed *o, const struct err *err)
{
    (void)owner;
    (void)o;
    if (err)
        app_fail(app, err);
    else
        app_finish(app, 0);
}
