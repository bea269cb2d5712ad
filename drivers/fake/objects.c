/* drivers/fake/objects.c: networks, volumes, images. */
#include "drivers/fake/state.h"

#include "core/render/canonical.h"

#include <string.h>

void fake_copy_strings(struct arena *a, const struct strings *from, struct strings *to)
{
    to->items = arena_calloc(a, from->len + 1, sizeof(char *));
    to->len = from->len;
    for (size_t i = 0; i < from->len; i++)
        to->items[i] = arena_strdup(a, from->items[i]);
}

static bool names_match(const char *name, const struct strings *want)
{
    for (size_t i = 0; i < want->len; i++)
        if (strstr(name, want->items[i]))
            return true;
    return !want->len;
}

static struct call *list(struct reader *r, struct arena *a, const char *what,
                         const struct list_filter *f,
                         void (*act)(struct call *, struct reply *, struct err *), call_done *done,
                         void *owner)
{
    struct call *c = fake_call(fake_of_reader(r), what, NULL, false, act, done, owner);

    c->answer = a;
    fake_copy_strings(c->args, &f->labels, &c->filter.labels);
    fake_copy_strings(c->args, &f->names, &c->filter.names);
    return c;
}

static const char *label(const struct mapping *labels, const char *name)
{
    const char *value = mapping_get(labels, name);

    return value ? value : "";
}

static void act_info(struct call *call, struct reply *reply, struct err *err)
{
    (void)err;
    reply->info = arena_alloc(call->answer, sizeof *reply->info);
    *reply->info = call->f->info;
}

struct call *fake_info(struct reader *r, struct arena *a, call_done *done, void *owner)
{
    struct call *c = fake_call(fake_of_reader(r), "info", NULL, false, act_info, done, owner);

    c->answer = a;
    return c;
}

void fake_set_api(struct fake *f, unsigned minor)
{
    f->info.api_minor = minor;
}

/* ---- networks ---- */

static struct network_state *find_network(const struct fake *f, const char *name)
{
    for (size_t i = 0; i < f->networks.len; i++)
        if (str_eq(f->networks.items[i]->name, name) || str_eq(f->networks.items[i]->id, name))
            return f->networks.items[i];
    return NULL;
}

static void fill_network(struct arena *a, const struct network_state *from,
                         struct network_state *to)
{
    *to = *from;
    to->id = arena_strdup(a, from->id);
    to->name = arena_strdup(a, from->name);
    to->labels = copy_mapping(a, &from->labels);
    to->project = label(&to->labels, "com.docker.compose.project");
    to->key = label(&to->labels, "com.docker.compose.network");
    to->config_hash = label(&to->labels, "com.docker.compose.config-hash");
}

void fake_add_network(struct fake *f, const char *name, const struct mapping *labels)
{
    static const struct mapping none;
    struct network_state *n = arena_alloc(f->arena, sizeof *n);
    struct network_state from = {
        .id = fake_new_id(f), .name = name, .labels = labels ? *labels : none};

    fill_network(f->arena, &from, n);
    n->driver = "bridge";
    n->scope = "local";
    vec_push(&f->networks, n);
}

bool fake_has_network(const struct fake *f, const char *name)
{
    return find_network(f, name) != NULL;
}

static void act_networks(struct call *call, struct reply *reply, struct err *err)
{
    struct fake *f = call->f;

    (void)err;
    reply->networks.items =
        arena_calloc(call->answer, f->networks.len + 1, sizeof(struct network_state *));
    for (size_t i = 0; i < f->networks.len; i++) {
        struct network_state *n;

        if (!labels_match(&f->networks.items[i]->labels, &call->filter.labels) ||
            !names_match(f->networks.items[i]->name, &call->filter.names))
            continue;
        n = arena_alloc(call->answer, sizeof *n);
        fill_network(call->answer, f->networks.items[i], n);
        reply->networks.items[reply->networks.len++] = n;
    }
}

struct call *fake_network_list(struct reader *r, struct arena *a, const struct list_filter *f,
                               call_done *done, void *owner)
{
    return list(r, a, "network_list", f, act_networks, done, owner);
}

static void act_network(struct call *call, struct reply *reply, struct err *err)
{
    const struct network_state *found = find_network(call->f, call->subject);
    struct network_state *n;

    if (!found) {
        not_found(err, "network", call->subject);
        return;
    }
    n = arena_alloc(call->answer, sizeof *n);
    fill_network(call->answer, found, n);
    reply->networks.items = arena_calloc(call->answer, 1, sizeof(struct network_state *));
    reply->networks.items[reply->networks.len++] = n;
}

