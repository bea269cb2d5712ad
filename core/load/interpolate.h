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
struct str;

struct interpolation {
    struct arena *arena;
    struct diags *diags;
    const struct env *env;
    /* A second place to look (keys already read of the same env file); NULL result: not set. May be
     * NULL. */
    const char *(*lookup)(void *owner, const char *name);
    void *owner;
    bool hide_text; /* the text itself is secret: messages do not show it */
};

/* Substitutes in one text. `path` is the attribute's path for messages, may be NULL. Returns -1
 * after reporting an error; `ret_secret` (may be NULL) is set when a secret variable went in. */
int interpolate_text(struct interpolation *in, struct loc loc, const char *path, const char *text,
                     struct str *ret, bool *ret_secret);

/* Substitutes in every string value of a document, in place. Keys are left alone. */
int interpolate_tree(struct interpolation *in, struct node *doc);

#endif
