#include "core/base/log.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

static const struct {
    const char *chosen, *component;
    bool want;
} cases[] = {
    {NULL, "http", false},       {"", "http", false},          {"http", "http", true},
    {"plan,http", "http", true}, {"https,htt", "http", false}, {"all", "http", true},
    {"plan, all", "http", true}, {",,http,", "http", true},
};

static void test_chosen(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        log_setup(cases[i].chosen);
        assert_int_equal(log_on(cases[i].component), cases[i].want);
    }
    log_setup(NULL);
    assert_false(log_on("http"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_chosen)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
