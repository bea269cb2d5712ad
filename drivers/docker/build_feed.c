#include "drivers/docker/build_feed.h"

#include "core/base/arena.h"
#include "core/base/mem.h"
#include "core/base/path.h"
#include "core/base/str.h"
#include "drivers/docker/context.h"
#include "drivers/docker/http.h" /* HTTP_READ_PAUSE */
#include "drivers/docker/ignore.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define PIECE ((size_t)256 * 1024)

/* For a Dockerfile that is not in the context. COPY of the whole context sees it: a name that is
 * the same every time keeps the cache, one nobody has keeps the peace. */
#define GENERATED ".mcompose.Dockerfile"

struct build_feed {
    uv_work_t work;
    uv_loop_t *loop;
    void (*on_more)(void *owner, struct err *err);
    void *owner;
    bool working, abandoned, paused;

    struct str sent; /* what read() gives out, from `at` on */
    size_t at;

    /* The worker's while `working`, the loop's else. */
    struct str next;
    struct err err;
    struct arena *arena;
    struct build_source source;
    const char *dockerfile; /* in the tar */
    const char *outside; /* the file to read for it; NULL: it is in the context, or given as text */
    struct ignore *ignore;
    struct context *context;
    struct context_extra extras[2];
};

/* ---- in the worker ---- */

/* An absent file is an empty one; found is whether it was there. */
static int read_optional(const char *path, struct str *text, bool *found, struct err *err)
{
    *found = path_exists(path);
    return *found ? path_read(path, 0, text, err) : 0;
}

/* The one beside the Dockerfile, under its name, comes before the one of the context; the classic
 * builder knows only the latter. */
static int read_ignore(struct build_feed *f, struct str *text, struct err *err)
{
    const struct build_source *s = &f->source;
    const char *beside = f->outside ? f->outside : path_join(f->arena, s->context, f->dockerfile);
    bool found = false;

    if (!s->classic && !s->dockerfile_inline &&
        read_optional(arena_printf(f->arena, "%s.dockerignore", beside), text, &found, err) < 0)
        return -1;
    return found
               ? 0
               : read_optional(path_join(f->arena, s->context, ".dockerignore"), text, &found, err);
}

static void set_extra(struct build_feed *f, size_t i, const char *name, const char *data,
                      size_t len)
{
    f->extras[i] = (struct context_extra){name, arena_strndup(f->arena, data, len), len};
}

/* The builder would wait for a FIFO for ever. */
static int check_dockerfile(const char *path, struct err *err)
{
    struct stat st;

    if (stat(path, &st) < 0)
        path_error(err, "open", path);
    else if (S_ISDIR(st.st_mode))
        err_set(err, ERR_IO, loc_none(), "read %s: is a directory", path);
    else if (!S_ISREG(st.st_mode))
        err_set(err, ERR_IO, loc_none(), "read %s: is not a regular file", path);
    else
        return 0;
    return err_wrap(err, "failed to read dockerfile");
}

static int check_source(struct build_feed *f, struct err *err)
{
    if (!path_is_dir(f->source.context))
        return err_set(err, ERR_NOT_FOUND, loc_none(),
                       "unable to prepare context: path \"%s\" not found", f->source.context);
    if (f->source.dockerfile_inline || f->outside)
        return 0;
    return check_dockerfile(path_join(f->arena, f->source.context, f->dockerfile), err);
}

/* The classic builder applies .dockerignore once more: it must not put the generated file into the
 * image. */
static void hide_generated(struct build_feed *f, const struct str *patterns)
{
    const char *text = arena_printf(f->arena, "%s\n%s\n", str_text(patterns), GENERATED);

    set_extra(f, 1, ".dockerignore", text, strlen(text));
}

