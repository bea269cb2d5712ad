/* drivers/docker/auth.h: credentials of registries as headers for the engine. For one registry
 * ("docker.io") they come from DOCKER_AUTH_CONFIG, else from the helper that config.json names for
 * it or for all, else from its `auths`. */
#ifndef DRIVERS_DOCKER_AUTH_H
#define DRIVERS_DOCKER_AUTH_H

struct docker;
struct str;

/* The helper to ask, "pass" for docker-credential-pass; NULL: none. */
const char *auth_helper(const struct docker *d, const char *registry);
/* What helpers call it: "https://index.docker.io/v1/" for docker.io. */
const char *auth_server(const char *registry);
/* "X-Registry-Auth: ..." of what a helper has said; without a secret: anonymous. */
void auth_header_of(const char *registry, const char *username, const char *secret,
                    struct str *out);
/* The same without a helper. */
void auth_header(const struct docker *d, const char *registry, struct str *out);
/* "X-Registry-Config: ..." with all there are, for builds. Helpers are not asked: what a build
 * starts from is pulled before it. */
void auth_config_header(const struct docker *d, struct str *out);

#endif
