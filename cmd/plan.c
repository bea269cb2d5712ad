/* cmd/plan.c: what `up` would do, and why. Changes nothing. */
#include "cmd/app.h"
#include "cmd/command.h"
#include "cmd/saved_plan.h"
#include "cmd/up_args.h"
#include "core/base/arena.h"
#include "core/base/err.h"
#include "core/base/str.h"
#include "core/plan/plan.h"

#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

enum { EXIT_CHANGES = 2 };

struct plan_args {
    struct up_args up; /* first: its options are up's */
    const char *format, *output;
};

/* clang-format off */
static const struct opt plan_opts[] = {
    UP_OPT_ALWAYS_RECREATE_DEPS,
    UP_OPT_BUILD,
    UP_OPT_FORCE_RECREATE,
    OPT_STRING_DEF(0, "format", struct plan_args, format, "string", "text", "Format the output. Values: [text | json]"),
    UP_OPT_NO_BUILD,
    UP_OPT_NO_DEPS,
    UP_OPT_NO_RECREATE,
    UP_OPT_NO_START,
    OPT_STRING('o', "output", struct plan_args, output, "FILE", "Save the plan, to be carried out with 'up --plan FILE'"),
    UP_OPT_PULL,
    UP_OPT_REMOVE_ORPHANS,
    UP_OPT_RENEW_ANON_VOLUMES,
    UP_OPT_SCALE,
    UP_OPT_TIMEOUT,
    UP_OPT_YES,
    OPT_END,
};
/* clang-format on */

struct planning {
    struct plan_args *args;
    struct strings named;
};

static bool is_json(const struct planning *p)
{
    return str_eq(p->args->format, "json");
}

static int check_args(const struct plan_args *a, struct err *err)
{
    if (a->format && !str_eq(a->format, "json") && !str_eq(a->format, "text"))
        return err_set(err, ERR_USAGE, loc_none(), "unsupported format: \"%s\"", a->format);
    if (a->up.build && a->up.no_build)
        return err_set(err, ERR_USAGE, loc_none(), "--build and --no-build are incompatible");
    return up_check_recreate(&a->up, err) < 0 ? -1 : check_pull(a->up.pull, err);
}

static int save(const struct planning *p, const struct str *text, struct err *err)
{
    AUTO_FILE f = fopen(p->args->output, "we");

    if (!f || fwrite(text->data, 1, text->len, f) != text->len || fflush(f) != 0)
        return err_set(err, ERR_IO, loc_none(), "cannot write '%s': %s", p->args->output,
                       strerror(errno));
    return 0;
}

static void count(const struct plan_resources *list, size_t counts[RESOURCE_ACTION_COUNT])
{
    for (size_t i = 0; i < list->len; i++)
        counts[list->items[i].action]++;
}

/* "3 to recreate, 1 to start, 2 as they should be" */
static void print_summary(const struct foresight *f, struct str *out)
{
    size_t counts[RESOURCE_ACTION_COUNT] = {0};
    const char *comma = "";

    count(&f->image_resources, counts);
    count(&f->model_resources, counts);
    count(&f->resources, counts);
    if (!foresight_changes(f)) {
        str_add(out, "nothing to do\n");
        return;
    }
    for (int i = RESOURCE_NOTHING + 1; i < RESOURCE_ACTION_COUNT; i++) {
        if (!counts[i])
            continue;
        str_addf(out, "%s%zu to %s", comma, counts[i], resource_action_name(i));
        comma = ", ";
    }
    if (counts[RESOURCE_NOTHING])
        str_addf(out, ", %zu as they should be", counts[RESOURCE_NOTHING]);
    str_addc(out, '\n');
}

/* Other images may be a reason to make containers anew, which is seen only when they are there. */
static bool may_grow(const struct foresight *f)
{
    for (size_t i = 0; i < f->image_resources.len; i++)
        for (size_t j = 0; j < f->observed.containers.len; j++)
            if (f->image_resources.items[i].steps_len &&
                str_eq(f->observed.containers.items[j]->service,
                       f->image_resources.items[i].service))
                return true;
    return false;
}

/* They are run every time, and say what they did only then. */
static void print_providers(const struct foresight *f, struct str *out)
{
    for (size_t i = 0; i < plan_len(f->provided); i++) {
        const struct plan_node *n = plan_at(f->provided, i);

        if (n->op == OP_PROVIDER_UP)
            str_addf(out,
                     "service %s: its provider \"%s\" is run; what that does is not known here\n",
                     n->target, n->provider->service->provider->type);
    }
}

static void print_text(const struct foresight *f, struct str *out)
{
    plan_resources_print(&f->image_resources, out);
    plan_resources_print(&f->model_resources, out);
    plan_resources_print(&f->resources, out);
    print_providers(f, out);
    if (may_grow(f))
        str_add(out, "once there are other images, more containers may have to be recreated\n");
    print_summary(f, out);
}

static void on_foreseen(struct app *app, void *owner, const struct foresight *f)
{
    const struct planning *p = owner;
    struct strings arguments = opts_words(app->arena, up_plan_opts, &p->args->up, &p->named);
    AUTO_TEXT json = {0};
    AUTO_TEXT text = {0};
    AUTO_ERR err = {0};

    saved_plan_write(app, &arguments, f, &json);
    if (p->args->output && save(p, &json, &err) < 0) {
        app_fail(app, &err);
        return;
    }
    if (is_json(p)) {
        app_out(str_text(&json), json.len);
    } else {
        print_text(f, &text);
        app_out(str_text(&text), text.len);
    }
    app_finish(app, foresight_changes(f) ? EXIT_CHANGES : 0);
}

static void plan_run(struct app *app, void *args, const struct strings *named)
{
    struct planning *p = arena_alloc(app->arena, sizeof *p);
    struct converge_options opts = {0};
    AUTO_ERR err = {0};

    *p = (struct planning){args, *named};
    if (check_args(p->args, &err) < 0) {
        app_fail(app, &err);
        return;
    }
    app->load.no_deps = p->args->up.no_deps;
    if (app_load_to_run(app, named) < 0)
        return;
    if (up_converge_options(app, &p->args->up, named, &opts, &err) < 0) {
        app_fail(app, &err);
        return;
    }
    if (app_engine_to_read(app) == 0)
        foresee(app, &opts, on_foreseen, p);
}

const struct command cmd_plan = {
    .name = "plan",
    .usage = "plan [OPTIONS] [SERVICE...]",
    .summary = "Show what up would do, and why",
    .opts = plan_opts,
    .args_size = sizeof(struct plan_args),
    .run = plan_run,
};
