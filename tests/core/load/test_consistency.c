#include "core/base/attr.h"
#include "core/base/diags.h"
#include "core/base/str.h"
#include "core/model/model.h"
#include "tests/lib/fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/* The services, and what there is to say about them. */
static const struct {
    const char *yaml, *want;
} cases[] = {
    {"services: {a: {command: x}}",
     "compose.yaml:1:12: error: services.a: service \"a\" has neither an image "
     "nor a build context specified: invalid "
     "compose project\n"},
    {"services: {a: {image: \"\"}}",
     "compose.yaml:1:23: error: services.a: service \"a\" has neither an image "
     "nor a build context specified: invalid "
     "compose project\n"},
    {"services:\n  a:\n    build:\n      dockerfile: D\n      dockerfile_inline: FROM x\n",
     "compose.yaml:5:26: error: services.a.build: service \"a\" declares mutualy exclusive "
     "dockerfile and "
     "dockerfile_inline: invalid compose project\n"},
    {"services:\n  a:\n    build:\n      additional_contexts: {x: service:c, y: service:b}\n  b: "
     "{image: x}\n",
     "compose.yaml:4:28: error: services.a.build.additional_contexts: service \"a\" declares "
     "unknown service "
     "\"c\" as additional contexts x\n"
     "compose.yaml:4:28: error: services.a.build.additional_contexts: service \"a\" declares "
     "non-buildable "
     "service \"b\" as additional contexts y\n"},
    {"services:\n  a:\n    build: {platforms: [linux/amd64]}\n    platform: linux/arm64\n",
     "compose.yaml:4:15: error: services.a.platform: service.build.platforms MUST include "
     "service.platform "
     "\"linux/arm64\": invalid compose project\n"},
    {"services:\n  a:\n    image: x\n    network_mode: host\n    networks: [n]\nnetworks: {n: }\n",
     "compose.yaml:4:19: error: services.a.network_mode: service a declares mutually exclusive "
     "`network_mode` "
     "and `networks`: invalid compose project\n"},
    {"services:\n  a:\n    image: x\n    networks: [frontent]\nnetworks: {frontend: }\n",
     "compose.yaml:4:16: error: services.a.networks: service \"a\" refers to undefined network "
     "frontent: "
     "invalid compose project (did you mean network 'frontend'?)\n"},
    {"services:\n  a:\n    image: x\n    healthcheck:\n      test: [curl, x]\n",
     "compose.yaml:5:13: error: services.a.healthcheck.test: healthcheck.test must start either by "
     "\"CMD\", "
     "\"CMD-SHELL\" or \"NONE\"\n"},
    {"services:\n  web: {image: x, depends_on: [databse]}\n  database: {image: x}\n",
     "compose.yaml:2:32: error: services.web.depends_on: service \"web\" depends on undefined "
     "service "
     "\"databse\": invalid compose project (did you mean service 'database'?)\n"},
    {"services:\n  a: {image: x, depends_on: {b: {condition: service_started, required: false}}}\n",
     "compose.yaml:2:30: error: services.a.depends_on: service \"a\" depends on undefined service "
     "\"b\": "
     "invalid compose project\n"},
    {"services:\n  a: {image: x, depends_on: [b]}\n  b: {image: x, profiles: [p]}\n",
     "compose.yaml:2:30: error: services.a.depends_on: service \"a\" depends on undefined service "
     "\"b\": "
     "invalid compose project ('b' belongs to profile 'p', which is not active)\n"},
    {"services:\n  a: {image: x, depends_on: {b: {condition: service_started, required: false}}}\n"
     "  b: {image: x, profiles: [p]}\n",
     ""},
    {"services:\n  a: {image: x, network_mode: \"service:b\"}\n",
     "compose.yaml:2:31: error: services.a: service \"a\" depends on undefined service "
     "\"b\": "
     "invalid compose project\n"},
    /* what follows from an error of the same place is not told: one problem, one error */
    {"services:\n  a: {image: x, command: \"a (b)\"}\n",
     "compose.yaml:2:26: error: services.a.command: invalid command line string 'a (b)' (a '(' "
     "must "
     "be quoted)\n"},
    {"services:\n  a: {image: x, environment: [A=1, \"D =1\"]}\n",
     "compose.yaml:2:36: error: services.a.environment: variable 'D ' is declared with a trailing "
     "space\n"},
    {"services:\n  a: {image: x, extra_hosts: {\"a:b\": \"1\"}}\n",
     "compose.yaml:2:38: error: services.a.extra_hosts.a:b: bad host name 'a:b' (a name without "
     "':' "
     "and '=' belongs here)\n"},
    {"services:\n  a: {image: x, gpus: [{count: x}]}\n",
     "compose.yaml:2:32: error: services.a.gpus[0].count: invalid value 'x', the only value "
     "allowed "
     "is 'all' or a number\n"},
    {"services:\n  b: {image: x, ports: [\"80:80\"]}\n  a: {extends: b, ports: abc}\n",
     "compose.yaml:3:26: error: services.a.ports: cannot override: the text 'abc' cannot replace a "
     "list (that is at compose.yaml:2:24; write a list here too, or tag it !override)\n"},
    {"services:\n  a: {image: *nope}\n",
     "compose.yaml:2:14: error: unknown anchor 'nope' referenced\n"},
    {"services:\n  a:\n    image: x\n    volumes:\n      - dat:/d\nvolumes: {data: }\n",
     "compose.yaml:5:9: error: services.a.volumes: service \"a\" refers to undefined volume dat: "
     "invalid "
     "compose project (did you mean volume 'data'?)\n"},
    {"services:\n  a:\n    image: x\n    secrets: [s]\n    configs: [c]\n    models: [m]\n    "
     "build:\n"
     "      secrets: [t]\n",
     "compose.yaml:4:15: error: services.a.secrets: service \"a\" refers to undefined secret s: "
     "invalid compose "
     "project (no secret is defined)\n"
     "compose.yaml:5:15: error: services.a.configs: service \"a\" refers to undefined config c: "
     "invalid compose "
     "project (no config is defined)\n"
     "compose.yaml:6:14: error: services.a.models: service \"a\" refers to undefined model m: "
     "invalid compose "
     "project (no model is defined)\n"
     "compose.yaml:8:17: error: services.a.build.secrets: service \"a\" refers to undefined build "
     "secret t: "
     "invalid compose project (no secret is defined)\n"},
    {"services:\n  a:\n    image: x\n    scale: 2\n    deploy: {replicas: 3}\n",
     "compose.yaml:4:12: error: services.a.scale: can't set distinct values on 'scale' and "
     "'deploy.replicas': invalid "
     "compose project\n"},
    {"services:\n  a: {image: x, scale: -1}\n  b: {image: x, deploy: {replicas: -2}}\n",
     "compose.yaml:2:24: error: services.a.scale: must be greater than or equal to 0\n"
     "compose.yaml:3:36: error: services.b.deploy.replicas: must be greater than or equal to 0\n"},
    {"services:\n  a:\n    image: x\n    cpus: 0.5\n    mem_limit: 1g\n    mem_reservation: 1g\n"
     "    pids_limit: 5\n    deploy: {resources: {limits: {pids: 6}, reservations: {memory: "
     "1g}}}\n",
     "compose.yaml:4:11: error: services.a.cpus: can't set distinct values on 'cpus' and "
     "'deploy.resources.limits.cpus': invalid compose project\n"
     "compose.yaml:5:16: error: services.a.mem_limit: can't set distinct values on 'mem_limit' and "
     "'deploy.resources.limits.memory': invalid compose project\n"
     "compose.yaml:7:17: error: services.a.pids_limit: can't set distinct values on 'pids_limit' "
     "and "
     "'deploy.resources.limits.pids': invalid compose project\n"},
    {"services:\n  a: {image: x, container_name: cc, scale: 2}\n  b: {image: x, container_name: "
     "bb, deploy: "
     "{replicas: 2}}\n",
     "compose.yaml:2:33: error: services.a.container_name: services.scale: can't set "
     "container_name and a as "
     "container name must be unique: invalid compose project\n"
     "compose.yaml:3:33: error: services.b.container_name: services.deploy.replicas: can't set "
     "container_name "
     "and b as container name must be unique: invalid compose project\n"},
    {"services:\n  a: {image: x, container_name: cc}\n  b: {image: x, container_name: cc}\n",
     "compose.yaml:3:33: error: services.b.container_name: container name \"cc\" is "
     "already in use "
     "by service a\n"},
    {"services:\n  a:\n    image: x\n    develop: {watch: [{path: /x, action: sync}]}\n",
     "compose.yaml:4:42: error: services.a.develop.watch: target is required for non-rebuild "
     "actions: invalid "
     "compose project\n"},
    {"services:\n  a:\n    image: x\n    tmpfs: [\"/a:size=1\", /b]\n    volumes: [\"/x:/a\", "
     "\"/y:/c\"]\n",
     "compose.yaml:5:15: error: services.a.volumes[0]: target /a already mounted as "
     "services.a.tmpfs[0]\n"},
    {"services:\n  a:\n    image: x\nsecrets:\n  s:\n    driver: d\n",
     "compose.yaml:6:5: error: secrets.s: secret \"s\" must declare either `file` or "
     "`environment`: invalid "
     "compose project\n"},
    {"services:\n  a: {image: x, depends_on: [b]}\n  b: {image: x, depends_on: [a]}\n",
     "compose.yaml:3:30: error: services.b.depends_on: dependency cycle detected: a -> b -> a\n"},
    {"services:\n  a: {image: x, depends_on: [b]}\n  b: {image: x, links: [c]}\n  c: {image: x, "
     "depends_on: "
     "[b, d]}\n  d: {image: x, depends_on: [d]}\n",
     "compose.yaml:4:30: error: services.c.depends_on: dependency cycle detected: b -> c -> b\n"
     "compose.yaml:5:30: error: services.d.depends_on: dependency cycle detected: d -> d\n"},
};

