/* The executor on the fake engine: what it waits for and what it tells. What becomes of it when any
 * call goes wrong is in test_trouble.c. */
#include "core/exec/exec.h"

#include "core/base/arena.h"
#include "core/base/attr.h"
#include "tests/lib/stage.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

/* ---- waiting ---- */

#define HEALTHY_DEP                                                                                \
    "services:\n  db: {image: x}\n"                                                                \
    "  web: {image: x, depends_on: {db: {condition: service_healthy}}}\n"
#define OPTIONAL_DEP                                                                               \
    "services:\n  db: {image: x}\n"                                                                \
    "  web: {image: x, depends_on: {db: {condition: service_healthy, required: false}}}\n"
#define COMPLETED_DEP                                                                              \
    "services:\n  db: {image: x}\n"                                                                \
    "  web: {image: x, depends_on: {db: {condition: service_completed_successfully}}}\n"
#define OPTIONAL_COMPLETED_DEP                                                                     \
    "services:\n  db: {image: x}\n"                                                                \
    "  web: {image: x, depends_on: {db: {condition: service_completed_successfully, required: "    \
    "false}}}\n"
#define ONE "services:\n  db: {image: x}\n"

static const struct {
    const char *name, *yaml;
    struct fake_script db;
    bool wait;
    int64_t timeout;
    const char *err;  /* NULL: all goes well */
    const char *last; /* the last thing told of db; NULL: not looked at */
    const char *warning;
    const char *evidence; /* of the container that failed; NULL: none */
    bool web;             /* runs in the end */
} waits[] = {
    {.name = "healthy",
     .yaml = HEALTHY_DEP,
     .db = {.has_healthcheck = true, .health = HEALTH_HEALTHY, .health_after = 3},
     .last = "Container demo-db-1 Healthy\n",
     .web = true},
    {.name = "unhealthy",
     .yaml = HEALTHY_DEP,
     .db = {.has_healthcheck = true,
            .health = HEALTH_UNHEALTHY,
            .health_after = 3,
            .output = "no memory left"},
     .err = "dependency failed to start: container demo-db-1 is unhealthy",
     .last = "Container demo-db-1 Error\n",
     .evidence = "demo-db-1 running: no memory left\n"},
    {.name = "exits instead",
     .yaml = HEALTHY_DEP,
     .db = {.has_healthcheck = true, .exits = true, .exit_code = 3, .exit_after = 2},
     .err = "dependency failed to start: container demo-db-1 exited (3)",
     .last = "Container demo-db-1 Error\n",
     .evidence = "demo-db-1 exited: \n"},
    {.name = "no health check",
     .yaml = HEALTHY_DEP,
     .err = "dependency failed to start: container demo-db-1 has no healthcheck configured",
     .last = "Container demo-db-1 Error\n",
     .evidence = "demo-db-1 running: \n"},
    {.name = "optional",
     .yaml = OPTIONAL_DEP,
     .db = {.has_healthcheck = true, .health = HEALTH_UNHEALTHY},
     .last = "Container demo-db-1 Skipped: optional dependency \"db\" failed to start\n",
     .warning = "optional dependency \"db\" failed to start: container demo-db-1 is unhealthy\n",
     .web = true},
    {.name = "completed",
     .yaml = COMPLETED_DEP,
     .db = {.exits = true, .exit_after = 3},
     .last = "Container demo-db-1 Exited\n",
     .web = true},
    {.name = "not completed",
     .yaml = COMPLETED_DEP,
     .db = {.exits = true, .exit_code = 5, .exit_after = 3},
     .err = "service \"db\" didn't complete successfully: exit 5",
     .last = "Container demo-db-1 service \"db\" didn't complete successfully: exit 5\n",
     .evidence = "demo-db-1 exited: \n"},
    {.name = "optional not completed",
     .yaml = OPTIONAL_COMPLETED_DEP,
     .db = {.exits = true, .exit_code = 5},
     .last = "Container demo-db-1 Skipped: optional dependency \"db\" didn't complete "
             "successfully: exit "
             "5\n",
     .warning = "optional dependency \"db\" didn't complete successfully: exit 5\n",
     .web = true},
    {.name = "--wait healthy",
     .yaml = ONE,
     .db = {.has_healthcheck = true, .health = HEALTH_HEALTHY, .health_after = 3},
     .wait = true,
     .last = "Container demo-db-1 Healthy\n"},
    {.name = "--wait running", .yaml = ONE, .wait = true, .last = "Container demo-db-1 Healthy\n"},
    {.name = "--wait one-shot",
     .yaml = ONE,
     .db = {.exits = true, .exit_after = 20},
     .wait = true,
     .last = "Container demo-db-1 Exited\n"},
    {.name = "--wait crash",
     .yaml = ONE,
     .db = {.exits = true, .exit_code = 5, .exit_after = 100},
     .wait = true,
     .err = "container demo-db-1 exited (5)",
     .last = "Container demo-db-1 Error\n",
     .evidence = "demo-db-1 exited: \n"},
    {.name = "--wait unhealthy",
     .yaml = ONE,
     .db = {.has_healthcheck = true, .health = HEALTH_UNHEALTHY, .health_after = 3},
     .wait = true,
     .err = "container demo-db-1 is unhealthy",
     .evidence = "demo-db-1 running: \n"},
    {.name = "--wait-timeout",
     .yaml = ONE,
     .db = {.has_healthcheck = true, .health = HEALTH_STARTING},
     .wait = true,
     .timeout = 1,
     .err = "application not healthy after 1s",
     .evidence = "demo-db-1 running: \n"},
    {.name = "start fails",
     .yaml = ONE,
     .db = {.start_error =
                "driver failed programming external connectivity: port is already allocated"},
     .err = "Error response from daemon: driver failed programming external connectivity: port is "
            "already "
            "allocated",
     .last = "Container demo-db-1 Error\n"},
};

