/* core/render/yaml.c: the model as `config` prints it, and the raw tree of --no-interpolate. */
#include "core/render/render.h"

#include "core/base/str.h"
#include "core/model/model.h"
#include "core/render/walk.h"
#include "core/yaml/emit.h"

#include <string.h>

static void on_open(void *writer, char bracket)
{
    if (bracket == '{')
        yaml_write_map(writer);
    else
        yaml_write_list(writer);
}

static void on_close(void *writer, char bracket)
{
    (void)bracket;
    yaml_write_close(writer);
}

static void on_key(void *writer, const char *key)
{
    yaml_write_key(writer, key);
}

static void on_string(void *writer, const char *s)
{
    yaml_write_str(writer, s, strlen(s));
}

static void on_integer(void *writer, int64_t v)
{
    yaml_write_i64(writer, v);
}

static void on_real(void *writer, double v, int bits)
{
    yaml_write_float(writer, v, bits);
}

static void on_boolean(void *writer, bool v)
{
    yaml_write_bool(writer, v);
}

static void on_null(void *writer)
{
    yaml_write_null(writer);
}

static void on_extension(void *writer, const struct node *n)
{
    yaml_write_node(writer, n);
}

static const struct writer_ops yaml_ops = {
    .open = on_open,
    .close = on_close,
    .key = on_key,
    .string = on_string,
    .integer = on_integer,
    .real = on_real,
    .boolean = on_boolean,
    .null = on_null,
};

void render_yaml(const struct project *p, struct str *out, drain_fn *drain, void *owner)
{
    struct yaml_writer yaml;
    struct walk w = {.ops = &yaml_ops,
                     .writer = &yaml,
                     .extension = on_extension,
                     .out = out,
                     .doubled = out->len,
                     .drain = drain,
                     .owner = owner};

    yaml_write_init(&yaml, out);
    walk_object(&w, &project_table, p);
    yaml_write_finish(&yaml);
    walk_piece(&w);
}

void render_tree_yaml(const struct node *n, struct str *out)
{
    struct yaml_writer yaml;

    yaml_write_init(&yaml, out);
    yaml_write_node(&yaml, n);
    yaml_write_finish(&yaml);
}
