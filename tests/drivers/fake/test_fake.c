/* The fake engine keeps its promises: order, states, conflicts, troubles, cancelling, and a clean
 * end. */
#include "drivers/fake/fake.h"

#include "core/base/arena.h"
#include "core/base/attr.h"
#include "core/base/err.h"
#include "core/base/str.h"
#include "drivers/dry/dry.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

struct bench {
    uv_loop_t loop;
    struct fake *fake;
    struct driver *d;
    struct arena *arena;
    struct project project;
    struct service service;
    struct container_create create;
    struct err err;
    struct str heard; /* events, outputs */
    unsigned answers;
    int64_t exit_code;
    char *id;
};

static void on_answer(void *owner, const struct reply *r, const struct err *err)
{
    struct bench *b = owner;

    b->answers++;
    err_done(&b->err);
    if (err)
        err_copy(&b->err, err);
    if (!err) {
        b->exit_code = r->exit_code;
        if (r->id) {
            free(b->id);
            b->id = strdup(r->id);
        }
    }
}

static void on_event(void *owner, const struct event *e)
{
    struct bench *b = owner;

    str_addf(&b->heard, "%s %s%s%s\n", e->action, e->name, e->exit_code ? " " : "",
             e->exit_code ? e->exit_code : "");
}

static int setup(void **state)
{
    struct bench *b = calloc(1, sizeof *b);

    uv_loop_init(&b->loop);
    b->fake = fake_new(&b->loop);
    b->d = fake_driver(b->fake);
    b->arena = arena_new();
    b->service.item.key = "a";
    b->create = (struct container_create){
        .project = &b->project, .service = &b->service, .name = "c1", .image = "x"};
    fake_add_image(b->fake, "x", "sha256:x");
    *state = b;
    return 0;
}

static int teardown(void **state)
{
    struct bench *b = *state;
    int rc;

    b->d->ops->close(b->d);
    uv_run(&b->loop, UV_RUN_DEFAULT);
    rc = uv_loop_close(&b->loop);
    arena_free(b->arena);
    err_done(&b->err);
    str_done(&b->heard);
    free(b->id);
    free(b);
    return rc;
}

static void turn(struct bench *b)
{
    for (int i = 0; i < 3; i++)
        uv_run(&b->loop, UV_RUN_NOWAIT);
}

static struct writer *writer(struct bench *b)
{
    return &b->d->writer;
}

static void make(struct bench *b)
{
    writer(b)->ops->container_create(writer(b), &b->create, on_answer, b);
    turn(b);
    assert_int_equal(b->err.code, ERR_NONE);
}

static void test_life(void **state)
{
    struct bench *b = *state;
    struct list_filter all = {0};
    struct call *events =
        b->d->reader.ops->events(&b->d->reader, &all, on_event, NULL, on_answer, b);

    make(b);
    assert_int_equal(fake_container(b->fake, "c1")->state, STATE_CREATED);
    writer(b)->ops->container_start(writer(b), "c1", on_answer, b);
    assert_int_equal(fake_container(b->fake, "c1")->state,
                     STATE_CREATED); /* not from inside the call */
    turn(b);
    assert_int_equal(fake_container(b->fake, b->id)->state, STATE_RUNNING);
    writer(b)->ops->container_remove(writer(b), "c1", false, false, on_answer, b);
    turn(b);
    assert_int_equal(b->err.code, ERR_CONFLICT);
    writer(b)->ops->container_rename(writer(b), "c1", "c2", on_answer, b);
    writer(b)->ops->container_stop(writer(b), "c2", TIMEOUT_DEFAULT, on_answer, b);
    writer(b)->ops->container_remove(writer(b), "c2", false, false, on_answer, b);
    turn(b);
    assert_int_equal(b->err.code, ERR_NONE);
    assert_int_equal(fake_container_count(b->fake), 0);
    assert_string_equal(str_text(&b->heard),
                        "create c1\nstart c1\ndie c2 137\nstop c2\ndestroy c2\n");
    b->d->ops->cancel(events);
    b->d->ops->cancel(events); /* twice is fine */
    turn(b);
    assert_int_equal(b->err.code, ERR_CANCELED);
}

