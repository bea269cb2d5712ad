/* core/load/environment.c: values a set of files takes from its own environment: `environment:
 * [NAME]`, and secrets and configs that come from a variable.
 *
 * Names without a value in map form wait for normalisation, which looks in the project's
 * environment: an included set sees variables of its own .env here only. With --no-interpolate no
 * others are looked up. */
#include "core/load/stages.h"

#include "core/base/arena.h"
#include "core/load/env.h"
#include "core/yaml/node.h"
#include "core/yaml/origin.h"

#include <string.h>

struct node *passed(struct load *l, const struct node *at, const char *name,
                    const struct variable *v, const char *text)
{
    struct node *n = node_string_of(l->arena, at, text, strlen(text));
    struct origin *o = origin_add(l->arena, &n->origin, ORIGIN_PASS, at->loc);

    origin_text(o, name);
    o->variable = v;
    n->quoted = true;
    n->secret = v->secret;
    return n;
}

/* Map form waits for normalisation; lists are still lists here (core/schema/passes.h). */
static struct node *resolve_name(struct load *l, struct node *item)
{
    const char *name = node_text(item);
    const struct variable *v = name && !strchr(name, '=') ? env_find(l->env, name) : NULL;

    if (!v || (l->opts->no_interpolate && !env_has_own(l->env, name)))
        return item;
    return passed(l, item, name, v, arena_printf(l->arena, "%s=%s", name, v->value));
}

static void resolve_names(struct load *l, struct node *environment)
{
    if (!node_is(environment, NODE_LIST))
        return;
    for (size_t i = 0; i < environment->list.len; i++)
        environment->list.items[i] = resolve_name(l, environment->list.items[i]);
}

/* Kept beside the name under a key of ours, which is neither checked nor printed. */
static void capture_values(struct load *l, struct node *sources)
{
    for (size_t i = 0; node_is(sources, NODE_MAP) && i < sources->map.len; i++) {
        struct node *source = sources->map.pairs[i].value;
        const struct node *name = node_get(source, "environment");
        const struct variable *v = node_text(name) ? env_find(l->env, node_text(name)) : NULL;
        struct node *captured;

        if (!v || node_get(source, VALUE_KEY))
            continue;
        captured = passed(l, name, node_text(name), v, v->value);
        captured->secret = true;
        captured->implied = true;
        node_set(l->arena, source, VALUE_KEY, name->loc, captured);
    }
}

int stage_environment(struct load *l, struct node *model)
{
    const struct node *services = node_get(model, "services");

    if (l->opts->no_interpolate && l->env == l->root_env)
        return 0;
    for (size_t i = 0; node_is(services, NODE_MAP) && i < services->map.len; i++)
        resolve_names(l, node_get(services->map.pairs[i].value, "environment"));
    if (l->opts->no_interpolate)
        return 0;
    capture_values(l, node_get(model, "secrets"));
    capture_values(l, node_get(model, "configs"));
    return 0;
}
