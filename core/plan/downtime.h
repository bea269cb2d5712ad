/* core/plan/downtime.h: how long a container that is stopped does not answer, as far as is known.
 */
#ifndef CORE_PLAN_DOWNTIME_H
#define CORE_PLAN_DOWNTIME_H

#include "core/plan/resources.h" /* struct interruption */

struct container;
struct service;

/* `timeout`: of the stop, seconds, or TIMEOUT_DEFAULT; s: as it will be started; NULL: not known.
 */
struct interruption interruption_of(const struct container *c, const struct service *s,
                                    int64_t timeout, bool starts);

#endif
