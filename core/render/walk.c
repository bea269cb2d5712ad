/* core/render/walk.c: the rows in printing order, each by its kind. */
#include "core/render/walk.h"

#include "core/base/attr.h"
#include "core/base/mem.h"
#include "core/base/str.h"
#include "core/base/text.h"
#include "core/model/model.h"
#include "core/schema/member.h"
#include "core/yaml/node.h"

#include <assert.h>
#include <string.h>

typedef void walk_fn(struct walk *w, const struct attr *row, const void *member);

/* A struct all of whose members are absent: what JSON shows of an object that is not there. */
static const union {
    max_align_t align;
    char bytes[1024];
} nothing;

/* ---- small values ---- */

static void walk_text(struct walk *w, const char *s)
{
    w->ops->string(w->writer, s ? s : "");
}

static void walk_strings(struct walk *w, const char *const *items, size_t len)
{
    w->ops->open(w->writer, '[');
    for (size_t i = 0; i < len; i++)
        walk_text(w, items[i]);
    w->ops->close(w->writer, ']');
}

static void print_string(struct walk *w, const struct attr *row, const void *member)
{
    (void)row;
    walk_text(w, *(const char *const *)member);
}

static void print_bool(struct walk *w, const struct attr *row, const void *member)
{
    (void)row;
    w->ops->boolean(w->writer, *(const bool *)member);
}

static void print_opt_bool(struct walk *w, const struct attr *row, const void *member)
{
    (void)row;
    w->ops->boolean(w->writer, ((const struct opt_bool *)member)->value);
}

static void print_int(struct walk *w, const struct attr *row, const void *member)
{
    (void)row;
    w->ops->integer(w->writer, *(const int64_t *)member);
}

static void print_opt_int(struct walk *w, const struct attr *row, const void *member)
{
    (void)row;
    w->ops->integer(w->writer, ((const struct opt_int *)member)->value);
}

static void print_float(struct walk *w, const struct attr *row, const void *member)
{
    (void)row;
    w->ops->real(w->writer, *(const double *)member, 32);
}

static void print_bytes(struct walk *w, const struct attr *row, const void *member)
{
    AUTO_TEXT text = {0};

    (void)row;
    str_addf(&text, "%lld", (long long)*(const int64_t *)member);
    walk_text(w, str_text(&text));
}

static void walk_duration(struct walk *w, int64_t ns)
{
    AUTO_TEXT text = {0};

    duration_format(ns, &text);
    walk_text(w, str_text(&text));
}

static void print_duration(struct walk *w, const struct attr *row, const void *member)
{
    (void)row;
    walk_duration(w, *(const int64_t *)member);
}

static void print_opt_duration(struct walk *w, const struct attr *row, const void *member)
{
    (void)row;
    walk_duration(w, ((const struct opt_int *)member)->value);
}

static void print_mode(struct walk *w, const struct attr *row, const void *member)
{
    AUTO_TEXT text = {0};

    (void)row;
    mode_format(((const struct opt_int *)member)->value, &text);
    walk_text(w, str_text(&text));
}

static void print_strings(struct walk *w, const struct attr *row, const void *member)
{
    const struct strings *list = member;

    (void)row;
    walk_strings(w, list->items, list->len);
}

static void print_command(struct walk *w, const struct attr *row, const void *member)
{
    const struct argv *command = member;

    (void)row;
    if (command->set)
        walk_strings(w, command->items, command->len);
    else
        w->ops->null(w->writer);
}

/* ---- maps ---- */

static int by_natural_entry(const void *a, const void *b)
{
    const struct mapping_entry *x = a, *y = b;

    return compare_natural(x->key, y->key);
}

static int by_natural_item(const void *a, const void *b)
{
    const struct item *const *x = a, *const *y = b;

    return compare_natural((*x)->key, (*y)->key);
}

/* The list in the order this text wants. The caller frees what it gets. */
static void *in_order(const struct walk *w, const void *items, size_t len, size_t size,
                      int (*compare)(const void *, const void *))
{
    void *copy = mem_calloc(len + 1, size);

    if (len > 0)
        memcpy(copy, items, len * size);
    if (!w->json && len > 1)
        qsort(copy, len, size, compare);
    return copy;
}

