#include "core/exec/tail.h"

#include "core/base/attr.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static const struct {
    const char *out, *err, *want;
} cases[] = {
    {"", "", ""},
    {"one\ntwo\n", "", "one\ntwo"},
    {"progress\n", "reason\n", "reason"},
    {"said\n", "  \n\r\n", "said"},
    {"\n\na\n\n\nb", "", "a\nb"},
    {"10%\r20%\rdone\r\nend\n", "", "done\nend"},
    {"1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n11\n12\n", "", "3\n4\n5\n6\n7\n8\n9\n10\n11\n12"},
};

static void test_cases(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct tail t = {0};
        AUTO_TEXT text = {0};

        tail_add(&t, STREAM_STDOUT, cases[i].out, strlen(cases[i].out));
        for (const char *c = cases[i].err; *c; c++) /* pieces of any size */
            tail_add(&t, STREAM_STDERR, c, 1);
        tail_text(&t, &text);
        assert_string_equal(str_text(&text), cases[i].want);
        tail_done(&t);
    }
}

/* However much there was. */
static void test_much(void **state)
{
    struct tail t = {0};
    AUTO_TEXT text = {0};

    (void)state;
    for (int i = 0; i < 100000; i++)
        tail_add(&t, STREAM_STDOUT, "0123456789", 10);
    tail_add(&t, STREAM_STDOUT, "\nlast\n", 6);
    assert_true(t.out.len <= 2 * TAIL_BYTES);
    tail_text(&t, &text);
    assert_true(text.len <= TAIL_BYTES);
    assert_string_equal(str_text(&text) + text.len - 5, "\nlast");
    tail_done(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cases),
        cmocka_unit_test(test_much),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
