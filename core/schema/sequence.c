#include "core/schema/sequence.h"

#include "core/base/str.h"
#include "core/yaml/node.h"

#include <stdlib.h>
#include <string.h>

/* Items that are no text, which validation will reject, come first. */
static int by_text(const void *a, const void *b)
{
    const struct node *const *x = a, *const *y = b;

    if ((*x)->kind != NODE_STRING || (*y)->kind != NODE_STRING)
        return ((*x)->kind == NODE_STRING) - ((*y)->kind == NODE_STRING);
    return strcmp((*x)->string.text, (*y)->string.text);
}

static void add_entry(struct arena *a, struct node *list, const struct node_pair *pair,
                      struct node *value)
{
    AUTO_TEXT text = {0};
    struct node *item;

    if (value->kind == NODE_MAP || value->kind == NODE_LIST) {
        node_add(a, list, value);
        return;
    }
    str_add(&text, pair->key);
    if (value->kind != NODE_NULL) {
        str_addc(&text, '=');
        node_scalar_text(value, &text);
    }
    item = node_string_of(a, value, text.data, text.len);
    item->loc = pair->loc;
    item->quoted = true;
    node_add(a, list, item);
}

static struct node *map_to_sequence(struct arena *a, const struct node *map)
{
    struct node *list = node_of(a, map, NODE_LIST);

    for (size_t i = 0; i < map->map.len; i++) {
        const struct node_pair *pair = &map->map.pairs[i];

        if (pair->value->kind != NODE_LIST)
            add_entry(a, list, pair, pair->value);
        for (size_t k = 0; pair->value->kind == NODE_LIST && k < pair->value->list.len; k++)
            add_entry(a, list, pair, pair->value->list.items[k]);
    }
    if (list->list.len > 1)
        qsort(list->list.items, list->list.len, sizeof(struct node *), by_text);
    return list;
}

struct node *node_to_sequence(struct arena *a, struct node *n)
{
    struct node *list;

    if (n->kind == NODE_LIST)
        return n;
    if (n->kind == NODE_MAP)
        return map_to_sequence(a, n);
    list = node_of(a, n, NODE_LIST);
    if (n->kind == NODE_STRING)
        node_add(a, list, n);
    return list;
}

static struct node *started(struct arena *a, const struct node *name)
{
    struct node *n = node_of(a, name, NODE_MAP);
    struct loc loc = name->loc;

    n->shortened = true;
    node_push(a, n, "condition", loc, node_string(a, loc, "service_started"));
    node_push(a, n, "required", loc, node_bool(a, loc, true));
    return n;
}

struct node *names_to_map(struct arena *a, struct node *n, bool conditions)
{
    struct node *map;

    if (n->kind != NODE_LIST)
        return n;
    for (size_t i = 0; i < n->list.len; i++)
        if (n->list.items[i]->kind != NODE_STRING)
            return n;
    map = node_of(a, n, NODE_MAP);
    map->shortened = true;
    for (size_t i = 0; i < n->list.len; i++) {
        const struct node *name = n->list.items[i];
        struct node *value = conditions ? started(a, name) : node_of(a, name, NODE_NULL);

        value->shortened = true;
        node_set(a, map, name->string.text, name->loc, value);
    }
    return map;
}

struct node *build_to_map(struct arena *a, struct node *n)
{
    struct node *map;

    if (n->kind != NODE_STRING)
        return n;
    map = node_of(a, n, NODE_MAP);
    map->shortened = true;
    node_push(a, map, "context", n->loc, n);
    return map;
}
