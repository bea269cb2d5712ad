/* tests/lib/tree.h: trees from texts and back, for tests of the passes over them.
 *
 *     struct tree t;
 *     tree_init(&t);
 *     struct node *n = tree_parse(&t, "a.yaml", "services: {a: {image: x}}");
 *     tree_flow(&t, n)       "{services: {a: {image: x}}}"
 *     tree_done(&t); */
#ifndef TESTS_LIB_TREE_H
#define TESTS_LIB_TREE_H

#include "core/base/str.h"
#include "core/schema/attr.h"

struct tree {
    struct arena *arena;
    struct diags *diags;
    struct schema_ctx cx; /* dir /p, home /home/u */
    struct str flow, messages;
};

void tree_init(struct tree *t);
void tree_done(struct tree *t);
struct node *tree_parse(struct tree *t, const char *file, const char *text);
/* services.a of a file with that one service, whose attributes are `attrs` in flow style. */
struct node *tree_service(struct tree *t, const char *file, const char *attrs);
/* One line, in the order of the tree; texts that look like something else are in quotes. Until the
 * next call. */
const char *tree_flow(struct tree *t, const struct node *n);
/* "a.yaml:1:2: error: path: message (hint)" for each problem so far. Until the next call. */
const char *tree_messages(struct tree *t);
/* The pass over c.yaml, a file with the service `a` with these attributes, ends in `want`: what is
 * reported if anything is, and services.a otherwise. */
typedef int tree_pass(struct schema_ctx *cx, struct node *model);
void tree_check_service(const char *attrs, tree_pass *pass, const char *want);

#endif
