/* core/load/tags.c: what !reset and !override of a later file or an extending service take away. */
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
    {{{"a.yaml", "services: {a: {image: x, ports: [80], user: u}}"},
      {"b.yaml", "services: {a: {ports: !reset [], user: !reset null}}"}},
     "{services: {a: {image: x}}, name: test}"},
    {{{"a.yaml", "services: {a: {image: x, ports: [80], environment: {A: 1}}}"},
      {"b.yaml", "services: {a: {ports: !override [81], environment: !override {B: 2}}}"}},
     "{services: {a: {image: x, ports: [{mode: ingress, target: 81, protocol: tcp}], "
     "environment: {B: 2}}}, name: test}"},
    {{{"a.yaml", "services: {a: {image: x, environment: {A: 1, B: 2}, labels: [l=1]}}"},
      {"b.yaml", "services: {a: {environment: {A: !reset null}, labels: {l: !reset null}}}"}},
     "{services: {a: {image: x, environment: [B=2], labels: [l=1]}}, name: test}"},
    {{{"a.yaml", "services: {a: {image: x, depends_on: [b, c]}, b: {image: y}, c: {image: z}}"},
      {"b.yaml", "services: {a: {depends_on: {b: !reset null}}, c: !reset null}"}},
     "{services: {a: {image: x, depends_on: {c: {condition: service_started, required: "
     "true}}}, b: {image: y}}, name: test}"},
    {{{"a.yaml", "services: {a: {image: x}, b: {image: y, user: u}}\n"
                 "networks: {n: {driver: d}}"},
      {"b.yaml", "services: {b: !override {image: z}}\n"
                 "networks: !reset {}"}},
     "{services: {a: {image: x}, b: {image: z}}, name: test}"},
    {{{"a.yaml", "services: {a: {image: x, labels: {l: 1, m: 2}}}"},
      {"b.yaml", "services: {a: {labels: {\"*\": !reset null}}}"}},
     "{services: {a: {image: x, labels: []}}, name: test}"},
    {{{"a.yaml", "services: {a: {image: x}, b: {image: y}}"},
      {"b.yaml", "services: {\"*\": !reset null, c: {image: z}}"}},
     "{services: {c: {image: z}}, name: test}"},
    {{{"a.yaml", "services: {a: {image: x, ports: [80, 81]}}"},
      {"b.yaml", "services: {a: {ports: [!reset 80, 82]}}"}},
     "{services: {a: {image: x, ports: [{mode: ingress, target: 80, protocol: tcp}, {mode: "
     "ingress, target: 81, protocol: tcp}, {mode: ingress, target: 82, protocol: tcp}]}}, "
     "name: test}"},
    {{{"a.yaml", "services: {a: {image: x, ports: [80], user: u}}"},
      {"b.yaml", "x-r: &r !reset null\n"
                 "services: {a: {ports: *r, user: *r}}"}},
     "{services: {a: {image: x}}, name: test}"},
    {{{"compose.yaml", "services: {a: {image: x, user: !reset u, ports: !override [80]}}"}},
     "{services: {a: {image: x, ports: [{mode: ingress, target: 80, protocol: tcp}]}}, name: "
     "test}"},
    {{{"compose.yaml",
       "services: \n"
       "  base: {image: x, environment: {A: 1, B: 2}, ports: [80]}\n"
       "  a: {extends: base, environment: {A: !reset null, C: 3}, ports: !override [81]}"}},
     "{services: {base: {image: x, environment: {A: 1, B: 2}, ports: [{mode: ingress, target: "
     "80, protocol: tcp}]}, a: {image: x, environment: [B=2, C=3], ports: [{mode: ingress, "
     "target: 81, protocol: tcp}]}}, name: test}"},
    {{{"a.yaml", "services: {a: {image: x, user: u}}\n"
                 "---\n"
                 "services: {a: {user: !reset null}}"},
      {"b.yaml", "services: {a: {user: v}}"}},
     "{services: {a: {image: x, user: v}}, name: test}"},
};

static void test_cases(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++)
        files_check(cases[i].files, "merge", cases[i].want);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cases),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
