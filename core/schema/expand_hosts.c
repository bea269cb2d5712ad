/* core/schema/expand_hosts.c: extra_hosts in all its forms to a list of host=address. */
#include "core/schema/expand.h"

#include "core/base/diags.h"
#include "core/base/str.h"
#include "core/schema/report.h"
#include "core/yaml/node.h"

#include <string.h>

struct hosts {
    struct schema_ctx *cx;
    const struct attr_path *at; /* of the entry at hand */
    struct node *list;
    int rc;
};

static void add_host(struct hosts *h, const struct node *from, const char *host,
                     const char *address, size_t len)
{
    AUTO_TEXT text = {0};
    struct node *item;

    if (len > 2 && address[0] == '[' && address[len - 1] == ']') {
        address++;
        len -= 2;
    }
    str_addf(&text, "%s=%.*s", host, (int)len, address);
    item = node_string_of(h->cx->arena, from, text.data, text.len);
    item->quoted = true;
    item->shortened = true;
    node_add(h->cx->arena, h->list, item);
}

static bool check_host(struct hosts *h, const struct node *from, const char *host)
{
    struct diag *g;

    if (*host && !strpbrk(host, ":="))
        return true;
    g = schema_error(h->cx, h->at, from, "bad host name '%s'", host);
    diag_hint(g, "a name without ':' and '=' belongs here");
    h->rc = -1;
    return false;
}

/* "host=address[,address]", or with ':' where there is no '='. */
static void add_text(struct hosts *h, const struct node *item)
{
    const char *text = item->string.text;
    const char *sep = strchr(text, '=');
    AUTO_TEXT host = {0};

    sep = sep ? sep : strchr(text, ':');
    if (!sep) {
        const char *shown = node_shown(h->at, item, &host);
        struct diag *g =
            schema_error(h->cx, h->at, item, "invalid additional host, missing IP: '%s'", shown);

        diag_compat(g, "invalid additional host, missing IP: %s", shown);
        diag_hint(g, "write host=address");
        h->rc = -1;
        return;
    }
    str_addn(&host, text, (size_t)(sep - text));
    if (!check_host(h, item, str_text(&host)))
        return;
    for (const char *s = sep + 1;; s++) {
        size_t len = strcspn(s, ",");

        add_host(h, item, str_text(&host), s, len);
        s += len;
        if (!*s)
            break;
    }
}

static void add_pair(struct hosts *h, const struct node_pair *pair)
{
    AUTO_TEXT text = {0};

    if (!check_host(h, pair->value, pair->key))
        return;
    if (pair->value->kind != NODE_LIST) {
        node_scalar_text(pair->value, &text);
        add_host(h, pair->value, pair->key, str_text(&text), text.len);
        return;
    }
    for (size_t i = 0; i < pair->value->list.len; i++) {
        const struct node *address = pair->value->list.items[i];

        str_clear(&text);
        node_scalar_text(address, &text);
        add_host(h, address, pair->key, str_text(&text), text.len);
    }
}

struct node *expand_extra_hosts(struct schema_ctx *cx, const struct attr_path *at, struct node *n)
{
    struct hosts h = {.cx = cx};

    if (n->kind != NODE_LIST && n->kind != NODE_MAP)
        return n;
    h.list = node_of(cx->arena, n, NODE_LIST);
    for (size_t i = 0; n->kind == NODE_LIST && i < n->list.len; i++) {
        const struct attr_path down = {.up = at, .index = i};

        h.at = &down;
        if (n->list.items[i]->kind == NODE_STRING)
            add_text(&h, n->list.items[i]);
    }
    for (size_t i = 0; n->kind == NODE_MAP && i < n->map.len; i++) {
        const struct attr_path down = {.up = at, .key = n->map.pairs[i].key};

        h.at = &down;
        add_pair(&h, &n->map.pairs[i]);
    }
    return h.rc < 0 ? NULL : h.list;
}
