#include "core/load/history.h"

#include "core/base/arena.h"
#include "core/base/secret.h"
#include "core/base/str.h"
#include "core/load/env.h"
#include "core/load/origins.h" /* loc_text */
#include "core/yaml/node.h"

#include <string.h>

static void add(struct arena *a, struct history *h, struct past_event e)
{
    h->events = arena_grow(a, h->events, h->len, &h->cap, h->len + 1, sizeof *h->events);
    h->events[h->len++] = e;
}

static bool is_replacing(const struct origin *o)
{
    return o->rule == ORIGIN_REPLACE || o->rule == ORIGIN_OVERRIDE;
}

/* What the value took the place of, oldest first. Returns what the last one was. */
static enum past_kind add_before(struct arena *a, struct history *h, const struct origin *o)
{
    enum past_kind kind;

    if (!o)
        return PAST_SET;
    kind = add_before(a, h, o->before);
    if (!is_replacing(o))
        return kind;
    history_of(a, o->was, h);
    return o->rule == ORIGIN_OVERRIDE ? PAST_OVERRIDDEN : PAST_REPLACED;
}

static void add_rest(struct arena *a, struct history *h, const struct origin *o)
{
    if (!o)
        return;
    add_rest(a, h, o->before);
    if (o->rule == ORIGIN_RESET)
        add(a, h,
            (struct past_event){.kind = PAST_RESET, .loc = o->loc, .node = o->was, .origin = o});
    else if (!is_replacing(o))
        add(a, h, (struct past_event){.kind = PAST_ORIGIN, .loc = o->loc, .origin = o});
}

/* Entries of the value where it stands: before the first time something was merged into it. An
 * item's APPEND is not its own. */
static size_t size_at_first(const struct node *n)
{
    size_t size = node_len(n);

    for (const struct origin *o = n->origin; o && !is_replacing(o); o = o->before)
        if (o->rule == ORIGIN_MERGE || (o->rule == ORIGIN_APPEND && n->kind == NODE_LIST))
            size = o->had;
    return size;
}

void history_of(struct arena *a, const struct node *n, struct history *ret)
{
    enum past_kind kind = add_before(a, ret, n->origin);

    add(a, ret,
        (struct past_event){.kind = n->implied ? PAST_IMPLIED : kind,
                            .loc = n->loc,
                            .node = n,
                            .size = size_at_first(n)});
    add_rest(a, ret, n->origin);
}

const struct origin *history_replacing(const struct node *n)
{
    const struct origin *o = n->origin;

    while (o && !is_replacing(o))
        o = o->before;
    return o;
}

bool history_came_later(const struct node *n, size_t index)
{
    size_t before = node_len(n), gone = 0; /* gone: of those, after the merge */

    for (const struct origin *o = n->origin; o && !is_replacing(o); o = o->before)
        if (o->rule == ORIGIN_RESET)
            gone++;
        else if (o->rule == ORIGIN_MERGE || (o->rule == ORIGIN_APPEND && n->kind == NODE_LIST))
            before = o->had > gone ? o->had - gone : 0;
    return index >= before;
}

void history_add_around(struct arena *a, const struct node *around, struct history *ret)
{
    add(a, ret,
        (struct past_event){
            .kind = PAST_AROUND, .loc = around->loc, .origin = history_replacing(around)});
}

bool history_of_reset(struct arena *a, const struct node *map, const char *key, struct history *ret)
{
    for (const struct origin *o = map->origin; o; o = o->before) {
        if (o->rule != ORIGIN_RESET || strlen(key) != o->len || memcmp(key, o->text, o->len) != 0)
            continue;
        history_of(a, o->was, ret);
        add(a, ret,
            (struct past_event){.kind = PAST_RESET, .loc = o->loc, .node = o->was, .origin = o});
        return true;
    }
    return false;
}

/* ---- words ---- */

