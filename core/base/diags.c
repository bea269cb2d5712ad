#include "core/base/diags.h"

#include "core/base/map.h"
#include "core/base/mem.h"
#include "core/base/secret.h"
#include "core/base/str.h"
#include "core/base/text.h"
#include "core/base/vec.h"

#include <stdlib.h>
#include <string.h>

enum {
    SAID_MAX = 1000,  /* errors, and as many warnings: nobody reads more */
    TEXT_MAX = 4096,  /* bytes of one message: what it quotes may be huge */
    TEXT_TAIL = 1024, /* of those */
};

/* A column and its byte in a line. Problems are shown in their order, so the next one is mostly
 * behind it: a file may be one line. */
struct cursor {
    unsigned col; /* from 1; 0: nowhere yet */
    size_t at;
};

struct source {
    char *file;
    char *text; /* NULL: only seen in a position */
    size_t len;
    const char *at; /* the start of a line of it that was shown; NULL: none was */
    unsigned at_line;
    struct cursor cursor;
    struct str masked; /* that line without credentials, as many characters; empty: not made yet */
    struct cursor masked_cursor;
};

struct entry {
    struct diag diag; /* first: a struct diag of ours is an entry */
    size_t file_rank; /* of sources; files sort in the order they were first seen in */
    size_t seq;       /* keeps entries of one place in the order of their coming */
};

struct diags {
    VEC(struct source) sources;
    VEC(struct entry *) entries;
    struct map settled; /* paths */
    struct map seen;    /* everything that tells entries apart -> entry */
    size_t errors;
    size_t said[SEVERITY_ERROR + 1]; /* entries */
    bool sorted;
    bool strict, doubtful, too_large;
    size_t lax;            /* errors that only --strict makes */
    struct entry *dropped; /* the last one that was: its caller may still add to it */
};

struct diags *diags_new(void)
{
    return mem_calloc(1, sizeof(struct diags));
}

static void entry_free(struct entry *e)
{
    free(e->diag.path);
    free(e->diag.msg);
    free(e->diag.hint);
    free(e->diag.compat);
    for (size_t i = 0; i < e->diag.note_count; i++) {
        free((char *)e->diag.notes[i].loc.file);
        free(e->diag.notes[i].msg);
    }
    free(e->diag.notes);
    free(e);
}

void diags_free(struct diags *d)
{
    if (!d)
        return;
    for (size_t i = 0; i < d->sources.len; i++) {
        free(d->sources.items[i].file);
        free(d->sources.items[i].text);
        str_done(&d->sources.items[i].masked);
    }
    for (size_t i = 0; i < d->entries.len; i++)
        entry_free(d->entries.items[i]);
    if (d->dropped)
        entry_free(d->dropped);
    vec_done(&d->sources);
    vec_done(&d->entries);
    map_done(&d->seen);
    map_done(&d->settled);
    free(d);
}

/* Index of the file's source, made if new. "" stands for no file. */
static size_t source_rank(struct diags *d, const char *file)
{
    file = file ? file : "";
    for (size_t i = 0; i < d->sources.len; i++) {
        if (strcmp(d->sources.items[i].file, file) == 0)
            return i;
    }
    vec_push(&d->sources, ((struct source){.file = mem_strdup(file)}));
    return d->sources.len - 1;
}

/* Of two files with one name ("stdin") the first one's lines are shown; the other is only kept. */
const char *diags_source(struct diags *d, const char *file, struct str *text)
{
    size_t rank = source_rank(d, file);
    struct source *s;

    if (d->sources.items[rank].text) {
        rank = d->sources.len;
        vec_push(&d->sources, ((struct source){.file = mem_strdup(file)}));
    }
    s = &d->sources.items[rank];
    s->len = text->len;
    s->text = str_take(text);
    return s->text;
}

static bool is_inside_rune(char c)
{
    return ((unsigned char)c & 0xC0) == 0x80;
}

/* Takes the middle out of a text that is too long, whole runes. */
static void clip(struct str *text)
{
    AUTO_TEXT tail = {0};
    size_t head = TEXT_MAX - TEXT_TAIL, from;

    if (text->len <= TEXT_MAX)
        return;
    from = text->len - TEXT_TAIL;
    for (int i = 0; i < 3 && is_inside_rune(text->data[head]); i++)
        head--;
    for (int i = 0; i < 3 && is_inside_rune(text->data[from]); i++)
        from++;
    str_addn(&tail, text->data + from, text->len - from);
    str_cut(text, head);
    str_addf(text, " [...] %s", str_text(&tail));
}

static void replace_text(char **text, const char *fmt, va_list ap)
{
    AUTO_TEXT made = {0};
    struct str masked = {0};
    char *old = *text;

    str_addvf(&made, fmt, ap);
    secret_mask(str_text(&made), made.len, &masked);
    clip(&masked);
    *text = str_take(&masked);
    free(old);
}

