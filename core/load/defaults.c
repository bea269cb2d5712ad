/* core/load/defaults.c: what an attribute means when it is left out. */
#include "core/load/stages.h"

#include "core/base/arena.h"
#include "core/yaml/node.h"

#include <stddef.h>

static void set_default(struct load *l, struct node *map, const char *key, const char *value)
{
    struct node *n;

    if (!node_is(map, NODE_MAP) || node_get(map, key))
        return;
    n = node_string(l->arena, map->loc, value);
    n->implied = true;
    node_set(l->arena, map, key, map->loc, n);
}

static void default_secrets(struct load *l, const struct node *secrets)
{
    for (size_t i = 0; node_is(secrets, NODE_LIST) && i < secrets->list.len; i++) {
        struct node *secret = secrets->list.items[i];
        const char *source = node_text(node_get(secret, "source"));

        if (source)
            set_default(l, secret, "target", arena_printf(l->arena, "/run/secrets/%s", source));
    }
}

static void default_ports(struct load *l, const struct node *ports)
{
    for (size_t i = 0; node_is(ports, NODE_LIST) && i < ports->list.len; i++) {
        set_default(l, ports->list.items[i], "protocol", "tcp");
        set_default(l, ports->list.items[i], "mode", "ingress");
    }
}

static void default_devices(struct load *l, const struct node *devices)
{
    for (size_t i = 0; node_is(devices, NODE_LIST) && i < devices->list.len; i++)
        if (!node_get(devices->list.items[i], "device_ids"))
            set_default(l, devices->list.items[i], "count", "all");
}

int stage_defaults(struct load *l, struct node *model)
{
    const struct node *services = node_get(model, "services");

    for (size_t i = 0; node_is(services, NODE_MAP) && i < services->map.len; i++) {
        const struct node *service = services->map.pairs[i].value;

        set_default(l, node_get(service, "build"), "context", ".");
        default_secrets(l, node_get(service, "secrets"));
        default_ports(l, node_get(service, "ports"));
        default_devices(l, node_get(service, "gpus"));
        default_devices(l, node_path(service, "deploy.resources.reservations.devices"));
    }
    return 0;
}
