/* drivers/docker/build.c: POST /build, BuildKit or classic. */
#include "core/base/arena.h"
#include "core/json/json.h"
#include "drivers/docker/auth.h"
#include "drivers/docker/build_feed.h"
#include "drivers/docker/internal.h"
#include "drivers/docker/lines.h"
#include "drivers/docker/trace.h"

#include <string.h>

/* What docker compose, a client of BuildKit, puts before its errors. */
#define SOLVE_FAILED "failed to solve: "

struct build_call {
    struct call call;
    build_fn *on_event;
    struct build_feed *feed; /* NULL: the engine gets the context itself */
    struct trace *trace;
    struct lines lines;
    bool buildkit;
    char *image;    /* its id, once told */
    struct err err; /* what the stream said went wrong */
};

/* ---- the question ---- */

static void query_json(struct call *c, const char *name, struct json *value)
{
    AUTO_TEXT text = {0};

    json_print(value, &text);
    call_query(c, name, str_text(&text));
    json_free(value);
}

static void query_mapping(struct call *c, const char *name, const struct mapping *m)
{
    struct json *map;

    if (!m || !m->len)
        return;
    map = json_object();
    for (size_t i = 0; i < m->len; i++) {
        const char *value = m->entries[i].value;

        json_put(map, m->entries[i].key, value ? json_string(value) : json_null());
    }
    query_json(c, name, map);
}

static void query_text(struct call *c, const char *name, const char *value)
{
    if (!str_empty(value))
        call_query(c, name, value);
}

static void query_ulimits(struct call *c, const struct build *b)
{
    struct json *list;

    if (!b || !b->ulimits.len)
        return;
    list = json_array();
    for (size_t i = 0; i < b->ulimits.len; i++) {
        const struct ulimit *u = b->ulimits.items[i];
        struct json *limit = json_add(list, json_object());

        json_set_str(limit, "Name", u->item.key);
        json_set_i64(limit, "Hard", u->hard);
        json_set_i64(limit, "Soft", u->soft);
    }
    query_json(c, "ulimits", list);
}

/* "host=address" in the model */
static void query_hosts(struct call *c, const struct strings *hosts)
{
    for (size_t i = 0; i < hosts->len; i++) {
        AUTO_TEXT text = {0};
        const char *equals = strchr(hosts->items[i], '=');

        str_add(&text, hosts->items[i]);
        if (equals)
            text.data[equals - hosts->items[i]] = ':';
        call_query(c, "extrahosts", str_text(&text));
    }
}

static void query_cache_from(struct call *c, const struct strings *refs)
{
    struct json *list;

    if (!refs->len)
        return;
    list = json_array();
    for (size_t i = 0; i < refs->len; i++)
        json_add(list, json_string(refs->items[i]));
    query_json(c, "cachefrom", list);
}

static void query(struct call *c, const struct image_build *b)
{
    struct mapping args = client_with_proxies(&c->d->client, call_arena(c), b->args);

    for (size_t i = 0; i < b->tags.len; i++)
        call_query(c, "t", b->tags.items[i]);
    query_mapping(c, "buildargs", &args);
    query_mapping(c, "labels", b->labels);
    query_text(c, "target", b->target);
    call_query(c, "nocache", b->no_cache ? "1" : NULL);
    call_query(c, "pull", b->pull ? "1" : NULL);
    query_text(c, "networkmode", b->network);
    query_hosts(c, &b->extra_hosts);
    query_text(c, "isolation", b->isolation);
    query_text(c, "platform", b->platform);
    query_cache_from(c, &b->cache_from);
    query_ulimits(c, b->build);
    if (b->shm_size > 0)
        call_query_i64(c, "shmsize", b->shm_size);
    call_query(c, "version", b->buildkit ? "2" : "1");
}

/* ---- the context ---- */

static ssize_t on_read(struct call *c, char *buf, size_t size)
{
    return build_feed_read(((struct build_call *)c)->feed, buf, size);
}

static void on_more(void *owner, struct err *err)
{
    struct call *c = owner;

    if (err)
        call_fail(c, err);
    else
        call_resume(c);
}

/* ---- the answer ---- */

static void on_event(void *owner, const struct build_event *e)
{
    struct build_call *b = owner;

    if (!call_is_over(&b->call))
        b->on_event(b->call.owner, e);
}

static void tell_text(struct build_call *b, const char *text)
{
    const struct build_event e = {.kind = BUILD_TEXT, .text = text, .len = strlen(text)};

    if (*text)
        on_event(b, &e);
}

