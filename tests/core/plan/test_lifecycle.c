/* Plans of down, stop, start, restart, kill, pause, unpause and rm, with and without a file. */
#include "core/plan/reconcile.h"

#include "core/base/arena.h"
#include "core/base/diags.h"
#include "tests/lib/golden.h"
#include "tests/lib/stage.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#define PROJECT                                                                                    \
    "services:\n"                                                                                  \
    "  db: {image: x, volumes: ['data:/d']}\n"                                                     \
    "  job: {image: x}\n"                                                                          \
    "  web: {image: x, depends_on: {db: {condition: service_started, restart: true}},"             \
    " post_start: [{command: [after, start]}], pre_stop: [{command: a}, {command: b}]}\n"          \
    "volumes: {data: }\n"

enum command { DOWN, STOP, START, RESTART, KILL, PAUSE, UNPAUSE, RM };

static const char *db[] = {"db"};

static const struct {
    const char *name;
    enum command command;
    struct down_options down;
    struct lifecycle_options life;
    bool from_labels;
} cases[] = {
    {.name = "down", .command = DOWN},
    {.name = "down_volumes", .command = DOWN, .down = {.volumes = true}},
    {.name = "down_rmi", .command = DOWN, .down = {.rmi = "all"}},
    {.name = "down_service", .command = DOWN, .down = {.services = {db, 1}}},
    {.name = "down_labels", .command = DOWN, .down = {.volumes = true}, .from_labels = true},
    {.name = "stop", .command = STOP, .life = {.timeout = 3}},
    {.name = "stop_service",
     .command = STOP,
     .life = {.services = {db, 1}, .timeout = TIMEOUT_DEFAULT}},
    {.name = "start", .command = START},
    {.name = "restart", .command = RESTART, .life = {.timeout = TIMEOUT_DEFAULT}},
    {.name = "restart_service",
     .command = RESTART,
     .life = {.services = {db, 1}, .timeout = TIMEOUT_DEFAULT}},
    {.name = "restart_no_deps",
     .command = RESTART,
     .life = {.services = {db, 1}, .no_deps = true, .timeout = TIMEOUT_DEFAULT}},
    {.name = "kill", .command = KILL},
    {.name = "kill_hup", .command = KILL, .life = {.signal = "SIGHUP", .services = {db, 1}}},
    {.name = "pause", .command = PAUSE},
    {.name = "pause_service", .command = PAUSE, .life = {.services = {db, 1}}},
    {.name = "unpause", .command = UNPAUSE},
    {.name = "rm", .command = RM, .life = {.force = true}},
    {.name = "rm_stop",
     .command = RM,
     .life = {.force = true, .stop = true, .volumes = true, .timeout = TIMEOUT_DEFAULT}},
    {.name = "stop_labels",
     .command = STOP,
     .life = {.timeout = TIMEOUT_DEFAULT},
     .from_labels = true},
};

static struct plan *plan_case(struct stage *s, size_t i, const struct project *p, struct diags *d)
{
    struct down_options down = cases[i].down;

    down.timeout = TIMEOUT_DEFAULT;
    switch (cases[i].command) {
    case DOWN:
        return plan_down(s->arena, p, &s->observed, &down, d);
    case STOP:
        return plan_stop(s->arena, p, &s->observed, &cases[i].life, d);
    case START:
        return plan_start(s->arena, p, &s->observed, &cases[i].life, d);
    case RESTART:
        return plan_restart(s->arena, p, &s->observed, &cases[i].life, d);
    case KILL:
        return plan_kill(s->arena, p, &s->observed, &cases[i].life, d);
    case PAUSE:
        return plan_pause(s->arena, p, &s->observed, &cases[i].life, d);
    case UNPAUSE:
        return plan_unpause(s->arena, p, &s->observed, &cases[i].life, d);
    case RM:
        break;
    }
    return plan_rm(s->arena, p, &s->observed, &cases[i].life, d);
}

static void run_case(size_t i)
{
    struct stage s;
    struct diags *d = diags_new();
    AUTO_TEXT text = {0};
    AUTO_TEXT file = {0};
    const struct project *p;

    stage_init(&s);
    stage_load(&s, PROJECT);
    stage_up(&s);
    assert_int_equal(s.err.code, ERR_NONE);
    fake_exit(s.fake, "demo-job-1", 0);
    stage_observe(&s);
    p = cases[i].from_labels ? project_from_labels(s.arena, "demo", &s.observed)
                             : s.fixture.project;
    plan_print(plan_case(&s, i, p, d), &text);
    str_addf(&file, "plan/%s.golden", cases[i].name);
    golden_check(str_text(&file), str_text(&text));
    assert_int_equal(diags_count(d), 0);
    diags_free(d);
    stage_done(&s);
}

static void test_golden(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++)
        run_case(i);
}

