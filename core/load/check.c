/* core/load/check.c: attributes that must not, or must, stand together. */
#include "core/load/stages.h"

#include "core/base/attr.h" /* ARRAY_LEN */
#include "core/base/diags.h"
#include "core/base/str.h"
#include "core/schema/report.h"
#include "core/yaml/node.h"

#include <arpa/inet.h>
#include <string.h>

/* ---- resources ---- */

/* An external volume is described elsewhere. */
static int check_volume(struct load *l, const struct attr_path *at, const struct node *volume)
{
    const struct node *external = node_get(volume, "external");
    AUTO_TEXT path = {0};
    int rc = 0;

    if (!node_is(external, NODE_BOOL) || !external->boolean)
        return 0;
    attr_path_text(at, &path);
    for (size_t i = 0; i < volume->map.len; i++) {
        const struct node_pair *pair = &volume->map.pairs[i];
        struct diag *g;

        if (str_eq(pair->key, "name") || str_eq(pair->key, "external") ||
            str_has_prefix(pair->key, "x-"))
            continue;
        g = schema_key_error(&l->schema, at, pair,
                             "conflicting parameters \"external\" and \"%s\" specified", pair->key);
        diag_compat(g, "%s: conflicting parameters \"external\" and \"%s\" specified",
                    str_text(&path), pair->key);
        rc = -1;
    }
    return rc;
}

/* Where the content of a secret or config comes from: one place, and only one. */
static int check_source(struct load *l, const struct attr_path *at, const struct node *n,
                        const char *const *keys, size_t count)
{
    const struct node_pair *second = NULL;
    AUTO_TEXT path = {0};
    AUTO_TEXT words = {0};
    size_t found = 0;

    for (size_t i = 0; i < count; i++) {
        const struct node_pair *pair = node_pair_get(n, keys[i]);

        str_addf(&words, "%s%s", i ? "|" : "", keys[i]);
        if (pair && ++found == 2)
            second = pair;
    }
    attr_path_text(at, &path);
    if (second) {
        diag_compat(schema_key_error(&l->schema, at, second, "%s attributes are mutually exclusive",
                                     str_text(&words)),
                    "%s: %s attributes are mutually exclusive", str_text(&path), str_text(&words));
        return -1;
    }
    if (found || node_get(n, "external") || (count == 2 && node_get(n, "driver")))
        return 0;
    diag_compat(schema_error(&l->schema, at, n, "one of %s must be set", str_text(&words)),
                "%s: one of %s must be set", str_text(&path), str_text(&words));
    return -1;
}

static int check_secret(struct load *l, const struct attr_path *at, const struct node *n)
{
    static const char *const keys[] = {"file", "environment"};

    return check_source(l, at, n, keys, ARRAY_LEN(keys));
}

static int check_config(struct load *l, const struct attr_path *at, const struct node *n)
{
    static const char *const keys[] = {"file", "environment", "content"};

    return check_source(l, at, n, keys, ARRAY_LEN(keys));
}

/* ---- parts of services ---- */

static int check_port(struct load *l, const struct attr_path *at, const struct node *port)
{
    const struct node *host_ip = node_get(port, "host_ip");
    unsigned char binary[sizeof(struct in6_addr)];
    const char *text = node_text(host_ip);
    AUTO_TEXT path = {0};
    AUTO_TEXT shown = {0};

    if (!text || inet_pton(AF_INET, text, binary) == 1 || inet_pton(AF_INET6, text, binary) == 1)
        return 0;
    attr_path_docker(at, INDEX_EMPTY, &path);
    diag_compat(schema_error(&l->schema, at, host_ip, "invalid ip address: '%s'",
                             node_shown(at, host_ip, &shown)),
                "%s: invalid ip address: %s", str_text(&path), str_text(&shown));
    return -1;
}

static int check_mount(struct load *l, const struct attr_path *at, const struct node *mount)
{
    struct diag *g;

    if (!str_eq(node_text(node_get(mount, "type")), "bind") || node_pair_get(mount, "source") ||
        l->opts->no_path_resolution)
        return 0;
    g = schema_error(&l->schema, at, mount, "a mount of type 'bind' needs a source");
    diag_compat(g, "invalid mount config for type \"bind\": field Source must not be empty");
    return -1;
}

static int check_watch(struct load *l, const struct attr_path *at, const struct node *watch)
{
    const struct node *path = node_get(watch, "path");
    AUTO_TEXT where = {0};

    if (!str_eq(node_text(path), ""))
        return 0;
    attr_path_docker(at, INDEX_EMPTY, &where);
    diag_compat(schema_error(&l->schema, at, path, "path: value can't be blank"),
                "%s.path: value can't be blank", str_text(&where));
    return -1;
}

static int check_device(struct load *l, const struct attr_path *at, const struct node *device)
{
    const struct node_pair *ids = node_pair_get(device, "device_ids");
    AUTO_TEXT path = {0};

    if (!ids || !node_get(device, "count"))
        return 0;
    attr_path_docker(at, INDEX_EMPTY, &path);
    diag_compat(schema_key_error(&l->schema, at, ids,
                                 "\"count\" and \"device_ids\" attributes are exclusive"),
                "%s: \"count\" and \"device_ids\" attributes are exclusive", str_text(&path));
    return -1;
}

/* ---- the loops ---- */

typedef int check_fn(struct load *l, const struct attr_path *at, const struct node *n);

static int check_list(struct load *l, const struct attr_path *at, const struct node *list,
                      check_fn *fn)
{
    int rc = 0;

    for (size_t i = 0; node_is(list, NODE_LIST) && i < list->list.len; i++) {
        const struct attr_path down = {.up = at, .index = i};

        if (list->list.items[i]->kind == NODE_MAP)
            rc |= fn(l, &down, list->list.items[i]);
    }
    return rc;
}

static int check_map(struct load *l, const struct node *model, const char *key, check_fn *fn)
{
    const struct node *map = node_get(model, key);
    const struct attr_path at = {.key = key};
    int rc = 0;

    for (size_t i = 0; node_is(map, NODE_MAP) && i < map->map.len; i++) {
        const struct attr_path down = {.up = &at, .key = map->map.pairs[i].key};

        if (map->map.pairs[i].value->kind == NODE_MAP)
            rc |= fn(l, &down, map->map.pairs[i].value);
    }
    return rc;
}

static int check_service(struct load *l, const struct attr_path *at, const struct node *service)
{
    static const struct {
        const char *keys[4];
        check_fn *fn;
    } lists[] = {
        {{"ports"}, check_port},
        {{"volumes"}, check_mount},
        {{"develop", "watch"}, check_watch},
        {{"gpus"}, check_device},
        {{"deploy", "resources", "reservations", "devices"}, check_device},
    };
    int rc = 0;

    for (size_t i = 0; i < ARRAY_LEN(lists); i++) {
        struct attr_path steps[ARRAY_LEN(lists[0].keys)];
        const struct attr_path *down = at;
        const struct node *n = service;

        for (size_t k = 0; k < ARRAY_LEN(steps) && lists[i].keys[k]; k++) {
            steps[k] = (struct attr_path){.up = down, .key = lists[i].keys[k]};
            down = &steps[k];
            n = node_get(n, lists[i].keys[k]);
        }
        rc |= check_list(l, down, n, lists[i].fn);
    }
    return rc;
}

int stage_check(struct load *l, struct node *model)
{
    int rc = check_map(l, model, "services", check_service);

    rc |= check_map(l, model, "volumes", check_volume);
    rc |= check_map(l, model, "secrets", check_secret);
    return rc | check_map(l, model, "configs", check_config);
}
