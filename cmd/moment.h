/* cmd/moment.h: points in time as the engine takes them: --since and --until, the end of a run. */
#ifndef CMD_MOMENT_H
#define CMD_MOMENT_H

#include <stdint.h>

struct arena;
struct container;
struct err;

/* RFC 3339 (with or without zone, time, fraction), Unix seconds, or a duration before now. Gives
 * Unix seconds with nanoseconds; NULL text gives NULL. `option` is for the message. */
int moment_parse(struct arena *a, const char *option, const char *text, const char **ret,
                 struct err *err);

/* Where the output of a container that was started again begins: the end of the run before. Not its
 * own start, which the engine notes when the first lines may have come. died: when an event told
 * that end, in nanoseconds; 0: none did, it comes from the inspection. NULL: it is the first run.
 */
const char *moment_last_end(struct arena *a, int64_t died, const struct container *c);

#endif
