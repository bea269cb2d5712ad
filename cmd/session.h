/* cmd/session.h: our terminal joined to a process in a container: run and exec share it.
 *
 * Copies standard input to the call, its output to stdout and stderr, and the terminal's size after
 * it started and whenever it changes. */
#ifndef CMD_SESSION_H
#define CMD_SESSION_H

#include "core/driver.h" /* enum stream */

#include <stdbool.h>
#include <stddef.h>

struct app;
struct session;

typedef struct call *session_resize(struct writer *w, const char *id, int rows, int cols,
                                    call_done *done, void *owner);

struct session_options {
    bool stdin_open, tty;
    session_resize *resize; /* of the container or the exec */
    const char *id;
};

struct session *session_new(struct app *app, const struct session_options *o);
/* Pass as on_output with the session as owner, or forward to it. */
void session_output(struct session *s, enum stream stream, const char *bytes, size_t len);
/* The call's stream is open: input flows to it from now on, or, where there is a terminal with a
 * size, once the process has been told that. */
void session_open(struct session *s, struct call *c);
/* The process runs: tell it the size of the terminal. */
void session_started(struct session *s);
/* The call is over: input is no longer read; the terminal is as it was. Frees s (later). */
void session_close(struct session *s);

/* Whether a terminal is wanted: -T, -t and what stdin and stdout are. */
bool session_wants_tty(const struct app *app, bool no_tty, const struct opt_bool *tty);

#endif
