#include "core/plan/reconcile.h"

#include "core/base/str.h"
#include "tests/lib/fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/* Only who asks for it gets it; a DOCKER_CONFIG of the service's own stays. */
static void test_services(void **state)
{
    struct fixture f;
    const struct service *a, *b;

    (void)state;
    assert_non_null(fixture_compose(
        &f, "services:\n  a: {image: x, use_api_socket: true, environment: {A: b, Z: z}}\n"
            "  b: {image: x, use_api_socket: true, environment: {DOCKER_CONFIG: mine}}\n"
            "  c: {image: x, configs: [t]}\nconfigs: {t: {content: text}}\n"));
    plan_api_sockets(f.project, "{}");
    a = project_service(f.project, "a");
    b = project_service(f.project, "b");
    assert_int_equal(a->volumes.len, 1);
    assert_string_equal(a->volumes.items[0]->source, "/var/run/docker.sock");
    assert_string_equal(mapping_get(&a->environment, "DOCKER_CONFIG"), "/run/secrets/docker");
    assert_string_equal(mapping_get(&a->environment, "Z"), "z");
    assert_string_equal(mapping_get(&b->environment, "DOCKER_CONFIG"), "mine");
    assert_string_equal(b->configs.items[0]->target, "/run/secrets/docker/config.json");
    assert_string_equal(project_config(f.project, b->configs.items[0]->source)->content, "{}");
    assert_string_equal(project_config(f.project, "t")->content, "text");
    assert_int_equal(project_service(f.project, "c")->volumes.len, 0);
    fixture_done(&f);
}

static void test_none(void **state)
{
    struct fixture f;

    (void)state;
    assert_non_null(fixture_compose(&f, "services: {a: {image: x, use_api_socket: false}}\n"));
    plan_api_sockets(f.project, "{}");
    assert_int_equal(f.project->configs.len, 0);
    fixture_done(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_services),
        cmocka_unit_test(test_none),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
