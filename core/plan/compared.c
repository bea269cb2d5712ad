#include "core/plan/compared.h"

#include "core/base/arena.h"
#include "core/base/map.h"
#include "core/base/str.h"
#include "core/plan/labels.h"

const char *compared_key_container(struct arena *a, const struct container *c)
{
    return arena_printf(a, "container %s %s", c->service, c->config_hash);
}

const char *compared_key_network(struct arena *a, const struct network_state *n)
{
    return arena_printf(a, "network %s", n->id);
}

const char *compared_key_volume(struct arena *a, const struct volume_state *v)
{
    return arena_printf(a, "volume %s", v->name);
}

const struct compared *compared_find(const struct observed *o, const char *key)
{
    for (size_t i = 0; i < o->compared.len; i++)
        if (str_eq(o->compared.items[i].key, key))
            return &o->compared.items[i];
    return NULL;
}

static void add(struct questions *ret, const struct observed *o, const struct question *q)
{
    bool known = compared_find(o, q->key) != NULL;

    for (size_t i = 0; i < ret->len && !known; i++)
        known = str_eq(ret->items[i].key, q->key);
    if (!known)
        ret->items[ret->len++] = *q;
}

static void add_volumes(struct arena *a, const struct project *p, const struct observed *o,
                        struct questions *ret)
{
    for (size_t i = 0; i < o->volumes.len; i++) {
        const struct volume_state *state = o->volumes.items[i];
        const struct volume *v = project_volume(p, state->key);
        struct question q = {.what = {.id = state->name, .volume = v}};

        if (!v || !volume_is_changed(p, o, v) || own_label(&state->labels, LABEL_CONFIG))
            continue;
        q.key = compared_key_volume(a, state);
        add(ret, o, &q);
    }
}

static struct strings names_to_ask(struct arena *a, const struct observed *o,
                                   const struct strings *names)
{
    struct strings ret = {.items = arena_calloc(a, names->len + 1, sizeof(char *))};
    struct map asked = {0};

    for (size_t i = 0; i < o->names_asked.len; i++)
        map_set(&asked, o->names_asked.items[i], NULL);
    for (size_t i = 0; i < names->len; i++)
        if (!map_has(&asked, names->items[i]))
            ret.items[ret.len++] = names->items[i];
    map_done(&asked);
    return ret;
}

struct questions plan_questions(struct arena *a, const struct project *p, const struct observed *o,
                                const struct plan *plan, bool volumes, bool names)
{
    size_t nodes = plan_len(plan);
    struct questions ret = {.items =
                                arena_calloc(a, nodes + o->volumes.len + 1, sizeof *ret.items)};

    for (size_t i = 0; i < nodes; i++)
        if (plan_at(plan, i)->unexplained)
            add(&ret, o, plan_at(plan, i)->unexplained);
    if (volumes)
        add_volumes(a, p, o, &ret);
    if (names)
        ret.names = names_to_ask(a, o, plan_new_names(plan));
    return ret;
}
