/* core/exec/lock.c: see lock.h. In the order of time. */
#include "core/exec/lock.h"

#include "core/base/arena.h"
#include "core/base/err.h"
#include "core/base/log.h"
#include "core/base/mem.h"
#include "core/base/str.h"
#include "core/exec/holder.h"
#include "core/model/model.h"

#include <assert.h>
#include <stdlib.h>
#include <unistd.h>

#define LABEL_HOLDER "dev.mcompose.lock"
#define LABEL_BY     "dev.mcompose.lock.by"

enum { SETTLE_MS = 250 }; /* two who find a dead holder at once may remove each other's lock */

enum lock_state {
    LOCK_ASK,    /* makes the volume, or is told whose it is */
    LOCK_LISTEN, /* subscribes, then asks again: the end may have come before */
    LOCK_WAIT,   /* for the volume to go, the holder to die, the lease to run out */
    LOCK_BREAK,  /* removes what a dead holder left */
    LOCK_SETTLE,
    LOCK_HELD,
    LOCK_REFUSED,
    LOCK_RELEASE,
    LOCK_CLOSE,
    LOCK_OVER,
};

struct lock {
    uv_loop_t *loop;
    struct driver *driver;
    struct lock_callbacks cb;
    enum lock_state state;
    struct arena *arena;
    const char *name, *alive; /* of the volumes */
    const char *holder, *by;
    unsigned lease_ms;
    struct mapping labels;
    char *other; /* who has it; NULL: nobody we know of */
    bool broken; /* a dead holder's was removed */
    bool inherited;
    int64_t since; /* when who has it, or had it before us, took it: Unix seconds */
    bool made, renewed;
    struct call *call, *events;
    uv_timer_t timer; /* lease, settling, renewing */
    uv_poll_t death;  /* of the holder */
    int death_fd;     /* -1: is not watched */
    size_t handles;   /* to be closed */
    void (*released)(void *owner);
    void *release_owner;
};

static void step(struct lock *l);
static void on_asked(void *owner, const struct reply *r, const struct err *err);
static void on_event(void *owner, const struct event *e);
static void on_listening(void *owner);
static void on_events_end(void *owner, const struct reply *r, const struct err *err);
static void on_timer(uv_timer_t *timer);
static void on_death(uv_poll_t *poll, int status, int events);
static void on_sign_removed(void *owner, const struct reply *r, const struct err *err);
static void on_broken(void *owner, const struct reply *r, const struct err *err);
static void on_renewed(void *owner, const struct reply *r, const struct err *err);
static void on_removed(void *owner, const struct reply *r, const struct err *err);
static void on_closed(uv_handle_t *handle);

const char *lock_volume(struct arena *a, const char *project)
{
    return arena_printf(a, "mcompose-lock-%s", project);
}

bool lock_is_left(const struct volumes *all, const char *name)
{
    for (size_t i = 0; i < all->len; i++) {
        const struct volume_state *v = all->items[i];
        const char *holder = str_eq(v->name, name) ? mapping_get(&v->labels, LABEL_HOLDER) : NULL;

        if (holder && holder_look(holder) == HOLDER_GONE)
            return true;
    }
    return false;
}

bool lock_inherited(const struct lock *l)
{
    return l->inherited;
}

int64_t lock_inherited_since(const struct lock *l)
{
    return l->inherited ? l->since : 0;
}

/* ---- taking ---- */

static void set_labels(struct lock *l, const char *command)
{
    struct mapping_entry *entries = arena_calloc(l->arena, 2, sizeof *entries);

    l->by = arena_printf(l->arena, "'mcompose %s' of %s", command, holder_name(l->arena));
    entries[0] = (struct mapping_entry){LABEL_HOLDER, l->holder};
    entries[1] = (struct mapping_entry){LABEL_BY, l->by};
    l->labels = (struct mapping){.entries = entries, .len = 2};
}

struct lock *lock_take(uv_loop_t *loop, struct driver *d, const struct lock_options *o,
                       const struct lock_callbacks *cb)
{
    struct lock *l = mem_calloc(1, sizeof *l);

    l->loop = loop;
    l->driver = d;
    l->cb = *cb;
    l->arena = arena_new();
    l->name = lock_volume(l->arena, o->project);
    l->alive = arena_printf(l->arena, "%s-alive", l->name);
    l->holder = o->holder ? arena_strdup(l->arena, o->holder) : holder_self(l->arena);
    l->lease_ms = o->lease_ms ? o->lease_ms : LOCK_LEASE_MS;
    l->death_fd = -1;
    set_labels(l, o->command);
    uv_timer_init(loop, &l->timer);
    l->timer.data = l;
    l->handles = 1;
    step(l);
    return l;
}

static void make_volume(struct lock *l, const char *name, call_done *done)
{
    struct writer *w = &l->driver->writer;
    const struct volume v = {.name = name};

    l->call = w->ops->volume_create(w, &v, &l->labels, done, l);
}

