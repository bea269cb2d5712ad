/* cmd/exec.c: execute a command in a running container. */
#include "cmd/app.h"
#include "cmd/command.h"
#include "cmd/input.h"
#include "cmd/session.h"
#include "core/base/arena.h"
#include "core/base/err.h"
#include "core/base/str.h"
#include "core/load/env.h"

#include <stddef.h>
#include <string.h>

struct exec_args {
    bool detach, privileged, no_tty;
    struct opt_bool interactive, tty;
    const char *user, *workdir;
    struct opt_int number;
    struct strings environment;
};

/* clang-format off */
static const struct opt exec_opts[] = {
    OPT_FLAG('d', "detach", struct exec_args, detach, "Detached mode: Run command in the background"),
    OPT_LIST('e', "env", struct exec_args, environment, "stringArray", "Set environment variables"),
    OPT_INT(0, "index", struct exec_args, number, "Index of the container if service has multiple replicas"),
    {OPT_KIND_TRI, 'i', "interactive", offsetof(struct exec_args, interactive), NULL, "Keep STDIN open even if not attached", NULL, true},
    OPT_FLAG('T', "no-tty", struct exec_args, no_tty, "Disable pseudo-TTY allocation. By default 'mcompose exec' allocates a TTY."),
    {OPT_KIND_FLAG, 0, "no-TTY", offsetof(struct exec_args, no_tty), NULL, "", NULL, true},
    OPT_FLAG(0, "privileged", struct exec_args, privileged, "Give extended privileges to the process"),
    {OPT_KIND_TRI, 't', "tty", offsetof(struct exec_args, tty), NULL, "Allocate a pseudo-TTY", NULL, true},
    OPT_STRING('u', "user", struct exec_args, user, "string", "Run the command as this user"),
    OPT_STRING('w', "workdir", struct exec_args, workdir, "string", "Path to workdir directory for this command"),
    OPT_END,
};
/* clang-format on */

enum exec_state { EXEC_LIST, EXEC_CREATE, EXEC_STREAM, EXEC_INSPECT };

struct exec_flow {
    struct app *app;
    struct exec_args *args;
    const char *service;
    struct exec_create create;
    struct observed observed;
    const char *container, *id;
    enum exec_state state;
    struct session *session;
    struct call *stream;
};

static void step(struct exec_flow *x);

static void end_session(struct exec_flow *x)
{
    x->stream = NULL;
    session_close(x->session);
    x->session = NULL;
}

static void on_reply(void *owner, const struct reply *r, const struct err *err)
{
    struct exec_flow *x = owner;

    if (err || x->app->finished) { /* finished: Ctrl-C has closed the driver */
        end_session(x);
        if (!x->app->finished)
            app_fail(x->app, err);
        return;
    }
    switch (x->state) {
    case EXEC_CREATE:
        x->id = arena_strdup(x->app->arena, r->id);
        x->state = EXEC_STREAM;
        step(x);
        break;
    case EXEC_STREAM:
        end_session(x);
        if (x->args->detach) {
            app_finish(x->app, 0);
            break;
        }
        x->state = EXEC_INSPECT;
        step(x);
        break;
    case EXEC_INSPECT:
        app_finish(x->app, (int)r->exit_code);
        break;
    case EXEC_LIST:
        break;
    }
}

static void on_output(void *owner, enum stream s, const char *bytes, size_t len)
{
    struct exec_flow *x = owner;

    if (x->session)
        session_output(x->session, s, bytes, len);
}

static void on_ready(void *owner)
{
    struct exec_flow *x = owner;

    if (!x->session)
        return;
    session_open(x->session, x->stream);
    session_started(x->session);
}

static void stream(struct exec_flow *x)
{
    struct writer *w = &x->app->driver->writer;
    struct session_options o = {
        .stdin_open = x->create.stdin_open,
        .tty = x->create.tty,
        .resize = w->ops->exec_resize,
        .id = x->id,
    };

    if (x->create.tty)
        terminal_size(&x->create.rows, &x->create.cols);
    x->session = session_new(x->app, &o);
    x->stream = w->ops->exec_start(w, x->id, &x->create, on_output, on_ready, on_reply, x);
}

