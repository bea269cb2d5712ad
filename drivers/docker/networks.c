#include "core/base/arena.h"
#include "core/json/json.h"
#include "drivers/docker/internal.h"
#include "drivers/docker/parse.h"

static int on_list(struct call *c, const struct http_answer *a, struct reply *r, struct err *err)
{
    AUTO_JSON list = answer_list(a, err);

    if (!list)
        return -1;
    r->networks.items = arena_calloc(call_arena(c), json_len(list), sizeof *r->networks.items);
    for (const struct json *j = json_first(list); j; j = json_next(j))
        r->networks.items[r->networks.len++] = parse_network(call_arena(c), j);
    return 0;
}

struct call *docker_network_list(struct reader *r, struct arena *a, const struct list_filter *f,
                                 call_done *done, void *owner)
{
    struct call *c = call_new(reader_docker(r), done, owner);
    struct json *filters = json_object();

    c->arena = a;
    c->on_answer = on_list;
    call_get(c, "/networks");
    if (f) {
        call_filter(filters, "label", &f->labels);
        call_filter(filters, "name", &f->names);
    }
    call_query_filters(c, filters);
    return call_send(c);
}

static int on_inspected(struct call *c, const struct http_answer *a, struct reply *r,
                        struct err *err)
{
    AUTO_JSON j = answer_json(a, err);

    if (!j)
        return -1;
    r->networks.items = arena_calloc(call_arena(c), 1, sizeof *r->networks.items);
    r->networks.items[r->networks.len++] = parse_network(call_arena(c), j);
    r->id = r->networks.items[0]->id;
    return 0;
}

struct call *docker_network_inspect(struct reader *r, struct arena *a, const char *name,
                                    call_done *done, void *owner)
{
    struct call *c = call_new(reader_docker(r), done, owner);

    c->arena = a;
    c->on_answer = on_inspected;
    call_get(c, "/networks/%s", name);
    return call_send(c);
}

struct call *docker_network_remove(struct writer *w, const char *id, call_done *done, void *owner)
{
    struct call *c = call_new(writer_docker(w), done, owner);

    call_delete(c, "/networks/%s", id);
    return call_send(c);
}

struct call *docker_network_disconnect(struct writer *w, const char *network, const char *container,
                                       call_done *done, void *owner)
{
    struct call *c = call_new(writer_docker(w), done, owner);
    struct json *body = json_object();

    json_set_str(body, "Container", container);
    json_set_bool(body, "Force", true);
    call_post(c, "/networks/%s/disconnect", network);
    call_json(c, body);
    return call_send(c);
}
