/* core/plan/start.c: starts what does not run, each when its dependencies are as it wants them. */
#include "core/plan/planner.h"

#include "core/base/arena.h"
#include "core/base/diags.h"
#include "core/base/str.h"
#include "core/plan/hooks.h"

#include <string.h>

enum condition {
    CONDITION_STARTED,
    CONDITION_HEALTHY,
    CONDITION_COMPLETED,
    CONDITION_RUNNING_OR_HEALTHY
};

/* Dependants that wait for the same thing share the nodes. */
struct wait_note {
    const struct service_plan *dep;
    enum condition condition;
    bool optional;
    struct plan_nodes nodes; /* one a container */
};

static enum condition condition_of(struct planner *pl, const struct dependency *d)
{
    if (str_eq(d->condition, "service_healthy"))
        return CONDITION_HEALTHY;
    if (str_eq(d->condition, "service_completed_successfully"))
        return CONDITION_COMPLETED;
    if (str_eq(d->condition, "running_or_healthy")) /* of a project known by its labels */
        return CONDITION_RUNNING_OR_HEALTHY;
    if (!str_empty(d->condition) && !str_eq(d->condition, "service_started"))
        planner_warn(pl, &d->item, NULL, "unsupported depends_on condition: %s", d->condition);
    return CONDITION_STARTED;
}

/* It runs now and nothing in the plan touches it. */
static bool untouched(const struct planner *pl, const struct replica *r)
{
    return r->action == ACTION_KEEP && r->was->state == STATE_RUNNING &&
           !planner_stopped(pl, r->was);
}

/* What a wait would find out, known from the list of containers already. */
static bool is_met(const struct planner *pl, const struct replica *r, enum condition c)
{
    if (!r->was || r->action != ACTION_KEEP || r->started)
        return false;
    if (c == CONDITION_COMPLETED)
        return r->was->state == STATE_EXITED && r->was->exit_code == 0;
    if (!untouched(pl, r))
        return false;
    return r->was->health == HEALTH_HEALTHY ||
           (c == CONDITION_RUNNING_OR_HEALTHY && r->was->health == HEALTH_NONE);
}

static struct plan_node *wait_node(struct planner *pl, const struct service_plan *dep,
                                   const struct replica *r, enum condition c)
{
    static const enum wait_for what[] = {
        [CONDITION_STARTED] = WAIT_STARTED,
        [CONDITION_HEALTHY] = WAIT_HEALTHY,
        [CONDITION_COMPLETED] = WAIT_COMPLETED,
        [CONDITION_RUNNING_OR_HEALTHY] = WAIT_RUNNING_OR_HEALTHY,
    };
    bool met = is_met(pl, r, c);
    struct plan_node *n = plan_container(
        pl->plan, met ? OP_NOTHING : OP_WAIT, r->name, r->action == ACTION_KEEP ? r->was : NULL,
        dep->service->item.key, met ? "is so already" : "depended on");

    n->wait = what[c];
    n->loc = item_loc(&dep->service->item);
    if (!pl->opts->attached)
        node_words(n, "Waiting", c == CONDITION_COMPLETED ? "Exited" : "Healthy", "Error");
    if (!met)
        n->timeout = pl->opts->wait ? pl->opts->wait_timeout : 0;
    return n;
}

static const struct plan_nodes *wait_for(struct planner *pl, const struct service_plan *dep,
                                         enum condition c, bool optional)
{
    struct wait_note *note;

    for (size_t i = 0; i < pl->waits_len; i++)
        if (pl->waits[i].dep == dep && pl->waits[i].condition == c &&
            pl->waits[i].optional == optional)
            return &pl->waits[i].nodes;
    pl->waits = arena_grow(pl->arena, pl->waits, pl->waits_len, &pl->waits_cap, pl->waits_len + 1,
                           sizeof *pl->waits);
    note = &pl->waits[pl->waits_len++];
    *note = (struct wait_note){.dep = dep, .condition = c, .optional = optional};
    for (size_t i = 0; i < dep->len; i++) {
        struct replica *r = &dep->replicas[i];
        struct plan_node *n = wait_node(pl, dep, r, c);

        n->optional = optional;
        plan_after(n, r->ready);
        plan_after(n, r->started);
        plan_nodes_add(pl->plan, &note->nodes, n);
    }
    return &note->nodes;
}

