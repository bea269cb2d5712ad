/* core/plan/fields.c: two canonical configurations, compared field by field. */
#include "core/plan/cause.h"

#include "core/base/arena.h"
#include "core/base/attr.h" /* ARRAY_LEN */
#include "core/base/err.h"
#include "core/base/secret.h"
#include "core/base/str.h"
#include "core/base/text.h"
#include "core/json/json.h"
#include "core/render/canonical.h"
#include "core/schema/attr.h"
#include "core/yaml/node.h"

#include <string.h>

enum { SHOWN_MAX = 120 }; /* bytes of a value that a cause shows */

struct comparison {
    struct arena *arena;
    struct causes *ret;
};

/* One place in both. */
struct field {
    const struct attr *row;         /* of the value; NULL: the user's own key, or a list item */
    const struct attr_table *table; /* of what is in it, when that is an object; NULL: own keys */
    const char *path;
    const struct node *node; /* where it stands now; NULL: nowhere */
    struct loc loc;          /* of the node, else of the nearest thing around it */
};

static void compare(struct comparison *c, const struct field *f, const struct json *was,
                    const struct json *now);

/* ---- values as they are shown ---- */

enum { ID_LEN = 64, SHORT_ID_LEN = 12 };

static void show(const struct json *j, struct str *out);

static void show_children(const struct json *j, const char *brackets, struct str *out)
{
    const struct json *last = NULL;

    str_addc(out, brackets[0]);
    for (const struct json *child = json_first(j); child; child = json_next(child)) {
        str_add(out, last ? ", " : "");
        if (json_is_object(j))
            str_addf(out, "%s: ", json_name(child));
        if (json_is_array(j) && is_option_with_secret(json_text(last, ""), json_text(child, "")))
            str_add(out, "'" SECRET_MASK "'");
        else
            show(child, out);
        last = child;
    }
    str_addc(out, brackets[1]);
}

/* What `service:db` became when it was made: the id of a container, of which twelve digits say as
 * much. */
static void show_text(const char *text, struct str *out)
{
    size_t kind = str_has_prefix(text, "container:") ? strlen("container:") : 0;

    if (!kind || strspn(text + kind, "0123456789abcdef") != ID_LEN) {
        canonical_shown(text, out);
        return;
    }
    str_addn(out, text, kind + SHORT_ID_LEN);
    str_add(out, text + kind + ID_LEN);
}

static void show(const struct json *j, struct str *out)
{
    if (json_is_object(j)) {
        show_children(j, "{}", out);
    } else if (json_is_array(j)) {
        show_children(j, "[]", out);
    } else if (json_text(j, NULL)) {
        str_addc(out, '\'');
        show_text(json_text(j, ""), out);
        str_addc(out, '\'');
    } else {
        json_print(j, out);
    }
}

static const char *shown(struct comparison *c, const struct json *j)
{
    AUTO_TEXT text = {0};

    if (json_is_null(j))
        return "nothing";
    show(j, &text);
    if (text.len > SHOWN_MAX) {
        size_t len = SHOWN_MAX;

        while (len && ((unsigned char)text.data[len] & 0xc0) == 0x80)
            len--;
        str_cut(&text, len);
        str_add(&text, "...");
    }
    for (size_t i = 0; i < text.len; i++) /* a cause is one line */
        if ((unsigned char)text.data[i] < ' ')
            text.data[i] = ' ';
    return arena_strdup(c->arena, str_text(&text));
}

static const char *after_colon(struct comparison *c, const struct json *j)
{
    return json_is_null(j) ? "" : arena_printf(c->arena, ": %s", shown(c, j));
}

/* ---- going down ---- */

static struct loc loc_around(const struct field *f, const struct node *n)
{
    return n && n->loc.line ? n->loc : f->loc;
}

/* What env_file brought in stands nowhere below `environment`. */
static const struct node *other_source(const struct node *object, const char *key)
{
    if (str_eq(key, "environment"))
        return node_get(object, "env_file");
    return str_eq(key, "labels") ? node_get(object, "label_file") : NULL;
}

/* By the key the canonical configuration has for it. */
static const struct attr *row_of(const struct attr_table *t, const char *key)
{
    for (size_t i = 0; t && i < t->count; i++)
        if (str_eq(t->attrs[i].json_name, key))
            return &t->attrs[i];
    return t ? attr_find(t, key) : NULL;
}

static struct field under_key(struct comparison *c, const struct field *f, const char *key)
{
    struct field ret = {.row = row_of(f->table, key)};

