/* tests/lib/stage.h: a project, the fake engine and everything between, for tests of plans and the
 * executor.
 *
 *     struct stage s;
 *     stage_init(&s);
 *     stage_load(&s, "services: {a: {image: x}}");   again for a changed file
 *     stage_up(&s);                                  observe, reconcile, carry out; s.err
 *     stage_done(&s); */
#ifndef TESTS_LIB_STAGE_H
#define TESTS_LIB_STAGE_H

#include "core/base/err.h"
#include "core/base/str.h"
#include "core/exec/exec.h"
#include "core/plan/reconcile.h"
#include "drivers/fake/fake.h"
#include "tests/lib/fixture.h"

#include <uv.h>

struct stage {
    uv_loop_t loop;
    struct fake *fake;
    struct driver *driver; /* the fake's, unless a test puts another in front */
    struct arena *arena;   /* of observations and plans */
    struct fixture fixture;
    bool loaded;
    struct observed observed;
    const char *lock;     /* looked for beside the rest; NULL: it is not */
    struct up_options up; /* both halves, no timeout */
    struct exec_options exec;
    struct plan *plan;    /* the last one */
    struct exec *running; /* kept until the next run, for questions */
    struct str told, warnings, messages;
    struct str evidence; /* "demo-db-1 exited: <log>", a line each */
    struct err err;      /* of the last run; empty: it went well */
    bool finished;
    size_t cancel_after; /* progress events until exec_cancel; 0: never */
    unsigned cancel_ms;  /* or time, and again after as long; 0: never */
};

void stage_init(struct stage *s);
void stage_done(struct stage *s);
/* The project is called "demo" unless the text says else. NULL text: keeps what is loaded. */
void stage_load(struct stage *s, const char *yaml);
/* The same in two steps, for one project on many stages: it stays the caller's. */
void stage_fixture(struct fixture *f, const char *yaml);
void stage_use(struct stage *s, const struct fixture *f);
void stage_observe(struct stage *s);
/* Reconciles with s->up; NULL when that reported errors: they are in s->messages. */
struct plan *stage_reconcile(struct stage *s);
void stage_run(struct stage *s,
               struct plan *p); /* until on_done; fails the test when that never comes */
void stage_up(struct stage *s);
void stage_down(struct stage *s, bool volumes);
void stage_spin(struct stage *s, unsigned ms); /* lets time pass */

#endif
