/* core/plan/volumes.c: volumes that are missing, foreign, or not as the model says.
 *
 * One that has changed is made anew only where the user has agreed to lose what it holds; the
 * containers that hold it go first, and are created again like missing ones. */
#include "core/plan/planner.h"

#include "core/base/arena.h"
#include "core/base/diags.h"
#include "core/base/digest.h"
#include "core/base/str.h"
#include "core/plan/compared.h"
#include "core/plan/labels.h"
#include "core/render/canonical.h"
#include "core/render/render.h"
#include "core/schema/attr.h" /* volume_table */
#include "core/yaml/node.h"

static const struct volume_state *find_named(const struct observed *o, const char *name)
{
    for (size_t i = 0; i < o->volumes.len; i++)
        if (str_eq(o->volumes.items[i]->name, name))
            return o->volumes.items[i];
    return NULL;
}

static const char *path_of(struct planner *pl, const struct volume *v)
{
    return arena_printf(pl->arena, "volumes.%s", v->item.key);
}

static void warn_of_owner(struct planner *pl, const struct volume *v,
                          const struct volume_state *state)
{
    const char *path = path_of(pl, v);

    if (str_empty(state->project))
        planner_warn(pl, &v->item, path,
                     "volume \"%s\" already exists but was not created by Docker Compose. "
                     "Use `external: true` to use an existing volume",
                     v->name);
    else if (!str_eq(state->project, pl->project->name))
        planner_warn(
            pl, &v->item, path,
            "volume \"%s\" already exists but was created for project \"%s\" (expected \"%s\"). "
            "Use `external: true` to use an existing volume",
            v->name, state->project, pl->project->name);
}

/* A mark that is no plain no is one: data that is kept can still be removed. */
static bool says_no(const struct node *n)
{
    return (n->kind == NODE_BOOL && !n->boolean) ||
           (n->kind == NODE_STRING && str_eq(n->string.text, "false"));
}

const struct node *volume_protection(const struct volume *v)
{
    const struct node *mark = node_get(v->item.node, "x-protect");

    return mark && !says_no(mark) ? mark : NULL;
}

/* One of this project, made from another definition. */
bool volume_is_changed(const struct project *p, const struct observed *o, const struct volume *v)
{
    const struct volume_state *state = v->external ? NULL : find_named(o, v->name);
    char hash[SHA256_HEX_SIZE];

    if (!state || !str_eq(state->project, p->name) || str_empty(state->config_hash))
        return false;
    hash_volume(v, hash);
    return !str_eq(state->config_hash, hash);
}

static struct causes volume_causes(struct arena *a, const struct observed *o,
                                   const struct volume *v)
{
    const struct volume_state *was = find_named(o, v->name);
    struct causes ret = {0};
    AUTO_TEXT now = {0};

    canonical_volume(v, &now);
    causes_of_change(a, &ret, &volume_table, &was->labels,
                     compared_find(o, compared_key_volume(a, was)), str_text(&now), v->item.node);
    return ret;
}

const char *plan_volume_change(struct arena *a, const struct project *p, const struct observed *o,
                               const char *key)
{
    struct causes causes = volume_causes(a, o, project_volume(p, key));

    return causes_text(a, &causes, 0);
}

struct strings plan_changed_volumes(struct arena *a, const struct project *p,
                                    const struct observed *o)
{
    struct strings ret = {.items = arena_calloc(a, p->volumes.len + 1, sizeof(char *))};

    for (size_t i = 0; i < p->volumes.len; i++)
        if (volume_is_changed(p, o, p->volumes.items[i]) && !volume_protection(p->volumes.items[i]))
            ret.items[ret.len++] = p->volumes.items[i]->item.key;
    return ret;
}

/* ---- who goes with it ---- */

static bool service_mounts(const struct service *s, const struct volume *v)
{
    for (size_t i = 0; i < s->volumes.len; i++)
        if (str_eq(s->volumes.items[i]->type, "volume") &&
            str_eq(s->volumes.items[i]->source, v->item.key))
            return true;
    return false;
}

static bool container_mounts(const struct container *c, const struct volume *v)
{
    for (size_t i = 0; i < c->mounts.len; i++)
        if (str_eq(c->mounts.items[i]->type, "volume") && str_eq(c->mounts.items[i]->name, v->name))
            return true;
    return false;
}

bool goes_with_volume(const struct planner *pl, const struct container *c)
{
    const struct service *s = c->oneoff ? NULL : project_service(pl->project, c->service);

    if (!s || s->disabled)
        return false;
    for (size_t i = 0; i < pl->project->volumes.len; i++) {
        const struct volume_plan *v = &pl->volumes[i];

        if (v->changed && (service_mounts(s, v->model) || container_mounts(c, v->model)))
            return true;
    }
    return false;
}

