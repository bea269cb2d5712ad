/* core/base/log.h: traces for developers, chosen by component with MCOMPOSE_TRACE=http,plan (or
 * all).
 *
 * Off, a call costs one comparison. Lines go to stderr: "trace: http: ...". Nothing a user must see
 * goes here. */
#ifndef CORE_BASE_LOG_H
#define CORE_BASE_LOG_H

#include "core/base/attr.h" /* PRINTF_LIKE */

#include <stdbool.h>

void log_setup(const char *components); /* the variable's value; NULL switches all off */
bool log_on(const char *component);
void log_debug(const char *component, const char *fmt, ...) PRINTF_LIKE(2, 3);

#endif
