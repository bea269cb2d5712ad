/* core/yaml/emit.h: YAML text as go-yaml writes it, straight into a buffer.
 *
 * Block style, indent 2, list items indented under their key, no anchors. Calls follow the
 * structure: open a map, key, value, ..., close. */
#ifndef CORE_YAML_EMIT_H
#define CORE_YAML_EMIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct node;
struct str;

struct yaml_writer {
    struct str *out;
    size_t depth;    /* open collections */
    bool after_key;  /* "key:" stands before the next value */
    bool after_mark; /* "-", or the ":" of a long key: a collection begins on the same line */
    bool line_ended; /* by a block of text, which brings its own line break */
    struct yaml_level {
        bool list, empty;
        unsigned indent;
    } levels[320]; /* more than the parser's depth limit */
};

void yaml_write_init(struct yaml_writer *w, struct str *out);
void yaml_write_map(struct yaml_writer *w);
void yaml_write_list(struct yaml_writer *w);
void yaml_write_close(struct yaml_writer *w); /* an empty collection prints {} or [] */
void yaml_write_key(struct yaml_writer *w, const char *key);
void yaml_write_str(struct yaml_writer *w, const char *s, size_t len); /* style chosen by content */
void yaml_write_i64(struct yaml_writer *w, int64_t v);
void yaml_write_u64(struct yaml_writer *w, uint64_t v);
void yaml_write_float(struct yaml_writer *w, double v, int bits);
void yaml_write_bool(struct yaml_writer *w, bool v);
void yaml_write_null(struct yaml_writer *w);
/* A whole tree, maps with sorted keys (natural order); the writer's depth limit is an assert. */
void yaml_write_node(struct yaml_writer *w, const struct node *n);
void yaml_write_finish(struct yaml_writer *w); /* final newline */

#endif
