/* core/load/dotenv.h: .env, --env-file, env_file and label_file texts. */
#ifndef CORE_LOAD_DOTENV_H
#define CORE_LOAD_DOTENV_H

#include "core/base/err.h" /* struct loc */

#include <stddef.h>

struct arena;
struct diags;
struct env;

struct variable;

struct dotenv_entry {
    const char *key, *value;
    struct loc loc;            /* of the key */
    struct variable *variable; /* the same and more, for an environment to take */
};

struct dotenv {
    struct dotenv_entry *entries; /* in file order, later ones win */
    size_t len, cap;
};

/* Parses a text. Look-ups see `env` first, then `seen` (what earlier files of the same list gave;
 * may be NULL), then keys already read here. Problems go to diags; -1 when there was an error. */
int dotenv_parse(struct arena *a, struct diags *diags, const char *file, const char *text,
                 size_t len, const struct env *env, const struct env *seen, struct dotenv *ret);
/* env_file of a service: the same, but a key read here is found before one of `seen`. */
int dotenv_parse_env_file(struct arena *a, struct diags *diags, const char *file, const char *text,
                          size_t len, const struct env *env, struct env *seen, struct dotenv *ret);
/* env_file with `format: raw`: KEY=VALUE lines, taken verbatim. */
int dotenv_parse_raw(struct arena *a, struct diags *diags, const char *file, const char *text,
                     size_t len, const struct env *env, struct dotenv *ret);

#endif
