/* core/base/secret.h: which texts hold a credential, and how they are shown without it.
 *
 * Everything that prints what stands in a file, or what a variable holds, goes through here. What
 * scripts read (`config`, `inspect`) is never masked. */
#ifndef CORE_BASE_SECRET_H
#define CORE_BASE_SECRET_H

#include <stdbool.h>
#include <stddef.h>

struct str;

#define SECRET_MASK "***"

bool is_secret_name(const char *name); /* DB_PASSWORD, apiToken, ... */
/* --password and the word behind it: is that one a credential? */
bool is_option_with_secret(const char *option, const char *value);
/* The next "scheme://user:password@": where the password begins, and ends; NULL: there is none. */
const char *secret_url_password(const char *text, const char **ret_end);
/* Appends text; passwords in URLs and values of NAME=value with a secret name are masked. A
 * variable in such a place (${DB_PASSWORD}) is no secret and stays. */
void secret_mask(const char *text, size_t len, struct str *out);
/* The same for a value, which may be a command: also what follows --password. */
void secret_mask_value(const char *text, size_t len, struct str *out);
/* The same for a line of a YAML file: also what follows a key with a secret name. Every masked
 * character becomes a '*', so that columns stay what they are. */
void secret_mask_line(const char *line, size_t len, struct str *out);

#endif
