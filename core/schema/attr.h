/* core/schema/attr.h: what an attribute table is. One attribute, one row; the passes are loops over
 * rows.
 *
 * A row says how a value may be written, how it is expanded, merged, made unique, cast, resolved
 * against a directory, decoded into which member of the model, printed in which place, and where it
 * goes in the Engine API. Write a function only where a row cannot say it.
 *
 * The tables: project.h, service.h, build.h, deploy.h, resources.h. The passes: validate.c,
 * expand.c, merge.c, unique.c, cast.c, paths.c, decode.c; rendering walks the rows too
 * (core/render). */
#ifndef CORE_SCHEMA_ATTR_H
#define CORE_SCHEMA_ATTR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;
struct attr_table;
struct diags;
struct node;
struct str;

/* How the canonical value is kept in the model; the member's C type is named. */
enum kind {
    K_NONE,         /* consumed while loading (extends, include, version): no member */
    K_STRING,       /* const char *; NULL and "" are absent */
    K_BOOL,         /* bool */
    K_OPT_BOOL,     /* struct opt_bool: false is not the same as absent */
    K_INT,          /* int64_t */
    K_OPT_INT,      /* struct opt_int */
    K_FLOAT,        /* double holding a float32, as docker compose keeps it */
    K_BYTES,        /* int64_t, bytes */
    K_DURATION,     /* int64_t, nanoseconds */
    K_OPT_DURATION, /* struct opt_int, nanoseconds */
    K_MODE,         /* struct opt_int, file mode bits */
    K_STRINGS,      /* struct strings */
    K_COMMAND,      /* struct argv: absent is not the same as empty */
    K_MAPPING,      /* struct mapping: text to text or null, sorted by key */
    K_HOSTS,        /* struct strings, "host=address", sorted */
    K_OBJECT,       /* struct x *: one nested object of .sub; NULL absent */
    K_OBJECTS,      /* LIST_OF(struct x): list of .sub */
    K_MAP,          /* LIST_OF(struct x): user-named .sub items, sorted by item.key */
    K_ULIMITS,      /* LIST_OF(struct ulimit) */
    K_OPTIONS,      /* LIST_OF(struct option_list): provider options */
};

/* The kinds of YAML value a schema may allow. */
enum {
    T_NULL = 1,
    T_BOOL = 2,
    T_INT = 4, /* an integer, or a float without fraction */
    T_NUM = 8, /* any number */
    T_STR = 16,
    T_LIST = 32,
    T_MAP = 64,
    T_SCALAR = T_BOOL | T_NUM | T_STR,
    T_ANY = 127,
};

enum merge {
    MERGE_DEFAULT,    /* maps merge by key, lists append, scalars override */
    MERGE_REPLACE,    /* the later one wholly, even null */
    MERGE_SEQUENCE,   /* both to a list of "k=v", then append */
    MERGE_NAMES,      /* a list of names is a map of nulls; then by key */
    MERGE_DEPENDS_ON, /* a list of names is a map of default conditions; then by key */
    MERGE_BUILD,      /* a string is {context: string}; then by key */
    MERGE_HOSTS,      /* extra_hosts: textually equal entries once, else append */
    MERGE_LOGGING,    /* by key, or wholly when the drivers differ */
    MERGE_ENTRIES,    /* by key, the value of each key wholly */
    MERGE_IPAM,       /* networks.*.ipam.config: by subnet */
};

enum cast { CAST_NONE, CAST_INT, CAST_INT64, CAST_FLOAT32, CAST_FLOAT64, CAST_BOOL };

enum path_rule {
    PATH_NONE,
    PATH_FILE,     /* a file of the project directory; "" stays */
    PATH_CONTEXT,  /* build context: a directory or a URL */
    PATH_CONTEXTS, /* each value of a map as PATH_CONTEXT */
    PATH_SOURCE,   /* as a bind mount's source, Windows paths kept */
    PATH_SOURCES,  /* each value of a map as PATH_SOURCE (build.ssh) */
    PATH_MOUNT,    /* the source of a volume mount of type bind */
    PATH_WATCH,    /* a file, with its first symbolic link resolved */
    PATH_DEVICE,   /* volumes.*.driver_opts.device of a local bind volume */
};

enum {
    ATTR_REQUIRED = 1,     /* must be there when its object is */
    ATTR_UNIQUE_ITEMS = 2, /* the schema rejects equal items */
    ATTR_PRINT_ALWAYS = 4, /* printed even when zero (depends_on.*.required) */
    ATTR_JSON_ALWAYS = 8,  /* in JSON printed even when absent (command, deploy.resources) */
    ATTR_NO_JSON = 16,     /* never in JSON (x-*, models) */
    ATTR_NO_PRINT = 32,    /* never printed */
    ATTR_NO_HASH = 64,     /* not part of the config-hash (build, scale, ...) */
    ATTR_KEY_NAMES = 128,  /* keys must match ^[a-zA-Z0-9._-]+$ */
    ATTR_NULL_VALUES =
        512, /* a K_MAPPING whose nulls mean something (environment); else null is "" */
    ATTR_UNSIGNED = 1024, /* docker compose decodes into an unsigned: no negatives, no text */
    ATTR_AS_LIST = 2048,  /* a K_MAPPING printed as a list of its entries (build.ssh) */
    ATTR_HASH_V5 = 4096,  /* with ATTR_NO_HASH: docker compose 5 does hash it */
};

