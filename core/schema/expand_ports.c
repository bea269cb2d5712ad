/* core/schema/expand_ports.c: [[IP:]HOST:]CONTAINER[/PROTOCOL], each part maybe a range. */
#include "core/schema/expand.h"

#include "core/base/arena.h"
#include "core/base/attr.h" /* ARRAY_LEN */
#include "core/base/diags.h"
#include "core/base/str.h"
#include "core/schema/report.h"
#include "core/yaml/node.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

struct range {
    unsigned first, last;
};

struct port_spec {
    const char *host_ip, *host, *container, *protocol; /* "" where nothing is written */
    struct range published, target;
};

struct text {
    struct schema_ctx *cx;
    const struct attr_path *at;
    const struct node *item;
    const char *whole;
};

static int bad(const struct text *t, const char *what, const char *part, const char *docker,
               const char *hint)
{
    struct diag *g;

    if (t->cx->keep_unresolved)
        return -1;
    if (is_secret_value(t->at, t->item))
        part = "***";
    g = schema_error(t->cx, t->at, t->item, "invalid %s '%s'", what, part);
    diag_compat(g, "%s: %s", docker, part);
    diag_hint(g, "%s", hint);
    return -1;
}

static int parse_number(const char *s, size_t len, unsigned *ret)
{
    unsigned v = 0;

    if (!len)
        return -1;
    for (size_t i = 0; i < len; i++) {
        if (s[i] < '0' || s[i] > '9')
            return -1;
        v = v * 10 + (unsigned)(s[i] - '0');
        if (v > 65535)
            return -1;
    }
    *ret = v;
    return 0;
}

static int parse_range(const char *s, struct range *ret)
{
    size_t len = strcspn(s, "-");

    if (parse_number(s, len, &ret->first) < 0)
        return -1;
    ret->last = ret->first;
    if (!s[len])
        return 0;
    if (parse_number(s + len + 1, strlen(s + len + 1), &ret->last) < 0)
        return -1;
    return ret->last < ret->first ? -1 : 0;
}

/* From the right: an unbracketed IPv6 address has colons of its own. */
static void split(struct arena *a, const char *text, struct port_spec *ret)
{
    char *left = arena_strdup(a, text);
    char *colon = strrchr(left, ':');
    char *slash;

    ret->host_ip = ret->host = "";
    ret->container = colon ? colon + 1 : left;
    if (colon) {
        *colon = '\0';
        ret->host = left;
        colon = strrchr(left, ':');
        if (colon) {
            *colon = '\0';
            ret->host_ip = left;
            ret->host = colon + 1;
        }
    }
    slash = strchr(ret->container, '/');
    if (slash)
        *slash = '\0';
    ret->protocol = slash ? slash + 1 : "";
}

static int check_address(const struct text *t, struct port_spec *p)
{
    unsigned char binary[sizeof(struct in6_addr)];
    size_t len = strlen(p->host_ip);

    if (len > 1 && p->host_ip[0] == '[' && p->host_ip[len - 1] == ']')
        p->host_ip = arena_strndup(t->cx->arena, p->host_ip + 1, len - 2);
    if (!*p->host_ip || inet_pton(AF_INET, p->host_ip, binary) == 1 ||
        inet_pton(AF_INET6, p->host_ip, binary) == 1)
        return 0;
    return bad(t, "IP address", p->host_ip, "Invalid ip address",
               "the form is [[IP:]PUBLISHED:]CONTAINER[/PROTOCOL], and names do not work for IP");
}

static int check_protocol(const struct text *t, struct port_spec *p)
{
    static const char *const known[] = {"tcp", "udp", "sctp"};

    if (!*p->protocol)
        p->protocol = "tcp";
    for (size_t i = 0; i < ARRAY_LEN(known); i++) {
        if (strcasecmp(p->protocol, known[i]) == 0) {
            p->protocol = known[i];
            return 0;
        }
    }
    return bad(t, "protocol", p->protocol, "Invalid proto", "tcp, udp or sctp");
}

static unsigned width(struct range r)
{
    return r.last - r.first;
}

