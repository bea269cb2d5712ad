/* core/load/load.c: the stages in their order. */
#include "core/load/load.h"

#include "core/base/arena.h"
#include "core/base/diags.h"
#include "core/base/log.h"
#include "core/base/map.h"
#include "core/base/str.h"
#include "core/load/env.h"
#include "core/load/inputs.h"
#include "core/load/stages.h"
#include "core/model/model.h"
#include "core/schema/passes.h"
#include "core/yaml/node.h"
#include "core/yaml/origin.h"
#include "core/yaml/parse.h"

#include <string.h>

/* Tree in, tree out. `off` says whether the command line switches the stage off. */
struct tree_stage {
    const char *name;
    int (*run)(struct load *l, struct node *model);
    bool (*off)(const struct load_options *o);
};

static bool is_raw_paths(const struct load_options *o)
{
    return o->no_path_resolution;
}

static bool is_not_normalized(const struct load_options *o)
{
    return o->no_normalize;
}

/* After "parse", "interpolate" and "merge", which files.c does document by document. */
static const struct tree_stage tree_stages[] = {
    {"defaults", stage_defaults, NULL},
    {"check", stage_check, NULL},
    {"paths", stage_paths, is_raw_paths},
    {"environment", stage_environment, NULL},
    {"normalize", stage_normalize, is_not_normalized},
};

/* Model in, model out. */
struct model_stage {
    const char *name;
    int (*run)(struct load *l, struct project *p);
    bool (*off)(const struct load_options *o);
};

static bool is_inconsistent(const struct load_options *o)
{
    return o->no_consistency;
}

static const struct model_stage model_stages[] = {
    {"profiles", stage_profiles, NULL}, {"consistency", stage_consistency, is_inconsistent},
    {"enable", stage_enable, NULL},     {"env-files", stage_env_files, NULL},
    {"select", stage_select, NULL},
};

#define NO_FILES "no configuration file provided: not found"

/* ---- setting up ---- */

static int start(struct load *l, struct map *file_cache)
{
    arena_limit(l->arena, LOAD_MEMORY);
    diags_set_strict(l->diags, l->opts->strict);
    l->cwd = arena_strdup(l->arena, l->opts->cwd);
    l->file_cache = file_cache;
    if (load_inputs(l) < 0)
        return -1;
    l->root_env = l->env;
    l->top_dir = l->dir;
    l->schema.arena = l->arena;
    l->schema.diags = l->diags;
    l->schema.dir = l->dir;
    l->schema.home = env_get(l->env, "HOME");
    l->schema.keep_unresolved = l->opts->no_interpolate;
    return 0;
}

/* ---- trees ---- */

static void set_name(struct load *l, struct node *model)
{
    const struct node_pair *pair = node_pair_get(model, "name");
    struct loc loc = pair ? pair->loc : model->loc;
    struct node *n;

    if (pair && str_eq(node_text(pair->value), l->name))
        return;
    if (l->opts->no_interpolate && l->opts->no_normalize) /* as it is written, or not */
        return;
    n = node_string(l->arena, loc, l->name);
    n->implied = true;
    if (pair)
        origin_replace(l->arena, n, pair->value);
    node_set(l->arena, model, "name", loc, n);
}

/* May more be found in what there is? Not when files, or services from elsewhere, are missing: half
 * of the names would be unknown. */
static bool is_complete(const struct load *l)
{
    if (diags_is_too_large(l->diags))
        return false;
    for (size_t i = 0; i < diags_count(l->diags); i++) {
        const struct diag *g = diags_at(l->diags, i);

        if (g->severity == SEVERITY_ERROR &&
            (!g->path || str_has_prefix(g->path, "include") || strstr(g->path, ".extends")))
            return false;
    }
    return true;
}

/* Also of files with errors in them, when there is more to find. */
static struct node *merged_tree(struct load *l)
{
    struct node *model = load_set(l);

    if (diags_is_broken(l->diags)) {
        if (!model || !is_complete(l))
            return NULL;
        diags_set_doubtful(l->diags);
    }
    if (!model || node_len(model) == 0) {
        diags_error(l->diags, loc_file(file_label(l, l->files.items[0])), NULL,
                    "empty compose file");
        return NULL;
    }
    set_name(l, model);
    return model;
}

/* All of them run, so that one run shows what any of them finds. Until `last`; NULL: to the end. */
static void run_tree_stages(struct load *l, struct node *model, const char *last)
{
    for (size_t i = 0; i < ARRAY_LEN(tree_stages) && !diags_is_too_large(l->diags); i++) {
        const struct tree_stage *s = &tree_stages[i];

        diags_next_pass(l->diags);
        if (!s->off || !s->off(l->opts)) {
            log_debug("load", "stage %s", s->name);
            s->run(l, model);
        }
        if (last && strcmp(s->name, last) == 0)
            break;
    }
    if (diags_is_broken(l->diags))
        diags_set_doubtful(l->diags);
}

