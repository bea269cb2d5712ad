/* Containers, networks and volumes whose labels do not tell in what they have changed: asked about
 * once, with the same steps before and after. */
#include "core/exec/observe.h"

#include "core/base/arena.h"
#include "core/plan/cause.h"
#include "core/plan/compared.h"
#include "core/plan/labels.h"
#include "tests/lib/stage.h"

#include <string.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static const char before[] = "services:\n"
                             "  a: {image: x, scale: 3, environment: {LEVEL: info}}\n"
                             "  b: {image: x, networks: [n], volumes: ['data:/d']}\n"
                             "networks: {n: {driver_opts: {o: one}}}\n"
                             "volumes: {data: {driver_opts: {o: one}}}\n";
static const char after[] = "services:\n"
                            "  a: {image: x, scale: 3, environment: {LEVEL: debug}}\n"
                            "  b: {image: x, networks: [n], volumes: ['data:/d']}\n"
                            "networks: {n: {driver_opts: {o: two}}}\n"
                            "volumes: {data: {driver_opts: {o: two}}}\n";

static void forget_own(struct mapping *labels)
{
    size_t kept = 0;

    for (size_t i = 0; i < labels->len; i++)
        if (!str_has_prefix(labels->entries[i].key, LABEL_OWN_PREFIX))
            labels->entries[kept++] = labels->entries[i];
    labels->len = kept;
}

/* As if docker compose had made it all. */
static void forget_own_labels(struct observed *o)
{
    for (size_t i = 0; i < o->containers.len; i++)
        forget_own(&o->containers.items[i]->labels);
    for (size_t i = 0; i < o->networks.len; i++)
        forget_own(&o->networks.items[i]->labels);
    for (size_t i = 0; i < o->volumes.len; i++)
        forget_own(&o->volumes.items[i]->labels);
}

static void start(struct stage *s)
{
    static const char *const agreed[] = {"data"};

    stage_init(s);
    stage_load(s, before);
    stage_up(s);
    assert_int_equal(s->err.code, ERR_NONE);
    stage_load(s, after);
    stage_observe(s);
    forget_own_labels(&s->observed);
    s->up.recreate_volumes = (struct strings){(const char **)agreed, 1};
    assert_non_null(stage_reconcile(s));
}

static void on_compared(void *owner)
{
    *(bool *)owner = true;
}

static size_t ask(struct stage *s)
{
    struct questions q =
        plan_questions(s->arena, s->fixture.project, &s->observed, s->plan, true, true);
    bool done = false;

    if (q.len || q.names.len)
        observe_more(&s->driver->reader, s->arena, s->fixture.project->name, &q, &s->observed,
                     on_compared, &done);
    while ((q.len || q.names.len) && !done)
        uv_run(&s->loop, UV_RUN_ONCE);
    return q.len + q.names.len;
}

/* Of the node that makes it anew. */
static const char *cause_of(const struct stage *s, enum op_kind op, const char *subject)
{
    for (size_t i = 0; i < plan_len(s->plan); i++) {
        const struct plan_node *n = plan_at(s->plan, i);

        if (n->op == op && str_eq(n->subject, subject))
            return n->cause;
    }
    fail_msg("%s is not made anew", subject);
    return NULL;
}

static void test_asked_once(void **state)
{
    struct stage s;
    size_t steps;

    (void)state;
    start(&s);
    assert_string_equal(cause_of(&s, OP_CONTAINER_CREATE, "Container demo-a-2"),
                        "configuration changed (compose.yaml:2:6)");
    steps = plan_len(s.plan);
    fake_clear_log(s.fake);
    assert_int_equal(ask(&s), 3); /* one of three alike, the network, the volume */
    assert_int_equal(fake_calls(s.fake), 3);
    assert_int_equal(fake_writes(s.fake), 0);
    assert_non_null(stage_reconcile(&s));
    assert_int_equal(plan_len(s.plan), steps);
    assert_string_equal(cause_of(&s, OP_CONTAINER_CREATE, "Container demo-a-1"),
                        "environment.LEVEL: 'info' -> 'debug' (compose.yaml:2:48)");
    assert_string_equal(cause_of(&s, OP_CONTAINER_CREATE, "Container demo-a-3"),
                        "environment.LEVEL: 'info' -> 'debug' (compose.yaml:2:48)");
    assert_string_equal(cause_of(&s, OP_NETWORK_CREATE, "Network demo_n"),
                        "driver_opts.o: 'one' -> 'two' (compose.yaml:4:33)");
    assert_string_equal(cause_of(&s, OP_VOLUME_CREATE, "Volume demo_data"),
                        "driver_opts.o: 'one' -> 'two' (compose.yaml:5:35)");
    assert_int_equal(ask(&s), 0);
    stage_done(&s);
}

