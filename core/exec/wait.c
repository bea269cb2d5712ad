/* core/exec/wait.c: until a container is running, healthy or has ended.
 *
 * One subscription to the project's events, opened before the first call, so that nothing is
 * missed. A wait starts with one inspection; after that, events decide. When the stream breaks,
 * inspections at an interval take its place. */
#include "core/exec/run.h"

#include "core/base/arena.h"
#include "core/base/err.h"
#include "core/base/log.h"
#include "core/base/mem.h"
#include "core/base/str.h"
#include "core/base/text.h"

#include <stdlib.h>

static void inspect(struct run *r);

bool wait_needs_events(const struct plan *p)
{
    for (size_t i = 0; i < plan_len(p); i++)
        if (plan_at(p, i)->op == OP_WAIT)
            return true;
    return false;
}

/* ---- results ---- */

void wait_end(struct run *r)
{
    r->x->waiting -= r->waiting;
    r->waiting = false;
    if (r->inspection)
        r->x->driver->ops->cancel(r->inspection); /* its answer is dropped */
}

static void satisfied(struct run *r, const char *word)
{
    wait_end(r);
    if (r->node->done)
        tell(r, PROGRESS_DONE, word, NULL);
    run_done(r);
}

/* A dependency with `required: false`: what it should have been is only told. */
static void skipped(struct run *r, const char *what, const char *reason)
{
    AUTO_TEXT text = {0};
    AUTO_ERR err = {0};

    wait_end(r);
    str_addf(&text, "Skipped: optional dependency \"%s\" %s", r->node->service, what);
    if (r->node->done)
        tell(r, PROGRESS_WARNING, str_text(&text), NULL);
    str_clear(&text);
    str_addf(&text, "optional dependency \"%s\" %s%s%s", r->node->service, what, reason ? ": " : "",
             reason ? reason : "");
    tell_warning(r->x, str_text(&text));
    err_set(&err, ERR_FAILED, r->node->loc, "%s", str_text(&text));
    run_tolerated(r, &err);
}

static void end_badly(struct run *r, const char *word)
{
    wait_end(r);
    if (r->node->done)
        tell(r, PROGRESS_ERROR, word, NULL);
}

static void failed(struct run *r, struct err *err, const char *word)
{
    end_badly(r, word);
    if (evidence_is_due(r))
        evidence_gather(r, err);
    else
        run_failed(r, err);
}

static void not_healthy(struct run *r, const char *reason)
{
    bool healthy = r->node->wait == WAIT_HEALTHY && !r->node->at_end;
    AUTO_ERR err = {0};

    if (r->node->optional) {
        skipped(r, healthy ? "failed to start" : "is not running or is unhealthy", reason);
        return;
    }
    err_set(&err, ERR_FAILED, loc_none(), "%s%s", healthy ? "dependency failed to start: " : "",
            reason);
    failed(r, &err, "Error");
}

static void not_completed(struct run *r, int exit_code)
{
    AUTO_TEXT what = {0};
    AUTO_ERR err = {0};

    str_addf(&what, "didn't complete successfully: exit %d", exit_code);
    if (r->node->optional) {
        skipped(r, str_text(&what), NULL);
        return;
    }
    err_set(&err, ERR_FAILED, loc_none(), "service \"%s\" %s", r->node->service, str_text(&what));
    failed(r, &err, err_text(&err));
}

static void timed_out(struct run *r)
{
    AUTO_TEXT span = {0};
    AUTO_ERR err = {0};

    duration_format(r->node->timeout * 1000000000, &span);
    err_set(&err, ERR_TIMEOUT, loc_none(), "application not healthy after %s", str_text(&span));
    failed(r, &err, "Error");
}

static void exited(struct run *r, int code)
{
    AUTO_TEXT reason = {0};

    if (r->node->wait == WAIT_COMPLETED || r->node->wait == WAIT_STARTED) {
        if (code && r->node->wait == WAIT_COMPLETED)
            not_completed(r, code);
        else
            satisfied(r, "Exited");
        return;
    }
    if (r->node->at_end && code == 0) { /* a one-shot that did its work */
        satisfied(r, "Exited");
        return;
    }
    str_addf(&reason, "container %s exited (%d)", r->node->target, code);
    not_healthy(r, str_text(&reason));
}

