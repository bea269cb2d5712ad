/* cmd/followed.h: the containers an attached `up` listens to: their output as lines, when they end,
 * whether they start again.
 *
 * What starts while nobody listens to it (restarted, recreated, or attaching failed) is followed
 * through its logs. */
#ifndef CMD_FOLLOWED_H
#define CMD_FOLLOWED_H

#include "core/base/vec.h"
#include "core/driver.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct app;
struct log_printer;
struct log_source;
struct plan_node;

/* One container. Lives in the app's arena, never freed before it. */
struct followed {
    /* Whoever adds it decides. */
    bool counted; /* `up` goes on as long as one of these is there */
    bool shown;   /* its output is printed */
    bool tty;
    bool replaces; /* another one, and that is not told yet */

    /* To be read. */
    const char *id, *name, *service;
    int number;
    bool running; /* as far as events tell */
    bool gone;    /* exited for good */
    int exit_code;
    struct call *inspect; /* after its exit, or before its logs are followed; NULL: none */

    struct follow *follow;
    bool attaching; /* `to_attach` counts it */
    struct log_source *source;
    struct log_source *hooks;         /* what hooks in it, or before it, write */
    const struct plan_node *prestart; /* of a hook before it; NULL: in it */
    struct call *stream;              /* attach or logs; NULL: none open */
    bool started_again;               /* while its end was looked at */
    int64_t died_at;                  /* of the event; 0: none was seen */
};

/* All of them. Zero but for the first members, which the owner sets. */
struct follow {
    struct app *app;
    struct log_printer *printer;           /* follow_close frees it */
    void (*on_attached)(void *owner);      /* all that are shown are attached, or cannot be */
    void (*on_exited)(struct followed *w); /* its exit has been told */
    void (*on_change)(void *owner);        /* one ended or vanished */
    void *owner;
    bool ending; /* set: nothing more is followed */
    bool muted;  /* set: nothing more is printed of them */

    VEC(struct followed *) all;
    size_t to_attach; /* attaches that are not ready yet */
    bool closed;
};

struct followed *follow_add(struct follow *f, const char *id, const char *name, const char *service,
                            int number);
struct followed *follow_find(struct follow *f, const char *id); /* NULL: none */
void follow_sort(struct follow *f);                             /* by name */
/* Says to what, attaches, and calls on_attached, at once when there is nothing to attach to. */
void follow_attach(struct follow *f);
/* What the engine tells of one of them. */
void follow_event(struct followed *w, const struct event *e);
/* app->on_hook, the struct follow as owner: shown whether or not their container is, as docker
 * compose does. */
void follow_hook(struct app *app, const struct plan_node *n, enum stream s, const char *bytes,
                 size_t len, void *owner);
/* Prints unfinished lines. Calls that are open end with the driver. */
void follow_close(struct follow *f);

#endif