/* The engine removes no volume that a container holds: better said before anything is stopped. */
static void check_holders(struct planner *pl, const struct volume_plan *v)
{
    const struct containers *all = &pl->observed->containers;
    AUTO_TEXT holders = {0};

    for (size_t i = 0; i < all->len; i++) {
        const struct container *c = all->items[i];

        if (container_mounts(c, v->model) && !goes_with_volume(pl, c) &&
            !(pl->opts->remove_orphans && is_orphan(pl, c)))
            str_addf(&holders, "%s%s", holders.len ? ", " : "", c->name);
    }
    if (holders.len)
        planner_error(pl, &v->model->item, path_of(pl, v->model),
                      "volume \"%s\" cannot be recreated: it is in use by %s, which this command "
                      "does not remove",
                      v->model->name, str_text(&holders));
}

/* ---- nodes ---- */

static struct plan_node *create_volume(struct planner *pl, const struct volume *v,
                                       const char *cause)
{
    struct plan_node *node =
        plan_add(pl->plan, OP_VOLUME_CREATE, arena_printf(pl->arena, "Volume %s", v->name), cause);
    struct mapping *labels = arena_alloc(pl->arena, sizeof *labels);

    *labels = volume_labels(pl->arena, pl->project, v);
    node->target = v->name;
    node->volume_model = v;
    node->labels = labels;
    node->loc = item_loc(&v->item);
    node_words(node, "Creating", "Created", "Error");
    return node;
}

static void remove_container(struct planner *pl, const struct container *c)
{
    const char *cause = "its volume is recreated";
    struct plan_node *stop = planner_stop(pl, c, c->service, cause, true);
    struct plan_node *gone =
        plan_container(pl->plan, OP_CONTAINER_REMOVE, c->name, c, c->service, cause);

    gone->force = gone->tolerate_missing = true;
    node_words(gone, "Removing", "Removed", "Error while Removing");
    plan_after(gone, stop);
    plan_nodes_add(pl->plan, &pl->cleared, gone);
}

/* Who depends on others stops first. */
static void remove_users(struct planner *pl)
{
    struct services order = plan_order(pl->arena, pl->project, false);
    const struct containers *all = &pl->observed->containers;

    for (size_t i = order.len; i-- > 0;)
        for (size_t j = 0; j < all->len; j++)
            if (str_eq(all->items[j]->service, order.items[i]->item.key) &&
                goes_with_volume(pl, all->items[j]))
                remove_container(pl, all->items[j]);
}

static void replace_volume(struct planner *pl, struct volume_plan *v)
{
    struct causes *causes = arena_alloc(pl->arena, sizeof *causes);
    const char *cause;
    struct plan_node *gone;

    *causes = volume_causes(pl->arena, pl->observed, v->model);
    cause = causes_text(pl->arena, causes, CAUSES_TOLD);
    gone = plan_add(pl->plan, OP_VOLUME_REMOVE,
                    arena_printf(pl->arena, "Volume %s", v->model->name), cause);

    gone->target = v->model->name;
    gone->force = gone->tolerate_missing = true;
    gone->loc = item_loc(&v->model->item);
    node_words(gone, NULL, NULL, "Error");
    plan_after_all(gone, &pl->cleared);
    v->ready = create_volume(pl, v->model, cause);
    plan_after(v->ready, gone);
    gone->causes = v->ready->causes = causes;
}

/* ---- passes ---- */

static void look_at(struct planner *pl, struct volume_plan *v)
{
    const struct volume_state *state = find_named(pl->observed, v->model->name);
    const struct node *kept = volume_protection(v->model);
    bool changed = volume_is_changed(pl->project, pl->observed, v->model);

    if (v->model->external && !state)
        planner_error(pl, &v->model->item, path_of(pl, v->model),
                      "external volume \"%s\" not found", v->model->name);
    else if (!v->model->external && state)
        warn_of_owner(pl, v->model, state);
    if (changed && kept)
        diags_warn(pl->diags, kept->loc, path_of(pl, v->model),
                   "volume \"%s\" is protected (x-protect): it is kept, although it changed: %s",
                   v->model->name,
                   plan_volume_change(pl->arena, pl->project, pl->observed, v->model->item.key));
    v->changed = changed && !kept && strings_have(&pl->opts->recreate_volumes, v->model->item.key);
}

void look_at_volumes(struct planner *pl)
{
    size_t len = pl->project->volumes.len;

    pl->volumes = arena_calloc(pl->arena, len + 1, sizeof *pl->volumes);
    for (size_t i = 0; i < len; i++) {
        pl->volumes[i].model = pl->project->volumes.items[i];
        if (pl->opts->create)
            look_at(pl, &pl->volumes[i]);
    }
    for (size_t i = 0; i < len; i++)
        if (pl->volumes[i].changed)
            check_holders(pl, &pl->volumes[i]);
}

void plan_volumes(struct planner *pl)
{
    remove_users(pl);
    for (size_t i = 0; i < pl->project->volumes.len; i++) {
        struct volume_plan *v = &pl->volumes[i];

        if (v->changed)
            replace_volume(pl, v);
        else if (!v->model->external && !find_named(pl->observed, v->model->name))
            v->ready = create_volume(pl, v->model, "not there");
    }
}
