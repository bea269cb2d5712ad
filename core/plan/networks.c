/* core/plan/networks.c: networks that are missing, foreign, or no longer as the model says. */
#include "core/plan/planner.h"

#include "core/base/arena.h"
#include "core/base/diags.h"
#include "core/base/digest.h"
#include "core/base/str.h"
#include "core/plan/compared.h"
#include "core/plan/create.h"
#include "core/plan/labels.h"
#include "core/render/canonical.h"
#include "core/render/render.h"
#include "core/schema/attr.h" /* network_table */

static const char *path_of(struct planner *pl, const struct network *n)
{
    return arena_printf(pl->arena, "networks.%s", n->item.key);
}

static const struct network_state *find_named(const struct planner *pl, const char *name)
{
    for (size_t i = 0; i < pl->observed->networks.len; i++)
        if (str_eq(pl->observed->networks.items[i]->name, name))
            return pl->observed->networks.items[i];
    return NULL;
}

static void look_at_external(struct planner *pl, struct network_plan *n)
{
    size_t matches = 0;

    for (size_t i = 0; i < pl->observed->networks.len; i++) {
        const struct network_state *state = pl->observed->networks.items[i];

        if (str_eq(state->id, n->model->name)) {
            n->state = state;
            return;
        }
        if (str_eq(state->name, n->model->name)) {
            n->state = state;
            matches++;
        }
    }
    if (matches == 0)
        planner_error(pl, &n->model->item, path_of(pl, n->model),
                      "network %s declared as external, but could not be found", n->model->name);
    else if (matches > 1)
        planner_error(pl, &n->model->item, path_of(pl, n->model),
                      "multiple networks with name \"%s\" were found. Use network ID as `name` to "
                      "avoid ambiguity",
                      n->model->name);
}

static bool hash_matches(const struct network *n, const char *label)
{
    char hash[SHA256_HEX_SIZE];

    hash_network(n, HASH_V2, hash);
    if (str_eq(hash, label))
        return true;
    hash_network(n, HASH_V5, hash);
    return str_eq(hash, label);
}

static void look_at_own(struct planner *pl, struct network_plan *n)
{
    const char *name = n->model->name;
    AUTO_TEXT now = {0};
    bool ours;

    n->state = find_named(pl, name);
    if (!n->state)
        return;
    ours = str_eq(n->state->project, pl->project->name);
    if (str_empty(n->state->project))
        planner_warn(pl, &n->model->item, path_of(pl, n->model),
                     "a network with name %s exists but was not created by compose.\n"
                     "Set `external: true` to use an existing network",
                     name);
    else if (!ours)
        planner_warn(pl, &n->model->item, path_of(pl, n->model),
                     "a network with name %s exists but was not created for project \"%s\".\n"
                     "Set `external: true` to use an existing network",
                     name, pl->project->name);
    if (!str_eq(n->state->key, n->model->item.key))
        planner_error(
            pl, &n->model->item, path_of(pl, n->model),
            "network %s was found but has incorrect label %s set to \"%s\" (expected: \"%s\")",
            name, LABEL_NETWORK, n->state->key ? n->state->key : "", n->model->item.key);
    /* One of another project is used, never changed. */
    n->changed =
        ours && !str_empty(n->state->config_hash) && !hash_matches(n->model, n->state->config_hash);
    if (n->changed) {
        canonical_network(n->model, &now);
        causes_of_change(pl->arena, &n->causes, &network_table, &n->state->labels,
                         compared_find(pl->observed, compared_key_network(pl->arena, n->state)),
                         str_text(&now), n->model->item.node);
    }
}

void look_at_networks(struct planner *pl)
{
    pl->networks = arena_calloc(pl->arena, pl->project->networks.len + 1, sizeof *pl->networks);
    for (size_t i = 0; i < pl->project->networks.len; i++) {
        struct network_plan *n = &pl->networks[i];

        n->model = pl->project->networks.items[i];
        if (!pl->opts->create)
            n->state = find_named(pl, n->model->name);
        else if (n->model->external)
            look_at_external(pl, n);
        else
            look_at_own(pl, n);
    }
}

/* ---- nodes ---- */

static struct plan_node *create_network(struct planner *pl, struct network_plan *n,
                                        const char *cause)
{
    struct plan_node *node = plan_add(pl->plan, OP_NETWORK_CREATE,
                                      arena_printf(pl->arena, "Network %s", n->model->name), cause);
    struct mapping *labels = arena_alloc(pl->arena, sizeof *labels);

    *labels = network_labels(pl->arena, pl->project, n->model);
    node->target = n->model->name;
    node->network_model = n->model;
    node->labels = labels;
    node->loc = item_loc(&n->model->item);
    node_words(node, "Creating", "Created", "Error");
    return node;
}

