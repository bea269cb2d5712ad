#include "core/load/dotenv.h"

#include "core/base/arena.h"
#include "core/base/attr.h" /* ARRAY_LEN */
#include "core/base/diags.h"
#include "core/base/secret.h"
#include "core/base/str.h"
#include "core/base/text.h"
#include "core/load/env.h"
#include "core/load/interpolate.h"
#include "core/yaml/origin.h"

#include <string.h>

enum { RAW_LINE_MAX = 64 * 1024 };
#define NUL_VALUE "a value cannot contain the character NUL"

/* Messages never show values: these files are where passwords live. For the same reason they are
 * not registered for snippets. */
struct reader {
    struct arena *arena;
    struct diags *diags;
    const char *file;
    const char *at, *end;
    unsigned line;
    const char *line_start;
    const struct env *env, *seen;
    struct env *own; /* keys read so far */
    struct dotenv *ret;
    bool failed;
};

static struct loc here(const struct reader *r, const char *at)
{
    struct loc loc = {.file = r->file, .line = r->line, .col = 1};

    for (const char *s = r->line_start; s < at; s++)
        loc.col += ((unsigned char)*s & 0xC0) != 0x80;
    return loc;
}

static int fail(struct reader *r, struct loc loc, const char *msg)
{
    diag_compat(diags_error(r->diags, loc, NULL, "%s", msg), "failed to read %s: line %u: %s",
                r->file, loc.line, msg);
    r->failed = true;
    return -1;
}

static void next_line(struct reader *r)
{
    r->line++;
    r->line_start = r->at;
}

/* --- look-up --- */

static const struct variable *look_up_read(void *owner, const char *name)
{
    const struct reader *r = owner;
    const struct variable *v = env_find(r->seen, name);

    return v ? v : env_find(r->own, name);
}

static struct variable *add_entry(struct reader *r, const char *key, const char *value,
                                  struct loc loc)
{
    struct dotenv *d = r->ret;
    struct variable *v = variable_new(r->arena, key, value, loc);

    d->entries = arena_grow(r->arena, d->entries, d->len, &d->cap, d->len + 1, sizeof *d->entries);
    d->entries[d->len++] =
        (struct dotenv_entry){.key = v->name, .value = v->value, .loc = loc, .variable = v};
    if (r->own)
        env_take(r->own, v);
    return v;
}

static int check_size(struct reader *r, struct loc loc)
{
    if (!arena_is_over(r->arena))
        return 0;
    r->failed = true;
    return diags_too_large(r->diags, loc, NULL, "reading this file");
}

/* A key alone takes the value the name has outside, or is as if it were not there. */
static void add_inherited(struct reader *r, const char *key, struct loc loc)
{
    const struct variable *v = env_find(r->env, key);
    struct variable *made;
    struct origin *o;

    v = v ? v : look_up_read(r, key);
    if (!v)
        return;
    made = add_entry(r, key, v->value, loc);
    o = origin_add(r->arena, &made->origin, ORIGIN_PASS, loc);
    o->variable = v;
    origin_text(o, made->name);
    made->secret = made->secret || v->secret;
}

static int expand(struct reader *r, const char *key, struct loc loc, const char *text,
                  struct str *out, struct interpolated *ret)
{
    struct interpolation in = {.arena = r->arena,
                               .diags = r->diags,
                               .env = r->env,
                               .lookup = look_up_read,
                               .owner = r,
                               .hide_text = is_secret_name(key)};

    if (interpolate_text(&in, loc, NULL, text, out, ret) == 0)
        return 0;
    r->failed = true;
    return -1;
}

/* --- keys --- */

/* The blanks that may stand within a line. */
static bool is_blank(uint32_t c)
{
    return c == ' ' || c == '\t' || c == '\v' || c == '\f' || c == '\r' || c == 0x85 || c == 0xA0;
}

/* A byte that is no text counts as a rune of its own. */
static size_t next_rune(const char *s, const char *end, uint32_t *ret)
{
    size_t width = utf8_decode(s, (size_t)(end - s), ret);

    return width ? width : 1;
}

static void skip_blanks(struct reader *r)
{
    uint32_t c;

    for (size_t width; r->at < r->end; r->at += width) {
        width = next_rune(r->at, r->end, &c);
        if (!is_blank(c))
            return;
    }
}

