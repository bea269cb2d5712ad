#include "core/yaml/node.h"

#include "core/base/arena.h"
#include "core/base/map.h" /* map_hash */
#include "core/base/secret.h"
#include "core/base/str.h"
#include "core/base/text.h"

#include <math.h>
#include <inttypes.h>
#include <string.h>

enum { SMALL_MAP = 8 }; /* up to so many keys a plain search is faster */

/* Open addressing over the pairs: a slot holds a pair's number plus one, 0 is free. Made by
 * node_set when a map outgrows SMALL_MAP, and made anew on the next look-up when the pairs have
 * moved. */
struct slot {
    uint32_t hash; /* tells most other keys apart without a look at them */
    uint32_t at;   /* in pairs, from 1; 0: free */
};

struct node_index {
    struct arena *arena;
    struct slot *slots;
    size_t slot_count; /* a power of two, more than twice the pairs */
    size_t indexed;    /* pairs entered so far */
};

struct node *node_new(struct arena *a, enum node_kind kind, struct loc loc)
{
    struct node *n = arena_alloc(a, sizeof *n);

    n->kind = kind;
    n->loc = loc;
    return n;
}

struct node *node_stringn(struct arena *a, struct loc loc, const char *text, size_t len)
{
    struct node *n = node_new(a, NODE_STRING, loc);

    n->string.text = arena_strndup(a, text, len);
    n->string.len = len;
    return n;
}

struct node *node_string(struct arena *a, struct loc loc, const char *text)
{
    return node_stringn(a, loc, text, strlen(text));
}

struct node *node_int(struct arena *a, struct loc loc, int64_t v)
{
    struct node *n = node_new(a, NODE_INT, loc);

    n->integer = v;
    return n;
}

struct node *node_bool(struct arena *a, struct loc loc, bool v)
{
    struct node *n = node_new(a, NODE_BOOL, loc);

    n->boolean = v;
    return n;
}

struct node *node_of(struct arena *a, const struct node *from, enum node_kind kind)
{
    struct node *n = node_new(a, kind, from->loc);

    n->origin = from->origin;
    n->secret = from->secret;
    return n;
}

struct node *node_string_of(struct arena *a, const struct node *from, const char *text, size_t len)
{
    struct node *n = node_of(a, from, NODE_STRING);

    n->string.text = arena_strndup(a, text, len);
    n->string.len = len;
    return n;
}

static void copy_items(struct arena *a, struct node *to, const struct node *from)
{
    to->list.cap = to->list.len;
    to->list.items = arena_calloc(a, from->list.len, sizeof *to->list.items);
    for (size_t i = 0; i < from->list.len; i++)
        to->list.items[i] = node_copy(a, from->list.items[i]);
}

/* The index is made when it is asked for. */
static void copy_pairs(struct arena *a, struct node *to, const struct node *from)
{
    to->map.cap = to->map.len;
    to->map.pairs = arena_calloc(a, from->map.len, sizeof *to->map.pairs);
    to->map.index = NULL;
    for (size_t i = 0; i < from->map.len; i++) {
        to->map.pairs[i] = from->map.pairs[i];
        to->map.pairs[i].value = node_copy(a, from->map.pairs[i].value);
    }
    if (to->map.len > SMALL_MAP) {
        to->map.index = arena_alloc(a, sizeof *to->map.index);
        to->map.index->arena = a;
    }
}

struct node *node_copy(struct arena *a, const struct node *n)
{
    struct node *copy;

    if (!n)
        return NULL;
    copy = node_new(a, n->kind, n->loc);
    *copy = *n;
    if (n->kind == NODE_LIST)
        copy_items(a, copy, n);
    else if (n->kind == NODE_MAP)
        copy_pairs(a, copy, n);
    return copy;
}

