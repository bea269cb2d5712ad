#include "cmd/logs_print.h"

#include "cmd/app.h"
#include "cmd/progress.h"
#include "core/base/arena.h"
#include "core/base/mem.h"
#include "core/base/str.h"
#include "core/base/vec.h"

#include <string.h>
#include <time.h>
#include <unistd.h>

struct log_source {
    struct log_printer *printer;
    char *name;
    const char *color; /* "" without colours */
    bool split_stderr;
    struct str partial[2]; /* what has no newline yet: stdout, stderr */
};

struct log_printer {
    struct app *app;
    bool color, no_prefix, timestamps;
    size_t width; /* of the longest name */
    VEC(struct log_source *) sources;
};

/* In the order the names come in; then again from the start. */
static const char *const colors[] = {
    "\033[36m",   "\033[33m",   "\033[32m",   "\033[35m",   "\033[34m",
    "\033[36;1m", "\033[33;1m", "\033[32;1m", "\033[35;1m", "\033[34;1m",
};

struct log_printer *log_printer_new(struct app *app, bool no_color, bool no_prefix, bool timestamps)
{
    struct log_printer *p = mem_calloc(1, sizeof *p);

    p->app = app;
    p->color = !no_color && app_color(app);
    p->no_prefix = no_prefix;
    p->timestamps = timestamps;
    return p;
}

void log_printer_free(struct log_printer *p)
{
    if (!p)
        return;
    for (size_t i = 0; i < p->sources.len; i++) {
        struct log_source *s = p->sources.items[i];

        str_done(&s->partial[0]);
        str_done(&s->partial[1]);
        free(s->name);
        free(s);
    }
    vec_done(&p->sources);
    free(p);
}

const char *log_name(struct arena *a, const char *project, const char *service, int number,
                     const char *name)
{
    for (const char *sep = "-_"; *sep; sep++) {
        const char *usual = arena_printf(a, "%s%c%s%c%d", project, *sep, service, *sep, number);

        if (str_eq(usual, name))
            return usual + strlen(project) + 1;
    }
    return name;
}

struct log_source *log_source_add(struct log_printer *p, const char *name, bool split_stderr)
{
    struct log_source *s = mem_calloc(1, sizeof *s);
    size_t width = strlen(name);

    s->printer = p;
    s->name = mem_strdup(name);
    s->color = p->color ? colors[p->sources.len % ARRAY_LEN(colors)] : "";
    s->split_stderr = split_stderr;
    p->width = width > p->width ? width : p->width;
    vec_push(&p->sources, s);
    return s;
}

static void add_local_time(struct str *out)
{
    struct timespec now;
    struct tm tm;
    long minutes;

    clock_gettime(CLOCK_REALTIME, &now);
    localtime_r(&now.tv_sec, &tm);
    minutes = tm.tm_gmtoff / 60;
    str_addf(out, "%04d-%02d-%02dT%02d:%02d:%02d.%09ld", tm.tm_year + 1900, tm.tm_mon + 1,
             tm.tm_mday, tm.tm_hour, tm.tm_min, tm.tm_sec, now.tv_nsec);
    if (minutes)
        str_addf(out, "%c%02ld:%02ld ", minutes < 0 ? '-' : '+', labs(minutes) / 60,
                 labs(minutes) % 60);
    else
        str_add(out, "Z ");
}

static void add_prefix(const struct log_source *s, struct str *out)
{
    const struct log_printer *p = s->printer;

    if (!p->no_prefix)
        str_addf(out, "%s%-*s | %s", s->color, (int)p->width + 1, s->name,
                 *s->color ? "\033[0m" : "");
    if (p->timestamps)
        add_local_time(out);
}

static void write_out(const struct log_source *s, enum stream stream, const struct str *text)
{
    bool to_stderr = s->split_stderr && stream == STREAM_STDERR;

    progress_pause(s->printer->app->view);
    app_write(to_stderr ? STDERR_FILENO : STDOUT_FILENO, str_text(text), text->len);
}

/* All whole lines in one write. */
void log_source_output(struct log_source *s, enum stream stream, const char *bytes, size_t len)
{
    struct str *partial = &s->partial[stream == STREAM_STDERR];
    const char *end = bytes + len, *newline;
    AUTO_TEXT out = {0};

    while ((newline = memchr(bytes, '\n', (size_t)(end - bytes)))) {
        add_prefix(s, &out);
        str_addn(&out, partial->data, partial->len);
        str_addn(&out, bytes, (size_t)(newline - bytes) + 1);
        str_clear(partial);
        bytes = newline + 1;
    }
    str_addn(partial, bytes, (size_t)(end - bytes));
    if (out.len)
        write_out(s, stream, &out);
}

void log_source_flush(struct log_source *s)
{
    static const enum stream streams[] = {STREAM_STDOUT, STREAM_STDERR};

    for (size_t i = 0; i < ARRAY_LEN(streams); i++)
        if (s->partial[i].len)
            log_source_output(s, streams[i], "\n", 1);
}

/* docker compose sends the two control bytes into pipes as well; we do
 * where they mean something. */
void log_source_status(struct log_source *s, const char *fmt, ...)
{
    AUTO_TEXT out = {0};
    va_list ap;

    str_addf(&out, "%s%s%s ", s->color, s->printer->app->stdout_tty ? "\r\033[K" : "", s->name);
    va_start(ap, fmt);
    str_addvf(&out, fmt, ap);
    va_end(ap);
    str_addf(&out, "\n%s", *s->color ? "\033[0m" : "");
    write_out(s, STREAM_STDOUT, &out);
}
