/* core/base/text_utf8.c: runes, quoting and the natural order of keys. */
#include "core/base/text.h"

#include "core/base/attr.h" /* ARRAY_LEN */
#include "core/base/str.h"

#include <string.h>

size_t utf8_decode(const char *s, size_t len, uint32_t *ret)
{
    static const uint32_t lowest[] = {0, 0, 0x80, 0x800, 0x10000};
    const unsigned char *b = (const unsigned char *)s;
    uint32_t rune;
    size_t n;

    *ret = 0xfffd;
    if (!len)
        return 0;
    if (b[0] < 0x80) {
        *ret = b[0];
        return 1;
    }
    n = b[0] >= 0xf0 ? 4 : b[0] >= 0xe0 ? 3 : 2;
    if (b[0] < 0xc2 || b[0] > 0xf4 || n > len)
        return 0;
    rune = b[0] & (0xffu >> (n + 1));
    for (size_t i = 1; i < n; i++) {
        if ((b[i] & 0xc0) != 0x80)
            return 0;
        rune = rune << 6 | (b[i] & 0x3f);
    }
    if (rune < lowest[n] || rune > 0x10ffff || (rune >= 0xd800 && rune <= 0xdfff))
        return 0;
    *ret = rune;
    return n;
}

void utf8_encode(uint32_t rune, struct str *out)
{
    if (rune > 0x10ffff || (rune >= 0xd800 && rune <= 0xdfff))
        rune = 0xfffd;
    if (rune < 0x80) {
        str_addc(out, (char)rune);
        return;
    }
    if (rune < 0x800) {
        str_addc(out, (char)(0xc0 | rune >> 6));
    } else {
        if (rune < 0x10000) {
            str_addc(out, (char)(0xe0 | rune >> 12));
        } else {
            str_addc(out, (char)(0xf0 | rune >> 18));
            str_addc(out, (char)(0x80 | (rune >> 12 & 0x3f)));
        }
        str_addc(out, (char)(0x80 | (rune >> 6 & 0x3f)));
    }
    str_addc(out, (char)(0x80 | (rune & 0x3f)));
}

bool utf8_valid(const char *s, size_t len)
{
    uint32_t rune;

    while (len) {
        size_t n = (unsigned char)*s < 0x80 ? 1 : utf8_decode(s, len, &rune);

        if (!n)
            return false;
        s += n;
        len -= n;
    }
    return true;
}

/* The rune at **s; an invalid byte counts as one U+FFFD. 0 at the end. */
static uint32_t next_rune(const char **s, size_t *left)
{
    uint32_t rune;
    size_t n;

    if (!*left)
        return 0;
    n = utf8_decode(*s, *left, &rune);
    n = n ? n : 1;
    *s += n;
    *left -= n;
    return rune;
}

size_t utf8_len(const char *s)
{
    size_t left = strlen(s), count = 0;

    for (; left; count++)
        next_rune(&s, &left);
    return count;
}

struct range {
    uint32_t first, last;
};

static bool in_ranges(uint32_t rune, const struct range *ranges, size_t count)
{
    for (size_t i = 0; i < count && ranges[i].first <= rune; i++) {
        if (rune <= ranges[i].last)
            return true;
    }
    return false;
}

/* East Asian wide and fullwidth. Everything else is one column, combining marks too: docker's
 * tables count them so. */
