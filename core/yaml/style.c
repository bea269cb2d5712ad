#include "core/yaml/style.h"

#include "core/base/str.h"
#include "core/base/text.h"
#include "core/yaml/resolve.h"

#include <string.h>

/* What a string's characters rule out. */
struct traits {
    bool block_indicators; /* would be read as structure */
    bool line_breaks;
    bool special_characters; /* not printable */
    bool tab_characters;
    bool leading_space, leading_break, trailing_space, trailing_break;
    bool break_space, space_break; /* a break before a space, a space before a break */
};

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* --- words that YAML 1.1 reads otherwise --- */

static bool is_old_bool(const char *s, size_t len)
{
    static const char *const words[] = {"y", "Y", "yes", "Yes", "YES", "on",  "On",  "ON",
                                        "n", "N", "no",  "No",  "NO",  "off", "Off", "OFF"};

    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (words[i][0] == s[0] && strlen(words[i]) == len && memcmp(words[i], s, len) == 0)
            return true;
    return false;
}

/* ^[-+]?[0-9][0-9_]*(:[0-5]?[0-9])+(\.[0-9_]*)?$ */
static bool is_base60(const char *s, size_t len)
{
    size_t i = len && (s[0] == '-' || s[0] == '+');
    size_t groups = 0;

    if (i >= len || !is_digit(s[i]))
        return false;
    while (i < len && (is_digit(s[i]) || s[i] == '_'))
        i++;
    for (; i < len && s[i] == ':'; groups++) {
        size_t first = ++i;

        while (i < len && is_digit(s[i]) && i - first < 2)
            i++;
        if (i == first || (i - first == 2 && s[first] > '5'))
            return false;
    }
    if (i < len && s[i] == '.')
        for (i++; i < len && (is_digit(s[i]) || s[i] == '_');)
            i++;
    return groups && i == len;
}

static bool means_itself(const char *s, size_t len)
{
    struct scalar r = scalar_resolve(s, len);

    return r.kind == NODE_STRING && !is_base60(s, len) && !is_old_bool(s, len);
}

/* --- characters --- */

static bool is_break(uint32_t c)
{
    return c == '\r' || c == '\n' || c == 0x85 || c == 0x2028 || c == 0x2029;
}

/* Everything above the first plane is escaped. */
static bool is_printable(uint32_t c)
{
    return c == '\n' || (c >= 0x20 && c <= 0x7E) || (c >= 0xA0 && c <= 0xD7FF) ||
           (c >= 0xE000 && c <= 0xFFFD && c != 0xFEFF);
}

static bool is_indicator(uint32_t c, bool first, bool blank_before, bool blank_after)
{
    if (first && c < 0x80 && c && strchr("#,[]{}&*!|>'\"%@`", (int)c))
        return true;
    if (c == ':' || (first && (c == '?' || c == '-')))
        return blank_after;
    return c == '#' && blank_before;
}

static struct traits look(const char *s, size_t len)
{
    struct traits t = {0};
    bool after_space = false, after_break = false, after_blank = true;

    t.block_indicators = len >= 3 && (memcmp(s, "---", 3) == 0 || memcmp(s, "...", 3) == 0);
    for (size_t i = 0, width; i < len; i += width) {
        uint32_t c;
        bool ends, blank_next;

        width = utf8_decode(s + i, len - i, &c);
        if (!width)
            width = 1;
        ends = i + width >= len;
        blank_next = ends || s[i + width] == ' ' || s[i + width] == '\t';
        t.block_indicators = t.block_indicators || is_indicator(c, i == 0, after_blank, blank_next);
        t.tab_characters = t.tab_characters || c == '\t';
        t.special_characters = t.special_characters || (c != '\t' && !is_printable(c));
        t.line_breaks = t.line_breaks || is_break(c);
        if (c == ' ') {
            t.leading_space = t.leading_space || i == 0;
            t.trailing_space = t.trailing_space || ends;
            t.break_space = t.break_space || after_break;
        } else if (is_break(c)) {
            t.leading_break = t.leading_break || i == 0;
            t.trailing_break = t.trailing_break || ends;
            t.space_break = t.space_break || after_space;
        }
        after_space = c == ' ';
        after_break = is_break(c);
        after_blank = c == ' ' || c == '\t' || is_break(c) || !c;
    }
    return t;
}

/* A word of letters, digits and - _ . / : that begins with a letter or slash and does not end in a
 * colon. */
static bool is_plain_word(const char *s, size_t len)
{
    if (!len || !((s[0] >= 'a' && s[0] <= 'z') || (s[0] >= 'A' && s[0] <= 'Z') || s[0] == '/'))
        return false;
    for (size_t i = 1; i < len; i++) {
        char c = s[i];

        if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '-' && c <= ':') ||
              c == '_'))
            return false;
    }
    return s[len - 1] != ':';
}

/* Of those words only true, false, null, yes, no, on, off, y and n may mean something else. */
static bool is_no_value(const char *s, size_t len)
{
    return len > strlen("false") || !strchr("tTfFnNyYoO", s[0]);
}

