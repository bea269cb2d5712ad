#include "cmd/provide.h"

#include "cmd/app.h"
#include "core/base/arena.h"
#include "core/base/err.h"
#include "core/base/path.h"
#include "core/base/str.h"
#include "core/exec/observe.h"
#include "core/plan/dockerfile.h"

#include <string.h>
#include <time.h>

enum { DOCKERFILE_MAX = 4 << 20 }; /* bytes */

struct provide {
    struct app *app;
    struct observed observed; /* with the images builds start from, once they are known */
    struct image_options opts;
    provide_found *found;
    void *owner;
    struct observed bases;
};

static void step(struct provide *v);

/* The words of docker compose's frame: a plan that only pulls is a pull. */
static const char *title_of(const struct plan *p)
{
    for (size_t i = 0; i < plan_len(p); i++)
        if (plan_at(p, i)->op == OP_IMAGE_BUILD)
            return "Building";
    return "Pulling";
}

static struct strings images_of_build(struct app *app, const struct image_build *b)
{
    AUTO_TEXT text = {0};
    AUTO_ERR err = {0};

    if (!str_empty(b->dockerfile_inline))
        str_add(&text, b->dockerfile_inline);
    else if (path_read(path_abs(app->arena, b->context, b->dockerfile), DOCKERFILE_MAX, &text,
                       &err) < 0)
        return (struct strings){0}; /* the build will say so */
    return dockerfile_images(app->arena, str_text(&text), text.len, b->args, b->target);
}

static void append(struct arena *a, struct strings *list, const struct strings *more)
{
    const char **items = arena_calloc(a, list->len + more->len + 1, sizeof *items);

    if (list->len)
        memcpy(items, list->items, list->len * sizeof *items);
    if (more->len)
        memcpy(items + list->len, more->items, more->len * sizeof *items);
    *list = (struct strings){items, list->len + more->len};
}

/* What the builds of `p` start from; fills opts.bases. Returns all references. */
static struct strings read_bases(struct provide *v, const struct plan *p)
{
    struct arena *a = v->app->arena;
    struct service_images *bases = arena_calloc(a, plan_len(p) + 1, sizeof *bases);
    struct strings all = {0};

    v->opts.bases_known = true;
    v->opts.bases = bases;
    for (size_t i = 0; i < plan_len(p); i++) {
        const struct plan_node *n = plan_at(p, i);

        if (n->op != OP_IMAGE_BUILD || !n->build->buildkit)
            continue; /* the classic builder asks registries itself */
        bases[v->opts.bases_len].service = n->service;
        bases[v->opts.bases_len].images = images_of_build(v->app, n->build);
        append(a, &all, &bases[v->opts.bases_len++].images);
    }
    return all;
}

static void on_bases(struct app *app, void *owner)
{
    struct provide *v = owner;
    struct images *have = &v->observed.images;
    struct image_state **items;

    items =
        arena_calloc(app->arena, have->len + v->bases.images.len + 1, sizeof(struct image_state *));
    if (have->len)
        memcpy(items, have->items, have->len * sizeof(struct image_state *));
    if (v->bases.images.len)
        memcpy(items + have->len, v->bases.images.items,
               v->bases.images.len * sizeof(struct image_state *));
    have->items = items;
    have->len += v->bases.images.len;
    step(v);
}

static void step(struct provide *v)
{
    struct app *app = v->app;
    struct plan *p = plan_images(app->arena, app->project, &v->observed, &v->opts, app->diags);

    if (app_print_diags(app) < 0 || !p) {
        app_finish(app, 1);
        return;
    }
    if (!plan_len(p)) {
        v->found(app, v->owner, NULL);
        return;
    }
    if (!v->opts.bases_known) {
        struct observe_options o = {.project = app->project->name, .model = app->project};

        o.images = read_bases(v, p);
        if (o.images.len) {
            app_observe(app, &o, &v->bases, on_bases, v);
            return;
        }
    }
    v->found(app, v->owner, p);
}

void provide_find(struct app *app, const struct observed *o, const struct image_options *opts,
                  provide_found *found, void *owner)
{
    struct provide *v = arena_alloc(app->arena, sizeof *v);

    *v =
        (struct provide){.app = app, .observed = *o, .opts = *opts, .found = found, .owner = owner};
    v->opts.now = time(NULL);
    step(v);
}

/* ---- and doing it ---- */

struct providing {
    struct image_options opts;
    provide_done *done;
    void *owner;
};

static void on_ran(struct app *app, void *owner, const struct err *err)
{
    struct providing *v = owner;

    v->done(app, v->owner, true, err);
}

static void on_found(struct app *app, void *owner, struct plan *p)
{
    struct providing *v = owner;

    if (p)
        app_run(app, p, v->opts.only_build && v->opts.quiet ? NULL : title_of(p), on_ran, v);
    else
        v->done(app, v->owner, false, NULL);
}

void provide_images(struct app *app, const struct observed *o, const struct image_options *opts,
                    provide_done *done, void *owner)
{
    struct providing *v = arena_alloc(app->arena, sizeof *v);

    *v = (struct providing){*opts, done, owner};
    provide_find(app, o, opts, on_found, v);
}
