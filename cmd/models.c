#include "cmd/models.h"

#include "cmd/app.h"
#include "cmd/providers.h"
#include "core/base/arena.h"
#include "core/base/err.h"
#include "core/base/str.h"
#include "core/exec/plugin.h"
#include "core/json/json.h"
#include "core/loop/process.h"
#include "core/plan/models.h"
#include "core/plan/planner.h" /* item_loc */

#include <signal.h>
#include <stdlib.h>

struct asking;

/* One command of the plugin. */
struct question {
    struct asking *asking;
    const char *about; /* "error checking ..." */
    struct process *process;
    struct str answer;
};

struct asking {
    struct app *app;
    struct question list, status;
    unsigned open; /* questions without an answer */
    struct strings available;
    struct err err; /* the first */
    models_asked *done;
    void *owner;
};

static struct loc place(const struct asking *a)
{
    return item_loc(&a->app->project->models.items[0]->item);
}

/* [{"tags": ["ai/x:latest"]}] */
static int take_list(struct asking *a, const struct str *text, struct err *err)
{
    AUTO_JSON list = json_parse(str_text(text), text->len, err);
    size_t count = 0;

    if (!list)
        return -1;
    for (const struct json *m = json_first(list); m; m = json_next(m))
        count += json_len(json_key(m, "tags"));
    a->available.items = arena_calloc(a->app->arena, count + 1, sizeof(char *));
    for (const struct json *m = json_first(list); m; m = json_next(m))
        for (const struct json *tag = json_first(json_key(m, "tags")); tag; tag = json_next(tag))
            a->available.items[a->available.len++] =
                arena_strdup(a->app->arena, json_text(tag, ""));
    return 0;
}

static int take_status(struct asking *a, const struct str *text, struct err *err)
{
    AUTO_JSON status = json_parse(str_text(text), text->len, err);

    if (!status)
        return -1;
    models_reached(a->app->project, json_get_str(status, "endpoint", ""));
    return 0;
}

/* Both have answered, or one could not be asked. */
static void end(struct asking *a)
{
    AUTO_ERR err = {0};

    str_done(&a->list.answer);
    str_done(&a->status.answer);
    err_move(&err, &a->err);
    if (!a->app->finished)
        a->done(a->app, a->owner, &a->available, err.code == ERR_NONE ? NULL : &err);
}

static void fail(struct question *q, const char *why)
{
    struct asking *a = q->asking;

    if (a->err.code == ERR_NONE)
        err_set(&a->err, ERR_FAILED, place(a), "error checking %s: %s", q->about, why);
}

static void on_line(void *owner, const char *line, size_t len)
{
    struct question *q = owner;

    str_addn(&q->answer, line, len);
    str_addc(&q->answer, '\n');
}

static void on_end(void *owner, int64_t status, int signal, const char *errors)
{
    struct question *q = owner;
    struct asking *a = q->asking;
    AUTO_TEXT why = {0};
    AUTO_ERR err = {0};

    q->process = NULL;
    if (status || signal) {
        str_addf(&why, signal ? "signal: %d" : "exit status %d", signal ? signal : (int)status);
        str_addf(&why, "%s%s", *errors ? ": " : "", errors);
        fail(q, str_text(&why));
    } else if ((q == &a->list ? take_list : take_status)(a, &q->answer, &err) < 0) {
        fail(q, err_text(&err));
    }
    if (--a->open == 0)
        end(a);
}

static void ask(struct asking *a, struct question *q, const char *program, const char *command)
{
    const char *args[] = {program, command, "--json", NULL};
    const struct process_options o = {
        .file = program,
        .args = args,
        .environment = providers_environment(a->app),
        .on_line = on_line,
        .on_exit = on_end,
        .owner = q,
    };
    AUTO_ERR err = {0};

    q->process = process_start(a->app->loop, &o, &err);
    if (q->process)
        a->open++;
    else
        fail(q, err_text(&err));
}

void models_ask(struct app *app, models_asked *done, void *owner)
{
    static const struct strings none;
    struct asking *a = arena_alloc(app->arena, sizeof *a);
    const struct strings dirs = providers_dirs(app);
    AUTO_STR program = NULL;

    if (!app->project->models.len) {
        done(app, owner, &none, NULL);
        return;
    }
    *a = (struct asking){.app = app, .done = done, .owner = owner};
    a->list = (struct question){.asking = a, .about = "available models"};
    a->status = (struct question){.asking = a, .about = "docker-model status"};
    program = plugin_find(&dirs, "model");
    if (!program) {
        err_set(&a->err, ERR_UNSUPPORTED, place(a), "%s", NO_MODEL_PLUGIN);
    } else {
        ask(a, &a->list, program, "ls");
        ask(a, &a->status, program, "status");
    }
    if (!a->open)
        end(a);
}
