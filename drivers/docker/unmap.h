/* drivers/docker/unmap.h: what the engine says of a container, network or volume, in the words of
 * the model: the inverse of map.h, row by row.
 *
 * The body of a create request goes through the same functions, so that what was and what would be
 * are spelled alike. What the engine does not keep is in neither; what the image, the engine's own
 * defaults or this program fill in is no difference. */
#ifndef DRIVERS_DOCKER_UNMAP_H
#define DRIVERS_DOCKER_UNMAP_H

#include <stdbool.h>
#include <stddef.h>

struct arena;
struct attr_table;
struct container_create;
struct err;
struct json;
struct mapping;
struct network;
struct service;
struct str;
struct volume;

/* One that is there (its inspection, and that of its image; NULL: not known) and the body of the
 * one that would be made: both as canonical texts (core/render/canonical.h). endpoints: all of
 * them, whatever this engine takes at once. */
struct unmap_pair {
    const struct container_create *made;
    unsigned minor;                       /* API 1.minor */
    const struct json *container, *image; /* GET /containers/ID/json, /images/ID/json */
    const struct json *body, *endpoints;  /* POST /containers/create */
};
void unmap_containers(struct arena *a, const struct unmap_pair *p, struct str *was,
                      struct str *now);

/* The same for networks and volumes. */
void unmap_networks(struct arena *a, const struct network *made, const struct json *network,
                    const struct json *body, struct str *was, struct str *now);
void unmap_volumes(struct arena *a, const struct volume *made, const struct json *volume,
                   const struct json *body, struct str *was, struct str *now);

/* Has row i of the service, network or volume table a function here? For the test that walks the
 * rows. */
bool unmap_has_function(const struct attr_table *t, size_t i);

#endif
