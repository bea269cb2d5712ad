#include "cmd/moment.h"

#include "core/base/arena.h"
#include "core/base/err.h"
#include "core/base/str.h"
#include "core/model/observed.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>
#include <cmocka.h>

static const struct {
    const char *text, *want; /* want NULL: an error */
} cases[] = {
    {"1136073845", "1136073845"},
    {"1136073845.000000001", "1136073845.000000001"},
    {"2006-01-02T15:04:05Z", "1136214245.000000000"},
    {"2006-01-02T15:04:05.5+01:00", "1136210645.500000000"},
    {"2006-01-02T15:04:05", "1136214245"},
    {"2006-01-02T15:04:05.25", "1136214245.25"},
    {"2006-01-02T15:04", "1136214240"},
    {"2006-01-02", "1136160000"},
    {"nonsense", NULL},
    {"2006-01-02x", NULL},
    {"12x", NULL},
};

static void test_cases(void **state)
{
    struct arena *a = arena_new();

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        const char *got = "unset";
        AUTO_ERR err = {0};

        assert_int_equal(moment_parse(a, "since", cases[i].text, &got, &err),
                         cases[i].want ? 0 : -1);
        if (cases[i].want) {
            assert_string_equal(got, cases[i].want);
        } else {
            AUTO_TEXT want = {0};

            str_addf(
                &want,
                "invalid value for \"since\": failed to parse value as time or duration: \"%s\"",
                cases[i].text);
            assert_string_equal(err_text(&err), str_text(&want));
        }
    }
    arena_free(a);
}

static void test_last_end(void **state)
{
    struct arena *a = arena_new();
    struct container never = {.finished_at = "0001-01-01T00:00:00Z"};
    struct container ended = {.finished_at = "2006-01-02T15:04:05.5Z"};

    (void)state;
    assert_null(moment_last_end(a, 0, &never));
    assert_null(moment_last_end(a, 0, NULL));
    assert_string_equal(moment_last_end(a, 0, &ended), "1136214245.500000000");
    assert_string_equal(moment_last_end(a, 1136214246000000001, &ended), "1136214246.000000001");
    arena_free(a);
}

static void test_ago(void **state)
{
    struct arena *a = arena_new();
    const char *got;
    double seconds;

    (void)state;
    assert_int_equal(moment_parse(a, "since", "1h30m", &got, NULL), 0);
    assert_int_equal(str_to_double(got, &seconds), 0);
    assert_true((double)time(NULL) - 5400 - seconds < 5 && seconds <= (double)time(NULL) - 5399);
    assert_int_equal(moment_parse(a, "since", NULL, &got, NULL), 0);
    assert_null(got);
    arena_free(a);
}

static int set_zone(void **state)
{
    (void)state;
    setenv("TZ", "UTC", 1);
    tzset();
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cases),
        cmocka_unit_test(test_last_end),
        cmocka_unit_test(test_ago),
    };

    return cmocka_run_group_tests(tests, set_zone, NULL);
}
