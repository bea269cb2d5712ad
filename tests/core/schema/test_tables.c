/* The rows against themselves, and against the JSON schema of the Compose specification where there
 * is a copy of it: named by the variable COMPOSE_SCHEMA, or beside the checkout. */
#include "core/base/map.h"
#include "core/base/str.h"
#include "core/schema/attr.h"
#include "core/schema/types.h"
#include "core/yaml/node.h"
#include "tests/lib/tree.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

typedef void table_fn(const struct attr_table *t, void *owner);

static void each_table(const struct attr_table *t, struct map *seen, table_fn *fn, void *owner)
{
    AUTO_TEXT id = {0};

    str_addf(&id, "%p", (const void *)t);
    if (map_set(seen, str_text(&id), (void *)(uintptr_t)t))
        return;
    fn(t, owner);
    for (size_t i = 0; i < t->count; i++)
        if (t->attrs[i].sub)
            each_table(t->attrs[i].sub, seen, fn, owner);
}

static void all_tables(table_fn *fn, void *owner)
{
    struct map seen = {0};

    each_table(&project_table, &seen, fn, owner);
    assert_true(seen.len > 40);
    map_done(&seen);
}

/* ---- each table by itself ---- */

static void check_sorted(const struct attr_table *t, void *owner)
{
    (void)owner;
    for (size_t i = 1; i < t->count; i++)
        if (strcmp(t->attrs[i - 1].name, t->attrs[i].name) >= 0)
            fail_msg("%s: '%s' stands before '%s'", t->name, t->attrs[i - 1].name,
                     t->attrs[i].name);
    for (size_t i = 0; i < t->count; i++)
        assert_ptr_equal(attr_find(t, t->attrs[i].name), &t->attrs[i]);
}

static void check_orders(const struct attr_table *t, void *owner)
{
    const struct attr *order[128];
    size_t count = attr_print_order(t, order);

    (void)owner;
    for (size_t i = 1; i < count; i++)
        if (order[i - 1]->order >= order[i]->order)
            fail_msg("%s: '%s' and '%s' have one place", t->name, order[i - 1]->name,
                     order[i]->name);
    for (size_t i = 0; i < t->count; i++)
        if (!t->attrs[i].order != (t->attrs[i].kind == K_NONE))
            fail_msg("%s.%s: what has a member is printed, and only that", t->name,
                     t->attrs[i].name);
}

static bool needs_table(enum kind kind)
{
    return kind == K_OBJECT || kind == K_OBJECTS || kind == K_MAP || kind == K_ULIMITS;
}

static void check_row(const struct attr_table *t, const struct attr *row)
{
    if (needs_table(row->kind) && (!row->sub || !row->sub->size))
        fail_msg("%s.%s: an object without a table", t->name, row->name);
    if ((row->types & T_LIST) && !row->items && !row->sub)
        fail_msg("%s.%s: a list of what?", t->name, row->name);
    if (row->kind == K_MAPPING && (row->types & T_LIST) && !row->expand && !row->expand_late)
        fail_msg("%s.%s: a list that never becomes a map", t->name, row->name);
    if ((row->kind == K_STRINGS || row->kind == K_OBJECTS) && (row->types & T_STR) &&
        !row->expand && !row->expand_late)
        fail_msg("%s.%s: a text that never becomes a list", t->name, row->name);
    if (row->unique && !(row->types & T_LIST))
        fail_msg("%s.%s: only items of lists are made unique", t->name, row->name);
    if (row->pattern)
        attr_matches(row, "x"); /* aborts if it is none */
    if (row->min > row->max)
        fail_msg("%s.%s: min is above max", t->name, row->name);
    if (row->kind != K_NONE && t->size < row->offset + 1)
        fail_msg("%s.%s: the member is outside its struct", t->name, row->name);
}

static void check_rows(const struct attr_table *t, void *owner)
{
    (void)owner;
    for (size_t i = 0; i < t->count; i++)
        check_row(t, &t->attrs[i]);
}

static void test_sorted(void **state)
{
    (void)state;
    all_tables(check_sorted, NULL);
}

static void test_orders(void **state)
{
    (void)state;
    all_tables(check_orders, NULL);
}

static void test_rows(void **state)
{
    (void)state;
    all_tables(check_rows, NULL);
}

/* ---- against the JSON schema ---- */

struct official {
    struct tree tree;
    const struct node *root;
    struct str wrong; /* one line per disagreement */
};

