/* pre_start: containers of their own that must end well before a service is started. */
#include "core/base/arena.h"
#include "core/plan/labels.h"
#include "tests/lib/stage.h"

#include <string.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static const char yaml[] = "services:\n"
                           "  a:\n"
                           "    image: x\n"
                           "    scale: 2\n"
                           "    networks: [m, n]\n"
                           "    pre_start:\n"
                           "      - command: one\n"
                           "      - {command: two, image: y, user: u}\n"
                           "networks: {m: , n: }\n";

static const struct fake_script well = {.exits = true};
static const struct fake_script badly = {.exits = true, .exit_code = 7, .output = "no luck\n"};

static void start(struct stage *s, unsigned minor, const struct fake_script *hook)
{
    stage_init(s);
    fake_set_api(s->fake, minor);
    fake_add_image(s->fake, "y", "sha256:y1");
    fake_script(s->fake, "pre_start", hook);
    stage_load(s, yaml);
    stage_up(s);
}

static size_t count(const struct stage *s, const char *call)
{
    size_t n = 0;

    for (const char *c = fake_log(s->fake); (c = strstr(c, call)); c += strlen(call))
        n++;
    return n;
}

/* Calls of this kind after the last of that kind. */
static size_t count_after(const struct stage *s, const char *call, const char *last)
{
    const char *from = fake_log(s->fake);
    size_t n = 0;

    for (const char *c = from; (c = strstr(c, last)); c += strlen(last))
        from = c;
    for (const char *c = from; (c = strstr(c, call)); c += strlen(call))
        n++;
    return n;
}

static void test_before_the_first_start(void **state)
{
    static const unsigned minors[] = {41, 51};

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(minors); i++) {
        struct stage s;

        start(&s, minors[i], &well);
        assert_string_equal(err_text(&s.err), "no error");
        assert_int_equal(fake_container_count(s.fake), 2); /* hooks are removed */
        assert_int_equal(count(&s, "container_create \n"), 2);
        assert_int_equal(count(&s, "container_start"), 4);
        assert_int_equal(count_after(&s, "container_start", "container_remove"), 2);
        assert_int_equal(count_after(&s, "container_start", "container_create"), 3);
        assert_int_equal(fake_container(s.fake, "demo-a-2")->state, STATE_RUNNING);
        stage_done(&s);
    }
}

static void test_not_when_a_replica_runs(void **state)
{
    struct stage s;

    (void)state;
    start(&s, 51, &well);
    fake_exit(s.fake, "demo-a-2", 0);
    fake_clear_log(s.fake);
    stage_up(&s);
    assert_int_equal(count(&s, "container_create"), 0);
    assert_int_equal(count(&s, "container_start"), 1);
    fake_exit(s.fake, "demo-a-1", 0);
    fake_exit(s.fake, "demo-a-2", 0);
    fake_clear_log(s.fake);
    stage_up(&s);
    assert_int_equal(count(&s, "container_create \n"), 2);
    assert_int_equal(s.err.code, ERR_NONE);
    stage_done(&s);
}

static void test_failure(void **state)
{
    struct stage s;
    const char *text;

    (void)state;
    start(&s, 51, &badly);
    text = err_text(&s.err);
    assert_non_null(
        strstr(text, "service \"a\" pre_start[0] exited with code 7: no luck (hook container "));
    assert_non_null(strstr(text, " retained for inspection)"));
    assert_int_equal(s.err.loc.line, 7);
    assert_int_equal(fake_container_count(s.fake), 3); /* kept */
    assert_int_equal(count(&s, "container_start"), 1); /* of the hook */

    fake_script(s.fake, "pre_start", &well); /* the next run puts it away */
    stage_up(&s);
    assert_string_equal(err_text(&s.err), "no error");
    assert_int_equal(fake_container_count(s.fake), 2);
    stage_done(&s);
}

