#include "core/plan/reconcile.h"

#include "core/base/diags.h"
#include "core/plan/labels.h"
#include "tests/lib/stage.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

/* "x" and "x:1" are there, tagged on 2024-01-01; nothing else is. */
static const struct {
    const char *yaml;
    struct image_options opts;
    const char *want;
} cases[] = {
    {"services: {a: {image: x}}", {0}, ""},
    {"services: {a: {image: y}}", {0}, "0 image pull y: not there [Pulling, Pulled]\n"},
    {"services: {a: {image: y, pull_policy: never}}", {0}, ""},
    {"services: {a: {image: x, pull_policy: always}}",
     {0},
     "0 image pull x: pull_policy always [Pulling, Pulled]\n"},
    {"services: {a: {image: x}}",
     {.pull = "always"},
     "0 image pull x: pull_policy always [Pulling, Pulled]\n"},
    {"services: {a: {image: x, pull_policy: always}}", {.pull = "missing"}, ""},
    {"services: {a: {image: x, pull_policy: always}}",
     {.pull = "policy"},
     "0 image pull x: pull_policy always [Pulling, Pulled]\n"},
    {"services: {a: {image: x, pull_policy: daily}}",
     {.now = 1704067200 + 86401},
     "0 image pull x: older than its pull_policy allows [Pulling, Pulled]\n"},
    {"services: {a: {image: x, pull_policy: daily}}", {.now = 1704067200 + 86399}, ""},
    {"services: {a: {image: x, pull_policy: every_2h}}",
     {.now = 1704067200 + 7201},
     "0 image pull x: older than its pull_policy allows [Pulling, Pulled]\n"},
    {"services: {a: {image: x, platform: linux/arm64}}",
     {0},
     "0 image pull x: not there [Pulling, Pulled]\n"},
    {"services: {a: {image: x, platform: linux/x86_64}}", {0}, ""},
    {"services: {a: {image: y}, b: {image: y}}",
     {0},
     "0 image pull y: not there [Pulling, Pulled]\n"},
    {"services: {a: {image: x, volumes: [{type: image, source: z, target: /z}]}}",
     {0},
     "0 image pull z: not there [Pulling, Pulled]\n"},
    {"services: {a: {build: .}}", {0}, "0 image build demo-a: not there [Built]\n"},
    {"services: {a: {build: .}}", {.no_build = true}, ""},
    {"services: {a: {build: ., image: y}}",
     {0},
     "0 image pull y: not there [Pulling, Pulled]\n"
     "1 image build y only after failure: not there [Built] after 0\n"},
    {"services: {a: {build: ., image: y}}",
     {.no_build = true},
     "0 image pull y: not there [Pulling, Pulled]\n"},
    {"services: {a: {build: .}}", {.untold_builds = true}, "0 image build demo-a: not there\n"},
    {"services: {a: {build: ., image: y, pull_policy: build}}",
     {0},
     "0 image build y: not there [Built]\n"},
    {"services: {a: {build: ., image: y}}",
     {.build = true},
     "0 image build y: not there [Built]\n"},
    {"services: {a: {build: ., image: x}}",
     {.build = true},
     "0 image build x: asked for [Built]\n"},
    {"services: {a: {build: ., image: x}, b: {build: ., image: x}}",
     {.build = true},
     "0 image build x: asked for [Built]\n"},
    {"services: {a: {build: ., image: x}, b: {build: {context: ., target: t}, image: x}}",
     {.build = true},
     "0 image build x: asked for [Built]\n1 image build x: asked for [Built] after 0\n"},
    {"services: {a: {image: x}, b: {image: y}, c: {build: .}, d: {image: y}}",
     {.only_pull = true},
     "0 image pull x: asked for [Pulling, Pulled]\n"
     "1 image pull y: asked for [Pulling, Pulled]\n"
     "2 nothing: No image to be pulled [Skipped - No image to be pulled]\n"
     "3 nothing: Image is already being pulled by b [Skipped - Image is already being pulled by "
     "b]\n"},
    {"services: {a: {image: x, pull_policy: missing}}",
     {.only_pull = true},
     "0 image pull x: asked for [Pulling, Pulled]\n"},
    {"services: {a: {image: \"x:1\", pull_policy: missing}}",
     {.only_pull = true},
     "0 nothing: Image is already present locally [Skipped - Image is already present locally]\n"},
    {"services: {a: {image: x, pull_policy: never}, b: {image: y, build: ., pull_policy: build}}",
     {.only_pull = true},
     "0 nothing:  [Skipped]\n"
     "1 nothing:  [Skipped]\n"},
    {"services: {a: {image: x, build: .}}",
     {.only_pull = true, .ignore_buildable = true},
     "0 nothing: Image can be built [Skipped - Image can be built]\n"},
    {"services: {a: {image: x}, b: {build: .}}",
     {.only_build = true},
     "0 image build demo-b: asked for [Built]\n"},
};

