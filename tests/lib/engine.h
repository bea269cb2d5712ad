/* tests/lib/engine.h: a docker driver that talks to a scripted server, and what became of its
 * calls. */
#ifndef TESTS_LIB_ENGINE_H
#define TESTS_LIB_ENGINE_H

#include "core/base/err.h"
#include "core/base/str.h"
#include "core/driver.h"
#include "tests/lib/server.h"

#include <uv.h>

struct engine {
    uv_loop_t loop;
    struct server *server;
    struct driver *driver;
    struct reader *r;
    struct writer *w;
    struct arena *arena;
    const char *const *env; /* NAME, value, ..., NULL */
};

/* What a call told. Give it as the call's owner. */
struct outcome {
    struct engine *e;
    unsigned runs, ready, sent;
    struct err err;
    struct reply reply; /* shallow: for what lives in the arena, and for numbers */
    struct str output;  /* "1:text 2:text" */
    struct call *call;
    bool cancel_on_output, close_on_done; /* misbehave */
};

/* env may be NULL. */
void engine_start(struct engine *e, bool tcp, const char *const *env);
void engine_run(struct engine *e);   /* until nothing is left to do */
void engine_close(struct engine *e); /* the driver */
void engine_end(struct engine *e);   /* closes all; asserts that the loop is empty */

call_done engine_on_done;
output_fn engine_on_output;
void engine_on_ready(void *owner);
void engine_on_sent(void *owner);
void outcome_done(struct outcome *o);

#endif
