/* cmd/app.c: from argv to a running command and back to an exit code. */
#include "cmd/app_inner.h"

#include "cmd/build_view.h"
#include "cmd/command.h"
#include "cmd/input.h"
#include "cmd/progress.h"
#include "core/base/arena.h"
#include "core/base/diags.h"
#include "core/base/err.h"
#include "core/base/log.h"
#include "core/base/path.h"

#include <signal.h>
#include <string.h>
#include <unistd.h>

/* clang-format off */
const struct opt root_opts[] = {
    OPT_FLAG(0, "all-resources", struct root_args, all_resources, "Keep networks, volumes and the like that no service uses"),
    OPT_STRING_DEF(0, "ansi", struct root_args, ansi, "string", "\"auto\"", "When to print colours and move the cursor (\"never\"|\"always\"|\"auto\")"),
    OPT_FLAG(0, "compatibility", struct root_args, compatibility, "Separate the parts of names by '_' as docker-compose 1 did"),
    OPT_STRING_DEF(0, "diagnostics", struct root_args, diagnostics, "string", "\"text\"", "How problems of files are printed (\"text\"|\"json\", one object a line)"),
    OPT_LIST(0, "env-file", struct root_args, env_files, "stringArray", "Read variables from this file in the place of .env"),
    OPT_LIST('f', "file", struct root_args, files, "stringArray", "Compose file; several are merged in order, '-' is standard input"),
    OPT_INT(0, "parallel", struct root_args, parallel, "Calls to the engine at a time, -1 for no limit"),
    OPT_LIST(0, "profile", struct root_args, profiles, "stringArray", "Enable a profile, '*' for all"),
    OPT_STRING(0, "progress", struct root_args, progress, "string", "How progress is shown (auto, tty, plain, json, quiet)"),
    OPT_STRING(0, "project-directory", struct root_args, project_directory, "string", "Where relative paths start (default: the directory of the first Compose file)"),
    OPT_STRING('p', "project-name", struct root_args, project_name, "string", "Name of the project"),
    OPT_FLAG(0, "strict", struct root_args, strict, "Take unset variables, obsolete keys and keys without effect as errors"),
    {OPT_KIND_STRING, 'H', "host", offsetof(struct root_args, host), "string", "Address of the engine", NULL, true},
    {OPT_KIND_STRING, 'c', "context", offsetof(struct root_args, context), "string", "Context of the docker command line", NULL, true},
    {OPT_KIND_STRING, 0, "workdir", offsetof(struct root_args, workdir), "string", "", NULL, true},
    {OPT_KIND_FLAG, 0, "no-ansi", offsetof(struct root_args, no_ansi), NULL, "", NULL, true},
    {OPT_KIND_FLAG, 0, "verbose", offsetof(struct root_args, verbose), NULL, "", NULL, true},
    {OPT_KIND_FLAG, 'D', "debug", offsetof(struct root_args, verbose), NULL, "", NULL, true},
    {OPT_KIND_FLAG, 'v', "version", offsetof(struct root_args, version), NULL, "", NULL, true},
    OPT_END,
};
/* clang-format on */

/* ---- the loop ---- */

struct deferred {
    uv_timer_t timer;
    void (*f)(void *data);
    void *data;
};

static void free_deferred(uv_handle_t *h)
{
    free(h->data);
}

static void on_deferred(uv_timer_t *t)
{
    struct deferred *d = t->data;

    d->f(d->data);
    uv_close((uv_handle_t *)t, free_deferred);
}

void app_defer(struct app *app, void (*f)(void *data), void *data)
{
    struct deferred *d = mem_alloc(sizeof *d);

    *d = (struct deferred){.f = f, .data = data};
    uv_timer_init(app->loop, &d->timer);
    d->timer.data = d;
    uv_timer_start(&d->timer, on_deferred, 0, 0);
}

void app_at_end(struct app *app, void (*f)(void *data), void *data)
{
    vec_push(&app->inner->at_end, ((struct at_end){f, data}));
}

/* Gives up waiting: nothing is cleaned up but the terminal. */
static void leave_at_once(struct app *app)
{
    progress_end(app->view, NULL);
    input_restore();
    _exit(130);
}

