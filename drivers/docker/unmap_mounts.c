/* drivers/docker/unmap_mounts.c: the inverse of map_mounts.c. */
#include "drivers/docker/unmap_internal.h"

#include "core/base/arena.h"
#include "core/base/path.h"
#include "core/base/str.h"
#include "core/json/json.h"
#include "drivers/docker/parse.h"

#include <stdlib.h>
#include <string.h>

/* The one of the model whose engine name this is; the key of one that is no longer in it. */
static const char *volume_key(struct unmap_cx *cx, const char *name)
{
    const struct project *p = cx->made->project;

    for (size_t i = 0; p && i < p->volumes.len; i++)
        if (str_eq(p->volumes.items[i]->name, name))
            return p->volumes.items[i]->item.key;
    return unmap_key(cx, name);
}

static const struct mount *declared_at(const struct unmap_cx *cx, const char *target)
{
    for (size_t i = 0; i < cx->like->volumes.len; i++)
        if (str_eq(cx->like->volumes.items[i]->target, target))
            return cx->like->volumes.items[i];
    return NULL;
}

/* The name of an anonymous volume. */
static bool is_anonymous(const char *name)
{
    return strlen(name) == 64 && strspn(name, "0123456789abcdef") == 64;
}

/* ---- binds: "source:target:mode" ---- */

/* "rw,Z,rshared": what comes after the first word. */
static void read_bind_flags(struct unmap_cx *cx, const char *flags, struct bind *b)
{
    while (*flags == ',') {
        size_t len = strcspn(++flags, ",");
        const char *flag = arena_strndup(cx->arena, flags, len);

        if (str_eq(flag, "z") || str_eq(flag, "Z"))
            b->selinux = flag;
        else
            b->propagation = flag;
        flags += len;
    }
}

static void read_bind(struct unmap_cx *cx, const char *text)
{
    const char *first = strchr(text, ':'), *second = first ? strchr(first + 1, ':') : NULL;
    const char *mode = second ? second + 1 : "";
    struct mount *m;

    if (!first)
        return;
    m = unmap_add(cx, &cx->s->volumes);
    m->source = arena_strndup(cx->arena, text, (size_t)(first - text));
    m->target = second ? arena_strndup(cx->arena, first + 1, (size_t)(second - first - 1))
                       : arena_strdup(cx->arena, first + 1);
    m->read_only = str_has_prefix(mode, "ro");
    if (m->source[0] != '/') {
        m->type = "volume";
        m->source = volume_key(cx, m->source);
        return;
    }
    m->type = "bind";
    m->bind = arena_alloc(cx->arena, sizeof *m->bind);
    m->bind->create_host_path = true;
    read_bind_flags(cx, mode + strcspn(mode, ","), m->bind);
}

/* ---- mounts ---- */

static const char *recursion(const struct json *options)
{
    if (json_get_bool(options, "NonRecursive", false))
        return "disabled";
    if (json_get_bool(options, "ReadOnlyNonRecursive", false))
        return "writable";
    return json_get_bool(options, "ReadOnlyForceRecursive", false) ? "readonly" : NULL;
}

static void read_bind_options(struct unmap_cx *cx, const struct json *j, struct mount *m)
{
    const struct json *o = json_get(j, "BindOptions");

    m->bind = arena_alloc(cx->arena, sizeof *m->bind);
    m->bind->propagation = unmap_text(cx, o, "Propagation");
    m->bind->recursive = recursion(o);
    if (cx->minor >= 42) /* which older engines drop */
        m->bind->create_host_path = json_get_bool(o, "CreateMountpoint", false);
}

static void read_volume_options(struct unmap_cx *cx, const struct json *j, struct mount *m)
{
    const struct json *o = json_get(j, "VolumeOptions");
    struct mount_volume v = {
        .nocopy = json_get_bool(o, "NoCopy", false),
        .labels = parse_mapping(cx->arena, json_get(o, "Labels")),
        .subpath = unmap_text(cx, o, "Subpath"),
    };

    if (is_anonymous(m->source ? m->source : ""))
        m->source = NULL;
    if (m->source)
        m->source = volume_key(cx, m->source);
    if (v.nocopy || v.labels.len || v.subpath) {
        m->volume = arena_alloc(cx->arena, sizeof *m->volume);
        *m->volume = v;
    }
}

static void read_options(struct unmap_cx *cx, const struct json *j, struct mount *m)
{
    int64_t size = json_get_i64(j, "TmpfsOptions.SizeBytes", 0);
    int64_t mode = json_get_i64(j, "TmpfsOptions.Mode", 0);

    if (str_eq(m->type, "bind")) {
        read_bind_options(cx, j, m);
    } else if (str_eq(m->type, "volume")) {
        read_volume_options(cx, j, m);
    } else if (str_eq(m->type, "tmpfs") && (size || mode)) {
        m->tmpfs = arena_alloc(cx->arena, sizeof *m->tmpfs);
        m->tmpfs->size = size;
        m->tmpfs->mode = mode;
    } else if (*json_get_str(j, "ImageOptions.Subpath", "")) {
        m->image = arena_alloc(cx->arena, sizeof *m->image);
        m->image->subpath = unmap_text(cx, j, "ImageOptions.Subpath");
    }
}

/* Carried over from the container before, for a VOLUME of the image. */
static bool is_carried_over(const struct unmap_cx *cx, const struct json *j)
{
    return str_eq(json_get_str(j, "Type", ""), "volume") &&
           is_anonymous(json_get_str(j, "Source", "")) &&
           !declared_at(cx, json_get_str(j, "Target", ""));
}

