#include "core/base/attr.h"
#include "core/model/model.h"
#include "tests/lib/fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static const char yaml[] =
    "services:\n"
    "  web: {image: x, depends_on: [api], networks: [front], volumes: [\"static:/s\"]}\n"
    "  api: {image: x, depends_on: [db], networks: [front, back], secrets: [key]}\n"
    "  db: {image: x, networks: [back], volumes: [\"data:/d\"]}\n"
    "  debug: {image: x, profiles: [dev], depends_on: {db: {condition: service_started, "
    "required: false}}}\n"
    "  shell: {image: x, profiles: [dev, ops], configs: [motd]}\n"
    "  broken: {image: x, profiles: [odd], depends_on: [shell]}\n"
    "networks: {front: , back: , other: }\n"
    "volumes: {static: , data: , unused: }\n"
    "secrets: {key: {file: k}, unused: {file: k}}\n"
    "configs: {motd: {content: hello}}\n";

/* Profiles and names of the command line; enabled services, then resources in use. */
static const struct {
    const char *profile, *service[2], *want;
    bool no_deps, all;
} cases[] = {
    {.want = "api db web | back front | data static | key |"},
    {.profile = "dev",
     .want = "api db debug shell web | back default front | data static | key | motd"},
    {.profile = "ops", .want = "api db shell web | back default front | data static | key | motd"},
    {.profile = "none", .want = "api db web | back front | data static | key |"},
    {.service = {"api"}, .want = "api db | back front | data | key |"},
    {.service = {"api"}, .no_deps = true, .want = "api | back front | data | key |"},
    {.service = {"db"},
     .all = true,
     .want = "db | back default front other | data static unused | key unused | motd"},
    {.service = {"a*", "d[b]"}, .want = "api db | back front | data | key |"},
    {.service = {"shell"}, .want = "shell | default | | | motd"},
    {.service = {"debug"}, .want = "db debug | back default | data | |"},
};

#define ADD_KEYS(out, list)                                                                        \
    do {                                                                                           \
        str_add(out, " |");                                                                        \
        for (size_t k_ = 0; k_ < (list).len; k_++)                                                 \
            str_addf(out, " %s", (list).items[k_]->item.key);                                      \
    } while (0)

static void describe(const struct project *p, struct str *out)
{
    for (size_t i = 0; i < p->services.len; i++)
        if (!p->services.items[i]->disabled)
            str_addf(out, "%s%s", out->len ? " " : "", p->services.items[i]->item.key);
    ADD_KEYS(out, p->networks);
    ADD_KEYS(out, p->volumes);
    ADD_KEYS(out, p->secrets);
    ADD_KEYS(out, p->configs);
}

static void test_cases(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct fixture f;
        AUTO_TEXT got = {0};

        fixture_init(&f);
        fixture_file(&f, "compose.yaml", yaml);
        for (size_t k = 0; k < 2 && cases[i].service[k]; k++)
            f.services[f.options.services.len++] = cases[i].service[k];
        f.options.profiles = (struct strings){.items = (const char *[]){cases[i].profile},
                                              .len = cases[i].profile != NULL};
        f.options.no_deps = cases[i].no_deps;
        f.options.all_resources = cases[i].all;
        if (!fixture_load(&f))
            fail_msg("case %zu: %s", i, fixture_messages(&f));
        describe(f.project, &got);
        assert_string_equal(str_text(&got), cases[i].want);
        fixture_done(&f);
    }
}

static void test_profiles_of_environment(void **state)
{
    struct fixture f;
    AUTO_TEXT got = {0};

    (void)state;
    fixture_init(&f);
    fixture_file(&f, "compose.yaml", yaml);
    f.environ[1] = (char *)"COMPOSE_PROFILES= ops , nope";
    assert_non_null(fixture_load(&f));
    describe(f.project, &got);
    assert_string_equal(str_text(&got),
                        "api db shell web | back default front | data static | key | motd");
    fixture_done(&f);
}

/* What is not selected is not waited for either. */
static void test_dependencies_dropped(void **state)
{
    struct fixture f;

    (void)state;
    fixture_init(&f);
    fixture_file(&f, "compose.yaml", yaml);
    f.services[f.options.services.len++] = "web";
    f.options.no_deps = true;
    assert_non_null(fixture_load(&f));
    assert_int_equal(project_service(f.project, "web")->depends_on.len, 0);
    assert_true(project_service(f.project, "api")->disabled);
    fixture_done(&f);
}

static const struct {
    const char *service, *want;
} errors[] = {
    {"wbe", "error: no such service: wbe (did you mean service 'web'?)\n"},
    {"q*", "error: no such service: q*\n"},
    {"broken", "compose.yaml:7:52: error: no such service: shell ('shell' belongs to profile "
               "'dev', which is not "
               "active)\n"},
};

static void test_errors(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(errors); i++) {
        struct fixture f;

        fixture_init(&f);
        fixture_file(&f, "compose.yaml", yaml);
        f.services[f.options.services.len++] = errors[i].service;
        assert_null(fixture_load(&f));
        assert_string_equal(fixture_messages(&f), errors[i].want);
        fixture_done(&f);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cases),
        cmocka_unit_test(test_profiles_of_environment),
        cmocka_unit_test(test_dependencies_dropped),
        cmocka_unit_test(test_errors),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
