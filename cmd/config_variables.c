#include "cmd/config_variables.h"

#include "cmd/table.h"
#include "core/base/arena.h"
#include "core/base/err.h"
#include "core/base/mem.h"
#include "core/base/str.h"
#include "core/base/vec.h"
#include "core/json/write.h"
#include "core/yaml/emit.h"
#include "core/yaml/node.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

struct found {
    const char *name, *def, *presence; /* ${name:-def}, ${name:+presence} */
    bool required;
};

struct scan {
    struct arena *arena;
    VEC(struct found *) found;
};

/* One row per name: the last use says the rest. */
static struct found *found_of(struct scan *s, const char *name, size_t len)
{
    struct found *f;

    for (size_t i = 0; i < s->found.len; i++) {
        f = s->found.items[i];
        if (strlen(f->name) == len && memcmp(f->name, name, len) == 0)
            return f;
    }
    f = arena_alloc(s->arena, sizeof *f);
    f->name = arena_strndup(s->arena, name, len);
    f->def = f->presence = "";
    vec_push(&s->found, f);
    return f;
}

static size_t name_len(const char *s, const char *end)
{
    size_t n = 0;

    if (s < end && (isalpha((unsigned char)*s) || *s == '_'))
        for (n = 1; s + n < end && (isalnum((unsigned char)s[n]) || s[n] == '_'); n++)
            ;
    return n;
}

/* The brace that closes the one before `s`. */
static const char *closing(const char *s, const char *end)
{
    int depth = 1;

    for (; s < end; s++) {
        if (s[0] == '$' && s + 1 < end && s[1] == '{')
            depth++;
        else if (*s == '}' && --depth == 0)
            return s;
    }
    return end;
}

static void scan_text(struct scan *s, const char *text, const char *end);

/* What stands between the braces: NAME, or NAME, an operator and a text. */
static void scan_braced(struct scan *s, const char *text, const char *end)
{
    size_t len = name_len(text, end);
    const char *op = text + len;
    struct found *f;
    char *rest;

    if (!len)
        return;
    f = found_of(s, text, len);
    op += op + 1 < end && *op == ':' && strchr("-?+", op[1]);
    if (op >= end || !strchr("-?+", *op))
        return;
    rest = arena_strndup(s->arena, op + 1, (size_t)(end - op - 1));
    f->def = *op == '-' ? rest : "";
    f->presence = *op == '+' ? rest : "";
    f->required = *op == '?';
    if (*op != '?')
        scan_text(s, op + 1, end);
}

static void scan_text(struct scan *s, const char *text, const char *end)
{
    while (text < end && (text = memchr(text, '$', (size_t)(end - text)))) {
        text++;
        if (text < end && *text == '$') {
            text++;
        } else if (text < end && *text == '{') {
            const char *close = closing(text + 1, end);

            scan_braced(s, text + 1, close);
            text = close;
        } else {
            size_t len = name_len(text, end);

            if (len)
                *found_of(s, text, len) =
                    (struct found){arena_strndup(s->arena, text, len), "", "", false};
            text += len;
        }
    }
}

static void scan_node(struct scan *s, const struct node *n)
{
    if (!n)
        return;
    if (n->kind == NODE_STRING)
        scan_text(s, n->string.text, n->string.text + n->string.len);
    for (size_t i = 0; n->kind == NODE_LIST && i < n->list.len; i++)
        scan_node(s, n->list.items[i]);
    for (size_t i = 0; n->kind == NODE_MAP && i < n->map.len; i++)
        scan_node(s, n->map.pairs[i].value);
}

/* ---- printing ---- */

static void get_name(const void *row, struct str *out)
{
    str_add(out, ((const struct found *)row)->name);
}

static void get_required(const void *row, struct str *out)
{
    str_add(out, ((const struct found *)row)->required ? "true" : "false");
}

static void get_default(const void *row, struct str *out)
{
    str_add(out, ((const struct found *)row)->def);
}

static void get_presence(const void *row, struct str *out)
{
    str_add(out, ((const struct found *)row)->presence);
}

static void print_table(const struct scan *s, struct str *out)
{
    static const struct column columns[] = {
        {"NAME", get_name},
        {"REQUIRED", get_required},
        {"DEFAULT VALUE", get_default},
        {"ALTERNATE VALUE", get_presence},
    };

    table_print(columns, ARRAY_LEN(columns), (const void *const *)s->found.items, s->found.len, 20,
                3, out);
}

static void print_json(const struct scan *s, struct str *out)
{
    struct json_writer w;

    json_write_init(&w, out, 4);
    json_write_open(&w, '{');
    for (size_t i = 0; i < s->found.len; i++) {
        const struct found *f = s->found.items[i];

        json_write_key(&w, f->name);
        json_write_open(&w, '{');
        json_write_key(&w, "Name");
        json_write_str(&w, f->name);
        json_write_key(&w, "DefaultValue");
        json_write_str(&w, f->def);
        json_write_key(&w, "PresenceValue");
        json_write_str(&w, f->presence);
        json_write_key(&w, "Required");
        json_write_bool(&w, f->required);
        json_write_close(&w, '}');
    }
    json_write_close(&w, '}');
    str_add(out, "\n\n");
}

/* docker compose indents this one by 4, where ours writes 2. */
static void double_indent(const char *text, struct str *out)
{
    while (*text) {
        size_t indent = strspn(text, " "), len = strcspn(text, "\n");

        str_repeat(out, ' ', indent);
        str_addn(out, text, len + (text[len] == '\n'));
        text += len + (text[len] == '\n');
    }
}

static void yaml_text(struct yaml_writer *w, const char *key, const char *value)
{
    yaml_write_key(w, key);
    yaml_write_str(w, value, strlen(value));
}

static void print_yaml(const struct scan *s, struct str *out)
{
    struct yaml_writer *w = mem_alloc(sizeof *w);
    AUTO_TEXT text = {0};

    yaml_write_init(w, &text);
    yaml_write_map(w);
    for (size_t i = 0; i < s->found.len; i++) {
        const struct found *f = s->found.items[i];

        yaml_write_key(w, f->name);
        yaml_write_map(w);
        yaml_text(w, "name", f->name);
        yaml_text(w, "defaultvalue", f->def);
        yaml_text(w, "presencevalue", f->presence);
        yaml_write_key(w, "required");
        yaml_write_bool(w, f->required);
        yaml_write_close(w);
    }
    yaml_write_close(w);
    yaml_write_finish(w);
    double_indent(str_text(&text), out);
    free(w);
}

static int by_name(const void *pa, const void *pb)
{
    const struct found *const *a = pa, *const *b = pb;

    return strcmp((*a)->name, (*b)->name);
}

int config_variables(struct arena *a, const struct node *tree, const char *format, struct str *out,
                     struct err *err)
{
    struct scan s = {.arena = a};
    int status = 0;

    scan_node(&s, tree);
    if (s.found.len)
        qsort(s.found.items, s.found.len, sizeof *s.found.items, by_name);
    if (!format || str_eq(format, "table"))
        print_table(&s, out);
    else if (str_eq(format, "json"))
        print_json(&s, out);
    else if (str_eq(format, "yaml"))
        print_yaml(&s, out);
    else
        status = err_set(err, ERR_USAGE, loc_none(),
                         "format value \"%s\" could not be parsed: parsing failed", format);
    vec_done(&s.found);
    return status;
}
