/* core/schema/validate.c: is every value of a kind, and every key of a name, that the rows know?
 * All problems are reported, each where it stands. */
#include "core/schema/passes.h"

#include "core/base/arena.h"
#include "core/base/diags.h"
#include "core/base/map.h"
#include "core/base/str.h"
#include "core/load/origins.h"
#include "core/schema/report.h"
#include "core/schema/types.h"
#include "core/yaml/node.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static int check_object(struct schema_ctx *cx, const struct attr_path *at,
                        const struct attr_table *t, const struct node *n);

/* docker compose names the file and writes the path its own way; one blank
 * more when there is none. */
static void compat(struct schema_ctx *cx, struct diag *g, const struct attr_path *at,
                   const char *problem)
{
    AUTO_TEXT path = {0};

    attr_path_docker(at, INDEX_PLAIN, &path);
    diag_compat(g, "validating %s: %s %s", cx->file ? cx->file : "", str_text(&path), problem);
}

/* Reports `problem` in docker compose's words. */
static struct diag *fail(struct schema_ctx *cx, const struct attr_path *at, const struct node *n,
                         const char *problem)
{
    struct diag *g = schema_error(cx, at, n, "%s", problem);

    compat(cx, g, at, problem);
    return g;
}

static struct diag *fail_key(struct schema_ctx *cx, const struct attr_path *at,
                             const struct node_pair *pair, const char *problem)
{
    struct diag *g = schema_key_error(cx, at, pair, "%s", problem);

    compat(cx, g, at, problem);
    return g;
}

/* ---- single values ---- */

static struct diag *wrong_type(struct schema_ctx *cx, const struct attr_path *at,
                               const struct node *n, unsigned allowed, const char *docker_allowed)
{
    AUTO_TEXT types = {0};
    AUTO_TEXT got = {0};
    AUTO_TEXT text = {0};
    AUTO_TEXT problem = {0};
    struct diag *g;

    types_text(allowed, &types);
    describe_node(at, n, &got);
    g = schema_error(cx, at, n, "must be %s %s, not %s",
                     strchr("aeio", *str_text(&types)) ? "an" : "a", str_text(&types),
                     str_text(&got));
    if (n->kind == NODE_TIME)
        str_add(&problem, "invalid jsonType time.Time");
    else
        str_addf(&problem, "must be a %s", docker_allowed ? docker_allowed : str_text(&types));
    compat(cx, g, at, str_text(&problem));
    if ((allowed & T_STR) && !(allowed & (T_INT | T_NUM)) && (type_of(n) & (T_BOOL | T_NUM)))
        diag_hint(g, "put it in quotes: \"%s\"", node_shown(at, n, &text));
    else if (n->kind == NODE_TIME)
        diag_hint(g, "YAML reads this as a date; put it in quotes: \"%s\"",
                  node_shown(at, n, &text));
    else if (n->kind == NODE_NULL)
        diag_hint(g, "there is no value here; leave it out, or give it one");
    else if ((allowed & T_LIST) && n->kind == NODE_STRING)
        diag_hint(g, "make it a list: [\"%s\"]", node_shown(at, n, &text));
    else if ((allowed & T_MAP) && !(allowed & T_LIST) && n->kind == NODE_LIST)
        diag_hint(g, "names and values stand here: 'name: ...' in place of '- name'");
    return g;
}

static int check_range(struct schema_ctx *cx, const struct attr_path *at, const struct attr *row,
                       const struct node *n)
{
    double v = n->kind == NODE_INT    ? (double)n->integer
               : n->kind == NODE_UINT ? (double)n->uinteger
                                      : n->real;
    AUTO_TEXT problem = {0};
    AUTO_TEXT text = {0};
    struct diag *g;

    if ((row->min == 0 && row->max == 0) || !(type_of(n) & T_NUM) || (row->flags & ATTR_UNSIGNED))
        return 0; /* decoding knows the range of unsigned ones */
    if (v < (double)row->min)
        str_addf(&problem, "must be greater than or equal to %lld", (long long)row->min);
    else if (v > (double)row->max)
        str_addf(&problem, "must be less than or equal to %lld", (long long)row->max);
    else
        return 0;
    g = schema_error(cx, at, n, "%s, not '%s'", str_text(&problem), node_shown(at, n, &text));
    if (row->types & T_STR) /* it takes the other branch to be meant */
        compat(cx, g, at, "must be a string");
    else
        compat(cx, g, at, str_text(&problem));
    return -1;
}

