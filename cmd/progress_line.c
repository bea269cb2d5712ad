#include "cmd/progress_line.h"

#include "core/base/mem.h"
#include "core/base/str.h"
#include "core/base/text.h"
#include "core/json/write.h"

#include <string.h>

/* ---- words ---- */

static const char *or_empty(const char *s)
{
    return s ? s : "";
}

/* "[=====>      ]  36.56kB/500.3kB", as docker draws it. */
static void byte_bar(int64_t current, int64_t total, struct str *out)
{
    AUTO_TEXT now = {0};
    AUTO_TEXT all = {0};
    int64_t done = total > 0 ? (int64_t)((double)current / (double)total * 100) / 2 : 0;

    bytes_human_decimal((double)current, 4, &now);
    bytes_human_decimal((double)total, 4, &all);
    if (total <= 0) {
        str_addf(out, "%8s", str_text(&now));
        return;
    }
    done = done > 50 ? 50 : done < 0 ? 0 : done;
    str_addc(out, '[');
    str_repeat(out, '=', (size_t)done);
    str_addc(out, '>');
    str_repeat(out, ' ', (size_t)(50 - done));
    str_addf(out, "] %8s/%s", str_text(&now), str_text(&all));
}

/* What is told in the first of the two columns of words: pulls, what `pull` skips, the engine's
 * warnings. */
static bool is_first_column(const struct progress *p)
{
    if (p->parent)
        return true;
    if (!p->node)
        return false;
    switch (p->node->op) {
    case OP_IMAGE_PULL:
        return !str_eq(p->text, "Interrupted");
    case OP_MODEL_PULL:
    case OP_MODEL_CONFIGURE:
        return p->status != PROGRESS_ERROR;
    case OP_NOTHING:
        return str_has_prefix(p->text, "Skipped");
    case OP_CONTAINER_CREATE:
        return p->status == PROGRESS_WARNING;
    default:
        return false;
    }
}

void progress_line_set(struct progress_line *l, const struct progress *p)
{
    struct str word = {0};

    free(l->text);
    free(l->word);
    l->status = p->status;
    l->current = p->current;
    l->total = p->total;
    if (!is_first_column(p)) {
        l->text = mem_strdup("");
        l->word = mem_strdup(or_empty(p->text));
        return;
    }
    l->text = mem_strdup(or_empty(p->text));
    if (p->parent && p->current > 0)
        byte_bar(p->current, p->total, &word);
    else
        str_add(&word, or_empty(p->details));
    l->word = str_take(&word);
}

void progress_line_done(struct progress_line *l)
{
    free(l->id);
    free(l->parent);
    free(l->text);
    free(l->word);
}

/* ---- lines and objects ---- */

void progress_plain(const struct progress_line *l, bool dry_run, struct str *out)
{
    str_addf(out, "%s %s %s %s\n", dry_run ? " DRY-RUN MODE - " : "", l->id, l->text, l->word);
}

static void text_member(struct json_writer *w, const char *key, const char *value)
{
    if (str_empty(value))
        return;
    json_write_key(w, key);
    json_write_str(w, value);
}

static void number_member(struct json_writer *w, const char *key, int64_t value)
{
    if (!value)
        return;
    json_write_key(w, key);
    json_write_i64(w, value);
}

static int64_t percent(const struct progress_line *l)
{
    int64_t p = l->total > 0 ? (int64_t)((double)l->current / (double)l->total * 100) : 0;

    return p > 100 ? 100 : p;
}

static void open_json(struct json_writer *w, bool dry_run, struct str *out)
{
    json_write_init(w, out, 0);
    json_write_open(w, '{');
    if (dry_run) {
        json_write_key(w, "dry-run");
        json_write_bool(w, true);
    }
}

void progress_json(const struct progress_line *l, bool dry_run, struct str *out)
{
    struct json_writer w;

    open_json(&w, dry_run, out);
    text_member(&w, "id", l->id);
    text_member(&w, "parent_id", l->parent);
    text_member(&w, "text", l->text);
    text_member(&w, "status", l->word);
    number_member(&w, "current", l->current);
    number_member(&w, "total", l->total);
    number_member(&w, "percent", percent(l));
    json_write_close(&w, '}');
    str_addc(out, '\n');
}