/* The last line that begins with `start`. */
static const char *last_line(const char *text, const char *start)
{
    const char *found = NULL;

    for (const char *at = text; (at = strstr(at, start)); at++)
        found = at;
    return found;
}

static void run_wait(size_t i, bool events)
{
    struct stage s;
    const struct container *web;

    stage_init(&s);
    if (!events)
        fake_break_events(s.fake);
    fake_script(s.fake, "db", &waits[i].db);
    stage_load(&s, waits[i].yaml);
    s.up.wait = waits[i].wait;
    s.up.wait_timeout = waits[i].timeout;
    stage_up(&s);
    if (waits[i].err ? strcmp(err_text(&s.err), waits[i].err) != 0 : s.err.code != ERR_NONE)
        fail_msg("%s: %s", waits[i].name, err_text(&s.err));
    if (waits[i].last) {
        const char *last = last_line(str_text(&s.told), "Container demo-db-1 ");

        if (!last || strncmp(last, waits[i].last, strlen(waits[i].last)) != 0)
            fail_msg("%s: told\n%s", waits[i].name, str_text(&s.told));
    }
    assert_string_equal(str_text(&s.warnings), waits[i].warning ? waits[i].warning : "");
    assert_string_equal(str_text(&s.evidence), waits[i].evidence ? waits[i].evidence : "");
    web = fake_container(s.fake, "demo-web-1");
    assert_int_equal(web && web->state == STATE_RUNNING, waits[i].web);
    stage_done(&s);
}

static void test_waits(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(waits); i++)
        run_wait(i, true);
}

/* The same without an event stream: inspections take its place. */
static void test_waits_without_events(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(waits); i++)
        run_wait(i, false);
}

/* What an inspection has said already is not asked again when the event comes after it. */
static void test_start_is_told_late(void **state)
{
    struct stage s;
    unsigned inspections = 0;

    (void)state;
    stage_init(&s);
    fake_script(s.fake, "db",
                &(struct fake_script){.exits = true, .exit_after = 60, .told_after = 20});
    stage_load(&s, COMPLETED_DEP);
    stage_up(&s);
    assert_int_equal(s.err.code, ERR_NONE);
    for (const char *at = fake_log(s.fake); (at = strstr(at, "container_inspect")); at++)
        inspections++;
    assert_int_equal(inspections, 2); /* once it is started, and once it has ended */
    stage_done(&s);
}

