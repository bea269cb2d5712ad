#include "cmd/up_args.h"

#include "cmd/app.h"
#include "core/base/err.h"
#include "core/base/str.h"

#include <stddef.h>

const struct opt up_plan_opts[] = {
    UP_OPT_ALWAYS_RECREATE_DEPS,
    UP_OPT_BUILD,
    UP_OPT_FORCE_RECREATE,
    UP_OPT_NO_BUILD,
    UP_OPT_NO_DEPS,
    UP_OPT_NO_RECREATE,
    UP_OPT_NO_START,
    UP_OPT_PULL,
    UP_OPT_REMOVE_ORPHANS,
    UP_OPT_RENEW_ANON_VOLUMES,
    UP_OPT_SCALE,
    UP_OPT_TIMEOUT,
    UP_OPT_YES,
    OPT_END,
};

static int conflict(struct err *err, const char *text)
{
    return err_set(err, ERR_USAGE, loc_none(), "%s", text);
}

int up_check_recreate(const struct up_args *u, struct err *err)
{
    if (u->no_recreate && u->renew_anon_volumes)
        return conflict(err, "--no-recreate and --renew-anon-volumes are incompatible");
    if (u->force_recreate && u->no_recreate)
        return conflict(err, "--force-recreate and --no-recreate are incompatible");
    if (u->always_recreate_deps && u->no_recreate)
        return conflict(err, "--always-recreate-deps and --no-recreate are incompatible");
    return 0;
}

static enum recreate recreate_named(const struct up_args *u)
{
    if (u->no_recreate)
        return RECREATE_NEVER;
    return u->force_recreate || u->renew_anon_volumes ? RECREATE_FORCE : RECREATE_CHANGED;
}

static enum recreate recreate_deps(const struct up_args *u)
{
    if (u->no_recreate)
        return RECREATE_NEVER;
    return u->always_recreate_deps ? RECREATE_FORCE : RECREATE_CHANGED;
}

int up_converge_options(struct app *app, const struct up_args *u, const struct strings *named,
                        struct converge_options *c, struct err *err)
{
    bool remove_orphans = u->remove_orphans.set ? u->remove_orphans.value
                                                : app_env_bool(app, "COMPOSE_REMOVE_ORPHANS");

    app->quiet_pull = u->quiet_pull;
    app->quiet_build = u->quiet_build;
    c->yes = u->yes;
    c->up = (struct up_options){
        .create = true,
        .start = !u->no_start,
        .recreate = recreate_named(u),
        .recreate_deps = recreate_deps(u),
        .services = *named,
        .no_deps = u->no_deps,
        .renew_anon_volumes = u->renew_anon_volumes,
        .remove_orphans = remove_orphans,
        .ignore_orphans = app_env_bool(app, "COMPOSE_IGNORE_ORPHANS"),
        .wait = u->wait && !u->no_start,
        .wait_timeout = u->wait_timeout.set ? u->wait_timeout.value : 0,
        .timeout = u->timeout.set ? u->timeout.value : TIMEOUT_DEFAULT,
    };
    c->images = (struct image_options){
        .pull = u->pull && !str_eq(u->pull, "policy") ? u->pull : NULL,
        .build = u->build,
        .no_build = u->no_build,
        .services = *named,
    };
    if (c->up.remove_orphans && c->up.ignore_orphans)
        return err_set(err, ERR_USAGE, loc_none(),
                       "cannot combine COMPOSE_IGNORE_ORPHANS and --remove-orphans");
    return parse_scale(app, &u->scale, &c->up, err);
}
