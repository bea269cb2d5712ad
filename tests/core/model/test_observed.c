#include "core/model/observed.h"

#include "core/base/attr.h" /* ARRAY_LEN */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

static void test_containers_same(void **state)
{
    static struct container web = {.id = "1", .name = "p-web-1", .state = STATE_RUNNING};
    static struct container anew = {.id = "2", .name = "p-web-1", .state = STATE_RUNNING};
    static struct container renamed = {.id = "1", .name = "1_p-web-1", .state = STATE_RUNNING};
    static struct container exited = {.id = "1", .name = "p-web-1", .state = STATE_EXITED};
    static struct container db = {.id = "3", .name = "p-db-1", .state = STATE_RUNNING};
    static const struct {
        struct container *items[2];
        size_t len;
        bool same;
    } cases[] = {
        {{&db, &web}, 2, true},     {{&db, &anew}, 2, false}, {{&db, &renamed}, 2, false},
        {{&db, &exited}, 2, false}, {{&db}, 1, false},        {{NULL}, 0, false},
    };
    struct container *was[] = {&db, &web};
    const struct containers before = {was, 2}, none = {NULL, 0};

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct container *is[] = {cases[i].items[0], cases[i].items[1]};
        const struct containers now = {is, cases[i].len};

        assert_int_equal(containers_same(&before, &now), cases[i].same);
        assert_int_equal(containers_same(&now, &before), cases[i].same);
    }
    assert_true(containers_same(&none, &none));
}

static void test_container_is_meant(void **state)
{
    const struct container first = {.number = 1, .created = 10}, second = {.number = 2},
                           old = {.oneoff = true, .number = 1, .created = 20},
                           new = {.oneoff = true, .number = 1, .created = 30};
    const struct container *const order[] = {&first, &second, &new, &old};

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(order); i++)
        for (size_t k = 0; k < ARRAY_LEN(order); k++)
            assert_int_equal(container_is_meant(order[i], order[k]), i < k);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_containers_same),
                                       cmocka_unit_test(test_container_is_meant)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
