#include "core/plan/labels.h"

#include "core/base/arena.h"
#include "core/base/digest.h"
#include "core/base/str.h"
#include "core/plan/cause.h"
#include "core/plan/compared.h"
#include "core/render/canonical.h"
#include "core/render/render.h"
#include "core/yaml/node.h"

#include <stdlib.h>
#include <string.h>

/* Entries being gathered; a later one with the same key wins. */
struct gather {
    struct arena *arena;
    struct mapping map;
    size_t cap;
};

static void put(struct gather *g, const char *key, const char *value)
{
    for (size_t i = 0; i < g->map.len; i++)
        if (str_eq(g->map.entries[i].key, key)) {
            g->map.entries[i].value = value;
            return;
        }
    g->map.entries = arena_grow(g->arena, g->map.entries, g->map.len, &g->cap, g->map.len + 1,
                                sizeof *g->map.entries);
    g->map.entries[g->map.len++] = (struct mapping_entry){.key = key, .value = value};
}

static int compare_entries(const void *a, const void *b)
{
    return strcmp(((const struct mapping_entry *)a)->key, ((const struct mapping_entry *)b)->key);
}

static struct mapping sorted(struct gather *g)
{
    if (g->map.len)
        qsort(g->map.entries, g->map.len, sizeof *g->map.entries, compare_entries);
    return g->map;
}

static struct gather start_with(struct arena *a, const struct mapping *own)
{
    struct gather g = {.arena = a};

    g.map.entries = arena_grow(a, NULL, 0, &g.cap, own->len + 16, sizeof *g.map.entries);
    for (size_t i = 0; i < own->len; i++) /* a label without a value is an empty one */
        g.map.entries[g.map.len++] =
            (struct mapping_entry){.key = own->entries[i].key,
                                   .value = own->entries[i].value ? own->entries[i].value : ""};
    return g;
}

static const char *joined(struct arena *a, const struct strings *list)
{
    AUTO_TEXT text = {0};

    for (size_t i = 0; i < list->len; i++)
        str_addf(&text, "%s%s", i ? "," : "", list->items[i]);
    return arena_strdup(a, str_text(&text));
}

static int compare_dependencies(const void *a, const void *b)
{
    return strcmp((*(struct dependency *const *)a)->item.key,
                  (*(struct dependency *const *)b)->item.key);
}

/* "db:service_healthy:false,redis:service_started:true", sorted: docker
 * compose's order is random. Optional ones that are disabled are none. */
static const char *dependencies(struct arena *a, const struct project *p, const struct service *s)
{
    struct dependency **deps = arena_calloc(a, s->depends_on.len + 1, sizeof(struct dependency *));
    AUTO_TEXT text = {0};
    size_t len = 0;

    for (size_t i = 0; i < s->depends_on.len; i++) {
        struct dependency *d = s->depends_on.items[i];
        const struct service *on = project_service(p, d->item.key);

        if (d->required || (on && !on->disabled))
            deps[len++] = d;
    }
    qsort(deps, len, sizeof(struct dependency *), compare_dependencies);
    for (size_t i = 0; i < len; i++)
        str_addf(&text, "%s%s:%s:%s", i ? "," : "", deps[i]->item.key, deps[i]->condition,
                 deps[i]->restart ? "true" : "false");
    return arena_strdup(a, str_text(&text));
}

struct mapping container_labels(struct arena *a, const struct project *p, const struct service *s,
                                const struct label_facts *f)
{
    struct gather g = start_with(a, &s->labels);

    put(&g, LABEL_PROJECT, p->name);
    put(&g, LABEL_SERVICE, s->item.key);
    put(&g, LABEL_VERSION, COMPOSE_VERSION);
    put(&g, LABEL_ONEOFF, f->slug ? "True" : "False");
    put(&g, LABEL_DEPENDS_ON, dependencies(a, p, s));
    put(&g, LABEL_WORKING_DIR, p->working_dir ? p->working_dir : "");
    put(&g, LABEL_CONFIG_FILES, joined(a, &p->config_files));
    if (p->env_files.len)
        put(&g, LABEL_ENV_FILE, joined(a, &p->env_files));
    if (f->hash)
        put(&g, LABEL_HASH, arena_strdup(a, f->hash));
    if (f->image_id)
        put(&g, LABEL_IMAGE, f->image_id);
    if (f->replace)
        put(&g, LABEL_REPLACE, f->replace);
    if (f->slug)
        put(&g, LABEL_SLUG, f->slug);
    if (f->number)
        put(&g, LABEL_NUMBER, arena_printf(a, "%d", f->number));
    if (!f->slug)
        put(&g, LABEL_SCHEMA, LABEL_SCHEMA_NOW);
    if (f->config)
        put(&g, LABEL_CONFIG, f->config);
    if (!str_empty(f->files))
        put(&g, LABEL_FILES, f->files);
    if (f->cause)
        put(&g, LABEL_CAUSE, f->cause);
    return sorted(&g);
}

