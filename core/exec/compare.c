/* core/exec/compare.c: asks in what things have changed. */
#include "core/base/arena.h"
#include "core/base/err.h"
#include "core/base/log.h"
#include "core/base/mem.h"
#include "core/exec/observe.h"
#include "core/plan/compared.h"

#include <stdlib.h>
#include <string.h>

struct asking;

struct one {
    struct asking *of;
    struct compared *ret;
};

struct asking {
    size_t open;
    void (*done)(void *owner);
    void *owner;
    struct one *each;
};

/* What cannot be told is no failure: that it changed is known. */
static void on_answer(void *owner, const struct reply *r, const struct err *err)
{
    struct one *one = owner;
    struct asking *w = one->of;

    if (err)
        log_debug("compare", "%s: %s", one->ret->key, err_text(err));
    if (!err && r->was && r->now) {
        one->ret->was = r->was;
        one->ret->now = r->now;
        log_debug("compare", "%s: was %s", one->ret->key, r->was);
        log_debug("compare", "%s: now %s", one->ret->key, r->now);
    }
    if (--w->open)
        return;
    w->done(w->owner);
    free(w->each);
    free(w);
}

void observe_changes(struct reader *r, struct arena *a, const struct questions *q,
                     struct observed *o, void (*done)(void *owner), void *owner)
{
    struct compared *all = arena_calloc(a, o->compared.len + q->len + 1, sizeof *all);
    struct asking *w = mem_calloc(1, sizeof *w);
    size_t before = o->compared.len;

    if (before)
        memcpy(all, o->compared.items, before * sizeof *all);
    o->compared = (struct compared_list){all, before + q->len};
    w->done = done;
    w->owner = owner;
    w->each = mem_calloc(q->len + 1, sizeof *w->each);
    w->open = q->len;
    for (size_t i = 0; i < q->len; i++) {
        all[before + i] = (struct compared){.key = q->items[i].key};
        w->each[i] = (struct one){w, &all[before + i]};
        r->ops->compare(r, a, &q->items[i].what, on_answer, &w->each[i]);
    }
}
