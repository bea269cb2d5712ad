/* core/schema/decode.h: what the two halves of decoding share.
 *
 * decode_scalar.c has a function for every kind of a single value, decode.c those for lists, maps
 * and structs, and the loop over the rows. `ret` is the member of the model's struct. A bad value
 * is reported, in docker compose's words, at the value, and -1 returned. */
#ifndef CORE_SCHEMA_DECODE_H
#define CORE_SCHEMA_DECODE_H

#include <stdint.h>

struct attr;
struct attr_path;
struct node;
struct schema_ctx;

struct place {
    struct schema_ctx *cx;
    const struct attr *row;
    const struct attr_path *at;
};

typedef int decode_fn(const struct place *p, const struct node *n, void *ret);

decode_fn decode_string;
decode_fn decode_bool;
decode_fn decode_opt_bool;
decode_fn decode_int;
decode_fn decode_opt_int;
decode_fn decode_float;
decode_fn decode_bytes;
decode_fn decode_duration;
decode_fn decode_opt_duration;
decode_fn decode_mode;

/* One of the two of an ulimit, or both. */
int decode_limit(const struct place *p, const struct node *n, int64_t *ret);
/* Reports a value of another type; `want` is the one of Go. */
int decode_unexpected(const struct place *p, const struct node *n, const char *want);

#endif
