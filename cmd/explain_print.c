#include "cmd/explain_print.h"

#include "cmd/explain_path.h"
#include "core/base/secret.h"
#include "core/base/str.h"
#include "core/base/text.h"
#include "core/load/env.h"
#include "core/load/history.h"
#include "core/load/origins.h"
#include "core/render/render.h"
#include "core/yaml/node.h"

#include <string.h>

/* Of a value that is there it does not matter what was taken out of it. */
static bool matters(const struct past_event *e, const struct found *f)
{
    return e->kind != PAST_RESET || !f->node;
}

static void history(struct printer *p, const struct found *f, struct history *ret)
{
    if (f->node)
        history_of(p->arena, f->node, ret);
    if (f->node && f->around && str_eq(f->node->loc.file, f->around->loc.file)) /* not merged in */
        history_add_around(p->arena, f->around, ret);
    if (!f->node)
        history_of_reset(p->arena, f->up, f->key, ret);
}

static bool is_secret(const struct found *f)
{
    AUTO_TEXT shown = {0};
    AUTO_TEXT plain = {0};

    if (!f->node)
        return false;
    value_text(f->node, f->key, true, &plain);
    value_text(f->node, f->key, false, &shown);
    return !str_eq(str_text(&plain), str_text(&shown));
}

/* The final value, as `config` prints it. */
static void final_text(const struct printer *p, const struct found *f, struct str *out)
{
    if ((!p->show_secrets && is_secret(f)) || !render_measure(f->at.row, f->node, out))
        value_text(f->node, f->key, p->show_secrets, out);
}

/* ---- text ---- */

enum { PLACE_MIN = 24 };

/* One line: the place, and what happened there. */
static void line(struct str *out, struct loc loc, const char *instead, unsigned depth,
                 const char *text)
{
    AUTO_TEXT place = {0};
    size_t width;

    if (loc.line)
        loc_text(loc, &place);
    else
        str_add(&place, instead);
    width = utf8_width(str_text(&place));
    str_addf(out, "  %s", str_text(&place));
    str_repeat(out, ' ', (width < PLACE_MIN ? PLACE_MIN - width : 0) + 2 + depth * 2);
    for (; *text; text++) /* a value may have several lines */
        if (*text == '\n')
            str_add(out, "\\n");
        else
            str_addc(out, *text);
    str_addc(out, '\n');
}

static void source_line(const struct printer *p, const struct variable *v, const char *verdict,
                        bool secret, unsigned depth)
{
    AUTO_TEXT text = {0};

    str_addf(&text, "%s: %s=", verdict, v->name);
    variable_text(v, secret, p->show_secrets, &text);
    line(p->out, v->at, v->loc.file ? "environment" : "mcompose", depth, str_text(&text));
}

static void add_default(const struct printer *p, const struct origin *o, const char *word,
                        size_t len, struct str *out)
{
    if (!p->show_secrets && len && (o->secret || (o->variable && o->variable->secret)))
        str_add(out, SECRET_MASK);
    else
        str_addn(out, word, len);
}

static void default_line(const struct printer *p, const struct origin *o, unsigned depth)
{
    bool taken = o->use == USE_DEFAULT || o->use == USE_ALTERNATIVE;
    AUTO_TEXT text = {0};
    const char *word;
    size_t len;

    if (!origin_default(o, &word, &len))
        return;
    str_addf(&text, "%s: the %s ", taken ? "taken" : "lost",
             word[-1] == '+' ? "alternative" : "default");
    add_default(p, o, word, len, &text);
    line(p->out, o->loc, "", depth, str_text(&text));
}

static void variable_lines(const struct printer *p, const struct origin *o, unsigned depth);

/* secret: for where all of it goes to. */
static void origin_lines(const struct printer *p, const struct origin *o, bool secret,
                         unsigned depth)
{
    struct origin shown;

    if (!o)
        return;
    origin_lines(p, o->before, secret, depth);
    shown = *o;
    shown.secret = shown.secret || secret;
    variable_lines(p, &shown, depth);
}