static void remove_volume(struct lock *l, const char *name, call_done *done)
{
    struct writer *w = &l->driver->writer;

    l->call = w->ops->volume_remove(w, name, false, done, l);
}

static void stop_watching(struct lock *l)
{
    uv_timer_stop(&l->timer);
    if (l->death_fd < 0)
        return;
    uv_poll_stop(&l->death);
    uv_close((uv_handle_t *)&l->death, on_closed);
    close(l->death_fd);
    l->death_fd = -1;
}

/* What waits goes on in `state`. */
static void go(struct lock *l, enum lock_state state)
{
    log_debug("lock", "%s: %d -> %d", l->name, l->state, state);
    l->state = state;
    step(l);
}

static void refuse(struct lock *l, const struct err *err)
{
    AUTO_ERR copy = {0};

    stop_watching(l);
    l->state = LOCK_REFUSED;
    err_copy(&copy, err);
    err_wrap(&copy, "cannot lock the project");
    l->cb.on_done(l->cb.owner, &copy);
}

static void refuse_foreign(struct lock *l)
{
    AUTO_ERR err = {0};

    err_set(&err, ERR_CONFLICT, loc_none(), "the volume %s is none of mcompose's", l->name);
    refuse(l, &err);
}

static void held(struct lock *l)
{
    stop_watching(l);
    l->made = true;
    l->state = LOCK_HELD;
    uv_timer_start(&l->timer, on_timer, LOCK_RENEW_MS, 0);
    l->cb.on_done(l->cb.owner, NULL);
}

static void note_other(struct lock *l, const struct volume_state *v)
{
    const char *holder = mapping_get(&v->labels, LABEL_HOLDER);
    const char *by = mapping_get(&v->labels, LABEL_BY);

    if (str_eq(l->other, holder))
        return;
    l->since = v->created;
    free(l->other);
    l->other = mem_strdup(holder);
    if (holder_look(holder) != HOLDER_GONE)
        l->cb.on_waiting(l->cb.owner, str_empty(by) ? "somebody" : by);
}

static void on_asked(void *owner, const struct reply *r, const struct err *err)
{
    struct lock *l = owner;
    const struct volume_state *v = !err && r->volumes.len ? r->volumes.items[0] : NULL;
    const char *holder = v ? mapping_get(&v->labels, LABEL_HOLDER) : NULL;

    l->call = NULL;
    if (l->state == LOCK_RELEASE) {
        l->made = str_eq(holder, l->holder);
        step(l);
    } else if (err) {
        refuse(l, err);
    } else if (!holder) {
        refuse_foreign(l);
    } else if (str_eq(holder, l->holder)) {
        if (l->broken)
            go(l, LOCK_SETTLE);
        else
            held(l);
    } else {
        note_other(l, v);
        if (holder_look(l->other) == HOLDER_GONE)
            go(l, LOCK_BREAK);
        else
            go(l, l->events ? LOCK_WAIT : LOCK_LISTEN);
    }
}

/* ---- waiting ---- */

static void subscribe(struct lock *l)
{
    struct reader *reader = &l->driver->reader;
    const char *types[] = {"volume"}, *names[] = {l->name, l->alive};
    const struct list_filter f = {.types = {.items = types, .len = 1},
                                  .names = {.items = names, .len = 2}};

    l->events = reader->ops->events(reader, &f, on_event, on_listening, on_events_end, l);
}

static void on_listening(void *owner)
{
    struct lock *l = owner;

    if (l->state == LOCK_LISTEN)
        go(l, LOCK_ASK);
}

static void on_events_end(void *owner, const struct reply *r, const struct err *err)
{
    struct lock *l = owner;

    (void)r;
    l->events = NULL;
    if (l->state == LOCK_CLOSE)
        step(l);
    else if (l->state == LOCK_LISTEN || l->state == LOCK_WAIT)
        refuse(l, err);
}

static void watch_holder(struct lock *l)
{
    if (holder_look(l->other) == HOLDER_ELSEWHERE) {
        uv_timer_start(&l->timer, on_timer, l->lease_ms, 0);
        return;
    }
    l->death_fd = holder_watch(l->other);
    if (l->death_fd < 0 || uv_poll_init(l->loop, &l->death, l->death_fd) < 0) {
        uv_timer_start(&l->timer, on_timer, LOCK_RENEW_MS, 0); /* then it is looked at again */
        return;
    }
    l->handles++;
    l->death.data = l;
    uv_poll_start(&l->death, UV_READABLE, on_death);
}

static void on_death(uv_poll_t *poll, int status, int events)
{
    struct lock *l = poll->data;

    (void)status;
    (void)events;
    stop_watching(l);
    go(l, LOCK_ASK); /* who has it now? */
}

