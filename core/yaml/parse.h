/* core/yaml/parse.h: YAML text to nodes; with emit.h the only place that knows YAML. The only user
 * of libyaml.
 *
 * Follows go-yaml as docker compose uses it: scalar resolution, merge keys, anchors
 * per document, duplicate keys, !reset and !override kept as node tags, other tags resolved or
 * ignored. */
#ifndef CORE_YAML_PARSE_H
#define CORE_YAML_PARSE_H

#include "core/base/err.h" /* struct loc */

#include <stddef.h>

struct arena;
struct diags;
struct node;

struct yaml_docs {
    struct node **items; /* the root of each document; without content: a null node */
    size_t len;
};

/* Parses all documents. Problems go to `diags` (already registered as source `file`); returns -1
 * when the text cannot be used at all. Expansion of aliases is bounded; depth is bounded. */
int yaml_parse(struct arena *a, struct diags *diags, const char *file, const char *text, size_t len,
               struct yaml_docs *ret);

/* Resolves a plain scalar as YAML 1.1/1.2 mix of go-yaml: gives a node of the resolved kind. */
struct node *yaml_resolve(struct arena *a, struct loc loc, const char *text, size_t len);

#endif
