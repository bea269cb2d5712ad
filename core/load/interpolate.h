/* core/load/interpolate.h: ${VAR:-default} in values (compose-spec 12-interpolation.md).
 *
 * Errors and unset-variable warnings go to diags with the position of the value they stand in. */
#ifndef CORE_LOAD_INTERPOLATE_H
#define CORE_LOAD_INTERPOLATE_H

#include "core/base/err.h" /* struct loc */

#include <stdbool.h>

struct arena;
struct diags;
struct env;
struct node;
struct origin;
struct str;
struct variable;

struct interpolation {
    struct arena *arena;
    struct diags *diags;
    const struct env *env;
    /* A second place to look (keys already read of the same env file); NULL result: not set. May be
     * NULL. */
    const struct variable *(*lookup)(void *owner, const char *name);
    void *owner;
    bool hide_text; /* the text itself is secret: messages do not show it */
};

/* What went into a text. */
struct interpolated {
    bool secret;                 /* a secret variable did */
    const struct origin *origin; /* a record for each variable; they borrow the text */
};

/* Substitutes in one text. `path` is the attribute's path for messages, may be NULL. Returns -1
 * after reporting an error. `ret_in` may be NULL. */
int interpolate_text(struct interpolation *in, struct loc loc, const char *path, const char *text,
                     struct str *ret, struct interpolated *ret_in);

/* Substitutes in every string value of a document, in place. Keys are left alone. */
int interpolate_tree(struct interpolation *in, struct node *doc);

#endif
