/* drivers/docker/create.c: new containers, networks and volumes. The bodies are map.c's. */
#include "core/base/arena.h"
#include "core/base/str.h"
#include "core/json/json.h"
#include "drivers/docker/internal.h"
#include "drivers/docker/map.h"
#include "drivers/docker/parse.h"

struct create_call {
    struct call call;
    const struct container_create *container;
    const struct network *network;
    const struct mapping *labels;
    const struct endpoint *endpoint;
    const char *connected; /* container */
};

static unsigned minor_of(const struct call *c)
{
    return c->d->info.api_minor;
}

/* ---- containers ---- */

/* The proxies of config.json that the service does not set itself. */
static void add_proxies(struct call *c, const struct mapping *environment, struct json *body)
{
    struct mapping all = client_with_proxies(&c->d->client, call_arena(c), environment);

    for (size_t i = 0; i + environment->len < all.len; i++)
        json_add(json_need_array(body, "Env"),
                 json_string(arena_printf(call_arena(c), "%s=%s", all.entries[i].key,
                                          all.entries[i].value)));
}

int create_body(struct call *c, const struct container_create *cc, struct json **ret,
                struct err *err)
{
    if (map_container(cc, minor_of(c), ret, err) < 0)
        return -1;
    add_proxies(c, &cc->service->environment, *ret);
    return 0;
}

static int check_platform(const struct docker *d, const struct container_create *cc,
                          struct err *err)
{
    if (str_empty(cc->platform) || docker_api(d, 41))
        return 0;
    return err_set(err, ERR_UNSUPPORTED, loc_none(),
                   "platform '%s' requires Docker Engine v20.10 or later", cc->platform);
}

static int on_container_version(struct call *c, struct err *err)
{
    const struct create_call *cc = (struct create_call *)c;
    struct json *body;

    if (check_platform(c->d, cc->container, err) < 0 ||
        create_body(c, cc->container, &body, err) < 0)
        return -1;
    call_json(c, body);
    return 0;
}

int docker_check(struct reader *r, const struct container_create *cc, const struct endpoint *e,
                 struct err *err)
{
    const struct docker *d = reader_docker(r);
    AUTO_JSON body = NULL;
    AUTO_JSON joining = NULL;

    if (d->version != VERSION_KNOWN)
        return 0;
    if (cc &&
        (check_platform(d, cc, err) < 0 || map_container(cc, d->info.api_minor, &body, err) < 0))
        return -1;
    return e ? map_connect("", e, d->info.api_minor, &joining, err) : 0;
}

struct call *docker_container_create(struct writer *w, const struct container_create *cc,
                                     call_done *done, void *owner)
{
    struct call *c = call_new_size(writer_docker(w), sizeof(struct create_call), done, owner);

    ((struct create_call *)c)->container = cc;
    call_post(c, "/containers/create");
    call_query(c, "name", cc->name);
    call_query(c, "platform", str_empty(cc->platform) ? NULL : cc->platform);
    c->on_version = on_container_version;
    c->on_answer = answer_created;
    return call_send(c);
}

/* ---- networks ---- */

static int on_network_version(struct call *c, struct err *err)
{
    const struct create_call *cc = (struct create_call *)c;

    (void)err;
    call_json(c, map_network(cc->network, cc->labels, minor_of(c)));
    return 0;
}

struct call *docker_network_create(struct writer *w, const struct network *n,
                                   const struct mapping *labels, call_done *done, void *owner)
{
    struct call *c = call_new_size(writer_docker(w), sizeof(struct create_call), done, owner);

    ((struct create_call *)c)->network = n;
    ((struct create_call *)c)->labels = labels;
    call_post(c, "/networks/create");
    c->on_version = on_network_version;
    c->on_answer = answer_created;
    return call_send(c);
}

static int on_connect_version(struct call *c, struct err *err)
{
    const struct create_call *cc = (struct create_call *)c;
    struct json *body;

    if (map_connect(cc->connected, cc->endpoint, minor_of(c), &body, err) < 0)
        return -1;
    call_json(c, body);
    return 0;
}

struct call *docker_network_connect(struct writer *w, const char *network, const char *container,
                                    const struct endpoint *e, call_done *done, void *owner)
{
    struct call *c = call_new_size(writer_docker(w), sizeof(struct create_call), done, owner);

    ((struct create_call *)c)->endpoint = e;
    ((struct create_call *)c)->connected = container;
    call_post(c, "/networks/%s/connect", network);
    c->on_version = on_connect_version;
    return call_send(c);
}

/* ---- volumes ---- */

static int on_volume_created(struct call *c, const struct http_answer *a, struct reply *r,
                             struct err *err)
{
    AUTO_JSON j = answer_json(a, err);

    if (!j || answer_created(c, a, r, err) < 0)
        return -1;
    r->volumes.items = arena_calloc(call_arena(c), 1, sizeof *r->volumes.items);
    r->volumes.items[r->volumes.len++] = parse_volume(call_arena(c), j);
    return 0;
}

struct call *docker_volume_create(struct writer *w, const struct volume *v,
                                  const struct mapping *labels, call_done *done, void *owner)
{
    struct call *c = call_new(writer_docker(w), done, owner);

    call_post(c, "/volumes/create");
    call_json(c, map_volume(v, labels));
    c->on_answer = on_volume_created;
    return call_send(c);
}
