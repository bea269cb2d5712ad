#include "core/load/interpolate.h"

#include "core/base/arena.h"
#include "core/base/diags.h"
#include "core/base/secret.h"
#include "core/base/str.h"
#include "core/base/vec.h"
#include "core/load/env.h"
#include "core/yaml/node.h"
#include "core/yaml/origin.h"

#include <assert.h>
#include <string.h>

#define UNKNOWN_OPERATOR "unknown operator"

enum {
    MAX_NESTING = 100,             /* of ${A:-${B:-...}} */
    MAX_RESULT = 16 * 1024 * 1024, /* bytes one text may grow to */
};

/* Where a value stands, as a chain of stack frames; text is made of it only for messages. */
struct place {
    const struct place *up;
    const char *key; /* NULL: a list item */
    size_t index;
};

/* What an expression put into the text. */
struct given {
    struct origin *origin;
    size_t start, end; /* in what is made */
};

/* One text and what is known about it. */
struct run {
    struct interpolation *in;
    const struct place *place; /* or NULL, then `path` */
    const char *path;
    struct loc loc;
    bool verbatim;                /* columns can be counted from loc.col on */
    const char *text;             /* the whole of it */
    const char *counted;          /* how far it was, and */
    unsigned columns;             /* how many those were (loc_at) */
    const struct node *hide;      /* the text of this node is a credential; NULL: it is none */
    bool secret;                  /* a secret variable went in */
    const struct origin **origin; /* where variables are recorded; NULL: nowhere */
    VEC(struct given) given;      /* of each record */
};

/* ${NAME<op>word} or $NAME; `op` NUL: none. */
struct expression {
    const char *start, *end; /* all of it, from the $ on */
    const char *name;
    size_t name_len;
    char op;    /* - + ? or NUL */
    bool colon; /* empty counts as unset */
    const char *word, *word_end;
};

static int substitute(struct run *r, const char *s, const char *end, unsigned depth,
                      struct str *out);

/* --- messages --- */

static void place_text(const struct place *p, bool indexes, struct str *out)
{
    if (!p)
        return;
    place_text(p->up, indexes, out);
    if (p->key)
        str_addf(out, "%s%s", out->len ? "." : "", p->key);
    else if (indexes)
        str_addf(out, "[%zu]", p->index);
    else
        str_add(out, out->len ? ".[]" : "[]"); /* docker compose's way */
}

static bool is_secret_place(const struct place *p)
{
    while (p && !p->key)
        p = p->up;
    return p && is_secret_name(p->key);
}

static void run_path(const struct run *r, bool indexes, struct str *out)
{
    if (r->place)
        place_text(r->place, indexes, out);
    else if (r->path)
        str_add(out, r->path);
}

/* Counts on from the place it was asked for last: mostly that is the variable before. */
static struct loc loc_at(struct run *r, const char *at)
{
    struct loc loc = r->loc;

    if (!r->verbatim)
        return loc;
    if (!r->counted || r->counted > at) {
        r->counted = r->text;
        r->columns = 0;
    }
    for (; r->counted < at; r->counted++)
        r->columns += ((unsigned char)*r->counted & 0xC0) != 0x80;
    loc.col += r->columns;
    return loc;
}

static unsigned width_of(const struct run *r, const char *start, const char *end)
{
    unsigned width = 0;

    for (; r->verbatim && start < end; start++)
        width += ((unsigned char)*start & 0xC0) != 0x80;
    return width;
}

/* The nearest variable there is; the process's own ones are too many to guess among. */
static void hint_unset(const struct run *r, const struct expression *x, struct diag *g)
{
    AUTO_TEXT name = {0};
    struct nearest near;
    bool more = !g->dropped;

    str_addn(&name, x->name, x->name_len);
    near = nearest_to(str_text(&name));
    for (size_t i = 0; more && i < env_count(r->in->env); i++) {
        const struct variable *v = env_at(r->in->env, i);

        more = !v->loc.line || nearest_look(&near, v->name);
    }
    if (near.found)
        diag_hint(g, "did you mean '%s'?", near.found);
    else if (diags_is_strict(r->in->diags))
        diag_hint(g, "set it, or write ${%s:-} where nothing is meant", str_text(&name));
}

