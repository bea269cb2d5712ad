/* cmd/app_start.c: what the environment and the options before the command decide, in docker
 * compose's order, because the order decides which error wins. */
#include "cmd/app_inner.h"

#include "core/base/arena.h"
#include "core/base/diags.h"
#include "core/base/err.h"
#include "core/base/path.h"
#include "core/load/dotenv.h"
#include "core/load/env.h"

#include <string.h>

static size_t env_len(char *const *environment)
{
    size_t n = 0;

    while (environment && environment[n])
        n++;
    return n;
}

/* "a,b": items, empty ones dropped. */
static struct strings split_commas(struct arena *a, const char *text)
{
    struct strings list = {0};
    size_t cap = 0;

    while (text && *text) {
        size_t len = strcspn(text, ",");

        if (len) {
            list.items =
                arena_grow(a, (void *)list.items, list.len, &cap, list.len + 1, sizeof *list.items);
            list.items[list.len++] = arena_strndup(a, text, len);
        }
        text += len + (text[len] == ',');
    }
    return list;
}

/* Where the default .env lies before any file was looked at. */
static const char *first_dir(struct app *app)
{
    const struct load_options *o = &app->load;

    if (o->project_directory)
        return path_abs(app->arena, app->cwd, o->project_directory);
    for (size_t i = 0; i < o->files.len; i++)
        if (!str_eq(o->files.items[i], "-"))
            return path_dir(app->arena, path_abs(app->arena, app->cwd, o->files.items[i]));
    return app->cwd;
}

static void read_env_file(struct arena *a, struct env *env, struct env *found, const char *file)
{
    struct diags *diags = diags_new(); /* problems are reported by the loader, where they matter */
    struct dotenv entries = {0};
    AUTO_TEXT text = {0};

    if (path_read(file, 0, &text, NULL) == 0)
        dotenv_parse(a, diags, file, str_text(&text), text.len, env, found, &entries);
    for (size_t i = 0; i < entries.len; i++)
        if (entries.entries[i].value)
            env_set(found, entries.entries[i].key, entries.entries[i].value,
                    entries.entries[i].loc);
    diags_free(diags);
}

static bool is_true(const char *value)
{
    static const char *const yes[] = {"1", "t", "T", "TRUE", "true", "True"};

    for (size_t i = 0; value && i < ARRAY_LEN(yes); i++)
        if (str_eq(value, yes[i]))
            return true;
    return false;
}

/* COMPOSE_* of the env files count as if they were in the process's environment. */
static void export_from_env_files(struct app *app)
{
    struct arena *a = arena_new(); /* as long as they are read */
    struct env *env = env_new(a), *found = env_new(a);
    size_t len = env_len(app->environ), used = len;
    char **all;

    arena_limit(a, LOAD_MEMORY / 4); /* the loader reads them wholly */
    for (size_t i = 0; i < len; i++) {
        char *equals = strchr(app->environ[i], '=');

        if (equals)
            env_set(env, arena_strndup(a, app->environ[i], (size_t)(equals - app->environ[i])),
                    equals + 1, loc_none());
    }
    for (size_t i = 0; i < app->load.env_files.len; i++)
        read_env_file(a, env, found, path_abs(a, app->cwd, app->load.env_files.items[i]));
    if (!app->load.env_files.len && !is_true(app_getenv(app, "COMPOSE_DISABLE_ENV_FILE")))
        read_env_file(a, env, found, path_join(a, first_dir(app), ".env"));
    all = arena_calloc(app->arena, len + env_count(found) + 1, sizeof *all);
    if (len)
        memcpy(all, app->environ, len * sizeof *all);
    for (size_t i = 0; i < env_count(found); i++) {
        const struct variable *v = env_at(found, i);

        if (str_has_prefix(v->name, "COMPOSE_") && !env_get(env, v->name))
            all[used++] = arena_printf(app->arena, "%s=%s", v->name, v->value);
    }
    app->environ = all;
    arena_free(a);
}

static int choose_ansi(struct app *app, struct err *err)
{
    const char *word = app->root.ansi ? app->root.ansi : app_getenv(app, "COMPOSE_ANSI");

    if (app->root.no_ansi && app->root.ansi)
        return err_set(
            err, ERR_USAGE, loc_none(),
            "cannot specify DEPRECATED \"--no-ansi\" and \"--ansi\". Please use only \"--ansi\"");
    if (app->root.no_ansi) {
        app_note(app, "option '--no-ansi' is DEPRECATED ! Please use '--ansi' instead.");
        word = "never";
    }
    if (str_eq(word, "never"))
        app->ansi = ANSI_NEVER;
    else if (str_eq(word, "always"))
        app->ansi = ANSI_ALWAYS;
    else
        app->ansi = ANSI_AUTO;
    return 0;
}