/* That it changed is known anyway. */
static void test_no_answer(void **state)
{
    struct stage s;
    size_t unknown = 0;

    (void)state;
    for (unsigned n = 1; n <= 3; n++) {
        start(&s);
        fake_fail_call(s.fake, n);
        assert_int_equal(ask(&s), 3);
        assert_non_null(stage_reconcile(&s));
        unknown += str_has_prefix(cause_of(&s, OP_CONTAINER_CREATE, "Container demo-a-1"),
                                  "configuration changed");
        assert_int_equal(ask(&s), 0);
        stage_run(&s, s.plan);
        assert_int_equal(s.err.code, ERR_NONE);
        stage_done(&s);
    }
    assert_int_equal(unknown, 1);
}

/* What changed is told by our own labels; nothing is asked. */
static void test_own_labels(void **state)
{
    struct stage s;

    (void)state;
    stage_init(&s);
    stage_load(&s, before);
    stage_up(&s);
    stage_load(&s, after);
    stage_observe(&s);
    assert_non_null(stage_reconcile(&s));
    assert_int_equal(ask(&s), 0);
    stage_done(&s);
}

/* A comparison never makes a difference of its own. */
static void test_nothing_changed(void **state)
{
    struct stage s;

    (void)state;
    stage_init(&s);
    stage_load(&s, before);
    stage_up(&s);
    stage_observe(&s);
    forget_own_labels(&s.observed);
    assert_non_null(stage_reconcile(&s));
    assert_int_equal(ask(&s), 0);
    assert_false(plan_changes(s.plan));
    stage_done(&s);
}

/* What the project has is known; the rest is asked once, and who has it is told with the place. */
static void test_names(void **state)
{
    struct stage s;

    (void)state;
    stage_init(&s);
    stage_load(&s, "services: {a: {image: x, container_name: n.b, network_mode: none}}");
    s.fixture.project->name = "other";
    stage_up(&s);
    assert_int_equal(s.err.code, ERR_NONE);
    stage_load(&s, "services: {a: {image: x}}");
    stage_up(&s);
    stage_load(&s, "services: {a: {image: x, scale: 2}, c: {image: x, container_name: nxb}}");
    stage_observe(&s);
    assert_non_null(stage_reconcile(&s)); /* nothing is known of the names */
    fake_clear_log(s.fake);
    assert_int_equal(ask(&s), 2);
    assert_int_equal(fake_calls(s.fake), 1);
    assert_int_equal(fake_writes(s.fake), 0);
    assert_non_null(stage_reconcile(&s)); /* they are free */
    assert_int_equal(ask(&s), 0);
    stage_load(&s, "services:\n"
                   "  a: {image: x, scale: 2}\n"
                   "  b: {image: x, container_name: n.b}\n"
                   "  c: {image: x, container_name: nxb}\n");
    stage_observe(&s);
    assert_non_null(stage_reconcile(&s));
    assert_int_equal(ask(&s), 3);
    assert_null(stage_reconcile(&s));
    assert_string_equal(
        str_text(&s.messages),
        "error: the container name \"n.b\" is already in use by container \"000000000001\"\n");
    stage_done(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_asked_once), cmocka_unit_test(test_no_answer),
        cmocka_unit_test(test_own_labels), cmocka_unit_test(test_nothing_changed),
        cmocka_unit_test(test_names),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
