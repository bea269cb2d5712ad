/* core/schema/cast.c: text that interpolation left where a number or boolean belongs. */
#include "core/schema/passes.h"

#include "core/base/diags.h"
#include "core/base/str.h"
#include "core/schema/each.h"
#include "core/schema/report.h"
#include "core/yaml/node.h"

#include <errno.h>
#include <limits.h>
#include <string.h>
#include <strings.h>

static int bad(struct schema_ctx *cx, const struct attr_path *at, const struct node *n,
               const char *what, const char *why)
{
    AUTO_TEXT path = {0};
    AUTO_TEXT text = {0};
    struct diag *g;

    node_shown(at, n, &text);
    g = schema_error(cx, at, n, "invalid %s '%s'", what, str_text(&text));
    attr_path_docker(at, INDEX_EMPTY, &path);
    diag_compat(g, "error while interpolating %s: failed to cast to expected type: %s",
                str_text(&path), why);
    if (n->string.len == 0)
        diag_hint(g, "is a variable empty that should hold a %s?", what);
    else if (*what == 'b')
        diag_hint(g, "write true or false");
    else if (*what == 'i')
        diag_hint(g, "a whole number in decimal digits belongs here");
    return -1;
}

static int bad_number(struct schema_ctx *cx, const struct attr_path *at, const struct node *n,
                      const char *what, const char *parser)
{
    AUTO_TEXT why = {0};
    AUTO_TEXT text = {0};
    bool range = errno == ERANGE;

    str_addf(&why, "strconv.%s: parsing \"%s\": %s", parser, node_shown(at, n, &text),
             range ? "value out of range" : "invalid syntax");
    return bad(cx, at, n, what, str_text(&why));
}

static int to_int(struct schema_ctx *cx, const struct attr_path *at, const struct attr *row,
                  struct node *n)
{
    long long v;

    errno = 0;
    if (str_to_i64(n->string.text, &v) < 0)
        return bad_number(cx, at, n, "integer", row->cast == CAST_INT ? "Atoi" : "ParseInt");
    n->kind = NODE_INT;
    n->integer = v;
    return 0;
}

static int to_float(struct schema_ctx *cx, const struct attr_path *at, const struct attr *row,
                    struct node *n)
{
    double v;

    errno = 0;
    if (str_to_double(n->string.text, &v) < 0)
        return bad_number(cx, at, n, "number", "ParseFloat");
    n->kind = NODE_FLOAT;
    n->real = row->cast == CAST_FLOAT32 ? (double)(float)v : v;
    return 0;
}

static int to_bool(struct schema_ctx *cx, const struct attr_path *at, struct node *n)
{
    static const struct {
        const char *word;
        bool value, plain;
    } words[] = {{"true", true, true}, {"false", false, true}, {"y", true, false},
                 {"yes", true, false}, {"on", true, false},    {"n", false, false},
                 {"no", false, false}, {"off", false, false}};
    AUTO_TEXT why = {0};
    AUTO_TEXT text = {0};

    for (size_t i = 0; i < ARRAY_LEN(words); i++) {
        if (strcasecmp(words[i].word, n->string.text) != 0)
            continue;
        if (!words[i].plain)
            schema_warn(cx, at, n,
                        "\"%s\" for boolean is not supported by YAML 1.2, please use `%s`",
                        n->string.text, words[i].value ? "true" : "false");
        n->kind = NODE_BOOL;
        n->boolean = words[i].value;
        return 0;
    }
    str_addf(&why, "invalid boolean: %s", node_shown(at, n, &text));
    return bad(cx, at, n, "boolean", str_text(&why));
}

static int cast_scalar(struct schema_ctx *cx, const struct attr_path *at, const struct attr *row,
                       struct node *n)
{
    if (n->kind != NODE_STRING || (cx->keep_unresolved && strchr(n->string.text, '$')))
        return 0;
    switch (row->cast) {
    case CAST_INT:
    case CAST_INT64:
        return to_int(cx, at, row, n);
    case CAST_FLOAT32:
    case CAST_FLOAT64:
        return to_float(cx, at, row, n);
    case CAST_BOOL:
        return to_bool(cx, at, n);
    case CAST_NONE:
        break;
    }
    return 0;
}

static bool has_cast(const struct attr *row)
{
    return row->cast != CAST_NONE;
}

static int cast_one(struct schema_ctx *cx, const struct attr_path *at, const struct attr *row,
                    struct node *object, struct node_pair *pair)
{
    struct node *value = pair->value;
    int rc = 0;

    (void)object;
    if (row->cast == CAST_NONE || value->kind != NODE_MAP)
        return cast_scalar(cx, at, row, value);
    for (size_t i = 0; row->kind == K_ULIMITS && i < value->map.len; i++) {
        const struct attr_path down = {.up = at, .key = value->map.pairs[i].key};

        rc |= cast_scalar(cx, &down, row, value->map.pairs[i].value);
    }
    return rc;
}

int schema_cast(struct schema_ctx *cx, struct node *doc)
{
    return schema_each(cx, doc, has_cast, cast_one);
}
