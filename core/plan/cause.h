/* core/plan/cause.h: why something is done, as texts with the places that say so.
 *
 *     environment.LEVEL: 'info' -> 'debug' (dev.yml:12:7)
 *     ports[0] added: {target: 80} (compose.yaml:5:9) */
#ifndef CORE_PLAN_CAUSE_H
#define CORE_PLAN_CAUSE_H

#include "core/base/attr.h" /* PRINTF_LIKE */
#include "core/base/err.h"  /* struct loc */

#include <stddef.h>

struct arena;
struct attr_table;
struct node;
struct str;

struct cause {
    const char *text; /* secrets are masked */
    struct loc loc;   /* of what says so; line 0: no file does */
};

/* All-zero is empty. Texts and items live in the arena they are added from. */
struct causes {
    struct cause *items;
    size_t len, cap;
};
void cause_add(struct arena *a, struct causes *list, struct loc loc, const char *fmt, ...)
    PRINTF_LIKE(4, 5);

/* What differs between two canonical configurations (core/render/canonical.h), a cause a field.
 * `now_at` is the tree the new one was decoded from: it says where. Texts that are no JSON differ
 * in nothing. */
void causes_of_fields(struct arena *a, struct causes *list, const struct attr_table *t,
                      const char *was, const char *now, const struct node *now_at);

void cause_print(const struct cause *c, struct str *out); /* with its place in parentheses */
enum { CAUSES_TOLD = 3 }; /* as many as fit in a line; the list has all */
/* All in one line; after `max` of them (0: no limit) "and N more". */
const char *causes_text(struct arena *a, const struct causes *list, size_t max);

#endif