static void print_entry_list(struct walk *w, const struct mapping_entry *entries, size_t len)
{
    w->ops->open(w->writer, '[');
    for (size_t i = 0; i < len; i++) {
        AUTO_TEXT text = {0};

        str_add(&text, entries[i].key);
        if (entries[i].value && entries[i].value[0])
            /* docker compose prints text that YAML reads as a map here, and no JSON at all */
            str_addf(&text, "%s%s", w->json ? "=" : ": ", entries[i].value);
        walk_text(w, str_text(&text));
    }
    w->ops->close(w->writer, ']');
}

static void print_mapping(struct walk *w, const struct attr *row, const void *member)
{
    const struct mapping *m = member;
    struct mapping_entry *entries =
        in_order(w, m->entries, m->len, sizeof *m->entries, by_natural_entry);

    if (row->flags & ATTR_AS_LIST) {
        print_entry_list(w, m->entries, m->len);
    } else {
        w->ops->open(w->writer, '{');
        for (size_t i = 0; i < m->len; i++) {
            w->ops->key(w->writer, entries[i].key);
            if (entries[i].value)
                walk_text(w, entries[i].value);
            else
                w->ops->null(w->writer);
        }
        w->ops->close(w->writer, '}');
    }
    free(entries);
}

/* ---- pieces ---- */

static void double_dollars(struct str *out, size_t from)
{
    const char *text = str_text(out) + from;
    size_t len = out->len - from;
    AUTO_TEXT doubled = {0};

    if (len == 0 || !memchr(text, '$', len))
        return;
    while (len > 0) {
        const char *dollar = memchr(text, '$', len);
        size_t n = dollar ? (size_t)(dollar - text) + 1 : len;

        str_addn(&doubled, text, n);
        if (dollar)
            str_addc(&doubled, '$');
        text += n;
        len -= n;
    }
    str_cut(out, from);
    str_addn(out, doubled.data, doubled.len);
}

void walk_piece(struct walk *w)
{
    if (!w->out)
        return;
    double_dollars(w->out, w->doubled);
    if (w->drain)
        w->drain(w->owner, w->out);
    w->doubled = w->out->len;
}

/* ---- items ---- */

/* Items that stand for a mapping, each printed by `one`. */
static void walk_items(struct walk *w, const struct attr *row, const void *member, walk_fn *one)
{
    struct any_list list = member_list(member);
    void **items = in_order(w, list.items, list.len, sizeof *items, by_natural_item);

    w->ops->open(w->writer, '{');
    for (size_t i = 0; i < list.len; i++) {
        const struct item *item = items[i];

        if (row->sub == &service_table && ((const struct service *)items[i])->disabled)
            continue;
        w->ops->key(w->writer, item->key);
        one(w, row, items[i]);
        if (row->sub == &service_table)
            walk_piece(w);
    }
    w->ops->close(w->writer, '}');
    free(items);
}

static void print_item(struct walk *w, const struct attr *row, const void *object)
{
    const struct item *item = object;

    if (item->null)
        w->ops->null(w->writer);
    else
        walk_object(w, row->sub, object);
}

static void print_map(struct walk *w, const struct attr *row, const void *member)
{
    walk_items(w, row, member, print_item);
}

/* Zero is no number here: docker compose prints it as an object, of which JSON leaves out zeros. */
static void print_ulimit(struct walk *w, const struct attr *row, const void *object)
{
    const struct ulimit *u = object;

    (void)row;
    if (u->single && u->soft != 0) {
        w->ops->integer(w->writer, u->soft);
        return;
    }
    w->ops->open(w->writer, '{');
    if (u->soft != 0 || !w->json) {
        w->ops->key(w->writer, "soft");
        w->ops->integer(w->writer, u->soft);
    }
    if (u->hard != 0 || !w->json) {
        w->ops->key(w->writer, "hard");
        w->ops->integer(w->writer, u->hard);
    }
    w->ops->close(w->writer, '}');
}

static void print_ulimits(struct walk *w, const struct attr *row, const void *member)
{
    walk_items(w, row, member, print_ulimit);
}

static void print_option(struct walk *w, const struct attr *row, const void *object)
{
    const struct option_list *o = object;

    (void)row;
    walk_strings(w, o->values.items, o->values.len);
}

