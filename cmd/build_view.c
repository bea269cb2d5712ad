#include "cmd/build_view.h"

#include "cmd/app.h"
#include "cmd/progress.h"
#include "core/base/err.h"
#include "core/base/mem.h"
#include "core/base/str.h"
#include "core/base/text.h"
#include "core/base/vec.h"
#include "core/driver.h"
#include "core/plan/plan.h"

#include <stdlib.h>
#include <string.h>

enum {
    TAIL_LINES = 10,             /* of a failed step, repeated at the end */
    PATIENCE_NS = 2 * 1000000000 /* a silent step holds back the others this long */
};

/* A step of a build. What it says waits in `pending` until it is its turn: one step at a time is
 * shown, so that lines of steps that run side by side do not mix. */
struct vertex {
    char *digest, *name;
    const struct plan_node
        *owner;    /* the first build that had it; the same step of others is not repeated */
    size_t number; /* 0: not shown yet */
    int64_t start_ns;
    bool completed, touched;
    char *error;
    struct str pending; /* without the "#5 " in front of each line */
    struct str partial; /* a log line that has no end yet */
    struct str tail;    /* the last log lines */
    size_t tail_lines;
};

struct build_view {
    struct app *app;
    VEC(struct vertex *) vertices; /* in order of appearance */
    struct vertex *current;
    uint64_t current_ns; /* when the current one last said something */
    size_t shown;        /* numbers given */
    VEC(char *) warnings;
};

struct build_view *build_view_new(struct app *app)
{
    struct build_view *v = mem_calloc(1, sizeof *v);

    v->app = app;
    return v;
}

void build_view_free(struct build_view *v)
{
    if (!v)
        return;
    for (size_t i = 0; i < v->vertices.len; i++) {
        struct vertex *x = v->vertices.items[i];

        free(x->digest);
        free(x->name);
        free(x->error);
        str_done(&x->pending);
        str_done(&x->partial);
        str_done(&x->tail);
        free(x);
    }
    for (size_t i = 0; i < v->warnings.len; i++)
        free(v->warnings.items[i]);
    vec_done(&v->vertices);
    vec_done(&v->warnings);
    free(v);
}

static void write_out(struct build_view *v, const struct str *text)
{
    if (!text->len || v->app->progress == PROGRESS_MODE_QUIET)
        return;
    progress_pause(v->app->view);
    app_out(str_text(text), text->len);
}

/* ---- whose turn it is ---- */

/* "[1/3] FROM x" of service app is "[app 1/3] FROM x". */
static void add_name(const struct vertex *x, struct str *out)
{
    const char *service = x->owner ? x->owner->service : NULL;

    if (!service)
        str_add(out, x->name);
    else if (x->name[0] == '[')
        str_addf(out, "[%s %s", service, x->name + 1);
    else
        str_addf(out, "[%s] %s", service, x->name);
}

static void switch_to(struct build_view *v, struct vertex *x, struct str *out)
{
    if (v->current == x)
        return;
    if (v->current && !v->current->completed)
        str_addf(out, "#%zu ...\n", v->current->number);
    if (v->current)
        str_addc(out, '\n');
    if (!x->number)
        x->number = ++v->shown;
    str_addf(out, "#%zu ", x->number);
    add_name(x, out);
    str_addc(out, '\n');
    v->current = x;
}

static void show(struct build_view *v, struct vertex *x)
{
    const char *line = str_text(&x->pending), *end;
    AUTO_TEXT out = {0};

    switch_to(v, x, &out);
    for (; (end = strchr(line, '\n')); line = end + 1)
        str_addf(&out, "#%zu %.*s\n", x->number, (int)(end - line), line);
    str_clear(&x->pending);
    x->touched = false;
    v->current_ns = uv_hrtime();
    write_out(v, &out);
}

static bool is_free(const struct build_view *v)
{
    return !v->current || v->current->completed || uv_hrtime() - v->current_ns > PATIENCE_NS;
}

/* Finished steps are shown at once; of the others the one that has the turn. */
static void schedule(struct build_view *v, struct vertex *x)
{
    if (x->touched && (x->completed || x == v->current))
        show(v, x);
    for (size_t i = 0; i < v->vertices.len && is_free(v); i++)
        if (v->vertices.items[i]->touched && v->vertices.items[i] != v->current)
            show(v, v->vertices.items[i]);
}

/* ---- events ---- */

static struct vertex *find_vertex(struct build_view *v, const struct plan_node *n,
                                  const char *digest)
{
    struct vertex *x;

    for (size_t i = 0; i < v->vertices.len; i++)
        if (str_eq(v->vertices.items[i]->digest, digest))
            return v->vertices.items[i];
    x = mem_calloc(1, sizeof *x);
    x->digest = mem_strdup(digest);
    x->name = mem_strdup("");
    x->owner = n;
    vec_push(&v->vertices, x);
    return x;
}

static double seconds_between(int64_t from, int64_t to)
{
    return from && to > from ? (double)(to - from) / 1e9 : 0;
}

