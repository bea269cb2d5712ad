#include "drivers/docker/ignore.h"

#include "core/base/arena.h"
#include "core/base/err.h"
#include "core/base/path.h"
#include "core/base/str.h"
#include "core/base/text.h"
#include "core/base/vec.h"

#include <ctype.h>
#include <stdint.h>
#include <string.h>

/* A pattern is a list of tokens; matching walks all ways through it at once, so it takes no more
 * than length of path times length of pattern, whatever is written. */
enum token_kind {
    TOKEN_CHAR,
    TOKEN_ANY_CHAR,  /* ?: not a slash */
    TOKEN_CLASS,     /* [...] */
    TOKEN_ANY_TEXT,  /* *: no slash in it */
    TOKEN_ANY_DEPTH, /* the start of ** or **-slash in the middle: nothing, or go on with the next
                        token */
    TOKEN_IN_DEPTH,  /* inside of it: anything up to and including a slash */
    TOKEN_ALL,       /* ** at the end */
};

struct token {
    enum token_kind kind;
    uint32_t rune;
    const char *class_text; /* between the brackets */
    size_t class_len;
};

struct pattern {
    bool exception;
    const char *text;
    bool plain; /* no wildcards: equal or not */
    struct token *tokens;
    size_t len, cap;
};

struct ignore {
    struct arena *arena;
    VEC(struct pattern) patterns;
    size_t tokens_max;
};

/* ---- reading ---- */

static void add_token(struct ignore *ig, struct pattern *p, struct token t)
{
    p->tokens = arena_grow(ig->arena, p->tokens, p->len, &p->cap, p->len + 1, sizeof *p->tokens);
    p->tokens[p->len++] = t;
    if (t.kind != TOKEN_CHAR)
        p->plain = false;
}

static size_t rune_at(const char *s, uint32_t *ret)
{
    size_t len = utf8_decode(s, strlen(s), ret);

    if (!len) {
        *ret = 0xDC00U + (unsigned char)*s; /* a byte that is no UTF-8 stands for itself */
        len = 1;
    }
    return len;
}

/* At '['. Returns what follows the ']', or NULL. */
static const char *read_class(struct ignore *ig, struct pattern *p, const char *s)
{
    const char *start = ++s;

    if (*s == '^')
        s++;
    if (*s == ']')
        return NULL; /* empty */
    for (; *s && *s != ']'; s++) {
        if (*s == '\\' && !*++s)
            return NULL;
    }
    if (!*s)
        return NULL;
    add_token(
        ig, p,
        (struct token){.kind = TOKEN_CLASS, .class_text = start, .class_len = (size_t)(s - start)});
    return s + 1;
}

/* "**" was read. Followed by nothing: all the rest; else any number of directories, none too. A
 * slash after it belongs to it. */
static const char *read_depth(struct ignore *ig, struct pattern *p, const char *s)
{
    bool at_start = p->len == 0;

    if (!*s) {
        add_token(ig, p, (struct token){.kind = TOKEN_ALL});
    } else if (at_start && *s != '/' && !strpbrk(s, "*?[\\")) {
        add_token(ig, p, (struct token){.kind = TOKEN_ALL}); /* "**.c": any path that ends so */
    } else {
        s += *s == '/';
        if (!*s) {
            add_token(ig, p, (struct token){.kind = TOKEN_ALL});
            return s;
        }
        add_token(ig, p, (struct token){.kind = TOKEN_ANY_DEPTH});
        add_token(ig, p, (struct token){.kind = TOKEN_IN_DEPTH});
    }
    return s;
}

static int compile(struct ignore *ig, struct pattern *p, const char *s)
{
    p->plain = true;
    while (s && *s) {
        struct token t = {.kind = TOKEN_CHAR};

        if (s[0] == '*' && s[1] == '*') {
            s = read_depth(ig, p, s + 2);
            continue;
        }
        if (*s == '[') {
            s = read_class(ig, p, s);
            continue;
        }
        if (*s == '*') {
            t.kind = TOKEN_ANY_TEXT;
            s++;
        } else if (*s == '?') {
            t.kind = TOKEN_ANY_CHAR;
            s++;
        } else {
            if (*s == '\\') {
                p->plain = false; /* the text is not what it matches */
                if (!*++s)
                    return -1;
            }
            s += rune_at(s, &t.rune);
        }
        add_token(ig, p, t);
    }
    return s ? 0 : -1;
}

static char *trimmed(struct arena *a, const char *text, size_t len)
{
    while (len && isspace((unsigned char)*text))
        text++, len--;
    while (len && isspace((unsigned char)text[len - 1]))
        len--;
    return arena_strndup(a, text, len);
}

static int add_line(struct ignore *ig, const char *text, size_t len, unsigned number,
                    struct err *err)
{
    struct pattern p = {0};
    const char *line = trimmed(ig->arena, text, len), *pattern = line;

    if (text[0] == '#' || !*line)
        return 0;
    if (*pattern == '!') {
        p.exception = true;
        pattern = trimmed(ig->arena, pattern + 1, strlen(pattern + 1));
        if (!*pattern)
            return err_set(err, ERR_INVALID, loc_none(),
                           "line %u: illegal exclusion pattern: \"!\"", number);
    }
    pattern = path_clean(ig->arena, pattern);
    if (pattern[0] == '/' && pattern[1])
        pattern++;
    p.text = pattern;
    if (compile(ig, &p, pattern) < 0)
        return err_set(err, ERR_INVALID, loc_none(), "line %u: syntax error in pattern '%s'",
                       number, line);
    if (p.len > ig->tokens_max)
        ig->tokens_max = p.len;
    vec_push(&ig->patterns, p);
    return 0;
}

