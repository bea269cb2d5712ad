/* core/plan/down.c: stops and removes what belongs to the project. */
#include "core/plan/reconcile.h"

#include "core/base/arena.h"
#include "core/base/diags.h"
#include "core/base/map.h"
#include "core/base/reference.h"
#include "core/base/str.h"
#include "core/plan/create.h"
#include "core/plan/hooks.h"
#include "core/plan/labels.h"
#include "core/plan/names.h"
#include "core/plan/order.h"
#include "core/plan/planner.h" /* plan_container, node_words, container_is_up */
#include "core/plan/providers.h"
#include "core/yaml/node.h"

#include <string.h>

struct removal {
    const char *service;
    const struct container *container; /* NULL: a provider did it */
    struct plan_node *node;
};

struct downer {
    struct arena *arena;
    const struct project *project;
    const struct observed *observed;
    const struct down_options *opts;
    struct diags *diags;
    struct plan *plan;
    struct services order; /* dependencies first */
    struct strings chosen; /* named ones and what depends on them; empty: all */
    struct removal *gone;
    size_t len;
};

static void after_users(struct downer *d, struct plan_node *n, const struct service *s)
{
    for (size_t i = 0; s && i < d->len; i++) {
        const struct service *user = project_service(d->project, d->gone[i].service);

        if (user && user != s && service_dependency(user, s->item.key))
            plan_after(n, d->gone[i].node);
    }
}

static void remove_provided(struct downer *d, const struct service *s)
{
    struct plan_node *n = plan_provider(d->plan, d->project, s, OP_PROVIDER_DOWN);

    node_words(n, "Removing", "Removed", FAILED_WITH_MESSAGE);
    after_users(d, n, s);
    d->gone[d->len++] = (struct removal){.service = s->item.key, .node = n};
}

static void remove_container(struct downer *d, const struct container *c, const struct service *s,
                             const char *cause)
{
    /* docker compose tells of stopping even what does not run; there is nothing to ask the
     * engine. */
    struct stop_nodes n = plan_stop_of(d->plan, s, c, cause, d->opts->timeout, true);
    struct plan_node *gone;

    after_users(d, n.first, s);
    gone = plan_container(d->plan, OP_CONTAINER_REMOVE, c->name, c, c->service, cause);
    gone->force = gone->tolerate_missing = true;
    gone->volumes = d->opts->volumes;
    node_words(gone, "Removing", "Removed", "Error while Removing");
    plan_after(gone, n.stop);
    d->gone[d->len++] = (struct removal){.service = c->service, .container = c, .node = gone};
}

static void remove_service(struct downer *d, const struct service *s)
{
    if (s->disabled || !service_asked(&d->chosen, s->item.key))
        return; /* services of inactive profiles are no orphans either */
    if (s->provider)
        remove_provided(d, s);
    for (size_t i = 0; i < d->observed->containers.len; i++) {
        const struct container *c = d->observed->containers.items[i];

        if (str_eq(c->service, s->item.key) && (!c->oneoff || d->opts->remove_orphans))
            remove_container(d, c, s, "down");
    }
}

static void remove_orphans(struct downer *d)
{
    for (size_t i = 0; d->opts->remove_orphans && i < d->observed->containers.len; i++) {
        const struct container *c = d->observed->containers.items[i];

        if (!project_service(d->project, c->service))
            remove_container(d, c, NULL, "no service of the project");
    }
}

static void remove_hooks(struct downer *d)
{
    for (size_t i = 0; i < d->observed->hooks.len; i++) {
        const struct container *c = d->observed->hooks.items[i];
        struct plan_node *gone;

        if (!service_asked(&d->chosen, c->service))
            continue;
        gone = plan_container(d->plan, OP_CONTAINER_REMOVE, c->name, c, c->service,
                              "left by a pre_start hook that failed");
        gone->force = gone->volumes = gone->tolerate_missing = gone->tolerate_failure = true;
        d->gone[d->len++] = (struct removal){.service = c->service, .container = c, .node = gone};
    }
}

/* ---- what is left when the containers are gone ---- */

static bool is_on(const struct container *c, const struct network_state *n)
{
    for (size_t i = 0; i < c->networks.len; i++)
        if (str_eq(c->networks.items[i]->network_id, n->id) ||
            str_eq(c->networks.items[i]->name, n->name))
            return true;
    return false;
}

