#include "cmd/progress_line.h"

#include "core/base/mem.h"
#include "core/base/str.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

static const struct plan_node pull = {.op = OP_IMAGE_PULL};
static const struct plan_node create = {.op = OP_CONTAINER_CREATE};

static const struct {
    struct progress event;
    const char *plain, *json;
} cases[] = {
    {{&create, "Network demo_default", NULL, PROGRESS_WORKING, "Creating", NULL, 0, 0},
     " Network demo_default  Creating\n",
     "{\"id\":\"Network demo_default\",\"status\":\"Creating\"}\n"},
    {{&create, "Container a", NULL, PROGRESS_ERROR, "Error", "said why", 0, 0},
     " Container a  Error\n",
     "{\"id\":\"Container a\",\"status\":\"Error\"}\n"},
    {{&pull, "one", NULL, PROGRESS_WORKING, "Pulling", NULL, 0, 0},
     " one Pulling \n",
     "{\"id\":\"one\",\"text\":\"Pulling\"}\n"},
    {{&pull, "one", NULL, PROGRESS_ERROR, "Error", "Get \"http://x\": refused", 0, 0},
     " one Error Get \"http://x\": refused\n",
     "{\"id\":\"one\",\"text\":\"Error\",\"status\":\"Get \\\"http://x\\\": refused\"}\n"},
    {{&pull, "one", NULL, PROGRESS_WARNING, "Interrupted", NULL, 0, 0},
     " one  Interrupted\n",
     "{\"id\":\"one\",\"status\":\"Interrupted\"}\n"},
    {{&pull, "215e18cfa7ac", "one", PROGRESS_WORKING, "Downloading", NULL, 36560, 500300},
     " 215e18cfa7ac Downloading [===>                                               ]  "
     "36.56kB/500.3kB\n",
     "{\"id\":\"215e18cfa7ac\",\"parent_id\":\"one\",\"text\":\"Downloading\",\"status\":\"[==="
     "\\u003e"
     "                                               ]  "
     "36.56kB/500.3kB\",\"current\":36560,\"total\":500300,"
     "\"percent\":7}\n"},
    {{&pull, "aa03e15f9fd3", "one", PROGRESS_WORKING, "Downloading", NULL, 1418, 1418},
     " aa03e15f9fd3 Downloading [==================================================>]  "
     "1.418kB/1.418kB\n",
     "{\"id\":\"aa03e15f9fd3\",\"parent_id\":\"one\",\"text\":\"Downloading\",\"status\":\"["
     "==================================================\\u003e]  "
     "1.418kB/1.418kB\",\"current\":1418,"
     "\"total\":1418,\"percent\":100}\n"},
};

static void test_words(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct progress_line l = {.id = mem_strdup(cases[i].event.id),
                                  .parent = mem_strdup(cases[i].event.parent)};
        AUTO_TEXT plain = {0};
        AUTO_TEXT json = {0};

        progress_line_set(&l, &cases[i].event);
        progress_plain(&l, false, &plain);
        progress_json(&l, false, &json);
        assert_string_equal(str_text(&plain), cases[i].plain);
        assert_string_equal(str_text(&json), cases[i].json);
        progress_line_done(&l);
    }
}

static void test_dry_run(void **state)
{
    struct progress_line l = {.id = mem_strdup("Container a")};
    AUTO_TEXT plain = {0};
    AUTO_TEXT json = {0};

    (void)state;
    progress_line_set(&l,
                      &(struct progress){.node = &create, .id = "Container a", .text = "Creating"});
    progress_plain(&l, true, &plain);
    progress_json(&l, true, &json);
    assert_string_equal(str_text(&plain), " DRY-RUN MODE -  Container a  Creating\n");
    assert_string_equal(str_text(&json),
                        "{\"dry-run\":true,\"id\":\"Container a\",\"status\":\"Creating\"}\n");
    progress_line_done(&l);
}

static void test_tail(void **state)
{
    AUTO_TEXT out = {0};

    (void)state;
    progress_json_tail("a\nb", false, &out);
    progress_json_tail("c", true, &out);
    assert_string_equal(str_text(&out), "{\"tail\":true,\"text\":\"a\\nb\"}\n"
                                        "{\"dry-run\":true,\"tail\":true,\"text\":\"c\"}\n");
}

/* ---- frames ---- */

#define SECOND 1000000000u

