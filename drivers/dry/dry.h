/* drivers/dry/dry.h: a driver that changes nothing (--dry-run).
 *
 * Wraps another one: what asks passes through, what would change something succeeds later, from the
 * loop, without the engine hearing of it. What it pretends to have made has made-up ids. */
#ifndef DRIVERS_DRY_DRY_H
#define DRIVERS_DRY_DRY_H

#include "core/driver.h"

#include <uv.h>

/* Given the reading side only, it cannot change anything. `cancel` is that of whose side it is,
 * which must outlive it, and is not closed with it. */
struct driver *dry_new(uv_loop_t *loop, struct reader *inner, void (*cancel)(struct call *c));

#endif
