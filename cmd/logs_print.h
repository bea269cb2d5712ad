/* cmd/logs_print.h: container output as lines with prefixes and colours. */
#ifndef CMD_LOGS_PRINT_H
#define CMD_LOGS_PRINT_H

#include "core/base/attr.h" /* PRINTF_LIKE */
#include "core/driver.h"    /* enum stream */

#include <stdbool.h>
#include <stddef.h>

struct app;
struct arena;
struct log_printer;
struct log_source; /* one container */

struct log_printer *log_printer_new(struct app *app, bool no_color, bool no_prefix,
                                    bool timestamps);
void log_printer_free(struct log_printer *p);
/* A container as its lines call it: "web-1" for "demo-web-1", its whole name when that is one of
 * its own. */
const char *log_name(struct arena *a, const char *project, const char *service, int number,
                     const char *name);
/* name: as shown, "web-1". split_stderr: its stderr goes to our stderr (attached up). */
struct log_source *log_source_add(struct log_printer *p, const char *name, bool split_stderr);
void log_source_output(struct log_source *s, enum stream stream, const char *bytes, size_t len);
void log_source_flush(struct log_source *s); /* an unfinished last line becomes a line */
void log_source_status(struct log_source *s, const char *fmt, ...)
    PRINTF_LIKE(2, 3); /* "exited with code 0" */

#endif
