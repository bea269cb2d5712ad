#include "core/schema/report.h"

#include "core/base/diags.h"
#include "core/base/str.h"
#include "core/yaml/node.h"

typedef struct diag *diags_fn(struct diags *d, struct loc loc, const char *path, const char *fmt,
                              ...);

static struct diag *report(diags_fn *add, struct schema_ctx *cx, const struct attr_path *at,
                           struct loc loc, const char *fmt, va_list ap)
{
    AUTO_TEXT path = {0};
    AUTO_TEXT msg = {0};

    str_addvf(&msg, fmt, ap);
    attr_path_text(at, &path);
    return add(cx->diags, loc, at ? str_text(&path) : NULL, "%s", str_text(&msg));
}

struct diag *schema_error(struct schema_ctx *cx, const struct attr_path *at, struct loc loc,
                          const char *fmt, ...)
{
    struct diag *g;
    va_list ap;

    va_start(ap, fmt);
    g = report(diags_error, cx, at, loc, fmt, ap);
    va_end(ap);
    return g;
}

struct diag *schema_warn(struct schema_ctx *cx, const struct attr_path *at, struct loc loc,
                         const char *fmt, ...)
{
    struct diag *g;
    va_list ap;

    va_start(ap, fmt);
    g = report(diags_warn, cx, at, loc, fmt, ap);
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

const char *node_shown(const struct node *n, struct str *buf)
{
    str_clear(buf);
    if (n->secret)
        str_add(buf, "***");
    else
        node_scalar_text(n, buf);
    return str_text(buf);
}

void describe_node(const struct node *n, struct str *out)
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
    str_addf(out, "'%s'", node_shown(n, &text));
}
