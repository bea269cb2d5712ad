#include "core/yaml/parse.h"

#include "core/base/arena.h"
#include "core/base/diags.h"
#include "core/base/str.h"
#include "core/yaml/builder.h"
#include "core/yaml/origin.h"
#include "core/yaml/resolve.h"

#include <string.h>

#define MERGE_TAG "tag:yaml.org,2002:merge"

enum {
    MAX_DEPTH = 200, /* of collections in each other */
    MAX_DIRECTIVES = 1000,
    MAX_ALIASED = 1000000, /* nodes made by aliases, in one file */
    TEXT_COST = 64,        /* so many bytes of text count as a node: copies share texts, but later
                            * stages may not */
};

static struct frame *top(struct builder *b)
{
    return b->stack.len ? &b->stack.items[b->stack.len - 1] : NULL;
}

/* The path of what is inside the first `frames` open collections: "services.a.ports[0]". */
static void path_text(const struct builder *b, size_t frames, struct str *out)
{
    for (size_t i = 0; i < frames; i++) {
        const struct frame *f = &b->stack.items[i];

        if (f->node->kind == NODE_LIST)
            str_addf(out, "[%u]", f->node->list.len);
        else if (f->has_key && !f->is_merge)
            str_addf(out, "%s%s", out->len ? "." : "", f->key ? f->key : "");
    }
}

static struct diag *problem(struct builder *b, struct loc loc, const char *text)
{
    struct diag *g = diags_error(b->diags, loc, NULL, "%s", text);

    diag_compat(g, "yaml: %s", text);
    return g;
}

/* --- keys --- */

static struct anchor *set_anchor(struct builder *b, const yaml_char_t *name, const struct node *n)
{
    struct anchor *a;

    if (!name)
        return NULL;
    a = arena_alloc(b->arena, sizeof *a);
    a->node = n;
    map_set(&b->anchors, (const char *)name, a); /* later aliases see the new one */
    return a;
}

static void check_key_kind(struct builder *b, enum node_kind kind, struct loc loc, const char *text)
{
    AUTO_TEXT path = {0};

    if (kind == NODE_STRING)
        return;
    path_text(b, b->stack.len - 1, &path);
    diag_hint(diags_error(b->diags, loc, NULL, "non-string key %s%s: %s",
                          path.len ? "in " : "at top level", str_text(&path),
                          kind == NODE_NULL ? "<nil>" : text),
              "quote the key");
}

static const char *keep_key(struct builder *b, const char *text, size_t len)
{
    struct known_key *k = &b->keys[0];

    if (len)
        k = &b->keys[(len * 7 + (unsigned char)text[0] * 31 + (unsigned char)text[len / 2] * 5 +
                      (unsigned char)text[len - 1]) %
                     KNOWN_KEYS];
    if (!k->text || k->len != len || memcmp(k->text, text, len) != 0)
        *k = (struct known_key){arena_strndup(b->arena, text, len), len};
    return k->text;
}

static void set_key(struct builder *b, struct loc loc, const char *text, size_t len)
{
    struct frame *f = top(b);

    f->has_key = true;
    f->is_merge = f->dropped = false;
    f->key = keep_key(b, text, len);
    f->key_loc = loc;
    if (memchr(text, '\0', len)) {
        diags_error(b->diags, loc, NULL, "a key cannot contain the character NUL");
        f->dropped = true;
    }
}

/* Of keys within keys ("{{ x }}") the outermost is reported. */
static void bad_key(struct builder *b, struct loc loc, const char *what)
{
    struct frame *f = top(b);

    if (!f->is_key) {
        struct diag *g =
            diags_error(b->diags, loc, NULL, "invalid map key: a %s cannot be a key", what);

        diag_compat(g, "yaml: invalid map key");
        diag_hint(g, "quote it if it is meant as text");
    }
    set_key(b, loc, "", 0);
    f->dropped = true;
}

static bool expects_key(struct builder *b)
{
    const struct frame *f = top(b);

    return f && f->node->kind == NODE_MAP && !f->has_key;
}

