/* cmd/app_diags.c: problems of files, printed for people or for tools. */
#include "cmd/app_inner.h"

#include "core/base/diags.h"
#include "core/base/path.h"
#include "core/json/write.h"

#include <string.h>

static const char *words(const struct diag *g)
{
    return g->compat ? g->compat : g->msg;
}

/* "compose.yaml:3:5: services.web: text" on one line. */
static void one_line(const struct diag *g, const char *text, struct str *out)
{
    str_addf(out, "%s:", g->loc.file);
    if (g->loc.line)
        str_addf(out, "%u:", g->loc.line);
    if (g->loc.line && g->loc.col)
        str_addf(out, "%u:", g->loc.col);
    str_addc(out, ' ');
    if (!str_empty(g->path))
        str_addf(out, "%s: ", g->path);
    str_add(out, text);
}

static void print_warning(struct app *app, const struct diag *g)
{
    AUTO_TEXT out = {0};
    /* the file's name stands in front already */
    const char *text = str_has_suffix(words(g), g->msg) ? g->msg : words(g);

    if (str_empty(g->loc.file)) {
        app_log(app, "warning", words(g));
    } else if (app->progress == PROGRESS_MODE_JSON) {
        one_line(g, text, &out);
        app_log(app, "warning", str_text(&out));
    } else {
        diags_format(app->diags, g, &out);
        app_to_stderr(app, &out);
    }
}

/* ---- for tools: docs/diagnostics.md has the format ---- */

static void add_place(struct json_writer *w, struct loc loc)
{
    if (str_empty(loc.file))
        return;
    json_write_key(w, "file");
    json_write_str(w, loc.file);
    if (loc.line) {
        json_write_key(w, "line");
        json_write_u64(w, loc.line);
    }
    if (loc.line && loc.col) {
        json_write_key(w, "column");
        json_write_u64(w, loc.col);
    }
}

static void add_text(struct json_writer *w, const char *key, const char *text)
{
    if (str_empty(text))
        return;
    json_write_key(w, key);
    json_write_str(w, text);
}

static void add_related(struct json_writer *w, const struct diag *g)
{
    if (!g->note_count)
        return;
    json_write_key(w, "related");
    json_write_open(w, '[');
    for (size_t i = 0; i < g->note_count; i++) {
        json_write_open(w, '{');
        add_place(w, g->notes[i].loc);
        add_text(w, "message", g->notes[i].msg);
        json_write_close(w, '}');
    }
    json_write_close(w, ']');
}

static void print_json(struct app *app, const struct diag *g)
{
    unsigned width = diags_width(app->diags, g);
    AUTO_TEXT out = {0};
    struct json_writer w;

    json_write_init(&w, &out, 0);
    json_write_open(&w, '{');
    add_text(&w, "severity", g->severity == SEVERITY_ERROR ? "error" : "warning");
    add_place(&w, g->loc);
    if (width && g->loc.col) {
        json_write_key(&w, "end_column");
        json_write_u64(&w, g->loc.col + width);
    }
    add_text(&w, "path", g->path);
    add_text(&w, "message", g->msg);
    add_text(&w, "hint", g->hint);
    add_related(&w, g);
    json_write_close(&w, '}');
    str_addc(&out, '\n');
    app_to_stderr(app, &out);
}

/* ---- one of them ---- */

static void print_diag(struct app *app, const struct diag *g)
{
    AUTO_TEXT out = {0};

    if (app->diagnostics_json) {
        print_json(app, g);
    } else if (g->severity == SEVERITY_WARNING) {
        print_warning(app, g);
    } else if (str_empty(g->loc.file) ||
               (!g->loc.line && strstr(words(g), path_base(g->loc.file)))) {
        app_error_text(
            app, words(g)); /* "open /x/compose.yaml: no such file or directory" says it all */
    } else if (app->progress == PROGRESS_MODE_JSON) {
        one_line(g, g->msg, &out);
        app_error_text(app, str_text(&out));
    } else {
        diags_format(app->diags, g, &out);
        app_to_stderr(app, &out);
    }
}

static bool was_printed(const struct app_inner *in, const struct diag *g)
{
    for (size_t i = in->printed.len; i-- > 0;)
        if (in->printed.items[i] == g)
            return true;
    return false;
}

int app_print_diags(struct app *app)
{
    bool failed = false;

    for (size_t i = 0; i < diags_count(app->diags); i++) {
        const struct diag *g = diags_at(app->diags, i);

        if (was_printed(app->inner, g))
            continue;
        vec_push(&app->inner->printed, g);
        print_diag(app, g);
        failed = failed || g->severity == SEVERITY_ERROR;
    }
    return failed ? -1 : 0;
}