/* A volume of somebody else's is not removed for having the right name. */
static void test_foreign_volume_stays(void **state)
{
    struct stage s;

    (void)state;
    stage_init(&s);
    fake_add_volume(s.fake, "demo_data", NULL);
    stage_load(&s, PROJECT);
    stage_up(&s);
    assert_non_null(
        strstr(str_text(&s.messages), "already exists but was not created by Docker Compose"));
    stage_down(&s, true);
    assert_true(fake_has_volume(s.fake, "demo_data"));
    assert_int_equal(fake_container_count(s.fake), 0);
    stage_done(&s);
}

static void on_made(void *owner, const struct reply *r, const struct err *err)
{
    (void)owner;
    (void)r;
    assert_null(err);
}

static void add_guest(struct stage *s)
{
    static struct project nobody = {.name = ""};
    static struct service service = {.item.key = "guest"};
    static struct endpoint e = {.network = "demo_default"};
    static struct endpoint *on = &e;
    const struct container_create create = {.project = &nobody,
                                            .service = &service,
                                            .name = "guest",
                                            .image = "x",
                                            .endpoints = {&on, 1}};
    struct writer *w = &s->driver->writer;

    w->ops->container_create(w, &create, on_made, NULL);
    stage_spin(s, 5);
    w->ops->container_start(w, "guest", on_made, NULL);
    stage_spin(s, 5);
}

/* Something is on the network and stays: told; an error when it is not the project's. */
static void test_network_in_use(void **state)
{
    (void)state;
    for (int guest = 0; guest < 2; guest++) {
        struct stage s;

        stage_init(&s);
        stage_load(&s, "services: {a: {image: x}, b: {image: x}}");
        stage_up(&s);
        if (guest)
            add_guest(&s);
        else
            stage_load(&s, "services: {a: {image: x}}");
        stage_down(&s, false);
        assert_non_null(
            strstr(str_text(&s.told), "Network demo_default Resource is still in use\n"));
        assert_int_equal(s.err.code != ERR_NONE, guest);
        assert_true(fake_has_network(s.fake, "demo_default"));
        stage_done(&s);
    }
}

/* A volume that is marked stays, and it is said why and how it goes. */
static void test_protected_volume(void **state)
{
    static const struct {
        const char *mark, *unprotect, *message;
        bool removed;
    } all[] = {
        {"x-protect: true", NULL,
         "volume \"demo_data\" is protected (x-protect): it is kept; 'down -v --unprotect data' "
         "removes it",
         false},
        {"x-protect: 'true'", NULL,
         "volume \"demo_data\" is protected (x-protect): it is kept; 'down -v --unprotect data' "
         "removes it",
         false},
        {"x-protect: yes", NULL,
         "volume \"demo_data\" is protected (x-protect): it is kept; 'down -v --unprotect data' "
         "removes it",
         false},
        {"x-protect: 1", NULL,
         "volume \"demo_data\" is protected (x-protect): it is kept; 'down -v --unprotect data' "
         "removes it",
         false},
        {"x-protect: true", "data", "", true},
        {"x-protect: false", NULL, "", true},
        {"x-protect: true", "date", "no such volume: date", false},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(all); i++) {
        struct stage s;
        struct diags *d = diags_new();
        const char *named[] = {all[i].unprotect};
        struct down_options o = {.volumes = true, .timeout = TIMEOUT_DEFAULT};
        AUTO_TEXT text = {0};
        struct plan *p;

        o.unprotect = (struct strings){named, all[i].unprotect ? 1 : 0};
        str_addf(&text, "services: {a: {image: x, volumes: ['data:/d']}}\nvolumes: {data: {%s}}",
                 all[i].mark);
        stage_init(&s);
        stage_load(&s, str_text(&text));
        stage_up(&s);
        stage_observe(&s);
        p = plan_down(s.arena, s.fixture.project, &s.observed, &o, d);
        str_clear(&text);
        if (p)
            plan_print(p, &text);
        assert_int_equal(strstr(str_text(&text), "volume remove demo_data") != NULL,
                         all[i].removed);
        assert_int_equal(diags_count(d), *all[i].message ? 1 : 0);
        if (*all[i].message)
            assert_string_equal(diags_at(d, 0)->msg, all[i].message);
        diags_free(d);
        stage_done(&s);
    }
}

static void test_start_without_containers(void **state)
{
    struct stage s;
    struct diags *d = diags_new();
    const struct lifecycle_options o = {0};

    (void)state;
    stage_init(&s);
    stage_load(&s, "services: {a: {image: x}}");
    stage_observe(&s);
    assert_null(plan_start(s.arena, s.fixture.project, &s.observed, &o, d));
    assert_string_equal(diags_at(d, 0)->msg, "service \"a\" has no container to start");
    diags_free(d);
    d = diags_new();
    assert_null(
        plan_start(s.arena, project_from_labels(s.arena, "demo", &s.observed), &s.observed, &o, d));
    assert_string_equal(diags_at(d, 0)->msg, "no container found for project \"demo\": not found");
    diags_free(d);
    stage_done(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_golden),
        cmocka_unit_test(test_foreign_volume_stays),
        cmocka_unit_test(test_network_in_use),
        cmocka_unit_test(test_protected_volume),
        cmocka_unit_test(test_start_without_containers),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
