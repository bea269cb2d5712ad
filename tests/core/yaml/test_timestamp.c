#include "core/yaml/resolve.h"

#include "core/base/attr.h"
#include "core/base/str.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/* What go-yaml reads as a time, and how it prints it. NULL: not a time. */
static const struct {
    const char *in, *want;
} cases[] = {
    {"2001-12-14", "2001-12-14T00:00:00Z"},
    {"2001-1-2", "2001-01-02T00:00:00Z"},
    {"0000-01-01", "0000-01-01T00:00:00Z"},
    {"2000-02-29", "2000-02-29T00:00:00Z"},
    {"1900-02-29", NULL},
    {"2001-04-31", NULL},
    {"2001-00-01", NULL},
    {"2001-01-00", NULL},
    {"2001-01-001", NULL},
    {"201-01-01", NULL},
    {"20011-01-01", NULL},
    {"2001-01", NULL},
    {"2001-01-01 ", NULL},
    {"2001-12-14T21:59:43Z", "2001-12-14T21:59:43Z"},
    {"2001-12-14t21:59:43.10Z", "2001-12-14T21:59:43.1Z"},
    {"2001-12-14T21:59:43,10Z", "2001-12-14T21:59:43.1Z"},
    {"2001-12-14T21:59:43.1-05:00", "2001-12-14T21:59:43.1-05:00"},
    {"2001-12-14T21:59:43+00:30", "2001-12-14T21:59:43+00:30"},
    {"2001-12-14T21:59:43-00:30", "2001-12-14T21:59:43-00:30"},
    {"2001-12-14T21:59:43+00:00", "2001-12-14T21:59:43Z"},
    {"2001-12-14T21:59:43.1234567891234Z", "2001-12-14T21:59:43.123456789Z"},
    {"2001-12-14T1:2:3Z", "2001-12-14T01:02:03Z"},
    {"2001-12-14 1:2:3", "2001-12-14T01:02:03Z"},
    {"2001-12-14 21:59:43.", NULL},
    {"2001-12-14 21:59:43 Z", NULL},
    {"2001-12-14 21:59:43Z", NULL},
    {"2001-12-14T21:59:43", NULL},
    {"2001-12-14T21:59Z", NULL},
    {"2001-12-14T24:00:00Z", NULL},
    {"2001-12-14T23:60:00Z", NULL},
    {"2001-12-14T23:59:60Z", NULL},
    {"2001-12-14T21:59:43+0500", NULL},
    {"2001-12-14T21:59:43+25:00", NULL},
    {"", NULL},
    {"2001", NULL},
    {"2001-", NULL},
};

static void test_cases(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct timestamp t;
        AUTO_TEXT out = {0};
        bool good = timestamp_parse(cases[i].in, strlen(cases[i].in), &t);

        if (good)
            timestamp_format(&t, &out);
        if (good != (cases[i].want != NULL) || (good && strcmp(out.data, cases[i].want) != 0))
            fail_msg("'%s' gives '%s'", cases[i].in, str_text(&out));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_cases)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
