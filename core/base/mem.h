/* core/base/mem.h: malloc that does not fail. Out of memory prints one
 * line and aborts, here only. */
#ifndef CORE_BASE_MEM_H
#define CORE_BASE_MEM_H

#include <stddef.h>

void *mem_alloc(size_t size);                /* not zeroed */
void *mem_calloc(size_t count, size_t size); /* zeroed */
void *mem_realloc(void *p, size_t size);
void *mem_reallocarray(void *p, size_t count, size_t size);
char *mem_strdup(const char *s); /* NULL gives NULL */
char *mem_strndup(const char *s, size_t len);

/* Zeroed memory straight from the kernel, for blocks of MEM_HUGE bytes and multiples: in huge pages
 * where it has them, because entering a page costs more than filling it. */
enum { MEM_HUGE = 2 * 1024 * 1024 };
void *mem_huge(size_t size);
void mem_huge_free(void *p, size_t size);

#endif
