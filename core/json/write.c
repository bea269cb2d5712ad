#include "core/json/write.h"

#include "core/base/str.h"
#include "core/base/text.h"

#include <inttypes.h>
#include <string.h>

void json_write_init(struct json_writer *w, struct str *out, int indent)
{
    *w = (struct json_writer){.out = out, .indent = indent, .first = true};
}

static void new_line(struct json_writer *w)
{
    if (w->indent <= 0)
        return;
    str_addc(w->out, '\n');
    str_repeat(w->out, ' ', (size_t)(w->indent * w->depth));
}

/* What stands between the last thing written and a key or value. */
static void separate(struct json_writer *w)
{
    if (w->after_key) {
        w->after_key = false;
        return;
    }
    if (!w->first)
        str_addc(w->out, ',');
    if (w->depth)
        new_line(w);
    w->first = false;
}

void json_write_open(struct json_writer *w, char bracket)
{
    separate(w);
    str_addc(w->out, bracket);
    w->depth++;
    w->first = true;
}

void json_write_close(struct json_writer *w, char bracket)
{
    w->depth--;
    if (!w->first)
        new_line(w);
    str_addc(w->out, bracket);
    w->first = false;
}

void json_write_key(struct json_writer *w, const char *key)
{
    separate(w);
    json_write_quoted(key, !w->no_html, w->out);
    str_add(w->out, w->indent > 0 ? ": " : ":");
    w->after_key = true;
}

void json_write_str(struct json_writer *w, const char *s)
{
    if (!s) {
        json_write_null(w);
        return;
    }
    separate(w);
    json_write_quoted(s, !w->no_html, w->out);
}

void json_write_i64(struct json_writer *w, int64_t v)
{
    separate(w);
    str_addf(w->out, "%" PRId64, v);
}

void json_write_u64(struct json_writer *w, uint64_t v)
{
    separate(w);
    str_addf(w->out, "%" PRIu64, v);
}

void json_write_float(struct json_writer *w, double v, int bits)
{
    separate(w);
    float_format(v, bits, 'j', w->out);
}

void json_write_bool(struct json_writer *w, bool v)
{
    separate(w);
    str_add(w->out, v ? "true" : "false");
}

void json_write_null(struct json_writer *w)
{
    separate(w);
    str_add(w->out, "null");
}

static void quote_rune(uint32_t rune, bool html, struct str *out)
{
    static const char escaped[] = "\"\\\b\f\n\r\t", letters[] = "\"\\bfnrt";
    const char *at = rune && rune < 0x80 ? strchr(escaped, (int)rune) : NULL;

    if (at)
        str_addf(out, "\\%c", letters[at - escaped]);
    else if (rune < 0x20 || rune == 0x2028 || rune == 0x2029 ||
             (html && (rune == '<' || rune == '>' || rune == '&')))
        str_addf(out, "\\u%04x", rune);
    else
        utf8_encode(rune, out);
}

/* How many bytes from here on stand for themselves. */
static size_t plain_length(const char *s, size_t len, bool html)
{
    size_t n = 0;

    while (n < len && s[n] >= 0x20 && (unsigned char)s[n] < 0x80 && s[n] != '"' && s[n] != '\\' &&
           !(html && (s[n] == '<' || s[n] == '>' || s[n] == '&')))
        n++;
    return n;
}

void json_write_quoted(const char *s, bool html, struct str *out)
{
    size_t left = strlen(s);

    str_addc(out, '"');
    while (left) {
        uint32_t rune;
        size_t n = plain_length(s, left, html);

        if (n) {
            str_addn(out, s, n);
            s += n;
            left -= n;
            continue;
        }
        n = utf8_decode(s, left, &rune);
        if (n)
            quote_rune(rune, html, out);
        else
            str_add(out, "\\ufffd");
        n = n ? n : 1;
        s += n;
        left -= n;
    }
    str_addc(out, '"');
}
