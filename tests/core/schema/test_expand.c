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

/* Short forms that later files merge onto the long ones. */
static const struct {
    const char *in, *want;
} cases[] = {
    {"build: ./x", "{build: {context: ./x}}"},
    {"build: {context: x}", "{build: {context: x}}"},
    {"depends_on: [b, c]",
     "{depends_on: {b: {condition: service_started, required: true}, c: {condition: "
     "service_started, required: true}}}"},
    {"depends_on: {b: {}, c: {condition: service_healthy, required: false}}",
     "{depends_on: {b: {condition: service_started, required: true}, c: {condition: "
     "service_healthy, required: false}}}"},
    {"networks: [n, m]", "{networks: {n: null, m: null}}"},
    {"models: [m]", "{models: {m: null}}"},
    {"env_file: x", "{env_file: [{path: x, required: true}]}"},
    {"env_file: [x, {path: y, required: false}, {path: z, format: raw}]",
     "{env_file: [{path: x, required: true}, {path: y, required: false}, {path: z, format: "
     "raw, required: true}]}"},
    {"label_file: x", "{label_file: [x]}"},
    {"secrets: [s, {source: t}]", "{secrets: [{source: s}, {source: t}]}"},
    {"configs: [c]", "{configs: [{source: c}]}"},
    {"gpus: all", "{gpus: [{count: all}]}"},
    {"dns: 1.1.1.1", "{dns: [1.1.1.1]}"},
    {"build: {ssh: [default, a=b=c], provenance: true, sbom: x}",
     "{build: {ssh: {default: null, a: b=c}, provenance: 'true', sbom: x}}"},
    {"build: {ssh: [a]}",
     "c.yaml:1:30: error: services.a.build.ssh[0]: invalid ssh key 'a' (write default, or "
     "id=path)\n"},
    {"build: {additional_contexts: [a=b, c=d=e]}",
     "{build: {additional_contexts: {a: b, c: d=e}}}"},
    {"build: {additional_contexts: [a]}",
     "c.yaml:1:46: error: services.a.build.additional_contexts[0]: invalid value 'a', "
     "expected key=value\n"},
    {"develop: {watch: [{ignore: a, include: [b]}]}",
     "{develop: {watch: [{ignore: [a], include: [b]}]}}"},
    {"environment: [A=1], command: a b, tmpfs: /a, labels: {a: 1}, extra_hosts: [x=y], "
     "expose: [80]",
     "{environment: [A=1], command: a b, tmpfs: /a, labels: {a: 1}, extra_hosts: [x=y], "
     "expose: [80]}"},
    {"depends_on: 1, networks: [1], env_file: 1, secrets: x, build: 1, gpus: 1",
     "{depends_on: 1, networks: [1], env_file: 1, secrets: x, build: 1, gpus: 1}"},
};

static void test_cases(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++)
        tree_check_service(cases[i].in, schema_expand, cases[i].want);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cases),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
