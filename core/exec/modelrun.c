/* core/exec/modelrun.c: docker's plugin for models is run once, until it ends. */
#include "core/exec/run.h"

#include "core/base/err.h"
#include "core/base/mem.h"
#include "core/base/str.h"
#include "core/exec/plugin.h"
#include "core/loop/process.h"
#include "core/plan/models.h" /* NO_MODEL_PLUGIN */

#include <signal.h>
#include <stdlib.h>
#include <string.h>

struct model_run {
    struct process *process;
    bool canceled;
};

static void finish(struct run *r, struct err *err)
{
    free(r->model);
    r->model = NULL;
    run_answered(r, NULL, err);
}

/* How far a pull is. */
static void on_line(void *owner, const char *line, size_t len)
{
    struct run *r = owner;

    if (len && r->node->op == OP_MODEL_PULL)
        tell(r, PROGRESS_WORKING, r->node->doing, line);
}

static void on_end(void *owner, int64_t status, int signal, const char *errors)
{
    struct run *r = owner;
    AUTO_ERR err = {0};

    if (r->model->canceled)
        err_set(&err, ERR_CANCELED, loc_none(), "canceled");
    else if (signal)
        err_set(&err, ERR_FAILED, r->node->loc, "docker model %s: signal: %d%s%s",
                r->node->arguments.items[0], signal, *errors ? ": " : "", errors);
    else if (status)
        err_set(&err, ERR_FAILED, r->node->loc, "docker model %s: exit status %d%s%s",
                r->node->arguments.items[0], (int)status, *errors ? ": " : "", errors);
    finish(r, err.code == ERR_NONE ? NULL : &err);
}

void model_begin(struct run *r)
{
    AUTO_STR program = plugin_find(&r->x->opts.plugin_dirs, "model");
    const struct strings *words = &r->node->arguments;
    const char **args = mem_calloc(words->len + 2, sizeof *args);
    const struct process_options o = {
        .file = program,
        .args = args,
        .environment = r->x->opts.environment,
        .on_line = on_line,
        .on_exit = on_end,
        .owner = r,
    };
    AUTO_ERR err = {0};

    r->model = mem_calloc(1, sizeof *r->model);
    args[0] = program;
    memcpy(args + 1, words->items, words->len * sizeof *args);
    if (!program)
        err_set(&err, ERR_FAILED, r->node->loc, "%s", NO_MODEL_PLUGIN);
    else
        r->model->process = process_start(r->x->loop, &o, &err);
    free(args);
    if (!r->model->process)
        finish(r, &err);
}

void model_cancel(struct run *r, bool now)
{
    r->model->canceled = true;
    process_kill(r->model->process, now ? SIGKILL : SIGTERM);
}
