/* cmd/restart.c: restart service containers. */
#include "cmd/app.h"
#include "cmd/command.h"
#include "cmd/lifecycle.h"
#include "core/base/arena.h"
#include "core/base/diags.h"

#include <stddef.h>

struct restart_args {
    bool no_deps;
    struct opt_int timeout;
};

static const struct opt restart_opts[] = {
    OPT_FLAG(0, "no-deps", struct restart_args, no_deps, "Don't restart dependent services"),
    OPT_INT('t', "timeout", struct restart_args, timeout, "Specify a shutdown timeout in seconds"),
    OPT_END,
};

static struct plan *make_plan(struct app *app, struct lifecycle *l)
{
    const struct restart_args *r = l->owner;
    struct lifecycle_options o = {
        .services = l->services,
        .no_deps = r->no_deps,
        .timeout = r->timeout.set ? r->timeout.value : TIMEOUT_DEFAULT,
    };

    for (size_t i = 0; l->named_only && i < l->services.len; i++)
        if (!project_service(app->project, l->services.items[i])) {
            diags_error(app->diags, loc_none(), NULL, "no such service: %s", l->services.items[i]);
            return NULL;
        }
    return plan_restart(app->arena, app->project, &l->observed, &o, app->diags);
}

static void restart_run(struct app *app, void *args, const struct strings *named)
{
    struct lifecycle *l = arena_alloc(app->arena, sizeof *l);

    *l = (struct lifecycle){
        .title = "Restarting",
        .services = *named,
        .keep_others = true,
        .plan = make_plan,
        .owner = args,
    };
    lifecycle_run(app, l);
}

const struct command cmd_restart = {
    .name = "restart",
    .usage = "restart [OPTIONS] [SERVICE...]",
    .summary = "Restart service containers",
    .opts = restart_opts,
    .args_size = sizeof(struct restart_args),
    .run = restart_run,
};