static void on_event(void *owner, const struct event *e)
{
    struct lock *l = owner;

    if (l->state != LOCK_WAIT || !l->other)
        return;
    if (str_eq(e->id, l->name) && str_eq(e->action, "destroy")) {
        stop_watching(l);
        go(l, LOCK_ASK);
    } else if (uv_is_active((uv_handle_t *)&l->timer)) { /* a sign of life */
        uv_timer_start(&l->timer, on_timer, l->lease_ms, 0);
    }
}

static void on_timer(uv_timer_t *timer)
{
    struct lock *l = timer->data;

    if (l->state == LOCK_HELD)
        remove_volume(l, l->alive, on_renewed);
    else if (l->state == LOCK_WAIT && holder_look(l->other) == HOLDER_ELSEWHERE)
        go(l, LOCK_BREAK);
    else if (l->state == LOCK_WAIT || l->state == LOCK_SETTLE)
        go(l, LOCK_ASK);
}

/* ---- a dead holder ---- */

/* What it last gave as a sign of life goes first: who is killed now leaves a lock to be broken. */
static void on_sign_removed(void *owner, const struct reply *r, const struct err *err)
{
    struct lock *l = owner;

    (void)r;
    (void)err; /* there need not be one */
    l->call = NULL;
    if (l->state == LOCK_RELEASE)
        step(l);
    else
        remove_volume(l, l->name, on_broken);
}

static void on_broken(void *owner, const struct reply *r, const struct err *err)
{
    struct lock *l = owner;

    (void)r;
    l->call = NULL;
    if (l->state == LOCK_RELEASE)
        step(l);
    else if (err && err->code != ERR_NOT_FOUND)
        refuse(l, err);
    else
        go(l, LOCK_ASK);
}

/* ---- holding ---- */

/* Making it anew is what others see as an event. */
static void on_alive(void *owner, const struct reply *r, const struct err *err)
{
    struct lock *l = owner;

    (void)r;
    (void)err;
    l->call = NULL;
    if (l->state == LOCK_RELEASE)
        step(l);
    else
        uv_timer_start(&l->timer, on_timer, LOCK_RENEW_MS, 0);
}

static void on_renewed(void *owner, const struct reply *r, const struct err *err)
{
    struct lock *l = owner;

    (void)r;
    (void)err;
    l->renewed = true;
    make_volume(l, l->alive, on_alive);
}

/* ---- letting go ---- */

void lock_release(struct lock *l, void (*done)(void *owner), void *owner)
{
    assert(l->state < LOCK_RELEASE);
    l->released = done;
    l->release_owner = owner;
    stop_watching(l);
    l->state = LOCK_RELEASE;
    if (!l->call) /* else what it answers says what there is to remove */
        step(l);
}

static void on_removed(void *owner, const struct reply *r, const struct err *err)
{
    struct lock *l = owner;

    (void)r;
    if (err)
        log_debug("lock", "%s: %s", l->name, err_text(err));
    l->call = NULL;
    step(l);
}

static void let_go(struct lock *l)
{
    if (l->renewed) {
        l->renewed = false;
        remove_volume(l, l->alive, on_removed);
    } else if (l->made) {
        l->made = false;
        remove_volume(l, l->name, on_removed);
    } else {
        go(l, LOCK_CLOSE);
    }
}

static void on_closed(uv_handle_t *handle)
{
    struct lock *l = handle->data;

    l->handles--;
    if (l->state == LOCK_CLOSE)
        step(l);
}

static void close_all(struct lock *l)
{
    if (l->events) {
        l->driver->ops->cancel(l->events);
    } else if (!uv_is_closing((uv_handle_t *)&l->timer)) {
        uv_close((uv_handle_t *)&l->timer, on_closed);
    } else if (!l->handles) {
        void (*done)(void *owner) = l->released;
        void *owner = l->release_owner;

        l->state = LOCK_OVER;
        arena_free(l->arena);
        free(l->other);
        free(l);
        done(owner);
    }
}

static void step(struct lock *l)
{
    switch (l->state) {
    case LOCK_ASK:
        make_volume(l, l->name, on_asked);
        break;
    case LOCK_LISTEN:
        subscribe(l);
        break;
    case LOCK_WAIT:
        if (l->death_fd < 0 && !uv_is_active((uv_handle_t *)&l->timer))
            watch_holder(l);
        break;
    case LOCK_BREAK:
        l->broken = l->inherited = true;
        remove_volume(l, l->alive, on_sign_removed);
        break;
    case LOCK_SETTLE:
        l->broken = false;
        uv_timer_start(&l->timer, on_timer, SETTLE_MS, 0);
        break;
    case LOCK_RELEASE:
        if (!l->call)
            let_go(l);
        break;
    case LOCK_CLOSE:
        close_all(l);
        break;
    case LOCK_HELD:
    case LOCK_REFUSED:
    case LOCK_OVER:
        break;
    }
}
