#include "core/base/reference.h"

#include "core/base/arena.h"
#include "core/base/err.h"
#include "core/base/str.h"

#include <string.h>

enum { NAME_MAX_LENGTH = 255, TAG_MAX_LENGTH = 128, DIGEST_MIN_LENGTH = 32, SHA256_LENGTH = 64 };

#define LOWER  "abcdefghijklmnopqrstuvwxyz"
#define UPPER  "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define DIGITS "0123456789"

/* The part before the first slash is a registry when it looks like a host. */
static bool is_registry(const char *name, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        if (name[i] == '.' || name[i] == ':' || (name[i] >= 'A' && name[i] <= 'Z'))
            return true;
    }
    return len == strlen("localhost") && strncmp(name, "localhost", len) == 0;
}

struct reference reference_parse(struct arena *a, const char *text)
{
    struct reference r = {.registry = "docker.io", .tag = "latest"};
    const char *at = strchr(text, '@'), *slash, *colon;
    char *name = at ? arena_strndup(a, text, (size_t)(at - text)) : arena_strdup(a, text);

    slash = strrchr(name, '/');
    colon = strchr(slash ? slash : name, ':');
    if (colon) {
        name[colon - name] = '\0';
        r.tag = colon + 1;
    }
    if (at)
        r.tag = r.digest = arena_strdup(a, at + 1);
    slash = strchr(name, '/');
    if (slash && is_registry(name, (size_t)(slash - name))) {
        r.registry = arena_strndup(a, name, (size_t)(slash - name));
        name += slash - name + 1;
    }
    if (strcmp(r.registry, "index.docker.io") == 0)
        r.registry = "docker.io";
    if (strcmp(r.registry, "docker.io") == 0 && !strchr(name, '/'))
        name = arena_printf(a, "library/%s", name);
    r.repository = arena_printf(a, "%s/%s", r.registry, name);
    return r;
}

/* ---- is it one? ---- */

/* Words of lower case letters and digits, between them one dot, one or two underscores, or dashes.
 */
static bool is_component(const char *s, size_t len)
{
    size_t i = strspn(s, LOWER DIGITS);

    if (!i || len > NAME_MAX_LENGTH)
        return false;
    while (i < len) {
        size_t dashes = strspn(s + i, "-"), underscores = strspn(s + i, "_");
        size_t gap = dashes ? dashes : underscores ? underscores : s[i] == '.';
        size_t word = strspn(s + i + gap, LOWER DIGITS);

        if (!gap || underscores > 2 || !word)
            return false;
        i += gap + word;
    }
    return i == len;
}

static bool is_path(const char *s)
{
    for (;; s++) {
        size_t len = strcspn(s, "/");

        if (!is_component(s, len))
            return false;
        s += len;
        if (!*s)
            return true;
    }
}

/* A host, its labels between dots, or an address in brackets; and a port. */
static bool is_host(const char *s)
{
    size_t len = strcspn(s, ":");

    if (*s == '[') {
        len = strspn(s + 1, DIGITS "abcdefABCDEF:") + 2;
        if (s[len - 1] != ']')
            return false;
    } else {
        for (size_t i = 0; i < len; i++) {
            bool edge = i == 0 || i + 1 == len || s[i - 1] == '.' || s[i + 1] == '.';

            if (!strchr(edge ? LOWER UPPER DIGITS "." : LOWER UPPER DIGITS ".-", s[i]) ||
                (s[i] == '.' && (i == 0 || i + 1 == len || s[i + 1] == '.')))
                return false;
        }
    }
    s += len;
    return !*s || (*s == ':' && s[1] && strspn(s + 1, DIGITS) == strlen(s + 1));
}

static bool is_tag(const char *s)
{
    size_t len = strlen(s);

    return len && len <= TAG_MAX_LENGTH && *s != '.' && *s != '-' &&
           strspn(s, LOWER UPPER DIGITS "_.-") == len;
}

static int bad_format(struct err *err)
{
    return err_set(err, ERR_USAGE, loc_none(), "invalid reference format");
}

static int check_digest(const char *s, struct err *err)
{
    size_t name = strspn(s, LOWER UPPER DIGITS "-_+.");
    const char *hex = s + name + 1;
    size_t len = s[name] == ':' ? strspn(hex, DIGITS "abcdefABCDEF") : 0;

    if (len < DIGEST_MIN_LENGTH || hex[len])
        return bad_format(err);
    if (strncmp(s, "sha256:", 7) != 0)
        return strncmp(s, "sha512:", 7) == 0 || strncmp(s, "sha384:", 7) == 0
                   ? 0
                   : err_set(err, ERR_USAGE, loc_none(), "unsupported digest algorithm");
    if (len != SHA256_LENGTH)
        return err_set(err, ERR_USAGE, loc_none(), "invalid checksum digest length");
    if (strspn(hex, DIGITS "abcdef") != len)
        return err_set(err, ERR_USAGE, loc_none(), "invalid checksum digest format");
    return 0;
}

int reference_check(struct arena *a, const char *text, struct err *err)
{
    struct reference r = reference_parse(a, text);
    const char *path = r.repository + strlen(r.registry) + 1;

    if (strlen(text) == SHA256_LENGTH && strspn(text, DIGITS "abcdef") == SHA256_LENGTH)
        return err_set(err, ERR_USAGE, loc_none(),
                       "invalid repository name (%s), cannot specify 64-byte hexadecimal strings",
                       text);
    if (path[strcspn(path, UPPER)])
        return err_set(err, ERR_USAGE, loc_none(),
                       "invalid reference format: repository name (%s) must be lowercase", path);
    if (!is_host(r.registry) || !is_path(path) || (!r.digest && (!r.tag || !is_tag(r.tag))))
        return bad_format(err);
    if (strlen(path) > NAME_MAX_LENGTH)
        return err_set(err, ERR_USAGE, loc_none(),
                       "repository name must not be more than %d characters", NAME_MAX_LENGTH);
    return r.digest ? check_digest(r.digest, err) : 0;
}
