/* drivers/dry/dry.h: a driver that changes nothing (--dry-run).
 *
 * Wraps another one: what asks passes through, what would change something succeeds later, from the
 * loop, without the engine hearing of it. What it pretends to have made has made-up ids. */
#ifndef DRIVERS_DRY_DRY_H
#define DRIVERS_DRY_DRY_H

#include "core/driver.h"

#include <uv.h>

/* `inner` must outlive it, and is not closed with it. */
struct driver *dry_new(uv_loop_t *loop, struct driver *inner);

#endif
