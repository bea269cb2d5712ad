/* core/base/err.h: what went wrong, where.
 *
 * A fallible function returns 0 or -1 and takes `struct err *` last; err_set and err_wrap return
 * -1, so failing is one line. One err is one failure; a file that can hold many reports into diags
 * (diags.h). */
#ifndef CORE_BASE_ERR_H
#define CORE_BASE_ERR_H

#include "core/base/attr.h" /* PRINTF_LIKE, CLEANUP */

/* A place in a text. `file` is borrowed and lives as long as the project. line 0: no position. */
struct loc {
    const char *file;
    unsigned line, col; /* from 1; col counts characters, not bytes */
};

enum err_code {
    ERR_NONE,
    ERR_USAGE,       /* the command line */
    ERR_IO,          /* reading and writing files */
    ERR_INVALID,     /* bad input: YAML, values, names */
    ERR_NOT_FOUND,   /* the engine's 404, or no such service */
    ERR_CONFLICT,    /* the engine's 409 */
    ERR_ENGINE,      /* any other answer of the engine that is an error */
    ERR_UNREACHABLE, /* no engine there, or the connection broke */
    ERR_UNSUPPORTED, /* this engine, or this version of mcompose, cannot do that */
    ERR_FAILED,      /* a container, build or dependency failed */
    ERR_TIMEOUT,
    ERR_CANCELED,
    ERR_DETACHED, /* the user left a terminal; its process runs on */
};

struct err {
    enum err_code code;
    int status; /* HTTP status, or exit code of what failed; 0 when there is none */
    struct loc loc;
    char *msg; /* owned; NULL when there is no failure */
};

struct loc loc_none(void);
struct loc loc_file(const char *file); /* the file as a whole */

/* Fills err (which may be NULL: the failure is then just -1). Replaces
 * what was there. Return -1. */
int err_set(struct err *err, enum err_code code, struct loc loc, const char *fmt, ...)
    PRINTF_LIKE(4, 5);
int err_wrap(struct err *err, const char *fmt, ...) PRINTF_LIKE(2, 3); /* "<new>: <old>" */
void err_done(struct err *err);                  /* frees the text, leaves ERR_NONE */
void err_move(struct err *to, struct err *from); /* `from` is empty afterwards */
void err_copy(struct err *to, const struct err *from);
const char *err_text(const struct err *err); /* never NULL */

#define AUTO_ERR CLEANUP(err_done) struct err /* AUTO_ERR err = {0}; */

#endif
