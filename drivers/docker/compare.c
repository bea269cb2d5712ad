/* drivers/docker/compare.c: something that is there beside what would be made in its place:
 * inspects the one, makes the body of the other, and puts both into the words of the model. */
#include "core/base/arena.h"
#include "core/base/str.h"
#include "core/json/json.h"
#include "drivers/docker/http.h"
#include "drivers/docker/internal.h"
#include "drivers/docker/map.h"
#include "drivers/docker/unmap.h"

struct compare_call {
    struct call call;
    struct compare what;
    struct json *container; /* its inspection, until that of its image is there, too */
};

static unsigned minor_of(const struct call *c)
{
    return c->d->info.api_minor;
}

static void answer(struct call *c, const struct str *was, const struct str *now, struct reply *r)
{
    r->was = arena_strdup(call_arena(c), str_text(was));
    r->now = arena_strdup(call_arena(c), str_text(now));
}

/* ---- containers ---- */

/* `image`: NULL when it is gone. */
static int compare_containers(struct call *c, const struct json *image, struct reply *r,
                              struct err *err)
{
    const struct compare_call *cc = (struct compare_call *)c;
    const struct container_create *made = cc->what.container;
    AUTO_JSON body = NULL;
    AUTO_JSON endpoints = NULL;
    AUTO_TEXT was = {0};
    AUTO_TEXT now = {0};
    struct unmap_pair pair = {
        .made = made, .minor = minor_of(c), .container = cc->container, .image = image};

    if (create_body(c, made, &body, err) < 0 ||
        map_endpoints(made, made->endpoints.len, minor_of(c), &endpoints, err) < 0)
        return -1;
    pair.body = body;
    pair.endpoints = endpoints;
    unmap_containers(call_arena(c), &pair, &was, &now);
    answer(c, &was, &now, r);
    return 0;
}

static int on_image(struct call *c, const struct http_answer *a, struct reply *r, struct err *err)
{
    AUTO_JSON image = a->status / 100 == 2 ? answer_json(a, err) : NULL;

    if (a->status / 100 == 2 && !image)
        return -1;
    return compare_containers(c, image, r, err);
}

static int on_container(struct call *c, const struct http_answer *a, struct reply *r,
                        struct err *err)
{
    struct compare_call *cc = (struct compare_call *)c;

    (void)r;
    cc->container = answer_json(a, err);
    if (!cc->container)
        return -1;
    c->takes_refusal = true;
    c->on_answer = on_image;
    call_get(c, "/images/%s/json", json_get_str(cc->container, "Image", ""));
    call_more(c);
    return 0;
}

/* ---- networks and volumes ---- */

static int on_network(struct call *c, const struct http_answer *a, struct reply *r, struct err *err)
{
    const struct network *made = ((struct compare_call *)c)->what.network;
    AUTO_JSON network = answer_json(a, err);
    AUTO_JSON body = NULL;
    AUTO_TEXT was = {0};
    AUTO_TEXT now = {0};

    if (!network)
        return -1;
    body = map_network(made, &made->labels, minor_of(c));
    unmap_networks(call_arena(c), made, network, body, &was, &now);
    answer(c, &was, &now, r);
    return 0;
}

static int on_volume(struct call *c, const struct http_answer *a, struct reply *r, struct err *err)
{
    const struct volume *made = ((struct compare_call *)c)->what.volume;
    AUTO_JSON volume = answer_json(a, err);
    AUTO_JSON body = NULL;
    AUTO_TEXT was = {0};
    AUTO_TEXT now = {0};

    if (!volume)
        return -1;
    body = map_volume(made, &made->labels);
    unmap_volumes(call_arena(c), made, volume, body, &was, &now);
    answer(c, &was, &now, r);
    return 0;
}

static void on_free(struct call *c)
{
    json_free(((struct compare_call *)c)->container);
}

struct call *docker_compare(struct reader *r, struct arena *a, const struct compare *what,
                            call_done *done, void *owner)
{
    struct call *c = call_new_size(reader_docker(r), sizeof(struct compare_call), done, owner);

    ((struct compare_call *)c)->what = *what;
    c->arena = a;
    c->on_free = on_free;
    if (what->container) {
        call_get(c, "/containers/%s/json", what->id);
        c->on_answer = on_container;
    } else if (what->network) {
        call_get(c, "/networks/%s", what->id);
        c->on_answer = on_network;
    } else {
        call_get(c, "/volumes/%s", what->id);
        c->on_answer = on_volume;
    }
    return call_send(c);
}
