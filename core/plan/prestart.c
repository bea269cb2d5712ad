/* core/plan/prestart.c: pre_start hooks: containers of their own that share the volumes and
 * networks of the first container of a service, and must end well before it is started. */
#include "core/plan/planner.h"

#include "core/base/arena.h"
#include "core/base/str.h"
#include "core/plan/create.h"
#include "core/plan/labels.h"
#include "core/plan/names.h"
#include "core/yaml/node.h"

#include <string.h>

void check_pre_start(struct planner *pl, const struct service *s)
{
    for (size_t i = 0; i < s->pre_start.len; i++) {
        const struct hook *h = s->pre_start.items[i];
        const struct item at = {.node = node_get(h->item.node, "per_replica")};

        if (h->per_replica)
            planner_error(
                pl, &at,
                arena_printf(pl->arena, "services.%s.pre_start[%zu].per_replica", s->item.key, i),
                "service \"%s\" pre_start[%zu]: per_replica is not yet supported; "
                "remove per_replica or set it to false",
                s->item.key, i);
    }
}

/* ---- what is made ---- */

static struct service *hook_service(struct planner *pl, const struct service *s,
                                    const struct hook *h)
{
    struct service *ret = arena_alloc(pl->arena, sizeof *ret);
    const char **from = arena_calloc(pl->arena, 1, sizeof *from);

    ret->item = s->item;
    ret->image = h->image;
    ret->command = h->command;
    ret->user = h->user;
    ret->working_dir = h->working_dir;
    ret->privileged = h->privileged;
    ret->network_mode = s->network_mode;
    ret->networks.items = s->networks.items;
    ret->networks.len = s->networks.len;
    ret->environment = s->environment;
    for (size_t i = 0; i < h->environment.len; i++)
        ret->environment = mapping_with(pl->arena, &ret->environment, h->environment.entries[i].key,
                                        h->environment.entries[i].value);
    from[0] = s->item.key;
    ret->volumes_from = (struct strings){from, 1};
    return ret;
}

static struct container_create *hook_create(struct planner *pl, const struct service *s,
                                            const struct hook *h, const struct replica *of,
                                            const struct parents *parents)
{
    struct container_create *c = arena_alloc(pl->arena, sizeof *c);
    const char **from = arena_calloc(pl->arena, 1, sizeof *from);

    c->project = pl->project;
    c->service = hook_service(pl, s, h);
    c->image = str_empty(h->image) ? image_of(pl->arena, pl->project, s) : h->image;
    c->labels = hook_labels(pl->arena, pl->project, s);
    endpoints_of(pl->arena, pl->project, s, container_name_of(pl->arena, pl->project, s, 0), true,
                 c);
    from[0] = of->action == ACTION_KEEP ? of->was->id : s->item.key;
    c->refs.network_mode = parents->refs.network_mode;
    c->refs.volumes_from = from;
    c->refs.volumes_from_len = 1;
    return c;
}

/* Engines before API 1.44 take one network at create. */
static void split_endpoints(const struct planner *pl, struct plan_node *n)
{
    struct container_create *c = n->create;

    if (pl->observed->info.api_major > 1 || pl->observed->info.api_minor >= 44 ||
        c->endpoints.len < 2)
        return;
    n->joins.items = c->endpoints.items + 1;
    n->joins.len = c->endpoints.len - 1;
    c->endpoints.len = 1;
}

static struct plan_node *hook_node(struct planner *pl, const struct service *s, size_t index,
                                   const struct replica *of)
{
    const struct hook *h = s->pre_start.items[index];
    struct parents parents = parents_of(pl->arena, s, planner_parent, pl);
    struct plan_node *n = plan_container(pl->plan, OP_CONTAINER_HOOK, of->name,
                                         of->action == ACTION_KEEP ? of->was : NULL, s->item.key,
                                         arena_printf(pl->arena, "pre_start[%zu]", index));

    n->create = hook_create(pl, s, h, of, &parents);
    n->network_mode_of = parents.network_mode_of;
    if (of->action != ACTION_KEEP) {
        const char **made = arena_calloc(pl->arena, 1, sizeof *made);

        made[0] = of->name;
        n->volumes_from_of = (struct strings){made, 1};
    }
    split_endpoints(pl, n);
    n->loc = item_loc(&h->item);
    n->failed = pl->opts->attached ? NULL : "Error";
    return n;
}

/* ---- when ---- */

/* Kept by a hook that failed, to be looked into. */
static struct plan_nodes remove_leftovers(struct planner *pl, const struct service *s)
{
    const struct containers *all = &pl->observed->hooks;
    struct plan_nodes ret = {0};

    for (size_t i = 0; i < all->len; i++) {
        struct plan_node *gone;

        if (!str_eq(all->items[i]->service, s->item.key))
            continue;
        gone = plan_container(pl->plan, OP_CONTAINER_REMOVE, all->items[i]->name, all->items[i],
                              s->item.key, "left by a pre_start hook that failed");
        gone->force = gone->volumes = gone->tolerate_missing = gone->tolerate_failure = true;
        plan_nodes_add(pl->plan, &ret, gone);
    }
    return ret;
}

struct plan_node *plan_pre_start(struct planner *pl, const struct service_plan *sp,
                                 const struct plan_nodes *gate)
{
    const struct service *s = sp->service;
    const struct replica *of = &sp->replicas[0]; /* the lowest number */
    struct plan_nodes leftovers = {0};
    struct plan_node *before = NULL;

    if (s->pre_start.len)
        leftovers = remove_leftovers(pl, s);
    for (size_t i = 0; i < s->pre_start.len; i++) {
        struct plan_node *n = hook_node(pl, s, i, of);

        plan_after_all(n, &leftovers);
        plan_after_all(n, gate);
        plan_after_all(n, &pl->cleared);
        plan_after(n, of->ready);
        plan_after(n, of->joined);
        plan_after(n, of->was ? planner_stopped(pl, of->was) : NULL);
        plan_after(n, before);
        before = n;
    }
    return before;
}
