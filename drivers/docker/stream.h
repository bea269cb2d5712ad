/* drivers/docker/stream.h: calls that carry the output of a container or an exec: logs, attach,
 * exec. */
#ifndef DRIVERS_DOCKER_STREAM_H
#define DRIVERS_DOCKER_STREAM_H

#include "drivers/docker/frames.h"
#include "drivers/docker/internal.h"

struct stream_call {
    struct call call; /* first member */
    struct frames frames;
    bool tty; /* raw bytes, no frames; the Content-Type is not to be trusted */
    output_fn *on_output;
    void (*on_ready)(void *owner);
};

/* Path and the rest are still to be set. on_ready may be NULL. */
struct call *stream_call_new(struct docker *d, bool tty, output_fn *on_output,
                             void (*on_ready)(void *owner), call_done *done, void *owner);

#endif
