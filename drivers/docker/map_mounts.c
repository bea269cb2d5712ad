/* drivers/docker/map_mounts.c: volumes, and secrets and configs that are files, as mounts.
 *
 * At one target stays one of them: a volume of the service before a secret, a secret before a
 * config. What a container that is replaced leaves behind takes the place of an anonymous volume
 * only. */
#include "drivers/docker/map_internal.h"

#include "core/base/arena.h"
#include "core/base/path.h"
#include "core/base/str.h"
#include "core/json/json.h"

#include <string.h>

static bool outranks(enum mount_rank new, enum mount_rank old)
{
    return new > old || (new == old &&new == RANK_VOLUME);
}

/* Takes mount. */
static void add_mount(struct map_cx *cx, enum mount_rank rank, const char *target,
                      struct json *mount, const char *bind)
{
    struct mount_entry *e = NULL;

    for (size_t i = 0; i < cx->mounts_len && !e; i++) {
        if (strcmp(cx->mounts[i].target, target) == 0)
            e = &cx->mounts[i];
    }
    if (e && !outranks(rank, e->rank)) {
        json_free(mount);
        return;
    }
    if (!e) {
        cx->mounts = arena_grow(cx->arena, cx->mounts, cx->mounts_len, &cx->mounts_cap,
                                cx->mounts_len + 1, sizeof *cx->mounts);
        e = &cx->mounts[cx->mounts_len++];
        *e = (struct mount_entry){.target = target};
    }
    json_free(e->mount);
    e->rank = rank;
    e->mount = mount;
    e->bind = bind;
}

static struct json *new_mount(const char *type, const char *source, const char *target,
                              bool read_only)
{
    struct json *mount = json_object();

    json_set_str(mount, "Type", type);
    json_set_str(mount, "Source", source);
    json_set_str(mount, "Target", target);
    if (read_only)
        json_set_bool(mount, "ReadOnly", true);
    return mount;
}

/* ---- the service's own ---- */

/* What follows "rw" in the older form. */
static const char *bind_flags(struct map_cx *cx, const struct mount *m)
{
    const struct bind *b = m->bind;
    const char *selinux = !b || str_empty(b->selinux) ? "" : strcmp(b->selinux, "z") ? ",Z" : ",z";
    bool spreads = b && !str_empty(b->propagation);

    return spreads ? arena_printf(cx->arena, "%s,%s", selinux, b->propagation) : selinux;
}

static void add_bind(struct map_cx *cx, const struct mount *m, const char *source)
{
    add_mount(cx, RANK_VOLUME, m->target, NULL,
              arena_printf(cx->arena, "%s:%s:%s%s", source, m->target, m->read_only ? "ro" : "rw",
                           bind_flags(cx, m)));
}

/* The older form makes the host's directory when it is missing, which engines before API 1.42 do
 * for no other; it knows nothing of the finest options. */
static bool is_plain_bind(const struct map_cx *cx, const struct mount *m)
{
    return !m->bind || (m->bind->create_host_path && str_empty(m->bind->recursive) &&
                        (str_empty(m->bind->propagation) || cx->minor < 42));
}

static int bind_options(struct map_cx *cx, const struct mount *m, struct json *mount)
{
    const struct bind *b = m->bind;
    struct json *o = json_need_object(mount, "BindOptions");

    json_set_str(o, "Propagation", b->propagation);
    if (b->create_host_path)
        json_set_bool(o, "CreateMountpoint", true);
    if (str_eq(b->recursive, "disabled"))
        json_set_bool(o, "NonRecursive", true);
    if (str_eq(b->recursive, "writable"))
        json_set_bool(o, "ReadOnlyNonRecursive", true);
    if (str_eq(b->recursive, "readonly")) {
        if (cx->minor < 44)
            return map_error(cx, ERR_UNSUPPORTED, m->item.node,
                             "bind-recursive=readonly requires API v1.44 or later");
        json_set_bool(o, "ReadOnlyForceRecursive", true);
    }
    return 0;
}

static int add_bind_mount(struct map_cx *cx, const struct mount *m)
{
    struct json *mount;

    if (is_plain_bind(cx, m)) {
        add_bind(cx, m, m->source ? m->source : "");
        return 0;
    }
    mount = new_mount("bind", m->source, m->target, m->read_only);
    json_set_str(mount, "Consistency", m->consistency);
    if (bind_options(cx, m, mount) < 0) {
        json_free(mount);
        return -1;
    }
    add_mount(cx, RANK_VOLUME, m->target, mount, NULL);
    return 0;
}

static int add_volume_mount(struct map_cx *cx, const struct mount *m)
{
    const struct mount_volume *v = m->volume;
    bool has_options = v && (v->nocopy || v->labels.len || !str_empty(v->subpath));
    const struct volume *named =
        str_empty(m->source) || !cx->p ? NULL : project_volume(cx->p, m->source);
    struct json *mount;

    /* An older engine would mount the whole volume and say nothing. */
    if (v && !str_empty(v->subpath) && cx->minor < 45)
        return map_error(cx, ERR_UNSUPPORTED, m->item.node,
                         "volume subpath '%s' requires Docker Engine v26 or later", v->subpath);
    if (named && !has_options) {
        add_bind(cx, m, named->name);
        return 0;
    }
    mount = new_mount("volume", named ? named->name : m->source, m->target, m->read_only);
    json_set_str(mount, "Consistency", m->consistency);
    if (v) {
        struct json *o = json_need_object(mount, "VolumeOptions");

        if (v->nocopy)
            json_set_bool(o, "NoCopy", true);
        if (v->labels.len)
            json_put(o, "Labels", map_mapping(&v->labels));
        json_set_str(o, "Subpath", v->subpath);
    }
    add_mount(cx, str_empty(m->source) ? RANK_ANONYMOUS : RANK_VOLUME, m->target, mount, NULL);
    return 0;
}

