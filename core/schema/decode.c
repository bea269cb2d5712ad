/* core/schema/decode.c: from the canonical tree to the structs of the model, by the rows.
 *
 * Every kind has one function, here or in decode_scalar.c; a struct is its rows. */
#include "core/schema/passes.h"

#include "core/base/arena.h"
#include "core/base/diags.h"
#include "core/base/str.h"
#include "core/model/model.h"
#include "core/schema/decode.h"
#include "core/schema/member.h"
#include "core/schema/report.h"
#include "core/yaml/node.h"

#include <assert.h>
#include <string.h>

/* ---- lists and maps of text ---- */

static const char *text_of(const struct place *p, const struct node *n)
{
    AUTO_TEXT text = {0};

    if (n->kind == NODE_STRING)
        return n->string.text;
    node_scalar_text(n, &text);
    return arena_strdup(p->cx->arena, str_text(&text));
}

/* Items of a list that must be text. */
static int decode_items(const struct place *p, const struct node *n, const char ***ret,
                        size_t *ret_len)
{
    const char **items;
    int rc = 0;

    if (n->kind != NODE_LIST)
        return decode_unexpected(p, n, "[]string");
    items = arena_calloc(p->cx->arena, n->list.len + 1, sizeof *items);
    for (size_t i = 0; i < n->list.len; i++) {
        const struct attr_path at = {.up = p->at, .index = i};
        const struct place item = {.cx = p->cx, .row = p->row, .at = &at};

        items[i] = ""; /* a null item is an empty one */
        if (n->list.items[i]->kind != NODE_NULL)
            rc |= decode_string(&item, n->list.items[i], &items[i]);
    }
    *ret = items;
    *ret_len = n->list.len;
    return rc;
}

static int decode_strings(const struct place *p, const struct node *n, void *ret)
{
    struct strings *list = ret;

    return decode_items(p, n, &list->items, &list->len);
}

static int decode_command(const struct place *p, const struct node *n, void *ret)
{
    struct argv *command = ret;

    command->set = true;
    return decode_items(p, n, &command->items, &command->len);
}

