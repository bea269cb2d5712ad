/* core/plan/providers.c: services that another program provides are asked for before anything is
 * compared: what they tell becomes part of the environment of those that depend on them. */
#include "core/plan/providers.h"

#include "core/base/arena.h"
#include "core/base/str.h"
#include "core/plan/labels.h" /* mapping_with */
#include "core/plan/order.h"
#include "core/plan/planner.h" /* node_words, item_loc */

#include <ctype.h>

struct plan_node *plan_provider(struct plan *p, const struct project *project,
                                const struct service *s, enum op_kind op)
{
    struct arena *a = plan_arena(p);
    struct provider_call *call = arena_alloc(a, sizeof *call);
    struct plan_node *n = plan_add(p, op, s->item.key, "provider");

    *call = (struct provider_call){
        .project = project->name,
        .command = op == OP_PROVIDER_UP ? "up" : "down",
        .service = s,
    };
    n->provider = call;
    n->target = s->item.key;
    n->service = s->item.key;
    n->loc = item_loc(&s->provider->item);
    n->failed = FAILED_WITH_MESSAGE;
    return n;
}

/* The nearest providers behind what `s` depends on. */
static void after_providers(struct plan *plan, struct plan_node *n, const struct project *p,
                            const struct service *s, size_t depth)
{
    for (size_t i = 0; depth && i < s->depends_on.len; i++) {
        const struct service *dep = project_service(p, s->depends_on.items[i]->item.key);
        bool found = false;

        for (size_t j = 0; dep && j < plan_len(plan); j++)
            if (plan_at(plan, j)->provider && plan_at(plan, j)->provider->service == dep) {
                plan_after(n, plan_at(plan, j));
                found = true;
            }
        if (dep && !found)
            after_providers(plan, n, p, dep, depth - 1);
    }
}

void plan_providers(struct plan *plan, const struct project *p)
{
    struct services order = plan_order(plan_arena(plan), p, false);

    for (size_t i = 0; i < order.len; i++) {
        struct plan_node *n;

        if (!order.items[i]->provider)
            continue;
        n = plan_provider(plan, p, order.items[i], OP_PROVIDER_UP);
        node_words(n, "Creating", "Created", FAILED_WITH_MESSAGE);
        after_providers(plan, n, p, order.items[i], order.len);
    }
}

void plan_provided(struct project *p, const char *service, const char *name, const char *value,
                   bool raw)
{
    AUTO_TEXT key = {0};

    for (const char *c = raw ? "" : service; *c; c++)
        str_addc(&key, (char)toupper((unsigned char)*c));
    str_addf(&key, "%s%s", raw ? "" : "_", name);
    for (size_t i = 0; i < p->services.len; i++) {
        struct service *s = p->services.items[i];

        if (service_dependency(s, service))
            s->environment =
                mapping_with(p->arena, &s->environment, arena_strdup(p->arena, str_text(&key)),
                             arena_strdup(p->arena, value));
    }
}

void plan_provided_to(const struct project *p, struct service *copy)
{
    const struct service *s = project_service(p, copy->item.key);

    for (size_t i = 0; i < s->environment.len; i++) {
        const struct mapping_entry *e = &s->environment.entries[i];

        if (!mapping_has(&copy->environment, e->key))
            copy->environment = mapping_with(p->arena, &copy->environment, e->key, e->value);
    }
}
