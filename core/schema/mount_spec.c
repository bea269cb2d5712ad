#include "core/schema/mount_spec.h"

#include <string.h>

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_slash(char c)
{
    return c == '/' || c == '\\';
}

/* The ':' or NUL that ends the section at s. Colons inside ${} do not count (--no-interpolate). */
static const char *section_end(const char *s)
{
    size_t depth = 0;

    for (; *s; s++) {
        if (s[0] == '$' && s[1] == '{')
            depth++;
        else if (*s == '}' && depth)
            depth--;
        else if (*s == ':' && !depth)
            break;
    }
    return s;
}

/* "C:" of "C:\x" or "C:/x". Docker compose takes every letter before a ':' for a drive, so that a
 * volume cannot be named "v". Here "v:/data" and "v:/data:ro" name one: for a drive in the first
 * section there must be a target after it. */
static bool is_drive(const char *s, bool first)
{
    const char *next;

    if (!is_letter(s[0]) || s[1] != ':' || !is_slash(s[2]))
        return false;
    if (!first || s[2] == '\\')
        return true;
    next = section_end(s + 2);
    return *next && (is_slash(next[1]) || (is_letter(next[1]) && next[2] == ':'));
}

const char *mount_spec_parse(const char *text, struct mount_spec *ret)
{
    struct span sections[3];
    size_t count = 0;

    memset(ret, 0, sizeof *ret);
    if (!*text)
        return "invalid empty volume spec";
    for (const char *s = text;; s++) {
        const char *end = section_end(is_drive(s, count == 0) ? s + 2 : s);

        if (strlen(text) > 2 && end == s)
            return "empty section between colons";
        if (count == 3)
            return "too many colons";
        sections[count++] = (struct span){s, (size_t)(end - s)};
        s = end;
        if (!*s)
            break;
    }
    if (count == 1 || strlen(text) <= 2) {
        ret->target = count == 1 ? sections[0] : (struct span){text, strlen(text)};
        return NULL;
    }
    ret->source = sections[0];
    ret->target = sections[1];
    if (count == 3)
        ret->options = sections[2];
    return NULL;
}

bool is_bind_source(struct span source)
{
    if (!source.len)
        return false;
    if (strchr("./~", source.text[0]))
        return true;
    return (source.len > 1 && memcmp(source.text, "\\\\", 2) == 0) ||
           (source.len > 2 && is_letter(source.text[0]) && source.text[1] == ':');
}
