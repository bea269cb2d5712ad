#include "core/base/snippet.h"

#include "core/base/diags.h"
#include "core/base/secret.h"
#include "core/base/text.h"

#include <stdlib.h>
#include <string.h>

enum {
    SHOWN_MAX = 160, /* columns of a source line; longer ones are shown around the place */
    SHOWN_BEFORE = 60,
    WIDTH_MAX = 4096, /* how far the end of what is marked is looked for */
};

/* The line's bytes, without its end. False when the text has no such line. Looks on from the line
 * it found last: they are asked for from first to last. */
static bool find_line(struct source *s, unsigned line, const char **ret, size_t *ret_len)
{
    bool on = s->at && line >= s->at_line;
    const char *p = on ? s->at : s->text, *end = s->text + s->len, *stop;

    if (!p)
        return false;
    for (unsigned n = on ? s->at_line : 1; n < line; n++) {
        p = memchr(p, '\n', (size_t)(end - p));
        if (!p)
            return false;
        p++;
    }
    if (s->at != p) {
        s->cursor = s->masked_cursor = (struct cursor){0};
        str_clear(&s->masked);
    }
    s->at = p;
    s->at_line = line;
    stop = memchr(p, '\n', (size_t)(end - p));
    stop = stop ? stop : end;
    if (stop > p && stop[-1] == '\r')
        stop--;
    *ret = p;
    *ret_len = (size_t)(stop - p);
    return true;
}

/* Bytes of the rune at s, with len > 0; an invalid byte is one of its own. */
static size_t rune_size(const char *s, size_t len)
{
    uint32_t rune;
    size_t n = utf8_decode(s, len, &rune);

    return n ? n : 1;
}

static size_t skip_runes(const char *s, size_t len, size_t count)
{
    size_t at = 0;

    for (; count && at < len; count--)
        at += rune_size(s + at, len - at);
    return at;
}

/* The byte where a column begins, from 1; len: behind the end. */
static size_t seek_column(struct cursor *c, const char *line, size_t len, unsigned col)
{
    if (!c->col || col < c->col)
        *c = (struct cursor){.col = 1};
    c->at += skip_runes(line + c->at, len - c->at, col - c->col);
    c->col = col;
    return c->at;
}

/* Runes from the bracket at s to the one that closes it; 0: not on this line, or too far away. */
static size_t bracket_width(const char *s, size_t len)
{
    size_t width = 0, open = 0;
    char quote = 0;

    for (size_t at = 0; at < len && width < WIDTH_MAX; at += rune_size(s + at, len - at)) {
        width++;
        if (quote)
            quote = s[at] == quote ? 0 : quote;
        else if (s[at] == '"' || s[at] == '\'')
            quote = s[at];
        else if (s[at] == '[' || s[at] == '{')
            open++;
        else if ((s[at] == ']' || s[at] == '}') && --open == 0)
            return width;
    }
    return 0;
}

/* Runes from s to the end of what a reader takes for the word there: a quoted text as a whole; else
 * up to a blank, or to a ':' or ',' or bracket that ends a YAML scalar. */
static size_t word_width(const char *s, size_t len)
{
    char quote = len && (*s == '"' || *s == '\'') ? *s : 0;
    size_t width = 0, open = 0;

    if (len && (*s == '[' || *s == '{') && (width = bracket_width(s, len)))
        return width;
    for (size_t at = 0; at < len && width < WIDTH_MAX; at += rune_size(s + at, len - at), width++) {
        bool last = at + 1 == len || s[at + 1] == ' ';
        bool closes = (s[at] == ']' || s[at] == '}') && open > 0; /* "${X}" */

        if (quote) {
            if (at && s[at] == quote && !(quote == '"' && s[at - 1] == '\\'))
                return width + 1;
        } else if (s[at] == ' ' || s[at] == '\t' ||
                   (width && !closes && (s[at] == ']' || s[at] == '}')) ||
                   (width && last && strchr(":,", s[at]))) {
            break;
        }
        open += (s[at] == '[' || s[at] == '{') - (closes ? 1u : 0u);
    }
    return width ? width : 1;
}

