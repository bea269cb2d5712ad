/* core/exec/observe.h: asks the engine for all that reconcile needs, in parallel, in as few
 * requests as there are: containers, networks, volumes of the project by label, and the images
 * named. */
#ifndef CORE_EXEC_OBSERVE_H
#define CORE_EXEC_OBSERVE_H

#include "core/plan/reconcile.h" /* struct observed */

struct project;
struct questions;
struct reader;

struct observe_options {
    const char *project;         /* name */
    const struct project *model; /* NULL: labels only. Else its networks and volumes by name too */
    bool containers, networks, volumes;
    bool contents;         /* of the model's configs and secrets that are files of this machine */
    struct strings images; /* references to inspect */
    /* With a model: when who changes the project now was killed before took its lock, Unix seconds:
     * for observed.hooks_since, containers with post_start hooks are inspected. 0: nobody was. */
    int64_t hooks_since;
    const char *lock; /* lock_volume(): for observed.lock_left, with a model and its volumes; NULL:
                       * not asked */
};

typedef void observe_done(void *owner, const struct observed *o, const struct err *err);

/* Results go into `a`; `done` runs once, from the loop. */
void observe(struct reader *r, struct arena *a, const struct observe_options *opts,
             observe_done *done, void *owner);

/* questions.c: asks the driver all of `q` (core/plan/compared.h) and adds the answers to `o`; what
 * has no answer gets an empty one, so that nothing is asked twice. `o` must live until `done`. */
void observe_more(struct reader *r, struct arena *a, const char *project, const struct questions *q,
                  struct observed *o, void (*done)(void *owner), void *owner);

/* contents.c: digests of those files, for one call of observe(). */
struct mapping observe_contents(struct arena *a, const struct project *p);

#endif