/* The first document of the first file, as it is or interpolated. */
static struct node *first_document(struct load *l, bool interpolated)
{
    struct yaml_docs docs = {0};

    if (load_documents(l, l->files.items[0], &docs) < 0 || docs.len == 0)
        return NULL;
    if (interpolated && stage_interpolate(l, docs.items[0]) < 0)
        return NULL;
    return docs.items[0];
}

struct node *load_tree(const struct load_options *o, const char *stage, struct diags *diags,
                       struct arena *a)
{
    struct load l = {.arena = a, .diags = diags, .opts = o};
    struct map file_cache = {0};
    struct node *model = NULL;

    if (start(&l, &file_cache) < 0) {
        /* reported */
    } else if (strcmp(stage, "parse") == 0 || strcmp(stage, "interpolate") == 0) {
        model = first_document(&l, strcmp(stage, "interpolate") == 0);
    } else {
        model = merged_tree(&l);
        if (model && strcmp(stage, "merge") != 0)
            run_tree_stages(&l, model, stage);
        if (diags_has_errors(diags))
            model = NULL;
    }
    map_done(&file_cache);
    return model;
}

/* ---- projects ---- */

static void run_model_stages(struct load *l, struct project *p)
{
    for (size_t i = 0; i < ARRAY_LEN(model_stages); i++) {
        const struct model_stage *s = &model_stages[i];

        if (s->off && s->off(l->opts))
            continue;
        log_debug("load", "stage %s", s->name);
        s->run(l, p);
    }
}

static struct project *load_model(struct load *l)
{
    struct node *model = merged_tree(l);
    struct project *p;

    if (!model)
        return NULL;
    run_tree_stages(l, model, NULL);
    log_debug("load", "stage decode");
    schema_warn_unsupported(&l->schema, model);
    if (l->opts->strict)
        schema_warn_no_effect(&l->schema, model);
    p = stage_decode(l, model);
    if (diags_is_broken(l->diags))
        diags_set_doubtful(l->diags);
    if (!diags_is_too_large(l->diags)) /* else half of the names are missing */
        run_model_stages(l, p);
    return diags_has_errors(l->diags) ? NULL : p;
}

struct project *load_project(const struct load_options *o, struct diags *diags)
{
    struct arena *a = arena_new();
    struct load l = {.arena = a, .diags = diags, .opts = o};
    struct map file_cache = {0};
    struct project *p = NULL;

    if (start(&l, &file_cache) == 0)
        p = load_model(&l);
    map_done(&file_cache);
    if (!p)
        arena_free(a);
    return p;
}

void load_warn_no_effect(const struct project *p, struct diags *diags)
{
    struct schema_ctx cx = {.arena = p->arena, .diags = diags};

    if (p->root)
        schema_warn_no_effect(&cx, (struct node *)p->root); /* which it only reads */
}

/* Whether looking for the files failed because there is none. */
static bool found_none(const struct load *l)
{
    for (size_t i = 0; i < diags_count(l->diags); i++)
        if (str_has_prefix(diags_at(l->diags, i)->msg, NO_FILES))
            return true;
    return false;
}

/* -p or COMPOSE_PROJECT_NAME; env files may set the latter. */
static const char *name_without_files(struct load *l)
{
    l->cwd = l->opts->cwd;
    l->dir = inputs_directory(l);
    l->env = l->root_env = env_new(l->arena);
    if (inputs_environ(l) < 0 || inputs_env_files(l, l->dir) < 0)
        return NULL;
    if (str_empty(l->opts->project_name) && str_empty(env_get(l->env, "COMPOSE_PROJECT_NAME"))) {
        diags_error(l->diags, loc_none(), NULL, NO_FILES);
        return NULL;
    }
    return inputs_name(l) < 0 ? NULL : l->name;
}

bool load_has_files(const struct load_options *o)
{
    struct load l = {.arena = arena_new(), .diags = diags_new(), .opts = o};
    struct map file_cache = {0};
    bool ret = start(&l, &file_cache) == 0 ||
               !found_none(&l); /* other failures are load_project's to report */

    map_done(&file_cache);
    diags_free(l.diags);
    arena_free(l.arena);
    return ret;
}

const char *load_project_name(struct arena *a, const struct load_options *o, struct diags *diags)
{
    struct load l = {.arena = a, .diags = diags, .opts = o};
    struct map file_cache = {0};
    const char *name = NULL;

    if (load_has_files(o)) {
        if (start(&l, &file_cache) == 0)
            name = l.name;
    } else {
        name = name_without_files(&l);
    }
    map_done(&file_cache);
    return arena_strdup(a, name);
}