static void read_mount(struct unmap_cx *cx, const struct json *j)
{
    struct mount *m;

    if (is_carried_over(cx, j))
        return;
    m = unmap_add(cx, &cx->s->volumes);
    m->type = parse_text(cx->arena, j, "Type");
    m->source = unmap_text(cx, j, "Source");
    m->target = parse_text(cx->arena, j, "Target");
    m->read_only = json_get_bool(j, "ReadOnly", false);
    m->consistency = unmap_text(cx, j, "Consistency");
    read_options(cx, j, m);
}

/* ---- secrets and configs ---- */

enum grant { GRANT_NONE, GRANT_SECRET, GRANT_CONFIG };

struct refs {
    struct file_ref **items;
    size_t len;
};

struct sources {
    struct file_source **items;
    size_t len;
};

static bool is_target_of(const struct unmap_cx *cx, const struct refs *refs, const char *dir,
                         const char *target)
{
    for (size_t i = 0; i < refs->len; i++)
        if (str_eq(file_ref_target(cx->arena, refs->items[i], dir), target))
            return true;
    return false;
}

/* A mount does not say what it is; the model does, and where it does not, how it looks. */
static enum grant grant_of(const struct unmap_cx *cx, const struct json *j)
{
    const struct service *s = cx->like;
    const char *target = json_get_str(j, "Target", "");
    const struct refs secrets = {s->secrets.items, s->secrets.len};
    const struct refs configs = {s->configs.items, s->configs.len};

    if (!str_eq(json_get_str(j, "Type", ""), "bind") || !json_get_bool(j, "ReadOnly", false) ||
        declared_at(cx, target))
        return GRANT_NONE;
    if (is_target_of(cx, &secrets, SECRETS_BELOW, target) || str_has_prefix(target, SECRETS_BELOW))
        return GRANT_SECRET;
    if (is_target_of(cx, &configs, CONFIGS_BELOW, target) ||
        json_is_null(json_get(j, "BindOptions")))
        return GRANT_CONFIG;
    return GRANT_NONE;
}

/* Its key, or the file when none has it: of several, the one that is meant here. */
static const char *source_of(struct unmap_cx *cx, const struct sources *all,
                             const struct refs *like, const char *file)
{
    const char *found = NULL;

    for (size_t i = 0; i < all->len; i++) {
        if (!str_eq(all->items[i]->file, file))
            continue;
        found = found ? found : all->items[i]->item.key;
        for (size_t j = 0; j < like->len; j++)
            if (str_eq(like->items[j]->source, all->items[i]->item.key))
                return like->items[j]->source;
    }
    return found ? found : arena_strdup(cx->arena, file);
}

static void read_grant(struct unmap_cx *cx, const struct json *j, enum grant grant)
{
    const struct project *p = cx->made->project;
    const struct service *s = cx->like;
    struct file_ref *r = arena_alloc(cx->arena, sizeof *r);
    const char *file = json_get_str(j, "Source", "");

    if (grant == GRANT_SECRET) {
        r->source = source_of(cx, &(struct sources){p->secrets.items, p->secrets.len},
                              &(struct refs){s->secrets.items, s->secrets.len}, file);
        cx->s->secrets.items[cx->s->secrets.len++] = r;
    } else {
        r->source = source_of(cx, &(struct sources){p->configs.items, p->configs.len},
                              &(struct refs){s->configs.items, s->configs.len}, file);
        cx->s->configs.items[cx->s->configs.len++] = r;
    }
    r->target = parse_text(cx->arena, j, "Target");
}

/* ---- all of them ---- */

static int by_target(const void *a, const void *b)
{
    return strcmp((*(struct mount *const *)a)->target, (*(struct mount *const *)b)->target);
}

static int by_ref_target(const void *a, const void *b)
{
    return strcmp((*(struct file_ref *const *)a)->target, (*(struct file_ref *const *)b)->target);
}

/* Their order means nothing. */
static void sort(struct service *s)
{
    if (s->volumes.len)
        qsort(s->volumes.items, s->volumes.len, sizeof *s->volumes.items, by_target);
    if (s->secrets.len)
        qsort(s->secrets.items, s->secrets.len, sizeof *s->secrets.items, by_ref_target);
    if (s->configs.len)
        qsort(s->configs.items, s->configs.len, sizeof *s->configs.items, by_ref_target);
}

void unmap_mounts(struct unmap_cx *cx)
{
    const struct json *binds = json_get(cx->host, "Binds"), *mounts = json_get(cx->host, "Mounts");

    unmap_room(cx, &cx->s->volumes, json_len(binds) + json_len(mounts));
    unmap_room(cx, &cx->s->secrets, json_len(mounts));
    unmap_room(cx, &cx->s->configs, json_len(mounts));
    for (const struct json *j = json_first(binds); j; j = json_next(j))
        read_bind(cx, json_text(j, ""));
    for (const struct json *j = json_first(mounts); j; j = json_next(j)) {
        enum grant grant = cx->made->project ? grant_of(cx, j) : GRANT_NONE;

        if (grant == GRANT_NONE)
            read_mount(cx, j);
        else
            read_grant(cx, j, grant);
    }
    sort(cx->s);
}

/* docker compose loses the mode; so it tells nothing. */
void unmap_volumes_from(struct unmap_cx *cx)
{
    struct strings *ret = &cx->s->volumes_from;

    *ret = parse_strings(cx->arena, json_get(cx->host, "VolumesFrom"));
    for (size_t i = 0; i < ret->len; i++)
        if (str_has_suffix(ret->items[i], ":ro") || str_has_suffix(ret->items[i], ":rw"))
            ret->items[i] =
                arena_strndup(cx->arena, ret->items[i], strlen(ret->items[i]) - strlen(":ro"));
}