const char *own_label(const struct mapping *labels, const char *key)
{
    if (!str_eq(mapping_get(labels, LABEL_SCHEMA), LABEL_SCHEMA_NOW))
        return NULL;
    return mapping_get(labels, key);
}

void causes_of_change(struct arena *a, struct causes *list, const struct attr_table *t,
                      const struct mapping *labels, const struct compared *compared,
                      const char *now, const struct node *now_at)
{
    const char *was = own_label(labels, LABEL_CONFIG);
    const size_t before = list->len;

    if (was)
        causes_of_fields(a, list, t, was, now, now_at);
    else if (compared && compared->was)
        causes_of_fields(a, list, t, compared->was, compared->now, now_at);
    if (list->len == before)
        cause_add(a, list, now_at ? now_at->loc : loc_none(), "configuration changed%s",
                  !was && compared && compared->was ? ", in what the engine does not tell" : "");
}

struct mapping network_labels(struct arena *a, const struct project *p, const struct network *n)
{
    struct gather g = start_with(a, &n->labels);
    char hash[SHA256_HEX_SIZE];
    AUTO_TEXT config = {0};

    hash_network(n, HASH_V2, hash);
    canonical_network(n, &config);
    put(&g, LABEL_PROJECT, p->name);
    put(&g, LABEL_NETWORK, n->item.key);
    put(&g, LABEL_VERSION, COMPOSE_VERSION);
    put(&g, LABEL_HASH, arena_strdup(a, hash));
    put(&g, LABEL_SCHEMA, LABEL_SCHEMA_NOW);
    put(&g, LABEL_CONFIG, arena_strdup(a, str_text(&config)));
    return sorted(&g);
}

struct mapping volume_labels(struct arena *a, const struct project *p, const struct volume *v)
{
    struct gather g = start_with(a, &v->labels);
    char hash[SHA256_HEX_SIZE];
    AUTO_TEXT config = {0};

    hash_volume(v, hash);
    canonical_volume(v, &config);
    put(&g, LABEL_PROJECT, p->name);
    put(&g, LABEL_VOLUME, v->item.key);
    put(&g, LABEL_VERSION, COMPOSE_VERSION);
    put(&g, LABEL_HASH, arena_strdup(a, hash));
    put(&g, LABEL_SCHEMA, LABEL_SCHEMA_NOW);
    put(&g, LABEL_CONFIG, arena_strdup(a, str_text(&config)));
    return sorted(&g);
}

/* Without a config-hash: it is none of the service's containers. */
struct mapping hook_labels(struct arena *a, const struct project *p, const struct service *s)
{
    struct gather g = {.arena = a};

    put(&g, LABEL_PROJECT, p->name);
    put(&g, LABEL_SERVICE, s->item.key);
    put(&g, LABEL_VERSION, COMPOSE_VERSION);
    put(&g, LABEL_HOOK, "pre_start");
    return sorted(&g);
}

struct mapping image_labels(struct arena *a, const struct project *p, const struct service *s,
                            bool buildkit)
{
    struct gather g = start_with(a, &s->build->labels);

    if (buildkit) {
        put(&g, LABEL_PROJECT, p->name);
        put(&g, LABEL_SERVICE, s->item.key);
        put(&g, LABEL_VERSION, COMPOSE_VERSION);
    } else {
        put(&g, LABEL_BUILDER, "classic");
    }
    return sorted(&g);
}

struct mapping mapping_with(struct arena *a, const struct mapping *m, const char *key,
                            const char *value)
{
    struct gather g = {.arena = a};

    g.map.entries = arena_grow(a, NULL, 0, &g.cap, m->len + 1, sizeof *g.map.entries);
    for (size_t i = 0; i < m->len; i++)
        g.map.entries[g.map.len++] = m->entries[i];
    put(&g, key, value);
    return sorted(&g);
}
