/* cmd/ps.c: the containers of a project. */
#include "cmd/app.h"
#include "cmd/command.h"
#include "cmd/ports.h"
#include "cmd/table.h"
#include "core/base/arena.h"
#include "core/base/err.h"
#include "core/base/str.h"
#include "core/base/text.h"
#include "core/base/vec.h"
#include "core/json/write.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { COMMAND_WIDTH = 20, MOUNT_WIDTH = 15, ID_SHORT = 12 };

struct ps_args {
    bool all, quiet, services, no_trunc;
    struct opt_bool orphans;
    const char *filter, *format;
    struct strings status;
};

/* clang-format off */
static const struct opt ps_opts[] = {
    OPT_FLAG('a', "all", struct ps_args, all, "Stopped containers too, and those of the run command"),
    OPT_STRING(0, "filter", struct ps_args, filter, "string", "Only containers that have a property (status=STATE)"),
    OPT_STRING_DEF(0, "format", struct ps_args, format, "string", "\"table\"", "Format of the output (table, json)"),
    OPT_FLAG(0, "no-trunc", struct ps_args, no_trunc, "Do not shorten ids and commands"),
    {OPT_KIND_TRI, 0, "orphans", offsetof(struct ps_args, orphans), NULL, "Containers of services the Compose file does not have too", "true", false},
    OPT_FLAG('q', "quiet", struct ps_args, quiet, "Only the ids"),
    OPT_FLAG(0, "services", struct ps_args, services, "Only the names of the services"),
    OPT_LIST(0, "status", struct ps_args, status, "stringArray", "Only containers in this state (paused, restarting, removing, running, dead, created, exited)"),
    OPT_END,
};
/* clang-format on */

struct ps {
    struct app *app;
    const struct ps_args *args;
    struct strings services; /* of the command line */
    struct strings status;
    bool named_only;
    struct observed observed;
    VEC(const struct ps_row *) rows;
};

struct ps_row {
    const struct container *container;
    bool no_trunc;
    int64_t now;
};

/* ---- one container's fields ---- */

static const struct container *of(const void *row)
{
    return ((const struct ps_row *)row)->container;
}

static void get_name(const void *row, struct str *out)
{
    str_add(out, of(row)->name);
}

static void get_image(const void *row, struct str *out)
{
    str_add(out, of(row)->image);
}

/* The first columns of a text, the last of them an ellipsis when something goes. */
static void ellipsis(const char *text, size_t width, struct str *out)
{
    AUTO_TEXT cut = {0};
    size_t used = 0;

    if (utf8_width(text) <= width) {
        str_add(out, text);
        return;
    }
    while (*text) {
        AUTO_TEXT one = {0};
        uint32_t rune;
        size_t n = utf8_decode(text, strlen(text), &rune);

        str_addn(&one, text, n ? n : 1);
        used += utf8_width(str_text(&one));
        if (used > width - 1)
            break;
        str_add(&cut, str_text(&one));
        text += n ? n : 1;
    }
    str_addf(out, "%s…", str_text(&cut));
}

static void get_command(const void *row, struct str *out)
{
    AUTO_TEXT text = {0};

    if (((const struct ps_row *)row)->no_trunc)
        str_add(&text, of(row)->command);
    else
        ellipsis(of(row)->command, COMMAND_WIDTH, &text);
    go_quote(str_text(&text), out);
}

static void get_service(const void *row, struct str *out)
{
    str_add(out, of(row)->service);
}

static void get_created(const void *row, struct str *out)
{
    duration_human(((const struct ps_row *)row)->now - of(row)->created, out);
    str_add(out, " ago");
}

static void get_status(const void *row, struct str *out)
{
    str_add(out, of(row)->status);
}

static void get_ports(const void *row, struct str *out)
{
    ports_text(of(row), out);
}

static const struct column columns[] = {
    {"NAME", get_name},       {"IMAGE", get_image},     {"COMMAND", get_command},
    {"SERVICE", get_service}, {"CREATED", get_created}, {"STATUS", get_status},
    {"PORTS", get_ports},
};

/* As Go prints a time: "2006-01-02 15:04:05 -0700 MST". */
static void created_at(const struct container *c, struct str *out)
{
    time_t created = (time_t)c->created;
    struct tm tm;
    char text[64];

    localtime_r(&created, &tm);
    text[strftime(text, sizeof text - 1, "%Y-%m-%d %H:%M:%S %z %Z", &tm)] = '\0';
    str_add(out, text);
}

static void labels_text(const struct container *c, struct str *out)
{
    for (size_t i = 0; i < c->labels.len; i++) {
        const struct mapping_entry *e = &c->labels.entries[i];

        str_addf(out, "%s%s=%s", i ? "," : "", e->key, e->value ? e->value : "");
    }
}

