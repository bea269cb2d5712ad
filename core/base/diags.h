/* core/base/diags.h: all problems of one run, in the order of files and lines.
 *
 * load/ and schema/ report here and go on where they safely can. cmd prints them:
 *
 *     compose.yaml:7:9: error: services.web.ports[0]: invalid published port '80a'
 *         7 |       - "80a:80"
 *           |         ^~~~~~~~
 *
 * The texts of the files read are registered with diags_source so that snippets can be shown. */
#ifndef CORE_BASE_DIAGS_H
#define CORE_BASE_DIAGS_H

#include "core/base/err.h"

#include <stdbool.h>
#include <stddef.h>

struct str;

enum severity { SEVERITY_WARNING, SEVERITY_ERROR };

struct diag {
    enum severity severity;
    struct loc loc;
    unsigned width; /* characters to mark; 0: to the end of the word */
    char *path;     /* attribute path, "services.web.ports[0]"; NULL when there is none */
    char *msg;      /* lower case, no full stop, the user's text in single quotes */
    char *hint;     /* what would be right; NULL when there is nothing to say */
    char *compat;   /* docker compose's own words where scripts match them; NULL: as msg */
};

struct diags;

struct diags *diags_new(void);
void diags_free(struct diags *d);

/* Registers a file's text for snippets. Name as in loc.file. The text is taken out of `text`;
 * what is returned is borrowed and lives as long as `d`. */
const char *diags_source(struct diags *d, const char *file, struct str *text);

/* path may be NULL. Returns the entry so that hint, width, compat can be added (diag_hint etc.); it
 * is valid until the next call. */
struct diag *diags_error(struct diags *d, struct loc loc, const char *path, const char *fmt, ...)
    PRINTF_LIKE(4, 5);
struct diag *diags_warn(struct diags *d, struct loc loc, const char *path, const char *fmt, ...)
    PRINTF_LIKE(4, 5);
void diag_hint(struct diag *g, const char *fmt, ...) PRINTF_LIKE(2, 3);
void diag_compat(struct diag *g, const char *fmt, ...) PRINTF_LIKE(2, 3);
void diags_err(struct diags *d, const struct err *err); /* an err becomes an error entry */

bool diags_has_errors(const struct diags *d);
size_t diags_count(const struct diags *d);
/* Entries sorted by first-seen file, then line, then column; equal ones once. */
const struct diag *diags_at(struct diags *d, size_t i);
/* One entry as text, with its snippet when the source is known, and the
 * hint. Ends with a newline. */
void diags_format(struct diags *d, const struct diag *g, struct str *out);

/* The candidate nearest to `word` (edit distance at most a third of its length), or NULL. */
const char *nearest_word(const char *word, const char *const *candidates, size_t count);

#endif
