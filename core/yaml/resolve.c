#include "core/yaml/resolve.h"

#include "core/base/arena.h"
#include "core/base/str.h"
#include "core/yaml/parse.h" /* yaml_resolve */

#include <math.h>
#include <string.h>

static const struct word {
    const char *text;
    struct scalar means;
} words[] = {
    {"~", {.kind = NODE_NULL}},
    {"null", {.kind = NODE_NULL}},
    {"Null", {.kind = NODE_NULL}},
    {"NULL", {.kind = NODE_NULL}},
    {"true", {.kind = NODE_BOOL, .boolean = true}},
    {"True", {.kind = NODE_BOOL, .boolean = true}},
    {"TRUE", {.kind = NODE_BOOL, .boolean = true}},
    {"false", {.kind = NODE_BOOL}},
    {"False", {.kind = NODE_BOOL}},
    {"FALSE", {.kind = NODE_BOOL}},
    {".inf", {.kind = NODE_FLOAT, .real = INFINITY}},
    {".Inf", {.kind = NODE_FLOAT, .real = INFINITY}},
    {".INF", {.kind = NODE_FLOAT, .real = INFINITY}},
    {"+.inf", {.kind = NODE_FLOAT, .real = INFINITY}},
    {"+.Inf", {.kind = NODE_FLOAT, .real = INFINITY}},
    {"+.INF", {.kind = NODE_FLOAT, .real = INFINITY}},
    {"-.inf", {.kind = NODE_FLOAT, .real = -INFINITY}},
    {"-.Inf", {.kind = NODE_FLOAT, .real = -INFINITY}},
    {"-.INF", {.kind = NODE_FLOAT, .real = -INFINITY}},
    {".nan", {.kind = NODE_FLOAT, .real = NAN}},
    {".NaN", {.kind = NODE_FLOAT, .real = NAN}},
    {".NAN", {.kind = NODE_FLOAT, .real = NAN}},
};

enum { LONGEST_WORD = 5 };

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_word(const char *text, size_t len, struct scalar *ret)
{
    if (len > LONGEST_WORD || !strchr("~nNtTfF.+-<", text[0]))
        return false;
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (words[i].text[0] == text[0] && strlen(words[i].text) == len &&
            memcmp(words[i].text, text, len) == 0) {
            *ret = words[i].means;
            return true;
        }
    }
    return false;
}

static unsigned digit_value(char c)
{
    if (is_digit(c))
        return (unsigned)(c - '0');
    if (c >= 'a' && c <= 'f')
        return (unsigned)(c - 'a') + 10;
    return c >= 'A' && c <= 'F' ? (unsigned)(c - 'A') + 10 : 99;
}

static bool digits(const char *s, unsigned base, uint64_t *ret)
{
    uint64_t v = 0;

    for (; *s; s++) {
        unsigned d = digit_value(*s);

        if (d >= base || v > (UINT64_MAX - d) / base)
            return false;
        v = v * base + d;
    }
    *ret = v;
    return true;
}

static bool set_integer(bool negative, bool signed_, uint64_t v, struct scalar *ret)
{
    if (v <= INT64_MAX || (negative && v == (uint64_t)INT64_MAX + 1))
        *ret = (struct scalar){.kind = NODE_INT, .integer = (int64_t)(negative ? 0 - v : v)};
    else if (!signed_)
        *ret = (struct scalar){.kind = NODE_UINT, .uinteger = v};
    else
        return false;
    return true;
}

/* [+-] then 0x, 0b, 0o or 0 and digits of that base, or decimal digits. go-yaml also takes a sign
 * behind a lower-case 0b or 0o, so these must be quoted when they are printed. */
static bool is_integer(const char *s, struct scalar *ret)
{
    bool signed_ = *s == '-' || *s == '+', negative = *s == '-';
    unsigned base = 10;
    uint64_t v;

    s += signed_;
    if (!*s)
        return false;
    if (*s == '0') {
        char mark = s[1] ? (char)(s[1] | 0x20) : '\0';

        base = mark == 'x' ? 16 : mark == 'b' ? 2 : 8;
        s++;
        if (mark == 'x' || mark == 'b' || mark == 'o') {
            bool upper = *s < 'a';

            s++;
            if (!signed_ && !upper && mark != 'x' && (*s == '-' || *s == '+')) {
                signed_ = true;
                negative = *s++ == '-';
            }
            if (!*s)
                return false;
        }
    }
    return digits(s, base, &v) && set_integer(negative, signed_, v, ret);
}

