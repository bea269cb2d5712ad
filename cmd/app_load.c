/* cmd/app_load.c: the model, or at least the project's name. */
#include "cmd/app_inner.h"

#include "core/base/arena.h"
#include "core/base/diags.h"
#include "core/base/str.h"
#include "core/load/sources.h"
#include "core/model/model.h"
#include "core/plan/reconcile.h"

static int load(struct app *app, const struct strings *services)
{
    app->load.services = services ? *services : (struct strings){0};
    app->project = app->inner->loaded = load_project(&app->load, app->diags);
    return app->project ? 0 : -1;
}

static int failed(struct app *app)
{
    app_finish(app, 1);
    return -1;
}

int app_load(struct app *app, const struct strings *services)
{
    int loaded = load(app, services);

    if (app_print_diags(app) < 0 || loaded < 0)
        return failed(app);
    return 0;
}

int app_load_to_run(struct app *app, const struct strings *services)
{
    if (app_load(app, services) < 0)
        return -1;
    plan_platforms(app->project, app->diags);
    load_warn_no_effect(app->project, app->diags);
    app_api_sockets(app);
    return app_print_diags(app) < 0 ? failed(app) : 0;
}

void app_load_sources(struct app *app, const struct observed *o)
{
    load_sources(app->project, str_has_prefix(o->info.host, "unix://"));
}

/* A project of which only the name is known. */
static int use_name(struct app *app, const char *name)
{
    struct project *p = arena_alloc(app->arena, sizeof *p);

    p->name = arena_strdup(app->arena, name);
    p->arena = app->arena;
    app->project = p;
    return 0;
}

static void forget_diags(struct app *app)
{
    diags_free(app->diags);
    app->diags = diags_new();
    app->inner->printed.len = 0;
}

/* -p without -f works from labels, even beside a compose.yaml. */
int app_load_or_name(struct app *app, const struct strings *services, bool *ret_named_only)
{
    const char *fallback = app_getenv(app, "COMPOSE_PROJECT_NAME");

    *ret_named_only = true;
    if (app->load.project_name && !app->load.files.len) {
        const char *name = app_project_name(app);

        return name ? use_name(app, name) : -1;
    }
    if (load(app, services) == 0 && !diags_has_errors(app->diags)) {
        *ret_named_only = false;
        app_print_diags(app);
        return 0;
    }
    if (!str_empty(fallback)) {
        forget_diags(app); /* the model is broken and not needed */
        return use_name(app, fallback);
    }
    app_print_diags(app);
    return failed(app);
}

const char *app_project_name(struct app *app)
{
    const char *name;

    if (app->project)
        return app->project->name;
    name = load_project_name(app->arena, &app->load, app->diags);
    if (app_print_diags(app) < 0 || !name) {
        failed(app);
        return NULL;
    }
    return name;
}
