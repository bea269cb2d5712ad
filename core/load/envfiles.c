/* core/load/envfiles.c: what env_file and label_file say becomes environment and labels.
 *
 * What the service itself says wins, also when it says null. Contents see the project's
 * environment, then the service's own, then what stands above in the same file, then what earlier
 * files say; those of label_file see earlier files first and no environment at all. */
#include "core/load/stages.h"

#include "core/base/arena.h"
#include "core/base/diags.h"
#include "core/base/map.h"
#include "core/base/path.h"
#include "core/base/str.h"
#include "core/load/dotenv.h"
#include "core/load/env.h"
#include "core/model/model.h"
#include "core/yaml/node.h"
#include "core/yaml/origin.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* One list of files being read. */
struct reading {
    struct load *l;
    struct project *p;
    const struct service *s;
    bool labels;           /* label_file, not env_file */
    const char *what;      /* for messages: "env file" or "label file" */
    const char *attr;      /* and the attribute */
    const struct env *env; /* what contents see first */
    struct env *seen;      /* what earlier files of the list say */
    struct map values;     /* key -> struct node *, what the files say */
};

static void problem(struct reading *r, const struct node *at, const char *msg)
{
    AUTO_TEXT path = {0};

    str_addf(&path, "services.%s.%s", r->s->item.key, r->attr);
    diags_error(r->l->diags, at ? at->loc : loc_none(), str_text(&path), "%s", msg);
}

/* 1: read; 0: not there, and need not be; -1 after reporting. */
static int read_text(struct reading *r, const char *file, bool required, const struct node *at,
                     struct str *ret)
{
    AUTO_TEXT msg = {0};
    AUTO_ERR err = {0};
    struct stat st;

    if (stat(file, &st) < 0) {
        if (errno == ENOENT && !required)
            return 0;
        path_error(&err, "stat", file);
        str_addf(&msg, "%s %s not found: %s", r->what, file, err_text(&err));
        problem(r, at, str_text(&msg));
        return -1;
    }
    if (path_read(file, 0, ret, &err) < 0) {
        str_addf(&msg, "failed to read %s: %s", file, err_text(&err));
        problem(r, at, str_text(&msg));
        return -1;
    }
    return 1;
}

/* The value as a node of the tree. */
static struct node *variable_node(struct reading *r, const struct variable *v,
                                  const struct node *file)
{
    struct arena *a = r->l->arena;
    struct node *n = node_string(a, v->at, v->value);

    n->quoted = true;
    n->secret = v->secret;
    n->origin = v->origin;
    origin_add(a, &n->origin, ORIGIN_ENV_FILE, file ? file->loc : loc_none());
    return n;
}

static void keep(struct reading *r, const struct dotenv *parsed, const struct node *file)
{
    for (size_t i = 0; i < parsed->len; i++) {
        const struct dotenv_entry *e = &parsed->entries[i];
        struct node *n = variable_node(r, e->variable, file);
        struct node *earlier = map_get(&r->values, e->key);

        if (earlier)
            origin_replace(r->l->arena, n, earlier);
        map_set(&r->values, e->key, n);
        env_take(r->seen, e->variable);
    }
}

/* The .env syntax is the default and has a name too. */
static bool is_known_format(const char *format)
{
    return str_empty(format) || str_eq(format, "raw") || str_eq(format, ".env");
}

static int unknown_format(struct reading *r, const char *format, const struct node *at)
{
    AUTO_TEXT msg = {0};

    str_addf(&msg, "unsupported env_file format \"%s\"", format);
    problem(r, at, str_text(&msg));
    return -1;
}

/* `format` and `at` (where to complain) may be NULL. 1: read; 0: not there, and need not be; -1. */
static int read_one(struct reading *r, const char *file, bool required, const struct node *format,
                    const struct node *at)
{
    struct load *l = r->l;
    const char *name = file_label(l, arena_strdup(l->arena, file));
    const char *kind = node_text(format);
    AUTO_TEXT text = {0};
    struct dotenv parsed = {0};
    int rc = read_text(r, file, required, at, &text);

    if (rc <= 0)
        return rc;
    if (!is_known_format(kind))
        return unknown_format(r, kind, format);
    if (str_eq(kind, "raw"))
        rc = dotenv_parse_raw(l->arena, l->diags, name, str_text(&text), text.len, r->env, &parsed);
    else if (r->labels)
        rc = dotenv_parse(l->arena, l->diags, name, str_text(&text), text.len, r->env, r->seen,
                          &parsed);
    else
        rc = dotenv_parse_env_file(l->arena, l->diags, name, str_text(&text), text.len, r->env,
                                   r->seen, &parsed);
    if (!diags_is_too_large(l->diags))
        keep(r, &parsed, at);
    return rc < 0 ? -1 : 1;
}

