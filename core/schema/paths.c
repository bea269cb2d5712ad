/* core/schema/paths.c: relative paths against the project directory.
 *
 * cx->dir may be relative: what another file gives to this project (include, extends) is first
 * resolved against that file's directory as seen from here, and once more with the rest of the
 * project. */
#include "core/base/arena.h"
#include "core/base/attr.h" /* ARRAY_LEN */
#include "core/base/diags.h"
#include "core/base/path.h"
#include "core/base/str.h"
#include "core/schema/each.h"
#include "core/schema/passes.h"
#include "core/schema/report.h"
#include "core/yaml/node.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static void replace(struct node *n, const char *path)
{
    if (path == n->string.text)
        return;
    n->string.text = path;
    n->string.len = strlen(path);
    n->verbatim = false;
}

static const char *join(struct schema_ctx *cx, const char *path)
{
    return path_is_abs(path) ? path : path_join(cx->arena, cx->dir, path);
}

static const char *expand_home(struct schema_ctx *cx, const struct attr_path *at,
                               const struct node *n)
{
    const char *path = n->string.text;

    if (path[0] != '~')
        return path;
    if (!str_empty(cx->home))
        return path_join(cx->arena, cx->home, path + 1);
    schema_warn(cx, at, n, "cannot expand '~', because the environment lacks HOME");
    return path;
}

static bool is_windows_path(const char *path)
{
    bool letter = (path[0] >= 'a' && path[0] <= 'z') || (path[0] >= 'A' && path[0] <= 'Z');

    return (path[0] == '\\' && path[1] == '\\') ||
           (letter && path[1] == ':' && (path[2] == '\\' || path[2] == '/'));
}

static bool is_remote(const char *context)
{
    static const char *const prefixes[] = {"service:", "https://", "http://",    "git://",
                                           "ssh://",   "git@",     "github.com/"};

    for (size_t i = 0; i < ARRAY_LEN(prefixes); i++)
        if (str_has_prefix(context, prefixes[i]))
            return true;
    return strstr(context, "://") != NULL;
}

/* The first link on the way is replaced by what it leads to in the end: docker compose watches
 * that. */
static const char *resolve_link(struct schema_ctx *cx, const char *path)
{
    if (!path_is_abs(path))
        return path;
    for (const char *s = path; *s;) {
        char *prefix;
        struct stat st;
        AUTO_STR target = NULL;

        s += strspn(s, "/");
        s += strcspn(s, "/");
        prefix = arena_strndup(cx->arena, path, (size_t)(s - path));
        if (lstat(prefix, &st) < 0)
            return path;
        if (!S_ISLNK(st.st_mode))
            continue;
        target = realpath(prefix, NULL);
        return target ? arena_printf(cx->arena, "%s%s", target, s) : path;
    }
    return path;
}

static void resolve_file(struct schema_ctx *cx, const struct attr_path *at, struct node *n)
{
    if (n->kind == NODE_STRING && n->string.len)
        replace(n, join(cx, expand_home(cx, at, n)));
}

static void resolve_context(struct schema_ctx *cx, const struct attr_path *at, struct node *n)
{
    if (n->kind == NODE_STRING && !is_remote(n->string.text))
        resolve_file(cx, at, n);
}

static void resolve_source(struct schema_ctx *cx, const struct attr_path *at, struct node *n)
{
    const char *path;

    if (n->kind != NODE_STRING)
        return;
    path = expand_home(cx, at, n);
    replace(n, is_windows_path(path) ? path : join(cx, path));
}

typedef void resolve_fn(struct schema_ctx *cx, const struct attr_path *at, struct node *n);

static void each_value(struct schema_ctx *cx, const struct attr_path *at, struct node *n,
                       resolve_fn *fn)
{
    for (size_t i = 0; n->kind == NODE_MAP && i < n->map.len; i++)
        fn(cx, at, n->map.pairs[i].value);
    for (size_t i = 0; n->kind == NODE_LIST && i < n->list.len; i++)
        fn(cx, at, n->list.items[i]);
}

/* driver_opts of a volume that is a directory of this machine after all. */
static void resolve_device(struct schema_ctx *cx, const struct attr_path *at,
                           const struct node *volume, const struct node *opts)
{
    struct node *device = node_get(opts, "device");

    if (device && str_eq(node_text(node_get(volume, "driver")), "local") &&
        str_eq(node_text(node_get(opts, "o")), "bind"))
        resolve_source(cx, at, device);
}

static void resolve_watch(struct schema_ctx *cx, const struct attr_path *at, struct node *n)
{
    resolve_file(cx, at, n);
    if (n->kind == NODE_STRING)
        replace(n, resolve_link(cx, n->string.text));
}

static int resolve(struct schema_ctx *cx, const struct attr_path *at, const struct attr *row,
                   struct node *object, struct node_pair *pair)
{
    struct node *n = pair->value;

    switch (row->path) {
    case PATH_NONE:
        break;
    case PATH_FILE:
        resolve_file(cx, at, n);
        each_value(cx, at, n, resolve_file);
        break;
    case PATH_CONTEXT:
        resolve_context(cx, at, n);
        break;
    case PATH_CONTEXTS:
        each_value(cx, at, n, resolve_context);
        break;
    case PATH_SOURCE:
        resolve_source(cx, at, n);
        break;
    case PATH_SOURCES:
        each_value(cx, at, n, resolve_source);
        break;
    case PATH_MOUNT:
        if (str_eq(node_text(node_get(object, "type")), "bind"))
            resolve_source(cx, at, n);
        break;
    case PATH_WATCH:
        resolve_watch(cx, at, n);
        break;
    case PATH_DEVICE:
        resolve_device(cx, at, object, n);
        break;
    }
    return 0;
}

static bool has_path(const struct attr *row)
{
    return row->path != PATH_NONE;
}

int schema_paths(struct schema_ctx *cx, struct node *model)
{
    return schema_each(cx, model, has_path, resolve);
}