    key = ret.row ? ret.row->name : key;
    ret.node = node_get(f->node, key);
    ret.path =
        *f->path ? arena_printf(c->arena, "%s.%s", f->path, key) : arena_strdup(c->arena, key);
    ret.loc = loc_around(f, ret.node);
    if (f->table && node_len(other_source(f->node, key)))
        ret.loc = loc_around(f, other_source(f->node, key));
    if (ret.row && ret.row->kind == K_OBJECT)
        ret.table = ret.row->sub;
    else if (!f->table && f->row) /* one of the user's own keys */
        ret.table = f->row->sub;
    return ret;
}

/* What tells one item of a list from the others. */
static const char *const identity[] = {"target", "source", "path", "Path", "driver", "subnet"};

static bool same_text(const struct node *n, const struct json *j)
{
    AUTO_TEXT one = {0};
    AUTO_TEXT other = {0};

    node_scalar_text(n, &one);
    if (json_text(j, NULL))
        str_add(&other, json_text(j, ""));
    else
        json_print(j, &other);
    return str_eq(str_text(&one), str_text(&other));
}

/* Does the item `n` of the file stand for `j`? */
static bool stands_for(const struct node *n, const struct json *j)
{
    if (!json_is_object(j))
        return same_text(n, j);
    for (size_t i = 0; i < ARRAY_LEN(identity); i++) {
        const struct node *x = node_get(n, identity[i]);
        const struct json *y = json_key(j, identity[i]);

        if (x && y)
            return same_text(x, y);
    }
    return true;
}

/* Where `j`, the item of this index, stands in the file: what the engine tells has an order of its
 * own. list.len: nowhere, or spelled in another way. */
static size_t place_of(const struct node *list, const struct json *j, size_t index)
{
    if (index < list->list.len && stands_for(list->list.items[index], j))
        return index;
    for (size_t i = 0; i < list->list.len; i++)
        if (stands_for(list->list.items[i], j))
            return i;
    return list->list.len;
}

/* now: the item, when it is there now. */
static struct field under_index(struct comparison *c, const struct field *f, size_t index,
                                const struct json *now)
{
    struct field ret = {.table = f->row ? f->row->sub : NULL};

    if (now && node_is(f->node, NODE_LIST)) {
        size_t at = place_of(f->node, now, index);

        if (at < f->node->list.len) {
            ret.node = f->node->list.items[at];
            index = at;
        }
    }
    ret.path = arena_printf(c->arena, "%s[%zu]", f->path, index);
    ret.loc = loc_around(f, ret.node);
    return ret;
}

/* ---- lists ---- */

static bool same_json(const struct json *a, const struct json *b)
{
    AUTO_TEXT x = {0};
    AUTO_TEXT y = {0};

    json_print(a, &x);
    json_print(b, &y);
    return str_eq(str_text(&x), str_text(&y));
}

/* Two items that are the same thing, with other settings. */
static bool same_thing(const struct json *a, const struct json *b)
{
    if (!json_is_object(a) || !json_is_object(b))
        return false;
    for (size_t i = 0; i < ARRAY_LEN(identity); i++) {
        const struct json *x = json_key(a, identity[i]), *y = json_key(b, identity[i]);

        if (x || y)
            return x && y && same_json(x, y);
    }
    return false;
}

/* Hooks and the like, which nothing but their place tells from each other. */
static bool both_nameless(const struct json *a, const struct json *b)
{
    if (!json_is_object(a) || !json_is_object(b))
        return false;
    for (size_t i = 0; i < ARRAY_LEN(identity); i++)
        if (json_key(a, identity[i]) || json_key(b, identity[i]))
            return false;
    return true;
}

struct list_items {
    const struct json **items;
    bool *paired;
    size_t len;
};

static struct list_items items_of(struct comparison *c, const struct json *list)
{
    struct list_items ret = {
        .items = arena_calloc(c->arena, json_len(list) + 1, sizeof(struct json *)),
        .paired = arena_calloc(c->arena, json_len(list) + 1, sizeof(bool)),
    };

    for (const struct json *j = json_first(list); j; j = json_next(j))
        ret.items[ret.len++] = j;
    return ret;
}

static size_t find_unpaired(const struct list_items *list, const struct json *like,
                            bool (*matches)(const struct json *, const struct json *))
{
    for (size_t i = 0; i < list->len; i++)
        if (!list->paired[i] && matches(list->items[i], like))
            return i;
    return list->len;
}

