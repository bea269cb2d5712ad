/* core/plan/holders.c: who has the names that containers are to get.
 *
 * A container of the project that goes, or gets another name, gives its name up in time. One that
 * stays keeps it: that is said before anything is changed. */
#include "core/plan/planner.h"

#include "core/base/arena.h"
#include "core/base/diags.h"
#include "core/base/str.h"
#include "core/plan/names.h"
#include "core/yaml/node.h"

struct holder {
    const struct container *container;
    struct replica *moves;        /* of a RECREATE under another name; NULL */
    struct service_plan *surplus; /* it is one too many of this one; NULL */
    size_t index;                 /* of those */
    bool cleared;                 /* removed before anything is created */
};

static bool needs_name(const struct replica *r)
{
    return !r->was || !str_eq(r->was->name, r->name);
}

/* ---- finding ---- */

static void note_service(struct planner *pl, struct service_plan *sp)
{
    for (size_t i = 0; i < sp->len; i++) {
        struct replica *r = &sp->replicas[i];
        struct holder *h = r->was ? map_get(&pl->holders, r->was->name) : NULL;

        if (h && r->action == ACTION_RECREATE && needs_name(r))
            h->moves = r;
    }
    for (size_t i = 0; i < sp->surplus_len; i++) {
        struct holder *h = map_get(&pl->holders, sp->surplus[i]->name);

        if (!h)
            continue;
        h->surplus = sp;
        h->index = i;
    }
}

static void find_holders(struct planner *pl)
{
    const struct containers *all = &pl->observed->containers;
    struct holder *holders = arena_calloc(pl->arena, all->len + 1, sizeof *holders);

    for (size_t i = 0; i < all->len; i++) {
        const struct container *c = all->items[i];

        holders[i].container = c;
        holders[i].cleared =
            (pl->opts->remove_orphans && is_orphan(pl, c)) || goes_with_volume(pl, c);
        map_set(&pl->holders, c->name, &holders[i]);
    }
    for (size_t i = 0; i < pl->len; i++)
        note_service(pl, &pl->services[i]);
}

/* ---- names that stay taken ---- */

static struct diag *taken(struct planner *pl, const struct service *s, const char *name,
                          const char *what, const char *by)
{
    const struct node *given = node_get(s->item.node, "container_name");
    const struct item at = {.node = given ? given : s->item.node};

    return planner_error(
        pl, &at,
        arena_printf(pl->arena, "services.%s%s", s->item.key, given ? ".container_name" : ""),
        "the container name \"%s\" is %s \"%s\"", name, what, by);
}

/* By somebody who is not of the project, as far as that was asked. */
static void check_stranger(struct planner *pl, const struct service *s, const char *name)
{
    const struct containers *all = &pl->observed->strangers;

    for (size_t i = 0; i < all->len; i++) {
        const struct container *c = all->items[i];
        struct diag *g;

        if (!str_eq(c->name, name))
            continue;
        g = taken(pl, s, name, "already in use by container",
                  arena_printf(pl->arena, "%.12s", c->id));
        if (str_empty(c->project))
            diag_hint(g, "it belongs to no project");
        else
            diag_hint(g, "it belongs to project '%s'", c->project);
    }
}

static void check_holder(struct planner *pl, const struct service *s, const struct replica *r)
{
    const struct holder *h = map_get(&pl->holders, r->name);
    const struct container *c;

    if (!h) {
        plan_add_name(pl->plan, r->name);
        check_stranger(pl, s, r->name);
        return;
    }
    c = h->container;
    if (c == r->was || h->moves || h->surplus || h->cleared)
        return;
    if (!c->oneoff && is_orphan(pl, c))
        diag_hint(taken(pl, s, r->name, "in use by a container of", c->service),
                  "no such service is in these files: --remove-orphans removes its containers");
    else
        taken(pl, s, r->name,
              c->oneoff ? "in use by a one-off container of" : "in use by a container of",
              c->service);
}

struct wanted {
    const struct service *service;
    const struct replica *replica;
};

/* Of two that end up with one name the one whose name was chosen is told of. */
static bool check_twice(struct planner *pl, const struct wanted *one, const struct wanted *other)
{
    const struct wanted *told = str_empty(one->service->container_name) ? other : one;

    if (!other || (!needs_name(one->replica) && !needs_name(other->replica)))
        return false;
    taken(pl, told->service, told->replica->name, "also that of a container of",
          (told == one ? other : one)->service->item.key);
    return true;
}

static void check_names(struct planner *pl)
{
    struct map by_name = {0};

    for (size_t i = 0; i < pl->len; i++)
        for (size_t k = 0; k < pl->services[i].len; k++) {
            struct wanted *w = arena_alloc(pl->arena, sizeof *w);

            *w = (struct wanted){pl->services[i].service, &pl->services[i].replicas[k]};
            if (!check_twice(pl, w, map_get(&by_name, w->replica->name)) && needs_name(w->replica))
                check_holder(pl, w->service, w->replica);
            map_set(&by_name, w->replica->name, w);
        }
    map_done(&by_name);
}

void look_at_names(struct planner *pl)
{
    find_holders(pl);
    check_names(pl);
}

/* ---- giving up ---- */

/* Its own turn may have to wait for who gets the name. */
static struct plan_node *step_aside(struct planner *pl, struct replica *r, const char *for_name,
                                    struct plan_node *earlier)
{
    struct plan_node *n =
        plan_container(pl->plan, OP_CONTAINER_RENAME, r->was->name, r->was, r->was->service,
                       arena_printf(pl->arena, "%s gets its name", for_name));

    n->subject = container_subject(pl->arena, r->name);
    n->new_name = temporary_name(pl->arena, r->was->id, r->was->name);
    n->failed = "Error";
    plan_after(n, earlier);
    r->aside = n;
    return n;
}

struct plan_node *free_name(struct planner *pl, const char *name, struct plan_node *earlier)
{
    struct holder *h = map_get(&pl->holders, name);

    if (!h || h->cleared)
        return NULL;
    if (h->surplus)
        return remove_surplus(pl, h->surplus, h->index);
    if (!h->moves)
        return NULL;
    return h->moves->gone ? h->moves->gone : step_aside(pl, h->moves, name, earlier);
}
