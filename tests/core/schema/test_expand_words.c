#include "core/schema/passes.h"

#include "core/base/attr.h"
#include "core/yaml/node.h"
#include "tests/lib/tree.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/* A command as one text, and its words or what is wrong. */
static const struct {
    const char *in, *want;
} cases[] = {
    {"command: echo hello world", "{command: [echo, hello, world]}"},
    {"command: \"a 'b c' \\\"d e\\\" f\\\\ g\"", "{command: [a, b c, d e, f g]}"},
    {"command: 'a\"b\"c''d'",
     "c.yaml:1:25: error: services.a.command: invalid command line string 'a\"b\"c'd' (a quote "
     "is not closed)\n"},
    {"command: ''", "{command: []}"},
    {"command: '  '", "{command: []}"},
    {"command: 'a \"\" b'", "{command: [a, '', b]}"},
    {"command: 'a $(b c) `d e`'", "{command: [a, $(b c), `d e`]}"},
    {"command: 'a # * {x} $$y = b'", "{command: [a, #, *, '{x}', $$y, =, b]}"},
    {"command: ['a b', c]", "{command: [a b, c]}"},
    {"entrypoint: sh -c", "{entrypoint: [sh, -c]}"},
    {"command: 'echo a && b'",
     "c.yaml:1:25: warning: services.a.command: everything from '&& b' on is dropped (no "
     "shell runs a command; quote the '&', or write [sh, -c, '...'])\n"},
    {"command: 'a 2>f'",
     "c.yaml:1:25: warning: services.a.command: everything from '>f' on is dropped (no shell "
     "runs a command; quote the '>', or write [sh, -c, '...'])\n"},
    {"command: 'a b>f'",
     "c.yaml:1:25: warning: services.a.command: everything from '>f' on is dropped (no shell "
     "runs a command; quote the '>', or write [sh, -c, '...'])\n"},
    {"command: '\"a;b\" c'", "{command: [a;b, c]}"},
    {"command: 'a \"b'",
     "c.yaml:1:25: error: services.a.command: invalid command line string 'a \"b' (a quote is "
     "not closed)\n"},
    {"command: 'a (b)'",
     "c.yaml:1:25: error: services.a.command: invalid command line string 'a (b)' (a '(' must "
     "be quoted)\n"},
    {"command: 'a )'",
     "c.yaml:1:25: error: services.a.command: invalid command line string 'a )' (parentheses "
     "do not match)\n"},
    {"command: 'a `b'",
     "c.yaml:1:25: error: services.a.command: invalid command line string 'a `b' (a backtick "
     "is not closed)\n"},
    {"command: 'a\\'",
     "c.yaml:1:25: error: services.a.command: invalid command line string 'a\\' (the backslash "
     "at the end has nothing to escape)\n"},
    {"post_start: [{command: a b}]", "{post_start: [{command: [a, b]}]}"},
};

static void test_cases(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++)
        tree_check_service(cases[i].in, schema_expand_values, cases[i].want);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cases),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
