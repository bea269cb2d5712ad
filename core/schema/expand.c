/* core/schema/expand.c: the loop over the rows, and the short forms that need few words. */
#include "core/schema/expand.h"

#include "core/base/arena.h"
#include "core/base/diags.h"
#include "core/base/str.h"
#include "core/schema/each.h"
#include "core/schema/passes.h"
#include "core/schema/report.h"
#include "core/schema/sequence.h"
#include "core/yaml/node.h"

#include <string.h>
#include <strings.h>

static struct node *text_at(struct schema_ctx *cx, const struct node *from, const char *text,
                            size_t len)
{
    struct node *n = node_string_of(cx->arena, from, text, len);

    n->quoted = true;
    n->shortened = true;
    return n;
}

static struct node *shortened(struct schema_ctx *cx, enum node_kind kind, const struct node *from)
{
    struct node *n = node_of(cx->arena, from, kind);

    n->shortened = true;
    return n;
}

static struct node *int_at(struct schema_ctx *cx, const struct node *from, int64_t v)
{
    struct node *n = node_of(cx->arena, from, NODE_INT);

    n->integer = v;
    return n;
}

static bool all_text(const struct node *list)
{
    for (size_t i = 0; i < list->list.len; i++)
        if (list->list.items[i]->kind != NODE_STRING)
            return false;
    return true;
}

/* ---- text or list ---- */

struct node *expand_string_list(struct schema_ctx *cx, const struct attr_path *at, struct node *n)
{
    struct node *list;

    (void)at;
    if (n->kind != NODE_STRING)
        return n;
    list = shortened(cx, NODE_LIST, n);
    node_add(cx->arena, list, n);
    return list;
}

struct node *expand_test(struct schema_ctx *cx, const struct attr_path *at, struct node *n)
{
    struct node *list;

    (void)at;
    if (n->kind != NODE_STRING)
        return n;
    list = shortened(cx, NODE_LIST, n);
    node_add(cx->arena, list, text_at(cx, n, "CMD-SHELL", strlen("CMD-SHELL")));
    node_add(cx->arena, list, n);
    return list;
}

struct node *expand_scalar(struct schema_ctx *cx, const struct attr_path *at, struct node *n)
{
    AUTO_TEXT text = {0};

    (void)at;
    if (n->kind != NODE_BOOL && n->kind != NODE_INT && n->kind != NODE_UINT)
        return n;
    node_scalar_text(n, &text);
    return text_at(cx, n, text.data, text.len);
}

struct node *expand_scalar_list(struct schema_ctx *cx, const struct attr_path *at, struct node *n)
{
    if (n->kind == NODE_LIST)
        for (size_t i = 0; i < n->list.len; i++)
            n->list.items[i] = expand_scalar(cx, at, n->list.items[i]);
    return n;
}

/* ---- names ---- */

struct node *expand_names(struct schema_ctx *cx, const struct attr_path *at, struct node *n)
{
    (void)at;
    return names_to_map(cx->arena, n, false);
}

struct node *expand_depends_on(struct schema_ctx *cx, const struct attr_path *at, struct node *n)
{
    struct node *map = names_to_map(cx->arena, n, true);

    (void)at;
    for (size_t i = 0; map->kind == NODE_MAP && i < map->map.len; i++) {
        struct node *value = map->map.pairs[i].value;

        if (value->kind != NODE_MAP)
            continue;
        if (!node_get(value, "condition"))
            node_set(cx->arena, value, "condition", value->loc,
                     node_string(cx->arena, value->loc, "service_started"));
        if (!node_get(value, "required"))
            node_set(cx->arena, value, "required", value->loc,
                     node_bool(cx->arena, value->loc, true));
    }
    return map;
}

struct node *expand_file_refs(struct schema_ctx *cx, const struct attr_path *at, struct node *n)
{
    (void)at;
    for (size_t i = 0; n->kind == NODE_LIST && i < n->list.len; i++) {
        struct node *item = n->list.items[i];
        struct node *map;

        if (item->kind != NODE_STRING)
            continue;
        map = shortened(cx, NODE_MAP, item);
        node_push(cx->arena, map, "source", item->loc, item);
        n->list.items[i] = map;
    }
    return n;
}

/* ---- objects ---- */