static int by_text(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static int decode_hosts(const struct place *p, const struct node *n, void *ret)
{
    struct strings *hosts = ret;
    int rc = decode_strings(p, n, ret);

    if (hosts->len > 1)
        qsort(hosts->items, hosts->len, sizeof *hosts->items, by_text);
    return rc;
}

static int by_mapping_key(const void *a, const void *b)
{
    const struct mapping_entry *x = a, *y = b;

    return strcmp(x->key, y->key);
}

static int decode_mapping(const struct place *p, const struct node *n, void *ret)
{
    struct mapping *m = ret;
    int rc = 0;

    if (n->kind != NODE_MAP)
        return decode_unexpected(p, n, "map[string]string");
    m->entries = arena_calloc(p->cx->arena, n->map.len + 1, sizeof *m->entries);
    m->len = n->map.len;
    for (size_t i = 0; i < n->map.len; i++) {
        const struct node *v = n->map.pairs[i].value;
        const struct attr_path at = {.up = p->at, .key = n->map.pairs[i].key};
        const struct place entry = {.cx = p->cx, .row = p->row, .at = &at};

        m->entries[i].key = n->map.pairs[i].key;
        if (v->kind == NODE_LIST || v->kind == NODE_MAP)
            rc |= decode_unexpected(&entry, v, "string");
        else if (v->kind != NODE_NULL)
            m->entries[i].value = text_of(p, v);
        else if (!(p->row->flags & ATTR_NULL_VALUES))
            m->entries[i].value = "";
    }
    if (m->len > 1)
        qsort(m->entries, m->len, sizeof *m->entries, by_mapping_key);
    return rc;
}

/* ---- objects ---- */

static void set_list(void *member, const struct any_list *list)
{
    memcpy(member, list, sizeof *list);
}

static struct item *new_item(const struct place *p, size_t size, const char *key,
                             const struct node *n)
{
    struct item *item = arena_alloc(p->cx->arena, size);

    item->key = key;
    item->node = n;
    item->null = n->kind == NODE_NULL;
    return item;
}

static int decode_object(const struct place *p, const struct node *n, void *ret)
{
    void *object = new_item(p, p->row->sub->size, NULL, n);

    memcpy(ret, &object, sizeof object);
    return schema_decode(p->cx, p->row->sub, p->at, n, object);
}

static int decode_objects(const struct place *p, const struct node *n, void *ret)
{
    struct any_list list = {0};
    int rc = 0;

    if (n->kind != NODE_LIST)
        return decode_unexpected(p, n, "[]interface {}");
    list.items = arena_calloc(p->cx->arena, n->list.len + 1, sizeof *list.items);
    list.len = n->list.len;
    for (size_t i = 0; i < list.len; i++) {
        const struct attr_path at = {.up = p->at, .index = i};
        const struct node *item = n->list.items[i];

        list.items[i] = new_item(p, p->row->sub->size, NULL, item);
        rc |= schema_decode(p->cx, p->row->sub, &at, item, list.items[i]);
    }
    set_list(ret, &list);
    return rc;
}

static int by_item_key(const void *a, const void *b)
{
    const struct item *const *x = a, *const *y = b;

    return strcmp((*x)->key, (*y)->key);
}

/* One struct per pair, sorted by key; `one` fills it. */
static int decode_pairs(const struct place *p, const struct node *n, size_t size, decode_fn *one,
                        void *ret)
{
    struct any_list list = {0};
    int rc = 0;

    if (n->kind != NODE_MAP)
        return decode_unexpected(p, n, "map[string]interface {}");
    list.items = arena_calloc(p->cx->arena, n->map.len + 1, sizeof *list.items);
    for (size_t i = 0; i < n->map.len; i++) {
        const struct node_pair *pair = &n->map.pairs[i];
        const struct attr_path at = {.up = p->at, .key = pair->key};
        const struct place item = {.cx = p->cx, .row = p->row, .at = &at};

        if (arena_is_over(p->cx->arena)) {
            rc = schema_too_large(p->cx, p->at, pair->loc);
            break;
        }
        list.items[list.len] = new_item(p, size, pair->key, pair->value);
        rc |= one(&item, pair->value, list.items[list.len++]);
    }
    if (list.len > 1)
        qsort(list.items, list.len, sizeof *list.items, by_item_key);
    set_list(ret, &list);
    return rc;
}

static int decode_map_item(const struct place *p, const struct node *n, void *ret)
{
    return schema_decode(p->cx, p->row->sub, p->at, n, ret);
}

static int decode_map(const struct place *p, const struct node *n, void *ret)
{
    return decode_pairs(p, n, p->row->sub->size, decode_map_item, ret);
}

static int decode_ulimit(const struct place *p, const struct node *n, void *ret)
{
    struct ulimit *u = ret;

    if (n->kind == NODE_MAP)
        return schema_decode(p->cx, p->row->sub, p->at, n, u);
    u->single = true;
    if (decode_limit(p, n, &u->soft) < 0)
        return -1;
    u->hard = u->soft;
    return 0;
}

static int decode_ulimits(const struct place *p, const struct node *n, void *ret)
{
    return decode_pairs(p, n, sizeof(struct ulimit), decode_ulimit, ret);
}

static int decode_option(const struct place *p, const struct node *n, void *ret)
{
    struct option_list *o = ret;
    size_t len = n->kind == NODE_LIST ? n->list.len : 1;

    o->values.items = arena_calloc(p->cx->arena, len + 1, sizeof *o->values.items);
    for (size_t i = 0; i < len; i++) {
        const struct node *v = n->kind == NODE_LIST ? n->list.items[i] : n;

        if (v->kind == NODE_LIST || v->kind == NODE_MAP)
            return decode_unexpected(p, v, "string");
        o->values.items[i] = text_of(p, v);
    }
    o->values.len = len;
    return 0;
}

/* An option whose list is empty is no option. */
static int decode_options(const struct place *p, const struct node *n, void *ret)
{
    int rc = decode_pairs(p, n, sizeof(struct option_list), decode_option, ret);
    struct any_list list = member_list(ret);
    size_t kept = 0;

    for (size_t i = 0; i < list.len; i++) {
        const struct option_list *o = list.items[i];

        if (o->values.len > 0)
            list.items[kept++] = list.items[i];
    }
    list.len = kept;
    set_list(ret, &list);
    return rc;
}

/* ---- the loop ---- */

static decode_fn *const by_kind[] = {
    [K_STRING] = decode_string,
    [K_BOOL] = decode_bool,
    [K_OPT_BOOL] = decode_opt_bool,
    [K_INT] = decode_int,
    [K_OPT_INT] = decode_opt_int,
    [K_FLOAT] = decode_float,
    [K_BYTES] = decode_bytes,
    [K_DURATION] = decode_duration,
    [K_OPT_DURATION] = decode_opt_duration,
    [K_MODE] = decode_mode,
    [K_STRINGS] = decode_strings,
    [K_COMMAND] = decode_command,
    [K_MAPPING] = decode_mapping,
    [K_HOSTS] = decode_hosts,
    [K_OBJECT] = decode_object,
    [K_OBJECTS] = decode_objects,
    [K_MAP] = decode_map,
    [K_ULIMITS] = decode_ulimits,
    [K_OPTIONS] = decode_options,
};

int schema_decode(struct schema_ctx *cx, const struct attr_table *t, const struct attr_path *at,
                  const struct node *n, void *ret)
{
    struct item *item = ret; /* the first member of every struct of the model */
    const struct place here = {.cx = cx, .at = at};
    int rc = 0;

    item->node = n;
    item->null = n->kind == NODE_NULL;
    if (item->null)
        return 0;
    if (n->kind != NODE_MAP)
        return decode_unexpected(&here, n, "map[string]interface {}");
    for (size_t i = 0; i < n->map.len; i++) {
        const struct node_pair *pair = &n->map.pairs[i];
        const struct attr *row = attr_find(t, pair->key);
        const struct attr_path down = {.up = at, .key = pair->key};
        const struct place p = {.cx = cx, .row = row, .at = &down};

        if (!row || row->kind == K_NONE || pair->value->kind == NODE_NULL)
            continue; /* x-*, or unknown in an open table */
        assert((size_t)row->kind < ARRAY_LEN(by_kind) && by_kind[row->kind]);
        rc |= by_kind[row->kind](&p, pair->value, member_at(ret, row));
    }
    return rc;
}