/* "<<" as it is, with "!" before it, or whatever has the tag. */
static bool is_merge_key(const yaml_event_t *e)
{
    const char *tag = (const char *)e->data.scalar.tag;

    if (strcmp((const char *)e->data.scalar.value, "<<") != 0)
        return false;
    return tag && strcmp(tag, "!") != 0 ? strcmp(tag, MERGE_TAG) == 0
                                        : e->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
}

/* Keys need no node of their own: this is where most scalars of a file go. */
static void key_scalar(struct builder *b, const yaml_event_t *e)
{
    const char *text = (const char *)e->data.scalar.value;
    size_t len = e->data.scalar.length;
    struct loc loc = mark_loc(b, e->start_mark);

    if (is_merge_key(e)) {
        if (e->data.scalar.anchor)
            set_anchor(b, e->data.scalar.anchor, scalar_node(b, e));
        set_key(b, loc, "<<", 2);
        top(b)->is_merge = true;
        return;
    }
    if (e->data.scalar.tag || e->data.scalar.anchor) {
        const struct node *n = scalar_node(b, e);

        set_anchor(b, e->data.scalar.anchor, n);
        check_key_kind(b, n->kind, loc, text);
        if (n->kind == NODE_STRING) { /* !!binary is decoded */
            text = n->string.text;
            len = n->string.len;
        }
    } else if (e->data.scalar.style == YAML_PLAIN_SCALAR_STYLE) {
        struct scalar s = scalar_resolve(text, len);

        check_key_kind(b, s.kind, loc, text);
        set_key(b, loc, text, len);
        return;
    }
    set_key(b, loc, text, len);
}

static void key_alias(struct builder *b, const yaml_event_t *e, const struct node *n)
{
    struct loc loc = mark_loc(b, e->start_mark);
    AUTO_TEXT text = {0};

    if (n->kind == NODE_LIST || n->kind == NODE_MAP) {
        bad_key(b, loc, node_kind_name(n));
        return;
    }
    node_scalar_text(n, &text);
    check_key_kind(b, n->kind, loc, str_text(&text));
    set_key(b, loc, str_text(&text), text.len);
}

/* --- merge keys --- */

/* The value of << is a copy of our own, so its pairs can be moved. */
static void merge_map(struct builder *b, struct node *into, const struct node *from)
{
    for (size_t i = 0; i < from->map.len; i++) {
        const struct node_pair *p = &from->map.pairs[i];

        if (!node_pair_get(into, p->key))
            node_push(b->arena, into, p->key, p->loc, p->value);
    }
}

static void apply_merge(struct builder *b, struct frame *f)
{
    struct node *from = f->merge;
    bool good = node_is(from, NODE_MAP) || node_is(from, NODE_LIST);

    for (size_t i = 0; good && from->kind == NODE_LIST && i < from->list.len; i++)
        good = node_is(from->list.items[i], NODE_MAP);
    if (!good) {
        problem(b, from->loc, "map merge requires map or sequence of maps as the value");
        return;
    }
    if (from->kind == NODE_MAP)
        merge_map(b, f->node, from);
    else
        for (size_t i = 0; i < from->list.len; i++)
            merge_map(b, f->node, from->list.items[i]);
}

/* --- values --- */

static void duplicate_key(struct builder *b, const struct frame *f, struct loc first)
{
    AUTO_TEXT path = {0};
    struct diag *g;

    path_text(b, b->stack.len - 1, &path);
    g = diags_error(b->diags, f->key_loc, path.len ? str_text(&path) : NULL,
                    "mapping key \"%s\" already defined at line %u", f->key, first.line);
    diag_compat(g, "line %u: mapping key \"%s\" already defined at line %u", f->key_loc.line,
                f->key, first.line);
}

static void set_value(struct builder *b, struct frame *f, struct node *n)
{
    const struct node_pair *first;

    if (f->dropped) {
        /* reported already */
    } else if (f->is_merge) {
        if (f->merge)
            duplicate_key(b, f, f->merge_loc);
        f->merge = n;
        f->merge_loc = f->key_loc;
    } else if ((first = node_pair_get(f->node, f->key))) {
        duplicate_key(b, f, first->loc);
    } else {
        node_push(b->arena, f->node, f->key, f->key_loc, n);
    }
    f->has_key = false;
}