/* Where an attribute goes when a container, network or volume is created. */
#define CLIENT_SIDE "(client side)"       /* mcompose itself acts on it */
#define INFORMATION "(information)"       /* for readers and other tools: nothing to act on */
#define NO_EFFECT   "(no effect)"         /* means nothing to one engine: said when it is used */
#define UNSUPPORTED "(not supported yet)" /* warns with its position, never just dropped */
/* Any other text: the field of the Engine API that takes a copy; NULL: a function of the driver. */

/* A place in the model, as a chain of stack frames: services . web . ports [0]. */
struct attr_path {
    const struct attr_path *up;
    const char *key; /* NULL: a list item */
    size_t index;
};
void attr_path_text(const struct attr_path *at, struct str *out); /* services.web.ports[0] */

/* What every pass is given. */
struct schema_ctx {
    struct arena *arena;
    struct diags *diags;
    const char *dir;      /* project directory, absolute; for paths */
    const char *home;     /* $HOME or NULL */
    const char *file;     /* being merged, as docker compose names it in messages */
    bool keep_unresolved; /* --no-interpolate: values with ${} in them are left alone */
};

/* Turns a short form into the long one. Returns the node to put in its place (which may be n), or
 * NULL after reporting an error. What has the wrong type is returned as it is: validation reports
 * it. */
typedef struct node *expand_fn(struct schema_ctx *cx, const struct attr_path *at, struct node *n);
/* The text two list items share when they are the same thing. 1: the item has none, being of the
 * wrong type, which validation reports. -1 after reporting an error. */
typedef int key_fn(struct schema_ctx *cx, const struct attr_path *at, const struct node *item,
                   struct str *ret);

struct attr {
    const char *name;
    enum kind kind;
    unsigned types;               /* T_*: how the value may be written */
    unsigned items;               /* T_* of list items, 0: whatever .sub allows */
    unsigned values;              /* T_* of map values, 0: whatever .sub allows */
    size_t offset;                /* of the member; see F() */
    const struct attr_table *sub; /* of the object, list items or map values */
    enum merge merge;
    key_fn *unique;
    enum cast cast; /* of the value, or of the map's scalar values */
    enum path_rule path;
    expand_fn *expand; /* per document: later files merge onto the long form */
    expand_fn *
        expand_late; /* before decoding: later files and `config --no-interpolate` see both forms */
    unsigned flags;
    const char *const *words; /* enum values, NULL-terminated */
    const char *pattern;      /* POSIX extended regular expression, unanchored unless it says so */
    int64_t min, max;         /* for numbers, when either is not 0 */
    unsigned order;           /* place in the printed object, from 1; 0: not printed */
    const char *json_name;    /* key in JSON when not the name */
    const char *engine;
};

/* Where a name may stand in a table, by a hash of its letters; made when first asked for. */
enum { ATTR_SLOTS = 256 }; /* more than twice the rows of the largest table */
struct attr_index {
    bool made;
    uint8_t slots[ATTR_SLOTS]; /* the row's number plus one; 0: none */
};

struct attr_table {
    const char *name;         /* "service", for messages */
    const struct attr *attrs; /* sorted by name */
    size_t count;
    size_t size;          /* of the model's struct */
    bool extensions;      /* x-* keys are allowed */
    bool extensions_lost; /* and never printed: docker compose forgets them */
    bool open;            /* unknown keys are accepted */
    struct attr_index *index;
};

const struct attr *attr_find(const struct attr_table *t, const char *name); /* NULL: unknown */
const char *attr_nearest(const struct attr_table *t,
                         const char *name); /* a likely misspelling, or NULL */
/* Attributes with an order, in that order; `ret` has room for t->count.
 * Returns how many there are. */
size_t attr_print_order(const struct attr_table *t, const struct attr **ret);
bool attr_matches(const struct attr *row, const char *text); /* row->pattern, compiled once */

/* Where somebody is in the tables who goes down a tree. At its root: {.table = &project_table}. */
struct attr_step {
    const struct attr *row;         /* NULL: at the root, below a key of the user's, in a list */
    const struct attr_table *table; /* of the keys here; NULL: there are none, or the user's */
    const struct attr_table *below; /* of what stands below keys of the user's, or in the list */
};
struct attr_step attr_down(struct attr_step at, const char *key); /* NULL: to an item of a list */

extern const struct attr_table project_table; /* the whole file; everything hangs below it */
extern const struct attr_table service_table;
extern const struct attr_table network_table;
extern const struct attr_table volume_table;
extern const struct attr_table secret_table;
extern const struct attr_table config_table;

#endif
