/* drivers/docker/unmap_network.c: the inverse of map_network.c. */
#include "drivers/docker/unmap_internal.h"

#include "core/base/arena.h"
#include "core/base/str.h"
#include "core/json/json.h"
#include "drivers/docker/parse.h"

#include <stdlib.h>
#include <string.h>

/* ---- ports ---- */

static const char *without_tcp(struct unmap_cx *cx, const char *port)
{
    return str_has_suffix(port, "/tcp") ? arena_strndup(cx->arena, port, strlen(port) - 4)
                                        : arena_strdup(cx->arena, port);
}

/* Those of the image are exposed anyway. */
void unmap_expose(struct unmap_cx *cx)
{
    const struct json *all = json_get(cx->config, "ExposedPorts");
    const struct json *published = json_get(cx->host, "PortBindings");
    const struct json *image = json_get(cx->image, "ExposedPorts");
    struct strings *ret = &cx->s->expose;

    ret->items = arena_calloc(cx->arena, json_len(all) + 1, sizeof(char *));
    for (const struct json *j = json_first(all); j; j = json_next(j))
        if (!json_key(published, json_name(j)) && !json_key(image, json_name(j)))
            ret->items[ret->len++] = without_tcp(cx, json_name(j));
    sort_texts(ret);
}

static int by_port(const void *a, const void *b)
{
    const struct port *x = *(struct port *const *)a, *y = *(struct port *const *)b;
    int ret = (x->target > y->target) - (x->target < y->target);

    if (!ret)
        ret = strcmp(x->protocol, y->protocol);
    if (!ret)
        ret = strcmp(x->published ? x->published : "", y->published ? y->published : "");
    return ret ? ret : strcmp(x->host_ip ? x->host_ip : "", y->host_ip ? y->host_ip : "");
}

void unmap_ports(struct unmap_cx *cx)
{
    const struct json *map = json_get(cx->host, "PortBindings");
    size_t count = 0;

    for (const struct json *port = json_first(map); port; port = json_next(port))
        count += json_len(port);
    unmap_room(cx, &cx->s->ports, count);
    for (const struct json *port = json_first(map); port; port = json_next(port))
        for (const struct json *j = json_first(port); j; j = json_next(j)) {
            struct port *p = unmap_add(cx, &cx->s->ports);
            const char *slash = strchr(json_name(port), '/');

            p->target = strtoll(json_name(port), NULL, 10);
            p->protocol = slash ? arena_strdup(cx->arena, slash + 1) : "tcp";
            p->published = unmap_text(cx, j, "HostPort");
            p->host_ip = unmap_text(cx, j, "HostIp");
        }
    if (cx->s->ports.len)
        qsort(cx->s->ports.items, cx->s->ports.len, sizeof *cx->s->ports.items, by_port);
}

/* ---- networks ---- */

static const char *network_key(struct unmap_cx *cx, const char *name)
{
    const struct project *p = cx->made->project;

    for (size_t i = 0; p && i < p->networks.len; i++)
        if (str_eq(p->networks.items[i]->name, name))
            return p->networks.items[i]->item.key;
    return unmap_key(cx, name);
}

static const struct service_network *network_like(const struct unmap_cx *cx, const char *key)
{
    for (size_t i = 0; i < cx->like->networks.len; i++)
        if (str_eq(cx->like->networks.items[i]->item.key, key))
            return cx->like->networks.items[i];
    return NULL;
}

/* Those that every container has are not the user's. */
static bool is_own_alias(const struct unmap_cx *cx, const char *alias)
{
    return str_eq(alias, cx->name) || str_eq(alias, cx->made->name) ||
           str_eq(alias, cx->like->item.key) || str_eq(alias, cx->s->hostname) ||
           (strlen(alias) == 12 && str_has_prefix(cx->id, alias));
}

static struct strings read_aliases(struct unmap_cx *cx, const struct json *list)
{
    struct strings all = parse_strings(cx->arena, list), ret = {.items = all.items};

    for (size_t i = 0; i < all.len; i++)
        if (!is_own_alias(cx, all.items[i]))
            ret.items[ret.len++] = all.items[i];
    sort_texts(&ret);
    return ret;
}

#define IFNAME "com.docker.network.endpoint.ifname"

static void read_driver_options(struct unmap_cx *cx, const struct json *j,
                                struct service_network *n)
{
    struct mapping all = parse_mapping(cx->arena, json_get(j, "DriverOpts"));

    n->driver_opts.entries = all.entries;
    for (size_t i = 0; i < all.len; i++)
        if (str_eq(all.entries[i].key, IFNAME))
            n->interface_name = all.entries[i].value;
        else
            n->driver_opts.entries[n->driver_opts.len++] = all.entries[i];
}