struct node *expand_build(struct schema_ctx *cx, const struct attr_path *at, struct node *n)
{
    (void)at;
    return build_to_map(cx->arena, n);
}

struct node *expand_env_file(struct schema_ctx *cx, const struct attr_path *at, struct node *n)
{
    struct node *list = expand_string_list(cx, at, n);

    for (size_t i = 0; list->kind == NODE_LIST && i < list->list.len; i++) {
        struct node *item = list->list.items[i];

        if (item->kind == NODE_STRING) {
            list->list.items[i] = shortened(cx, NODE_MAP, item);
            node_push(cx->arena, list->list.items[i], "path", item->loc, item);
            item = list->list.items[i];
        }
        if (item->kind == NODE_MAP && !node_get(item, "required"))
            node_set(cx->arena, item, "required", item->loc, node_bool(cx->arena, item->loc, true));
    }
    return list;
}

struct node *expand_gpus(struct schema_ctx *cx, const struct attr_path *at, struct node *n)
{
    struct node *list, *map;

    (void)at;
    if (n->kind != NODE_STRING)
        return n;
    list = shortened(cx, NODE_LIST, n);
    map = shortened(cx, NODE_MAP, n);
    node_push(cx->arena, map, "count", n->loc, n);
    node_add(cx->arena, list, map);
    return list;
}

struct node *expand_count(struct schema_ctx *cx, const struct attr_path *at, struct node *n)
{
    long long count;
    AUTO_TEXT text = {0};
    struct diag *g;

    if (n->kind == NODE_FLOAT) {
        schema_error(cx, at, n, "invalid type float64 for device count");
        return NULL;
    }
    if (n->kind != NODE_STRING)
        return n;
    if (strcasecmp(n->string.text, "all") == 0)
        return int_at(cx, n, -1);
    if (str_to_i64(n->string.text, &count) == 0)
        return int_at(cx, n, count);
    g = schema_error(cx, at, n, "invalid value '%s', the only value allowed is 'all' or a number",
                     node_shown(at, n, &text));
    diag_compat(g, "invalid value \"%s\", the only value allowed is 'all' or a number",
                str_text(&text));
    return NULL;
}

/* networks, volumes, secrets, configs: the name once stood inside external. */
static int adopt_external_name(struct schema_ctx *cx, const struct attr_path *at,
                               struct node *resource)
{
    struct node_pair *external = node_pair_get(resource, "external");
    const struct node *name = node_get(resource, "name");
    struct node_pair *inner;
    AUTO_TEXT path = {0};
    struct diag *g;

    if (!external || external->value->kind != NODE_MAP)
        return 0;
    inner = node_pair_get(external->value, "name");
    external->value = node_bool(cx->arena, external->value->loc, true);
    if (!inner)
        return 0;
    attr_path_text(at, &path);
    g = schema_key_lax(cx, at, inner,
                       "external.name is deprecated. Please set name and external: true");
    diag_compat(g, "%s: external.name is deprecated. Please set name and external: true",
                str_text(&path));
    if (name && !node_equal(name, inner->value)) {
        schema_error(cx, at, name, "name and external.name conflict; only use name");
        return -1;
    }
    if (!name)
        node_set(cx->arena, resource, "name", inner->loc, inner->value);
    return 0;
}

struct node *expand_external(struct schema_ctx *cx, const struct attr_path *at, struct node *n)
{
    int rc = 0;

    for (size_t i = 0; n->kind == NODE_MAP && i < n->map.len; i++) {
        const struct attr_path down = {.up = at, .key = n->map.pairs[i].key};

        rc |= adopt_external_name(cx, &down, n->map.pairs[i].value);
    }
    return rc < 0 ? NULL : n;
}

/* ---- key=value ---- */

/* The value of "key=value"; NULL when there is no '='. */
static struct node *value_of(struct schema_ctx *cx, const struct node *item, const char *equals)
{
    return text_at(cx, item, equals + 1,
                   item->string.len - (size_t)(equals + 1 - item->string.text));
}

static const char *key_of(struct schema_ctx *cx, const struct node *item, const char *equals)
{
    return equals
               ? arena_strndup(cx->arena, item->string.text, (size_t)(equals - item->string.text))
               : item->string.text;
}

struct node *expand_mapping(struct schema_ctx *cx, const struct attr_path *at, struct node *n)
{
    struct node *map;

