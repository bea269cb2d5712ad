/* core/yaml/node.h: a YAML document as a tree that remembers where every value stands.
 *
 * Nodes live in the project's arena. The loading stages change trees in place (each stage is tree
 * in, tree out); an alias is a deep copy, so nodes are never shared between two places. */
#ifndef CORE_YAML_NODE_H
#define CORE_YAML_NODE_H

#include "core/base/err.h" /* struct loc */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;
struct origin;
struct str;

enum node_kind {
    NODE_NULL,
    NODE_BOOL,
    NODE_INT,  /* fits int64_t */
    NODE_UINT, /* beyond int64_t, fits uint64_t */
    NODE_FLOAT,
    NODE_TIME, /* an unquoted timestamp; `text` is as written */
    NODE_STRING,
    NODE_LIST,
    NODE_MAP,
};

enum node_tag { TAG_NONE, TAG_RESET, TAG_OVERRIDE };

struct node_pair {
    const char *key; /* NUL-terminated; an embedded NUL is an error at parsing */
    struct loc loc;  /* of the key */
    struct node *value;
};

struct node {
    enum node_kind kind : 8; /* large projects have a million nodes: no padding */
    enum node_tag tag : 8;
    bool quoted;    /* a string that was quoted or a block, so never resolved */
    bool secret;    /* whatever prints it masks it */
    bool shortened; /* made by expanding a short form */
    bool implied;   /* made by normalisation: stands nowhere in the files */
    bool verbatim;  /* a string that stands in the file just as it is, in one line */
    struct loc loc;
    const struct origin *origin; /* what happened to it (origin.h); NULL: nothing */
    union {
        bool boolean;
        int64_t integer;
        uint64_t uinteger;
        double real;
        struct {
            const char *text;
            size_t len;
        } string; /* NODE_STRING and NODE_TIME */
        struct {
            struct node **items;
            uint32_t len, cap;
        } list;
        struct {
            struct node_pair *pairs; /* in file order */
            uint32_t len, cap;
            struct node_index *index; /* made on the first look-up in a large map; NULL otherwise */
        } map;
    };
};

/* Making. */
struct node *node_new(struct arena *a, enum node_kind kind, struct loc loc);
struct node *node_string(struct arena *a, struct loc loc, const char *text); /* copies text */
struct node *node_stringn(struct arena *a, struct loc loc, const char *text, size_t len);
struct node *node_int(struct arena *a, struct loc loc, int64_t v);
struct node *node_bool(struct arena *a, struct loc loc, bool v);
/* A part of `from`, or another form of it: position, origin and secret are the same. */
struct node *node_of(struct arena *a, const struct node *from, enum node_kind kind);
struct node *node_string_of(struct arena *a, const struct node *from, const char *text, size_t len);
/* Deep, but keys and texts are shared: they are never changed. `a` must not outlive n's arena. */
struct node *node_copy(struct arena *a, const struct node *n);

/* Maps. Every look-up is constant time in large maps. Values of pairs may be changed in place; keys
 * and the order only by the functions here (but see node_touch), because of the index. */
struct node *node_get(const struct node *map, const char *key); /* NULL when absent or not a map */
struct node_pair *node_pair_get(const struct node *map, const char *key);
/* Sets or replaces (an existing key keeps its place and takes the new key position). */
void node_set(struct arena *a, struct node *map, const char *key, struct loc key_loc,
              struct node *value);
/* Appends a pair without looking for an equal one; the key is kept, not copied. */
void node_push(struct arena *a, struct node *map, const char *key, struct loc key_loc,
               struct node *value);
bool node_remove(struct node *map, const char *key);
void node_touch(struct node *map); /* after pairs were sorted, renamed or dropped by hand */
struct node *node_path(const struct node *map, const char *dotted); /* keys only: "build.args" */

/* Lists. */
void node_add(struct arena *a, struct node *list, struct node *item);

/* Reading. */
static inline bool node_is(const struct node *n, enum node_kind kind)
{
    return n && n->kind == kind;
}
/* Is `value` a credential as the next item of the list: ["--password", value]? */
bool is_behind_option(const struct node *list, const char *value);
const char *node_text(const struct node *n); /* the text of a string, else NULL */
const char *
node_kind_name(const struct node *n); /* string, boolean, number, integer, null, list, mapping */
/* A scalar as docker compose turns it into text: Go's %v; null gives "". */
void node_scalar_text(const struct node *n, struct str *out);
bool node_equal(const struct node *a, const struct node *b); /* deep, positions aside */
size_t node_len(const struct node *n);                       /* items or pairs, else 0 */

#endif
