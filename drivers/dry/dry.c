#include "drivers/dry/dry.h"

#include "core/base/arena.h"
#include "core/base/err.h"
#include "core/base/map.h"
#include "core/base/mem.h"
#include "core/base/str.h"
#include "core/base/vec.h"

#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#define MADE_UP "dry-run-" /* begins the ids of what was not made */

struct dry {
    struct driver base;
    struct reader *inner;
    void (*cancel)(struct call *c); /* of inner */
    uv_timer_t timer;
    VEC(struct call *) open; /* changes that do not happen */
    unsigned made;
    struct map built; /* references of images: what is built is taken for another image */
    struct map left;  /* ids of containers that would no longer be on a network: stopped, removed */
    bool closing;
};

/* A change that does not happen, or a question passed on. */
struct call {
    struct dry *d;
    struct call *inner; /* of a question */
    call_done *done;
    void *owner;
    bool canceled;
    char id[24];         /* of what was not made; "" */
    bool built;          /* about an image that was not built */
    struct arena *arena; /* of a network that is to be removed; NULL */
    void (*on_sent)(void *owner);
    event_fn *on_event;
    output_fn *on_output;
    void (*on_ready)(void *owner);
};

static struct dry *dry_of_reader(struct reader *r)
{
    return (struct dry *)((char *)r - offsetof(struct dry, base) - offsetof(struct driver, reader));
}

static struct dry *dry_of_writer(struct writer *w)
{
    return (struct dry *)((char *)w - offsetof(struct dry, base) - offsetof(struct driver, writer));
}

/* ---- what changes things ---- */

static void answer(struct call *c)
{
    struct reply reply = {.id = *c->id ? c->id : NULL};
    AUTO_ERR err = {0};

    if (c->canceled)
        err_set(&err, ERR_CANCELED, loc_none(), "canceled");
    if (c->on_sent)
        c->on_sent(c->owner);
    else
        c->done(c->owner, c->canceled ? NULL : &reply, c->canceled ? &err : NULL);
    free(c);
}

static void on_closed(uv_handle_t *handle)
{
    struct dry *d = handle->data;

    vec_done(&d->open);
    map_done(&d->built);
    map_done(&d->left);
    free(d);
}

static void on_timer(uv_timer_t *timer)
{
    struct dry *d = timer->data;

    for (size_t count = d->open.len; count; count--) {
        struct call *c = d->open.items[0];

        vec_remove(&d->open, 0);
        answer(c);
    }
    if (d->closing && !d->open.len && !uv_is_closing((uv_handle_t *)timer))
        uv_close((uv_handle_t *)timer, on_closed);
    else if (d->open.len)
        uv_timer_start(timer, on_timer, 0, 0);
}

static struct call *later(struct dry *d, call_done *done, void *owner)
{
    struct call *c = mem_calloc(1, sizeof *c);

    c->d = d;
    c->done = done;
    c->owner = owner;
    vec_push(&d->open, c);
    uv_timer_start(&d->timer, on_timer, 0, 0);
    return c;
}

static struct call *pretend(struct writer *w, bool makes, call_done *done, void *owner)
{
    struct dry *d = dry_of_writer(w);
    struct call *c = later(d, done, owner);

    if (makes)
        snprintf(c->id, sizeof c->id, MADE_UP "%u", ++d->made);
    return c;
}

static struct call *container_create(struct writer *w, const struct container_create *c,
                                     call_done *done, void *owner)
{
    (void)c;
    return pretend(w, true, done, owner);
}

static struct call *container_start(struct writer *w, const char *id, call_done *done, void *owner)
{
    (void)id;
    return pretend(w, false, done, owner);
}

static struct call *container_stop(struct writer *w, const char *id, int64_t timeout,
                                   call_done *done, void *owner)
{
    (void)timeout;
    map_set(&dry_of_writer(w)->left, id, w);
    return pretend(w, false, done, owner);
}

static struct call *container_restart(struct writer *w, const char *id, int64_t timeout,
                                      call_done *done, void *owner)
{
    (void)id;
    (void)timeout;
    return pretend(w, false, done, owner);
}