static void mounts_text(const struct ps_row *r, struct str *out)
{
    const struct container *c = r->container;

    for (size_t i = 0; i < c->mounts.len; i++) {
        const struct container_mount *m = c->mounts.items[i];
        const char *name = str_empty(m->name) ? m->source : m->name;

        str_add(out, i ? "," : "");
        if (r->no_trunc)
            str_add(out, name);
        else
            ellipsis(name, MOUNT_WIDTH, out);
    }
}

static void local_volumes(const struct container *c, struct str *out)
{
    size_t count = 0;

    for (size_t i = 0; i < c->mounts.len; i++)
        count += str_eq(c->mounts.items[i]->driver, "local");
    str_addf(out, "%zu", count);
}

static void networks_text(const struct container *c, struct str *out)
{
    for (size_t i = 0; i < c->networks.len; i++)
        str_addf(out, "%s%s", i ? "," : "", c->networks.items[i]->name);
}

static const char *health_name(const struct container *c)
{
    static const char *const words[] = {"", "starting", "healthy", "unhealthy"};

    return words[c->health];
}

/* ---- JSON ---- */

static int by_target(const void *pa, const void *pb)
{
    const struct container_port *const *a = pa, *const *b = pb;
    int order =
        ((*a)->private_port > (*b)->private_port) - ((*a)->private_port < (*b)->private_port);

    return order ? order : strcmp((*a)->ip, (*b)->ip);
}

static void write_publishers(struct json_writer *w, const struct container *c)
{
    VEC(struct container_port *) ports = {0};

    for (size_t i = 0; i < c->ports.len; i++)
        vec_push(&ports, c->ports.items[i]);
    if (ports.len)
        qsort(ports.items, ports.len, sizeof *ports.items, by_target);
    json_write_key(w, "Publishers");
    json_write_open(w, '[');
    for (size_t i = 0; i < ports.len; i++) {
        json_write_open(w, '{');
        json_write_key(w, "URL");
        json_write_str(w, ports.items[i]->ip);
        json_write_key(w, "TargetPort");
        json_write_i64(w, ports.items[i]->private_port);
        json_write_key(w, "PublishedPort");
        json_write_i64(w, ports.items[i]->public_port);
        json_write_key(w, "Protocol");
        json_write_str(w, ports.items[i]->type);
        json_write_close(w, '}');
    }
    json_write_close(w, ']');
    vec_done(&ports);
}

static void write_text(struct json_writer *w, const char *key, const char *value)
{
    json_write_key(w, key);
    json_write_str(w, value);
}

/* Takes what a getter wrote and empties the buffer. */
static void write_taken(struct json_writer *w, const char *key, struct str *value)
{
    write_text(w, key, str_text(value));
    str_clear(value);
}

static bool is_over(const struct container *c)
{
    return c->state == STATE_EXITED || c->state == STATE_DEAD;
}

/* Keys in alphabetical order. */
static void write_row(const struct ps_row *r, struct str *out)
{
    const struct container *c = r->container;
    AUTO_TEXT text = {0};
    struct json_writer w;

    json_write_init(&w, out, 0);
    json_write_open(&w, '{');
    get_command(r, &text);
    write_taken(&w, "Command", &text);
    created_at(c, &text);
    write_taken(&w, "CreatedAt", &text);
    json_write_key(&w, "ExitCode");
    json_write_i64(&w, is_over(c) ? c->exit_code : 0);
    write_text(&w, "Health", health_name(c));
    str_addn(&text, c->id, r->no_trunc ? strlen(c->id) : strnlen(c->id, ID_SHORT));
    write_taken(&w, "ID", &text);
    write_text(&w, "Image", c->image);
    labels_text(c, &text);
    write_taken(&w, "Labels", &text);
    local_volumes(c, &text);
    write_taken(&w, "LocalVolumes", &text);
    mounts_text(r, &text);
    write_taken(&w, "Mounts", &text);
    write_text(&w, "Name", c->name);
    write_text(&w, "Names", c->name);
    networks_text(c, &text);
    write_taken(&w, "Networks", &text);
    get_ports(r, &text);
    write_taken(&w, "Ports", &text);
    write_text(&w, "Project", c->project);
    write_publishers(&w, c);
    get_created(r, &text);
    write_taken(&w, "RunningFor", &text);
    write_text(&w, "Service", c->service);
    write_text(&w, "Size", "0B");
    write_text(&w, "State", container_state_name(c->state));
    write_text(&w, "Status", c->status);
    json_write_close(&w, '}');
    str_addc(out, '\n');
}

/* ---- choosing ---- */

