#include "core/yaml/origin.h"

#include "core/base/arena.h"
#include "core/yaml/node.h"

#include <string.h>

struct origin *origin_add(struct arena *a, const struct origin **chain, enum origin_rule rule,
                          struct loc loc)
{
    struct origin *o = arena_alloc(a, sizeof *o);

    o->before = *chain;
    o->rule = rule;
    o->loc = loc;
    *chain = o;
    return o;
}

void origin_text(struct origin *o, const char *text)
{
    o->text = text;
    o->len = (unsigned)strlen(text);
}

void origin_replace(struct arena *a, struct node *n, const struct node *was)
{
    origin_add(a, &n->origin, ORIGIN_REPLACE, n->loc)->was = was;
}

/* Most nodes have no origin yet, or all have the one of the same earlier copy: one record will do
 * for them. */
void origin_mark(struct origin_stamp *s, struct node *n)
{
    if (!s->made || s->made->before != n->origin) {
        struct origin *o = arena_alloc(s->arena, sizeof *o);

        *o = s->record;
        o->before = n->origin;
        s->made = o;
    }
    n->origin = s->made;
}

void origin_mark_all(struct origin_stamp *s, struct node *n)
{
    origin_mark(s, n);
    if (n->kind == NODE_LIST)
        for (size_t i = 0; i < n->list.len; i++)
            origin_mark_all(s, n->list.items[i]);
    if (n->kind == NODE_MAP)
        for (size_t i = 0; i < n->map.len; i++)
            origin_mark_all(s, n->map.pairs[i].value);
}
