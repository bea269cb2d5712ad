/* core/load/extends.c: services that build on others, of this file or another one. */
#include "core/base/attr.h"
#include "tests/lib/files.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define INHERITED                                                                                  \
    "it is inherited from the service 'b' of x.yml by 'extends' at compose.yaml:1:48; "

static const struct {
    struct text_file files[FILES_MAX];
    const char *want;
} cases[] = {
    {{{"compose.yaml", "services: \n"
                       "  base: {image: x, ports: [80], environment: {A: 1}, profiles: [p]}\n"
                       "  a: {extends: base, environment: [B=2], profiles: [q]}\n"
                       "  b: {extends: {service: a}, command: c}"}},
     "{services: {base: {image: x, ports: [{mode: ingress, target: 80, protocol: tcp}], "
     "environment: {A: 1}, profiles: [p]}, a: {image: x, ports: [{mode: ingress, target: 80, "
     "protocol: tcp}], environment: [A=1, B=2], profiles: [p, q]}, b: {image: x, ports: "
     "[{mode: ingress, target: 80, protocol: tcp}], environment: [A=1, B=2], profiles: [p, "
     "q], command: c}}, name: test}"},
    {{{"compose.yaml",
       "services: {a: {extends: {file: sub/b.yaml, service: q}, volumes: [./m:/m]}}"},
      {"sub/b.yaml",
       "services: {q: {image: x, build: ., volumes: [\"./x:/x\"], env_file: e}, unused: {bogus: "
       "1}}"}},
     "{services: {a: {image: x, build: {context: @DIR@/sub}, volumes: [{type: bind, source: "
     "@DIR@/sub/x, target: /x, bind: {create_host_path: true}}, {type: bind, source: @DIR@/m, "
     "target: /m, bind: {create_host_path: true}}], env_file: [{path: @DIR@/sub/e, required: "
     "true}]}}, name: test}"},
    {{{"compose.yaml", "services: {a: {extends: {file: sub/b.yaml, service: q}}}"},
      {"sub/b.yaml", "services: {q: {extends: {file: ../o/c.yaml, service: r}, user: u}}"},
      {"o/c.yaml",
       "services: {r: {image: x, build: {context: ./c, additional_contexts: {a: ./d, b: "
       "\"docker-image://x\"}}, volumes: [{type: bind, source: ./s, target: /t}]}}"}},
     "{services: {a: {image: x, build: {context: @DIR@/o/c, additional_contexts: {a: "
     "@DIR@/o/d, b: docker-image://x}}, volumes: [{type: bind, source: @DIR@/o/s, target: "
     "/t}], user: u}}, name: test}"},
    {{{"compose.yaml",
       "services: {a: {extends: {file: compose.yaml, service: b}}, b: {image: x, build: ./c}}"}},
     "{services: {a: {image: x, build: {context: @DIR@/c}}, b: {image: x, build: {context: "
     "@DIR@/c}}}, name: test}"},
    {{{"compose.yaml",
       "services: {a: {extends: b, image: x}, b: {image: \"$HOME\", ports: [\"80-81:80-81\"]}}\n"
       "---\n"
       "services: {a: {user: u}}"}},
     "{services: {a: {image: x, ports: [{mode: ingress, target: 80, published: '80', "
     "protocol: tcp}, {mode: ingress, target: 81, published: '81', protocol: tcp}], user: u}, "
     "b: {image: /home/user, ports: [{mode: ingress, target: 80, published: '80', protocol: "
     "tcp}, {mode: ingress, target: 81, published: '81', protocol: tcp}]}}, name: test}"},
    {{{"compose.yaml", "services: {web: {extends: dbb, image: x}, db: {image: y}}"}},
     "compose.yaml:1:27: error: services.web.extends: cannot extend service 'web': service "
     "'dbb' not found in compose.yaml (did you mean 'db'?)\n"},
    {{{"compose.yaml",
       "services: {a: {extends: {file: sub/b.yaml, service: nope}}, c: {extends: {file: "
       "sub/b.yaml, service: qq}}}"},
      {"sub/b.yaml", "services: {q: {image: x}}"}},
     "compose.yaml:1:53: error: services.a.extends: cannot extend service 'a': service 'nope' "
     "not found in sub/b.yaml\n"
     "compose.yaml:1:102: error: services.c.extends: cannot extend service 'c': service 'qq' "
     "not found in sub/b.yaml\n"},
    {{{"compose.yaml", "services: {a: {extends: {file: sub/b.yaml, service: q}}}"},
      {"sub/b.yaml", "volumes: {}"}},
     "compose.yaml:1:53: error: services.a.extends: cannot extend service 'a': no services "
     "section in sub/b.yaml\n"},
    {{{"compose.yaml", "services: {a: {extends: {service: b, file: git@example.com:a/b.git}}}"}},
     "compose.yaml:1:44: error: services.a.extends: cannot read 'git@example.com:a/b.git': files "
     "are not fetched from repositories or registries\n"},
    {{{"compose.yaml", "services: {a: {extends: {service: b, file: 1}}}"}},
     "compose.yaml:1:44: error: services.a.extends: file must be a string\n"},
    {{{"compose.yaml", "services: {a: {extends: {file: nope.yaml, service: q}}}"}},
     "compose.yaml:1:32: error: services.a.extends: open @DIR@/nope.yaml: no such file or "
     "directory\n"},
    {{{"compose.yaml", "services: {a: {extends: {file: b.yml}}, c: {extends: , image: x}}"},
      {"b.yml", "services: {}"}},
     "compose.yaml:1:25: error: services.a.extends: service is required\n"
     "compose.yaml:1:54: error: services.c.extends: cannot extend service 'c': service '' not "
     "found in compose.yaml\n"},
    {{{"compose.yaml",
       "services: {a: {extends: b}, b: {extends: c}, c: {extends: a}, d: {extends: a}}"}},
     "compose.yaml:1:59: error: services.c.extends: Circular reference: 'a' in compose.yaml "
     "extends 'b' in compose.yaml extends 'c' in compose.yaml extends 'a' in compose.yaml\n"},
    {{{"compose.yaml", "services: {a: {extends: a, image: x}}"}},
     "compose.yaml:1:25: error: services.a.extends: Circular reference: 'a' in compose.yaml "
     "extends 'a' in compose.yaml\n"},
    {{{"compose.yaml", "services: {a: {extends: {file: x.yml, service: b}}}"},
      {"x.yml", "services: {b: {extends: {file: x.yml, service: b}}}"}},
     "x.yml:1:48: error: services.b.extends: Circular reference: 'a' in compose.yaml extends "
     "'b' in x.yml extends 'b' in x.yml\n"},
    {{{"compose.yaml", "services: {a: {extends: {file: x.yml, service: b}}}"},
      {"x.yml", "services: {b: {image: x, bogus: 1, user: 3}}"}},
     "x.yml:1:26: error: services.a: additional properties 'bogus' not allowed (" INHERITED
     "a key of "
     "your own must begin with 'x-')\n"
     "x.yml:1:42: error: services.a.user: must be a string, not the number '3' (" INHERITED "put "
     "it in quotes: \"3\")\n"},
    {{{"compose.yaml", "services: {a: {extends: {file: x.yml, service: b}}}"},
      {"x.yml", "services: {b: {image: \"${X:?needed}\"}}"}},
     "x.yml:1:24: error: services.b.image: required variable X is missing a value: needed\n"},
    {{{"compose.yaml", "services: {a: {extends: b, image: x}, b: }"}},
     "compose.yaml:1:42: error: services.b: must be a mapping, not null (there is no value here; "
     "leave it out, or give it one)\n"},
};

static void test_cases(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++)
        files_check(cases[i].files, "paths", cases[i].want);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cases),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
