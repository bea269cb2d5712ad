/* core/plan/apisocket.c: use_api_socket, which no engine knows: a service gets the engine's socket
 * and the registries' credentials by means it does know, as docker compose does it. */
#include "core/plan/reconcile.h"

#include "core/base/arena.h"
#include "core/base/str.h"
#include "core/plan/labels.h" /* mapping_with */

#include <string.h>

#define SOCKET      "/var/run/docker.sock"
#define SECRETS_DIR "/run/secrets/docker"
#define CONFIG_KEY  "#apisocket" /* no name of a file can be this */

/* A copy with room for one more at the end. */
static void *with_one(struct arena *a, const void *items, size_t len, void *one)
{
    void **ret = arena_calloc(a, len + 1, sizeof *ret);

    if (len)
        memcpy(ret, items, len * sizeof *ret);
    ret[len] = one;
    return ret;
}

static void give_socket(struct arena *a, struct service *s)
{
    struct mount *m = arena_alloc(a, sizeof *m);
    struct file_ref *r = arena_alloc(a, sizeof *r);

    m->item.node = r->item.node = s->item.node;
    m->type = "bind";
    m->source = m->target = SOCKET;
    s->volumes.items = with_one(a, s->volumes.items, s->volumes.len, m);
    s->volumes.len++;
    if (!mapping_has(&s->environment, "DOCKER_CONFIG"))
        s->environment = mapping_with(a, &s->environment, "DOCKER_CONFIG", SECRETS_DIR);
    r->source = CONFIG_KEY;
    r->target = SECRETS_DIR "/config.json";
    s->configs.items = with_one(a, s->configs.items, s->configs.len, r);
    s->configs.len++;
}

static void add_config(struct project *p, const char *credentials)
{
    struct file_source *f = arena_alloc(p->arena, sizeof *f);
    struct file_source **items = arena_calloc(p->arena, p->configs.len + 1, sizeof *items);

    f->item.key = f->name = CONFIG_KEY;
    f->content = credentials;
    items[0] = f; /* sorts before all names */
    if (p->configs.len)
        memcpy(items + 1, p->configs.items, p->configs.len * sizeof *items);
    p->configs.items = items;
    p->configs.len++;
}

void plan_api_sockets(struct project *p, const char *credentials)
{
    bool used = false;

    for (size_t i = 0; i < p->services.len; i++)
        if (p->services.items[i]->use_api_socket && !p->services.items[i]->disabled) {
            give_socket(p->arena, p->services.items[i]);
            used = true;
        }
    if (used)
        add_config(p, credentials);
}
