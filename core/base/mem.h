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

#endif
