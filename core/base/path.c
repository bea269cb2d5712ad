#include "core/base/path.h"

#include "core/base/arena.h"
#include "core/base/err.h"
#include "core/base/mem.h"
#include "core/base/str.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { WRITER_PATIENCE_MS = 1000 };

bool path_is_abs(const char *path)
{
    return path[0] == '/';
}

/* Goes one directory up in the `len` bytes built so far: the last element goes, or ".." is added
 * where there is none to drop. */
static size_t go_up(char *out, size_t len, bool rooted)
{
    size_t start = len;

    while (start > 0 && out[start - 1] != '/')
        start--;
    if (len == (rooted ? 1 : 0) || (len - start == 2 && memcmp(out + start, "..", 2) == 0)) {
        if (rooted)
            return len;
        if (len)
            out[len++] = '/';
        memcpy(out + len, "..", 2);
        return len + 2;
    }
    return start > (rooted ? 1u : 0u) ? start - 1 : start;
}

char *path_clean(struct arena *a, const char *path)
{
    bool rooted = path_is_abs(path);
    char *out = arena_alloc(a, strlen(path) + 2);
    size_t len = 0;

    if (rooted)
        out[len++] = '/';
    for (const char *s = path; *s;) {
        size_t n;

        s += strspn(s, "/");
        n = strcspn(s, "/");
        if (n == 2 && memcmp(s, "..", 2) == 0) {
            len = go_up(out, len, rooted);
        } else if (n > 0 && !(n == 1 && *s == '.')) {
            if (len > (rooted ? 1u : 0u))
                out[len++] = '/';
            memcpy(out + len, s, n);
            len += n;
        }
        s += n;
    }
    if (!len)
        out[len++] = '.';
    out[len] = '\0';
    return out;
}

/* Empty parts count as absent, as in Go's filepath.Join. */
char *path_join(struct arena *a, const char *dir, const char *name)
{
    if (!*dir || !*name)
        return *dir || *name ? path_clean(a, *dir ? dir : name) : arena_strdup(a, "");
    return path_clean(a, arena_printf(a, "%s/%s", dir, name));
}

char *path_abs(struct arena *a, const char *dir, const char *path)
{
    return path_is_abs(path) ? path_clean(a, path) : path_join(a, dir, path);
}

char *path_dir(struct arena *a, const char *path)
{
    const char *base = path_base(path);

    return path_clean(a, arena_strndup(a, path, (size_t)(base - path)));
}

const char *path_base(const char *path)
{
    const char *slash = strrchr(path, '/');

    return slash ? slash + 1 : path;
}

bool path_exists(const char *path)
{
    struct stat st;

    return stat(path, &st) == 0;
}

bool path_is_dir(const char *path)
{
    struct stat st;

    return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

char *path_cwd(struct arena *a)
{
    const char *pwd = getenv("PWD");
    struct stat here, there;
    AUTO_STR cwd = NULL;

    if (pwd && path_is_abs(pwd) && stat(".", &here) == 0 && stat(pwd, &there) == 0 &&
        here.st_dev == there.st_dev && here.st_ino == there.st_ino)
        return path_clean(a, pwd);
    cwd = getcwd(NULL, 0);
    return arena_strdup(a, cwd ? cwd : "/"); /* NULL: the directory was deleted */
}

/* Length of the common leading elements of two clean absolute paths,
 * without the slash after them. */
static size_t common_dirs(const char *a, const char *b)
{
    size_t same = 0;

    for (size_t i = 0;; i++) {
        bool a_end = !a[i] || a[i] == '/', b_end = !b[i] || b[i] == '/';

        if (a_end && b_end)
            same = i;
        if (a[i] != b[i] || !a[i])
            return same;
    }
}

char *path_rel(struct arena *a, const char *base, const char *target)
{
    AUTO_TEXT out = {0};
    size_t same;

    /* The root is the one clean path that ends in a slash. */
    base = strcmp(base, "/") == 0 ? "" : base;
    target = strcmp(target, "/") == 0 ? "" : target;
    same = common_dirs(base, target);
    base += same;
    target += same;
    for (; *base; base++) {
        if (*base == '/')
            str_add(&out, out.len ? "/.." : "..");
    }
    if (*target)
        str_add(&out, out.len ? target : target + 1);
    return arena_strdup(a, out.len ? str_text(&out) : ".");
}

/* Go's words are strerror's with a small first letter. */
int path_error(struct err *err, const char *call, const char *path)
{
    int why = errno;
    const char *text = strerror(why);

    err_set(err, ERR_IO, loc_file(path), "%s %s: %c%s", call, path, tolower((unsigned char)text[0]),
            text + 1);
    errno = why;
    return -1;
}

/* How much to read at once: a regular file whole, and the end after it. */
static size_t step_of(int fd, size_t limit)
{
    struct stat st;

    if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && st.st_size > 0 &&
        (uintmax_t)st.st_size < limit)
        return (size_t)st.st_size + 1;
    return 32 * 1024;
}

/* A FIFO that was opened without waiting has no end before somebody came to write. */
static int await_writer(int fd, const char *path, struct err *err)
{
    struct stat st;
    struct pollfd p = {.fd = fd, .events = POLLIN};

    if (fstat(fd, &st) < 0 || !S_ISFIFO(st.st_mode) || poll(&p, 1, WRITER_PATIENCE_MS) != 0)
        return 0;
    errno = ETIMEDOUT;
    return err_set(err, ERR_IO, loc_file(path), "read %s: nobody writes to this FIFO", path);
}

static int read_all(int fd, const char *path, size_t limit, struct str *out, struct err *err)
{
    size_t step = step_of(fd, limit);
    bool awaited = false;
    int rc = 0;

    for (;;) {
        ssize_t n = read(fd, str_reserve(out, step), step);

        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0 && errno == EAGAIN) {
            poll(&(struct pollfd){.fd = fd, .events = POLLIN}, 1, -1);
            continue;
        }
        if (n == 0 && !out->len && !awaited) {
            if (await_writer(fd, path, err) < 0)
                return -1;
            awaited = true;
            continue;
        }
        if (n < 0) {
            rc = path_error(err, "read", path);
        } else if ((size_t)n > limit - out->len) {
            errno = EFBIG;
            rc = path_error(err, "read", path);
        }
        if (n <= 0 || rc < 0)
            return rc;
        out->len += (size_t)n;
        out->data[out->len] = '\0';
    }
}

int path_read(const char *path, size_t limit, struct str *ret, struct err *err)
{
    AUTO_TEXT text = {0};
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK); /* see await_writer */
    int rc;

    if (fd < 0)
        return path_error(err, "open", path);
    str_init(&text);
    rc = read_all(fd, path, limit ? limit : PATH_READ_MAX, &text, err);
    close(fd);
    if (rc < 0)
        return -1;
    str_done(ret);
    *ret = text;
    text = (struct str){0};
    return 0;
}
