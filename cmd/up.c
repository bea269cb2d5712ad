/* cmd/up.c: create and start containers. The work is in converge.c and attached.c. */
#include "cmd/app.h"
#include "cmd/attached.h"
#include "cmd/command.h"
#include "cmd/converge.h"
#include "core/base/arena.h"
#include "core/base/err.h"
#include "core/base/str.h"

#include <stddef.h>

struct up_args {
    bool detach, build, no_build, quiet_pull, quiet_build, force_recreate, no_recreate;
    bool always_recreate_deps, renew_anon_volumes, no_deps, no_start, yes;
    bool abort_on_exit, abort_on_failure, attach_dependencies;
    bool no_color, no_log_prefix, timestamps, wait, watch;
    struct opt_bool remove_orphans, menu;
    struct opt_int timeout, wait_timeout;
    const char *pull, *exit_code_from;
    struct strings scale, attach, no_attach;
};

/* clang-format off */
static const struct opt up_opts[] = {
    OPT_FLAG(0, "abort-on-container-exit", struct up_args, abort_on_exit, "Stops all containers if any container was stopped. Incompatible with -d"),
    OPT_FLAG(0, "abort-on-container-failure", struct up_args, abort_on_failure, "Stops all containers if any container exited with failure. Incompatible with -d"),
    OPT_FLAG(0, "always-recreate-deps", struct up_args, always_recreate_deps, "Recreate dependent containers. Incompatible with --no-recreate."),
    OPT_LIST(0, "attach", struct up_args, attach, "stringArray", "Restrict attaching to the specified services. Incompatible with --attach-dependencies."),
    OPT_FLAG(0, "attach-dependencies", struct up_args, attach_dependencies, "Automatically attach to log output of dependent services"),
    OPT_FLAG(0, "build", struct up_args, build, "Build images before starting containers"),
    OPT_FLAG('d', "detach", struct up_args, detach, "Detached mode: Run containers in the background"),
    OPT_STRING(0, "exit-code-from", struct up_args, exit_code_from, "string", "Return the exit code of the selected service container. Implies --abort-on-container-exit"),
    OPT_FLAG(0, "force-recreate", struct up_args, force_recreate, "Recreate containers even if their configuration and image haven't changed"),
    OPT_TRI(0, "menu", struct up_args, menu, "Enable interactive shortcuts when running attached"),
    OPT_LIST(0, "no-attach", struct up_args, no_attach, "stringArray", "Do not attach (stream logs) to the specified services"),
    OPT_FLAG(0, "no-build", struct up_args, no_build, "Don't build an image, even if it's policy"),
    OPT_FLAG(0, "no-color", struct up_args, no_color, "Produce monochrome output"),
    OPT_FLAG(0, "no-deps", struct up_args, no_deps, "Don't start linked services"),
    OPT_FLAG(0, "no-log-prefix", struct up_args, no_log_prefix, "Don't print prefix in logs"),
    OPT_FLAG(0, "no-recreate", struct up_args, no_recreate, "If containers already exist, don't recreate them. Incompatible with --force-recreate."),
    OPT_FLAG(0, "no-start", struct up_args, no_start, "Don't start the services after creating them"),
    OPT_STRING(0, "pull", struct up_args, pull, "string", "Pull image before running (\"always\"|\"missing\"|\"never\")"),
    OPT_FLAG(0, "quiet-build", struct up_args, quiet_build, "Suppress the build output"),
    OPT_FLAG(0, "quiet-pull", struct up_args, quiet_pull, "Pull without printing progress information"),
    OPT_TRI(0, "remove-orphans", struct up_args, remove_orphans, "Remove containers for services not defined in the Compose file"),
    OPT_FLAG('V', "renew-anon-volumes", struct up_args, renew_anon_volumes, "Recreate anonymous volumes instead of retrieving data from the previous containers"),
    OPT_LIST(0, "scale", struct up_args, scale, "scale", "Scale SERVICE to NUM instances. Overrides the scale setting in the Compose file if present."),
    OPT_INT('t', "timeout", struct up_args, timeout, "Use this timeout in seconds for container shutdown when attached or when containers are already running"),
    OPT_FLAG(0, "timestamps", struct up_args, timestamps, "Show timestamps"),
    OPT_FLAG(0, "wait", struct up_args, wait, "Wait for services to be running|healthy. Implies detached mode."),
    OPT_INT(0, "wait-timeout", struct up_args, wait_timeout, "Maximum duration in seconds to wait for the project to be running|healthy"),
    OPT_FLAG('w', "watch", struct up_args, watch, "Watch source code and rebuild/refresh containers when files are updated."),
    OPT_FLAG('y', "yes", struct up_args, yes, "Assume \"yes\" as answer to all prompts and run non-interactively"),
    OPT_END,
};
/* clang-format on */

static int conflict(struct err *err, const char *text)
{
    return err_set(err, ERR_USAGE, loc_none(), "%s", text);
}

