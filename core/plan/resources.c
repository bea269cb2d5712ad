#include "core/plan/resources.h"

#include "core/base/arena.h"
#include "core/base/attr.h" /* ARRAY_LEN */
#include "core/base/map.h"
#include "core/base/str.h"
#include "core/plan/downtime.h"
#include "core/plan/plan.h"
#include "core/plan/reconcile.h" /* struct observed */

#include <inttypes.h>
#include <string.h>

const char *resource_action_name(enum resource_action action)
{
    static const char *const names[] = {
        [RESOURCE_NOTHING] = "nothing",   [RESOURCE_CREATE] = "create",
        [RESOURCE_RECREATE] = "recreate", [RESOURCE_RESTART] = "restart",
        [RESOURCE_START] = "start",       [RESOURCE_STOP] = "stop",
        [RESOURCE_CONNECT] = "connect",   [RESOURCE_RENAME] = "rename",
        [RESOURCE_REMOVE] = "remove",     [RESOURCE_PULL] = "pull",
        [RESOURCE_BUILD] = "build",
    };

    _Static_assert(ARRAY_LEN(names) == RESOURCE_ACTION_COUNT, "every action has a name");
    return names[action];
}

/* ---- which nodes are one thing ---- */

struct grouping {
    struct arena *arena;
    const struct plan *plan;
    const struct project *project;
    struct plan_resources ret;
    struct map by_key;     /* key_of() -> struct plan_resource */
    struct map containers; /* id -> those that are there */
};

/* "Container demo-web-1": the kind is its first word. NULL: no resource, a meeting point. */
static const char *kind_of(const char *subject, const char **name)
{
    static const char *const kinds[] = {"Container", "Network", "Volume", "Image"};
    static const char *const words[] = {"container", "network", "volume", "image"};
    const char *space = strchr(subject, ' ');

    for (size_t i = 0; space && i < ARRAY_LEN(kinds); i++)
        if (strlen(kinds[i]) == (size_t)(space - subject) && str_has_prefix(subject, kinds[i])) {
            *name = space + 1;
            return words[i];
        }
    return NULL;
}

/* A name that passes from one service's container to another's is about two. */
static const char *key_of(struct grouping *g, const struct plan_node *n)
{
    if (!n->service || !str_has_prefix(n->subject, "Container "))
        return n->subject;
    return arena_printf(g->arena, "%s\n%s", n->subject, n->service);
}

static struct plan_resource *resource_of(struct grouping *g, const struct plan_node *n)
{
    const char *key = key_of(g, n), *name = NULL, *kind;
    struct plan_resource *r = map_get(&g->by_key, key);

    if (r)
        return r;
    kind = kind_of(n->subject, &name);
    if (n->op == OP_IMAGE_PULL || n->op == OP_IMAGE_BUILD) {
        kind = "image";
        name = n->target ? n->target : n->subject;
    }
    if (n->op == OP_MODEL_PULL) {
        kind = "model";
        name = n->target;
    }
    if (!kind)
        return NULL;
    r = &g->ret.items[g->ret.len++];
    r->kind = kind;
    r->name = name;
    r->service = n->service;
    map_set(&g->by_key, key, r);
    return r;
}

static void add_step(struct grouping *g, struct plan_resource *r, const struct plan_node *n)
{
    r->steps = arena_grow(g->arena, (void *)r->steps, r->steps_len, &r->steps_cap, r->steps_len + 1,
                          sizeof(struct plan_node *));
    r->steps[r->steps_len++] = n;
}

static bool is_change(const struct plan_node *n)
{
    return n->op != OP_NOTHING && n->op != OP_WAIT && !n->undoes;
}

static bool has(const struct plan_resource *r, enum op_kind op)
{
    for (size_t i = 0; i < r->steps_len; i++)
        if (r->steps[i]->op == op)
            return true;
    return false;
}

/* ---- what happens to it ---- */

static enum resource_action action_of(const struct plan_resource *r)
{
    bool made =
             has(r, OP_CONTAINER_CREATE) || has(r, OP_NETWORK_CREATE) || has(r, OP_VOLUME_CREATE),
         gone = has(r, OP_CONTAINER_REMOVE) || has(r, OP_NETWORK_REMOVE) ||
                has(r, OP_VOLUME_REMOVE) || has(r, OP_IMAGE_REMOVE),
         stopped = has(r, OP_CONTAINER_STOP) || has(r, OP_CONTAINER_KILL);

    if (made)
        return gone ? RESOURCE_RECREATE : RESOURCE_CREATE;
    if (gone)
        return RESOURCE_REMOVE;
    if (has(r, OP_CONTAINER_RESTART) || (stopped && has(r, OP_CONTAINER_START)))
        return RESOURCE_RESTART;
    if (stopped)
        return RESOURCE_STOP;
    if (has(r, OP_CONTAINER_START))
        return RESOURCE_START;
    if (has(r, OP_NETWORK_CONNECT) || has(r, OP_NETWORK_DISCONNECT))
        return RESOURCE_CONNECT;
    if (has(r, OP_CONTAINER_RENAME))
        return RESOURCE_RENAME;
    if (has(r, OP_IMAGE_BUILD))
        return RESOURCE_BUILD;
    return has(r, OP_IMAGE_PULL) || has(r, OP_MODEL_PULL) ? RESOURCE_PULL : RESOURCE_NOTHING;
}

