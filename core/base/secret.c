#include "core/base/secret.h"

#include "core/base/attr.h" /* ARRAY_LEN */
#include "core/base/str.h"

#include <ctype.h>
#include <string.h>

/* Names with one of these in them hold a credential. */
static const char *const secret_words[] = {
    "PASSWORD", "PASSWD",     "PASSPHRASE",  "SECRET",     "TOKEN",      "APIKEY",
    "API_KEY",  "ACCESS_KEY", "PRIVATE_KEY", "PRIVATEKEY", "CREDENTIAL",
};

/* Most places of most names are settled by this. */
static bool may_begin(char c)
{
    switch (c | 0x20) {
    case 'p':
    case 's':
    case 't':
    case 'a':
    case 'c':
        return true;
    default:
        return false;
    }
}

static bool begins_with(const char *s, size_t len, const char *upper)
{
    for (; *upper && len; s++, upper++, len--)
        if (toupper((unsigned char)*s) != *upper && (*s != '-' || *upper != '_'))
            return false;
    return !*upper;
}

/* Too short to be looked for inside of a word (BYPASS, PWD). */
static const char *const secret_endings[] = {"_PASS", "_PWD"};

static bool is_secret_span(const char *name, size_t len)
{
    for (size_t i = 0; i < ARRAY_LEN(secret_endings); i++) {
        size_t n = strlen(secret_endings[i]);

        if (len > n && begins_with(name + len - n, n, secret_endings[i]))
            return true;
    }
    for (; len; name++, len--)
        for (size_t i = 0; may_begin(*name) && i < ARRAY_LEN(secret_words); i++)
            if (begins_with(name, len, secret_words[i]))
                return true;
    return false;
}

bool is_secret_name(const char *name)
{
    return is_secret_span(name, strlen(name));
}

/* Not a credential itself, but where it is, how long it is good, or that there is none. */
static const char *const harmless_endings[] = {"-FILE", "-PATH", "-DIR", "-STDIN", "-TTL"};

static bool is_secret_option(const char *word, size_t len)
{
    if (!len || *word != '-' || begins_with(word, len, "--NO-"))
        return false;
    for (size_t i = 0; i < ARRAY_LEN(harmless_endings); i++) {
        size_t n = strlen(harmless_endings[i]);

        if (len > n && begins_with(word + len - n, n, harmless_endings[i]))
            return false;
    }
    return is_secret_span(word, len);
}

bool is_option_with_secret(const char *option, const char *value)
{
    return !strpbrk(option, "= ") && is_secret_option(option, strlen(option)) && *value &&
           *value != '-';
}

/* ---- finding ---- */

static bool is_word(char c)
{
    return isalnum((unsigned char)c) || c == '_' || c == '-' || c == '.';
}

/* ${NAME}, $NAME: says where the secret is, not what it is. Default values are. */
static bool is_variable(const char *s, size_t len)
{
    if (len < 2 || *s != '$')
        return false;
    for (size_t i = 1; i < len; i++)
        if (!isalnum((unsigned char)s[i]) && !strchr("_{}?", s[i]))
            return false;
    return true;
}

/* The password of a URL whose "://" is at `s`: between the first ':' and the last '@' of what comes
 * before a '/', a quote or a blank. Its length; 0: there is none. */
static size_t url_password(const char *s, const char *end, const char **ret)
{
    const char *colon = NULL, *at = NULL;

    if (end - s < 3 || memcmp(s, "://", 3) != 0)
        return 0;
    for (s += 3; s < end && !strchr("/?#\"' \t\n", *s); s++) {
        if (*s == ':' && !colon)
            colon = s + 1;
        if (*s == '@')
            at = s;
    }
    if (!colon || !at || at <= colon || is_variable(colon, (size_t)(at - colon)))
        return 0;
    *ret = colon;
    return (size_t)(at - colon);
}

/* The word that ends before `s`. */
static size_t word_before(const char *start, const char *s)
{
    size_t len = 0;

    while (s - len > start && is_word(s[-(ptrdiff_t)len - 1]))
        len++;
    return len;
}

/* In single quotes two of them are one. */
static bool is_doubled(const char *s, const char *end)
{
    return end - s > 1 && s[0] == '\'' && s[1] == '\'';
}

/* The value that begins at `s`: a quoted text, or up to a blank; in YAML also up to what ends a
 * value of a flow mapping. */
static size_t value_length(const char *s, const char *end, bool yaml, const char **ret)
{
    const char *start = s;
    char quote = s < end && (*s == '"' || *s == '\'') ? *s : 0;

    if (quote) {
        for (start = ++s; s < end && (*s != quote || is_doubled(s, end)); s++)
            if (s + 1 < end && (is_doubled(s, end) || (quote == '"' && *s == '\\')))
                s++;
    } else if (yaml && s < end && strchr("[{!&", *s)) {
        s = end; /* whatever is in it; a tag or an anchor may be a password without its quotes */
    } else if (yaml) {
        while (s < end && !strchr(",}\"'", *s) && !(*s == '#' && s > start && s[-1] == ' '))
            s++;
        while (s > start && strchr(" \t\r", s[-1]))
            s--;
    } else {
        while (s < end && !strchr(" \t\n\"'", *s))
            s++;
    }
    *ret = start;
    return is_variable(start, (size_t)(s - start)) ? 0 : (size_t)(s - start);
}

/* The value of NAME=value in a line of YAML, which may hold blanks: up to the quote that opened
 * before NAME; without one, up to the end of the line or of the entry. */