static void after_attached(struct downer *d, struct plan_node *n, const struct network_state *state)
{
    for (size_t i = 0; i < d->len; i++) {
        const struct container *c = d->gone[i].container;

        if (!c || !c->networks.len || is_on(c, state))
            plan_after(n, d->gone[i].node);
    }
}

/* A container of the project that this down leaves: of a service not named, an orphan. */
static bool one_stays_on(const struct downer *d, const struct network_state *n)
{
    const struct containers *all = &d->observed->containers;

    for (size_t i = 0; i < all->len; i++) {
        bool goes = !is_on(all->items[i], n);

        for (size_t j = 0; j < d->len && !goes; j++)
            goes = d->gone[j].container == all->items[i];
        if (!goes)
            return true;
    }
    return false;
}

static void remove_networks(struct downer *d)
{
    for (size_t i = 0; i < d->observed->networks.len; i++) {
        const struct network_state *state = d->observed->networks.items[i];
        const struct network *model = project_network(d->project, state->key ? state->key : "");
        struct plan_node *n;

        if (!str_eq(state->project, d->project->name) || !model || model->external)
            continue;
        n = plan_add(d->plan, OP_NETWORK_REMOVE, arena_printf(d->arena, "Network %s", state->name),
                     "down");
        n->target = state->name;
        n->engine_id = state->id;
        n->tolerate_missing = n->tell_in_use = true;
        n->tolerate_in_use = one_stays_on(d, state); /* by what is not ours it is an error */
        node_words(n, "Removing", "Removed", "Error");
        after_attached(d, n, state);
    }
}

static void after_mounted(struct downer *d, struct plan_node *n, const char *volume)
{
    for (size_t i = 0; i < d->len; i++) {
        const struct container *c = d->gone[i].container;

        for (size_t j = 0; c && j < c->mounts.len; j++)
            if (str_eq(c->mounts.items[j]->name, volume))
                plan_after(n, d->gone[i].node);
    }
}

/* Kept, unless it is asked for by its name. */
static bool is_protected(const struct downer *d, const struct volume *v)
{
    const struct node *mark = volume_protection(v);

    if (!mark || strings_have(&d->opts->unprotect, v->item.key))
        return false;
    diags_warn(d->diags, mark->loc, NULL,
               "volume \"%s\" is protected (x-protect): it is kept; 'down -v --unprotect %s' "
               "removes it",
               v->name, v->item.key);
    return true;
}

/* Names that are no volume of the files are mistakes: one could think that something is gone. */
static bool knows_unprotected(const struct downer *d)
{
    for (size_t i = 0; i < d->opts->unprotect.len; i++)
        if (!project_volume(d->project, d->opts->unprotect.items[i])) {
            diags_error(d->diags, loc_none(), NULL, "no such volume: %s",
                        d->opts->unprotect.items[i]);
            return false;
        }
    return true;
}

static void remove_volumes(struct downer *d)
{
    for (size_t i = 0; d->opts->volumes && i < d->observed->volumes.len; i++) {
        const struct volume_state *state = d->observed->volumes.items[i];
        const struct volume *model = NULL;
        struct plan_node *n;

        for (size_t j = 0; j < d->project->volumes.len; j++)
            if (str_eq(d->project->volumes.items[j]->name, state->name))
                model = d->project->volumes.items[j];
        if (!model || model->external)
            continue;
        if (!str_eq(state->project, d->project->name)) {
            diags_warn(d->diags, item_loc(&model->item), NULL,
                       "volume \"%s\" was not created for project \"%s\": it is kept", state->name,
                       d->project->name);
            continue;
        }
        if (is_protected(d, model))
            continue;
        n = plan_add(d->plan, OP_VOLUME_REMOVE, arena_printf(d->arena, "Volume %s", state->name),
                     "down -v");
        n->target = state->name;
        n->force = n->tolerate_missing = n->tell_in_use = n->tolerate_in_use = true;
        node_words(n, "Removing", "Removed", "Error");
        after_mounted(d, n, state->name);
    }
}

/* "app" is "app:latest" for the engine. */
static const char *with_tag(struct arena *a, const char *ref)
{
    const char *slash = strrchr(ref, '/');

    if (strchr(slash ? slash : ref, ':') || strchr(ref, '@'))
        return ref;
    return arena_printf(a, "%s:latest", ref);
}

