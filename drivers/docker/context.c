#include "drivers/docker/context.h"

#include "core/base/err.h"
#include "core/base/mem.h"
#include "core/base/str.h"
#include "core/base/vec.h"
#include "drivers/docker/ignore.h"
#include "drivers/docker/tar.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define CHUNK ((size_t)64 * 1024)

/* A directory on the way down. */
struct level {
    char *path; /* below the context; "" for the top */
    struct stat st;
    VEC(char *) names; /* sorted */
    size_t next;
    bool *matches; /* which patterns of .dockerignore match it; NULL when there is none */
    bool written;  /* its entry is in the tar: one that is left out gets it before what is taken
                      below it */
};

struct context {
    struct context_spec spec;
    struct str written; /* by libarchive, moved on after every step */
    struct tar *tar;
    VEC(struct level) levels;
    size_t extra; /* the next one */
    int fd;       /* the file being read; -1 */
    char *name;   /* its path below the context */
    int64_t left;
    bool started, done;
};

/* ---- helpers ---- */

static char *join(const char *dir, const char *name)
{
    AUTO_TEXT text = {0};

    str_add(&text, dir);
    if (*dir)
        str_addc(&text, '/');
    str_add(&text, name);
    return str_take(&text);
}

static int read_error(const struct context *c, const char *name, struct err *err)
{
    int number = errno;
    AUTO_STR path = join(c->spec.dir, name);

    return err_set(err, ERR_IO, loc_none(), "cannot read '%s' of the build context: %s", path,
                   strerror(number));
}

static bool is_always(const struct context *c, const char *path)
{
    for (size_t i = 0; i < c->spec.always.len; i++) {
        if (strcmp(c->spec.always.items[i], path) == 0)
            return true;
    }
    return false;
}

static bool has_always_below(const struct context *c, const char *dir)
{
    size_t len = strlen(dir);

    for (size_t i = 0; i < c->spec.always.len; i++) {
        const char *name = c->spec.always.items[i];

        if (strncmp(name, dir, len) == 0 && name[len] == '/')
            return true;
    }
    return false;
}

static bool is_extra(const struct context *c, const char *path)
{
    for (size_t i = 0; i < c->spec.extras_len; i++) {
        if (strcmp(c->spec.extras[i].name, path) == 0)
            return true;
    }
    return false;
}

/* ---- directories ---- */