static void enter(struct node_index *ix, const struct node_pair *pairs, size_t at)
{
    size_t mask = ix->slot_count - 1;
    uint64_t hash = map_hash(pairs[at].key, strlen(pairs[at].key));
    size_t slot = (size_t)hash & mask;

    while (ix->slots[slot].at)
        slot = (slot + 1) & mask;
    ix->slots[slot] = (struct slot){.hash = (uint32_t)(hash >> 32), .at = (uint32_t)(at + 1)};
}

/* Brings the index up to date with pairs added at the end. `indexed` 0 means: all anew. */
static void catch_up(const struct node *map)
{
    struct node_index *ix = map->map.index;

    if (!ix->indexed || map->map.len * 2 >= ix->slot_count || ix->indexed > map->map.len) {
        size_t want = ix->slot_count ? ix->slot_count : 4 * SMALL_MAP;

        while (want <= map->map.len * 2)
            want *= 2;
        if (want > ix->slot_count) {
            ix->slots = arena_calloc(ix->arena, want, sizeof *ix->slots);
            ix->slot_count = want;
        } else {
            memset(ix->slots, 0, ix->slot_count * sizeof *ix->slots);
        }
        ix->indexed = 0;
    }
    while (ix->indexed < map->map.len)
        enter(ix, map->map.pairs, ix->indexed++);
}

static struct node_pair *find_indexed(const struct node *map, const char *key)
{
    struct node_index *ix = map->map.index;
    uint64_t hash = map_hash(key, strlen(key));
    size_t mask, slot;

    if (ix->indexed != map->map.len)
        catch_up(map);
    mask = ix->slot_count - 1;
    for (slot = (size_t)hash & mask; ix->slots[slot].at; slot = (slot + 1) & mask) {
        struct node_pair *p = &map->map.pairs[ix->slots[slot].at - 1];

        if (ix->slots[slot].hash == (uint32_t)(hash >> 32) && strcmp(p->key, key) == 0)
            return p;
    }
    return NULL;
}

struct node_pair *node_pair_get(const struct node *map, const char *key)
{
    if (!node_is(map, NODE_MAP))
        return NULL;
    if (map->map.len > SMALL_MAP && map->map.index)
        return find_indexed(map, key);
    for (size_t i = 0; i < map->map.len; i++) {
        struct node_pair *p = &map->map.pairs[i];

        if (p->key[0] == key[0] && strcmp(p->key, key) == 0)
            return p;
    }
    return NULL;
}

struct node *node_get(const struct node *map, const char *key)
{
    const struct node_pair *p = node_pair_get(map, key);

    return p ? p->value : NULL;
}

void node_push(struct arena *a, struct node *map, const char *key, struct loc key_loc,
               struct node *value)
{
    size_t cap = map->map.cap;

    map->map.pairs = arena_grow(a, map->map.pairs, map->map.len, &cap, (size_t)map->map.len + 1,
                                sizeof *map->map.pairs);
    map->map.cap = (uint32_t)cap;
    map->map.pairs[map->map.len++] = (struct node_pair){.key = key, .loc = key_loc, .value = value};
    if (map->map.len > SMALL_MAP && !map->map.index) {
        map->map.index = arena_alloc(a, sizeof *map->map.index);
        map->map.index->arena = a;
    }
}

void node_set(struct arena *a, struct node *map, const char *key, struct loc key_loc,
              struct node *value)
{
    struct node_pair *p = node_pair_get(map, key);

    if (p) {
        p->loc = key_loc;
        p->value = value;
        return;
    }
    node_push(a, map, arena_strdup(a, key), key_loc, value);
}

void node_touch(struct node *map)
{
    if (map->map.index)
        map->map.index->indexed = 0;
}

bool node_remove(struct node *map, const char *key)
{
    struct node_pair *p = node_pair_get(map, key);
    size_t at;

    if (!p)
        return false;
    at = (size_t)(p - map->map.pairs);
    memmove(p, p + 1, (map->map.len - at - 1) * sizeof *p);
    map->map.len--;
    node_touch(map);
    return true;
}

struct node *node_path(const struct node *map, const char *dotted)
{
    AUTO_TEXT key = {0};

