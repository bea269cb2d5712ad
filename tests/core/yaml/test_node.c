#include "core/yaml/node.h"

#include "core/base/arena.h"
#include "core/base/str.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

enum { MANY = 5000 };

static const struct loc nowhere;

static struct node *numbers(struct arena *a, size_t count)
{
    struct node *map = node_new(a, NODE_MAP, nowhere);
    AUTO_TEXT key = {0};

    for (size_t i = 0; i < count; i++) {
        str_clear(&key);
        str_addf(&key, "k%zu", i);
        node_set(a, map, str_text(&key), nowhere, node_int(a, nowhere, (int64_t)i));
    }
    return map;
}

/* The same on both sides of the size from which an index is used. */
static void test_map(void **state)
{
    static const size_t sizes[] = {0, 1, 7, 8, 9, 16, 17, 100, MANY};

    (void)state;
    for (size_t s = 0; s < sizeof sizes / sizeof sizes[0]; s++) {
        struct arena *a = arena_new();
        struct node *map = numbers(a, sizes[s]);
        AUTO_TEXT key = {0};

        assert_int_equal(node_len(map), sizes[s]);
        for (size_t i = 0; i < sizes[s]; i++) {
            str_clear(&key);
            str_addf(&key, "k%zu", i);
            assert_string_equal(map->map.pairs[i].key, key.data);
            assert_int_equal(node_get(map, key.data)->integer, i);
        }
        assert_null(node_get(map, "k"));
        assert_null(node_get(map, "nothing"));
        arena_free(a);
    }
}

static void test_replace_and_remove(void **state)
{
    struct arena *a = arena_new();
    struct node *map = numbers(a, 20);
    struct loc loc = {.file = "f", .line = 3, .col = 4};

    (void)state;
    node_set(a, map, "k3", loc, node_bool(a, loc, true));
    assert_int_equal(node_len(map), 20);
    assert_string_equal(map->map.pairs[3].key, "k3");
    assert_int_equal(map->map.pairs[3].loc.line, 3);
    assert_true(node_get(map, "k3")->boolean);
    for (size_t i = 0; i < 19; i++) {
        AUTO_TEXT key = {0};

        str_addf(&key, "k%zu", i);
        assert_true(node_remove(map, key.data));
        assert_false(node_remove(map, key.data));
        assert_null(node_get(map, key.data));
        assert_int_equal(node_get(map, "k19")->integer, 19);
    }
    assert_int_equal(node_len(map), 1);
    arena_free(a);
}

static void test_touch(void **state)
{
    struct arena *a = arena_new();
    struct node *map = numbers(a, 20);
    struct node_pair first;

    (void)state;
    assert_non_null(node_get(map, "k0"));
    first = map->map.pairs[0];
    map->map.pairs[0] = map->map.pairs[19];
    map->map.pairs[19] = first;
    map->map.pairs[5].key = "new";
    node_touch(map);
    assert_int_equal(node_get(map, "k0")->integer, 0);
    assert_int_equal(node_get(map, "k19")->integer, 19);
    assert_int_equal(node_get(map, "new")->integer, 5);
    assert_null(node_get(map, "k5"));
    arena_free(a);
}

static void test_copy_and_equal(void **state)
{
    struct arena *a = arena_new();
    struct node *map = numbers(a, 12), *list = node_new(a, NODE_LIST, nowhere), *copy;
    struct node *nan_one = node_new(a, NODE_FLOAT, nowhere);
    struct node *nan_two = node_new(a, NODE_FLOAT, nowhere);

    (void)state;
    node_add(a, list, node_string(a, nowhere, "x"));
    node_add(a, list, node_int(a, nowhere, 3));
    node_set(a, map, "list", nowhere, list);
    copy = node_copy(a, map);
    assert_true(node_equal(map, copy));
    node_add(a, node_get(copy, "list"), node_bool(a, nowhere, false));
    assert_int_equal(node_len(list), 2);
    assert_false(node_equal(map, copy));
    assert_true(node_remove(copy, "list"));
    assert_non_null(node_get(map, "list"));
    assert_false(node_equal(map, copy));
    assert_false(node_equal(node_int(a, nowhere, 1), node_bool(a, nowhere, true)));
    assert_false(node_equal(map, NULL));
    nan_one->real = nan_two->real = NAN;
    assert_true(node_equal(nan_one, nan_two));
    nan_two->real = 1;
    assert_false(node_equal(nan_one, nan_two));
    assert_true(node_equal(NULL, NULL));
    assert_null(node_copy(a, NULL));
    arena_free(a);
}

static void test_order_means_nothing(void **state)
{
    struct arena *a = arena_new();
    struct node *x = node_new(a, NODE_MAP, nowhere), *y = node_new(a, NODE_MAP, nowhere);

    (void)state;
    node_set(a, x, "a", nowhere, node_int(a, nowhere, 1));
    node_set(a, x, "b", nowhere, node_int(a, nowhere, 2));
    node_set(a, y, "b", nowhere, node_int(a, nowhere, 2));
    assert_false(node_equal(x, y));
    node_set(a, y, "a", nowhere, node_int(a, nowhere, 1));
    assert_true(node_equal(x, y));
    arena_free(a);
}

static void test_path(void **state)
{
    struct arena *a = arena_new();
    struct node *top = node_new(a, NODE_MAP, nowhere), *build = node_new(a, NODE_MAP, nowhere);

    (void)state;
    node_set(a, top, "build", nowhere, build);
    node_set(a, build, "context", nowhere, node_string(a, nowhere, "."));
    assert_string_equal(node_text(node_path(top, "build.context")), ".");
    assert_ptr_equal(node_path(top, "build"), build);
    assert_null(node_path(top, "build.args.x"));
    assert_null(node_path(top, "build.context.x"));
    assert_null(node_get(NULL, "x"));
    arena_free(a);
}

static void test_scalar_text(void **state)
{
    struct arena *a = arena_new();
    struct node *real = node_new(a, NODE_FLOAT, nowhere), *big = node_new(a, NODE_UINT, nowhere);
    AUTO_TEXT out = {0};

    (void)state;
    real->real = 1000000;
    big->uinteger = UINT64_MAX;
    node_scalar_text(real, &out);
    str_addc(&out, ' ');
    node_scalar_text(big, &out);
    str_addc(&out, ' ');
    node_scalar_text(node_int(a, nowhere, -5), &out);
    str_addc(&out, ' ');
    node_scalar_text(node_bool(a, nowhere, true), &out);
    node_scalar_text(node_new(a, NODE_NULL, nowhere), &out);
    node_scalar_text(node_string(a, nowhere, "!"), &out);
    assert_string_equal(out.data, "1e+06 18446744073709551615 -5 true!");
    assert_string_equal(node_kind_name(real), "number");
    assert_string_equal(node_kind_name(big), "integer");
    assert_string_equal(node_kind_name(NULL), "null");
    arena_free(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_map),
        cmocka_unit_test(test_replace_and_remove),
        cmocka_unit_test(test_touch),
        cmocka_unit_test(test_copy_and_equal),
        cmocka_unit_test(test_order_means_nothing),
        cmocka_unit_test(test_path),
        cmocka_unit_test(test_scalar_text),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
