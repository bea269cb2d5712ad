#include "core/plan/create.h"

#include "core/base/arena.h"
#include "core/base/attr.h"
#include "core/base/digest.h"
#include "core/base/str.h"
#include "core/plan/labels.h"
#include "core/plan/names.h"
#include "core/render/canonical.h"
#include "core/render/render.h"

#include <stdlib.h>
#include <string.h>

const char *referred_service(const char *mode)
{
    return mode && str_has_prefix(mode, "service:") ? mode + strlen("service:") : NULL;
}

bool refers_to_services(const struct service *s)
{
    return referred_service(s->network_mode) || referred_service(s->ipc) ||
           referred_service(s->pid) || s->volumes_from.len || s->links.len;
}

static void note_missing(struct parents *ret, const char *service, const char *at, const char *what)
{
    if (ret->missing)
        return;
    ret->missing = service;
    ret->missing_at = at;
    ret->missing_what = what;
}

/* One attribute that may be "service:x". */
struct sharing {
    const char *attr, *what, *mode;
    const char **ref, **made_name;
};

static void resolve(struct arena *a, struct parents *ret, const struct sharing *at,
                    parent_fn *parent, void *owner)
{
    const char *service = referred_service(at->mode), *id = NULL;

    if (!service)
        return;
    parent(owner, service, &id, at->made_name);
    if (*at->made_name)
        ret->made = true;
    else if (id)
        *at->ref = arena_printf(a, "container:%s", id);
    else
        note_missing(ret, service, at->attr, at->what);
}

static void resolve_volumes(struct arena *a, struct parents *ret, const struct service *s,
                            parent_fn *parent, void *owner)
{
    const char **ids, **made;

    if (!s->volumes_from.len)
        return;
    ids = arena_calloc(a, s->volumes_from.len, sizeof(char *));
    made = arena_calloc(a, s->volumes_from.len, sizeof(char *));
    for (size_t i = 0; i < s->volumes_from.len; i++) {
        const char *text = s->volumes_from.items[i], *id = NULL, *made_name = NULL;
        bool container = str_has_prefix(text, "container:");
        const char *name = container ? text + strlen("container:") : text;
        const char *colon = strchr(name, ':');
        const char *bare = arena_strndup(a, name, colon ? (size_t)(colon - name) : strlen(name));

        if (!container)
            parent(owner, bare, &id, &made_name);
        ret->made |= made_name != NULL;
        made[i] = made_name ? made_name : "";
        if (!container && !id && !made_name)
            note_missing(ret, bare, "volumes_from", "volume");
        ids[i] = container ? bare : id ? id : text;
    }
    ret->refs.volumes_from = ids;
    ret->refs.volumes_from_len = s->volumes_from.len;
    for (size_t i = 0; i < s->volumes_from.len; i++)
        if (*made[i])
            ret->volumes_from_of = (struct strings){.items = made, .len = s->volumes_from.len};
}

struct parents parents_of(struct arena *a, const struct service *s, parent_fn *parent, void *owner)
{
    struct parents ret = {0};
    const struct sharing all[] = {
        {"network_mode", "network namespace", s->network_mode, &ret.refs.network_mode,
         &ret.network_mode_of},
        {"ipc", "IPC namespace", s->ipc, &ret.refs.ipc, &ret.ipc_of},
        {"pid", "PID namespace", s->pid, &ret.refs.pid, &ret.pid_of},
    };

    for (size_t i = 0; i < ARRAY_LEN(all); i++)
        resolve(a, &ret, &all[i], parent, owner);
    resolve_volumes(a, &ret, s, parent, owner);
    return ret;
}

/* ---- links ---- */

struct linker {
    struct arena *arena;
    struct strings list;
    size_t cap;
};

static void add_link(struct linker *l, const char *container, const char *alias)
{
    l->list.items =
        arena_grow(l->arena, l->list.items, l->list.len, &l->cap, l->list.len + 1, sizeof(char *));
    l->list.items[l->list.len++] = arena_printf(l->arena, "%s:%s", container, alias);
}