/* A character of the source as shown, and as much blank (or mark) below it. Control characters
 * would drive the terminal: they show as '?'. */
static void add_rune(struct str *text, struct str *below, const char *s, size_t n, char mark)
{
    AUTO_TEXT one = {0};
    uint32_t rune;
    bool ok = utf8_decode(s, n, &rune) != 0;

    if (*s == '\t') {
        str_addc(text, '\t');
        str_addc(below, mark ? mark : '\t');
        return;
    }
    if (!ok || rune < 0x20 || (rune >= 0x7f && rune < 0xa0) || (rune >= 0x202a && rune <= 0x202e) ||
        (rune >= 0x2066 && rune <= 0x2069))
        str_addc(&one, '?');
    else
        str_addn(&one, s, n);
    str_addn(text, one.data, one.len);
    str_repeat(below, mark == '^' ? '~' : mark ? mark : ' ', utf8_width(one.data));
    if (mark == '^')
        below->data[below->len - utf8_width(one.data)] = '^';
}

/* How many characters are marked; 0: none. */
static size_t mark_width(struct source *s, const struct diag *g, const char *line, size_t len)
{
    size_t from;

    if (!g->loc.col || g->width)
        return g->loc.col ? g->width : 0;
    from = seek_column(&s->cursor, line, len, g->loc.col);
    return word_width(line + from, len - from);
}

/* What may be shown of the line found last. */
static const struct str *masked_line(struct source *s, const char *line, size_t len)
{
    if (!s->masked.len)
        secret_mask_line(line, len, &s->masked);
    return &s->masked;
}

void source_snippet(struct source *s, const struct diag *g, struct str *out)
{
    const struct str *masked;
    AUTO_TEXT text = {0};
    AUTO_TEXT below = {0};
    const char *line;
    size_t len, width, at = 0, rune = 1;

    if (!find_line(s, g->loc.line, &line, &len))
        return;
    width = mark_width(s, g, line, len);
    masked = masked_line(s, line, len);
    line = str_text(masked);
    len = masked->len;
    if (g->loc.col > SHOWN_MAX - SHOWN_BEFORE) {
        rune = g->loc.col - SHOWN_BEFORE + 1;
        at = seek_column(&s->masked_cursor, line, len, (unsigned)rune);
        str_add(&text, "...");
        str_add(&below, "   ");
    }
    for (size_t count = 0; at < len && count < SHOWN_MAX; count++, rune++) {
        size_t n = rune_size(line + at, len - at);
        bool first = width && rune == g->loc.col;
        bool inside = rune > g->loc.col && rune - g->loc.col < width;

        if (g->secret && (first || inside))
            add_rune(&text, &below, "*", 1, first ? '^' : '~');
        else
            add_rune(&text, &below, line + at, n, first ? '^' : inside ? '~' : 0);
        at += n;
    }
    if (at < len)
        str_add(&text, "...");
    if (width && rune == g->loc.col) /* the end of the line: something is missing there */
        str_addc(&below, '^');
    while (below.len && (below.data[below.len - 1] == ' ' || below.data[below.len - 1] == '\t'))
        str_cut(&below, below.len - 1);
    str_addf(out, "%5u | %s\n", g->loc.line, str_text(&text));
    if (below.len)
        str_addf(out, "      | %s\n", str_text(&below));
}

unsigned source_width(struct source *s, const struct diag *g)
{
    const char *line;
    size_t len;

    if (g->width || !g->loc.col || !find_line(s, g->loc.line, &line, &len))
        return g->width;
    return (unsigned)mark_width(s, g, line, len);
}

void source_done(struct source *s)
{
    free(s->file);
    free(s->text);
    str_done(&s->masked);
}
