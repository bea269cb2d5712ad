/* cmd/rm.c: remove stopped service containers. */
#include "cmd/app.h"
#include "cmd/command.h"
#include "cmd/lifecycle.h"
#include "cmd/prompt.h"
#include "core/base/arena.h"
#include "core/base/str.h"

#include <stddef.h>
#include <string.h>

struct rm_args {
    bool force, stop, volumes, all;
};

static const struct opt rm_opts[] = {
    {OPT_KIND_FLAG, 'a', "all", offsetof(struct rm_args, all), NULL, "", NULL, true},
    OPT_FLAG('f', "force", struct rm_args, force, "Don't ask to confirm removal"),
    OPT_FLAG('s', "stop", struct rm_args, stop,
             "Stop the containers, if required, before removing"),
    OPT_FLAG('v', "volumes", struct rm_args, volumes,
             "Remove any anonymous volumes attached to containers"),
    OPT_END,
};

struct rm {
    struct lifecycle flow;
    struct plan *plan;
};

/* "Going to remove a, b": what the plan removes. */
static const char *question(struct app *app, const struct plan *p)
{
    AUTO_TEXT text = {0};

    for (size_t i = 0; i < plan_len(p); i++) {
        const struct plan_node *n = plan_at(p, i);

        if (n->op != OP_CONTAINER_REMOVE)
            continue;
        str_add(&text, text.len ? ", " : "Going to remove ");
        str_add(&text, str_has_prefix(n->subject, "Container ") ? n->subject + strlen("Container ")
                                                                : n->subject);
    }
    return text.len ? arena_strdup(app->arena, str_text(&text)) : NULL;
}

static void on_removed(struct app *app, void *owner, const struct err *err)
{
    (void)owner;
    if (err)
        app_fail(app, err);
    else
        app_finish(app, 0);
}

static void on_answer(struct app *app, void *owner, const bool *yes)
{
    struct rm *r = owner;

    if (yes[0])
        app_run(app, r->plan, "Removing", on_removed, r);
    else
        app_finish(app, 0);
}

/* Takes the flow over: the question comes between plan and execution. */
static struct plan *make_plan(struct app *app, struct lifecycle *l)
{
    struct rm *r = (struct rm *)(void *)l;
    const struct rm_args *args = l->owner;
    struct lifecycle_options o = {
        .services = l->services,
        .timeout = TIMEOUT_DEFAULT,
        .stop = args->stop,
        .force = args->force,
        .volumes = args->volumes,
    };
    struct strings questions = {0};
    const char *text;

    r->plan = plan_rm(app->arena, app->project, &l->observed, &o, app->diags);
    if (!r->plan)
        return NULL;
    text = question(app, r->plan);
    if (!text) {
        app_note(app, "No stopped containers");
        return r->plan;
    }
    if (args->force) {
        app_outf("%s\n", text);
        return r->plan;
    }
    l->taken_over = true;
    questions.items = arena_calloc(app->arena, 1, sizeof(char *));
    questions.items[questions.len++] = text;
    prompt_confirm(app, &questions, false, on_answer, r);
    return r->plan;
}

static void rm_run(struct app *app, void *args, const struct strings *named)
{
    struct rm *r = arena_alloc(app->arena, sizeof *r);

    r->flow = (struct lifecycle){
        .title = "Removing", .services = *named, .plan = make_plan, .owner = args};
    lifecycle_run(app, &r->flow);
}

const struct command cmd_rm = {
    .name = "rm",
    .usage = "rm [OPTIONS] [SERVICE...]",
    .summary = "Removes stopped service containers",
    .opts = rm_opts,
    .args_size = sizeof(struct rm_args),
    .run = rm_run,
};
