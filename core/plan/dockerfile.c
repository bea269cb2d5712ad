#include "core/plan/dockerfile.h"

#include "core/base/arena.h"
#include "core/base/map.h"
#include "core/base/str.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

struct stage {
    const char *name;      /* AS name, lower case; NULL */
    const char *base;      /* as resolved; NULL: not known */
    struct strings copied; /* --from of COPY and RUN --mount */
    size_t cap;
    bool needed;
};

struct dockerfile {
    struct arena *arena;
    const struct mapping *args;
    const char *at, *end;
    char escape;
    struct map globals; /* ARG before the first FROM: name -> value */
    struct stage *stages;
    size_t len, cap;
    const char *syntax;
    struct strings images;
    size_t images_cap;
};

/* ---- lines ---- */

static const char *line_end(const char *at, const char *end)
{
    const char *newline = memchr(at, '\n', (size_t)(end - at));

    return newline ? newline : end;
}

static void add_word(struct arena *a, struct strings *list, size_t *cap, const char *word)
{
    list->items = arena_grow(a, list->items, list->len, cap, list->len + 1, sizeof *list->items);
    list->items[list->len++] = word;
}

/* `# name=value` lines at the very top. */
static void read_directives(struct dockerfile *d)
{
    while (d->at < d->end) {
        const char *end = line_end(d->at, d->end);
        const char *c = d->at;
        const char *equals = memchr(c, '=', (size_t)(end - c));
        AUTO_TEXT name = {0};

        if (*c != '#' || !equals)
            return;
        for (c++; c < equals; c++)
            if (!isspace((unsigned char)*c))
                str_addc(&name, (char)tolower((unsigned char)*c));
        for (c = equals + 1; c < end && isspace((unsigned char)*c); c++)
            ;
        if (str_eq(str_text(&name), "syntax")) {
            size_t len = (size_t)(end - c);

            while (len && isspace((unsigned char)c[len - 1]))
                len--;
            d->syntax = arena_strndup(d->arena, c, len);
        } else if (str_eq(str_text(&name), "escape") && c < end) {
            d->escape = *c;
        } else if (!str_eq(str_text(&name), "check")) {
            return;
        }
        d->at = end < d->end ? end + 1 : end;
    }
}

static bool is_blank_or_comment(const char *at, const char *end)
{
    while (at < end && isspace((unsigned char)*at))
        at++;
    return at == end || *at == '#';
}

/* One instruction with its continuations, without comments; false at the end of the file. */
static bool next_instruction(struct dockerfile *d, struct str *ret)
{
    bool more = true;

    str_clear(ret);
    while (d->at < d->end && more) {
        const char *start = d->at;
        const char *end = line_end(start, d->end);
        size_t len = (size_t)(end - start);

        d->at = end < d->end ? end + 1 : end;
        if (is_blank_or_comment(start, end))
            continue; /* also between continued lines */
        while (len && isspace((unsigned char)start[len - 1]))
            len--;
        more = len && start[len - 1] == d->escape;
        str_addn(ret, start, more ? len - 1 : len);
    }
    return ret->len > 0;
}

/* The words after << and <<- of an instruction end its here-documents, in order. */
static void skip_heredocs(struct dockerfile *d, const char *instruction)
{
    for (const char *c = instruction; (c = strstr(c, "<<"));) {
        AUTO_TEXT word = {0};

        c += 2;
        if (*c == '-')
            c++;
        for (; isalnum((unsigned char)*c) || *c == '_' || *c == '"' || *c == '\''; c++)
            if (*c != '"' && *c != '\'')
                str_addc(&word, *c);
        while (word.len && d->at < d->end) {
            const char *start = d->at;
            const char *end = line_end(start, d->end);
            size_t len;

            d->at = end < d->end ? end + 1 : end;
            while (start < end && *start == '\t')
                start++;
            len = (size_t)(end - start);
            while (len && start[len - 1] == '\r')
                len--;
            if (len == word.len && memcmp(start, str_text(&word), len) == 0)
                break;
        }
    }
}

/* ---- words and variables ---- */

static const char *next_word(struct arena *a, const char **at)
{
    const char *c = *at;
    const char *start;

    while (isspace((unsigned char)*c))
        c++;
    for (start = c; *c && !isspace((unsigned char)*c); c++)
        ;
    *at = c;
    return c > start ? arena_strndup(a, start, (size_t)(c - start)) : NULL;
}

static const char *look_up(const struct dockerfile *d, const char *name)
{
    if (!map_has(&d->globals, name))
        return NULL;
    if (d->args && mapping_get(d->args, name))
        return mapping_get(d->args, name);
    return map_get(&d->globals, name);
}

/* $NAME, ${NAME}, ${NAME:-word}, ${NAME:+word}. NULL: a variable nobody knows. */
static const char *substitute(const struct dockerfile *d, const char *text)
{
    AUTO_TEXT out = {0};

    for (const char *c = text; *c;) {
        AUTO_TEXT name = {0};
        AUTO_TEXT word = {0};
        char operator= 0;
        const char *value;

        if (*c == '"' || *c == '\'') {
            c++;
            continue;
        }
        if (*c != '$') {
            str_addc(&out, *c++);
            continue;
        }
        c++;
        if (*c != '{') {
            while (isalnum((unsigned char)*c) || *c == '_')
                str_addc(&name, *c++);
        } else {
            for (c++; isalnum((unsigned char)*c) || *c == '_'; c++)
                str_addc(&name, *c);
            if (*c == ':' && (c[1] == '-' || c[1] == '+')) {
                operator= c[1];
                for (c += 2; *c && *c != '}'; c++)
                    str_addc(&word, *c);
            }
            if (*c++ != '}')
                return NULL;
        }
        value = look_up(d, str_text(&name));
        if (operator== '+')
            value = str_empty(value) ? "" : str_text(&word);
        else if (operator== '-' && str_empty(value))
            value = str_text(&word);
        if (!value)
            return NULL;
        str_add(&out, value);
    }
    return arena_strdup(d->arena, str_text(&out));
}

