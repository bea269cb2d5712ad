/* cmd/stop.c: stop services. */
#include "cmd/app.h"
#include "cmd/command.h"
#include "cmd/lifecycle.h"
#include "core/base/arena.h"

#include <stddef.h>

struct stop_args {
    struct opt_int timeout;
};

static const struct opt stop_opts[] = {
    OPT_INT('t', "timeout", struct stop_args, timeout, "Specify a shutdown timeout in seconds"),
    OPT_END,
};

static struct plan *make_plan(struct app *app, struct lifecycle *l)
{
    const struct stop_args *s = l->owner;
    struct lifecycle_options o = {
        .services = l->services,
        .timeout = s->timeout.set ? s->timeout.value : TIMEOUT_DEFAULT,
    };

    return plan_stop(app->arena, app->project, &l->observed, &o, app->diags);
}

static void stop_run(struct app *app, void *args, const struct strings *named)
{
    struct lifecycle *l = arena_alloc(app->arena, sizeof *l);

    *l = (struct lifecycle){
        .title = "Stopping", .services = *named, .plan = make_plan, .owner = args};
    lifecycle_run(app, l);
}

const struct command cmd_stop = {
    .name = "stop",
    .usage = "stop [OPTIONS] [SERVICE...]",
    .summary = "Stop services",
    .opts = stop_opts,
    .args_size = sizeof(struct stop_args),
    .run = stop_run,
};
