#include "cmd/build_view.h"

#include "cmd/app.h"
#include "core/base/err.h"
#include "core/base/str.h"
#include "core/plan/plan.h"
#include "tests/cmd/capture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#define SECOND INT64_C(1000000000)

static const struct plan_node app_node = {.op = OP_IMAGE_BUILD, .service = "app"};
static const struct plan_node two_node = {.op = OP_IMAGE_BUILD, .service = "two"};

static struct build_event vertex(const char *digest, const char *name, int64_t start, int64_t end)
{
    return (struct build_event){.kind = BUILD_VERTEX,
                                .vertex = digest,
                                .name = name,
                                .started = start != 0,
                                .completed = end != 0,
                                .start_ns = start,
                                .end_ns = end};
}

static struct build_event log_line(const char *digest, const char *text, int64_t at)
{
    return (struct build_event){
        .kind = BUILD_LOG, .vertex = digest, .text = text, .len = strlen(text), .start_ns = at};
}

static void play(struct build_view *v, const struct plan_node *n, const struct build_event *e,
                 size_t len)
{
    for (size_t i = 0; i < len; i++)
        build_view_event(v, n, &e[i]);
}

/* Runs `f` on a view and gives what it printed. */
static void printed(void (*f)(struct build_view *v), const struct err *err, struct str *out)
{
    struct app app = {.progress = PROGRESS_MODE_PLAIN};
    struct build_view *v = build_view_new(&app);
    struct capture c;

    capture_start(&c, STDOUT_FILENO);
    f(v);
    build_view_end(v, err);
    capture_end(&c, out);
    build_view_free(v);
}

static void one_build(struct build_view *v)
{
    struct build_event cached = vertex("c", "[1/2] FROM alpine", SECOND, SECOND);
    const struct build_event status = {.kind = BUILD_STATUS,
                                       .vertex = "a",
                                       .name = "transferring dockerfile:",
                                       .completed = true,
                                       .current = 106,
                                       .start_ns = SECOND,
                                       .end_ns = SECOND};
    const struct build_event events[] = {
        vertex("a", "[internal] load build definition from Dockerfile", SECOND, 0),
        status,
        vertex("a", "", SECOND, SECOND + SECOND / 10),
        (cached.cached = true, cached),
        vertex("b", "[2/2] RUN echo hi", 2 * SECOND, 0),
        log_line("b", "hi\nthe", 2 * SECOND + SECOND / 4),
        log_line("b", "re\n", 2 * SECOND + SECOND / 2),
        vertex("b", "", 2 * SECOND, 4 * SECOND),
        vertex("d", "exporting to image", 4 * SECOND, 4 * SECOND),
    };

    play(v, &app_node, events, ARRAY_LEN(events));
}

static void test_one(void **state)
{
    AUTO_TEXT got = {0};

    (void)state;
    printed(one_build, NULL, &got);
    assert_string_equal(str_text(&got), "#1 [app internal] load build definition from Dockerfile\n"
                                        "#1 transferring dockerfile: 106B done\n"
                                        "#1 DONE 0.1s\n"
                                        "\n"
                                        "#2 [app 1/2] FROM alpine\n"
                                        "#2 CACHED\n"
                                        "\n"
                                        "#3 [app 2/2] RUN echo hi\n"
                                        "#3 0.250 hi\n"
                                        "#3 0.250 there\n"
                                        "#3 DONE 2.0s\n"
                                        "\n"
                                        "#4 [app] exporting to image\n"
                                        "#4 DONE 0.0s\n");
}

/* What the second step says waits until the first one is over; one that ends is shown at once. */
static void side_by_side(struct build_view *v)
{
    const struct build_event slow[] = {vertex("s", "[1/1] RUN slow", SECOND, 0),
                                       log_line("s", "s1\n", SECOND)};
    const struct build_event other[] = {vertex("o", "[1/1] RUN other", SECOND, 0),
                                        log_line("o", "o1\n", SECOND)};
    const struct build_event quick[] = {vertex("q", "[1/1] RUN quick", SECOND, 2 * SECOND)};
    const struct build_event same[] = {vertex("q", "[1/1] RUN quick", SECOND, 2 * SECOND)};
    const struct build_event end[] = {log_line("s", "s2\n", SECOND),
                                      vertex("s", "", SECOND, 2 * SECOND)};

    play(v, &app_node, slow, ARRAY_LEN(slow));
    play(v, &two_node, other, ARRAY_LEN(other));
    play(v, &two_node, quick, ARRAY_LEN(quick));
    play(v, &app_node, same, ARRAY_LEN(same));
    play(v, &app_node, end, ARRAY_LEN(end));
}

static void test_side_by_side(void **state)
{
    AUTO_TEXT got = {0};

    (void)state;
    printed(side_by_side, NULL, &got);
    assert_string_equal(str_text(&got), "#1 [app 1/1] RUN slow\n"
                                        "#1 0.000 s1\n"
                                        "#1 ...\n"
                                        "\n"
                                        "#2 [two 1/1] RUN quick\n"
                                        "#2 DONE 1.0s\n"
                                        "\n"
                                        "#3 [two 1/1] RUN other\n"
                                        "#3 0.000 o1\n"
                                        "#3 ...\n"
                                        "\n"
                                        "#1 [app 1/1] RUN slow\n"
                                        "#1 0.000 s2\n"
                                        "#1 DONE 1.0s\n");
}

static void failing(struct build_view *v)
{
    struct build_event end = vertex("b", "", SECOND, 2 * SECOND);
    const struct build_event events[] = {
        vertex("b", "[2/2] RUN false", SECOND, 0),
        log_line("b", "oh\n", SECOND + SECOND / 2),
        (end.error = "exit code: 3", end),
        {.kind = BUILD_WARNING, .text = "careful", .len = 7},
        {.kind = BUILD_TEXT, .text = "Step 1/2 : FROM x\n", .len = 18},
    };

    play(v, &app_node, events, ARRAY_LEN(events));
}

static void test_failing(void **state)
{
    struct err err = {.code = ERR_FAILED};
    AUTO_TEXT got = {0};

    (void)state;
    printed(failing, &err, &got);
    assert_string_equal(str_text(&got), "#1 [app 2/2] RUN false\n"
                                        "#1 0.500 oh\n"
                                        "#1 ERROR: exit code: 3\n"
                                        "Step 1/2 : FROM x\n"
                                        "\n 1 warning found:\n"
                                        " - careful\n"
                                        "------\n"
                                        " > [app 2/2] RUN false:\n"
                                        "0.500 oh\n"
                                        "------\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_one),
        cmocka_unit_test(test_side_by_side),
        cmocka_unit_test(test_failing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