static void on_break(uv_timer_t *t)
{
    fake_break_events(t->data);
}

static void test_events_break_while_waiting(void **state)
{
    struct stage s;
    uv_timer_t later;

    (void)state;
    stage_init(&s);
    fake_script(s.fake, "db",
                &(struct fake_script){
                    .has_healthcheck = true, .health = HEALTH_HEALTHY, .health_after = 100});
    stage_load(&s, HEALTHY_DEP);
    uv_timer_init(&s.loop, &later);
    later.data = s.fake;
    uv_timer_start(&later, on_break, 30, 0);
    stage_up(&s);
    uv_close((uv_handle_t *)&later, NULL);
    assert_int_equal(s.err.code, ERR_NONE);
    assert_int_equal(fake_container(s.fake, "demo-web-1")->state, STATE_RUNNING);
    stage_done(&s);
}

/* ---- hooks ---- */

#define HOOKS_OF(command)                                                                          \
    "services:\n"                                                                                  \
    "  db: {image: x" command ", post_start: [{command: a}], pre_stop: [{command: b}]}\n"          \
    "  web: {image: x, depends_on: [db]}\n"

/* The fake's hooks end with the exit code its containers would have. */
static void break_hooks(struct stage *s, int code)
{
    fake_script(s->fake, "db", &(struct fake_script){.exit_code = code, .output = "so it is\n"});
}

static void test_hooks_run(void **state)
{
    struct stage s;

    (void)state;
    stage_init(&s);
    stage_load(&s, HOOKS_OF(""));
    stage_up(&s);
    assert_int_equal(s.err.code, ERR_NONE);
    assert_non_null(strstr(fake_log(s.fake), "exec_start exec-demo-db-1\n"
                                             "exec_inspect exec-demo-db-1\n"
                                             "container_start "));
    fake_clear_log(s.fake);
    stage_down(&s, false);
    assert_int_equal(s.err.code, ERR_NONE);
    assert_non_null(strstr(fake_log(s.fake), "exec_inspect exec-demo-db-1\n"
                                             "container_stop "));
    stage_done(&s);
}

/* Of the only node that undoes another one. */
static enum node_status status_of_undoing(struct stage *s)
{
    size_t i = 0;

    while (!plan_at(s->plan, i)->undoes)
        i++;
    return exec_status(s->running, plan_at(s->plan, i));
}

/* docker compose does not notice a hook that cannot even begin. */
static void test_hook_fails(void **state)
{
    struct stage s;

    (void)state;
    stage_init(&s);
    break_hooks(&s, 3);
    stage_load(&s, HOOKS_OF(""));
    stage_up(&s);
    assert_string_equal(err_text(&s.err), "db hook exited with status 3: so it is");
    assert_int_equal(s.err.loc.line, 2);
    assert_int_equal(fake_container(s.fake, "demo-db-1")->state, STATE_EXITED);
    assert_int_equal(fake_container(s.fake, "demo-web-1")->state, STATE_CREATED);
    assert_non_null(strstr(str_text(&s.told), "Container demo-db-1 Error\n"
                                              "Container demo-db-1 Stopping\n"
                                              "Container demo-db-1 Stopped\n"));
    assert_int_equal(status_of_undoing(&s), NODE_DONE);
    break_hooks(&s, 0);
    fake_clear_log(s.fake);
    stage_up(&s); /* repairs it */
    assert_int_equal(s.err.code, ERR_NONE);
    assert_int_equal(status_of_undoing(&s), NODE_NEEDLESS);
    assert_non_null(strstr(fake_log(s.fake), "exec_start exec-demo-db-1\n"));
    assert_int_equal(fake_container(s.fake, "demo-web-1")->state, STATE_RUNNING);
    break_hooks(&s, 3);
    stage_down(&s, false);
    assert_string_equal(err_text(&s.err), "db hook exited with status 3: so it is");
    assert_int_equal(fake_container(s.fake, "demo-db-1")->state, STATE_RUNNING);
    stage_done(&s);
}