static void print_options(struct walk *w, const struct attr *row, const void *member)
{
    walk_items(w, row, member, print_option);
}

/* ---- objects ---- */

static void print_object(struct walk *w, const struct attr *row, const void *member)
{
    const void *object = member_object(member);

    assert(object || row->sub->size <= sizeof nothing);
    walk_object(w, row->sub, object ? object : &nothing);
}

/* An env_file is its path, unless there is more to say. */
static void print_env_file(struct walk *w, const struct env_file *f)
{
    if (f->required) {
        walk_text(w, f->path);
        return;
    }
    w->ops->open(w->writer, '{');
    w->ops->key(w->writer, "path");
    walk_text(w, f->path);
    w->ops->key(w->writer, "required");
    w->ops->boolean(w->writer, false);
    w->ops->close(w->writer, '}');
}

static void print_objects(struct walk *w, const struct attr *row, const void *member)
{
    struct any_list list = member_list(member);
    bool env_files = strcmp(row->name, "env_file") == 0;

    w->ops->open(w->writer, '[');
    for (size_t i = 0; i < list.len; i++) {
        if (env_files)
            print_env_file(w, list.items[i]);
        else
            walk_object(w, row->sub, list.items[i]);
    }
    w->ops->close(w->writer, ']');
}

static walk_fn *const by_kind[] = {
    [K_STRING] = print_string,
    [K_BOOL] = print_bool,
    [K_OPT_BOOL] = print_opt_bool,
    [K_INT] = print_int,
    [K_OPT_INT] = print_opt_int,
    [K_FLOAT] = print_float,
    [K_BYTES] = print_bytes,
    [K_DURATION] = print_duration,
    [K_OPT_DURATION] = print_opt_duration,
    [K_MODE] = print_mode,
    [K_STRINGS] = print_strings,
    [K_COMMAND] = print_command,
    [K_MAPPING] = print_mapping,
    [K_HOSTS] = print_strings,
    [K_OBJECT] = print_object,
    [K_OBJECTS] = print_objects,
    [K_MAP] = print_map,
    [K_ULIMITS] = print_ulimits,
    [K_OPTIONS] = print_options,
};

/* ---- what is omitted ---- */

static bool is_extension(const char *key)
{
    return key[0] == 'x' && key[1] == '-' && key[2] != '#'; /* x-# is ours */
}

static bool has_extensions(const struct node *n)
{
    if (!node_is(n, NODE_MAP))
        return false;
    for (size_t i = 0; i < n->map.len; i++)
        if (is_extension(n->map.pairs[i].key))
            return true;
    return false;
}

static bool is_absent(const struct attr *row, const void *member)
{
    switch (row->kind) {
    case K_NONE:
        return true;
    case K_STRING:
        return str_empty(*(const char *const *)member);
    case K_BOOL:
        return !*(const bool *)member;
    case K_OPT_BOOL:
        return !((const struct opt_bool *)member)->set;
    case K_INT:
    case K_BYTES:
    case K_DURATION:
        return *(const int64_t *)member == 0;
    case K_OPT_INT:
    case K_OPT_DURATION:
    case K_MODE:
        return !((const struct opt_int *)member)->set;
    case K_FLOAT:
        return *(const double *)member == 0;
    case K_STRINGS:
    case K_HOSTS:
        return ((const struct strings *)member)->len == 0;
    case K_COMMAND:
        return !((const struct argv *)member)->set;
    case K_MAPPING:
        return ((const struct mapping *)member)->len == 0;
    case K_OBJECT:
        return !member_object(member);
    case K_OBJECTS:
    case K_MAP:
    case K_ULIMITS:
    case K_OPTIONS:
        return member_list(member).len == 0;
    }
    return true;
}

static bool is_printed(const struct walk *w, const struct attr *row, const void *member);

static bool is_empty_object(const struct walk *w, const struct attr_table *t, const void *object)
{
    const struct item *item = object;

    for (size_t i = 0; i < t->count; i++)
        if (is_printed(w, &t->attrs[i], member_of(object, &t->attrs[i])))
            return false;
    return t->extensions_lost || !has_extensions(item->node);
}