static size_t assigned_length(const char *text, const char *name, const char *s, const char *end)
{
    char quote = name > text && (name[-1] == '"' || name[-1] == '\'') ? name[-1] : 0;
    const char *start = s;

    for (; s < end && (quote ? *s != quote : !strchr(",\"'", *s)); s++)
        if (quote == '"' && *s == '\\' && s + 1 < end)
            s++;
    while (s > start && strchr(" \t\r", s[-1]))
        s--;
    return is_variable(start, (size_t)(s - start)) ? 0 : (size_t)(s - start);
}

/* What is to be masked from `s` on, where a '=', ':' or "://" stands; 0: nothing. */
static size_t secret_at(const char *text, const char *s, const char *end, bool yaml,
                        const char **ret)
{
    size_t len = *s == ':' ? url_password(s, end, ret) : 0;
    const char *name_end = s, *value = s + 1;
    size_t name;

    if (len || (*s == ':' && !yaml) || (*s != ':' && *s != '='))
        return len;
    if (yaml && *s == ':' && value < end && *value != ' ')
        return 0;
    if (yaml && name_end > text && (name_end[-1] == '"' || name_end[-1] == '\''))
        name_end--;
    while (yaml && *s == '=' && name_end > text && name_end[-1] == ' ')
        name_end--;
    name = word_before(text, name_end);
    if (!is_secret_span(name_end - name, name) ||
        (yaml && name == strlen("secrets") && memcmp(name_end - name, "secrets", name) == 0))
        return 0; /* "secrets:" lists names */
    if (yaml && *s == '=' && value < end && *value != '"' && *value != '\'') {
        *ret = value;
        return assigned_length(text, name_end - name, value, end);
    }
    while (*s == ':' && value < end && *value == ' ')
        value++;
    return value_length(value, end, yaml && *s == ':', ret);
}

/* The text between quotes that are themselves within a quoted text: \"a b\", ''a b''. */
static size_t inner_quoted(const char *s, const char *end, const char **ret)
{
    const char *start = s + 2;

    if (end - s < 2 || !((s[0] == '\\' && s[1] == '"') || (s[0] == '\'' && s[1] == '\'')))
        return 0;
    for (const char *at = start; at + 1 < end; at++)
        if (memcmp(at, s, 2) == 0) {
            *ret = start;
            return (size_t)(at - start);
        }
    return 0;
}

/* The value of the option --NAME whose first '-' is at `s`: the next word, or the next entry of a
 * list in brackets. */
static size_t option_value(const char *text, const char *s, const char *end, bool yaml,
                           const char **ret)
{
    const char *name = s, *value, *gap;
    bool first = s == text || !is_word(s[-1]);
    char quote = s > text && (s[-1] == '"' || s[-1] == '\'') ? s[-1] : 0;
    size_t inner;

    while (first && s < end && is_word(*s))
        s++;
    if (!is_secret_option(name, (size_t)(s - name)))
        return 0;
    gap = s += s < end && quote && *s == quote;
    while (s < end && strchr(" \t,", *s))
        s++;
    if (s == gap || s == end || strchr("-#]", *s))
        return 0;
    if ((inner = inner_quoted(s, end, ret)))
        return inner;
    if (*s == '"' || *s == '\'' || (yaml && strchr("!&", *s)))
        return value_length(s, end, yaml, ret);
    for (value = s; s < end && !strchr(" \t\n\"'", *s); s++)
        if (strchr(",]", *s) && (s + 1 == end || strchr(" ,]", s[1])))
            break;
    *ret = value;
    return is_variable(value, (size_t)(s - value)) ? 0 : (size_t)(s - value);
}

/* ---- masking ---- */

enum masked { IN_MESSAGE, IN_VALUE, IN_LINE };

static void mask(const char *text, size_t len, enum masked where, struct str *out)
{
    const bool yaml = where == IN_LINE;
    const char *end = text + len, *shown = text;

    for (const char *s = text; s < end; s++) {
        const char *secret = NULL;
        size_t hidden = 0;

        if (*s == ':' || *s == '=')
            hidden = secret_at(text, s, end, yaml, &secret);
        else if (*s == '-' && where != IN_MESSAGE)
            hidden = option_value(text, s, end, yaml, &secret);
        if (!hidden)
            continue;
        str_addn(out, shown, (size_t)(secret - shown));
        if (yaml) {
            for (size_t i = 0; i < hidden; i++)
                if ((secret[i] & 0xC0) != 0x80)
                    str_addc(out, '*');
        } else {
            str_add(out, SECRET_MASK);
        }
        shown = secret + hidden;
        s = shown - 1;
    }
    str_addn(out, shown, (size_t)(end - shown));
}

void secret_mask(const char *text, size_t len, struct str *out)
{
    mask(text, len, IN_MESSAGE, out);
}

void secret_mask_value(const char *text, size_t len, struct str *out)
{
    mask(text, len, IN_VALUE, out);
}

void secret_mask_line(const char *line, size_t len, struct str *out)
{
    mask(line, len, IN_LINE, out);
}

const char *secret_url_password(const char *text, const char **ret_end)
{
    const char *end = text + strlen(text), *password;

    for (const char *url = strstr(text, "://"); url; url = strstr(url + 3, "://")) {
        size_t len = url_password(url, end, &password);

        if (len) {
            *ret_end = password + len;
            return password;
        }
    }
    return NULL;
}