/* Ctrl-C at any time: what runs has had all its hooks. Returns whether something was undone. */
static bool run_and_cancel(size_t after, int parallel)
{
    struct stage s;
    bool undone = false;

    stage_init(&s);
    stage_load(&s, "services:\n"
                   "  a: {image: x, post_start: [{command: a}, {command: b}]}\n"
                   "  db: {image: x, post_start: [{command: a}, {command: b}]}\n");
    s.exec.parallel = parallel;
    s.cancel_after = after;
    stage_up(&s);
    for (size_t i = 0; i < plan_len(s.plan); i++) {
        const struct plan_node *n = plan_at(s.plan, i);
        const struct container *c = n->target ? fake_container(s.fake, n->target) : NULL;

        undone = undone || (n->undoes && exec_status(s.running, n) == NODE_DONE);
        if (n->op == OP_CONTAINER_EXEC && c && c->state == STATE_RUNNING)
            assert_int_equal(exec_status(s.running, n), NODE_DONE);
    }
    stage_done(&s);
    return undone;
}

static void test_interrupted_around_hooks(void **state)
{
    unsigned undone = 0;

    (void)state;
    for (size_t after = 1; after < 20; after++)
        for (int parallel = 0; parallel < 3; parallel++)
            undone += run_and_cancel(after, parallel);
    assert_true(undone > 3);
}

/* By Ctrl-C: as good as failed. */
/* Which call of an `up` is the first of this name. */
static unsigned call_number(const char *name)
{
    struct stage s;
    unsigned n = 1;

    stage_init(&s);
    stage_load(&s, HOOKS_OF(""));
    stage_up(&s);
    for (const char *at = fake_log(s.fake); strncmp(at, name, strlen(name)) != 0; n++)
        at = strchr(at, '\n') + 1;
    stage_done(&s);
    return n;
}

/* The engine's words know no place. */
static void test_hook_cannot_run(void **state)
{
    struct stage s;

    (void)state;
    stage_init(&s);
    stage_load(&s, HOOKS_OF(""));
    fake_fail_call(s.fake, call_number("exec_create"));
    stage_up(&s);
    assert_int_equal(s.err.code, ERR_ENGINE);
    assert_int_equal(s.err.loc.line, 2);
    stage_done(&s);
}

static void cancel_in_hook(uv_timer_t *t)
{
    struct stage *s = t->data;

    if (!strstr(fake_log(s->fake), "exec_start"))
        return;
    exec_cancel(s->running);
    uv_timer_stop(t);
}

static void test_hook_is_cut_off(void **state)
{
    struct stage s;
    uv_timer_t look;

    (void)state;
    stage_init(&s);
    stage_load(&s, HOOKS_OF(""));
    fake_hold_call(s.fake, call_number("exec_start"));
    uv_timer_init(&s.loop, &look);
    look.data = &s;
    uv_timer_start(&look, cancel_in_hook, 1, 1);
    stage_up(&s);
    uv_close((uv_handle_t *)&look, NULL);
    assert_int_equal(s.err.code, ERR_CANCELED);
    assert_int_equal(fake_container(s.fake, "demo-db-1")->state, STATE_EXITED);
    assert_int_equal(fake_container(s.fake, "demo-web-1")->state, STATE_CREATED);
    assert_int_equal(status_of_undoing(&s), NODE_DONE);
    stage_done(&s);
}

