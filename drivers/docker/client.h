/* drivers/docker/client.h: docker's own config.json, as far as it counts here: headers of every
 * request, proxies of containers and builds, credentials (auth.c), the keys to detach.
 *
 * A file that is absent or no JSON says nothing, as with docker. */
#ifndef DRIVERS_DOCKER_CLIENT_H
#define DRIVERS_DOCKER_CLIENT_H

#include "core/model/model.h" /* struct mapping */
#include "drivers/docker/detach.h"

struct json;

struct client {
    struct json *config;     /* NULL: there is none */
    const char **headers;    /* "Name: value", NULL at the end: HttpHeaders */
    struct mapping proxies;  /* HTTP_PROXY and the like, in both cases, for the engine's host */
    const char *detach_text; /* as it is written; "": the usual keys */
    struct detach_keys detach_keys;
    struct arena *arena; /* NULL: nothing is in it */
};

/* `host`: the engine's, as it was given. */
void client_read(struct client *ret, const char *config_dir, const char *host);
void client_done(struct client *c);

/* `m`, and the proxies it does not set itself; in `a`. */
struct mapping client_with_proxies(const struct client *c, struct arena *a,
                                   const struct mapping *m);

#endif
