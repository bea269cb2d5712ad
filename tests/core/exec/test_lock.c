/* The lock of a project, on the fake engine: who waits, for whom, and what becomes of dead holders.
 */
#include "core/exec/lock.h"

#include "core/base/arena.h"
#include "core/base/attr.h"
#include "core/base/err.h"
#include "core/base/str.h"
#include "core/exec/holder.h"
#include "tests/lib/stage.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#define VOLUME "mcompose-lock-demo"

/* One command that wants the lock. */
struct user {
    struct lock *lock;
    bool done, released;
    struct err err;
    unsigned waited;
    struct str waits_for;
};

static void on_waiting(void *owner, const char *holder)
{
    struct user *u = owner;

    u->waited++;
    str_add(&u->waits_for, holder);
}

static void on_done(void *owner, const struct err *err)
{
    struct user *u = owner;

    u->done = true;
    if (err)
        err_copy(&u->err, err);
}

static void on_released(void *owner)
{
    ((struct user *)owner)->released = true;
}

static void begin(struct stage *s, struct user *u, const char *holder, unsigned lease_ms)
{
    const struct lock_options o = {
        .project = "demo", .command = "up", .holder = holder, .lease_ms = lease_ms};

    u->lock = lock_take(
        &s->loop, s->driver, &o,
        &(struct lock_callbacks){.owner = u, .on_waiting = on_waiting, .on_done = on_done});
}

static void release(struct stage *s, struct user *u)
{
    lock_release(u->lock, on_released, u);
    stage_spin(s, 20);
    assert_true(u->released);
    str_done(&u->waits_for);
    err_done(&u->err);
}

static void test_one_after_the_other(void **state)
{
    struct stage s;
    struct user a = {0}, b = {0}, c = {0};

    (void)state;
    stage_init(&s);
    begin(&s, &a, "boot:1:100:1", 0);
    stage_spin(&s, 10);
    assert_true(a.done && a.err.code == ERR_NONE && !a.waited);
    assert_true(fake_has_volume(s.fake, VOLUME));
    begin(&s, &b, "boot:1:200:1", 0);
    begin(&s, &c, "boot:1:300:1", 0);
    stage_spin(&s, 30);
    assert_false(b.done || c.done);
    assert_int_equal(b.waited, 1);
    assert_non_null(strstr(str_text(&b.waits_for), "'mcompose up' of "));
    release(&s, &a);
    assert_true(b.done != c.done); /* exactly one */
    release(&s, b.done ? &b : &c);
    assert_true(b.done && c.done);
    release(&s, b.released ? &c : &b);
    assert_false(fake_has_volume(s.fake, VOLUME));
    stage_done(&s);
}

/* A process of its own, and how it names itself. */
static pid_t start_holder(char *name, size_t size)
{
    int ends[2];
    pid_t child;
    ssize_t n;

    assert_int_equal(pipe(ends), 0);
    child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        struct arena *a = arena_new();
        const char *self = holder_self(a);

        (void)!write(ends[1], self, strlen(self));
        close(ends[1]);
        pause();
        _exit(0);
    }
    close(ends[1]);
    n = read(ends[0], name, size - 1);
    assert_true(n > 0);
    name[n] = '\0';
    close(ends[0]);
    return child;
}

/* It is killed while we wait: on this machine that is seen at once. */
static void test_killed_holder(void **state)
{
    struct stage s;
    struct user dead = {0}, next = {0};
    char name[256];
    pid_t child = start_holder(name, sizeof name);

    (void)state;
    assert_int_equal(holder_look(name), HOLDER_ALIVE);
    stage_init(&s);
    begin(&s, &dead, name, 0);
    stage_spin(&s, 10);
    begin(&s, &next, NULL, 0);
    stage_spin(&s, 30);
    assert_int_equal(next.waited, 1);
    assert_false(next.done);
    kill(child, SIGKILL);
    waitpid(child, NULL, 0);
    assert_int_equal(holder_look(name), HOLDER_GONE);
    stage_spin(&s, 600);
    assert_true(next.done && next.err.code == ERR_NONE);
    release(&s, &next);
    assert_false(fake_has_volume(s.fake, VOLUME));
    release(&s, &dead); /* only so that the test leaves nothing: it would find nothing to remove */
    stage_done(&s);
}

/* Two find the same dead holder at once: one gets it, the other after that. */
static void test_two_heirs(void **state)
{
    static struct mapping_entry entries[] = {{"dev.mcompose.lock", NULL}};
    const struct mapping labels = {.entries = entries, .len = 1};
    struct stage s;
    struct user a = {0}, b = {0};
    struct arena *arena = arena_new();
    const char *self = holder_self(arena);

    (void)state;
    stage_init(&s);
    /* our own id, but a process that started at another time */
    entries[0].value = arena_printf(arena, "%.*s:1", (int)(strrchr(self, ':') - self), self);
    assert_int_equal(holder_look(entries[0].value), HOLDER_GONE);
    fake_add_volume(s.fake, VOLUME, &labels);
    fake_add_volume(s.fake, VOLUME "-alive", &labels);
    begin(&s, &a, "boot:1:1:1", 0);
    begin(&s, &b, "boot:1:2:1", 0);
    stage_spin(&s, 700);
    assert_true(a.done != b.done);
    assert_true(lock_inherited(a.done ? a.lock : b.lock));
    release(&s, a.done ? &a : &b);
    stage_spin(&s, 700);
    assert_true(a.done && b.done);
    release(&s, a.released ? &b : &a);
    assert_false(fake_has_volume(s.fake, VOLUME));
    assert_false(fake_has_volume(s.fake, VOLUME "-alive"));
    stage_done(&s);
    arena_free(arena);
}

