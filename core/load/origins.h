/* core/load/origins.h: the origin of a value (core/yaml/origin.h) in words. */
#ifndef CORE_LOAD_ORIGINS_H
#define CORE_LOAD_ORIGINS_H

#include "core/base/err.h" /* struct loc */

#include <stdbool.h>
#include <stddef.h>

struct diag;
struct node;
struct origin;
struct str;
struct variable;

/* Notes for a problem of the value: which variables are in it and where they were set, what it
 * replaced, by which alias, `extends` or `include` it came to where it is. */
void origin_notes(struct diag *g, const struct node *n);
/* For a problem of its key: the way alone, not what the value holds. */
void origin_key_notes(struct diag *g, const struct node *value);

/* Does the text in the file hold variables in the place of what the value holds? */
bool has_variable(const struct node *n);

/* "set at .env:3:6", "set in the environment"; nothing for one mcompose makes itself. */
void variable_place(const struct variable *v, struct str *out);
/* What stands behind the operator of ${NAME:-default}; false: there is no operator. */
bool origin_default(const struct origin *o, const char **ret, size_t *ret_len);
/* ${NAME:-default} as it was written; a default that is secret is masked unless `show`. */
void origin_expression(const struct origin *o, bool show, struct str *out);

/* "compose.yaml:3:5". */
void loc_text(struct loc loc, struct str *out);

#endif
