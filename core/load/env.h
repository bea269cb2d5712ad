/* core/load/env.h: the variables interpolation and `environment:` look up, and where each was set.
 *
 * Order of sources, strongest first: the process environment, then env files; the
 * first one to set a name wins, except that of several --env-file a later one beats an earlier one.
 * Lives in the project's arena. */
#ifndef CORE_LOAD_ENV_H
#define CORE_LOAD_ENV_H

#include "core/base/err.h" /* struct loc */

#include <stdbool.h>
#include <stddef.h>

struct arena;
struct env;

struct variable {
    const char *name, *value;
    struct loc loc; /* file "" : the process environment */
    bool secret;    /* named like a credential */
};

bool is_secret_name(const char *name); /* DB_PASSWORD, API_TOKEN, ... */

struct env *env_new(struct arena *a);
/* A scope under which `up` is searched when a name is not found here. */
struct env *env_scope(struct arena *a, struct env *up);
void env_set(struct env *e, const char *name, const char *value, struct loc loc); /* replaces */
bool env_set_default(struct env *e, const char *name, const char *value,
                     struct loc loc);                       /* if absent */
const char *env_get(const struct env *e, const char *name); /* NULL: not set */
const struct variable *env_find(const struct env *e, const char *name);
/* Own variables (not those of `up`), in the order they were set. */
size_t env_count(const struct env *e);
const struct variable *env_at(const struct env *e, size_t i);

#endif
