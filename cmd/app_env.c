#include "cmd/app.h"

#include "core/base/str.h"
#include "core/load/env.h"

#include <string.h>

static const char *process_env(const struct app *app, const char *name)
{
    size_t len = strlen(name);

    for (char *const *e = app->environ; e && *e; e++)
        if (strncmp(*e, name, len) == 0 && (*e)[len] == '=')
            return *e + len + 1;
    return NULL;
}

const char *app_getenv(const struct app *app, const char *name)
{
    if (app->project && app->project->env)
        return env_get(app->project->env, name);
    return process_env(app, name);
}

bool app_env_bool(const struct app *app, const char *name)
{
    static const char *const yes[] = {"1", "t", "T", "TRUE", "true", "True", "y", "Y"};
    const char *value = app_getenv(app, name);

    for (size_t i = 0; value && i < ARRAY_LEN(yes); i++)
        if (str_eq(value, yes[i]))
            return true;
    return false;
}
