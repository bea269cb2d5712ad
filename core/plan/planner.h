/* core/plan/planner.h: what the parts of reconcile_up share while they make one plan.
 *
 * Two passes: decide.c looks at every service in dependency order and says what becomes of each of
 * its containers; then networks.c, volumes.c, orphans.c, containers.c and start.c add the nodes. */
#ifndef CORE_PLAN_PLANNER_H
#define CORE_PLAN_PLANNER_H

#include "core/base/map.h"
#include "core/plan/cause.h"
#include "core/plan/order.h"
#include "core/plan/reconcile.h"

struct diag;
struct item;

enum action { ACTION_KEEP, ACTION_CREATE, ACTION_RECREATE };

/* One container the project wants. */
struct replica {
    enum action action;
    const char *cause;
    const struct causes *causes; /* of a RECREATE; else NULL */
    struct strings missing;      /* of a KEEP: keys of networks it is to join */
    const struct causes *apart;  /* of that */
    const char *name;            /* under which it ends up */
    int number;
    const struct container *was; /* what is there now; NULL: nothing */
    bool misnamed;    /* `was` is kept, but still has the temporary name of a crashed recreate */
    bool unexplained; /* of a RECREATE: the labels of `was` do not tell in what it has changed */
    struct plan_node *ready; /* once this is done it is there under its name; NULL: it is already */
    struct plan_node *joined;  /* the last node that puts it on a network; NULL: none */
    struct plan_node *aside;   /* of a RECREATE: `was` gives up its name; NULL: no need */
    struct plan_node *gone;    /* of a RECREATE: the removal of `was` */
    struct plan_node *started; /* NULL: it runs already, or is not to be started */
};

struct service_plan {
    const struct service *service;
    struct replica *replicas;
    size_t len;
    const struct container **surplus; /* to be removed: scaled down, leftovers of a crash */
    size_t surplus_len;
    struct plan_node **surplus_gone; /* the REMOVE of each */
    int scale;
};

struct network_plan {
    const struct network *model;
    const struct network_state *state; /* NULL: not there */
    bool changed;                      /* there, but not as the model says: made anew */
    struct causes causes;              /* of that */
    struct plan_node *ready;           /* NULL: it is there already */
};

struct volume_plan {
    const struct volume *model;
    bool changed; /* there, but not as the model says, and to be made anew */
    struct plan_node *ready;
};

/* A STOP that is planned for a container that was there before. */
struct stopped {
    const struct container *container;
    struct plan_node *node, *first; /* first: of its pre_stop hooks, or the stop itself */
};

struct planner {
    struct arena *arena;
    const struct project *project;
    const struct observed *observed;
    const struct up_options *opts;
    struct diags *diags;
    struct plan *plan;
    bool failed;

    struct service_plan *services; /* in dependency order, enabled ones */
    size_t len;
    struct map by_name;            /* of services */
    struct map holders;            /* name of a container that is there -> holders.c's */
    struct network_plan *networks; /* as project->networks */
    struct volume_plan *volumes;   /* as project->volumes */
    struct stopped *stops;
    size_t stops_len, stops_cap;
    struct map let_go;         /* handover.c's: "80/tcp", an address -> struct plan_nodes */
    struct plan_nodes cleared; /* removals before anything is created: orphans, users of volumes */

    struct wait_note *waits; /* start.c */
    size_t waits_len, waits_cap;
};

struct service_plan *planner_service(const struct planner *pl,
                                     const char *name); /* NULL: not enabled */
struct network_plan *planner_network(const struct planner *pl, const char *key);
struct volume_plan *planner_volume(const struct planner *pl, const char *key);
/* What `s` is linked to, by the names the containers will have; number: as in links_of. */
struct strings planner_links(struct planner *pl, const struct service *s, int number);

struct diag *planner_error(struct planner *pl, const struct item *at, const char *path,
                           const char *fmt, ...) PRINTF_LIKE(4, 5);
void planner_warn(struct planner *pl, const struct item *at, const char *path, const char *fmt, ...)
    PRINTF_LIKE(4, 5);
struct loc item_loc(const struct item *item);

/* What a reference to another service means (parent_fn of create.h; owner: the planner). Services
 * that are referred to are decided before. */
void planner_parent(void *owner, const char *service, const char **id, const char **made_name);
/* The same as things are before the plan. */
void planner_parent_before(void *owner, const char *service, const char **id,
                           const char **made_name);

/* Containers. */
bool container_is_up(
    const struct container *c); /* its processes exist: running, paused, restarting */
struct plan_node *plan_container(struct plan *p, enum op_kind op, const char *name,
                                 const struct container *c, const char *service, const char *cause);
void node_words(struct plan_node *n, const char *doing, const char *done, const char *failed);
/* Stops `c` once, however many ask for it; NULL when it does not run and nothing must be told. */
struct plan_node *planner_stop(struct planner *pl, const struct container *c, const char *service,
                               const char *cause, bool told);
struct plan_node *planner_stopped(const struct planner *pl, const struct container *c);
struct plan_node *planner_stop_begins(const struct planner *pl, const struct container *c);
/* Who waits for the stop of `c` now waits for `n`, which comes after it. */
void planner_stopped_by(struct planner *pl, const struct container *c, struct plan_node *n);

bool is_orphan(const struct planner *pl, const struct container *c);
/* It is removed, not made anew, because a volume it uses is (after look_at_volumes). */
bool goes_with_volume(const struct planner *pl, const struct container *c);

/* Networks of `s` that are made, by this plan, are there before `n`. */
void after_networks(struct planner *pl, struct plan_node *n, const struct service *s);

/* handover.c: what stops in this plan has to let go of a port or an address before `n`, a start of
 * `s`, can have it. */
void after_whoever_holds(struct planner *pl, struct plan_node *n, const struct service *s);
void note_what_is_let_go(struct planner *pl); /* once all stops are planned */

/* prestart.c: the hooks that must end well before any replica of a service is started of which none
 * runs; NULL: there are none. */
void check_pre_start(struct planner *pl, const struct service *s);
struct plan_node *plan_pre_start(struct planner *pl, const struct service_plan *sp,
                                 const struct plan_nodes *gate);

/* holders.c: the container that has the name gives it up: it is removed before where its turn is
 * earlier, else it steps aside. Returns what has to be waited for; NULL: nobody has the name, or
 * who has it is among the `cleared`. `earlier`: the last step before the name is taken; NULL. */
struct plan_node *free_name(struct planner *pl, const char *name, struct plan_node *earlier);
/* Planned once; its removal. */
struct plan_node *remove_surplus(struct planner *pl, struct service_plan *sp, size_t index);

/* The passes. */
void decide_services(struct planner *pl);
void look_at_networks(struct planner *pl); /* before decide_services */
void look_at_volumes(struct planner *pl);
void look_at_names(struct planner *pl); /* after it */
void plan_networks(struct planner *pl);
void plan_volumes(struct planner *pl);
void plan_orphans(struct planner *pl);
void plan_containers(struct planner *pl);
void plan_starts(struct planner *pl);
void plan_waits_at_end(struct planner *pl);

#endif