/* Containers of the project that hang on the network, whatever becomes of them. */
static bool is_attached(const struct container *c, const struct network_state *n)
{
    for (size_t i = 0; i < c->networks.len; i++)
        if (str_eq(c->networks.items[i]->network_id, n->id) ||
            str_eq(c->networks.items[i]->name, n->name))
            return true;
    return false;
}

static struct plan_node *link_node(struct planner *pl, enum op_kind op,
                                   const struct network_plan *n, const char *name,
                                   const struct container *c, const char *cause)
{
    struct plan_node *node = plan_container(pl->plan, op, name, c, c->service, cause);

    node->network = op == OP_NETWORK_DISCONNECT ? n->state->id : n->model->name;
    node->force = op == OP_NETWORK_DISCONNECT;
    node->tolerate_missing = op == OP_NETWORK_DISCONNECT;
    node->failed = "Error";
    return node;
}

/* What the model says about this endpoint; NULL: the service is not on the network. */
static struct endpoint *endpoint_of(struct planner *pl, const struct network_plan *n,
                                    const struct service *s, const char *name, int number)
{
    struct container_create all = {.links = planner_links(pl, s, number)};

    endpoints_of(pl->arena, pl->project, s, name, true, &all);
    for (size_t i = 0; i < all.endpoints.len; i++)
        if (str_eq(all.endpoints.items[i]->network, n->model->name))
            return all.endpoints.items[i];
    return NULL;
}

/* Back on the new network. */
static struct plan_node *reconnect(struct planner *pl, const struct network_plan *n,
                                   const struct container *c, struct endpoint *e,
                                   struct plan_node *before)
{
    struct plan_node *node = link_node(pl, OP_NETWORK_CONNECT, n, c->name, c, "network changed");

    node->endpoint = e;
    plan_after(node, n->ready);
    plan_after(node, before);
    return node;
}

/* Of a service this plan is not about: it is taken to the new network as it runs. */
static bool is_only_passing(const struct planner *pl, const struct container *c)
{
    return !c->oneoff && project_service(pl->project, c->service) &&
           !planner_service(pl, c->service);
}

/* Where the files do not put it any more it stays all the same: that is not this plan's to change.
 */
static struct endpoint *endpoint_of_passing(struct planner *pl, const struct network_plan *n,
                                            const struct container *c)
{
    const struct service *s = project_service(pl->project, c->service);
    struct endpoint *e = endpoint_of(pl, n, s, c->name, c->number);

    if (e)
        return e;
    e = arena_alloc(pl->arena, sizeof *e);
    e->network = n->model->name;
    e->aliases = (struct strings){arena_calloc(pl->arena, 2, sizeof(char *)), 2};
    e->aliases.items[0] = c->name;
    e->aliases.items[1] = c->service;
    return e;
}

static bool uses_network(const struct planner *pl, const struct service_plan *sp,
                         const struct network_plan *n)
{
    for (size_t i = 0; i < pl->observed->containers.len; i++) {
        const struct container *c = pl->observed->containers.items[i];

        if (!c->oneoff && str_eq(c->service, sp->service->item.key) && is_attached(c, n->state))
            return true;
    }
    return false;
}

/* A namespace goes when the container stops that it belongs to. */
static bool shares_namespace(const struct service *s, const char *with)
{
    return str_eq(referred_service(s->network_mode), with) ||
           str_eq(referred_service(s->ipc), with) || str_eq(referred_service(s->pid), with);
}

/* Services that have to stop: those on the network, and those that share a namespace with one of
 * them. */
static bool *affected_services(struct planner *pl, const struct network_plan *n)
{
    bool *ret = arena_calloc(pl->arena, pl->len + 1, sizeof(bool));

    for (size_t i = 0; i < pl->len; i++) {
        ret[i] = uses_network(pl, &pl->services[i], n);
        for (size_t j = 0; j < i && !ret[i]; j++) {
            ret[i] = ret[j] &&
                     shares_namespace(pl->services[i].service, pl->services[j].service->item.key);
        }
    }
    return ret;
}

static const struct question *question_about(struct planner *pl, const struct network_plan *n)
{
    struct question *q;

    if (own_label(&n->state->labels, LABEL_CONFIG))
        return NULL;
    q = arena_alloc(pl->arena, sizeof *q);
    q->key = compared_key_network(pl->arena, n->state);
    q->what = (struct compare){.id = n->state->id, .network = n->model};
    return q;
}

