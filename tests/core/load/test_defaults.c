/* core/load/defaults.c: values of attributes that were left out. */
#include "core/base/attr.h"
#include "tests/lib/files.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static const struct {
    struct text_file files[FILES_MAX];
    const char *want;
} cases[] = {
    {{{"compose.yaml", "services: {a: {build: {target: t}}}"}},
     "{services: {a: {build: {target: t, context: .}}}, name: test}"},
    {{{"compose.yaml",
       "services: {a: {image: x, ports: [{target: 80}, {target: 81, protocol: udp, mode: "
       "host}]}}"}},
     "{services: {a: {image: x, ports: [{target: 80, protocol: tcp, mode: ingress}, {target: "
     "81, protocol: udp, mode: host}]}}, name: test}"},
    {{{"compose.yaml",
       "services: {a: {image: x, secrets: [s, {source: t, target: q}], configs: [c]}}"}},
     "{services: {a: {image: x, secrets: [{source: s, target: /run/secrets/s}, {source: t, "
     "target: q}], configs: [{source: c}]}}, name: test}"},
    {{{"compose.yaml",
       "services: {a: {image: x, gpus: [{driver: d}, {device_ids: [\"0\"]}, {count: 2}]}}"}},
     "{services: {a: {image: x, gpus: [{driver: d, count: all}, {device_ids: ['0']}, {count: "
     "2}]}}, name: test}"},
    {{{"compose.yaml",
       "services: {a: {image: x, deploy: {resources: {reservations: {devices: [{capabilities: "
       "[gpu]}]}}}}}"}},
     "{services: {a: {image: x, deploy: {resources: {reservations: {devices: [{capabilities: "
     "[gpu], count: all}]}}}}}, name: test}"},
};

static void test_cases(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++)
        files_check(cases[i].files, "defaults", cases[i].want);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cases),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
