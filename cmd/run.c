/* cmd/run.c: run a one-off command on a service. */
#include "cmd/app.h"
#include "cmd/command.h"
#include "cmd/converge.h"
#include "cmd/run_service.h"
#include "cmd/session.h"
#include "core/base/arena.h"
#include "core/base/digest.h"
#include "core/base/err.h"
#include "core/base/str.h"
#include "core/exec/observe.h"
#include "core/plan/create.h"
#include "core/plan/providers.h"

#include <signal.h>
#include <stddef.h>
#include <string.h>

/* clang-format off */
static const struct opt run_opts[] = {
    OPT_FLAG(0, "build", struct run_args, build, "Build image before starting container"),
    OPT_LIST(0, "cap-add", struct run_args, cap_add, "list", "Add Linux capabilities"),
    OPT_LIST(0, "cap-drop", struct run_args, cap_drop, "list", "Drop Linux capabilities"),
    OPT_FLAG('d', "detach", struct run_args, detach, "Run container in background and print container ID"),
    OPT_STRING(0, "entrypoint", struct run_args, entrypoint, "string", "Override the entrypoint of the image"),
    OPT_LIST('e', "env", struct run_args, environment, "stringArray", "Set environment variables"),
    OPT_TRI('i', "interactive", struct run_args, interactive, "Keep STDIN open even if not attached"),
    OPT_LIST(0, "env-from-file", struct run_args, env_files, "stringArray", "Set environment variables from file"),
    OPT_LIST('l', "label", struct run_args, labels, "stringArray", "Add or override a label"),
    OPT_STRING(0, "name", struct run_args, name, "string", "Assign a name to the container"),
    OPT_FLAG('T', "no-TTY", struct run_args, no_tty, "Disable pseudo-TTY allocation"),
    {OPT_KIND_FLAG, 0, "no-tty", offsetof(struct run_args, no_tty), NULL, "", NULL, true},
    OPT_FLAG(0, "no-deps", struct run_args, no_deps, "Don't start linked services"),
    OPT_LIST('p', "publish", struct run_args, publish, "stringArray", "Publish a container's port(s) to the host"),
    OPT_STRING(0, "pull", struct run_args, pull, "string", "Pull image before running (\"always\"|\"missing\"|\"never\")"),
    OPT_FLAG('q', "quiet", struct run_args, quiet, "Don't print anything to STDOUT"),
    OPT_FLAG(0, "quiet-build", struct run_args, quiet_build, "Suppress progress output from the build process"),
    OPT_FLAG(0, "quiet-pull", struct run_args, quiet_pull, "Pull without printing progress information"),
    OPT_FLAG(0, "remove-orphans", struct run_args, remove_orphans, "Remove containers for services not defined in the Compose file"),
    OPT_FLAG(0, "rm", struct run_args, remove, "Automatically remove the container when it exits"),
    OPT_FLAG('P', "service-ports", struct run_args, service_ports, "Run command with all service's ports enabled and mapped to the host"),
    {OPT_KIND_TRI, 't', "tty", offsetof(struct run_args, tty), NULL, "Allocate a pseudo-TTY", NULL, true},
    OPT_FLAG(0, "use-aliases", struct run_args, use_aliases, "Use the service's network useAliases in the network(s) the container connects to"),
    OPT_STRING('u', "user", struct run_args, user, "string", "Run as specified username or uid"),
    OPT_LIST('v', "volume", struct run_args, volumes, "stringArray", "Bind mount a volume"),
    OPT_STRING('w', "workdir", struct run_args, workdir, "string", "Working directory inside the container"),
    OPT_END,
};
/* clang-format on */

enum run_state {
    RUN_DEPENDENCIES, /* up for what the service depends on */
    RUN_CREATE,
    RUN_CONNECT, /* to its other networks, where the engine is too old to do it at creation */
    RUN_COPY,
    RUN_ATTACH, /* and wait, opened before start */
    RUN_START,
    RUN_RUNNING,
    RUN_OVER,
};

struct run {
    struct app *app;
    struct run_args *args;
    struct service *service; /* the model's, changed by the flags */
    struct converge_options deps;
    struct observed observed;
    struct observed parents; /* containers alone, after the dependencies are up */
    struct container_create *create;
    struct file_copy *files;
    size_t file_count, connected;
    enum run_state state;
    const char *id;
    struct session *session;
    struct call *stream, *wait;
    bool tty, interactive, waiting, ended, drained;
    bool detached; /* by the keys that do that; the container runs on */
    int exit_code;
    const char *no_exit_code; /* why it is not known */
    uv_signal_t signals[16];
    size_t signal_count;
    bool interrupted;         /* while it was being made */
    const char *early_signal; /* "TERM", which came while it was being started; NULL: none */
};

