/* cmd/why.c: how the containers of a service differ from the files, what says so, and why they were
 * last made anew. Changes nothing. */
#include "cmd/app.h"
#include "cmd/command.h"
#include "cmd/foresee.h"
#include "core/base/arena.h"
#include "core/base/err.h"
#include "core/base/str.h"
#include "core/base/text.h"
#include "core/plan/labels.h"

struct why_args {
    char none; /* no options */
};

static const struct opt why_opts[] = {OPT_END};

struct asking {
    struct strings services;
};

static const struct plan_resource *resource_of(const struct foresight *f, const char *name)
{
    for (size_t i = 0; i < f->resources.len; i++)
        if (str_eq(f->resources.items[i].kind, "container") &&
            str_eq(f->resources.items[i].name, name))
            return &f->resources.items[i];
    return NULL;
}

static void print_causes(const struct plan_resource *r, struct str *out)
{
    for (size_t i = 0; r && i < r->causes.len; i++) {
        str_add(out, "    ");
        cause_print(&r->causes.items[i], out);
        str_addc(out, '\n');
    }
    if (!r)
        str_add(out, "    as it should be\n");
}

static void print_history(const struct container *c, struct str *out)
{
    const char *cause = own_label(&c->labels, LABEL_CAUSE);

    str_add(out, "    made ");
    time_format_rfc3339(c->created, out);
    if (cause)
        str_addf(out, " anew, because: %s\n", cause);
    else if (own_label(&c->labels, LABEL_CONFIG))
        str_add(out, ", and never made anew since\n");
    else
        str_add(out, " by docker compose, which does not note why\n");
}

static void print_container(const struct foresight *f, const struct container *c, struct str *out)
{
    const struct plan_resource *r = resource_of(f, c->name);

    str_addf(out, "container %s: %s\n", c->name,
             resource_action_name(r ? r->action : RESOURCE_NOTHING));
    print_causes(r, out);
    print_history(c, out);
}

/* Replicas that are missing. */
static void print_new(const struct foresight *f, const char *service, struct str *out)
{
    for (size_t i = 0; i < f->resources.len; i++) {
        const struct plan_resource *r = &f->resources.items[i];

        if (r->action != RESOURCE_CREATE || !str_eq(r->service, service))
            continue;
        str_addf(out, "container %s: create\n", r->name);
        print_causes(r, out);
    }
}

static void print_service(const struct foresight *f, const char *service, struct str *out)
{
    const struct containers *all = &f->observed.containers;
    const size_t before = out->len;

    for (size_t i = 0; i < all->len; i++)
        if (!all->items[i]->oneoff && str_eq(all->items[i]->service, service))
            print_container(f, all->items[i], out);
    print_new(f, service, out);
    if (out->len == before)
        str_addf(out, "service %s has no container, and is to have none\n", service);
}

static void on_foreseen(struct app *app, void *owner, const struct foresight *f)
{
    const struct asking *w = owner;
    AUTO_TEXT text = {0};

    for (size_t i = 0; i < w->services.len; i++)
        print_service(f, w->services.items[i], &text);
    app_out(str_text(&text), text.len);
    app_finish(app, 0);
}

static void why_run(struct app *app, void *args, const struct strings *named)
{
    struct asking *w = arena_alloc(app->arena, sizeof *w);
    struct converge_options opts = {
        .no_images = true,
        .up = {.create = true,
               .start = true,
               .recreate = RECREATE_CHANGED,
               .ignore_orphans = true,
               .timeout = TIMEOUT_DEFAULT},
    };
    struct strings none = {0};

    (void)args;
    w->services = *named;
    app->load.keep_others = true;
    if (app_load_to_run(app, &none) < 0)
        return;
    for (size_t i = 0; i < named->len; i++)
        if (!project_service(app->project, named->items[i])) {
            AUTO_ERR err = {0};

            err_set(&err, ERR_NOT_FOUND, loc_none(), "no such service: %s", named->items[i]);
            app_fail(app, &err);
            return;
        }
    if (app_engine_to_read(app) == 0)
        foresee(app, &opts, on_foreseen, w);
}

const struct command cmd_why = {
    .name = "why",
    .usage = "why SERVICE...",
    .summary = "Show how a service's containers differ from the files, and why they were recreated",
    .opts = why_opts,
    .args_size = sizeof(struct why_args),
    .arity = ARGS_MIN_1,
    .run = why_run,
};
