#include "core/exec/exec.h"

#include "core/base/err.h"
#include "core/base/log.h"
#include "core/base/mem.h"
#include "core/base/str.h"
#include "core/exec/run.h"

#include <assert.h>
#include <stdlib.h>

static void on_timer(uv_timer_t *timer);
static void on_closed(uv_handle_t *handle);

/* ---- nodes ---- */

/* Who undoes it only waits for its end, whatever that is. */
static void finish(struct run *r, enum node_status status)
{
    struct exec *x = r->x;

    assert(r->status == NODE_PENDING || r->status == NODE_STARTED);
    r->status = status;
    x->left--;
    for (size_t i = 0; i < r->users_len; i++)
        if (r->users[i]->node->undoes && --r->users[i]->waits == 0 &&
            r->users[i]->status == NODE_PENDING)
            x->ready[x->ready_tail++] = r->users[i];
}

/* Nothing that waits for it can run any more, but what undoes it. */
static void skip_users(struct run *first)
{
    struct exec *x = first->x;
    struct run **queue = mem_calloc(x->len + 1, sizeof(struct run *));
    size_t head = 0, tail = 0;

    queue[tail++] = first;
    while (head < tail) {
        struct run *r = queue[head++];

        for (size_t i = 0; i < r->users_len; i++)
            if (r->users[i]->status == NODE_PENDING && !r->users[i]->node->undoes) {
                finish(r->users[i], x->canceled ? NODE_CANCELED : NODE_SKIPPED);
                queue[tail++] = r->users[i];
            }
    }
    free(queue);
}

/* One service that cannot become healthy decides; the others need not be waited for. */
static void end_other_waits(struct exec *x)
{
    for (size_t i = 0; i < x->len; i++) {
        struct run *r = &x->runs[i];

        if (r->node->op != OP_WAIT || !r->node->at_end)
            continue;
        if (r->waiting) {
            wait_end(r);
            finish(r, NODE_CANCELED);
        } else if (r->status == NODE_PENDING) {
            finish(r, NODE_CANCELED);
        }
    }
}

static void end_well(struct run *r, enum node_status status)
{
    struct exec *x = r->x;

    finish(r, status);
    for (size_t i = 0; i < r->users_len; i++)
        if (!r->users[i]->node->undoes && --r->users[i]->waits == 0 &&
            r->users[i]->status == NODE_PENDING)
            x->ready[x->ready_tail++] = r->users[i];
}

void run_done(struct run *r)
{
    end_well(r, NODE_DONE);
}

void run_tolerated(struct run *r, const struct err *err)
{
    err_copy(&r->err, err);
    run_done(r);
}

void run_failed(struct run *r, struct err *err)
{
    err_move(&r->err, err);
    if (r->x->err.code == ERR_NONE)
        err_copy(&r->x->err, &r->err);
    finish(r, NODE_FAILED);
    skip_users(r);
    if (r->node->at_end)
        end_other_waits(r->x);
}

void run_canceled(struct run *r)
{
    if (r->x->err.code == ERR_NONE)
        err_set(&r->x->err, ERR_CANCELED, loc_none(), "canceled");
    finish(r, NODE_CANCELED);
    skip_users(r);
}

static enum node_status status_of(const struct run *r, size_t after)
{
    return r->x->runs[r->node->after[after]->id].status;
}

/* A node that is there for a failure, without one. */
static bool is_needless(const struct run *r)
{
    if (r->node->undoes)
        return status_of(r, 0) != NODE_DONE || status_of(r, r->node->after_len - 1) == NODE_DONE;
    if (!r->node->only_after_failure)
        return false;
    for (size_t i = 0; i < r->node->after_len; i++)
        if (r->x->runs[r->node->after[i]->id].err.code != ERR_NONE)
            return false;
    return true;
}

