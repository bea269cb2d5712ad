/* cmd/lifecycle.h: the flow of down, start, stop, restart, kill, pause, unpause and rm: load or
 * take the name, lock, observe, plan, carry out. A command gives the two things that differ: what
 * to look at, and its plan. */
#ifndef CMD_LIFECYCLE_H
#define CMD_LIFECYCLE_H

#include "core/plan/reconcile.h"

struct app;
struct err;

struct lifecycle {
    const char *title; /* "Stopping" */
    struct strings services;
    bool
        keep_others; /* the model keeps the services that are not named: they may depend on those */
    bool unlocked;   /* does not wait for other commands on the project */
    bool networks, volumes, images; /* observe these as well; images: of the services */
    /* Makes the plan; NULL after finishing the app itself or reporting into app->diags. */
    struct plan *(*plan)(struct app *app, struct lifecycle *l);
    void (*after)(struct app *app,
                  struct lifecycle *l); /* instead of finishing with 0; may be NULL */
    void *owner;                        /* the command's args */
    bool taken_over;                    /* set by plan(): it goes on by itself */
    bool named_only;                    /* -p without a file: services are those of the labels */

    struct observed observed; /* for plan() */
};

/* `l` lives as long as the app. */
void lifecycle_run(struct app *app, struct lifecycle *l);

#endif
