#include "drivers/docker/reference.h"

#include "core/base/arena.h"
#include "core/base/str.h"

#include <string.h>

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
        r.tag = arena_strdup(a, at + 1);
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
