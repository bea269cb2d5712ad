/* core/plan/fromlabels.c: a project without its files, put together from what its containers,
 * networks and volumes are labelled with. */
#include "core/plan/reconcile.h"

#include "core/base/arena.h"
#include "core/base/str.h"
#include "core/plan/labels.h"

#include <stdlib.h>
#include <string.h>

static int compare_keys(const void *a, const void *b)
{
    return strcmp((*(const struct item *const *)a)->key, (*(const struct item *const *)b)->key);
}

/* Lists of the model are sorted, look-ups rely on it. */
#define SORT(list)                                                                                 \
    do {                                                                                           \
        if ((list).len)                                                                            \
            qsort((list).items, (list).len, sizeof((list).items[0]), compare_keys);                \
    } while (0)

/* "db:service_healthy:false", or of old versions just "db" */
static struct dependency *dependency_of(struct arena *a, const char *text, size_t len)
{
    struct dependency *d = arena_alloc(a, sizeof *d);
    const char *end = text + len;
    const char *colon = memchr(text, ':', len);
    const char *second = colon ? memchr(colon + 1, ':', (size_t)(end - colon - 1)) : NULL;
    const char *condition_end = second ? second : end;

    d->item.key = arena_strndup(a, text, colon ? (size_t)(colon - text) : len);
    d->condition = colon ? arena_strndup(a, colon + 1, (size_t)(condition_end - colon - 1))
                         : "running_or_healthy";
    d->restart = second ? end - second == 5 && !strncmp(second + 1, "true", 4) : true;
    d->required = true;
    return d;
}

static void read_dependencies(struct arena *a, struct service *s, const char *label)
{
    size_t count = 1;

    if (str_empty(label))
        return;
    for (const char *p = label; *p; p++)
        count += *p == ',';
    s->depends_on.items = arena_calloc(a, count, sizeof(struct dependency *));
    while (*label) {
        size_t len = strcspn(label, ",");

        if (len)
            s->depends_on.items[s->depends_on.len++] = dependency_of(a, label, len);
        label += len + (label[len] == ',');
    }
    SORT(s->depends_on);
}

static struct service *service_of(struct arena *a, const struct container *c)
{
    struct service *s = arena_alloc(a, sizeof *s);

    s->item.key = arena_strdup(a, c->service);
    s->image = c->image;
    s->scale = (struct opt_int){.set = true, .value = 0};
    read_dependencies(a, s, mapping_get(&c->labels, LABEL_DEPENDS_ON));
    return s;
}

static struct service *find(const struct project *p, const char *name)
{
    for (size_t i = 0; i < p->services.len; i++) /* not sorted yet */
        if (str_eq(p->services.items[i]->item.key, name))
            return p->services.items[i];
    return NULL;
}

static void add_services(struct project *p, const struct observed *o)
{
    p->services.items = arena_calloc(p->arena, o->containers.len + 1, sizeof(struct service *));
    for (size_t i = 0; i < o->containers.len; i++) {
        const struct container *c = o->containers.items[i];
        struct service *s;

        if (str_empty(c->service))
            continue;
        s = find(p, c->service);
        if (!s)
            p->services.items[p->services.len++] = s = service_of(p->arena, c);
        if (!c->oneoff)
            s->scale.value++;
    }
    SORT(p->services);
}

static void add_networks(struct project *p, const struct observed *o)
{
    p->networks.items = arena_calloc(p->arena, o->networks.len + 1, sizeof(struct network *));
    for (size_t i = 0; i < o->networks.len; i++) {
        const struct network_state *state = o->networks.items[i];
        struct network *n;

        if (!str_eq(state->project, p->name) || str_empty(state->key))
            continue;
        n = arena_alloc(p->arena, sizeof *n);
        n->item.key = state->key;
        n->name = state->name;
        n->driver = state->driver;
        p->networks.items[p->networks.len++] = n;
    }
    SORT(p->networks);
}

static void add_volumes(struct project *p, const struct observed *o)
{
    p->volumes.items = arena_calloc(p->arena, o->volumes.len + 1, sizeof(struct volume *));
    for (size_t i = 0; i < o->volumes.len; i++) {
        const struct volume_state *state = o->volumes.items[i];
        struct volume *v;

        if (!str_eq(state->project, p->name) || str_empty(state->key))
            continue;
        v = arena_alloc(p->arena, sizeof *v);
        v->item.key = state->key;
        v->name = state->name;
        v->driver = state->driver;
        p->volumes.items[p->volumes.len++] = v;
    }
    SORT(p->volumes);
}

struct project *project_from_labels(struct arena *a, const char *name, const struct observed *o)
{
    struct project *p = arena_alloc(a, sizeof *p);

    p->arena = a;
    p->name = arena_strdup(a, name);
    p->working_dir = "";
    add_services(p, o);
    add_networks(p, o);
    add_volumes(p, o);
    return p;
}

static void keep(struct project *p, struct service *s)
{
    if (!s || !s->disabled)
        return;
    s->disabled = false;
    for (size_t i = 0; i < s->depends_on.len; i++)
        keep(p, project_service(p, s->depends_on.items[i]->item.key));
}

const char *project_keep(struct project *p, const struct strings *named)
{
    for (size_t i = 0; i < named->len; i++)
        if (!project_service(p, named->items[i]))
            return named->items[i];
    for (size_t i = 0; named->len && i < p->services.len; i++)
        p->services.items[i]->disabled = true;
    for (size_t i = 0; i < named->len; i++)
        keep(p, project_service(p, named->items[i]));
    return NULL;
}
