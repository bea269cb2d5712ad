/* core/load/inputs.h: the parts of load_inputs, in the order they run. */
#ifndef CORE_LOAD_INPUTS_H
#define CORE_LOAD_INPUTS_H

#include "core/load/env.h"

struct load;

/* Where a variable was set, for messages: nowhere when it is one of the process. */
static inline struct loc variable_loc(const struct variable *v)
{
    return v->at.line ? v->at : loc_none();
}

/* environ.c: the process environment, and what env files say about COMPOSE_*. */
int inputs_environ(struct load *l);
/* Adds what the env files say: --env-file, COMPOSE_ENV_FILES, else the .env of `dir`. */
int inputs_env_files(struct load *l, const char *dir);
/* The project directory as far as it is known: of the command line, the
 * files, or the working one. */
const char *inputs_directory(struct load *l);
/* discover.c: fills l->files from the command line, COMPOSE_FILE, or by looking around. */
int inputs_files(struct load *l);
/* name.c: fills l->name, and COMPOSE_PROJECT_NAME of l->env. */
int inputs_name(struct load *l);

#endif