    for (;;) {
        size_t len = strcspn(dotted, ".");
        struct node *value;

        str_clear(&key);
        str_addn(&key, dotted, len);
        value = node_get(map, str_text(&key));
        if (!dotted[len] || !value)
            return value;
        map = value;
        dotted += len + 1;
    }
}

void node_add(struct arena *a, struct node *list, struct node *item)
{
    size_t cap = list->list.cap;

    list->list.items = arena_grow(a, list->list.items, list->list.len, &cap,
                                  (size_t)list->list.len + 1, sizeof *list->list.items);
    list->list.cap = (uint32_t)cap;
    list->list.items[list->list.len++] = item;
}

bool is_behind_option(const struct node *list, const char *value)
{
    const struct node *last = list->list.len ? list->list.items[list->list.len - 1] : NULL;

    return last && node_text(last) && is_option_with_secret(node_text(last), value);
}

const char *node_text(const struct node *n)
{
    return node_is(n, NODE_STRING) ? n->string.text : NULL;
}

const char *node_kind_name(const struct node *n)
{
    switch (n ? n->kind : NODE_NULL) {
    case NODE_NULL:
        return "null";
    case NODE_BOOL:
        return "boolean";
    case NODE_INT:
    case NODE_UINT:
        return "integer";
    case NODE_FLOAT:
        return "number";
    case NODE_TIME:
        return "timestamp";
    case NODE_STRING:
        return "string";
    case NODE_LIST:
        return "list";
    case NODE_MAP:
        return "mapping";
    }
    return "value";
}

void node_scalar_text(const struct node *n, struct str *out)
{
    switch (n ? n->kind : NODE_NULL) {
    case NODE_BOOL:
        str_add(out, n->boolean ? "true" : "false");
        break;
    case NODE_INT:
        str_addf(out, "%" PRId64, n->integer);
        break;
    case NODE_UINT:
        str_addf(out, "%" PRIu64, n->uinteger);
        break;
    case NODE_FLOAT:
        float_format(n->real, 64, 'v', out);
        break;
    case NODE_STRING:
    case NODE_TIME:
        str_addn(out, n->string.text, n->string.len);
        break;
    case NODE_NULL:
    case NODE_LIST:
    case NODE_MAP:
        break;
    }
}

static bool lists_equal(const struct node *a, const struct node *b)
{
    for (size_t i = 0; i < a->list.len; i++)
        if (!node_equal(a->list.items[i], b->list.items[i]))
            return false;
    return true;
}

/* The order of keys means nothing. */
static bool maps_equal(const struct node *a, const struct node *b)
{
    for (size_t i = 0; i < a->map.len; i++) {
        const struct node_pair *other = node_pair_get(b, a->map.pairs[i].key);

        if (!other || !node_equal(a->map.pairs[i].value, other->value))
            return false;
    }
    return true;
}

bool node_equal(const struct node *a, const struct node *b)
{
    if (a == b)
        return true;
    if (!a || !b || a->kind != b->kind || node_len(a) != node_len(b))
        return false;
    switch (a->kind) {
    case NODE_NULL:
        return true;
    case NODE_BOOL:
        return a->boolean == b->boolean;
    case NODE_INT:
        return a->integer == b->integer;
    case NODE_UINT:
        return a->uinteger == b->uinteger;
    case NODE_FLOAT:
        return a->real == b->real || (isnan(a->real) && isnan(b->real)); /* written the same */
    case NODE_TIME:
    case NODE_STRING:
        return a->string.len == b->string.len &&
               memcmp(a->string.text, b->string.text, a->string.len) == 0;
    case NODE_LIST:
        return lists_equal(a, b);
    case NODE_MAP:
        return maps_equal(a, b);
    }
    return false;
}

size_t node_len(const struct node *n)
{
    if (node_is(n, NODE_LIST))
        return n->list.len;
    return node_is(n, NODE_MAP) ? n->map.len : 0;
}
