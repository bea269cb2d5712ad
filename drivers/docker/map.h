/* drivers/docker/map.h: the model in the words of the Engine API: bodies of create requests.
 *
 * Most attributes are a copy, and their row says where to (core/schema/attr.h, .engine). The others
 * have a function here, by the id of the row. Pure but for profiles named by security_opt, which
 * are read. What is sent depends on the API version: `minor` is that of 1.minor. The order is
 * always the same. */
#ifndef DRIVERS_DOCKER_MAP_H
#define DRIVERS_DOCKER_MAP_H

#include <stdbool.h>
#include <stddef.h>

struct attr_table;
struct container_create;
struct endpoint;
struct err;
struct json;
struct mapping;
struct network;
struct volume;

/* POST /containers/create. Below 1.44 an engine takes one network there: only the first endpoint is
 * in it, and the others need network_connect before the start. Errors
 * carry the place in the file. */
int map_container(const struct container_create *cc, unsigned minor, struct json **ret,
                  struct err *err);

/* NetworkingConfig.EndpointsConfig of the first `count` endpoints. */
int map_endpoints(const struct container_create *cc, size_t count, unsigned minor,
                  struct json **ret, struct err *err);

/* POST /networks/NAME/connect */
int map_connect(const char *container, const struct endpoint *e, unsigned minor, struct json **ret,
                struct err *err);

struct json *map_network(const struct network *n, const struct mapping *labels, unsigned minor);
struct json *map_volume(const struct volume *v, const struct mapping *labels);

/* Has row i of the service, network or volume table a function here? For the test that walks the
 * rows. */
bool map_has_function(const struct attr_table *t, size_t i);

#endif
