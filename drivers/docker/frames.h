/* drivers/docker/frames.h: takes apart the stream that carries stdout and stderr in one:
 *
 *     [1: stdout, 2: stderr, 3: the engine's error][0 0 0][length, 4 bytes, big endian][payload]
 *
 * Payload is handed on as it comes, in pieces if need be: nothing is buffered but headers and error
 * texts. */
#ifndef DRIVERS_DOCKER_FRAMES_H
#define DRIVERS_DOCKER_FRAMES_H

#include "core/base/str.h"
#include "core/driver.h" /* output_fn */

#include <stddef.h>
#include <stdint.h>

struct err;

/* All-zero is a valid start. */
struct frames {
    unsigned char head[8];
    size_t head_len;
    uint32_t left;    /* of the payload */
    struct str error; /* payload of an error frame so far */
};

/* 0: go on; anything else: the owner wants no more, the rest of `bytes` is dropped. */
typedef int frame_fn(void *owner, enum stream s, const char *bytes, size_t len);

/* -1: an error frame, or bytes that are no frames; the stream is over then. 1: the owner wanted no
 * more. */
int frames_feed(struct frames *f, const char *bytes, size_t len, frame_fn *on_output, void *owner,
                struct err *err);
/* The stream has ended: -1 when that was in the middle of a frame. */
int frames_end(const struct frames *f, struct err *err);
void frames_done(struct frames *f);

#endif
