/* core/plan/create.h: what a new container is made of, as far as the plan decides it. */
#ifndef CORE_PLAN_CREATE_H
#define CORE_PLAN_CREATE_H

#include "core/plan/reconcile.h"

#include <stdbool.h>

struct labels;

/* What a service's references to other services mean right now. */
struct parents {
    struct service_refs refs;                      /* ids that are known */
    const char *network_mode_of, *ipc_of, *pid_of; /* names of containers this plan makes */
    struct strings volumes_from_of;                /* "" where known; empty: none is made */
    bool made;                                     /* any of them is made by this plan */
    const char *missing;                   /* a service that has no container; NULL: all have one */
    const char *missing_at, *missing_what; /* the attribute that refers to it; what is shared */
};
/* Says by which container `service` is meant: its id, or the name under which the plan makes it.
 * Both stay NULL when it has none. */
typedef void parent_fn(void *owner, const char *service, const char **id, const char **made_name);
/* The service in "service:x"; NULL: it is no reference. */
const char *referred_service(const char *mode);
/* Containers of other services are named by it, so that they must be there before. */
bool refers_to_services(const struct service *s);

#define PARENT_MISSING "cannot share %s with service %s: container missing" /* docker compose's */
struct parents parents_of(struct arena *a, const struct service *s, parent_fn *parent, void *owner);

/* What links and external_links come to: "container:alias". `containers` names those of a service;
 * number: of the container that has the links, 0: a one-off. */
typedef struct strings containers_fn(void *owner, const char *service);
struct strings links_of(struct arena *a, const struct project *p, const struct service *s,
                        int number, containers_fn *containers, void *owner);

/* Endpoints by priority, then name; the first is the primary one. Empty with a network_mode.
 * `aliases`: service name and the model's; the container's own name always. They get ret->links. */
void endpoints_of(struct arena *a, const struct project *p, const struct service *s,
                  const char *name, bool aliases, struct container_create *ret);

/* Anonymous volumes of `old` the new container takes over. */
void inherit_mounts(struct arena *a, const struct service *s, const struct image_state *image,
                    const struct container *old, struct container_create *ret);

/* The containers of a service that are there, one-offs aside. */
struct strings observed_names(struct arena *a, const struct observed *o, const char *service);

const struct image_state *image_find(const struct observed *o, const char *ref);

#endif
