/* cmd/ls.c: the projects an engine has. */
#include "cmd/app.h"
#include "cmd/command.h"
#include "cmd/table.h"
#include "core/base/arena.h"
#include "core/base/err.h"
#include "core/base/str.h"
#include "core/base/vec.h"
#include "core/json/write.h"
#include "core/plan/labels.h"

#include <regex.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

struct ls_args {
    bool all, quiet;
    const char *format;
    struct strings filter;
};

/* clang-format off */
static const struct opt ls_opts[] = {
    OPT_FLAG('a', "all", struct ls_args, all, "Stopped projects too"),
    OPT_LIST(0, "filter", struct ls_args, filter, "filter", "Only projects that match (name=REGEX)"),
    OPT_STRING_DEF(0, "format", struct ls_args, format, "string", "\"table\"", "Format of the output (table, json)"),
    OPT_FLAG('q', "quiet", struct ls_args, quiet, "Only the names"),
    OPT_END,
};
/* clang-format on */

struct listed {
    const char *name, *status, *config_files;
};

struct ls {
    struct app *app;
    const struct ls_args *args;
    VEC(regex_t) patterns;
    VEC(struct listed *) rows;
};

static void get_name(const void *row, struct str *out)
{
    str_add(out, ((const struct listed *)row)->name);
}

static void get_status(const void *row, struct str *out)
{
    str_add(out, ((const struct listed *)row)->status);
}

static void get_files(const void *row, struct str *out)
{
    str_add(out, ((const struct listed *)row)->config_files);
}

static const struct column columns[] = {
    {"NAME", get_name},
    {"STATUS", get_status},
    {"CONFIG FILES", get_files},
};

/* "exited(1), running(3)": by name of the state. */
static const char *count_states(struct arena *a, const struct containers *all, const char *project)
{
    static const enum container_state sorted[] = {STATE_CREATED, STATE_DEAD,     STATE_EXITED,
                                                  STATE_PAUSED,  STATE_REMOVING, STATE_RESTARTING,
                                                  STATE_RUNNING, STATE_UNKNOWN};
    AUTO_TEXT out = {0};

    for (size_t s = 0; s < ARRAY_LEN(sorted); s++) {
        size_t count = 0;

        for (size_t i = 0; i < all->len; i++)
            count += all->items[i]->state == sorted[s] && str_eq(all->items[i]->project, project);
        if (count)
            str_addf(&out, "%s%s(%zu)", out.len ? ", " : "", container_state_name(sorted[s]),
                     count);
    }
    return arena_strdup(a, str_text(&out));
}

static bool is_listed(const struct str *files, const char *file, size_t len)
{
    const char *at = str_text(files);

    while (*at) {
        size_t n = strcspn(at, ",");

        if (n == len && memcmp(at, file, len) == 0)
            return true;
        at += n + (at[n] == ',');
    }
    return false;
}

/* Every file once, in order. */
static const char *config_files(struct ls *ls, const struct containers *all, const char *project)
{
    AUTO_TEXT out = {0};
    bool missing = false;

    for (size_t i = 0; i < all->len; i++) {
        const char *files = mapping_get(&all->items[i]->labels, LABEL_CONFIG_FILES);

        if (!str_eq(all->items[i]->project, project))
            continue;
        missing = missing || !files;
        while (files && *files) {
            size_t len = strcspn(files, ",");

            if (!is_listed(&out, files, len))
                str_addf(&out, "%s%.*s", out.len ? "," : "", (int)len, files);
            files += len + (files[len] == ',');
        }
    }
    if (missing) {
        app_warn(ls->app, "No label \"%s\" on a container of project \"%s\"", LABEL_CONFIG_FILES,
                 project);
        return "N/A";
    }
    return arena_strdup(ls->app->arena, str_text(&out));
}

static bool matches(const struct ls *ls, const char *name)
{
    for (size_t i = 0; i < ls->patterns.len; i++)
        if (regexec(&ls->patterns.items[i], name, 0, NULL, 0) == 0)
            return true;
    return ls->patterns.len == 0;
}

static bool has_row(const struct ls *ls, const char *name)
{
    for (size_t i = 0; i < ls->rows.len; i++)
        if (str_eq(ls->rows.items[i]->name, name))
            return true;
    return false;
}

static int by_name(const void *pa, const void *pb)
{
    const struct listed *const *a = pa, *const *b = pb;

    return strcmp((*a)->name, (*b)->name);
}