/* ^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$ */
static bool looks_like_float(const char *s)
{
    bool whole;

    s += *s == '-' || *s == '+';
    whole = is_digit(*s);
    while (is_digit(*s))
        s++;
    if (*s == '.') {
        s++;
        if (!whole && !is_digit(*s))
            return false;
        while (is_digit(*s))
            s++;
    } else if (!whole) {
        return false;
    }
    if (*s == 'e' || *s == 'E') {
        s++;
        s += *s == '-' || *s == '+';
        if (!is_digit(*s))
            return false;
        while (is_digit(*s))
            s++;
    }
    return !*s;
}

/* What is too large for a double stays a string, as in docker compose. */
static bool is_float(const char *s, struct scalar *ret)
{
    double v;

    if (!looks_like_float(s) || str_to_double(s, &v) < 0 || isinf(v))
        return false;
    *ret = (struct scalar){.kind = NODE_FLOAT, .real = v};
    return true;
}

/* The common case, for speed: a few decimal digits. */
static bool is_small(const char *text, size_t len, struct scalar *ret)
{
    int64_t v = 0;

    if (len > 9 || (len > 1 && text[0] == '0'))
        return false;
    for (size_t i = 0; i < len; i++) {
        if (!is_digit(text[i]))
            return false;
        v = v * 10 + (text[i] - '0');
    }
    *ret = (struct scalar){.kind = NODE_INT, .integer = v};
    return true;
}

static bool is_number(const char *text, size_t len, struct scalar *ret)
{
    AUTO_TEXT plain = {0};

    if (is_small(text, len, ret))
        return true;
    /* Behind a point an underscore must stand between digits. */
    for (size_t i = 0; i < len; i++)
        if (text[i] != '_')
            str_addc(&plain, text[i]);
        else if (text[0] == '.' &&
                 (!is_digit(text[i - 1]) || i + 1 == len || !is_digit(text[i + 1])))
            return false;
    return is_integer(str_text(&plain), ret) || is_float(str_text(&plain), ret);
}

static bool may_be_number(const char *text, size_t len)
{
    char c = text[0];

    if (!is_digit(c) && c != '+' && c != '-' && c != '.')
        return false;
    return len == 1 ? is_digit(c) : true;
}

struct scalar scalar_resolve_tagged(const char *text, size_t len)
{
    struct scalar s = {.kind = NODE_STRING};

    if (!len)
        return (struct scalar){.kind = NODE_NULL};
    if (is_word(text, len, &s) || !may_be_number(text, len))
        return s;
    if (memchr(text, '\0', len) || !is_number(text, len, &s))
        return (struct scalar){.kind = NODE_STRING};
    return s;
}

struct scalar scalar_resolve(const char *text, size_t len)
{
    struct timestamp t;

    if (len > 4 && text[4] == '-' && timestamp_parse(text, len, &t))
        return (struct scalar){.kind = NODE_TIME};
    return scalar_resolve_tagged(text, len);
}

struct node *yaml_resolve(struct arena *a, struct loc loc, const char *text, size_t len)
{
    struct scalar s = scalar_resolve(text, len);
    struct node *n = node_new(a, s.kind, loc);

    switch (s.kind) {
    case NODE_BOOL:
        n->boolean = s.boolean;
        break;
    case NODE_INT:
        n->integer = s.integer;
        break;
    case NODE_UINT:
        n->uinteger = s.uinteger;
        break;
    case NODE_FLOAT:
        n->real = s.real;
        break;
    case NODE_STRING:
    case NODE_TIME:
        n->string.text = arena_strndup(a, text, len);
        n->string.len = len;
        break;
    case NODE_NULL:
    case NODE_LIST:
    case NODE_MAP:
        break;
    }
    return n;
}
