/* drivers/docker/auth.c: headers as text, with the value decoded. */
#include "drivers/docker/auth.h"

#include "drivers/docker/base64.h"
#include "tests/lib/engine.h"
#include "tests/lib/fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/* bTpw is m:p, aDpxOnI= is h:q:r */
static const char config[] = "{\"auths\":{\"https://index.docker.io/v1/\":{\"auth\":\"bTpw\"},"
                             "\"https://ghcr.io/v2/\":{\"auth\":\"aDpxOnI=\"},"
                             "\"host:5000\":{\"identitytoken\":\"t\"},\"empty.io\":{}}}";

static const struct {
    const char *config, *registry, *want; /* registry NULL: all of them */
} cases[] = {
    {config, "docker.io",
     "X-Registry-Auth: "
     "{\"username\":\"m\",\"password\":\"p\",\"serveraddress\":\"https://index.docker.io/v1/\"}"},
    {config, "ghcr.io",
     "X-Registry-Auth: "
     "{\"username\":\"h\",\"password\":\"q:r\",\"serveraddress\":\"https://ghcr.io/v2/\"}"},
    {config, "host:5000",
     "X-Registry-Auth: {\"identitytoken\":\"t\",\"serveraddress\":\"host:5000\"}"},
    {config, "host", "X-Registry-Auth: {}"},
    {config, "empty.io", "X-Registry-Auth: {}"},
    {"{\"auths\":{\"index.docker.io\":{\"auth\":\"bTpw\"}}}", "docker.io",
     "X-Registry-Auth: "
     "{\"username\":\"m\",\"password\":\"p\",\"serveraddress\":\"index.docker.io\"}"},
    {"{}", "docker.io", "X-Registry-Auth: {}"},
    {"not json", "docker.io", "X-Registry-Auth: {}"},
    {"{}", NULL, "X-Registry-Config: {}"},
    {"{\"auths\":{\"a\":{\"auth\":\"bTpw\"},\"b\":{}}}", NULL,
     "X-Registry-Config: {\"a\":{\"username\":\"m\",\"password\":\"p\",\"serveraddress\":\"a\"}}"},
};

static void header(const char *const *env, const char *registry, struct str *out)
{
    struct engine e;
    AUTO_TEXT text = {0};
    const char *value;

    engine_start(&e, false, env);
    if (registry)
        auth_header((struct docker *)e.driver, registry, &text);
    else
        auth_config_header((struct docker *)e.driver, &text);
    engine_end(&e);
    value = strchr(str_text(&text), ' ') + 1;
    str_addn(out, str_text(&text), (size_t)(value - str_text(&text)));
    assert_int_equal(base64_decode(value, strlen(value), out), 0);
}

static void test_variable(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        const char *const env[] = {"DOCKER_AUTH_CONFIG", cases[i].config, NULL};
        AUTO_TEXT text = {0};

        header(env, cases[i].registry, &text);
        assert_string_equal(str_text(&text), cases[i].want);
    }
}

/* $DOCKER_CONFIG/config.json, or .docker/config.json at home */
static void test_file(void **state)
{
    struct fixture f;
    AUTO_TEXT dir = {0};
    AUTO_TEXT from_dir = {0};
    AUTO_TEXT from_home = {0};
    AUTO_TEXT from_nowhere = {0};

    (void)state;
    fixture_init(&f);
    fixture_file(&f, ".docker/config.json", config);
    str_addf(&dir, "%s/.docker", f.dir);
    header((const char *const[]){"DOCKER_CONFIG", str_text(&dir), NULL}, "docker.io", &from_dir);
    header((const char *const[]){"HOME", f.dir, NULL}, "docker.io", &from_home);
    header((const char *const[]){"HOME", str_text(&dir), NULL}, "docker.io", &from_nowhere);
    assert_string_equal(str_text(&from_dir), cases[0].want);
    assert_string_equal(str_text(&from_home), cases[0].want);
    assert_string_equal(str_text(&from_nowhere), "X-Registry-Auth: {}");
    fixture_done(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_variable),
        cmocka_unit_test(test_file),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
