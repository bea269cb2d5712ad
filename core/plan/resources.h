/* core/plan/resources.h: a plan as people look at it: what becomes of each container, network,
 * volume and image, and what that interrupts.
 *
 * The plan has a node per engine call; here the nodes of one subject are one thing that happens. */
#ifndef CORE_PLAN_RESOURCES_H
#define CORE_PLAN_RESOURCES_H

#include "core/plan/cause.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;
struct observed;
struct plan;
struct plan_node;
struct project;
struct str;

enum resource_action {
    RESOURCE_NOTHING,
    RESOURCE_CREATE,
    RESOURCE_RECREATE,
    RESOURCE_RESTART,
    RESOURCE_START,
    RESOURCE_STOP,
    RESOURCE_CONNECT, /* to a network, while it runs */
    RESOURCE_RENAME,
    RESOURCE_REMOVE,
    RESOURCE_PULL,
    RESOURCE_BUILD,
    RESOURCE_ACTION_COUNT,
};
const char *resource_action_name(enum resource_action a); /* "recreate" */

/* What does not answer for a while. Seconds are exact or upper bounds as far as the files and the
 * container's own settings tell. */
struct interruption {
    bool any;
    int64_t stop_max;      /* until it is killed; -1: however long it takes */
    const char *stop_from; /* "stop_grace_period", "--timeout", "the engine's default" */
    struct loc stop_loc;   /* line 0: no file says so */
    bool starts;           /* comes back */
    int64_t first_check;   /* of its health, after the start; -1: it has none */
    struct loc check_loc;
};

struct plan_resource {
    const char *kind; /* "container", "network", "volume", "image", "model" */
    const char *name;
    const char *service; /* NULL: none */
    enum resource_action action;
    struct causes causes; /* at least one */
    struct interruption interruption;
    const struct plan_node **steps; /* that change something; none for NOTHING */
    size_t steps_len, steps_cap;
};
struct plan_resources {
    struct plan_resource *items;
    size_t len;
};

/* In the order of the plan. NULL plan: none. */
struct plan_resources plan_resources(struct arena *a, const struct plan *plan,
                                     const struct project *p, const struct observed *o);
/* A block a resource that changes. */
void plan_resources_print(const struct plan_resources *r, struct str *out);

#endif
