/* drivers/docker/trace.h: BuildKit's progress messages to build events.
 *
 * BuildKit repeats a step with every message that touches it; told is only what is new. */
#ifndef DRIVERS_DOCKER_TRACE_H
#define DRIVERS_DOCKER_TRACE_H

#include "core/driver.h" /* build_fn */

#include <stddef.h>

struct err;
struct trace;

struct trace *trace_new(build_fn *on_event, void *owner);
/* One message, as it stands in the answer: base64. What the events point
 * to dies with the callback. */
int trace_feed(struct trace *t, const char *text, size_t len, struct err *err);
void trace_free(struct trace *t); /* takes NULL */

#endif
