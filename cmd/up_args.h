/* cmd/up_args.h: the options of `up`, as far as `plan` has them as well. */
#ifndef CMD_UP_ARGS_H
#define CMD_UP_ARGS_H

#include "cmd/command.h"
#include "cmd/converge.h"

struct app;
struct err;

struct up_args {
    bool detach, build, no_build, quiet_pull, quiet_build, force_recreate, no_recreate;
    bool always_recreate_deps, renew_anon_volumes, no_deps, no_start, yes;
    bool abort_on_exit, abort_on_failure, attach_dependencies;
    bool no_color, no_log_prefix, timestamps, wait, watch;
    struct opt_bool remove_orphans, menu;
    struct opt_int timeout, wait_timeout;
    const char *pull, *exit_code_from, *plan;
    struct strings scale, attach, no_attach;
};

/* What both commands have; the rest of their options is in up.c and plan.c. */
/* clang-format off */
#define UP_OPT_ALWAYS_RECREATE_DEPS OPT_FLAG(0, "always-recreate-deps", struct up_args, always_recreate_deps, "Recreate dependent containers. Incompatible with --no-recreate.")
#define UP_OPT_BUILD OPT_FLAG(0, "build", struct up_args, build, "Build images before starting containers")
#define UP_OPT_FORCE_RECREATE OPT_FLAG(0, "force-recreate", struct up_args, force_recreate, "Recreate containers even if their configuration and image haven't changed")
#define UP_OPT_NO_BUILD OPT_FLAG(0, "no-build", struct up_args, no_build, "Don't build an image, even if it's policy")
#define UP_OPT_NO_DEPS OPT_FLAG(0, "no-deps", struct up_args, no_deps, "Don't start linked services")
#define UP_OPT_NO_RECREATE OPT_FLAG(0, "no-recreate", struct up_args, no_recreate, "If containers already exist, don't recreate them. Incompatible with --force-recreate.")
#define UP_OPT_NO_START OPT_FLAG(0, "no-start", struct up_args, no_start, "Don't start the services after creating them")
#define UP_OPT_PULL OPT_STRING(0, "pull", struct up_args, pull, "string", "Pull image before running (\"always\"|\"missing\"|\"never\")")
#define UP_OPT_REMOVE_ORPHANS OPT_TRI(0, "remove-orphans", struct up_args, remove_orphans, "Remove containers for services not defined in the Compose file")
#define UP_OPT_RENEW_ANON_VOLUMES OPT_FLAG('V', "renew-anon-volumes", struct up_args, renew_anon_volumes, "Recreate anonymous volumes instead of retrieving data from the previous containers")
#define UP_OPT_SCALE OPT_LIST(0, "scale", struct up_args, scale, "scale", "Scale SERVICE to NUM instances. Overrides the scale setting in the Compose file if present.")
#define UP_OPT_TIMEOUT OPT_INT('t', "timeout", struct up_args, timeout, "Use this timeout in seconds for container shutdown when attached or when containers are already running")
#define UP_OPT_YES OPT_FLAG('y', "yes", struct up_args, yes, "Assume \"yes\" as answer to all prompts and run non-interactively")
/* clang-format on */

/* Just these: what a saved plan (saved_plan.h) keeps and `up --plan` takes from it. */
extern const struct opt up_plan_opts[];

/* Which of them cannot stand together. -1 on error, in docker compose's words. */
int up_check_recreate(const struct up_args *u, struct err *err);
/* What the options mean. Borrows from u and named. -1 on error. */
int up_converge_options(struct app *app, const struct up_args *u, const struct strings *named,
                        struct converge_options *ret, struct err *err);

#endif
