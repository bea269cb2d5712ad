/* core/model/observed.h: what an engine holds, as far as mcompose looks at it: plain data.
 *
 * Drivers fill these from the engine's answers into an arena the caller names. Words are those of
 * the Engine API. */
#ifndef CORE_MODEL_OBSERVED_H
#define CORE_MODEL_OBSERVED_H

#include "core/model/model.h" /* struct mapping, struct strings */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct engine_info {
    unsigned api_major, api_minor; /* negotiated; requests carry it */
    const char *host;              /* as given: unix:///var/run/docker.sock */
    const char *os_type;           /* linux, windows */
    bool buildkit;                 /* builds go through BuildKit */
};

enum container_state {
    STATE_UNKNOWN,
    STATE_CREATED,
    STATE_RUNNING,
    STATE_PAUSED,
    STATE_RESTARTING,
    STATE_REMOVING,
    STATE_EXITED,
    STATE_DEAD,
};
const char *container_state_name(enum container_state s); /* "running" */
enum container_state container_state_parse(const char *name);

enum health { HEALTH_NONE, HEALTH_STARTING, HEALTH_HEALTHY, HEALTH_UNHEALTHY };

struct container_port {
    const char *ip; /* "" : not published */
    int private_port, public_port;
    const char *type; /* tcp, udp, sctp */
};

struct container_mount {
    const char *type, *name, *source, *destination, *driver, *mode;
    bool rw;
};

struct container_network {
    const char *name, *network_id;
    const char *ipv4, *ipv6; /* addresses; "" when it does not run */
    struct strings aliases;  /* from inspection only */
};

/* One container, from the list or from an inspection. What the list does not tell is empty there:
 * exit_code (parsed from `status` in the list), health_log, started_at, finished_at, tty. */
struct container {
    const char *id, *name; /* name: the canonical one, without a slash */
    struct strings names;  /* all of them, without a slash */
    const char *image, *image_id, *command;
    int64_t created; /* Unix seconds */
    enum container_state state;
    const char *status; /* "Up 2 seconds (healthy)" */
    enum health health;
    int exit_code;
    struct mapping labels;
    LIST_OF(struct container_port) ports;
    LIST_OF(struct container_mount) mounts;
    LIST_OF(struct container_network) networks;

    /* From inspection. */
    bool inspected, tty, open_stdin, oom_killed, has_healthcheck;
    const char *started_at, *finished_at; /* RFC 3339; the year 1: never */
    const char *error, *health_output;    /* last probe's output */

    /* Read off docker compose's labels; "" and 0 when absent. */
    const char *project, *service, *config_hash, *image_label;
    int number;
    bool oneoff;
};

struct containers {
    struct container **items;
    size_t len;
};

/* Of two containers of a service, does a command about one of them mean `a`? The lowest number;
 * one-offs only when there is nothing else, the newest first. */
bool container_is_meant(const struct container *a, const struct container *b);

/* The same ones, in the same states; both sorted by name. */
bool containers_same(const struct containers *a, const struct containers *b);

struct network_state {
    const char *id, *name, *driver, *scope;
    struct mapping labels;
    const char *project, *key, *config_hash; /* from labels; "" when absent */
    struct strings containers;               /* ids of attached ones, from inspection only */
};

struct volume_state {
    const char *name, *driver, *mountpoint, *scope;
    int64_t created; /* Unix seconds; 0: the engine does not say */
    struct mapping labels;
    const char *project, *key, *config_hash;
};

struct image_state {
    const char *id;  /* sha256:... */
    const char *ref; /* the reference it was asked by */
    struct strings repo_tags, repo_digests;
    const char *os, *architecture, *variant;
    int64_t size, created; /* bytes, Unix seconds */
    const char *last_tag_time;
    struct mapping labels;
    struct strings volumes; /* paths of VOLUME */
    bool has_healthcheck;
};

struct networks {
    struct network_state **items;
    size_t len;
};
struct volumes {
    struct volume_state **items;
    size_t len;
};
struct images {
    struct image_state **items;
    size_t len;
};

#endif
