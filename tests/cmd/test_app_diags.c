/* What is printed about files that are wrong: testdata/diagnostics. */
#include "tests/cmd/golden.h"

static char home[] = "HOME=/nonexistent";
static char *const env[] = {home, NULL};

static const struct {
    const char *golden, *line;
} cases[] = {
    {"values", "-f values.yaml config -q"},
    {"merged", "-f values.yaml -f values.override.yaml config -q"},
    {"json", "--diagnostics=json -f values.yaml -f values.override.yaml config -q"},
    {"secrets", "-f secrets.yaml config -q"},
    {"tags", "-f tags.yaml config -q"},
    {"lax", "-f strict.yaml config -q"},
    {"strict", "--strict -f strict.yaml config -q"},
    {"names", "-f names.yaml config -q"},
    {"elsewhere", "-f elsewhere.yaml config -q"},
    {"dollars", "-f dollars.yaml config -q"},
    {"syntax", "-f syntax.yaml config -q"},
};

static void test_golden(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        AUTO_TEXT got = {0};
        AUTO_TEXT file = {0};

        golden_run("testdata/diagnostics", cases[i].line, env, &got);
        str_addf(&file, "diagnostics/%s.golden", cases[i].golden);
        golden_check(str_text(&file), str_text(&got));
        assert_null(strstr(str_text(&got), "hunter2"));
    }
}

static void test_option(void **state)
{
    AUTO_TEXT got = {0};

    (void)state;
    golden_run("testdata/diagnostics", "--diagnostics=xml config", env, &got);
    assert_string_equal(str_text(&got),
                        "$ mcompose --diagnostics=xml config\n"
                        "invalid value for --diagnostics: \"xml\", expected \"text\" or \"json\"\n"
                        "exit code 1\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_golden),
        cmocka_unit_test(test_option),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
