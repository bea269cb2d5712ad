/* core/plan/volumes.c: volumes that are missing, foreign, or not as the model says. */
#include "core/plan/planner.h"

#include "core/base/arena.h"
#include "core/base/diags.h"
#include "core/base/digest.h"
#include "core/base/str.h"
#include "core/plan/labels.h"
#include "core/render/render.h"

static const struct volume_state *find_named(const struct planner *pl, const char *name)
{
    for (size_t i = 0; i < pl->observed->volumes.len; i++)
        if (str_eq(pl->observed->volumes.items[i]->name, name))
            return pl->observed->volumes.items[i];
    return NULL;
}

/* A volume that is there is used as it is: changing one means losing what it holds. */
static void compare(struct planner *pl, const struct volume *v, const struct volume_state *state)
{
    const char *path = arena_printf(pl->arena, "volumes.%s", v->item.key);
    char hash[SHA256_HEX_SIZE];

    if (str_empty(state->project)) {
        planner_warn(pl, &v->item, path,
                     "volume \"%s\" already exists but was not created by Docker Compose. "
                     "Use `external: true` to use an existing volume",
                     v->name);
        return;
    }
    if (!str_eq(state->project, pl->project->name)) {
        planner_warn(
            pl, &v->item, path,
            "volume \"%s\" already exists but was created for project \"%s\" (expected \"%s\"). "
            "Use `external: true` to use an existing volume",
            v->name, state->project, pl->project->name);
        return;
    }
    hash_volume(v, hash);
    if (!str_empty(state->config_hash) && !str_eq(state->config_hash, hash))
        planner_warn(
            pl, &v->item, path,
            "Volume \"%s\" exists but doesn't match configuration in compose file. It is kept, "
            "as making it anew would lose its data",
            v->name);
}

static struct plan_node *create_volume(struct planner *pl, const struct volume *v)
{
    struct plan_node *node = plan_add(pl->plan, OP_VOLUME_CREATE,
                                      arena_printf(pl->arena, "Volume %s", v->name), "not there");
    struct mapping *labels = arena_alloc(pl->arena, sizeof *labels);

    *labels = volume_labels(pl->arena, pl->project, v);
    node->target = v->name;
    node->volume_model = v;
    node->labels = labels;
    node->loc = item_loc(&v->item);
    node_words(node, "Creating", "Created", "Error");
    return node;
}

void look_at_volumes(struct planner *pl)
{
    pl->volumes = arena_calloc(pl->arena, pl->project->volumes.len + 1, sizeof *pl->volumes);
    for (size_t i = 0; i < pl->project->volumes.len; i++) {
        struct volume *v = pl->project->volumes.items[i];
        const struct volume_state *state = find_named(pl, v->name);

        pl->volumes[i].model = v;
        if (!pl->opts->create)
            continue;
        if (v->external && !state)
            planner_error(pl, &v->item, arena_printf(pl->arena, "volumes.%s", v->item.key),
                          "external volume \"%s\" not found", v->name);
        else if (!v->external && state)
            compare(pl, v, state);
    }
}

void plan_volumes(struct planner *pl)
{
    for (size_t i = 0; i < pl->project->volumes.len; i++) {
        struct volume_plan *v = &pl->volumes[i];

        if (!v->model->external && !find_named(pl, v->model->name))
            v->ready = create_volume(pl, v->model);
    }
}
