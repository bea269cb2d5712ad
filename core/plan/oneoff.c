/* core/plan/oneoff.c: the container of `run`. */
#include "core/plan/reconcile.h"

#include "core/base/arena.h"
#include "core/base/diags.h"
#include "core/base/digest.h"
#include "core/base/str.h"
#include "core/plan/create.h"
#include "core/plan/labels.h"
#include "core/plan/names.h"
#include "core/render/render.h"
#include "core/yaml/node.h"

#include <string.h>

struct seen {
    struct arena *arena;
    const struct observed *observed;
};

static void find_parent(void *owner, const char *service, const char **id, const char **made_name)
{
    const struct observed *o = ((const struct seen *)owner)->observed;
    const struct container *first = NULL;

    (void)made_name; /* dependencies are up already */
    for (size_t i = 0; i < o->containers.len; i++) {
        const struct container *c = o->containers.items[i];

        if (!c->oneoff && str_eq(c->service, service) &&
            (!first || strcmp(c->name, first->name) < 0))
            first = c;
    }
    *id = first ? first->id : NULL;
}

static struct strings containers_of(void *owner, const char *service)
{
    const struct seen *seen = owner;

    return observed_names(seen->arena, seen->observed, service);
}

struct container_create *plan_one_off(struct arena *a, const struct project *p,
                                      const struct observed *o, const struct service *s,
                                      const struct one_off_options *opts, struct diags *diags)
{
    struct container_create *c = arena_alloc(a, sizeof *c);
    struct seen seen = {.arena = a, .observed = o};
    struct parents parents = parents_of(a, s, find_parent, &seen);
    const struct image_state *image;
    char hash[SHA256_HEX_SIZE];
    struct label_facts facts = {.slug = opts->slug, .hash = hash};

    if (parents.missing && !opts->foreseen) {
        const struct node *at = node_get(s->item.node, parents.missing_at);

        diags_error(diags, at ? at->loc : loc_none(),
                    arena_printf(a, "services.%s.%s", s->item.key, parents.missing_at),
                    PARENT_MISSING, parents.missing_what, parents.missing);
        return NULL;
    }
    if (plan_mounted_files(a, p, s, diags) < 0)
        return NULL;
    c->project = p;
    c->service = s;
    c->name = opts->name;
    c->image = image_of(a, p, s);
    c->platform = platform_of(p, s);
    c->refs = parents.refs;
    c->oneoff = true;
    image = image_find(o, c->image);
    facts.image_id = image ? image->id : NULL;
    hash_service(s, &parents.refs, HASH_V2, hash);
    c->labels = container_labels(a, p, s, &facts);
    c->links = links_of(a, p, s, 0, containers_of, &seen);
    endpoints_of(a, p, s, opts->name, opts->use_aliases, c);
    return c;
}
