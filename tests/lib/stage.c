#include "tests/lib/stage.h"

#include "core/base/arena.h"
#include "core/base/diags.h"
#include "core/base/path.h"
#include "core/exec/observe.h"
#include "core/plan/providers.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define PATIENCE_MS 10000

void stage_init(struct stage *s)
{
    *s = (struct stage){0};
    uv_loop_init(&s->loop);
    s->fake = fake_new(&s->loop);
    s->driver = fake_driver(s->fake);
    s->arena = arena_new();
    s->up = (struct up_options){.create = true, .start = true, .timeout = TIMEOUT_DEFAULT};
    s->exec = (struct exec_options){.project = "demo"};
    fake_add_image(s->fake, "x", "sha256:x1");
}

static void unload(struct stage *s)
{
    if (s->loaded)
        fixture_done(&s->fixture);
    s->loaded = false;
}

void stage_done(struct stage *s)
{
    exec_free(s->running);
    fake_driver(s->fake)->ops->close(fake_driver(s->fake));
    uv_run(&s->loop, UV_RUN_DEFAULT);
    assert_int_equal(uv_loop_close(&s->loop), 0);
    arena_free(s->arena);
    unload(s);
    str_done(&s->told);
    str_done(&s->warnings);
    str_done(&s->messages);
    str_done(&s->evidence);
    err_done(&s->err);
}

void stage_fixture(struct fixture *f, const char *yaml)
{
    fixture_init(f);
    f->options.project_name = "demo";
    fixture_file(f, "compose.yaml", yaml);
    if (!fixture_load(f))
        fail_msg("%s", fixture_messages(f));
}

void stage_load(struct stage *s, const char *yaml)
{
    if (!yaml)
        return;
    unload(s);
    s->loaded = true;
    stage_fixture(&s->fixture, yaml);
}

void stage_use(struct stage *s, const struct fixture *f)
{
    unload(s);
    s->fixture = *f;
}

static void on_timeout(uv_timer_t *t)
{
    *(bool *)t->data = true;
}

/* Runs the loop until *done or patience is over. */
static void run_until(struct stage *s, const bool *done, unsigned ms, bool must)
{
    uv_timer_t timer;
    bool late = false;

    uv_timer_init(&s->loop, &timer);
    timer.data = &late;
    uv_timer_start(&timer, on_timeout, ms, 0);
    while (!*done && !late)
        uv_run(&s->loop, UV_RUN_ONCE);
    uv_close((uv_handle_t *)&timer, NULL);
    uv_run(&s->loop, UV_RUN_NOWAIT);
    if (must && !*done)
        fail_msg("it hangs; calls so far:\n%s\ntold:\n%s", fake_log(s->fake), str_text(&s->told));
}

void stage_spin(struct stage *s, unsigned ms)
{
    bool never = false;

    run_until(s, &never, ms, false);
}

static void on_observed(void *owner, const struct observed *o, const struct err *err)
{
    struct stage *s = owner;

    s->finished = true;
    uv_stop(&s->loop);
    if (err)
        err_copy(&s->err, err);
    else
        s->observed = *o;
}

void stage_observe(struct stage *s)
{
    struct observe_options o = {.project = s->fixture.project->name,
                                .model = s->fixture.project,
                                .containers = true,
                                .networks = true,
                                .volumes = true,
                                .contents = true,
                                .lock = s->lock};

    o.images = plan_image_refs(s->arena, s->fixture.project, &s->up.services);
    s->finished = false;
    err_done(&s->err);
    observe(&s->driver->reader, s->arena, &o, on_observed, s);
    run_until(s, &s->finished, PATIENCE_MS, true);
}

static void take_messages(struct stage *s, struct diags *d)
{
    str_clear(&s->messages);
    for (size_t i = 0; i < diags_count(d); i++)
        str_addf(&s->messages, "%s: %s\n",
                 diags_at(d, i)->severity == SEVERITY_ERROR ? "error" : "warning",
                 diags_at(d, i)->msg);
}

struct plan *stage_reconcile(struct stage *s)
{
    struct diags *d = diags_new();

    s->plan = reconcile_up(s->arena, s->fixture.project, &s->observed, &s->up, d);
    take_messages(s, d);
    diags_free(d);
    return s->plan;
}

static void on_progress(void *owner, const struct progress *p)
{
    struct stage *s = owner;

    if (p->parent)
        return;
    str_addf(&s->told, "%s %s%s%s\n", p->id, p->text, p->details ? ": " : "",
             p->details ? p->details : "");
    if (s->cancel_after && --s->cancel_after == 0)
        exec_cancel(s->running);
}

static void on_warning(void *owner, const char *text)
{
    struct stage *s = owner;

    str_addf(&s->warnings, "%s\n", text);
}

static void on_variable(void *owner, const struct plan_node *n, const char *name, const char *value,
                        bool raw)
{
    struct stage *s = owner;

    plan_provided(s->fixture.project, n->service, name, value, raw);
}

static void on_evidence(void *owner, const struct evidence *e)
{
    struct stage *s = owner;

    str_addf(&s->evidence, "%s %s: %s\n", e->node->target,
             e->container ? container_state_name(e->container->state) : "gone", e->log);
}

static void on_done(void *owner, const struct err *err)
{
    struct stage *s = owner;

    s->finished = true;
    uv_stop(&s->loop);
    if (err)
        err_copy(&s->err, err);
}

void stage_run(struct stage *s, struct plan *p)
{
    const struct exec_callbacks cb = {
        .owner = s,
        .on_progress = on_progress,
        .on_variable = on_variable,
        .on_warning = on_warning,
        .on_evidence = on_evidence,
        .on_done = on_done,
    };

    exec_free(s->running);
    s->plan = p;
    s->finished = false;
    err_done(&s->err);
    str_clear(&s->told);
    str_clear(&s->warnings);
    str_clear(&s->evidence);
    s->running = exec_run(&s->loop, s->driver, p, &s->exec, &cb);
    if (s->cancel_ms) {
        run_until(s, &s->finished, s->cancel_ms, false);
        if (!s->finished)
            exec_cancel(s->running);
        run_until(s, &s->finished, s->cancel_ms, false);
        if (!s->finished)
            exec_cancel(s->running); /* the first waits for short calls */
    }
    run_until(s, &s->finished, PATIENCE_MS, true);
}

void stage_up(struct stage *s)
{
    stage_observe(s);
    if (s->err.code != ERR_NONE)
        return;
    if (!stage_reconcile(s)) {
        err_set(&s->err, ERR_FAILED, loc_none(), "%s", str_text(&s->messages));
        return;
    }
    stage_run(s, s->plan);
}

void stage_down(struct stage *s, bool volumes)
{
    struct down_options o = {.volumes = volumes, .timeout = TIMEOUT_DEFAULT};
    struct diags *d;

    stage_observe(s);
    if (s->err.code != ERR_NONE)
        return;
    d = diags_new();
    s->plan = plan_down(s->arena, s->fixture.project, &s->observed, &o, d);
    take_messages(s, d);
    diags_free(d);
    stage_run(s, s->plan);
}
