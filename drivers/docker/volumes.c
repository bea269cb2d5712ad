#include "core/base/arena.h"
#include "core/json/json.h"
#include "drivers/docker/internal.h"
#include "drivers/docker/parse.h"

static const char *read_volume(struct arena *a, const struct json *j, size_t room, struct reply *r)
{
    struct volume_state *one = parse_volume(a, j);

    if (!r->volumes.items)
        r->volumes.items = arena_calloc(a, room, sizeof(struct volume_state *));
    r->volumes.items[r->volumes.len++] = one;
    return one->name;
}

struct call *docker_volume_list(struct reader *r, struct arena *a, const struct list_filter *f,
                                call_done *done, void *owner)
{
    struct call *c = objects_new(r, a, read_volume, done, owner);

    call_get(c, "/volumes");
    return objects_list(c, "Volumes", objects_filters(f)); /* null when there are none */
}

struct call *docker_volume_inspect(struct reader *r, struct arena *a, const char *name,
                                   call_done *done, void *owner)
{
    struct call *c = objects_new(r, a, read_volume, done, owner);

    call_get(c, "/volumes/%s", name);
    return object_inspect(c);
}

struct call *docker_volume_remove(struct writer *w, const char *name, bool force, call_done *done,
                                  void *owner)
{
    struct call *c = call_new(writer_docker(w), done, owner);

    call_delete(c, "/volumes/%s", name);
    call_query(c, "force", force ? "1" : NULL);
    return call_send(c);
}
