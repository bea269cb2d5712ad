/* cmd/app.h: one run of the program: global options, the loop, the engine, what is printed and how.
 *
 * Commands see the world through it. Everything a user reads is printed here and in the files
 * beside (progress.c, table.c, logs_print.c): core and drivers never print. stdout carries what
 * scripts want, stderr the chatter. */
#ifndef CMD_APP_H
#define CMD_APP_H

#include "core/base/attr.h"
#include "core/exec/exec.h"
#include "core/exec/observe.h"
#include "core/load/load.h"

#include <uv.h>

struct app_inner;
struct arena;
struct diags;
struct driver;
struct err;
struct opts_common;
struct progress_view;
struct project;
struct reader;

enum progress_mode { /* never AUTO once the app runs */
                     PROGRESS_MODE_AUTO,
                     PROGRESS_MODE_TTY,
                     PROGRESS_MODE_PLAIN,
                     PROGRESS_MODE_JSON,
                     PROGRESS_MODE_QUIET,
};
enum ansi_mode { ANSI_AUTO, ANSI_NEVER, ANSI_ALWAYS };

/* Options before the command. */
struct root_args {
    struct strings files, env_files, profiles;
    const char *project_name, *project_directory, *workdir, *progress, *ansi, *host, *context,
        *diagnostics;
    struct opt_int parallel;
    bool compatibility, all_resources, strict, dry_run, verbose, no_ansi, version;
};

struct app {
    struct arena *arena; /* lives as long as the run */
    uv_loop_t *loop;
    struct diags *diags;
    struct root_args root;
    struct load_options load; /* from root and the environment */
    struct project *project;  /* after app_load */
    struct driver *driver;    /* after app_engine; the dry one under --dry-run */
    struct reader *reader;    /* its reading side; after app_engine_to_read, all there is */
    const char *command;      /* its name, "up" */
    const char *cwd;
    char *const *environ;
    enum progress_mode progress;
    enum ansi_mode ansi;
    bool diagnostics_json; /* problems of files as one JSON object a line */
    bool stdout_tty, stderr_tty, stdin_tty;
    struct progress_view *view; /* progress.c; NULL until the first event */
    int exit_code;
    bool finished;
    /* Ctrl-C and SIGTERM: a command may take them over; otherwise the first cancels, the second
     * kills. */
    void (*on_interrupt)(struct app *app, int count, void *owner);
    void *interrupt_owner;
    int interrupts;
    /* Who shows what hooks in containers write; NULL: nobody does. */
    void (*on_hook)(struct app *app, const struct plan_node *n, enum stream s, const char *bytes,
                    size_t len, void *owner);
    void *hook_owner;
    struct exec *exec;       /* the plan that is running now, for cancellation */
    bool quiet_build;        /* the build's log is not shown: set before app_run */
    bool quiet_pull;         /* no layer lines of pulls: set before app_run */
    int status_fd;           /* where progress goes: stderr, or stdout with COMPOSE_STATUS_STDOUT */
    struct app_inner *inner; /* app_inner.h */
};

/* Getting what a command needs; each prints what is wrong, finishes the app and returns -1 on
 * failure. */
int app_load(struct app *app,
             const struct strings *services); /* the model; services: selection or NULL */
/* The same for what builds or creates: DOCKER_DEFAULT_PLATFORM counts. */
int app_load_to_run(struct app *app, const struct strings *services);
/* The model, or (with -p and no file) a project that is only a name; ok: a later
 * project_from_labels. */
int app_load_or_name(struct app *app, const struct strings *services, bool *ret_named_only);
const char *app_project_name(struct app *app); /* -p, else COMPOSE_PROJECT_NAME, else the model's */
int app_engine(struct app *app);
int app_engine_to_read(
    struct app *app); /* for commands that only look: no driver, just app->reader */

/* A boolean variable of the project's environment (process, then .env); anything not true is false.
 * app_env.c */
bool app_env_bool(const struct app *app, const char *name);
/* A variable of the project's environment, or of the process where no model is loaded; NULL: not
 * set. */
const char *app_getenv(const struct app *app, const char *name);