static void on_signal(uv_signal_t *s, int number)
{
    struct app *app = s->data;

    (void)number;
    app->interrupts++;
    log_debug("app", "interrupt %d", app->interrupts);
    if (app->finished || app->interrupts > 2)
        leave_at_once(app);
    if (app->on_interrupt)
        app->on_interrupt(app, app->interrupts, app->interrupt_owner);
    else if (app->interrupts > 1)
        leave_at_once(app);
    else if (app->exec)
        exec_cancel(app->exec);
    else
        app_finish(app, 130);
}

static void open_signals(struct app *app)
{
    struct app_inner *in = app->inner;

    signal(SIGPIPE, SIG_IGN);
    uv_signal_init(app->loop, &in->sigint);
    uv_signal_init(app->loop, &in->sigterm);
    in->sigint.data = in->sigterm.data = app;
    uv_signal_start(&in->sigint, on_signal, SIGINT);
    uv_signal_start(&in->sigterm, on_signal, SIGTERM);
    /* they alone keep nothing alive */
    uv_unref((uv_handle_t *)&in->sigint);
    uv_unref((uv_handle_t *)&in->sigterm);
}

void app_finish(struct app *app, int code)
{
    if (app->finished)
        return;
    log_debug("app", "finish %d", code);
    app->finished = true;
    app->exit_code = code;
    progress_end(app->view, NULL);
    app->view = NULL;
    app_wind_down(app);
}

/* ---- the command line ---- */

/* docker compose's commands that are for later. */
static const char *const planned[] = {"alpha",  "attach",  "bridge",  "commit", "cp",
                                      "events", "export",  "publish", "push",   "stats",
                                      "top",    "volumes", "wait",    "watch"};

static bool is_planned(const char *name)
{
    for (size_t i = 0; i < ARRAY_LEN(planned); i++)
        if (str_eq(planned[i], name))
            return true;
    return false;
}

static int help_columns(void)
{
    int columns = app_columns(STDIN_FILENO);

    return columns > 0 ? columns : 80;
}

static int show_help(const struct command *c, const struct opts_common *common)
{
    AUTO_TEXT out = {0};

    if (common->short_help && c)
        str_add(&out, "Flag shorthand -h has been deprecated, use --help\n");
    if (c)
        help_command(c, help_columns(), &out);
    else
        help_root(help_columns(), &out);
    app_out(str_text(&out), out.len);
    return 0;
}

static const char *nearest_command(const char *name)
{
    const char *names[64];
    size_t len = 0;

    for (const struct command *const *c = commands; *c && len < ARRAY_LEN(names); c++)
        if (!(*c)->hidden)
            names[len++] = (*c)->name;
    return nearest_word(name, names, len);
}

static int unknown_command(struct app *app, const char *name)
{
    const char *near = nearest_command(name);

    if (is_planned(name)) {
        app_note(app, "'%s' is not supported yet", name);
        return 1;
    }
    show_help(NULL, &(struct opts_common){0});
    app_note(app, "unknown docker command: \"compose %s\"", name);
    if (near)
        app_note(app, "did you mean 'mcompose %s'?", near);
    return 1;
}

static bool has_option(const struct opt *opts, const char *label)
{
    for (const struct opt *o = opts; o->kind != OPT_KIND_END; o++)
        if (label[1] == '-' ? str_eq(o->name, label + 2) : o->letter == label[1])
            return true;
    return false;
}

static const char *nearest_option(const struct opt *opts, const char *label)
{
    const char *names[64];
    size_t len = 0;

    for (const struct opt *o = opts; o->kind != OPT_KIND_END && len < ARRAY_LEN(names); o++)
        if (!o->hidden)
            names[len++] = o->name;
    return nearest_word(label + 2, names, len);
}

/* docker compose's text, then what would be right. c: NULL for options before the command. */
static int bad_options(struct app *app, const struct command *c, const struct opts_common *common,
                       const struct err *err)
{
    const char *label = common->unknown;
    const struct opt *opts = c ? c->opts : root_opts;
    const char *near = label && label[1] == '-' ? nearest_option(opts, label) : NULL;

    app_note(app, "%s", err_text(err));
    if (c && label && has_option(root_opts, label))
        app_note(app, "'%s' stands before the command: mcompose %s ... %s", label, label, c->name);
    else if (near)
        app_note(app, "did you mean '--%s'?", near);
    return 1;
}

