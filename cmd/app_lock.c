/* cmd/app_lock.c: the lock of the project, for as long as a command changes it. */
#include "cmd/app_inner.h"

#include "core/base/arena.h"
#include "core/base/err.h"
#include "core/exec/lock.h"
#include "core/model/model.h"

struct turn {
    struct app *app;
    app_then *then;
    void *owner;
};

static void on_waiting(void *owner, const char *holder)
{
    struct turn *t = owner;

    t->app->inner->lock_waited = true;
    app_note(t->app, "waiting for %s, which is changing project %s", holder, t->app->project->name);
}

static void on_taken(void *owner, const struct err *err)
{
    struct turn *t = owner;

    if (t->app->finished)
        return;
    if (err)
        app_warn(t->app, "%s", err_text(err));
    t->app->inner->lock_waited |= !err && lock_inherited(t->app->inner->lock);
    t->app->inner->locked = true;
    t->then(t->app, t->owner);
}

void app_lock(struct app *app, app_then *then, void *owner)
{
    const struct lock_options o = {.project = app->project->name, .command = app->command};
    struct turn *t;

    if (app_is_locked(app)) {
        then(app, owner);
        return;
    }
    t = arena_alloc(app->arena, sizeof *t);
    *t = (struct turn){app, then, owner};
    app->inner->lock = lock_take(
        app->loop, app->driver, &o,
        &(struct lock_callbacks){.owner = t, .on_waiting = on_waiting, .on_done = on_taken});
}

bool app_lock_waited(const struct app *app)
{
    return app->inner->lock_waited;
}

bool app_is_locked(const struct app *app)
{
    return app->root.dry_run || app->inner->locked;
}

bool app_lock_inherited(const struct app *app)
{
    return app->inner->lock && lock_inherited(app->inner->lock);
}

int64_t app_lock_inherited_since(const struct app *app)
{
    return app->inner->lock ? lock_inherited_since(app->inner->lock) : 0;
}

bool app_is_waiting(const struct app *app)
{
    return app->inner->lock && !app->inner->locked;
}

static void on_released(void *owner)
{
    struct app *app = owner;

    app->inner->unlocking--;
    if (app->finished)
        app_wind_down(app);
}

void app_unlock(struct app *app)
{
    struct app_inner *in = app->inner;
    struct lock *lock = in->lock;

    in->lock = NULL;
    in->locked = false;
    if (!lock)
        return;
    in->unlocking++;
    lock_release(lock, on_released, app);
}

bool app_lock_is_over(struct app *app)
{
    app_unlock(app);
    return !app->inner->unlocking;
}