static bool is_same_place(const struct loc *a, const struct loc *b)
{
    return a->line && a->line == b->line && a->col == b->col && str_eq(a->file, b->file);
}

/* Is it the path itself, or what that stands in? */
static bool is_around(const char *around, const char *path)
{
    size_t len = strlen(around);

    return strncmp(around, path, len) == 0 && (!path[len] || strchr(".[", path[len]));
}

static bool is_consequence(const struct diags *d, const struct diag *g)
{
    if (g->path && map_has(&d->settled, g->path))
        return true;
    if (!d->doubtful)
        return false;
    if (g->severity == SEVERITY_WARNING || !g->path)
        return true;
    for (size_t i = 0; i < d->entries.len; i++) {
        const struct diag *other = &d->entries.items[i]->diag;

        if (other->severity == SEVERITY_ERROR && (is_same_place(&g->loc, &other->loc) ||
                                                  (other->path && is_around(g->path, other->path))))
            return true;
    }
    return false;
}

static struct diag *drop(struct diags *d, struct entry *e)
{
    if (d->dropped)
        entry_free(d->dropped);
    d->dropped = e;
    e->diag.dropped = true;
    return &e->diag;
}

/* One more would be too many. The first of those is a word about it; it sorts behind all others. */
static struct diag *leave_out(struct diags *d, enum severity severity)
{
    struct entry *e = mem_calloc(1, sizeof *e);

    e->diag.severity = severity;
    e->file_rank = SIZE_MAX;
    e->seq = d->entries.len;
    d->errors += severity == SEVERITY_ERROR;
    d->sorted = false;
    if (d->said[severity]++ != SAID_MAX)
        return drop(d, e);
    e->diag.msg = mem_strdup(severity == SEVERITY_ERROR
                                 ? "too many errors: the first 1000 that were found are shown"
                                 : "too many warnings: the first 1000 that were found are shown");
    vec_push(&d->entries, e);
    return drop(d, mem_calloc(1, sizeof *e)); /* what the caller adds is not about this one */
}

static struct diag *add(struct diags *d, enum severity severity, struct loc loc, const char *path,
                        const char *fmt, va_list ap)
{
    AUTO_TEXT key = {0};
    AUTO_STR msg = NULL;
    struct entry *e;

    if (d->said[severity] >= SAID_MAX)
        return leave_out(d, severity);
    replace_text(&msg, fmt, ap);
    str_addf(&key, "%d\n%s\n%u\n%u\n%s\n%s", severity, loc.file ? loc.file : "", loc.line, loc.col,
             path ? path : "", msg);
    e = map_get(&d->seen, str_text(&key));
    if (e)
        return &e->diag;
    e = mem_calloc(1, sizeof *e);
    e->file_rank = source_rank(d, loc.file);
    e->seq = d->entries.len;
    e->diag.severity = severity;
    e->diag.loc = loc;
    if (loc.file) /* problems outlive the project the name lives in */
        e->diag.loc.file = d->sources.items[e->file_rank].file;
    e->diag.path = mem_strdup(path);
    e->diag.msg = take(msg);
    if (is_consequence(d, &e->diag))
        return drop(d, e);
    map_set(&d->seen, str_text(&key), e);
    vec_push(&d->entries, e);
    d->errors += severity == SEVERITY_ERROR;
    d->said[severity]++;
    d->sorted = false;
    return &e->diag;
}

struct diag *diags_error(struct diags *d, struct loc loc, const char *path, const char *fmt, ...)
{
    struct diag *g;
    va_list ap;

    va_start(ap, fmt);
    g = add(d, SEVERITY_ERROR, loc, path, fmt, ap);
    va_end(ap);
    return g;
}

struct diag *diags_warn(struct diags *d, struct loc loc, const char *path, const char *fmt, ...)
{
    struct diag *g;
    va_list ap;

    va_start(ap, fmt);
    g = add(d, SEVERITY_WARNING, loc, path, fmt, ap);
    va_end(ap);
    return g;
}

struct diag *diags_lax(struct diags *d, struct loc loc, const char *path, const char *fmt, ...)
{
    struct diag *g;
    size_t before;
    va_list ap;

    va_start(ap, fmt);
    before = d->errors;
    g = add(d, d->strict ? SEVERITY_ERROR : SEVERITY_WARNING, loc, path, fmt, ap);
    d->lax += d->errors - before;
    va_end(ap);
    return g;
}

void diags_set_strict(struct diags *d, bool strict)
{
    d->strict = strict;
}

bool diags_is_strict(const struct diags *d)
{
    return d->strict;
}

