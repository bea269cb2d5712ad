/* core/exec/hook.c: a command in a container, from its making to its exit code. In time order. */
#include "core/exec/run.h"

#include "core/base/err.h"
#include "core/base/log.h"
#include "core/base/mem.h"
#include "core/base/str.h"
#include "core/exec/tail.h"

#include <stdlib.h>

struct hook_run {
    char *exec_id;
    struct tail tail;
};

static void on_created(void *owner, const struct reply *reply, const struct err *err);
static void on_output(void *owner, enum stream s, const char *bytes, size_t len);
static void on_ended(void *owner, const struct reply *reply, const struct err *err);
static void on_exit_code(void *owner, const struct reply *reply, const struct err *err);

static void finish(struct run *r, const struct reply *reply, const struct err *err)
{
    struct hook_run *h = r->hook;

    r->hook = NULL;
    free(h->exec_id);
    tail_done(&h->tail);
    free(h);
    run_answered(r, reply, err);
}

struct call *hook_begin(struct run *r, struct writer *w, const char *container)
{
    r->hook = mem_calloc(1, sizeof *r->hook);
    return w->ops->exec_create(w, container, r->node->exec, on_created, r);
}

static void on_created(void *owner, const struct reply *reply, const struct err *err)
{
    struct run *r = owner;
    struct writer *w = &r->x->driver->writer;

    if (err) {
        finish(r, NULL, err);
        return;
    }
    r->hook->exec_id = mem_strdup(reply->id);
    r->call = w->ops->exec_start(w, r->hook->exec_id, r->node->exec, on_output, NULL, on_ended, r);
}

static void on_output(void *owner, enum stream s, const char *bytes, size_t len)
{
    struct run *r = owner;

    tail_add(&r->hook->tail, s, bytes, len);
    if (r->x->cb.on_output)
        r->x->cb.on_output(r->x->cb.owner, r->node, s, bytes, len);
}

static void on_ended(void *owner, const struct reply *reply, const struct err *err)
{
    struct run *r = owner;
    struct reader *reader = &r->x->driver->reader;

    (void)reply;
    if (err)
        finish(r, NULL, err);
    else
        r->call = reader->ops->exec_inspect(reader, r->hook->exec_id, on_exit_code, r);
}

static void on_exit_code(void *owner, const struct reply *reply, const struct err *err)
{
    struct run *r = owner;
    AUTO_TEXT tail = {0};
    AUTO_ERR failure = {0};

    if (!err && reply->exit_code) {
        tail_text(&r->hook->tail, &tail);
        err_set(&failure, ERR_FAILED, r->node->loc, "%s hook exited with status %d%s%s",
                r->node->service, (int)reply->exit_code, tail.len ? ": " : "", str_text(&tail));
        err = &failure;
    }
    finish(r, NULL, err);
}
