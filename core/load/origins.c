#include "core/load/origins.h"

#include "core/base/diags.h"
#include "core/base/secret.h"
#include "core/base/str.h"
#include "core/load/env.h"
#include "core/yaml/node.h"
#include "core/yaml/origin.h"

#include <string.h>

enum { SHOWN_MAX = 60 }; /* bytes of a value in a note */

void loc_text(struct loc loc, struct str *out)
{
    str_add(out, loc.file ? loc.file : "?");
    if (loc.line)
        str_addf(out, ":%u", loc.line);
    if (loc.line && loc.col)
        str_addf(out, ":%u", loc.col);
}

bool has_variable(const struct node *n)
{
    for (const struct origin *o = n->origin; o; o = o->before)
        if (o->rule == ORIGIN_VARIABLE || o->rule == ORIGIN_PASS)
            return true;
    return false;
}

void variable_place(const struct variable *v, struct str *out)
{
    if (v->at.line) {
        str_add(out, "set at ");
        loc_text(v->at, out);
    } else if (v->loc.file) {
        str_add(out, "set in the environment");
    }
}

/* ---- one record ---- */

bool origin_default(const struct origin *o, const char **ret, size_t *ret_len)
{
    const char *end = o->text + o->len, *s = o->text;

    if (o->len < 3 || s[1] != '{')
        return false;
    for (s += 2; s < end && !strchr(":-+?}", *s); s++)
        ;
    s += s < end && *s == ':';
    if (s >= end || (*s != '-' && *s != '+'))
        return false;
    *ret = s + 1;
    *ret_len = (size_t)(end - 1 - *ret);
    return true;
}

void origin_expression(const struct origin *o, bool show, struct str *out)
{
    const char *word;
    size_t len;

    if (show) {
        str_addn(out, o->text, o->len);
    } else if (o->secret && origin_default(o, &word, &len) && len) {
        str_addn(out, o->text, (size_t)(word - o->text));
        str_add(out, SECRET_MASK "}");
    } else {
        secret_mask(o->text, o->len, out);
    }
}

/* In quotes, on one line, without secrets. */
static void add_value(const char *text, size_t len, bool secret, struct str *out)
{
    AUTO_TEXT masked = {0};
    size_t shown;

    if (secret) {
        str_add(out, "'" SECRET_MASK "'");
        return;
    }
    secret_mask(text, len, &masked);
    shown = strcspn(str_text(&masked), "\n");
    if (shown > SHOWN_MAX)
        for (shown = SHOWN_MAX; ((unsigned char)masked.data[shown] & 0xC0) == 0x80;)
            shown--;
    str_addf(out, "'%.*s%s'", (int)shown, str_text(&masked), shown < masked.len ? "..." : "");
}

/* ${PORT} without what is done when it is not set; the whole of it where that was done. */
static void add_expression(const struct origin *o, struct str *out)
{
    if (o->use == USE_VALUE && o->variable)
        str_addf(out, "${%s}", o->variable->name);
    else
        origin_expression(o, false, out);
}

static void note_variable(struct diag *g, const struct origin *o)
{
    const struct variable *v = o->variable;
    const char *state = v ? "is empty" : "is not set";
    AUTO_TEXT value = {0};
    AUTO_TEXT place = {0};
    AUTO_TEXT shown = {0};

    add_expression(o, &shown);
    if (v) {
        add_value(v->value, strlen(v->value), v->secret || o->secret, &value);
        variable_place(v, &place);
    }
    if (v && o->use == USE_VALUE)
        diag_note(g, v->at.line ? v->at : loc_none(), "%s comes from %s%s%s", str_text(&value),
                  str_text(&shown), place.len ? ", " : "", str_text(&place));
    else if (o->use == USE_DEFAULT)
        diag_note(g, o->loc, "'%s' gives its default, because the variable %s%s%s",
                  str_text(&shown), state, place.len ? ", " : "", str_text(&place));
    else if (o->use == USE_ALTERNATIVE)
        diag_note(g, o->loc, "'%s' gives its alternative, because the variable is %s",
                  str_text(&shown), str_text(&place));
    else
        diag_note(g, o->loc, "'%s' is empty, because the variable is not set", str_text(&shown));
}

static void note_passed(struct diag *g, const struct origin *o)
{
    AUTO_TEXT value = {0};
    AUTO_TEXT place = {0};

    add_value(o->variable->value, strlen(o->variable->value), o->variable->secret, &value);
    variable_place(o->variable, &place);
    diag_note(g, o->variable->at.line ? o->variable->at : loc_none(),
              "%s comes from the variable %.*s%s%s", str_text(&value), (int)o->len, o->text,
              place.len ? ", " : "", str_text(&place));
}

static void note_replaced(struct diag *g, const struct origin *o)
{
    AUTO_TEXT place = {0};

    loc_text(o->was->loc, &place);
    if (!o->was->implied)
        diag_note(g, o->was->loc, "it %s what stands at %s",
                  o->rule == ORIGIN_OVERRIDE ? "overrides" : "replaces", str_text(&place));
}

static void note_inherited(struct diag *g, const struct origin *o)
{
    AUTO_TEXT place = {0};

    loc_text(o->loc, &place);
    diag_note(g, o->loc, "it is inherited from the service '%.*s'%s%s by 'extends' at %s",
              (int)o->len, o->text, o->file ? " of " : "", o->file ? o->file : "",
              str_text(&place));
}

static void note_copied(struct diag *g, const struct origin *o)
{
    AUTO_TEXT place = {0};

    loc_text(o->loc, &place);
    diag_note(g, o->loc, "it is used by '%s*%.*s' at %s", o->rule == ORIGIN_MERGE_KEY ? "<<: " : "",
              (int)o->len, o->text, str_text(&place));
}

static void note_place(struct diag *g, const struct origin *o, const char *what)
{
    AUTO_TEXT place = {0};

    if (!o->loc.line)
        return;
    loc_text(o->loc, &place);
    diag_note(g, o->loc, "the file is %s at %s", what, str_text(&place));
}

static void note_way(struct diag *g, const struct origin *o)
{
    switch (o->rule) {
    case ORIGIN_EXTENDS:
        note_inherited(g, o);
        break;
    case ORIGIN_ALIAS:
    case ORIGIN_MERGE_KEY:
        note_copied(g, o);
        break;
    case ORIGIN_INCLUDE:
        note_place(g, o, "included");
        break;
    case ORIGIN_ENV_FILE:
        note_place(g, o, "named");
        break;
    default: /* the place itself says it */
        break;
    }
}

/* Oldest first. */
static void note(struct diag *g, const struct origin *o, bool value)
{
    if (!o)
        return;
    note(g, o->before, value);
    if (!value)
        note_way(g, o);
    else if (o->rule == ORIGIN_VARIABLE)
        note_variable(g, o);
    else if (o->rule == ORIGIN_PASS)
        note_passed(g, o);
    else if (o->rule == ORIGIN_REPLACE || o->rule == ORIGIN_OVERRIDE)
        note_replaced(g, o);
    else
        note_way(g, o);
}

void origin_key_notes(struct diag *g, const struct node *value)
{
    note(g, value->origin, false);
}

void origin_notes(struct diag *g, const struct node *n)
{
    note(g, n->origin, true);
}