static void missing(struct planner *pl, const struct service *s, const struct dependency *d)
{
    if (d->required)
        planner_error(pl, &d->item, NULL, "%s is missing dependency %s", s->item.key, d->item.key);
    else
        planner_warn(pl, &d->item, NULL, "%s is missing dependency %s", s->item.key, d->item.key);
}

/* What one dependency makes the starts of `s` wait for. */
static void add_gate(struct planner *pl, const struct service *s, const struct dependency *d,
                     struct plan_nodes *gate)
{
    const struct service_plan *dep = planner_service(pl, d->item.key);
    enum condition c = condition_of(pl, d);
    const struct plan_nodes *waits;

    if (!dep || dep == planner_service(pl, s->item.key))
        return;
    if (c == CONDITION_STARTED) {
        for (size_t i = 0; i < dep->len; i++)
            plan_nodes_add(pl->plan, gate, dep->replicas[i].started);
        return;
    }
    if (!dep->len && !pl->opts->create)
        missing(pl, s, d);
    waits = wait_for(pl, dep, c, !d->required);
    for (size_t i = 0; i < waits->len; i++)
        plan_nodes_add(pl->plan, gate, waits->items[i]);
}

/* docker compose mounts files whatever owner they ask for: its containers have them already. */
static size_t drop_mounted(struct file_copy *files, size_t count, const struct container *c)
{
    size_t kept = 0;

    for (size_t i = 0; i < count; i++) {
        bool mounted = false;

        for (size_t j = 0; j < c->mounts.len; j++)
            mounted |= str_eq(c->mounts.items[j]->destination, files[i].target);
        if (!mounted)
            files[kept++] = files[i];
    }
    return kept;
}

static const char *start_cause(const struct planner *pl, const struct replica *r)
{
    if (r->action == ACTION_CREATE)
        return "created";
    if (r->action == ACTION_RECREATE)
        return "recreated";
    if (planner_stopped(pl, r->was))
        return "stopped before";
    return container_state_name(r->was->state);
}

static struct plan_node *copy_files(struct planner *pl, const struct service *s,
                                    const struct replica *r)
{
    struct file_copy *files = NULL;
    size_t count = 0;
    struct plan_node *n;

    if (plan_files(pl->arena, pl->project, s, &files, &count, pl->diags) < 0) {
        pl->failed = true;
        return NULL;
    }
    if (r->action == ACTION_KEEP)
        count = drop_mounted(files, count, r->was);
    if (!count)
        return NULL;
    n = plan_container(pl->plan, OP_CONTAINER_COPY, r->name,
                       r->action == ACTION_KEEP ? r->was : NULL, s->item.key, start_cause(pl, r));
    n->files = files;
    n->file_count = count;
    n->failed = pl->opts->attached ? NULL : "Error";
    plan_after(n, r->ready);
    plan_after(n, r->joined);
    return n;
}

static struct plan_node *start_node(struct planner *pl, const struct service *s, struct replica *r)
{
    struct plan_node *files = copy_files(pl, s, r);
    struct plan_node *n =
        plan_container(pl->plan, OP_CONTAINER_START, r->name,
                       r->action == ACTION_KEEP ? r->was : NULL, s->item.key, start_cause(pl, r));

    n->loc = item_loc(&s->item);
    if (!pl->opts->attached)
        node_words(n, "Starting", "Started", "Error");
    plan_after(n, r->ready);
    plan_after(n, r->joined);
    plan_after(n, files);
    plan_after(n, r->was ? planner_stopped(pl, r->was) : NULL);
    if (r->action == ACTION_KEEP) /* the others were made after them */
        after_networks(pl, n, s);
    after_whoever_holds(pl, n, s);
    plan_after_all(n, &pl->cleared);
    return n;
}

/* Replicas that pick a port out of a range get them in the order of their numbers. */
static bool publishes_range(const struct service *s)
{
    for (size_t i = 0; i < s->ports.len; i++)
        if (s->ports.items[i]->published && strchr(s->ports.items[i]->published, '-'))
            return true;
    return false;
}

