/* core/load/env.h: the variables interpolation and `environment:` look up, and where each was set.
 *
 * Order of sources, strongest first: the process environment, then env files; the
 * first one to set a name wins, except that of several --env-file a later one beats an earlier one.
 * Those that lose are remembered. Lives in the project's arena, as do the variables, which several
 * environments may share. */
#ifndef CORE_LOAD_ENV_H
#define CORE_LOAD_ENV_H

#include "core/base/err.h" /* struct loc */

#include <stdbool.h>
#include <stddef.h>

struct arena;
struct env;
struct origin;

struct variable {
    const char *name, *value;
    struct loc loc;              /* of the name; file "": the process environment */
    struct loc at;               /* of the value */
    bool secret;                 /* named like a credential, or such a variable went in */
    bool read;                   /* somebody has looked it up */
    const struct origin *origin; /* the variables its own value is made of (core/yaml/origin.h) */
    struct variable *lost;       /* the next weaker source of the name; NULL: none */
    struct variable *same;       /* what this is a copy of; NULL: nothing */
};

struct variable *variable_new(struct arena *a, const char *name, const char *value, struct loc loc);

struct env *env_new(struct arena *a);
/* A scope under which `up` is searched when a name is not found here. */
struct env *env_scope(struct arena *a, struct env *up);
/* Sets; what the name was here before has lost. */
struct variable *env_set(struct env *e, const char *name, const char *value, struct loc loc);
void env_take(struct env *e, struct variable *v); /* the same with a variable that is there */
/* If the name is not set here or above; else the new one has lost. */
bool env_set_default(struct env *e, const char *name, const char *value, struct loc loc);
bool env_adopt(struct env *e, struct variable *v); /* the same with a variable that is there */
bool env_has(const struct env *e, const char *name);
bool env_has_own(const struct env *e, const char *name); /* in this scope */
/* Looking a variable up is reading it. */
const char *env_get(const struct env *e, const char *name); /* NULL: not set */
const struct variable *env_find(const struct env *e, const char *name);
/* The variables of included files, one scope after the other from the project's own on. */
void env_attach(struct env *project, struct env *included);
const struct env *env_attached(const struct env *e); /* the next one; NULL: that was the last */
/* Own variables (not those of `up`), in the order they were set. */
size_t env_count(const struct env *e);
struct variable *env_at(const struct env *e, size_t i);

#endif
