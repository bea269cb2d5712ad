/* cmd/pause.c: pause services. */
#include "cmd/app.h"
#include "cmd/command.h"
#include "cmd/lifecycle.h"
#include "core/base/arena.h"

static const struct opt pause_opts[] = {
    OPT_END,
};

static struct plan *make_plan(struct app *app, struct lifecycle *l)
{
    struct lifecycle_options o = {.services = l->services};

    return plan_pause(app->arena, app->project, &l->observed, &o, app->diags);
}

static void pause_run(struct app *app, void *args, const struct strings *named)
{
    struct lifecycle *l = arena_alloc(app->arena, sizeof *l);

    *l = (struct lifecycle){
        .title = "Pausing", .services = *named, .plan = make_plan, .owner = args};
    lifecycle_run(app, l);
}

const struct command cmd_pause = {
    .name = "pause",
    .usage = "pause [SERVICE...]",
    .summary = "Pause services",
    .opts = pause_opts,
    .run = pause_run,
};
