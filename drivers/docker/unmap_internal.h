/* drivers/docker/unmap_internal.h: what the unmap*.c files share. */
#ifndef DRIVERS_DOCKER_UNMAP_INTERNAL_H
#define DRIVERS_DOCKER_UNMAP_INTERNAL_H

#include "core/driver.h"
#include "core/model/model.h"

#include <stdbool.h>
#include <stddef.h>

struct arena;
struct json;

/* One container, there or to be made. */
struct unmap_cx {
    struct arena *arena;
    const struct container_create *made;
    const struct service *like; /* made->service: where the engine has one field for two attributes,
                                   the one that is used */
    unsigned minor;
    const struct json *config, *host; /* HostConfig and what is beside it */
    const struct json *endpoints;     /* by network */
    const struct json *image;         /* Config of the image */
    bool filled;                      /* what the image says is in `config` already */
    const char *name, *id;            /* of the container that is there */
    struct service *s;                /* what comes out */
};

/* Reads one attribute into cx->s. */
typedef void unmap_fn(struct unmap_cx *cx);

/* unmap_service.c */
unmap_fn unmap_blkio_config, unmap_cap_add, unmap_cap_drop, unmap_command, unmap_cpu_percent,
    unmap_cpus, unmap_deploy, unmap_devices, unmap_entrypoint, unmap_environment,
    unmap_device_requests, unmap_healthcheck, unmap_hostname, unmap_image, unmap_ipc, unmap_labels,
    unmap_logging, unmap_pid, unmap_restart, unmap_security_opt, unmap_stop_grace_period,
    unmap_tmpfs, unmap_ulimits;

/* unmap_mounts.c */
unmap_fn unmap_mounts, unmap_volumes_from;

/* unmap_network.c */
unmap_fn unmap_expose, unmap_links, unmap_mac_address, unmap_networks_of, unmap_ports;

/* unmap.c */
const char *unmap_text(struct unmap_cx *cx, const struct json *from,
                       const char *path);                     /* or NULL */
const char *unmap_key(struct unmap_cx *cx, const char *name); /* without the project's prefix */
struct mapping unmap_own_labels(struct arena *a, const struct json *labels,
                                const struct json *image_labels);
void sort_texts(struct strings *list);
struct mapping mapping_over(struct arena *a, const struct mapping *over,
                            const struct mapping *under);

/* Adds an item of `size` bytes to a LIST_OF with room for it, and returns it. */
#define unmap_add(cx, list)                                                                        \
    ((list)->items[(list)->len++] = arena_alloc((cx)->arena, sizeof **(list)->items))
/* Makes room for as many items as the list may get. */
#define unmap_room(cx, list, count)                                                                \
    ((list)->items = arena_calloc((cx)->arena, (count) + 1, sizeof *(list)->items), (list)->len = 0)

#endif
