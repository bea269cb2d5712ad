#include "core/exec/tail.h"

#include <string.h>

void tail_add(struct tail *t, enum stream s, const char *bytes, size_t len)
{
    struct str *text = s == STREAM_STDERR ? &t->err : &t->out;

    str_addn(text, bytes, len);
    if (text->len > 2 * TAIL_BYTES)
        str_consume(text, text->len - TAIL_BYTES);
}

static bool is_blank(const char *line, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if (!strchr(" \t\r", line[i]))
            return false;
    return true;
}

/* Progress bars write over their line: what is seen is behind the last carriage return. */
static void add_line(struct str *ret, const char *line, size_t len)
{
    const char *start = line;

    while (len && line[len - 1] == '\r')
        len--;
    for (size_t i = 0; i < len; i++)
        if (line[i] == '\r')
            start = line + i + 1;
    if (ret->len)
        str_addc(ret, '\n');
    str_addn(ret, start, (size_t)(line + len - start));
}

/* Where the last TAIL_LINES lines begin that are not blank. */
static size_t begin_of(const char *text, size_t len)
{
    size_t lines = 0, end = len, begin = len;

    while (end > 0) {
        size_t start = end;

        while (start > 0 && text[start - 1] != '\n')
            start--;
        if (!is_blank(text + start, end - start)) {
            begin = start;
            if (++lines == TAIL_LINES)
                break;
        }
        end = start ? start - 1 : 0;
    }
    return begin;
}

static void add_lines(const struct str *from, struct str *ret)
{
    const char *text = str_text(from);
    size_t skipped = from->len > TAIL_BYTES ? from->len - TAIL_BYTES : 0;
    size_t at = begin_of(text, from->len);

    if (at < skipped)
        at = skipped;
    while (at < from->len) {
        const char *newline = memchr(text + at, '\n', from->len - at);
        size_t end = newline ? (size_t)(newline - text) : from->len;

        if (!is_blank(text + at, end - at))
            add_line(ret, text + at, end - at);
        at = end + 1;
    }
}

void tail_text(const struct tail *t, struct str *ret)
{
    add_lines(&t->err, ret);
    if (!ret->len)
        add_lines(&t->out, ret);
}

void tail_done(struct tail *t)
{
    str_done(&t->out);
    str_done(&t->err);
}