/* Where we know better, and why. */
static const char *const known[] = {
    "services.*.pre_start",             /* docker compose 5 */
    "services.*.build.no_cache_filter", /* docker compose 5 */
    "services.*.models values",         /* null, as the list form gives */
    "services.*.storage_opt values",    /* what can be decoded */
    "include[] properties",             /* include takes unknown keys, with a warning */
    "services.*.extends properties",    /* docker compose takes any */
};

static void wrong(struct official *o, const char *path, const char *what)
{
    AUTO_TEXT line = {0};

    str_addf(&line, "%s%s%s", path, *what ? " " : "", what);
    for (size_t i = 0; i < ARRAY_LEN(known); i++)
        if (strcmp(str_text(&line), known[i]) == 0)
            return;
    str_addf(&o->wrong, "%s\n", str_text(&line));
}

static const struct node *follow(const struct official *o, const struct node *n)
{
    const char *ref;

    while ((ref = node_text(node_get(n, "$ref"))))
        n = node_get(node_get(o->root, "definitions"), strrchr(ref, '/') + 1);
    return n;
}

/* The ways a value may be written. */
struct ways {
    const struct node *items[16];
    size_t len;
};

static void add_ways(const struct official *o, const struct node *n, struct ways *ret)
{
    const struct node *several;

    n = follow(o, n);
    several = node_get(n, "oneOf") ? node_get(n, "oneOf") : node_get(n, "anyOf");
    if (!several) {
        assert_true(ret->len < ARRAY_LEN(ret->items));
        ret->items[ret->len++] = n;
        return;
    }
    for (size_t i = 0; i < several->list.len; i++)
        add_ways(o, several->list.items[i], ret);
}

static unsigned type_named(const char *name)
{
    static const struct {
        const char *name;
        unsigned type;
    } names[] = {{"null", T_NULL},  {"boolean", T_BOOL}, {"integer", T_INT}, {"number", T_NUM},
                 {"string", T_STR}, {"array", T_LIST},   {"object", T_MAP}};

    for (size_t i = 0; i < ARRAY_LEN(names); i++)
        if (strcmp(names[i].name, name) == 0)
            return names[i].type;
    fail_msg("unknown type '%s'", name);
    return 0;
}

static unsigned types_of(const struct official *o, const struct node *n)
{
    struct ways ways = {0};
    unsigned types = 0;

    add_ways(o, n, &ways);
    for (size_t i = 0; i < ways.len; i++) {
        const struct node *type = node_get(ways.items[i], "type");

        if (!type)
            return T_ANY;
        for (size_t k = 0; node_is(type, NODE_LIST) && k < type->list.len; k++)
            types |= type_named(type->list.items[k]->string.text);
        if (node_text(type))
            types |= type_named(node_text(type));
    }
    return types;
}

/* The schema of the values of a map with keys of the user's, or NULL. */
static const struct node *values_of(const struct node *way)
{
    const struct node *patterns = node_get(way, "patternProperties");
    const struct node *others = node_get(way, "additionalProperties");

    for (size_t i = 0; patterns && i < patterns->map.len; i++)
        if (strcmp(patterns->map.pairs[i].key, "^x-") != 0)
            return patterns->map.pairs[i].value;
    return node_is(others, NODE_MAP) ? others : NULL;
}

static const struct node *object_of(const struct official *o, const struct node *n)
{
    struct ways ways = {0};

    add_ways(o, n, &ways);
    for (size_t i = 0; i < ways.len; i++)
        if (node_get(ways.items[i], "properties"))
            return ways.items[i];
    return NULL;
}

static bool is_true(const struct node *n)
{
    return node_is(n, NODE_BOOL) && n->boolean;
}

static void compare_words(struct official *o, const char *path, const struct attr *row,
                          const struct node *words)
{
    size_t count = 0;

    while (row->words && row->words[count])
        count++;
    if (count != node_len(words))
        wrong(o, path, "words");
    for (size_t i = 0; i < count && i < node_len(words); i++)
        if (strcmp(row->words[i], words->list.items[i]->string.text) != 0)
            wrong(o, path, "words");
}

static void compare_table(struct official *o, const char *path, const struct attr_table *t,
                          const struct node *object);

static void compare_sub(struct official *o, const char *path, const struct attr *row,
                        const struct node *schema, const char *suffix)
{
    const struct node *object = schema ? object_of(o, schema) : NULL;
    AUTO_TEXT down = {0};

    if (!object)
        return;
    str_addf(&down, "%s%s", path, suffix);
    if (row->sub)
        compare_table(o, str_text(&down), row->sub, object);
    else
        wrong(o, str_text(&down), "table");
}