void progress_json_tail(const char *text, bool dry_run, struct str *out)
{
    struct json_writer w;

    open_json(&w, dry_run, out);
    json_write_key(&w, "tail");
    json_write_bool(&w, true);
    text_member(&w, "text", text);
    json_write_close(&w, '}');
    str_addc(out, '\n');
}

/* ---- frames ---- */

#define RESET "\033[0m"

static const char *const spinner[] = {"⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"};
static const char *const cells[] = {"⠀", "⡀", "⣀", "⣄", "⣤", "⣦", "⣶", "⣷", "⣿"};

static void paint(const struct progress_frame *f, const char *code, const char *text,
                  struct str *out)
{
    if (f->color && *code && *text)
        str_addf(out, "%s%s" RESET, code, text);
    else
        str_add(out, text);
}

static const char *glyph(const struct progress_frame *f, const struct progress_line *l,
                         const char **ret_color)
{
    switch (l->status) {
    case PROGRESS_DONE:
        *ret_color = "\033[32m";
        return "✔";
    case PROGRESS_WARNING:
        *ret_color = "\033[33m\033[1m";
        return "!";
    case PROGRESS_ERROR:
        *ret_color = "\033[31m\033[1m";
        return "✘";
    case PROGRESS_WORKING:
        break;
    }
    *ret_color = "\033[33m";
    return spinner[f->spin % ARRAY_LEN(spinner)];
}

static bool is_child_of(const struct progress_line *child, const struct progress_line *l)
{
    return child->parent && str_eq(child->parent, l->id);
}

/* " [⣿⣀] 2.566MB / 6.502MB" while an image is pulled: a cell per layer.
 * Returns its display width. */
static size_t layers(const struct progress_frame *f, const struct progress_line *l, struct str *out)
{
    AUTO_TEXT bar = {0};
    AUTO_TEXT sizes = {0};
    AUTO_TEXT now = {0};
    AUTO_TEXT all = {0};
    int64_t current = 0, total = 0;
    bool known = true;
    size_t count = 0;

    for (size_t i = 0; i < f->len; i++) {
        const struct progress_line *child = f->lines[i];
        int64_t part = child->status == PROGRESS_DONE ? 100 : percent(child);

        if (!is_child_of(child, l))
            continue;
        count++;
        str_add(&bar, cells[part * 8 / 100]);
        known = known && (child->status != PROGRESS_WORKING || child->total > 0);
        current += child->current;
        total += child->total;
    }
    if (!count || l->status != PROGRESS_WORKING)
        return 0;
    str_add(out, " [");
    paint(f, "\033[32m", str_text(&bar), out);
    str_addc(out, ']');
    if (known && total > 0) {
        bytes_human_decimal((double)current, 4, &now);
        bytes_human_decimal((double)total, 4, &all);
        str_addf(&sizes, " %7s / %-7s", str_text(&now), str_text(&all));
        str_add(out, str_text(&sizes));
    }
    return 3 + count + sizes.len;
}

/* Width of "ID TEXT" in the frame. */
static size_t label_width(const struct progress_line *l)
{
    return utf8_width(l->id) + 1 + utf8_width(l->text) + (l->parent ? 2 : 0);
}

static const char *word_color(const struct progress_line *l)
{
    switch (l->status) {
    case PROGRESS_DONE:
        return "\033[32m";
    case PROGRESS_WARNING:
        return "\033[33m\033[1m";
    case PROGRESS_ERROR:
        return "\033[31m\033[1m";
    case PROGRESS_WORKING:
        break;
    }
    return "";
}

/* Cuts text to `width` columns, with "..." when something goes. */
static void fit(const char *text, size_t width, struct str *out)
{
    size_t used = 0;

    if (utf8_width(text) <= width) {
        str_add(out, text);
        return;
    }
    while (*text && used + 3 < width) {
        AUTO_TEXT one = {0};
        uint32_t rune;
        size_t n = utf8_decode(text, strlen(text), &rune);

        str_addn(&one, text, n ? n : 1);
        used += utf8_width(str_text(&one));
        if (used + 3 > width)
            break;
        str_add(out, str_text(&one));
        text += n ? n : 1;
    }
    if (width >= 3)
        str_add(out, "...");
}

static void timer_text(const struct progress_frame *f, const struct progress_line *l,
                       struct str *out)
{
    uint64_t end = l->ended_ns ? l->ended_ns : f->now_ns;
    double seconds = end > l->started_ns ? (double)(end - l->started_ns) / 1e9 : 0;

