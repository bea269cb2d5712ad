/* core/load/include.c: other Compose files, each with a directory and variables of its own, add
 * what they define to the document at hand. */
#include "core/load/stages.h"

#include "core/base/arena.h"
#include "core/base/diags.h"
#include "core/base/path.h"
#include "core/base/str.h"
#include "core/load/dotenv.h"
#include "core/load/env.h"
#include "core/load/origins.h"
#include "core/schema/passes.h"
#include "core/yaml/node.h"
#include "core/yaml/origin.h"

#include <string.h>
#include <sys/stat.h>

enum { MAX_DEPTH = 100, MAX_INCLUDES = 2000 };

/* One item of the list. */
struct entry {
    struct load *load;            /* the including set */
    const struct tag_paths *tags; /* of the document */
    const struct node *node;
    size_t index;
    const struct node *path, *env_file, *directory; /* NULL: not given */
};

static struct diag *fail(const struct entry *e, const struct node *at, const char *msg)
{
    AUTO_TEXT path = {0};

    str_addf(&path, "include[%zu]", e->index);
    return diags_error(e->load->diags, at->loc, str_text(&path), "%s", msg);
}

/* A text or a list of them. */
static size_t text_count(const struct node *n)
{
    return node_is(n, NODE_LIST) ? n->list.len : node_is(n, NODE_STRING) ? 1 : 0;
}

static const struct node *text_at(const struct node *n, size_t i)
{
    return n->kind == NODE_LIST ? n->list.items[i] : n;
}

/* ---- reading the item ---- */

static int check_texts(const struct entry *e, const struct node *n)
{
    if (!n)
        return 0;
    if (n->kind != NODE_LIST && n->kind != NODE_STRING && n->kind != NODE_NULL) {
        fail(e, n, "must be a string or a list of strings");
        return -1;
    }
    for (size_t i = 0; i < text_count(n); i++) {
        if (text_at(n, i)->kind == NODE_STRING)
            continue;
        fail(e, text_at(n, i), "must be a string");
        return -1;
    }
    return 0;
}

/* Docker compose ignores keys it does not know here; that would hide a misspelt env_file. */
static void warn_unknown(const struct entry *e)
{
    static const char *const known[] = {"path", "env_file", "project_directory"};

    for (size_t i = 0; i < e->node->map.len; i++) {
        const struct node_pair *pair = &e->node->map.pairs[i];
        AUTO_TEXT path = {0};
        const char *near;
        struct diag *g;

        if (str_eq(pair->key, known[0]) || str_eq(pair->key, known[1]) ||
            str_eq(pair->key, known[2]) || str_has_prefix(pair->key, "x-"))
            continue;
        str_addf(&path, "include[%zu]", e->index);
        g = diags_lax(e->load->diags, pair->loc, str_text(&path), "unknown attribute '%s', ignored",
                      pair->key);
        near = nearest_word(pair->key, known, ARRAY_LEN(known));
        if (near)
            diag_hint(g, "did you mean '%s'?", near);
    }
}

static int read_entry(struct entry *e)
{
    if (e->node->kind == NODE_STRING) {
        e->path = e->node;
        return 0;
    }
    if (e->node->kind != NODE_MAP) {
        fail(e, e->node, "must be a path, or a mapping with the key 'path'");
        return -1;
    }
    warn_unknown(e);
    e->path = node_get(e->node, "path");
    e->env_file = node_get(e->node, "env_file");
    e->directory = node_get(e->node, "project_directory");
    if (check_texts(e, e->path) < 0 || check_texts(e, e->env_file) < 0)
        return -1;
    if (e->directory && e->directory->kind != NODE_STRING) {
        fail(e, e->directory, "project_directory must be a string");
        return -1;
    }
    if (text_count(e->path) == 0)
        diag_hint(diags_warn(e->load->diags, e->node->loc, "include", "nothing is included"),
                  "write path: FILE");
    return 0;
}

/* ---- files ---- */

/* From the project's file to the one included, in the words of docker compose and in ours. */
static void add_chain(const struct load *l, struct str *msg, struct str *docker)
{
    if (l->parent)
        add_chain(l->parent, msg, docker);
    str_addf(msg, "%s%s", l->parent ? " includes " : "", file_label(l, l->file));
    str_addf(docker, "\n%s%s", l->parent ? " include " : "", l->file);
}

