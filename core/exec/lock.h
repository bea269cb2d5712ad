/* core/exec/lock.h: one command at a time changes a project.
 *
 * The lock is a volume on the engine, so it holds between users and between machines: creating a
 * volume that is there already gives back the one there is, and its labels say who made it. Who has
 * to wait is told of the end by the engine's events. A holder that was killed does not block: on
 * the same machine its process is watched; one on another machine renews a second volume, and is
 * taken for dead when no sign of life has come for LOCK_LEASE_MS. Who only reads does not ask. */
#ifndef CORE_EXEC_LOCK_H
#define CORE_EXEC_LOCK_H

#include "core/driver.h"

#include <uv.h>

struct arena;
struct err;
struct lock;

#define LOCK_RENEW_MS 20000 /* between signs of life */
#define LOCK_LEASE_MS 70000

struct lock_options {
    const char *project;
    const char *command; /* "up", for who has to wait */
    const char *holder;  /* core/exec/holder.h; NULL: this process */
    unsigned lease_ms;   /* 0: LOCK_LEASE_MS */
};

struct lock_callbacks {
    void *owner;
    /* Somebody else has it. Once a holder: "'mcompose up' of ada@build7". */
    void (*on_waiting)(void *owner, const char *holder);
    /* Once, from the loop: it is ours, or the engine refused. */
    void (*on_done)(void *owner, const struct err *err);
};

/* What the volume of a project's lock is called. */
const char *lock_volume(struct arena *a, const char *project);
/* It is among these, and its holder was killed on this machine. */
bool lock_is_left(const struct volumes *all, const char *name);

/* Texts are copied; the driver must outlive the lock. */
struct lock *lock_take(uv_loop_t *loop, struct driver *d, const struct lock_options *o,
                       const struct lock_callbacks *cb);
/* From a holder who was killed: the engine may still be at what he asked for. */
bool lock_inherited(const struct lock *l);
/* When he took it, Unix seconds of the engine's clock; 0: it is not inherited. */
int64_t lock_inherited_since(const struct lock *l);
/* Lets go, or gives up waiting (on_done is not called any more). Frees it; `done` runs once, from
 * the loop, when the engine has forgotten it. */
void lock_release(struct lock *l, void (*done)(void *owner), void *owner);

#endif
