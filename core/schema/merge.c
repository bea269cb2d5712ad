/* core/schema/merge.c: what a later file says on top of what was said before.
 *
 * The base is canonical, the later one as written, so both forms of an attribute meet here; what
 * comes out may mix them (a ports list of maps and texts) and is made canonical again by
 * schema_expand. */
#include "core/schema/passes.h"

#include "core/base/arena.h"
#include "core/base/diags.h"
#include "core/base/map.h"
#include "core/base/str.h"
#include "core/load/origins.h"
#include "core/schema/report.h"
#include "core/schema/sequence.h"
#include "core/yaml/node.h"
#include "core/yaml/origin.h"

#include <string.h>

struct merger {
    struct schema_ctx *cx;
    int rc; /* -1 after an error */
};

static struct node *merge_value(struct merger *m, const struct attr_path *at,
                                const struct attr *row, struct node *base, struct node *over);
static struct node *merge_object(struct merger *m, const struct attr_path *at,
                                 const struct attr_table *t, struct node *base, struct node *over);

static struct node *cannot_override(struct merger *m, const struct attr_path *at, struct node *base,
                                    const struct node *over)
{
    AUTO_TEXT was = {0};
    AUTO_TEXT is = {0};
    AUTO_TEXT path = {0};
    struct diag *g;

    describe_node(at, base, &was);
    describe_node(at, over, &is);
    g = schema_error(m->cx, at, over, "cannot override: %s cannot replace %s", str_text(&is),
                     str_text(&was));
    loc_text(base->loc, &path);
    diag_note(g, base->loc, "%s at %s", base->shortened ? "it stands for that" : "that is",
              str_text(&path));
    diag_hint(g, "write %s here too, or tag it !override",
              base->kind == NODE_MAP ? "a mapping" : "a list");
    str_clear(&path);
    attr_path_docker(at, INDEX_PLAIN, &path);
    diag_compat(g, "cannot override %s", str_text(&path));
    m->rc = -1;
    return base;
}

/* ---- by key ---- */

/* Messages about a replaced value point into the later file, key and all. */
static void put(struct merger *m, struct node_pair *there, const struct node_pair *over,
                struct node *merged)
{
    if (merged == over->value) {
        origin_replace(m->cx->arena, merged, there->value);
        there->loc = over->loc;
    }
    there->value = merged;
}

/* The entries of a map whose keys the user chose: each is an object of the
 * row's table, or a value. */
static struct node *merge_entry(struct merger *m, const struct attr_path *at,
                                const struct attr *row, struct node *base, struct node *over)
{
    if (row && row->merge == MERGE_ENTRIES)
        return over;
    if (row && row->sub && base->kind == NODE_MAP && over->kind == NODE_MAP)
        return merge_object(m, at, row->sub, base, over);
    return merge_value(m, at, NULL, base, over);
}

static struct node *merge_keys(struct merger *m, const struct attr_path *at, const struct attr *row,
                               struct node *base, struct node *over)
{
    origin_add(m->cx->arena, &base->origin, ORIGIN_MERGE, over->loc)->had = node_len(base);
    for (size_t i = 0; i < over->map.len; i++) {
        const struct node_pair *pair = &over->map.pairs[i];
        const struct attr_path down = {.up = at, .key = pair->key};
        struct node_pair *there = node_pair_get(base, pair->key);

        if (there)
            put(m, there, pair, merge_entry(m, &down, row, there->value, pair->value));
        else
            node_push(m->cx->arena, base, pair->key, pair->loc, pair->value);
    }
    return base;
}

static struct node *merge_object(struct merger *m, const struct attr_path *at,
                                 const struct attr_table *t, struct node *base, struct node *over)
{
    origin_add(m->cx->arena, &base->origin, ORIGIN_MERGE, over->loc)->had = node_len(base);
    for (size_t i = 0; i < over->map.len; i++) {
        const struct node_pair *pair = &over->map.pairs[i];
        const struct attr_path down = {.up = at, .key = pair->key};
        struct node_pair *there = node_pair_get(base, pair->key);

        if (there)
            put(m, there, pair,
                merge_value(m, &down, attr_find(t, pair->key), there->value, pair->value));
        else
            node_push(m->cx->arena, base, pair->key, pair->loc, pair->value);
    }
    return base;
}

/* Items of `over`, as `more` has them. Those of a mapping written as a list are keys and values. */
static void append(struct merger *m, const struct attr *row, struct node *list,
                   const struct node *over, const struct node *more)
{
    bool keyed = row && row->kind == K_MAPPING;
    struct origin_stamp stamp = {.arena = m->cx->arena,
                                 .record = {.rule = ORIGIN_APPEND, .loc = over->loc}};

    origin_add(m->cx->arena, &list->origin, keyed ? ORIGIN_MERGE : ORIGIN_APPEND, over->loc)->had =
        node_len(list);
    for (size_t i = 0; i < more->list.len; i++) {
        if (!keyed)
            origin_mark(&stamp, more->list.items[i]);
        node_add(m->cx->arena, list, more->list.items[i]);
    }
}

/* Maps, lists and scalars when no rule is special. */
static struct node *merge_default(struct merger *m, const struct attr_path *at,
                                  const struct attr *row, struct node *base, struct node *over)
{
    if (over->kind == NODE_NULL)
        return base;
    if (base->kind == NODE_MAP) {
        bool object = row && row->sub && row->kind != K_MAP && row->kind != K_ULIMITS;

        if (over->kind != NODE_MAP)
            return cannot_override(m, at, base, over);
        return object ? merge_object(m, at, row->sub, base, over)
                      : merge_keys(m, at, row, base, over);
    }
    if (base->kind == NODE_LIST) {
        if (over->kind != NODE_LIST)
            return cannot_override(m, at, base, over);
        append(m, row, base, over, over);
        return base;
    }
    return over;
}

