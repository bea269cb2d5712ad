/* cmd/config.c: the model as it was understood, or one list out of it. */
#include "cmd/app.h"
#include "cmd/command.h"
#include "cmd/config_variables.h"
#include "core/base/arena.h"
#include "core/base/diags.h"
#include "core/base/err.h"
#include "core/base/str.h"
#include "core/base/vec.h"
#include "core/load/env.h"
#include "core/plan/reconcile.h" /* image_of */
#include "core/render/render.h"
#include "core/yaml/node.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

struct config_args {
    const char *format, *hash, *output;
    bool quiet, services, images, volumes, networks, models, profiles, variables, environment;
    bool no_interpolate, no_normalize, no_path_resolution, no_consistency, no_env_resolution;
    bool resolve_digests, lock_digests;
};

/* clang-format off */
static const struct opt config_opts[] = {
    OPT_FLAG(0, "environment", struct config_args, environment, "Print the variables interpolation sees"),
    OPT_STRING(0, "format", struct config_args, format, "string", "Format of the output (yaml, json)"),
    OPT_STRING(0, "hash", struct config_args, hash, "string", "Print the hashes of these services, '*' for all"),
    OPT_FLAG(0, "images", struct config_args, images, "Print the names of the images"),
    OPT_FLAG(0, "lock-image-digests", struct config_args, lock_digests, "Print a file that pins images to digests"),
    OPT_FLAG(0, "models", struct config_args, models, "Print the names of the models"),
    OPT_FLAG(0, "networks", struct config_args, networks, "Print the names of the networks"),
    OPT_FLAG(0, "no-consistency", struct config_args, no_consistency, "Leave out the checks of what belongs together"),
    OPT_FLAG(0, "no-env-resolution", struct config_args, no_env_resolution, "Leave env_file unread"),
    OPT_FLAG(0, "no-interpolate", struct config_args, no_interpolate, "Leave variables as they are written"),
    OPT_FLAG(0, "no-normalize", struct config_args, no_normalize, "Leave out names and defaults that follow from others"),
    OPT_FLAG(0, "no-path-resolution", struct config_args, no_path_resolution, "Leave paths as they are written"),
    OPT_STRING('o', "output", struct config_args, output, "string", "Write to this file"),
    OPT_FLAG(0, "profiles", struct config_args, profiles, "Print the names of the profiles"),
    OPT_FLAG('q', "quiet", struct config_args, quiet, "Check only, print nothing"),
    OPT_FLAG(0, "resolve-image-digests", struct config_args, resolve_digests, "Pin images to digests"),
    OPT_FLAG(0, "services", struct config_args, services, "Print the names of the services"),
    OPT_FLAG(0, "variables", struct config_args, variables, "Print the variables the files use"),
    OPT_FLAG(0, "volumes", struct config_args, volumes, "Print the names of the volumes"),
    OPT_END,
};
/* clang-format on */

struct config {
    struct app *app;
    const struct config_args *args;
    struct str out;
    FILE *file; /* of --output, from when there is something to write; NULL: stdout */
    struct err err;
};

static int unsupported(struct config *c, const char *option)
{
    return err_set(&c->err, ERR_UNSUPPORTED, loc_none(), "%s is not supported yet", option);
}

/* ---- writing ---- */

enum { PIECE = 64 * 1024 }; /* of a large model's text, written at once */

static int file_failed(struct config *c)
{
    return err_set(&c->err, ERR_IO, loc_none(), "open %s: %s", c->args->output, strerror(errno));
}

/* What is rendered may go to a file, lists do not. */
static int open_output(struct config *c)
{
    if (str_empty(c->args->output))
        return 0;
    c->file = fopen(c->args->output, "we");
    return c->file ? 0 : file_failed(c);
}

static void write_piece(struct config *c)
{
    if (c->file)
        fwrite(str_text(&c->out), 1, c->out.len, c->file);
    else
        app_out(str_text(&c->out), c->out.len);
    str_clear(&c->out);
}

static void drain(void *owner, struct str *out)
{
    if (out->len >= PIECE)
        write_piece(owner);
}

static int print(struct config *c)
{
    if (c->args->quiet)
        return 0;
    write_piece(c);
    return c->file && (fflush(c->file) != 0 || ferror(c->file)) ? file_failed(c) : 0;
}

/* ---- lists ---- */

