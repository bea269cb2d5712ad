#include "core/load/load.h"

#include "core/base/arena.h"
#include "core/base/attr.h"
#include "core/base/diags.h"
#include "core/model/model.h"
#include "core/render/render.h"
#include "tests/lib/fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void test_project(void **state)
{
    struct fixture f;
    struct project *p;
    AUTO_TEXT file = {0};

    (void)state;
    fixture_init(&f);
    f.options.project_name = NULL;
    f.options.compatibility = true;
    f.options.env_files = (struct strings){.items = (const char *[]){"vars"}, .len = 1};
    fixture_file(&f, "compose.yaml",
                 "name: Demo\nservices: {a: {image: \"x:${V}\", volumes: [\"./d:/d\"]}}\n");
    fixture_file(&f, "vars", "V=7\n");
    p = fixture_load(&f);
    if (!p)
        fail_msg("%s", fixture_messages(&f));
    assert_string_equal(p->name, "demo");
    assert_string_equal(p->working_dir, f.dir);
    assert_int_equal(p->config_files.len, 1);
    str_addf(&file, "%s/compose.yaml", f.dir);
    assert_string_equal(p->config_files.items[0], str_text(&file));
    str_clear(&file);
    str_addf(&file, "%s/vars", f.dir);
    assert_int_equal(p->env_files.len, 1);
    assert_string_equal(p->env_files.items[0], str_text(&file));
    assert_string_equal(project_service(p, "a")->image, "x:7");
    assert_true(p->compatibility);
    assert_null(project_service(p, "b"));
    assert_string_equal(project_network(p, "default")->name, "demo_default");
    fixture_done(&f);
}

/* What is wrong with a file, and all of it at once. */
static const struct {
    const char *yaml, *want;
} cases[] = {
    {"", "compose.yaml: error: empty compose file\n"},
    {"services:\n  a:\n    image: x\n    mem_limit: abc\n    stop_grace_period: 5x\n",
     "compose.yaml:4:16: error: services.a.mem_limit: invalid size 'abc' (a number of bytes, or "
     "one with a unit such as 64m)\n"
     "compose.yaml:5:24: error: services.a.stop_grace_period: invalid duration '5x' (numbers with "
     "units, such as 500ms, 30s or 1m30s)\n"},
    {"services:\n  a: {networks: [n]}\n  b: {image: x, volumes: [\"v1:/v\"]}\n",
     "compose.yaml:2:3: error: services.a: service \"a\" has neither an image nor a build context "
     "specified: "
     "invalid "
     "compose project\n"
     "compose.yaml:2:18: error: services.a.networks: service \"a\" refers to undefined network n: "
     "invalid "
     "compose project\n"
     "compose.yaml:3:27: error: services.b.volumes: service \"b\" refers to undefined volume v1: "
     "invalid "
     "compose project (no volume is defined)\n"},
};

static void test_errors(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct fixture f;

        assert_null(fixture_compose(&f, cases[i].yaml));
        assert_string_equal(fixture_messages(&f), cases[i].want);
        fixture_done(&f);
    }
}

static void test_no_files(void **state)
{
    struct fixture f;

    (void)state;
    fixture_init(&f);
    assert_false(load_has_files(&f.options));
    assert_null(fixture_load(&f));
    assert_string_equal(fixture_messages(&f),
                        "error: no configuration file provided: not found (there is no "
                        "compose.yaml in '@DIR@' or a directory above it; name the file "
                        "with -f)\n");
    fixture_file(&f, "sub/compose.yaml", "name: sub\n");
    f.files[f.options.files.len++] = "sub/compose.yaml";
    assert_true(load_has_files(&f.options));
    fixture_done(&f);
}

static const char *name_of(struct fixture *f, struct arena *a)
{
    return load_project_name(a, &f->options, f->diags);
}

static void test_name(void **state)
{
    struct arena *a = arena_new();
    struct fixture f;

    (void)state;
    fixture_init(&f);
    assert_string_equal(name_of(&f, a), "test"); /* -p needs no file */
    f.options.project_name = NULL;
    assert_null(name_of(&f, a));
    f.environ[1] = (char *)"COMPOSE_PROJECT_NAME=fromenv";
    assert_string_equal(name_of(&f, a), "fromenv");
    f.environ[1] = NULL;
    fixture_file(&f, "compose.yaml", "name: fromfile\n");
    assert_string_equal(name_of(&f, a), "fromfile");
    fixture_done(&f);
    arena_free(a);
}

