/* core/schema/decode.c: from the canonical tree to the structs of the model, by the rows.
 *
 * Every kind has one function here; a struct is its rows. All bad values are reported, in docker
 * compose's words, at the value. */
#include "core/schema/passes.h"

#include "core/base/arena.h"
#include "core/base/diags.h"
#include "core/base/str.h"
#include "core/base/text.h"
#include "core/model/model.h"
#include "core/schema/member.h"
#include "core/schema/report.h"
#include "core/yaml/node.h"

#include <assert.h>
#include <errno.h>
#include <math.h>
#include <string.h>
#include <strings.h>

struct place {
    struct schema_ctx *cx;
    const struct attr *row;
    const struct attr_path *at;
};

typedef int decode_fn(const struct place *p, const struct node *n, void *ret);

/* What a value should have been. */
struct expected {
    const char *name, *hint;
};

static const struct expected a_boolean = {"boolean", "write true or false"};
static const struct expected an_integer = {"integer",
                                           "a whole number in decimal digits belongs here"};
static const struct expected a_number = {"number", "a number such as 2 or 0.5 belongs here"};
static const struct expected a_size = {"size", "a number of bytes, or one with a unit such as 64m"};
static const struct expected a_duration = {"duration",
                                           "numbers with units, such as 500ms, 30s or 1m30s"};
static const struct expected a_mode = {"file mode", "octal digits, such as 0440"};

/* `fmt` are docker compose's words. */
static int bad(const struct place *p, const struct node *n, struct expected e, const char *fmt, ...)
    PRINTF_LIKE(4, 5);

static int bad(const struct place *p, const struct node *n, struct expected e, const char *fmt, ...)
{
    AUTO_TEXT docker = {0};
    AUTO_TEXT shown = {0};
    struct diag *g;
    va_list ap;

    g = schema_error(p->cx, p->at, n, "invalid %s '%s'", e.name, node_shown(p->at, n, &shown));
    diag_hint(g, "%s", e.hint);
    va_start(ap, fmt);
    str_addvf(&docker, fmt, ap);
    va_end(ap);
    if (!is_secret_value(p->at, n))
        diag_compat(g, "%s", str_text(&docker));
    return -1;
}

static int out_of_range(const struct place *p, const struct node *n, const char *why)
{
    AUTO_TEXT shown = {0};

    schema_error(p->cx, p->at, n, "number out of range: '%s'%s%s", node_shown(p->at, n, &shown),
                 *why ? " " : "", why);
    return -1;
}

/* The name docker compose has for what it got. */
static const char *go_type(const struct node *n)
{
    switch (n->kind) {
    case NODE_BOOL:
        return "bool";
    case NODE_INT:
        return "int";
    case NODE_UINT:
        return "uint64";
    case NODE_FLOAT:
        return "float64";
    case NODE_STRING:
        return "string";
    case NODE_TIME:
        return "time.Time";
    case NODE_LIST:
        return "[]interface {}";
    case NODE_MAP:
        return "map[string]interface {}";
    case NODE_NULL:
        break;
    }
    return "nil";
}

/* A type of Go in the words of the schema. */
static const char *plain_type(const char *go)
{
    if (go[0] == '[')
        return "list";
    if (str_has_prefix(go, "map"))
        return "mapping";
    if (strcmp(go, "string") == 0)
        return go;
    return strcmp(go, "bool") == 0 ? "boolean" : "number";
}

static int unexpected(const struct place *p, const struct node *n, const char *want)
{
    AUTO_TEXT got = {0};

    if (diags_is_doubtful(p->cx->diags))
        return -1; /* said by validation, or of a short form that could not be expanded */
    describe_node(p->at, n, &got);
    diag_compat(
        schema_error(p->cx, p->at, n, "must be a %s, not %s", plain_type(want), str_text(&got)),
        "expected type '%s', got unconvertible type '%s'", want, go_type(n));
    return -1;
}

/* ---- scalars ---- */

static int decode_string(const struct place *p, const struct node *n, void *ret)
{
    if (n->kind != NODE_STRING)
        return unexpected(p, n, "string");
    *(const char **)ret = n->string.text;
    return 0;
}

