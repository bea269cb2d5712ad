/* cmd/converge.h: what up, create, run and scale share: observe, pull and build, ask whether
 * changed volumes may be lost, reconcile, carry out.
 *
 * Everything the engine must be asked for is asked in one go; a second look is taken only when
 * pulling or building changed something. */
#ifndef CMD_CONVERGE_H
#define CMD_CONVERGE_H

#include "core/plan/reconcile.h"

struct app;
struct err;
struct saved_plan;

struct converge_options {
    struct up_options up;
    struct image_options images;
    bool no_images;    /* nothing to pull or build: the second half of an attached up */
    bool yes;          /* -y: nothing is asked */
    const char *title; /* "Running", "Creating" */
    const struct saved_plan *saved; /* carry out just this one; NULL: whatever is to be done */
    const bool *
        given_up; /* once true, no plan is begun any more: done() hears ERR_CANCELED; may be NULL */
};

/* `o` is what was observed last; valid inside the call. */
typedef void converge_done(struct app *app, void *owner, const struct observed *o,
                           const struct err *err);
/* Options are copied (their texts and lists are borrowed from the app's arena). */
void converge(struct app *app, const struct converge_options *opts, converge_done *done,
              void *owner);
/* `done` of commands that have nothing more to do. */
converge_done converge_end;

/* All that is looked at before a plan is made, with `lock` (lock_volume(); NULL: who only reads
 * does not ask); then as app_observe(). */
typedef void converge_looked(struct app *app, void *owner);
void converge_look(struct app *app, const struct up_options *up, const char *lock,
                   struct observed *ret, converge_looked *then, void *owner);

/* --scale SERVICE=NUM. Reports docker compose's texts; -1 on error. */
int parse_scale(struct app *app, const struct strings *words, struct up_options *up,
                struct err *err);
/* --pull and friends, shared by up, create and run: checks the word. */
int check_pull(const char *word, struct err *err);

#endif