static struct progress_line line(const char *id, const char *parent, enum progress_status status,
                                 const char *text, const char *word)
{
    return (struct progress_line){(char *)(uintptr_t)id,
                                  (char *)(uintptr_t)parent,
                                  status,
                                  (char *)(uintptr_t)text,
                                  (char *)(uintptr_t)word,
                                  0,
                                  0,
                                  SECOND,
                                  0};
}

static void test_frame(void **state)
{
    struct progress_line a = line("Network demo_default", NULL, PROGRESS_DONE, "", "Created");
    struct progress_line b = line("Container demo-db-1", NULL, PROGRESS_WORKING, "", "Waiting");
    struct progress_line c =
        line("Container demo-web-1", NULL, PROGRESS_ERROR, "", "Error while Stopping it all");
    struct progress_line *lines[] = {&a, &b, &c};
    struct progress_frame f = {"Running", lines, 3, 50, 24, 1, 11 * (uint64_t)SECOND, false, false};
    AUTO_TEXT out = {0};

    (void)state;
    a.ended_ns = SECOND + SECOND / 10;
    assert_int_equal(progress_frame(&f, &out), 4);
    assert_string_equal(str_text(&out), "[+] Running 2/3\n"
                                        " ✔ Network demo_default  Created             0.1s \n"
                                        " ⠙ Container demo-db-1   Waiting            10.0s \n"
                                        " ✘ Container demo-web-1  Error while Sto... 10.0s \n");
}

/* Where the terminal's width is not known there is no column of times. */
static void test_frame_without_width(void **state)
{
    struct progress_line a = line("Volume v", NULL, PROGRESS_DONE, "", "Removed");
    struct progress_line *lines[] = {&a};
    struct progress_frame f = {"Running", lines, 1, 0, 0, 0, 2 * (uint64_t)SECOND, true, true};
    AUTO_TEXT out = {0};

    (void)state;
    a.ended_ns = 2 * (uint64_t)SECOND;
    assert_int_equal(progress_frame(&f, &out), 2);
    assert_string_equal(
        str_text(&out),
        "\033[34m[+] Running 1/1\033[0m\n"
        " \033[32m✔\033[0m\033[36m DRY-RUN MODE - \033[0m Volume v  \033[32mRemoved\033[0m"
        "\033[34m1.0s \033[0m\n");
}

static void test_layers(void **state)
{
    struct progress_line a = line("one", NULL, PROGRESS_WORKING, "Pulling", "");
    struct progress_line b = line("215e18cfa7ac", "one", PROGRESS_DONE, "Pull complete", "");
    struct progress_line c = line("9a29c964204e", "one", PROGRESS_WORKING, "Downloading", "");
    struct progress_line *lines[] = {&a, &b, &c};
    struct progress_frame f = {"Pulling", lines, 3, 70, 24, 0, 2 * (uint64_t)SECOND, false, false};
    AUTO_TEXT out = {0};

    (void)state;
    b.ended_ns = 2 * (uint64_t)SECOND;
    b.current = b.total = 500000;
    c.current = 2000000;
    c.total = 4000000;
    assert_int_equal(progress_frame(&f, &out), 4);
    assert_string_equal(str_text(&out),
                        "[+] Pulling 1/3\n"
                        " ⠋ one [⣿⣤]   2.5MB / 4.5MB   Pulling                            1.0s \n"
                        "   ✔ 215e18cfa7ac Pull complete 500kB/500kB                      1.0s \n"
                        "   ⠋ 9a29c964204e Downloading   2MB/4MB                          1.0s \n");
}

/* More lines than the terminal has: what does not fit is counted. */
static void test_low_terminal(void **state)
{
    struct progress_line l[6];
    struct progress_line *lines[6];
    struct progress_frame f = {"Running", lines, 6, 30, 5, 0, SECOND, false, false};
    AUTO_TEXT out = {0};

    (void)state;
    for (size_t i = 0; i < 6; i++) {
        l[i] = line("Container a", NULL, PROGRESS_DONE, "", "Started");
        l[i].ended_ns = SECOND;
        lines[i] = &l[i];
    }
    assert_int_equal(progress_frame(&f, &out), 4);
    assert_string_equal(str_text(&out), "[+] Running 6/6\n"
                                        " ✔ Container a  Started  0.0s \n"
                                        " ✔ Container a  Started  0.0s \n"
                                        " ... 4 more\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_words),  cmocka_unit_test(test_dry_run),
        cmocka_unit_test(test_frame),  cmocka_unit_test(test_frame_without_width),
        cmocka_unit_test(test_layers), cmocka_unit_test(test_low_terminal),
        cmocka_unit_test(test_tail),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