static void step(struct exec_flow *x)
{
    struct driver *d = x->app->driver;

    switch (x->state) {
    case EXEC_LIST:
        break;
    case EXEC_CREATE:
        d->writer.ops->exec_create(&d->writer, x->container, &x->create, on_reply, x);
        break;
    case EXEC_STREAM:
        stream(x);
        break;
    case EXEC_INSPECT:
        d->reader.ops->exec_inspect(&d->reader, x->id, on_reply, x);
        break;
    }
}

static const struct container *pick(const struct exec_flow *x)
{
    const struct container *best = NULL;
    long long want = x->args->number.set ? x->args->number.value : 0;

    for (size_t i = 0; i < x->observed.containers.len; i++) {
        const struct container *c = x->observed.containers.items[i];
        bool runs =
            c->state == STATE_RUNNING || c->state == STATE_PAUSED || c->state == STATE_RESTARTING;

        if (!runs || !str_eq(c->service, x->service) || (want && (c->oneoff || c->number != want)))
            continue;
        if (!best || container_is_meant(c, best))
            best = c;
    }
    return best;
}

static void on_observed(struct app *app, void *owner)
{
    struct exec_flow *x = owner;
    const struct container *c = pick(x);
    AUTO_ERR err = {0};

    if (!c) {
        if (x->args->number.set && x->args->number.value)
            err_set(&err, ERR_NOT_FOUND, loc_none(),
                    "service \"%s\" is not running container #%lld", x->service,
                    (long long)x->args->number.value);
        else
            err_set(&err, ERR_NOT_FOUND, loc_none(), "service \"%s\" is not running", x->service);
        app_fail(app, &err);
        return;
    }
    x->container = c->id;
    x->state = EXEC_CREATE;
    step(x);
}

/* -e K takes its value from the environment. */
static struct strings resolve_environment(struct app *app, const struct strings *words)
{
    const char **items = arena_calloc(app->arena, words->len + 1, sizeof *items);
    struct strings ret = {items, 0};

    for (size_t i = 0; i < words->len; i++) {
        const char *word = words->items[i];
        const char *value = strchr(word, '=') ? NULL : app_getenv(app, word);

        items[ret.len++] = value ? arena_printf(app->arena, "%s=%s", word, value) : word;
    }
    return ret;
}

static void run_exec(struct app *app, void *args, const struct strings *rest)
{
    struct exec_flow *x = arena_alloc(app->arena, sizeof *x);
    struct observe_options o = {.containers = true};
    AUTO_ERR err = {0};

    *x = (struct exec_flow){.app = app, .args = args, .service = rest->items[0]};
    o.project = app_project_name(app);
    if (!o.project)
        return;
    x->create = (struct exec_create){
        .user = x->args->user,
        .workdir = x->args->workdir,
        .argv = {rest->items + 1, rest->len - 1},
        .environment = resolve_environment(app, &x->args->environment),
        .tty = !x->args->detach && session_wants_tty(app, x->args->no_tty, NULL),
        .stdin_open = !x->args->detach && (!x->args->interactive.set || x->args->interactive.value),
        .privileged = x->args->privileged,
        .detach = x->args->detach,
    };
    if (x->create.tty && x->create.stdin_open && !app->stdin_tty) {
        err_set(&err, ERR_USAGE, loc_none(), "the input device is not a TTY");
        app_fail(app, &err);
        return;
    }
    if (app_engine(app) < 0)
        return;
    app_observe(app, &o, &x->observed, on_observed, x);
}

const struct command cmd_exec = {
    .name = "exec",
    .usage = "exec [OPTIONS] SERVICE COMMAND [ARGS...]",
    .summary = "Execute a command in a running container",
    .opts = exec_opts,
    .args_size = sizeof(struct exec_args),
    .arity = ARGS_MIN_2,
    .stop_at_positional = true,
    .run = run_exec,
};
