#include "drivers/docker/reference.h"

#include "core/base/arena.h"
#include "core/base/attr.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static const struct {
    const char *text, *registry, *repository, *tag;
} cases[] = {
    {"alpine", "docker.io", "docker.io/library/alpine", "latest"},
    {"alpine:3.20", "docker.io", "docker.io/library/alpine", "3.20"},
    {"a/b", "docker.io", "docker.io/a/b", "latest"},
    {"docker.io/alpine", "docker.io", "docker.io/library/alpine", "latest"},
    {"index.docker.io/a/b:1", "docker.io", "docker.io/a/b", "1"},
    {"ghcr.io/a/b/c:x", "ghcr.io", "ghcr.io/a/b/c", "x"},
    {"localhost/x", "localhost", "localhost/x", "latest"},
    {"localhost:5000/x", "localhost:5000", "localhost:5000/x", "latest"},
    {"localhost:5000/x:2", "localhost:5000", "localhost:5000/x", "2"},
    {"a@sha256:0a", "docker.io", "docker.io/library/a", "sha256:0a"},
    {"a:1@sha256:0a", "docker.io", "docker.io/library/a", "sha256:0a"},
};

static void test_parse(void **state)
{
    struct arena *a = arena_new();

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct reference r = reference_parse(a, cases[i].text);

        assert_string_equal(r.registry, cases[i].registry);
        assert_string_equal(r.repository, cases[i].repository);
        assert_string_equal(r.tag, cases[i].tag);
    }
    arena_free(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_parse)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
