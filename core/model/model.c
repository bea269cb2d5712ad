/* core/model/model.c: look-ups in the model, and its end. */
#include "core/model/model.h"

#include "core/base/arena.h"
#include "core/base/map.h"
#include "core/base/str.h"

#include <string.h>

void project_free(struct project *p)
{
    if (p)
        arena_free(p->arena); /* p itself lives there */
}

/* Lists that stand for mappings are sorted by key, bytewise. */
#define FIND(list, name)                                                                           \
    do {                                                                                           \
        size_t low_ = 0, high_ = (list).len;                                                       \
        while (low_ < high_) {                                                                     \
            size_t mid_ = low_ + (high_ - low_) / 2;                                               \
            int order_ = strcmp((list).items[mid_]->item.key, (name));                             \
            if (order_ == 0)                                                                       \
                return (list).items[mid_];                                                         \
            if (order_ < 0)                                                                        \
                low_ = mid_ + 1;                                                                   \
            else                                                                                   \
                high_ = mid_;                                                                      \
        }                                                                                          \
        return NULL;                                                                               \
    } while (0)

bool strings_have(const struct strings *list, const char *text)
{
    for (size_t i = 0; i < list->len; i++)
        if (str_eq(list->items[i], text))
            return true;
    return false;
}

struct service *project_service(const struct project *p, const char *name)
{
    FIND(p->services, name);
}

struct network *project_network(const struct project *p, const char *key)
{
    FIND(p->networks, key);
}

struct volume *project_volume(const struct project *p, const char *key)
{
    FIND(p->volumes, key);
}

struct file_source *project_secret(const struct project *p, const char *key)
{
    FIND(p->secrets, key);
}

struct file_source *project_config(const struct project *p, const char *key)
{
    FIND(p->configs, key);
}

const struct dependency *service_dependency(const struct service *s, const char *name)
{
    FIND(s->depends_on, name);
}

bool file_ref_has_owner(const struct file_ref *r)
{
    return !str_empty(r->uid) || !str_empty(r->gid) || r->mode.set;
}

/* `len` bytes of `dir`, without what comes after it in a short form. */
static bool is_below(const char *path, const char *dir, size_t len)
{
    while (len > 1 && dir[len - 1] == '/')
        len--;
    return len && strncmp(path, dir, len) == 0 &&
           (dir[len - 1] == '/' || path[len] == '/' || !path[len]);
}

/* The service in "name", "name:ro"; NULL: it is another container. */
static const struct service *shared_from(const struct project *p, const char *from)
{
    AUTO_TEXT name = {0};

    if (!p || str_has_prefix(from, "container:"))
        return NULL;
    str_addn(&name, from, strcspn(from, ":"));
    return project_service(p, str_text(&name));
}

/* seen: the services that have none. */
static bool has_volume_over(const struct project *p, const struct service *s, const char *path,
                            struct map *seen)
{
    for (size_t i = 0; i < s->volumes.len; i++) {
        const char *target = s->volumes.items[i]->target;

        if (target && !str_eq(s->volumes.items[i]->type, "tmpfs") &&
            is_below(path, target, strlen(target)))
            return true;
    }
    map_set(seen, s->item.key, seen);
    for (size_t i = 0; i < s->volumes_from.len; i++) {
        const struct service *other = shared_from(p, s->volumes_from.items[i]);

        if (other && !map_has(seen, other->item.key) && has_volume_over(p, other, path, seen))
            return true;
    }
    return false;
}

static bool has_tmpfs_over(const struct service *s, const char *path)
{
    for (size_t i = 0; i < s->tmpfs.len; i++)
        if (is_below(path, s->tmpfs.items[i], strcspn(s->tmpfs.items[i], ":")))
            return true;
    for (size_t i = 0; i < s->volumes.len; i++) {
        const char *target = s->volumes.items[i]->target;

        if (target && str_eq(s->volumes.items[i]->type, "tmpfs") &&
            is_below(path, target, strlen(target)))
            return true;
    }
    return false;
}

enum mount_over service_mounts_over(const struct project *p, const struct service *s,
                                    const char *path)
{
    struct map seen = {0};
    enum mount_over ret;

    if (has_tmpfs_over(s, path))
        return OVER_TMPFS;
    ret = has_volume_over(p, s, path, &seen) ? OVER_VOLUME : OVER_NOTHING;
    map_done(&seen);
    return ret;
}

const char *file_ref_target(struct arena *a, const struct file_ref *r, const char *dir)
{
    const char *target = str_empty(r->target) ? r->source : r->target;

    return *target == '/' ? target : arena_printf(a, "%s%s", dir, target);
}

bool file_ref_is_copied(const struct project *p, const struct service *s, const struct file_ref *r,
                        const struct file_source *f, const char *target)
{
    if (!f || f->external)
        return false;
    return str_empty(f->file) || (f->data && file_ref_has_owner(r) && !s->read_only &&
                                  service_mounts_over(p, s, target) == OVER_NOTHING);
}

static const struct mapping_entry *mapping_find(const struct mapping *m, const char *key)
{
    size_t low = 0, high = m->len;

    while (low < high) {
        size_t mid = low + (high - low) / 2;
        int order = strcmp(m->entries[mid].key, key);

        if (order == 0)
            return &m->entries[mid];
        if (order < 0)
            low = mid + 1;
        else
            high = mid;
    }
    return NULL;
}

const char *mapping_get(const struct mapping *m, const char *key)
{
    const struct mapping_entry *e = mapping_find(m, key);

    return e ? e->value : NULL;
}

bool mapping_has(const struct mapping *m, const char *key)
{
    return mapping_find(m, key) != NULL;
}