static struct call *container_kill(struct writer *w, const char *id, const char *signal,
                                   call_done *done, void *owner)
{
    (void)id;
    (void)signal;
    return pretend(w, false, done, owner);
}

static struct call *container_remove(struct writer *w, const char *id, bool force, bool volumes,
                                     call_done *done, void *owner)
{
    (void)force;
    (void)volumes;
    map_set(&dry_of_writer(w)->left, id, w);
    return pretend(w, false, done, owner);
}

static struct call *container_copy(struct writer *w, const char *id, const struct file_copy *files,
                                   size_t count, call_done *done, void *owner)
{
    (void)id;
    (void)files;
    (void)count;
    return pretend(w, false, done, owner);
}

static struct call *container_wait(struct writer *w, const char *id, enum wait_condition c,
                                   call_done *done, void *owner)
{
    (void)id;
    (void)c;
    return pretend(w, false, done, owner);
}

static struct call *container_attach(struct writer *w, const char *id, bool stdin_open, bool tty,
                                     output_fn *output, void (*ready)(void *owner), call_done *done,
                                     void *owner)
{
    (void)id;
    (void)stdin_open;
    (void)tty;
    (void)output;
    (void)ready; /* nothing is attached: it ends at once */
    return pretend(w, false, done, owner);
}

static struct call *resize(struct writer *w, const char *id, int rows, int cols, call_done *done,
                           void *owner)
{
    (void)id;
    (void)rows;
    (void)cols;
    return pretend(w, false, done, owner);
}

static struct call *exec_create(struct writer *w, const char *container,
                                const struct exec_create *e, call_done *done, void *owner)
{
    (void)container;
    (void)e;
    return pretend(w, true, done, owner);
}

static struct call *exec_start(struct writer *w, const char *exec_id, const struct exec_create *e,
                               output_fn *output, void (*ready)(void *owner), call_done *done,
                               void *owner)
{
    (void)exec_id;
    (void)e;
    (void)output;
    (void)ready;
    return pretend(w, false, done, owner);
}

static struct call *network_create(struct writer *w, const struct network *n,
                                   const struct mapping *labels, call_done *done, void *owner)
{
    (void)n;
    (void)labels;
    return pretend(w, true, done, owner);
}

static bool one_stays(const struct dry *d, const struct reply *r)
{
    const struct strings *on = r && r->networks.len ? &r->networks.items[0]->containers : NULL;

    for (size_t i = 0; on && i < on->len; i++)
        if (!map_has(&d->left, on->items[i]))
            return true;
    return false;
}

static void on_network(void *owner, const struct reply *r, const struct err *err)
{
    struct call *c = owner;
    AUTO_ERR in_use = {0};

    if (!err && one_stays(c->d, r)) {
        err_set(&in_use, ERR_CONFLICT, loc_none(), "network %s has active endpoints",
                r->networks.items[0]->name);
        err = &in_use;
    }
    c->done(c->owner, err ? NULL : &(struct reply){0}, err);
    arena_free(c->arena);
    free(c);
}

/* It would stay when a container does that is on it. */
static struct call *network_remove(struct writer *w, const char *id, call_done *done, void *owner)
{
    struct dry *d = dry_of_writer(w);
    struct call *c = mem_calloc(1, sizeof *c);

    c->d = d;
    c->done = done;
    c->owner = owner;
    c->arena = arena_new();
    c->inner = d->inner->ops->network_inspect(d->inner, c->arena, id, on_network, c);
    return c;
}

static struct call *network_connect(struct writer *w, const char *network, const char *container,
                                    const struct endpoint *e, call_done *done, void *owner)
{
    (void)network;
    (void)container;
    (void)e;
    return pretend(w, false, done, owner);
}

static struct call *network_disconnect(struct writer *w, const char *network, const char *container,
                                       call_done *done, void *owner)
{
    (void)network;
    map_set(&dry_of_writer(w)->left, container, w);
    return pretend(w, false, done, owner);
}

static struct call *volume_create(struct writer *w, const struct volume *v,
                                  const struct mapping *labels, call_done *done, void *owner)
{
    (void)v;
    (void)labels;
    return pretend(w, true, done, owner);
}