static void test_conflicts(void **state)
{
    struct bench *b = *state;

    make(b);
    writer(b)->ops->container_create(writer(b), &b->create, on_answer, b);
    turn(b);
    assert_int_equal(b->err.code, ERR_CONFLICT);
    assert_non_null(strstr(err_text(&b->err), "The container name \"/c1\" is already in use"));
    b->create.name = "c2";
    b->create.image = "none";
    writer(b)->ops->container_create(writer(b), &b->create, on_answer, b);
    turn(b);
    assert_int_equal(b->err.code, ERR_NOT_FOUND);
    assert_string_equal(err_text(&b->err), "Error response from daemon: No such image: none");
    writer(b)->ops->container_start(writer(b), "gone", on_answer, b);
    turn(b);
    assert_int_equal(b->err.code, ERR_NOT_FOUND);
}

static void test_troubles(void **state)
{
    struct bench *b = *state;

    fake_fail_call(b->fake, 1);
    writer(b)->ops->container_create(writer(b), &b->create, on_answer, b);
    turn(b);
    assert_int_equal(b->err.code, ERR_ENGINE);
    assert_int_equal(fake_container_count(b->fake), 0);
    fake_lose_answer(b->fake, 1);
    writer(b)->ops->container_create(writer(b), &b->create, on_answer, b);
    turn(b);
    assert_int_equal(b->err.code, ERR_UNREACHABLE);
    assert_int_equal(fake_container_count(b->fake), 1);
    fake_hold_call(b->fake, 1);
    b->answers = 0;
    {
        struct call *c = writer(b)->ops->container_start(writer(b), "c1", on_answer, b);

        turn(b);
        assert_int_equal(b->answers, 0);
        b->d->ops->cancel(c);
        assert_int_equal(b->answers, 0);
        turn(b);
    }
    assert_int_equal(b->answers, 1);
    assert_int_equal(b->err.code, ERR_CANCELED);
    assert_int_equal(fake_container(b->fake, "c1")->state, STATE_CREATED);
    assert_int_equal(fake_calls(b->fake), 3);
    assert_int_equal(fake_writes(b->fake), 3);
}

static void test_wait_tells_exit_code(void **state)
{
    struct bench *b = *state;

    make(b);
    writer(b)->ops->container_start(writer(b), "c1", on_answer, b);
    writer(b)->ops->container_wait(writer(b), "c1", WAIT_NEXT_EXIT, on_answer, b);
    turn(b);
    b->answers = 0;
    fake_exit(b->fake, "c1", 4);
    assert_int_equal(b->answers, 1);
    assert_int_equal(b->exit_code, 4);
}

static void test_close_cancels(void **state)
{
    struct bench *b = *state;
    struct list_filter all = {0};

    b->d->reader.ops->events(&b->d->reader, &all, on_event, NULL, on_answer, b);
    turn(b);
    writer(b)->ops->container_create(writer(b), &b->create, on_answer, b); /* teardown closes */
}

/* ---- the dry driver ---- */

static void test_dry_changes_nothing(void **state)
{
    struct bench *b = *state;
    struct driver *dry = dry_new(&b->loop, &b->d->reader, b->d->ops->cancel);
    struct list_filter all = {.all = true};
    struct call *events;

    dry->writer.ops->container_create(&dry->writer, &b->create, on_answer, b);
    assert_int_equal(b->answers, 0);
    turn(b);
    assert_int_equal(b->answers, 1);
    assert_int_equal(b->err.code, ERR_NONE);
    assert_string_equal(b->id, "dry-run-1");
    dry->writer.ops->container_start(&dry->writer, b->id, on_answer, b);
    dry->ops->cancel(
        dry->writer.ops->container_remove(&dry->writer, b->id, true, false, on_answer, b));
    turn(b);
    assert_int_equal(b->err.code, ERR_CANCELED);
    assert_int_equal(fake_calls(b->fake), 0);
    dry->reader.ops->container_list(&dry->reader, b->arena, &all, on_answer, b);
    events = dry->reader.ops->events(&dry->reader, &all, on_event, NULL, on_answer, b);
    turn(b);
    assert_int_equal(fake_calls(b->fake), 2);
    dry->ops->cancel(events);
    turn(b);
    assert_int_equal(b->err.code, ERR_CANCELED);
    dry->writer.ops->container_start(&dry->writer, "x", on_answer, b);
    dry->ops->close(dry);
    turn(b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_life, setup, teardown),
        cmocka_unit_test_setup_teardown(test_conflicts, setup, teardown),
        cmocka_unit_test_setup_teardown(test_troubles, setup, teardown),
        cmocka_unit_test_setup_teardown(test_wait_tells_exit_code, setup, teardown),
        cmocka_unit_test_setup_teardown(test_close_cancels, setup, teardown),
        cmocka_unit_test_setup_teardown(test_dry_changes_nothing, setup, teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
