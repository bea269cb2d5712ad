#include "core/base/attr.h"
#include "core/render/render.h"
#include "core/yaml/node.h"
#include "core/base/arena.h"
#include "tests/lib/fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* A service, and what normalisation adds to or changes in it (the whole of it, as a raw tree). */
static const struct {
    const char *service, *want;
} cases[] = {
    {"{image: x}", "image: x\nnetworks:\n  default: null\n"},
    {"{image: x, networks: []}", "image: x\nnetworks:\n  default: null\n"},
    {"{image: x, networks: [n]}", "image: x\nnetworks:\n  \"n\": null\n"},
    {"{image: x, network_mode: host}", "image: x\nnetwork_mode: host\n"},
    {"{provider: {type: t}}", "provider:\n  type: t\n"},
    {"{image: x, network_mode: none, pull_policy: if_not_present}",
     "image: x\nnetwork_mode: none\npull_policy: missing\n"},
    {"{build: {context: /c}, network_mode: none}",
     "build:\n  context: /c\n  dockerfile: Dockerfile\nnetwork_mode: none\n"},
    {"{build: {context: /c, dockerfile_inline: FROM x}, network_mode: none}",
     "build:\n  context: /c\n  dockerfile_inline: FROM x\nnetwork_mode: none\n"},
    {"{build: {context: /c, args: [A, HOME, B=1]}, network_mode: none}",
     "build:\n  args:\n    - HOME=/home/user\n    - B=1\n  context: /c\n  dockerfile: Dockerfile\n"
     "network_mode: none\n"},
    {"{build: {context: /c, args: {A: , HOME: , B: 1}}, network_mode: none}",
     "build:\n  args:\n    B: 1\n    HOME: /home/user\n  context: /c\n  dockerfile: Dockerfile\n"
     "network_mode: none\n"},
    {"{image: x, network_mode: none, environment: {HOME: , A: , B: 1}}",
     "environment:\n  A: null\n  B: 1\n  HOME: /home/user\nimage: x\nnetwork_mode: none\n"},
    {"{image: x, network_mode: none, environment: [HOME, A, B=1]}",
     "environment:\n  - HOME=/home/user\n  - A\n  - B=1\nimage: x\nnetwork_mode: none\n"},
    {"{image: x, network_mode: none, links: [b, \"c:alias\", d]}",
     "depends_on:\n"
     "  b:\n    condition: service_started\n    required: true\n    restart: true\n"
     "  c:\n    condition: service_started\n    required: true\n    restart: true\n"
     "  d:\n    condition: service_started\n    required: true\n    restart: true\n"
     "image: x\nlinks:\n  - b\n  - c:alias\n  - d\nnetwork_mode: none\n"},
    {"{image: x, network_mode: \"service:b\", volumes_from: [\"c:ro\", \"container:d\", b]}",
     "depends_on:\n"
     "  b:\n    condition: service_started\n    required: true\n    restart: true\n"
     "  c:\n    condition: service_started\n    required: true\n    restart: false\n"
     "image: x\nnetwork_mode: service:b\nvolumes_from:\n  - c:ro\n  - container:d\n  - b\n"},
    {"{image: x, network_mode: none, pid: \"service:b\", depends_on: {b: {condition: "
     "service_healthy}}}",
     "depends_on:\n"
     "  b:\n    condition: service_healthy\n    required: true\n"
     "image: x\nnetwork_mode: none\npid: service:b\n"},
    {"{image: x, network_mode: none, volumes: [{type: volume, target: /a/../b/}]}",
     "image: x\nnetwork_mode: none\nvolumes:\n  - target: /b\n    type: volume\n"},
    {"{image: x, network_mode: none, pre_start: [{command: [c]}, {image: y, command: [c]}]}",
     "image: x\nnetwork_mode: none\npre_start:\n  - command:\n      - c\n    image: x\n"
     "  - command:\n      - c\n    image: \"y\"\n"},
};

static void normalized(struct fixture *f, const char *yaml, const char *path, struct str *out)
{
    struct arena *a = arena_new();
    struct node *n;

    fixture_init(f);
    fixture_file(f, "compose.yaml", yaml);
    n = load_tree(&f->options, "normalize", f->diags, a);
    if (!n || !node_path(n, path))
        fail_msg("%s\n%s", yaml, fixture_messages(f));
    render_tree_yaml(node_path(n, path), out);
    arena_free(a);
}

static void test_services(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct fixture f;
        AUTO_TEXT yaml = {0};
        AUTO_TEXT got = {0};

        str_addf(&yaml, "services:\n  a: %s\n  b: {image: x}\n  c: {image: x}\n  d: {image: x}\n",
                 cases[i].service);
        normalized(&f, str_text(&yaml), "services.a", &got);
        assert_string_equal(str_text(&got), cases[i].want);
        fixture_done(&f);
    }
}

static const struct {
    const char *yaml, *path, *want;
} resources[] = {
    {"services: {a: {image: x}}", "networks", "default:\n  name: test_default\n"},
    {"services: {a: {image: x, networks: [default, n]}}\nnetworks: {n: {name: mine}}", "networks",
     "default:\n  name: test_default\n\"n\":\n  name: mine\n"},
    {"services: {a: {image: x, networks: [n]}}\nnetworks: {n: }", "networks",
     "\"n\":\n  name: test_n\n"},
    {"services: {a: {image: x}}\nnetworks: {default: {driver: d}}", "networks",
     "default:\n  driver: d\n  name: test_default\n"},
    {"volumes: {v: , e: {external: true}, f: {external: true, name: g}}", "volumes",
     "e:\n  external: true\n  name: e\nf:\n  external: true\n  name: g\nv:\n  name: test_v\n"},
    {"secrets: {s: {file: /f}}", "secrets", "s:\n  file: /f\n  name: test_s\n"},
    {"configs: {c: {content: x}}", "configs", "c:\n  content: x\n  name: test_c\n"},
};

static void test_resources(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(resources); i++) {
        struct fixture f;
        AUTO_TEXT got = {0};

        normalized(&f, resources[i].yaml, resources[i].path, &got);
        assert_string_equal(str_text(&got), resources[i].want);
        fixture_done(&f);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_services),
        cmocka_unit_test(test_resources),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
