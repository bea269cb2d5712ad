#include "core/schema/each.h"

#include "core/yaml/node.h"

static int each_in(struct schema_ctx *cx, const struct attr_path *at, const struct attr_table *t,
                   struct node *object, each_fn *fn);

/* The user names the keys of these maps; .sub is about their values. */
static bool is_named(const struct attr *row)
{
    return row->kind == K_MAP || row->kind == K_ULIMITS;
}

static int each_below(struct schema_ctx *cx, const struct attr_path *at, const struct attr *row,
                      struct node *value, each_fn *fn)
{
    int rc = 0;

    if (value->kind == NODE_MAP && !is_named(row))
        return each_in(cx, at, row->sub, value, fn);
    if (value->kind == NODE_MAP) {
        for (size_t i = 0; i < value->map.len; i++) {
            const struct attr_path down = {.up = at, .key = value->map.pairs[i].key};

            rc |= each_in(cx, &down, row->sub, value->map.pairs[i].value, fn);
        }
    } else if (value->kind == NODE_LIST) {
        for (size_t i = 0; i < value->list.len; i++) {
            const struct attr_path down = {.up = at, .index = i};

            rc |= each_in(cx, &down, row->sub, value->list.items[i], fn);
        }
    }
    return rc;
}

static int each_in(struct schema_ctx *cx, const struct attr_path *at, const struct attr_table *t,
                   struct node *object, each_fn *fn)
{
    int rc = 0;

    if (object->kind != NODE_MAP)
        return 0;
    for (size_t i = 0; i < object->map.len; i++) {
        struct node_pair *pair = &object->map.pairs[i];
        const struct attr *row = attr_find(t, pair->key);
        const struct attr_path down = {.up = at, .key = pair->key};
        int got = row ? fn(cx, &down, row, object, pair) : EACH_SKIP;

        if (got < 0)
            rc = -1;
        else if (got == 0 && row->sub)
            rc |= each_below(cx, &down, row, pair->value, fn);
    }
    return rc;
}

int schema_each(struct schema_ctx *cx, struct node *model, each_fn *fn)
{
    return each_in(cx, NULL, &project_table, model, fn);
}
