/* What moved since a plan was made. */
#include "core/plan/fingerprint.h"

#include "core/base/arena.h"
#include "core/base/attr.h"
#include "core/base/str.h"
#include "core/plan/labels.h"
#include "tests/lib/stage.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#define YAML                                                                                       \
    "services: {a: {image: x, networks: [n], volumes: ['v:/v'], configs: [c]}}\n"                  \
    "networks: {n: }\nvolumes: {v: }\nconfigs: {c: {content: one}}\n"

static void nothing(struct stage *s)
{
    (void)s;
}

static void exits(struct stage *s)
{
    fake_exit(s->fake, "demo-a-1", 0);
}

static void new_image(struct stage *s)
{
    fake_add_image(s->fake, "x", "sha256:x2");
}

static void goes_down(struct stage *s)
{
    stage_down(s, true);
}

static void is_made_again(struct stage *s)
{
    stage_down(s, false);
    stage_up(s);
}

static void command_changes(struct stage *s)
{
    stage_load(s, "services: {a: {image: x, command: new, networks: [n], volumes: ['v:/v'], "
                  "configs: [c]}}\n"
                  "networks: {n: }\nvolumes: {v: }\nconfigs: {c: {content: one}}\n");
}

static void content_changes(struct stage *s)
{
    stage_load(s, "services: {a: {image: x, networks: [n], volumes: ['v:/v'], configs: [c]}}\n"
                  "networks: {n: }\nvolumes: {v: }\nconfigs: {c: {content: two}}\n");
}

static const struct {
    void (*move)(struct stage *s);
    const char *want;
} cases[] = {
    {nothing, ""},
    {exits, "container demo-a-1: was running, is exited\n"},
    {new_image, "image x: is another one\n"},
    {goes_down, "container demo-a-1: is gone\nnetwork demo_n: is gone\nvolume demo_v: is gone\n"},
    {is_made_again, "container demo-a-1: is another one\nnetwork demo_n: is another one\n"},
    {command_changes, "project demo: changed\nservice a: changed\n"},
    {content_changes, "project demo: changed\n"},
};

static void test_moves(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct stage s;
        struct mapping was, is;
        AUTO_TEXT moved = {0};

        stage_init(&s);
        stage_load(&s, YAML);
        stage_up(&s);
        stage_observe(&s);
        was = fingerprint(s.arena, s.fixture.project, &s.observed);
        for (size_t j = 0; j < was.len; j++) { /* they live in the project */
            was.entries[j].key = arena_strdup(s.arena, was.entries[j].key);
            was.entries[j].value = arena_strdup(s.arena, was.entries[j].value);
        }
        cases[i].move(&s);
        stage_observe(&s);
        is = fingerprint(s.arena, s.fixture.project, &s.observed);
        fingerprint_moved(&was, &is, &moved);
        assert_string_equal(str_text(&moved), cases[i].want);
        stage_done(&s);
    }
}

/* The steps of an unchanged world are the same ones, those of a changed one are not. */
static void test_digest(void **state)
{
    struct stage s;
    char first[SHA256_HEX_SIZE], again[SHA256_HEX_SIZE], other[SHA256_HEX_SIZE];

    (void)state;
    stage_init(&s);
    stage_load(&s, YAML);
    stage_observe(&s);
    plan_digest(stage_reconcile(&s), first);
    stage_observe(&s);
    plan_digest(stage_reconcile(&s), again);
    assert_string_equal(first, again);
    s.up.start = false;
    plan_digest(stage_reconcile(&s), other);
    assert_string_not_equal(first, other);
    stage_done(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_moves),
        cmocka_unit_test(test_digest),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
