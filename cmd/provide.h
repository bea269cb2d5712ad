/* cmd/provide.h: pulls and builds what the services' images need: up, create, run, build and pull
 * share it.
 *
 * Before something is built, the Dockerfiles are read for the images they start from: BuildKit
 * cannot fetch those itself without a session, so what is missing is pulled first. */
#ifndef CMD_PROVIDE_H
#define CMD_PROVIDE_H

#include "core/plan/reconcile.h"

#include <stdbool.h>

struct app;
struct err;

/* changed: something was pulled or built, so images must be looked at again. */
typedef void provide_done(struct app *app, void *owner, bool changed, const struct err *err);

/* What would be pulled and built: NULL when that is nothing. Otherwise as provide_images(). */
typedef void provide_found(struct app *app, void *owner, struct plan *p);
void provide_find(struct app *app, const struct observed *o, const struct image_options *opts,
                  provide_found *found, void *owner);

/* `o` must hold the images of plan_image_refs(); both live until `done`, which runs from the loop
 * or at once when there is nothing to do. Finishes the app itself when no plan can be made. */
void provide_images(struct app *app, const struct observed *o, const struct image_options *opts,
                    provide_done *done, void *owner);

#endif