struct call *fake_network_inspect(struct reader *r, struct arena *a, const char *name,
                                  call_done *done, void *owner)
{
    struct call *c =
        fake_call(fake_of_reader(r), "network_inspect", name, false, act_network, done, owner);

    c->answer = a;
    return c;
}

static void act_network_create(struct call *call, struct reply *reply, struct err *err)
{
    if (find_network(call->f, call->subject)) {
        conflict(err, "network with name %s already exists", call->subject);
        return;
    }
    fake_add_network(call->f, call->subject, &call->labels);
    reply->id = call->f->networks.items[call->f->networks.len - 1]->id;
    fake_keep_config(call->f, reply->id, call->config);
}

struct call *fake_network_create(struct writer *w, const struct network *n,
                                 const struct mapping *labels, call_done *done, void *owner)
{
    struct call *c = fake_call(fake_of_writer(w), "network_create", n->name, true,
                               act_network_create, done, owner);
    AUTO_TEXT config = {0};

    canonical_network(n, &config);
    c->config = arena_strdup(c->args, str_text(&config));
    c->labels = copy_mapping(c->args, labels);
    return c;
}

static bool network_in_use(const struct fake *f, const struct network_state *n)
{
    for (size_t i = 0; i < f->containers.len; i++) {
        const struct container *c = &f->containers.items[i]->c;

        for (size_t j = 0; c->state == STATE_RUNNING && j < c->networks.len; j++)
            if (str_eq(c->networks.items[j]->network_id, n->id))
                return true;
    }
    return false;
}

static void act_network_remove(struct call *call, struct reply *reply, struct err *err)
{
    struct fake *f = call->f;
    struct network_state *n = find_network(f, call->subject);

    (void)reply;
    if (!n) {
        not_found(err, "network", call->subject);
    } else if (network_in_use(f, n)) {
        err_set(err, ERR_ENGINE, loc_none(),
                "Error response from daemon: error while removing network: network %s has active "
                "endpoints",
                n->name);
        err->status = 403;
    } else {
        for (size_t i = 0; i < f->networks.len; i++)
            if (f->networks.items[i] == n) {
                vec_remove(&f->networks, i);
                break;
            }
    }
}

struct call *fake_network_remove(struct writer *w, const char *id, call_done *done, void *owner)
{
    return fake_call(fake_of_writer(w), "network_remove", id, true, act_network_remove, done,
                     owner);
}

static void act_connect(struct call *call, struct reply *reply, struct err *err)
{
    struct fake_container *c = fake_want(call, err);
    const struct network_state *n = find_network(call->f, call->name);
    struct container_network *link, **items;

    (void)reply;
    if (c && !n)
        not_found(err, "network", call->name);
    if (!c || !n)
        return;
    link = arena_alloc(call->f->arena, sizeof *link);
    link->name = n->name;
    link->network_id = n->id;
    if (call->endpoint)
        fake_copy_strings(call->f->arena, &call->endpoint->aliases, &link->aliases);
    items = arena_calloc(call->f->arena, c->c.networks.len + 1, sizeof(struct container_network *));
    for (size_t i = 0; i < c->c.networks.len; i++)
        items[i] = c->c.networks.items[i];
    items[c->c.networks.len++] = link;
    c->c.networks.items = items;
}

struct call *fake_network_connect(struct writer *w, const char *network, const char *container,
                                  const struct endpoint *e, call_done *done, void *owner)
{
    struct call *c =
        fake_call(fake_of_writer(w), "network_connect", container, true, act_connect, done, owner);

    c->name = arena_strdup(c->args, network);
    c->endpoint = e;
    return c;
}

static void act_disconnect(struct call *call, struct reply *reply, struct err *err)
{
    struct fake_container *c = fake_want(call, err);
    const struct network_state *n = find_network(call->f, call->name);

    (void)reply;
    if (c && !n)
        not_found(err, "network", call->name);
    for (size_t i = 0; c && n && i < c->c.networks.len; i++)
        if (str_eq(c->c.networks.items[i]->name, n->name)) {
            memmove(&c->c.networks.items[i], &c->c.networks.items[i + 1],
                    (c->c.networks.len - i - 1) * sizeof(struct container_network *));
            c->c.networks.len--;
            break;
        }
}

struct call *fake_network_disconnect(struct writer *w, const char *network, const char *container,
                                     call_done *done, void *owner)
{
    struct call *c = fake_call(fake_of_writer(w), "network_disconnect", container, true,
                               act_disconnect, done, owner);

    c->name = arena_strdup(c->args, network);
    return c;
}

/* ---- volumes ---- */

static struct volume_state *find_volume(const struct fake *f, const char *name)
{
    for (size_t i = 0; i < f->volumes.len; i++)
        if (str_eq(f->volumes.items[i]->name, name))
            return f->volumes.items[i];
    return NULL;
}

