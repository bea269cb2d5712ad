/* core/plan/containers.c: makes, makes anew and removes the containers of each service. */
#include "core/plan/planner.h"

#include "core/base/arena.h"
#include "core/base/digest.h"
#include "core/base/str.h"
#include "core/base/text.h"
#include "core/plan/compared.h"
#include "core/plan/contents.h"
#include "core/plan/create.h"
#include "core/plan/labels.h"
#include "core/plan/names.h"
#include "core/render/canonical.h"
#include "core/render/render.h"
#include "core/yaml/node.h"

#include <string.h>

/* ---- what a create carries ---- */

static const char *replaced(struct planner *pl, const struct service *s, const struct replica *r)
{
    if (!r->was)
        return NULL;
    if (!str_empty(s->container_name))
        return s->container_name;
    return arena_printf(pl->arena, "%s%s%d", s->item.key, name_separator(pl->project), r->number);
}

enum { CAUSES_KEPT = 8 }; /* in the container's label */

static void fill_create(struct planner *pl, struct plan_node *n, const struct service *s,
                        const struct replica *r)
{
    struct container_create *c = arena_alloc(pl->arena, sizeof *c);
    struct parents parents = parents_of(pl->arena, s, planner_parent, pl);
    const struct image_state *image;
    struct label_facts facts = {.number = r->number, .replace = replaced(pl, s, r)};
    char hash[SHA256_HEX_SIZE];
    AUTO_TEXT config = {0};

    c->project = pl->project;
    c->service = s;
    c->name = n->target;
    c->image = image_of(pl->arena, pl->project, s);
    c->platform = platform_of(pl->project, s);
    c->refs = parents.refs;
    image = image_find(pl->observed, c->image);
    facts.image_id = image ? image->id : NULL;
    if (!parents.made) {
        hash_service(s, &parents.refs, HASH_V2, hash);
        canonical_service(s, &parents.refs, &config);
        facts.hash = hash;
        facts.config = arena_strdup(pl->arena, str_text(&config));
    }
    facts.files = contents_of(pl->arena, pl->project, pl->observed, s);
    facts.cause = r->causes ? causes_text(pl->arena, r->causes, CAUSES_KEPT) : NULL;
    c->labels = container_labels(pl->arena, pl->project, s, &facts);
    c->links = planner_links(pl, s, r->number);
    endpoints_of(pl->arena, pl->project, s, r->name, true, c);
    if (plan_mounted_files(pl->arena, pl->project, s, pl->diags) < 0)
        pl->failed = true;
    if (r->was && !pl->opts->renew_anon_volumes)
        inherit_mounts(pl->arena, s, image, r->was, c);
    n->create = c;
    n->network_mode_of = parents.network_mode_of;
    n->ipc_of = parents.ipc_of;
    n->pid_of = parents.pid_of;
    n->volumes_from_of = parents.volumes_from_of;
}

/* Without what is carried over: that is no part of the configuration. */
static const struct question *question_about(struct planner *pl, const struct replica *r,
                                             const struct container_create *create)
{
    struct container_create *would_be = arena_alloc(pl->arena, sizeof *would_be);
    struct question *q = arena_alloc(pl->arena, sizeof *q);

    *would_be = *create;
    would_be->inherited.len = 0;
    q->key = compared_key_container(pl->arena, r->was);
    q->what = (struct compare){.id = r->was->id, .container = would_be};
    return q;
}

/* ---- order ---- */

void after_networks(struct planner *pl, struct plan_node *n, const struct service *s)
{
    for (size_t i = 0; i < s->networks.len; i++) {
        const struct network_plan *net = planner_network(pl, s->networks.items[i]->item.key);

        plan_after(n, net ? net->ready : NULL);
    }
}

static void after_volumes(struct planner *pl, struct plan_node *n, const struct service *s)
{
    for (size_t i = 0; i < s->volumes.len; i++) {
        const struct mount *m = s->volumes.items[i];
        const struct volume_plan *v =
            str_eq(m->type, "volume") && m->source ? planner_volume(pl, m->source) : NULL;

        plan_after(n, v ? v->ready : NULL);
    }
}

