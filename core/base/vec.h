/* core/base/vec.h: a growing array on the heap, typed by a macro.
 *
 *     VEC(struct job *) jobs = {0};
 *     vec_push(&jobs, j);
 *     for (size_t i = 0; i < jobs.len; i++) ... jobs.items[i] ...
 *     vec_done(&jobs);
 *
 * Arrays that live as long as the project use arena_grow instead. */
#ifndef CORE_BASE_VEC_H
#define CORE_BASE_VEC_H

#include "core/base/mem.h"

#include <stddef.h>
#include <stdlib.h> /* free */
#include <string.h>

#define VEC(type)                                                                                  \
    struct {                                                                                       \
        type *items;                                                                               \
        size_t len, cap;                                                                           \
    }

#define vec_reserve(v, want)                                                                       \
    do {                                                                                           \
        if ((want) > (v)->cap) {                                                                   \
            size_t cap_ = (v)->cap ? (v)->cap * 2 : 8;                                             \
            if (cap_ < (want))                                                                     \
                cap_ = (want);                                                                     \
            (v)->items = mem_reallocarray((v)->items, cap_, sizeof *(v)->items);                   \
            (v)->cap = cap_;                                                                       \
        }                                                                                          \
    } while (0)

#define vec_push(v, item)                                                                          \
    do {                                                                                           \
        vec_reserve((v), (v)->len + 1);                                                            \
        (v)->items[(v)->len++] = (item);                                                           \
    } while (0)

/* Removes item i, keeping the order of the rest. */
#define vec_remove(v, i)                                                                           \
    do {                                                                                           \
        size_t at_ = (i);                                                                          \
        memmove((v)->items + at_, (v)->items + at_ + 1,                                            \
                ((v)->len - at_ - 1) * sizeof *(v)->items);                                        \
        (v)->len--;                                                                                \
    } while (0)

#define vec_done(v)                                                                                \
    do {                                                                                           \
        free((v)->items);                                                                          \
        (v)->items = NULL;                                                                         \
        (v)->len = (v)->cap = 0;                                                                   \
    } while (0)

#endif