/* What an alias brings may be secret already. */
static bool is_secret_item(const struct node *list, const struct node *n)
{
    AUTO_TEXT text = {0};

    if (n->secret || node_text(n))
        return n->secret || is_behind_option(list, node_text(n));
    if (n->kind == NODE_LIST || n->kind == NODE_MAP || n->kind == NODE_NULL)
        return false;
    node_scalar_text(n, &text);
    return is_behind_option(list, str_text(&text));
}

static void add_item(struct builder *b, struct node *list, struct node *n)
{
    n->secret = is_secret_item(list, n);
    node_add(b->arena, list, n);
}

static void add_value(struct builder *b, struct node *n)
{
    struct frame *f = top(b);

    if (!f)
        b->root = n;
    else if (f->node->kind == NODE_LIST)
        add_item(b, f->node, n);
    else
        set_value(b, f, n);
}

/* --- aliases --- */

static bool spend(struct builder *b, size_t cost)
{
    if (cost > b->budget)
        return false;
    b->budget -= cost;
    return true;
}

/* A deep copy within budget and depth; NULL when there is no end to it. */
static struct node *expand(struct builder *b, struct origin_stamp *stamp, const struct node *n,
                           size_t depth)
{
    struct node *copy;

    if (!spend(b, 1 + (n->kind == NODE_STRING ? n->string.len / TEXT_COST : 0)) ||
        depth > MAX_DEPTH || arena_is_over(b->arena))
        return NULL;
    copy = node_new(b->arena, n->kind, n->loc);
    *copy = *n;
    origin_mark(stamp, copy);
    if (n->kind == NODE_LIST) {
        copy->list.items = arena_calloc(b->arena, n->list.len, sizeof *copy->list.items);
        copy->list.cap = n->list.len;
        copy->list.len = 0;
        for (size_t i = 0; i < n->list.len; i++) {
            struct node *item = expand(b, stamp, n->list.items[i], depth + 1);

            if (!item)
                return NULL;
            node_add(b->arena, copy, item);
        }
    } else if (n->kind == NODE_MAP) {
        copy->map.pairs = arena_calloc(b->arena, n->map.len, sizeof *copy->map.pairs);
        copy->map.cap = n->map.len;
        copy->map.index = NULL;
        copy->map.len = 0;
        for (size_t i = 0; i < n->map.len; i++) {
            const struct node_pair *p = &n->map.pairs[i];
            struct node *value = expand(b, stamp, p->value, depth + 1);

            if (!value)
                return NULL;
            node_push(b->arena, copy, p->key, p->loc, value);
        }
    }
    return copy;
}

static void report_cycle(struct builder *b, struct loc loc, const struct anchor *a)
{
    AUTO_TEXT from = {0}, to = {0};

    path_text(b, b->stack.len, &from);
    path_text(b, a->frame - 1, &to);
    diags_error(b->diags, loc, NULL, "cycle detected: node at path %s references node at path %s",
                str_text(&from), str_text(&to));
}

static void report_unknown_anchor(struct builder *b, struct loc loc, const char *name)
{
    struct nearest near = nearest_to(name);
    struct diag *g = diags_error(b->diags, loc, NULL, "unknown anchor '%s' referenced", name);

    diag_compat(g, "yaml: unknown anchor '%s' referenced", name);
    for (size_t i = 0; !g->dropped && i < b->anchors.len; i++)
        if (!nearest_look(&near, b->anchors.entries[i].key))
            break;
    if (near.found)
        diag_hint(g, "did you mean '%s'?", near.found);
}

static void too_large(struct builder *b, struct loc loc, const char *name)
{
    AUTO_TEXT what = {0};

    str_addf(&what, "expanding the alias '%s'", name);
    diags_too_large(b->diags, loc, NULL, str_text(&what));
}

static bool is_merging(struct builder *b)
{
    return top(b) && top(b)->has_key && top(b)->is_merge;
}