struct ignore *ignore_parse(const char *text, size_t len, struct err *err)
{
    struct ignore *ig = mem_calloc(1, sizeof *ig);
    const char *end = text + len;
    unsigned number = 0;

    ig->arena = arena_new();
    if (len >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0)
        text += 3;
    while (text < end) {
        const char *newline = memchr(text, '\n', (size_t)(end - text));
        const char *stop = newline ? newline : end;

        if (add_line(ig, text, (size_t)(stop - text), ++number, err) < 0) {
            ignore_free(ig);
            return NULL;
        }
        text = stop + 1;
    }
    return ig;
}

void ignore_free(struct ignore *ig)
{
    if (!ig)
        return;
    vec_done(&ig->patterns);
    arena_free(ig->arena);
    free(ig);
}

/* ---- matching ---- */

static bool class_has(const struct token *t, uint32_t rune)
{
    const char *s = t->class_text, *end = s + t->class_len;
    bool negated = *s == '^', found = false;

    s += negated;
    while (s < end) {
        uint32_t low, high;

        s += *s == '\\';
        s += rune_at(s, &low);
        high = low;
        if (s + 1 < end && *s == '-') {
            s++;
            s += *s == '\\';
            s += rune_at(s, &high);
        }
        found = found || (rune >= low && rune <= high);
    }
    return found != negated;
}

/* Token i is reached: so are those after it which may be nothing. */
static void reach(const struct pattern *p, bool *at, size_t i)
{
    while (!at[i]) {
        at[i] = true;
        if (i == p->len)
            return;
        if (p->tokens[i].kind == TOKEN_ANY_DEPTH)
            reach(p, at, i + 2); /* at most as deep as the pattern has ** */
        else if (p->tokens[i].kind != TOKEN_ANY_TEXT && p->tokens[i].kind != TOKEN_ALL)
            return;
        i++;
    }
}

/* One character further. */
static void advance(const struct pattern *p, const bool *at, bool *next, uint32_t rune)
{
    for (size_t i = 0; i < p->len; i++) {
        const struct token *t = &p->tokens[i];

        if (!at[i])
            continue;
        switch (t->kind) {
        case TOKEN_CHAR:
            if (rune == t->rune)
                reach(p, next, i + 1);
            break;
        case TOKEN_ANY_CHAR:
            if (rune != '/')
                reach(p, next, i + 1);
            break;
        case TOKEN_CLASS:
            if (class_has(t, rune))
                reach(p, next, i + 1);
            break;
        case TOKEN_ANY_TEXT:
            if (rune != '/')
                reach(p, next, i);
            break;
        case TOKEN_ANY_DEPTH:
            break;
        case TOKEN_IN_DEPTH:
            next[i] = true;
            if (rune == '/')
                reach(p, next, i + 1);
            break;
        case TOKEN_ALL:
            reach(p, next, i);
            break;
        }
    }
}

/* `states` has room for two sets of tokens_max + 1. */
static bool pattern_match(const struct pattern *p, const char *path, bool *states,
                          size_t states_max)
{
    bool *at = states, *next = states + states_max;

    if (p->plain)
        return strcmp(p->text, path) == 0;
    memset(at, 0, states_max);
    reach(p, at, 0);
    while (*path) {
        uint32_t rune;
        bool *old = at;

        path += rune_at(path, &rune);
        memset(next, 0, states_max);
        advance(p, at, next, rune);
        if (!memchr(next, true, p->len + 1))
            return false;
        at = next;
        next = old;
    }
    return at[p->len];
}

size_t ignore_count(const struct ignore *ig)
{
    return ig->patterns.len;
}

bool ignore_walk(const struct ignore *ig, const char *path, const bool *parent, bool *ret)
{
    size_t states_max = ig->tokens_max + 1;
    bool *states = mem_alloc(2 * states_max);
    bool ignored = false;

    for (size_t i = 0; i < ig->patterns.len; i++) {
        const struct pattern *p = &ig->patterns.items[i];

        ret[i] = (parent && parent[i]) || pattern_match(p, path, states, states_max);
        if (ret[i])
            ignored = !p->exception;
    }
    free(states);
    return ignored;
}

bool ignore_match(const struct ignore *ig, const char *path)
{
    bool *parent = mem_calloc(ig->patterns.len + 1, sizeof *parent);
    bool *own = mem_calloc(ig->patterns.len + 1, sizeof *own);
    bool ignored = false;

    for (const char *rest = path; rest;) {
        const char *slash = strchr(rest, '/');
        AUTO_STR part = mem_strndup(path, slash ? (size_t)(slash - path) : strlen(path));
        bool *old = parent;

        ignored = ignore_walk(ig, part, parent, own);
        parent = own;
        own = old;
        rest = slash ? slash + 1 : NULL;
    }
    free(parent);
    free(own);
    return ignored;
}

/* Do the pattern and "dir/" agree as far as the pattern's text goes without wildcards? */
static bool may_match_below(const struct pattern *p, const char *dir)
{
    size_t i = 0;

    for (; i < p->len && p->tokens[i].kind == TOKEN_CHAR && *dir; i++) {
        uint32_t rune;

        dir += rune_at(dir, &rune);
        if (rune != p->tokens[i].rune)
            return false;
    }
    if (i == p->len)
        return false; /* dir itself, or above it: that was looked at before */
    return p->tokens[i].kind != TOKEN_CHAR || p->tokens[i].rune == '/';
}

bool ignore_may_take_below(const struct ignore *ig, const char *dir)
{
    for (size_t i = 0; i < ig->patterns.len; i++) {
        const struct pattern *p = &ig->patterns.items[i];

        if (p->exception && may_match_below(p, dir))
            return true;
    }
    return false;
}