static void after_dependencies(struct planner *pl, struct plan_node *n, const struct service *s)
{
    for (size_t i = 0; i < s->depends_on.len; i++) {
        const struct service_plan *dep = planner_service(pl, s->depends_on.items[i]->item.key);

        for (size_t j = 0; dep && j < dep->len; j++)
            plan_after(n, dep->replicas[j].ready && dep->replicas[j].ready->id < n->id
                              ? dep->replicas[j].ready
                              : NULL);
    }
}

static struct plan_node *create_node(struct planner *pl, const struct service_plan *sp,
                                     struct replica *r, const char *name)
{
    const struct service *s = sp->service;
    struct plan_node *n =
        plan_container(pl->plan, OP_CONTAINER_CREATE, name, NULL, s->item.key, r->cause);

    n->subject = container_subject(pl->arena, r->name);
    n->loc = item_loc(&s->item);
    n->causes = r->causes;
    n->failed = FAILED_WITH_MESSAGE;
    fill_create(pl, n, s, r);
    n->unexplained = r->unexplained ? question_about(pl, r, n->create) : NULL;
    after_networks(pl, n, s);
    after_volumes(pl, n, s);
    after_dependencies(pl, n, s);
    plan_after_all(n, &pl->cleared);
    return n;
}

/* Engines before API 1.44 take one network at create: the others are connected one by one. */
static struct plan_node *connect_others(struct planner *pl, const struct service *s,
                                        struct replica *r, struct plan_node *create)
{
    struct plan_node *last = create;

    if (pl->observed->info.api_major > 1 || pl->observed->info.api_minor >= 44)
        return last;
    for (size_t i = 1; i < create->create->endpoints.len; i++) {
        struct plan_node *n = plan_container(pl->plan, OP_NETWORK_CONNECT, create->target, NULL,
                                             s->item.key, "one network at create with this engine");

        n->subject = create->subject;
        n->network = create->create->endpoints.items[i]->network;
        n->endpoint = create->create->endpoints.items[i];
        n->failed = "Error";
        n->leaves = create->target;
        plan_after(n, last);
        last = n;
    }
    if (create->create->endpoints.len)
        create->create->endpoints.len = 1;
    r->joined = last == create ? r->joined : last;
    return last;
}

/* ---- the three things that can happen ---- */

static void create(struct planner *pl, const struct service_plan *sp, struct replica *r)
{
    struct plan_node *freed = free_name(pl, r->name, NULL);
    struct plan_node *n = create_node(pl, sp, r, r->name);

    plan_after(n, freed);
    node_words(n, "Creating", "Created", FAILED_WITH_MESSAGE);
    r->ready = connect_others(pl, sp->service, r, n);
}

/* A pre_stop hook that fails is told of, but does not keep a container with a hook that cannot
 * work from being replaced by one with a better hook. */
static void tolerate_hooks(struct planner *pl, const struct container *c, struct plan_node *stop)
{
    for (size_t i = planner_stop_begins(pl, c)->id; i < stop->id; i++)
        plan_at(pl->plan, i)->tolerate_failure = true;
}

/* The new one is made beside the old one and takes its name once that is gone: they never run
 * together, and when something fails there is always one to go on with. */
