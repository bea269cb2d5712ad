#include "cmd/table.h"

#include "core/base/str.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

struct row {
    const char *name, *status, *ports;
};

static void get_name(const void *row, struct str *out)
{
    str_add(out, ((const struct row *)row)->name);
}

static void get_status(const void *row, struct str *out)
{
    str_add(out, ((const struct row *)row)->status);
}

static void get_ports(const void *row, struct str *out)
{
    str_add(out, ((const struct row *)row)->ports);
}

static const struct column columns[] = {
    {"NAME", get_name}, {"STATUS", get_status}, {"PORTS", get_ports}};

static void test_no_rows(void **state)
{
    AUTO_TEXT out = {0};

    (void)state;
    table_print(columns, 3, NULL, 0, 10, 3, &out);
    assert_string_equal(str_text(&out), "NAME      STATUS    PORTS\n");
}

/* Widths are display columns; the last cell is not padded, an empty one leaves the blanks before
 * it. */
static void test_rows(void **state)
{
    static const struct row a = {"demo-web-1", "Up 2 seconds", "80/tcp"},
                            b = {"中文", "Created", ""};
    const void *rows[] = {&a, &b};
    AUTO_TEXT out = {0};

    (void)state;
    table_print(columns, 3, rows, 2, 10, 3, &out);
    assert_string_equal(str_text(&out), "NAME         STATUS         PORTS\n"
                                        "demo-web-1   Up 2 seconds   80/tcp\n"
                                        "中文         Created        \n");
}

static void test_pretty(void **state)
{
    static const struct row a = {"demo", "running(1)", "x"};
    const void *rows[] = {&a};
    AUTO_TEXT out = {0};

    (void)state;
    table_print(columns, 3, rows, 1, 20, 3, &out);
    assert_string_equal(str_text(&out), "NAME                STATUS              PORTS\n"
                                        "demo                running(1)          x\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_no_rows),
        cmocka_unit_test(test_rows),
        cmocka_unit_test(test_pretty),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