int app_set_progress(struct app *app, const char *word, struct err *err)
{
    bool tty = app->status_fd == 1 ? app->stdout_tty : app->stderr_tty;

    if (str_empty(word) || str_eq(word, "auto")) {
        bool frames = app->ansi == ANSI_ALWAYS || (tty && app->ansi != ANSI_NEVER);

        app->progress = frames ? PROGRESS_MODE_TTY : PROGRESS_MODE_PLAIN;
    } else if (str_eq(word, "tty")) {
        if (app->ansi == ANSI_NEVER)
            return err_set(err, ERR_USAGE, loc_none(),
                           "can't use --progress tty while ANSI support is disabled");
        app->progress = PROGRESS_MODE_TTY;
    } else if (str_eq(word, "plain")) {
        if (app->ansi == ANSI_ALWAYS)
            return err_set(err, ERR_USAGE, loc_none(),
                           "can't use --progress plain while ANSI support is forced");
        app->progress = PROGRESS_MODE_PLAIN;
    } else if (str_eq(word, "json")) {
        app->progress = PROGRESS_MODE_JSON;
    } else if (str_eq(word, "quiet") || str_eq(word, "none")) {
        app->progress = PROGRESS_MODE_QUIET;
    } else {
        return err_set(err, ERR_USAGE, loc_none(), "unsupported --progress value \"%s\"", word);
    }
    return 0;
}

static int check_deprecated(struct app *app, struct err *err)
{
    if (!app->root.workdir)
        return 0;
    if (app->root.project_directory)
        return err_set(
            err, ERR_USAGE, loc_none(),
            "cannot specify DEPRECATED \"--workdir\" and \"--project-directory\". Please use "
            "only \"--project-directory\" instead");
    app_note(app,
             "option '--workdir' is DEPRECATED at root level! Please use '--project-directory' "
             "instead.");
    return 0;
}

static int choose_diagnostics(struct app *app, struct err *err)
{
    const char *word = app->root.diagnostics;

    app->diagnostics_json = str_eq(word, "json");
    if (!word || app->diagnostics_json || str_eq(word, "text"))
        return 0;
    return err_set(err, ERR_USAGE, loc_none(),
                   "invalid value for --diagnostics: \"%s\", expected \"text\" or \"json\"", word);
}

static int choose_parallel(struct app *app, struct err *err)
{
    const char *word = app_getenv(app, "COMPOSE_PARALLEL_LIMIT");
    long long limit;

    if (app->root.parallel.set || !word)
        return 0;
    if (str_to_i64(word, &limit) < 0)
        return err_set(err, ERR_USAGE, loc_none(),
                       "COMPOSE_PARALLEL_LIMIT must be an integer (found: \"%s\")", word);
    app->root.parallel = (struct opt_int){true, limit};
    return 0;
}

int app_setup(struct app *app, struct err *err)
{
    const struct root_args *r = &app->root;
    const char *progress = r->progress ? r->progress : app_getenv(app, "COMPOSE_PROGRESS");

    app->load = (struct load_options){
        .files = r->files,
        .env_files = r->env_files,
        .profiles = r->profiles,
        .project_name = str_empty(r->project_name) ? NULL : r->project_name,
        .project_directory = r->project_directory ? r->project_directory : r->workdir,
        .compatibility = r->compatibility,
        .all_resources = r->all_resources,
        .strict = r->strict,
        .cwd = app->cwd,
    };
    if (!app->load.env_files.len)
        app->load.env_files = split_commas(app->arena, app_getenv(app, "COMPOSE_ENV_FILES"));
    app->load.environ = app->environ; /* it finds the rest by itself, with its places */
    export_from_env_files(app);
    app->status_fd = is_true(app_getenv(app, "COMPOSE_STATUS_STDOUT")) ? 1 : 2;
    if (choose_diagnostics(app, err) < 0 || choose_ansi(app, err) < 0 ||
        app_set_progress(app, progress, err) < 0 || check_deprecated(app, err) < 0 ||
        choose_parallel(app, err) < 0)
        return -1;
    return 0;
}
