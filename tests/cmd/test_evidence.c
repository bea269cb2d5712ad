/* What is shown of a container that failed others. */
#include "cmd/evidence.h"

#include "core/base/str.h"
#include "core/exec/exec.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static const struct plan_node node = {.subject = "Container demo-db-1"};

static const struct {
    struct container container;
    const char *log;
    uint64_t waited_ms;
    const char *want;
} cases[] = {
    {{.state = STATE_EXITED, .exit_code = 3},
     "first\nsecond\r\n\n",
     1234,
     "Container demo-db-1, waited for 1.2s: it exited with code 3\n"
     "    its log ends with:\n"
     "      | first\n"
     "      | second\n"},
    {{.state = STATE_RUNNING, .health = HEALTH_UNHEALTHY, .health_output = "refused\n"},
     "",
     61000,
     "Container demo-db-1, waited for 1m1s: it is running and unhealthy\n"
     "    its last health check said:\n"
     "      | refused\n"},
    {{.state = STATE_RUNNING, .health = HEALTH_STARTING},
     "",
     0,
     "Container demo-db-1, waited for 0s: it is running, its health check has not succeeded yet\n"},
    {{.state = STATE_DEAD, .exit_code = 137, .oom_killed = true, .error = "no space"},
     "\033[31mred\033[0m",
     50,
     "Container demo-db-1, waited for 0s: it exited with code 137, out of memory (no space)\n"
     "    its log ends with:\n"
     "      |  [31mred [0m\n"},
};

static void test_format(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        const struct evidence e = {.node = &node,
                                   .container = &cases[i].container,
                                   .waited_ms = cases[i].waited_ms,
                                   .log = cases[i].log};
        AUTO_TEXT out = {0};

        evidence_format(&e, &out);
        assert_string_equal(str_text(&out), cases[i].want);
    }
}

static void test_nothing_known(void **state)
{
    const struct evidence e = {.node = &node, .log = "x"};
    AUTO_TEXT out = {0};

    (void)state;
    evidence_format(&e, &out);
    assert_int_equal(out.len, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_format),
        cmocka_unit_test(test_nothing_known),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
