#include "core/base/err.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

static void test_set_and_wrap(void **state)
{
    AUTO_ERR err = {0};

    (void)state;
    assert_string_equal(err_text(&err), "no error");
    assert_string_equal(err_text(NULL), "no error");
    assert_int_equal(err_set(NULL, ERR_IO, loc_none(), "x"), -1);
    assert_int_equal(err_wrap(NULL, "x"), -1);
    assert_int_equal(err_set(&err, ERR_IO, loc_file("f"), "cannot read '%s'", "f"), -1);
    assert_int_equal(err.code, ERR_IO);
    assert_string_equal(err.loc.file, "f");
    assert_int_equal(err_wrap(&err, "service '%s'", "web"), -1);
    assert_string_equal(err_text(&err), "service 'web': cannot read 'f'");
    assert_int_equal(err.code, ERR_IO);
    err_set(&err, ERR_USAGE, loc_none(), "again: %s", err.msg); /* may use its own text */
    assert_string_equal(err_text(&err), "again: service 'web': cannot read 'f'");
    err_done(&err);
    assert_int_equal(err.code, ERR_NONE);
    err_wrap(&err, "nothing before");
    assert_string_equal(err_text(&err), "nothing before");
    assert_int_equal(err.code, ERR_FAILED);
}

static void test_move_and_copy(void **state)
{
    AUTO_ERR from = {0};
    AUTO_ERR to = {0};

    (void)state;
    err_set(&to, ERR_IO, loc_none(), "old");
    err_set(&from, ERR_CONFLICT, loc_none(), "new");
    from.status = 409;
    err_copy(&to, &from);
    assert_string_equal(to.msg, "new");
    assert_ptr_not_equal(to.msg, from.msg);
    err_move(&to, &from);
    assert_int_equal(to.status, 409);
    assert_null(from.msg);
    assert_int_equal(from.code, ERR_NONE);
    err_move(NULL, &to);
    assert_null(to.msg);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_set_and_wrap),
        cmocka_unit_test(test_move_and_copy),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