static void unhealthy(struct run *r)
{
    AUTO_TEXT reason = {0};

    str_addf(&reason, "container %s is unhealthy", r->node->target);
    not_healthy(r, str_text(&reason));
}

/* ---- what an inspection says ---- */

/* It runs and there is no health to ask for: enough once it has kept running for a moment, since a
 * container that cannot start its work ends at once. */
static void running_without_health(struct run *r)
{
    const struct run *start = map_get(&r->x->started, r->node->target);
    uint64_t now = uv_now(r->x->loop);
    AUTO_TEXT reason = {0};

    if (r->node->wait == WAIT_HEALTHY) {
        str_addf(&reason, "container %s has no healthcheck configured", r->node->target);
        not_healthy(r, str_text(&reason));
        return;
    }
    if (!start || now >= start->done_at + SETTLE_MS)
        satisfied(r, r->node->done);
    else
        r->settled_at = start->done_at + SETTLE_MS;
}

static void judge(struct run *r, const struct container *c)
{
    r->running = c->state == STATE_RUNNING;
    if (c->state == STATE_EXITED || c->state == STATE_DEAD) {
        exited(r, c->exit_code);
        return;
    }
    if (c->state != STATE_RUNNING) {
        r->settled_at = 0;
        return; /* created, restarting, paused: an event will tell */
    }
    if (r->node->wait == WAIT_STARTED)
        satisfied(r, r->node->done);
    else if (r->node->wait == WAIT_COMPLETED)
        return;
    else if (c->health == HEALTH_HEALTHY)
        satisfied(r, r->node->done);
    else if (c->health == HEALTH_UNHEALTHY)
        unhealthy(r);
    else if (c->health == HEALTH_NONE && !c->has_healthcheck)
        running_without_health(r);
}

static void inspection_failed(struct run *r, const struct err *err)
{
    AUTO_ERR copy = {0};

    err_copy(&copy, err);
    if (r->node->optional && err->code == ERR_NOT_FOUND) {
        skipped(r, "failed to start", err_text(err));
        return;
    }
    end_badly(r, "Error"); /* there is no asking it for more */
    run_failed(r, &copy);
}

static void on_inspected(void *owner, const struct reply *reply, const struct err *err)
{
    struct run *r = owner;
    struct exec *x = r->x;

    x->calls--;
    r->inspection = NULL;
    r->poll_at = uv_now(x->loop) + POLL_MS;
    if (r->waiting && err && err->code != ERR_CANCELED)
        inspection_failed(r, err);
    else if (r->waiting && !err && reply->containers.len)
        judge(r, reply->containers.items[0]);
    arena_free(r->scratch);
    r->scratch = NULL;
    if (r->waiting && (r->look_again || (r->starting && !r->running)))
        inspect(r);
    exec_pump(x);
}

static void inspect(struct run *r)
{
    struct reader *reader = &r->x->driver->reader;
    const char *id = r->container ? r->container : r->node->target;

    if (r->inspection) { /* what it answers may be old already */
        r->look_again = true;
        return;
    }
    r->look_again = r->starting = false;
    r->scratch = arena_new();
    r->x->calls++;
    r->inspection = reader->ops->container_inspect(reader, r->scratch, id, on_inspected, r);
}

/* It was started: news only for who has not seen it run yet. */
static void look_unless_running(struct run *r)
{
    if (r->inspection)
        r->starting = true;
    else if (!r->running)
        inspect(r);
}

/* ---- events ---- */

static bool is_about(const struct run *r, const struct event *e)
{
    if (r->container)
        return str_eq(r->container, e->id);
    return str_eq(r->node->target, e->name);
}

