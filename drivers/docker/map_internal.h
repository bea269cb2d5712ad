/* drivers/docker/map_internal.h: what the map*.c files share. */
#ifndef DRIVERS_DOCKER_MAP_INTERNAL_H
#define DRIVERS_DOCKER_MAP_INTERNAL_H

#include "core/base/err.h"
#include "core/driver.h"
#include "core/model/model.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;
struct attr;
struct attr_table;
struct json;
struct node;

/* One mount of the new container; which of two at one target stays is up to `rank`. */
struct mount_entry {
    const char *target;
    enum mount_rank { RANK_ANONYMOUS, RANK_INHERITED, RANK_CONFIG, RANK_SECRET, RANK_VOLUME } rank;
    struct json *mount; /* for HostConfig.Mounts; owned */
    const char *bind;   /* or for HostConfig.Binds */
};

struct map_cx {
    const struct container_create *cc;
    const struct project *p;
    const struct service *s;
    unsigned minor;
    struct json *body, *host; /* host: HostConfig, in body */
    struct arena *arena;      /* until the body is made */
    struct mount_entry *mounts;
    size_t mounts_len, mounts_cap;
    struct err *err;
};

/* Puts one attribute into cx->body. */
typedef int map_fn(struct map_cx *cx);

/* map_service.c */
map_fn map_blkio_config, map_cap_add, map_cap_drop, map_cpu_percent, map_cpus, map_deploy,
    map_devices;
map_fn map_environment, map_gpus, map_healthcheck, map_ipc, map_labels, map_logging, map_pid,
    map_restart;
map_fn map_security_opt, map_stop_grace_period, map_tmpfs, map_ulimits;

/* map_mounts.c */
map_fn map_configs, map_secrets, map_volumes, map_volumes_from;
int map_inherited(struct map_cx *cx);
void map_mounts_finish(struct map_cx *cx);
void map_mounts_done(struct map_cx *cx);

/* map_network.c */
map_fn map_expose, map_links, map_mac_address, map_network_mode, map_networks, map_ports;
int map_endpoint(const struct endpoint *e, const char *mac, unsigned minor, struct json **ret,
                 struct err *err);

/* map.c */
struct json *map_strings(const struct strings *s);
bool map_is_copy(const struct attr *row);          /* it goes to a field of the engine as it is */
struct json *map_mapping(const struct mapping *m); /* null values become "" */
const struct node *map_node(const struct map_cx *cx,
                            const char *attr); /* "healthcheck.test" of the service */
int map_error(struct map_cx *cx, enum err_code code, const struct node *at, const char *fmt, ...)
    PRINTF_LIKE(4, 5); /* at may be NULL */

#endif