/* A tree can be had after every stage. */
static const struct {
    const char *stage, *want;
} stages[] = {
    {"parse", "services:\n  a:\n    build: .\n    environment:\n      - HOME\n    image: x${E}\n"},
    {"interpolate",
     "services:\n  a:\n    build: .\n    environment:\n      - HOME\n    image: xe\n"},
    {"merge", "name: test\nservices:\n  a:\n    build:\n      context: .\n    environment:\n      "
              "- HOME\n    image: xe\n"},
    {"paths", "name: test\nservices:\n  a:\n    build:\n      context: @DIR@\n    environment:\n   "
              "   - HOME\n    image: "
              "xe\n"},
    {"environment", "name: test\nservices:\n  a:\n    build:\n      context: @DIR@\n    "
                    "environment:\n      - HOME=/home/user\n"
                    "    image: xe\n"},
};

static void test_stages(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(stages); i++) {
        struct arena *a = arena_new();
        struct fixture f;
        struct node *n;
        AUTO_TEXT got = {0};

        fixture_init(&f);
        f.environ[1] = (char *)"E=e";
        fixture_file(&f, "compose.yaml",
                     "services: {a: {image: \"x${E}\", build: ., environment: [HOME]}}\n");
        n = load_tree(&f.options, stages[i].stage, f.diags, a);
        if (!n)
            fail_msg("%s: %s", stages[i].stage, fixture_messages(&f));
        render_tree_yaml(n, &got);
        text_replace(&got, f.dir, "@DIR@");
        assert_string_equal(str_text(&got), stages[i].want);
        fixture_done(&f);
        arena_free(a);
    }
}

/* --no-interpolate: nothing is looked up, short values stay as they are written. */
static void test_no_interpolate(void **state)
{
    struct arena *a = arena_new();
    struct fixture f;
    struct node *n;
    AUTO_TEXT got = {0};

    (void)state;
    fixture_init(&f);
    f.options.no_interpolate = true;
    fixture_file(
        &f, "compose.yaml",
        "services:\n  a:\n    image: ${I}\n    ports: [\"${P}:80\", \"81\"]\n    env_file: e.env\n"
        "    environment: [HOME, A=1]\n    command: echo $$X\n    mem_limit: 1g\n");
    n = load_tree(&f.options, "normalize", f.diags, a);
    if (!n)
        fail_msg("%s", fixture_messages(&f));
    render_tree_yaml(n, &got);
    text_replace(&got, f.dir, "@DIR@");
    assert_string_equal(str_text(&got), "name: test\n"
                                        "networks:\n"
                                        "  default:\n"
                                        "    name: test_default\n"
                                        "services:\n"
                                        "  a:\n"
                                        "    command: echo $$X\n"
                                        "    env_file:\n"
                                        "      - path: @DIR@/e.env\n"
                                        "        required: true\n"
                                        "    environment:\n"
                                        "      - HOME\n"
                                        "      - A=1\n"
                                        "    image: ${I}\n"
                                        "    mem_limit: 1g\n"
                                        "    networks:\n"
                                        "      default: null\n"
                                        "    ports:\n"
                                        "      - ${P}:80\n"
                                        "      - \"81\"\n");
    fixture_done(&f);
    arena_free(a);
}

/* Values of secrets come from the environment and are never printed. */
static void test_secret_value(void **state)
{
    struct fixture f;
    AUTO_TEXT got = {0};

    (void)state;
    fixture_init(&f);
    f.environ[1] = (char *)"TOKEN=hush";
    fixture_file(&f, "compose.yaml",
                 "services: {a: {image: x, secrets: [s, u]}}\n"
                 "secrets: {s: {environment: TOKEN}, u: {environment: UNSET}}\n");
    if (!fixture_load(&f))
        fail_msg("%s", fixture_messages(&f));
    assert_string_equal(project_secret(f.project, "s")->value, "hush");
    assert_null(project_secret(f.project, "u")->value);
    render_yaml(f.project, &got, NULL, NULL);
    assert_null(strstr(str_text(&got), "hush"));
    assert_non_null(strstr(str_text(&got), "environment: TOKEN"));
    fixture_done(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_project),      cmocka_unit_test(test_errors),
        cmocka_unit_test(test_no_files),     cmocka_unit_test(test_name),
        cmocka_unit_test(test_stages),       cmocka_unit_test(test_no_interpolate),
        cmocka_unit_test(test_secret_value),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