    str_addf(out, "%.1fs ", seconds);
}

/* "ID [layers] TEXT", or the beginning of the id where there is no room. Returns its width. */
static size_t add_label(const struct progress_frame *f, const struct progress_line *l, size_t room,
                        struct str *out)
{
    AUTO_TEXT bar = {0};
    AUTO_TEXT cut = {0};
    size_t width = utf8_width(l->id) + layers(f, l, &bar) + 1 + utf8_width(l->text);

    if (width <= room) {
        str_addf(out, "%s%s %s", l->id, str_text(&bar), l->text);
        return width;
    }
    fit(l->id, room, &cut);
    str_add(out, str_text(&cut));
    return utf8_width(str_text(&cut));
}

/* Where a layer is, the short way: "2.066MB/6.002MB". Anything else has its state word. */
static void state_word(const struct progress_line *l, struct str *out)
{
    if (!l->parent || l->current <= 0) {
        str_add(out, l->word);
        return;
    }
    bytes_human_decimal((double)l->current, 4, out);
    if (l->total > 0) {
        str_addc(out, '/');
        bytes_human_decimal((double)l->total, 4, out);
    }
}

/* column: where the state words start, after the longest label. */
static void frame_line(const struct progress_frame *f, const struct progress_line *l, size_t column,
                       struct str *out)
{
    const char *prefix = f->dry_run ? " DRY-RUN MODE - " : "", *color, *mark = glyph(f, l, &color);
    size_t indent = l->parent ? 3 : 1, start = indent + 2 + strlen(prefix), room = SIZE_MAX / 2,
           used;
    AUTO_TEXT timer = {0};
    AUTO_TEXT whole = {0};
    AUTO_TEXT word = {0};

    timer_text(f, l, &timer);
    state_word(l, &whole);
    if (f->columns > 0)
        room = (size_t)f->columns > start + timer.len ? (size_t)f->columns - start - timer.len : 0;
    str_repeat(out, ' ', indent);
    paint(f, color, mark, out);
    paint(f, "\033[36m", prefix, out);
    str_addc(out, ' ');
    used = add_label(f, l, room, out);
    for (; indent + used < column + 1 && used < room; used++)
        str_addc(out, ' ');
    if (whole.len && used + 4 < room) {
        fit(str_text(&whole), room - used - 2, &word);
        str_addc(out, ' ');
        paint(f, word_color(l), str_text(&word), out);
        used += 1 + utf8_width(str_text(&word));
    }
    if (f->columns > 0 && used < room)
        str_repeat(out, ' ', room - used);
    paint(f, "\033[34m", str_text(&timer), out);
    str_addc(out, '\n');
}

static void header(const struct progress_frame *f, struct str *out)
{
    AUTO_TEXT text = {0};
    size_t done = 0;

    for (size_t i = 0; i < f->len; i++)
        done += f->lines[i]->status != PROGRESS_WORKING;
    str_addf(&text, "[+] %s %zu/%zu", f->title, done, f->len);
    paint(f, done == f->len ? "\033[34m" : "", str_text(&text), out);
    str_addc(out, '\n');
}

size_t progress_frame(const struct progress_frame *f, struct str *out)
{
    size_t room = f->rows > 3 ? (size_t)f->rows - 2 : SIZE_MAX, column = 0, parents = 0,
           printed = 0;
    bool with_children = f->len <= room;

    for (size_t i = 0; i < f->len; i++) {
        size_t width = label_width(f->lines[i]);

        parents += !f->lines[i]->parent;
        if ((with_children || !f->lines[i]->parent) && width > column)
            column = width;
    }
    header(f, out);
    for (size_t i = 0; i < f->len; i++) {
        if (f->lines[i]->parent)
            continue;
        if (parents > room && printed + 1 == room) {
            str_addf(out, " ... %zu more\n", parents - printed);
            printed++;
            break;
        }
        frame_line(f, f->lines[i], column, out);
        printed++;
        for (size_t k = 0; with_children && k < f->len; k++) {
            if (!is_child_of(f->lines[k], f->lines[i]))
                continue;
            frame_line(f, f->lines[k], column, out);
            printed++;
        }
    }
    return printed + 1;
}