/* Runs the command; the loop ends when it has finished the app. */
static void start(struct app *app, const struct command *c, void *args, const struct strings *rest)
{
    AUTO_ERR err = {0};

    open_signals(app);
    app->inner->signals_open = true;
    if (!c->bare && app_setup(app, &err) < 0)
        app_fail(app, &err);
    else
        c->run(app, args, rest);
    uv_run(app->loop, UV_RUN_DEFAULT);
    if (app->finished)
        return;
    err_set(&err, ERR_FAILED, loc_none(),
            "the command waits for nothing and has no result: that is a fault of mcompose");
    app_fail(app, &err);
}

static int run_command(struct app *app, const struct command *c, struct opts_common *common,
                       int argc, char **argv, int at)
{
    void *args = arena_alloc(app->arena, c->args_size ? c->args_size : 1);
    struct strings rest;
    AUTO_ERR err = {0};

    if (opts_parse(app->arena, c->opts, c->stop_at_positional ? OPTS_STOP : OPTS_MIXED, argc, argv,
                   &at, args, &rest, common, &err) < 0)
        return bad_options(app, c, common, &err);
    if (common->help)
        return show_help(c, common);
    if (opts_check_arity(c, &rest, &err) < 0)
        return bad_options(app, c, common, &err);
    app->root.dry_run = common->dry_run;
    app->command = c->name;
    start(app, c, args, &rest);
    return app->exit_code;
}

static int run_line(struct app *app, int argc, char **argv)
{
    struct opts_common common = {0};
    struct strings none;
    const struct command *c;
    AUTO_ERR err = {0};
    int at = 1;

    if (opts_parse(app->arena, root_opts, OPTS_ROOT, argc, argv, &at, &app->root, &none, &common,
                   &err) < 0)
        return bad_options(app, NULL, &common, &err);
    common.short_help = false;
    if (app->root.verbose)
        log_setup("all");
    if (app->root.version)
        return run_command(app, command_find("version"), &common, argc, argv, argc);
    if (at == argc)
        return show_help(NULL, &common);
    c = command_find(argv[at]);
    if (!c)
        return common.help ? show_help(NULL, &common) : unknown_command(app, argv[at]);
    return run_command(app, c, &common, argc, argv, at + 1);
}

/* ---- setting up and tearing down ---- */

static void open_app(struct app *app, char *const *environment)
{
    app->arena = arena_new();
    app->diags = diags_new();
    app->environ = environment;
    app->cwd = path_cwd(app->arena);
    app->stdin_tty = isatty(STDIN_FILENO);
    app->stdout_tty = isatty(STDOUT_FILENO);
    app->stderr_tty = isatty(STDERR_FILENO);
    app->progress = PROGRESS_MODE_PLAIN;
    app->status_fd = STDERR_FILENO;
    app->inner->started_ns = uv_hrtime();
    log_setup(app_getenv(app, "MCOMPOSE_TRACE"));
}

static void close_app(struct app *app)
{
    struct app_inner *in = app->inner;

    if (in->signals_open) {
        uv_close((uv_handle_t *)&in->sigint, NULL);
        uv_close((uv_handle_t *)&in->sigterm, NULL);
    }
    uv_run(app->loop, UV_RUN_DEFAULT);
    if (uv_loop_close(app->loop) < 0)
        log_debug("app", "handles are left open");
    while (in->at_end.len) {
        const struct at_end *last = &in->at_end.items[--in->at_end.len];

        last->f(last->data);
    }
    vec_done(&in->at_end);
    build_view_free(in->builds);
    project_free(in->loaded);
    diags_free(app->diags);
    vec_done(&in->printed);
    str_done(&in->evidence);
    str_done(&in->leftover);
    str_done(&in->done.text);
    arena_free(app->arena);
}

int app_main(int argc, char **argv, char *const *environment)
{
    return app_main_on(argc, argv, environment, NULL, NULL);
}

int app_main_on(int argc, char **argv, char *const *environment, app_open_engine *open, void *data)
{
    uv_loop_t loop;
    struct app_inner inner = {.open = open, .open_data = data};
    struct app app = {.loop = &loop, .inner = &inner};
    int code;

    uv_loop_init(&loop);
    open_app(&app, environment);
    code = run_line(&app, argc, argv);
    if (app_check_stdout(&app) < 0 && code == 0)
        code = 1;
    close_app(&app);
    return code;
}
