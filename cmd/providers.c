#include "cmd/providers.h"

#include "cmd/app.h"
#include "cmd/models.h"
#include "core/base/arena.h"
#include "core/base/str.h"
#include "core/load/env.h"
#include "core/plan/models.h"
#include "core/plan/providers.h"

#include <stddef.h>

/* Where the docker command has its plugins, besides the user's own. */
static const char *const system_dirs[] = {
    "/usr/local/lib/docker/cli-plugins",
    "/usr/local/libexec/docker/cli-plugins",
    "/usr/lib/docker/cli-plugins",
    "/usr/libexec/docker/cli-plugins",
};

char *const *providers_environment(struct app *app)
{
    const struct env *env = app->project ? app->project->env : NULL;
    size_t count = env ? env_count(env) : 0, len = 0;
    char **ret;

    if (!count)
        return app->environ;
    ret = arena_calloc(app->arena, count + 1, sizeof *ret);
    for (size_t i = 0; i < count; i++) {
        const struct variable *v = env_at(env, i);

        if (v->value)
            ret[len++] = arena_printf(app->arena, "%s=%s", v->name, v->value);
    }
    return ret;
}

struct strings providers_dirs(struct app *app)
{
    const char *config = app_getenv(app, "DOCKER_CONFIG"), *home = app_getenv(app, "HOME");
    struct strings ret = {.items =
                              arena_calloc(app->arena, ARRAY_LEN(system_dirs) + 1, sizeof(char *))};

    if (!str_empty(config))
        ret.items[ret.len++] = arena_printf(app->arena, "%s/cli-plugins", config);
    else if (!str_empty(home))
        ret.items[ret.len++] = arena_printf(app->arena, "%s/.docker/cli-plugins", home);
    for (size_t i = 0; i < ARRAY_LEN(system_dirs); i++)
        ret.items[ret.len++] = system_dirs[i];
    return ret;
}

struct providing {
    const char *title;
    providers_done *done;
    void *owner;
};

static void on_ran(struct app *app, void *owner, const struct err *err)
{
    struct providing *v = owner;

    v->done(app, v->owner, err);
}

static void on_models(struct app *app, void *owner, const struct strings *available,
                      const struct err *err)
{
    struct providing *v = owner;
    struct plan *p = plan_new(app->arena);

    plan_models(p, app->project, available);
    plan_providers(p, app->project);
    if (err || !plan_len(p))
        v->done(app, v->owner, err);
    else
        app_run(app, p, v->title, on_ran, v);
}

void providers_run(struct app *app, const char *title, providers_done *done, void *owner)
{
    struct providing *v = arena_alloc(app->arena, sizeof *v);

    *v = (struct providing){title, done, owner};
    models_ask(app, on_models, v);
}
