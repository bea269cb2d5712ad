/* cmd/up.c: create and start containers. The work is in converge.c and attached.c. */
#include "cmd/app.h"
#include "cmd/attached.h"
#include "cmd/command.h"
#include "cmd/converge.h"
#include "cmd/saved_plan.h"
#include "cmd/up_args.h"
#include "core/base/arena.h"
#include "core/base/err.h"
#include "core/base/str.h"

#include <stddef.h>

/* clang-format off */
static const struct opt up_opts[] = {
    OPT_FLAG(0, "abort-on-container-exit", struct up_args, abort_on_exit, "Stops all containers if any container was stopped. Incompatible with -d"),
    OPT_FLAG(0, "abort-on-container-failure", struct up_args, abort_on_failure, "Stops all containers if any container exited with failure. Incompatible with -d"),
    UP_OPT_ALWAYS_RECREATE_DEPS,
    OPT_LIST(0, "attach", struct up_args, attach, "stringArray", "Restrict attaching to the specified services. Incompatible with --attach-dependencies."),
    OPT_FLAG(0, "attach-dependencies", struct up_args, attach_dependencies, "Automatically attach to log output of dependent services"),
    UP_OPT_BUILD,
    OPT_FLAG('d', "detach", struct up_args, detach, "Detached mode: Run containers in the background"),
    OPT_STRING(0, "exit-code-from", struct up_args, exit_code_from, "string", "Return the exit code of the selected service container. Implies --abort-on-container-exit"),
    UP_OPT_FORCE_RECREATE,
    OPT_TRI(0, "menu", struct up_args, menu, "Enable interactive shortcuts when running attached"),
    OPT_LIST(0, "no-attach", struct up_args, no_attach, "stringArray", "Do not attach (stream logs) to the specified services"),
    UP_OPT_NO_BUILD,
    OPT_FLAG(0, "no-color", struct up_args, no_color, "Produce monochrome output"),
    UP_OPT_NO_DEPS,
    OPT_FLAG(0, "no-log-prefix", struct up_args, no_log_prefix, "Don't print prefix in logs"),
    UP_OPT_NO_RECREATE,
    UP_OPT_NO_START,
    OPT_STRING(0, "plan", struct up_args, plan, "FILE", "Do exactly what 'plan -o FILE' found, or refuse because something moved"),
    UP_OPT_PULL,
    OPT_FLAG(0, "quiet-build", struct up_args, quiet_build, "Suppress the build output"),
    OPT_FLAG(0, "quiet-pull", struct up_args, quiet_pull, "Pull without printing progress information"),
    UP_OPT_REMOVE_ORPHANS,
    UP_OPT_RENEW_ANON_VOLUMES,
    UP_OPT_SCALE,
    UP_OPT_TIMEOUT,
    OPT_FLAG(0, "timestamps", struct up_args, timestamps, "Show timestamps"),
    OPT_FLAG(0, "wait", struct up_args, wait, "Wait for services to be running|healthy. Implies detached mode."),
    OPT_INT(0, "wait-timeout", struct up_args, wait_timeout, "Maximum duration in seconds to wait for the project to be running|healthy"),
    OPT_FLAG('w', "watch", struct up_args, watch, "Watch source code and rebuild/refresh containers when files are updated."),
    UP_OPT_YES,
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
    if (up_check_recreate(u, err) < 0)
        return -1;
    if (u->watch)
        return err_set(err, ERR_UNSUPPORTED, loc_none(), "--watch is not supported yet");
    if (u->attach.len && u->attach_dependencies)
        return conflict(err, "cannot combine --attach and --attach-dependencies");
    return check_pull(u->pull, err);
}

static int check_services(struct app *app, const struct up_args *u, struct err *err)
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
    return 0;
}

struct up {
    struct up_args *args;
    struct strings named;
    struct converge_options converge;
};

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
    a.start.saved = NULL;
    a.start.up.create = false;
    a.start.up.start = true;
    a.start.up.recreate = a.start.up.recreate_deps = RECREATE_NEVER;
    a.start.up.ignore_orphans = true;
    a.start.up.remove_orphans = false;
    a.start.up.attached = true;
    attached_run(app, &a);
}

/* What is to be done stands in the file, not on the command line. */
static int take_saved(struct app *app, struct up *up, struct err *err)
{
    struct strings given = opts_words(app->arena, up_plan_opts, up->args, &up->named);
    struct saved_plan *saved = arena_alloc(app->arena, sizeof *saved);
    struct opts_common common = {0};
    int at = 0;

    if (given.len)
        return err_set(err, ERR_USAGE, loc_none(),
                       "--plan says what is done: '%s' cannot be given with it",
                       given.items[given.len - 1]);
    if (saved_plan_read(app, up->args->plan, saved, err) < 0)
        return -1;
    if (opts_parse(app->arena, up_plan_opts, OPTS_MIXED, (int)saved->arguments.len,
                   (char **)saved->arguments.items, &at, up->args, &up->named, &common, err) < 0)
        return err_wrap(err, "'%s' is no plan", up->args->plan);
    saved->start = !up->args->no_start;
    up->converge.saved = saved;
    return 0;
}

static void up_run(struct app *app, void *args, const struct strings *named)
{
    struct up *up = arena_alloc(app->arena, sizeof *up);
    AUTO_ERR err = {0};

    up->args = args;
    up->named = *named;
    if (up->args->plan && take_saved(app, up, &err) < 0) {
        app_fail(app, &err);
        return;
    }
    if (check_args(up->args, &err) < 0) {
        app_fail(app, &err);
        return;
    }
    app->load.no_deps = up->args->no_deps;
    if (app_load_to_run(app, &up->named) < 0)
        return;
    if (check_services(app, up->args, &err) < 0 ||
        up_converge_options(app, up->args, &up->named, &up->converge, &err) < 0) {
        app_fail(app, &err);
        return;
    }
    if (app_engine(app) < 0)
        return;
    if (up->args->detach || up->args->wait || up->args->no_start) {
        converge(app, &up->converge, converge_end, NULL);
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
