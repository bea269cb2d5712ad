/* core/exec/tail.h: the end of what a command wrote, for the message that it failed.
 *
 * The last lines that hold something, of stderr when there are any there, else of stdout: the
 * reason of a failure stands at the end, progress does not matter. */
#ifndef CORE_EXEC_TAIL_H
#define CORE_EXEC_TAIL_H

#include "core/base/str.h"
#include "core/driver.h" /* enum stream */

#define TAIL_LINES 10
#define TAIL_BYTES 2048

struct tail {
    struct str out, err; /* the last bytes of each */
};

void tail_add(struct tail *t, enum stream s, const char *bytes, size_t len);
void tail_text(const struct tail *t, struct str *ret); /* lines, no newline at the end; may be "" */
void tail_done(struct tail *t);

#endif