/* In time order. */
static void on_dependencies(struct app *app, void *owner, const struct observed *o,
                            const struct err *err);
static void on_parents(struct app *app, void *owner);
static void create(struct run *r, struct app *app);
static void on_reply(void *owner, const struct reply *reply, const struct err *err);
static void attach(struct run *r);
static void on_attached(void *owner);
static void start(struct run *r);
static void send_signal(struct run *r, const char *name);
static void on_app_interrupt(struct app *app, int count, void *owner);
static void on_exit_code(void *owner, const struct reply *reply, const struct err *err);
static void check_over(struct run *r);

static void close_all(struct run *r)
{
    r->state = RUN_OVER;
    session_close(r->session);
    r->session = NULL;
    for (size_t i = 0; i < r->signal_count; i++)
        uv_close((uv_handle_t *)&r->signals[i], NULL);
    r->signal_count = 0;
}

/* A container that never started must not stay behind with --rm; without it, it is named. */
static void on_removed(void *owner, const struct reply *reply, const struct err *err)
{
    struct run *r = owner;

    (void)reply;
    (void)err;
    app_finish(r->app, r->exit_code);
}

static void fail(struct run *r, const struct err *err)
{
    struct writer *w = &r->app->driver->writer;
    bool remove = r->id && r->args->remove && r->state <= RUN_START;

    if (r->state == RUN_OVER)
        return;
    close_all(r);
    if (!remove) {
        app_fail(r->app, err);
        return;
    }
    app_print_error(r->app, err);
    r->exit_code = err->code == ERR_CANCELED && r->app->interrupts ? 130 : 1;
    w->ops->container_remove(w, r->id, true, true, on_removed, r);
}

static void cancel(struct run *r)
{
    AUTO_ERR err = {0};

    err_set(&err, ERR_CANCELED, loc_none(), "canceled");
    fail(r, &err);
}

static struct strings one(struct app *app, const char *name)
{
    const char **names = arena_calloc(app->arena, 1, sizeof *names);

    names[0] = name;
    return (struct strings){names, 1};
}

static void run_command(struct app *app, void *args, const struct strings *rest)
{
    struct run *r = arena_alloc(app->arena, sizeof *r);
    struct strings selection = one(app, rest->items[0]);
    AUTO_ERR err = {0};

    *r = (struct run){.app = app, .args = args};
    app->load.no_deps = r->args->no_deps;
    if (check_pull(r->args->pull, &err) < 0 || run_check(r->args, &err) < 0) {
        app_fail(app, &err);
        return;
    }
    if (app_load_to_run(app, &selection) < 0)
        return;
    r->service = run_service(app, r->args, rest, &err);
    if (!r->service) {
        if (app_print_diags(app) < 0)
            app_finish(app, 1); /* they say what was wrong with -p or -v */
        else
            app_fail(app, &err);
        return;
    }
    r->interactive = !r->args->interactive.set || r->args->interactive.value;
    r->tty = !r->args->detach && session_wants_tty(app, r->args->no_tty, &r->args->tty) &&
             (r->args->tty.set || app->stdin_tty);
    if (r->args->tty.set && r->tty && r->interactive && !app->stdin_tty) {
        err_set(&err, ERR_USAGE, loc_none(), "the input device is not a TTY");
        app_fail(app, &err);
        return;
    }
    r->service->tty = r->tty;
    r->service->stdin_open = r->interactive;
    if (app_engine(app) < 0)
        return;
    r->deps.title = "Creating";
    r->deps.up = (struct up_options){
        .create = true,
        .start = true,
        .remove_orphans = r->args->remove_orphans,
        .ignore_orphans = app_env_bool(app, "COMPOSE_IGNORE_ORPHANS"),
        .timeout = TIMEOUT_DEFAULT,
        .for_run = r->service->item.key,
    };
    if (r->args->quiet)
        app->progress = PROGRESS_MODE_QUIET;
    app->quiet_pull = r->args->quiet_pull;
    app->quiet_build = r->args->quiet_build;
    r->deps.images = (struct image_options){
        .pull = r->args->pull && !str_eq(r->args->pull, "policy") ? r->args->pull : NULL,
        .build = r->args->build,
        .services = selection,
        .include_deps = !r->args->no_deps,
        .untold_builds = true,
    };
    converge(app, &r->deps, on_dependencies, r);
}

