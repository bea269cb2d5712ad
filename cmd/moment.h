/* cmd/moment.h: --since and --until: a point in time, as the engine takes it. */
#ifndef CMD_MOMENT_H
#define CMD_MOMENT_H

struct arena;
struct err;

/* RFC 3339 (with or without zone, time, fraction), Unix seconds, or a duration before now. Gives
 * Unix seconds with nanoseconds; NULL text gives NULL. `option` is for the message. */
int moment_parse(struct arena *a, const char *option, const char *text, const char **ret,
                 struct err *err);

#endif
