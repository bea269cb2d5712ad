/* The executor on the fake engine: what it waits for, and what becomes of it when any call goes
 * wrong. */
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
    assert_int_equal(fake_container(s.fake, "demo-db-1")->state, STATE_RUNNING);
    assert_int_equal(fake_container(s.fake, "demo-web-1")->state, STATE_CREATED);
    assert_non_null(strstr(str_text(&s.told), "Container demo-db-1 Error\n"));
    stage_down(&s, false);
    assert_string_equal(err_text(&s.err), "db hook exited with status 3: so it is");
    assert_int_equal(fake_container(s.fake, "demo-db-1")->state, STATE_RUNNING);
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
    fake_script(s.fake, "db", &after);
    stage_done(&s);
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

/* ---- trouble at every call ---- */

#define PROJECT                                                                                    \
    "services:\n"                                                                                  \
    "  db: {image: x, volumes: ['data:/d'], networks: [n], post_start: [{command: a}]}\n"          \
    "  job: {image: x}\n"                                                                          \
    "  web: {image: x, scale: 2, networks: [n, default], pre_stop: [{command: b}], depends_on:"    \
    " {db: {condition: service_healthy, restart: true},"                                           \
    " job: {condition: service_completed_successfully}}}\n"                                        \
    "networks: {n: }\nvolumes: {data: }\n"
#define PROJECT_CHANGED                                                                            \
    "services:\n"                                                                                  \
    "  db: {image: x, command: new, volumes: ['data:/d'], networks: [n], post_start: [{command: "  \
    "a}]}\n"                                                                                       \
    "  job: {image: x, command: new}\n"                                                            \
    "  web: {image: x, scale: 2, networks: [n, default], pre_stop: [{command: b}], depends_on:"    \
    " {db: {condition: service_healthy, restart: true},"                                           \
    " job: {condition: service_completed_successfully}}}\n"                                        \
    "networks: {n: }\nvolumes: {data: }\n"
#define PROJECT_OTHER_NETWORK                                                                      \
    "services:\n"                                                                                  \
    "  db: {image: x, volumes: ['data:/d'], networks: [n], post_start: [{command: a}]}\n"          \
    "  job: {image: x}\n"                                                                          \
    "  web: {image: x, scale: 1, networks: [n, default], pre_stop: [{command: b}], depends_on:"    \
    " {db: {condition: service_healthy, restart: true},"                                           \
    " job: {condition: service_completed_successfully}}}\n"                                        \
    "networks: {n: {labels: {new: '1'}}}\nvolumes: {data: }\n"

static const struct {
    const char *name, *before, *now;
    bool down;
    unsigned api;
    size_t containers; /* in the end */
} scenarios[] = {
    {"first up", NULL, PROJECT, false, 51, 4},
    {"first up, old engine", NULL, PROJECT, false, 41, 4},
    {"recreate", PROJECT, PROJECT_CHANGED, false, 51, 4},
    {"recreate, old engine", PROJECT, PROJECT_CHANGED, false, 41, 4},
    {"network and scale", PROJECT, PROJECT_OTHER_NETWORK, false, 51, 3},
    {"down", PROJECT, PROJECT, true, 51, 0},
};

static void prepare(struct stage *s, size_t i)
{
    stage_init(s);
    fake_set_api(s->fake, scenarios[i].api);
    fake_script(s->fake, "db",
                &(struct fake_script){.has_healthcheck = true, .health = HEALTH_HEALTHY});
    fake_script(s->fake, "job", &(struct fake_script){.exits = true});
    if (scenarios[i].before) {
        stage_load(s, scenarios[i].before);
        stage_up(s);
        assert_int_equal(s->err.code, ERR_NONE);
    }
    stage_load(s, scenarios[i].now);
    fake_clear_log(s->fake);
}

static void go(struct stage *s, size_t i)
{
    if (scenarios[i].down)
        stage_down(s, true);
    else
        stage_up(s);
}

/* Everything is as the file says. Replicas may have other numbers: gaps are not filled. */
static void check_end(struct stage *s, size_t i, const char *what, unsigned n)
{
    AUTO_TEXT text = {0};
    size_t running = 0;

    if (fake_container_count(s->fake) != scenarios[i].containers)
        fail_msg("%s, %s %u: %zu containers; log:\n%s", scenarios[i].name, what, n,
                 fake_container_count(s->fake), fake_log(s->fake));
    if (scenarios[i].down) {
        assert_false(fake_has_network(s->fake, "demo_n"));
        assert_false(fake_has_volume(s->fake, "demo_data"));
        return;
    }
    fake_clear_log(s->fake);
    stage_spin(s, 2);
    stage_observe(s);
    for (size_t j = 0; j < s->observed.containers.len; j++) {
        const struct container *c = s->observed.containers.items[j];

        running += c->state == STATE_RUNNING;
        if (!str_has_prefix(c->name, "demo-"))
            fail_msg("%s, %s %u: %s is left", scenarios[i].name, what, n, c->name);
        if (str_eq(c->service, "web") && !strstr(fake_aliases(s->fake, c->name, "demo_n"), ",web"))
            fail_msg("%s, %s %u: aliases %s", scenarios[i].name, what, n,
                     fake_aliases(s->fake, c->name, "demo_n"));
    }
    assert_int_equal(running, scenarios[i].containers - 1);
    /* A further up leaves all but the one-shot alone. */
    assert_non_null(stage_reconcile(s));
    for (size_t j = 0; j < plan_len(s->plan); j++) {
        const struct plan_node *node = plan_at(s->plan, j);

        if (node->op != OP_NOTHING && node->op != OP_WAIT && !str_eq(node->service, "job")) {
            plan_print(s->plan, &text);
            fail_msg("%s, %s %u: not settled:\n%s", scenarios[i].name, what, n, str_text(&text));
        }
    }
}

