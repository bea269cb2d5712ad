#include "core/plan/order.h"

#include "core/base/arena.h"
#include "core/base/map.h"
#include "core/base/str.h"
#include "core/model/model.h"

#include <stdlib.h>
#include <string.h>

/* Kahn's algorithm with the free ones in a heap, so that a thousand services are no matter. */
struct entry {
    const struct service *service;
    size_t waits;         /* dependencies not placed yet */
    struct entry **users; /* who depends on it */
    size_t users_len, users_cap;
    bool placed;
};

struct sorter {
    struct arena *arena;
    struct entry *entries; /* by name */
    size_t len;
    struct map by_name;
    struct entry **heap;
    size_t heap_len;
};

static int compare_entries(const void *a, const void *b)
{
    return strcmp(((const struct entry *)a)->service->item.key,
                  ((const struct entry *)b)->service->item.key);
}

static void swap(struct entry **a, struct entry **b)
{
    struct entry *was = *a;

    *a = *b;
    *b = was;
}

/* Entries lie in alphabetical order, so their addresses compare like their names. */
static void heap_push(struct sorter *s, struct entry *e)
{
    size_t i = s->heap_len++;

    s->heap[i] = e;
    while (i && s->heap[i] < s->heap[(i - 1) / 2]) {
        swap(&s->heap[i], &s->heap[(i - 1) / 2]);
        i = (i - 1) / 2;
    }
}

static struct entry *heap_pop(struct sorter *s)
{
    struct entry *top = s->heap[0];
    size_t i = 0;

    s->heap[0] = s->heap[--s->heap_len];
    for (;;) {
        size_t child = 2 * i + 1;

        if (child >= s->heap_len)
            return top;
        if (child + 1 < s->heap_len && s->heap[child + 1] < s->heap[child])
            child++;
        if (s->heap[i] < s->heap[child])
            return top;
        swap(&s->heap[i], &s->heap[child]);
        i = child;
    }
}

static void connect(struct sorter *s, struct entry *e)
{
    for (size_t i = 0; i < e->service->depends_on.len; i++) {
        struct entry *dep = map_get(&s->by_name, e->service->depends_on.items[i]->item.key);

        if (!dep || dep == e)
            continue;
        dep->users = arena_grow(s->arena, dep->users, dep->users_len, &dep->users_cap,
                                dep->users_len + 1, sizeof(struct entry *));
        dep->users[dep->users_len++] = e;
        e->waits++;
    }
}

static void place(struct sorter *s, struct entry *e, struct services *ret)
{
    e->placed = true;
    ret->items[ret->len++] = e->service;
    for (size_t i = 0; i < e->users_len; i++)
        if (--e->users[i]->waits == 0 && !e->users[i]->placed)
            heap_push(s, e->users[i]);
}

struct services plan_order(struct arena *a, const struct project *p, bool with_disabled)
{
    struct sorter s = {.arena = a};
    struct services ret = {0};

    s.entries = arena_calloc(a, p->services.len + 1, sizeof *s.entries);
    s.heap = arena_calloc(a, p->services.len + 1, sizeof(struct entry *));
    ret.items = arena_calloc(a, p->services.len + 1, sizeof(struct service *));
    for (size_t i = 0; i < p->services.len; i++)
        if (with_disabled || !p->services.items[i]->disabled)
            s.entries[s.len++].service = p->services.items[i];
    qsort(s.entries, s.len, sizeof *s.entries, compare_entries);
    for (size_t i = 0; i < s.len; i++)
        map_set(&s.by_name, s.entries[i].service->item.key, &s.entries[i]);
    for (size_t i = 0; i < s.len; i++)
        connect(&s, &s.entries[i]);
    for (size_t i = 0; i < s.len; i++)
        if (!s.entries[i].waits)
            heap_push(&s, &s.entries[i]);
    while (s.heap_len)
        place(&s, heap_pop(&s), &ret);
    for (size_t i = 0; i < s.len; i++)
        if (!s.entries[i].placed)
            ret.items[ret.len++] = s.entries[i].service;
    map_done(&s.by_name);
    return ret;
}

bool service_asked(const struct strings *named, const char *service)
{
    return !named->len || strings_have(named, service);
}
