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

enum container_state container_state_parse(const char *name)
{
    for (size_t i = 1; name && i < sizeof states / sizeof *states; i++)
        if (!strcmp(states[i], name))
            return (enum container_state)i;
    return STATE_UNKNOWN;
}
