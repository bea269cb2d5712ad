/* core/load/history.h: the origin of a value as a list of events, oldest first: what `explain`
 * prints. */
#ifndef CORE_LOAD_HISTORY_H
#define CORE_LOAD_HISTORY_H

#include "core/base/err.h" /* struct loc */
#include "core/yaml/origin.h"

#include <stdbool.h>
#include <stddef.h>

struct arena;
struct node;
struct str;

enum past_kind {
    PAST_SET,      /* `node` stands at `loc` */
    PAST_REPLACED, /* the same, in the place of what the events before say */
    PAST_OVERRIDDEN,
    PAST_IMPLIED, /* `node` stands nowhere: mcompose adds it */
    PAST_RESET,   /* `node` was taken away by what stands at `loc` */
    PAST_ORIGIN,  /* what `origin` says */
    PAST_AROUND,  /* it came with a value at `loc` that took the place of another, says `origin` */
};

struct past_event {
    enum past_kind kind;
    struct loc loc;
    const struct node *node;
    size_t size; /* entries `node` had then; later ones may have been merged into it */
    const struct origin *origin;
};

struct history {
    struct past_event *events;
    size_t len, cap;
};

void history_of(struct arena *a, const struct node *n, struct history *ret);
/* What replaced another value whole, !override or not; NULL: it did not. */
const struct origin *history_replacing(const struct node *n);
/* Was entry `index` of a list or mapping merged into it, after that stood where it is? */
bool history_came_later(const struct node *n, size_t index);
/* Of a value somewhere in `around`, which replaced another one: adds that. */
void history_add_around(struct arena *a, const struct node *around, struct history *ret);
/* Of a key that !reset took out of the map; false: that did not happen. */
bool history_of_reset(struct arena *a, const struct node *map, const char *key,
                      struct history *ret);

/* "set", "replace", "append", "merge", "extends", ...: the word for the rule in JSON. */
const char *past_rule(const struct past_event *e);
/* What a reader is told about it; `key` is the value's, `show` says whether secrets are shown. */
void past_text(const struct past_event *e, const char *key, bool show, struct str *out);

/* A value on one line: text as it is, lists and maps by their size. Secrets are masked unless
 * `show`; the key counts too. */
void value_text(const struct node *n, const char *key, bool show, struct str *out);
/* The value of a variable, which is secret for its name, for what went into it, or for the place it
 * goes to (`secret`). */
void variable_text(const struct variable *v, bool secret, bool show, struct str *out);

#endif
