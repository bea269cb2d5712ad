/* drivers/docker/reference.h: an image reference taken apart: "alpine",
 * "ghcr.io/a/b:1@sha256:...". */
#ifndef DRIVERS_DOCKER_REFERENCE_H
#define DRIVERS_DOCKER_REFERENCE_H

struct arena;

struct reference {
    const char *registry;   /* "docker.io", "localhost:5000" */
    const char *repository; /* in full: "docker.io/library/alpine" */
    const char *tag;        /* the digest when there is one, else the tag, else "latest" */
};

struct reference reference_parse(struct arena *a, const char *text);

#endif