static int check_words(struct schema_ctx *cx, const struct attr_path *at, const struct attr *row,
                       const struct node *n)
{
    AUTO_TEXT problem = {0};
    AUTO_TEXT text = {0};
    const char *near;
    struct diag *g;
    size_t count = 0;

    for (; row->words[count]; count++)
        if (strcmp(row->words[count], n->string.text) == 0)
            return 0;
    str_add(&problem, count == 1 ? "value must be " : "value must be one of ");
    for (size_t i = 0; i < count; i++)
        str_addf(&problem, "%s'%s'", i ? ", " : "", row->words[i]);
    g = schema_error(cx, at, n, "%s, not '%s'", str_text(&problem), node_shown(at, n, &text));
    compat(cx, g, at, str_text(&problem));
    near = nearest_word(n->string.text, row->words, count);
    if (near)
        diag_hint(g, "did you mean '%s'?", near);
    return -1;
}

static int check_pattern(struct schema_ctx *cx, const struct attr_path *at, const struct attr *row,
                         const struct node *n)
{
    AUTO_TEXT problem = {0};
    AUTO_TEXT text = {0};

    if (attr_matches(row, n->string.text))
        return 0;
    str_addf(&problem, "'%s' does not match pattern '%s'", node_shown(at, n, &text), row->pattern);
    fail(cx, at, n, str_text(&problem));
    return -1;
}

/* ---- lists ---- */

/* Text that is the same for equal values. */
static void add_identity(const struct node *n, struct str *out)
{
    switch (n->kind) {
    case NODE_LIST:
        str_addc(out, '[');
        for (size_t i = 0; i < n->list.len; i++) {
            add_identity(n->list.items[i], out);
            str_addc(out, ',');
        }
        str_addc(out, ']');
        break;
    case NODE_MAP:
        node_add_sorted(n, out, add_identity);
        break;
    case NODE_NULL:
        str_add(out, "null");
        break;
    case NODE_BOOL:
        str_add(out, n->boolean ? "true" : "false");
        break;
    case NODE_STRING:
    case NODE_TIME:
        str_addf(out, "\"%s\"", n->string.text);
        break;
    default:
        node_scalar_text(n, out);
        break;
    }
}

static int check_unique(struct schema_ctx *cx, const struct attr_path *at, const struct node *list)
{
    AUTO_TEXT key = {0};
    AUTO_TEXT problem = {0};
    AUTO_TEXT text = {0};
    struct map seen = {0};
    int rc = 0;

    for (size_t i = 0; i < list->list.len; i++) {
        const struct node *item = list->list.items[i];
        struct node **first;
        struct diag *g;

        str_clear(&key);
        str_clear(&problem);
        add_identity(item, &key);
        first = map_get(&seen, str_text(&key));
        if (!first) {
            map_set(&seen, str_text(&key), &list->list.items[i]);
            continue;
        }
        str_addf(&problem, "items at %zu and %zu are equal", (size_t)(first - list->list.items), i);
        if (type_of(item) & (T_NUM | T_STR))
            g = schema_error(cx, at, item, "%s: '%s'", str_text(&problem),
                             node_shown(at, item, &text));
        else
            g = schema_error(cx, at, item, "%s", str_text(&problem));
        compat(cx, g, at, str_text(&problem));
        str_clear(&text);
        loc_text((*first)->loc, &text);
        diag_note(g, (*first)->loc, "the other one is at %s", str_text(&text));
        rc = -1;
    }
    map_done(&seen);
    return rc;
}

static int check_items(struct schema_ctx *cx, const struct attr_path *at, const struct attr *row,
                       const struct node *list)
{
    unsigned allowed = item_types(row);
    int rc = 0;

    for (size_t i = 0; i < list->list.len; i++) {
        const struct attr_path down = {.up = at, .index = i};
        const struct node *item = list->list.items[i];

        if (!type_allowed(item, allowed)) {
            struct diag *g = wrong_type(cx, &down, item, allowed, docker_item_types(row));

            if (row->kind == K_MAPPING && item->kind == NODE_MAP && item->map.len == 1)
                diag_hint(g, "write %s=..., or take the '-' away", item->map.pairs[0].key);
            rc = -1;
        } else if (item->kind == NODE_MAP && row->sub) {
            rc |= check_object(cx, &down, row->sub, item);
        }
    }
    if (row->flags & ATTR_UNIQUE_ITEMS)
        rc |= check_unique(cx, at, list);
    return rc;
}

/* ---- maps whose keys the user chooses ---- */

