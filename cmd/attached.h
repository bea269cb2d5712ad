/* cmd/attached.h: the second half of an attached `up`: attach, start, show output until the last
 * container is gone or the user interrupts.
 *
 * Containers are attached before they start, so no output is lost; those that start again later are
 * followed through their logs. */
#ifndef CMD_ATTACHED_H
#define CMD_ATTACHED_H

#include "cmd/converge.h"

struct app;

struct attached_options {
    struct converge_options start; /* the start half */
    struct strings services;       /* of the command line: whose end ends `up`; empty: all */
    struct strings attach, no_attach;
    bool attach_dependencies;
    bool no_color, no_log_prefix, timestamps;
    bool abort_on_exit, abort_on_failure;
    const char *exit_code_from; /* NULL: of the container that made us abort */
    int64_t timeout;            /* of the stop on Ctrl-C, too */
};

/* Takes over the app until it is finished. */
void attached_run(struct app *app, const struct attached_options *opts);

#endif