static bool is_told(const struct causes *list, const char *text)
{
    for (size_t i = 0; i < list->len; i++)
        if (str_eq(list->items[i].text, text))
            return true;
    return false;
}

/* Of what comes first: the rest follows from it. */
static void find_causes(struct grouping *g, struct plan_resource *r)
{
    const struct plan_node *first = r->steps[0];

    for (size_t i = 0; i < r->steps_len; i++)
        if (r->steps[i]->causes) {
            r->causes = *r->steps[i]->causes;
            return;
        }
    for (size_t i = 0; i < r->steps_len; i++) {
        const struct plan_node *n = r->steps[i];

        if ((n == first || r->action == RESOURCE_CONNECT) && !is_told(&r->causes, n->cause))
            cause_add(g->arena, &r->causes,
                      r->action == RESOURCE_CREATE || r->action == RESOURCE_PULL ||
                              r->action == RESOURCE_BUILD
                          ? n->loc
                          : loc_none(),
                      "%s", n->cause);
    }
}

static const struct container *container_of(const struct grouping *g, const struct plan_resource *r)
{
    const struct container *c = NULL;

    for (size_t i = 0; i < r->steps_len && !c; i++)
        if (r->steps[i]->engine_id)
            c = map_get(&g->containers, r->steps[i]->engine_id);
    return c;
}

static int64_t stop_timeout(const struct plan_resource *r)
{
    for (size_t i = 0; i < r->steps_len; i++)
        if (r->steps[i]->op == OP_CONTAINER_STOP || r->steps[i]->op == OP_CONTAINER_RESTART)
            return r->steps[i]->timeout;
    return TIMEOUT_DEFAULT;
}

static void finish(struct grouping *g, struct plan_resource *r)
{
    const struct container *c;

    r->action = action_of(r);
    if (!r->steps_len) {
        cause_add(g->arena, &r->causes, loc_none(), "as it should be");
        return;
    }
    find_causes(g, r);
    if (!has(r, OP_CONTAINER_STOP) && !has(r, OP_CONTAINER_RESTART) && !has(r, OP_CONTAINER_KILL))
        return;
    c = container_of(g, r);
    if (c)
        r->interruption = interruption_of(
            c, r->service ? project_service(g->project, r->service) : NULL, stop_timeout(r),
            has(r, OP_CONTAINER_START) || has(r, OP_CONTAINER_RESTART));
}

struct plan_resources plan_resources(struct arena *a, const struct plan *plan,
                                     const struct project *p, const struct observed *o)
{
    struct grouping g = {.arena = a, .plan = plan, .project = p};

    if (!plan)
        return g.ret;
    g.ret.items = arena_calloc(a, plan_len(plan) + 1, sizeof *g.ret.items);
    for (size_t i = 0; i < o->containers.len; i++)
        map_set(&g.containers, o->containers.items[i]->id, o->containers.items[i]);
    for (size_t i = 0; i < plan_len(plan); i++) {
        const struct plan_node *n = plan_at(plan, i);
        struct plan_resource *r = n->op == OP_WAIT ? NULL : resource_of(&g, n);

        if (r && is_change(n))
            add_step(&g, r, n);
    }
    for (size_t i = 0; i < g.ret.len; i++)
        finish(&g, &g.ret.items[i]);
    map_done(&g.by_key);
    map_done(&g.containers);
    return g.ret;
}

/* ---- as text ---- */

static void print_loc(struct loc loc, struct str *out)
{
    if (!str_empty(loc.file) && loc.line)
        str_addf(out, ", %s:%u:%u", loc.file, loc.line, loc.col);
}

static void print_interruption(const struct interruption *i, struct str *out)
{
    if (!i->any)
        return;
    str_add(out, "    interrupted: stopping may take ");
    if (i->stop_max < 0)
        str_add(out, "for ever");
    else
        str_addf(out, "up to %" PRId64 " s", i->stop_max);
    str_addf(out, " (%s", i->stop_from);
    print_loc(i->stop_loc, out);
    str_add(out, ")");
    if (!i->starts)
        str_add(out, "; it does not come back");
    else if (i->first_check >= 0) {
        str_addf(out, "; its health is checked %" PRId64 " s after the start at the earliest",
                 i->first_check);
        if (i->check_loc.line) {
            str_add(out, " (healthcheck");
            print_loc(i->check_loc, out);
            str_add(out, ")");
        }
    }
    str_addc(out, '\n');
}

void plan_resources_print(const struct plan_resources *r, struct str *out)
{
    for (size_t i = 0; i < r->len; i++) {
        const struct plan_resource *one = &r->items[i];

        if (one->action == RESOURCE_NOTHING)
            continue;
        str_addf(out, "%s %s: %s\n", one->kind, one->name, resource_action_name(one->action));
        for (size_t j = 0; j < one->causes.len; j++) {
            str_add(out, "    ");
            cause_print(&one->causes.items[j], out);
            str_addc(out, '\n');
        }
        print_interruption(&one->interruption, out);
    }
}