static bool removes_image(const struct downer *d, const struct service *s,
                          const struct image_state *image)
{
    return str_eq(d->opts->rmi, "all") || str_empty(s->image) ||
           str_eq(mapping_get(&image->labels, LABEL_PROJECT), d->project->name);
}

static void remove_image(struct downer *d, const char *ref, struct map *seen)
{
    struct plan_node *n;

    if (map_has(seen, ref))
        return;
    map_set(seen, ref, d);
    n = plan_add(d->plan, OP_IMAGE_REMOVE, arena_printf(d->arena, "Image %s", ref), "down --rmi");
    n->target = ref;
    n->tolerate_missing = n->tell_in_use = n->tolerate_in_use = true;
    node_words(n, "Removing", "Removed", "Error");
    for (size_t i = 0; i < d->len; i++)
        plan_after(n, d->gone[i].node);
}

/* Those of build.tags that are still this image. */
static void remove_tags(struct downer *d, const struct service *s, const struct image_state *image,
                        struct map *seen)
{
    for (size_t i = 0; s->build && i < s->build->tags.len; i++) {
        struct reference want = reference_parse(d->arena, s->build->tags.items[i]);

        for (size_t j = 0; j < image->repo_tags.len; j++) {
            const char *tag = image->repo_tags.items[j];
            struct reference r = reference_parse(d->arena, tag);

            if (str_eq(r.repository, want.repository) && str_eq(r.tag, want.tag))
                remove_image(d, tag, seen);
        }
    }
}

static void remove_images(struct downer *d)
{
    struct map seen = {0};

    for (size_t i = 0; d->opts->rmi && i < d->order.len; i++) {
        const struct service *s = d->order.items[i];
        const char *ref = image_of(d->arena, d->project, s);
        const struct image_state *image = image_find(d->observed, ref);

        if (!image || !removes_image(d, s, image))
            continue;
        remove_image(d, with_tag(d->arena, ref), &seen);
        remove_tags(d, s, image, &seen);
    }
    map_done(&seen);
}

/* The named services, and what would lose what it depends on. */
static void choose(struct downer *d)
{
    if (!d->opts->services.len)
        return;
    d->chosen.items =
        arena_calloc(d->arena, d->opts->services.len + d->order.len + 1, sizeof(char *));
    for (size_t i = 0; i < d->opts->services.len; i++)
        d->chosen.items[d->chosen.len++] = d->opts->services.items[i];
    for (size_t i = 0; i < d->order.len; i++) {
        const struct service *s = d->order.items[i];

        for (size_t j = 0; j < s->depends_on.len && !strings_have(&d->chosen, s->item.key); j++)
            if (strings_have(&d->chosen, s->depends_on.items[j]->item.key))
                d->chosen.items[d->chosen.len++] = s->item.key;
    }
}

/* docker compose does not tell a project whose networks are gone from one that was never there. */
static bool declares_resources(const struct downer *d)
{
    for (size_t i = 0; i < d->project->networks.len; i++)
        if (!d->project->networks.items[i]->external)
            return true;
    for (size_t i = 0; d->opts->volumes && i < d->project->volumes.len; i++)
        if (!d->project->volumes.items[i]->external)
            return true;
    return false;
}

struct plan *plan_down(struct arena *a, const struct project *p, const struct observed *o,
                       const struct down_options *opts, struct diags *diags)
{
    struct downer d = {
        .arena = a, .project = p, .observed = o, .opts = opts, .diags = diags, .plan = plan_new(a)};

    if (!knows_unprotected(&d))
        return NULL;
    d.order = plan_order(a, p, false);
    d.gone =
        arena_calloc(a, o->containers.len + o->hooks.len + p->services.len + 1, sizeof *d.gone);
    choose(&d);
    for (size_t i = d.order.len; i-- > 0;)
        remove_service(&d, d.order.items[i]);
    remove_orphans(&d);
    remove_hooks(&d);
    remove_networks(&d);
    remove_images(&d);
    remove_volumes(&d);
    if (!plan_len(d.plan) && !declares_resources(&d))
        diags_warn(diags, loc_none(), NULL,
                   "Warning: No resource found to remove for project \"%s\".", p->name);
    return d.plan;
}
