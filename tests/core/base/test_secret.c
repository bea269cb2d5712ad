#include "core/base/secret.h"

#include "core/base/attr.h"
#include "core/base/str.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

static const struct {
    const char *name;
    bool secret;
} names[] = {
    {"DB_PASSWORD", true},   {"apiToken", true},     {"db_pass", true}, {"SMTP-PASS", true},
    {"SA_PWD", true},        {"PWD", false},         {"OLDPWD", false}, {"BYPASS", false},
    {"PASS_THROUGH", false}, {"PRIMARY_KEY", false}, {"", false},       {"_PASS", false},
};

static void test_names(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(names); i++)
        if (is_secret_name(names[i].name) != names[i].secret)
            fail_msg("%s", names[i].name);
}

/* line: of a YAML file; else the text of a message. */
static const struct {
    bool line;
    const char *in, *want;
} texts[] = {
    {false, "postgres://app:pw@db/x", "postgres://app:***@db/x"},
    {false, "see http://h:80/a@b", "see http://h:80/a@b"},
    {false, "http://h/?m=a:b@c", "http://h/?m=a:b@c"},
    {false, "x://a:p@ss@h y://b:q@h", "x://a:***@h y://b:***@h"},
    {false, "u://a:${DB_PASSWORD}@h", "u://a:${DB_PASSWORD}@h"},
    {false, "u://a:${DB_PASSWORD:-pw}@h", "u://a:***@h"},
    {false, "API_KEY=abc", "API_KEY=***"},
    {false, "'--token=abc'", "'--token=***'"},
    {false, "TOKEN=$TOKEN", "TOKEN=$TOKEN"},
    {false, "TOKEN: abc", "TOKEN: abc"},
    {false, "PORT=80", "PORT=80"},
    {false, "TOKEN=", "TOKEN="},
    {false, "unknown option --password for 'web'", "unknown option --password for 'web'"},
    {true, "command: [\"--password\", hunter2]", "command: [\"--password\", *******]"},
    {true, "command: [--password, hun,ter2, b]", "command: [--password, ********, b]"},
    {true, "command: [\"--api-key\",\"hunter2\",b]", "command: [\"--api-key\",\"*******\",b]"},
    {true, "command: [--token, !!int hunter2]", "command: [--token, **************"},
    {true, "command: \"x --password \\\"hun ter\\\" y\"",
     "command: \"x --password \\\"*******\\\" y\""},
    {true, "command: 'x --password ''hun ter'' y'", "command: 'x --password ''*******'' y'"},
    {true, "command: [--password, 'it''s me', b]", "command: [--password, '********', b]"},
    {true, "{DB_PASSWORD: 'it''s me', A: b}", "{DB_PASSWORD: '********', A: b}"},
    {true, "command: [--password-file, /run/x, --no-tokens, a]",
     "command: [--password-file, /run/x, --no-tokens, a]"},
    {true, "- --password", "- --password"},
    {true, "  DB_PASSWORD: hunter2", "  DB_PASSWORD: *******"},
    {true, "  DB_PASSWORD: \"hun ter\" # x", "  DB_PASSWORD: \"*******\" # x"},
    {true, "  DB_PASSWORD: !!str \"hun ter\"", "  DB_PASSWORD: ***************"},
    {true, "  DB_PASSWORD: !!int leak", "  DB_PASSWORD: **********"},
    {true, "  DB_PASSWORD: !hunter2 x", "  DB_PASSWORD: **********"},
    {true, "{DB_PASSWORD: &hunter2, A: b}", "{DB_PASSWORD: ***************"},
    {true, "  'my.token': 'x y'", "  'my.token': '***'"},
    {true, "{A: 1, TOKEN: pw, B: 2}", "{A: 1, TOKEN: **, B: 2}"},
    {true, "TOKEN: {a: b}", "TOKEN: ******"},
    {true, "TOKEN: ${T}", "TOKEN: ${T}"},
    {true, "TOKEN:", "TOKEN:"},
    {true, "secrets: [a]", "secrets: [a]"},
    {true, "- API_TOKEN=h\xc3\xa9", "- API_TOKEN=**"},
    {true, "image: a/token:1", "image: a/token:1"},
    {true, "- TOKEN=a b # c", "- TOKEN=*******"},
    {true, "[\"TOKEN=a b\", 1]", "[\"TOKEN=***\", 1]"},
    {true, "['TOKEN=a,\"b', 1]", "['TOKEN=****', 1]"},
    {true, "[\"TOKEN =a\", b]", "[\"TOKEN =*\", b]"},
    {true, "[TOKEN=a b, c]", "[TOKEN=***, c]"},
};

static void test_masks(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
        AUTO_TEXT got = {0};

        if (texts[i].line)
            secret_mask_line(texts[i].in, strlen(texts[i].in), &got);
        else
            secret_mask(texts[i].in, strlen(texts[i].in), &got);
        assert_string_equal(str_text(&got), texts[i].want);
    }
}

static const struct {
    const char *in, *want;
} values[] = {
    {"mysql --password hunter2 db", "mysql --password *** db"},
    {"mysql --db-password 'hun ter' -p 80", "mysql --db-password '***' -p 80"},
    {"x -password hunter2", "x -password ***"},
    {"x --private-key k", "x --private-key ***"},
    {"--token --quiet --token $T --token", "--token --quiet --token $T --token"},
    {"no-token here", "no-token here"},
    {"[\"--token\", \"a b\"]", "[\"--token\", \"***\"]"},
    {"--token-ttl 5 --token-file f", "--token-ttl 5 --token-file f"},
};

static void test_values(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(values); i++) {
        AUTO_TEXT got = {0};

        secret_mask_value(values[i].in, strlen(values[i].in), &got);
        assert_string_equal(str_text(&got), values[i].want);
    }
}

static void test_url(void **state)
{
    static const char text[] = "x://h:1/ y://a:pw@h z://b:q@h";
    const char *end, *found = secret_url_password(text, &end);

    (void)state;
    assert_ptr_equal(found, strstr(text, "pw@"));
    assert_ptr_equal(end, strstr(text, "@h z"));
    assert_ptr_equal(secret_url_password(end, &end), strstr(text, "q@h"));
    assert_null(secret_url_password(end, &end));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_names),
        cmocka_unit_test(test_masks),
        cmocka_unit_test(test_values),
        cmocka_unit_test(test_url),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
