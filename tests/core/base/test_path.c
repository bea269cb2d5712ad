#include "core/base/path.h"

#include "core/base/arena.h"
#include "core/base/err.h"
#include "core/base/str.h"

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

static struct arena *a;

static int setup(void **state)
{
    (void)state;
    a = arena_new();
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    arena_free(a);
    return 0;
}

static const struct {
    const char *in, *clean, *dir, *base;
} cases[] = {
    {"", ".", ".", ""},
    {".", ".", ".", "."},
    {"/", "/", "/", ""},
    {"//", "/", "/", ""},
    {"a", "a", ".", "a"},
    {"a/", "a", "a", ""},
    {"./a", "a", ".", "a"},
    {"/a/b", "/a/b", "/a", "b"},
    {"/a//b/./c", "/a/b/c", "/a/b", "c"},
    {"/a/../b", "/b", "/", "b"},
    {"a/..", ".", "a", ".."},
    {"..", "..", ".", ".."},
    {"../..", "../..", "..", ".."},
    {"../a/..", "..", "../a", ".."},
    {"a/../../b", "../b", "..", "b"},
    {"/..", "/", "/", ".."},
    {"/../../a", "/a", "/", "a"},
    {"a/b/../../..", "..", ".", ".."},
    {"..a/b", "..a/b", "..a", "b"},
    {"a..", "a..", ".", "a.."},
    {"/a/...", "/a/...", "/a", "..."},
};

static void test_clean(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        assert_string_equal(path_clean(a, cases[i].in), cases[i].clean);
        assert_string_equal(path_dir(a, cases[i].in), cases[i].dir);
        assert_string_equal(path_base(cases[i].in), cases[i].base);
    }
}

static void test_join(void **state)
{
    (void)state;
    assert_string_equal(path_join(a, "/a", "../b"), "/b");
    assert_string_equal(path_join(a, "", "b/"), "b");
    assert_string_equal(path_join(a, "a", ""), "a");
    assert_string_equal(path_join(a, "", ""), "");
    assert_string_equal(path_join(a, "/a", "/b"), "/a/b");
    assert_string_equal(path_abs(a, "/a", "b"), "/a/b");
    assert_string_equal(path_abs(a, "/a", "/b/."), "/b");
}

static void test_rel(void **state)
{
    static const struct {
        const char *base, *target, *want;
    } rel[] = {
        {"/a/b", "/a/b", "."},      {"/a/b", "/a/b/c", "c"},
        {"/a/b", "/a", ".."},       {"/a/b", "/a/c", "../c"},
        {"/a/b", "/a/bc", "../bc"}, {"/", "/a/b", "a/b"},
        {"/a/b", "/", "../.."},     {"/", "/", "."},
        {"/a", "/b/c", "../b/c"},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rel); i++)
        assert_string_equal(path_rel(a, rel[i].base, rel[i].target), rel[i].want);
}

static void test_cwd(void **state)
{
    AUTO_STR real = getcwd(NULL, 0);
    AUTO_STR old = getenv("PWD") ? strdup(getenv("PWD")) : NULL;

    (void)state;
    setenv("PWD", "/nowhere", 1);
    assert_string_equal(path_cwd(a), real);
    setenv("PWD", real, 1);
    assert_string_equal(path_cwd(a), real);
    if (old)
        setenv("PWD", old, 1);
    assert_true(path_is_dir(path_cwd(a)));
}

static void test_read(void **state)
{
    AUTO_STR dir = strdup("/tmp/test_path.XXXXXX");
    AUTO_TEXT text = {0};
    AUTO_ERR err = {0};
    const char *file, *absent, *want;
    FILE *f;

    (void)state;
    assert_non_null(mkdtemp(dir));
    file = path_join(a, dir, "f");
    absent = path_join(a, dir, "absent");
    f = fopen(file, "w");
    assert_non_null(f);
    for (int i = 0; i < 20000; i++)
        fprintf(f, "%05d", i);
    fclose(f);

    assert_int_equal(path_read(file, 0, &text, &err), 0);
    assert_int_equal(text.len, 100000);
    assert_memory_equal(text.data + 99995, "19999", 6);
    assert_int_equal(path_read(file, 100000, &text, &err), 0);

    assert_int_equal(path_read(file, 99999, &text, &err), -1);
    want = arena_printf(a, "read %s: file too large", file);
    assert_string_equal(err_text(&err), want);
    assert_int_equal(text.len, 100000); /* as it was */
    assert_int_equal(path_read(absent, 0, &text, &err), -1);
    assert_int_equal(errno, ENOENT);
    want = arena_printf(a, "open %s: no such file or directory", absent);
    assert_string_equal(err_text(&err), want);
    assert_int_equal(path_read(dir, 0, &text, &err), -1);
    want = arena_printf(a, "read %s: is a directory", dir);
    assert_string_equal(err_text(&err), want);
    assert_true(path_exists(file) && !path_is_dir(file) && !path_exists(absent));
    unlink(file);
    rmdir(dir);
}

/* A FIFO is awaited: not for ever before anybody writes, and to its end once somebody does. */
static void test_fifo(void **state)
{
    AUTO_STR dir = strdup("/tmp/test_path.XXXXXX");
    AUTO_TEXT text = {0};
    AUTO_ERR err = {0};
    const char *fifo, *want;
    pid_t pid;
    int status;

    (void)state;
    assert_non_null(mkdtemp(dir));
    fifo = path_join(a, dir, "f");
    assert_int_equal(mkfifo(fifo, 0600), 0);
    assert_int_equal(path_read(fifo, 0, &text, &err), -1);
    want = arena_printf(a, "read %s: nobody writes to this FIFO", fifo);
    assert_string_equal(err_text(&err), want);
    pid = fork();
    if (pid == 0) {
        int fd = open(fifo, O_WRONLY | O_CLOEXEC);
        bool written = usleep(20000) == 0 && write(fd, "a", 1) == 1 && usleep(20000) == 0 &&
                       write(fd, "b", 1) == 1;

        _exit(!written);
    }
    assert_int_equal(path_read(fifo, 0, &text, &err), 0);
    assert_string_equal(str_text(&text), "ab");
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_int_equal(status, 0);
    unlink(fifo);
    rmdir(dir);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_clean), cmocka_unit_test(test_join), cmocka_unit_test(test_rel),
        cmocka_unit_test(test_cwd),   cmocka_unit_test(test_read), cmocka_unit_test(test_fifo),
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
