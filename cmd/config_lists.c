#include "cmd/config_lists.h"

#include "cmd/app.h"
#include "cmd/config_variables.h"
#include "core/base/arena.h"
#include "core/base/vec.h"
#include "core/load/env.h"
#include "core/plan/reconcile.h" /* image_of */
#include "core/render/render.h"
#include "core/yaml/node.h"

#include <stdlib.h>
#include <string.h>

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

/* All services, also those that are not enabled. */
static int list_raw_services(struct config *c)
{
    const struct node *services = node_get(c->tree, "services");
    names list = {0};

    for (size_t i = 0; node_is(services, NODE_MAP) && i < services->map.len; i++)
        vec_push(&list, services->map.pairs[i].key);
    sort_names(&list);
    print_names(c, &list);
    return 0;
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

/* Of a hook: not the service's, and not told for a hook before. */
static bool is_another_image(const struct service *s, size_t hook, const char *image)
{
    const char *ref = s->pre_start.items[hook]->image;

    for (size_t i = 0; i < hook; i++)
        if (str_eq(s->pre_start.items[i]->image, ref))
            return false;
    return !str_empty(ref) && !str_eq(ref, image);
}

static int list_images(struct config *c)
{
    const struct project *p = c->app->project;
    names services = {0};

    enabled_services(p, &services);
    for (size_t i = 0; i < services.len; i++) {
        const struct service *s = project_service(p, services.items[i]);
        const char *image = image_of(c->app->arena, p, s);

        str_addf(&c->out, "%s\n", image);
        for (size_t j = 0; j < s->pre_start.len; j++)
            if (is_another_image(s, j, image))
                str_addf(&c->out, "%s\n", s->pre_start.items[j]->image);
    }
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
    for (;; word++) { /* empty ones are names as well: of no service */
        size_t len = strcspn(word, ",");

        vec_push(ret, arena_strndup(c->app->arena, word, len));
        word += len;
        if (!*word)
            break;
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
            status = err_set(&c->err, ERR_NOT_FOUND, loc_none(), "no such service: %s: %s",
                             services.items[i], s ? "disabled" : "not found");
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

static int list_variables(struct config *c)
{
    return config_variables(c->app->arena, c->tree, c->args->format, &c->out, &c->err);
}

/* Some are of the whole project, whatever services are named. */
static const struct config_list services = {list_services, false, false};
static const struct config_list raw_services = {list_raw_services, true, false};
static const struct config_list volumes = {list_volumes, false, false};
static const struct config_list networks = {list_networks, false, false};
static const struct config_list models = {list_models, false, false};
static const struct config_list hashes = {list_hashes, false, false};
static const struct config_list profiles = {list_profiles, false, true};
static const struct config_list images = {list_images, false, true};
static const struct config_list variables = {list_variables, true, false};
static const struct config_list environment = {list_environment, false, true};

/* docker compose's precedence when several are asked for. */
const struct config_list *config_list(const struct config_args *a)
{
    return a->services           ? (a->no_interpolate ? &raw_services : &services)
           : a->volumes          ? &volumes
           : a->networks         ? &networks
           : a->models           ? &models
           : !str_empty(a->hash) ? &hashes
           : a->profiles         ? &profiles
           : a->images           ? &images
           : a->variables        ? &variables
           : a->environment      ? &environment
                                 : NULL;
}
