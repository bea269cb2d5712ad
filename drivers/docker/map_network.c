/* drivers/docker/map_network.c: what connects a container: ports, networks, endpoints. */
#include "drivers/docker/map.h"

#include "core/base/arena.h"
#include "core/base/str.h"
#include "core/json/json.h"
#include "core/yaml/node.h"
#include "drivers/docker/map_internal.h"

#include <inttypes.h>
#include <string.h>

/* ---- ports ---- */

int map_expose(struct map_cx *cx)
{
    for (size_t i = 0; i < cx->s->expose.len; i++)
        json_put(json_need_object(cx->body, "ExposedPorts"), cx->s->expose.items[i], json_object());
    return 0;
}

int map_ports(struct map_cx *cx)
{
    struct json *all = json_need_object(cx->host, "PortBindings");

    for (size_t i = 0; i < cx->s->ports.len; i++) {
        const struct port *p = cx->s->ports.items[i];
        const char *key = arena_printf(cx->arena, "%" PRId64 "/%s", p->target,
                                       str_empty(p->protocol) ? "tcp" : p->protocol);
        struct json *exposed = json_need_object(cx->body, "ExposedPorts"), *binding = json_object();

        if (!json_key(exposed, key))
            json_put(exposed, key, json_object());
        json_put(binding, "HostIp", json_string(p->host_ip ? p->host_ip : ""));
        json_put(binding, "HostPort", json_string(p->published ? p->published : ""));
        json_add(json_need_array(all, key), binding); /* such a key has no dots */
    }
    return 0;
}

/* ---- networks ---- */

static void ipam_config(const struct service_network *n, struct json *endpoint)
{
    struct json *ipam = json_need_object(endpoint, "IPAMConfig");

    json_set_str(ipam, "IPv4Address", n->ipv4_address);
    json_set_str(ipam, "IPv6Address", n->ipv6_address);
    if (n->link_local_ips.len)
        json_put(ipam, "LinkLocalIPs", map_strings(&n->link_local_ips));
    /* No engine reads these any more, but they show in `docker inspect` until the start. */
    json_set_str(endpoint, "IPAddress", n->ipv4_address);
    json_set_str(endpoint, "IPv6Gateway", n->ipv6_address);
}

static void driver_options(const struct service_network *n, struct json *endpoint)
{
    struct json *o;

    if (!n->driver_opts.len && str_empty(n->interface_name))
        return;
    o = json_put(endpoint, "DriverOpts", map_mapping(&n->driver_opts));
    if (!str_empty(n->interface_name))
        json_put(o, "com.docker.network.endpoint.ifname", json_string(n->interface_name));
}

static int endpoint_error(const struct service_network *n, struct err *err, const char *attr,
                          const char *message)
{
    const struct node *node = n->item.node ? node_get(n->item.node, attr) : NULL;

    return err_set(err, ERR_UNSUPPORTED, node ? node->loc : loc_none(), "%s", message);
}

static int check_endpoint(const struct service_network *n, unsigned minor, struct err *err)
{
    if (minor < 44 && !str_empty(n->mac_address))
        return endpoint_error(n, err, "mac_address",
                              "a MAC address for a network requires Docker Engine v25 or later");
    if (minor < 49 && !str_empty(n->interface_name))
        return endpoint_error(n, err, "interface_name",
                              "interface_name requires Docker Engine v28.1 or later");
    return 0;
}

int map_endpoint(const struct endpoint *e, const char *mac, unsigned minor, struct json **ret,
                 struct err *err)
{
    const struct service_network *n = e->options;
    struct json *endpoint;

    if (n && check_endpoint(n, minor, err) < 0)
        return -1;
    endpoint = json_object();
    if (e->aliases.len)
        json_put(endpoint, "Aliases", map_strings(&e->aliases));
    if (e->links.len)
        json_put(endpoint, "Links", map_strings(&e->links));
    json_set_str(endpoint, "MacAddress", mac);
    if (n && !n->item.null) {
        ipam_config(n, endpoint);
        driver_options(n, endpoint);
        json_set_str(endpoint, "MacAddress", n->mac_address);
        if (n->gw_priority)
            json_set_i64(endpoint, "GwPriority", n->gw_priority);
    }
    *ret = endpoint;
    return 0;
}

/* The default bridge reads them here, other networks at the endpoint. */
int map_links(struct map_cx *cx)
{
    if (cx->cc->links.len)
        json_put(cx->host, "Links", map_strings(&cx->cc->links));
    return 0;
}

/* Engines from 1.44 on have it at the endpoint. */
int map_mac_address(struct map_cx *cx)
{
    const struct endpoint *first = cx->cc->endpoints.len ? cx->cc->endpoints.items[0] : NULL;
    const char *mac = cx->s->mac_address;

    if (str_empty(mac))
        return 0;
    if (first && first->options && !str_empty(first->options->mac_address) &&
        strcmp(first->options->mac_address, mac) != 0)
        return map_error(cx, ERR_INVALID, map_node(cx, "mac_address"),
                         "the service-level mac_address should have the same value as network %s",
                         first->options->item.key ? first->options->item.key : first->network);
    if (cx->minor < 44 || !first)
        json_set_str(cx->body, "MacAddress", mac);
    return 0;
}

static const char *network_mode(const struct map_cx *cx)
{
    return cx->cc->refs.network_mode ? cx->cc->refs.network_mode : cx->s->network_mode;
}

int map_network_mode(struct map_cx *cx)
{
    const char *mode = network_mode(cx);

    if (str_eq(mode, "disabled"))
        json_set_bool(cx->body, "NetworkDisabled", true);
    if (str_empty(mode))
        mode = cx->cc->endpoints.len ? cx->cc->endpoints.items[0]->network : "none";
    json_set_str(cx->host, "NetworkMode", mode);
    return 0;
}

int map_endpoints(const struct container_create *cc, size_t count, unsigned minor,
                  struct json **ret, struct err *err)
{
    struct json *all = json_object();

    for (size_t i = 0; i < count; i++) {
        const struct endpoint *e = cc->endpoints.items[i];
        const char *mac = i == 0 && minor >= 44 ? cc->service->mac_address : NULL;
        struct json *endpoint;

        if (map_endpoint(e, mac, minor, &endpoint, err) < 0) {
            json_free(all);
            return -1;
        }
        json_put(all, e->network, endpoint);
    }
    *ret = all;
    return 0;
}

int map_networks(struct map_cx *cx)
{
    size_t count = cx->cc->endpoints.len;
    struct json *all;

    if (!count || !str_empty(network_mode(cx)))
        return 0;
    if (map_endpoints(cx->cc, cx->minor < 44 ? 1 : count, cx->minor, &all, cx->err) < 0)
        return -1;
    json_set(cx->body, "NetworkingConfig.EndpointsConfig", all);
    return 0;
}

int map_connect(const char *container, const struct endpoint *e, unsigned minor, struct json **ret,
                struct err *err)
{
    struct json *endpoint;

    if (map_endpoint(e, NULL, minor, &endpoint, err) < 0)
        return -1;
    *ret = json_object();
    json_set_str(*ret, "Container", container);
    json_put(*ret, "EndpointConfig", endpoint);
    return 0;
}
