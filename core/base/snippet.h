/* core/base/snippet.h: the text of a file, of which a diagnostic shows a line with the place
 * marked.
 *
 * For diags.c. Lines are asked for from first to last, so each look goes on from the one before:
 * a file may be one line of megabytes. */
#ifndef CORE_BASE_SNIPPET_H
#define CORE_BASE_SNIPPET_H

#include "core/base/str.h"

#include <stddef.h>

struct diag;

/* A column and its byte in a line. */
struct cursor {
    unsigned col; /* from 1; 0: nowhere yet */
    size_t at;
};

struct source {
    char *file;
    char *text; /* NULL: only seen in a position */
    size_t len;
    const char *at; /* the start of a line of it that was shown; NULL: none was */
    unsigned at_line;
    struct cursor cursor;
    struct str masked; /* that line without credentials, as many characters; empty: not made yet */
    struct cursor masked_cursor;
};

void source_done(struct source *s);

/* Both for a source with text and a place with a line. */
void source_snippet(struct source *s, const struct diag *g, struct str *out);
unsigned source_width(struct source *s, const struct diag *g); /* characters to mark; 0: none */

#endif