/* ---- special rules ---- */

static struct node *merge_sequence(struct merger *m, const struct attr *row, struct node *base,
                                   struct node *over)
{
    struct node *list = node_to_sequence(m->cx->arena, base);

    append(m, row, list, over, node_to_sequence(m->cx->arena, over));
    return list;
}

/* Entries the base already has, to the letter, are left out. */
static struct node *merge_hosts(struct merger *m, const struct attr *row, struct node *base,
                                struct node *over)
{
    struct node *list = node_to_sequence(m->cx->arena, base);
    const struct node *all = node_to_sequence(m->cx->arena, over);
    struct node *more = node_of(m->cx->arena, over, NODE_LIST);
    struct map seen = {0};

    for (size_t i = 0; i < list->list.len; i++)
        if (node_text(list->list.items[i]))
            map_set(&seen, node_text(list->list.items[i]), list);
    for (size_t i = 0; i < all->list.len; i++) {
        const char *text = node_text(all->list.items[i]);

        if (!text || !map_has(&seen, text))
            node_add(m->cx->arena, more, all->list.items[i]);
    }
    map_done(&seen);
    append(m, row, list, over, more);
    return list;
}

static struct node *merge_build(struct merger *m, const struct attr_path *at,
                                const struct attr *row, struct node *base, struct node *over)
{
    base = build_to_map(m->cx->arena, base);
    return merge_default(m, at, row, base, build_to_map(m->cx->arena, over));
}

static struct node *merge_names(struct merger *m, const struct attr_path *at,
                                const struct attr *row, struct node *base, struct node *over)
{
    bool conditions = row->merge == MERGE_DEPENDS_ON;

    base = names_to_map(m->cx->arena, base, conditions);
    return merge_default(m, at, row, base, names_to_map(m->cx->arena, over, conditions));
}

static struct node *merge_logging(struct merger *m, const struct attr_path *at,
                                  const struct attr *row, struct node *base, struct node *over)
{
    const struct node *was = node_get(base, "driver"), *is = node_get(over, "driver");

    if (was && is && !node_equal(was, is))
        return over;
    return merge_default(m, at, row, base, over);
}

/* What tells the entries of ipam.config apart; "" without one. */
static const char *subnet_of(const struct node *config)
{
    const char *text = node_text(node_get(config, "subnet"));

    return text ? text : "";
}

static void note_subnet(struct map *by_subnet, struct node *config)
{
    if (config->kind == NODE_MAP && !map_has(by_subnet, subnet_of(config)))
        map_set(by_subnet, subnet_of(config), config);
}

/* The later list says which subnets there are; one that was there before keeps what it does not
 * repeat. (Docker compose does the same for one subnet and mixes entries
 * up when there are more.) */
static struct node *merge_ipam(struct merger *m, const struct attr_path *at, const struct attr *row,
                               struct node *base, struct node *over)
{
    struct map before = {0}, merged = {0};
    struct node *list;

    if (base->kind != NODE_LIST || over->kind != NODE_LIST)
        return merge_default(m, at, row, base, over);
    list = node_of(m->cx->arena, over, NODE_LIST);
    origin_add(m->cx->arena, &list->origin, ORIGIN_MERGE, base->loc)->had = node_len(over);
    for (size_t i = 0; i < base->list.len; i++)
        note_subnet(&before, base->list.items[i]);
    for (size_t i = 0; i < over->list.len; i++) {
        const struct attr_path down = {.up = at, .index = i};
        struct node *config = over->list.items[i];
        struct node *same = NULL, *older = NULL;

        if (config->kind == NODE_MAP) {
            same = map_get(&merged, subnet_of(config));
            older = same ? same : map_get(&before, subnet_of(config));
        }
        if (older)
            config = merge_object(m, &down, row->sub, older, config);
        if (!same) {
            node_add(m->cx->arena, list, config);
            note_subnet(&merged, config);
        }
    }
    map_done(&before);
    map_done(&merged);
    return list;
}

static struct node *merge_value(struct merger *m, const struct attr_path *at,
                                const struct attr *row, struct node *base, struct node *over)
{
    switch (row ? row->merge : MERGE_DEFAULT) {
    case MERGE_REPLACE:
        return over;
    case MERGE_SEQUENCE:
        return merge_sequence(m, row, base, over);
    case MERGE_HOSTS:
        return merge_hosts(m, row, base, over);
    case MERGE_NAMES:
    case MERGE_DEPENDS_ON:
        return merge_names(m, at, row, base, over);
    case MERGE_BUILD:
        return merge_build(m, at, row, base, over);
    case MERGE_LOGGING:
        return merge_logging(m, at, row, base, over);
    case MERGE_IPAM:
        return merge_ipam(m, at, row, base, over);
    case MERGE_DEFAULT:
    case MERGE_ENTRIES:
        break;
    }
    return merge_default(m, at, row, base, over);
}

struct node *schema_merge(struct schema_ctx *cx, struct node *base, struct node *over)
{
    struct merger m = {.cx = cx};

    base = merge_object(&m, NULL, &project_table, base, over);
    return m.rc < 0 ? NULL : base;
}

struct node *schema_merge_service(struct schema_ctx *cx, const char *name, struct node *base,
                                  struct node *over)
{
    const struct attr_path services = {.key = "services"};
    const struct attr_path at = {.up = &services, .key = name};
    struct merger m = {.cx = cx};

    base = merge_object(&m, &at, &service_table, base, over);
    return m.rc < 0 ? NULL : base;
}
