/* cmd/images.c: the images of a project's containers. */
#include "cmd/app.h"
#include "cmd/command.h"
#include "cmd/table.h"
#include "core/base/arena.h"
#include "core/base/err.h"
#include "core/base/str.h"
#include "core/base/text.h"
#include "core/base/vec.h"
#include "core/json/write.h"
#include "core/plan/order.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

struct images_args {
    bool quiet;
    const char *format;
};

/* clang-format off */
static const struct opt images_opts[] = {
    OPT_STRING_DEF(0, "format", struct images_args, format, "string", "\"table\"", "Format of the output (table, json)"),
    OPT_FLAG('q', "quiet", struct images_args, quiet, "Only the ids"),
    OPT_END,
};
/* clang-format on */

struct image_row {
    const struct container *container;
    const struct image_state *image; /* NULL: the engine no longer has it */
    const char *repository, *tag;
    int64_t now;
};

struct list_images {
    struct app *app;
    const struct images_args *args;
    struct strings services;
    struct observed observed;
    VEC(struct image_row *) rows;
    size_t waiting; /* inspections */
    bool over;
};

static void get_container(const void *row, struct str *out)
{
    str_add(out, ((const struct image_row *)row)->container->name);
}

static void get_repository(const void *row, struct str *out)
{
    const struct image_row *r = row;

    str_add(out, r->repository ? r->repository : "<none>");
}

static void get_tag(const void *row, struct str *out)
{
    const struct image_row *r = row;

    str_add(out, r->tag ? r->tag : "<none>");
}

static void get_platform(const void *row, struct str *out)
{
    const struct image_state *i = ((const struct image_row *)row)->image;

    if (!i)
        return;
    str_addf(out, "%s/%s", i->os, i->architecture);
    if (!str_empty(i->variant))
        str_addf(out, "/%s", i->variant);
}

static const char *bare_id(const char *id)
{
    return str_has_prefix(id, "sha256:") ? id + 7 : id;
}

static void get_id(const void *row, struct str *out)
{
    str_addf(out, "%.12s", bare_id(((const struct image_row *)row)->container->image_id));
}

static void get_size(const void *row, struct str *out)
{
    const struct image_state *i = ((const struct image_row *)row)->image;

    bytes_human_decimal(i ? (double)i->size : 0, 3, out);
}

static void get_created(const void *row, struct str *out)
{
    const struct image_row *r = row;
    int64_t tagged;
    int32_t nanoseconds;

    if (!r->image || time_parse_rfc3339(r->image->last_tag_time, &tagged, &nanoseconds) < 0 ||
        tagged <= 0) {
        str_add(out, "N/A");
        return;
    }
    duration_human(r->now - tagged, out);
    str_add(out, " ago");
}

static const struct column columns[] = {
    {"CONTAINER", get_container}, {"REPOSITORY", get_repository}, {"TAG", get_tag},
    {"PLATFORM", get_platform},   {"IMAGE ID", get_id},           {"SIZE", get_size},
    {"CREATED", get_created},
};

static void write_text(struct json_writer *w, const char *key, const char *value)
{
    json_write_key(w, key);
    json_write_str(w, value ? value : "");
}

static void print_json(const struct list_images *l, struct str *out)
{
    struct json_writer w;

    if (!l->rows.len) {
        str_add(out, "null\n\n");
        return;
    }
    json_write_init(&w, out, 0);
    json_write_open(&w, '[');
    for (size_t i = 0; i < l->rows.len; i++) {
        const struct image_row *r = l->rows.items[i];
        AUTO_TEXT platform = {0};

        get_platform(r, &platform);
        json_write_open(&w, '{');
        write_text(&w, "ID", r->container->image_id);
        write_text(&w, "ContainerName", r->container->name);
        write_text(&w, "Repository", r->repository);
        write_text(&w, "Tag", r->tag);
        write_text(&w, "Platform", str_text(&platform));
        json_write_key(&w, "Size");
        json_write_i64(&w, r->image ? r->image->size : 0);
        write_text(&w, "LastTagTime",
                   r->image && !str_empty(r->image->last_tag_time) ? r->image->last_tag_time
                                                                   : "0001-01-01T00:00:00Z");
        json_write_close(&w, '}');
    }
    json_write_close(&w, ']');
    str_add(out, "\n\n");
}

