#include "core/base/arena.h"
#include "core/base/mem.h"
#include "core/base/reference.h"
#include "core/json/json.h"
#include "drivers/docker/auth.h"
#include "drivers/docker/internal.h"
#include "drivers/docker/parse.h"

#include <string.h>

/* An image that is asked for by its reference carries it in its answer. */
struct image_call {
    struct call call; /* first member */
    char *ref;
};

static int on_list(struct call *c, const struct http_answer *a, struct reply *r, struct err *err)
{
    AUTO_JSON list = answer_list(a, err);

    if (!list)
        return -1;
    r->images.items = arena_calloc(call_arena(c), json_len(list), sizeof *r->images.items);
    for (const struct json *j = json_first(list); j; j = json_next(j))
        r->images.items[r->images.len++] = parse_image_entry(call_arena(c), j);
    return 0;
}

struct call *docker_image_list(struct reader *r, struct arena *a, const struct list_filter *f,
                               call_done *done, void *owner)
{
    struct call *c = call_new(reader_docker(r), done, owner);
    struct json *filters = json_object();

    c->arena = a;
    c->on_answer = on_list;
    call_get(c, "/images/json");
    call_query(c, "all", f && f->all ? "1" : NULL);
    if (f) {
        call_filter(filters, "label", &f->labels);
        call_filter(filters, "reference", &f->names);
    }
    if (f && f->dangling_set)
        json_put(json_need_object(filters, "dangling"), f->dangling ? "true" : "false",
                 json_bool(true));
    call_query_filters(c, filters);
    return call_send(c);
}

static int on_inspected(struct call *c, const struct http_answer *a, struct reply *r,
                        struct err *err)
{
    AUTO_JSON j = answer_json(a, err);
    struct image_state *i;

    if (!j)
        return -1;
    i = parse_image(call_arena(c), j);
    i->ref = arena_strdup(call_arena(c), ((struct image_call *)c)->ref);
    r->images.items = arena_calloc(call_arena(c), 1, sizeof *r->images.items);
    r->images.items[r->images.len++] = i;
    r->id = i->id;
    return 0;
}

static void free_ref(struct call *c)
{
    free(((struct image_call *)c)->ref);
}

struct call *docker_image_inspect(struct reader *r, struct arena *a, const char *ref,
                                  call_done *done, void *owner)
{
    struct call *c = call_new_size(reader_docker(r), sizeof(struct image_call), done, owner);

    ((struct image_call *)c)->ref = mem_strdup(ref);
    c->arena = a;
    c->on_answer = on_inspected;
    c->on_free = free_ref;
    call_get(c, "/images/%s/json", ref);
    return call_send(c);
}

static int on_digest(struct call *c, const struct http_answer *a, struct reply *r, struct err *err)
{
    AUTO_JSON j = answer_json(a, err);

    if (!j)
        return -1;
    r->id = arena_strdup(call_arena(c), json_get_str(j, "Descriptor.digest", ""));
    return 0;
}

struct call *docker_image_digest(struct reader *r, struct arena *a, const char *ref,
                                 call_done *done, void *owner)
{
    struct call *c = call_new(reader_docker(r), done, owner);

    c->arena = a;
    c->on_answer = on_digest;
    call_get(c, "/distribution/%s/json", ref);
    auth_header(c->d, reference_parse(call_arena(c), ref).registry, &c->header);
    return call_send(c);
}

struct call *docker_image_remove(struct writer *w, const char *ref, call_done *done, void *owner)
{
    struct call *c = call_new(writer_docker(w), done, owner);

    call_delete(c, "/images/%s", ref);
    return call_send(c);
}

/* Where the tag of a reference begins: after the last colon behind the last slash. */
static const char *find_tag(const char *ref)
{
    const char *slash = strrchr(ref, '/');

    return strchr(slash ? slash : ref, ':');
}

struct call *docker_image_tag(struct writer *w, const char *id, const char *ref, call_done *done,
                              void *owner)
{
    struct call *c = call_new(writer_docker(w), done, owner);
    const char *tag = find_tag(ref);
    AUTO_STR repo = tag ? mem_strndup(ref, (size_t)(tag - ref)) : mem_strdup(ref);

    call_post(c, "/images/%s/tag", id);
    call_query(c, "repo", repo);
    call_query(c, "tag", tag ? tag + 1 : "latest");
    return call_send(c);
}
