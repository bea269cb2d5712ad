/* cmd/unpause.c: unpause services. */
#include "cmd/app.h"
#include "cmd/command.h"
#include "cmd/lifecycle.h"
#include "core/base/arena.h"

static const struct opt unpause_opts[] = {
    OPT_END,
};

static struct plan *make_plan(struct app *app, struct lifecycle *l)
{
    struct lifecycle_options o = {.services = l->services};

    return plan_unpause(app->arena, app->project, &l->observed, &o, app->diags);
}

static void unpause_run(struct app *app, void *args, const struct strings *named)
{
    struct lifecycle *l = arena_alloc(app->arena, sizeof *l);

    *l = (struct lifecycle){
        .title = "Running", .services = *named, .plan = make_plan, .owner = args};
    lifecycle_run(app, l);
}

const struct command cmd_unpause = {
    .name = "unpause",
    .usage = "unpause [SERVICE...]",
    .summary = "Unpause services",
    .opts = unpause_opts,
    .run = unpause_run,
};
