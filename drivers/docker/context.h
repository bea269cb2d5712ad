/* drivers/docker/context.h: a build context as a tar, made piece by piece: memory stays bounded
 * however large the directory is. Reading blocks, so the caller does it away from the loop.
 *
 * Entries come in sorted order, owned by root, with their mode and time. Symbolic links stay links;
 * sockets are left out. */
#ifndef DRIVERS_DOCKER_CONTEXT_H
#define DRIVERS_DOCKER_CONTEXT_H

#include "core/base/attr.h"   /* MUST_CHECK */
#include "core/model/model.h" /* struct strings */

#include <stdbool.h>
#include <stddef.h>

struct context;
struct err;
struct ignore;
struct str;

/* A file that is not in the directory, or not with this content. */
struct context_extra {
    const char *name, *data;
    size_t len;
};

struct context_spec {
    const char *dir;             /* absolute */
    const struct ignore *ignore; /* NULL: everything goes in */
    struct strings always;       /* names that go in whatever `ignore` says */
    const struct context_extra *extras;
    size_t extras_len;
};

struct context *
context_new(const struct context_spec *s); /* what the spec points to stays the caller's */
/* Appends to out until it holds `want` bytes or more, or the end. */
int MUST_CHECK context_more(struct context *c, struct str *out, size_t want, struct err *err);
bool context_is_done(const struct context *c);
void context_free(struct context *c); /* takes NULL */

#endif
