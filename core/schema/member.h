/* core/schema/member.h: reaching the members of a model struct through a row's offset.
 *
 * For the loops over the rows (decode.c, core/render); everyone else names the member. */
#ifndef CORE_SCHEMA_MEMBER_H
#define CORE_SCHEMA_MEMBER_H

#include "core/schema/attr.h"

#include <stddef.h>
#include <string.h>

/* What every LIST_OF(x) looks like; the items are structs that start with a struct item. */
struct any_list {
    void **items;
    size_t len;
};

static inline void *member_at(void *object, const struct attr *row)
{
    return (char *)object + row->offset;
}

static inline const void *member_of(const void *object, const struct attr *row)
{
    return (const char *)object + row->offset;
}

static inline struct any_list member_list(const void *member)
{
    struct any_list list;

    memcpy(&list, member, sizeof list);
    return list;
}

static inline void *member_object(const void *member)
{
    void *object;

    memcpy(&object, member, sizeof object);
    return object;
}

#endif