static struct call *volume_remove(struct writer *w, const char *name, bool force, call_done *done,
                                  void *owner)
{
    (void)name;
    (void)force;
    return pretend(w, false, done, owner);
}

static struct call *image_pull(struct writer *w, const char *ref, const char *platform,
                               pull_fn *on_event, call_done *done, void *owner)
{
    (void)ref;
    (void)platform;
    (void)on_event;
    return pretend(w, true, done, owner);
}

static struct call *image_build(struct writer *w, const struct image_build *b, build_fn *on_event,
                                call_done *done, void *owner)
{
    (void)on_event;
    for (size_t i = 0; i < b->tags.len; i++)
        map_set(&dry_of_writer(w)->built, b->tags.items[i], w);
    return pretend(w, true, done, owner);
}

static struct call *rename_or_tag(struct writer *w, const char *id, const char *name,
                                  call_done *done, void *owner)
{
    (void)id;
    (void)name;
    return pretend(w, false, done, owner);
}

static const struct writer_ops writer_ops = {
    .container_create = container_create,
    .container_start = container_start,
    .container_stop = container_stop,
    .container_restart = container_restart,
    .container_kill = container_kill,
    .container_pause = container_start, /* an id, and nothing happens */
    .container_unpause = container_start,
    .container_remove = container_remove,
    .container_rename = rename_or_tag,
    .container_copy = container_copy,
    .container_wait = container_wait,
    .container_attach = container_attach,
    .container_resize = resize,
    .exec_create = exec_create,
    .exec_start = exec_start,
    .exec_resize = resize,
    .network_create = network_create,
    .network_remove = network_remove,
    .network_connect = network_connect,
    .network_disconnect = network_disconnect,
    .volume_create = volume_create,
    .volume_remove = volume_remove,
    .image_pull = image_pull,
    .image_build = image_build,
    .image_remove = container_start,
    .image_tag = rename_or_tag,
};

/* ---- what asks ---- */

static void on_answer(void *owner, const struct reply *r, const struct err *err)
{
    struct call *c = owner;

    if (c->built && r && r->images.len)
        r->images.items[0]->id = MADE_UP "image";
    c->done(c->owner, r, err);
    free(c);
}

static void on_event(void *owner, const struct event *e)
{
    struct call *c = owner;

    c->on_event(c->owner, e);
}

static void on_output(void *owner, enum stream s, const char *bytes, size_t len)
{
    struct call *c = owner;

    c->on_output(c->owner, s, bytes, len);
}

static void on_ready(void *owner)
{
    struct call *c = owner;

    if (c->on_ready)
        c->on_ready(c->owner);
}

static struct call *question(struct reader *r, call_done *done, void *owner)
{
    struct call *c = mem_calloc(1, sizeof *c);

    c->d = dry_of_reader(r);
    c->done = done;
    c->owner = owner;
    return c;
}

static struct reader *inner_of(const struct call *c)
{
    return c->d->inner;
}

static struct call *info(struct reader *r, struct arena *a, call_done *done, void *owner)
{
    struct call *c = question(r, done, owner);

    c->inner = inner_of(c)->ops->info(inner_of(c), a, on_answer, c);
    return c;
}

#define PASS_LIST(name)                                                                            \
    static struct call *name(struct reader *r, struct arena *a, const struct list_filter *f,       \
                             call_done *done, void *owner)                                         \
    {                                                                                              \
        struct call *c = question(r, done, owner);                                                 \
                                                                                                   \
        c->inner = inner_of(c)->ops->name(inner_of(c), a, f, on_answer, c);                        \
        return c;                                                                                  \
    }
#define PASS_INSPECT(name)                                                                         \
    static struct call *name(struct reader *r, struct arena *a, const char *id, call_done *done,   \
                             void *owner)                                                          \
    {                                                                                              \
        struct call *c = question(r, done, owner);                                                 \
                                                                                                   \
        c->inner = inner_of(c)->ops->name(inner_of(c), a, id, on_answer, c);                       \
        return c;                                                                                  \
    }

