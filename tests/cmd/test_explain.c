/* explain, on the project in testdata/explain. */
#include "tests/cmd/golden.h"

static char level[] = "LEVEL=trace", user[] = "USER=me", home[] = "HOME=/nonexistent";
static char *const env[] = {level, user, home, NULL};

static const struct {
    const char *golden, *line;
} cases[] = {
    {"service", "explain services.web"},
    {"several", "explain services.inc networks.default name"},
    {"json", "explain --format json services.web.environment services.web.healthcheck "
             "services.web.ports[0].published"},
    {"secrets", "explain --show-secrets services.web.environment.DB_PASSWORD "
                "services.web.environment.DB_URL services.web.environment.APP_TOKEN"},
    {"dots", "explain services.web.labels.com.example.team "
             "services.web.labels.\"com.example.team\""},
    {"measures", "-f measures.yaml explain services.web"},
    {"measures_json", "-f measures.yaml explain services.web.mem_limit --format json"},
    {"parts", "-f parts.yaml -f parts.dev.yaml -f parts.test.yaml explain services.web "
              "services.web.command services.web.ports services.web.expose "
              "services.web.environment"},
    {"sources", "--env-file sources.env -f sources.yaml explain services.web"},
    {"sources_json", "--env-file sources.env -f sources.yaml explain --format json "
                     "services.web.command[2] services.web.environment.URL"},
    {"unused", "explain --unused"},
    {"unused_json", "explain --unused --format json"},
};

static void test_golden(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        AUTO_TEXT got = {0};
        AUTO_TEXT file = {0};

        golden_run("testdata/explain", cases[i].line, env, &got);
        str_addf(&file, "explain/%s.golden", cases[i].golden);
        golden_check(str_text(&file), str_text(&got));
        if (!strstr(cases[i].line, "--show-secrets"))
            assert_null(strstr(str_text(&got), "hunter2"));
    }
}

static const struct {
    const char *args, *want;
} errors[] = {
    {"", "a PATH such as services.web.image is missing, or --unused\n"},
    {"--unused x", "--unused takes no PATH\n"},
    {"--format xml x", "invalid value for --format: \"xml\", expected \"text\" or \"json\"\n"},
    {"web", "the model has no 'web'; did you mean 'services.web'?\n"},
    {"servces.web", "the model has no 'servces'; did you mean 'services'?\n"},
    {"services.web.imag", "'services.web' has no 'imag'; did you mean 'services.web.image'?\n"},
    {"services.zzzzz", "'services' has no 'zzzzz'; there is: base, web, inc\n"},
    {"services.web.environment.APP_TOKE",
     "'services.web.environment' has no 'APP_TOKE'; did you mean "
     "'services.web.environment.APP_TOKEN'?\n"},
    {"services.web.ports[7]", "'services.web.ports' has 3 items, the first is [0]\n"},
    {"services.web.image[0]", "'services.web.image' is no list\n"},
    {"services.web.ports[x]", "invalid path: a number from 0 on is missing at '[x]'\n"},
    {"services.web.ports[0", "invalid path: ']' is missing at '[0'\n"},
    {"services..web", "invalid path: a key is missing at '.web'\n"},
    {"services.\"web", "invalid path: a quote is missing at '\"web'\n"},
    {"services.\"web\"image", "invalid path: a '.' is missing at 'image'\n"},
    {"services.web.x-#environment",
     "'services.web' has no 'x-#environment'; did you mean 'services.web.environment'?\n"},
};

static void test_errors(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(errors); i++) {
        AUTO_TEXT got = {0};
        AUTO_TEXT line = {0};
        AUTO_TEXT want = {0};

        str_addf(&line, "explain %s", errors[i].args);
        golden_run("testdata/explain", str_text(&line), env, &got);
        str_addf(&want, "$ mcompose %s\n%sexit code 1\n", str_text(&line), errors[i].want);
        assert_string_equal(str_text(&got), str_text(&want));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_golden),
        cmocka_unit_test(test_errors),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
