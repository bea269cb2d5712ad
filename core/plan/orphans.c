/* core/plan/orphans.c: containers of the project that no service of the file wants. */
#include "core/plan/planner.h"

#include "core/base/arena.h"
#include "core/base/diags.h"
#include "core/base/str.h"

/* Services of inactive profiles count as known; a one-off that has ended is an orphan as well. */
bool is_orphan(const struct planner *pl, const struct container *c)
{
    if (c->oneoff && (c->state == STATE_EXITED || c->state == STATE_DEAD))
        return true;
    return !project_service(pl->project, c->service);
}

static void warn(struct planner *pl)
{
    const struct containers *all = &pl->observed->containers;
    AUTO_TEXT names = {0};

    for (size_t i = 0; i < all->len; i++)
        if (is_orphan(pl, all->items[i]))
            str_addf(&names, "%s%s", names.len ? " " : "", all->items[i]->name);
    if (names.len)
        planner_warn(
            pl, NULL, NULL,
            "Found orphan containers ([%s]) for this project. If you removed or renamed this "
            "service in your compose file, you can run this command with the --remove-orphans "
            "flag to clean it up.",
            str_text(&names));
}

void plan_orphans(struct planner *pl)
{
    const struct containers *all = &pl->observed->containers;

    if (!pl->opts->remove_orphans) {
        if (!pl->opts->ignore_orphans)
            warn(pl);
        return;
    }
    for (size_t i = 0; i < all->len; i++) {
        const struct container *c = all->items[i];
        struct plan_node *stop, *gone;

        if (!is_orphan(pl, c))
            continue;
        stop =
            container_is_up(c)
                ? planner_stop(pl, c, c->service, "no service of the project", true)
                : plan_container(pl->plan, OP_NOTHING, c->name, c, c->service, "it does not run");
        if (stop->op == OP_NOTHING) /* told of all the same */
            node_words(stop, "Stopping", "Stopped", NULL);
        gone = plan_container(pl->plan, OP_CONTAINER_REMOVE, c->name, c, c->service,
                              "no service of the project");
        gone->force = gone->tolerate_missing = true;
        node_words(gone, "Removing", "Removed", "Error while Removing");
        plan_after(gone, stop);
        plan_nodes_add(pl->plan, &pl->cleared, gone);
    }
}