/* More than one call: an answer is needed to go on, and a dry run has none. */
static bool lasts(enum op_kind op)
{
    return op == OP_CONTAINER_EXEC || op == OP_CONTAINER_HOOK || op == OP_PROVIDER_UP ||
           op == OP_PROVIDER_DOWN || op == OP_MODEL_PULL || op == OP_MODEL_CONFIGURE;
}

static void start(struct run *r)
{
    r->status = NODE_STARTED;
    if (is_needless(r)) {
        end_well(r, NODE_NEEDLESS);
        return;
    }
    tell_begin(r);
    if (r->x->canceled && !r->node->undoes) { /* by who was told */
        run_canceled(r);
    } else if (r->node->op == OP_WAIT) {
        wait_begin(r);
    } else if (r->node->op == OP_NOTHING || (r->x->opts.dry_run && lasts(r->node->op))) {
        tell_done(r);
        run_done(r);
    } else {
        run_call(r);
    }
}

/* ---- the whole ---- */

static void note_canceled(struct exec *x)
{
    if (x->canceled && x->err.code == ERR_NONE)
        err_set(&x->err, ERR_CANCELED, loc_none(), "canceled");
}

static void end(struct exec *x)
{
    if (x->state == EXEC_RUN || x->state == EXEC_SUBSCRIBE) {
        x->state = EXEC_ENDING;
        note_canceled(x);
        if (x->events)
            x->driver->ops->cancel(x->events);
    }
    if (!x->calls && !uv_is_closing((uv_handle_t *)&x->timer))
        uv_close((uv_handle_t *)&x->timer, on_closed);
}

void exec_pump(struct exec *x)
{
    while (x->state == EXEC_RUN && x->ready_head < x->ready_tail &&
           (x->opts.parallel <= 0 || x->busy < (size_t)x->opts.parallel)) {
        struct run *r = x->ready[x->ready_head++];

        if (r->status == NODE_PENDING)
            start(r);
    }
    if (!x->left)
        end(x);
    else
        exec_arm(x);
}

void exec_arm(struct exec *x)
{
    uint64_t next = wait_next(x), now = uv_now(x->loop);

    if (x->state != EXEC_RUN)
        return;
    if (next)
        uv_timer_start(&x->timer, on_timer, next > now ? next - now : 0, 0);
    else
        uv_timer_stop(&x->timer);
}

static void on_timer(uv_timer_t *timer)
{
    struct exec *x = timer->data;

    if (x->state == EXEC_SUBSCRIBE && !x->events && !x->canceled) { /* the first turn */
        if (!x->opts.dry_run && wait_needs_events(x->plan)) {
            wait_subscribe(x);
            return;
        }
        x->state = EXEC_RUN;
    }
    wait_tick(x);
    exec_pump(x);
}

static void on_closed(uv_handle_t *handle)
{
    struct exec *x = handle->data;

    x->state = EXEC_OVER;
    x->cb.on_done(x->cb.owner, x->err.code == ERR_NONE ? NULL : &x->err); /* may free x */
}

/* Who waits for whom, from the waiting side's lists. */
static void link_users(struct exec *x)
{
    size_t total = 0;

    for (size_t i = 0; i < x->len; i++) {
        const struct plan_node *n = plan_at(x->plan, i);

        x->runs[i] = (struct run){.x = x, .node = n, .waits = n->after_len};
        total += n->after_len;
    }
    x->users = mem_calloc(total + 1, sizeof(struct run *));
    for (size_t i = 0; i < x->len; i++)
        for (size_t j = 0; j < x->runs[i].node->after_len; j++)
            x->runs[x->runs[i].node->after[j]->id].users_len++;
    for (size_t i = 0, at = 0; i < x->len; i++) {
        x->runs[i].users = x->users + at;
        at += x->runs[i].users_len;
        x->runs[i].users_len = 0;
    }
    for (size_t i = 0; i < x->len; i++)
        for (size_t j = 0; j < x->runs[i].node->after_len; j++) {
            struct run *before = &x->runs[x->runs[i].node->after[j]->id];

            before->users[before->users_len++] = &x->runs[i];
        }
}