static void test_cases(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct fixture f;
        AUTO_TEXT errors = {0};
        const char *line;

        fixture_compose(&f, cases[i].yaml);
        for (line = fixture_messages(&f); *line;) { /* warnings are not what this is about */
            const char *end = strchr(line, '\n') + 1;
            const char *warning = strstr(line, ": warning: ");

            if (!warning || warning > end)
                str_addn(&errors, line, (size_t)(end - line));
            line = end;
        }
        assert_string_equal(str_text(&errors), cases[i].want);
        assert_int_equal(f.project == NULL, cases[i].want[0] != '\0');
        fixture_done(&f);
    }
}

static void test_no_consistency(void **state)
{
    struct fixture f;

    (void)state;
    fixture_init(&f);
    f.options.no_consistency = true;
    fixture_file(&f, "compose.yaml", "services: {a: {networks: [nope], depends_on: [b, a]}}");
    assert_non_null(fixture_load(&f));
    fixture_done(&f);
}

/* scale and deploy.replicas say the same; deploy takes what scale says. */
static void test_scale(void **state)
{
    struct fixture f;
    struct project *p = fixture_compose(&f, "services: {a: {image: x, scale: 0, deploy: {}}}");

    (void)state;
    assert_non_null(p);
    assert_true(p->services.items[0]->deploy->replicas.set);
    assert_int_equal(p->services.items[0]->deploy->replicas.value, 0);
    fixture_done(&f);
}

/* A long chain, each service waiting for the next: no cycle, and not one stack frame each. */
static void test_long_chain(void **state)
{
    struct fixture f;
    AUTO_TEXT yaml = {0};

    (void)state;
    str_add(&yaml, "services:\n");
    for (int i = 0; i < 3000; i++)
        str_addf(&yaml, "  s%d: {image: x, depends_on: [s%d]}\n", i, i + 1);
    str_add(&yaml, "  s3000: {image: x}\n");
    assert_non_null(fixture_compose(&f, str_text(&yaml)));
    fixture_done(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cases),
        cmocka_unit_test(test_no_consistency),
        cmocka_unit_test(test_scale),
        cmocka_unit_test(test_long_chain),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
