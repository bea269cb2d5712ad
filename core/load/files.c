/* core/load/files.c: the documents of all files of a set become one tree. */
#include "core/load/stages.h"

#include "core/base/arena.h"
#include "core/base/diags.h"
#include "core/base/str.h"
#include "core/load/env.h"
#include "core/load/interpolate.h"
#include "core/schema/passes.h"
#include "core/yaml/node.h"
#include "core/yaml/parse.h"

#include <string.h>

int stage_interpolate(struct load *l, struct node *doc)
{
    struct interpolation in = {.arena = l->arena, .diags = l->diags, .env = l->env};
    struct schema_ctx cx = l->schema;

    cx.keep_unresolved = interpolate_tree(&in, doc) < 0;
    return schema_cast(&cx, doc) < 0 || cx.keep_unresolved ? -1 : 0;
}

static void no_mapping(struct load *l, const char *file, const struct node *doc)
{
    struct loc loc = doc ? doc->loc : loc_file(file_label(l, file));
    struct diag *g = diags_error(l->diags, loc, NULL, "top-level object must be a mapping");

    if (!doc || doc->kind == NODE_NULL)
        diag_hint(g, "a '---' begins a document that has nothing in it");
    else
        diag_hint(g, "a Compose file begins with keys like 'services:'");
}

/* "" in dns comes from variables that are not set. */
static void drop_empty_dns(struct node *model)
{
    const struct node *services = node_get(model, "services");

    for (size_t i = 0; node_is(services, NODE_MAP) && i < services->map.len; i++) {
        struct node *dns = node_get(services->map.pairs[i].value, "dns");
        size_t kept = 0;

        if (!node_is(dns, NODE_LIST))
            continue;
        for (size_t k = 0; k < dns->list.len; k++) {
            const struct node *item = dns->list.items[k];

            if (item->kind != NODE_NULL && !str_eq(node_text(item), ""))
                dns->list.items[kept++] = dns->list.items[k];
        }
        dns->list.len = kept;
    }
}

static void drop_version(struct load *l, const char *file, struct node *model)
{
    const char *words = diags_is_strict(l->diags)
                            ? "the attribute `version` is obsolete"
                            : "the attribute `version` is obsolete, it will be ignored, please "
                              "remove it to avoid potential confusion";
    const struct node_pair *version = node_pair_get(model, "version");

    if (!version)
        return;
    diag_compat(diags_lax(l->diags, version->loc, NULL, "%s", words), "%s: %s", file, words);
    node_remove(model, "version");
}

/* What both documents of this set and those of files they extend go through first. */
static int read_document(struct load *l, const char *file, struct node *doc, struct tag_paths **ret)
{
    *ret = NULL;
    if (!doc || doc->kind != NODE_MAP) {
        no_mapping(l, file, doc);
        return -1;
    }
    *ret = tags_collect(l, doc);
    if (!l->opts->no_interpolate)
        stage_interpolate(l, doc);
    return 0;
}

/* After an error the rest still runs, on what there is, to find what else is wrong. */
static struct node *merge_document(struct load *l, struct node *model, struct node *doc)
{
    struct node *merged = model ? schema_merge(&l->schema, model, doc) : doc;

    return merged ? merged : model;
}

static void make_canonical(struct load *l, struct node *model)
{
    schema_expand(&l->schema, model);
    drop_empty_dns(model);
    schema_unique(&l->schema, model);
}

/* Merging would not notice: null over a mapping keeps the mapping. */
static void check_services(struct load *l, const struct node *doc)
{
    const struct node_pair *services = node_pair_get(doc, "services");

    if (services && services->value->kind == NODE_NULL)
        diags_error(l->diags, services->loc, NULL, "services must be a mapping");
}

static struct node *touched_names(struct load *l, const struct node *map, const struct node *doc)
{
    struct node *view = node_new(l->arena, NODE_MAP, map->loc);

    for (size_t i = 0; i < doc->map.len; i++) {
        const struct node_pair *there = node_pair_get(map, doc->map.pairs[i].key);

        if (there)
            node_push(l->arena, view, there->key, there->loc, there->value);
    }
    return view;
}

/* What `doc` says something about, as it stands in the merged tree: of services and such only those
 * named. The passes between two documents look at no more: all else they have seen before, and with
 * many files that is most. The maps on top are copies; the values are the tree's own. */
static struct node *touched(struct load *l, struct node *model, const struct node *doc)
{
    struct node *view;

    if (model == doc)
        return model;
    view = node_new(l->arena, NODE_MAP, model->loc);
    for (size_t i = 0; i < doc->map.len; i++) {
        const struct node_pair *pair = &doc->map.pairs[i];
        const struct node_pair *there = node_pair_get(model, pair->key);
        const struct attr *row = attr_find(&project_table, pair->key);
        struct node *value = there ? there->value : NULL;

        if (!there)
            continue;
        if (row && row->kind == K_MAP && node_is(value, NODE_MAP) && node_is(pair->value, NODE_MAP))
            value = touched_names(l, value, pair->value);
        node_push(l->arena, view, pair->key, there->loc, value);
    }
    return view;
}

static struct node *add_document(struct load *l, const char *file, struct node *model,
                                 struct node *doc)
{
    struct tag_paths *tags;
    struct node *changed;

    if (read_document(l, file, doc, &tags) < 0)
        return model;
    stage_include(l, file, tags, doc);
    stage_extends(l, file, tags, doc);
    if (model) {
        tags_apply(tags, model, NULL);
        check_services(l, doc);
    }
    l->schema.file = file;
    model = merge_document(l, model, doc);
    changed = touched(l, model, doc);
    diags_next_pass(l->diags);
    schema_unique(&l->schema, changed);
    schema_validate(&l->schema, changed);
    drop_version(l, file, model);
    make_canonical(l, changed);
    return model;
}

struct node *load_set(struct load *l)
{
    struct node *model = NULL;

    for (size_t i = 0; i < l->files.len; i++) {
        const char *file = l->files.items[i];
        struct yaml_docs docs = {0};

        l->file = file;
        if (load_documents(l, file, &docs) < 0)
            continue;
        for (size_t k = 0; k < docs.len; k++)
            model = add_document(l, file, model, docs.items[k]);
    }
    return model;
}

struct node *load_foreign(struct load *l, const char *file, struct tag_paths **ret_tags)
{
    struct yaml_docs docs = {0};
    struct node *model = NULL;

    *ret_tags = NULL;
    if (load_documents(l, file, &docs) < 0)
        return NULL;
    for (size_t i = 0; i < docs.len; i++) {
        struct tag_paths *tags;

        if (read_document(l, file, docs.items[i], &tags) < 0)
            continue;
        if (model)
            tags_apply(tags, model, NULL);
        model = merge_document(l, model, docs.items[i]);
        schema_unique(&l->schema, model);
        make_canonical(l, model);
        *ret_tags = tags_join(*ret_tags, tags);
    }
    return model;
}
