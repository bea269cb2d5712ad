/* core/exec/calls.c: a node becomes a call of the driver, and its answer a result. */
#include "core/exec/run.h"

#include "core/base/err.h"
#include "core/base/log.h"
#include "core/base/mem.h"
#include "core/base/str.h"
#include "core/load/origins.h" /* loc_text */

#include <stdlib.h>

static void on_pull(void *owner, const struct pull_event *e)
{
    struct run *r = owner;
    struct progress p = {
        .node = r->node,
        .id = e->id,
        .parent = r->node->subject,
        .status = PROGRESS_WORKING,
        .text = e->status,
        .details = e->progress,
        .current = e->current,
        .total = e->total,
    };

    if (str_empty(e->id) || !r->x->cb.on_progress)
        return; /* a line about the image as a whole: Pulling and Pulled say that */
    if (str_eq(e->status, "Pull complete") || str_eq(e->status, "Already exists") ||
        str_eq(e->status, "Download complete"))
        p.status = PROGRESS_DONE;
    r->x->cb.on_progress(r->x->cb.owner, &p);
}

static void on_build(void *owner, const struct build_event *e)
{
    struct run *r = owner;

    if (r->x->cb.on_build)
        r->x->cb.on_build(r->x->cb.owner, r->node, e);
}

/* ---- answers ---- */

static void remember_id(struct exec *x, const char *name, const char *id)
{
    char *copy = mem_strdup(id);

    free(map_set(&x->ids, name, copy));
}

static void note_rename(struct run *r)
{
    struct exec *x = r->x;
    const char *id = r->node->engine_id ? r->node->engine_id : map_get(&x->ids, r->node->target);

    if (id)
        remember_id(x, r->node->new_name, id);
}

static void note_reply(struct run *r, const struct reply *reply)
{
    if (reply && reply->id)
        r->result = mem_strdup(reply->id);
    for (size_t i = 0; reply && i < reply->warnings.len; i++)
        tell_engine_warning(r, reply->warnings.items[i]);
    switch (r->node->op) {
    case OP_CONTAINER_CREATE:
        if (r->result)
            remember_id(r->x, r->node->target, r->result);
        break;
    case OP_CONTAINER_RENAME:
        note_rename(r);
        break;
    case OP_CONTAINER_START:
        map_set(&r->x->started, r->node->target, r);
        break;
    default:
        break;
    }
}

/* What must be said besides the engine's words: what is left behind half done. */
static void explain(const struct plan_node *n, const struct err *err, struct err *ret)
{
    err_copy(ret, err);
    if (n->leaves)
        err_set(ret, err->code, err->loc,
                "%s (container %s is left behind; the next up puts that right)", err_text(err),
                n->leaves);
    ret->status = err->status;
    if (!ret->loc.line && (n->op == OP_IMAGE_BUILD || n->op == OP_CONTAINER_EXEC))
        ret->loc = n->loc;
}

static bool is_in_use(const struct err *err)
{
    return err->code == ERR_CONFLICT || err->status == 409 || err->status == 403;
}

/* It is gone, or does not run: what was wanted. */
static bool is_so_already(const struct plan_node *n, const struct err *err)
{
    bool needs_running = n->op == OP_CONTAINER_KILL || n->op == OP_CONTAINER_EXEC;

    return n->tolerate_missing &&
           (err->code == ERR_NOT_FOUND || (needs_running && err->code == ERR_CONFLICT));
}

/* The container goes all the same. */
static void warn_of_hook(struct run *r, const struct err *err)
{
    AUTO_TEXT text = {0};

    if (err->loc.line) {
        loc_text(err->loc, &text);
        str_add(&text, ": ");
    }
    str_add(&text, err_text(err));
    tell_warning(r->x, str_text(&text));
}

static void take_failure(struct run *r, const struct err *err)
{
    const struct plan_node *n = r->node;
    AUTO_ERR full = {0};

    if (is_so_already(n, err)) {
        tell_done(r);
        run_done(r);
    } else if (err->code == ERR_CANCELED) {
        if (n->op == OP_IMAGE_PULL)
            tell(r, PROGRESS_WARNING, "Interrupted", NULL);
        else
            tell_failed(r, err);
        run_canceled(r);
    } else if (n->tell_in_use && is_in_use(err)) {
        tell(r, PROGRESS_WARNING, "Resource is still in use", NULL);
        if (n->tolerate_in_use) {
            run_tolerated(r, err);
        } else {
            explain(n, err, &full);
            run_failed(r, &full);
        }
    } else if (n->tolerate_failure) {
        if (n->op == OP_CONTAINER_EXEC)
            warn_of_hook(r, err);
        tell_failed(r, err);
        run_tolerated(r, err);
    } else {
        explain(n, err, &full);
        tell_failed(r, &full);
        run_failed(r, &full);
    }
}

