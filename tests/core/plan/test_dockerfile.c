#include "core/plan/dockerfile.h"

#include "core/base/arena.h"
#include "core/base/attr.h"
#include "core/base/str.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

static const struct {
    const char *text, *target, *want;
} cases[] = {
    {"FROM alpine\n", NULL, "alpine"},
    {"from --platform=$BUILDPLATFORM alpine:3 as Build\nFROM scratch\nCOPY --from=build /a /a\n",
     NULL, "alpine:3"},
    {"FROM a AS one\nFROM b AS two\n", "one", "a"},
    {"FROM a AS one\nFROM b AS two\n", NULL, "b"},
    {"FROM a\nFROM one\nCOPY --from=0 /x /x\n", NULL, "one a"},
    {"ARG TAG=3.12\nARG BASE=python\nFROM ${BASE}:${TAG}-slim\n", NULL, "python:3.12-slim"},
    {"ARG V\nFROM x:${V:-latest}\n", NULL, "x:latest"},
    {"ARG GIVEN=no\nFROM x:$GIVEN\n", NULL, "x:yes"},
    {"FROM x:$UNKNOWN\n", NULL, ""},
    {"FROM base\nRUN --mount=type=bind,from=tools,target=/t true\nCOPY --from=docker.io/x:1 a b\n",
     NULL, "base tools docker.io/x:1"},
    {"# syntax=docker/dockerfile:1\nFROM scratch\n", NULL, "docker/dockerfile:1"},
    {"# escape=`\nFROM a `\n  AS one\nFROM one\n", NULL, "a"},
    {"FROM a\nRUN <<EOF\nFROM b\nEOF\nCOPY --from=c /x /x\n", NULL, "a c"},
    {"FROM a \\\n# a comment\n\n AS one\nFROM ONE\n", NULL, "a"},
    {"FROM \"a\"\n", NULL, "a"},
    {"FROM", NULL, ""},
    {"", NULL, ""},
    {"FROM a AS x\nFROM x AS x\n", NULL, "a"},
    {"FROM a\n", "nope", ""},
};

static void test_images(void **state)
{
    struct mapping_entry entry = {"GIVEN", "yes"};
    const struct mapping args = {&entry, 1};

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct arena *a = arena_new();
        struct strings images =
            dockerfile_images(a, cases[i].text, strlen(cases[i].text), &args, cases[i].target);
        AUTO_TEXT got = {0};

        for (size_t j = 0; j < images.len; j++)
            str_addf(&got, "%s%s", j ? " " : "", images.items[j]);
        assert_string_equal(str_text(&got), cases[i].want);
        arena_free(a);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_images)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
