#include "core/plan/reconcile.h"

#include "core/base/arena.h"
#include "core/base/diags.h"
#include "core/base/str.h"
#include "core/plan/order.h"
#include "core/plan/planner.h"

static void init(struct planner *pl)
{
    struct services order = plan_order(pl->arena, pl->project, false);

    pl->plan = plan_new(pl->arena);
    pl->services = arena_calloc(pl->arena, order.len + 1, sizeof *pl->services);
    for (size_t i = 0; i < order.len; i++) {
        if (order.items[i]->provider)
            continue; /* no containers: plan_providers() has them */
        if (str_eq(order.items[i]->item.key, pl->opts->for_run))
            continue; /* its own containers stay as they are */
        pl->services[pl->len].service = order.items[i];
        map_set(&pl->by_name, order.items[i]->item.key, &pl->services[pl->len]);
        pl->len++;
    }
}

static void check_scale_names(struct planner *pl)
{
    for (size_t i = 0; i < pl->opts->scale_len; i++)
        if (!project_service(pl->project, pl->opts->scale[i].service))
            planner_error(pl, NULL, NULL, "no such service: %s: not found",
                          pl->opts->scale[i].service);
}

static void make(struct planner *pl)
{
    look_at_networks(pl);
    look_at_volumes(pl);
    check_scale_names(pl);
    decide_services(pl);
    if (!pl->failed && pl->opts->create)
        look_at_names(pl);
    if (pl->failed)
        return;
    if (pl->opts->create) {
        plan_orphans(pl);
        plan_networks(pl);
        plan_volumes(pl);
        plan_containers(pl);
    }
    if (pl->opts->start)
        plan_starts(pl);
    if (pl->opts->start && pl->opts->wait)
        plan_waits_at_end(pl);
}

struct plan *reconcile_up(struct arena *a, const struct project *p, const struct observed *o,
                          const struct up_options *opts, struct diags *diags)
{
    struct planner pl = {.arena = a, .project = p, .observed = o, .opts = opts, .diags = diags};

    init(&pl);
    make(&pl);
    map_done(&pl.by_name);
    map_done(&pl.holders);
    map_done(&pl.let_go);
    return pl.failed ? NULL : pl.plan;
}