/* Networks and volumes of the service itself are made by the same plan (up.for_run). */
static void on_dependencies(struct app *app, void *owner, const struct observed *o,
                            const struct err *err)
{
    struct run *r = owner;
    const struct observe_options look = {
        .project = app->project->name, .model = app->project, .containers = true};

    if (err) {
        fail(r, err);
        return;
    }
    r->observed = *o;
    r->state = RUN_CREATE;
    if (refers_to_services(r->service) && !app->root.dry_run)
        app_observe(app, &look, &r->parents, on_parents, r);
    else
        create(r, app);
}

/* By which containers the services are meant that this one refers to. */
static void on_parents(struct app *app, void *owner)
{
    struct run *r = owner;

    r->observed.containers = r->parents.containers;
    create(r, app);
}

static void create(struct run *r, struct app *app)
{
    struct writer *w = &app->driver->writer;
    char slug[65];
    const char *name = r->args->name;
    bool failed;

    random_hex(slug, 64);
    if (app->root.dry_run && !r->args->detach) {
        AUTO_ERR err = {0};

        err_set(&err, ERR_UNSUPPORTED, loc_none(),
                "interactive run is not supported in dry-run mode");
        fail(r, &err);
        return;
    }
    if (!name)
        name = arena_printf(app->arena, "%s%c%s%crun%c%.12s", app->project->name,
                            app->project->compatibility ? '_' : '-', r->service->item.key,
                            app->project->compatibility ? '_' : '-',
                            app->project->compatibility ? '_' : '-', slug);
    plan_provided_to(app->project, r->service);
    r->create = plan_one_off(app->arena, app->project, &r->observed, r->service,
                             &(struct one_off_options){
                                 .name = name,
                                 .slug = arena_strdup(app->arena, slug),
                                 .use_aliases = r->args->use_aliases,
                                 .foreseen = app->root.dry_run,
                             },
                             app->diags);
    failed =
        plan_files(app->arena, app->project, r->service, &r->files, &r->file_count, app->diags) < 0;
    if (app_print_diags(app) < 0 || !r->create || failed) {
        close_all(r);
        app_finish(app, 1);
        return;
    }
    r->create->attach_stdin = r->interactive;
    r->create->auto_remove = r->args->remove;
    app->on_interrupt = on_app_interrupt;
    app->interrupt_owner = r;
    w->ops->container_create(w, r->create, on_reply, r);
}

/* False when there is none left. Engines from API 1.44 on take all of them at creation. */
static bool connect_next(struct run *r)
{
    struct writer *w = &r->app->driver->writer;
    const struct endpoint *e;

    if (r->observed.info.api_minor >= 44 || r->connected >= r->create->endpoints.len)
        return false;
    e = r->create->endpoints.items[r->connected++];
    w->ops->network_connect(w, e->network, r->id, e, on_reply, r);
    return true;
}

static void on_reply(void *owner, const struct reply *reply, const struct err *err)
{
    struct run *r = owner;
    struct writer *w = &r->app->driver->writer;

    if (r->state == RUN_OVER)
        return;
    if (err) {
        fail(r, err);
        return;
    }
    switch (r->state) {
    case RUN_CREATE:
        r->id = arena_strdup(r->app->arena, reply->id);
        if (r->interrupted) {
            cancel(r);
            return;
        }
        for (size_t i = 0; i < reply->warnings.len; i++)
            app_warn(r->app, "%s", reply->warnings.items[i]);
        r->state = RUN_CONNECT;
        r->connected = 1; /* the first one, at creation */
        /* fall through */
    case RUN_CONNECT:
        if (connect_next(r))
            break;
        r->state = RUN_COPY;
        if (r->file_count) {
            w->ops->container_copy(w, r->id, r->files, r->file_count, on_reply, r);
            break;
        }
        /* fall through */
    case RUN_COPY:
        r->state = RUN_ATTACH;
        attach(r);
        break;
    case RUN_START:
        r->state = RUN_RUNNING;
        if (r->args->detach) {
            app_outf("%s\n", r->app->root.dry_run ? r->create->name : r->id);
            close_all(r);
            app_finish(r->app, 0);
            break;
        }
        session_started(r->session);
        if (r->early_signal)
            send_signal(r, r->early_signal);
        check_over(r);
        break;
    default:
        break;
    }
}

static void on_output(void *owner, enum stream s, const char *bytes, size_t len)
{
    struct run *r = owner;

    if (r->session)
        session_output(r->session, s, bytes, len);
}

static void on_stream_end(void *owner, const struct reply *reply, const struct err *err)
{
    struct run *r = owner;

    (void)reply;
    r->stream = NULL;
    r->drained = true;
    r->detached = err && err->code == ERR_DETACHED;
    if (r->state == RUN_ATTACH && err)
        fail(r, err);
    else
        check_over(r);
}

/* It has arrived, so this one does not count towards those that make us leave; unless there is
 * nobody left who could decide. */