void diag_note(struct diag *g, struct loc loc, const char *fmt, ...)
{
    AUTO_STR msg = NULL;
    va_list ap;

    va_start(ap, fmt);
    replace_text(&msg, fmt, ap);
    va_end(ap);
    for (size_t i = 0; i < g->note_count; i++)
        if (strcmp(g->notes[i].msg, msg) == 0)
            return;
    g->notes = mem_realloc(g->notes, (g->note_count + 1) * sizeof *g->notes);
    loc.file = mem_strdup(loc.file); /* problems outlive the project the name lives in */
    g->notes[g->note_count++] = (struct diag_note){.loc = loc, .msg = take(msg)};
}

void diag_hint(struct diag *g, const char *fmt, ...)
{
    va_list ap;

    va_start(ap, fmt);
    replace_text(&g->hint, fmt, ap);
    va_end(ap);
}

void diag_compat(struct diag *g, const char *fmt, ...)
{
    va_list ap;

    va_start(ap, fmt);
    replace_text(&g->compat, fmt, ap);
    va_end(ap);
}

void diags_err(struct diags *d, const struct err *err)
{
    diags_error(d, err->loc, NULL, "%s", err_text(err));
}

void diags_settle(struct diags *d, const struct diag *g)
{
    if (g->path)
        map_set(&d->settled, g->path, d);
}

void diags_set_doubtful(struct diags *d)
{
    d->doubtful = true;
}

bool diags_is_doubtful(const struct diags *d)
{
    return d->doubtful;
}

int diags_too_large(struct diags *d, struct loc loc, const char *path, const char *what)
{
    if (!d->too_large)
        diag_hint(diags_error(d, loc, path, "%s makes the project too large", what),
                  "what is repeated takes its memory each time");
    d->too_large = true;
    return -1;
}

bool diags_is_too_large(const struct diags *d)
{
    return d->too_large;
}

bool diags_is_broken(const struct diags *d)
{
    return d->errors > d->lax;
}

bool diags_has_errors(const struct diags *d)
{
    return d->errors > 0;
}

size_t diags_count(const struct diags *d)
{
    return d->entries.len;
}

static int compare_numbers(size_t a, size_t b)
{
    return (a > b) - (a < b);
}

static int compare_entries(const void *pa, const void *pb)
{
    const struct entry *a = *(struct entry *const *)pa, *b = *(struct entry *const *)pb;
    int order = compare_numbers(a->file_rank, b->file_rank);

    if (!order)
        order = compare_numbers(a->diag.loc.line, b->diag.loc.line);
    if (!order)
        order = compare_numbers(a->diag.loc.col, b->diag.loc.col);
    return order ? order : compare_numbers(a->seq, b->seq);
}

const struct diag *diags_at(struct diags *d, size_t i)
{
    if (!d->sorted && d->entries.len)
        qsort(d->entries.items, d->entries.len, sizeof(struct entry *), compare_entries);
    d->sorted = true;
    return &d->entries.items[i]->diag;
}

/* ---- text ---- */

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

static void add_snippet(struct source *s, const struct diag *g, struct str *out)
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

static struct source *source_of(const struct diags *d, const char *file)
{
    for (size_t i = 0; file && i < d->sources.len; i++) {
        if (strcmp(d->sources.items[i].file, file) == 0)
            return &d->sources.items[i];
    }
    return NULL;
}

unsigned diags_width(const struct diags *d, const struct diag *g)
{
    struct source *s = source_of(d, g->loc.file);
    const char *line;
    size_t len;

    if (g->width || !s || !s->text || !g->loc.line || !g->loc.col ||
        !find_line(s, g->loc.line, &line, &len))
        return g->width;
    return (unsigned)mark_width(s, g, line, len);
}

void diags_format(struct diags *d, const struct diag *g, struct str *out)
{
    struct source *s = source_of(d, g->loc.file);

    if (!str_empty(g->loc.file))
        str_addf(out, "%s:", g->loc.file);
    if (!str_empty(g->loc.file) && g->loc.line)
        str_addf(out, "%u:", g->loc.line);
    if (!str_empty(g->loc.file) && g->loc.line && g->loc.col)
        str_addf(out, "%u:", g->loc.col);
    if (!str_empty(g->loc.file))
        str_addc(out, ' ');
    str_add(out, g->severity == SEVERITY_ERROR ? "error: " : "warning: ");
    if (!str_empty(g->path))
        str_addf(out, "%s: ", g->path);
    str_addf(out, "%s\n", g->msg);
    if (s && s->text && g->loc.line)
        add_snippet(s, g, out);
    for (size_t i = 0; i < g->note_count; i++)
        str_addf(out, "      = note: %s\n", g->notes[i].msg);
    if (g->hint)
        str_addf(out, "      = hint: %s\n", g->hint);
}