static bool is_wide(uint32_t rune)
{
    static const struct range wide[] = {
        {0x1100, 0x115f},   {0x231a, 0x231b},   {0x2329, 0x232a},   {0x23e9, 0x23ec},
        {0x23f0, 0x23f0},   {0x23f3, 0x23f3},   {0x25fd, 0x25fe},   {0x2614, 0x2615},
        {0x2648, 0x2653},   {0x267f, 0x267f},   {0x2693, 0x2693},   {0x26a1, 0x26a1},
        {0x26aa, 0x26ab},   {0x26bd, 0x26be},   {0x26c4, 0x26c5},   {0x26ce, 0x26ce},
        {0x26d4, 0x26d4},   {0x26ea, 0x26ea},   {0x26f2, 0x26f3},   {0x26f5, 0x26f5},
        {0x26fa, 0x26fa},   {0x26fd, 0x26fd},   {0x2705, 0x2705},   {0x270a, 0x270b},
        {0x2728, 0x2728},   {0x274c, 0x274c},   {0x274e, 0x274e},   {0x2753, 0x2755},
        {0x2757, 0x2757},   {0x2795, 0x2797},   {0x27b0, 0x27b0},   {0x27bf, 0x27bf},
        {0x2b1b, 0x2b1c},   {0x2b50, 0x2b50},   {0x2b55, 0x2b55},   {0x2e80, 0x303e},
        {0x3041, 0x33ff},   {0x3400, 0x4dbf},   {0x4e00, 0xa4c6},   {0xa960, 0xa97c},
        {0xac00, 0xd7a3},   {0xf900, 0xfaff},   {0xfe10, 0xfe19},   {0xfe30, 0xfe6b},
        {0xff01, 0xff60},   {0xffe0, 0xffe6},   {0x16fe0, 0x18cd5}, {0x1b000, 0x1b2fb},
        {0x1f004, 0x1f004}, {0x1f0cf, 0x1f0cf}, {0x1f18e, 0x1f18e}, {0x1f191, 0x1f19a},
        {0x1f200, 0x1f320}, {0x1f32d, 0x1f335}, {0x1f337, 0x1f37c}, {0x1f37e, 0x1f393},
        {0x1f3a0, 0x1f3ca}, {0x1f3cf, 0x1f3d3}, {0x1f3e0, 0x1f3f0}, {0x1f3f4, 0x1f3f4},
        {0x1f3f8, 0x1f43e}, {0x1f440, 0x1f440}, {0x1f442, 0x1f4fc}, {0x1f4ff, 0x1f53d},
        {0x1f54b, 0x1f54e}, {0x1f550, 0x1f567}, {0x1f57a, 0x1f57a}, {0x1f595, 0x1f596},
        {0x1f5a4, 0x1f5a4}, {0x1f5fb, 0x1f64f}, {0x1f680, 0x1f6c5}, {0x1f6cc, 0x1f6cc},
        {0x1f6d0, 0x1f6d2}, {0x1f6d5, 0x1f6d7}, {0x1f6dc, 0x1f6df}, {0x1f6eb, 0x1f6ec},
        {0x1f6f4, 0x1f6fc}, {0x1f7e0, 0x1f7eb}, {0x1f90c, 0x1f93a}, {0x1f93c, 0x1f945},
        {0x1f947, 0x1f9ff}, {0x1fa70, 0x1faff}, {0x20000, 0x2fffd}, {0x30000, 0x3fffd},
    };

    return in_ranges(rune, wide, ARRAY_LEN(wide));
}

size_t utf8_width(const char *s)
{
    size_t left = strlen(s), columns = 0;

    while (left)
        columns += is_wide(next_rune(&s, &left)) ? 2 : 1;
    return columns;
}

/* Go's unicode.IsPrint, less the code points nobody has assigned yet. */
static bool is_printable(uint32_t rune)
{
    static const struct range hidden[] = {
        {0x00, 0x1f},        {0x7f, 0xa0},     {0xad, 0xad},       {0x600, 0x605},
        {0x61c, 0x61c},      {0x6dd, 0x6dd},   {0x70f, 0x70f},     {0x1680, 0x1680},
        {0x180e, 0x180e},    {0x2000, 0x200f}, {0x2028, 0x202f},   {0x205f, 0x206f},
        {0x3000, 0x3000},    {0xd800, 0xf8ff}, {0xfdd0, 0xfdef},   {0xfeff, 0xfeff},
        {0xfff0, 0xfffb},    {0xfffe, 0xffff}, {0x1fffe, 0x1ffff}, {0xe0000, 0xe00ff},
        {0xe01f0, 0x10ffff},
    };

    return !in_ranges(rune, hidden, ARRAY_LEN(hidden));
}

static void quote_rune(uint32_t rune, struct str *out)
{
    static const char escaped[] = "\a\b\t\n\v\f\r", letters[] = "abtnvfr";
    const char *at;

    if (rune == '"' || rune == '\\')
        str_addf(out, "\\%c", (char)rune);
    else if (is_printable(rune))
        utf8_encode(rune, out);
    else if (rune && rune < 0x20 && (at = strchr(escaped, (int)rune)))
        str_addf(out, "\\%c", letters[at - escaped]);
    else if (rune < 0x20 || rune == 0x7f)
        str_addf(out, "\\x%02x", rune);
    else
        str_addf(out, rune < 0x10000 ? "\\u%04x" : "\\U%08x", rune);
}

