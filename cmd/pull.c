/* cmd/pull.c: pull service images. */
#include "cmd/app.h"
#include "cmd/command.h"
#include "cmd/provide.h"
#include "core/base/arena.h"
#include "core/base/err.h"
#include "core/base/str.h"

#include <stddef.h>

struct pull_args {
    bool ignore_buildable, ignore_pull_failures, include_deps, quiet;
    const char *policy;
};

/* clang-format off */
static const struct opt pull_opts[] = {
    OPT_FLAG(0, "ignore-buildable", struct pull_args, ignore_buildable, "Ignore images that can be built"),
    OPT_FLAG(0, "ignore-pull-failures", struct pull_args, ignore_pull_failures, "Pull what it can and ignores images with pull failures"),
    OPT_FLAG(0, "include-deps", struct pull_args, include_deps, "Also pull services declared as dependencies"),
    {OPT_KIND_IGNORED, 0, "no-parallel", 0, NULL, "", NULL, true},
    {OPT_KIND_IGNORED, 0, "parallel", 0, NULL, "", NULL, true},
    OPT_STRING(0, "policy", struct pull_args, policy, "string", "Apply pull policy (\"missing\"|\"always\")"),
    OPT_FLAG('q', "quiet", struct pull_args, quiet, "Pull without printing progress information"),
    OPT_END,
};
/* clang-format on */

struct pull_flow {
    struct pull_args *args;
    struct image_options images;
    struct observed observed;
};

static void on_pulled(struct app *app, void *owner, bool changed, const struct err *err)
{
    const struct pull_flow *p = owner;

    (void)changed;
    if (err && !(p->args->ignore_pull_failures && err->code != ERR_CANCELED))
        app_fail(app, err);
    else
        app_finish(app, 0);
}

static void on_observed(struct app *app, void *owner)
{
    struct pull_flow *f = owner;

    provide_images(app, &f->observed, &f->images, on_pulled, f);
}

static void pull_run(struct app *app, void *args, const struct strings *named)
{
    struct pull_flow *f = arena_alloc(app->arena, sizeof *f);
    struct observe_options o = {0};

    f->args = args;
    if (f->args->policy && !str_eq(f->args->policy, "missing") &&
        !str_eq(f->args->policy, "always")) {
        AUTO_ERR err = {0};

        err_set(&err, ERR_USAGE, loc_none(),
                "invalid --policy option \"%s\": should be \"missing\" or \"always\"",
                f->args->policy);
        app_fail(app, &err);
        return;
    }
    app->load.no_deps = !f->args->include_deps;
    if (app_load(app, named) < 0)
        return;
    f->images = (struct image_options){
        .only_pull = true,
        .pull = f->args->policy,
        .ignore_buildable = f->args->ignore_buildable,
        .include_deps = f->args->include_deps,
        .services = *named,
    };
    app->quiet_pull = f->args->quiet;
    o.project = app->project->name;
    o.model = app->project;
    o.images = plan_image_refs(app->arena, app->project, named);
    if (app_engine(app) < 0)
        return;
    app_observe(app, &o, &f->observed, on_observed, f);
}

const struct command cmd_pull = {
    .name = "pull",
    .usage = "pull [OPTIONS] [SERVICE...]",
    .summary = "Pull service images",
    .opts = pull_opts,
    .args_size = sizeof(struct pull_args),
    .run = pull_run,
};