static int by_text(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

typedef VEC(const char *) names;

static void sort_names(names *list)
{
    if (list->len)
        qsort(list->items, list->len, sizeof *list->items, by_text);
}

static void print_names(struct config *c, names *list)
{
    for (size_t i = 0; i < list->len; i++)
        str_addf(&c->out, "%s\n", list->items[i]);
    vec_done(list);
}

static bool has_name(const names *list, const char *name)
{
    for (size_t i = 0; i < list->len; i++)
        if (str_eq(list->items[i], name))
            return true;
    return false;
}

static void enabled_services(const struct project *p, names *ret)
{
    for (size_t i = 0; i < p->services.len; i++)
        if (!p->services.items[i]->disabled)
            vec_push(ret, p->services.items[i]->item.key);
    sort_names(ret);
}

/* A service comes after what it depends on. */
static void add_with_dependencies(const struct project *p, const char *name, names *ret)
{
    const struct service *s = project_service(p, name);
    names deps = {0};

    if (!s || s->disabled || has_name(ret, name))
        return;
    for (size_t i = 0; i < s->depends_on.len; i++)
        vec_push(&deps, s->depends_on.items[i]->item.key);
    sort_names(&deps);
    for (size_t i = 0; i < deps.len; i++)
        add_with_dependencies(p, deps.items[i], ret);
    vec_done(&deps);
    if (!has_name(ret, name))
        vec_push(ret, name);
}

static int list_services(struct config *c)
{
    names sorted = {0}, ordered = {0};

    enabled_services(c->app->project, &sorted);
    for (size_t i = 0; i < sorted.len; i++)
        add_with_dependencies(c->app->project, sorted.items[i], &ordered);
    vec_done(&sorted);
    print_names(c, &ordered);
    return 0;
}

static int list_volumes(struct config *c)
{
    const struct project *p = c->app->project;
    names list = {0};

    for (size_t i = 0; i < p->volumes.len; i++)
        vec_push(&list, p->volumes.items[i]->item.key);
    sort_names(&list);
    print_names(c, &list);
    return 0;
}

static int list_networks(struct config *c)
{
    const struct project *p = c->app->project;
    names list = {0};

    for (size_t i = 0; i < p->networks.len; i++)
        vec_push(&list, p->networks.items[i]->item.key);
    sort_names(&list);
    print_names(c, &list);
    return 0;
}

static int list_models(struct config *c)
{
    const struct project *p = c->app->project;
    names list = {0};

    for (size_t i = 0; i < p->models.len; i++)
        if (p->models.items[i]->model)
            vec_push(&list, p->models.items[i]->model);
    sort_names(&list);
    print_names(c, &list);
    return 0;
}

static int list_profiles(struct config *c)
{
    const struct project *p = c->app->project;
    names list = {0};

    for (size_t i = 0; i < p->services.len; i++) {
        const struct strings *profiles = &p->services.items[i]->profiles;

        for (size_t k = 0; k < profiles->len; k++)
            if (!has_name(&list, profiles->items[k]))
                vec_push(&list, profiles->items[k]);
    }
    sort_names(&list);
    print_names(c, &list);
    return 0;
}

static int list_images(struct config *c)
{
    const struct project *p = c->app->project;
    names services = {0};

    enabled_services(p, &services);
    for (size_t i = 0; i < services.len; i++)
        str_addf(&c->out, "%s\n",
                 image_of(c->app->arena, p, project_service(p, services.items[i])));
    vec_done(&services);
    return 0;
}

static void chosen_services(struct config *c, names *ret)
{
    const char *word = c->args->hash;

    if (str_eq(word, "*")) {
        enabled_services(c->app->project, ret);
        return;
    }
    while (*word) {
        size_t len = strcspn(word, ",");

        vec_push(ret, arena_strndup(c->app->arena, word, len));
        word += len + (word[len] == ',');
    }
    sort_names(ret);
}

static int list_hashes(struct config *c)
{
    names services = {0};
    int status = 0;

    chosen_services(c, &services);
    for (size_t i = 0; i < services.len && status == 0; i++) {
        const struct service *s = project_service(c->app->project, services.items[i]);
        char hash[65];

        if (!s || s->disabled) {
            status = err_set(&c->err, ERR_NOT_FOUND, loc_none(), "no such service: %s: not found",
                             services.items[i]);
            break;
        }
        hash_service_config(c->app->project, s, hash);
        str_addf(&c->out, "%s %s\n", services.items[i], hash);
    }
    vec_done(&services);
    return status;
}

static int list_environment(struct config *c)
{
    const struct env *env = c->app->project->env;
    names list = {0};

    for (size_t i = 0; i < env_count(env); i++) {
        const struct variable *v = env_at(env, i);

        vec_push(&list, arena_printf(c->app->arena, "%s=%s", v->name, v->value));
    }
    sort_names(&list);
    print_names(c, &list);
    return 0;
}

/* ---- what the files say, before interpolation ---- */

static struct node *raw_tree(struct config *c)
{
    struct load_options o = c->app->load;
    struct node *tree;

    o.no_interpolate = true;
    tree = load_tree(&o, "normalize", c->app->diags, c->app->arena);
    if (app_print_diags(c->app) < 0 || !tree) {
        app_finish(c->app, 1);
        return NULL;
    }
    return tree;
}

static int check_format(struct config *c)
{
    const char *f = c->args->format;

    if (f && !str_eq(f, "yaml") && !str_eq(f, "json"))
        return err_set(&c->err, ERR_USAGE, loc_none(), "unsupported format \"%s\"", f);
    return 0;
}

static int render_raw(struct config *c, const struct node *tree)
{
    if (check_format(c) < 0)
        return -1;
    if (!c->args->quiet && open_output(c) < 0)
        return -1;
    if (str_eq(c->args->format, "json"))
        render_tree_json(tree, &c->out);
    else
        render_tree_yaml(tree, &c->out);
    return 0;
}

/* The keys of one of the tree's maps. */
static int list_raw(struct config *c, const struct node *tree, const char *key)
{
    const struct node_pair *pair = node_pair_get(tree, key);
    names list = {0};

    for (size_t i = 0; pair && pair->value->kind == NODE_MAP && i < pair->value->map.len; i++)
        vec_push(&list, pair->value->map.pairs[i].key);
    sort_names(&list);
    print_names(c, &list);
    return 0;
}

/* ---- the command ---- */

static int render(struct config *c)
{
    if (check_format(c) < 0)
        return -1;
    if (c->args->quiet)
        return 0;
    if (open_output(c) < 0)
        return -1;
    if (str_eq(c->args->format, "json"))
        render_json(c->app->project, &c->out, drain, c);
    else
        render_yaml(c->app->project, &c->out, drain, c);
    return 0;
}

/* docker compose's precedence when several lists are asked for. */
static int (*chosen_list(const struct config_args *a))(struct config *c)
{
    return a->services      ? list_services
           : a->volumes     ? list_volumes
           : a->networks    ? list_networks
           : a->models      ? list_models
           : a->hash        ? list_hashes
           : a->profiles    ? list_profiles
           : a->images      ? list_images
           : a->environment ? list_environment
                            : NULL;
}

static bool takes_services(const struct config_args *a)
{
    return !a->services && !a->volumes && !a->networks && !a->models && !a->hash;
}

/* 0: done; -1: err is set, or the app is finished already. */
static int with_tree(struct config *c)
{
    const struct config_args *a = c->args;
    bool variables = a->variables && !chosen_list(a);
    const char *key = a->services   ? "services"
                      : a->volumes  ? "volumes"
                      : a->networks ? "networks"
                                    : NULL;
    const struct node *tree;

    if (!variables && !key && chosen_list(a))
        return unsupported(c, "a list with --no-interpolate");
    tree = raw_tree(c);
    if (!tree)
        return -1;
    if (variables) {
        if (config_variables(c->app->arena, tree, a->format, &c->out, &c->err) < 0)
            return -1;
    } else if (key) {
        list_raw(c, tree, key);
    } else if (render_raw(c, tree) < 0) {
        return -1;
    }
    return print(c);
}

static int with_model(struct config *c, const struct strings *services)
{
    int (*list)(struct config * c) = chosen_list(c->args);

    if (app_load(c->app, takes_services(c->args) ? services : NULL) < 0)
        return -1;
    if ((list ? list : render)(c) < 0)
        return -1;
    return print(c);
}

static void config_run(struct app *app, void *args, const struct strings *services)
{
    struct config c = {.app = app, .args = args};
    const struct config_args *a = args;
    int status;

    app->load.no_interpolate = a->no_interpolate;
    app->load.no_normalize = a->no_normalize || app->root.compatibility;
    app->load.no_path_resolution = a->no_path_resolution;
    app->load.no_consistency = a->no_consistency;
    app->load.no_env_resolution = a->no_env_resolution;
    if (a->resolve_digests || a->lock_digests)
        status =
            unsupported(&c, a->lock_digests ? "--lock-image-digests" : "--resolve-image-digests");
    else if (a->no_interpolate || (a->variables && !chosen_list(a)))
        status = with_tree(&c);
    else
        status = with_model(&c, services);
    if (status < 0)
        app_fail(app, &c.err); /* nothing when the app is finished already */
    else
        app_finish(app, 0);
    if (c.file)
        fclose(c.file);
    str_done(&c.out);
    err_done(&c.err);
}

const struct command cmd_config = {
    .name = "config",
    .usage = "config [OPTIONS] [SERVICE...]",
    .summary = "Check the Compose files and print the model they make",
    .opts = config_opts,
    .args_size = sizeof(struct config_args),
    .run = config_run,
};