bool style_is_word(const char *s, size_t len)
{
    return is_plain_word(s, len) && (is_no_value(s, len) || means_itself(s, len));
}

enum style style_choose(const char *s, size_t len, bool simple_key, bool known_string)
{
    struct traits t;
    bool escape, quotable;

    if (style_is_word(s, len))
        return STYLE_PLAIN;
    t = look(s, len);
    escape = t.space_break || t.special_characters;
    quotable = !t.break_space && !escape && !t.tab_characters;
    if (len && memchr(s, '\n', len))
        return t.trailing_space || escape || simple_key ? STYLE_DOUBLE : STYLE_LITERAL;
    if ((!known_string && !means_itself(s, len)) || (simple_key && t.line_breaks))
        return STYLE_DOUBLE;
    if (quotable && !t.block_indicators && !t.line_breaks && !t.leading_space && !t.trailing_space)
        return STYLE_PLAIN;
    return quotable ? STYLE_SINGLE : STYLE_DOUBLE;
}

/* --- writing --- */

static void escape_rune(uint32_t c, struct str *out)
{
    static const struct {
        uint32_t rune;
        char letter;
    } letters[] = {{0, '0'},     {7, 'a'},    {8, 'b'},    {9, 't'},      {10, 'n'},
                   {11, 'v'},    {12, 'f'},   {13, 'r'},   {27, 'e'},     {'"', '"'},
                   {'\\', '\\'}, {0x85, 'N'}, {0xA0, '_'}, {0x2028, 'L'}, {0x2029, 'P'}};

    for (size_t i = 0; i < sizeof letters / sizeof letters[0]; i++) {
        if (letters[i].rune == c) {
            str_addc(out, '\\');
            str_addc(out, letters[i].letter);
            return;
        }
    }
    str_addf(out, c <= 0xFF ? "\\x%02X" : c <= 0xFFFF ? "\\u%04X" : "\\U%08X", c);
}

/* Behind a byte order mark at the very beginning go-yaml escapes everything. */
static void write_double(const char *s, size_t len, struct str *out)
{
    bool all = len >= 3 && memcmp(s, "\xEF\xBB\xBF", 3) == 0;

    str_addc(out, '"');
    for (size_t i = 0, width; i < len; i += width) {
        uint32_t c;

        width = utf8_decode(s + i, len - i, &c);
        if (!width)
            width = 1;
        if (all || !is_printable(c) || is_break(c) || c == '"' || c == '\\')
            escape_rune(c, out);
        else
            str_addn(out, s + i, width);
    }
    str_addc(out, '"');
}

/* A line separator that is not \n stands as it is and the text goes on in a new line. */
static void write_single(const char *s, size_t len, unsigned indent, struct str *out)
{
    bool broke = false;

    str_addc(out, '\'');
    for (size_t i = 0, width; i < len; i += width) {
        uint32_t c;

        width = utf8_decode(s + i, len - i, &c);
        if (!width)
            width = 1;
        if (broke && c != ' ' && !is_break(c))
            str_repeat(out, ' ', indent);
        broke = is_break(c) || (broke && c == ' ');
        str_addn(out, s + i, width);
        if (c == '\'')
            str_addc(out, '\'');
    }
    str_addc(out, '\'');
}

/* Length of the line break that ends the text, 0 when none does. */
static size_t trailing_break(const char *s, size_t len)
{
    if (len && s[len - 1] == '\n')
        return 1;
    return len >= 3 && (memcmp(s + len - 3, "\xE2\x80\xA8", 3) == 0 ||
                        memcmp(s + len - 3, "\xE2\x80\xA9", 3) == 0)
               ? 3
               : 0;
}

/* "-": no line break at the end, "+": more than one. */
static void write_chomping(const char *s, size_t len, struct str *out)
{
    size_t last = trailing_break(s, len);

    if (!last)
        str_addc(out, '-');
    else if (len == last || trailing_break(s, len - last))
        str_addc(out, '+');
}

static bool write_literal(const char *s, size_t len, unsigned indent, struct str *out)
{
    bool at_start = true;
    uint32_t first;

    utf8_decode(s, len, &first);
    str_addc(out, '|');
    if (first == ' ' || is_break(first))
        str_addc(out, '2');
    write_chomping(s, len, out);
    str_addc(out, '\n');
    for (size_t i = 0, width; i < len; i += width) {
        uint32_t c;

        width = utf8_decode(s + i, len - i, &c);
        if (!width)
            width = 1;
        if (at_start && !is_break(c))
            str_repeat(out, ' ', indent);
        at_start = is_break(c);
        str_addn(out, s + i, width);
    }
    return at_start;
}

bool style_write(enum style style, const char *s, size_t len, unsigned indent, struct str *out)
{
    switch (style) {
    case STYLE_PLAIN:
        str_addn(out, s, len);
        break;
    case STYLE_SINGLE:
        write_single(s, len, indent, out);
        break;
    case STYLE_DOUBLE:
        write_double(s, len, out);
        break;
    case STYLE_LITERAL:
        return write_literal(s, len, indent, out);
    }
    return false;
}
