/* core/plan/decide.c: what becomes of each container of a service. */
#include "core/plan/planner.h"

#include "core/base/arena.h"
#include "core/base/digest.h"
#include "core/base/str.h"
#include "core/plan/compared.h"
#include "core/plan/contents.h"
#include "core/plan/create.h"
#include "core/plan/labels.h"
#include "core/plan/names.h"
#include "core/render/canonical.h"
#include "core/render/render.h"
#include "core/schema/attr.h" /* service_table */
#include "core/yaml/node.h"

#include <stdlib.h>
#include <string.h>

struct candidate {
    const struct container *container;
    struct causes causes;   /* why it must be made anew; none: it is as it should be */
    struct causes apart;    /* one for each network of `missing` */
    struct strings missing; /* keys of networks it is not on */
    bool misnamed;
    bool unexplained; /* its labels do not tell in what it has changed */
};

struct candidates {
    struct candidate *items;
    size_t len;
};

/* ---- is it as it should be? ---- */

static bool hash_matches(const struct service *s, const struct parents *parents, const char *label)
{
    char hash[SHA256_HEX_SIZE];

    hash_service(s, &parents->refs, HASH_V2, hash);
    if (str_eq(hash, label))
        return true;
    hash_service(s, &parents->refs, HASH_V5, hash);
    return str_eq(hash, label);
}

static void look_at_config(const struct planner *pl, const struct service *s,
                           const struct parents *parents, struct candidate *ret)
{
    const struct container *c = ret->container;
    AUTO_TEXT now = {0};

    if (hash_matches(s, parents, c->config_hash))
        return;
    canonical_service(s, &parents->refs, &now);
    causes_of_change(pl->arena, &ret->causes, &service_table, &c->labels,
                     compared_find(pl->observed, compared_key_container(pl->arena, c)),
                     str_text(&now), s->item.node);
    ret->unexplained = !own_label(&c->labels, LABEL_CONFIG);
}

static void look_at_image(const struct planner *pl, const struct service *s,
                          const struct container *c, struct causes *ret)
{
    const struct image_state *image = image_find(pl->observed, image_of(pl->arena, pl->project, s));

    if (!image || str_eq(c->image_label, image->id) || str_eq(c->image_id, image->id))
        return;
    cause_add(pl->arena, ret, loc_none(), "image changed (%s -> %s)",
              short_id(pl->arena, str_empty(c->image_label) ? c->image_id : c->image_label),
              short_id(pl->arena, image->id));
}

static bool is_endpoint_on(const struct container_network *e, const struct network_plan *n)
{
    return str_eq(e->name, n->model->name) || (n->state && str_eq(e->name, n->state->name));
}

static const struct container_network *endpoint_on(const struct container *c,
                                                   const struct network_plan *n)
{
    for (size_t j = 0; j < c->networks.len; j++)
        if (is_endpoint_on(c->networks.items[j], n))
            return c->networks.items[j];
    return NULL;
}

/* The name of a network the container is on and the service is not; NULL: there is none. */
static const char *foreign_network(const struct planner *pl, const struct service *s,
                                   const struct container *c)
{
    for (size_t j = 0; j < c->networks.len; j++) {
        bool wanted = false;

        for (size_t i = 0; !wanted && i < s->networks.len; i++) {
            const struct network_plan *n = planner_network(pl, s->networks.items[i]->item.key);

            wanted = n && is_endpoint_on(c->networks.items[j], n);
        }
        if (!wanted)
            return c->networks.items[j]->name;
    }
    return NULL;
}

/* One that was never started knows its networks by name alone. A stopped one holds on to the
 * network it was on, and cannot start when that is gone. */
static bool has_joined(const struct container *c, const struct container_network *n)
{
    return c->state == STATE_RUNNING || !str_empty(n->network_id);
}

/* One that was left by hand is joined again. One of the same name that is another one cannot be, as
 * long as the container holds on to the old one; and one that took the place of another (its `name`
 * changed) must not be: the container would stay on both. */
static void look_at_networks_of(const struct planner *pl, const struct service *s,
                                struct candidate *ret)
{
    const struct container *c = ret->container;
    const char *foreign = NULL;

    ret->missing.items = arena_calloc(pl->arena, s->networks.len + 1, sizeof(char *));
    for (size_t i = 0; str_empty(s->network_mode) && i < s->networks.len; i++) {
        const struct item *item = &s->networks.items[i]->item;
        const struct network_plan *n = planner_network(pl, item->key);
        const struct container_network *found = n ? endpoint_on(c, n) : NULL;

        if (n && !found && (foreign || (foreign = foreign_network(pl, s, c)))) {
            cause_add(pl->arena, &ret->causes, item_loc(item), "on network %s instead of %s",
                      foreign, n->model->name);
        } else if (n && !found) {
            cause_add(pl->arena, &ret->apart, item_loc(item), "not on network %s", item->key);
            ret->missing.items[ret->missing.len++] = item->key;
        } else if (n && has_joined(c, found) &&
                   (!n->state || !str_eq(found->network_id, n->state->id))) {
            cause_add(pl->arena, &ret->causes, item_loc(item), "network %s is another one",
                      item->key);
        }
    }
}