static int prepare(struct build_feed *f, struct err *err)
{
    static const char *const ignore_name = ".dockerignore";
    struct context_spec spec = {.dir = f->source.context, .extras = f->extras};
    const char **always = arena_calloc(f->arena, 2, sizeof *always);
    AUTO_TEXT patterns = {0};
    AUTO_TEXT dockerfile = {0};
    bool generated = f->source.dockerfile_inline || f->outside;

    if (check_source(f, err) < 0 || read_ignore(f, &patterns, err) < 0)
        return -1;
    if (f->outside && path_read(f->outside, 0, &dockerfile, err) < 0)
        return err_wrap(err, "failed to read dockerfile");
    if (f->source.dockerfile_inline)
        str_add(&dockerfile, f->source.dockerfile_inline);
    if (generated) {
        set_extra(f, spec.extras_len++, f->dockerfile, str_text(&dockerfile), dockerfile.len);
        if (f->source.classic) {
            hide_generated(f, &patterns);
            spec.extras_len++;
        }
    }
    f->ignore = ignore_parse(str_text(&patterns), patterns.len, err);
    if (!f->ignore)
        return err_wrap(err, "invalid .dockerignore");
    always[0] = f->dockerfile;
    always[1] = ignore_name;
    spec.always = (struct strings){always, f->source.classic ? 2 : 1};
    spec.ignore = f->ignore;
    f->context = context_new(&spec);
    return 0;
}

static void on_work(uv_work_t *work)
{
    struct build_feed *f = work->data;

    if (!f->context && prepare(f, &f->err) < 0)
        return;
    if (context_more(f->context, &f->next, PIECE, &f->err) < 0)
        err_wrap(&f->err, "cannot send the build context");
}

/* ---- in the loop ---- */

static void destroy(struct build_feed *f)
{
    context_free(f->context);
    ignore_free(f->ignore);
    str_done(&f->next);
    str_done(&f->sent);
    err_done(&f->err);
    arena_free(f->arena);
    free(f);
}

static void on_worked(uv_work_t *work, int status)
{
    struct build_feed *f = work->data;

    f->working = false;
    if (f->abandoned) {
        destroy(f);
    } else if (status == 0 && (f->paused || f->err.code != ERR_NONE)) {
        f->paused = false;
        f->on_more(f->owner, f->err.code == ERR_NONE ? NULL : &f->err);
    }
}

static void work_on(struct build_feed *f)
{
    if (f->working || f->err.code != ERR_NONE || f->next.len >= PIECE ||
        (f->context && context_is_done(f->context)))
        return;
    f->working = true;
    f->work.data = f;
    uv_queue_work(f->loop, &f->work, on_work, on_worked);
}

ssize_t build_feed_read(struct build_feed *f, char *buf, size_t size)
{
    size_t len;

    if (f->at == f->sent.len && !f->working) {
        struct str empty = f->sent;

        f->sent = f->next;
        f->next = empty;
        str_clear(&f->next);
        f->at = 0;
    }
    work_on(f);
    len = f->sent.len - f->at;
    if (len == 0) {
        f->paused = f->working;
        return f->working ? HTTP_READ_PAUSE : 0;
    }
    len = len < size ? len : size;
    memcpy(buf, f->sent.data + f->at, len);
    f->at += len;
    return (ssize_t)len;
}

/* ---- life ---- */

/* Names are compared as text: a file that is reached through a symbolic link counts as outside,
 * which works just as well. */
static void place_dockerfile(struct build_feed *f)
{
    const struct build_source *s = &f->source;
    const char *name = str_empty(s->dockerfile) ? "Dockerfile" : s->dockerfile;
    const char *path = path_abs(f->arena, s->context, name);
    size_t len = strlen(s->context);

    f->dockerfile = GENERATED;
    if (s->dockerfile_inline)
        return;
    if (strcmp(s->context, "/") == 0)
        f->dockerfile = path + 1;
    else if (strncmp(path, s->context, len) == 0 && path[len] == '/')
        f->dockerfile = path + len + 1;
    else
        f->outside = path;
}

struct build_feed *build_feed_new(uv_loop_t *loop, const struct build_source *s,
                                  void (*on_more)(void *owner, struct err *err), void *owner)
{
    struct build_feed *f = mem_calloc(1, sizeof *f);

    f->loop = loop;
    f->on_more = on_more;
    f->owner = owner;
    f->arena = arena_new();
    f->source = *s;
    f->source.context = path_clean(f->arena, s->context);
    f->source.dockerfile = arena_strdup(f->arena, s->dockerfile);
    f->source.dockerfile_inline =
        str_empty(s->dockerfile_inline) ? NULL : arena_strdup(f->arena, s->dockerfile_inline);
    place_dockerfile(f);
    return f;
}

const char *build_feed_dockerfile(const struct build_feed *f)
{
    return f->dockerfile;
}

void build_feed_free(struct build_feed *f)
{
    if (!f)
        return;
    if (f->working)
        f->abandoned = true; /* the worker's memory: freed when it is back */
    else
        destroy(f);
}