static bool is_printed(const struct walk *w, const struct attr *row, const void *member)
{
    if (row->order == 0)
        return false;
    if (w->use == WALK_HASH) {
        if ((row->flags & ATTR_NO_HASH) && !(w->v5 && (row->flags & ATTR_HASH_V5)))
            return false;
    } else if (row->flags & (w->json ? ATTR_NO_PRINT | ATTR_NO_JSON : ATTR_NO_PRINT)) {
        return false;
    }
    if (row->flags & ATTR_PRINT_ALWAYS)
        return true;
    if (row->flags & ATTR_JSON_ALWAYS) {
        if (w->json)
            return true;
        if (row->kind == K_OBJECT) /* no pointer in docker compose: empty is absent */
            return !is_absent(row, member) && !is_empty_object(w, row->sub, member_object(member));
    }
    return !is_absent(row, member);
}

/* create_host_path: docker compose 2 writes it when true, 5 when it was set to false. */
static bool is_create_host_path(const struct walk *w, const struct attr_table *t,
                                const struct attr *row)
{
    return w->v5 && row->kind == K_BOOL && strcmp(t->name, "bind") == 0 &&
           strcmp(row->name, "create_host_path") == 0;
}

/* ---- the loop ---- */

void walk_attr(struct walk *w, const struct attr *row, const void *object)
{
    const void *member = member_of(object, row);

    if (!is_printed(w, row, member))
        return;
    w->ops->key(w->writer, w->json && row->json_name ? row->json_name : row->name);
    assert((size_t)row->kind < ARRAY_LEN(by_kind) && by_kind[row->kind]);
    by_kind[row->kind](w, row, member);
}

static int by_natural_pair(const void *a, const void *b)
{
    const struct node_pair *const *x = a, *const *y = b;

    return compare_natural((*x)->key, (*y)->key);
}

static int by_pair_bytes(const void *a, const void *b)
{
    const struct node_pair *const *x = a, *const *y = b;

    return strcmp((*x)->key, (*y)->key);
}

void walk_extensions(struct walk *w, const struct node *n)
{
    const struct node_pair **pairs;
    size_t len = 0;

    if (!has_extensions(n))
        return;
    pairs = mem_calloc(n->map.len, sizeof *pairs);
    for (size_t i = 0; i < n->map.len; i++)
        if (is_extension(n->map.pairs[i].key))
            pairs[len++] = &n->map.pairs[i];
    qsort(pairs, len, sizeof *pairs, w->json ? by_pair_bytes : by_natural_pair);
    for (size_t i = 0; i < len; i++) {
        w->ops->key(w->writer, pairs[i]->key);
        w->extension(w->writer, pairs[i]->value);
    }
    free(pairs);
}

static int by_order(const void *a, const void *b)
{
    const struct attr *const *x = a, *const *y = b;

    return (*x)->order < (*y)->order ? -1 : (*x)->order > (*y)->order;
}

/* Rows in printing order. The tables never change, so each is sorted once per run. */
static const struct attr *const *print_order(const struct attr_table *t)
{
    static struct {
        const struct attr_table *table;
        const struct attr **rows;
    } known[128];
    size_t at = ((uintptr_t)t >> 4) % ARRAY_LEN(known);

    while (known[at].table && known[at].table != t)
        at = (at + 1) % ARRAY_LEN(known);
    if (!known[at].table) {
        known[at].table = t;
        known[at].rows = mem_calloc(t->count + 1, sizeof *known[at].rows);
        for (size_t i = 0; i < t->count; i++)
            known[at].rows[i] = &t->attrs[i];
        qsort(known[at].rows, t->count, sizeof *known[at].rows, by_order);
    }
    return known[at].rows;
}

void walk_object(struct walk *w, const struct attr_table *t, const void *object)
{
    const struct attr *const *rows = print_order(t);
    const struct item *item = object;

    w->ops->open(w->writer, '{');
    for (size_t i = 0; i < t->count; i++) {
        if (is_create_host_path(w, t, rows[i])) {
            const struct bind *b = object;

            if (b->create_host_path_given && !b->create_host_path) {
                w->ops->key(w->writer, rows[i]->name);
                w->ops->boolean(w->writer, false);
            }
            continue;
        }
        walk_attr(w, rows[i], object);
    }
    if (w->extension && t->extensions && !t->extensions_lost)
        walk_extensions(w, item->node);
    w->ops->close(w->writer, '}');
}
