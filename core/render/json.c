/* core/render/json.c: the model as `config --format json` prints it, and raw trees as JSON. */
#include "core/render/render.h"

#include "core/base/mem.h"
#include "core/base/str.h"
#include "core/json/write.h"
#include "core/model/model.h"
#include "core/render/json_ops.h"
#include "core/render/walk.h"
#include "core/yaml/node.h"
#include "core/yaml/resolve.h"

#include <stdlib.h>
#include <string.h>

static void on_open(void *writer, char bracket)
{
    json_write_open(writer, bracket);
}

static void on_close(void *writer, char bracket)
{
    json_write_close(writer, bracket);
}

static void on_key(void *writer, const char *key)
{
    json_write_key(writer, key);
}

static void on_string(void *writer, const char *s)
{
    json_write_str(writer, s);
}

static void on_integer(void *writer, int64_t v)
{
    json_write_i64(writer, v);
}

static void on_real(void *writer, double v, int bits)
{
    json_write_float(writer, v, bits);
}

static void on_boolean(void *writer, bool v)
{
    json_write_bool(writer, v);
}

static void on_null(void *writer)
{
    json_write_null(writer);
}

const struct writer_ops json_ops = {
    .open = on_open,
    .close = on_close,
    .key = on_key,
    .string = on_string,
    .integer = on_integer,
    .real = on_real,
    .boolean = on_boolean,
    .null = on_null,
};

/* ---- trees ---- */

/* In x-*, docker compose writes an empty list as null. */
enum empty_list { EMPTY_IS_LIST, EMPTY_IS_NULL };

static void write_node(struct json_writer *json, const struct node *n, enum empty_list empty);

static int by_key(const void *a, const void *b)
{
    const struct node_pair *const *x = a, *const *y = b;

    return strcmp((*x)->key, (*y)->key);
}

static void write_map(struct json_writer *json, const struct node *n, enum empty_list empty)
{
    const struct node_pair **pairs = mem_calloc(n->map.len + 1, sizeof *pairs);

    for (size_t i = 0; i < n->map.len; i++)
        pairs[i] = &n->map.pairs[i];
    qsort(pairs, n->map.len, sizeof *pairs, by_key);
    json_write_open(json, '{');
    for (size_t i = 0; i < n->map.len; i++) {
        json_write_key(json, pairs[i]->key);
        write_node(json, pairs[i]->value, empty);
    }
    json_write_close(json, '}');
    free(pairs);
}

static void write_time(struct json_writer *json, const struct node *n)
{
    AUTO_TEXT text = {0};
    struct timestamp t;

    if (timestamp_parse(n->string.text, n->string.len, &t))
        timestamp_format(&t, &text);
    else
        str_addn(&text, n->string.text, n->string.len);
    json_write_str(json, str_text(&text));
}

static void write_list(struct json_writer *json, const struct node *n, enum empty_list empty)
{
    if (n->list.len == 0 && empty == EMPTY_IS_NULL) {
        json_write_null(json);
        return;
    }
    json_write_open(json, '[');
    for (size_t i = 0; i < n->list.len; i++)
        write_node(json, n->list.items[i], empty);
    json_write_close(json, ']');
}

static void write_node(struct json_writer *json, const struct node *n, enum empty_list empty)
{
    switch (n->kind) {
    case NODE_NULL:
        json_write_null(json);
        break;
    case NODE_BOOL:
        json_write_bool(json, n->boolean);
        break;
    case NODE_INT:
        json_write_i64(json, n->integer);
        break;
    case NODE_UINT:
        json_write_u64(json, n->uinteger);
        break;
    case NODE_FLOAT:
        json_write_float(json, n->real, 64);
        break;
    case NODE_TIME:
        write_time(json, n);
        break;
    case NODE_STRING:
        json_write_str(json, n->string.text);
        break;
    case NODE_MAP:
        write_map(json, n, empty);
        break;
    case NODE_LIST:
        write_list(json, n, empty);
        break;
    }
}

static void on_extension(void *writer, const struct node *n)
{
    write_node(writer, n, EMPTY_IS_NULL);
}

/* ---- the project ---- */

/* Keys of the top level are sorted, which the table is; x-* come after all of them. */
void render_json(const struct project *p, struct str *out, drain_fn *drain, void *owner)
{
    struct json_writer json;
    struct walk w = {.ops = &json_ops,
                     .writer = &json,
                     .json = true,
                     .out = out,
                     .doubled = out->len,
                     .drain = drain,
                     .owner = owner};

    json_write_init(&json, out, 2);
    json_write_open(&json, '{');
    for (size_t i = 0; i < project_table.count; i++)
        walk_attr(&w, &project_table.attrs[i], p);
    w.extension = on_extension;
    walk_extensions(&w, p->item.node);
    json_write_close(&json, '}');
    walk_piece(&w);
}

void render_tree_json(const struct node *n, struct str *out)
{
    struct json_writer json;

    json_write_init(&json, out, 2);
    write_node(&json, n, EMPTY_IS_LIST);
}