static void read_endpoint(struct unmap_cx *cx, const struct json *j)
{
    struct service_network *n = unmap_add(cx, &cx->s->networks);
    const struct service_network *like;

    n->item.key = network_key(cx, json_name(j));
    like = network_like(cx, n->item.key);
    n->aliases = read_aliases(cx, json_get(j, "Aliases"));
    n->ipv4_address = unmap_text(cx, j, "IPAMConfig.IPv4Address");
    n->ipv6_address = unmap_text(cx, j, "IPAMConfig.IPv6Address");
    n->link_local_ips = parse_strings(cx->arena, json_get(j, "IPAMConfig.LinkLocalIPs"));
    read_driver_options(cx, j, n);
    if (like && !str_empty(like->mac_address)) /* one that runs has some address anyway */
        n->mac_address = unmap_text(cx, j, "MacAddress");
    if (cx->minor >= 48)
        n->gw_priority = json_get_i64(j, "GwPriority", 0);
}

static int by_key(const void *a, const void *b)
{
    return strcmp((*(struct service_network *const *)a)->item.key,
                  (*(struct service_network *const *)b)->item.key);
}

static bool is_mode(const char *text)
{
    return str_eq(text, "host") || str_eq(text, "none") || str_eq(text, "default") ||
           str_eq(text, "bridge") || str_has_prefix(text, "container:") ||
           str_has_prefix(text, "service:");
}

void unmap_networks_of(struct unmap_cx *cx)
{
    const char *mode = json_get_str(cx->host, "NetworkMode", "");

    if (is_mode(mode)) {
        cx->s->network_mode = arena_strdup(cx->arena, mode);
        return;
    }
    unmap_room(cx, &cx->s->networks, json_len(cx->endpoints));
    for (const struct json *j = json_first(cx->endpoints); j; j = json_next(j))
        read_endpoint(cx, j);
    if (cx->s->networks.len)
        qsort(cx->s->networks.items, cx->s->networks.len, sizeof *cx->s->networks.items, by_key);
}

void unmap_mac_address(struct unmap_cx *cx)
{
    const char *mac = unmap_text(cx, cx->config, "MacAddress");
    bool asked = !str_empty(cx->like->mac_address), elsewhere = false;

    for (size_t i = 0; i < cx->like->networks.len; i++)
        elsewhere |= !str_empty(cx->like->networks.items[i]->mac_address);
    for (const struct json *j = json_first(cx->endpoints); asked && !mac && j; j = json_next(j))
        if (str_eq(json_name(j), json_get_str(cx->host, "NetworkMode", "")))
            mac = unmap_text(cx, j, "MacAddress");
    if (asked || !elsewhere)
        cx->s->mac_address = mac;
}

/* ---- links ---- */

/* The service in PROJECT-SERVICE-NUMBER; NULL: it is no container of the project. */
static const char *service_of(const struct unmap_cx *cx, const char *container)
{
    const struct project *p = cx->made->project;
    size_t len = p && p->name ? strlen(p->name) : 0;

    if (!len || !str_has_prefix(container, p->name) || !container[len])
        return NULL;
    for (size_t i = 0; i < p->services.len; i++) {
        const char *key = p->services.items[i]->item.key;
        const char *rest = container + len + 1;

        if (str_has_prefix(rest, key) && rest[strlen(key)] &&
            strspn(rest + strlen(key) + 1, "0123456789") == strlen(rest + strlen(key) + 1))
            return key;
    }
    return NULL;
}

static void add_once(struct unmap_cx *cx, struct strings *list, const char *what, const char *alias)
{
    const char *text = str_eq(what, alias) ? what : arena_printf(cx->arena, "%s:%s", what, alias);

    for (size_t i = 0; i < list->len; i++)
        if (str_eq(list->items[i], text))
            return;
    list->items[list->len++] = text;
}

/* "container:alias"; the numbered aliases come of themselves. */
static void read_link(struct unmap_cx *cx, const char *text)
{
    const char *from = text + (*text == '/');
    const char *colon = strchr(from, ':'), *slash = strrchr(from, '/');
    const char *container, *alias, *service;

    if (!colon)
        return;
    container = arena_strndup(cx->arena, from, (size_t)(colon - from));
    alias = arena_strdup(cx->arena, slash && slash > colon ? slash + 1 : colon + 1);
    service = service_of(cx, container);
    if (!service)
        add_once(cx, &cx->s->external_links, container, alias);
    else if (!str_has_suffix(container, alias))
        add_once(cx, &cx->s->links, service, alias);
    else if (str_eq(alias, service))
        add_once(cx, &cx->s->links, service, service);
}

void unmap_links(struct unmap_cx *cx)
{
    const struct json *own = json_get(cx->host, "Links");
    size_t room = json_len(own);

    for (const struct json *e = json_first(cx->endpoints); e; e = json_next(e))
        room += json_len(json_get(e, "Links"));
    cx->s->links.items = arena_calloc(cx->arena, room + 1, sizeof(char *));
    cx->s->external_links.items = arena_calloc(cx->arena, room + 1, sizeof(char *));
    for (const struct json *j = json_first(own); j; j = json_next(j))
        read_link(cx, json_text(j, ""));
    for (const struct json *e = json_first(cx->endpoints); e; e = json_next(e))
        for (const struct json *j = json_first(json_get(e, "Links")); j; j = json_next(j))
            read_link(cx, json_text(j, ""));
    sort_texts(&cx->s->links);
    sort_texts(&cx->s->external_links);
}