static bool parse_bool(const char *s, bool *ret)
{
    static const char *const yes[] = {"true", "y", "yes", "on"};
    static const char *const no[] = {"false", "n", "no", "off"};

    for (size_t i = 0; i < ARRAY_LEN(yes); i++) {
        if (strcasecmp(s, yes[i]) == 0 || strcasecmp(s, no[i]) == 0) {
            *ret = strcasecmp(s, yes[i]) == 0;
            return true;
        }
    }
    return false;
}

static int decode_bool(const struct place *p, const struct node *n, void *ret)
{
    bool *value = ret;

    if (n->kind == NODE_BOOL)
        *value = n->boolean;
    else if (n->kind != NODE_STRING)
        return unexpected(p, n, "bool");
    else if (!parse_bool(n->string.text, value))
        return bad(p, n, a_boolean, "invalid boolean: %s", n->string.text);
    return 0;
}

static int decode_opt_bool(const struct place *p, const struct node *n, void *ret)
{
    struct opt_bool *opt = ret;

    opt->set = true;
    return decode_bool(p, n, &opt->value);
}

static int int_of_text(const struct place *p, const struct node *n, int64_t *ret)
{
    long long v;

    errno = 0;
    if (str_to_i64(n->string.text, &v) < 0 && errno == ERANGE)
        return out_of_range(p, n, "has too many digits");
    if (str_to_i64(n->string.text, &v) < 0)
        return bad(p, n, an_integer, "strconv.ParseInt: parsing \"%s\": invalid syntax",
                   n->string.text);
    *ret = v;
    return 0;
}

/* A float loses its fraction, as in docker compose. */
static int int_of_real(const struct place *p, const struct node *n, int64_t *ret)
{
    if (!(n->real > -9.2e18 && n->real < 9.2e18))
        return out_of_range(p, n, "");
    *ret = (int64_t)n->real;
    return 0;
}

/* Docker compose's unsigned type for the row: the widest unless the row says otherwise. */
static const char *unsigned_type(const struct attr *row)
{
    if (strcmp(row->name, "weight") == 0)
        return "uint16";
    return row->max == UINT32_MAX || strcmp(row->name, "mode") == 0 ? "uint32" : "uint64";
}

static int decode_unsigned(const struct place *p, const struct node *n, int64_t *ret)
{
    const char *type = unsigned_type(p->row);

    if (n->kind == NODE_STRING)
        return unexpected(p, n, type);
    if (*ret < 0)
        return out_of_range(p, n, "is negative");
    if ((strcmp(type, "uint16") == 0 && *ret > UINT16_MAX) ||
        (strcmp(type, "uint32") == 0 && *ret > UINT32_MAX))
        return out_of_range(p, n, "is too large");
    return 0;
}

static int decode_int(const struct place *p, const struct node *n, void *ret)
{
    int64_t *value = ret;
    int rc = 0;

    switch (n->kind) {
    case NODE_INT:
        *value = n->integer;
        break;
    case NODE_FLOAT:
        rc = int_of_real(p, n, value);
        break;
    case NODE_STRING:
        if (!(p->row->flags & ATTR_UNSIGNED))
            rc = int_of_text(p, n, value);
        break;
    case NODE_UINT:
        return out_of_range(p, n, "");
    default:
        return unexpected(p, n, "int");
    }
    if (rc == 0 && (p->row->flags & ATTR_UNSIGNED))
        rc = decode_unsigned(p, n, value);
    return rc;
}

static int decode_opt_int(const struct place *p, const struct node *n, void *ret)
{
    struct opt_int *opt = ret;

    opt->set = true;
    return decode_int(p, n, &opt->value);
}

static int decode_float(const struct place *p, const struct node *n, void *ret)
{
    double *value = ret;

    switch (n->kind) {
    case NODE_INT:
        *value = (double)n->integer;
        break;
    case NODE_UINT:
        *value = (double)n->uinteger;
        break;
    case NODE_FLOAT:
        *value = n->real;
        break;
    case NODE_STRING:
        errno = 0;
        if (str_to_double(n->string.text, value) < 0)
            return bad(p, n, a_number, "strconv.ParseFloat: parsing \"%s\": %s", n->string.text,
                       errno == ERANGE ? "value out of range" : "invalid syntax");
        break;
    default:
        return unexpected(p, n, "float32");
    }
    if (!isfinite(*value))
        return bad(p, n, a_number, "invalid number");
    *value = (double)(float)*value; /* as docker compose keeps it */
    return 0;
}

