/* core/load/tags.c: !reset and !override: a later document takes away what an
 * earlier one, or the service it extends, says. */
#include "core/load/stages.h"

#include "core/base/arena.h"
#include "core/base/diags.h"
#include "core/base/str.h"
#include "core/base/vec.h"
#include "core/yaml/node.h"
#include "core/yaml/origin.h"

#include <string.h>

struct tag_path {
    const char **keys; /* "*" stands for any */
    size_t len;
    struct node *by; /* what is tagged */
    bool reset;      /* else !override */
};

struct tag_paths {
    struct arena *arena;
    struct tag_path *items;
    size_t len, cap;
    struct tag_paths *next;
};

/* ---- collecting ---- */

struct collector {
    struct arena *arena;
    struct diags *diags;
    struct tag_paths *tags;
};

/* Where a value stands, as a chain of stack frames. */
struct place {
    const struct place *up;
    const char *key; /* NULL: an item of a list */
    size_t depth;    /* keys up to here */
};

/* Only keys of maps can be taken away, so a path through a list has no effect. */
static void record(struct collector *c, const struct place *at, struct node *by, bool reset)
{
    size_t len = at->depth;
    const char **keys = arena_calloc(c->arena, len, sizeof *keys);
    struct tag_paths *t = c->tags;

    for (; at; at = at->up) {
        if (!at->key)
            return;
        keys[at->depth - 1] = at->key;
    }
    t->items = arena_grow(c->arena, t->items, t->len, &t->cap, t->len + 1, sizeof *t->items);
    t->items[t->len++] = (struct tag_path){.keys = keys, .len = len, .by = by, .reset = reset};
}

static void collect(struct collector *c, const struct place *up, struct node *n);

/* True: the value stays in the document. */
static bool collect_value(struct collector *c, const struct place *up, const char *key,
                          struct node *value)
{
    const struct place at = {.up = up, .key = key, .depth = up ? up->depth + 1 : 1};
    enum node_tag tag = value->tag;

    value->tag = TAG_NONE;
    if (tag == TAG_OVERRIDE && !key)
        diags_lax(c->diags, value->loc, NULL, "'!override' has no effect on an entry of a list");
    if (tag != TAG_NONE)
        record(c, &at, value, tag == TAG_RESET);
    else if (value->kind == NODE_MAP || value->kind == NODE_LIST)
        collect(c, &at, value);
    return tag != TAG_RESET;
}

static void collect(struct collector *c, const struct place *up, struct node *n)
{
    size_t kept = 0;

    if (n->kind == NODE_MAP) {
        for (size_t i = 0; i < n->map.len; i++)
            if (collect_value(c, up, n->map.pairs[i].key, n->map.pairs[i].value))
                n->map.pairs[kept++] = n->map.pairs[i];
        if (kept < n->map.len) {
            n->map.len = kept;
            node_touch(n);
        }
    } else if (n->kind == NODE_LIST) {
        for (size_t i = 0; i < n->list.len; i++)
            if (collect_value(c, up, NULL, n->list.items[i]))
                n->list.items[kept++] = n->list.items[i];
        n->list.len = kept;
    }
}

static void check_whole(struct load *l, const struct node *doc)
{
    if (doc->tag == TAG_OVERRIDE)
        diags_lax(l->diags, doc->loc, NULL, "'!override' has no effect on a whole document");
    if (doc->tag == TAG_RESET)
        diag_hint(
            diags_error(l->diags, doc->loc, NULL, "'!reset' would take the whole document away"),
            "leave the file out, or tag the keys that shall go");
}

struct tag_paths *tags_collect(struct load *l, struct node *doc)
{
    struct collector c = {.arena = l->arena, .diags = l->diags};

    check_whole(l, doc);
    c.tags = arena_alloc(l->arena, sizeof *c.tags);
    c.tags->arena = l->arena;
    collect(&c, NULL, doc);
    return c.tags;
}

struct tag_paths *tags_join(struct tag_paths *tags, struct tag_paths *more)
{
    struct tag_paths *last = tags;

    if (!tags)
        return more;
    while (last->next)
        last = last->next;
    last->next = more;
    return tags;
}

/* ---- applying ---- */

/* Values are first set to NULL, and the maps tidied at the end: taking out one by one would be
 * slow. */
struct eraser {
    struct arena *arena;
    VEC(struct node *) maps;
};

/* What is gone is still known: a value to what takes its place, else to the map it was in. */
static void remember(struct eraser *e, struct node *map, const struct node_pair *pair,
                     const struct tag_path *path)
{
    struct origin *o =
        path->reset ? origin_add(e->arena, &map->origin, ORIGIN_RESET, path->by->loc)
                    : origin_add(e->arena, &path->by->origin, ORIGIN_OVERRIDE, path->by->loc);

    o->was = pair->value;
    origin_text(o, pair->key);
}

static void erase(struct eraser *e, struct node *n, const struct tag_path *path, size_t at);

static void erase_pair(struct eraser *e, struct node *map, struct node_pair *pair,
                       const struct tag_path *path, size_t at)
{
    if (!pair->value)
        return;
    if (at + 1 < path->len) {
        erase(e, pair->value, path, at + 1);
        return;
    }
    remember(e, map, pair, path);
    pair->value = NULL;
    if (!e->maps.len || e->maps.items[e->maps.len - 1] != map)
        vec_push(&e->maps, map);
}

static void erase(struct eraser *e, struct node *n, const struct tag_path *path, size_t at)
{
    struct node_pair *pair;

    if (n->kind != NODE_MAP)
        return;
    pair = node_pair_get(n, path->keys[at]);
    if (pair)
        erase_pair(e, n, pair, path, at);
    if (strcmp(path->keys[at], "*") == 0)
        for (size_t i = 0; i < n->map.len; i++)
            erase_pair(e, n, &n->map.pairs[i], path, at);
}

static void tidy(struct node *map)
{
    size_t kept = 0;

    for (size_t i = 0; i < map->map.len; i++)
        if (map->map.pairs[i].value)
            map->map.pairs[kept++] = map->map.pairs[i];
    map->map.len = kept;
    node_touch(map);
}

/* services.<under>.x, or services.*.x */
static bool is_under(const struct tag_path *path, const char *under)
{
    return path->len > 2 && strcmp(path->keys[0], "services") == 0 &&
           (strcmp(path->keys[1], "*") == 0 || strcmp(path->keys[1], under) == 0);
}

void tags_apply(const struct tag_paths *tags, struct node *model, const char *under)
{
    struct eraser e = {0};

    for (; tags; tags = tags->next) {
        e.arena = tags->arena;
        for (size_t i = 0; i < tags->len; i++) {
            const struct tag_path *path = &tags->items[i];

            if (path->len && (!under || is_under(path, under)))
                erase(&e, model, path, under ? 2 : 0);
        }
    }
    for (size_t i = 0; i < e.maps.len; i++)
        tidy(e.maps.items[i]);
    vec_done(&e.maps);
}
