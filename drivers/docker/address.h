/* drivers/docker/address.h: where the engine is, and how to get there.
 *
 * Looked for in this order: the host that was given; DOCKER_HOST; the context that
 * was given, DOCKER_CONTEXT, or currentContext of config.json; /var/run/docker.sock; the rootless
 * sockets $XDG_RUNTIME_DIR/docker.sock and ~/.docker/run/docker.sock. */
#ifndef DRIVERS_DOCKER_ADDRESS_H
#define DRIVERS_DOCKER_ADDRESS_H

#include <stdbool.h>

struct docker_options;
struct err;

enum address_kind { ADDRESS_UNIX, ADDRESS_TCP };

/* Texts are owned; NULL when they do not apply. */
struct address {
    enum address_kind kind;
    char *host; /* as it was given, for messages: unix:///var/run/docker.sock */
    char *path; /* of the socket */
    char *name, *port;
    char *base; /* put before every request's path; "" mostly */
    bool tls, verify;
    char *ca, *cert, *key;
    char *config_dir; /* of config.json */
};

int address_find(const struct docker_options *o, struct address *ret, struct err *err);
int address_parse(const char *host, struct address *ret,
                  struct err *err); /* kind, host, path, name, port, base */
void address_done(struct address *at);

#endif
