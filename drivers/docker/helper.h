/* drivers/docker/helper.h: a credential helper: the program docker-credential-NAME, asked for one
 * registry. It is a child process that reads the registry and writes JSON. */
#ifndef DRIVERS_DOCKER_HELPER_H
#define DRIVERS_DOCKER_HELPER_H

#include <uv.h>

struct err;
struct helper;

/* Without an error and without a secret: the helper knows nothing of this registry. Texts die when
 * it returns. */
typedef void helper_done(void *owner, const char *username, const char *secret,
                         const struct err *err);

/* `done` runs once, later, from the loop; never after helper_cancel. The helper frees itself. */
struct helper *helper_get(uv_loop_t *loop, const char *name, const char *server, helper_done *done,
                          void *owner);
void helper_cancel(struct helper *h); /* takes NULL */

#endif