static void compare_list(struct official *o, const char *path, const struct attr *row,
                         const struct node *way)
{
    const struct node *items = node_get(way, "items");

    if (is_true(node_get(way, "uniqueItems")) != !!(row->flags & ATTR_UNIQUE_ITEMS))
        wrong(o, path, "unique items");
    if (items && types_of(o, items) != item_types(row))
        wrong(o, path, "items");
    compare_sub(o, path, row, items, "[]");
}

static void compare_map(struct official *o, const char *path, const struct attr *row,
                        const struct node *way)
{
    const struct node *values = values_of(way);

    if (node_get(way, "properties")) {
        compare_sub(o, path, row, way, "");
        return;
    }
    if (values && types_of(o, values) != value_types(row))
        wrong(o, path, "values");
    if (!values && value_types(row) != T_ANY)
        wrong(o, path, "values");
    compare_sub(o, path, row, values, ".*");
}

static void compare_way(struct official *o, const char *path, const struct attr *row,
                        const struct node *way)
{
    unsigned types = types_of(o, way);
    const struct node *min = node_get(way, "minimum"), *max = node_get(way, "maximum");

    if (types & T_LIST)
        compare_list(o, path, row, way);
    if (types & T_MAP)
        compare_map(o, path, row, way);
    if (types & T_STR)
        compare_words(o, path, row, node_get(way, "enum"));
    if (node_text(node_get(way, "pattern")) &&
        !str_eq(node_text(node_get(way, "pattern")), row->pattern))
        wrong(o, path, "pattern");
    if ((min && min->integer != row->min) || (max && max->integer != row->max))
        wrong(o, path, "range");
}

static void compare_row(struct official *o, const char *path, const struct attr *row,
                        const struct node *schema)
{
    struct ways ways = {0};

    if (types_of(o, schema) != row->types)
        wrong(o, path, "types");
    add_ways(o, schema, &ways);
    for (size_t i = 0; i < ways.len; i++)
        compare_way(o, path, row, ways.items[i]);
}

static bool is_required(const struct node *object, const char *name)
{
    const struct node *required = node_get(object, "required");

    for (size_t i = 0; i < node_len(required); i++)
        if (strcmp(required->list.items[i]->string.text, name) == 0)
            return true;
    return false;
}

static void compare_table(struct official *o, const char *path, const struct attr_table *t,
                          const struct node *object)
{
    const struct node *properties = node_get(object, "properties");
    const struct node *others = node_get(object, "additionalProperties");

    if (t->open != !(node_is(others, NODE_BOOL) && !others->boolean))
        wrong(o, path, "properties");
    if (!t->open && t->extensions != !!node_get(node_get(object, "patternProperties"), "^x-"))
        wrong(o, path, "extensions");
    for (size_t i = 0; i < properties->map.len; i++) {
        const char *name = properties->map.pairs[i].key;
        const struct attr *row = attr_find(t, name);
        AUTO_TEXT down = {0};

        str_addf(&down, "%s%s%s", path, *path ? "." : "", name);
        if (!row) {
            wrong(o, str_text(&down), "has no row");
            continue;
        }
        if (is_required(object, name) != !!(row->flags & ATTR_REQUIRED))
            wrong(o, str_text(&down), "required");
        compare_row(o, str_text(&down), row, properties->map.pairs[i].value);
    }
    for (size_t i = 0; i < t->count; i++) {
        AUTO_TEXT down = {0};

        str_addf(&down, "%s%s%s", path, *path ? "." : "", t->attrs[i].name);
        if (!node_get(properties, t->attrs[i].name))
            wrong(o, str_text(&down), "");
    }
}

static void test_official(void **state)
{
    const char *named = getenv("COMPOSE_SCHEMA");
    AUTO_TEXT text = {0};
    AUTO_FILE in = fopen(named ? named : "../shared/reference/compose-spec.json", "re");
    struct official o = {0};
    int c;

    (void)state;
    if (!in) {
        print_message("skipped: no copy of the schema, and COMPOSE_SCHEMA names none\n");
        skip();
    }
    while ((c = fgetc(in)) != EOF)
        str_addc(&text, (char)c);
    tree_init(&o.tree);
    o.root = tree_parse(&o.tree, "schema.json", str_text(&text));
    compare_table(&o, "", &project_table, o.root);
    assert_string_equal(str_text(&o.wrong), "");
    str_done(&o.wrong);
    tree_done(&o.tree);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sorted),
        cmocka_unit_test(test_orders),
        cmocka_unit_test(test_rows),
        cmocka_unit_test(test_official),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