static int compare_names(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static int list_names(struct context *c, struct level *l, struct err *err)
{
    AUTO_STR path = join(c->spec.dir, l->path);
    DIR *dir = opendir(path);
    struct dirent *entry;

    if (!dir)
        return read_error(c, l->path, err);
    errno = 0;
    while ((entry = readdir(dir))) {
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
            vec_push(&l->names, mem_strdup(entry->d_name));
        errno = 0;
    }
    if (errno) {
        read_error(c, l->path, err);
        closedir(dir);
        return -1;
    }
    closedir(dir);
    if (l->names.len)
        qsort(l->names.items, l->names.len, sizeof *l->names.items, compare_names);
    return 0;
}

static void level_done(struct level *l)
{
    for (size_t i = 0; i < l->names.len; i++)
        free(l->names.items[i]);
    vec_done(&l->names);
    free(l->matches);
    free(l->path);
}

/* Takes path and matches. */
static int enter(struct context *c, char *path, const struct stat *st, bool *matches, bool written,
                 struct err *err)
{
    struct level l = {.path = path, .st = *st, .matches = matches, .written = written};

    if (list_names(c, &l, err) < 0) {
        level_done(&l);
        return -1;
    }
    vec_push(&c->levels, l);
    return 0;
}

/* ---- entries ---- */

static int write_entry(struct context *c, const char *name, const struct stat *st, const char *link,
                       struct err *err)
{
    const struct tar_entry e = {
        .name = name,
        .link = link,
        .mode = st->st_mode,
        .size = st->st_size,
        .mtime = st->st_mtime,
        .device = st->st_rdev,
    };

    return tar_entry(c->tar, &e, err);
}

static int write_parents(struct context *c, struct err *err)
{
    for (size_t i = 0; i < c->levels.len; i++) {
        struct level *l = &c->levels.items[i];

        if (!l->written && write_entry(c, l->path, &l->st, NULL, err) < 0)
            return -1;
        l->written = true;
    }
    return 0;
}

static int write_link(struct context *c, const char *name, const struct stat *st, struct err *err)
{
    AUTO_STR path = join(c->spec.dir, name);
    size_t size = (size_t)st->st_size + 1;
    AUTO_STR link = mem_calloc(size, 1);
    ssize_t len = readlink(path, link, size);

    if (len < 0 || (size_t)len >= size) {
        if (len >= 0)
            errno = EAGAIN; /* it changed under our eyes */
        return read_error(c, name, err);
    }
    link[len] = '\0';
    return write_entry(c, name, st, link, err);
}

/* Takes name. The content follows in later steps. */
static int open_file(struct context *c, char *name, struct err *err)
{
    AUTO_STR path = join(c->spec.dir, name);
    struct stat st;

    c->name = name;
    c->fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    if (c->fd < 0 || fstat(c->fd, &st) < 0)
        return read_error(c, name, err);
    c->left = st.st_size;
    return write_entry(c, name, &st, NULL, err);
}

static void close_file(struct context *c)
{
    if (c->fd >= 0)
        close(c->fd);
    c->fd = -1;
    free(take(c->name));
}

static int copy_chunk(struct context *c, struct err *err)
{
    AUTO_STR chunk = NULL;
    ssize_t len;

    if (c->left == 0) {
        close_file(c);
        return 0;
    }
    chunk = mem_alloc(CHUNK);
    len = read(c->fd, chunk, c->left < (int64_t)CHUNK ? (size_t)c->left : CHUNK);
    if (len < 0)
        return read_error(c, c->name, err);
    if (len == 0)
        return err_set(err, ERR_IO, loc_none(),
                       "'%s' of the build context shrank while it was read", c->name);
    c->left -= len;
    return tar_data(c->tar, chunk, (size_t)len, err);
}

/* ---- the walk ---- */

/* Takes path and matches. */
static int take_directory(struct context *c, char *path, const struct stat *st, bool *matches,
                          bool ignored, struct err *err)
{
    bool walk = !ignored || has_always_below(c, path) ||
                (c->spec.ignore && ignore_may_take_below(c->spec.ignore, path));

    if (!walk ||
        (!ignored && (write_parents(c, err) < 0 || write_entry(c, path, st, NULL, err) < 0))) {
        free(path);
        free(matches);
        return walk ? -1 : 0;
    }
    return enter(c, path, st, matches, !ignored, err);
}

/* Takes path. */
static int take_file(struct context *c, char *path, const struct stat *st, struct err *err)
{
    AUTO_STR name = path;

    if (S_ISSOCK(st->st_mode))
        return 0;
    if (write_parents(c, err) < 0)
        return -1;
    if (S_ISREG(st->st_mode))
        return open_file(c, take(name), err);
    if (S_ISLNK(st->st_mode))
        return write_link(c, name, st, err);
    return write_entry(c, name, st, NULL, err);
}

static int take_name(struct context *c, const char *name, struct err *err)
{
    const struct level *top = &c->levels.items[c->levels.len - 1];
    AUTO_STR path = join(top->path, name);
    AUTO_STR whole = join(c->spec.dir, path);
    const struct ignore *ig = c->spec.ignore;
    bool *matches = ig ? mem_calloc(ignore_count(ig) + 1, sizeof *matches) : NULL;
    bool ignored = ig && ignore_walk(ig, path, top->matches, matches);
    struct stat st;

    if (is_always(c, path))
        ignored = false;
    if (lstat(whole, &st) < 0) {
        free(matches);
        return errno == ENOENT ? 0 : read_error(c, path, err); /* gone meanwhile */
    }
    if (S_ISDIR(st.st_mode))
        return take_directory(c, take(path), &st, matches, ignored, err);
    free(matches);
    if (ignored || is_extra(c, path))
        return 0;
    return take_file(c, take(path), &st, err);
}

static int write_extra(struct context *c, const struct context_extra *x, struct err *err)
{
    const struct tar_entry e = {.name = x->name, .mode = S_IFREG | 0644, .size = (int64_t)x->len};

    if (tar_entry(c->tar, &e, err) < 0)
        return -1;
    return tar_data(c->tar, x->data, x->len, err);
}

static int start(struct context *c, struct err *err)
{
    struct stat st;

    c->started = true;
    if (stat(c->spec.dir, &st) < 0)
        return read_error(c, "", err);
    return enter(c, mem_strdup(""), &st, NULL, true, err);
}

static int step(struct context *c, struct err *err)
{
    struct level *top;

    if (!c->started)
        return start(c, err);
    if (c->fd >= 0)
        return copy_chunk(c, err);
    if (c->extra < c->spec.extras_len)
        return write_extra(c, &c->spec.extras[c->extra++], err);
    if (!c->levels.len) {
        c->done = true;
        return tar_end(c->tar, err);
    }
    top = &c->levels.items[c->levels.len - 1];
    if (top->next < top->names.len)
        return take_name(c, top->names.items[top->next++], err);
    level_done(top);
    c->levels.len--;
    return 0;
}

struct context *context_new(const struct context_spec *s)
{
    struct context *c = mem_calloc(1, sizeof *c);

    c->spec = *s;
    c->fd = -1;
    c->tar = tar_new(&c->written);
    return c;
}

int context_more(struct context *c, struct str *out, size_t want, struct err *err)
{
    while (!c->done && out->len < want) {
        if (step(c, err) < 0)
            return -1;
        str_addn(out, str_text(&c->written), c->written.len);
        str_clear(&c->written);
    }
    return 0;
}

bool context_is_done(const struct context *c)
{
    return c->done;
}

void context_free(struct context *c)
{
    if (!c)
        return;
    close_file(c);
    for (size_t i = 0; i < c->levels.len; i++)
        level_done(&c->levels.items[i]);
    vec_done(&c->levels);
    tar_free(c->tar);
    str_done(&c->written);
    free(c);
}