const char *past_rule(const struct past_event *e)
{
    static const char *const kinds[] = {
        [PAST_SET] = "set",         [PAST_REPLACED] = "replace", [PAST_OVERRIDDEN] = "override",
        [PAST_IMPLIED] = "implied", [PAST_RESET] = "reset",
    };
    static const char *const rules[] = {
        [ORIGIN_ALIAS] = "alias",       [ORIGIN_MERGE_KEY] = "merge key",
        [ORIGIN_VARIABLE] = "variable", [ORIGIN_EXTENDS] = "extends",
        [ORIGIN_INCLUDE] = "include",   [ORIGIN_REPLACE] = "replace",
        [ORIGIN_OVERRIDE] = "override", [ORIGIN_RESET] = "reset",
        [ORIGIN_MERGE] = "merge",       [ORIGIN_APPEND] = "append",
        [ORIGIN_PASS] = "environment",  [ORIGIN_ENV_FILE] = "env_file",
    };

    return e->kind == PAST_ORIGIN || e->kind == PAST_AROUND ? rules[e->origin->rule]
                                                            : kinds[e->kind];
}

static void size_text(const struct node *n, size_t size, struct str *out)
{
    bool list = n->kind == NODE_LIST;

    if (size)
        str_addf(out, list ? "a list of %zu" : "a mapping of %zu", size);
    else
        str_add(out, list ? "[]" : "{}");
}

void value_text(const struct node *n, const char *key, bool show, struct str *out)
{
    AUTO_TEXT text = {0};
    const char *shown;
    size_t head = key ? strlen(key) : 0;

    switch (n->kind) {
    case NODE_LIST:
    case NODE_MAP:
        size_text(n, node_len(n), out);
        return;
    case NODE_NULL:
        str_add(out, "null");
        return;
    default:
        node_scalar_text(n, &text);
    }
    shown = str_text(&text); /* "KEY=value": the list form it was in once */
    if (head && strncmp(shown, key, head) == 0 && shown[head] == '=')
        shown += head + 1;
    if (show)
        str_add(out, shown);
    else if (*shown && (n->secret || (key && is_secret_name(key))))
        str_add(out, SECRET_MASK);
    else
        secret_mask_value(shown, strlen(shown), out);
}

void variable_text(const struct variable *v, bool secret, bool show, struct str *out)
{
    if (show)
        str_add(out, v->value);
    else if ((secret || v->secret) && *v->value)
        str_add(out, SECRET_MASK);
    else
        secret_mask_value(v->value, strlen(v->value), out);
}

static void add_origin(const struct origin *o, bool show, struct str *out)
{
    switch (o->rule) {
    case ORIGIN_ALIAS:
    case ORIGIN_MERGE_KEY:
        str_addf(out, "used by '%s*%.*s'", o->rule == ORIGIN_MERGE_KEY ? "<<: " : "", (int)o->len,
                 o->text);
        break;
    case ORIGIN_VARIABLE:
        str_add(out, "variable ");
        origin_expression(o, show, out);
        break;
    case ORIGIN_EXTENDS:
        str_addf(out, "inherited from the service '%.*s'", (int)o->len, o->text);
        if (o->file)
            str_addf(out, " of %s", o->file);
        break;
    case ORIGIN_INCLUDE:
        str_add(out, "the file is included");
        break;
    case ORIGIN_MERGE:
        str_add(out, "merged with this, key by key");
        break;
    case ORIGIN_APPEND:
        str_add(out, "appended");
        break;
    case ORIGIN_PASS:
        str_addf(out, "takes the variable %.*s", (int)o->len, o->text);
        break;
    case ORIGIN_ENV_FILE:
        str_add(out, "the file is named");
        break;
    case ORIGIN_REPLACE:
    case ORIGIN_OVERRIDE:
    case ORIGIN_RESET:
        break; /* events of their own */
    }
}

void past_text(const struct past_event *e, const char *key, bool show, struct str *out)
{
    static const char *const words[] = {
        [PAST_SET] = "set to ",
        [PAST_REPLACED] = "replaced by ",
        [PAST_OVERRIDDEN] = "overridden (!override) by ",
        [PAST_IMPLIED] = "not written: mcompose adds ",
    };

    if (e->kind == PAST_RESET) {
        str_add(out, "taken away (!reset)");
    } else if (e->kind == PAST_AROUND) {
        str_add(out, e->origin->rule == ORIGIN_OVERRIDE ? "part of what overrides (!override) "
                                                        : "part of what replaces ");
        loc_text(e->origin->was->loc, out);
    } else if (e->kind == PAST_ORIGIN) {
        add_origin(e->origin, show, out);
    } else {
        str_add(out, words[e->kind]);
        if (e->node->kind == NODE_LIST || e->node->kind == NODE_MAP)
            size_text(e->node, e->size, out);
        else
            value_text(e->node, key, show, out);
    }
}