/* Is this the value of <<, or an item of it? */
static bool is_merged(struct builder *b)
{
    const struct frame *f = top(b);

    if (f && f->node->kind == NODE_LIST && b->stack.len > 1)
        f--;
    return f && f->has_key && f->is_merge;
}

/* The node an alias stands for, or NULL after reporting that the file cannot be used. */
static struct node *resolve_alias(struct builder *b, const yaml_event_t *e)
{
    const char *name = (const char *)e->data.alias.anchor;
    const struct anchor *a = map_get(&b->anchors, name);
    struct loc loc = mark_loc(b, e->start_mark);
    struct origin_stamp stamp = {
        .arena = b->arena,
        .record = {.rule = is_merged(b) ? ORIGIN_MERGE_KEY : ORIGIN_ALIAS, .loc = loc}};
    struct node *copy;

    if (!a || a->frame) {
        if (a)
            report_cycle(b, loc, a);
        else
            report_unknown_anchor(b, loc, name);
        return node_new(b->arena, is_merging(b) ? NODE_MAP : NODE_NULL, loc);
    }
    origin_text(&stamp.record, arena_strdup(b->arena, name));
    copy = expand(b, &stamp, a->node, b->stack.len);
    if (!copy)
        too_large(b, loc, name);
    return copy;
}

/* --- collections --- */

/* How long a collection is shows at its end. Until then it has a room to grow in, which the next
 * one uses again; what stays is just as large as it must be. */
static void enter_room(struct builder *b, struct node *n)
{
    struct room room = {0};

    if (b->rooms.len)
        room = b->rooms.items[--b->rooms.len];
    if (n->kind == NODE_MAP) {
        n->map.pairs = room.memory;
        n->map.cap = (uint32_t)(room.size / sizeof *n->map.pairs);
    } else {
        n->list.items = room.memory;
        n->list.cap = (uint32_t)(room.size / sizeof *n->list.items);
    }
}

/* The memory to keep in place of the room, with what is in it. */
static void *leave_room(struct builder *b, void *memory, size_t cap, size_t len, size_t size)
{
    void *kept = len ? arena_calloc(b->arena, len, size) : NULL;

    if (len)
        memcpy(kept, memory, len * size);
    if (cap) {
        struct room room = {.memory = memory, .size = cap * size};

        vec_push(&b->rooms, room);
    }
    return kept;
}

static void settle(struct builder *b, struct node *n)
{
    if (n->kind == NODE_MAP) {
        n->map.pairs = leave_room(b, n->map.pairs, n->map.cap, n->map.len, sizeof *n->map.pairs);
        n->map.cap = n->map.len;
    } else {
        n->list.items =
            leave_room(b, n->list.items, n->list.cap, n->list.len, sizeof *n->list.items);
        n->list.cap = n->list.len;
    }
}

static int open_collection(struct builder *b, const yaml_event_t *e, enum node_kind kind)
{
    const yaml_char_t *tag =
        kind == NODE_MAP ? e->data.mapping_start.tag : e->data.sequence_start.tag;
    const yaml_char_t *anchor =
        kind == NODE_MAP ? e->data.mapping_start.anchor : e->data.sequence_start.anchor;
    struct node *n = node_new(b->arena, kind, mark_loc(b, e->start_mark));
    struct frame f = {.node = n, .is_key = expects_key(b)};

    if (b->stack.len == MAX_DEPTH) {
        diags_error(b->diags, n->loc, NULL, "nested too deep: more than %d levels", MAX_DEPTH);
        return -1;
    }
    enter_room(b, n);
    n->tag = tag_of(tag);
    f.anchor = set_anchor(b, anchor, n);
    if (f.anchor)
        f.anchor->frame = b->stack.len + 1;
    vec_push(&b->stack, f);
    return 0;
}

static void close_collection(struct builder *b)
{
    struct frame f = *top(b);

    if (f.merge)
        apply_merge(b, &f);
    settle(b, f.node);
    if (f.anchor)
        f.anchor->frame = 0;
    b->stack.len--;
    if (f.is_key)
        bad_key(b, f.node->loc, node_kind_name(f.node));
    else
        add_value(b, f.node);
}