/* Where the text ends without the spaces at its end. */
static const char *trim_end(const char *start, const char *end)
{
    while (end > start) {
        const char *last = end - 1;
        uint32_t c;

        while (last > start && ((unsigned char)*last & 0xC0) == 0x80)
            last--;
        next_rune(last, end, &c);
        if (!rune_is_space(c))
            break;
        end = last;
    }
    return end;
}

/* Letters and digits of any script. Of what is not ASCII the blocks of marks and symbols are left
 * out. */
static bool is_key_rune(uint32_t c)
{
    static const struct {
        uint32_t first, last;
    } symbols[] = {
        {0x80, 0xA9},       {0xAB, 0xB1},       {0xB4, 0xB4},        {0xB6, 0xB8},
        {0xBB, 0xBB},       {0xBF, 0xBF},       {0xD7, 0xD7},        {0xF7, 0xF7},
        {0x2C2, 0x2C5},     {0x300, 0x36F},     {0x2000, 0x206F},    {0x207A, 0x207E},
        {0x208A, 0x208E},   {0x20A0, 0x20FF},   {0x2190, 0x245F},    {0x249C, 0x24E9},
        {0x2500, 0x2775},   {0x2794, 0x2BFF},   {0x3000, 0x3004},    {0xD800, 0xF8FF},
        {0xFE00, 0xFE6F},   {0xFEFF, 0xFEFF},   {0xFFF0, 0xFFFF},    {0x1D000, 0x1D24F},
        {0x1F000, 0x1F0FF}, {0x1F10D, 0x1FBEF}, {0xE0000, 0x10FFFF},
    };

    if (c < 0x80)
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
               (c && strchr("_.-[]", (int)c));
    for (size_t i = 0; i < ARRAY_LEN(symbols); i++)
        if (c >= symbols[i].first && c <= symbols[i].last)
            return false;
    return true;
}

static void drop_export(struct reader *r)
{
    uint32_t c;

    if (r->end - r->at <= 6 || memcmp(r->at, "export", 6) != 0)
        return;
    next_rune(r->at + 6, r->end, &c);
    if (!is_blank(c))
        return;
    r->at += 6;
    skip_blanks(r);
}

/* What stands on the line of a value, behind it, may be a part of it, badly quoted. */
static bool is_behind_value(const struct reader *r, const char *key)
{
    for (const char *s = r->line_start; s < key; s++)
        if (!is_blank((unsigned char)*s))
            return true;
    return false;
}

static int bad_rune(struct reader *r, size_t width, const char *line, bool hidden)
{
    size_t len = strcspn(line, "=\n"); /* not the value */
    const char *name = hidden ? SECRET_MASK : arena_strndup(r->arena, line, len);

    return fail(r, here(r, r->at),
                arena_printf(r->arena, "unexpected character \"%.*s\" in variable name \"%s\"",
                             (int)width, r->at, name));
}

/* Leaves r->at on the '=', ':' or newline behind the key, or at the end. */
static const char *read_key(struct reader *r)
{
    bool behind_value = is_behind_value(r, r->at);
    const char *start, *key;

    drop_export(r);
    start = r->at;
    while (r->at < r->end && *r->at != '=' && *r->at != ':' && *r->at != '\n') {
        uint32_t c;
        size_t width = next_rune(r->at, r->end, &c);

        if (!is_blank(c) && !is_key_rune(c)) {
            bad_rune(r, width, start, behind_value);
            return NULL;
        }
        r->at += width;
    }
    key = arena_strndup(r->arena, start, (size_t)(trim_end(start, r->at) - start));
    if (!strchr(key, ' '))
        return key;
    fail(r, here(r, start), "key cannot contain a space");
    return NULL;
}

/* --- values --- */

/* One escape behind a backslash; returns how many characters it takes, 0 when it is none. */
static size_t unescape(const char *s, const char *end, struct str *out)
{
    static const char letters[] = "abfnrtv\\\"", mean[] = "\a\b\f\n\r\t\v\\\"";
    const char *at = s < end && *s ? strchr(letters, *s) : NULL;
    size_t digits = 1;

    if (at) {
        str_addc(out, mean[at - letters]);
        return 1;
    }
    if (s < end && *s == '$') {
        str_add(out, "$$"); /* stays a dollar when variables are put in */
        return 1;
    }
    if (s == end || *s != '0')
        return 0;
    while (digits < 4 && s + digits < end && s[digits] >= '0' && s[digits] <= '9')
        digits++;
    if (digits == 4 && s[1] <= '3' && s[2] <= '7' && s[3] <= '7') {
        utf8_encode((uint32_t)((s[1] - '0') * 64 + (s[2] - '0') * 8 + (s[3] - '0')), out);
    } else {
        str_addc(out, '\\');
        str_addn(out, s + 1, digits - 1);
    }
    return digits;
}

