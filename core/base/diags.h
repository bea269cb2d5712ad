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

/* Another place that has to do with it: where a variable was set, what a value replaced. */
struct diag_note {
    struct loc loc; /* loc_none(): no place, the text alone */
    char *msg;
};

/* Texts are masked (secret.h) when they are set. */
struct diag {
    enum severity severity;
    struct loc loc;
    unsigned width; /* characters to mark; 0: to the end of the word */
    char *path;     /* attribute path, "services.web.ports[0]"; NULL when there is none */
    char *msg;      /* lower case, no full stop, the user's text in single quotes */
    char *hint;     /* what would be right; NULL when there is nothing to say */
    char *compat;   /* docker compose's own words where scripts match them; NULL: as msg */
    bool secret;    /* what is marked is a credential: the snippet does not show it */
    bool dropped;   /* nobody will see it: there is no need to find out what would be right */
    struct diag_note *notes;
    size_t note_count;
};

struct diags;

/* Keeps the first 1000 errors and warnings each, and of long messages both ends. */
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
/* Said once, however often it is added. The text names the place itself where a reader needs it. */
void diag_note(struct diag *g, struct loc loc, const char *fmt, ...) PRINTF_LIKE(3, 4);
/* What is accepted without effect or on a guess: a warning, and an error under --strict. */
struct diag *diags_lax(struct diags *d, struct loc loc, const char *path, const char *fmt, ...)
    PRINTF_LIKE(4, 5);
/* From now on: what comes may follow from errors there are already. Warnings, errors without a
 * path, and errors of a place or of something around a place that has one are dropped. */
void diags_set_doubtful(struct diags *d);
bool diags_is_doubtful(const struct diags *d);
/* A value that is in no message from now on, whatever becomes of it: it is copied. One of less than
 * four bytes would be found in every other word, and is not looked for. */
void diags_secret(struct diags *d, const char *value);
/* From now on: an error of a place that has one already, from before, only follows from that and is
 * dropped. What one pass says of one place is all kept. */
void diags_next_pass(struct diags *d);
/* What comes later about the path of this error only follows from it, and is dropped. */
void diags_settle(struct diags *d, const struct diag *g);
void diags_set_strict(struct diags *d, bool strict);
bool diags_is_strict(const struct diags *d);
void diags_err(struct diags *d, const struct err *err); /* an err becomes an error entry */

/* What `what` does would make more of the files than memory is for ("extending 'a'"). Said once;
 * returns -1. Nothing that comes after it is worth looking for. */
int diags_too_large(struct diags *d, struct loc loc, const char *path, const char *what);
bool diags_is_too_large(const struct diags *d);

bool diags_has_errors(const struct diags *d);
bool diags_is_broken(const struct diags *d); /* errors but those that are warnings elsewhere */
size_t diags_count(const struct diags *d);
/* Entries sorted by first-seen file, then line, then column; equal ones once. */
const struct diag *diags_at(struct diags *d, size_t i);
/* Characters that are marked, as far as the source is known; else 0. */
unsigned diags_width(const struct diags *d, const struct diag *g);
/* One entry as text, with its snippet when the source is known, notes and hint. Ends with a
 * newline. */
void diags_format(struct diags *d, const struct diag *g, struct str *out);

/* The candidate nearest to `word` (edit distance at most a third of its length), or NULL: also when
 * there are too many to look at, or the word is too long to be a misspelt one. */
const char *nearest_word(const char *word, const char *const *candidates, size_t count);

/* The same of candidates that are in no array: `found` after all of them were looked at. */
struct nearest {
    const char *word, *found; /* borrowed */
    size_t len, best, looked;
};
struct nearest nearest_to(const char *word);
bool nearest_look(struct nearest *n, const char *candidate); /* false: no need to look at more */

#endif
