#include "core/schema/each.h"

#include "core/base/arena.h"
#include "core/schema/report.h"
#include "core/yaml/node.h"

/* What is known about the tables for one pass; a table is looked through when it is first met. */
enum { TABLES_MAX = 128 }; /* more than twice as many as there are */

struct walk {
    struct schema_ctx *cx;
    wants_fn *wants;
    each_fn *fn;
    struct survey {
        const struct attr_table *table;
        bool wanted; /* it or a table below it has a wanted row */
    } surveys[TABLES_MAX];
};

static bool is_wanted(struct walk *w, const struct attr_table *t)
{
    size_t at = ((uintptr_t)t >> 4) % TABLES_MAX;
    struct survey *s;

    while (w->surveys[at].table && w->surveys[at].table != t)
        at = (at + 1) % TABLES_MAX;
    s = &w->surveys[at];
    if (s->table)
        return s->wanted;
    s->table = t;
    for (size_t i = 0; i < t->count && !s->wanted; i++)
        s->wanted = w->wants(&t->attrs[i]) || (t->attrs[i].sub && is_wanted(w, t->attrs[i].sub));
    return s->wanted;
}

static int each_in(struct walk *w, const struct attr_path *at, const struct attr_table *t,
                   struct node *object);

/* The user names the keys of these maps; .sub is about their values. */
static bool is_named(const struct attr *row)
{
    return row->kind == K_MAP || row->kind == K_ULIMITS;
}

static int each_below(struct walk *w, const struct attr_path *at, const struct attr *row,
                      struct node *value)
{
    int rc = 0;

    if (value->kind == NODE_MAP && !is_named(row))
        return each_in(w, at, row->sub, value);
    if (value->kind == NODE_MAP) {
        for (size_t i = 0; i < value->map.len; i++) {
            const struct attr_path down = {.up = at, .key = value->map.pairs[i].key};

            rc |= each_in(w, &down, row->sub, value->map.pairs[i].value);
        }
    } else if (value->kind == NODE_LIST) {
        for (size_t i = 0; i < value->list.len; i++) {
            const struct attr_path down = {.up = at, .index = i};

            rc |= each_in(w, &down, row->sub, value->list.items[i]);
        }
    }
    return rc;
}

static int each_in(struct walk *w, const struct attr_path *at, const struct attr_table *t,
                   struct node *object)
{
    int rc = 0;

    if (object->kind != NODE_MAP)
        return 0;
    for (size_t i = 0; i < object->map.len; i++) {
        struct node_pair *pair = &object->map.pairs[i];
        const struct attr *row = attr_find(t, pair->key);
        const struct attr_path down = {.up = at, .key = pair->key};
        int got;

        if (arena_is_over(w->cx->arena)) /* short forms grow */
            return schema_too_large(w->cx, &down, pair->loc);
        got = row ? w->fn(w->cx, &down, row, object, pair) : EACH_SKIP;

        if (got < 0)
            rc = -1;
        else if (got == 0 && row->sub && is_wanted(w, row->sub))
            rc |= each_below(w, &down, row, pair->value);
    }
    return rc;
}

int schema_each(struct schema_ctx *cx, struct node *model, wants_fn *wants, each_fn *fn)
{
    struct walk w = {.cx = cx, .wants = wants, .fn = fn};

    return each_in(&w, NULL, &project_table, model);
}
