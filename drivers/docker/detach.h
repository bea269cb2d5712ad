/* drivers/docker/detach.h: the keys that leave a terminal whose process runs on: Ctrl-P Ctrl-Q, or
 * `detachKeys` of config.json. */
#ifndef DRIVERS_DOCKER_DETACH_H
#define DRIVERS_DOCKER_DETACH_H

#include <stdbool.h>
#include <stddef.h>

struct str;

enum { DETACH_KEYS_MAX = 16 };

struct detach_keys {
    char bytes[DETACH_KEYS_MAX];
    size_t len;
};

/* "ctrl-a,d"; "" or NULL: the usual ones. -1: no such keys, and *ret is the usual ones. */
int detach_keys_parse(const char *text, struct detach_keys *ret);

/* What was typed goes to `out`, but for what may be the beginning of the keys: `*held` of them, 0
 * at first. True when they are complete. */
bool detach_typed(const struct detach_keys *keys, size_t *held, const char *bytes, size_t len,
                  struct str *out);

#endif
