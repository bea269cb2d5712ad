/* core/exec/prestart.c: a container that does one thing before others are started, from its making
 * to its end. One that fails is kept, to be looked into. In time order. */
#include "core/exec/run.h"

#include "core/base/err.h"
#include "core/base/mem.h"
#include "core/base/str.h"
#include "core/exec/tail.h"

#include <assert.h>
#include <stdlib.h>

#define SHORT_ID 12

struct prestart_run {
    char *id;
    size_t joined; /* networks */
    bool waits;
    struct tail tail;
    struct err failure; /* why it is removed */
};

static void on_created(void *owner, const struct reply *reply, const struct err *err);
static void join_next(struct run *r);
static void on_joined(void *owner, const struct reply *reply, const struct err *err);
static void on_started(void *owner, const struct reply *reply, const struct err *err);
static void on_output(void *owner, enum stream s, const char *bytes, size_t len);
static void on_log_end(void *owner, const struct reply *reply, const struct err *err);
static void on_ended(void *owner, const struct reply *reply, const struct err *err);
static void on_removed(void *owner, const struct reply *reply, const struct err *err);
static void on_discarded(void *owner, const struct reply *reply, const struct err *err);

static void finish(struct run *r, const struct err *err)
{
    struct prestart_run *h = r->prestart;
    AUTO_ERR copy = {0};

    assert(h);
    if (err)
        err_copy(&copy, err);
    r->prestart = NULL;
    free(h->id);
    tail_done(&h->tail);
    err_done(&h->failure);
    free(h);
    run_answered(r, NULL, err ? &copy : NULL);
}

/* It did not get so far that there is something to look into. */
static void discard(struct run *r, const struct err *err)
{
    struct writer *w = &r->x->driver->writer;

    err_copy(&r->prestart->failure, err);
    r->call = w->ops->container_remove(w, r->prestart->id, true, true, on_discarded, r);
}

static void tell_left(struct run *r, const struct err *err)
{
    AUTO_TEXT text = {0};

    str_addf(&text, "service \"%s\" %s: failed to remove hook container %.*s: %s", r->node->service,
             r->node->cause, SHORT_ID, r->prestart->id, err_text(err));
    tell_warning(r->x, str_text(&text));
}

/* The first failure is the one to fail with. What is left here the next run removes. */
static void on_discarded(void *owner, const struct reply *reply, const struct err *err)
{
    struct run *r = owner;

    (void)reply;
    if (err && err->code != ERR_NOT_FOUND)
        tell_left(r, err);
    finish(r, &r->prestart->failure);
}

/* Between two calls: goes on unless the last one failed or nobody wants it any more. */
static bool goes_on(struct run *r, const struct err *err)
{
    AUTO_ERR canceled = {0};

    if (err) {
        discard(r, err);
    } else if (r->x->canceled) {
        err_set(&canceled, ERR_CANCELED, loc_none(), "canceled");
        discard(r, &canceled);
    } else {
        return true;
    }
    return false;
}

struct call *prestart_begin(struct run *r, struct writer *w)
{
    r->prestart = mem_calloc(1, sizeof *r->prestart);
    return w->ops->container_create(w, plan_complete(r->x->plan, r->node, exec_id_of_name, r->x),
                                    on_created, r);
}

static void on_created(void *owner, const struct reply *reply, const struct err *err)
{
    struct run *r = owner;

    if (err) {
        finish(r, err);
        return;
    }
    r->prestart->id = mem_strdup(reply->id);
    join_next(r);
}

static void join_next(struct run *r)
{
    struct writer *w = &r->x->driver->writer;
    struct prestart_run *h = r->prestart;

    if (!goes_on(r, NULL))
        return;
    if (h->joined < r->node->joins.len) {
        const struct endpoint *e = r->node->joins.items[h->joined++];

        r->call = w->ops->network_connect(w, e->network, h->id, e, on_joined, r);
    } else {
        r->call = w->ops->container_start(w, h->id, on_started, r);
    }
}

static void on_joined(void *owner, const struct reply *reply, const struct err *err)
{
    (void)reply;
    if (goes_on(owner, err))
        join_next(owner);
}

/* The log holds what came before it was asked for; it ends with the container. */
static void on_started(void *owner, const struct reply *reply, const struct err *err)
{
    struct run *r = owner;
    struct reader *reader = &r->x->driver->reader;
    const struct log_options follow = {.follow = true};

    (void)reply;
    if (!goes_on(r, err))
        return;
    r->prestart->waits = true;
    r->call =
        reader->ops->container_logs(reader, r->prestart->id, &follow, on_output, on_log_end, r);
}

static void on_output(void *owner, enum stream s, const char *bytes, size_t len)
{
    struct run *r = owner;

    tail_add(&r->prestart->tail, s, bytes, len);
    if (r->x->cb.on_output)
        r->x->cb.on_output(r->x->cb.owner, r->node, s, bytes, len);
}

/* Not every log can be read; the exit code counts. */
static void on_log_end(void *owner, const struct reply *reply, const struct err *err)
{
    struct run *r = owner;
    struct writer *w = &r->x->driver->writer;

    (void)reply;
    (void)err;
    if (goes_on(r, NULL))
        r->call = w->ops->container_wait(w, r->prestart->id, WAIT_NOT_RUNNING, on_ended, r);
}

static void on_ended(void *owner, const struct reply *reply, const struct err *err)
{
    struct run *r = owner;
    struct writer *w = &r->x->driver->writer;
    AUTO_TEXT tail = {0};
    AUTO_ERR failure = {0};

    if (!goes_on(r, err))
        return;
    r->prestart->waits = false;
    if (!reply->exit_code) {
        r->call = w->ops->container_remove(w, r->prestart->id, false, true, on_removed, r);
        return;
    }
    tail_text(&r->prestart->tail, &tail);
    err_set(&failure, ERR_FAILED, r->node->loc,
            "service \"%s\" %s exited with code %d%s%s (hook container %.*s retained for "
            "inspection)",
            r->node->service, r->node->cause, (int)reply->exit_code, tail.len ? ": " : "",
            str_text(&tail), SHORT_ID, r->prestart->id);
    finish(r, &failure);
}

/* It has done what it was for. */
static void on_removed(void *owner, const struct reply *reply, const struct err *err)
{
    struct run *r = owner;

    (void)reply;
    if (err)
        tell_left(r, err);
    finish(r, NULL);
}

bool prestart_waits(const struct run *r)
{
    return r->prestart && r->prestart->waits;
}
