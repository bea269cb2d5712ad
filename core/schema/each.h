/* core/schema/each.h: visits every attribute of a tree together with its
 * row; what most passes are. */
#ifndef CORE_SCHEMA_EACH_H
#define CORE_SCHEMA_EACH_H

#include "core/schema/attr.h"

struct node_pair;

enum { EACH_SKIP = 1 };

/* One attribute that is there. `object` is what it stands in, pair->value may be replaced. Returns
 * 0, EACH_SKIP to leave out what is below it, or -1 after reporting an error (the walk goes on). */
typedef int each_fn(struct schema_ctx *cx, const struct attr_path *at, const struct attr *row,
                    struct node *object, struct node_pair *pair);

/* Whether the pass has anything to do with attributes of this row. */
typedef bool wants_fn(const struct attr *row);

/* Outer attributes first, in file order. Values of the wrong type are passed to fn but not entered;
 * nor is what has no wanted row anywhere below: most passes want little, and much of a large model
 * would be read for nothing. Returns -1 if fn did. fn must neither add to
 * nor remove from `object`. */
int schema_each(struct schema_ctx *cx, struct node *model, wants_fn *wants, each_fn *fn);

#endif
