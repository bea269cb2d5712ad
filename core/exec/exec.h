/* core/exec/exec.h: carries out a plan on a driver. It decides nothing.
 *
 * Counts waits down, starts what is ready up to a limit, tells what happens, and calls `on_done`
 * once, from the loop. A failed node takes the nodes that wait for it along (NODE_SKIPPED), but not
 * one that undoes; what does not depend on it still finishes. Health and exits come from one
 * subscription to the engine's events, opened before the first call when the plan has WAIT nodes,
 * with an inspection as the starting point. */
#ifndef CORE_EXEC_EXEC_H
#define CORE_EXEC_EXEC_H

#include "core/driver.h"
#include "core/plan/plan.h"

#include <uv.h>

struct exec;

enum node_status {
    NODE_PENDING,
    NODE_STARTED,
    NODE_DONE, /* also when it failed and the plan tolerates that: exec_error() is then set */
    NODE_FAILED,
    NODE_SKIPPED,  /* something it waits for failed */
    NODE_NEEDLESS, /* there for a case that did not come: only_after_failure, undoes */
    NODE_CANCELED,
};

/* What the user is told: one line of progress. text is `doing`, `done`, "Error", "Waiting",
 * "Healthy", "Exited", "Resource is still in use"...; err on failures. */
enum progress_status { PROGRESS_WORKING, PROGRESS_DONE, PROGRESS_WARNING, PROGRESS_ERROR };
struct progress {
    const struct plan_node *node;
    const char *id;     /* "Container demo-web-1" */
    const char *parent; /* of a pull layer; NULL */
    enum progress_status status;
    const char *text, *details;
    int64_t current, total;
};

/* What a container that was waited for in vain can still tell. */
struct evidence {
    const struct plan_node *node;      /* the WAIT */
    const struct container *container; /* as inspected now; NULL: gone, or the engine is */
    uint64_t waited_ms;
    const char *log; /* its last lines; "" */
};

struct exec_callbacks {
    void *owner;
    void (*on_progress)(void *owner, const struct progress *p);
    void (*on_build)(void *owner, const struct plan_node *n, const struct build_event *e);
    /* What a command in a container writes. */
    void (*on_output)(void *owner, const struct plan_node *n, enum stream s, const char *bytes,
                      size_t len);
    /* A variable that a provider has for those that depend on it; raw: it keeps its name. */
    void (*on_variable)(void *owner, const struct plan_node *n, const char *name, const char *value,
                        bool raw);
    void (*on_warning)(void *owner, const char *text); /* of the engine, of optional dependencies */
    /* Once a container, after it was told that it failed; what `e` points to dies when this
     * returns. NULL: not asked for. */
    void (*on_evidence)(void *owner, const struct evidence *e);
    /* err: NULL when all went well; else the first failure. Summaries: exec_status. */
    void (*on_done)(void *owner, const struct err *err);
};

struct exec_options {
    int parallel;               /* calls at a time; <= 0: no limit */
    const char *project;        /* for the event filter */
    char *const *environment;   /* of programs that are run, "K=V" */
    struct strings plugin_dirs; /* where those called docker-NAME are */
    bool dry_run; /* nothing happens, so there is nothing to wait for: WAIT nodes succeed at once */
};

/* Starts at once (calls go out from the loop). The plan and the driver must outlive on_done. */
struct exec *exec_run(uv_loop_t *loop, struct driver *d, const struct plan *p,
                      const struct exec_options *o, const struct exec_callbacks *cb);
/* What waits is not started, but for what undoes things half done; short calls are waited for, long
 * ones (stops, pulls, builds) are left; on_done follows. A second time: every call is left, and
 * nothing is started. */
void exec_cancel(struct exec *x);
enum node_status exec_status(const struct exec *x, const struct plan_node *n);
const struct err *exec_error(const struct exec *x, const struct plan_node *n); /* NULL: none */
/* The id the engine gave to what this node created or built; NULL: none yet. */
const char *exec_result(const struct exec *x, const struct plan_node *n);
void exec_free(struct exec *x); /* after on_done */

#endif