static void test_down_removes_what_is_kept(void **state)
{
    struct stage s;

    (void)state;
    start(&s, 51, &badly);
    assert_int_equal(fake_container_count(s.fake), 3);
    stage_down(&s, true);
    assert_string_equal(err_text(&s.err), "no error");
    assert_int_equal(fake_container_count(s.fake), 0);
    stage_done(&s);
}

static size_t running(const struct stage *s)
{
    static const char *const names[] = {"demo-a-1", "demo-a-2", "demo-a-3"};
    size_t n = 0;

    for (size_t i = 0; i < ARRAY_LEN(names); i++) {
        const struct container *c = fake_container(s->fake, names[i]);

        n += c && c->state == STATE_RUNNING;
    }
    return n;
}

/* A hook's container that stays is named. */
static void nothing_stays_unnamed(const struct stage *s)
{
    size_t services = (fake_container(s->fake, "demo-a-1") != NULL) +
                      (fake_container(s->fake, "demo-a-2") != NULL);

    if (fake_container_count(s->fake) > services && strstr(fake_log(s->fake), "container_remove"))
        assert_non_null(strstr(str_text(&s->warnings), "hook container "));
}

static void every_call_fails(const struct fake_script *hook)
{
    bool failed = true;

    for (unsigned n = 1; failed; n++) {
        struct stage s;

        stage_init(&s);
        fake_set_api(s.fake, n % 2 ? 51 : 41);
        fake_add_image(s.fake, "y", "sha256:y1");
        fake_script(s.fake, "pre_start", hook);
        stage_load(&s, yaml);
        stage_observe(&s);
        assert_non_null(stage_reconcile(&s));
        fake_fail_call(s.fake, n);
        fake_clear_log(s.fake);
        fake_fail_call(s.fake, n);
        stage_run(&s, s.plan);
        failed = fake_calls(s.fake) >= n;
        fake_fail_call(s.fake, 0);
        nothing_stays_unnamed(&s);
        fake_script(s.fake, "pre_start", &well);
        stage_up(&s);
        assert_string_equal(err_text(&s.err), "no error");
        assert_int_equal(running(&s), 2);
        stage_down(&s, true); /* and with it what could not be removed */
        assert_string_equal(err_text(&s.err), "no error");
        assert_int_equal(fake_container_count(s.fake), 0);
        stage_done(&s);
    }
}

/* Whatever fails is told, and the next run ends well. */
static void test_every_call_fails(void **state)
{
    static const struct fake_script unstartable = {.start_error = "no such program"};

    (void)state;
    every_call_fails(&well);
    every_call_fails(&unstartable);
}

static void test_cancel_while_it_runs(void **state)
{
    static const struct fake_script forever = {0};
    struct stage s;

    (void)state;
    stage_init(&s);
    fake_add_image(s.fake, "y", "sha256:y1");
    fake_script(s.fake, "pre_start", &forever);
    stage_load(&s, yaml);
    stage_observe(&s);
    assert_non_null(stage_reconcile(&s));
    s.cancel_ms = 50;
    stage_run(&s, s.plan);
    assert_int_equal(s.err.code, ERR_CANCELED);
    assert_int_equal(fake_container_count(s.fake), 2); /* it is not kept */
    assert_int_equal(count(&s, "container_start"), 1); /* of the hook */
    stage_done(&s);
}

static void test_per_replica(void **state)
{
    struct stage s;

    (void)state;
    stage_init(&s);
    stage_load(&s,
               "services:\n  a:\n    image: x\n    pre_start: [{command: a, per_replica: true}]\n");
    stage_observe(&s);
    assert_null(stage_reconcile(&s));
    assert_non_null(strstr(str_text(&s.messages),
                           "service \"a\" pre_start[0]: per_replica is not yet supported"));
    stage_done(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_before_the_first_start),
        cmocka_unit_test(test_not_when_a_replica_runs),
        cmocka_unit_test(test_failure),
        cmocka_unit_test(test_down_removes_what_is_kept),
        cmocka_unit_test(test_every_call_fails),
        cmocka_unit_test(test_cancel_while_it_runs),
        cmocka_unit_test(test_per_replica),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
