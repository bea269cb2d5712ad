/* core/yaml/builder.h: inside of the YAML parser: what parse.c, scalar.c and syntax.c share. */
#ifndef CORE_YAML_BUILDER_H
#define CORE_YAML_BUILDER_H

#include "core/base/map.h"
#include "core/base/vec.h"
#include "core/yaml/node.h"

#include <yaml.h>

struct anchor {
    const struct node *node;
    size_t frame; /* which open collection it is, plus one; 0: complete */
};

/* A collection that is being read. */
struct frame {
    struct node *node;
    struct anchor *anchor; /* its own; NULL when it has none */
    bool is_key;           /* a collection where a key should be */

    /* Mappings: the key whose value comes next. */
    bool has_key, is_merge, dropped;
    const char *key;
    struct loc key_loc;

    struct node *merge; /* the value of << */
    struct loc merge_loc;
};

/* Memory for the pairs or items of a collection that is being read. */
struct room {
    void *memory;
    size_t size;
};

/* Keys met before, for the next one with the same text: large files repeat the same few, which then
 * stay in the processor's cache through all that walks the tree. */
enum { KNOWN_KEYS = 256 };
struct known_key {
    const char *text; /* NULL: none yet */
    size_t len;
};

struct builder {
    yaml_parser_t yaml;
    struct arena *arena;
    struct diags *diags;
    const char *file;
    const char *text;
    size_t len;
    VEC(struct frame) stack;
    VEC(struct room) rooms; /* free ones */
    struct map anchors;     /* name -> struct anchor */
    struct node *root;
    struct known_key keys[KNOWN_KEYS]; /* by their length and ends; the last one that was there */
    size_t budget;                     /* nodes that aliases may still make */
};

static inline struct loc mark_loc(const struct builder *b, yaml_mark_t m)
{
    return (struct loc){
        .file = b->file, .line = (unsigned)m.line + 1, .col = (unsigned)m.column + 1};
}

/* scalar.c: the node a scalar means, by style, tag and content; never NULL. */
struct node *scalar_node(struct builder *b, const yaml_event_t *e);
/* Is the value that comes next a credential, as the key or the item before it says? */
bool is_secret_here(const struct builder *b, const char *value);
enum node_tag tag_of(const yaml_char_t *tag);

/* syntax.c: what libyaml does not accept, in words. */
void report_syntax(struct builder *b);

#endif