static void collect(struct ls *ls, const struct containers *all)
{
    struct arena *a = ls->app->arena;

    for (size_t i = 0; i < all->len; i++) {
        const char *name = all->items[i]->project;
        struct listed *row;

        if (has_row(ls, name) || !matches(ls, name))
            continue;
        row = arena_alloc(a, sizeof *row);
        row->name = arena_strdup(a, name);
        row->status = count_states(a, all, name);
        row->config_files = config_files(ls, all, name);
        vec_push(&ls->rows, row);
    }
    if (ls->rows.len)
        qsort(ls->rows.items, ls->rows.len, sizeof *ls->rows.items, by_name);
}

static void print_json(const struct ls *ls, struct str *out)
{
    struct json_writer w;

    json_write_init(&w, out, 0);
    json_write_open(&w, '[');
    for (size_t i = 0; i < ls->rows.len; i++) {
        json_write_open(&w, '{');
        json_write_key(&w, "Name");
        json_write_str(&w, ls->rows.items[i]->name);
        json_write_key(&w, "Status");
        json_write_str(&w, ls->rows.items[i]->status);
        json_write_key(&w, "ConfigFiles");
        json_write_str(&w, ls->rows.items[i]->config_files);
        json_write_close(&w, '}');
    }
    json_write_close(&w, ']');
    str_addc(out, '\n');
}

static void forget(struct ls *ls)
{
    for (size_t i = 0; i < ls->patterns.len; i++)
        regfree(&ls->patterns.items[i]);
    vec_done(&ls->patterns);
    vec_done(&ls->rows);
}

static void on_listed(void *owner, const struct reply *r, const struct err *err)
{
    struct ls *ls = owner;
    AUTO_TEXT out = {0};

    if (ls->app->finished) {
        forget(ls);
        return;
    }
    if (err) {
        forget(ls);
        app_fail(ls->app, err);
        return;
    }
    collect(ls, &r->containers);
    if (ls->args->quiet) {
        for (size_t i = 0; i < ls->rows.len; i++)
            str_addf(&out, "%s\n", ls->rows.items[i]->name);
    } else if (ls->args->format && strcasecmp(ls->args->format, "json") == 0) {
        print_json(ls, &out);
    } else {
        table_print(columns, ARRAY_LEN(columns), (const void *const *)ls->rows.items, ls->rows.len,
                    20, 3, &out);
    }
    app_out(str_text(&out), out.len);
    forget(ls);
    app_finish(ls->app, 0);
}

static int parse_filters(struct ls *ls, struct err *err)
{
    for (size_t i = 0; i < ls->args->filter.len; i++) {
        const char *f = ls->args->filter.items[i], *equals = strchr(f, '=');
        regex_t pattern;

        if (!equals)
            return err_set(err, ERR_USAGE, loc_none(),
                           "invalid argument \"%s\" for \"--filter\" flag: bad "
                           "format of filter (expected name=value)",
                           f);
        if (strncmp(f, "name=", 5) != 0)
            return err_set(err, ERR_USAGE, loc_none(), "invalid filter '%.*s'", (int)(equals - f),
                           f);
        if (regcomp(&pattern, equals + 1, REG_EXTENDED | REG_NOSUB) != 0)
            return err_set(err, ERR_USAGE, loc_none(), "invalid regular expression '%s'",
                           equals + 1);
        vec_push(&ls->patterns, pattern);
    }
    return 0;
}

static int check_format(const struct ls_args *a, struct err *err)
{
    if (str_empty(a->format) || strcasecmp(a->format, "table") == 0 ||
        strcasecmp(a->format, "json") == 0)
        return 0;
    return err_set(err, ERR_USAGE, loc_none(),
                   "format value \"%s\" could not be parsed: parsing failed", a->format);
}

static void ls_run(struct app *app, void *args, const struct strings *rest)
{
    static const char *labels[] = {LABEL_PROJECT, LABEL_HASH};
    struct ls *ls = arena_alloc(app->arena, sizeof *ls);
    struct list_filter f = {.all = ((struct ls_args *)args)->all,
                            .labels = {labels, ARRAY_LEN(labels)}};
    AUTO_ERR err = {0};

    (void)rest;
    ls->app = app;
    ls->args = args;
    if (parse_filters(ls, &err) < 0 || check_format(args, &err) < 0) {
        forget(ls);
        app_fail(app, &err);
        return;
    }
    if (app_engine(app) < 0) {
        forget(ls);
        return;
    }
    app->driver->reader.ops->container_list(&app->driver->reader, app->arena, &f, on_listed, ls);
}

const struct command cmd_ls = {
    .name = "ls",
    .usage = "ls [OPTIONS]",
    .summary = "List the projects that run",
    .opts = ls_opts,
    .args_size = sizeof(struct ls_args),
    .arity = ARGS_NONE,
    .run = ls_run,
};
