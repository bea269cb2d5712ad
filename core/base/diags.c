#include "core/base/diags.h"

#include "core/base/map.h"
#include "core/base/mem.h"
#include "core/base/secret.h"
#include "core/base/snippet.h"
#include "core/base/str.h"
#include "core/base/vec.h"

#include <stdlib.h>
#include <string.h>

enum {
    SAID_MAX = 1000,  /* errors, and as many warnings: nobody reads more */
    TEXT_MAX = 4096,  /* bytes of one message: what it quotes may be huge */
    TEXT_TAIL = 1024, /* of those */
    SECRET_MIN = 4,   /* bytes of a value that is looked for */
};

struct entry {
    struct diag diag; /* first: a struct diag of ours is an entry */
    size_t file_rank; /* of sources; files sort in the order they were first seen in */
    size_t seq;       /* keeps entries of one place in the order of their coming */
    unsigned pass;
    const struct diags *diags; /* it stands in */
};

struct diags {
    VEC(struct source) sources;
    VEC(struct entry *) entries;
    struct map settled; /* paths */
    struct map secrets; /* values */
    struct map seen;    /* everything that tells entries apart -> entry */
    size_t errors;
    size_t said[SEVERITY_ERROR + 1]; /* entries */
    bool sorted;
    bool strict, doubtful, too_large;
    unsigned pass;
    size_t lax;            /* errors that only --strict makes */
    struct entry *dropped; /* the last one that was: its caller may still add to it */
};

struct diags *diags_new(void)
{
    return mem_calloc(1, sizeof(struct diags));
}

static struct entry *entry_new(const struct diags *d)
{
    struct entry *e = mem_calloc(1, sizeof *e);

    e->diags = d;
    return e;
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
    for (size_t i = 0; i < d->sources.len; i++)
        source_done(&d->sources.items[i]);
    for (size_t i = 0; i < d->entries.len; i++)
        entry_free(d->entries.items[i]);
    if (d->dropped)
        entry_free(d->dropped);
    vec_done(&d->sources);
    vec_done(&d->entries);
    map_done(&d->seen);
    map_done(&d->settled);
    map_done(&d->secrets);
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

static void mask_value(struct str *text, const char *value)
{
    AUTO_TEXT masked = {0};
    const char *from = str_text(text), *at = strstr(from, value);

    if (!at)
        return;
    for (; at; at = strstr(from, value)) {
        str_addn(&masked, from, (size_t)(at - from));
        str_add(&masked, SECRET_MASK);
        from = at + strlen(value);
    }
    str_add(&masked, from);
    str_cut(text, 0);
    str_addn(text, str_text(&masked), masked.len);
}

static void mask_values(const struct diags *d, struct str *text)
{
    for (size_t i = 0; i < d->secrets.len; i++)
        mask_value(text, d->secrets.entries[i].key);
}

static void replace_text(const struct diags *d, char **text, const char *fmt, va_list ap)
{
    AUTO_TEXT made = {0};
    struct str masked = {0};
    char *old = *text;

    str_addvf(&made, fmt, ap);
    secret_mask(str_text(&made), made.len, &masked);
    mask_values(d, &masked);
    clip(&masked);
    *text = str_take(&masked);
    free(old);
}

/* Who gives it out. */
static const struct diags *diags_of(const struct diag *g)
{
    return ((const struct entry *)g)->diags;
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
    if (d->doubtful && (g->severity == SEVERITY_WARNING || !g->path))
        return true;
    if (g->severity == SEVERITY_WARNING)
        return false;
    for (size_t i = 0; i < d->entries.len; i++) {
        const struct entry *e = d->entries.items[i];
        const struct diag *other = &e->diag;
        bool same = is_same_place(&g->loc, &other->loc);

        if (other->severity == SEVERITY_ERROR &&
            ((same && (d->doubtful || e->pass < d->pass)) ||
             (d->doubtful && other->path && is_around(g->path, other->path))))
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
    struct entry *e = entry_new(d);

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
    return drop(d, entry_new(d)); /* what the caller adds is not about this one */
}

static struct diag *add(struct diags *d, enum severity severity, struct loc loc, const char *path,
                        const char *fmt, va_list ap)
{
    AUTO_TEXT key = {0};
    AUTO_TEXT shown = {0};
    AUTO_STR msg = NULL;
    struct entry *e;

    if (d->said[severity] >= SAID_MAX)
        return leave_out(d, severity);
    replace_text(d, &msg, fmt, ap);
    if (path && d->secrets.len) {
        str_add(&shown, path);
        mask_values(d, &shown);
        path = str_text(&shown);
    }
    str_addf(&key, "%d\n%s\n%u\n%u\n%s\n%s", severity, loc.file ? loc.file : "", loc.line, loc.col,
             path ? path : "", msg);
    e = map_get(&d->seen, str_text(&key));
    if (e)
        return &e->diag;
    e = entry_new(d);
    e->file_rank = source_rank(d, loc.file);
    e->seq = d->entries.len;
    e->pass = d->pass;
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
    replace_text(diags_of(g), &msg, fmt, ap);
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
    replace_text(diags_of(g), &g->hint, fmt, ap);
    va_end(ap);
}

void diag_compat(struct diag *g, const char *fmt, ...)
{
    va_list ap;

    va_start(ap, fmt);
    replace_text(diags_of(g), &g->compat, fmt, ap);
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

void diags_secret(struct diags *d, const char *value)
{
    if (strlen(value) >= SECRET_MIN)
        map_set(&d->secrets, value, d);
}

void diags_next_pass(struct diags *d)
{
    d->pass++;
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

    return s && s->text && g->loc.line ? source_width(s, g) : g->width;
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
        source_snippet(s, g, out);
    for (size_t i = 0; i < g->note_count; i++)
        str_addf(out, "      = note: %s\n", g->notes[i].msg);
    if (g->hint)
        str_addf(out, "      = hint: %s\n", g->hint);
}
