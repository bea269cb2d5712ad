/* core/render/walk.h: one walk over the model in printing order, for every text made of it.
 *
 * The walk decides what is printed, in which order and under which key; a writer decides what it
 * looks like. */
#ifndef CORE_RENDER_WALK_H
#define CORE_RENDER_WALK_H

#include "core/render/render.h" /* drain_fn */
#include "core/schema/attr.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct node;
struct str;

struct writer_ops {
    void (*open)(void *writer, char bracket); /* '{' or '[' */
    void (*close)(void *writer, char bracket);
    void (*key)(void *writer, const char *key);
    void (*string)(void *writer, const char *s);
    void (*integer)(void *writer, int64_t v);
    void (*real)(void *writer, double v, int bits);
    void (*boolean)(void *writer, bool v);
    void (*null)(void *writer);
};

enum walk_use {
    WALK_CONFIG, /* what `config` prints */
    WALK_HASH,   /* what the config-hash is made of */
};

struct walk {
    const struct writer_ops *ops;
    void *writer;
    enum walk_use use;
    bool json; /* JSON's keys and omissions; maps by bytes, not in natural order */
    bool v5;   /* as docker compose 5: only the hash differs */
    /* Called for an x-* attribute of a nested object; NULL: they are not printed. */
    void (*extension)(void *writer, const struct node *n);
    /* For text that is handed out in pieces, one or more services each. */
    struct str *out; /* what the writer writes to; NULL: in one piece, which is the caller's */
    size_t doubled;  /* up to here `$` is doubled, so that the text can be read back */
    drain_fn *drain; /* may be NULL */
    void *owner;     /* of drain */
};

/* One object of table `t`, with its brackets. */
void walk_object(struct walk *w, const struct attr_table *t, const void *object);
/* The attributes only, between brackets the caller writes; x-* not. */
void walk_attr(struct walk *w, const struct attr *row, const void *object);
/* Attributes of x-* keys in their order. */
void walk_extensions(struct walk *w, const struct node *n);

/* The text so far is complete: doubles `$` and lets it be drained. */
void walk_piece(struct walk *w);

#endif
