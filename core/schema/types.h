/* core/schema/types.h: the T_* sets of attr.h against nodes, and as words. */
#ifndef CORE_SCHEMA_TYPES_H
#define CORE_SCHEMA_TYPES_H

#include "core/schema/attr.h"

unsigned type_of(const struct node *n); /* an integer is both T_INT and T_NUM; 0: a date */
bool type_allowed(const struct node *n, unsigned allowed);
unsigned item_types(const struct attr *row);  /* what the items of its list may be */
unsigned value_types(const struct attr *row); /* what the values of its map may be */

void types_text(unsigned types, struct str *out); /* "mapping, null or string" */
/* Of several ways to write a value docker compose names only the first one of its schema. NULL:
 * all, as types_text does. */
const char *docker_types(const struct attr *row);
const char *docker_item_types(const struct attr *row);
const char *docker_value_types(const struct attr *row);

/* "{key:value,...}" with keys in order, values written by `add`. */
void node_add_sorted(const struct node *map, struct str *out,
                     void (*add)(const struct node *n, struct str *out));

#endif
