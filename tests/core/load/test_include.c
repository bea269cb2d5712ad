/* core/load/include.c: what other files bring in, with their own directory and variables. */
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
    {{{"compose.yaml", "include: [inc/c.yaml]\n"
                       "services: {a: {image: x, depends_on: [i]}}"},
      {"inc/c.yaml",
       "name: other\n"
       "x-a: 1\n"
       "services: {i: {image: \"${V:-none}\", build: ., volumes: [\"./v:/v\"], environment: [V]}}\n"
       "volumes: {dd: }"},
      {"inc/.env", "V=1\n"
                   "HOME=no\n"}},
     "{services: {a: {image: x, depends_on: {i: {condition: service_started, required: "
     "true}}}, i: {image: '1', build: {context: @DIR@/inc}, volumes: [{type: bind, source: "
     "@DIR@/inc/v, target: /v, bind: {create_host_path: true}}], environment: [V=1]}}, "
     "volumes: {dd: null}, name: test}"},
    {{{"compose.yaml",
       "include: [{path: [inc/c.yaml, inc/o.yaml], project_directory: ., env_file: [x.env, "
       "y.env]}]\n"
       "services: {a: {image: \"${V:-unset}\"}}"},
      {"inc/c.yaml", "services: {i: {image: \"$V\", build: ./b}}"},
      {"inc/o.yaml", "services: {i: {command: \"$W\"}}"},
      {"x.env", "V=1\n"
                "W=1\n"},
      {"y.env", "V=2\n"}},
     "{services: {a: {image: unset}, i: {image: '2', build: {context: @DIR@/b}, command: "
     "'1'}}, name: test}"},
    {{{"compose.yaml", "include: [a/c.yaml]"},
      {"a/c.yaml", "include: [b/c.yaml]\n"
                   "services: {a: {image: a, build: ./x}}"},
      {"a/b/c.yaml",
       "services: {b: {image: b, build: ./y, extends: {file: ../z.yaml, service: z}}}"},
      {"a/z.yaml", "services: {z: {volumes: [\"./zv:/zv\"]}}"}},
     "{services: {a: {image: a, build: {context: @DIR@/a/x}}, b: {volumes: [{type: bind, "
     "source: @DIR@/a/zv, target: /zv, bind: {create_host_path: true}}], image: b, build: "
     "{context: @DIR@/a/b/y}}}, name: test}"},
    {{{"compose.yaml", "include: [inc/c.yaml, inc/c.yaml]\n"
                       "services: {i: {image: y}}"},
      {"inc/c.yaml", "services: {i: {image: y}, j: {image: z}}"}},
     "{services: {i: {image: y}, j: {image: z}}, name: test}"},
    {{{"a.yaml", "include: [inc/c.yaml]"},
      {"b.yaml", "services: {i: {image: z, ports: [81]}}"},
      {"inc/c.yaml", "services: {i: {image: y, ports: [80]}}"}},
     "{services: {i: {image: z, ports: [{mode: ingress, target: 80, protocol: tcp}, {mode: "
     "ingress, target: 81, protocol: tcp}]}}, name: test}"},
    {{{"compose.yaml", "include: [inc/c.yaml]\n"
                       "services: {i: {image: x, ports: [81], labels: !override [b]}}"},
      {"inc/c.yaml", "services: {i: {image: y, ports: [80], labels: [a], restart: always}}"}},
     "{services: {i: {image: x, ports: [{mode: ingress, target: 80, protocol: tcp}, {mode: "
     "ingress, target: 81, protocol: tcp}], restart: always, labels: [b]}}, name: test}"},
    {{{"compose.yaml", "include: [inc/c.yaml]\n"
                       "services: {j: {extends: i, labels: [b]}}"},
      {"inc/c.yaml", "services: {i: {image: y, build: .}}"}},
     "{services: {j: {image: y, build: {context: @DIR@/inc}, labels: [b]}, i: {image: y, build: "
     "{context: @DIR@/inc}}}, name: test}"},
    {{{"compose.yaml", "include: [inc/c.yaml]"}, {"inc/c.yaml", "include: [../compose.yaml]"}},
     "inc/c.yaml:1:11: error: include[0]: include cycle detected: compose.yaml includes "
     "inc/c.yaml includes compose.yaml\n"},
    {{{"compose.yaml", "include: [inc/nope.yaml, inc/bad.yaml]"},
      {"inc/bad.yaml", "services: {a: {imag: x}}"}},
     "compose.yaml:1:11: error: include[0]: open @DIR@/inc/nope.yaml: no such file or "
     "directory\n"
     "inc/bad.yaml:1:16: error: services.a: additional properties 'imag' not allowed (the file "
     "is included at compose.yaml:1:26; did you mean 'image'?)\n"},
    {{{"compose.yaml", "include:\n"
                       "  - path: inc/c.yaml\n"
                       "    env_file: nope.env\n"
                       "  - path: inc/c.yaml\n"
                       "    env_file: inc\n"},
      {"inc/c.yaml", "services: {}"}},
     "compose.yaml:3:15: error: include[0]: stat @DIR@/nope.env: no such file or directory\n"
     "compose.yaml:5:15: error: include[1]: @DIR@/inc is not a file\n"},
    {{{"compose.yaml", "include: [{path: inc/c.yaml, env_file: /dev/null}]"},
      {"inc/c.yaml", "services: {a: {image: \"${V:-none}\"}}"},
      {"inc/.env", "V=1\n"}},
     "{services: {a: {image: none}}, name: test}"},
    {{{"compose.yaml", "include: inc/c.yaml"}},
     "compose.yaml:1:10: error: include: must be a list (write '- ' before each file)\n"},
    {{{"compose.yaml", "include: [1, {path: [2]}, {path: {}}, {project_directory: [x]}]"}},
     "compose.yaml:1:11: error: include[0]: must be a path, or a mapping with the key 'path'\n"
     "compose.yaml:1:22: error: include[1]: must be a string\n"
     "compose.yaml:1:34: error: include[2]: must be a string or a list of strings\n"
     "compose.yaml:1:59: error: include[3]: project_directory must be a string\n"},
    {{{"compose.yaml", "include: [{paths: x}, \"https://example.com/x.git\"]"}},
     "compose.yaml:1:11: warning: include: nothing is included (write path: FILE)\n"
     "compose.yaml:1:12: warning: include[0]: unknown attribute 'paths', ignored (did you "
     "mean 'path'?)\n"
     "compose.yaml:1:23: error: include[1]: cannot read 'https://example.com/x.git': files are "
     "not fetched from repositories or registries\n"},
    {{{"compose.yaml", "include: \n"
                       "services: {a: {image: x}}"}},
     "{services: {a: {image: x}}, name: test}"},
    {{{"compose.yaml", "include: [inc/c.yaml]\n"
                       "services: {a: {image: x, configs: [c]}}"},
      {"inc/c.yaml", "configs: {c: {environment: HOME}}"}},
     "{services: {a: {image: x, configs: [{source: c}]}}, configs: {c: {environment: HOME, "
     "x-#value: /home/user}}, name: test}"},
};

static void test_cases(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++)
        files_check(cases[i].files, "environment", cases[i].want);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cases),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
