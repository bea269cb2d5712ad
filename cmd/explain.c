/* cmd/explain.c: what a value of the model is, and everything that made it so. The format of its
 * JSON is in docs/explain.md. */
#include "cmd/app.h"
#include "cmd/command.h"
#include "cmd/explain_path.h"
#include "cmd/explain_print.h"
#include "cmd/explain_unused.h"
#include "core/base/err.h"
#include "core/base/str.h"
#include "core/load/history.h"
#include "core/model/model.h"
#include "core/yaml/node.h"

#include <string.h>

struct explain_args {
    const char *format;
    bool show_secrets, unused;
};

/* clang-format off */
static const struct opt explain_opts[] = {
    OPT_STRING_DEF(0, "format", struct explain_args, format, "string", "\"text\"", "Format of the output (text, json)"),
    OPT_FLAG(0, "show-secrets", struct explain_args, show_secrets, "Print credentials as they are"),
    OPT_FLAG(0, "unused", struct explain_args, unused, "List variables of env files that nothing reads"),
    OPT_END,
};
/* clang-format on */

struct explain {
    struct app *app;
    struct printer printer;
};

static void explain_node(struct explain *x, const struct found *f);

static void explain_below(struct explain *x, const struct found *up, const char *key, size_t index,
                          const struct node *n)
{
    struct found f = {.node = n,
                      .key = key,
                      .item = !key,
                      .at = attr_down(up->at, key),
                      .up = up->node,
                      .around = explain_around(up->node, up->around, n, index)};
    AUTO_TEXT path = {0};

    str_add(&path, up->path);
    if (key)
        explain_add_key(&path, key);
    else
        explain_add_index(&path, index);
    f.path = str_text(&path);
    explain_node(x, &f);
}

static void explain_pairs(struct explain *x, const struct found *f, const struct node *map)
{
    for (size_t i = 0; node_is(map, NODE_MAP) && i < map->map.len; i++)
        if (!str_has_prefix(map->map.pairs[i].key, "x-#"))
            explain_below(x, f, map->map.pairs[i].key, map == f->node ? i : 0,
                          map->map.pairs[i].value);
}

/* Keys that are no longer there. */
static void explain_resets(struct explain *x, const struct found *f)
{
    for (const struct origin *o = f->node->origin; o; o = o->before) {
        AUTO_TEXT key = {0};

        if (o->rule != ORIGIN_RESET)
            continue;
        str_addn(&key, o->text, o->len);
        if (!node_pair_get(f->node, str_text(&key)))
            explain_below(x, f, str_text(&key), 0, NULL);
    }
}

/* The values themselves; of what they stand in only what somebody asks for by name. */
static void explain_node(struct explain *x, const struct found *f)
{
    const struct node *more = f->key && f->up ? explain_more(f->up, f->key) : NULL;
    size_t below = f->node ? node_len(f->node) + node_len(more) : 0;

    if (!below) {
        print_value(&x->printer, f);
        return;
    }
    explain_pairs(x, f, f->node);
    explain_pairs(x, f, more);
    explain_resets(x, f);
    for (size_t i = 0; f->node->kind == NODE_LIST && i < f->node->list.len; i++)
        explain_below(x, f, NULL, i, f->node->list.items[i]);
}

static int explain_paths(struct explain *x, const struct strings *paths, struct err *err)
{
    for (size_t i = 0; i < paths->len; i++) {
        struct found f;

        if (explain_find(x->app->arena, x->app->project->root, paths->items[i], &f, err) < 0)
            return -1;
        if (f.node && node_len(f.node))
            print_value(&x->printer, &f);
        explain_node(x, &f);
    }
    return 0;
}

static int check_args(const struct explain_args *a, const struct strings *paths, struct err *err)
{
    if (a->format && !str_eq(a->format, "text") && !str_eq(a->format, "json"))
        return err_set(err, ERR_USAGE, loc_none(),
                       "invalid value for --format: \"%s\", expected \"text\" or \"json\"",
                       a->format);
    if (a->unused && paths->len)
        return err_set(err, ERR_USAGE, loc_none(), "--unused takes no PATH");
    if (!a->unused && !paths->len)
        return err_set(err, ERR_USAGE, loc_none(),
                       "a PATH such as services.web.image is missing, or --unused");
    return 0;
}

static void explain_run(struct app *app, void *args, const struct strings *paths)
{
    const struct explain_args *a = args;
    struct explain x = {.app = app};
    AUTO_TEXT out = {0};
    AUTO_ERR err = {0};

    if (check_args(a, paths, &err) < 0) {
        app_fail(app, &err);
        return;
    }
    app->load.all_resources = true;
    if (app_load(app, NULL) < 0)
        return;
    printer_init(&x.printer, app->arena, &out, str_eq(a->format, "json"), a->show_secrets);
    if (a->unused)
        explain_unused(app->project, x.printer.json, &out);
    else if (explain_paths(&x, paths, &err) == 0)
        printer_end(&x.printer);
    if (err.code) {
        app_fail(app, &err);
        return;
    }
    app_out(str_text(&out), out.len);
    app_finish(app, 0);
}

const struct command cmd_explain = {
    .name = "explain",
    .usage = "explain [OPTIONS] PATH...",
    .summary = "Show where a value of the model comes from",
    .opts = explain_opts,
    .args_size = sizeof(struct explain_args),
    .run = explain_run,
};
