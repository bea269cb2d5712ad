#include "core/base/arena.h"
#include "core/json/json.h"
#include "drivers/docker/internal.h"
#include "drivers/docker/parse.h"

static const char *read_network(struct arena *a, const struct json *j, size_t room, struct reply *r)
{
    struct network_state *one = parse_network(a, j);

    if (!r->networks.items)
        r->networks.items = arena_calloc(a, room, sizeof(struct network_state *));
    r->networks.items[r->networks.len++] = one;
    return one->id;
}

struct call *docker_network_list(struct reader *r, struct arena *a, const struct list_filter *f,
                                 call_done *done, void *owner)
{
    struct call *c = objects_new(r, a, read_network, done, owner);

    call_get(c, "/networks");
    return objects_list(c, NULL, objects_filters(f));
}

struct call *docker_network_inspect(struct reader *r, struct arena *a, const char *name,
                                    call_done *done, void *owner)
{
    struct call *c = objects_new(r, a, read_network, done, owner);

    call_get(c, "/networks/%s", name);
    return object_inspect(c);
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
