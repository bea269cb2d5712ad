/* cmd/opts_words.c: parsed options as words again: the reverse of opts.c. */
#include "cmd/command.h"

#include "core/base/arena.h"
#include "core/base/str.h"

#include <inttypes.h>

struct writing {
    struct arena *arena;
    struct strings words;
    size_t cap;
};

static void add(struct writing *w, const char *word)
{
    w->words.items = arena_grow(w->arena, w->words.items, w->words.len, &w->cap, w->words.len + 1,
                                sizeof *w->words.items);
    w->words.items[w->words.len++] = word;
}

static void add_value(struct writing *w, const struct opt *o, const char *value)
{
    add(w, arena_printf(w->arena, "--%s=%s", o->name, value));
}

static void add_opt(struct writing *w, const struct opt *o, const void *member)
{
    const struct strings *list = member;

    switch (o->kind) {
    case OPT_KIND_FLAG:
        if (*(const bool *)member)
            add(w, arena_printf(w->arena, "--%s", o->name));
        break;
    case OPT_KIND_TRI:
        if (((const struct opt_bool *)member)->set)
            add_value(w, o, ((const struct opt_bool *)member)->value ? "true" : "false");
        break;
    case OPT_KIND_STRING:
        if (*(const char *const *)member)
            add_value(w, o, *(const char *const *)member);
        break;
    case OPT_KIND_INT:
        if (((const struct opt_int *)member)->set)
            add_value(w, o,
                      arena_printf(w->arena, "%" PRId64, ((const struct opt_int *)member)->value));
        break;
    case OPT_KIND_LIST:
        for (size_t i = 0; i < list->len; i++)
            add_value(w, o, list->items[i]);
        break;
    case OPT_KIND_IGNORED:
    case OPT_KIND_END:
        break;
    }
}

struct strings opts_words(struct arena *a, const struct opt *opts, const void *args,
                          const struct strings *rest)
{
    struct writing w = {.arena = a};

    for (const struct opt *o = opts; o->kind != OPT_KIND_END; o++)
        add_opt(&w, o, (const char *)args + o->offset);
    if (rest->len)
        add(&w, "--");
    for (size_t i = 0; i < rest->len; i++)
        add(&w, rest->items[i]);
    return w.words;
}
