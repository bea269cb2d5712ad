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

/* All forms, and the list of host=address or what is wrong. */
static const struct {
    const char *in, *want;
} cases[] = {
    {"extra_hosts: [\"a:1.1.1.1\", \"b=2.2.2.2,3.3.3.3\"]",
     "{extra_hosts: [a=1.1.1.1, b=2.2.2.2, b=3.3.3.3]}"},
    {"extra_hosts: [\"a=[::1]\", \"b:::1\"]", "{extra_hosts: [a=::1, b=::1]}"},
    {"extra_hosts: {a: 1.1.1.1, b: [\"2.2.2.2\", \"[::2]\"]}",
     "{extra_hosts: [a=1.1.1.1, b=2.2.2.2, b=::2]}"},
    {"extra_hosts: {a: \"1.1.1.1,2.2.2.2\"}", "{extra_hosts: ['a=1.1.1.1,2.2.2.2']}"},
    {"extra_hosts: [h=host-gateway]", "{extra_hosts: [h=host-gateway]}"},
    {"extra_hosts: [\"a=\"]", "{extra_hosts: [a=]}"},
    {"build: {extra_hosts: {a: b}}", "{build: {extra_hosts: [a=b]}}"},
    {"extra_hosts: [a]",
     "c.yaml:1:30: error: services.a.extra_hosts[0]: invalid additional host, missing IP: 'a' "
     "(write host=address)\n"},
    {"extra_hosts: [\"=1.1.1.1\"]",
     "c.yaml:1:30: error: services.a.extra_hosts[0]: bad host name '' (a name without ':' and "
     "'=' belongs here)\n"},
    {"extra_hosts: {\"\": x}",
     "c.yaml:1:34: error: services.a.extra_hosts.: bad host name '' (a name without ':' and "
     "'=' belongs here)\n"},
    {"extra_hosts: {\"a:b\": x}",
     "c.yaml:1:37: error: services.a.extra_hosts.a:b: bad host name 'a:b' (a name without ':' "
     "and '=' belongs here)\n"},
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
