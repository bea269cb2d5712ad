/* cmd/down.c: stop and remove containers, networks. */
#include "cmd/app.h"
#include "cmd/command.h"
#include "cmd/lifecycle.h"
#include "core/base/arena.h"
#include "core/base/err.h"
#include "core/base/str.h"

#include <stddef.h>

struct down_args {
    bool volumes;
    struct opt_bool remove_orphans;
    const char *rmi;
    struct opt_int timeout;
    struct strings unprotect;
};

/* clang-format off */
static const struct opt down_opts[] = {
    OPT_TRI(0, "remove-orphans", struct down_args, remove_orphans, "Remove containers for services not defined in the Compose file"),
    OPT_STRING(0, "rmi", struct down_args, rmi, "string", "Remove images used by services. \"local\" remove only images that don't have a custom tag (\"local\"|\"all\")"),
    OPT_INT('t', "timeout", struct down_args, timeout, "Specify a shutdown timeout in seconds"),
    OPT_LIST(0, "unprotect", struct down_args, unprotect, "volume", "With --volumes: remove this volume although it is marked with \"x-protect: true\""),
    OPT_FLAG('v', "volumes", struct down_args, volumes, "Remove named volumes declared in the \"volumes\" section of the Compose file and anonymous volumes attached to containers"),
    OPT_END,
};
/* clang-format on */

static bool none_known(struct app *app, const struct strings *named)
{
    AUTO_TEXT names = {0};

    for (size_t i = 0; i < named->len; i++) {
        if (project_service(app->project, named->items[i]))
            return false;
        str_addf(&names, "%s%s", i ? " " : "", named->items[i]);
    }
    if (named->len)
        app_info(app, "Any of the services [%s] not running in project \"%s\"", str_text(&names),
                 app->project->name);
    return named->len > 0;
}

static struct plan *make_plan(struct app *app, struct lifecycle *l)
{
    const struct down_args *d = l->owner;
    struct down_options o = {
        .remove_orphans = d->remove_orphans.set ? d->remove_orphans.value
                                                : app_env_bool(app, "COMPOSE_REMOVE_ORPHANS"),
        .volumes = d->volumes,
        .rmi = d->rmi,
        .timeout = d->timeout.set ? d->timeout.value : TIMEOUT_DEFAULT,
        .services = l->services,
        .unprotect = d->unprotect,
    };

    if (l->named_only && none_known(app, &l->services)) {
        app_finish(app, 0);
        return NULL;
    }
    return plan_down(app->arena, app->project, &l->observed, &o, app->diags);
}

static void down_run(struct app *app, void *args, const struct strings *named)
{
    const struct down_args *d = args;
    struct lifecycle *l = arena_alloc(app->arena, sizeof *l);

    if (d->rmi && !str_eq(d->rmi, "local") && !str_eq(d->rmi, "all")) {
        AUTO_ERR err = {0};

        err_set(&err, ERR_USAGE, loc_none(), "invalid value for --rmi: \"%s\"", d->rmi);
        app_fail(app, &err);
        return;
    }
    if (d->unprotect.len && !d->volumes) {
        AUTO_ERR err = {0};

        err_set(&err, ERR_USAGE, loc_none(), "--unprotect is of use with --volumes only");
        app_fail(app, &err);
        return;
    }
    *l = (struct lifecycle){
        .title = "Running",
        .services = *named,
        .networks = true,
        .volumes = d->volumes,
        .images = d->rmi,
        .plan = make_plan,
        .owner = args,
    };
    lifecycle_run(app, l);
}

const struct command cmd_down = {
    .name = "down",
    .usage = "down [OPTIONS] [SERVICES]",
    .summary = "Stop and remove containers, networks",
    .opts = down_opts,
    .args_size = sizeof(struct down_args),
    .run = down_run,
};
