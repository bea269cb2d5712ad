/* drivers/docker/{tar,context}.c: what is in the archive, read back with libarchive. */
#include "drivers/docker/context.h"

#include "core/base/err.h"
#include "core/base/str.h"
#include "drivers/docker/ignore.h"
#include "drivers/docker/tar.h"

#include <archive.h>
#include <archive_entry.h>

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* "name mode size link" a line */
static void list_tar(const struct str *tar, struct str *out)
{
    struct archive *a = archive_read_new();
    struct archive_entry *e;

    archive_read_support_format_tar(a);
    assert_int_equal(archive_read_open_memory(a, tar->data, tar->len), ARCHIVE_OK);
    while (archive_read_next_header(a, &e) == ARCHIVE_OK) {
        const char *link = archive_entry_symlink(e);

        assert_int_equal(archive_entry_uid(e), 0);
        assert_int_equal(archive_entry_gid(e), 0);
        str_addf(out, "%s %o", archive_entry_pathname(e), (unsigned)archive_entry_mode(e));
        if (archive_entry_filetype(e) == AE_IFREG)
            str_addf(out, " %lld", (long long)archive_entry_size(e));
        str_addf(out, "%s%s\n", link ? " -> " : "", link ? link : "");
    }
    archive_read_free(a);
}

static void make_file(int dir, const char *name, const char *text, mode_t mode)
{
    int fd = openat(dir, name, O_CREAT | O_WRONLY | O_TRUNC, 0600);

    assert_true(fd >= 0);
    assert_int_equal(write(fd, text, strlen(text)), (ssize_t)strlen(text));
    assert_int_equal(fchmod(fd, mode), 0);
    close(fd);
}

static void make_dir(int dir, const char *name, mode_t mode)
{
    assert_int_equal(mkdirat(dir, name, 0700), 0);
    assert_int_equal(fchmodat(dir, name, mode, 0), 0);
}

static void make_socket(const char *dir, const char *name)
{
    struct sockaddr_un at = {.sun_family = AF_UNIX};
    AUTO_TEXT path = {0};
    int fd = socket(AF_UNIX, SOCK_STREAM, 0);

    str_addf(&path, "%s/%s", dir, name);
    assert_true(path.len < sizeof at.sun_path);
    memcpy(at.sun_path, path.data, path.len + 1);
    assert_int_equal(bind(fd, (struct sockaddr *)&at, sizeof at), 0);
    close(fd);
}

static const char long_name[] =
    "a-name-of-more-than-a-hundred-bytes-"
    "0123456789012345678901234567890123456789012345678901234567890123456789.txt";

struct fixture {
    char dir[32];
    int fd;
};

static int setup(void **state)
{
    struct fixture *f = calloc(1, sizeof *f);

    memcpy(f->dir, "/tmp/test_tar.XXXXXX", sizeof "/tmp/test_tar.XXXXXX");
    assert_non_null(mkdtemp(f->dir));
    f->fd = open(f->dir, O_DIRECTORY | O_RDONLY);
    make_file(f->fd, "Dockerfile", "FROM x\n", 0644);
    make_file(f->fd, "b.sh", "#!/bin/sh\n", 0755);
    make_dir(f->fd, "a", 0750);
    make_file(f->fd, "a/inner", "12345", 0600);
    make_dir(f->fd, "a/deep", 0755);
    make_file(f->fd, "a/deep/keep", "k", 0644);
    make_file(f->fd, "a/deep/lose", "l", 0644);
    make_dir(f->fd, "empty", 0755);
    make_file(f->fd, "\xC3\xA9t\xC3\xA9 \xFF", "", 0644);
    make_file(f->fd, long_name, "x", 0644);
    assert_int_equal(symlinkat("a/inner", f->fd, "link"), 0);
    assert_int_equal(symlinkat("/nowhere", f->fd, "dangling"), 0);
    make_socket(f->dir, "socket");
    *state = f;
    return 0;
}

static void remove_tree(int at, const char *name)
{
    static const char *const files[] = {
        "a/deep/keep", "a/deep/lose", "a/inner", "Dockerfile", "b.sh",
        "link",        "dangling",    "socket",  long_name,    "\xC3\xA9t\xC3\xA9 \xFF",
        "big"};
    static const char *const dirs[] = {"a/deep", "a", "empty"};

    for (size_t i = 0; i < ARRAY_LEN(files); i++)
        unlinkat(at, files[i], 0);
    for (size_t i = 0; i < ARRAY_LEN(dirs); i++)
        unlinkat(at, dirs[i], AT_REMOVEDIR);
    assert_int_equal(rmdir(name), 0);
}

static int teardown(void **state)
{
    struct fixture *f = *state;

    remove_tree(f->fd, f->dir);
    close(f->fd);
    free(f);
    return 0;
}