static void look_at_volumes_of(const struct planner *pl, const struct service *s,
                               const struct container *c, struct causes *ret)
{
    for (size_t i = 0; i < s->volumes.len; i++) {
        const struct mount *m = s->volumes.items[i];
        const struct volume *v =
            str_eq(m->type, "volume") && m->source ? project_volume(pl->project, m->source) : NULL;
        bool found = !v;

        for (size_t j = 0; !found && j < c->mounts.len; j++)
            found = str_eq(c->mounts.items[j]->type, "volume") &&
                    str_eq(c->mounts.items[j]->name, v->name);
        if (!found)
            cause_add(pl->arena, ret, item_loc(&m->item), "volume %s is not mounted", m->source);
    }
}

static enum recreate recreate_policy(const struct planner *pl, const struct service *s)
{
    bool named = service_asked(&pl->opts->services, s->item.key);

    if (pl->opts->renew_anon_volumes && named && pl->opts->recreate != RECREATE_NEVER)
        return RECREATE_FORCE;
    return named ? pl->opts->recreate : pl->opts->recreate_deps;
}

/* Finds out why it must be made anew, or what it lacks. */
static void compare(struct planner *pl, const struct service *s, const struct parents *parents,
                    struct candidate *ret)
{
    enum recreate policy = recreate_policy(pl, s);
    const struct container *c = ret->container;

    if (policy == RECREATE_NEVER)
        return;
    if (parents->made) {
        struct parents before = parents_of(pl->arena, s, planner_parent_before, pl);

        cause_add(pl->arena, &ret->causes, item_loc(&s->item), "a container it shares with is new");
        if (!before.made && own_label(&c->labels, LABEL_CONFIG))
            look_at_config(pl, s, &before, ret);
    } else {
        look_at_config(pl, s, parents, ret);
    }
    causes_of_contents(pl->arena, &ret->causes, pl->project, pl->observed, s,
                       own_label(&c->labels, LABEL_FILES));
    look_at_image(pl, s, c, &ret->causes);
    look_at_networks_of(pl, s, ret);
    look_at_volumes_of(pl, s, c, &ret->causes);
    if (policy == RECREATE_FORCE && !ret->causes.len)
        cause_add(pl->arena, &ret->causes, loc_none(), "asked for");
}

/* ---- which ones stay ---- */

static bool is_temporary(const struct planner *pl, const struct service *s,
                         const struct container *c)
{
    return is_temporary_name(c->name, container_name_of(pl->arena, pl->project, s, c->number));
}

/* A recreate that was interrupted leaves a container with a temporary name. When the one it was to
 * take over from is still there, that one counts and the other goes; else it takes the name now. */
static bool is_leftover(const struct planner *pl, const struct service *s,
                        const struct container *c)
{
    const struct containers *all = &pl->observed->containers;

    for (size_t i = 0; i < all->len; i++) {
        const struct container *other = all->items[i];

        if (other == c || other->oneoff || other->number != c->number ||
            !str_eq(other->service, c->service))
            continue;
        if (!is_temporary(pl, s, other) || strcmp(other->id, c->id) < 0)
            return true; /* of two temporary ones, one */
    }
    return false;
}

static bool is_of(const struct container *c, const struct service *s)
{
    return !c->oneoff && str_eq(c->service, s->item.key);
}

static size_t count_of(const struct containers *all, const struct service *s)
{
    size_t count = 0;

    for (size_t i = 0; i < all->len; i++)
        count += is_of(all->items[i], s);
    return count;
}

static struct candidates collect(struct planner *pl, struct service_plan *sp)
{
    const struct containers *all = &pl->observed->containers;
    const struct service *s = sp->service;
    size_t count = count_of(all, s);
    struct candidates ret = {.items = arena_calloc(pl->arena, count + 1, sizeof *ret.items)};

    sp->surplus = arena_calloc(pl->arena, count + 1, sizeof(struct container *));
    sp->surplus_gone = arena_calloc(pl->arena, count + 1, sizeof(struct plan_node *));
    for (size_t i = 0; i < all->len; i++) {
        const struct container *c = all->items[i];
        bool temporary;

        if (!is_of(c, s) || goes_with_volume(pl, c))
            continue;
        temporary = is_temporary(pl, s, c);
        if (temporary && is_leftover(pl, s, c)) {
            if (pl->opts->create)
                sp->surplus[sp->surplus_len++] = c;
            continue;
        }
        ret.items[ret.len++] = (struct candidate){.container = c, .misnamed = temporary};
    }
    return ret;
}

