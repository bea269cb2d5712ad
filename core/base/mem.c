#include "core/base/mem.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

/* Out of memory is not handled anywhere: a program this size cannot do anything useful then. */
static _Noreturn void out_of_memory(size_t size)
{
    fprintf(stderr, "mcompose: out of memory (%zu bytes wanted)\n", size);
    abort();
}

void *mem_alloc(size_t size)
{
    void *p = malloc(size ? size : 1);

    if (!p)
        out_of_memory(size);
    return p;
}

void *mem_calloc(size_t count, size_t size)
{
    void *p = count && size ? calloc(count, size) : calloc(1, 1);

    if (!p)
        out_of_memory(size && count > SIZE_MAX / size ? SIZE_MAX : count * size);
    return p;
}

void *mem_realloc(void *p, size_t size)
{
    void *moved = realloc(p, size ? size : 1);

    if (!moved)
        out_of_memory(size);
    return moved;
}

void *mem_reallocarray(void *p, size_t count, size_t size)
{
    if (size && count > SIZE_MAX / size)
        out_of_memory(SIZE_MAX);
    return mem_realloc(p, count * size);
}

char *mem_strdup(const char *s)
{
    return s ? mem_strndup(s, strlen(s)) : NULL;
}

char *mem_strndup(const char *s, size_t len)
{
    char *copy = mem_alloc(len + 1);

    if (len)
        memcpy(copy, s, len);
    copy[len] = '\0';
    return copy;
}

/* More is asked for, to cut what is aligned out of it: only there a huge page fits. */
void *mem_huge(size_t size)
{
    char *p = MAP_FAILED, *start;
    size_t before;

    if (size <= SIZE_MAX - MEM_HUGE)
        p = mmap(NULL, size + MEM_HUGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (p == MAP_FAILED)
        out_of_memory(size);
    before = (MEM_HUGE - (uintptr_t)p % MEM_HUGE) % MEM_HUGE;
    start = p + before;
    if (before)
        munmap(p, before);
    munmap(start + size, MEM_HUGE - before);
    madvise(start, size, MADV_HUGEPAGE); /* advice only: without it the pages are small */
    return start;
}

void mem_huge_free(void *p, size_t size)
{
    munmap(p, size);
}
