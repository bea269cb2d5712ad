/* cmd/start.c: start existing containers. */
#include "cmd/app.h"
#include "cmd/command.h"
#include "cmd/lifecycle.h"
#include "core/base/arena.h"
#include "core/base/diags.h"

struct start_args {
    bool unused; /* start has no options of its own yet */
};

static const struct opt start_opts[] = {
    OPT_END,
};

static struct plan *make_plan(struct app *app, struct lifecycle *l)
{
    struct lifecycle_options o = {.services = l->services, .timeout = TIMEOUT_DEFAULT};
    const char *unknown = l->named_only ? project_keep(app->project, &l->services) : NULL;

    if (unknown) {
        diags_error(app->diags, loc_none(), NULL, "no such service: \"%s\": not found", unknown);
        return NULL;
    }
    app_load_sources(app, &l->observed);
    return plan_start(app->arena, app->project, &l->observed, &o, app->diags);
}

static void start_run(struct app *app, void *args, const struct strings *named)
{
    struct lifecycle *l = arena_alloc(app->arena, sizeof *l);

    *l = (struct lifecycle){
        .title = "Running", .services = *named, .plan = make_plan, .owner = args};
    lifecycle_run(app, l);
}

const struct command cmd_start = {
    .name = "start",
    .usage = "start [SERVICE...]",
    .summary = "Start services",
    .opts = start_opts,
    .args_size = sizeof(struct start_args),
    .run = start_run,
};
