#include "core/base/arena.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

static void test_alloc(void **state)
{
    struct arena *a = arena_new();
    char *before = NULL;

    (void)state;
    /* Sizes on both sides of a chunk's: zeroed, aligned, apart from one another. */
    for (size_t size = 0; size < 300000; size = size * 3 / 2 + 1) {
        char *p = arena_alloc(a, size);

        assert_int_equal((uintptr_t)p % _Alignof(max_align_t), 0);
        for (size_t i = 0; i < size; i++)
            assert_int_equal(p[i], 0);
        memset(p, 0xaa, size);
        if (before)
            assert_int_equal((unsigned char)*before, 0xaa);
        before = size ? p : NULL;
        arena_strdup(a, "x"); /* puts the next one off its alignment */
    }
    assert_true(arena_used(a) > 300000);
    /* And so many that every size of chunk is met, the largest several times. */
    for (int i = 0; i < 100000; i++) {
        char *p = arena_alloc(a, 100);

        for (size_t k = 0; k < 100; k++)
            assert_int_equal(p[k], 0);
        memset(p, 0xaa, 100);
    }
    arena_free(a);
    arena_free(NULL);
}

static void test_text(void **state)
{
    struct arena *a = arena_new();
    char *first = arena_strdup(a, "first");

    (void)state;
    assert_null(arena_strdup(a, NULL));
    for (int i = 0; i < 10000; i++) {
        char want[16];

        snprintf(want, sizeof want, "n%d", i);
        assert_string_equal(arena_printf(a, "n%d", i), want);
    }
    assert_string_equal(arena_strndup(a, "abcdef", 3), "abc");
    assert_string_equal(first, "first");
    arena_free(a);
}

static void test_grow(void **state)
{
    struct arena *a = arena_new();
    int *items = NULL;
    size_t cap = 0, moves = 0;

    (void)state;
    for (int i = 0; i < 10000; i++) {
        int *now = arena_grow(a, items, (size_t)i, &cap, (size_t)i + 1, sizeof *items);

        moves += now != items;
        items = now;
        items[i] = i;
    }
    for (int i = 0; i < 10000; i++)
        assert_int_equal(items[i], i);
    assert_true(moves < 30);
    arena_free(a);
}

static void test_limit(void **state)
{
    struct arena *a = arena_new();

    (void)state;
    arena_alloc(a, 1000);
    assert_false(arena_is_over(a));
    arena_limit(a, 1500);
    assert_false(arena_is_over(a));
    assert_non_null(arena_alloc(a, 501));
    assert_true(arena_is_over(a));
    arena_limit(a, 1501);
    assert_false(arena_is_over(a));
    arena_free(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_alloc),
        cmocka_unit_test(test_text),
        cmocka_unit_test(test_grow),
        cmocka_unit_test(test_limit),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