static struct plan *plan_of(struct stage *s, const struct image_options *o)
{
    struct diags *d = diags_new();
    struct plan *p;

    stage_observe(s);
    p = plan_images(s->arena, s->fixture.project, &s->observed, o, d);
    diags_free(d);
    return p;
}

static void test_decisions(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct stage s;
        AUTO_TEXT text = {0};

        stage_init(&s);
        fake_add_image(s.fake, "x:1", "sha256:x1");
        stage_load(&s, cases[i].yaml);
        plan_print(plan_of(&s, &cases[i].opts), &text);
        if (!str_eq(str_text(&text), cases[i].want))
            fail_msg("%s\ngives\n%s", cases[i].yaml, str_text(&text));
        stage_done(&s);
    }
}

/* A pull that fails is only told when the image can be built; one that succeeds makes the build
 * needless. */
static void test_build_in_place_of_pull(void **state)
{
    struct stage s;
    const struct image_options o = {0};

    (void)state;
    stage_init(&s);
    stage_load(&s, "services: {a: {build: ., image: y}}");
    stage_run(&s, plan_of(&s, &o));
    assert_int_equal(s.err.code, ERR_NONE);
    assert_string_equal(str_text(&s.told),
                        "a Pulling\na Warning: pull access denied for y\na Built\n");
    assert_non_null(exec_error(s.running, plan_at(s.plan, 0)));
    assert_int_equal(exec_status(s.running, plan_at(s.plan, 0)), NODE_DONE);
    assert_string_equal(mapping_get(&fake_image(s.fake, "y")->labels, LABEL_SERVICE), "a");
    stage_done(&s);

    stage_init(&s);
    fake_add_remote(s.fake, "y");
    stage_load(&s, "services: {a: {build: ., image: y}}");
    stage_run(&s, plan_of(&s, &o));
    assert_int_equal(s.err.code, ERR_NONE);
    assert_string_equal(str_text(&s.told), "a Pulling\na Pulled\n");
    stage_done(&s);
}

/* Without a build to fall back on it is still no failure: creating the container says what is. */
static void test_tolerated_without_build(void **state)
{
    struct stage s;
    const struct image_options o = {.no_build = true};

    (void)state;
    stage_init(&s);
    stage_load(&s, "services: {a: {build: ., image: y}}");
    stage_run(&s, plan_of(&s, &o));
    assert_int_equal(s.err.code, ERR_NONE);
    assert_string_equal(str_text(&s.told), "a Pulling\na Warning: pull access denied for y\n");
    stage_done(&s);
}

static void test_failures(void **state)
{
    struct stage s;
    const struct image_options o = {0};

    (void)state;
    stage_init(&s);
    stage_load(&s, "services: {a: {image: y}}");
    stage_run(&s, plan_of(&s, &o));
    assert_string_equal(err_text(&s.err), "pull access denied for y");
    assert_string_equal(str_text(&s.told), "a Pulling\na Error: pull access denied for y\n");
    stage_load(&s, "services: {a: {build: .}}");
    fake_set_build_error(s.fake, "failed to solve");
    stage_run(&s, plan_of(&s, &o));
    assert_string_equal(err_text(&s.err), "failed to solve");
    stage_done(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_decisions),
        cmocka_unit_test(test_build_in_place_of_pull),
        cmocka_unit_test(test_tolerated_without_build),
        cmocka_unit_test(test_failures),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
