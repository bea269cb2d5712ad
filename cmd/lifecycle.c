#include "cmd/lifecycle.h"

#include "cmd/app.h"
#include "core/base/arena.h"
#include "core/base/err.h"
#include "core/base/str.h"
#include "core/exec/observe.h"

static void on_ran(struct app *app, void *owner, const struct err *err)
{
    struct lifecycle *l = owner;

    if (err)
        app_fail(app, err);
    else if (l->after)
        l->after(app, l);
    else
        app_finish(app, 0);
}

static void on_observed(struct app *app, void *owner)
{
    struct lifecycle *l = owner;
    struct plan *p;

    if (l->named_only)
        app->project = project_from_labels(app->arena, app->project->name, &l->observed);
    p = l->plan(app, l);
    if (app->finished || (l->taken_over && p))
        return;
    if (app_print_diags(app) < 0 || !p)
        app_finish(app, 1);
    else
        app_run(app, p, l->title, on_ran, l);
}

/* External ones are nobody's to change: nothing to ask where there are no others. */
static bool has_own(const struct project *p, bool volumes)
{
    for (size_t i = 0; !volumes && i < p->networks.len; i++)
        if (!p->networks.items[i]->external)
            return true;
    for (size_t i = 0; volumes && i < p->volumes.len; i++)
        if (!p->volumes.items[i]->external)
            return true;
    return false;
}

static void look(struct app *app, void *owner)
{
    struct lifecycle *l = owner;
    struct observe_options o = {
        .project = app->project->name,
        .model = l->named_only ? NULL : app->project,
        .containers = true,
        .networks = l->networks && (l->named_only || has_own(app->project, false)),
        .volumes = l->volumes && (l->named_only || has_own(app->project, true)),
    };

    if (l->images && !l->named_only)
        o.images = plan_image_refs(app->arena, app->project, &l->services);
    app_observe(app, &o, &l->observed, on_observed, l);
}

void lifecycle_run(struct app *app, struct lifecycle *l)
{
    app->load.keep_others = l->keep_others;
    if (app_load_or_name(app, &l->services, &l->named_only) < 0)
        return;
    for (size_t i = 0; !l->named_only && i < l->services.len; i++) {
        if (!project_service(app->project, l->services.items[i])) {
            AUTO_ERR err = {0};

            err_set(&err, ERR_NOT_FOUND, loc_none(), "no such service: %s", l->services.items[i]);
            app_fail(app, &err);
            return;
        }
    }
    if (app_engine(app) < 0)
        return;
    if (l->unlocked)
        look(app, l);
    else
        app_lock(app, look, l);
}