/* ---- instructions ---- */

static void read_arg(struct dockerfile *d, const char *rest)
{
    for (const char *word; (word = next_word(d->arena, &rest));) {
        const char *equals = strchr(word, '=');
        const char *name = equals ? arena_strndup(d->arena, word, (size_t)(equals - word)) : word;
        const char *value = equals ? substitute(d, equals + 1) : NULL;

        map_set(&d->globals, name, (void *)value);
    }
}

static const char *lower(struct arena *a, const char *word)
{
    char *copy = arena_strdup(a, word);

    for (char *c = copy; c && *c; c++)
        *c = (char)tolower((unsigned char)*c);
    return copy;
}

static void read_from(struct dockerfile *d, const char *rest)
{
    const char *word = next_word(d->arena, &rest);
    const char *as;
    struct stage *s;

    while (word && str_has_prefix(word, "--"))
        word = next_word(d->arena, &rest);
    d->stages = arena_grow(d->arena, d->stages, d->len, &d->cap, d->len + 1, sizeof *d->stages);
    s = &d->stages[d->len++];
    *s = (struct stage){.base = word ? substitute(d, word) : NULL};
    as = next_word(d->arena, &rest);
    if (as && strcasecmp(as, "as") == 0)
        s->name = lower(d->arena, next_word(d->arena, &rest));
}

static void read_copied(struct dockerfile *d, const char *rest)
{
    struct stage *s = d->len ? &d->stages[d->len - 1] : NULL;

    for (const char *word;
         s && (word = next_word(d->arena, &rest)) && str_has_prefix(word, "--");) {
        const char *from = str_has_prefix(word, "--from=")    ? word + strlen("--from=")
                           : str_has_prefix(word, "--mount=") ? strstr(word, "from=")
                                                              : NULL;

        if (!from)
            continue;
        if (str_has_prefix(word, "--mount=")) {
            from += strlen("from=");
            from = arena_strndup(d->arena, from, strcspn(from, ","));
        }
        add_word(d->arena, &s->copied, &s->cap, from);
    }
}

static void read_instruction(struct dockerfile *d, const char *text)
{
    const char *rest = text;
    const char *word = next_word(d->arena, &rest);

    if (!word)
        return;
    if (strcasecmp(word, "FROM") == 0)
        read_from(d, rest);
    else if (strcasecmp(word, "ARG") == 0 && !d->len)
        read_arg(d, rest);
    else if (strcasecmp(word, "COPY") == 0 || strcasecmp(word, "RUN") == 0 ||
             strcasecmp(word, "ADD") == 0) {
        read_copied(d, rest);
        skip_heredocs(d, text);
    }
}

/* ---- what the target needs ---- */

static void need(struct dockerfile *d, size_t i);

static void need_image(struct dockerfile *d, const char *ref)
{
    if (!str_empty(ref) && !str_eq(ref, "scratch") && !strings_have(&d->images, ref))
        add_word(d->arena, &d->images, &d->images_cap, ref);
}

/* A stage before `before`, by name or number; else an image. */
static void need_source(struct dockerfile *d, const char *source, size_t before, bool numbers)
{
    const char *name;
    long long number;

    if (!source)
        return;
    name = lower(d->arena, source);
    for (size_t i = before; i-- > 0;) {
        if (str_eq(d->stages[i].name, name)) {
            need(d, i);
            return;
        }
    }
    if (numbers && str_to_i64(source, &number) == 0) {
        if (number >= 0 && (size_t)number < before)
            need(d, (size_t)number);
        return;
    }
    need_image(d, source);
}

static void need(struct dockerfile *d, size_t i)
{
    struct stage *s = &d->stages[i];

    if (s->needed)
        return;
    s->needed = true;
    need_source(d, s->base, i, false);
    for (size_t j = 0; j < s->copied.len; j++)
        need_source(d, s->copied.items[j], i, true);
}

static void need_target(struct dockerfile *d, const char *target)
{
    const char *name = str_empty(target) ? NULL : lower(d->arena, target);
    long long number;

    if (!name && d->len)
        need(d, d->len - 1);
    for (size_t i = 0; name && i < d->len; i++) {
        if (str_eq(d->stages[i].name, name)) {
            need(d, i);
            return;
        }
    }
    if (name && str_to_i64(name, &number) == 0 && number >= 0 && (size_t)number < d->len)
        need(d, (size_t)number);
}

struct strings dockerfile_images(struct arena *a, const char *text, size_t len,
                                 const struct mapping *args, const char *target)
{
    struct dockerfile d = {.arena = a, .args = args, .at = text, .end = text + len, .escape = '\\'};
    AUTO_TEXT line = {0};

    if (len >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0)
        d.at += 3;
    read_directives(&d);
    while (next_instruction(&d, &line))
        read_instruction(&d, str_text(&line));
    need_target(&d, target);
    need_image(&d, d.syntax);
    map_done(&d.globals);
    return d.images;
}