void run_answered(struct run *r, const struct reply *reply, const struct err *err)
{
    struct exec *x = r->x;

    log_debug("exec", "%zu %s: %s", r->node->id, op_name(r->node->op),
              err ? err_text(err) : "done");
    r->call = NULL;
    r->done_at = uv_now(x->loop);
    x->calls--;
    x->busy--;
    if (err) {
        take_failure(r, err);
    } else {
        note_reply(r, reply);
        tell_done(r);
        run_done(r);
    }
    exec_pump(x);
}

static void on_answer(void *owner, const struct reply *reply, const struct err *err)
{
    run_answered(owner, reply, err);
}

/* ---- calls ---- */

static struct call *call_container(struct run *r, struct writer *w, const char *id)
{
    const struct plan_node *n = r->node;

    switch (n->op) {
    case OP_CONTAINER_CREATE:
        return w->ops->container_create(w, plan_complete(r->x->plan, n, exec_id_of_name, r->x),
                                        on_answer, r);
    case OP_CONTAINER_COPY:
        return w->ops->container_copy(w, id, n->files, n->file_count, on_answer, r);
    case OP_CONTAINER_START:
        return w->ops->container_start(w, id, on_answer, r);
    case OP_CONTAINER_EXEC:
        return hook_begin(r, w, id);
    case OP_CONTAINER_HOOK:
        return prestart_begin(r, w);
    case OP_CONTAINER_STOP:
        return w->ops->container_stop(w, id, n->timeout, on_answer, r);
    case OP_CONTAINER_RESTART:
        return w->ops->container_restart(w, id, n->timeout, on_answer, r);
    case OP_CONTAINER_KILL:
        return w->ops->container_kill(w, id, n->signal, on_answer, r);
    case OP_CONTAINER_PAUSE:
        return w->ops->container_pause(w, id, on_answer, r);
    case OP_CONTAINER_UNPAUSE:
        return w->ops->container_unpause(w, id, on_answer, r);
    case OP_CONTAINER_REMOVE:
        return w->ops->container_remove(w, id, n->force, n->volumes, on_answer, r);
    case OP_CONTAINER_RENAME:
        return w->ops->container_rename(w, id, n->new_name, on_answer, r);
    case OP_NETWORK_CONNECT:
        return w->ops->network_connect(w, n->network, id, n->endpoint, on_answer, r);
    case OP_NETWORK_DISCONNECT:
        return w->ops->network_disconnect(w, n->network, id, on_answer, r);
    default:
        return NULL;
    }
}

static struct call *call_other(struct run *r, struct writer *w, const char *id)
{
    const struct plan_node *n = r->node;

    switch (n->op) {
    case OP_NETWORK_CREATE:
        return w->ops->network_create(w, n->network_model, n->labels, on_answer, r);
    case OP_NETWORK_REMOVE:
        return w->ops->network_remove(w, id, on_answer, r);
    case OP_VOLUME_CREATE:
        return w->ops->volume_create(w, n->volume_model, n->labels, on_answer, r);
    case OP_VOLUME_REMOVE:
        return w->ops->volume_remove(w, id, n->force, on_answer, r);
    case OP_IMAGE_PULL:
        return w->ops->image_pull(w, n->target, n->platform, on_pull, on_answer, r);
    case OP_IMAGE_BUILD:
        return w->ops->image_build(w, n->build, on_build, on_answer, r);
    case OP_IMAGE_REMOVE:
        return w->ops->image_remove(w, n->target, on_answer, r);
    default:
        return NULL;
    }
}

void run_call(struct run *r)
{
    struct writer *w = &r->x->driver->writer;
    const char *id = exec_id(r->x, r->node);

    log_debug("exec", "%zu %s %s", r->node->id, op_name(r->node->op), id);
    r->x->calls++;
    r->x->busy++;
    if (r->node->provider) {
        provider_begin(r);
        return;
    }
    if (r->node->op == OP_MODEL_PULL || r->node->op == OP_MODEL_CONFIGURE) {
        model_begin(r);
        return;
    }
    r->call = call_container(r, w, id);
    if (!r->call)
        r->call = call_other(r, w, id);
}
