/* drivers/docker/build_feed.h: the build context on its way to the engine.
 *
 * A worker thread reads files and makes a piece of the tar while the piece before it is sent; never
 * are there more than two. The loop never waits for a disk. */
#ifndef DRIVERS_DOCKER_BUILD_FEED_H
#define DRIVERS_DOCKER_BUILD_FEED_H

#include "core/base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h> /* ssize_t */
#include <uv.h>

struct build_feed;

struct build_source {
    const char *context;    /* directory, absolute */
    const char *dockerfile; /* absolute, or relative to the context; NULL or "": Dockerfile */
    const char *dockerfile_inline; /* in its place; NULL */
    bool classic;                  /* the engine reads .dockerignore as well */
};

/* Copies what it needs. `on_more` runs from the loop when there is something to read again; with an
 * error there will be nothing more. */
struct build_feed *build_feed_new(uv_loop_t *loop, const struct build_source *s,
                                  void (*on_more)(void *owner, struct err *err), void *owner);
const char *build_feed_dockerfile(const struct build_feed *f); /* its name in the tar */
/* 0: the end; HTTP_READ_PAUSE: not yet, on_more will run. */
ssize_t build_feed_read(struct build_feed *f, char *buf, size_t size);
void build_feed_free(struct build_feed *f); /* at any time; takes NULL */

#endif
