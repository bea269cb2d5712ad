/* cmd/saved_plan.h: a plan as JSON (docs/plan.md), written by `plan` and carried out by `up
 * --plan`. */
#ifndef CMD_SAVED_PLAN_H
#define CMD_SAVED_PLAN_H

#include "cmd/foresee.h"
#include "core/model/model.h"

struct app;
struct err;
struct str;

/* What `up --plan` needs of the file. Lives as long as the app. */
struct saved_plan {
    struct strings arguments; /* of the command that made it: options, then services */
    struct mapping fingerprint;
    const char *digest; /* of its steps */
    bool start;         /* the steps start containers, whether `up` is attached or not */
};

/* `arguments`: of the command line that the plan was made for. */
void saved_plan_write(const struct app *app, const struct strings *arguments,
                      const struct foresight *f, struct str *out);
int saved_plan_read(struct app *app, const char *path, struct saved_plan *ret, struct err *err);

/* Refuses, saying what moved, unless all is as it was. */
int saved_plan_check(const struct app *app, const struct saved_plan *s, const struct observed *o,
                     struct err *err);
/* Refuses when `p` is not that plan: pulling or building gave it other images. */
int saved_plan_check_steps(const struct saved_plan *s, const struct plan *p, struct err *err);

#endif
