/* core/yaml/origin.h: what happened to a value on its way from the files into the model.
 *
 * A value that is in the model as it stands in its file has no origin (NULL): its position says
 * all. Whatever else a stage does with it is a record; the newest comes first. Records live in the
 * project's arena, never change once the next one is made, and may be shared by many nodes.
 * `explain` shows them, and so do messages about the value. */
#ifndef CORE_YAML_ORIGIN_H
#define CORE_YAML_ORIGIN_H

#include "core/base/err.h" /* struct loc */

#include <stdbool.h>
#include <stddef.h>

struct arena;
struct node;
struct variable; /* core/load/env.h */

enum origin_rule {
    ORIGIN_ALIAS,     /* copied by *text */
    ORIGIN_MERGE_KEY, /* copied by << and *text */
    ORIGIN_VARIABLE,  /* the expression `text` was in it; `use` says what became of it */
    ORIGIN_EXTENDS,   /* inherited from the service `text` of the file `file` */
    ORIGIN_INCLUDE,   /* from the included file `text` */
    ORIGIN_REPLACE,   /* it took the place of `was` */
    ORIGIN_OVERRIDE,  /* the same, by !override */
    ORIGIN_RESET,     /* of a mapping: !reset took away its key `text`, which had the value `was` */
    ORIGIN_MERGE,     /* of a mapping: the one at `loc` was laid over it, key by key */
    ORIGIN_APPEND,    /* of a list: the one at `loc` was appended; of an item: it came with that */
    ORIGIN_PASS,      /* only the name stood there; the value is the variable's */
    ORIGIN_ENV_FILE,  /* stands in an env_file or label_file, which is named at `loc` */
};

enum origin_use { /* of a variable */
                  USE_VALUE,
                  USE_DEFAULT,     /* ${A:-here} */
                  USE_ALTERNATIVE, /* ${A:+here} */
                  USE_NOTHING,     /* not set and without default, or + and not set */
};

struct origin {
    const struct origin *before; /* what happened earlier; NULL: nothing */
    struct loc loc;              /* of what did it */
    const char *text;            /* not NUL-terminated: it may be a part of a longer one */
    unsigned len;
    enum origin_rule rule : 8; /* there may be one for every value: no padding */
    enum origin_use use : 8;
    bool secret : 1; /* VARIABLE: the value masks what it gave, so it is masked here as well */
    union {
        const char *file;                /* EXTENDS: NULL is the same one */
        const struct node *was;          /* REPLACE, OVERRIDE, RESET */
        const struct variable *variable; /* VARIABLE, PASS; NULL: not set anywhere */
        size_t had;                      /* MERGE, APPEND of a list or mapping: entries before it */
    };
};

/* Puts a record in front of the chain; the caller fills what else there is to say. */
struct origin *origin_add(struct arena *a, const struct origin **chain, enum origin_rule rule,
                          struct loc loc);
void origin_text(struct origin *o, const char *text); /* borrowed */
/* The node took the place of `was`. */
void origin_replace(struct arena *a, struct node *n, const struct node *was);

/* The same record for many nodes. */
struct origin_stamp {
    struct arena *arena;
    struct origin record;
    const struct origin *made; /* the last one; NULL: none yet */
};
void origin_mark(struct origin_stamp *s, struct node *n);
void origin_mark_all(struct origin_stamp *s, struct node *n); /* and all that is below it */

#endif
