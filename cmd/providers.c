#include "cmd/providers.h"

#include "cmd/app.h"
#include "core/base/arena.h"
#include "core/base/err.h"
#include "core/base/str.h"
#include "core/load/env.h"
#include "core/plan/providers.h"
#include "core/yaml/node.h"

#include <stddef.h>
#include <unistd.h>

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

/* What runs models is a plugin, which is not asked yet: a service would start and not find its
 * model. */
static int check_models(struct app *app, struct err *err)
{
    struct strings dirs = providers_dirs(app);
    bool found = false;
    const struct item *first =
        app->project->models.len ? &app->project->models.items[0]->item : NULL;

    if (!first)
        return 0;
    for (size_t i = 0; !found && i < dirs.len; i++)
        found = access(arena_printf(app->arena, "%s/docker-model", dirs.items[i]), X_OK) == 0;
    return err_set(err, ERR_UNSUPPORTED, first->node ? first->node->loc : loc_none(), "%s",
                   found ? "models are not supported yet"
                         : "'models' support requires Docker Model plugin");
}

struct providing {
    providers_done *done;
    void *owner;
};

static void on_ran(struct app *app, void *owner, const struct err *err)
{
    struct providing *v = owner;

    v->done(app, v->owner, err);
}

void providers_run(struct app *app, const char *title, providers_done *done, void *owner)
{
    struct plan *p = plan_providers(app->arena, app->project);
    struct providing *v = arena_alloc(app->arena, sizeof *v);
    AUTO_ERR err = {0};

    if (check_models(app, &err) < 0) {
        done(app, owner, &err);
        return;
    }
    *v = (struct providing){done, owner};
    if (plan_len(p))
        app_run(app, p, title, on_ran, v);
    else
        done(app, owner, NULL);
}
