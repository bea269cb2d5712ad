/* drivers/docker/docker.h: the driver that speaks the Docker Engine API.
 *
 * Opening asks nothing of the engine: the first call finds out whether it is there and which API
 * version both understand, and the others wait for that. Close with driver->ops->close(): what is
 * open ends with ERR_CANCELED, and the memory goes when the loop has let go of the handles.
 *
 * The program must ignore SIGPIPE: an engine may hang up while something is being written to it. */
#ifndef DRIVERS_DOCKER_DOCKER_H
#define DRIVERS_DOCKER_DOCKER_H

#include <uv.h>

struct driver;
struct err;

struct docker_options {
    const char *host; /* unix:///path or tcp://name:port; NULL: looked for, see address.h */
    const char
        *context; /* a context of the docker command line; NULL: DOCKER_CONTEXT or config.json */
    /* The environment: `lookup(from, "DOCKER_HOST")`, NULL when not set. Left out: the process's
     * own. */
    const char *(*lookup)(const void *from, const char *name);
    const void *from;
    /* Connections at a time, streams included; 0: as many as there are requests. */
    unsigned connections_max;
};

int docker_open(uv_loop_t *loop, const struct docker_options *o, struct driver **ret,
                struct err *err);

#endif
