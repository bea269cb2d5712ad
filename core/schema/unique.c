/* core/schema/unique.c: a later list item replaces the earlier one that means the same. */
#include "core/schema/unique.h"

#include "core/base/diags.h"
#include "core/base/map.h"
#include "core/base/str.h"
#include "core/schema/each.h"
#include "core/schema/mount_spec.h"
#include "core/schema/passes.h"
#include "core/schema/report.h"
#include "core/yaml/node.h"
#include "core/yaml/origin.h"

#include <string.h>

enum { NO_KEY = 1 };

/* A string or number, as text. */
static bool add_text(const struct node *n, struct str *ret)
{
    if (!n || n->kind == NODE_NULL || n->kind == NODE_LIST || n->kind == NODE_MAP)
        return false;
    node_scalar_text(n, ret);
    return true;
}

static int missing(struct schema_ctx *cx, const struct attr_path *at, const struct node *item,
                   const char *what, const char *subject)
{
    AUTO_TEXT path = {0};
    struct diag *g = schema_error(cx, at, item, "is missing a %s", what);

    attr_path_docker(at, INDEX_BRACKETS, &path);
    diag_compat(g, "%s %s is missing a %s", subject, str_text(&path), what);
    return -1;
}

int key_before_equals(struct schema_ctx *cx, const struct attr_path *at, const struct node *item,
                      struct str *ret)
{
    const char *text = node_text(item);

    (void)cx, (void)at;
    if (!text)
        return NO_KEY;
    str_addn(ret, text, strcspn(text, "="));
    return 0;
}

/* What stands under `key`, else `prefix` and the source. */
static int key_of_ref(const struct node *item, const char *prefix, struct str *ret)
{
    const struct node *source = item->kind == NODE_MAP ? node_get(item, "source") : item;

    if (add_text(node_get(item, "target"), ret))
        return 0;
    if (!node_text(source))
        return NO_KEY;
    str_add(ret, prefix);
    str_add(ret, node_text(source));
    return 0;
}

int key_secret_target(struct schema_ctx *cx, const struct attr_path *at, const struct node *item,
                      struct str *ret)
{
    (void)cx, (void)at;
    return key_of_ref(item, "/run/secrets/", ret);
}

int key_config_target(struct schema_ctx *cx, const struct attr_path *at, const struct node *item,
                      struct str *ret)
{
    (void)cx, (void)at;
    return key_of_ref(item, "/", ret);
}

int key_env_file(struct schema_ctx *cx, const struct attr_path *at, const struct node *item,
                 struct str *ret)
{
    (void)cx, (void)at;
    return add_text(item->kind == NODE_MAP ? node_get(item, "path") : item, ret) ? 0 : NO_KEY;
}

int key_expose(struct schema_ctx *cx, const struct attr_path *at, const struct node *item,
               struct str *ret)
{
    AUTO_TEXT path = {0};
    struct diag *g;

    if (!add_text(item, ret))
        return NO_KEY;
    if (item->kind != NODE_FLOAT)
        return 0;
    g = schema_error(cx, at, item, "unsupported expose value '%s'", str_text(ret));
    attr_path_docker(at, INDEX_BRACKETS, &path);
    diag_compat(g, "%s: unsupported expose value %%!s(float64=%s)", str_text(&path), str_text(ret));
    return -1;
}

/* Docker compose tells published: 80 from "80" here, and would publish the port twice. */
int key_port(struct schema_ctx *cx, const struct attr_path *at, const struct node *item,
             struct str *ret)
{
    const char *host_ip = node_text(node_get(item, "host_ip"));
    const char *protocol = node_text(node_get(item, "protocol"));

    if (item->kind != NODE_MAP)
        return add_text(item, ret) ? 0 : NO_KEY;
    if (!node_get(item, "target"))
        return missing(cx, at, item, "target port", "service ports");
    str_add(ret, host_ip ? host_ip : "0.0.0.0");
    str_addc(ret, ':');
    add_text(node_get(item, "published"), ret);
    str_addc(ret, ':');
    add_text(node_get(item, "target"), ret);
    str_addc(ret, '/');
    str_add(ret, protocol ? protocol : "tcp");
    return 0;
}

int key_target(struct schema_ctx *cx, const struct attr_path *at, const struct node *item,
               struct str *ret)
{
    const char *text = node_text(item);

    if (text) {
        const char *colon = strchr(text, ':');
        const char *target = colon ? colon + 1 : text;

        str_addn(ret, target, strcspn(target, ":"));
        return 0;
    }
    if (item->kind != NODE_MAP)
        return NO_KEY;
    return add_text(node_get(item, "target"), ret)
               ? 0
               : missing(cx, at, item, "mount target", "service device");
}

int key_volume(struct schema_ctx *cx, const struct attr_path *at, const struct node *item,
               struct str *ret)
{
    const char *text = node_text(item);
    struct mount_spec spec;

    if (text) {
        if (mount_spec_parse(text, &spec))
            return NO_KEY; /* expand_volumes reports it */
        str_addn(ret, spec.target.text, spec.target.len);
        return 0;
    }
    if (item->kind != NODE_MAP)
        return NO_KEY;
    return add_text(node_get(item, "target"), ret)
               ? 0
               : missing(cx, at, item, "mount target", "service volume");
}

static int make_unique(struct schema_ctx *cx, const struct attr_path *at, const struct attr *row,
                       struct node *list)
{
    AUTO_TEXT key = {0};
    struct map seen = {0}; /* key -> place in the list */
    size_t kept = 0;
    int rc = 0;

    for (size_t i = 0; i < list->list.len; i++) {
        const struct attr_path down = {.up = at, .index = i};
        struct node *item = list->list.items[i];
        struct node **earlier;
        int got;

        str_clear(&key);
        got = row->unique(cx, &down, item, &key);
        if (got < 0)
            rc = -1;
        earlier = got == 0 && i > 0 ? map_get(&seen, str_text(&key)) : NULL;
        if (earlier) {
            origin_replace(cx->arena, item, *earlier);
            *earlier = item;
            continue;
        }
        list->list.items[kept] = item;
        if (got == 0 && list->list.len > 1)
            map_set(&seen, str_text(&key), &list->list.items[kept]);
        kept++;
    }
    list->list.len = kept;
    map_done(&seen);
    return rc;
}

static bool has_key(const struct attr *row)
{
    return row->unique;
}

static int unique_one(struct schema_ctx *cx, const struct attr_path *at, const struct attr *row,
                      struct node *object, struct node_pair *pair)
{
    (void)object;
    if (!row->unique || pair->value->kind != NODE_LIST)
        return 0;
    return make_unique(cx, at, row, pair->value);
}

int schema_unique(struct schema_ctx *cx, struct node *model)
{
    return schema_each(cx, model, has_key, unique_one);
}
