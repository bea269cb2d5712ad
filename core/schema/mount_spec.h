/* core/schema/mount_spec.h: taking "source:target:options" of volumes apart. */
#ifndef CORE_SCHEMA_MOUNT_SPEC_H
#define CORE_SCHEMA_MOUNT_SPEC_H

#include <stdbool.h>
#include <stddef.h>

/* A part of the text that was parsed; len 0: not there. */
struct span {
    const char *text;
    size_t len;
};

struct mount_spec {
    struct span source, target, options;
};

/* Returns NULL, or docker compose's words for what is wrong with it. */
const char *mount_spec_parse(const char *text, struct mount_spec *ret);
bool is_bind_source(struct span source); /* a path of the host; else the name of a volume */

#endif