/* --- documents --- */

static void close_document(struct builder *b, struct yaml_docs *ret, size_t *cap)
{
    ret->items = arena_grow(b->arena, ret->items, ret->len, cap, ret->len + 1, sizeof *ret->items);
    ret->items[ret->len++] = b->root;
    b->root = NULL; /* anchors stay: docker compose sees them in later documents */
}

static int alias_event(struct builder *b, const yaml_event_t *e)
{
    struct node *n = resolve_alias(b, e);

    if (!n)
        return -1;
    if (expects_key(b))
        key_alias(b, e, n);
    else
        add_value(b, n);
    return 0;
}

static void scalar_event(struct builder *b, const yaml_event_t *e)
{
    struct node *n;

    if (expects_key(b)) {
        key_scalar(b, e);
        return;
    }
    n = scalar_node(b, e);
    if (e->data.scalar.anchor) { /* an alias may bring it under a key that tells nothing */
        n->secret = is_secret_here(b, (const char *)e->data.scalar.value);
        set_anchor(b, e->data.scalar.anchor, n);
    }
    add_value(b, n);
}

static int event(struct builder *b, const yaml_event_t *e)
{
    switch (e->type) {
    case YAML_SCALAR_EVENT:
        scalar_event(b, e);
        return 0;
    case YAML_ALIAS_EVENT:
        return alias_event(b, e);
    case YAML_MAPPING_START_EVENT:
        return open_collection(b, e, NODE_MAP);
    case YAML_SEQUENCE_START_EVENT:
        return open_collection(b, e, NODE_LIST);
    case YAML_MAPPING_END_EVENT:
    case YAML_SEQUENCE_END_EVENT:
        close_collection(b);
        return 0;
    default:
        return 0;
    }
}

static int read_events(struct builder *b, struct yaml_docs *ret)
{
    size_t cap = 0;

    for (;;) {
        yaml_event_t e;
        yaml_event_type_t type;
        int failed;

        if (!yaml_parser_parse(&b->yaml, &e)) {
            report_syntax(b);
            return -1;
        }
        type = e.type;
        failed = event(b, &e);
        yaml_event_delete(&e);
        if (failed)
            return -1;
        if (type == YAML_DOCUMENT_END_EVENT)
            close_document(b, ret, &cap);
        else if (type == YAML_STREAM_END_EVENT)
            return 0;
    }
}

/* libyaml compares each with all others before it gives us anything. Directives begin their line.
 */
static int check_directives(struct builder *b)
{
    const char *end = b->text + b->len, *at = b->text, *line_start = b->text;
    struct loc loc = {.file = b->file, .line = 1, .col = 1};
    unsigned count = 0;

    while ((at = memmem(at, (size_t)(end - at), "%TAG", 4))) {
        if ((at == b->text || at[-1] == '\n' || at[-1] == '\r') && ++count > MAX_DIRECTIVES) {
            while ((line_start = memchr(line_start, '\n', (size_t)(at - line_start)))) {
                line_start++;
                loc.line++;
            }
            diags_error(b->diags, loc, NULL, "more than %d %%TAG directives", MAX_DIRECTIVES);
            return -1;
        }
        at += 4;
    }
    return 0;
}

int yaml_parse(struct arena *a, struct diags *diags, const char *file, const char *text, size_t len,
               struct yaml_docs *ret)
{
    struct builder b = {.arena = a,
                        .diags = diags,
                        .file = arena_strdup(a, file),
                        .text = text,
                        .len = len,
                        .budget = MAX_ALIASED};
    int failed;

    *ret = (struct yaml_docs){0};
    if (check_directives(&b) < 0)
        return -1;
    if (!yaml_parser_initialize(&b.yaml)) {
        diags_error(diags, loc_file(b.file), NULL, "out of memory");
        return -1;
    }
    yaml_parser_set_input_string(&b.yaml, (const unsigned char *)text, len);
    failed = read_events(&b, ret);
    yaml_parser_delete(&b.yaml);
    vec_done(&b.stack);
    vec_done(&b.rooms);
    map_done(&b.anchors);
    return failed;
}
