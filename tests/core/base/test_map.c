#include "core/base/map.h"

#include "core/base/str.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

static void test_set_get_remove(void **state)
{
    struct map m = {0};
    int one, two;

    (void)state;
    assert_null(map_get(&m, "a"));
    assert_false(map_remove(&m, "a"));
    assert_null(map_set(&m, "a", &one));
    assert_null(map_set(&m, "null", NULL));
    assert_ptr_equal(map_set(&m, "a", &two), &one);
    assert_ptr_equal(map_get(&m, "a"), &two);
    assert_true(map_has(&m, "null"));
    assert_null(map_get(&m, "null"));
    assert_null(map_set(&m, "", &one));
    assert_ptr_equal(map_get(&m, ""), &one);
    assert_int_equal(m.len, 3);
    assert_true(map_remove(&m, "a"));
    assert_false(map_has(&m, "a"));
    assert_string_equal(m.entries[0].key, "null");
    assert_string_equal(m.entries[1].key, "");
    assert_ptr_equal(map_get(&m, ""), &one);
    map_done(&m);
    assert_false(map_has(&m, "null"));
}

static void test_many(void **state)
{
    static char values[50000];
    struct map m = {0};
    AUTO_TEXT key = {0};

    (void)state;
    for (size_t i = 0; i < sizeof values; i++) {
        str_clear(&key);
        str_addf(&key, "key%zu", i);
        assert_null(map_set(&m, key.data, &values[i]));
    }
    assert_int_equal(m.len, sizeof values);
    for (size_t i = 0; i < sizeof values; i++) {
        assert_ptr_equal(m.entries[i].value, &values[i]);
        assert_ptr_equal(map_get(&m, m.entries[i].key), &values[i]);
    }
    assert_false(map_has(&m, "key50000"));
    for (size_t i = 0; i < 50; i++) {
        str_clear(&key);
        str_addf(&key, "key%zu", i * 997);
        assert_true(map_remove(&m, key.data));
        assert_false(map_has(&m, key.data));
    }
    for (size_t i = 1; i < m.len; i++)
        assert_true((char *)m.entries[i - 1].value < (char *)m.entries[i].value);
    map_done(&m);
}

/* What this program prints when it is started with an argument. */
static uint64_t hash_elsewhere(void)
{
    uint64_t hash = 0;
    int fds[2], status;
    pid_t pid;

    assert_int_equal(pipe(fds), 0);
    pid = fork();
    if (pid == 0) {
        dup2(fds[1], STDOUT_FILENO);
        execl("/proc/self/exe", "test_map", "hash", (char *)NULL);
        _exit(127);
    }
    assert_true(pid > 0);
    assert_int_equal(read(fds[0], &hash, sizeof hash), sizeof hash);
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_int_equal(status, 0);
    close(fds[0]);
    close(fds[1]);
    return hash;
}

/* Keys that meet cannot be written into a file beforehand: every process has other hashes. */
static void test_hash_is_keyed(void **state)
{
    uint64_t first = hash_elsewhere();

    (void)state;
    assert_int_not_equal(first, hash_elsewhere());
    assert_int_equal(map_hash("key", 3), map_hash("key", 3));
    assert_int_not_equal(map_hash("a234567", 7), map_hash("b234567", 7));
    assert_int_not_equal(map_hash("1234567a", 8), map_hash("1234567b", 8));
    assert_int_not_equal(map_hash("12345678a", 9), map_hash("12345678b", 9));
    assert_int_not_equal(map_hash("\0", 1), map_hash("\0\0", 2));
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_set_get_remove),
        cmocka_unit_test(test_many),
        cmocka_unit_test(test_hash_is_keyed),
    };

    (void)argv;
    if (argc > 1) {
        uint64_t hash = map_hash("key", 3);

        return write(STDOUT_FILENO, &hash, sizeof hash) != sizeof hash;
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}