static void unescape_all(const char *s, size_t len, struct str *out)
{
    for (const char *end = s + len; s < end;) {
        const char *backslash = memchr(s, '\\', (size_t)(end - s));
        size_t used;

        str_addn(out, s, (size_t)((backslash ? backslash : end) - s));
        if (!backslash)
            return;
        used = unescape(backslash + 1, end, out);
        if (!used)
            str_addc(out, '\\');
        s = backslash + 1 + used;
    }
}

/* What stands between the quotes; only the quote itself loses its backslash here. */
static int read_quoted(struct reader *r, struct str *out)
{
    const char quote = *r->at, *plain = ++r->at; /* what is not copied yet */
    struct loc loc = here(r, r->at - 1);

    for (; r->at < r->end && *r->at != quote; r->at++) {
        if (*r->at == '\\' && r->at + 1 < r->end && *++r->at == quote) {
            str_addn(out, plain, (size_t)(r->at - 1 - plain));
            plain = r->at;
        }
        if (*r->at == '\n') {
            r->line++;
            r->line_start = r->at + 1;
        }
    }
    str_addn(out, plain, (size_t)(r->at - plain));
    if (r->at == r->end)
        return fail(r, loc, "unterminated quoted value");
    r->at++;
    return 0;
}

static void read_unquoted(struct reader *r, struct str *out)
{
    const char *start = r->at, *end;

    while (r->at < r->end && *r->at != '\n')
        r->at++;
    for (end = start; end < r->at; end++)
        if (end[0] == ' ' && end + 1 < r->at && end[1] == '#')
            break;
    str_addn(out, start, (size_t)(trim_end(start, end) - start));
}

/* The rest of a value that a quote inside of a ${} has ended. */
static void skip_torn(struct reader *r)
{
    if (r->at < r->end && !is_blank((unsigned char)*r->at))
        while (r->at < r->end && *r->at != '\n')
            r->at++;
}

static bool has_nul(const struct str *s)
{
    return s->len && memchr(s->data, '\0', s->len);
}

static int read_value(struct reader *r, const char *key, struct loc key_loc)
{
    AUTO_TEXT raw = {0};
    AUTO_TEXT text = {0};
    AUTO_TEXT value = {0};
    struct interpolated in = {0};
    struct variable *v = NULL;
    const char *template;
    struct loc loc;
    char quote;

    skip_blanks(r);
    loc = here(r, r->at);
    quote = r->at < r->end && (*r->at == '"' || *r->at == '\'') ? *r->at : '\0';
    if (quote ? read_quoted(r, &raw) < 0 : (read_unquoted(r, &raw), false))
        return -1;
    if (quote == '"')
        unescape_all(str_text(&raw), raw.len, &text);
    if (has_nul(&raw) || has_nul(&text))
        return fail(r, loc, NUL_VALUE);
    template = str_text(quote == '"' ? &text : &raw);
    if (quote == '\'' || !strchr(template, '$'))
        v = add_entry(r, key, template, key_loc);
    else if (expand(r, key, loc, arena_strdup(r->arena, template), &value, &in) == 0)
        v = add_entry(r, key, str_text(&value), key_loc);
    else
        skip_torn(r);
    if (v) {
        v->at = loc;
        v->origin = in.origin;
        v->secret = v->secret || in.secret;
    }
    return 0;
}

/* Returns false at the end of the text. Newlines are counted. */
static bool next_statement(struct reader *r)
{
    while (r->at < r->end) {
        uint32_t c;
        size_t width = next_rune(r->at, r->end, &c);

        if (c == '#') {
            while (r->at < r->end && *r->at != '\n')
                r->at++;
            continue;
        }
        if (!rune_is_space(c))
            return true;
        r->at += width;
        if (c == '\n')
            next_line(r);
    }
    return false;
}