/* Which sources there are, the strongest first, and what the strongest is made of itself. */
static void variable_lines(const struct printer *p, const struct origin *o, unsigned depth)
{
    bool value = o->rule == ORIGIN_PASS || o->use == USE_VALUE;
    AUTO_TEXT text = {0};

    if (depth) {
        past_text(&(struct past_event){.kind = PAST_ORIGIN, .origin = o}, NULL, p->show_secrets,
                  &text);
        line(p->out, o->loc, "", depth, str_text(&text));
    }
    if (!o->variable)
        line(p->out, loc_none(), "", depth + 1, "not set anywhere");
    for (const struct variable *v = o->variable; v; v = v->lost) {
        bool first = v == o->variable;

        source_line(p, v, first && value ? "taken" : first ? "set" : "lost", o->secret, depth + 1);
        if (first && depth < 8)
            origin_lines(p, v->origin, o->secret, depth + 1);
    }
    if (o->rule == ORIGIN_VARIABLE)
        default_line(p, o, depth + 1);
}

/* YAML makes the number 288 of the mode 0440. */
static const struct node *as_written(const struct printer *p, const struct found *f,
                                     const struct node *n)
{
    AUTO_TEXT mode = {0};

    if (!n || n->kind != NODE_INT || n->secret || !render_measure(f->at.row, n, &mode))
        return n;
    return node_string(p->arena, n->loc, str_text(&mode));
}

static void print_text(struct printer *p, const struct found *f)
{
    struct history h = {0};
    AUTO_TEXT value = {0};

    if (f->node)
        final_text(p, f, &value);
    str_addf(p->out, "%s%s%s ", p->begun ? "\n" : "", f->path,
             !f->node            ? ": not set"
             : node_len(f->node) ? ":"
                                 : " =");
    if (!f->node)
        str_cut(p->out, p->out->len - 1);
    str_addf(p->out, "%s\n", str_text(&value));
    history(p, f, &h);
    for (size_t i = 0; i < h.len; i++) {
        const struct past_event *e = &h.events[i];
        struct past_event written = *e;
        AUTO_TEXT text = {0};

        if (!matters(e, f))
            continue;
        written.node = as_written(p, f, e->node);
        past_text(&written, f->key, p->show_secrets, &text);
        line(p->out, e->kind == PAST_IMPLIED ? loc_none() : e->loc, "mcompose", 0, str_text(&text));
        if (e->kind == PAST_ORIGIN &&
            (e->origin->rule == ORIGIN_VARIABLE || e->origin->rule == ORIGIN_PASS))
            variable_lines(p, e->origin, 0);
    }
}

/* ---- JSON ---- */

static void text_member(struct json_writer *w, const char *key, const char *text)
{
    json_write_key(w, key);
    json_write_str(w, text);
}

static void place_members(struct json_writer *w, struct loc loc)
{
    if (!loc.line)
        return;
    text_member(w, "file", loc.file);
    json_write_key(w, "line");
    json_write_u64(w, loc.line);
    json_write_key(w, "column");
    json_write_u64(w, loc.col);
}

static void flag_member(struct json_writer *w, const char *key, bool value)
{
    json_write_key(w, key);
    json_write_bool(w, value);
}

static void json_value(struct printer *p, const struct node *n, const char *key)
{
    struct json_writer *w = &p->writer;
    AUTO_TEXT text = {0};

    value_text(n, key, p->show_secrets, &text);
    if (n->kind == NODE_NULL) {
        json_write_null(w);
    } else if (n->kind == NODE_BOOL && !str_eq(str_text(&text), SECRET_MASK)) {
        json_write_bool(w, n->boolean);
    } else if (n->kind == NODE_INT && !str_eq(str_text(&text), SECRET_MASK)) {
        json_write_i64(w, n->integer);
    } else if (n->kind == NODE_LIST || n->kind == NODE_MAP) {
        json_write_open(w, n->kind == NODE_LIST ? '[' : '{');
        json_write_close(w, n->kind == NODE_LIST ? ']' : '}');
    } else {
        json_write_str(w, str_text(&text));
    }
}

static void json_final(struct printer *p, const struct found *f)
{
    AUTO_TEXT text = {0};

    if ((p->show_secrets || !is_secret(f)) && render_measure(f->at.row, f->node, &text))
        json_write_str(&p->writer, str_text(&text));
    else
        json_value(p, f->node, f->key);
}