/* In small pieces, so that every step is interrupted once. */
static void run(const struct context_spec *spec, struct str *tar)
{
    struct context *c = context_new(spec);
    AUTO_ERR err = {0};

    while (!context_is_done(c)) {
        AUTO_TEXT piece = {0};

        if (context_more(c, &piece, 1, &err) < 0)
            fail_msg("%s", err_text(&err));
        assert_true(piece.len > 0);
        str_addn(tar, piece.data, piece.len);
    }
    context_free(c);
}

static void check(const struct context_spec *spec, const char *want)
{
    AUTO_TEXT tar = {0};
    AUTO_TEXT list = {0};

    run(spec, &tar);
    list_tar(&tar, &list);
    assert_string_equal(str_text(&list), want);
}

static void test_everything(void **state)
{
    const struct fixture *f = *state;
    const struct context_spec spec = {.dir = f->dir};
    AUTO_TEXT want = {0};

    str_addf(
        &want,
        "Dockerfile 100644 7\na/ 40750\na/deep/ 40755\na/deep/keep 100644 1\na/deep/lose 100644 1\n"
        "a/inner 100600 5\n%s 100644 1\nb.sh 100755 10\ndangling 120777 -> /nowhere\nempty/ 40755\n"
        "link 120777 -> a/inner\n\xC3\xA9t\xC3\xA9 \xFF 100644 0\n",
        long_name);
    check(&spec, str_text(&want));
}

static const struct {
    const char *ignore, *always, *want;
} cases[] = {
    {"*", NULL, ""},
    {"*", "Dockerfile", "Dockerfile 100644 7\n"},
    {"*\n!b.sh", NULL, "b.sh 100755 10\n"},
    {"*\n!a/deep/keep", NULL, "a/ 40750\na/deep/ 40755\na/deep/keep 100644 1\n"},
    {"*", "a/inner", "a/ 40750\na/inner 100600 5\n"},
    {"*\n!a\na/deep", NULL, "a/ 40750\na/inner 100600 5\n"},
    {"**/*e*\nlink\ndangling\na-*\n\xC3\xA9*", NULL, "a/ 40750\nb.sh 100755 10\n"},
};

static void test_ignore(void **state)
{
    const struct fixture *f = *state;

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        const char *always = cases[i].always;
        struct ignore *ig = ignore_parse(cases[i].ignore, strlen(cases[i].ignore), NULL);
        const struct context_spec spec = {
            .dir = f->dir, .ignore = ig, .always = {&always, always != NULL}};

        check(&spec, cases[i].want);
        ignore_free(ig);
    }
}

static void test_extras(void **state)
{
    const struct fixture *f = *state;
    struct ignore *ig = ignore_parse("*\n!Dockerfile\n!b.sh", 20, NULL);
    const struct context_extra extras[] = {{"Dockerfile", "FROM y", 6}, {".dockerignore", "", 0}};
    const struct context_spec spec = {
        .dir = f->dir, .ignore = ig, .extras = extras, .extras_len = 2};

    check(&spec, "Dockerfile 100644 6\n.dockerignore 100644 0\nb.sh 100755 10\n");
    ignore_free(ig);
}

static void test_bounded(void **state)
{
    const struct fixture *f = *state;
    const struct context_spec spec = {.dir = f->dir};
    struct context *c = context_new(&spec);
    int fd = openat(f->fd, "big", O_CREAT | O_WRONLY, 0600);
    size_t total = 0;

    assert_int_equal(ftruncate(fd, 4 << 20), 0);
    close(fd);
    while (!context_is_done(c)) {
        AUTO_TEXT piece = {0};

        assert_int_equal(context_more(c, &piece, 100000, NULL), 0);
        assert_true(piece.len < 100000 + 70000);
        total += piece.len;
    }
    assert_true(total > 4 << 20);
    context_free(c);
}

static void test_no_directory(void **state)
{
    struct context *c = context_new(&(struct context_spec){.dir = "/nonexistent/dir"});
    AUTO_TEXT piece = {0};
    AUTO_ERR err = {0};

    (void)state;
    assert_int_equal(context_more(c, &piece, 1, &err), -1);
    assert_string_equal(err_text(&err), "cannot read '/nonexistent/dir/' of the build context: "
                                        "No such file or directory");
    context_free(c);
}

static void test_files(void **state)
{
    AUTO_TEXT tar = {0};
    AUTO_TEXT list = {0};
    struct tar *t = tar_new(&tar);

    (void)state;
    assert_int_equal(
        tar_entry(t, &(struct tar_entry){.name = "run/x", .mode = S_IFREG | 0444, .size = 3}, NULL),
        0);
    assert_int_equal(tar_data(t, "abc", 3, NULL), 0);
    assert_int_equal(tar_end(t, NULL), 0);
    tar_free(t);
    list_tar(&tar, &list);
    assert_string_equal(str_text(&list), "run/x 100444 3\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_everything, setup, teardown),
        cmocka_unit_test_setup_teardown(test_ignore, setup, teardown),
        cmocka_unit_test_setup_teardown(test_extras, setup, teardown),
        cmocka_unit_test_setup_teardown(test_bounded, setup, teardown),
        cmocka_unit_test(test_no_directory),
        cmocka_unit_test(test_files),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