static int by_number(const void *a, const void *b)
{
    const struct replica *x = a, *y = b;

    return (x->number > y->number) - (x->number < y->number);
}

/* Those that are as they should be, the oldest numbers first: what comes last goes first. */
static int by_worth(const void *a, const void *b)
{
    const struct candidate *x = a, *y = b;

    if (!x->causes.len != !y->causes.len)
        return x->causes.len ? 1 : -1;
    return (x->container->number > y->container->number) -
           (x->container->number < y->container->number);
}

static int wanted_scale(const struct planner *pl, const struct service *s)
{
    for (size_t i = 0; i < pl->opts->scale_len; i++)
        if (str_eq(pl->opts->scale[i].service, s->item.key))
            return pl->opts->scale[i].replicas;
    if (s->scale.set)
        return (int)s->scale.value;
    if (s->deploy && s->deploy->replicas.set)
        return (int)s->deploy->replicas.value;
    return 1;
}

static void keep(struct planner *pl, struct service_plan *sp, const struct candidate *c)
{
    bool changed = c->causes.len > 0;
    bool keeps_name = !pl->opts->create || (!changed && !c->misnamed); /* given by hand, too */

    sp->replicas[sp->len++] = (struct replica){
        .action = changed ? ACTION_RECREATE : ACTION_KEEP,
        .cause = changed ? causes_text(pl->arena, &c->causes, CAUSES_TOLD) : "as it should be",
        .causes = changed ? &c->causes : NULL,
        .missing = changed ? (struct strings){0} : c->missing,
        .apart = &c->apart,
        .name = keeps_name
                    ? c->container->name
                    : container_name_of(pl->arena, pl->project, sp->service, c->container->number),
        .number = c->container->number,
        .was = c->container,
        .misnamed = c->misnamed && pl->opts->create,
        .unexplained = c->unexplained,
    };
}

static void add_missing(struct planner *pl, struct service_plan *sp, int highest)
{
    while (sp->len < (size_t)sp->scale) {
        int number = ++highest;

        sp->replicas[sp->len++] = (struct replica){
            .action = ACTION_CREATE,
            .cause = "not there",
            .name = container_name_of(pl->arena, pl->project, sp->service, number),
            .number = number,
        };
    }
}

static void check_scale(struct planner *pl, const struct service_plan *sp)
{
    const struct service *s = sp->service;

    if (sp->scale > 1 && !str_empty(s->container_name))
        planner_error(
            pl, &s->item, arena_printf(pl->arena, "services.%s", s->item.key),
            "WARNING: The \"%s\" service is using the custom container name \"%s\". Docker "
            "requires each container to have a unique name. Remove the custom name to scale "
            "the service",
            s->item.key, s->container_name);
}

/* The engine would take "service:x" for a name, which somebody may have. */
static void check_parents(struct planner *pl, const struct service_plan *sp,
                          const struct parents *parents)
{
    const struct item *service = &sp->service->item;
    struct item at;

    if (!pl->opts->create || !sp->scale || !parents->missing)
        return;
    at = (struct item){.node = node_get(service->node, parents->missing_at)};
    planner_error(pl, at.node ? &at : service,
                  arena_printf(pl->arena, "services.%s.%s", service->key, parents->missing_at),
                  PARENT_MISSING, parents->missing_what, parents->missing);
}

static void decide(struct planner *pl, struct service_plan *sp)
{
    struct parents parents = parents_of(pl->arena, sp->service, planner_parent, pl);
    struct candidates found = collect(pl, sp);
    int highest = 0;

    sp->scale = pl->opts->create ? wanted_scale(pl, sp->service) : (int)found.len;
    check_scale(pl, sp);
    check_parents(pl, sp, &parents);
    for (size_t i = 0; i < found.len; i++) {
        if (pl->opts->create)
            compare(pl, sp->service, &parents, &found.items[i]);
        if (found.items[i].container->number > highest)
            highest = found.items[i].container->number;
    }
    if (found.len)
        qsort(found.items, found.len, sizeof *found.items, by_worth);
    sp->replicas = arena_calloc(pl->arena, (size_t)sp->scale + 1, sizeof *sp->replicas);
    for (size_t i = 0; i < found.len; i++) {
        if (sp->len < (size_t)sp->scale)
            keep(pl, sp, &found.items[i]);
        else
            sp->surplus[sp->surplus_len++] = found.items[i].container;
    }
    if (pl->opts->create)
        add_missing(pl, sp, highest);
    if (sp->len)
        qsort(sp->replicas, sp->len, sizeof *sp->replicas, by_number);
}

void decide_services(struct planner *pl)
{
    for (size_t i = 0; i < pl->len; i++) {
        check_pre_start(pl, pl->services[i].service);
        decide(pl, &pl->services[i]);
    }
}
