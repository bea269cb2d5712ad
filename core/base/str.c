#include "core/base/str.h"

#include "core/base/mem.h"

#include <errno.h>
#include <limits.h>
#include <locale.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

char *str_reserve(struct str *s, size_t more)
{
    size_t want, cap;

    if (more > SIZE_MAX / 2 || s->len > SIZE_MAX / 2)
        mem_alloc(SIZE_MAX); /* aborts */
    want = s->len + more + 1;
    if (want <= s->cap)
        return s->data + s->len;
    cap = s->cap ? s->cap * 2 : 64;
    if (cap < want)
        cap = want;
    s->data = mem_realloc(s->data, cap);
    s->cap = cap;
    return s->data + s->len;
}

void str_init(struct str *s)
{
    *s = (struct str){0};
    str_reserve(s, 0);
    s->data[0] = '\0';
}

void str_done(struct str *s)
{
    free(s->data);
    *s = (struct str){0};
}

void str_clear(struct str *s)
{
    str_cut(s, 0);
}

char *str_take(struct str *s)
{
    char *text = s->data ? s->data : mem_strdup("");

    *s = (struct str){0};
    return text;
}

const char *str_text(const struct str *s)
{
    return s->data ? s->data : "";
}

void str_add(struct str *s, const char *text)
{
    str_addn(s, text, strlen(text));
}

void str_addn(struct str *s, const char *bytes, size_t len)
{
    str_reserve(s, len);
    if (len)
        memcpy(s->data + s->len, bytes, len);
    s->len += len;
    s->data[s->len] = '\0';
}

void str_addc(struct str *s, char c)
{
    str_reserve(s, 1);
    s->data[s->len++] = c;
    s->data[s->len] = '\0';
}

void str_repeat(struct str *s, char c, size_t count)
{
    str_reserve(s, count);
    memset(s->data + s->len, c, count);
    s->len += count;
    s->data[s->len] = '\0';
}

void str_addf(struct str *s, const char *fmt, ...)
{
    va_list ap;

    va_start(ap, fmt);
    str_addvf(s, fmt, ap);
    va_end(ap);
}

void str_addvf(struct str *s, const char *fmt, va_list ap)
{
    va_list again;
    int len;

    va_copy(again, ap);
    str_reserve(s, 0);
    len = vsnprintf(s->data + s->len, s->cap - s->len, fmt, ap);
    if (len < 0) /* only a text of more than INT_MAX bytes */
        abort();
    if ((size_t)len >= s->cap - s->len) {
        str_reserve(s, (size_t)len);
        vsnprintf(s->data + s->len, s->cap - s->len, fmt, again);
    }
    va_end(again);
    s->len += (size_t)len;
}

void str_cut(struct str *s, size_t len)
{
    if (!s->data || len > s->len)
        return;
    s->len = len;
    s->data[len] = '\0';
}

void str_consume(struct str *s, size_t len)
{
    if (!s->data)
        return;
    if (len > s->len)
        len = s->len;
    memmove(s->data, s->data + len, s->len - len + 1);
    s->len -= len;
}

bool str_eq(const char *a, const char *b)
{
    return a == b || (a && b && strcmp(a, b) == 0);
}

bool str_has_prefix(const char *s, const char *prefix)
{
    return strncmp(s, prefix, strlen(prefix)) == 0;
}

bool str_has_suffix(const char *s, const char *suffix)
{
    size_t len = strlen(s), tail = strlen(suffix);

    return len >= tail && memcmp(s + len - tail, suffix, tail) == 0;
}

bool str_empty(const char *s)
{
    return !s || !*s;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static int fail(int why)
{
    errno = why;
    return -1;
}

int str_to_u64(const char *s, unsigned long long *ret)
{
    unsigned long long n = 0;
    bool over = false;

    if (str_empty(s))
        return fail(EINVAL);
    for (; *s; s++) {
        unsigned digit = (unsigned)(*s - '0');

        if (!is_digit(*s))
            return fail(EINVAL); /* also when the number before was too large */
        over = over || n > (ULLONG_MAX - digit) / 10;
        n = n * 10 + digit;
    }
    if (over)
        return fail(ERANGE);
    *ret = n;
    return 0;
}

int str_to_i64(const char *s, long long *ret)
{
    unsigned long long n;
    bool negative = s && *s == '-';

    if (s && (*s == '-' || *s == '+'))
        s++;
    if (str_to_u64(s, &n) < 0)
        return -1;
    if (n > (unsigned long long)LLONG_MAX + negative)
        return fail(ERANGE);
    *ret = negative ? (long long)(0 - n) : (long long)n;
    return 0;
}

static const char *skip_digits(const char *s)
{
    while (is_digit(*s))
        s++;
    return s;
}

/* [+-] DIGITS [. DIGITS] [e [+-] DIGITS], digits before or after the point. */
static bool is_decimal(const char *s)
{
    const char *end;
    size_t digits;

    if (*s == '+' || *s == '-')
        s++;
    end = skip_digits(s);
    digits = (size_t)(end - s);
    if (*end == '.') {
        s = end + 1;
        end = skip_digits(s);
        digits += (size_t)(end - s);
    }
    if (!digits)
        return false;
    if (*end == 'e' || *end == 'E') {
        s = end + 1;
        if (*s == '+' || *s == '-')
            s++;
        end = skip_digits(s);
        if (end == s)
            return false;
    }
    return *end == '\0';
}

int str_to_double(const char *s, double *ret)
{
    static locale_t
        c_locale; /* made once, kept: the decimal point is '.' whatever LC_NUMERIC says */
    double v;

    if (!s || !is_decimal(s))
        return fail(EINVAL);
    if (!c_locale && !(c_locale = newlocale(LC_ALL_MASK, "C", (locale_t)0)))
        return fail(ENOMEM);
    v = strtod_l(s, NULL, c_locale);
    if (isinf(v))
        return fail(ERANGE);
    *ret = v;
    return 0;
}
