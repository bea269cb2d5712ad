/* cmd/kill.c: force stop service containers. */
#include "cmd/app.h"
#include "cmd/command.h"
#include "cmd/lifecycle.h"
#include "core/base/arena.h"

#include <stddef.h>

struct kill_args {
    const char *signal;
    struct opt_bool remove_orphans;
};

static const struct opt kill_opts[] = {
    OPT_TRI(0, "remove-orphans", struct kill_args, remove_orphans,
            "Remove containers for services not defined in the Compose file"),
    {OPT_KIND_STRING, 's', "signal", offsetof(struct kill_args, signal), "string",
     "SIGNAL to send to the container", "SIGKILL", false},
    OPT_END,
};

static struct plan *make_plan(struct app *app, struct lifecycle *l)
{
    const struct kill_args *k = l->owner;
    struct lifecycle_options o = {
        .services = l->services,
        .signal = k->signal ? k->signal : "SIGKILL",
        .remove_orphans = k->remove_orphans.set ? k->remove_orphans.value
                                                : app_env_bool(app, "COMPOSE_REMOVE_ORPHANS"),
    };
    struct plan *p = plan_kill(app->arena, app->project, &l->observed, &o, app->diags);

    if (p && plan_len(p) == 0)
        app_note(app, "no container to kill");
    return p;
}

static void kill_run(struct app *app, void *args, const struct strings *named)
{
    struct lifecycle *l = arena_alloc(app->arena, sizeof *l);

    *l = (struct lifecycle){
        .title = "Killing", .unlocked = true, .services = *named, .plan = make_plan, .owner = args};
    lifecycle_run(app, l);
}

const struct command cmd_kill = {
    .name = "kill",
    .usage = "kill [OPTIONS] [SERVICE...]",
    .summary = "Force stop service containers",
    .opts = kill_opts,
    .args_size = sizeof(struct kill_args),
    .run = kill_run,
};