/* In docker compose's order, with its words. */
static int check_args(struct up_args *u, struct err *err)
{
    bool attaches = u->attach.len || u->attach_dependencies;

    if (u->exit_code_from && !u->abort_on_failure)
        u->abort_on_exit = true;
    if (u->abort_on_exit && u->abort_on_failure)
        return conflict(
            err, "--abort-on-container-failure cannot be combined with --abort-on-container-exit");
    if (u->wait && (u->abort_on_exit || attaches))
        return conflict(err,
                        "--wait cannot be combined with --abort-on-container-exit, --attach or "
                        "--attach-dependencies");
    if (u->build && u->no_build)
        return conflict(err, "--build and --no-build are incompatible");
    if (u->wait && (u->abort_on_failure || u->watch))
        return conflict(err,
                        "--wait cannot be combined with --abort-on-container-exit, "
                        "--abort-on-container-failure, --attach, --attach-dependencies or --watch");
    if (u->detach && (attaches || u->abort_on_exit || u->abort_on_failure || u->watch))
        return conflict(err,
                        "--detach cannot be combined with --abort-on-container-exit, "
                        "--abort-on-container-failure, --attach, --attach-dependencies or --watch");
    if (u->no_recreate && u->renew_anon_volumes)
        return conflict(err, "--no-recreate and --renew-anon-volumes are incompatible");
    if (u->force_recreate && u->no_recreate)
        return conflict(err, "--force-recreate and --no-recreate are incompatible");
    if (u->always_recreate_deps && u->no_recreate)
        return conflict(err, "--always-recreate-deps and --no-recreate are incompatible");
    if (u->watch)
        return err_set(err, ERR_UNSUPPORTED, loc_none(), "--watch is not supported yet");
    if (u->attach.len && u->attach_dependencies)
        return conflict(err, "cannot combine --attach and --attach-dependencies");
    return check_pull(u->pull, err);
}

static int check_services(struct app *app, const struct up_args *u, const struct strings *named,
                          struct err *err)
{
    bool any = false;

    for (size_t i = 0; i < app->project->services.len; i++)
        any = any || !app->project->services.items[i]->disabled;
    if (!any)
        return err_set(err, ERR_USAGE, loc_none(), "no service selected");
    if (u->exit_code_from) {
        const struct service *from = project_service(app->project, u->exit_code_from);

        if (!from || from->disabled)
            return err_set(err, ERR_NOT_FOUND, loc_none(), "no such service: %s: %s",
                           u->exit_code_from, from ? "disabled" : "not found");
    }
    for (size_t i = 0; i < u->attach.len; i++) {
        const struct service *s = project_service(app->project, u->attach.items[i]);

        if (!s || s->disabled)
            return err_set(err, ERR_NOT_FOUND, loc_none(),
                           "cannot attach to services not included in up: %s", u->attach.items[i]);
    }
    (void)named;
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

static int fill(struct app *app, const struct up_args *u, const struct strings *named,
                struct converge_options *c, struct err *err)
{
    bool remove_orphans = u->remove_orphans.set ? u->remove_orphans.value
                                                : app_env_bool(app, "COMPOSE_REMOVE_ORPHANS");

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
        .quiet = u->quiet_pull || u->quiet_build,
        .services = *named,
    };
    if (c->up.remove_orphans && c->up.ignore_orphans)
        return err_set(err, ERR_USAGE, loc_none(),
                       "cannot combine COMPOSE_IGNORE_ORPHANS and --remove-orphans");
    return parse_scale(app, &u->scale, &c->up, err);
}

struct up {
    struct up_args *args;
    struct strings named;
    struct converge_options converge;
};

static void on_up(struct app *app, void *owner, const struct observed *o, const struct err *err)
{
    (void)owner;
    (void)o;
    if (err)
        app_fail(app, err);
    else
        app_finish(app, 0);
}

static void on_created(struct app *app, void *owner, const struct observed *o,
                       const struct err *err)
{
    struct up *up = owner;
    struct up_args *u = up->args;
    struct attached_options a = {
        .start = up->converge,
        .services = up->named,
        .attach = u->attach,
        .no_attach = u->no_attach,
        .attach_dependencies = u->attach_dependencies,
        .no_color = u->no_color,
        .no_log_prefix = u->no_log_prefix,
        .timestamps = u->timestamps,
        .abort_on_exit = u->abort_on_exit,
        .abort_on_failure = u->abort_on_failure,
        .exit_code_from = u->exit_code_from,
        .timeout = up->converge.up.timeout,
    };

    (void)o;
    if (err) {
        app_fail(app, err);
        return;
    }
    if (app->root.dry_run) {
        app_outf("end of 'compose up' output, interactive run is not supported in dry-run mode\n");
        app_finish(app, 0);
        return;
    }
    a.start.no_images = true;
    a.start.up.create = false;
    a.start.up.start = true;
    a.start.up.recreate = a.start.up.recreate_deps = RECREATE_NEVER;
    a.start.up.ignore_orphans = true;
    a.start.up.remove_orphans = false;
    a.start.up.attached = true;
    attached_run(app, &a);
}

static void up_run(struct app *app, void *args, const struct strings *named)
{
    struct up *up = arena_alloc(app->arena, sizeof *up);
    AUTO_ERR err = {0};

    up->args = args;
    up->named = *named;
    if (check_args(up->args, &err) < 0) {
        app_fail(app, &err);
        return;
    }
    app->load.no_deps = up->args->no_deps;
    if (app_load_to_run(app, named) < 0)
        return;
    if (check_services(app, up->args, named, &err) < 0 ||
        fill(app, up->args, named, &up->converge, &err) < 0) {
        app_fail(app, &err);
        return;
    }
    if (app_engine(app) < 0)
        return;
    if (up->args->detach || up->args->wait || up->args->no_start) {
        converge(app, &up->converge, on_up, up);
        return;
    }
    up->converge.up.start = false;
    converge(app, &up->converge, on_created, up);
}

const struct command cmd_up = {
    .name = "up",
    .usage = "up [OPTIONS] [SERVICE...]",
    .summary = "Create and start containers",
    .opts = up_opts,
    .args_size = sizeof(struct up_args),
    .run = up_run,
};
