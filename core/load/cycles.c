/* core/load/cycles.c: services that wait for each other.
 *
 * Depth first, in the order of names. A dependency on a service that is still being visited closes
 * a cycle; the path from there is on the stack. */
#include "core/load/consistency.h"

#include "core/base/diags.h"
#include "core/base/mem.h"
#include "core/base/str.h"
#include "core/load/stages.h"
#include "core/model/model.h"
#include "core/yaml/node.h"

#include <stdlib.h>
#include <string.h>

enum color { UNSEEN, OPEN, DONE };

struct step {
    size_t service, next; /* next: the dependency to look at */
};

struct visit {
    struct load *l;
    const struct project *p;
    enum color *colors;
    struct step *stack; /* no deeper than there are services */
    size_t depth;
};

/* The index of an enabled service; p->services.len when there is none. */
static size_t find_service(const struct project *p, const char *name)
{
    size_t low = 0, high = p->services.len;

    while (low < high) {
        size_t mid = low + (high - low) / 2;
        int order = strcmp(p->services.items[mid]->item.key, name);

        if (order == 0)
            return p->services.items[mid]->disabled ? p->services.len : mid;
        if (order < 0)
            low = mid + 1;
        else
            high = mid;
    }
    return p->services.len;
}

static const char *name_of(const struct visit *v, size_t service)
{
    return v->p->services.items[service]->item.key;
}

static void report_cycle(struct visit *v, size_t target)
{
    const struct service *last = v->p->services.items[v->stack[v->depth - 1].service];
    const char *name = name_of(v, target);
    const struct node_pair *pair = node_pair_get(node_get(last->item.node, "depends_on"), name);
    AUTO_TEXT path = {0};
    AUTO_TEXT at = {0};
    size_t from = 0;

    while (v->stack[from].service != target)
        from++;
    for (size_t i = from; i < v->depth; i++)
        str_addf(&path, "%s -> ", name_of(v, v->stack[i].service));
    str_add(&path, name);
    str_addf(&at, "services.%s.depends_on", last->item.key);
    diags_error(v->l->diags, pair ? pair->loc : loc_none(), str_text(&at),
                "dependency cycle detected: %s", str_text(&path));
}

static void push(struct visit *v, size_t service)
{
    v->colors[service] = OPEN;
    v->stack[v->depth++] = (struct step){.service = service};
}

static void visit_from(struct visit *v, size_t root)
{
    push(v, root);
    while (v->depth > 0) {
        struct step *top = &v->stack[v->depth - 1];
        const struct service *s = v->p->services.items[top->service];
        size_t target;

        if (top->next == s->depends_on.len) {
            v->colors[top->service] = DONE;
            v->depth--;
            continue;
        }
        target = find_service(v->p, s->depends_on.items[top->next++]->item.key);
        if (target == v->p->services.len)
            continue;
        if (v->colors[target] == UNSEEN)
            push(v, target);
        else if (v->colors[target] == OPEN)
            report_cycle(v, target);
    }
}

void check_cycles(struct load *l, const struct project *p)
{
    struct visit v = {
        .l = l,
        .p = p,
        .colors = mem_calloc(p->services.len + 1, sizeof *v.colors),
        .stack = mem_calloc(p->services.len + 1, sizeof *v.stack),
    };

    for (size_t i = 0; i < p->services.len; i++)
        if (v.colors[i] == UNSEEN && !p->services.items[i]->disabled)
            visit_from(&v, i);
    free(v.colors);
    free(v.stack);
}
