#include "core/plan/planner.h"

#include "core/base/arena.h"
#include "core/base/diags.h"
#include "core/base/str.h"
#include "core/plan/create.h"
#include "core/plan/hooks.h"
#include "core/plan/names.h"
#include "core/yaml/node.h"

#include <stdarg.h>
#include <string.h>

struct service_plan *planner_service(const struct planner *pl, const char *name)
{
    return map_get(&pl->by_name, name);
}

struct network_plan *planner_network(const struct planner *pl, const char *key)
{
    for (size_t i = 0; i < pl->project->networks.len; i++)
        if (str_eq(pl->project->networks.items[i]->item.key, key))
            return &pl->networks[i];
    return NULL;
}

struct volume_plan *planner_volume(const struct planner *pl, const char *key)
{
    for (size_t i = 0; i < pl->project->volumes.len; i++)
        if (str_eq(pl->project->volumes.items[i]->item.key, key))
            return &pl->volumes[i];
    return NULL;
}

/* A containers_fn. A service this plan leaves alone is linked as it is. */
static struct strings containers_of(void *owner, const char *service)
{
    const struct planner *pl = owner;
    const struct service_plan *sp = planner_service(pl, service);
    struct strings ret = {0};

    if (!sp)
        return observed_names(pl->arena, pl->observed, service);
    ret.items = arena_calloc(pl->arena, sp->len + 1, sizeof(char *));
    for (size_t i = 0; i < sp->len; i++)
        ret.items[ret.len++] = sp->replicas[i].name;
    return ret;
}

struct strings planner_links(struct planner *pl, const struct service *s, int number)
{
    return links_of(pl->arena, pl->project, s, number, containers_of, pl);
}

static void find_observed_parent(const struct planner *pl, const char *service, const char **id)
{
    const struct container *first = NULL;

    for (size_t i = 0; i < pl->observed->containers.len; i++) {
        const struct container *c = pl->observed->containers.items[i];

        if (!c->oneoff && str_eq(c->service, service) &&
            (!first || strcmp(c->name, first->name) < 0))
            first = c;
    }
    *id = first ? first->id : NULL;
}

static const struct replica *first_replica(const struct service_plan *sp)
{
    const struct replica *first = NULL;

    for (size_t i = 0; sp && i < sp->len; i++)
        if (!first || strcmp(sp->replicas[i].name, first->name) < 0)
            first = &sp->replicas[i];
    return first;
}

void planner_parent_before(void *owner, const char *service, const char **id,
                           const char **made_name)
{
    const struct replica *first = first_replica(planner_service(owner, service));

    if (first && first->was)
        *id = first->was->id;
    else
        planner_parent(owner, service, id, made_name);
}

void planner_parent(void *owner, const char *service, const char **id, const char **made_name)
{
    const struct planner *pl = owner;
    const struct replica *first = first_replica(planner_service(pl, service));

    if (!first)
        find_observed_parent(pl, service, id);
    else if (first->action == ACTION_KEEP)
        *id = first->was->id;
    else
        *made_name = first->name;
}

struct loc item_loc(const struct item *item)
{
    return item && item->node ? item->node->loc : loc_none();
}

struct diag *planner_error(struct planner *pl, const struct item *at, const char *path,
                           const char *fmt, ...)
{
    va_list ap;
    const char *text;

    va_start(ap, fmt);
    text = arena_vprintf(pl->arena, fmt, ap);
    va_end(ap);
    pl->failed = true;
    return diags_error(pl->diags, item_loc(at), path, "%s", text);
}

void planner_warn(struct planner *pl, const struct item *at, const char *path, const char *fmt, ...)
{
    va_list ap;
    const char *text;

    va_start(ap, fmt);
    text = arena_vprintf(pl->arena, fmt, ap);
    va_end(ap);
    diags_warn(pl->diags, item_loc(at), path, "%s", text);
}

bool container_is_up(const struct container *c)
{
    return c->state == STATE_RUNNING || c->state == STATE_PAUSED || c->state == STATE_RESTARTING;
}

struct plan_node *plan_container(struct plan *p, enum op_kind op, const char *name,
                                 const struct container *c, const char *service, const char *cause)
{
    struct plan_node *n = plan_add(p, op, container_subject(plan_arena(p), name), cause);

    n->target = name;
    n->engine_id = c ? c->id : NULL;
    n->service = service;
    n->timeout = op == OP_CONTAINER_STOP || op == OP_CONTAINER_RESTART ? TIMEOUT_DEFAULT : 0;
    return n;
}

void node_words(struct plan_node *n, const char *doing, const char *done, const char *failed)
{
    n->doing = doing;
    n->done = done;
    n->failed = failed;
}

struct plan_node *planner_stopped(const struct planner *pl, const struct container *c)
{
    for (size_t i = 0; i < pl->stops_len; i++)
        if (pl->stops[i].container == c)
            return pl->stops[i].node;
    return NULL;
}

struct plan_node *planner_stop_begins(const struct planner *pl, const struct container *c)
{
    for (size_t i = 0; i < pl->stops_len; i++)
        if (pl->stops[i].container == c)
            return pl->stops[i].first;
    return NULL;
}

void planner_stopped_by(struct planner *pl, const struct container *c, struct plan_node *n)
{
    for (size_t i = 0; i < pl->stops_len; i++)
        if (pl->stops[i].container == c)
            pl->stops[i].node = n;
}

/* What needs this service stops before it. */
static void after_users(struct planner *pl, struct plan_node *stop, const char *service)
{
    for (size_t i = 0; i < pl->stops_len; i++) {
        const struct service *user = project_service(pl->project, pl->stops[i].container->service);

        if (user && !str_eq(user->item.key, service) && service_dependency(user, service) &&
            pl->stops[i].node->id < stop->id)
            plan_after(stop, pl->stops[i].node);
    }
}

struct plan_node *planner_stop(struct planner *pl, const struct container *c, const char *service,
                               const char *cause, bool told)
{
    struct plan_node *n = planner_stopped(pl, c);
    struct stop_nodes nodes;

    if (n || !container_is_up(c))
        return n;
    nodes = plan_stop_of(pl->plan, project_service(pl->project, service), c, cause,
                         pl->opts->timeout, told);
    pl->stops = arena_grow(pl->arena, pl->stops, pl->stops_len, &pl->stops_cap, pl->stops_len + 1,
                           sizeof *pl->stops);
    after_users(pl, nodes.first, service);
    pl->stops[pl->stops_len++] =
        (struct stopped){.container = c, .node = nodes.stop, .first = nodes.first};
    return nodes.stop;
}