typedef void trouble_fn(struct fake *f, unsigned n);

static void try_every_call(trouble_fn *trouble, const char *what)
{
    for (size_t i = 0; i < ARRAY_LEN(scenarios); i++)
        for (unsigned n = 1;; n++) {
            struct stage s;
            bool reached, is_events;

            prepare(&s, i);
            trouble(s.fake, n);
            go(&s, i);
            reached = fake_calls(s.fake) >= n;
            is_events = strstr(fake_log(s.fake), "events\n") &&
                        s.err.code == ERR_NONE; /* the one call that can be done without */
            if (reached && s.err.code == ERR_NONE && !is_events)
                fail_msg("%s, %s %u: no error; log:\n%s", scenarios[i].name, what, n,
                         fake_log(s.fake));
            if (reached && s.err.code != ERR_NONE && !strstr(err_text(&s.err), "on purpose") &&
                !strstr(err_text(&s.err), "connection"))
                fail_msg("%s, %s %u: %s", scenarios[i].name, what, n, err_text(&s.err));
            if (reached && s.err.code != ERR_NONE) {
                fake_clear_log(s.fake);
                go(&s, i);
                if (s.err.code != ERR_NONE)
                    fail_msg("%s, after %s %u: %s\nlog:\n%s", scenarios[i].name, what, n,
                             err_text(&s.err), fake_log(s.fake));
            }
            check_end(&s, i, what, n);
            stage_done(&s);
            if (!reached)
                break;
            assert_true(n < 200);
        }
}

static void test_every_call_fails(void **state)
{
    (void)state;
    try_every_call(fake_fail_call, "failing call");
}

static void test_every_answer_is_lost(void **state)
{
    (void)state;
    try_every_call(fake_lose_answer, "losing answer");
}

/* The n-th line: an inspection that hangs is no harm when an event says the same. */
static bool is_inspection(const char *log, unsigned n)
{
    while (--n && strchr(log, '\n'))
        log = strchr(log, '\n') + 1;
    return str_has_prefix(log, "container_inspect");
}

/* The n-th call of the plan hangs; a cancel ends it, and the next run puts everything right. */
static void test_cancel_in_every_call(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(scenarios); i++)
        for (unsigned n = 1;; n++) {
            struct stage s;
            bool reached;
            struct diags *none = NULL;
            struct down_options down = {.volumes = true, .timeout = TIMEOUT_DEFAULT};

            prepare(&s, i);
            stage_observe(&s);
            if (scenarios[i].down)
                s.plan = plan_down(s.arena, s.fixture.project, &s.observed, &down, none);
            else
                stage_reconcile(&s);
            fake_clear_log(s.fake);
            fake_hold_call(s.fake, n);
            s.cancel_ms = 20;
            stage_run(&s, s.plan);
            s.cancel_ms = 0;
            reached = fake_calls(s.fake) >= n;
            if (reached && s.err.code != ERR_CANCELED && !is_inspection(fake_log(s.fake), n))
                fail_msg("%s, call %u: %s\nlog:\n%s\ntold:\n%s", scenarios[i].name, n,
                         err_text(&s.err), fake_log(s.fake), str_text(&s.told));
            if (reached) {
                fake_clear_log(s.fake);
                go(&s, i);
                if (s.err.code != ERR_NONE)
                    fail_msg("%s, after call %u: %s\nlog:\n%s", scenarios[i].name, n,
                             err_text(&s.err), fake_log(s.fake));
            }
            check_end(&s, i, "cancelled call", n);
            stage_done(&s);
            if (!reached)
                break;
        }
}

/* exec_cancel from inside the progress callback, at every event. */
static void test_cancel_at_every_event(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(scenarios); i++)
        for (unsigned n = 1;; n++) {
            struct stage s;
            bool canceled;

            prepare(&s, i);
            s.cancel_after = n;
            go(&s, i);
            canceled = s.cancel_after == 0;
            s.cancel_after = 0;
            go(&s, i);
            if (s.err.code != ERR_NONE)
                fail_msg("%s, after event %u: %s", scenarios[i].name, n, err_text(&s.err));
            check_end(&s, i, "event", n);
            stage_done(&s);
            if (!canceled)
                break;
        }
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
        "Error response from daemon: failed on purpose (container 000000000002_demo-a-1, "
        "made to take over, is left behind; the next up puts that right)");
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
        cmocka_unit_test(test_events_break_while_waiting),
        cmocka_unit_test(test_hooks_run),
        cmocka_unit_test(test_hook_fails),
        cmocka_unit_test(test_hook_fails_before_recreate),
        cmocka_unit_test(test_restarted_dependency),
        cmocka_unit_test(test_every_call_fails),
        cmocka_unit_test(test_every_answer_is_lost),
        cmocka_unit_test(test_cancel_in_every_call),
        cmocka_unit_test(test_cancel_at_every_event),
        cmocka_unit_test(test_independent_work_is_finished),
        cmocka_unit_test(test_leftover_is_named),
        cmocka_unit_test(test_shared_namespace),
        cmocka_unit_test(test_parallel_limit),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