static void on_signal_sent(void *owner, const struct reply *reply, const struct err *err)
{
    struct run *r = owner;

    (void)reply;
    if (!err && !r->drained)
        r->app->interrupts = 0;
}

static void send_signal(struct run *r, const char *name)
{
    struct writer *w = &r->app->driver->writer;

    w->ops->container_kill(w, r->id, name, on_signal_sent, r);
}

/* Every signal that can be caught goes to the container, as docker compose does. It may run, and
 * write, before the engine says that it was started. */
static void on_signal(uv_signal_t *handle, int signum)
{
    static const struct {
        int number;
        const char *name;
    } names[] = {{SIGINT, "INT"},   {SIGTERM, "TERM"}, {SIGHUP, "HUP"},
                 {SIGQUIT, "QUIT"}, {SIGUSR1, "USR1"}, {SIGUSR2, "USR2"}};
    struct run *r = handle->data;

    for (size_t i = 0; i < ARRAY_LEN(names); i++) {
        if (names[i].number != signum)
            continue;
        if (r->state == RUN_RUNNING)
            send_signal(r, names[i].name);
        else if (r->state == RUN_START)
            r->early_signal = names[i].name;
    }
}

static void forward_signals(struct run *r)
{
    static const int forwarded[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGUSR1, SIGUSR2};

    for (size_t i = 0; i < ARRAY_LEN(forwarded); i++) {
        uv_signal_t *handle = &r->signals[r->signal_count++];

        uv_signal_init(r->app->loop, handle);
        handle->data = r;
        uv_signal_start(handle, on_signal, forwarded[i]);
        uv_unref((uv_handle_t *)handle);
    }
}

static void on_app_interrupt(struct app *app, int count, void *owner)
{
    struct run *r = owner;

    (void)app;
    if (r->state == RUN_RUNNING || (r->state == RUN_START && count == 1 && r->signal_count))
        return; /* on_signal passes it on; the container decides */
    if (r->state == RUN_CREATE && count == 1)
        r->interrupted = true; /* what is being made is known by the answer alone */
    else
        cancel(r);
}

static void attach(struct run *r)
{
    struct app *app = r->app;
    struct writer *w = &app->driver->writer;
    struct session_options o = {
        .stdin_open = r->interactive,
        .tty = r->tty,
        .resize = w->ops->container_resize,
        .id = r->id,
    };

    if (r->args->detach) {
        r->drained = true;
        start(r);
        return;
    }
    forward_signals(r);
    r->session = session_new(app, &o);
    r->waiting = true;
    r->wait = w->ops->container_wait(w, r->id, r->args->remove ? WAIT_REMOVED : WAIT_NEXT_EXIT,
                                     on_exit_code, r);
    r->stream = w->ops->container_attach(w, r->id, r->interactive, r->tty, on_output, on_attached,
                                         on_stream_end, r);
}

static void on_attached(void *owner)
{
    struct run *r = owner;

    if (!r->session || r->state != RUN_ATTACH)
        return;
    session_open(r->session, r->stream);
    start(r);
}

static void start(struct run *r)
{
    struct writer *w = &r->app->driver->writer;

    r->state = RUN_START;
    w->ops->container_start(w, r->id, on_reply, r);
}

static void on_exit_code(void *owner, const struct reply *reply, const struct err *err)
{
    struct run *r = owner;

    r->wait = NULL;
    r->waiting = false;
    if (r->state == RUN_OVER)
        return;
    r->ended = true;
    if (err) /* told when it has started: until then, the answer to that says more */
        r->no_exit_code = arena_strdup(r->app->arena, err_text(err));
    else
        r->exit_code = (int)reply->exit_code;
    check_over(r);
}

/* Over when the container has exited and its last output has been printed, or it was left. */
static void check_over(struct run *r)
{
    AUTO_ERR err = {0};

    if (r->state == RUN_RUNNING && r->detached) {
        close_all(r);
        app_finish(r->app, 0);
        return;
    }
    if (r->state != RUN_RUNNING || !r->ended)
        return;
    if (r->no_exit_code) {
        err_set(&err, ERR_ENGINE, loc_none(), "%s", r->no_exit_code);
        fail(r, &err);
        return;
    }
    if (!r->drained)
        return;
    close_all(r);
    app_finish(r->app, r->exit_code);
}

const struct command cmd_run = {
    .name = "run",
    .usage = "run [OPTIONS] SERVICE [COMMAND] [ARGS...]",
    .summary = "Run a one-off command on a service",
    .opts = run_opts,
    .args_size = sizeof(struct run_args),
    .arity = ARGS_MIN_1,
    .stop_at_positional = true,
    .run = run_command,
};
