/* core/plan/hooks.h: what a service has run in its containers, after they start and before they are
 * stopped. One node a hook, one after the other; who waits for the start waits for its hooks. */
#ifndef CORE_PLAN_HOOKS_H
#define CORE_PLAN_HOOKS_H

#include "core/plan/plan.h"

#include <stdbool.h>

struct container;
struct service;

/* The node `start` and the post_start hooks behind it. `c` is NULL when the plan makes the
 * container. Returns the last: it tells that the container is started. Where they do not all run it
 * is stopped again, with this timeout and without pre_stop hooks. */
struct plan_node *plan_post_start(struct plan_node *start, const struct service *s,
                                  const struct container *c, int64_t timeout);

struct stop_nodes {
    struct plan_node *first; /* what must come before the stop comes before this one */
    struct plan_node *stop;
};
/* The pre_stop hooks of `s` (NULL: an orphan) and the STOP of `c`; NOTHING in its place when the
 * container does not run. told: with docker compose's words. */
struct stop_nodes plan_stop_of(struct plan *p, const struct service *s, const struct container *c,
                               const char *cause, int64_t timeout, bool told);

/* The pre_stop hooks alone; NULL: there are none, or nothing runs. */
struct stop_nodes plan_pre_stop(struct plan *p, const struct service *s, const struct container *c,
                                const char *cause);

#endif