static void print_ids(const struct list_images *l, struct str *out)
{
    for (size_t i = 0; i < l->rows.len; i++) {
        const char *id = l->rows.items[i]->container->image_id;
        size_t before = 0;

        while (before < i && !str_eq(l->rows.items[before]->container->image_id, id))
            before++;
        if (before == i)
            str_addf(out, "%s\n", bare_id(id));
    }
}

static void finish(struct list_images *l)
{
    AUTO_TEXT out = {0};

    if (l->args->quiet)
        print_ids(l, &out);
    else if (str_eq(l->args->format, "json"))
        print_json(l, &out);
    else
        table_print(columns, ARRAY_LEN(columns), (const void *const *)l->rows.items, l->rows.len,
                    20, 3, &out);
    app_out(str_text(&out), out.len);
    vec_done(&l->rows);
    app_finish(l->app, 0);
}

/* "localhost:5000/app:1" is "localhost:5000/app" and "1". */
static void split_reference(struct list_images *l, struct image_row *r)
{
    const char *ref = r->image->repo_tags.len ? r->image->repo_tags.items[0] : NULL;
    const char *colon = ref ? strrchr(ref, ':') : NULL;

    if (!colon || strchr(colon, '/') || str_has_prefix(ref, "<none>"))
        return;
    r->repository = arena_strndup(l->app->arena, ref, (size_t)(colon - ref));
    r->tag = colon + 1;
}

static void take_image(struct list_images *l, const struct image_state *image)
{
    for (size_t i = 0; i < l->rows.len; i++) {
        struct image_row *r = l->rows.items[i];

        if (!str_eq(r->container->image_id, image->id) || r->image)
            continue;
        r->image = image;
        split_reference(l, r);
    }
}

static void on_inspected(void *owner, const struct reply *r, const struct err *err)
{
    struct list_images *l = owner;

    l->waiting--;
    if (l->over)
        return;
    if (err && err->code != ERR_NOT_FOUND) {
        l->over = true;
        vec_done(&l->rows);
        app_fail(l->app, err);
        return;
    }
    if (!err && r->images.len)
        take_image(l, r->images.items[0]);
    if (!l->waiting)
        finish(l);
}

static int by_name(const void *pa, const void *pb)
{
    const struct image_row *const *a = pa, *const *b = pb;

    return strcmp((*a)->container->name, (*b)->container->name);
}

static bool is_wanted(const struct list_images *l, const struct container *c)
{
    return service_asked(&l->services, c->service);
}

static void on_observed(struct app *app, void *owner)
{
    struct list_images *l = owner;
    struct reader *reader = &app->driver->reader;

    for (size_t i = 0; i < l->observed.containers.len; i++) {
        struct image_row *r;

        if (!is_wanted(l, l->observed.containers.items[i]))
            continue;
        r = arena_alloc(app->arena, sizeof *r);
        r->container = l->observed.containers.items[i];
        r->now = time(NULL);
        vec_push(&l->rows, r);
    }
    if (l->rows.len)
        qsort(l->rows.items, l->rows.len, sizeof *l->rows.items, by_name);
    for (size_t i = 0; i < l->rows.len; i++) {
        const char *id = l->rows.items[i]->container->image_id;
        size_t before = 0;

        while (before < i && !str_eq(l->rows.items[before]->container->image_id, id))
            before++;
        if (before < i)
            continue;
        l->waiting++;
        reader->ops->image_inspect(reader, app->arena, id, on_inspected, l);
    }
    if (!l->waiting)
        finish(l);
}

static void images_run(struct app *app, void *args, const struct strings *services)
{
    struct list_images *l = arena_alloc(app->arena, sizeof *l);
    struct observe_options o = {.containers = true};

    l->app = app;
    l->args = args;
    l->services = *services;
    if (!str_empty(l->args->format) && !str_eq(l->args->format, "table") &&
        !str_eq(l->args->format, "json")) {
        AUTO_ERR err = {0};

        err_set(&err, ERR_USAGE, loc_none(),
                "format value \"%s\" could not be parsed: parsing failed", l->args->format);
        app_fail(app, &err);
        return;
    }
    o.project = app_project_name(app);
    if (!o.project || app_engine(app) < 0)
        return;
    app_observe(app, &o, &l->observed, on_observed, l);
}

const struct command cmd_images = {
    .name = "images",
    .usage = "images [OPTIONS] [SERVICE...]",
    .summary = "List the images of the containers",
    .opts = images_opts,
    .args_size = sizeof(struct images_args),
    .run = images_run,
};
