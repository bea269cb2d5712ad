#include "core/yaml/builder.h"

#include "core/base/arena.h"
#include "core/base/diags.h"
#include "core/base/secret.h"
#include "core/base/str.h"
#include "core/yaml/parse.h"
#include "core/yaml/resolve.h"

#include <string.h>

#define STANDARD_TAG "tag:yaml.org,2002:"

enum node_tag tag_of(const yaml_char_t *tag)
{
    if (!tag)
        return TAG_NONE;
    if (strcmp((const char *)tag, "!reset") == 0)
        return TAG_RESET;
    return strcmp((const char *)tag, "!override") == 0 ? TAG_OVERRIDE : TAG_NONE;
}

static bool is_plain(const yaml_event_t *e)
{
    return e->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
}

/* Nothing was escaped or folded: every character of the value is one character of the file. */
static bool is_verbatim(const yaml_event_t *e)
{
    size_t around = is_plain(e) ? 0 : 2;
    size_t chars = 0;

    if (e->start_mark.line != e->end_mark.line)
        return false;
    for (size_t i = 0; i < e->data.scalar.length; i++)
        chars += (e->data.scalar.value[i] & 0xC0) != 0x80;
    return e->end_mark.column - e->start_mark.column == chars + around;
}

static struct node *string_node(struct builder *b, const yaml_event_t *e)
{
    struct node *n = node_stringn(b->arena, mark_loc(b, e->start_mark),
                                  (const char *)e->data.scalar.value, e->data.scalar.length);

    n->verbatim = is_verbatim(e);
    return n;
}

static int base64_value(char c)
{
    static const char alphabet[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const char *at = c ? strchr(alphabet, c) : NULL;

    return at ? (int)(at - alphabet) : -1;
}

/* Padded base64 with line breaks anywhere. */
static bool base64_decode(const char *s, size_t len, struct str *out)
{
    unsigned bits = 0, have = 0;
    size_t count = 0, pad = 0;

    for (size_t i = 0; i < len; i++) {
        int v = base64_value(s[i]);

        if (s[i] == '\n' || s[i] == '\r')
            continue;
        count++;
        pad += s[i] == '=';
        if (s[i] == '=')
            continue;
        if (v < 0 || pad)
            return false;
        bits = (bits << 6 | (unsigned)v) & 0xFFFF;
        have += 6;
        if (have >= 8) {
            have -= 8;
            str_addc(out, (char)(bits >> have & 0xFF));
        }
    }
    return count % 4 == 0 && pad < 3;
}

static struct node *binary_node(struct builder *b, const yaml_event_t *e)
{
    AUTO_TEXT bytes = {0};
    struct loc loc = mark_loc(b, e->start_mark);

    if (!base64_decode((const char *)e->data.scalar.value, e->data.scalar.length, &bytes))
        diag_compat(diags_error(b->diags, loc, NULL, "!!binary value contains invalid base64 data"),
                    "yaml: !!binary value contains invalid base64 data");
    return node_stringn(b->arena, loc, str_text(&bytes), bytes.len);
}

static const struct tag_kind {
    const char *name;
    enum node_kind kind;
} tag_kinds[] = {
    {"bool", NODE_BOOL}, {"float", NODE_FLOAT},    {"int", NODE_INT},
    {"null", NODE_NULL}, {"timestamp", NODE_TIME},
};

static const char *kind_tag(enum node_kind kind)
{
    for (size_t i = 0; i < sizeof tag_kinds / sizeof tag_kinds[0]; i++)
        if (tag_kinds[i].kind == (kind == NODE_UINT ? NODE_INT : kind))
            return tag_kinds[i].name;
    return "str";
}

bool is_secret_here(const struct builder *b, const char *value)
{
    const struct frame *f = b->stack.len ? &b->stack.items[b->stack.len - 1] : NULL;

    if (!f)
        return false;
    if (f->node->kind == NODE_LIST)
        return is_behind_option(f->node, value);
    return f->has_key && f->key && is_secret_name(f->key);
}

/* !!int and the like: the content decides as without the tag, but must come out as the tag says. */
static struct node *cast_node(struct builder *b, const yaml_event_t *e, const struct tag_kind *want)
{
    const char *text = (const char *)e->data.scalar.value;
    size_t len = e->data.scalar.length;
    struct loc loc = mark_loc(b, e->start_mark);
    struct scalar s =
        want->kind == NODE_TIME ? scalar_resolve(text, len) : scalar_resolve_tagged(text, len);
    struct node *n;

    if (want->kind == NODE_FLOAT && (s.kind == NODE_INT || s.kind == NODE_UINT)) {
        n = node_new(b->arena, NODE_FLOAT, loc);
        n->real = s.kind == NODE_INT ? (double)s.integer : (double)s.uinteger;
        return n;
    }
    if (s.kind != want->kind && !(want->kind == NODE_INT && s.kind == NODE_UINT)) {
        bool secret = is_secret_here(b, text);
        struct diag *g = diags_error(b->diags, loc, NULL, "cannot decode !!%s `%s` as a !!%s",
                                     kind_tag(s.kind), secret ? SECRET_MASK : text, want->name);

        g->secret = secret;
        if (!secret)
            diag_compat(g, "yaml: cannot decode !!%s `%s` as a !!%s", kind_tag(s.kind), text,
                        want->name);
    }
    if (s.kind == NODE_TIME && want->kind != NODE_TIME)
        return string_node(b, e);
    return yaml_resolve(b->arena, loc, text, len);
}

static struct node *tagged_node(struct builder *b, const yaml_event_t *e)
{
    const char *tag = (const char *)e->data.scalar.tag;
    struct node *n;

    if (str_has_prefix(tag, STANDARD_TAG)) {
        const char *name = tag + strlen(STANDARD_TAG);

        if (strcmp(name, "binary") == 0)
            return binary_node(b, e);
        for (size_t i = 0; i < sizeof tag_kinds / sizeof tag_kinds[0]; i++)
            if (strcmp(name, tag_kinds[i].name) == 0)
                return cast_node(b, e, &tag_kinds[i]);
    }
    n = string_node(b, e);
    n->quoted = true;
    n->tag = tag_of(e->data.scalar.tag);
    return n;
}

struct node *scalar_node(struct builder *b, const yaml_event_t *e)
{
    const char *tag = (const char *)e->data.scalar.tag;
    struct node *n;

    if (tag && strcmp(tag, "!") != 0)
        return tagged_node(b, e);
    if (!is_plain(e)) {
        n = string_node(b, e);
        n->quoted = true;
        return n;
    }
    n = yaml_resolve(b->arena, mark_loc(b, e->start_mark), (const char *)e->data.scalar.value,
                     e->data.scalar.length);
    n->verbatim = n->kind == NODE_STRING && is_verbatim(e);
    return n;
}
