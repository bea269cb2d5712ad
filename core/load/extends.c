/* core/load/extends.c: a service takes over what another one says. */
#include "core/load/stages.h"

#include "core/base/arena.h"
#include "core/base/diags.h"
#include "core/base/map.h"
#include "core/base/path.h"
#include "core/base/str.h"
#include "core/schema/passes.h"
#include "core/yaml/node.h"
#include "core/yaml/origin.h"

#include <string.h>

enum { MAX_CHAIN = 500 };

/* The services of one file (or document), among which the names in `extends` are looked up. */
struct scope {
    struct load *load;
    const char *file;  /* as docker compose names it in messages */
    const char *label; /* as we do */
    struct node *services;
    const struct tag_paths *tags;
    bool unread; /* the file could not be, which is reported */
};

/* The way that led to the service at hand. */
struct link {
    const struct link *up;
    const struct scope *scope;
    const char *service;
    size_t depth;
};

/* What `extends` says. */
struct target {
    const struct node *node; /* for positions */
    const struct node *file_node;
    const char *service;
    const char *file; /* NULL: the same one */
};

static struct diag *fail(const struct scope *s, const char *service, const struct node *at,
                         const char *msg)
{
    AUTO_TEXT path = {0};

    str_addf(&path, "services.%s.extends", service);
    return diags_error(s->load->diags, at->loc, str_text(&path), "%s", msg);
}

/* ---- other files ---- */

/* An `extends` in another file is relative to that one; a ~ has no meaning in it. */
static void move_extends(struct load *l, struct node *services, const char *dir)
{
    for (size_t i = 0; i < services->map.len; i++) {
        const struct node *extends = node_get(services->map.pairs[i].value, "extends");
        struct node_pair *file = node_pair_get(extends, "file");

        if (file && node_text(file->value) && !path_is_abs(node_text(file->value)))
            file->value = node_string(l->arena, file->value->loc,
                                      path_join(l->arena, dir, node_text(file->value)));
    }
}

static struct scope *read_scope(struct load *l, const char *path, const char *shown)
{
    struct scope *s = arena_alloc(l->arena, sizeof *s);
    struct schema_ctx cx = l->schema;
    size_t before = diags_count(l->diags);
    struct tag_paths *tags;
    struct node *model = load_foreign(l, path, &tags);

    s->unread = !model && diags_count(l->diags) > before;
    s->load = l;
    s->file = shown;
    s->label = file_label(l, path);
    s->tags = tags;
    s->services = node_get(model, "services");
    if (!node_is(s->services, NODE_MAP))
        return s;
    cx.dir = path_rel(l->arena, l->dir, path_dir(l->arena, path));
    schema_paths(&cx, model);
    move_extends(l, s->services, cx.dir);
    return s;
}

/* Each file is made ready once for each set of files: its paths and
 * variables are those of the set. */
static struct scope *foreign_scope(struct load *l, const char *file)
{
    char *path = path_abs(l->arena, l->dir, file);
    char *key = arena_printf(l->arena, "extends\n%p\n%s", (void *)l->env, path);
    struct scope *s = map_get(l->file_cache, key);

    if (!s) {
        s = read_scope(l, path, arena_strdup(l->arena, file));
        map_set(l->file_cache, key, s);
    }
    return s;
}

static struct scope *target_scope(struct scope *s, const char *service, const struct target *t)
{
    struct load *l = s->load;
    struct scope *other;
    AUTO_TEXT msg = {0};
    char *path;

    if (!t->file)
        return s;
    path = path_abs(l->arena, l->dir, t->file);
    if (why_unreadable(t->file, path, &msg)) {
        diag_compat(fail(s, service, t->file_node, str_text(&msg)), "%s", str_text(&msg));
        return NULL;
    }
    other = foreign_scope(l, t->file);
    if (!other->services && !other->unread) {
        struct diag *g;

        str_addf(&msg, "cannot extend service '%s': no services section in %s", service,
                 other->label);
        g = fail(s, service, t->node, str_text(&msg));
        diag_compat(g, "cannot extend service \"%s\" in %s: no services section", service, path);
    }
    return node_is(other->services, NODE_MAP) ? other : NULL;
}

/* ---- one service ---- */

static int parse_target(struct scope *s, const char *service, const struct node *n,
                        struct target *ret)
{
    const struct node *name = n->kind == NODE_MAP ? node_get(n, "service") : n;
    struct diag *g;

    ret->node = name ? name : n;
    ret->file = NULL;
    ret->service = node_text(name) ? node_text(name) : "";
    if (n->kind != NODE_MAP)
        return 0;
    if (!node_text(name)) {
        g = fail(s, service, n, "service is required");
        diag_compat(g, "extends.%s.service is required", service);
        return -1;
    }
    ret->file_node = node_get(n, "file");
    ret->file = node_text(ret->file_node);
    if (!ret->file_node || ret->file || ret->file_node->kind == NODE_NULL)
        return 0;
    fail(s, service, ret->file_node, "file must be a string");
    return -1;
}

