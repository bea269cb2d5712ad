#include "core/yaml/emit.h"

#include "core/base/attr.h" /* ARRAY_LEN */
#include "core/base/mem.h"
#include "core/base/str.h"
#include "core/base/text.h"
#include "core/yaml/node.h"
#include "core/yaml/resolve.h"
#include "core/yaml/style.h"

#include <assert.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum {
    INDENT = 2,
    SIMPLE_KEY_MAX = 128, /* bytes; longer keys use "? key" */
    BASE64_LINE = 70,
};

static struct yaml_level *level(struct yaml_writer *w)
{
    return w->depth ? &w->levels[w->depth - 1] : NULL;
}

static void new_line(struct yaml_writer *w, unsigned indent)
{
    if (!w->line_ended)
        str_addc(w->out, '\n');
    w->line_ended = false;
    str_repeat(w->out, ' ', indent);
}

/* Goes to where the next key or dash of the innermost collection stands. */
static void begin_entry(struct yaml_writer *w)
{
    struct yaml_level *l = level(w);

    if (l->empty && w->after_mark)
        str_addc(w->out, ' ');
    else if (!l->empty || w->after_key)
        new_line(w, l->indent);
    l->empty = w->after_key = w->after_mark = false;
}

static void begin_value(struct yaml_writer *w)
{
    if (!w->depth || !level(w)->list)
        return;
    begin_entry(w);
    str_addc(w->out, '-');
    w->after_mark = true;
}

static void begin_scalar(struct yaml_writer *w)
{
    begin_value(w);
    if (w->after_key || w->after_mark)
        str_addc(w->out, ' ');
    w->after_key = w->after_mark = false;
}

/* Where lines of a scalar that has several begin. */
static unsigned inner_indent(struct yaml_writer *w)
{
    return (w->depth ? level(w)->indent : 0) + INDENT;
}

static void write_scalar(struct yaml_writer *w, const char *text)
{
    begin_scalar(w);
    str_add(w->out, text);
}

static void open_level(struct yaml_writer *w, bool list)
{
    unsigned indent = w->depth ? inner_indent(w) : 0;

    assert(w->depth < ARRAY_LEN(w->levels));
    begin_value(w);
    w->levels[w->depth++] = (struct yaml_level){.list = list, .empty = true, .indent = indent};
}

void yaml_write_init(struct yaml_writer *w, struct str *out)
{
    w->out = out;
    w->depth = 0;
    w->after_key = w->after_mark = w->line_ended = false;
}

void yaml_write_map(struct yaml_writer *w)
{
    open_level(w, false);
}

void yaml_write_list(struct yaml_writer *w)
{
    open_level(w, true);
}

void yaml_write_close(struct yaml_writer *w)
{
    const struct yaml_level *l = level(w);

    if (l->empty) {
        if (w->after_key || w->after_mark)
            str_addc(w->out, ' ');
        w->after_key = w->after_mark = false;
        str_add(w->out, l->list ? "[]" : "{}");
    }
    w->depth--;
}

/* --- strings --- */

