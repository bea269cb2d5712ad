#include "core/schema/types.h"

#include "core/base/attr.h" /* ARRAY_LEN */
#include "core/base/mem.h"
#include "core/base/str.h"
#include "core/yaml/node.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

unsigned type_of(const struct node *n)
{
    switch (n->kind) {
    case NODE_NULL:
        return T_NULL;
    case NODE_BOOL:
        return T_BOOL;
    case NODE_INT:
    case NODE_UINT:
        return T_INT | T_NUM;
    case NODE_FLOAT:
        return T_NUM | (n->real == floor(n->real) && isfinite(n->real) ? T_INT : 0u);
    case NODE_STRING:
        return T_STR;
    case NODE_LIST:
        return T_LIST;
    case NODE_MAP:
        return T_MAP;
    case NODE_TIME:
        break;
    }
    return 0;
}

bool type_allowed(const struct node *n, unsigned allowed)
{
    return type_of(n) & allowed;
}

unsigned item_types(const struct attr *row)
{
    return row->items ? row->items : row->sub ? T_MAP : T_ANY;
}

unsigned value_types(const struct attr *row)
{
    return row->values ? row->values : row->sub ? T_MAP : T_ANY;
}

void types_text(unsigned types, struct str *out)
{
    static const struct {
        unsigned type;
        const char *name;
    } names[] = {/* sorted by name */
                 {T_LIST, "array"}, {T_BOOL, "boolean"}, {T_INT, "integer"}, {T_MAP, "mapping"},
                 {T_NULL, "null"},  {T_NUM, "number"},   {T_STR, "string"}};
    const char *chosen[ARRAY_LEN(names)];
    size_t count = 0;

    for (size_t i = 0; i < ARRAY_LEN(names); i++)
        if (types & names[i].type)
            chosen[count++] = names[i].name;
    for (size_t i = 0; i < count; i++)
        str_addf(out, "%s%s", i == 0 ? "" : i + 1 == count ? " or " : ", ", chosen[i]);
}

const char *docker_types(const struct attr *row)
{
    unsigned t = row->types;

    if ((row->min || row->max) && !(row->flags & ATTR_UNSIGNED))
        return t & T_STR ? "string" : NULL;
    if (t & T_LIST && t & T_MAP)
        return row->kind == K_MAP ? "array" : "mapping";
    if (t & T_LIST && t & T_STR)
        return t & T_NULL ? "null" : "string";
    return t == (T_STR | T_MAP) ? "string" : NULL;
}

const char *docker_item_types(const struct attr *row)
{
    unsigned t = item_types(row);

    if (!(t & T_MAP) || t == T_MAP)
        return NULL;
    return t & T_NUM ? "number" : "string";
}

const char *docker_value_types(const struct attr *row)
{
    switch (row->kind) {
    case K_HOSTS:
        return "string";
    case K_ULIMITS:
        return "integer or string";
    case K_OPTIONS:
        return "boolean, number or string";
    default:
        return NULL;
    }
}

static int by_key(const void *a, const void *b)
{
    const struct node_pair *const *x = a, *const *y = b;

    return strcmp((*x)->key, (*y)->key);
}

void node_add_sorted(const struct node *map, struct str *out,
                     void (*add)(const struct node *n, struct str *out))
{
    const struct node_pair **pairs = mem_calloc(map->map.len + 1, sizeof *pairs);

    for (size_t i = 0; i < map->map.len; i++)
        pairs[i] = &map->map.pairs[i];
    if (map->map.len > 1)
        qsort(pairs, map->map.len, sizeof *pairs, by_key);
    str_addc(out, '{');
    for (size_t i = 0; i < map->map.len; i++) {
        str_addf(out, "\"%s\":", pairs[i]->key);
        add(pairs[i]->value, out);
        str_addc(out, ',');
    }
    str_addc(out, '}');
    free(pairs);
}
