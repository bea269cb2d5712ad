/* drivers/docker/objects.c: lists and inspections of what the engine holds, which all look alike.
 */
#include "core/json/json.h"
#include "drivers/docker/internal.h"

struct objects_call {
    struct call call;
    const char *member; /* of the answer, with the list; NULL: the answer is the list */
    read_object_fn *read;
};

struct call *objects_new(struct reader *r, struct arena *a, read_object_fn *read, call_done *done,
                         void *owner)
{
    struct call *c = call_new_size(reader_docker(r), sizeof(struct objects_call), done, owner);

    ((struct objects_call *)c)->read = read;
    c->arena = a;
    return c;
}

static int on_list(struct call *c, const struct http_answer *a, struct reply *r, struct err *err)
{
    const struct objects_call *o = (struct objects_call *)c;
    AUTO_JSON answer = o->member ? answer_json(a, err) : answer_list(a, err);
    const struct json *list = o->member ? json_get(answer, o->member) : answer;

    if (!answer)
        return -1;
    for (const struct json *j = json_first(list); j; j = json_next(j))
        o->read(call_arena(c), j, json_len(list), r);
    return 0;
}

struct json *objects_filters(const struct list_filter *f)
{
    struct json *filters = json_object();

    if (f) {
        call_filter(filters, "label", &f->labels);
        call_filter(filters, "name", &f->names);
    }
    return filters;
}

struct call *objects_list(struct call *c, const char *member, struct json *filters)
{
    ((struct objects_call *)c)->member = member;
    c->on_answer = on_list;
    call_query_filters(c, filters);
    return call_send(c);
}

static int on_inspected(struct call *c, const struct http_answer *a, struct reply *r,
                        struct err *err)
{
    AUTO_JSON j = answer_json(a, err);

    if (!j)
        return -1;
    r->id = ((struct objects_call *)c)->read(call_arena(c), j, 1, r);
    return 0;
}

struct call *object_inspect(struct call *c)
{
    c->on_answer = on_inspected;
    return call_send(c);
}