/* Else nobody could mend it. */
static void test_hook_fails_before_recreate(void **state)
{
    struct stage s;
    struct fake_script after = {0};

    (void)state;
    stage_init(&s);
    stage_load(&s, HOOKS_OF(""));
    stage_up(&s);
    break_hooks(&s, 3);
    stage_load(&s, "services:\n  db: {image: x, command: new, pre_stop: [{command: b}]}\n"
                   "  web: {image: x}\n");
    stage_up(&s);
    assert_int_equal(s.err.code, ERR_NONE);
    assert_non_null(strstr(str_text(&s.told), "Container demo-db-1 Error\n"));
    assert_non_null(strstr(str_text(&s.told), "Container demo-db-1 Recreated\n"));
    assert_string_equal(str_text(&s.warnings),
                        "compose.yaml:2:43: db hook exited with status 3: so it is\n");
    fake_script(s.fake, "db", &after);
    stage_done(&s);
}

/* ---- names that move ---- */

#define NAMES(a, b)                                                                                \
    "services:\n  a: {image: x, container_name: " a "}\n"                                          \
    "  b: {image: x, container_name: " b ", depends_on: [a]}\n"

static const char *service_of_name(struct stage *s, const char *name)
{
    const struct container *c = fake_container(s->fake, name);

    return c && c->state == STATE_RUNNING ? c->service : NULL;
}

/* b has the name that a gets, and waits for a. */
static void test_names_move(void **state)
{
    static const struct {
        const char *yaml, *a, *b;
    } cases[] = {
        {NAMES("ny", "nz"), "ny", "nz"}, /* b steps aside */
        {NAMES("ny", "nx"), "ny", "nx"}, /* both ways */
        {NAMES("nz", "nx"), "nz", "nx"}, /* a is gone before */
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct stage s;

        stage_init(&s);
        stage_load(&s, NAMES("nx", "ny"));
        stage_up(&s);
        stage_load(&s, cases[i].yaml);
        stage_up(&s);
        assert_int_equal(s.err.code, ERR_NONE);
        assert_int_equal(fake_container_count(s.fake), 2);
        assert_string_equal(service_of_name(&s, cases[i].a), "a");
        assert_string_equal(service_of_name(&s, cases[i].b), "b");
        stage_done(&s);
    }
}

/* ---- a container that is brought back is no failure ---- */

static void test_restarted_dependency(void **state)
{
    struct stage s;

    (void)state;
    stage_init(&s);
    fake_script(s.fake, "db",
                &(struct fake_script){.has_healthcheck = true,
                                      .health = HEALTH_HEALTHY,
                                      .health_after = 30,
                                      .exits = true,
                                      .exit_after = 20,
                                      .exit_code = 1,
                                      .restarts = true});
    s.cancel_ms = 200; /* it restarts for ever and is never healthy for us */
    stage_load(&s, HEALTHY_DEP);
    stage_up(&s);
    assert_int_equal(s.err.code, ERR_CANCELED);
    stage_done(&s);
}

/* ---- the rest ---- */

/* What does not depend on the failed one is still done. */
static void test_independent_work_is_finished(void **state)
{
    struct stage s;

    (void)state;
    stage_init(&s);
    fake_script(s.fake, "a", &(struct fake_script){.start_error = "no"});
    stage_load(&s,
               "services:\n  a: {image: x}\n  b: {image: x}\n  c: {image: x, depends_on: [a]}\n");
    stage_up(&s);
    assert_string_equal(err_text(&s.err), "Error response from daemon: no");
    assert_int_equal(fake_container(s.fake, "demo-b-1")->state, STATE_RUNNING);
    assert_int_equal(fake_container(s.fake, "demo-c-1")->state, STATE_CREATED);
    for (size_t i = 0; i < plan_len(s.plan); i++) {
        const struct plan_node *n = plan_at(s.plan, i);

        if (n->op == OP_CONTAINER_START && str_eq(n->service, "c"))
            assert_int_equal(exec_status(s.running, n), NODE_SKIPPED);
        if (n->op == OP_CONTAINER_START && str_eq(n->service, "a"))
            assert_non_null(exec_error(s.running, n));
        if (n->op == OP_CONTAINER_CREATE)
            assert_non_null(exec_result(s.running, n));
    }
    stage_done(&s);
}

