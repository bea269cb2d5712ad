/* cmd/models.h: docker's plugin for models is asked before services are compared. */
#ifndef CMD_MODELS_H
#define CMD_MODELS_H

#include "core/model/model.h" /* struct strings */

struct app;
struct err;

/* Asks which models there are and where they are reached; the services of the project that use one
 * then have its variables. `available`: names of models, in the app's arena. `done` runs at once
 * where the project has no models, else later. Changes nothing. */
typedef void models_asked(struct app *app, void *owner, const struct strings *available,
                          const struct err *err);
void models_ask(struct app *app, models_asked *done, void *owner);

#endif
