#include "core/base/arena.h"

#include "core/base/mem.h"

#include <stdalign.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Few chunks, and small projects stay small: 32 KiB, 256 KiB, then huge pages. */
enum {
    CHUNK_MIN = 32 * 1024,
    CHUNK_GROWTH = 8,
    CHUNK_MAX = MEM_HUGE,
};

/* A sanitizer sees the ends of allocations, not of pieces of a chunk: each is one of its own. */
#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define ALL_APART true
#endif
#elif defined(__SANITIZE_ADDRESS__)
#define ALL_APART true
#endif
#ifndef ALL_APART
#define ALL_APART false
#endif

struct chunk {
    struct chunk *next;
    size_t size, used;
    bool huge;
    alignas(max_align_t) char bytes[];
};

/* The first chunk of the list is the one being filled. Chunks come zeroed and nothing is handed out
 * twice, so what is handed out needs no clearing. */
struct arena {
    struct chunk *chunks;
    size_t next_size; /* of the next chunk */
    size_t used, allowed;
};

struct arena *arena_new(void)
{
    struct arena *a = mem_calloc(1, sizeof *a);

    a->next_size = CHUNK_MIN;
    a->allowed = SIZE_MAX;
    return a;
}

/* `size` counts the chunk's own head. */
static struct chunk *chunk_new(size_t size)
{
    bool huge = size == CHUNK_MAX;
    struct chunk *c = huge ? mem_huge(size) : mem_calloc(1, size);

    c->huge = huge;
    c->size = size - sizeof *c;
    return c;
}

static void chunk_free(struct chunk *c)
{
    if (c->huge)
        mem_huge_free(c, sizeof *c + c->size);
    else
        free(c);
}

void arena_free(struct arena *a)
{
    if (!a)
        return;
    for (struct chunk *c = a->chunks, *next; c; c = next) {
        next = c->next;
        chunk_free(c);
    }
    free(a);
}

/* What would waste much of the current chunk gets one of its own, put second in the list. */
static void *alloc_apart(struct arena *a, size_t size)
{
    struct chunk *c = chunk_new(size > SIZE_MAX - sizeof *c ? SIZE_MAX : sizeof *c + size);

    c->used = size;
    if (a->chunks) {
        c->next = a->chunks->next;
        a->chunks->next = c;
    } else {
        a->chunks = c;
    }
    a->used += size;
    return c->bytes;
}

static void *alloc_aligned(struct arena *a, size_t size, size_t align)
{
    struct chunk *c = a->chunks;
    size_t at = c ? (c->used + align - 1) & ~(align - 1) : 0;

    if (ALL_APART || !c || at > c->size || size > c->size - at) {
        if (ALL_APART || size > a->next_size / 4)
            return alloc_apart(a, size);
        c = chunk_new(a->next_size);
        c->next = a->chunks;
        a->chunks = c;
        if (a->next_size < CHUNK_MAX)
            a->next_size *= CHUNK_GROWTH;
        at = 0;
    }
    c->used = at + size;
    a->used += size;
    return c->bytes + at;
}

void *arena_alloc(struct arena *a, size_t size)
{
    return alloc_aligned(a, size ? size : 1, alignof(max_align_t));
}

void *arena_calloc(struct arena *a, size_t count, size_t size)
{
    /* A size that overflows becomes one that no allocator has. */
    return arena_alloc(a, size && count > SIZE_MAX / size ? SIZE_MAX : count * size);
}

char *arena_strdup(struct arena *a, const char *s)
{
    return s ? arena_strndup(a, s, strlen(s)) : NULL;
}

char *arena_strndup(struct arena *a, const char *s, size_t len)
{
    char *copy = alloc_aligned(a, len + 1, 1);

    if (len)
        memcpy(copy, s, len);
    return copy;
}

char *arena_printf(struct arena *a, const char *fmt, ...)
{
    va_list ap;
    char *text;

    va_start(ap, fmt);
    text = arena_vprintf(a, fmt, ap);
    va_end(ap);
    return text;
}

char *arena_vprintf(struct arena *a, const char *fmt, va_list ap)
{
    va_list again;
    char *text;
    int len;

    va_copy(again, ap);
    len = vsnprintf(NULL, 0, fmt, ap);
    if (len < 0) /* only a text of more than INT_MAX bytes */
        abort();
    text = alloc_aligned(a, (size_t)len + 1, 1);
    vsnprintf(text, (size_t)len + 1, fmt, again);
    va_end(again);
    return text;
}

void *arena_grow(struct arena *a, void *items, size_t len, size_t *cap, size_t want, size_t size)
{
    size_t grown = *cap + *cap / 2 + 2; /* most arrays stay small, and the old one is lost */
    void *moved;

    if (want <= *cap)
        return items;
    if (grown < want)
        grown = want;
    moved = arena_calloc(a, grown, size);
    if (len)
        memcpy(moved, items, len * size);
    *cap = grown;
    return moved;
}

size_t arena_used(const struct arena *a)
{
    return a->used;
}

void arena_limit(struct arena *a, size_t bytes)
{
    a->allowed = bytes;
}

bool arena_is_over(const struct arena *a)
{
    return a->used > a->allowed;
}