/* "name:alias", or "name" for both. Returns the name. */
static const char *split_link(struct arena *a, const char *text, const char **alias)
{
    const char *colon = strchr(text, ':');

    *alias = colon ? colon + 1 : text;
    return colon ? arena_strndup(a, text, (size_t)(colon - text)) : text;
}

/* The numbered names are those of the container that links, as docker compose has it. */
static void link_service(struct linker *l, const struct project *p, const char *service,
                         const char *alias, int number, const struct strings *containers)
{
    for (size_t i = 0; i < containers->len; i++) {
        const char *c = containers->items[i];

        add_link(l, c, alias);
        if (!number)
            continue;
        add_link(l, c, arena_printf(l->arena, "%s%s%d", service, name_separator(p), number));
        add_link(l, c,
                 arena_printf(l->arena, "%s%s%s%s%d", p->name, name_separator(p), service,
                              name_separator(p), number));
    }
}

struct strings links_of(struct arena *a, const struct project *p, const struct service *s,
                        int number, containers_fn *containers, void *owner)
{
    struct linker l = {.arena = a};
    const char *alias;

    for (size_t i = 0; i < s->links.len; i++) {
        const char *service = split_link(a, s->links.items[i], &alias);
        struct strings found = containers(owner, service);

        link_service(&l, p, service, alias, number, &found);
    }
    for (size_t i = 0; i < s->external_links.len; i++) {
        const char *name = split_link(a, s->external_links.items[i], &alias);

        add_link(&l, name, alias);
    }
    return l.list;
}

/* ---- endpoints ---- */

static int compare_networks(const void *a, const void *b)
{
    const struct service_network *x = *(struct service_network *const *)a;
    const struct service_network *y = *(struct service_network *const *)b;

    if (x->priority != y->priority)
        return x->priority > y->priority ? -1 : 1;
    return strcmp(x->item.key, y->item.key);
}

static struct strings aliases_of(struct arena *a, const struct service *s,
                                 const struct service_network *n, const char *name, bool all)
{
    struct strings ret = {.items = arena_calloc(a, n->aliases.len + 2, sizeof(char *))};

    ret.items[ret.len++] = name;
    if (!all)
        return ret;
    ret.items[ret.len++] = s->item.key;
    for (size_t i = 0; i < n->aliases.len; i++)
        ret.items[ret.len++] = n->aliases.items[i];
    return ret;
}

void endpoints_of(struct arena *a, const struct project *p, const struct service *s,
                  const char *name, bool aliases, struct container_create *ret)
{
    struct service_network **sorted;

    if (!str_empty(s->network_mode) || !s->networks.len)
        return;
    sorted = arena_calloc(a, s->networks.len, sizeof(struct service_network *));
    ret->endpoints.items = arena_calloc(a, s->networks.len, sizeof(struct endpoint *));
    for (size_t i = 0; i < s->networks.len; i++)
        sorted[i] = s->networks.items[i];
    qsort(sorted, s->networks.len, sizeof(struct service_network *), compare_networks);
    for (size_t i = 0; i < s->networks.len; i++) {
        const struct network *n = project_network(p, sorted[i]->item.key);
        struct endpoint *e = arena_alloc(a, sizeof *e);

        e->network = n ? n->name : sorted[i]->item.key;
        e->options = sorted[i]->item.null ? NULL : sorted[i];
        e->aliases = aliases_of(a, s, sorted[i], name, aliases);
        e->links = ret->links;
        ret->endpoints.items[ret->endpoints.len++] = e;
    }
}

/* What the service says about this path: -1 nothing, 0 an anonymous volume, 1 something else. */
static int declared_at(const struct service *s, const char *target)
{
    for (size_t i = 0; i < s->volumes.len; i++) {
        const struct mount *m = s->volumes.items[i];

        if (str_eq(m->target, target))
            return str_eq(m->type, "volume") && str_empty(m->source) ? 0 : 1;
    }
    return -1;
}

