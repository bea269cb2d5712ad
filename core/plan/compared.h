/* core/plan/compared.h: what a plan still has to know: in what things have changed whose labels do
 * not tell, as docker compose made them, and whether the names of new containers are free.
 *
 * That something changed is decided by the hash alone. In what is asked of the driver, once a plan
 * shows that it matters; the plan is then made again, with the same steps and better causes. */
#ifndef CORE_PLAN_COMPARED_H
#define CORE_PLAN_COMPARED_H

#include "core/plan/reconcile.h"

#include <stddef.h>

/* Containers of one service with one hash are alike: one of them is asked about. */
struct question {
    const char *key; /* of struct compared */
    struct compare what;
};
struct questions {
    struct question *items;
    size_t len;
    struct strings names; /* of containers: does one of nobody's, or of another project, have it? */
};

/* What is to be asked for `plan`, in items and names; both empty: all is known. volumes: about
 * those that changed, too, whatever becomes of them. names: for who only foresees; who carries the
 * plan out is told by the engine. */
struct questions plan_questions(struct arena *a, const struct project *p, const struct observed *o,
                                const struct plan *plan, bool volumes, bool names);

/* NULL: not asked, or without an answer. */
const struct compared *compared_find(const struct observed *o, const char *key);
const char *compared_key_container(struct arena *a, const struct container *c);
const char *compared_key_network(struct arena *a, const struct network_state *n);
const char *compared_key_volume(struct arena *a, const struct volume_state *v);

#endif