static void warn_unset(struct run *r, const struct expression *x)
{
    AUTO_TEXT path = {0};
    struct diag *g;

    run_path(r, true, &path);
    g = diags_lax(r->in->diags, loc_at(r, x->start), path.len ? str_text(&path) : NULL,
                  "The \"%.*s\" variable is not set%s", (int)x->name_len, x->name,
                  diags_is_strict(r->in->diags) ? "" : ". Defaulting to a blank string.");
    g->width = width_of(r, x->start, x->end);
    hint_unset(r, x, g);
}

/* `s` to `end` is the text docker compose would show: the value, or the default it is in. */
static int format_error(struct run *r, const char *at, const char *s, const char *end,
                        const char *why)
{
    AUTO_TEXT path = {0};
    AUTO_TEXT compat_path = {0};
    struct diag *g;
    int shown = (int)(end - s);
    bool hidden = r->hide || r->in->hide_text || is_secret_place(r->place);

    run_path(r, true, &path);
    run_path(r, false, &compat_path);
    if (hidden && path.len)
        g = diags_error(r->in->diags, loc_at(r, at), str_text(&path),
                        "invalid interpolation format: %s", why);
    else if (hidden)
        g = diags_error(r->in->diags, loc_at(r, at), NULL, "invalid template: %s", why);
    else if (!path.len)
        g = diags_error(r->in->diags, loc_at(r, at), NULL, "invalid template: \"%.*s\": %s", shown,
                        s, why);
    else
        g = diags_error(r->in->diags, loc_at(r, at), str_text(&path),
                        "invalid interpolation format: %s: '%.*s'", why, shown, s);
    if (r->hide) { /* all of it is marked */
        g->loc.line = r->hide->loc.line;
        g->loc.col = r->hide->loc.col;
    }
    if (hidden)
        g->secret = true;
    else if (path.len)
        diag_compat(
            g,
            "invalid interpolation format for %s.\nYou may need to escape any $ with another "
            "$.\n%.*s",
            str_text(&compat_path), shown, s);
    else
        diag_compat(g, "Invalid template: \"%.*s\"", shown, s);
    diags_settle(r->in->diags, g);
    if (strcmp(why, UNKNOWN_OPERATOR) == 0)
        diag_hint(g, "a default is written ${NAME:-default}");
    else
        diag_hint(g, "you may need to escape any $ with another $");
    return -1;
}

/* The message is shown unexpanded when a secret went into it. */
static int required_error(struct run *r, const struct expression *x, unsigned depth)
{
    AUTO_TEXT path = {0};
    AUTO_TEXT word = {0};
    struct diag *g;
    bool before = r->secret;

    r->secret = false;
    if (substitute(r, x->word, x->word_end, depth + 1, &word) < 0)
        return -1;
    if (r->secret) {
        str_clear(&word);
        str_addn(&word, x->word, (size_t)(x->word_end - x->word));
    }
    r->secret = before;
    run_path(r, true, &path);
    g = diags_error(r->in->diags, loc_at(r, x->start), path.len ? str_text(&path) : NULL,
                    "required variable %.*s is missing a value%s%s", (int)x->name_len, x->name,
                    word.len ? ": " : "", str_text(&word));
    diags_settle(r->in->diags, g);
    g->width = width_of(r, x->start, x->end);
    if (path.len) {
        str_clear(&path);
        run_path(r, false, &path);
        diag_compat(g, "error while interpolating %s: %s", str_text(&path), g->msg);
    }
    return -1;
}

/* --- grammar --- */

