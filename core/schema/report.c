#include "core/schema/report.h"

#include "core/base/diags.h"
#include "core/base/secret.h"
#include "core/base/str.h"
#include "core/load/origins.h"
#include "core/yaml/node.h"

#include <string.h>

static bool is_secret_key(const char *key)
{
    return is_secret_name(key) && strcmp(key, "secrets") != 0;
}

/* The key the value has, or the list it is in. */
bool is_secret_value(const struct attr_path *at, const struct node *n)
{
    while (at && !at->key)
        at = at->up;
    return n->secret || (at && is_secret_key(at->key));
}

enum report { REPORT_ERROR, REPORT_WARN, REPORT_LAX };

static struct diag *report(struct schema_ctx *cx, enum report how, const struct attr_path *at,
                           struct loc loc, const char *fmt, va_list ap)
{
    AUTO_TEXT path = {0};
    AUTO_TEXT msg = {0};
    const char *where;

    str_addvf(&msg, fmt, ap);
    attr_path_text(at, &path);
    where = at ? str_text(&path) : NULL;
    if (how == REPORT_LAX)
        return diags_lax(cx->diags, loc, where, "%s", str_text(&msg));
    if (how == REPORT_WARN)
        return diags_warn(cx->diags, loc, where, "%s", str_text(&msg));
    return diags_error(cx->diags, loc, where, "%s", str_text(&msg));
}

static struct diag *report_value(struct schema_ctx *cx, enum report how, const struct attr_path *at,
                                 const struct node *n, const char *fmt, va_list ap)
{
    struct diag *g = report(cx, how, at, n->loc, fmt, ap);

    g->secret = is_secret_value(at, n) && !has_variable(n);
    origin_notes(g, n);
    return g;
}

struct diag *schema_error(struct schema_ctx *cx, const struct attr_path *at, const struct node *n,
                          const char *fmt, ...)
{
    struct diag *g;
    va_list ap;

    va_start(ap, fmt);
    g = report_value(cx, REPORT_ERROR, at, n, fmt, ap);
    va_end(ap);
    return g;
}

struct diag *schema_warn(struct schema_ctx *cx, const struct attr_path *at, const struct node *n,
                         const char *fmt, ...)
{
    struct diag *g;
    va_list ap;

    va_start(ap, fmt);
    g = report_value(cx, REPORT_WARN, at, n, fmt, ap);
    va_end(ap);
    return g;
}

static struct diag *report_key(struct schema_ctx *cx, enum report how, const struct attr_path *at,
                               const struct node_pair *pair, const char *fmt, va_list ap)
{
    struct diag *g = report(cx, how, at, pair->loc, fmt, ap);

    origin_key_notes(g, pair->value);
    return g;
}

struct diag *schema_key_error(struct schema_ctx *cx, const struct attr_path *at,
                              const struct node_pair *pair, const char *fmt, ...)
{
    struct diag *g;
    va_list ap;

    va_start(ap, fmt);
    g = report_key(cx, REPORT_ERROR, at, pair, fmt, ap);
    va_end(ap);
    return g;
}

struct diag *schema_key_lax(struct schema_ctx *cx, const struct attr_path *at,
                            const struct node_pair *pair, const char *fmt, ...)
{
    struct diag *g;
    va_list ap;

    va_start(ap, fmt);
    g = report_key(cx, REPORT_LAX, at, pair, fmt, ap);
    va_end(ap);
    return g;
}

void attr_path_docker(const struct attr_path *at, enum index_style style, struct str *out)
{
    static const char *const formats[] = {
        [INDEX_PLAIN] = ".%zu", [INDEX_BRACKETS] = ".[%zu]", [INDEX_DECODE] = "[%zu]"};
    bool named; /* services[a] */

    if (!at)
        return;
    attr_path_docker(at->up, style, out);
    named = style == INDEX_DECODE && at->up && !at->up->up;
    if (at->key && named)
        str_addf(out, "[%s]", at->key);
    else if (at->key)
        str_addf(out, "%s%s", at->up ? "." : "", at->key);
    else if (style == INDEX_EMPTY)
        str_add(out, ".[]");
    else
        str_addf(out, formats[style], at->index);
}

const char *node_shown(const struct attr_path *at, const struct node *n, struct str *buf)
{
    AUTO_TEXT text = {0};

    str_clear(buf);
    if (is_secret_value(at, n)) {
        str_add(buf, SECRET_MASK);
    } else {
        node_scalar_text(n, &text);
        secret_mask_value(str_text(&text), text.len, buf);
    }
    return str_text(buf);
}

void describe_node(const struct attr_path *at, const struct node *n, struct str *out)
{
    AUTO_TEXT text = {0};

    switch (n->kind) {
    case NODE_NULL:
        str_add(out, "null");
        return;
    case NODE_LIST:
        str_add(out, "a list");
        return;
    case NODE_MAP:
        str_add(out, "a mapping");
        return;
    case NODE_BOOL:
        str_add(out, "the boolean ");
        break;
    case NODE_INT:
    case NODE_UINT:
    case NODE_FLOAT:
        str_add(out, "the number ");
        break;
    case NODE_TIME:
        str_add(out, "the date ");
        break;
    case NODE_STRING:
        str_add(out, "the text ");
        break;
    }
    str_addf(out, "'%s'", node_shown(at, n, &text));
}

/* Of a file of a million services of two letters. */
int schema_too_large(struct schema_ctx *cx, const struct attr_path *at, struct loc loc)
{
    AUTO_TEXT path = {0};

    attr_path_text(at, &path);
    return diags_too_large(cx->diags, loc, str_text(&path), "the number of entries");
}
