#include "core/base/reference.h"

#include "core/base/arena.h"
#include "core/base/attr.h"
#include "core/base/err.h"

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

#define HEX32 "0123456789abcdef0123456789abcdef"

/* "": it is a reference */
static const struct {
    const char *text, *error;
} checks[] = {
    {"alpine", ""},
    {"x/a-b_c.d__e--f/g:V1.0-x_y", ""},
    {"Localhost:5000/x", ""},
    {"[::1]:5000/x", ""},
    {"a.example/b/c:1@sha256:" HEX32 HEX32, ""},
    {"", "invalid reference format"},
    {"a b", "invalid reference format"},
    {"a:", "invalid reference format"},
    {"a:-x", "invalid reference format"},
    {"a..b", "invalid reference format"},
    {"a___b", "invalid reference format"},
    {"-a", "invalid reference format"},
    {"a/", "invalid reference format"},
    {"/a", "invalid reference format"},
    {"a//b", "invalid reference format"},
    {"a.example:x/b", "invalid reference format"},
    {"-a.example/b", "invalid reference format"},
    {"a@sha256:0a", "invalid reference format"},
    {"a@", "invalid reference format"},
    {"a@sha256:" HEX32, "invalid checksum digest length"},
    {"a@sha256:" HEX32 "ABCDEF0123456789ABCDEF0123456789", "invalid checksum digest format"},
    {"a@md5:" HEX32, "unsupported digest algorithm"},
    {"Alpine", "invalid reference format: repository name (library/Alpine) must be lowercase"},
    {HEX32 HEX32,
     "invalid repository name (" HEX32 HEX32 "), cannot specify 64-byte hexadecimal strings"},
};

static void test_check(void **state)
{
    struct arena *a = arena_new();

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(checks); i++) {
        AUTO_ERR err = {0};
        int failed = reference_check(a, checks[i].text, &err);

        assert_string_equal(failed ? err_text(&err) : "", checks[i].error);
    }
    arena_free(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_parse), cmocka_unit_test(test_check)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