/* Layers of a base image, with the classic builder. */
static void tell_status(struct build_call *b, const struct json *line)
{
    const char *id = json_get_str(line, "id", "");
    const char *status = json_get_str(line, "status", "");
    AUTO_TEXT text = {0};

    if (!*status)
        return;
    str_addf(&text, *id ? "%s: %s" : "%s%s", id, status);
    if (json_get_i64(line, "progressDetail.total", 0)) {
        const struct build_event e = {
            .kind = BUILD_STATUS,
            .vertex = "",
            .name = str_text(&text),
            .current = json_get_i64(line, "progressDetail.current", 0),
            .total = json_get_i64(line, "progressDetail.total", 0),
        };

        on_event(b, &e);
        return;
    }
    str_addc(&text, '\n');
    tell_text(b, str_text(&text));
}

static void take_error(struct build_call *b, const struct json *line)
{
    const char *message =
        json_get_str(line, "errorDetail.message", json_get_str(line, "error", NULL));

    if (!message || b->err.code != ERR_NONE)
        return;
    err_set(&b->err, ERR_FAILED, loc_none(), "%s%s",
            b->buildkit && !str_has_prefix(message, SOLVE_FAILED) ? SOLVE_FAILED : "", message);
    b->err.status = (int)json_get_i64(line, "errorDetail.code", 1);
    if (b->err.status <= 0 || b->err.status > 255)
        b->err.status = 1;
}

static bool on_line(void *owner, const char *text, size_t len)
{
    struct build_call *b = owner;
    AUTO_JSON line = json_parse(text, len, NULL);
    const struct json *aux = json_key(line, "aux");
    const char *id = json_get_str(aux, "ID", NULL), *trace = json_text(aux, NULL);

    if (id)
        b->image = arena_strdup(call_arena(&b->call), id);
    if (trace && strcmp(json_get_str(line, "id", ""), "moby.buildkit.trace") == 0)
        trace_feed(b->trace, trace, strlen(trace), b->err.code == ERR_NONE ? &b->err : NULL);
    take_error(b, line);
    if (!b->buildkit) /* older engines end with a line that says it is tagged */
        tell_text(b, json_get_str(line, "stream", ""));
    tell_status(b, line);
    return !call_is_over(&b->call);
}

static void on_data(struct call *c, const char *bytes, size_t len)
{
    struct build_call *b = (struct build_call *)c;

    AUTO_ERR err = {0};

    if (lines_feed(&b->lines, bytes, len, on_line, b, &err) < 0)
        call_fail(c, &err);
}

static int on_answer(struct call *c, const struct http_answer *a, struct reply *r, struct err *err)
{
    struct build_call *b = (struct build_call *)c;

    (void)a;
    lines_end(&b->lines, on_line, b);
    if (b->err.code != ERR_NONE) {
        err_move(err, &b->err);
        return -1;
    }
    r->id = b->image;
    return 0;
}

static void on_free(struct call *c)
{
    struct build_call *b = (struct build_call *)c;

    build_feed_free(b->feed);
    trace_free(b->trace);
    lines_done(&b->lines);
    err_done(&b->err);
}

/* -------------------------------------------------------------------------------------------- */

/* "https://host/repo.git#branch", "git@host:repo" */
static bool is_remote(const char *context)
{
    return strstr(context, "://") || str_has_prefix(context, "git@") ||
           str_has_prefix(context, "github.com/");
}

struct call *docker_image_build(struct writer *w, const struct image_build *b, build_fn *on_build,
                                call_done *done, void *owner)
{
    struct call *c = call_new_size(writer_docker(w), sizeof(struct build_call), done, owner);
    struct build_call *bc = (struct build_call *)c;
    const struct build_source source = {
        .context = b->context,
        .dockerfile = b->dockerfile,
        .dockerfile_inline = b->dockerfile_inline,
        .classic = !b->buildkit,
    };

    bc->buildkit = b->buildkit;
    bc->on_event = on_build;
    bc->trace = trace_new(on_event, bc);
    c->on_data = on_data;
    c->on_answer = on_answer;
    c->on_free = on_free;
    call_post(c, "/build");
    if (is_remote(b->context)) {
        call_query(c, "remote", b->context);
        query_text(c, "dockerfile", b->dockerfile);
    } else {
        bc->feed = build_feed_new(c->d->loop, &source, on_more, c);
        call_query(c, "dockerfile", build_feed_dockerfile(bc->feed));
        c->content_type = "application/x-tar";
        c->on_read = on_read;
    }
    query(c, b);
    auth_config_header(c->d, &c->header);
    return call_send(c);
}