void go_quote(const char *s, struct str *out)
{
    size_t left = strlen(s);

    str_addc(out, '"');
    while (left) {
        uint32_t rune;
        size_t n = utf8_decode(s, left, &rune);

        if (n)
            quote_rune(rune, out);
        else
            str_addf(out, "\\x%02x", (unsigned char)*s);
        n = n ? n : 1;
        s += n;
        left -= n;
    }
    str_addc(out, '"');
}

/* ---- natural order ---- */

static bool is_digit(uint32_t rune)
{
    return rune >= '0' && rune <= '9';
}

/* Beyond ASCII: all but the blocks of punctuation, symbols and private use. */
static bool is_letter(uint32_t rune)
{
    static const struct range others[] = {
        {0x80, 0xa9},     {0xab, 0xb4},     {0xb6, 0xb9},       {0xbb, 0xbf},
        {0xd7, 0xd7},     {0xf7, 0xf7},     {0x2c2, 0x2c5},     {0x2d2, 0x2df},
        {0x300, 0x36f},   {0x483, 0x489},   {0x591, 0x5cf},     {0x600, 0x61f},
        {0x64b, 0x66d},   {0x2000, 0x2070}, {0x2072, 0x207e},   {0x2080, 0x208f},
        {0x20a0, 0x2101}, {0x2140, 0x2144}, {0x2150, 0x2182},   {0x2185, 0x2bff},
        {0x2e00, 0x2e2e}, {0x2e30, 0x3004}, {0x3007, 0x3030},   {0x3036, 0x303a},
        {0x303d, 0x3040}, {0x3099, 0x309c}, {0x30a0, 0x30a0},   {0x30fb, 0x30fb},
        {0xd800, 0xf8ff}, {0xfe00, 0xfe6f}, {0xfeff, 0xff20},   {0xff3b, 0xff40},
        {0xff5b, 0xff65}, {0xffe0, 0xffff}, {0x1f000, 0x1faff}, {0xe0000, 0x10ffff},
    };

    if (rune < 0x80)
        return (rune | 32) >= 'a' && (rune | 32) <= 'z';
    return !in_ranges(rune, others, ARRAY_LEN(others));
}

/* The digits at s as a number after `before`; it wraps, as Go's does. */
static uint64_t read_number(const char *s, uint64_t before, size_t *ret_len)
{
    size_t len = 0;

    for (; is_digit((unsigned char)s[len]); len++)
        before = before * 10 + (uint64_t)(s[len] - '0');
    *ret_len = len;
    return before;
}

/* Does the run of digits that ends just before `at` hold one that is not zero? */
static bool is_inside_number(const char *start, const char *at)
{
    while (at > start && is_digit((unsigned char)at[-1])) {
        if (*--at != '0')
            return true;
    }
    return false;
}

/* a and b point at the first runes that differ, ra and rb. */
static int compare_from(const char *start, const char *a, const char *b, uint32_t ra, uint32_t rb)
{
    bool letter_a = is_letter(ra), letter_b = is_letter(rb);
    bool after_digit = a > start && is_digit((unsigned char)a[-1]);
    uint64_t before = 0, na, nb;
    size_t len_a, len_b;

    if (letter_a != letter_b)
        return letter_a == after_digit ? -1 : 1;
    if (!letter_a) {
        if ((ra == '0' || rb == '0') && is_inside_number(start, a))
            before = 1; /* 10 comes after 1: its zero is not a leading one */
        na = read_number(a, before, &len_a);
        nb = read_number(b, before, &len_b);
        if (na != nb)
            return (int64_t)na < (int64_t)nb ? -1 : 1;
        if (len_a != len_b)
            return len_a < len_b ? -1 : 1;
    }
    return ra < rb ? -1 : 1;
}

int compare_natural(const char *a, const char *b)
{
    const char *start = a;
    size_t left_a = strlen(a), left_b = strlen(b);

    while (left_a && left_b) {
        const char *at_a = a, *at_b = b;
        uint32_t ra = next_rune(&a, &left_a), rb = next_rune(&b, &left_b);

        if (ra != rb)
            return compare_from(start, at_a, at_b, ra, rb);
    }
    return left_a ? 1 : left_b ? -1 : 0;
}

bool rune_is_space(uint32_t rune)
{
    return (rune >= '\t' && rune <= '\r') || rune == ' ' || rune == 0x85 || rune == 0xA0 ||
           rune == 0x1680 || (rune >= 0x2000 && rune <= 0x200A) || rune == 0x2028 ||
           rune == 0x2029 || rune == 0x202F || rune == 0x205F || rune == 0x3000;
}