/* `start` passes over services without containers as long as the project has some. */
static bool has_containers(const struct planner *pl)
{
    for (size_t i = 0; i < pl->observed->containers.len; i++)
        if (!pl->observed->containers.items[i]->oneoff)
            return true;
    return false;
}

static void start_service(struct planner *pl, struct service_plan *sp)
{
    const struct service *s = sp->service;
    struct plan_nodes gate = {0};
    struct plan_node *before = NULL, *prepared = NULL, *start;
    bool in_turn = publishes_range(s), any_runs = false;

    if (!sp->len) {
        if (!pl->opts->create && !pl->failed && !has_containers(pl))
            planner_error(pl, &s->item, NULL, "service \"%s\" has no container to start",
                          s->item.key);
        return;
    }
    for (size_t i = 0; i < s->depends_on.len; i++)
        add_gate(pl, s, s->depends_on.items[i], &gate);
    for (size_t i = 0; i < sp->len; i++)
        any_runs |= untouched(pl, &sp->replicas[i]);
    if (!any_runs)
        prepared = plan_pre_start(pl, sp, &gate);
    for (size_t i = 0; i < sp->len; i++) {
        struct replica *r = &sp->replicas[i];

        if (untouched(pl, r))
            continue;
        start = start_node(pl, s, r);
        plan_after_all(start, &gate);
        plan_after(start, prepared);
        if (in_turn)
            plan_after(start, before);
        before = start;
        r->started =
            plan_post_start(start, s, r->action == ACTION_KEEP ? r->was : NULL, pl->opts->timeout);
    }
}

/* `run` starts its container when this plan is done: what that waits for
 * becomes part of the plan. */
static void wait_for_run(struct planner *pl)
{
    const struct service *s = project_service(pl->project, pl->opts->for_run);
    const size_t before = plan_len(pl->plan);
    struct plan_nodes gate = {0};

    for (size_t i = 0; s && i < s->depends_on.len; i++)
        add_gate(pl, s, s->depends_on.items[i], &gate);
    for (size_t i = 0; i < gate.len; i++) /* waited for without a word */
        if (gate.items[i]->id >= before &&
            (gate.items[i]->op == OP_WAIT || gate.items[i]->op == OP_NOTHING))
            node_words(gate.items[i], NULL, NULL, NULL);
}

void plan_starts(struct planner *pl)
{
    note_what_is_let_go(pl);
    for (size_t i = 0; i < pl->len; i++)
        start_service(pl, &pl->services[i]);
    if (pl->opts->for_run)
        wait_for_run(pl);
}

/* ---- --wait ---- */

static bool completion_is_wanted(const struct planner *pl, const struct service *s)
{
    for (size_t i = 0; i < pl->len; i++) {
        const struct dependency *d = service_dependency(pl->services[i].service, s->item.key);

        if (d && str_eq(d->condition, "service_completed_successfully"))
            return true;
    }
    return false;
}

void plan_waits_at_end(struct planner *pl)
{
    struct plan_node *started = NULL;

    for (size_t i = 0; i < pl->len; i++)
        for (size_t j = 0; j < pl->services[i].len; j++) {
            struct plan_node *one = pl->services[i].replicas[j].started;

            if (!one)
                continue;
            if (!started)
                started =
                    plan_add(pl->plan, OP_NOTHING, pl->project->name, "everything is started");
            plan_after(started, one);
        }
    for (size_t i = 0; i < pl->len; i++) {
        struct service_plan *sp = &pl->services[i];
        enum condition c = completion_is_wanted(pl, sp->service) ? CONDITION_COMPLETED
                                                                 : CONDITION_RUNNING_OR_HEALTHY;

        for (size_t j = 0; j < sp->len; j++) {
            struct plan_node *n = wait_node(pl, sp, &sp->replicas[j], c);

            n->at_end = n->op == OP_WAIT;
            n->timeout = n->at_end ? pl->opts->wait_timeout : 0;
            plan_after(n, sp->replicas[j].ready);
            plan_after(n, started);
        }
    }
}
