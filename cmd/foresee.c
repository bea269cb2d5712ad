#include "cmd/foresee.h"

#include "cmd/app.h"
#include "cmd/models.h"
#include "cmd/provide.h"
#include "core/base/arena.h"
#include "core/plan/models.h"
#include "core/plan/providers.h"

struct foreseeing {
    struct app *app;
    struct converge_options opts;
    foresee_done *done;
    void *owner;
    struct foresight ret;
};

/* `up` asks; here the answer is no, unless --yes gives it. */
static void tell_kept_volumes(struct foreseeing *f)
{
    struct app *app = f->app;
    struct strings changed = plan_changed_volumes(app->arena, app->project, &f->ret.observed);

    for (size_t i = 0; i < changed.len && !f->opts.yes; i++)
        app_warn(app,
                 "volume \"%s\" is kept, although it changed: %s. \"up\" asks whether to lose its "
                 "data, and takes --yes for an answer",
                 project_volume(app->project, changed.items[i])->name,
                 plan_volume_change(app->arena, app->project, &f->ret.observed, changed.items[i]));
}

static void reconcile(struct app *app, void *owner)
{
    struct foreseeing *f = owner;
    struct foresight *ret = &f->ret;

    ret->plan = reconcile_up(app->arena, app->project, &ret->observed, &f->opts.up, app->diags);
    if (ret->plan && app_ask(app, ret->plan, true, true, &ret->observed, reconcile, f))
        return;
    if (ret->plan)
        app_check_plan(app, ret->plan);
    tell_kept_volumes(f);
    if (app_print_diags(app) < 0 || !ret->plan) {
        app_finish(app, 1);
        return;
    }
    ret->image_resources = plan_resources(app->arena, ret->images, app->project, &ret->observed);
    ret->model_resources = plan_resources(app->arena, ret->provided, app->project, &ret->observed);
    ret->resources = plan_resources(app->arena, ret->plan, app->project, &ret->observed);
    f->done(app, f->owner, ret);
}

static void on_models(struct app *app, void *owner, const struct strings *available,
                      const struct err *err)
{
    struct foreseeing *f = owner;

    if (err) {
        app_fail(app, err);
        return;
    }
    f->ret.provided = plan_new(app->arena);
    plan_models(f->ret.provided, app->project, available);
    plan_providers(f->ret.provided, app->project);
    reconcile(app, owner);
}

static void on_images(struct app *app, void *owner, struct plan *images)
{
    struct foreseeing *f = owner;

    f->ret.images = images;
    if (f->opts.yes)
        f->opts.up.recreate_volumes =
            plan_changed_volumes(app->arena, app->project, &f->ret.observed);
    app_load_sources(app, &f->ret.observed);
    models_ask(app, on_models, f);
}

static void on_observed(struct app *app, void *owner)
{
    struct foreseeing *f = owner;

    if (f->opts.no_images)
        on_images(app, f, NULL);
    else
        provide_find(app, &f->ret.observed, &f->opts.images, on_images, f);
}

void foresee(struct app *app, const struct converge_options *opts, foresee_done *done, void *owner)
{
    struct foreseeing *f = arena_alloc(app->arena, sizeof *f);

    *f = (struct foreseeing){.app = app, .opts = *opts, .done = done, .owner = owner};
    converge_look(app, &opts->up, NULL, &f->ret.observed, on_observed, f);
}

bool foresight_changes(const struct foresight *f)
{
    return plan_changes(f->plan) || (f->images && plan_changes(f->images)) ||
           f->model_resources.len;
}
