/* core/model/model.c: look-ups in the model, and its end. */
#include "core/model/model.h"

#include "core/base/arena.h"
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

bool file_ref_is_copied(const struct service *s, const struct file_ref *r,
                        const struct file_source *f)
{
    if (!f || f->external)
        return false;
    return str_empty(f->file) || (f->data && file_ref_has_owner(r) && !s->read_only);
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
