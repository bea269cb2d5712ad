#include "cmd/progress.h"

#include "cmd/app.h"
#include "cmd/progress_line.h"
#include "core/base/mem.h"
#include "core/base/str.h"
#include "core/base/vec.h"

#include <stdlib.h>
#include <sys/ioctl.h>

enum { REDRAW_MS = 100 };

struct progress_view {
    struct app *app;
    const char *title;
    uv_timer_t timer; /* redraws; runs only while something works and nobody else writes */
    VEC(struct progress_line *) lines;
    size_t drawn; /* lines of the frame on the screen; 0: none */
    unsigned spin;
    bool ended;
};

/* ---- frames ---- */

static void terminal(int fd, struct progress_frame *f)
{
    struct winsize size;

    if (ioctl(fd, TIOCGWINSZ, &size) != 0)
        return;
    f->columns = size.ws_col;
    f->rows = size.ws_row;
}

static void erase(struct progress_view *v, struct str *out)
{
    if (v->drawn)
        str_addf(out, "\033[%zuA\r\033[J", v->drawn);
    v->drawn = 0;
}

static void draw(struct progress_view *v)
{
    struct progress_frame f = {
        .title = v->title,
        .lines = v->lines.items,
        .len = v->lines.len,
        .spin = v->spin++,
        .now_ns = uv_hrtime(),
        .color = str_empty(app_getenv(v->app, "NO_COLOR")),
        .dry_run = v->app->root.dry_run,
    };
    AUTO_TEXT out = {0};

    if (!v->lines.len)
        return;
    terminal(v->app->status_fd, &f);
    str_add(&out, "\033[?25l"); /* no cursor while the frame changes */
    erase(v, &out);
    v->drawn = progress_frame(&f, &out);
    str_add(&out, "\033[?25h");
    app_write(v->app->status_fd, str_text(&out), out.len);
}

static bool is_working(const struct progress_view *v)
{
    for (size_t i = 0; i < v->lines.len; i++)
        if (v->lines.items[i]->status == PROGRESS_WORKING)
            return true;
    return false;
}

static void on_redraw(uv_timer_t *t)
{
    struct progress_view *v = t->data;

    draw(v);
    if (!is_working(v))
        uv_timer_stop(t);
}

static void need_redraw(struct progress_view *v)
{
    if (!uv_is_active((uv_handle_t *)&v->timer))
        uv_timer_start(&v->timer, on_redraw, REDRAW_MS, REDRAW_MS);
}

/* ---- events ---- */

static struct progress_line *find_line(struct progress_view *v, const struct progress *p)
{
    struct progress_line *l;

    for (size_t i = 0; i < v->lines.len; i++) {
        l = v->lines.items[i];
        if (str_eq(l->id, p->id) && str_eq(l->parent, p->parent))
            return l;
    }
    l = mem_calloc(1, sizeof *l);
    l->id = mem_strdup(p->id);
    l->parent = mem_strdup(p->parent);
    l->started_ns = uv_hrtime();
    vec_push(&v->lines, l);
    return l;
}

static void write_event(struct progress_view *v, const struct progress_line *l)
{
    AUTO_TEXT out = {0};

    if (v->app->progress == PROGRESS_MODE_JSON)
        progress_json(l, v->app->root.dry_run, &out);
    else
        progress_plain(l, v->app->root.dry_run, &out);
    app_write(v->app->status_fd, str_text(&out), out.len);
}

void progress_event(struct progress_view *v, const struct progress *p)
{
    struct progress_line *l;

    if (!v || v->ended)
        return;
    if (v->app->progress != PROGRESS_MODE_TTY) {
        struct progress_line once = {.id = mem_strdup(p->id), .parent = mem_strdup(p->parent)};

        progress_line_set(&once, p);
        write_event(v, &once);
        progress_line_done(&once);
        return;
    }
    l = find_line(v, p);
    progress_line_set(l, p);
    l->ended_ns = p->status == PROGRESS_WORKING ? 0 : uv_hrtime();
    need_redraw(v);
}

/* The frame vanishes and comes back with the next event. */
void progress_pause(struct progress_view *v)
{
    AUTO_TEXT out = {0};

    if (!v || v->ended)
        return;
    uv_timer_stop(&v->timer);
    erase(v, &out);
    app_write(v->app->status_fd, str_text(&out), out.len);
}

struct progress_view *progress_begin(struct app *app, const char *title)
{
    struct progress_view *v;

    if (!title || app->progress == PROGRESS_MODE_QUIET)
        return NULL;
    v = mem_calloc(1, sizeof *v);
    v->app = app;
    v->title = title;
    uv_timer_init(app->loop, &v->timer);
    v->timer.data = v;
    uv_unref((uv_handle_t *)&v->timer);
    return v;
}

static void on_closed(uv_handle_t *h)
{
    struct progress_view *v = h->data;

    for (size_t i = 0; i < v->lines.len; i++) {
        progress_line_done(v->lines.items[i]);
        free(v->lines.items[i]);
    }
    vec_done(&v->lines);
    free(v);
}

static void write_tail(const struct progress_view *v, const char *tail)
{
    AUTO_TEXT out = {0};

    if (str_empty(tail))
        return;
    if (v->app->progress == PROGRESS_MODE_JSON)
        progress_json_tail(tail, v->app->root.dry_run, &out);
    else
        str_addf(&out, "%s\n", tail);
    app_write(v->app->status_fd, str_text(&out), out.len);
}

void progress_end(struct progress_view *v, const char *tail)
{
    if (!v || v->ended)
        return;
    draw(v);
    write_tail(v, tail);
    v->ended = true;
    uv_close((uv_handle_t *)&v->timer, on_closed);
}
