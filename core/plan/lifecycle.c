/* core/plan/lifecycle.c: start, stop, restart, kill, pause, unpause, rm. */
#include "core/plan/reconcile.h"

#include "core/base/arena.h"
#include "core/base/diags.h"
#include "core/base/str.h"
#include "core/plan/hooks.h"
#include "core/plan/order.h"
#include "core/plan/planner.h" /* plan_container, node_words, container_is_up */

struct plan *plan_start(struct arena *a, const struct project *p, const struct observed *o,
                        const struct lifecycle_options *opts, struct diags *diags)
{
    struct up_options up = {.start = true, .services = opts->services, .no_deps = opts->no_deps};

    if (!p->root && !o->containers.len) { /* known by its labels only */
        diags_error(diags, loc_none(), NULL, "no container found for project \"%s\": not found",
                    p->name);
        return NULL;
    }
    return reconcile_up(a, p, o, &up, diags);
}

/* ---- stop and rm ---- */

struct act {
    const struct container *container;
    struct plan_node *node;
};

struct actor {
    const struct project *project;
    const struct observed *observed;
    const struct lifecycle_options *opts;
    struct plan *plan;
    struct act *acts;
    size_t len;
};

static struct actor actor_of(struct arena *a, const struct project *p, const struct observed *o,
                             const struct lifecycle_options *opts)
{
    return (struct actor){
        .project = p,
        .observed = o,
        .opts = opts,
        .plan = plan_new(a),
        .acts = arena_calloc(a, o->containers.len + 1, sizeof(struct act)),
    };
}

static void remember(struct actor *x, const struct container *c, struct plan_node *n)
{
    x->acts[x->len++] = (struct act){.container = c, .node = n};
}

static struct plan_node *stop_node(struct actor *x, const struct service *s,
                                   const struct container *c)
{
    struct stop_nodes n =
        plan_stop_of(x->plan, s, c, container_is_up(c) ? "asked for" : "it does not run",
                     x->opts->timeout, true);

    for (size_t i = 0; i < x->len; i++) {
        const struct service *user = project_service(x->project, x->acts[i].container->service);

        if (user && user != s && service_dependency(user, s->item.key))
            plan_after(n.first, x->acts[i].node);
    }
    return n.stop;
}

static void stop_one(struct actor *x, const struct service *s, const struct container *c)
{
    remember(x, c, stop_node(x, s, c));
}

static void remove_one(struct actor *x, const struct service *s, const struct container *c)
{
    struct plan_node *stop = NULL, *gone;

    if (container_is_up(c) && !x->opts->stop)
        return;
    if (x->opts->stop)
        remember(x, c, stop = stop_node(x, s, c));
    gone = plan_container(x->plan, OP_CONTAINER_REMOVE, c->name, c, c->service, "asked for");
    gone->force = x->opts->force;
    gone->volumes = x->opts->volumes;
    gone->tolerate_missing = true;
    node_words(gone, "Removing", "Removed", "Error while Removing");
    plan_after(gone, stop);
}

/* Every container of the services asked for, those that depend on others first. */
static struct plan *each_backwards(struct arena *a, const struct project *p,
                                   const struct observed *o, const struct lifecycle_options *opts,
                                   void (*act)(struct actor *x, const struct service *s,
                                               const struct container *c))
{
    struct actor x = actor_of(a, p, o, opts);
    struct services order = plan_order(a, p, false);

    for (size_t i = order.len; i-- > 0;) {
        const struct service *s = order.items[i];

        if (!service_asked(&opts->services, s->item.key))
            continue;
        for (size_t j = 0; j < o->containers.len; j++) {
            const struct container *c = o->containers.items[j];

            if (str_eq(c->service, s->item.key) && !c->oneoff)
                act(&x, s, c);
        }
    }
    return x.plan;
}

struct plan *plan_stop(struct arena *a, const struct project *p, const struct observed *o,
                       const struct lifecycle_options *opts, struct diags *diags)
{
    (void)diags;
    return each_backwards(a, p, o, opts, stop_one);
}

struct plan *plan_rm(struct arena *a, const struct project *p, const struct observed *o,
                     const struct lifecycle_options *opts, struct diags *diags)
{
    (void)diags;
    return each_backwards(a, p, o, opts, remove_one);
}

/* ---- restart ---- */

/* Asked for, or restarted along with what it depends on. */
static struct strings restarted(struct arena *a, const struct services *order,
                                const struct lifecycle_options *opts)
{
    struct strings ret = {.items = arena_calloc(a, order->len + 1, sizeof(char *))};

    for (size_t i = 0; i < order->len; i++) {
        const struct service *s = order->items[i];
        bool in = service_asked(&opts->services, s->item.key);

        for (size_t j = 0; !in && !opts->no_deps && j < s->depends_on.len; j++)
            in = s->depends_on.items[j]->restart &&
                 strings_have(&ret, s->depends_on.items[j]->item.key);
        if (in)
            ret.items[ret.len++] = s->item.key;
    }
    return ret;
}