static int by_key(const void *a, const void *b)
{
    const struct mapping_entry *x = a, *y = b;

    return strcmp(x->key, y->key);
}

/* Lays `m` over what was read and puts the result in its place. */
static void finish(struct reading *r, struct mapping *m)
{
    struct arena *a = r->l->arena;
    struct node *service = node_get(node_get(r->p->root, "services"), r->s->item.key);
    const struct node *own = node_get(service, r->labels ? "labels" : "environment");
    struct node *more = node_new(a, NODE_MAP, service->loc);
    struct mapping merged = {.entries =
                                 arena_calloc(a, r->values.len + m->len + 1, sizeof *m->entries)};

    for (size_t i = 0; i < m->len; i++)
        merged.entries[merged.len++] = m->entries[i];
    for (size_t i = 0; i < r->values.len; i++) {
        struct node *n = r->values.entries[i].value;
        struct node *stronger = node_get(own, r->values.entries[i].key);

        if (stronger) {
            origin_replace(a, stronger, n);
            continue;
        }
        node_set(a, more, r->values.entries[i].key, n->loc, n);
        merged.entries[merged.len++] = (struct mapping_entry){
            .key = arena_strdup(a, r->values.entries[i].key), .value = node_text(n)};
    }
    node_set(a, service, r->labels ? LABEL_FILE_KEY : ENV_FILE_KEY, service->loc, more);
    qsort(merged.entries, merged.len, sizeof *merged.entries, by_key);
    *m = merged;
    map_done(&r->values);
}

/* The project's variables, then what the service itself sets. */
static const struct env *outer_env(struct load *l, const struct mapping *environment)
{
    struct env *root = l->root_env ? l->root_env : l->env;
    struct env *ret = env_scope(l->arena, root);

    for (size_t i = 0; i < environment->len; i++) {
        const struct mapping_entry *e = &environment->entries[i];

        if (e->value && !env_has(root, e->key))
            env_set(ret, e->key, e->value, loc_none());
    }
    return ret;
}

static int read_env_files(struct load *l, struct project *p, struct service *s)
{
    struct reading r = {.l = l,
                        .p = p,
                        .s = s,
                        .what = "env file",
                        .attr = "env_file",
                        .env = outer_env(l, &s->environment),
                        .seen = env_new(l->arena)};
    int rc = 0;

    s->env_files.items = arena_calloc(l->arena, s->env_file.len + 1, sizeof *s->env_files.items);
    for (size_t i = 0; i < s->env_file.len; i++) {
        const struct env_file *f = s->env_file.items[i];
        const struct node *at = node_get(f->item.node, "path");
        const char *path = f->path ? f->path : "";

        int one = read_one(&r, path, f->required, node_get(f->item.node, "format"),
                           at ? at : f->item.node);

        if (one < 0)
            rc = -1;
        else if (one > 0)
            s->env_files.items[s->env_files.len++] = path;
    }
    finish(&r, &s->environment);
    s->env_file.len = 0; /* it has been resolved */
    return rc;
}

static int read_label_files(struct load *l, struct project *p, struct service *s)
{
    struct reading r = {.l = l,
                        .p = p,
                        .s = s,
                        .labels = true,
                        .what = "label file",
                        .attr = "label_file",
                        .env = env_new(l->arena), /* variables are not seen */
                        .seen = env_new(l->arena)};
    const struct node *list = node_get(s->item.node, "label_file");
    int rc = 0;

    for (size_t i = 0; i < s->label_file.len; i++) {
        const struct node *at =
            node_is(list, NODE_LIST) && i < list->list.len ? list->list.items[i] : list;

        if (read_one(&r, s->label_file.items[i], true, NULL, at) < 0)
            rc = -1;
    }
    finish(&r, &s->labels);
    return rc;
}

/* Normalisation has done it already, unless it was switched off. */
static void resolve_nulls(struct load *l, struct mapping *m)
{
    for (size_t i = 0; i < m->len; i++)
        if (!m->entries[i].value)
            m->entries[i].value = env_get(l->root_env ? l->root_env : l->env, m->entries[i].key);
}

int stage_env_files(struct load *l, struct project *p)
{
    int rc = 0;

    for (size_t i = 0; i < p->services.len && !diags_is_too_large(l->diags); i++) {
        struct service *s = p->services.items[i];

        if (s->disabled)
            continue;
        resolve_nulls(l, &s->environment);
        if (s->env_file.len > 0)
            rc |= read_env_files(l, p, s);
        if (s->label_file.len > 0)
            rc |= read_label_files(l, p, s);
    }
    return rc;
}
