#include "core/base/arena.h"
#include "core/json/json.h"
#include "drivers/docker/internal.h"
#include "drivers/docker/parse.h"

static int on_list(struct call *c, const struct http_answer *a, struct reply *r, struct err *err)
{
    AUTO_JSON answer = answer_json(a, err);
    const struct json *list = json_get(answer, "Volumes"); /* null when there are none */

    if (!answer)
        return -1;
    r->volumes.items = arena_calloc(call_arena(c), json_len(list), sizeof *r->volumes.items);
    for (const struct json *j = json_first(list); j; j = json_next(j))
        r->volumes.items[r->volumes.len++] = parse_volume(call_arena(c), j);
    return 0;
}

struct call *docker_volume_list(struct reader *r, struct arena *a, const struct list_filter *f,
                                call_done *done, void *owner)
{
    struct call *c = call_new(reader_docker(r), done, owner);
    struct json *filters = json_object();

    c->arena = a;
    c->on_answer = on_list;
    call_get(c, "/volumes");
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
    r->volumes.items = arena_calloc(call_arena(c), 1, sizeof *r->volumes.items);
    r->volumes.items[r->volumes.len++] = parse_volume(call_arena(c), j);
    r->id = r->volumes.items[0]->name;
    return 0;
}

struct call *docker_volume_inspect(struct reader *r, struct arena *a, const char *name,
                                   call_done *done, void *owner)
{
    struct call *c = call_new(reader_docker(r), done, owner);

    c->arena = a;
    c->on_answer = on_inspected;
    call_get(c, "/volumes/%s", name);
    return call_send(c);
}

struct call *docker_volume_remove(struct writer *w, const char *name, bool force, call_done *done,
                                  void *owner)
{
    struct call *c = call_new(writer_docker(w), done, owner);

    call_delete(c, "/volumes/%s", name);
    call_query(c, "force", force ? "1" : NULL);
    return call_send(c);
}