PASS_LIST(container_list)
PASS_LIST(network_list)
PASS_LIST(volume_list)
PASS_LIST(image_list)
PASS_INSPECT(container_inspect)
PASS_INSPECT(network_inspect)
PASS_INSPECT(volume_inspect)
PASS_INSPECT(image_digest)

static struct call *image_inspect(struct reader *r, struct arena *a, const char *ref,
                                  call_done *done, void *owner)
{
    struct call *c = question(r, done, owner);

    c->built = map_has(&c->d->built, ref);
    c->inner = inner_of(c)->ops->image_inspect(inner_of(c), a, ref, on_answer, c);
    return c;
}

static struct call *compare(struct reader *r, struct arena *a, const struct compare *what,
                            call_done *done, void *owner)
{
    struct call *c = question(r, done, owner);

    c->inner = inner_of(c)->ops->compare(inner_of(c), a, what, on_answer, c);
    return c;
}

static int check(struct reader *r, const struct container_create *c, const struct endpoint *e,
                 struct err *err)
{
    struct reader *inner = dry_of_reader(r)->inner;

    return inner->ops->check(inner, c, e, err);
}

static struct call *container_logs(struct reader *r, const char *id, const struct log_options *o,
                                   output_fn *output, call_done *done, void *owner)
{
    struct call *c = question(r, done, owner);

    c->on_output = output;
    c->inner = inner_of(c)->ops->container_logs(inner_of(c), id, o, on_output, on_answer, c);
    return c;
}

static struct call *exec_inspect(struct reader *r, const char *exec_id, call_done *done,
                                 void *owner)
{
    struct call *c;

    if (str_has_prefix(exec_id, MADE_UP)) /* it would have ended well */
        return later(dry_of_reader(r), done, owner);
    c = question(r, done, owner);
    c->inner = inner_of(c)->ops->exec_inspect(inner_of(c), exec_id, on_answer, c);
    return c;
}

static struct call *events(struct reader *r, const struct list_filter *f, event_fn *event,
                           void (*ready)(void *owner), call_done *done, void *owner)
{
    struct call *c = question(r, done, owner);

    c->on_event = event;
    c->on_ready = ready;
    c->inner = inner_of(c)->ops->events(inner_of(c), f, on_event, on_ready, on_answer, c);
    return c;
}

static const struct reader_ops reader_ops = {
    .info = info,
    .container_list = container_list,
    .container_inspect = container_inspect,
    .container_logs = container_logs,
    .network_list = network_list,
    .network_inspect = network_inspect,
    .volume_list = volume_list,
    .volume_inspect = volume_inspect,
    .image_list = image_list,
    .image_inspect = image_inspect,
    .image_digest = image_digest,
    .exec_inspect = exec_inspect,
    .compare = compare,
    .check = check,
    .events = events,
};

/* ---- calls ---- */

static void dry_cancel(struct call *c)
{
    if (c->inner)
        c->d->cancel(c->inner);
    else
        c->canceled = true;
}

static void dry_send(struct call *c, const char *bytes, size_t len, void (*on_sent)(void *owner),
                     void *owner)
{
    (void)bytes;
    (void)len;
    if (on_sent)
        later(c->d, NULL, owner)->on_sent = on_sent;
}

static void dry_send_end(struct call *c)
{
    (void)c;
}

static void dry_close(struct driver *base)
{
    struct dry *d = (struct dry *)base;

    d->closing = true;
    for (size_t i = 0; i < d->open.len; i++)
        d->open.items[i]->canceled = true;
    uv_timer_start(&d->timer, on_timer, 0, 0);
}

static const struct driver_ops ops = {
    .name = "dry",
    .send = dry_send,
    .send_end = dry_send_end,
    .cancel = dry_cancel,
    .close = dry_close,
};

struct driver *dry_new(uv_loop_t *loop, struct reader *inner, void (*cancel)(struct call *c))
{
    struct dry *d = mem_calloc(1, sizeof *d);

    d->base.ops = &ops;
    d->base.reader.ops = &reader_ops;
    d->base.writer.ops = &writer_ops;
    d->inner = inner;
    d->cancel = cancel;
    uv_timer_init(loop, &d->timer);
    d->timer.data = d;
    return &d->base;
}
