/* core/load/files.c: the documents of all files as one canonical tree, and everything wrong in
 * them. */
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
       "services: {a: {image: x, ports: [\"80:81\"], depends_on: [b]}, b: {build: .}}"}},
     "{services: {a: {image: x, ports: [{mode: ingress, target: 81, published: '80', "
     "protocol: tcp}], depends_on: {b: {condition: service_started, required: true}}}, b: "
     "{build: {context: .}}}, name: test}"},
    {{{"a.yaml", "services: {a: {image: x, ports: [80], environment: {A: 1}}}"},
      {"b.yaml", "services: {a: {ports: [80, 81], environment: [A=2], networks: [n]}}\n"
                 "networks: {n: }"}},
     "{services: {a: {image: x, ports: [{mode: ingress, target: 80, protocol: tcp}, {mode: "
     "ingress, target: 81, protocol: tcp}], environment: [A=2], networks: {n: null}}}, "
     "networks: {n: null}, name: test}"},
    {{{"compose.yaml", "services: {a: {image: x}}\n"
                       "---\n"
                       "services: {a: {user: u}}\n"}},
     "{services: {a: {image: x, user: u}}, name: test}"},
    {{{"compose.yaml", "version: \"3.9\"\n"
                       "services: {a: {image: x}}"}},
     "compose.yaml:1:1: warning: the attribute `version` is obsolete, it will be ignored, "
     "please remove it to avoid potential confusion\n"
     "{services: {a: {image: x}}, name: test}"},
    {{{"compose.yaml", "services: {a: {image: x, dns: [\"\", 1.1.1.1]}}"}},
     "{services: {a: {image: x, dns: [1.1.1.1]}}, name: test}"},
    {{{"compose.yaml",
       "services: {a: {image: x, tty: \"${HOME:+true}\", cpu_count: \"2\", hostname: $HOME}}"}},
     "{services: {a: {image: x, tty: true, cpu_count: 2, hostname: /home/user}}, name: test}"},
    {{{"compose.yaml", "- a\n"}},
     "compose.yaml:1:1: error: top-level object must be a mapping (a Compose file begins with "
     "keys like 'services:')\n"},
    {{{"compose.yaml", "abc"}},
     "compose.yaml:1:1: error: top-level object must be a mapping (a Compose file begins with "
     "keys like 'services:')\n"},
    {{{"compose.yaml", "---\n"
                       "services: {a: {image: x}}\n"
                       "---\n"}},
     "compose.yaml:4:1: error: top-level object must be a mapping (a '---' begins a document "
     "that has nothing in it)\n"},
    {{{"compose.yaml", ""}}, "compose.yaml: error: empty compose file\n"},
    {{{"compose.yaml", "# nothing\n"}}, "compose.yaml: error: empty compose file\n"},
    {{{"compose.yaml", "services: \n"
                       "  web:\n"
                       "    imagee: x\n"
                       "    ports: [\"80a:80\"]\n"
                       "    tty: \"maybe\"\n"
                       "    user: 5\n"
                       "  db:\n"
                       "    image: x\n"
                       "    volumes: [\":/x\"]\n"
                       "    depends_on: {web: {}}\n"
                       "volume: {}\n"}},
     "compose.yaml:3:5: error: services.web: additional properties 'imagee' not allowed (did "
     "you mean 'image'?)\n"
     "compose.yaml:4:13: error: services.web.ports[0]: invalid published port '80a' (a number "
     "from 0 to 65535, or a range like 8000-8010)\n"
     "compose.yaml:5:10: error: services.web.tty: invalid boolean 'maybe' (write true or "
     "false)\n"
     "compose.yaml:6:11: error: services.web.user: must be a string, not the number '5' (put "
     "it in quotes: \"5\")\n"
     "compose.yaml:9:15: error: services.db.volumes[0]: invalid volume ':/x': empty section "
     "between colons (the form is [source:]target[:options])\n"
     "compose.yaml:10:23: error: services.db.depends_on.web: missing property 'condition'\n"
     "compose.yaml:11:1: error: additional properties 'volume' not allowed (did you mean "
     "'volumes'?)\n"},
    {{{"a.yaml", "services: {a: {imagee: x}}"}, {"b.yaml", "services: {a: {imag: x, deploy: 3}}"}},
     "a.yaml:1:16: error: services.a: additional properties 'imagee' not allowed (did you "
     "mean 'image'?)\n"
     "b.yaml:1:16: error: services.a: additional properties 'imag' not allowed (did you mean "
     "'image'?)\n"
     "b.yaml:1:33: error: services.a.deploy: must be a mapping or null, not the number '3'\n"},
    {{{"a.yaml", "services: {a: {image: x, deploy: {replicas: 1}}}"},
      {"b.yaml", "services: {a: {deploy: [x]}}"}},
     "b.yaml:1:24: error: services.a.deploy: cannot override: a list cannot replace a mapping "
     "(that is at a.yaml:1:34; write a mapping here too, or tag it !override)\n"},
    {{{"compose.yaml", "ports: [80]\n"
                       "web: {image: x}\n"
                       "services: {}"}},
     "compose.yaml:1:1: error: additional properties 'ports' not allowed ('ports' belongs to "
     "a service: move it below services and the service's name)\n"
     "compose.yaml:2:1: error: additional properties 'web' not allowed (services stand below "
     "the key 'services')\n"},
    {{{"compose.yaml", "services: [a]"}},
     "compose.yaml:1:11: error: services: must be a mapping, not a list (names and values stand "
     "here: 'name: ...' in place of '- name')\n"},
    {{{"compose.yaml", "services: {a: }"}},
     "compose.yaml:1:15: error: services.a: must be a mapping, not null (there is no value here; "
     "leave it out, or give it one)\n"},
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
