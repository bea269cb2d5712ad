#include "cmd/config_digests.h"

#include "cmd/app.h"
#include "cmd/config_lists.h"
#include "core/base/arena.h"
#include "core/base/reference.h"
#include "core/base/vec.h"
#include "core/driver.h"
#include "core/yaml/node.h"

#include <string.h>

/* One service's image. */
struct pin {
    struct pins *pins;
    const char *name; /* in full, with its tag */
    struct node_pair *pair;
    struct service *service; /* where there is no pair */
    struct err err;
};

struct pins {
    struct config *config;
    config_pinned *done;
    VEC(struct pin *) items; /* in the order of the services */
    size_t waiting;
};

static void set_image(const struct pin *p, const char *image)
{
    struct arena *a = p->pins->config->app->arena;

    if (p->pair)
        p->pair->value = node_string(a, p->pair->value->loc, image);
    else
        p->service->image = image;
}

static void finish(struct pins *pins)
{
    const struct err *first = NULL;

    for (size_t i = 0; i < pins->items.len; i++)
        if (!first && pins->items.items[i]->err.code != ERR_NONE)
            first = &pins->items.items[i]->err;
    pins->done(pins->config, first);
    for (size_t i = 0; i < pins->items.len; i++)
        err_done(&pins->items.items[i]->err);
    vec_done(&pins->items);
}

static void on_digest(void *owner, const struct reply *r, const struct err *err)
{
    struct pin *p = owner;

    if (err)
        err_set(&p->err, err->code, loc_none(), "failed to resolve digest for %s: %s", p->name,
                err_text(err));
    else
        set_image(p, arena_printf(p->pins->config->app->arena, "%s@%s", p->name, r->id));
    if (--p->pins->waiting == 0)
        finish(p->pins);
}

/* An image that has a digest keeps it; its tag says no more then. */
static void add_image(struct pins *pins, const char *image, struct node_pair *pair,
                      struct service *service)
{
    struct arena *a = pins->config->app->arena;
    struct pin *p = arena_alloc(a, sizeof *p);
    struct reference r;

    if (str_empty(image))
        return;
    r = reference_parse(a, image);
    *p = (struct pin){.pins = pins, .pair = pair, .service = service};
    vec_push(&pins->items, p);
    if (reference_check(a, image, &p->err) < 0)
        return;
    if (r.digest)
        set_image(p, arena_printf(a, "%s@%s", r.repository, r.digest));
    else
        p->name = arena_printf(a, "%s:%s", r.repository, r.tag);
}

static void add_images(struct pins *pins)
{
    const struct config *c = pins->config;
    const struct node *services = node_get(c->tree, "services");

    for (size_t i = 0; node_is(services, NODE_MAP) && i < services->map.len; i++) {
        struct node_pair *pair = node_pair_get(services->map.pairs[i].value, "image");

        if (pair)
            add_image(pins, node_text(pair->value), pair, NULL);
    }
    for (size_t i = 0; !c->tree && i < c->app->project->services.len; i++) {
        struct service *s = c->app->project->services.items[i];

        if (!s->disabled)
            add_image(pins, s->image, NULL, s);
    }
}

void config_pin_images(struct config *c, config_pinned *done)
{
    struct app *app = c->app;
    struct pins *pins = arena_alloc(app->arena, sizeof *pins);
    bool asks = false, wrong = false;

    *pins = (struct pins){.config = c, .done = done};
    add_images(pins);
    for (size_t i = 0; i < pins->items.len; i++) {
        asks = asks || pins->items.items[i]->name;
        wrong = wrong || pins->items.items[i]->err.code != ERR_NONE;
    }
    if (!asks || wrong) {
        finish(pins);
        return;
    }
    if (app_engine(app) < 0) {
        vec_done(&pins->items);
        return;
    }
    for (size_t i = 0; i < pins->items.len; i++)
        pins->waiting += pins->items.items[i]->name != NULL;
    for (size_t i = 0; i < pins->items.len; i++) {
        struct reader *reader = &app->driver->reader;
        struct pin *p = pins->items.items[i];

        if (p->name)
            reader->ops->image_digest(reader, app->arena, p->name, on_digest, p);
    }
}

/* ---- nothing but images ---- */

static void keep_only(struct node *map, const char *key)
{
    for (size_t i = node_len(map); i-- > 0;)
        if (strcmp(map->map.pairs[i].key, key) != 0)
            node_remove(map, map->map.pairs[i].key);
}

static void keep_tree_images(struct node *tree)
{
    struct node *services;

    keep_only(tree, "services");
    services = node_get(tree, "services");
    for (size_t i = 0; node_is(services, NODE_MAP) && i < services->map.len; i++)
        if (node_is(services->map.pairs[i].value, NODE_MAP))
            keep_only(services->map.pairs[i].value, "image");
}

void config_keep_images(struct config *c)
{
    struct arena *a = c->app->arena;
    const struct project *from = c->app->project;
    struct project *p;

    if (c->tree) {
        keep_tree_images(c->tree);
        return;
    }
    p = arena_alloc(a, sizeof *p);
    p->arena = a;
    p->name = ""; /* JSON shows it */
    p->services.items = arena_calloc(a, from->services.len + 1, sizeof *p->services.items);
    for (size_t i = 0; i < from->services.len; i++) {
        const struct service *s = from->services.items[i];
        struct service *only = arena_alloc(a, sizeof *only);

        only->item.key = s->item.key;
        only->image = s->image;
        only->disabled = s->disabled;
        p->services.items[p->services.len++] = only;
    }
    c->app->project = p;
}
