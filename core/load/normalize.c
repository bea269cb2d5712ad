/* core/load/normalize.c: what a project means without saying it: the default
 * network, names, dependencies that follow from other attributes, variables that `environment`
 * passes on. */
#include "core/load/stages.h"

#include "core/base/arena.h"
#include "core/base/diags.h"
#include "core/base/path.h"
#include "core/base/str.h"
#include "core/load/env.h"
#include "core/yaml/node.h"

#include <string.h>

static struct node *implied(struct node *n)
{
    n->implied = true;
    return n;
}

/* ---- networks ---- */

/* A service that says nothing about networks is on the default one. */
static bool normalize_networks(struct load *l, struct node *service)
{
    struct node *networks = node_get(service, "networks");
    struct node *only;

    if (node_get(service, "provider") || node_get(service, "network_mode"))
        return node_get(networks, "default") || (networks && node_pair_get(networks, "default"));
    if (networks && node_len(networks) > 0)
        return node_is(networks, NODE_MAP) && node_pair_get(networks, "default");
    only = implied(node_new(l->arena, NODE_MAP, service->loc));
    node_set(l->arena, only, "default", service->loc,
             implied(node_new(l->arena, NODE_NULL, service->loc)));
    node_set(l->arena, service, "networks", service->loc, only);
    return true;
}

static void add_default_network(struct load *l, struct node *model)
{
    struct node *networks = node_get(model, "networks");

    if (!node_is(networks, NODE_MAP)) {
        networks = implied(node_new(l->arena, NODE_MAP, model->loc));
        node_set(l->arena, model, "networks", model->loc, networks);
    }
    if (!node_pair_get(networks, "default"))
        node_set(l->arena, networks, "default", model->loc,
                 implied(node_new(l->arena, NODE_NULL, model->loc)));
}

/* ---- environment and arguments ---- */

/* A name without a value takes the variable's. */
static const struct variable *look_up(const struct load *l, const char *name)
{
    return l->opts->no_interpolate ? NULL : env_find(l->env, name);
}

static struct node *variable_node(struct load *l, const struct node *at, const char *name)
{
    const struct variable *v = look_up(l, name);

    return v ? passed(l, at, name, v, v->value) : NULL;
}

/* "NAME" of a list becomes "NAME=value". */
static struct node *variable_item(struct load *l, struct node *item)
{
    const char *name = node_text(item);
    const struct variable *v = name && !strchr(name, '=') ? look_up(l, name) : NULL;

    return v ? passed(l, item, name, v, arena_printf(l->arena, "%s=%s", name, v->value)) : item;
}

static void resolve_variables(struct load *l, struct node *n)
{
    if (node_is(n, NODE_LIST))
        for (size_t i = 0; i < n->list.len; i++)
            n->list.items[i] = variable_item(l, n->list.items[i]);
    if (!node_is(n, NODE_MAP))
        return;
    for (size_t i = 0; i < n->map.len; i++) {
        struct node_pair *pair = &n->map.pairs[i];
        struct node *value = NULL;

        if (pair->value->kind == NODE_NULL)
            value = variable_node(l, pair->value, pair->key);
        if (value)
            pair->value = value;
    }
}

/* A build argument without a value does not exist. */
static void drop_unresolved(struct node *args)
{
    if (node_is(args, NODE_LIST)) {
        size_t kept = 0;

        for (size_t i = 0; i < args->list.len; i++) {
            const char *text = node_text(args->list.items[i]);

            if (!text || strchr(text, '='))
                args->list.items[kept++] = args->list.items[i];
        }
        args->list.len = kept;
        return;
    }
    if (!node_is(args, NODE_MAP))
        return;
    for (size_t i = args->map.len; i-- > 0;)
        if (args->map.pairs[i].value->kind == NODE_NULL)
            node_remove(args, args->map.pairs[i].key);
}

static void set_text(struct load *l, struct node *map, const char *key, const char *text)
{
    node_set(l->arena, map, key, map->loc, implied(node_string(l->arena, map->loc, text)));
}

static void normalize_build(struct load *l, struct node *build)
{
    struct node *args = node_get(build, "args");

    if (!node_is(build, NODE_MAP))
        return;
    if (!node_pair_get(build, "context"))
        set_text(l, build, "context", ".");
    if (!node_pair_get(build, "dockerfile") && !node_pair_get(build, "dockerfile_inline"))
        set_text(l, build, "dockerfile", "Dockerfile");
    resolve_variables(l, args);
    drop_unresolved(args);
}

/* ---- dependencies ---- */

static struct node *implied_dependency(struct load *l, struct loc loc, bool restart)
{
    struct node *n = implied(node_new(l->arena, NODE_MAP, loc));

    node_set(l->arena, n, "condition", loc, node_string(l->arena, loc, "service_started"));
    node_set(l->arena, n, "restart", loc, node_bool(l->arena, loc, restart));
    node_set(l->arena, n, "required", loc, node_bool(l->arena, loc, true));
    return n;
}