struct exec *exec_run(uv_loop_t *loop, struct driver *d, const struct plan *p,
                      const struct exec_options *o, const struct exec_callbacks *cb)
{
    struct exec *x = mem_calloc(1, sizeof *x);

    x->loop = loop;
    x->driver = d;
    x->plan = p;
    x->opts = *o;
    x->cb = *cb;
    x->len = x->left = plan_len(p);
    x->runs = mem_calloc(x->len + 1, sizeof *x->runs);
    x->ready = mem_calloc(x->len + 1, sizeof(struct run *));
    link_users(x);
    for (size_t i = 0; i < x->len; i++)
        if (!x->runs[i].waits)
            x->ready[x->ready_tail++] = &x->runs[i];
    uv_timer_init(loop, &x->timer);
    x->timer.data = x;
    uv_timer_start(&x->timer, on_timer, 0, 0);
    return x;
}

/* The engine goes on with what it was asked for when we hang up: a start that is cut off still
 * starts. So short calls are waited for, and only those that take as long as they like are left. */
static bool may_take_long(enum op_kind op)
{
    return op == OP_IMAGE_PULL || op == OP_IMAGE_BUILD || op == OP_CONTAINER_STOP ||
           op == OP_CONTAINER_RESTART || op == OP_CONTAINER_EXEC;
}

static void cancel_calls(struct exec *x, bool all)
{
    for (size_t i = 0; i < x->len; i++) {
        struct run *r = &x->runs[i];

        if (r->waiting) {
            wait_end(r);
            finish(r, NODE_CANCELED);
        } else if (r->provider) {
            provider_cancel(r, all);
        } else if (r->model) {
            model_cancel(r, all);
        } else if (r->call &&
                   (all || may_take_long(plan_at(x->plan, i)->op) || prestart_waits(r))) {
            x->driver->ops->cancel(r->call);
        }
    }
}

void exec_cancel(struct exec *x)
{
    bool again = x->canceled;

    if (x->state == EXEC_OVER)
        return;
    x->canceled = true;
    if (x->state == EXEC_ENDING) { /* all is done, but what comes after must not begin */
        note_canceled(x);
        return;
    }
    for (size_t i = 0; i < x->len; i++)
        if (x->runs[i].status == NODE_PENDING && (again || !x->runs[i].node->undoes))
            finish(&x->runs[i], NODE_CANCELED);
    cancel_calls(x, again);
    uv_timer_start(&x->timer, on_timer, 0,
                   0); /* when nothing runs, the end comes from the loop too */
}

/* ---- questions ---- */

const char *exec_id_of_name(void *owner, const char *name)
{
    const struct exec *x = owner;

    return map_get(&x->ids, name);
}

const char *exec_id(const struct exec *x, const struct plan_node *n)
{
    const char *made;

    if (n->engine_id)
        return n->engine_id;
    made = n->target ? map_get(&x->ids, n->target) : NULL;
    return made ? made : n->target;
}

enum node_status exec_status(const struct exec *x, const struct plan_node *n)
{
    return x->runs[n->id].status;
}

const struct err *exec_error(const struct exec *x, const struct plan_node *n)
{
    const struct err *err = &x->runs[n->id].err;

    return err->code == ERR_NONE ? NULL : err;
}

const char *exec_result(const struct exec *x, const struct plan_node *n)
{
    return x->runs[n->id].result;
}

void exec_free(struct exec *x)
{
    if (!x)
        return;
    assert(x->state == EXEC_OVER);
    for (size_t i = 0; i < x->len; i++) {
        err_done(&x->runs[i].err);
        free(x->runs[i].result);
        free(x->runs[i].container);
    }
    for (size_t i = 0; i < x->ids.len; i++)
        free(x->ids.entries[i].value);
    map_done(&x->ids);
    map_done(&x->started);
    map_done(&x->explained);
    free(x->runs);
    free(x->users);
    free(x->ready);
    err_done(&x->err);
    free(x);
}