static void test_leftover_is_named(void **state)
{
    struct stage s;

    (void)state;
    stage_init(&s);
    stage_load(&s, "services: {a: {image: x}}");
    stage_up(&s);
    stage_load(&s, "services: {a: {image: x, command: new}}");
    stage_observe(&s);
    stage_reconcile(&s);
    fake_fail_call(s.fake, 2); /* create, stop */
    stage_run(&s, s.plan);
    assert_string_equal(
        err_text(&s.err),
        "Error response from daemon: failed on purpose (container 000000000002_demo-a-1 "
        "is left behind; the next up puts that right)");
    assert_int_equal(fake_container(s.fake, "demo-a-1")->state, STATE_RUNNING);
    stage_done(&s);
}

/* The hash on the label is that of the ids, known only once the other container is made. */
static void test_shared_namespace(void **state)
{
    struct stage s;
    const char *yaml = "services:\n  a: {image: x}\n  b: {image: x, network_mode: 'service:a',"
                       " volumes_from: [a]}\n";

    (void)state;
    stage_init(&s);
    stage_load(&s, yaml);
    stage_up(&s);
    assert_int_equal(s.err.code, ERR_NONE);
    stage_observe(&s);
    assert_non_null(stage_reconcile(&s));
    assert_false(plan_changes(s.plan));
    stage_done(&s);
}

static void cancel_when_done(uv_check_t *c)
{
    struct stage *s = c->data;
    size_t len = plan_len(s->plan);

    if (!s->running || exec_status(s->running, plan_at(s->plan, len - 1)) != NODE_DONE)
        return;
    uv_check_stop(c);
    if (!s->finished)
        exec_cancel(s->running);
}

/* After the last step, before the end is told: whoever asked for the plan must not go on. */
static void test_interrupted_at_the_end(void **state)
{
    struct stage s;
    uv_check_t look;

    (void)state;
    stage_init(&s);
    fake_script(s.fake, "db",
                &(struct fake_script){
                    .has_healthcheck = true, .health = HEALTH_HEALTHY, .health_after = 1});
    stage_load(&s, HEALTHY_DEP);
    stage_observe(&s);
    stage_reconcile(&s);
    uv_check_init(&s.loop, &look);
    look.data = &s;
    uv_check_start(&look, cancel_when_done);
    stage_run(&s, s.plan);
    assert_int_equal(s.err.code, ERR_CANCELED);
    for (size_t i = 0; i < plan_len(s.plan); i++)
        assert_int_equal(exec_status(s.running, plan_at(s.plan, i)), NODE_DONE);
    uv_close((uv_handle_t *)&look, NULL);
    stage_done(&s);
}

static void test_parallel_limit(void **state)
{
    struct stage s;

    (void)state;
    stage_init(&s);
    stage_load(&s, "services: {a: {image: x, scale: 5}}");
    stage_observe(&s);
    stage_reconcile(&s);
    s.exec.parallel = 1;
    fake_hold_call(s.fake, 2); /* the first create */
    s.cancel_ms = 10;
    fake_clear_log(s.fake);
    fake_hold_call(s.fake, 2);
    stage_run(&s, s.plan);
    assert_int_equal(fake_calls(s.fake), 2); /* network, one container */
    stage_done(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_waits),
        cmocka_unit_test(test_waits_without_events),
        cmocka_unit_test(test_start_is_told_late),
        cmocka_unit_test(test_events_break_while_waiting),
        cmocka_unit_test(test_hooks_run),
        cmocka_unit_test(test_hook_fails),
        cmocka_unit_test(test_interrupted_around_hooks),
        cmocka_unit_test(test_hook_cannot_run),
        cmocka_unit_test(test_hook_is_cut_off),
        cmocka_unit_test(test_hook_fails_before_recreate),
        cmocka_unit_test(test_names_move),
        cmocka_unit_test(test_restarted_dependency),
        cmocka_unit_test(test_independent_work_is_finished),
        cmocka_unit_test(test_leftover_is_named),
        cmocka_unit_test(test_shared_namespace),
        cmocka_unit_test(test_interrupted_at_the_end),
        cmocka_unit_test(test_parallel_limit),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
