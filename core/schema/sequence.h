/* core/schema/sequence.h: between the forms of an attribute, for merging and for expanding.
 *
 * What is in neither form is returned as it is: validation reports it. */
#ifndef CORE_SCHEMA_SEQUENCE_H
#define CORE_SCHEMA_SEQUENCE_H

#include <stdbool.h>

struct arena;
struct node;

/* A map becomes a sorted list of "key=value", a text a list of one, anything else but a list an
 * empty one. A list in a map gives one entry for each of its items. */
struct node *node_to_sequence(struct arena *a, struct node *n);
/* A list of names becomes a map of nulls or, with `conditions`, of what
 * depends_on means by a name. */
struct node *names_to_map(struct arena *a, struct node *n, bool conditions);
struct node *build_to_map(struct arena *a, struct node *n); /* a text is the context */

#endif