    (void)at;
    if (n->kind != NODE_LIST || !all_text(n))
        return n;
    map = shortened(cx, NODE_MAP, n);
    for (size_t i = 0; i < n->list.len; i++) {
        const struct node *item = n->list.items[i];
        const char *equals = strchr(item->string.text, '=');

        node_set(cx->arena, map, key_of(cx, item, equals), item->loc,
                 equals ? value_of(cx, item, equals) : shortened(cx, NODE_NULL, item));
    }
    return map;
}

struct node *expand_environment(struct schema_ctx *cx, const struct attr_path *at, struct node *n)
{
    struct node *map = expand_mapping(cx, at, n);
    int rc = 0;

    if (n->kind != NODE_LIST || map->kind != NODE_MAP)
        return map;
    for (size_t i = 0; i < map->map.len; i++) {
        const struct node_pair *pair = &map->map.pairs[i];
        struct diag *g;

        if (!str_has_suffix(pair->key, " "))
            continue;
        g = schema_key_error(cx, at, pair, "variable '%s' is declared with a trailing space",
                             pair->key);
        diag_compat(g, "environment variable %s is declared with a trailing space", pair->key);
        rc = -1;
    }
    return rc < 0 ? NULL : map;
}

struct node *expand_contexts(struct schema_ctx *cx, const struct attr_path *at, struct node *n)
{
    int rc = 0;

    if (n->kind != NODE_LIST)
        return n;
    for (size_t i = 0; i < n->list.len; i++) {
        const struct attr_path down = {.up = at, .index = i};
        const struct node *item = n->list.items[i];
        AUTO_TEXT path = {0};
        AUTO_TEXT text = {0};
        struct diag *g;

        if (item->kind != NODE_STRING || strchr(item->string.text, '='))
            continue;
        if (cx->keep_unresolved)
            return n;
        g = schema_error(cx, &down, item, "invalid value '%s', expected key=value",
                         node_shown(at, item, &text));
        attr_path_docker(at, INDEX_PLAIN, &path);
        diag_compat(g, "%s: invalid value %s, expected key=value", str_text(&path),
                    str_text(&text));
        rc = -1;
    }
    return rc < 0 ? NULL : expand_mapping(cx, at, n);
}

struct node *expand_ssh(struct schema_ctx *cx, const struct attr_path *at, struct node *n)
{
    int rc = 0;

    for (size_t i = 0; n->kind == NODE_LIST && i < n->list.len; i++) {
        const struct attr_path down = {.up = at, .index = i};
        const struct node *item = n->list.items[i];
        AUTO_TEXT text = {0};
        struct diag *g;

        if (item->kind != NODE_STRING || strchr(item->string.text, '=') ||
            strcmp(item->string.text, "default") == 0)
            continue;
        g = schema_error(cx, &down, item, "invalid ssh key '%s'", node_shown(at, item, &text));
        diag_hint(g, "write default, or id=path");
        diag_compat(g, "invalid ssh key \"%s\"", str_text(&text));
        rc = -1;
    }
    return rc < 0 ? NULL : expand_mapping(cx, at, n);
}

/* ---- the loop ---- */

static int apply(struct schema_ctx *cx, const struct attr_path *at, expand_fn *fn,
                 struct node_pair *pair)
{
    struct node *n = fn ? fn(cx, at, pair->value) : pair->value;

    if (!n)
        return -1;
    pair->value = n;
    return 0;
}

static bool has_expand(const struct attr *row)
{
    return row->expand;
}

static int expand_one(struct schema_ctx *cx, const struct attr_path *at, const struct attr *row,
                      struct node *object, struct node_pair *pair)
{
    (void)object;
    return apply(cx, at, row->expand, pair);
}

static bool has_expand_late(const struct attr *row)
{
    return row->expand_late;
}

static int expand_one_late(struct schema_ctx *cx, const struct attr_path *at,
                           const struct attr *row, struct node *object, struct node_pair *pair)
{
    (void)object;
    return apply(cx, at, row->expand_late, pair);
}

int schema_expand(struct schema_ctx *cx, struct node *model)
{
    return schema_each(cx, model, has_expand, expand_one);
}

int schema_expand_values(struct schema_ctx *cx, struct node *model)
{
    return schema_each(cx, model, has_expand_late, expand_one_late);
}
