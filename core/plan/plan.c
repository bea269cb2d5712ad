#include "core/plan/plan.h"

#include "core/base/arena.h"
#include "core/base/str.h"

#include <assert.h>
#include <inttypes.h>

struct plan {
    struct arena *arena;
    struct plan_node **nodes;
    size_t len, cap;
    struct strings names;
    size_t names_cap;
};

struct plan *plan_new(struct arena *a)
{
    struct plan *p = arena_alloc(a, sizeof *p);

    p->arena = a;
    return p;
}

struct plan_node *plan_add(struct plan *p, enum op_kind op, const char *subject, const char *cause)
{
    struct plan_node *n = arena_alloc(p->arena, sizeof *n);

    assert(subject && cause);
    n->id = p->len;
    n->plan = p;
    n->op = op;
    n->subject = subject;
    n->cause = cause;
    p->nodes = arena_grow(p->arena, p->nodes, p->len, &p->cap, p->len + 1, sizeof(*p->nodes));
    p->nodes[p->len++] = n;
    return n;
}

void plan_after(struct plan_node *later, struct plan_node *earlier)
{
    if (!earlier)
        return;
    assert(earlier->id < later->id); /* so that there is no cycle */
    for (size_t i = 0; i < later->after_len; i++)
        if (later->after[i] == earlier)
            return;
    later->after = arena_grow(later->plan->arena, later->after, later->after_len, &later->after_cap,
                              later->after_len + 1, sizeof(*later->after));
    later->after[later->after_len++] = earlier;
}

void plan_nodes_add(struct plan *p, struct plan_nodes *list, struct plan_node *n)
{
    if (!n)
        return;
    list->items = arena_grow(p->arena, list->items, list->len, &list->cap, list->len + 1,
                             sizeof(*list->items));
    list->items[list->len++] = n;
}

void plan_after_all(struct plan_node *later, const struct plan_nodes *earlier)
{
    for (size_t i = 0; i < earlier->len; i++)
        plan_after(later, earlier->items[i]);
}

void plan_add_name(struct plan *p, const char *name)
{
    p->names.items = arena_grow(p->arena, (void *)p->names.items, p->names.len, &p->names_cap,
                                p->names.len + 1, sizeof(char *));
    p->names.items[p->names.len++] = name;
}

const struct strings *plan_new_names(const struct plan *p)
{
    return &p->names;
}

size_t plan_len(const struct plan *p)
{
    return p->len;
}

struct plan_node *plan_at(const struct plan *p, size_t i)
{
    assert(i < p->len);
    return p->nodes[i];
}

struct arena *plan_arena(const struct plan *p)
{
    return p->arena;
}

bool plan_changes(const struct plan *p)
{
    for (size_t i = 0; i < p->len; i++)
        if (p->nodes[i]->op != OP_NOTHING && p->nodes[i]->op != OP_WAIT)
            return true;
    return false;
}