/* Reads what secrets and configs put into containers, for plans that make or start some. */
struct observed;
void app_load_sources(struct app *app, const struct observed *o);

/* Runs `then` when the engine has answered all that is asked; on failure prints and finishes. */
typedef void app_then(struct app *app, void *owner);
void app_observe(struct app *app, const struct observe_options *o, struct observed *ret,
                 app_then *then, void *owner);
/* Asks what `p` still has to know (plan_questions() in core/plan/compared.h, `volumes` and `names`
 * as there); adds it to `o`, for the plan to be made again. False: all is known, and `then` is not
 * run. */
bool app_ask(struct app *app, const struct plan *p, bool volumes, bool names, struct observed *o,
             app_then *then, void *owner);
/* Adds to app->diags what this engine is not able to make of the plan. */
void app_check_plan(struct app *app, const struct plan *p);
/* Runs a plan with progress under `title` ("Running", "Stopping"). `then` gets the outcome:
 * err NULL: all done. The plan's failures have been shown as progress; the final error text is
 * printed by app_fail. A plan without nodes calls `then` at once (from the loop). */
typedef void app_ran(struct app *app, void *owner, const struct err *err);
void app_run(struct app *app, const struct plan *p, const char *title, app_ran *then, void *owner);

/* One command at a time changes a project (core/exec/lock.h): `then` runs when it is our turn. What
 * was observed before may be old by then. Once for all that follows, until app_unlock() or the end;
 * under --dry-run at once. Where the engine refuses, a warning is all. */
void app_lock(struct app *app, app_then *then, void *owner);
bool app_lock_waited(const struct app *app);             /* somebody else had it before us */
bool app_is_locked(const struct app *app);               /* by us, or nothing needs to be */
bool app_lock_inherited(const struct app *app);          /* from a command that was killed */
int64_t app_lock_inherited_since(const struct app *app); /* when that took it; 0: it is not */
bool app_is_waiting(const struct app *app);              /* for another command */
void app_unlock(
    struct app *app); /* or no longer wait: others may go on; the engine is told meanwhile */

/* Ending: exactly once. Prints nothing; the loop winds down and main returns the code. */
void app_finish(struct app *app, int code);
/* Prints the error as docker compose does (or as JSON with --progress json), finishes with 1 (or
 * err->status when that is an exit code to pass on, or 130 when canceled by the user). */
void app_fail(struct app *app, const struct err *err);
/* Prints the error as app_fail does, without finishing. */
void app_print_error(struct app *app, const struct err *err);
/* Prints all diagnostics not printed yet. Returns -1 if there was an error among them. */
int app_print_diags(struct app *app);

/* How progress is shown, as --progress has it; -1: no such way. */
int app_set_progress(struct app *app, const char *word, struct err *err);

/* Calls `f` from the loop, not before this call has returned. */
void app_defer(struct app *app, void (*f)(void *data), void *data);
/* Calls `f` when all is over, whatever way it ended: frees what would otherwise be lost. */
void app_at_end(struct app *app, void (*f)(void *data), void *data);

/* Printing. */
void app_out(const char *text, size_t len);                             /* stdout, whole */
void app_outf(const char *fmt, ...) PRINTF_LIKE(1, 2);                  /* stdout */
void app_note(struct app *app, const char *fmt, ...) PRINTF_LIKE(2, 3); /* stderr, a line */
void app_warn(struct app *app, const char *fmt, ...) PRINTF_LIKE(2, 3); /* level=warning */
void app_info(struct app *app, const char *fmt, ...) PRINTF_LIKE(2, 3);
bool app_color(const struct app *app); /* colours on stdout */
void app_write(int fd, const char *bytes,
               size_t len); /* whole; a reader who left ends the program */
int app_columns(int fd);    /* width of the terminal there; 0: none */

/* The program: parses the command line, runs the command, gives the exit code. */
int app_main(int argc, char **argv, char *const *environ);
/* The same on the engine that `open` gives, for tests. */
typedef struct driver *app_open_engine(uv_loop_t *loop, void *data);
int app_main_on(int argc, char **argv, char *const *environ, app_open_engine *open, void *data);

#endif