static int parse(const struct text *t, struct port_spec *p)
{
    split(t->cx->arena, t->whole, p);
    if (check_address(t, p) < 0)
        return -1;
    if (!*p->container)
        return bad(t, "port: no container port in", t->whole, "No port specified",
                   "the form is [[IP:]PUBLISHED:]CONTAINER[/PROTOCOL]");
    if (parse_range(p->container, &p->target) < 0 || !p->target.first)
        return bad(t, "container port", p->container, "Invalid containerPort",
                   "a number from 1 to 65535, or a range like 8000-8010");
    if (*p->host && parse_range(p->host, &p->published) < 0)
        return bad(t, "published port", p->host, "Invalid hostPort",
                   "a number from 0 to 65535, or a range like 8000-8010");
    if (*p->host && width(p->target) && width(p->published) != width(p->target))
        return bad(t, "port: two ranges that differ in length:",
                   arena_printf(t->cx->arena, "%s and %s", p->container, p->host),
                   "Invalid ranges specified for container and host Ports",
                   "a range can be published on a range of the same length, or on any free ports");
    return check_protocol(t, p);
}

/* ---- the long form ---- */

static void set_text(struct schema_ctx *cx, struct node *map, const char *key, const char *text)
{
    struct node *n = node_string_of(cx->arena, map, text, strlen(text));

    n->quoted = true;
    n->shortened = true;
    node_push(cx->arena, map, key, map->loc, n);
}

static struct node *port_node(const struct text *t, const struct port_spec *p, unsigned offset)
{
    struct node *port = node_of(t->cx->arena, t->item, NODE_MAP);
    struct arena *a = t->cx->arena;
    struct node *target = node_of(a, t->item, NODE_INT);

    port->shortened = true;
    target->integer = p->target.first + offset;
    target->shortened = true;
    set_text(t->cx, port, "mode", "ingress");
    if (*p->host_ip)
        set_text(t->cx, port, "host_ip", p->host_ip);
    node_push(a, port, "target", port->loc, target);
    if (*p->host && !width(p->target) && width(p->published))
        set_text(t->cx, port, "published",
                 arena_printf(a, "%u-%u", p->published.first, p->published.last));
    else if (*p->host)
        set_text(t->cx, port, "published", arena_printf(a, "%u", p->published.first + offset));
    set_text(t->cx, port, "protocol", p->protocol);
    return port;
}

static int by_target_text(const void *a, const void *b)
{
    const struct node *const *x = a, *const *y = b;
    AUTO_TEXT left = {0};
    AUTO_TEXT right = {0};

    node_scalar_text(node_get(*x, "target"), &left);
    node_scalar_text(node_get(*y, "target"), &right);
    str_addc(&left, '/'); /* "10/tcp" comes before "9/tcp", as docker compose sorts them */
    str_addc(&right, '/');
    return strcmp(left.data, right.data);
}

static int too_large(const struct text *t)
{
    AUTO_TEXT path = {0};

    attr_path_text(t->at, &path);
    return diags_too_large(t->cx->diags, t->item->loc, str_text(&path), "this range");
}

static int expand_port(struct schema_ctx *cx, const struct attr_path *at, const struct node *item,
                       struct node *list)
{
    AUTO_TEXT whole = {0};
    struct text t = {.cx = cx, .at = at, .item = item};
    size_t first = list->list.len;
    struct port_spec p = {0};

    node_scalar_text(item, &whole);
    t.whole = str_text(&whole);
    if (parse(&t, &p) < 0)
        return -1;
    for (unsigned i = 0; i <= width(p.target); i++) {
        if (arena_is_over(cx->arena))
            return too_large(&t);
        node_add(cx->arena, list, port_node(&t, &p, i));
    }
    qsort(list->list.items + first, list->list.len - first, sizeof(struct node *), by_target_text);
    return 0;
}

static int bad_type(struct schema_ctx *cx, const struct attr_path *at, const struct node *item)
{
    AUTO_TEXT text = {0};
    AUTO_TEXT path = {0};
    struct diag *g = schema_error(cx, at, item, "invalid port '%s'", node_shown(at, item, &text));

    attr_path_docker(at->up, INDEX_PLAIN, &path);
    diag_compat(g, "%s: invalid type float64 for port", str_text(&path));
    return -1;
}

struct node *expand_ports(struct schema_ctx *cx, const struct attr_path *at, struct node *n)
{
    struct node *list;
    int rc = 0;

    if (n->kind != NODE_LIST)
        return n;
    list = node_of(cx->arena, n, NODE_LIST);
    for (size_t i = 0; i < n->list.len; i++) {
        const struct attr_path down = {.up = at, .index = i};
        struct node *item = n->list.items[i];

        if (item->kind == NODE_STRING || item->kind == NODE_INT)
            rc |= expand_port(cx, &down, item, list);
        else if (item->kind == NODE_FLOAT || item->kind == NODE_UINT)
            rc |= bad_type(cx, &down, item);
        else
            node_add(cx->arena, list, item);
    }
    if (rc < 0)
        return cx->keep_unresolved ? n : NULL; /* all or nothing, as docker compose does */
    return list;
}