/* Items that moved are no difference worth telling, unless nothing else is one. */
static void compare_lists(struct comparison *c, const struct field *f, const struct json *was,
                          const struct json *now)
{
    struct list_items old = items_of(c, was), new = items_of(c, now);
    const size_t before = c->ret->len;

    for (size_t i = 0; i < new.len; i++) {
        size_t j = find_unpaired(&old, new.items[i], same_json);

        if (j < old.len)
            old.paired[j] = new.paired[i] = true;
    }
    for (size_t i = 0; i < new.len; i++) {
        struct field item = under_index(c, f, i, new.items[i]);
        size_t j;

        if (new.paired[i])
            continue;
        j = find_unpaired(&old, new.items[i], same_thing);
        if (j == old.len && i < old.len && !old.paired[i] &&
            both_nameless(old.items[i], new.items[i]))
            j = i;
        if (j < old.len) {
            old.paired[j] = true;
            compare(c, &item, old.items[j], new.items[i]);
        } else {
            cause_add(c->arena, c->ret, item.loc, "%s added: %s", item.path,
                      shown(c, new.items[i]));
        }
    }
    for (size_t i = 0; i < old.len; i++) {
        struct field item = under_index(c, f, i, NULL);

        if (!old.paired[i])
            cause_add(c->arena, c->ret, item.loc, "%s removed: %s", item.path,
                      shown(c, old.items[i]));
    }
    if (c->ret->len == before)
        cause_add(c->arena, c->ret, f->loc, "%s: the order changed", f->path);
}

/* Its items mean something together only. */
static bool is_one_value(const struct attr *row)
{
    return row && (row->kind == K_COMMAND || row->merge == MERGE_REPLACE);
}

/* ---- values ---- */

static void compare_objects(struct comparison *c, const struct field *f, const struct json *was,
                            const struct json *now)
{
    for (const struct json *j = json_first(now); j; j = json_next(j)) {
        struct field child = under_key(c, f, json_name(j));

        compare(c, &child, json_key(was, json_name(j)), j);
    }
    for (const struct json *j = json_first(was); j; j = json_next(j)) {
        struct field child;

        if (json_key(now, json_name(j)))
            continue;
        child = under_key(c, f, json_name(j));
        compare(c, &child, j, NULL);
    }
}

/* There on one side only, but its items are told of one by one. */
static bool is_taken_apart(const struct field *f, const struct json *was, const struct json *now)
{
    const struct json *one = was ? was : now;

    if ((was && now) || !f->row || is_one_value(f->row))
        return false;
    return json_is_array(one) || (json_is_object(one) && f->row->kind != K_OBJECT);
}

/* A NULL is absent. */
static void compare(struct comparison *c, const struct field *f, const struct json *was,
                    const struct json *now)
{
    if (f->row && f->row->kind == K_COMMAND) { /* written even when there is none */
        was = json_is_null(was) ? NULL : was;
        now = json_is_null(now) ? NULL : now;
    }
    if ((!was && !now) || (was && now && same_json(was, now)))
        return;
    if (json_is_object(was) && json_is_object(now))
        compare_objects(c, f, was, now);
    else if (json_is_array(was) && json_is_array(now) && !is_one_value(f->row))
        compare_lists(c, f, was, now);
    else if (is_taken_apart(f, was, now) && json_is_array(was ? was : now))
        compare_lists(c, f, was, now);
    else if (is_taken_apart(f, was, now))
        compare_objects(c, f, was, now);
    else if (!was)
        cause_add(c->arena, c->ret, f->loc, "%s added%s", f->path, after_colon(c, now));
    else if (!now)
        cause_add(c->arena, c->ret, f->loc, "%s removed%s", f->path, after_colon(c, was));
    else
        cause_add(c->arena, c->ret, f->loc, "%s: %s -> %s", f->path, shown(c, was), shown(c, now));
}

void causes_of_fields(struct arena *a, struct causes *list, const struct attr_table *t,
                      const char *was, const char *now, const struct node *now_at)
{
    struct comparison c = {.arena = a, .ret = list};
    struct field whole = {
        .table = t, .path = "", .node = now_at, .loc = now_at ? now_at->loc : loc_none()};
    AUTO_JSON old = json_parse(was, strlen(was), NULL);
    AUTO_JSON new = json_parse(now, strlen(now), NULL);

    if (json_is_object(old) && json_is_object(new))
        compare_objects(&c, &whole, old, new);
}