static int decode_bytes(const struct place *p, const struct node *n, void *ret)
{
    AUTO_TEXT why = {0};
    int64_t *value = ret;

    if (n->kind == NODE_INT) {
        *value = n->integer;
        return 0;
    }
    if (n->kind == NODE_FLOAT)
        return int_of_real(p, n, value);
    if (n->kind != NODE_STRING)
        return unexpected(p, n, "int64");
    if (bytes_parse(n->string.text, value, &why) < 0)
        return bad(p, n, a_size, "%s", str_text(&why));
    return 0;
}

static int decode_duration(const struct place *p, const struct node *n, void *ret)
{
    AUTO_TEXT why = {0};

    if (n->kind != NODE_STRING)
        return unexpected(p, n, "string");
    if (duration_parse(n->string.text, ret, &why) < 0)
        return bad(p, n, a_duration, "%s", str_text(&why));
    return 0;
}

static int decode_opt_duration(const struct place *p, const struct node *n, void *ret)
{
    struct opt_int *opt = ret;

    opt->set = true;
    return decode_duration(p, n, &opt->value);
}

/* A number is the mode itself (YAML has read 0440 as octal); text holds octal digits. */
static int decode_mode(const struct place *p, const struct node *n, void *ret)
{
    struct opt_int *mode = ret;
    const char *s;

    mode->set = true;
    if (n->kind == NODE_INT) {
        mode->value = n->integer;
        return 0;
    }
    if (n->kind != NODE_STRING)
        return bad(p, n, a_mode, "unexpected value type %s for mode", go_type(n));
    s = n->string.text;
    if (s[0] == '\0' || strspn(s, "01234567") != strlen(s) || strlen(s) > 21)
        return bad(p, n, a_mode, "strconv.ParseInt: parsing \"%s\": invalid syntax", s);
    mode->value = 0;
    for (; *s; s++)
        mode->value = mode->value * 8 + (*s - '0');
    return 0;
}

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
        return unexpected(p, n, "[]string");
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
        return unexpected(p, n, "map[string]string");
    m->entries = arena_calloc(p->cx->arena, n->map.len + 1, sizeof *m->entries);
    m->len = n->map.len;
    for (size_t i = 0; i < n->map.len; i++) {
        const struct node *v = n->map.pairs[i].value;
        const struct attr_path at = {.up = p->at, .key = n->map.pairs[i].key};
        const struct place entry = {.cx = p->cx, .row = p->row, .at = &at};

        m->entries[i].key = n->map.pairs[i].key;
        if (v->kind == NODE_LIST || v->kind == NODE_MAP)
            rc |= unexpected(&entry, v, "string");
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
        return unexpected(p, n, "[]interface {}");
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

/* Of a file of a million services of two letters. */
static int too_large(const struct place *p, struct loc loc)
{
    AUTO_TEXT path = {0};

    attr_path_text(p->at, &path);
    return diags_too_large(p->cx->diags, loc, str_text(&path), "the number of entries");
}

/* One struct per pair, sorted by key; `one` fills it. */
static int decode_pairs(const struct place *p, const struct node *n, size_t size, decode_fn *one,
                        void *ret)
{
    struct any_list list = {0};
    int rc = 0;

    if (n->kind != NODE_MAP)
        return unexpected(p, n, "map[string]interface {}");
    list.items = arena_calloc(p->cx->arena, n->map.len + 1, sizeof *list.items);
    for (size_t i = 0; i < n->map.len; i++) {
        const struct node_pair *pair = &n->map.pairs[i];
        const struct attr_path at = {.up = p->at, .key = pair->key};
        const struct place item = {.cx = p->cx, .row = p->row, .at = &at};

        if (arena_is_over(p->cx->arena)) {
            rc = too_large(p, pair->loc);
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
    if (n->kind == NODE_FLOAT)
        return bad(p, n, an_integer, "invalid type %s for external", go_type(n));
    u->single = true;
    if (decode_int(p, n, &u->soft) < 0)
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
            return unexpected(p, v, "string");
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
        return unexpected(&here, n, "map[string]interface {}");
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