static int check_cycle(const struct entry *e, const struct node *at, const char *file)
{
    AUTO_TEXT chain = {0};
    AUTO_TEXT docker = {0};
    AUTO_TEXT msg = {0};

    for (const struct load *l = e->load; l; l = l->parent) {
        if (strcmp(l->file, file) != 0)
            continue;
        add_chain(e->load, &chain, &docker);
        str_addf(&msg, "include cycle detected: %s includes %s", str_text(&chain),
                 file_label(e->load, file));
        diag_compat(fail(e, at, str_text(&msg)), "include cycle detected:%s\n include %s",
                    str_text(&docker), file);
        return -1;
    }
    if (e->load->depth < MAX_DEPTH)
        return 0;
    fail(e, at, "files include one another more than 100 deep");
    return -1;
}

/* Files that include two others twice each soon are more than anybody has. */
static int check_count(const struct entry *e)
{
    struct load *first = e->load;

    while (first->parent)
        first = first->parent;
    if (first->includes > MAX_INCLUDES)
        return -1; /* said already */
    if (arena_is_over(e->load->arena))
        return diags_too_large(e->load->diags, e->node->loc, "include", "what is included");
    if (first->includes++ < MAX_INCLUDES)
        return 0;
    fail(e, e->node, "more than 2000 files are included");
    return -1;
}

static int find_files(const struct entry *e, struct load *child)
{
    size_t count = text_count(e->path);
    struct strings files = {0};

    files.items = arena_calloc(child->arena, count + 1, sizeof *files.items);
    for (size_t i = 0; i < count; i++) {
        const struct node *at = text_at(e->path, i);
        char *file = path_abs(child->arena, e->load->dir, at->string.text);
        AUTO_TEXT msg = {0};

        if (why_unreadable(at->string.text, file, &msg)) {
            diag_compat(fail(e, at, str_text(&msg)), "%s", str_text(&msg));
            return -1;
        }
        if (check_cycle(e, at, file) < 0)
            return -1;
        files.items[files.len++] = file;
    }
    child->files = files;
    return 0;
}

/* ---- variables ---- */

static int read_env_file(const struct entry *e, struct load *child, const char *file,
                         const struct node *at, struct env *seen)
{
    struct dotenv parsed = {0};
    AUTO_TEXT text = {0};
    AUTO_TEXT msg = {0};
    AUTO_ERR err = {0};
    struct stat st;

    if (stat(file, &st) < 0 || S_ISDIR(st.st_mode)) {
        bool there = path_exists(file);

        str_addf(&msg, there ? "%s is not a file" : "stat %s: no such file or directory", file);
        diag_compat(fail(e, at, str_text(&msg)), "%s", str_text(&msg));
        return -1;
    }
    if (path_read(file, 0, &text, &err) < 0) {
        fail(e, at, err_text(&err));
        return -1;
    }
    if (dotenv_parse(child->arena, child->diags, file_label(child, file), str_text(&text), text.len,
                     child->env, seen, &parsed) < 0)
        return -1;
    for (size_t i = 0; i < parsed.len; i++)
        env_take(seen, parsed.entries[i].variable);
    return 0;
}

/* The variables of the including project stay; files fill the gaps, a later one before an earlier
 * one. */
static int read_environment(const struct entry *e, struct load *child)
{
    struct env *seen = env_new(child->arena);
    char *beside = path_join(child->arena, child->dir, ".env");
    int rc = 0;

    child->env = env_scope(child->arena, e->load->env);
    if (text_count(e->env_file) == 0 && path_exists(beside) && !path_is_dir(beside))
        rc = read_env_file(e, child, beside, e->node, seen);
    for (size_t i = 0; i < text_count(e->env_file); i++) {
        const struct node *at = text_at(e->env_file, i);

        if (strcmp(at->string.text, "/dev/null") != 0)
            rc |= read_env_file(e, child, path_abs(child->arena, e->load->dir, at->string.text), at,
                                seen);
    }
    for (size_t i = 0; i < env_count(seen); i++)
        env_adopt(child->env, env_at(seen, i));
    env_attach(child->root_env, child->env);
    return rc;
}

/* ---- loading and importing ---- */

static struct node *load_child(struct load *child)
{
    struct node *model = load_set(child);

    if (!model)
        return NULL;
    stage_defaults(child, model);
    stage_check(child, model);
    stage_paths(child, model);
    stage_environment(child, model);
    return model;
}