static bool image_has_volume(const struct image_state *image, const char *path)
{
    for (size_t i = 0; image && i < image->volumes.len; i++)
        if (str_eq(image->volumes.items[i], path))
            return true;
    return false;
}

void inherit_mounts(struct arena *a, const struct service *s, const struct image_state *image,
                    const struct container *old, struct container_create *ret)
{
    ret->inherited.items = arena_calloc(a, old->mounts.len + 1, sizeof(struct inherited_mount *));
    for (size_t i = 0; i < old->mounts.len; i++) {
        const struct container_mount *m = old->mounts.items[i];
        int declared = declared_at(s, m->destination);
        struct inherited_mount *kept;

        if (str_eq(m->type, "tmpfs") || declared == 1 ||
            (declared < 0 && !image_has_volume(image, m->destination)))
            continue;
        kept = arena_alloc(a, sizeof *kept);
        *kept = (struct inherited_mount){
            .type = m->type,
            .source = str_eq(m->type, "volume") ? m->name : m->source,
            .target = m->destination,
            .read_only = !m->rw,
        };
        ret->inherited.items[ret->inherited.len++] = kept;
    }
}

struct strings observed_names(struct arena *a, const struct observed *o, const char *service)
{
    struct strings ret = {.items = arena_calloc(a, o->containers.len + 1, sizeof(char *))};

    for (size_t i = 0; i < o->containers.len; i++) {
        const struct container *c = o->containers.items[i];

        if (!c->oneoff && str_eq(c->service, service))
            ret.items[ret.len++] = c->name;
    }
    return ret;
}

const struct image_state *image_find(const struct observed *o, const char *ref)
{
    for (size_t i = 0; i < o->images.len; i++)
        if (str_eq(o->images.items[i]->ref, ref))
            return o->images.items[i];
    return NULL;
}

/* ---- once the ids are known ---- */

static void complete_mode(struct arena *a, const char **ref, const char *name, id_of_fn *id_of,
                          void *owner)
{
    const char *id = name ? id_of(owner, name) : NULL;

    if (id)
        *ref = arena_printf(a, "container:%s", id);
}

static void complete_volumes(struct arena *a, struct service_refs *refs,
                             const struct strings *names, id_of_fn *id_of, void *owner)
{
    const char **ids;

    if (!names->len)
        return;
    ids = arena_calloc(a, names->len, sizeof(char *));
    for (size_t i = 0; i < names->len; i++) {
        const char *id = str_empty(names->items[i]) ? NULL : id_of(owner, names->items[i]);

        ids[i] = id ? arena_strdup(a, id) : refs->volumes_from[i];
    }
    refs->volumes_from = ids;
}

struct container_create *plan_complete(const struct plan *p, const struct plan_node *n,
                                       id_of_fn *id_of, void *owner)
{
    struct arena *a = plan_arena(p);
    struct container_create *c;
    char hash[SHA256_HEX_SIZE];
    AUTO_TEXT config = {0};

    if (!n->network_mode_of && !n->ipc_of && !n->pid_of && !n->volumes_from_of.len)
        return n->create;
    c = arena_alloc(a, sizeof *c);
    *c = *n->create;
    complete_mode(a, &c->refs.network_mode, n->network_mode_of, id_of, owner);
    complete_mode(a, &c->refs.ipc, n->ipc_of, id_of, owner);
    complete_mode(a, &c->refs.pid, n->pid_of, id_of, owner);
    complete_volumes(a, &c->refs, &n->volumes_from_of, id_of, owner);
    if (n->op == OP_CONTAINER_HOOK) /* it has no hash */
        return c;
    hash_service(c->service, &c->refs, HASH_V2, hash);
    canonical_service(c->service, &c->refs, &config);
    c->labels = mapping_with(a, &c->labels, LABEL_HASH, arena_strdup(a, hash));
    c->labels = mapping_with(a, &c->labels, LABEL_CONFIG, arena_strdup(a, str_text(&config)));
    return c;
}