static void recreate(struct planner *pl, const struct service_plan *sp, struct replica *r,
                     const struct plan_nodes *dependants_stopped)
{
    const struct service *s = sp->service;
    const char *temporary = temporary_name(pl->arena, r->was->id, r->name);
    struct plan_node *made, *stop, *gone, *freed, *named;

    freed = free_name(pl, temporary, NULL); /* by what an interrupted recreate left */
    made = create_node(pl, sp, r, temporary);
    plan_after(made, freed);
    node_words(made, "Recreate", NULL, FAILED_WITH_MESSAGE);
    plan_after_all(made, dependants_stopped);
    made = connect_others(pl, s, r, made);

    stop = planner_stop(pl, r->was, s->item.key, r->cause, false);
    if (stop && stop->id > made->id) {
        stop->subject = made->subject; /* whatever it is called by now */
        stop->failed = "Error while Stopping";
        stop->leaves = temporary;
        plan_after(planner_stop_begins(pl, r->was), made);
        tolerate_hooks(pl, r->was, stop);
    }
    gone =
        plan_container(pl->plan, OP_CONTAINER_REMOVE, r->was->name, r->was, s->item.key, r->cause);
    gone->subject = made->subject;
    gone->force = gone->tolerate_missing = true;
    gone->failed = "Error while Removing";
    gone->leaves = temporary;
    plan_after(gone, made);
    plan_after(gone, stop);
    plan_after(gone, r->aside);
    r->gone = gone;

    freed = str_eq(r->name, r->was->name) ? NULL : free_name(pl, r->name, gone);
    named = plan_container(pl->plan, OP_CONTAINER_RENAME, temporary, NULL, s->item.key, r->cause);
    named->subject = container_subject(pl->arena, r->name);
    named->new_name = r->name;
    named->leaves = temporary;
    node_words(named, NULL, "Recreated", "Error");
    plan_after(named, gone);
    plan_after(named, freed);
    r->ready = named;
}

/* Neither runs nor can be started later like any other: docker compose tries it before the rest. */
static bool is_stuck(const struct container *c)
{
    return c->state == STATE_PAUSED || c->state == STATE_DEAD || c->state == STATE_REMOVING;
}

/* A network that was left by hand: joining it again interrupts nothing. */
static void join(struct planner *pl, const struct service *s, struct replica *r, const char *key)
{
    const struct network_plan *net = planner_network(pl, key);
    struct container_create all = {0};
    struct plan_node *n;

    endpoints_of(pl->arena, pl->project, s, r->name, true, &all);
    for (size_t i = 0; i < all.endpoints.len; i++) {
        if (!str_eq(all.endpoints.items[i]->network, net->model->name))
            continue;
        n = plan_container(pl->plan, OP_NETWORK_CONNECT, r->was->name, r->was, s->item.key,
                           causes_text(pl->arena, r->apart, CAUSES_TOLD));
        n->causes = r->apart;
        n->network = net->model->name;
        n->endpoint = all.endpoints.items[i];
        node_words(n, "Connecting", "Connected", "Error");
        plan_after(n, net->ready);
        plan_after(n, r->joined);
        plan_after(n, r->ready);
        r->joined = n;
    }
}

/* It may have been started by a command that was killed before its hooks had run. */
static bool may_lack_hooks(const struct planner *pl, const struct service *s,
                           const struct container *c)
{
    int64_t started;
    int32_t fraction;

    return pl->observed->hooks_since && s->post_start.len && c->state == STATE_RUNNING &&
           !str_empty(c->started_at) &&
           time_parse_rfc3339(c->started_at, &started, &fraction) == 0 &&
           started >= pl->observed->hooks_since;
}

/* Of services this plan is not about: nobody will know of it later. */
static void tell_of_lacking(struct planner *pl, const struct container *c)
{
    const struct service *s = project_service(pl->project, c->service);
    struct item at;

    if (!s || c->oneoff || map_has(&pl->by_name, c->service) || !may_lack_hooks(pl, s, c))
        return;
    at = (struct item){.node = node_get(s->item.node, "post_start")};
    planner_warn(pl, &at, arena_printf(pl->arena, "services.%s.post_start", s->item.key),
                 "these hooks may not have run in container \"%s\": who started it was killed. "
                 "'restart %s' runs them",
                 c->name, s->item.key);
}

