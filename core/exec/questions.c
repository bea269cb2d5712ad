/* core/exec/questions.c: asks what a plan still has to know. */
#include "core/base/arena.h"
#include "core/base/err.h"
#include "core/base/log.h"
#include "core/base/map.h"
#include "core/base/mem.h"
#include "core/base/str.h"
#include "core/exec/observe.h"
#include "core/plan/compared.h"

#include <stdlib.h>
#include <string.h>

/* More of them are looked for here. */
enum { FEW_NAMES = 64 };

struct asking;

struct one {
    struct asking *of;
    struct compared *ret;
};

struct asking {
    size_t open;
    struct arena *arena;
    const char *project;
    struct observed *ret;
    struct strings names;
    void (*done)(void *owner);
    void *owner;
    struct one *each;
};

static void *room(struct arena *a, const void *items, size_t len, size_t more, size_t size)
{
    void *ret = arena_calloc(a, len + more + 1, size);

    if (len)
        memcpy(ret, items, len * size);
    return ret;
}

static void close_one(struct asking *w)
{
    if (--w->open)
        return;
    w->done(w->owner);
    free(w->each);
    free(w);
}

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
    close_one(w);
}

static void ask_changes(struct asking *w, struct reader *r, const struct questions *q)
{
    struct compared_list *list = &w->ret->compared;
    size_t before = list->len;
    struct compared *all = room(w->arena, list->items, before, q->len, sizeof *all);

    *list = (struct compared_list){all, before + q->len};
    w->each = mem_calloc(q->len + 1, sizeof *w->each);
    for (size_t i = 0; i < q->len; i++) {
        all[before + i] = (struct compared){.key = q->items[i].key};
        w->each[i] = (struct one){w, &all[before + i]};
        w->open++;
        r->ops->compare(r, w->arena, &q->items[i].what, on_answer, &w->each[i]);
    }
}

/* ---- names ---- */

/* Those of the project are known, or are just being made by somebody else. */
static bool is_stranger(const struct asking *w, const struct container *c)
{
    return !str_eq(c->project, w->project) || str_empty(c->config_hash);
}

/* Without an answer the engine tells when it comes to that. */
static void on_holders(void *owner, const struct reply *r, const struct err *err)
{
    struct asking *w = owner;
    struct containers *ret = &w->ret->strangers;
    struct map wanted = {0};

    if (err)
        log_debug("questions", "names: %s", err_text(err));
    else
        ret->items = room(w->arena, ret->items, ret->len, r->containers.len, sizeof *ret->items);
    for (size_t i = 0; i < w->names.len; i++)
        map_set(&wanted, w->names.items[i], NULL);
    for (size_t i = 0; !err && i < r->containers.len; i++)
        if (map_has(&wanted, r->containers.items[i]->name) &&
            is_stranger(w, r->containers.items[i]))
            ret->items[ret->len++] = r->containers.items[i];
    map_done(&wanted);
    close_one(w);
}

/* Whoever lists by name has the engine try each name on each container. */
static void ask_names(struct asking *w, struct reader *r)
{
    struct strings *asked = &w->ret->names_asked;
    struct list_filter f = {.all = true};

    asked->items = room(w->arena, asked->items, asked->len, w->names.len, sizeof(char *));
    memcpy(asked->items + asked->len, w->names.items, w->names.len * sizeof(char *));
    asked->len += w->names.len;
    if (w->names.len <= FEW_NAMES)
        f.names = w->names;
    w->open++;
    r->ops->container_list(r, w->arena, &f, on_holders, w);
}

void observe_more(struct reader *r, struct arena *a, const char *project, const struct questions *q,
                  struct observed *o, void (*done)(void *owner), void *owner)
{
    struct asking *w = mem_calloc(1, sizeof *w);

    *w = (struct asking){
        .arena = a, .project = project, .ret = o, .names = q->names, .done = done, .owner = owner};
    ask_changes(w, r, q);
    if (q->names.len)
        ask_names(w, r);
}
