#include "core/plan/models.h"

#include "core/base/arena.h"
#include "core/base/str.h"
#include "core/plan/labels.h"  /* mapping_with */
#include "core/plan/planner.h" /* node_words, item_loc */

#include <ctype.h>
#include <inttypes.h>
#include <string.h>

static bool is_available(const struct model *m, const struct strings *available)
{
    for (size_t i = 0; i < available->len; i++)
        if (str_eq(available->items[i], m->model))
            return true;
    return false;
}

static struct plan_node *add(struct plan *p, enum op_kind op, const struct model *m)
{
    const char *name = str_empty(m->name) ? m->item.key : m->name;
    struct plan_node *n = plan_add(p, op, name, "model");

    n->target = m->model;
    n->loc = item_loc(&m->item);
    return n;
}

static void pull(struct plan_node *n, const struct model *m)
{
    n->arguments.items = arena_calloc(plan_arena(n->plan), 2, sizeof(char *));
    n->arguments.items[n->arguments.len++] = "pull";
    n->arguments.items[n->arguments.len++] = m->model;
    n->cause = "it is not there";
    node_words(n, "Pulling", "Pulled", FAILED_WITH_MESSAGE);
}

/* configure [--context-size N] MODEL [-- FLAG...] */
static void configure(struct plan_node *n, const struct model *m)
{
    struct arena *a = plan_arena(n->plan);
    struct strings *args = &n->arguments;

    args->items = arena_calloc(a, m->runtime_flags.len + 5, sizeof(char *));
    args->items[args->len++] = "configure";
    if (m->context_size > 0) {
        args->items[args->len++] = "--context-size";
        args->items[args->len++] = arena_printf(a, "%" PRId64, m->context_size);
    }
    args->items[args->len++] = m->model;
    if (m->runtime_flags.len)
        args->items[args->len++] = "--";
    for (size_t i = 0; i < m->runtime_flags.len; i++)
        args->items[args->len++] = m->runtime_flags.items[i];
    node_words(n, "Configuring", "Configured", FAILED_WITH_MESSAGE);
}

void plan_models(struct plan *p, const struct project *project, const struct strings *available)
{
    for (size_t i = 0; i < project->models.len; i++) {
        const struct model *m = project->models.items[i];
        struct plan_node *pulled = NULL, *configured;

        if (!is_available(m, available)) {
            pulled = add(p, OP_MODEL_PULL, m);
            pull(pulled, m);
        }
        configured = add(p, OP_MODEL_CONFIGURE, m);
        configure(configured, m);
        plan_after(configured, pulled);
    }
}

static const struct model *model_of(const struct project *p, const char *key)
{
    for (size_t i = 0; i < p->models.len; i++)
        if (str_eq(p->models.items[i]->item.key, key))
            return p->models.items[i];
    return NULL;
}

static const char *variable(struct arena *a, const char *named, const char *key, const char *suffix)
{
    char *name;

    if (!str_empty(named))
        return named;
    name = arena_printf(a, "%s%s", key, suffix);
    for (char *c = name; *c; c++)
        *c = *c == '-' ? '_' : (char)toupper((unsigned char)*c);
    return name;
}

void models_reached(struct project *p, const char *endpoint)
{
    for (size_t i = 0; i < p->services.len; i++) {
        struct service *s = p->services.items[i];

        for (size_t j = 0; j < s->models.len; j++) {
            const struct service_model *use = s->models.items[j];
            const struct model *m = model_of(p, use->item.key);

            if (!m)
                continue;
            s->environment =
                mapping_with(p->arena, &s->environment,
                             variable(p->arena, use->model_var, use->item.key, "_MODEL"), m->model);
            s->environment =
                mapping_with(p->arena, &s->environment,
                             variable(p->arena, use->endpoint_var, use->item.key, "_URL"),
                             arena_strdup(p->arena, endpoint));
        }
    }
}
