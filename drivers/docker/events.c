#include "core/base/arena.h"
#include "core/json/json.h"
#include "drivers/docker/internal.h"
#include "drivers/docker/lines.h"
#include "drivers/docker/parse.h"

struct events_call {
    struct call call; /* first member */
    struct lines lines;
    event_fn *on_event;
    void (*on_ready)(void *owner);
};

static bool on_line(void *owner, const char *line, size_t len)
{
    struct events_call *ec = owner;
    AUTO_ERR err = {0};
    AUTO_JSON j = json_parse(line, len, &err);
    struct arena *a;

    if (!j) {
        err_wrap(&err, "the engine's event is no JSON");
        err.code = ERR_ENGINE;
        call_fail(&ec->call, &err);
        return false;
    }
    a = arena_new();
    ec->on_event(ec->call.owner, parse_event(a, j));
    arena_free(a);
    return !call_is_over(&ec->call);
}

static void on_data(struct call *c, const char *bytes, size_t len)
{
    struct events_call *ec = (struct events_call *)c;

    AUTO_ERR err = {0};

    if (lines_feed(&ec->lines, bytes, len, on_line, ec, &err) < 0)
        call_fail(c, &err);
}

static void on_head(struct call *c)
{
    struct events_call *ec = (struct events_call *)c;

    if (ec->on_ready)
        ec->on_ready(c->owner);
}

/* It has no end of its own. */
static int on_answer(struct call *c, const struct http_answer *a, struct reply *r, struct err *err)
{
    (void)a;
    (void)r;
    return err_set(err, ERR_UNREACHABLE, loc_none(),
                   "the Docker daemon at %s ended the stream of events", c->d->at.host);
}

static void on_free(struct call *c)
{
    lines_done(&((struct events_call *)c)->lines);
}

/* `status` of the filter holds actions here: "die", "health_status". */
struct call *docker_events(struct reader *r, const struct list_filter *f, event_fn *on_event,
                           void (*on_ready)(void *owner), call_done *done, void *owner)
{
    static const char *container[] = {"container"};
    const struct strings containers = {.items = container, .len = 1};
    const struct strings *types = f && f->types.len ? &f->types : &containers;
    struct events_call *ec =
        (struct events_call *)call_new_size(reader_docker(r), sizeof *ec, done, owner);
    struct json *filters = json_object();
    struct call *c = &ec->call;

    ec->on_event = on_event;
    ec->on_ready = on_ready;
    c->on_head = on_head;
    c->on_data = on_data;
    c->on_answer = on_answer;
    c->on_free = on_free;
    call_get(c, "/events");
    call_filter(filters, "type", types);
    if (f) {
        call_filter(filters, "label", &f->labels);
        call_filter(filters, types->items[0], &f->names);
        call_filter(filters, "event", &f->status);
    }
    call_query_filters(c, filters);
    return call_send(c);
}
