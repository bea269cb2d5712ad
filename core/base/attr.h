/* core/base/attr.h: the compiler extensions we allow ourselves, behind readable names. */
#ifndef CORE_BASE_ATTR_H
#define CORE_BASE_ATTR_H

#include <stdio.h>
#include <stdlib.h>

#define PRINTF_LIKE(fmt, first) __attribute__((format(printf, fmt, first)))
#define MUST_CHECK              __attribute__((warn_unused_result))
#define CLEANUP(f)              __attribute__((cleanup(f)))

#define ARRAY_LEN(a) (sizeof(a) / sizeof((a)[0]))

/* Hands ownership on: yields the pointer and leaves NULL behind, so that
 * the cleanup frees nothing. */
#define take(p)                                                                                    \
    __extension__({                                                                                \
        __typeof__(p) taken_ = (p);                                                                \
        (p) = NULL;                                                                                \
        taken_;                                                                                    \
    })

static inline void free_str(char **p)
{
    free(*p);
}

static inline void free_file(FILE **p)
{
    if (*p)
        fclose(*p);
}

#define AUTO_STR  CLEANUP(free_str) char *
#define AUTO_FILE CLEANUP(free_file) FILE *

#endif