static void take_event(struct run *r, const struct event *e)
{
    bool health = r->node->wait == WAIT_HEALTHY || r->node->wait == WAIT_RUNNING_OR_HEALTHY;

    if (health && str_eq(e->action, "health_status: healthy"))
        satisfied(r, r->node->done);
    else if (health && str_eq(e->action, "health_status: unhealthy"))
        unhealthy(r);
    else if (str_eq(e->action, "die") || str_eq(e->action, "destroy"))
        inspect(r); /* whether it is brought back only the engine knows */
    else if (str_eq(e->action, "start"))
        look_unless_running(r);
}

static void on_event(void *owner, const struct event *e)
{
    struct exec *x = owner;

    if (!str_eq(e->type, "container"))
        return;
    log_debug("exec", "event %s %s", e->action, e->name ? e->name : e->id);
    for (size_t i = 0; x->waiting && i < x->len; i++)
        if (x->runs[i].waiting && is_about(&x->runs[i], e))
            take_event(&x->runs[i], e);
    exec_pump(x);
}

static void on_events_ready(void *owner)
{
    struct exec *x = owner;

    if (x->state == EXEC_SUBSCRIBE)
        x->state = EXEC_RUN;
    exec_pump(x);
}

static void on_events_end(void *owner, const struct reply *reply, const struct err *err)
{
    struct exec *x = owner;

    (void)reply;
    log_debug("exec", "events ended: %s", err ? err_text(err) : "by the engine");
    x->calls--;
    x->events = NULL;
    if (x->state == EXEC_SUBSCRIBE)
        x->state = EXEC_RUN;
    if (x->state == EXEC_RUN && !x->canceled) {
        x->polling = true; /* something may have happened meanwhile: look at once */
        for (size_t i = 0; i < x->len; i++)
            if (x->runs[i].waiting)
                inspect(&x->runs[i]);
    }
    exec_pump(x);
}

void wait_subscribe(struct exec *x)
{
    struct reader *reader = &x->driver->reader;
    AUTO_TEXT label = {0};
    const char *labels[1];
    struct list_filter filter = {0};

    str_addf(&label, "com.docker.compose.project=%s", x->opts.project ? x->opts.project : "");
    labels[0] = str_text(&label);
    if (x->opts.project)
        filter.labels = (struct strings){.items = labels, .len = 1};
    x->calls++;
    x->events = reader->ops->events(reader, &filter, on_event, on_events_ready, on_events_end, x);
}

/* ---- time ---- */

void wait_begin(struct run *r)
{
    struct exec *x = r->x;
    const char *id = r->node->engine_id ? r->node->engine_id : map_get(&x->ids, r->node->target);

    r->waiting = true;
    x->waiting++;
    if (x->opts.dry_run) {
        satisfied(r, r->node->done);
        return;
    }
    r->container = mem_strdup(id);
    r->waiting_since = uv_now(x->loop);
    if (r->node->timeout > 0)
        r->deadline = r->waiting_since + (uint64_t)r->node->timeout * 1000;
    inspect(r);
}

void wait_tick(struct exec *x)
{
    uint64_t now = uv_now(x->loop);

    for (size_t i = 0; x->waiting && i < x->len; i++) {
        struct run *r = &x->runs[i];

        if (!r->waiting)
            continue;
        if (r->settled_at && now >= r->settled_at && !r->inspection) {
            if (x->polling) {
                r->settled_at = 0;
                inspect(r);
            } else {
                satisfied(r, r->node->done);
            }
        } else if (r->deadline && now >= r->deadline) {
            timed_out(r);
        } else if (x->polling && !r->inspection && now >= r->poll_at) {
            inspect(r);
        }
    }
}

static uint64_t sooner(uint64_t a, uint64_t b)
{
    if (!a || !b)
        return a ? a : b;
    return a < b ? a : b;
}

uint64_t wait_next(const struct exec *x)
{
    uint64_t next = 0;

    for (size_t i = 0; x->waiting && i < x->len; i++) {
        const struct run *r = &x->runs[i];

        if (!r->waiting)
            continue;
        next = sooner(next, r->deadline);
        if (!r->inspection) {
            next = sooner(next, r->settled_at);
            if (x->polling)
                next = sooner(next, r->poll_at);
        }
    }
    return next;
}