static void not_found(struct scope *s, const char *service, const struct target *t,
                      const struct scope *other)
{
    struct nearest near = nearest_to(t->service);
    AUTO_TEXT msg = {0};
    struct diag *g;

    str_addf(&msg, "cannot extend service '%s': service '%s' not found in %s", service, t->service,
             other->label);
    g = fail(s, service, t->node, str_text(&msg));
    diag_compat(g, "cannot extend service \"%s\" in %s: service \"%s\" not found%s%s", service,
                s->file, t->service, t->file ? " in " : "", t->file ? t->file : "");
    for (size_t i = 0; !g->dropped && i < other->services->map.len; i++)
        if (!nearest_look(&near, other->services->map.pairs[i].key))
            break;
    if (near.found)
        diag_hint(g, "did you mean '%s'?", near.found);
}

/* From the outside in, the cycle's closing link last. */
static void add_chain(const struct link *link, struct str *msg, struct str *docker)
{
    if (link->up)
        add_chain(link->up, msg, docker);
    str_addf(msg, "%s'%s' in %s", link->up ? " extends " : "", link->service, link->scope->label);
    str_addf(docker, "\n  %s%s in %s", link->up ? "extends " : "", link->service,
             link->scope->file);
}

static int check_cycle(const struct link *link, const struct node *at)
{
    AUTO_TEXT chain = {0};
    AUTO_TEXT docker = {0};
    AUTO_TEXT msg = {0};
    struct diag *g;

    for (const struct link *up = link->up; up; up = up->up) {
        if (up->scope->services != link->scope->services || strcmp(up->service, link->service) != 0)
            continue;
        add_chain(link, &chain, &docker);
        str_addf(&msg, "Circular reference: %s", str_text(&chain));
        g = fail(link->scope, link->up->service, at, str_text(&msg));
        diag_compat(g, "Circular reference:%s", str_text(&docker));
        return -1;
    }
    if (link->depth <= MAX_CHAIN)
        return 0;
    fail(link->scope, link->service, at, "services extend one another more than 500 deep");
    return -1;
}

static struct node *extend(const struct link *link, struct scope *s);

/* The service that is extended, complete, and the record that says so; NULL when there is none, or
 * after reporting. */
static struct node *find_base(const struct link *link, struct scope *s, const struct node *extends,
                              struct origin *ret)
{
    struct target t;
    struct scope *other;
    struct link down;

    if (parse_target(s, link->service, extends, &t) < 0)
        return NULL;
    other = target_scope(s, link->service, &t);
    if (!other)
        return NULL;
    if (!node_pair_get(other->services, t.service)) {
        not_found(s, link->service, &t, other);
        return NULL;
    }
    down =
        (struct link){.up = link, .scope = other, .service = t.service, .depth = link->depth + 1};
    if (check_cycle(&down, t.node) < 0)
        return NULL;
    *ret = (struct origin){.rule = ORIGIN_EXTENDS, .loc = t.node->loc};
    origin_text(ret, t.service);
    ret->file = t.file ? other->label : NULL;
    return extend(&down, other);
}

static void too_large(const struct scope *s, const char *service, const struct node *at)
{
    AUTO_TEXT path = {0};

    str_addf(&path, "services.%s.extends", service);
    diags_too_large(s->load->diags, at->loc, str_text(&path), "what it extends");
}

/* Replaces the service by what it comes to. One in a cycle, or whose base is missing or null,
 * stays. */
static struct node *extend(const struct link *link, struct scope *s)
{
    struct node_pair *pair = node_pair_get(s->services, link->service);
    struct node *service = pair->value;
    const struct node *extends = node_get(service, "extends");
    struct origin_stamp stamp = {.arena = s->load->arena};
    struct node *base, *merged;

    if (service->kind != NODE_MAP || !extends)
        return service->kind == NODE_MAP ? service : NULL;
    base = find_base(link, s, extends, &stamp.record);
    if (!base) {
        node_remove(service, "extends"); /* once reported is enough */
        return NULL;
    }
    if (arena_is_over(s->load->arena)) {
        too_large(s, link->service, extends);
        return NULL;
    }
    base = node_copy(s->load->arena, base);
    base->loc = service->loc;
    origin_mark_all(&stamp, base);
    tags_apply(s->tags, base, link->service);
    merged = schema_merge_service(&s->load->schema, link->service, base, service);
    if (merged) {
        node_remove(merged, "extends");
        pair->value = merged;
    }
    return merged;
}

int stage_extends(struct load *l, const char *file, const struct tag_paths *tags, struct node *doc)
{
    struct scope s = {.load = l, .file = file, .label = file_label(l, file), .tags = tags};
    size_t before = diags_count(l->diags);

    s.services = node_get(doc, "services");
    for (size_t i = 0; node_is(s.services, NODE_MAP) && i < s.services->map.len; i++) {
        struct link link = {.scope = &s, .service = s.services->map.pairs[i].key};

        extend(&link, &s);
    }
    return diags_count(l->diags) > before && diags_has_errors(l->diags) ? -1 : 0;
}
