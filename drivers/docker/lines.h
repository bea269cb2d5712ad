/* drivers/docker/lines.h: cuts a stream into lines, for answers that are one JSON value a line. */
#ifndef DRIVERS_DOCKER_LINES_H
#define DRIVERS_DOCKER_LINES_H

#include "core/base/str.h"

#include <stdbool.h>
#include <stddef.h>

struct err;

/* All-zero is a valid start. */
struct lines {
    struct str rest; /* a line whose end has not come */
};

/* false: the owner wants no more, the rest of what was fed is dropped. */
typedef bool line_fn(void *owner, const char *line, size_t len);

enum { LINE_MAX_BYTES = 64 * 1024 * 1024 };

/* Lines without their LF or CR LF; empty ones are left out. -1: a line does not end, and has become
 * longer than any that an engine has reason to send. */
int lines_feed(struct lines *l, const char *bytes, size_t len, line_fn *on_line, void *owner,
               struct err *err);
void lines_end(struct lines *l, line_fn *on_line, void *owner); /* a last line without its end */
void lines_done(struct lines *l);

#endif