static struct plan_node *wait_after(struct actor *x, const struct act *dep,
                                    const struct dependency *d)
{
    struct plan_node *n;

    if (!str_eq(d->condition, "service_healthy") &&
        !str_eq(d->condition, "service_completed_successfully"))
        return dep->node;
    for (size_t i = dep->node->id + 1; i < plan_len(x->plan); i++) {
        n = plan_at(x->plan, i);
        if (n->op == OP_WAIT && n->engine_id == dep->container->id && n->optional == !d->required)
            return n;
    }
    n = plan_container(x->plan, OP_WAIT, dep->container->name, dep->container,
                       dep->container->service, "depended on");
    n->wait = str_eq(d->condition, "service_healthy") ? WAIT_HEALTHY : WAIT_COMPLETED;
    n->optional = !d->required;
    node_words(n, "Waiting", n->wait == WAIT_HEALTHY ? "Healthy" : "Exited", "Error");
    plan_after(n, dep->node);
    return n;
}

static struct plan_nodes restart_gate(struct actor *x, const struct service *s)
{
    struct plan_nodes gate = {0};

    for (size_t i = 0; i < s->depends_on.len; i++) {
        const struct dependency *d = s->depends_on.items[i];

        for (size_t j = 0; d->restart && j < x->len; j++)
            if (str_eq(x->acts[j].container->service, d->item.key))
                plan_nodes_add(x->plan, &gate, wait_after(x, &x->acts[j], d));
    }
    return gate;
}

struct plan *plan_restart(struct arena *a, const struct project *p, const struct observed *o,
                          const struct lifecycle_options *opts, struct diags *diags)
{
    struct actor x = actor_of(a, p, o, opts);
    struct services order = plan_order(a, p, false);
    struct strings in = restarted(a, &order, opts);

    (void)diags;
    for (size_t i = 0; i < order.len; i++) {
        const struct service *s = order.items[i];
        struct plan_nodes gate;

        if (!strings_have(&in, s->item.key))
            continue;
        gate = restart_gate(&x, s);
        for (size_t j = 0; j < o->containers.len; j++) {
            const struct container *c = o->containers.items[j];
            struct stop_nodes before;
            struct plan_node *n;

            if (!str_eq(c->service, s->item.key) || c->oneoff)
                continue;
            before = plan_pre_stop(x.plan, s, c, "asked for");
            n = plan_container(x.plan, OP_CONTAINER_RESTART, c->name, c, c->service, "asked for");
            n->timeout = opts->timeout;
            node_words(n, "Restarting", "Started", "Error while Restarting");
            plan_after(n, before.stop);
            plan_after_all(before.first ? before.first : n, &gate);
            remember(&x, c, plan_post_start(n, s, c, opts->timeout));
        }
    }
    return x.plan;
}

/* ---- kill ---- */

struct plan *plan_kill(struct arena *a, const struct project *p, const struct observed *o,
                       const struct lifecycle_options *opts, struct diags *diags)
{
    struct plan *plan = plan_new(a);

    (void)diags;
    for (size_t i = 0; i < o->containers.len; i++) {
        const struct container *c = o->containers.items[i];
        const struct service *s = project_service(p, c->service);
        bool known = s && !s->disabled && service_asked(&opts->services, c->service);
        struct plan_node *n;

        if (!container_is_up(c) ||
            (!known && (!opts->remove_orphans || opts->services.len))) /* orphans are not named */
            continue;
        n = plan_container(plan, OP_CONTAINER_KILL, c->name, c, c->service, "asked for");
        n->signal = str_empty(opts->signal) ? "SIGKILL" : opts->signal;
        n->tolerate_missing = true;
        node_words(n, "Killing", "Killed", "Error while Killing");
    }
    return plan;
}

/* ---- pause and unpause ---- */

static struct plan *plan_of_what_is_up(struct arena *a, const struct project *p,
                                       const struct observed *o,
                                       const struct lifecycle_options *opts, enum op_kind op,
                                       const char *done)
{
    struct plan *plan = plan_new(a);

    for (size_t i = 0; i < o->containers.len; i++) {
        const struct container *c = o->containers.items[i];
        const struct service *s = project_service(p, c->service);

        if (c->oneoff || !s || s->disabled || !container_is_up(c) ||
            !service_asked(&opts->services, c->service))
            continue;
        node_words(plan_container(plan, op, c->name, c, c->service, "asked for"), NULL, done, NULL);
    }
    return plan;
}

struct plan *plan_pause(struct arena *a, const struct project *p, const struct observed *o,
                        const struct lifecycle_options *opts, struct diags *diags)
{
    (void)diags;
    return plan_of_what_is_up(a, p, o, opts, OP_CONTAINER_PAUSE, "Paused");
}

struct plan *plan_unpause(struct arena *a, const struct project *p, const struct observed *o,
                          const struct lifecycle_options *opts, struct diags *diags)
{
    (void)diags;
    return plan_of_what_is_up(a, p, o, opts, OP_CONTAINER_UNPAUSE, "Unpaused");
}
