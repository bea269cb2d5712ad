/* core/exec/run.h: what the files of core/exec share about a plan that is being carried out.
 *
 * exec.c counts waits down and starts what is ready; calls.c turns a node into a driver call and
 * takes the answer; hook.c runs commands in containers, prestart.c containers, provider.c and
 * modelrun.c programs here; wait.c waits for containers; evidence.c asks those that failed; tell.c
 * has the words. */
#ifndef CORE_EXEC_RUN_H
#define CORE_EXEC_RUN_H

#include "core/base/map.h"
#include "core/exec/exec.h"

struct model_run;
struct prestart_run;
struct provider_run;

#define POLL_MS   500 /* between inspections when there are no events */
#define SETTLE_MS 500 /* a container without a health check runs when it has run for this long */

enum exec_state {
    EXEC_SUBSCRIBE, /* to events, when there is something to wait for */
    EXEC_RUN,
    EXEC_ENDING, /* all nodes are done; what is still open is let go */
    EXEC_OVER,
};

/* One node at work. */
struct run {
    struct exec *x;
    const struct plan_node *node;
    enum node_status status;
    size_t waits; /* nodes it waits for that are not done */
    struct run **users;
    size_t users_len;
    struct call *call;
    struct err err;
    char *result;
    uint64_t done_at;              /* loop time */
    struct hook_run *hook;         /* EXEC, while it lasts */
    struct prestart_run *prestart; /* HOOK, while it lasts */
    struct provider_run *provider; /* PROVIDER_UP and _DOWN, while they last */
    struct model_run *model;       /* MODEL_*, while it lasts */

    /* WAIT */
    bool waiting;
    char *container; /* id; NULL: known by name only */
    struct call *inspection;
    struct arena *scratch;     /* of the inspection */
    bool running;              /* said the last inspection */
    bool look_again, starting; /* news since the one under way was asked */
    uint64_t waiting_since;
    uint64_t deadline, settled_at, poll_at; /* loop time; 0: none */
};

struct exec {
    uv_loop_t *loop;
    struct driver *driver;
    const struct plan *plan;
    struct exec_options opts;
    struct exec_callbacks cb;
    enum exec_state state;
    bool canceled;
    struct run *runs;
    size_t len;
    struct run **users; /* storage of run.users */
    struct run **ready; /* a queue: every node enters once */
    size_t ready_head, ready_tail;
    size_t left;    /* nodes not finished */
    size_t calls;   /* answers still to come, of any kind */
    size_t busy;    /* of those, calls of nodes */
    size_t waiting; /* WAIT nodes at work */
    struct err err;
    struct map ids;       /* name -> id of what this plan made; values are owned */
    struct map started;   /* name -> struct run of its START */
    struct map explained; /* names of containers whose evidence was asked for */
    uv_timer_t timer;
    struct call *events;
    bool polling; /* there is no event stream */
};

/* exec.c */
void run_done(struct run *r);                             /* success */
void run_failed(struct run *r, struct err *err);          /* takes the error's text */
void run_tolerated(struct run *r, const struct err *err); /* a failure that is success enough */
void run_canceled(struct run *r);
void exec_pump(struct exec *x); /* starts what can be started, ends what has ended */
void exec_arm(struct exec *x);  /* sets the timer for the next deadline */
const char *exec_id(const struct exec *x, const struct plan_node *n); /* id, or the name */
const char *exec_id_of_name(void *owner, const char *name); /* id_of_fn; NULL: not made here */

/* calls.c */
void run_call(struct run *r);
void run_answered(struct run *r, const struct reply *reply, const struct err *err); /* the end */

/* hook.c: calls run_answered in the end; r->call is the one that lasts */
struct call *hook_begin(struct run *r, struct writer *w, const char *container);

/* prestart.c: the same, for a container of its own */
struct call *prestart_begin(struct run *r, struct writer *w);
bool prestart_waits(const struct run *r); /* for the end of what it runs, not for an answer */

/* provider.c: calls run_answered in the end */
void provider_begin(struct run *r);
void provider_cancel(struct run *r, bool now); /* now: it is not asked but killed */

/* modelrun.c: the same */
void model_begin(struct run *r);
void model_cancel(struct run *r, bool now);

/* wait.c */
bool wait_needs_events(const struct plan *p);
void wait_subscribe(struct exec *x);
void wait_begin(struct run *r);
void wait_end(struct run *r);             /* whatever the reason */
void wait_tick(struct exec *x);           /* deadlines, polls */
uint64_t wait_next(const struct exec *x); /* loop time of the next one; 0: none */

/* evidence.c */
bool evidence_is_due(const struct run *r); /* somebody wants it, and has not had it */
/* Takes the error's text; when all is asked, on_evidence and run_failed() follow. */
void evidence_gather(struct run *r, struct err *err);

/* tell.c */
void tell(struct run *r, enum progress_status s, const char *text, const char *details);
void tell_begin(struct run *r);
void tell_done(struct run *r);
void tell_failed(struct run *r, const struct err *err);
void tell_engine_warning(struct run *r, const char *text); /* came with the answer to a call */
void tell_warning(struct exec *x, const char *text);

#endif
