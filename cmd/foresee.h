/* cmd/foresee.h: what `up` would do, found out by looking only. */
#ifndef CMD_FORESEE_H
#define CMD_FORESEE_H

#include "cmd/converge.h"
#include "core/plan/resources.h"

struct foresight {
    struct observed observed;
    struct plan *images;   /* pulls and builds; NULL: none */
    struct plan *provided; /* what other programs are asked for: models, services */
    struct plan *plan;     /* the rest, with the images as they are now */
    struct plan_resources image_resources, model_resources, resources;
};

/* Valid as long as the app. Not called when looking failed or no plan can be made: then the app has
 * been finished. */
typedef void foresee_done(struct app *app, void *owner, const struct foresight *f);
/* Needs the model and app_engine_to_read() only. */
void foresee(struct app *app, const struct converge_options *opts, foresee_done *done, void *owner);

/* Is anything to be done? */
bool foresight_changes(const struct foresight *f);

#endif