static void json_source(struct printer *p, const struct variable *v, bool secret, bool wins)
{
    struct json_writer *w = &p->writer;
    AUTO_TEXT text = {0};

    json_write_open(w, '{');
    text_member(w, "source", v->at.line ? "file" : v->loc.file ? "environment" : "mcompose");
    place_members(w, v->at);
    variable_text(v, secret, p->show_secrets, &text);
    text_member(w, "value", str_text(&text));
    flag_member(w, "wins", wins);
    json_write_close(w, '}');
}

static void json_variable(struct printer *p, const struct origin *o)
{
    static const char *const uses[] = {[USE_VALUE] = "value",
                                       [USE_DEFAULT] = "default",
                                       [USE_ALTERNATIVE] = "alternative",
                                       [USE_NOTHING] = "nothing"};
    bool value = o->rule == ORIGIN_PASS || o->use == USE_VALUE;
    struct json_writer *w = &p->writer;
    AUTO_TEXT text = {0};
    const char *word;
    size_t len;

    past_text(&(struct past_event){.kind = PAST_ORIGIN, .origin = o}, NULL, p->show_secrets, &text);
    json_write_key(w, "variable");
    json_write_open(w, '{');
    if (o->variable)
        text_member(w, "name", o->variable->name);
    text_member(w, "use", o->rule == ORIGIN_PASS ? "value" : uses[o->use]);
    json_write_key(w, "sources");
    json_write_open(w, '[');
    for (const struct variable *v = o->variable; v; v = v->lost)
        json_source(p, v, o->secret, v == o->variable && value);
    if (o->rule == ORIGIN_VARIABLE && origin_default(o, &word, &len)) {
        str_clear(&text);
        add_default(p, o, word, len, &text);
        json_write_open(w, '{');
        text_member(w, "source", word[-1] == '+' ? "alternative" : "default");
        text_member(w, "value", str_text(&text));
        flag_member(w, "wins", o->use == USE_DEFAULT || o->use == USE_ALTERNATIVE);
        json_write_close(w, '}');
    }
    json_write_close(w, ']');
    json_write_close(w, '}');
}

static void json_event(struct printer *p, const struct past_event *e, const char *key)
{
    struct json_writer *w = &p->writer;
    AUTO_TEXT text = {0};

    json_write_open(w, '{');
    text_member(w, "rule", past_rule(e));
    if (e->kind != PAST_IMPLIED)
        place_members(w, e->loc);
    past_text(e, key, p->show_secrets, &text);
    text_member(w, "text", str_text(&text));
    if (e->node && !node_len(e->node)) {
        json_write_key(w, "value");
        json_value(p, e->node, key);
    }
    if (e->kind == PAST_ORIGIN &&
        (e->origin->rule == ORIGIN_VARIABLE || e->origin->rule == ORIGIN_PASS))
        json_variable(p, e->origin);
    json_write_close(w, '}');
}

static void print_json(struct printer *p, const struct found *f)
{
    struct json_writer *w = &p->writer;
    struct history h = {0};

    json_write_open(w, '{');
    text_member(w, "path", f->path);
    flag_member(w, "set", f->node);
    if (f->node && !node_len(f->node)) {
        json_write_key(w, "value");
        json_final(p, f);
        flag_member(w, "secret", is_secret(f));
    }
    json_write_key(w, "history");
    json_write_open(w, '[');
    history(p, f, &h);
    for (size_t i = 0; i < h.len; i++)
        if (matters(&h.events[i], f))
            json_event(p, &h.events[i], f->key);
    json_write_close(w, ']');
    json_write_close(w, '}');
}

/* ---- either ---- */

void printer_init(struct printer *p, struct arena *a, struct str *out, bool json, bool show_secrets)
{
    *p = (struct printer){.arena = a, .out = out, .json = json, .show_secrets = show_secrets};
    json_write_init(&p->writer, out, 2);
}

void print_value(struct printer *p, const struct found *f)
{
    if (p->json && !p->begun)
        json_write_open(&p->writer, '[');
    if (p->json)
        print_json(p, f);
    else
        print_text(p, f);
    p->begun = true;
}

void printer_end(struct printer *p)
{
    if (!p->json)
        return;
    if (!p->begun)
        json_write_open(&p->writer, '[');
    json_write_close(&p->writer, ']');
    str_addc(p->out, '\n');
}