static void fill_volume(struct arena *a, const struct volume_state *from, struct volume_state *to)
{
    *to = *from;
    to->name = arena_strdup(a, from->name);
    to->labels = copy_mapping(a, &from->labels);
    to->project = label(&to->labels, "com.docker.compose.project");
    to->key = label(&to->labels, "com.docker.compose.volume");
    to->config_hash = label(&to->labels, "com.docker.compose.config-hash");
}

void fake_add_volume(struct fake *f, const char *name, const struct mapping *labels)
{
    static const struct mapping none;
    struct volume_state *v = arena_alloc(f->arena, sizeof *v);
    struct volume_state from = {.name = name, .labels = labels ? *labels : none};

    fill_volume(f->arena, &from, v);
    v->driver = "local";
    vec_push(&f->volumes, v);
}

bool fake_has_volume(const struct fake *f, const char *name)
{
    return find_volume(f, name) != NULL;
}

static void act_volumes(struct call *call, struct reply *reply, struct err *err)
{
    struct fake *f = call->f;

    (void)err;
    reply->volumes.items =
        arena_calloc(call->answer, f->volumes.len + 1, sizeof(struct volume_state *));
    for (size_t i = 0; i < f->volumes.len; i++) {
        struct volume_state *v;

        if (!labels_match(&f->volumes.items[i]->labels, &call->filter.labels) ||
            !names_match(f->volumes.items[i]->name, &call->filter.names))
            continue;
        v = arena_alloc(call->answer, sizeof *v);
        fill_volume(call->answer, f->volumes.items[i], v);
        reply->volumes.items[reply->volumes.len++] = v;
    }
}

struct call *fake_volume_list(struct reader *r, struct arena *a, const struct list_filter *f,
                              call_done *done, void *owner)
{
    return list(r, a, "volume_list", f, act_volumes, done, owner);
}

static void act_volume(struct call *call, struct reply *reply, struct err *err)
{
    const struct volume_state *found = find_volume(call->f, call->subject);
    struct volume_state *v;

    if (!found) {
        not_found(err, "volume", call->subject);
        return;
    }
    v = arena_alloc(call->answer, sizeof *v);
    fill_volume(call->answer, found, v);
    reply->volumes.items = arena_calloc(call->answer, 1, sizeof(struct volume_state *));
    reply->volumes.items[reply->volumes.len++] = v;
}

struct call *fake_volume_inspect(struct reader *r, struct arena *a, const char *name,
                                 call_done *done, void *owner)
{
    struct call *c =
        fake_call(fake_of_reader(r), "volume_inspect", name, false, act_volume, done, owner);

    c->answer = a;
    return c;
}

static void act_volume_create(struct call *call, struct reply *reply, struct err *err)
{
    if (!find_volume(call->f, call->subject)) {
        fake_add_volume(call->f, call->subject, &call->labels);
        fake_keep_config(call->f, call->subject, call->config);
    }
    act_volume(call, reply, err);
    reply->id = reply->volumes.items[0]->name;
    fake_emit_volume(call->f, reply->id, "create");
}

struct call *fake_volume_create(struct writer *w, const struct volume *v,
                                const struct mapping *labels, call_done *done, void *owner)
{
    struct call *c = fake_call(fake_of_writer(w), "volume_create", v->name, true, act_volume_create,
                               done, owner);
    AUTO_TEXT config = {0};

    canonical_volume(v, &config);
    c->config = arena_strdup(c->args, str_text(&config));
    c->labels = copy_mapping(c->args, labels);
    c->answer = c->args;
    return c;
}

static void act_volume_remove(struct call *call, struct reply *reply, struct err *err)
{
    struct fake *f = call->f;

    (void)reply;
    for (size_t i = 0; i < f->containers.len; i++)
        for (size_t j = 0; j < f->containers.items[i]->c.mounts.len; j++)
            if (str_eq(f->containers.items[i]->c.mounts.items[j]->name, call->subject)) {
                conflict(err, "remove %s: volume is in use - [%s]", call->subject,
                         f->containers.items[i]->c.id);
                return;
            }
    for (size_t i = 0; i < f->volumes.len; i++)
        if (str_eq(f->volumes.items[i]->name, call->subject)) {
            vec_remove(&f->volumes, i);
            fake_emit_volume(f, call->subject, "destroy");
            return;
        }
    not_found(err, "volume", call->subject);
}

struct call *fake_volume_remove(struct writer *w, const char *name, bool force, call_done *done,
                                void *owner)
{
    (void)force;
    return fake_call(fake_of_writer(w), "volume_remove", name, true, act_volume_remove, done,
                     owner);
}
