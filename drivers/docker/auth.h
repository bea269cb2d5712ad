/* drivers/docker/auth.h: credentials of registries, out of docker's config.json, as headers for the
 * engine.
 *
 * NEEDSWORK: credential helpers (credsStore, credHelpers) are not asked; what they hold is
 * anonymous. */
#ifndef DRIVERS_DOCKER_AUTH_H
#define DRIVERS_DOCKER_AUTH_H

struct docker;
struct str;

/* "X-Registry-Auth: ..." for one registry ("docker.io"). Without
 * credentials it says so: anonymous. */
void auth_header(const struct docker *d, const char *registry, struct str *out);
/* "X-Registry-Config: ..." with all there are, for builds. */
void auth_config_header(const struct docker *d, struct str *out);

#endif