static void base64_encode(const char *s, size_t len, struct str *out)
{
    static const char alphabet[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    size_t written = 0;
    size_t total = (len + 2) / 3 * 4;

    for (size_t i = 0; i < len; i += 3) {
        uint32_t bits = 0;

        for (size_t k = 0; k < 3; k++)
            bits = bits << 8 | (i + k < len ? (unsigned char)s[i + k] : 0);
        for (size_t k = 0; k < 4; k++) {
            str_addc(out, i + k > len ? '=' : alphabet[bits >> (18 - 6 * k) & 63]);
            if (++written % BASE64_LINE == 0 || (written == total && total > BASE64_LINE))
                str_addc(out, '\n');
        }
    }
}

static void write_binary(struct yaml_writer *w, const char *s, size_t len, unsigned indent)
{
    AUTO_TEXT text = {0};

    base64_encode(s, len, &text);
    str_add(w->out, "!!binary ");
    w->line_ended = style_write(style_choose(str_text(&text), text.len, false, true),
                                str_text(&text), text.len, indent, w->out);
}

static void write_long_key(struct yaml_writer *w, const char *key, size_t len)
{
    bool binary = !utf8_valid(key, len);
    bool simple = len <= SIMPLE_KEY_MAX && !strpbrk(key, "\r\n") && !strstr(key, "\xC2\x85") &&
                  !strstr(key, "\xE2\x80\xA8") && !strstr(key, "\xE2\x80\xA9");

    begin_entry(w);
    if (!simple)
        str_add(w->out, "? ");
    if (binary)
        write_binary(w, key, len, inner_indent(w));
    else
        w->line_ended =
            style_write(style_choose(key, len, simple, false), key, len, inner_indent(w), w->out);
    if (!simple)
        new_line(w, level(w)->indent);
    str_addc(w->out, ':');
    w->after_key = simple;
    w->after_mark = !simple;
}

void yaml_write_key(struct yaml_writer *w, const char *key)
{
    size_t len = strlen(key);

    if (len > SIMPLE_KEY_MAX || !style_is_word(key, len)) {
        write_long_key(w, key, len);
        return;
    }
    begin_entry(w);
    str_addn(w->out, key, len);
    str_addc(w->out, ':');
    w->after_key = true;
}

void yaml_write_str(struct yaml_writer *w, const char *s, size_t len)
{
    unsigned indent = inner_indent(w);

    begin_scalar(w);
    if (style_is_word(s, len))
        str_addn(w->out, s, len);
    else if (utf8_valid(s, len))
        w->line_ended = style_write(style_choose(s, len, false, false), s, len, indent, w->out);
    else
        write_binary(w, s, len, indent);
}

/* --- other scalars --- */

void yaml_write_i64(struct yaml_writer *w, int64_t v)
{
    begin_scalar(w);
    str_addf(w->out, "%" PRId64, v);
}

void yaml_write_u64(struct yaml_writer *w, uint64_t v)
{
    begin_scalar(w);
    str_addf(w->out, "%" PRIu64, v);
}

void yaml_write_float(struct yaml_writer *w, double v, int bits)
{
    begin_scalar(w);
    float_format(v, bits, 'y', w->out);
}

void yaml_write_bool(struct yaml_writer *w, bool v)
{
    write_scalar(w, v ? "true" : "false");
}

void yaml_write_null(struct yaml_writer *w)
{
    write_scalar(w, "null");
}

/* --- trees --- */

static void write_time(struct yaml_writer *w, const struct node *n)
{
    struct timestamp t;

    if (!timestamp_parse(n->string.text, n->string.len, &t)) {
        yaml_write_str(w, n->string.text, n->string.len);
        return;
    }
    begin_scalar(w);
    timestamp_format(&t, w->out);
}

static int by_key(const void *a, const void *b)
{
    const struct node_pair *const *x = a, *const *y = b;

    return compare_natural((*x)->key, (*y)->key);
}

static void write_pairs(struct yaml_writer *w, const struct node *n)
{
    const struct node_pair **sorted = mem_calloc(n->map.len + 1, sizeof *sorted);

    for (size_t i = 0; i < n->map.len; i++)
        sorted[i] = &n->map.pairs[i];
    qsort(sorted, n->map.len, sizeof *sorted, by_key);
    for (size_t i = 0; i < n->map.len; i++) {
        yaml_write_key(w, sorted[i]->key);
        yaml_write_node(w, sorted[i]->value);
    }
    free(sorted);
}

void yaml_write_node(struct yaml_writer *w, const struct node *n)
{
    switch (n ? n->kind : NODE_NULL) {
    case NODE_NULL:
        yaml_write_null(w);
        break;
    case NODE_BOOL:
        yaml_write_bool(w, n->boolean);
        break;
    case NODE_INT:
        yaml_write_i64(w, n->integer);
        break;
    case NODE_UINT:
        yaml_write_u64(w, n->uinteger);
        break;
    case NODE_FLOAT:
        yaml_write_float(w, n->real, 64);
        break;
    case NODE_TIME:
        write_time(w, n);
        break;
    case NODE_STRING:
        yaml_write_str(w, n->string.text, n->string.len);
        break;
    case NODE_LIST:
        yaml_write_list(w);
        for (size_t i = 0; i < n->list.len; i++)
            yaml_write_node(w, n->list.items[i]);
        yaml_write_close(w);
        break;
    case NODE_MAP:
        yaml_write_map(w);
        write_pairs(w, n);
        yaml_write_close(w);
        break;
    }
}

void yaml_write_finish(struct yaml_writer *w)
{
    new_line(w, 0);
}
