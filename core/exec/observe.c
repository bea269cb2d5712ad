#include "core/exec/observe.h"

#include "core/base/arena.h"
#include "core/base/err.h"
#include "core/base/map.h"
#include "core/base/mem.h"
#include "core/base/str.h"
#include "core/exec/lock.h"
#include "core/plan/labels.h"

#include <stdlib.h>
#include <string.h>

struct observation {
    struct reader *reader;
    struct arena *arena;
    struct observe_options opts;
    struct observed *ret;
    observe_done *done;
    void *owner;
    size_t open; /* answers still to come */
    size_t images_cap;
    struct err err;
    struct image_question *images;
};

struct image_question {
    struct observation *of;
    const char *ref;
};

static int compare_containers(const void *a, const void *b)
{
    return strcmp((*(struct container *const *)a)->name, (*(struct container *const *)b)->name);
}

/* What only an inspection tells. */
struct start_question {
    struct observation *of;
    struct container *container;
};

static void close_one(struct observation *o, const struct err *err)
{
    if (err && o->err.code == ERR_NONE)
        err_copy(&o->err, err);
    if (--o->open)
        return;
    if (o->ret->containers.len)
        qsort(o->ret->containers.items, o->ret->containers.len, sizeof(struct container *),
              compare_containers);
    o->done(o->owner, o->ret, o->err.code == ERR_NONE ? NULL : &o->err);
    err_done(&o->err);
    free(o->images);
    free(o);
}

static void on_info(void *owner, const struct reply *r, const struct err *err)
{
    struct observation *o = owner;

    if (!err && r->info)
        o->ret->info = *r->info;
    close_one(o, err);
}

static void on_started(void *owner, const struct reply *r, const struct err *err)
{
    struct start_question *q = owner;

    if (!err && r->containers.len)
        q->container->started_at = r->containers.items[0]->started_at;
    close_one(q->of, err && err->code == ERR_NOT_FOUND ? NULL : err);
}

static void ask_started(struct observation *o, struct container *c)
{
    const struct service *s = project_service(o->opts.model, c->service);
    struct start_question *q;

    if (c->oneoff || c->state != STATE_RUNNING || !s || !s->post_start.len)
        return;
    q = arena_alloc(o->arena, sizeof *q);
    *q = (struct start_question){o, c};
    o->open++;
    o->reader->ops->container_inspect(o->reader, o->arena, c->id, on_started, q);
}

/* Of what carries the project's label: containers of services have a hash, those of hooks say what
 * they are, and anything else is none of compose's. */
static void on_containers(void *owner, const struct reply *r, const struct err *err)
{
    struct observation *o = owner;
    struct containers *services = &o->ret->containers, *hooks = &o->ret->hooks;

    if (!err) {
        services->items = arena_calloc(o->arena, r->containers.len + 1, sizeof(struct container *));
        hooks->items = arena_calloc(o->arena, r->containers.len + 1, sizeof(struct container *));
    }
    for (size_t i = 0; !err && i < r->containers.len; i++) {
        struct container *c = r->containers.items[i];

        if (mapping_has(&c->labels, LABEL_HASH))
            services->items[services->len++] = c;
        else if (str_eq(mapping_get(&c->labels, LABEL_HOOK), "pre_start"))
            hooks->items[hooks->len++] = c;
    }
    for (size_t i = 0; o->opts.hooks_since && i < services->len; i++)
        ask_started(o, services->items[i]);
    close_one(o, err);
}

/* Ours, or meant by the model: by name, or an external one by id. */
static bool concerns(const struct observation *o, const struct network_state *n)
{
    const struct project *p = o->opts.model;

    if (str_eq(n->project, o->opts.project))
        return true;
    for (size_t i = 0; p && i < p->networks.len; i++) {
        const char *name = p->networks.items[i]->name;

        if (str_eq(n->name, name) || (p->networks.items[i]->external && str_eq(n->id, name)))
            return true;
    }
    return false;
}

static void on_networks(void *owner, const struct reply *r, const struct err *err)
{
    struct observation *o = owner;
    struct networks *ret = &o->ret->networks;

    if (!err) {
        ret->items = arena_calloc(o->arena, r->networks.len + 1, sizeof(struct network_state *));
        for (size_t i = 0; i < r->networks.len; i++)
            if (concerns(o, r->networks.items[i]))
                ret->items[ret->len++] = r->networks.items[i];
    }
    close_one(o, err);
}