static void add_tmpfs_mount(struct map_cx *cx, const struct mount *m)
{
    struct json *mount = new_mount("tmpfs", NULL, m->target, m->read_only);

    if (m->tmpfs && m->tmpfs->size)
        json_set_i64(mount, "TmpfsOptions.SizeBytes", m->tmpfs->size);
    if (m->tmpfs && m->tmpfs->mode)
        json_set_i64(mount, "TmpfsOptions.Mode", m->tmpfs->mode);
    add_mount(cx, RANK_VOLUME, m->target, mount, NULL);
}

static int add_image_mount(struct map_cx *cx, const struct mount *m)
{
    struct json *mount;

    if (cx->minor < 48)
        return map_error(cx, ERR_UNSUPPORTED, m->item.node,
                         "volume with type=image require Docker Engine v28 or later");
    mount = new_mount("image", m->source, m->target, m->read_only);
    if (m->image)
        json_set_str(json_need_object(mount, "ImageOptions"), "Subpath", m->image->subpath);
    add_mount(cx, RANK_VOLUME, m->target, mount, NULL);
    return 0;
}

static int add_service_mount(struct map_cx *cx, const struct mount *m)
{
    if (str_empty(m->target))
        return map_error(cx, ERR_INVALID, m->item.node,
                         "invalid mount config for type \"%s\": field Target "
                         "must not be empty",
                         m->type);
    if (str_eq(m->type, "bind"))
        return add_bind_mount(cx, m);
    if (str_eq(m->type, "volume"))
        return add_volume_mount(cx, m);
    if (str_eq(m->type, "image"))
        return add_image_mount(cx, m);
    if (str_eq(m->type, "tmpfs"))
        add_tmpfs_mount(cx, m);
    else
        add_mount(cx, RANK_VOLUME, m->target,
                  new_mount(m->type, m->source, m->target, m->read_only), NULL);
    return 0;
}

int map_volumes(struct map_cx *cx)
{
    for (size_t i = 0; i < cx->s->volumes.len; i++) {
        if (add_service_mount(cx, cx->s->volumes.items[i]) < 0)
            return -1;
    }
    return 0;
}

/* ":ro" of "service:ro", ":rw" of "container:name:rw"; "" when there is none. */
static const char *mode_of(const char *text)
{
    const char *colon =
        strchr(str_has_prefix(text, "container:") ? strchr(text, ':') + 1 : text, ':');

    return colon ? colon : "";
}

/* docker compose loses the mode: what was to be read only is writable. */
int map_volumes_from(struct map_cx *cx)
{
    const struct strings *from = &cx->s->volumes_from;

    for (size_t i = 0; i < from->len; i++) {
        const char *text = from->items[i];
        const char *id = i < cx->cc->refs.volumes_from_len ? cx->cc->refs.volumes_from[i] : text;
        const char *mode = str_eq(id, text) ? "" : mode_of(text);

        json_add(json_need_array(cx->host, "VolumesFrom"),
                 json_string(arena_printf(cx->arena, "%s%s", id, mode)));
    }
    return 0;
}

int map_inherited(struct map_cx *cx)
{
    for (size_t i = 0; i < cx->cc->inherited.len; i++) {
        const struct inherited_mount *m = cx->cc->inherited.items[i];

        add_mount(cx, RANK_INHERITED, m->target,
                  new_mount(m->type, m->source, m->target, m->read_only), NULL);
    }
    return 0;
}

/* ---- secrets and configs ---- */

/* The others are copied after the creation. */
static bool is_mounted(const struct map_cx *cx, const struct file_ref *r,
                       const struct file_source *f, const char *target)
{
    return f && !f->external && !file_ref_is_copied(cx->p, cx->s, r, f, target);
}

int map_secrets(struct map_cx *cx)
{
    for (size_t i = 0; i < cx->s->secrets.len; i++) {
        const struct file_ref *r = cx->s->secrets.items[i];
        const struct file_source *f = cx->p ? project_secret(cx->p, r->source) : NULL;
        const char *target = file_ref_target(cx->arena, r, SECRETS_BELOW);
        struct json *mount;

        if (!is_mounted(cx, r, f, target))
            continue;
        mount = new_mount("bind", f->file, target, true);
        json_need_object(mount, "BindOptions");
        add_mount(cx, RANK_SECRET, target, mount, NULL);
    }
    return 0;
}

int map_configs(struct map_cx *cx)
{
    for (size_t i = 0; i < cx->s->configs.len; i++) {
        const struct file_ref *r = cx->s->configs.items[i];
        const struct file_source *f = cx->p ? project_config(cx->p, r->source) : NULL;
        const char *target = file_ref_target(cx->arena, r, CONFIGS_BELOW);

        if (is_mounted(cx, r, f, target))
            add_mount(cx, RANK_CONFIG, target, new_mount("bind", f->file, target, true), NULL);
    }
    return 0;
}

void map_mounts_finish(struct map_cx *cx)
{
    for (size_t i = 0; i < cx->mounts_len; i++) {
        struct mount_entry *e = &cx->mounts[i];

        if (e->bind)
            json_add(json_need_array(cx->host, "Binds"), json_string(e->bind));
        else
            json_add(json_need_array(cx->host, "Mounts"), take(e->mount));
    }
}

void map_mounts_done(struct map_cx *cx)
{
    for (size_t i = 0; i < cx->mounts_len; i++)
        json_free(cx->mounts[i].mount);
    cx->mounts_len = 0;
}
