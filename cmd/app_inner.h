/* cmd/app_inner.h: what only the app's own files (app*.c) look at. */
#ifndef CMD_APP_INNER_H
#define CMD_APP_INNER_H

#include "cmd/app.h"
#include "core/base/str.h"
#include "core/base/vec.h"

struct build_view;
struct diag;

struct at_end {
    void (*f)(void *data);
    void *data;
};

struct app_inner {
    uv_signal_t sigint, sigterm;
    bool signals_open;
    uint64_t started_ns;              /* uv_hrtime */
    VEC(const struct diag *) printed; /* diagnostics */
    VEC(struct at_end) at_end;
    struct str evidence; /* what containers told that failed others */
    struct told {        /* names of steps, the first few */
        struct str text;
        size_t count;
    } done;                    /* steps of all the command's plans */
    struct str leftover;       /* after a plan failed: what was done and what was not */
    struct build_view *builds; /* of the plan that runs; NULL until something is built */
    struct lock *lock;         /* NULL: none, or it is being let go */
    size_t unlocking;          /* locks the engine has not forgotten yet */
    bool locked;               /* it is ours */
    bool lock_waited;          /* for somebody who had it */
    bool driver_closed;
    app_open_engine *open; /* NULL: the engine is looked for */
    void *open_data;
    struct driver *wrapped; /* the real one, under --dry-run and where only its reader is used */
    struct project *loaded; /* app->project may be one that lives in the app's arena */
};

/* app_start.c: what the environment and the options before the command decide. */
int app_setup(struct app *app, struct err *err);

/* app_lock.c: true when there is none to wait for; else app_wind_down follows. */
bool app_lock_is_over(struct app *app);

/* app_run.c */
void app_wind_down(
    struct app *app); /* after app_finish: closes what keeps the loop alive, as soon as it may be */

/* app_print.c */
void app_to_stderr(struct app *app, const struct str *text);
void app_error_text(struct app *app, const char *text);
/* A message with a level as docker compose's logger prints it. */
void app_log(struct app *app, const char *level, const char *text);
/* Was all that went to stdout written? If not, says so and returns -1. */
int app_check_stdout(struct app *app);

/* api_socket.c: the sockets and credentials of services with use_api_socket. */
void app_api_sockets(struct app *app);

#endif
