/* cmd/run_service.h: the service `run` starts: the model's, changed by the flags. */
#ifndef CMD_RUN_SERVICE_H
#define CMD_RUN_SERVICE_H

#include "core/model/model.h"

struct app;
struct err;

struct run_args {
    bool detach, remove, no_tty, no_deps, use_aliases, service_ports, build, quiet;
    bool quiet_build, quiet_pull, remove_orphans;
    struct opt_bool interactive, tty;
    const char *name, *user, *workdir, *entrypoint, *pull;
    struct strings environment, env_files, labels, volumes, publish, cap_add, cap_drop;
};

int run_check(const struct run_args *args, struct err *err);
/* rest: SERVICE [COMMAND...]. A changed copy in the app's arena; NULL on error. */
struct service *run_service(struct app *app, const struct run_args *args,
                            const struct strings *rest, struct err *err);

#endif
