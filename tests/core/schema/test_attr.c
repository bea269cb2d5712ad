#include "core/schema/attr.h"

#include "core/base/attr.h"
#include "core/base/str.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void test_find(void **state)
{
    (void)state;
    assert_string_equal(attr_find(&service_table, "image")->name, "image");
    assert_string_equal(attr_find(&service_table, "annotations")->name, "annotations");
    assert_string_equal(attr_find(&service_table, "working_dir")->name, "working_dir");
    assert_null(attr_find(&service_table, "imag"));
    assert_null(attr_find(&service_table, ""));
}

static void test_nearest(void **state)
{
    static const struct {
        const char *word, *want;
    } cases[] = {{"imagee", "image"},      {"enviroment", "environment"},
                 {"volume", "volumes"},    {"depend_on", "depends_on"},
                 {"Ports", "ports"},       {"health_check", "healthcheck"},
                 {"something_else", NULL}, {"", NULL}};

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        const char *got = attr_nearest(&service_table, cases[i].word);

        if (cases[i].want)
            assert_string_equal(got, cases[i].want);
        else
            assert_null(got);
    }
}

static void test_print_order(void **state)
{
    const struct attr *rows[128];
    size_t count = attr_print_order(&service_table, rows);

    (void)state;
    assert_true(count > 80 && count <= service_table.count);
    assert_string_equal(rows[0]->name, "profiles");
    assert_string_equal(rows[1]->name, "annotations");
    assert_string_equal(rows[count - 1]->name, "pre_stop");
}

static void test_matches(void **state)
{
    const struct attr *policy = attr_find(&service_table, "pull_policy");
    const struct attr *name = attr_find(&service_table, "container_name");

    (void)state;
    for (int i = 0; i < 2; i++) { /* compiled, then remembered */
        assert_true(attr_matches(policy, "always"));
        assert_true(attr_matches(policy, "every_2h30m"));
        assert_false(attr_matches(policy, "every_1.5h"));
        assert_false(attr_matches(policy, "bogus"));
        assert_true(attr_matches(name, "ab c")); /* two good characters somewhere will do */
        assert_false(attr_matches(name, "a b"));
    }
}

static void test_path(void **state)
{
    const struct attr_path services = {.key = "services"};
    const struct attr_path web = {.up = &services, .key = "web"};
    const struct attr_path ports = {.up = &web, .key = "ports"};
    const struct attr_path second = {.up = &ports, .index = 1};
    const struct attr_path target = {.up = &second, .key = "target"};
    AUTO_TEXT text = {0};

    (void)state;
    attr_path_text(&target, &text);
    assert_string_equal(str_text(&text), "services.web.ports[1].target");
    str_clear(&text);
    attr_path_text(NULL, &text);
    assert_string_equal(str_text(&text), "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_find),        cmocka_unit_test(test_nearest),
        cmocka_unit_test(test_print_order), cmocka_unit_test(test_matches),
        cmocka_unit_test(test_path),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
