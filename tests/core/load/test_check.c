/* core/load/check.c: attributes that must not, or must, stand together. */
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
    {{{"compose.yaml",
       "volumes: {v: {external: true, name: n, x-a: 1}, w: {external: true, driver: d, labels: "
       "[a]}}"}},
     "compose.yaml:1:69: error: volumes.w: conflicting parameters \"external\" and \"driver\" "
     "specified\n"
     "compose.yaml:1:80: error: volumes.w: conflicting parameters \"external\" and \"labels\" "
     "specified\n"},
    {{{"compose.yaml",
       "secrets: {s: {file: a}, t: {file: a, environment: b}, u: {}, v: {external: true}, w: "
       "{driver: d}}"}},
     "compose.yaml:1:38: error: secrets.t: file|environment attributes are mutually exclusive\n"
     "compose.yaml:1:58: error: secrets.u: one of file|environment must be set\n"},
    {{{"compose.yaml",
       "configs: {c: {content: a}, d: {file: a, content: b}, e: {}, f: {external: false}, g: "
       "{name: x}}"}},
     "compose.yaml:1:41: error: configs.d: file|environment|content attributes are mutually "
     "exclusive\n"
     "compose.yaml:1:57: error: configs.e: one of file|environment|content must be set\n"
     "compose.yaml:1:86: error: configs.g: one of file|environment|content must be set\n"},
    {{{"compose.yaml",
       "services: {a: {image: x, ports: [{target: 80, host_ip: bad}, {target: 81, host_ip: \"\"}, "
       "{target: 82, host_ip: \"::1\"}]}}"}},
     "compose.yaml:1:56: error: services.a.ports[0]: invalid ip address: 'bad'\n"
     "compose.yaml:1:84: error: services.a.ports[1]: invalid ip address: ''\n"},
    {{{"compose.yaml",
       "services: {a: {image: x, volumes: [{type: bind, target: /t}, {type: volume, target: "
       "/u}]}}"}},
     "compose.yaml:1:36: error: services.a.volumes[0]: a mount of type 'bind' needs a source\n"},
    {{{"compose.yaml",
       "services: {a: {image: x, develop: {watch: [{path: \"\", action: rebuild}]}}}"}},
     "compose.yaml:1:51: error: services.a.develop.watch[0]: path: value can't be blank\n"},
    {{{"compose.yaml",
       "services: {a: {image: x, gpus: [{count: 1, device_ids: [a]}], deploy: {resources: "
       "{reservations: {devices: [{capabilities: [], count: 1, device_ids: [a]}]}}}}}"}},
     "compose.yaml:1:44: error: services.a.gpus[0]: \"count\" and \"device_ids\" attributes are "
     "exclusive\n"
     "compose.yaml:1:138: error: services.a.deploy.resources.reservations.devices[0]: \"count\" "
     "and \"device_ids\" attributes are exclusive\n"},
};

static void test_cases(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++)
        files_check(cases[i].files, "check", cases[i].want);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cases),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