static void end_vertex(struct vertex *x, const struct build_event *e)
{
    if (x->partial.len)
        str_addf(&x->pending, "%s\n", str_text(&x->partial));
    str_clear(&x->partial);
    x->completed = true;
    x->touched = true;
    if (!str_empty(e->error)) {
        bool canceled = strstr(e->error, "context canceled") != NULL;

        if (canceled) {
            str_add(&x->pending, "CANCELED\n");
            return;
        }
        free(x->error);
        x->error = mem_strdup(e->error);
        str_addf(&x->pending, "ERROR: %s\n", e->error);
    } else if (e->cached) {
        str_add(&x->pending, "CACHED\n");
    } else {
        str_addf(&x->pending, "DONE %.1fs\n", seconds_between(x->start_ns, e->end_ns));
    }
}

static void on_vertex(struct vertex *x, const struct build_event *e)
{
    if (!str_empty(e->name)) {
        free(x->name);
        x->name = mem_strdup(e->name);
    }
    if (e->start_ns)
        x->start_ns = e->start_ns;
    if (e->started && !x->completed)
        x->touched = true;
    if (e->completed && !x->completed)
        end_vertex(x, e);
}

static void add_tail(struct vertex *x, const char *line)
{
    str_add(&x->tail, line);
    if (++x->tail_lines > TAIL_LINES) {
        str_consume(&x->tail, (size_t)(strchr(x->tail.data, '\n') - x->tail.data) + 1);
        x->tail_lines--;
    }
}

static void end_log_line(struct vertex *x)
{
    if (x->partial.len && x->partial.data[x->partial.len - 1] == '\r')
        str_cut(&x->partial, x->partial.len - 1);
    str_addc(&x->partial, '\n');
    str_add(&x->pending, str_text(&x->partial));
    add_tail(x, str_text(&x->partial));
    str_clear(&x->partial);
    x->touched = true;
}

static void on_log(struct vertex *x, const struct build_event *e)
{
    for (size_t i = 0; i < e->len; i++) {
        if (!x->partial.len && e->text[i] != '\0')
            str_addf(&x->partial, "%.3f ", seconds_between(x->start_ns, e->start_ns));
        if (e->text[i] == '\n')
            end_log_line(x);
        else if (e->text[i] != '\0')
            str_addc(&x->partial, e->text[i]);
    }
}

/* Only what is finished: a plain log is no place for moving numbers. */
static void on_status(struct vertex *x, const struct build_event *e)
{
    double seconds = seconds_between(e->start_ns, e->end_ns);

    if (!e->completed || x->completed)
        return;
    str_add(&x->pending, e->name ? e->name : "");
    if (e->current > 0) {
        str_addc(&x->pending, ' ');
        bytes_human_decimal((double)e->current, 4, &x->pending);
    }
    if (e->total > 0) {
        str_add(&x->pending, " / ");
        bytes_human_decimal((double)e->total, 4, &x->pending);
    }
    if (seconds > 0.01)
        str_addf(&x->pending, " %.1fs", seconds);
    str_add(&x->pending, " done\n");
    x->touched = true;
}

void build_view_event(struct build_view *v, const struct plan_node *n, const struct build_event *e)
{
    struct vertex *x;

    if (e->kind == BUILD_TEXT) {
        if (v->app->progress != PROGRESS_MODE_QUIET) {
            progress_pause(v->app->view);
            app_out(e->text, e->len);
        }
        return;
    }
    if (e->kind == BUILD_WARNING) {
        vec_push(&v->warnings, mem_strndup(e->text, e->len ? e->len : strlen(e->text)));
        return;
    }
    if (str_empty(e->vertex))
        return;
    x = find_vertex(v, n, e->vertex);
    if (x->owner != n)
        return;
    if (e->kind == BUILD_VERTEX)
        on_vertex(x, e);
    else if (e->kind == BUILD_LOG)
        on_log(x, e);
    else if (e->kind == BUILD_STATUS)
        on_status(x, e);
    schedule(v, x);
}

/* ---- the end ---- */

static void add_failures(struct build_view *v, struct str *out)
{
    for (size_t i = 0; i < v->vertices.len; i++) {
        const struct vertex *x = v->vertices.items[i];

        if (!x->error)
            continue;
        str_add(out, "------\n > ");
        add_name(x, out);
        str_addf(out, ":\n%s------\n", str_text(&x->tail));
    }
}

void build_view_end(struct build_view *v, const struct err *err)
{
    AUTO_TEXT out = {0};

    for (size_t i = 0; i < v->vertices.len; i++)
        if (v->vertices.items[i]->touched)
            show(v, v->vertices.items[i]);
    if (v->warnings.len)
        str_addf(&out, "\n %zu warning%s found:\n", v->warnings.len,
                 v->warnings.len == 1 ? "" : "s");
    for (size_t i = 0; i < v->warnings.len; i++)
        str_addf(&out, " - %s\n", v->warnings.items[i]);
    if (err)
        add_failures(v, &out);
    write_out(v, &out);
}