static bool is_name(const char *key)
{
    return *key &&
           strspn(key, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-") ==
               strlen(key);
}

static int check_key(struct schema_ctx *cx, const struct attr_path *at, const struct attr *row,
                     const struct node_pair *pair)
{
    AUTO_TEXT problem = {0};
    bool names = row->flags & ATTR_KEY_NAMES;
    struct diag *g;

    if (names ? is_name(pair->key) : *pair->key || row->kind != K_MAPPING)
        return 0;
    str_addf(&problem, "additional properties '%s' not allowed", pair->key);
    g = fail_key(cx, at, pair, str_text(&problem));
    if (names)
        diag_hint(g, "a name consists of letters, digits, '.', '_' and '-'");
    return -1;
}

/* The items of a list that is itself the value of a map: extra_hosts.h, provider.options.o. */
static int check_value_items(struct schema_ctx *cx, const struct attr_path *at,
                             const struct attr *row, const struct node *list)
{
    unsigned allowed = row->values & ~(unsigned)(T_LIST | T_MAP | T_NULL);
    int rc = 0;

    for (size_t i = 0; i < list->list.len; i++) {
        const struct attr_path down = {.up = at, .index = i};

        if (type_allowed(list->list.items[i], allowed))
            continue;
        wrong_type(cx, &down, list->list.items[i], allowed, NULL);
        rc = -1;
    }
    return rc;
}

static int check_values(struct schema_ctx *cx, const struct attr_path *at, const struct attr *row,
                        const struct node *map)
{
    unsigned allowed = value_types(row);
    int rc = 0;

    for (size_t i = 0; i < map->map.len; i++) {
        const struct node_pair *pair = &map->map.pairs[i];
        const struct attr_path down = {.up = at, .key = pair->key};

        rc |= check_key(cx, at, row, pair);
        if (!type_allowed(pair->value, allowed)) {
            wrong_type(cx, &down, pair->value, allowed, docker_value_types(row));
            rc = -1;
        } else if (pair->value->kind == NODE_MAP && row->sub) {
            rc |= check_object(cx, &down, row->sub, pair->value);
        } else if (pair->value->kind == NODE_LIST) {
            rc |= check_value_items(cx, &down, row, pair->value);
        }
    }
    return rc;
}

/* ---- objects ---- */

static int check_attr(struct schema_ctx *cx, const struct attr_path *at, const struct attr *row,
                      const struct node *n)
{
    int rc = 0;

    if (!type_allowed(n, row->types)) {
        wrong_type(cx, at, n, row->types, docker_types(row));
        return -1;
    }
    if (n->kind == NODE_LIST)
        return check_items(cx, at, row, n);
    if (n->kind == NODE_MAP && row->sub && row->kind != K_MAP && row->kind != K_ULIMITS)
        return check_object(cx, at, row->sub, n);
    if (n->kind == NODE_MAP)
        return check_values(cx, at, row, n);
    if (n->kind == NODE_STRING && row->words)
        rc |= check_words(cx, at, row, n);
    if (n->kind == NODE_STRING && row->pattern)
        rc |= check_pattern(cx, at, row, n);
    return rc | check_range(cx, at, row, n);
}

static bool is_extension(const struct attr_table *t, const char *key)
{
    return t->extensions && str_has_prefix(key, "x-");
}

static void unknown_key(struct schema_ctx *cx, const struct attr_path *at,
                        const struct attr_table *t, const struct node_pair *pair)
{
    AUTO_TEXT problem = {0};
    const char *near = attr_nearest(t, pair->key);
    struct diag *g;

    str_addf(&problem, "additional properties '%s' not allowed", pair->key);
    g = fail_key(cx, at, pair, str_text(&problem));
    if (near)
        diag_hint(g, "did you mean '%s'?", near);
    else if (t == &project_table && attr_find(&service_table, pair->key))
        diag_hint(g, "'%s' belongs to a service: move it below services and the service's name",
                  pair->key);
    else if (t == &project_table && pair->value->kind == NODE_MAP &&
             (node_get(pair->value, "image") || node_get(pair->value, "build")))
        diag_hint(g, "services stand below the key 'services'");
    else if (t->extensions)
        diag_hint(g, "a key of your own must begin with 'x-'");
}

static int check_required(struct schema_ctx *cx, const struct attr_path *at,
                          const struct attr_table *t, const struct node *n)
{
    int rc = 0;

    for (size_t i = 0; i < t->count; i++) {
        AUTO_TEXT problem = {0};

        if (!(t->attrs[i].flags & ATTR_REQUIRED) || node_pair_get(n, t->attrs[i].name))
            continue;
        str_addf(&problem, "missing property '%s'", t->attrs[i].name);
        fail(cx, at, n, str_text(&problem));
        rc = -1;
    }
    return rc;
}

static int check_object(struct schema_ctx *cx, const struct attr_path *at,
                        const struct attr_table *t, const struct node *n)
{
    int rc = check_required(cx, at, t, n);

    for (size_t i = 0; i < n->map.len; i++) {
        const struct node_pair *pair = &n->map.pairs[i];
        const struct attr_path down = {.up = at, .key = pair->key};
        const struct attr *row = attr_find(t, pair->key);

        if (row) {
            rc |= check_attr(cx, &down, row, pair->value);
        } else if (!t->open && !is_extension(t, pair->key)) {
            unknown_key(cx, at, t, pair);
            rc = -1;
        }
    }
    return rc;
}

int schema_validate(struct schema_ctx *cx, const struct node *model)
{
    return check_object(cx, NULL, &project_table, model);
}
