#include "core/load/env.h"

#include "core/base/arena.h"
#include "core/base/attr.h"
#include "core/base/secret.h"
#include "core/base/str.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static const struct loc from_file = {.file = ".env", .line = 2, .col = 1};

static void test_set(void **state)
{
    struct arena *a = arena_new();
    struct env *e = env_new(a);

    (void)state;
    assert_null(env_get(e, "A"));
    env_set(e, "A", "1", loc_none());
    env_set(e, "B", "", loc_none());
    env_set(e, "A", "2", from_file);
    assert_string_equal(env_get(e, "A"), "2");
    assert_string_equal(env_get(e, "B"), "");
    assert_int_equal(env_find(e, "A")->loc.line, 2);
    assert_false(env_set_default(e, "B", "x", from_file));
    assert_true(env_set_default(e, "C", "x", from_file));
    assert_int_equal(env_count(e), 3);
    assert_string_equal(env_at(e, 0)->name, "A");
    assert_string_equal(env_at(e, 2)->name, "C");
    assert_null(env_get(NULL, "A"));
    arena_free(a);
}

static void test_scopes(void **state)
{
    struct arena *a = arena_new();
    struct env *up = env_new(a), *e = env_scope(a, up);

    (void)state;
    env_set(up, "A", "up", loc_none());
    assert_string_equal(env_get(e, "A"), "up");
    assert_false(env_set_default(e, "A", "x", loc_none()));
    assert_string_equal(env_get(e, "A"), "up");
    env_set(e, "A", "own", loc_none());
    assert_string_equal(env_get(e, "A"), "own");
    assert_string_equal(env_get(up, "A"), "up");
    arena_free(a);
}

static void test_losers(void **state)
{
    static const struct loc earlier = {.file = ".env", .line = 1, .col = 1};
    struct arena *a = arena_new();
    struct env *e = env_new(a), *read = env_new(a), *scope = env_scope(a, e);
    const struct variable *v;

    (void)state;
    env_set(e, "A", "shell", (struct loc){.file = ""});
    env_set(read, "A", "first", earlier);
    env_set(read, "A", "second", from_file);
    assert_false(env_adopt(e, env_at(read, 0)));
    assert_false(env_adopt(e, env_at(read, 0))); /* once is enough */
    assert_false(env_at(e, 0)->read);
    assert_true(env_has(e, "A"));
    assert_false(env_at(e, 0)->read);
    v = env_find(e, "A");
    assert_true(v->read);
    assert_string_equal(v->value, "shell");
    assert_string_equal(v->lost->value, "second");
    assert_string_equal(v->lost->lost->value, "first");
    assert_null(v->lost->lost->lost);

    /* what loses in a scope is not seen above, but reading is */
    env_set(e, "B", "up", from_file);
    assert_false(env_set_default(scope, "B", "own", earlier));
    assert_string_equal(env_find(scope, "B")->value, "up");
    assert_string_equal(env_find(scope, "B")->lost->value, "own");
    assert_true(env_at(e, 1)->read);
    assert_null(env_at(e, 1)->lost);
    arena_free(a);
}

static void test_many(void **state)
{
    struct arena *a = arena_new();
    struct env *e = env_new(a);
    AUTO_TEXT name = {0};

    (void)state;
    for (int i = 0; i < 5000; i++) {
        str_clear(&name);
        str_addf(&name, "NAME_%d", i);
        env_set(e, name.data, name.data + 5, loc_none());
    }
    for (int i = 0; i < 5000; i++) {
        str_clear(&name);
        str_addf(&name, "NAME_%d", i);
        assert_string_equal(env_get(e, name.data), name.data + 5);
    }
    assert_null(env_get(e, "NAME_5000"));
    arena_free(a);
}

static const struct {
    const char *name;
    bool secret;
} names[] = {
    {"DB_PASSWORD", true}, {"password", true},    {"MYSQL_ROOT_PASSWORD_FILE", true},
    {"PASSWD", true},      {"API_TOKEN", true},   {"MY_API_KEY", true},
    {"APIKEY", true},      {"Secret_x", true},    {"AWS_SECRET_ACCESS_KEY", true},
    {"PRIVATE_KEY", true}, {"CREDENTIALS", true}, {"GPG_PASSPHRASE", true},
    {"USER", false},       {"KEY", false},        {"PASS", false},
    {"", false},           {"SECRE", false},      {"TAG", false},
};

static void test_secrets(void **state)
{
    struct arena *a = arena_new();
    struct env *e = env_new(a);

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(names); i++) {
        if (is_secret_name(names[i].name) != names[i].secret)
            fail_msg("%s", names[i].name);
        env_set(e, names[i].name, "x", loc_none());
        assert_int_equal(env_find(e, names[i].name)->secret, names[i].secret);
    }
    arena_free(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_set),  cmocka_unit_test(test_scopes),  cmocka_unit_test(test_losers),
        cmocka_unit_test(test_many), cmocka_unit_test(test_secrets),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