/* The engine matches parts of names. */
static void on_volumes(void *owner, const struct reply *r, const struct err *err)
{
    struct observation *o = owner;
    const struct project *p = o->opts.model;
    struct volumes *ret = &o->ret->volumes;
    struct map meant = {0};

    if (!err && o->opts.lock)
        o->ret->lock_left = lock_is_left(&r->volumes, o->opts.lock);
    for (size_t i = 0; p && i < p->volumes.len; i++)
        map_set(&meant, p->volumes.items[i]->name, NULL);
    if (!err) {
        ret->items = arena_calloc(o->arena, r->volumes.len + 1, sizeof(struct volume_state *));
        for (size_t i = 0; i < r->volumes.len; i++)
            if (!p || map_has(&meant, r->volumes.items[i]->name))
                ret->items[ret->len++] = r->volumes.items[i];
    }
    map_done(&meant);
    close_one(o, err);
}

static void on_image(void *owner, const struct reply *r, const struct err *err)
{
    struct image_question *q = owner;
    struct observation *o = q->of;
    struct images *ret = &o->ret->images;

    if (err && err->code == ERR_NOT_FOUND) {
        close_one(o, NULL);
        return;
    }
    if (!err && r->images.len) {
        struct image_state *image = r->images.items[0];

        image->ref = q->ref;
        ret->items = arena_grow(o->arena, ret->items, ret->len, &o->images_cap, ret->len + 1,
                                sizeof(struct image_state *));
        ret->items[ret->len++] = image;
    }
    close_one(o, err);
}

/* ---- questions ---- */

static void ask_containers(struct observation *o, struct reader *r, const char *label)
{
    struct list_filter f = {.all = true, .labels = {.items = &label, .len = 1}};

    o->open++;
    r->ops->container_list(r, o->arena, &f, on_containers, o);
}

/* With a model, all of the engine's networks: one question, and neither an external network nor one
 * that only has the name of ours is missed. They are few: the engine's
 * address pools see to that. */
static void ask_networks(struct observation *o, struct reader *r, const char *label)
{
    struct list_filter f = {.all = true};

    if (o->opts.model && !o->opts.model->networks.len)
        return;
    if (!o->opts.model)
        f.labels = (struct strings){.items = &label, .len = 1};
    o->open++;
    r->ops->network_list(r, o->arena, &f, on_networks, o);
}

/* Volumes can be many: with a model, only those of its names, and the lock. */
static void ask_volumes(struct observation *o, struct reader *r, const char *label)
{
    const struct project *p = o->opts.model;
    struct list_filter f = {.all = true};

    if (p) {
        f.names.items = arena_calloc(o->arena, p->volumes.len + 1, sizeof(char *));
        for (size_t i = 0; i < p->volumes.len; i++)
            f.names.items[f.names.len++] = p->volumes.items[i]->name;
        if (o->opts.lock)
            f.names.items[f.names.len++] = o->opts.lock;
        if (!f.names.len)
            return;
    } else {
        f.labels = (struct strings){.items = &label, .len = 1};
    }
    o->open++;
    r->ops->volume_list(r, o->arena, &f, on_volumes, o);
}

static void ask_images(struct observation *o, struct reader *r)
{
    struct map seen = {0};

    o->images = mem_calloc(o->opts.images.len + 1, sizeof *o->images);
    for (size_t i = 0; i < o->opts.images.len; i++) {
        struct image_question *q = &o->images[i];

        if (map_has(&seen, o->opts.images.items[i]))
            continue;
        *q = (struct image_question){.of = o, .ref = o->opts.images.items[i]};
        map_set(&seen, q->ref, q);
        o->open++;
        r->ops->image_inspect(r, o->arena, q->ref, on_image, q);
    }
    map_done(&seen);
}

void observe(struct reader *r, struct arena *a, const struct observe_options *opts,
             observe_done *done, void *owner)
{
    struct observation *o = mem_calloc(1, sizeof *o);
    const char *label = arena_printf(a, "com.docker.compose.project=%s", opts->project);

    o->reader = r;
    o->arena = a;
    o->opts = *opts;
    o->ret = arena_alloc(a, sizeof *o->ret);
    o->ret->hooks_since = opts->hooks_since;
    o->done = done;
    o->owner = owner;
    o->open++;
    if (opts->contents)
        o->ret->contents = observe_contents(a, opts->model);
    r->ops->info(r, a, on_info, o); /* the driver knows it already after its first request */
    if (opts->containers)
        ask_containers(o, r, label);
    if (opts->networks)
        ask_networks(o, r, label);
    if (opts->volumes)
        ask_volumes(o, r, label);
    ask_images(o, r);
}
