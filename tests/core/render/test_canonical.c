/* Texts as they are kept in labels. */
#include "core/render/canonical.h"

#include "core/base/attr.h"
#include "core/base/str.h"
#include "core/model/model.h"
#include "tests/lib/fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define TEN "0123456789"

static const struct {
    const char *key, *text, *shown;
} cases[] = {
    {"LEVEL", "info", "info"},
    {"LEVEL", "", ""},
    {"DB_PASSWORD", "x", "***"},
    {"db_password", "x", "***"},
    {"DB_PASSWORD", "", ""},
    {"url", "http://host/p?q=a:b@c", "http://host/p?q=a:b@c"},
    {"url", "http://me@host/", "http://me@host/"},
    {"url", "http://me:@host/", "http://me:@host/"},
    {"url", "http://me:a@b@host/", "http://me:***@host/"},
    {"url", "a://b:c@d and e://f:g@h", "a://b:***@d and e://f:***@h"},
    {"url", "://", "://"},
};

static void test_texts(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        AUTO_TEXT kept = {0};
        AUTO_TEXT shown = {0};

        canonical_text(cases[i].key, cases[i].text, &kept);
        canonical_shown(str_text(&kept), &shown);
        assert_string_equal(str_text(&shown), cases[i].shown);
        if (strstr(cases[i].shown, "***"))
            assert_int_not_equal(kept.len, shown.len);
    }
}

static void kept(const char *key, const char *text, struct str *out)
{
    str_clear(out);
    canonical_text(key, text, out);
}

static void test_digests(void **state)
{
    AUTO_TEXT a = {0};
    AUTO_TEXT b = {0};

    (void)state;
    kept("A_TOKEN", "x", &a);
    kept("A_TOKEN", "x", &b);
    assert_string_equal(str_text(&a), str_text(&b));
    kept("A_TOKEN", "y", &b);
    assert_string_not_equal(str_text(&a), str_text(&b));
    kept("B_TOKEN", "x", &b); /* the same secret elsewhere does not look the same */
    assert_string_not_equal(str_text(&a), str_text(&b));
}

static void test_long_texts(void **state)
{
    AUTO_TEXT text = {0};
    AUTO_TEXT a = {0};
    AUTO_TEXT b = {0};

    (void)state;
    for (int i = 0; i < 30; i++)
        str_add(&text, TEN);
    kept("k", str_text(&text), &a);
    assert_true(a.len < 100 && str_has_prefix(str_text(&a), TEN TEN));
    str_addc(&text, '!');
    kept("k", str_text(&text), &b);
    assert_string_not_equal(str_text(&a), str_text(&b));
}

/* Where a secret variable went in, whatever the key. */
static void test_secret_variables(void **state)
{
    struct fixture f;
    AUTO_TEXT text = {0};

    (void)state;
    fixture_init(&f);
    f.environ[1] = (char *)"API_TOKEN=sesame";
    fixture_file(&f, "compose.yaml",
                 "services: {a: {image: x, command: ['--with', \"${API_TOKEN}\"], hostname: h}}\n");
    assert_non_null(fixture_load(&f));
    canonical_service(project_service(f.project, "a"), NULL, &text);
    assert_null(strstr(str_text(&text), "sesame"));
    assert_non_null(strstr(str_text(&text), "\"command\":[\"--with\",\"***"));
    assert_non_null(strstr(str_text(&text), "\"hostname\":\"h\""));
    fixture_done(&f);
}

static void test_objects(void **state)
{
    struct fixture f;
    AUTO_TEXT text = {0};

    (void)state;
    assert_non_null(fixture_compose(&f,
                                    "services: {a: {image: x, networks: [n], volumes: ['v:/v']}}\n"
                                    "networks: {n: {labels: {a: <b>}}}\nvolumes: {v: }\n"));
    canonical_network(project_network(f.project, "n"), &text);
    assert_string_equal(str_text(&text),
                        "{\"name\":\"test_n\",\"ipam\":{},\"labels\":{\"a\":\"<b>\"}}");
    str_clear(&text);
    canonical_volume(project_volume(f.project, "v"), &text);
    assert_string_equal(str_text(&text), "{\"name\":\"test_v\",\"driver\":\"local\"}");
    fixture_done(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_texts),      cmocka_unit_test(test_digests),
        cmocka_unit_test(test_long_texts), cmocka_unit_test(test_secret_variables),
        cmocka_unit_test(test_objects),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