static bool is_wanted(const struct ps *ps, const struct container *c)
{
    const struct ps_args *a = ps->args;
    bool running =
        c->state == STATE_RUNNING || c->state == STATE_PAUSED || c->state == STATE_RESTARTING;
    const struct service *s;

    if (ps->status.len ? !strings_have(&ps->status, container_state_name(c->state))
                       : !a->all && (!running || c->oneoff))
        return false;
    if (ps->services.len)
        return strings_have(&ps->services, c->service);
    if (ps->named_only || !a->orphans.set || a->orphans.value)
        return true;
    s = project_service(ps->app->project, c->service);
    return s && !s->disabled;
}

static int by_name(const void *pa, const void *pb)
{
    const struct ps_row *const *a = pa, *const *b = pb;

    return strcmp((*a)->container->name, (*b)->container->name);
}

static void choose(struct ps *ps)
{
    for (size_t i = 0; i < ps->observed.containers.len; i++) {
        struct ps_row *r;

        if (!is_wanted(ps, ps->observed.containers.items[i]))
            continue;
        r = arena_alloc(ps->app->arena, sizeof *r);
        *r = (struct ps_row){ps->observed.containers.items[i], ps->args->no_trunc, time(NULL)};
        vec_push(&ps->rows, r);
    }
    if (ps->rows.len)
        qsort(ps->rows.items, ps->rows.len, sizeof *ps->rows.items, by_name);
}

static void print_services(const struct ps *ps, struct str *out)
{
    for (size_t i = 0; i < ps->rows.len; i++) {
        const char *service = ps->rows.items[i]->container->service;
        size_t before = 0;

        while (before < i && !str_eq(ps->rows.items[before]->container->service, service))
            before++;
        if (before == i)
            str_addf(out, "%s\n", service);
    }
    if (!ps->rows.len)
        str_addc(out, '\n'); /* as docker compose does */
}

static void on_observed(struct app *app, void *owner)
{
    struct ps *ps = owner;
    AUTO_TEXT out = {0};

    choose(ps);
    if (ps->args->quiet) {
        for (size_t i = 0; i < ps->rows.len; i++)
            str_addf(&out, "%s\n", ps->rows.items[i]->container->id);
    } else if (ps->args->services) {
        print_services(ps, &out);
    } else if (str_eq(ps->args->format, "json")) {
        for (size_t i = 0; i < ps->rows.len; i++)
            write_row(ps->rows.items[i], &out);
    } else {
        table_print(columns, ARRAY_LEN(columns), (const void *const *)ps->rows.items, ps->rows.len,
                    10, 3, &out);
    }
    app_out(str_text(&out), out.len);
    vec_done(&ps->rows);
    app_finish(app, 0);
}

static int parse_filter(struct ps *ps, struct err *err)
{
    const char *filter = ps->args->filter, *equals;
    const char **items;

    ps->status = ps->args->status;
    if (!filter)
        return 0;
    equals = strchr(filter, '=');
    if (!equals)
        return err_set(err, ERR_USAGE, loc_none(),
                       "arguments to --filter should be in form KEY=VAL");
    if (strncmp(filter, "source=", 7) == 0)
        return err_set(err, ERR_UNSUPPORTED, loc_none(), "not implemented");
    if (strncmp(filter, "status=", 7) != 0)
        return err_set(err, ERR_USAGE, loc_none(), "unknown filter %.*s", (int)(equals - filter),
                       filter);
    items = arena_calloc(ps->app->arena, ps->status.len + 1, sizeof *items);
    for (size_t i = 0; i < ps->status.len; i++)
        items[i] = ps->status.items[i];
    items[ps->status.len] = equals + 1;
    ps->status = (struct strings){items, ps->status.len + 1};
    return 0;
}

static int check_format(const struct ps_args *a, struct err *err)
{
    if (str_empty(a->format) || str_eq(a->format, "table") || str_eq(a->format, "json"))
        return 0;
    return err_set(err, ERR_UNSUPPORTED, loc_none(),
                   "templates are not supported yet: --format '%s' (table and json are)",
                   a->format);
}

static void ps_run(struct app *app, void *args, const struct strings *services)
{
    struct ps *ps = arena_alloc(app->arena, sizeof *ps);
    struct observe_options o = {.containers = true};
    AUTO_ERR err = {0};

    ps->app = app;
    ps->args = args;
    ps->services = *services;
    if (parse_filter(ps, &err) < 0 || check_format(args, &err) < 0) {
        app_fail(app, &err);
        return;
    }
    if (app_load_or_name(app, services, &ps->named_only) < 0 || app_engine(app) < 0)
        return;
    o.project = app->project->name;
    app_observe(app, &o, &ps->observed, on_observed, ps);
}

const struct command cmd_ps = {
    .name = "ps",
    .usage = "ps [OPTIONS] [SERVICE...]",
    .summary = "List containers",
    .opts = ps_opts,
    .args_size = sizeof(struct ps_args),
    .run = ps_run,
};
