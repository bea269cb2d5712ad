/* cmd/config_digests.h: the images of services, pinned to the digests their registries have for
 * them now. The engine asks the registries, for all images at the same time. */
#ifndef CMD_CONFIG_DIGESTS_H
#define CMD_CONFIG_DIGESTS_H

struct config;
struct err;

/* Replaces the images of c's tree, or of the model where there is none. `done` runs once, from the
 * loop or before this returns, with the error of the first service that has one, or NULL. Not at
 * all where there is no engine to be asked: then the app is finished. */
typedef void config_pinned(struct config *c, const struct err *err);
void config_pin_images(struct config *c, config_pinned *done);

/* Leaves of the tree or model the images only: a file to merge over others. */
void config_keep_images(struct config *c);

#endif
