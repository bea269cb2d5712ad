/* cmd/create.c: create containers without starting them. */
#include "cmd/app.h"
#include "cmd/command.h"
#include "cmd/converge.h"
#include "core/base/err.h"
#include "core/base/str.h"

#include <stddef.h>

struct create_args {
    bool build, no_build, force_recreate, no_recreate, quiet_pull, remove_orphans, yes;
    const char *pull;
    struct strings scale;
};

/* clang-format off */
static const struct opt create_opts[] = {
    OPT_FLAG(0, "build", struct create_args, build, "Build images before starting containers"),
    OPT_FLAG(0, "force-recreate", struct create_args, force_recreate, "Recreate containers even if their configuration and image haven't changed"),
    OPT_FLAG(0, "no-build", struct create_args, no_build, "Don't build an image, even if it's policy"),
    OPT_FLAG(0, "no-recreate", struct create_args, no_recreate, "If containers already exist, don't recreate them. Incompatible with --force-recreate."),
    OPT_STRING(0, "pull", struct create_args, pull, "string", "Pull image before running (\"always\"|\"missing\"|\"never\"|\"build\")"),
    OPT_FLAG(0, "quiet-pull", struct create_args, quiet_pull, "Pull without printing progress information"),
    OPT_FLAG(0, "remove-orphans", struct create_args, remove_orphans, "Remove containers for services not defined in the Compose file"),
    OPT_LIST(0, "scale", struct create_args, scale, "scale", "Scale SERVICE to NUM instances. Overrides the scale setting in the Compose file if present."),
    OPT_FLAG('y', "yes", struct create_args, yes, "Assume \"yes\" as answer to all prompts and run non-interactively"),
    OPT_END,
};
/* clang-format on */

static int check_args(const struct create_args *c, struct err *err)
{
    if (c->build && c->no_build)
        return err_set(err, ERR_USAGE, loc_none(), "--build and --no-build are incompatible");
    if (c->force_recreate && c->no_recreate)
        return err_set(err, ERR_USAGE, loc_none(),
                       "--force-recreate and --no-recreate are incompatible");
    return check_pull(c->pull, err);
}

static void create_run(struct app *app, void *args, const struct strings *named)
{
    struct create_args *c = args;
    enum recreate recreate = c->no_recreate      ? RECREATE_NEVER
                             : c->force_recreate ? RECREATE_FORCE
                                                 : RECREATE_CHANGED;
    struct converge_options opts = {.title = "Creating", .yes = c->yes};
    AUTO_ERR err = {0};

    if (check_args(c, &err) < 0) {
        app_fail(app, &err);
        return;
    }
    if (app_load_to_run(app, named) < 0)
        return;
    app->quiet_pull = c->quiet_pull;
    opts.up = (struct up_options){
        .create = true,
        .recreate = recreate,
        .recreate_deps = c->no_recreate ? RECREATE_NEVER : RECREATE_CHANGED,
        .services = *named,
        .remove_orphans = c->remove_orphans,
        .timeout = TIMEOUT_DEFAULT,
    };
    opts.images = (struct image_options){
        .pull = c->pull && !str_eq(c->pull, "policy") ? c->pull : NULL,
        .build = c->build,
        .build_named = true,
        .no_build = c->no_build,
        .services = *named,
    };
    if (parse_scale(app, &c->scale, &opts.up, &err) < 0) {
        app_fail(app, &err);
        return;
    }
    if (app_engine(app) < 0)
        return;
    converge(app, &opts, converge_end, NULL);
}

const struct command cmd_create = {
    .name = "create",
    .usage = "create [OPTIONS] [SERVICE...]",
    .summary = "Creates containers for a service",
    .opts = create_opts,
    .args_size = sizeof(struct create_args),
    .run = create_run,
};