/* Who finds nothing to do would not ask for the lock: it is seen beside the rest. */
static void test_left_lock_is_seen(void **state)
{
    struct stage s;
    struct arena *arena = arena_new();
    const char *self = holder_self(arena);
    const char *dead = arena_printf(arena, "%.*s:1", (int)(strrchr(self, ':') - self), self);
    const struct {
        const char *volume, *holder;
        bool want;
    } cases[] = {
        {VOLUME, dead, true},           {VOLUME, self, false},
        {VOLUME, "other:1:1:1", false},                            /* its lease says */
        {VOLUME "-alive", dead, false}, {VOLUME "2", dead, false}, /* another project's */
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct mapping_entry entry = {"dev.mcompose.lock", cases[i].holder};

        stage_init(&s);
        stage_load(&s, "services: {a: {image: x}}");
        s.lock = VOLUME;
        fake_add_volume(s.fake, cases[i].volume, &(struct mapping){.entries = &entry, .len = 1});
        stage_observe(&s);
        assert_int_equal(s.observed.lock_left, cases[i].want);
        assert_int_equal(s.observed.volumes.len, 0);
        stage_done(&s);
    }
    arena_free(arena);
}

static void on_made(void *owner, const struct reply *r, const struct err *err)
{
    (void)owner;
    (void)r;
    assert_null(err);
}

static void sign_of_life(struct stage *s)
{
    static const struct mapping none;
    const struct volume v = {.name = VOLUME "-alive"};

    s->driver->writer.ops->volume_create(&s->driver->writer, &v, &none, on_made, NULL);
}

/* On another machine: dead is who gives no sign of life for as long as the lease. */
static void test_lease(void **state)
{
    static const struct mapping_entry entries[] = {{"dev.mcompose.lock", "other:1:1:1"}};
    const struct mapping labels = {.entries = (struct mapping_entry *)entries, .len = 1};
    struct stage s;
    struct user u = {0};

    (void)state;
    stage_init(&s);
    fake_add_volume(s.fake, VOLUME, &labels);
    begin(&s, &u, NULL, 200);
    stage_spin(&s, 120);
    assert_false(u.done);
    sign_of_life(&s);
    stage_spin(&s, 120); /* would be over without the sign */
    assert_false(u.done);
    stage_spin(&s, 500);
    assert_true(u.done && u.err.code == ERR_NONE);
    assert_int_equal(u.waited, 1);
    release(&s, &u);
    stage_done(&s);
}

static void test_give_up_waiting(void **state)
{
    struct stage s;
    struct user a = {0}, b = {0};

    (void)state;
    stage_init(&s);
    begin(&s, &a, "boot:1:1:1", 0);
    stage_spin(&s, 10);
    begin(&s, &b, "boot:1:2:1", 0);
    stage_spin(&s, 10);
    release(&s, &b);
    assert_false(b.done);
    assert_true(fake_has_volume(s.fake, VOLUME)); /* a's */
    release(&s, &a);
    assert_false(fake_has_volume(s.fake, VOLUME));
    stage_done(&s);
}

static void test_somebody_elses_volume(void **state)
{
    struct stage s;
    struct user u = {0};

    (void)state;
    stage_init(&s);
    fake_add_volume(s.fake, VOLUME, NULL);
    begin(&s, &u, NULL, 0);
    stage_spin(&s, 10);
    assert_string_equal(err_text(&u.err),
                        "cannot lock the project: the volume " VOLUME " is none of mcompose's");
    release(&s, &u);
    assert_true(fake_has_volume(s.fake, VOLUME));
    stage_done(&s);
}

/* Whatever fails, it ends, and nothing stays. */
static void test_failing_calls(void **state)
{
    (void)state;
    for (unsigned n = 1; n < 4; n++) {
        struct stage s;
        struct user u = {0};

        stage_init(&s);
        fake_fail_call(s.fake, n);
        begin(&s, &u, NULL, 0);
        stage_spin(&s, 10);
        assert_true(u.done);
        assert_int_equal(u.err.code != ERR_NONE, n == 1);
        release(&s, &u);
        stage_done(&s);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_one_after_the_other),
        cmocka_unit_test(test_killed_holder),
        cmocka_unit_test(test_two_heirs),
        cmocka_unit_test(test_left_lock_is_seen),
        cmocka_unit_test(test_lease),
        cmocka_unit_test(test_give_up_waiting),
        cmocka_unit_test(test_somebody_elses_volume),
        cmocka_unit_test(test_failing_calls),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