static void depend(struct load *l, struct node *service, const char *name, struct loc loc,
                   bool restart)
{
    struct node *depends_on = node_get(service, "depends_on");

    if (!node_is(depends_on, NODE_MAP)) {
        depends_on = implied(node_new(l->arena, NODE_MAP, loc));
        node_set(l->arena, service, "depends_on", loc, depends_on);
    }
    if (!node_pair_get(depends_on, name)) /* what is written stands */
        node_set(l->arena, depends_on, arena_strdup(l->arena, name), loc,
                 implied_dependency(l, loc, restart));
}

/* "service" or "service:alias"; with more parts docker compose takes the whole as a name. */
static void depend_on_links(struct load *l, struct node *service)
{
    const struct node *links = node_get(service, "links");

    for (size_t i = 0; node_is(links, NODE_LIST) && i < links->list.len; i++) {
        const struct node *link = links->list.items[i];
        const char *text = node_text(link);
        const char *colon = text ? strchr(text, ':') : NULL;

        if (!text)
            continue;
        if (colon && !strchr(colon + 1, ':'))
            text = arena_strndup(l->arena, text, (size_t)(colon - text));
        depend(l, service, text, link->loc, true);
    }
}

static void depend_on_namespaces(struct load *l, struct node *service)
{
    static const char *const attrs[] = {"network_mode", "ipc", "pid", "uts", "cgroup"};

    for (size_t i = 0; i < ARRAY_LEN(attrs); i++) {
        const struct node *n = node_get(service, attrs[i]);
        const char *text = node_text(n);

        if (text && str_has_prefix(text, "service:"))
            depend(l, service, text + strlen("service:"), n->loc, true);
    }
}

static void depend_on_volumes_from(struct load *l, struct node *service)
{
    const struct node *from = node_get(service, "volumes_from");

    for (size_t i = 0; node_is(from, NODE_LIST) && i < from->list.len; i++) {
        const struct node *n = from->list.items[i];
        const char *text = node_text(n);

        if (!text || str_has_prefix(text, "container:"))
            continue;
        depend(l, service, arena_strndup(l->arena, text, strcspn(text, ":")), n->loc, false);
    }
}

/* ---- the rest of a service ---- */

static void clean_targets(struct load *l, const struct node *volumes)
{
    for (size_t i = 0; node_is(volumes, NODE_LIST) && i < volumes->list.len; i++) {
        struct node_pair *target = node_pair_get(volumes->list.items[i], "target");

        if (target && node_text(target->value)) {
            char *clean = path_clean(l->arena, node_text(target->value));

            if (strcmp(clean, node_text(target->value)) != 0)
                target->value = node_string_of(l->arena, target->value, clean, strlen(clean));
        }
    }
}

static void inherit_image(struct load *l, const struct node *service)
{
    const struct node *hooks = node_get(service, "pre_start");
    const char *image = node_text(node_get(service, "image"));

    for (size_t i = 0; image && node_is(hooks, NODE_LIST) && i < hooks->list.len; i++)
        if (node_is(hooks->list.items[i], NODE_MAP) && !node_get(hooks->list.items[i], "image"))
            set_text(l, hooks->list.items[i], "image", image);
}

static void normalize_service(struct load *l, struct node *service)
{
    if (str_eq(node_text(node_get(service, "pull_policy")), "if_not_present"))
        set_text(l, service, "pull_policy", "missing");
    normalize_build(l, node_get(service, "build"));
    resolve_variables(l, node_get(service, "environment"));
    depend_on_links(l, service);
    depend_on_namespaces(l, service);
    depend_on_volumes_from(l, service);
    clean_targets(l, node_get(service, "volumes"));
    inherit_image(l, service);
}

/* ---- names of resources ---- */

static bool is_external(const struct node *resource)
{
    const struct node *external = node_get(resource, "external");

    if (node_is(external, NODE_MAP))
        return true;
    if (node_is(external, NODE_STRING))
        return str_eq(node_text(external), "true");
    return node_is(external, NODE_BOOL) && external->boolean;
}

static void name_resources(struct load *l, struct node *resources)
{
    for (size_t i = 0; node_is(resources, NODE_MAP) && i < resources->map.len; i++) {
        struct node_pair *pair = &resources->map.pairs[i];

        if (pair->value->kind == NODE_NULL) {
            bool made = pair->value->implied;

            pair->value = node_of(l->arena, pair->value, NODE_MAP);
            pair->value->loc = pair->loc;
            pair->value->implied = made;
        }
        if (pair->value->kind != NODE_MAP || !str_empty(node_text(node_get(pair->value, "name"))))
            continue;
        if (is_external(pair->value))
            set_text(l, pair->value, "name", pair->key);
        else
            set_text(l, pair->value, "name", arena_printf(l->arena, "%s_%s", l->name, pair->key));
    }
}

int stage_normalize(struct load *l, struct node *model)
{
    static const char *const named[] = {"networks", "volumes", "configs", "secrets"};
    struct node *services = node_get(model, "services");
    bool uses_default = false;

    if (node_is(services, NODE_MAP)) {
        for (size_t i = 0; i < services->map.len; i++) {
            struct node *service = services->map.pairs[i].value;

            if (service->kind != NODE_MAP)
                continue;
            uses_default |= normalize_networks(l, service);
            normalize_service(l, service);
        }
    }
    if (uses_default)
        add_default_network(l, model);
    for (size_t i = 0; i < ARRAY_LEN(named); i++)
        name_resources(l, node_get(model, named[i]));
    return 0;
}
