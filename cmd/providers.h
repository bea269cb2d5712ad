/* cmd/providers.h: services that other programs provide, and models, are asked for before
 * containers are made. */
#ifndef CMD_PROVIDERS_H
#define CMD_PROVIDERS_H

#include "core/model/model.h" /* struct strings */

struct app;
struct err;

/* What those programs are run with, and where plugins of the docker command are; arena. */
char *const *providers_environment(struct app *app);
struct strings providers_dirs(struct app *app);

/* `done` runs when all have done their part; the model's services then have the variables they were
 * given. At once when there are none. */
typedef void providers_done(struct app *app, void *owner, const struct err *err);
void providers_run(struct app *app, const char *title, providers_done *done, void *owner);

#endif