/* The engine removes no network that a container is on: better said before anything is stopped. */
static void check_holders(struct planner *pl, const struct network_plan *n)
{
    const struct containers *all = &pl->observed->containers;
    AUTO_TEXT holders = {0};

    for (size_t i = 0; i < all->len; i++) {
        const struct container *c = all->items[i];
        bool stays = c->oneoff || is_orphan(pl, c);

        if (stays && container_is_up(c) && is_attached(c, n->state) &&
            !(pl->opts->remove_orphans && is_orphan(pl, c)))
            str_addf(&holders, "%s%s", holders.len ? ", " : "", c->name);
    }
    if (holders.len)
        planner_error(pl, &n->model->item,
                      arena_printf(pl->arena, "networks.%s", n->model->item.key),
                      "network \"%s\" cannot be recreated: it is in use by %s, which this command "
                      "does not remove",
                      n->model->name, str_text(&holders));
}

static void replace_network(struct planner *pl, struct network_plan *n)
{
    const bool *affected = affected_services(pl, n);
    const char *cause = causes_text(pl->arena, &n->causes, CAUSES_TOLD);
    struct plan_node *gone;
    const struct containers *all = &pl->observed->containers;
    struct plan_node **let_go = arena_calloc(pl->arena, all->len + 1, sizeof(struct plan_node *));
    size_t count = 0;

    check_holders(pl, n);
    for (size_t i = pl->len; i-- > 0;) /* who depends on others stops first */
        for (size_t j = 0; j < all->len; j++) {
            const struct container *c = all->items[j];
            struct plan_node *stop;

            if (!affected[i] || !str_eq(c->service, pl->services[i].service->item.key) || c->oneoff)
                continue;
            stop = planner_stop(pl, c, c->service, "its network changed", true);
            if (!is_attached(c, n->state))
                continue;
            let_go[count] = link_node(pl, OP_NETWORK_DISCONNECT, n, c->name, c, "network changed");
            plan_after(let_go[count], stop);
            planner_stopped_by(pl, c, let_go[count++]);
        }
    for (size_t j = 0; j < all->len; j++) {
        if (!is_only_passing(pl, all->items[j]) || !is_attached(all->items[j], n->state))
            continue;
        let_go[count++] = link_node(pl, OP_NETWORK_DISCONNECT, n, all->items[j]->name,
                                    all->items[j], "network changed");
    }
    gone = plan_add(pl->plan, OP_NETWORK_REMOVE,
                    arena_printf(pl->arena, "Network %s", n->model->name), cause);
    gone->target = n->state->name;
    gone->engine_id = n->state->id;
    gone->tolerate_missing = true;
    node_words(gone, NULL, "Removed", "Error");
    gone->loc = item_loc(&n->model->item);
    for (size_t i = 0; i < count; i++)
        plan_after(gone, let_go[i]);
    plan_after_all(gone, &pl->cleared);
    n->ready = create_network(pl, n, cause);
    gone->causes = n->ready->causes = &n->causes;
    n->ready->unexplained = question_about(pl, n);
    plan_after(n->ready, gone);
    for (size_t i = 0; i < pl->len; i++)
        for (size_t j = 0; j < pl->services[i].len; j++) {
            struct replica *r = &pl->services[i].replicas[j];
            struct endpoint *e =
                r->action == ACTION_KEEP && is_attached(r->was, n->state)
                    ? endpoint_of(pl, n, pl->services[i].service, r->name, r->number)
                    : NULL;

            if (e)
                r->joined = reconnect(pl, n, r->was, e, r->joined);
        }
    for (size_t j = 0; j < all->len; j++)
        if (is_only_passing(pl, all->items[j]) && is_attached(all->items[j], n->state))
            reconnect(pl, n, all->items[j], endpoint_of_passing(pl, n, all->items[j]), NULL);
}

/* Old engines may give two networks that are made at the same time the same addresses. */
static bool creates_in_turn(const struct planner *pl)
{
    return pl->observed->info.api_minor && pl->observed->info.api_minor < 44;
}

void plan_networks(struct planner *pl)
{
    struct plan_node *before = NULL;

    for (size_t i = 0; i < pl->project->networks.len; i++) {
        struct network_plan *n = &pl->networks[i];

        if (n->model->external)
            continue;
        if (n->changed)
            replace_network(pl, n);
        else if (!n->state)
            n->ready = create_network(pl, n, "not there");
        if (n->ready && creates_in_turn(pl)) {
            plan_after(n->ready, before);
            before = n->ready;
        }
    }
}