/* A whole file that says no more than this. */
static struct node *file_of(struct arena *a, const char *type, const struct node_pair *pair)
{
    struct node *file = node_new(a, NODE_MAP, pair->loc);
    struct node *map = node_new(a, NODE_MAP, pair->loc);

    node_push(a, map, pair->key, pair->loc, pair->value);
    node_push(a, file, type, pair->loc, map);
    return file;
}

/* The document's own definition is merged over the included one, of which its tags take away. */
static int merge_import(const struct entry *e, const char *type, struct node_pair *own,
                        const struct node_pair *from)
{
    struct load *l = e->load;
    struct node *base = file_of(l->arena, type, from);

    tags_apply(e->tags, base, NULL);
    base = schema_merge(&l->schema, base, file_of(l->arena, type, own));
    if (!base)
        return -1;
    own->value = node_get(node_get(base, type), own->key);
    return 0;
}

/* What two files include alike is there once. */
static int import_one(const struct entry *e, const char *type, struct node *to,
                      const struct node_pair *from)
{
    struct node_pair *own = node_pair_get(to, from->key);
    struct origin_stamp stamp = {
        .arena = e->load->arena,
        .record = {.rule = ORIGIN_INCLUDE, .loc = text_at(e->path, 0)->loc}};

    if (own && node_equal(own->value, from->value))
        return 0;
    origin_mark_all(&stamp, from->value);
    if (own)
        return merge_import(e, type, own, from);
    node_push(e->load->arena, to, from->key, from->loc, from->value);
    return 0;
}

static int import(const struct entry *e, struct node *doc, const struct node *model)
{
    static const char *const types[] = {"services", "volumes", "networks",
                                        "secrets",  "configs", "models"};
    int rc = 0;

    for (size_t i = 0; i < ARRAY_LEN(types); i++) {
        const struct node_pair *from = node_pair_get(model, types[i]);
        struct node *to = node_get(doc, types[i]);

        if (!from || from->value->kind != NODE_MAP || !from->value->map.len)
            continue;
        if (!to || to->kind == NODE_NULL) {
            to = node_new(e->load->arena, NODE_MAP, from->value->loc);
            node_set(e->load->arena, doc, types[i], from->loc, to);
        }
        for (size_t k = 0; to->kind == NODE_MAP && k < from->value->map.len; k++)
            rc |= import_one(e, types[i], to, &from->value->map.pairs[k]);
    }
    return rc;
}

static int include_entry(struct entry *e, struct node *doc)
{
    struct load *l = e->load;
    struct load *child = arena_alloc(l->arena, sizeof *child);
    const struct node *model;

    if (read_entry(e) < 0)
        return -1;
    if (text_count(e->path) == 0)
        return 0;
    if (check_count(e) < 0)
        return -1;
    *child = *l;
    child->parent = l;
    child->included_at = e->node->loc;
    child->depth = l->depth + 1;
    if (find_files(e, child) < 0)
        return -1;
    child->dir = e->directory ? path_abs(l->arena, l->dir, node_text(e->directory))
                              : path_dir(l->arena, child->files.items[0]);
    child->schema.dir =
        path_rel(l->arena, l->dir, child->dir); /* the rest is up to the including set */
    if (read_environment(e, child) < 0)
        return -1;
    model = load_child(child);
    return model ? import(e, doc, model) : 0;
}

int stage_include(struct load *l, const char *file, const struct tag_paths *tags, struct node *doc)
{
    struct node *list = node_get(doc, "include");
    struct diag *g;
    int rc = 0;

    if (!list)
        return 0;
    node_remove(doc, "include");
    if (list->kind != NODE_LIST && list->kind != NODE_NULL) {
        AUTO_TEXT text = {0};

        node_scalar_text(list, &text);
        g = diags_error(l->diags, list->loc, "include", "must be a list");
        diag_compat(g, "`include` must be a list, got %s", str_text(&text));
        diag_hint(g, "write '- ' before each file");
        return -1;
    }
    l->file = file;
    for (size_t i = 0; list->kind == NODE_LIST && i < list->list.len; i++) {
        struct entry e = {.load = l, .tags = tags, .node = list->list.items[i], .index = i};

        if (e.node->kind == NODE_NULL)
            continue;
        rc |= include_entry(&e, doc);
    }
    return rc;
}
