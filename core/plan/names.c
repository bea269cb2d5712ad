/* core/plan/names.c: what containers and images are called. */
#include "core/plan/names.h"

#include "core/base/arena.h"
#include "core/base/str.h"
#include "core/model/model.h"
#include "core/plan/reconcile.h"

#include <string.h>

const char *name_separator(const struct project *p)
{
    return p->compatibility ? "_" : "-";
}

const char *container_name_of(struct arena *a, const struct project *p, const struct service *s,
                              int number)
{
    const char *sep = name_separator(p);

    if (!str_empty(s->container_name))
        return s->container_name;
    return arena_printf(a, "%s%s%s%s%d", p->name, sep, s->item.key, sep, number);
}

const char *image_of(struct arena *a, const struct project *p, const struct service *s)
{
    if (!str_empty(s->image))
        return s->image;
    return arena_printf(a, "%s%s%s", p->name, name_separator(p), s->item.key);
}

const char *temporary_name(struct arena *a, const char *old_id, const char *name)
{
    return arena_printf(a, "%.12s_%s", old_id, name);
}

bool is_temporary_name(const char *name, const char *of)
{
    return strspn(name, "0123456789abcdef") == 12 && name[12] == '_' && str_eq(name + 13, of);
}

const char *short_id(struct arena *a, const char *id)
{
    const char *hex = str_has_prefix(id, "sha256:") ? id + strlen("sha256:") : id;

    return arena_printf(a, "%.12s", hex);
}

const char *container_subject(struct arena *a, const char *name)
{
    return arena_printf(a, "Container %s", name);
}