static void keep(struct planner *pl, const struct service *s, struct replica *r)
{
    struct plan_node *freed, *n;

    if (r->misnamed) {
        freed = free_name(pl, r->name, NULL);
        n = plan_container(pl->plan, OP_CONTAINER_RENAME, r->was->name, r->was, s->item.key,
                           "left by an interrupted recreate");
        n->subject = container_subject(pl->arena, r->name);
        n->new_name = r->name;
        n->failed = "Error";
        plan_after(n, freed);
        plan_after_all(n, &pl->cleared);
        r->ready = n;
    }
    for (size_t i = 0; i < r->missing.len; i++)
        join(pl, s, r, r->missing.items[i]);
    if (may_lack_hooks(pl, s, r->was))
        planner_stop(pl, r->was, s->item.key,
                     "its post_start hooks may not have run: who started it was killed", true);
    if (planner_stopped(pl, r->was))
        return;
    if (r->was->state == STATE_RUNNING) {
        n = plan_container(pl->plan, OP_NOTHING, r->name, r->was, s->item.key, r->cause);
        node_words(n, NULL, "Running", NULL);
        plan_after(n, r->ready);
    } else if (is_stuck(r->was)) {
        n = plan_container(pl->plan, OP_CONTAINER_START, r->name, r->was, s->item.key,
                           r->was->state == STATE_PAUSED
                               ? "paused: the engine refuses to start it before it is unpaused"
                               : container_state_name(r->was->state));
        node_words(n, "Restart", "Restarted", "Error");
        plan_after(n, r->ready);
        r->ready = n;
    }
}

struct plan_node *remove_surplus(struct planner *pl, struct service_plan *sp, size_t index)
{
    const struct container *c = sp->surplus[index];
    struct plan_node *stop, *gone = sp->surplus_gone[index];

    if (gone)
        return gone;
    stop = planner_stop(pl, c, sp->service->item.key, "one too many", true);
    gone = plan_container(pl->plan, OP_CONTAINER_REMOVE, c->name, c, sp->service->item.key,
                          "one too many");
    gone->force = gone->tolerate_missing = true;
    node_words(gone, "Removing", "Removed", "Error while Removing");
    plan_after(gone, stop);
    sp->surplus_gone[index] = gone;
    return gone;
}

/* Services that want to be restarted when this one is made anew stop before it does. */
static struct plan_nodes stop_dependants(struct planner *pl, const struct service_plan *sp)
{
    struct plan_nodes all = {0};
    const char *cause = arena_printf(pl->arena, "%s is recreated", sp->service->item.key);

    for (size_t i = pl->len; i-- > 0;) {
        const struct service_plan *user = &pl->services[i];
        const struct dependency *d = service_dependency(user->service, sp->service->item.key);

        if (!d || !d->restart)
            continue;
        for (size_t j = 0; j < user->len; j++) {
            const struct container *c = user->replicas[j].was;

            if (c)
                plan_nodes_add(pl->plan, &all,
                               planner_stop(pl, c, user->service->item.key, cause, true));
        }
    }
    return all;
}

static void converge(struct planner *pl, struct service_plan *sp)
{
    struct plan_nodes dependants = {0};

    for (size_t i = 0; i < sp->surplus_len; i++)
        remove_surplus(pl, sp, i);
    for (size_t i = 0; i < sp->len; i++)
        if (sp->replicas[i].action == ACTION_RECREATE) {
            dependants = stop_dependants(pl, sp);
            break;
        }
    for (size_t i = 0; i < sp->len; i++) {
        struct replica *r = &sp->replicas[i];

        switch (r->action) {
        case ACTION_CREATE:
            create(pl, sp, r);
            break;
        case ACTION_RECREATE:
            recreate(pl, sp, r, &dependants);
            break;
        case ACTION_KEEP:
            keep(pl, sp->service, r);
            break;
        }
    }
}

void plan_containers(struct planner *pl)
{
    for (size_t i = 0; i < pl->len; i++)
        converge(pl, &pl->services[i]);
    for (size_t i = 0; pl->observed->hooks_since && i < pl->observed->containers.len; i++)
        tell_of_lacking(pl, pl->observed->containers.items[i]);
}
