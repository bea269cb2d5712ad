/* core/exec/evidence.c: what a container that was waited for in vain can still tell: its state, the
 * output of its last health check, the end of its log. Asked for once a container, before the wait
 * counts as failed. */
#include "core/exec/run.h"

#include "core/base/arena.h"
#include "core/base/err.h"
#include "core/base/mem.h"
#include "core/base/str.h"

#include <stdlib.h>

#define LOG_LINES "20"
enum { LOG_BYTES = 16 * 1024 }; /* of these lines, the end */

enum gathering_state { GATHER_INSPECT, GATHER_LOGS, GATHER_OVER };

struct gathering {
    struct run *run;
    enum gathering_state state;
    struct arena *arena;               /* of the inspection */
    const struct container *container; /* NULL: not known */
    struct str log;
    struct err failure; /* the wait's */
};

static void step(struct gathering *g);

bool evidence_is_due(const struct run *r)
{
    const struct exec *x = r->x;

    return x->cb.on_evidence && !x->canceled && !map_has(&x->explained, r->node->target);
}

void evidence_gather(struct run *r, struct err *err)
{
    struct gathering *g = mem_calloc(1, sizeof *g);

    map_set(&r->x->explained, r->node->target, r);
    g->run = r;
    g->arena = arena_new();
    err_move(&g->failure, err);
    step(g);
}

static void on_inspected(void *owner, const struct reply *reply, const struct err *err)
{
    struct gathering *g = owner;

    if (!err && reply->containers.len)
        g->container = reply->containers.items[0];
    g->run->x->calls--;
    g->run->call = NULL;
    g->state = g->container && !g->run->x->canceled ? GATHER_LOGS : GATHER_OVER;
    step(g);
}

static void on_output(void *owner, enum stream s, const char *bytes, size_t len)
{
    struct gathering *g = owner;

    (void)s;
    str_addn(&g->log, bytes, len);
    if (g->log.len > (size_t)2 * LOG_BYTES)
        str_consume(&g->log, g->log.len - LOG_BYTES);
}

/* What the log could not tell is left out: the failure itself is what must be said. */
static void on_logs(void *owner, const struct reply *reply, const struct err *err)
{
    struct gathering *g = owner;

    (void)reply;
    (void)err;
    g->run->x->calls--;
    g->run->call = NULL;
    g->state = GATHER_OVER;
    step(g);
}

static void finish(struct gathering *g)
{
    struct run *r = g->run;
    struct exec *x = r->x;

    if (g->log.len > LOG_BYTES)
        str_consume(&g->log, g->log.len - LOG_BYTES);
    x->cb.on_evidence(x->cb.owner, &(struct evidence){
                                       .node = r->node,
                                       .container = g->container,
                                       .waited_ms = uv_now(x->loop) - r->waiting_since,
                                       .log = str_text(&g->log),
                                   });
    run_failed(r, &g->failure);
    str_done(&g->log);
    arena_free(g->arena);
    free(g);
    exec_pump(x);
}

static void step(struct gathering *g)
{
    struct run *r = g->run;
    struct reader *reader = &r->x->driver->reader;
    const char *id = r->container ? r->container : r->node->target;
    struct log_options logs = {.tail = LOG_LINES};

    switch (g->state) {
    case GATHER_INSPECT:
        r->x->calls++;
        r->call = reader->ops->container_inspect(reader, g->arena, id, on_inspected, g);
        break;
    case GATHER_LOGS:
        r->x->calls++;
        logs.tty = g->container->tty;
        r->call = reader->ops->container_logs(reader, id, &logs, on_output, on_logs, g);
        break;
    case GATHER_OVER:
        finish(g);
        break;
    }
}
