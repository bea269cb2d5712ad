/* core/schema/unsupported.c: nothing is accepted and then dropped in silence. */
#include "core/schema/each.h"
#include "core/schema/passes.h"
#include "core/schema/report.h"
#include "core/yaml/node.h"

#include <string.h>

static bool is_used(const struct node *n)
{
    switch (n->kind) {
    case NODE_NULL:
        return false;
    case NODE_BOOL:
        return n->boolean;
    case NODE_STRING:
        return n->string.len > 0;
    case NODE_LIST:
        return n->list.len > 0;
    default:
        return true;
    }
}

static bool goes_to(const struct attr *row, const char *place)
{
    return row->engine && strcmp(row->engine, place) == 0;
}

static bool is_unsupported(const struct attr *row)
{
    return goes_to(row, UNSUPPORTED);
}

static bool has_no_effect(const struct attr *row)
{
    return goes_to(row, NO_EFFECT);
}

/* What the user did not write (count: all) is below something that is warned about, or means
 * nothing. */
static int warn_one(struct schema_ctx *cx, const struct attr_path *at, const struct attr *row,
                    struct node *object, struct node_pair *pair)
{
    (void)object;
    if (!is_unsupported(row))
        return 0;
    if (is_used(pair->value))
        schema_key_lax(cx, at, pair, "not supported yet, ignored");
    return EACH_SKIP;
}

static int warn_no_effect(struct schema_ctx *cx, const struct attr_path *at, const struct attr *row,
                          struct node *object, struct node_pair *pair)
{
    (void)object;
    if (!has_no_effect(row))
        return 0;
    if (is_used(pair->value))
        schema_key_lax(cx, at, pair, "has no effect on a single engine");
    return EACH_SKIP;
}

void schema_warn_unsupported(struct schema_ctx *cx, struct node *model)
{
    schema_each(cx, model, is_unsupported, warn_one);
}

void schema_warn_no_effect(struct schema_ctx *cx, struct node *model)
{
    schema_each(cx, model, has_no_effect, warn_no_effect);
}