static void skip_bom(const char **text, size_t *len)
{
    if (*len >= 3 && memcmp(*text, "\xEF\xBB\xBF", 3) == 0) {
        *text += 3;
        *len -= 3;
    }
}

static int parse(struct reader *r, const char *text, size_t len)
{
    skip_bom(&text, &len);
    r->file = arena_strdup(r->arena, r->file);
    r->line = 1;
    *r->ret = (struct dotenv){0};
    r->at = r->line_start = text;
    r->end = text + len;
    while (next_statement(r)) {
        struct loc loc = here(r, r->at);
        const char *key = read_key(r);

        if (!key || check_size(r, loc) < 0)
            return -1;
        if (r->at == r->end || *r->at == '\n') {
            add_inherited(r, key, loc);
            continue;
        }
        r->at++; /* '=' or ':' */
        if (read_value(r, key, loc) < 0)
            return -1;
    }
    return r->failed ? -1 : 0;
}

int dotenv_parse(struct arena *a, struct diags *diags, const char *file, const char *text,
                 size_t len, const struct env *env, const struct env *seen, struct dotenv *ret)
{
    struct reader r = {.arena = a,
                       .diags = diags,
                       .file = file,
                       .env = env,
                       .seen = seen,
                       .own = env_new(a),
                       .ret = ret};

    return parse(&r, text, len);
}

int dotenv_parse_env_file(struct arena *a, struct diags *diags, const char *file, const char *text,
                          size_t len, const struct env *env, struct env *seen, struct dotenv *ret)
{
    struct reader r = {.arena = a,
                       .diags = diags,
                       .file = file,
                       .env = env,
                       .own = env_scope(a, seen),
                       .ret = ret};

    return parse(&r, text, len);
}

/* --- raw --- */

static int raw_fail(struct reader *r, const char *msg)
{
    diag_compat(diags_error(r->diags, here(r, r->at), NULL, "%s", msg),
                "failed to parse env_file %s: %s", r->file, msg);
    return -1;
}

static int raw_line(struct reader *r, const char *s, const char *end)
{
    const char *equals;
    const char *key;
    uint32_t c;

    for (size_t width; s < end; s += width) {
        width = next_rune(s, end, &c);
        if (!rune_is_space(c))
            break;
    }
    if (s == end || *s == '#')
        return 0;
    equals = memchr(s, '=', (size_t)(end - s));
    key = arena_strndup(r->arena, s, (size_t)((equals ? equals : end) - s));
    if (strpbrk(key, " \t"))
        return raw_fail(r, arena_printf(r->arena, "variable '%s' contains whitespaces", key));
    if (!*key)
        return raw_fail(r, "no variable name on line");
    if (strlen(key) < (size_t)((equals ? equals : end) - s))
        return raw_fail(r, "a variable name cannot contain the character NUL");
    if (memchr(s, '\0', (size_t)(end - s)))
        return raw_fail(r, NUL_VALUE);
    if (check_size(r, here(r, s)) < 0)
        return -1;
    if (equals)
        add_entry(r, key, arena_strndup(r->arena, equals + 1, (size_t)(end - equals - 1)),
                  here(r, s))
            ->at = here(r, equals + 1);
    else
        add_inherited(r, key, here(r, s));
    return 0;
}

int dotenv_parse_raw(struct arena *a, struct diags *diags, const char *file, const char *text,
                     size_t len, const struct env *env, struct dotenv *ret)
{
    struct reader r = {.arena = a,
                       .diags = diags,
                       .file = arena_strdup(a, file),
                       .line = 1,
                       .env = env,
                       .ret = ret};

    skip_bom(&text, &len);
    *ret = (struct dotenv){0};
    r.line_start = r.at = text;
    r.end = text + len;
    for (; r.at < r.end; next_line(&r)) {
        const char *newline = memchr(r.at, '\n', (size_t)(r.end - r.at));
        const char *stop = newline ? newline : r.end;
        size_t length = (size_t)(stop - r.at);

        if (length >= RAW_LINE_MAX)
            return raw_fail(&r, "token too long: a line has more than 65535 bytes");
        if (!utf8_valid(r.at, length))
            return raw_fail(&r, "env file contains invalid utf8 bytes");
        if (raw_line(&r, r.at, length && stop[-1] == '\r' ? stop - 1 : stop) < 0)
            return -1;
        r.at = newline ? newline + 1 : r.end;
    }
    return 0;
}
