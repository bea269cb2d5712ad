#include "core/base/attr.h"
#include "core/model/model.h"
#include "tests/lib/fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* "K=V K2=V2 N" with N null, of the first service. */
static const char *entries(const struct mapping *m, struct str *out)
{
    str_clear(out);
    for (size_t i = 0; i < m->len; i++) {
        str_addf(out, "%s%s", i ? " " : "", m->entries[i].key);
        if (m->entries[i].value)
            str_addf(out, "=%s", m->entries[i].value);
    }
    return str_text(out);
}

/* What files a and b and the service say, and what comes of it. */
static const struct {
    const char *service, *a, *b, *environment;
} cases[] = {
    {"env_file: a", "X=1\nY=\n", "", "X=1 Y="},
    {"env_file: [a, b]", "X=1\nY=a\n", "Y=b\n", "X=1 Y=b"},
    {"env_file: a, environment: {X: mine}", "X=1\nY=2\n", "", "X=mine Y=2"},
    {"env_file: a, environment: [X]", "X=1\n", "", "X"},
    {"env_file: a, environment: [HOME]", "HOME=1\n", "", "HOME=/home/user"},
    {"env_file: [a, b]", "X=1\n", "Y=${X}2 \nZ=$HOME\n", "X=1 Y=12 Z=/home/user"},
    {"env_file: a, environment: {V: v}", "X=$V\n", "", "V=v X=v"},
    {"env_file: a, environment: {V: v}", "V=file\nX=$V\n", "", "V=v X=v"},
    {"env_file: [a, b]", "V=a\n", "V=b\nX=$V\n", "V=b X=b"},
    {"env_file: [a, b]", "V=a\n", "X=$V\nV=b\n", "V=b X=a"},
    {"env_file: a", "V=1\nV\nX=${HOME}\nHOME=/\n", "", "HOME=/ V=1 X=/home/user"},
    {"env_file: [a, {path: b, required: false}, {path: c, required: false}]", "X=1\n", "Y=2\n",
     "X=1 Y=2"},
    {"env_file: [{path: a, format: raw}]", "X='$V' # x\n", "", "X='$V' # x"},
    {"env_file: a", "HOME\nNOPE\n", "", "HOME=/home/user"},
    {"environment: {HOME: , NOPE: }", "", "", "HOME=/home/user NOPE"},
};

static void load(struct fixture *f, const char *service, const char *a, const char *b)
{
    AUTO_TEXT yaml = {0};

    fixture_init(f);
    str_addf(&yaml, "services:\n  s: {image: x, %s}\n", service);
    fixture_file(f, "compose.yaml", str_text(&yaml));
    fixture_file(f, "a", a);
    fixture_file(f, "b", b);
    fixture_load(f);
}

static void test_cases(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct fixture f;
        AUTO_TEXT got = {0};

        load(&f, cases[i].service, cases[i].a, cases[i].b);
        if (!f.project)
            fail_msg("case %zu: %s", i, fixture_messages(&f));
        assert_string_equal(entries(&f.project->services.items[0]->environment, &got),
                            cases[i].environment);
        assert_int_equal(f.project->services.items[0]->env_file.len, 0);
        fixture_done(&f);
    }
}

static void test_labels(void **state)
{
    struct fixture f;
    AUTO_TEXT got = {0};

    (void)state;
    load(&f, "label_file: [a, b], labels: {Z: 1}", "X=1\nY=2\n", "X=9\nY=${X}3\nZ=${HOME:-none}\n");
    if (!f.project)
        fail_msg("%s", fixture_messages(&f));
    assert_string_equal(entries(&f.project->services.items[0]->labels, &got), "X=9 Y=13 Z=1");
    fixture_done(&f);
}

static const struct {
    const char *service, *want;
} errors[] = {
    {"env_file: [a, nope.env]", "compose.yaml:2:31: error: services.s.env_file: env file "
                                "@DIR@/nope.env not found: stat @DIR@/nope.env: no "
                                "such file or directory\n"},
    {"env_file: .", "compose.yaml:2:27: error: services.s.env_file: failed to read @DIR@: read "
                    "@DIR@: is a directory\n"},
    {"label_file: nope", "compose.yaml:2:29: error: services.s.label_file: label file @DIR@/nope "
                         "not found: stat @DIR@/nope: no "
                         "such file or directory\n"},
    {"env_file: [{path: a, format: bogus}]",
     "compose.yaml:2:46: error: services.s.env_file: unsupported env_file format \"bogus\"\n"},
};

static void test_errors(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(errors); i++) {
        struct fixture f;

        load(&f, errors[i].service, "A=1\n", "");
        assert_null(f.project);
        assert_string_equal(fixture_messages(&f), errors[i].want);
        fixture_done(&f);
    }
}

/* Files of a service that is not enabled are not looked at. */
static void test_disabled(void **state)
{
    struct fixture f;

    (void)state;
    load(&f, "profiles: [p], env_file: nope", "", "");
    if (!f.project)
        fail_msg("%s", fixture_messages(&f));
    fixture_done(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cases),
        cmocka_unit_test(test_labels),
        cmocka_unit_test(test_errors),
        cmocka_unit_test(test_disabled),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
