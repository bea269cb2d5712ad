/* cmd/explain_path.h: "services.web.labels."a.b"[0]" to a value of the tree. */
#ifndef CMD_EXPLAIN_PATH_H
#define CMD_EXPLAIN_PATH_H

#include "core/schema/attr.h"

#include <stdbool.h>
#include <stddef.h>

struct arena;
struct err;
struct node;
struct str;

/* What a path leads to. */
struct found {
    const struct node *node;
    const char *path; /* as we write it: keys with dots in quotes */
    const char *key;  /* of the node; NULL: an item of a list */
    bool item;
    struct attr_step at;       /* in the tables; not for what !reset took away */
    const struct node *up;     /* what it stands in; when node is NULL, what !reset took it from */
    const struct node *around; /* the nearest it stands in that replaced another value; or NULL */
};

/* Keys are joined by dots; one with a dot in it may be quoted, or written as it is where that is
 * clear. Returns -1 with the nearest known path in the text of err. A key that !reset took away is
 * found without a node. */
int explain_find(struct arena *a, const struct node *root, const char *path, struct found *ret,
                 struct err *err);

/* The `around` of `child`, which stands in `up`, as its entry `index`. What was merged into it or
 * replaced in it later is no part of it. */
const struct node *explain_around(const struct node *up, const struct node *around_up,
                                  const struct node *child, size_t index);

/* services.web -> services.web."a.b" */
void explain_add_key(struct str *path, const char *key);
void explain_add_index(struct str *path, size_t index);

/* What env_file and label_file add to a service, which has a place of its own in the tree; NULL: no
 * such thing. `attr` is "environment" or "labels". */
const struct node *explain_more(const struct node *service, const char *attr);

#endif
