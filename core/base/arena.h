/* core/base/arena.h: memory that is freed all at once.
 *
 * One arena per loaded project: nodes, strings, model and plan live in it and go together in
 * arena_free(). Allocation never fails: out of memory prints and aborts, in one place (mem.h). */
#ifndef CORE_BASE_ARENA_H
#define CORE_BASE_ARENA_H

#include "core/base/attr.h" /* PRINTF_LIKE */

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

struct arena;

struct arena *arena_new(void);
void arena_free(struct arena *a); /* takes NULL */

void *arena_alloc(struct arena *a, size_t size);                /* zeroed, aligned for any type */
void *arena_calloc(struct arena *a, size_t count, size_t size); /* zeroed; overflow aborts */
char *arena_strdup(struct arena *a, const char *s);             /* NULL gives NULL */
char *arena_strndup(struct arena *a, const char *s, size_t len);
char *arena_printf(struct arena *a, const char *fmt, ...) PRINTF_LIKE(2, 3);
char *arena_vprintf(struct arena *a, const char *fmt, va_list ap) PRINTF_LIKE(2, 0);

/* Grows an array that lives in the arena: returns room for at least `want` items of `size` bytes,
 * with the first `len` items kept. `*cap` is updated. Amortised: the capacity grows by half. */
void *arena_grow(struct arena *a, void *items, size_t len, size_t *cap, size_t want, size_t size);

size_t arena_used(const struct arena *a); /* bytes handed out */

/* A soft limit; at first there is none. Allocating goes on beyond it: who makes much of little asks
 * now and then whether to go on. */
void arena_limit(struct arena *a, size_t bytes);
bool arena_is_over(const struct arena *a);

#endif
