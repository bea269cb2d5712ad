#include "core/base/library.h"

#include "core/base/err.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

static struct {
    double (*fabs)(double x);
    double (*floor)(double x);
} math;

static void test_load(void **state)
{
    static const char *const names[] = {"fabs", "floor"};
    AUTO_ERR err = {0};

    (void)state;
    assert_int_equal(library_load("libm.so.6", names, 2, &math, &err), 0);
    assert_true(math.fabs(-2.5) == 2.5 && math.floor(2.5) == 2);
    assert_int_equal(library_load("libm.so.6", names, 2, &math, &err), 0); /* again */
}

static void test_missing(void **state)
{
    static const char *const names[] = {"fabs", "no_such_function"};
    AUTO_ERR err = {0};

    (void)state;
    assert_int_equal(library_load("libm.so.6", names, 2, &math, &err), -1);
    assert_string_equal(err_text(&err), "'libm.so.6' is too old: it has no no_such_function");
    assert_int_equal(library_load("no-such-library.so", names, 2, &math, &err), -1);
    assert_non_null(strstr(err_text(&err), "no-such-library.so"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_load),
        cmocka_unit_test(test_missing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