static bool is_name_start(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

static size_t name_length(const char *s, const char *end)
{
    size_t n = 0;

    if (s < end && is_name_start(*s))
        while (s + n < end && (is_name_start(s[n]) || (s[n] >= '0' && s[n] <= '9')))
            n++;
    return n;
}

/* The } that balances the { at `s`, else the last } of the line, else NULL. */
static const char *find_close(const char *s, const char *end)
{
    const char *last = NULL;
    size_t open = 0;

    for (; s < end && *s != '\n'; s++) {
        if (*s == '{')
            open++;
        if (*s != '}')
            continue;
        last = s;
        if (--open == 0)
            break;
    }
    return last;
}

static const char *why_invalid(const char *s, const char *end, const char *after_name)
{
    if (s + 2 == end)
        return "'${' is not closed";
    if (after_name == s + 2)
        return s[2] == '}' ? "a name is missing" : "a name begins with a letter or '_'";
    if (after_name == end || *after_name == '\n' || strchr("-+?:", *after_name))
        return find_close(s + 1, end) ? UNKNOWN_OPERATOR : "'${' is not closed on its line";
    return "a name is followed by '}' or one of the operators :- - :+ + :? ?";
}

/* Reads the expression that begins with the "${" at `s`. Returns what is wrong, or NULL. */
static const char *read_braced(const char *s, const char *end, struct expression *x)
{
    const char *at;

    x->start = s;
    x->name = s + 2;
    x->name_len = name_length(x->name, end);
    at = x->name + x->name_len;
    if (x->name_len && at < end && *at == '}') {
        x->end = at + 1;
        return NULL;
    }
    if (x->name_len && at < end) {
        x->colon = *at == ':';
        at += x->colon;
        if (at < end && (*at == '-' || *at == '+' || *at == '?')) {
            x->op = *at++;
            x->word = at;
            x->word_end = find_close(s + 1, end);
            if (x->word_end) {
                x->end = x->word_end + 1;
                return NULL;
            }
        }
    }
    return why_invalid(s, end, x->name + x->name_len);
}

/* --- values --- */

static const struct variable *look_up(struct run *r, const struct expression *x)
{
    AUTO_TEXT name = {0};
    const struct variable *v;

    str_addn(&name, x->name, x->name_len);
    v = env_find(r->in->env, str_text(&name));
    return v || !r->in->lookup ? v : r->in->lookup(r->in->owner, str_text(&name));
}

/* Returns its index in `given`. */
static size_t record(struct run *r, const struct expression *x, const struct variable *v,
                     enum origin_use use, size_t start)
{
    struct origin *o;

    if (!r->origin)
        return 0;
    o = origin_add(r->in->arena, r->origin, ORIGIN_VARIABLE, loc_at(r, x->start));
    o->text = x->start;
    o->len = (unsigned)(x->end - x->start);
    o->variable = v;
    o->use = use;
    vec_push(&r->given, ((struct given){o, start, start}));
    return r->given.len - 1;
}

static void ends_at(struct run *r, size_t index, size_t end)
{
    if (r->origin)
        r->given.items[index].end = end;
}

/* Where the text as a whole masks what an expression gave (a password in a URL, what follows
 * --password, the value of a secret key), its sources are masked as well. */
static void hide_sources(struct run *r, const struct str *made)
{
    bool all = r->hide || r->in->hide_text || is_secret_place(r->place);
    AUTO_TEXT masked = {0};
    AUTO_TEXT part = {0};

    if (!r->given.len)
        return;
    secret_mask_value(str_text(made), made->len, &masked);
    if (!all && masked.len == made->len && strcmp(str_text(&masked), str_text(made)) == 0)
        return;
    for (size_t i = 0; i < r->given.len; i++) {
        const struct given *g = &r->given.items[i];

        str_cut(&part, 0); /* a URL is masked by itself wherever it stands */
        secret_mask_value(str_text(made) + g->start, g->end - g->start, &part);
        g->origin->secret = all || (part.len && !strstr(str_text(&masked), str_text(&part)));
    }
}

static int too_large(struct run *r, const char *at)
{
    AUTO_TEXT path = {0};

    run_path(r, true, &path);
    if (arena_is_over(r->in->arena))
        return diags_too_large(r->in->diags, loc_at(r, at), path.len ? str_text(&path) : NULL,
                               "a variable");
    diags_error(r->in->diags, loc_at(r, at), path.len ? str_text(&path) : NULL,
                "variables make the value larger than %d bytes", MAX_RESULT);
    return -1;
}

/* Defaults are looked at only when they are needed: an error in one that is not does not matter. */
static int evaluate(struct run *r, const struct expression *x, unsigned depth, struct str *out)
{
    const struct variable *v = look_up(r, x);
    bool there = v && (!x->colon || *v->value);
    size_t given;

    if (depth > MAX_NESTING)
        return format_error(r, x->start, x->start, x->end, "nested too deep");
    assert(!x->op || x->word); /* what has an operator has a word, and be it empty */
    if (x->op == '?' && !there)
        return required_error(r, x, depth);
    if ((x->op == '-' && !there) || (x->op == '+' && there)) {
        given = record(r, x, v, there ? USE_ALTERNATIVE : USE_DEFAULT, out->len);
        if (substitute(r, x->word, x->word_end, depth + 1, out) < 0)
            return -1;
        ends_at(r, given, out->len);
        return 0;
    }
    given = record(r, x, v, v && x->op != '+' ? USE_VALUE : USE_NOTHING, out->len);
    if (x->op == '+')
        return 0;
    if (!v) {
        warn_unset(r, x);
        return 0;
    }
    str_add(out, v->value);
    ends_at(r, given, out->len);
    if (v->secret && *v->value) {
        r->secret = true;
        diags_secret(r->in->diags, v->value);
    }
    return out->len > MAX_RESULT || arena_is_over(r->in->arena) ? too_large(r, x->start) : 0;
}

static int substitute(struct run *r, const char *s, const char *end, unsigned depth,
                      struct str *out)
{
    const char *whole = s;

    while (s && s < end) {
        const char *dollar = memchr(s, '$', (size_t)(end - s));
        struct expression x = {0};
        const char *wrong = NULL;

        str_addn(out, s, (size_t)((dollar ? dollar : end) - s));
        if (!dollar)
            return 0;
        if (dollar + 1 < end && dollar[1] == '{') {
            wrong = read_braced(dollar, end, &x);
        } else if ((x.name_len = name_length(dollar + 1, end))) {
            x.start = dollar;
            x.name = dollar + 1;
            x.end = x.name + x.name_len;
        } else { /* $$ is one dollar; before anything else it is just that */
            str_addc(out, '$');
            s = dollar + 1 + (dollar + 1 < end && dollar[1] == '$');
            continue;
        }
        if (wrong)
            return format_error(r, dollar, whole, end, wrong);
        if (evaluate(r, &x, depth, out) < 0)
            return -1;
        s = x.end;
    }
    return 0;
}

int interpolate_text(struct interpolation *in, struct loc loc, const char *path, const char *text,
                     struct str *ret, struct interpolated *ret_in)
{
    struct run r = {.in = in,
                    .path = path,
                    .loc = loc,
                    .text = text,
                    .origin = ret_in ? &ret_in->origin : NULL};
    int failed = substitute(&r, text, text + strlen(text), 0, ret);

    if (!failed)
        hide_sources(&r, ret);
    vec_done(&r.given);
    if (ret_in)
        ret_in->secret = r.secret;
    return failed;
}

/* --- trees --- */

static int interpolate_string(struct interpolation *in, const struct place *place, struct node *n)
{
    struct run r = {.in = in,
                    .place = place,
                    .loc = n->loc,
                    .verbatim = n->verbatim,
                    .hide = n->secret ? n : NULL,
                    .text = n->string.text,
                    .origin = &n->origin};
    AUTO_TEXT out = {0};
    int failed;

    if (!memchr(n->string.text, '$', n->string.len))
        return 0;
    if (n->verbatim && n->quoted)
        r.loc.col++;
    failed = substitute(&r, r.text, r.text + n->string.len, 0, &out);
    if (!failed)
        hide_sources(&r, &out);
    vec_done(&r.given);
    if (failed)
        return -1;
    n->string.text = arena_strndup(in->arena, str_text(&out), out.len);
    n->string.len = out.len;
    n->verbatim = false;
    n->secret = n->secret || r.secret;
    return 0;
}

/* Goes on after an error, so that all of them are reported. What !reset takes away is not looked
 * at. */
static int interpolate_node(struct interpolation *in, const struct place *up, struct node *n)
{
    struct place place = {.up = up};
    int failed = 0;

    if (n->tag == TAG_RESET)
        return 0;
    if (n->kind == NODE_LIST) {
        for (; place.index < n->list.len; place.index++)
            failed |= interpolate_node(in, &place, n->list.items[place.index]);
    } else if (n->kind == NODE_MAP) {
        for (size_t i = 0; i < n->map.len; i++) {
            place.key = n->map.pairs[i].key;
            failed |= interpolate_node(in, &place, n->map.pairs[i].value);
        }
    } else if (n->kind == NODE_STRING) {
        failed = interpolate_string(in, up, n);
    }
    return failed;
}

int interpolate_tree(struct interpolation *in, struct node *doc)
{
    return doc ? interpolate_node(in, NULL, doc) : 0;
}
