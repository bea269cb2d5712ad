/* drivers/docker/parse.h: the engine's JSON as the plain structs of core/model/observed.h.
 *
 * Everything is made in the arena and nothing is NULL: what an answer lacks, or has in another
 * type, is "", 0 or an empty list. */
#ifndef DRIVERS_DOCKER_PARSE_H
#define DRIVERS_DOCKER_PARSE_H

#include "core/driver.h" /* struct event */

struct arena;
struct json;

struct container *parse_container_entry(struct arena *a, const struct json *j); /* of a list */
struct container *parse_container(struct arena *a, const struct json *j); /* of an inspection */
struct network_state *parse_network(struct arena *a, const struct json *j);
struct volume_state *parse_volume(struct arena *a, const struct json *j);
struct image_state *parse_image_entry(struct arena *a, const struct json *j);
struct image_state *parse_image(struct arena *a, const struct json *j);
struct event *parse_event(struct arena *a, const struct json *j);

/* Pieces, for whoever reads other answers. */
const char *parse_text(struct arena *a, const struct json *j,
                       const char *path); /* "" when absent */
struct strings parse_strings(struct arena *a, const struct json *list);
struct mapping parse_mapping(struct arena *a, const struct json *object); /* sorted by key */
/* "Up 2 seconds (healthy)", "Exited (137) 5 minutes ago" */
enum health parse_status_health(const char *status);
int parse_status_exit_code(const char *status);

#endif
