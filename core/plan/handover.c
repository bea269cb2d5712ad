/* core/plan/handover.c: what a container that stops lets go of and another one needs when it
 * starts: published ports and fixed addresses. The engine refuses the start before that. */
#include "core/plan/planner.h"

#include "core/base/arena.h"
#include "core/base/str.h"

#include <stdlib.h>
#include <string.h>

enum { PORT_MAX = 65535 };

static void note(struct planner *pl, const char *what, struct plan_node *stop)
{
    struct plan_nodes *all = map_get(&pl->let_go, what);

    if (!all) {
        all = arena_alloc(pl->arena, sizeof *all);
        map_set(&pl->let_go, what, all);
    }
    plan_nodes_add(pl->plan, all, stop);
}

static const char *port_key(struct planner *pl, int number, const char *protocol)
{
    return arena_printf(pl->arena, "%d/%s", number, str_empty(protocol) ? "tcp" : protocol);
}

static void note_all_of(struct planner *pl, const struct stopped *s)
{
    const struct container *c = s->container;

    for (size_t i = 0; i < c->ports.len; i++)
        if (c->ports.items[i]->public_port)
            note(pl, port_key(pl, c->ports.items[i]->public_port, c->ports.items[i]->type),
                 s->node);
    for (size_t i = 0; i < c->networks.len; i++) {
        if (!str_empty(c->networks.items[i]->ipv4))
            note(pl, c->networks.items[i]->ipv4, s->node);
        if (!str_empty(c->networks.items[i]->ipv6))
            note(pl, c->networks.items[i]->ipv6, s->node);
    }
}

void note_what_is_let_go(struct planner *pl)
{
    for (size_t i = 0; i < pl->stops_len; i++)
        note_all_of(pl, &pl->stops[i]);
}

static void after(struct planner *pl, struct plan_node *n, const char *what)
{
    const struct plan_nodes *all = str_empty(what) ? NULL : map_get(&pl->let_go, what);

    if (all)
        plan_after_all(n, all);
}

/* "8080" or "8080-8090"; one that is picked by the engine is free. */
static void after_port(struct planner *pl, struct plan_node *n, const struct port *p)
{
    char *end;
    long first = p->published ? strtol(p->published, &end, 10) : 0, last = first;

    if (first > 0 && *end == '-')
        last = strtol(end + 1, NULL, 10);
    for (long number = first; number > 0 && number <= last && number <= PORT_MAX; number++)
        after(pl, n, port_key(pl, (int)number, p->protocol));
}

void after_whoever_holds(struct planner *pl, struct plan_node *n, const struct service *s)
{
    if (!pl->let_go.len)
        return;
    for (size_t i = 0; i < s->ports.len; i++)
        after_port(pl, n, s->ports.items[i]);
    for (size_t i = 0; i < s->networks.len; i++) {
        after(pl, n, s->networks.items[i]->ipv4_address);
        after(pl, n, s->networks.items[i]->ipv6_address);
    }
}
