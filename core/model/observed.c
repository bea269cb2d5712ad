#include "core/model/observed.h"

#include <string.h>

static const char *const states[] = {
    [STATE_UNKNOWN] = "",
    [STATE_CREATED] = "created",
    [STATE_RUNNING] = "running",
    [STATE_PAUSED] = "paused",
    [STATE_RESTARTING] = "restarting",
    [STATE_REMOVING] = "removing",
    [STATE_EXITED] = "exited",
    [STATE_DEAD] = "dead",
};

const char *container_state_name(enum container_state s)
{
    return (size_t)s < sizeof states / sizeof *states ? states[s] : "";
}

bool container_is_meant(const struct container *a, const struct container *b)
{
    if (a->oneoff != b->oneoff)
        return b->oneoff;
    return a->oneoff ? a->created > b->created : a->number < b->number;
}

bool containers_same(const struct containers *a, const struct containers *b)
{
    if (a->len != b->len)
        return false;
    for (size_t i = 0; i < a->len; i++) {
        const struct container *x = a->items[i], *y = b->items[i];

        if (strcmp(x->id, y->id) != 0 || strcmp(x->name, y->name) != 0 || x->state != y->state)
            return false;
    }
    return true;
}

enum container_state container_state_parse(const char *name)
{
    for (size_t i = 1; name && i < sizeof states / sizeof *states; i++)
        if (!strcmp(states[i], name))
            return (enum container_state)i;
    return STATE_UNKNOWN;
}
