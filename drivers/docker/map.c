#include "drivers/docker/map.h"

#include "core/base/arena.h"
#include "core/base/str.h"
#include "core/json/json.h"
#include "core/schema/member.h"
#include "core/schema/resources.h"
#include "core/schema/service.h"
#include "core/yaml/node.h"
#include "drivers/docker/map_internal.h"

#include <assert.h>
#include <stdarg.h>
#include <string.h>

/* ---- attributes that are a copy ---- */

struct json *map_strings(const struct strings *s)
{
    struct json *list = json_array();

    for (size_t i = 0; i < s->len; i++)
        json_add(list, json_string(s->items[i]));
    return list;
}

struct json *map_mapping(const struct mapping *m)
{
    struct json *map = json_object();

    for (size_t i = 0; i < m->len; i++)
        json_put(map, m->entries[i].key,
                 json_string(m->entries[i].value ? m->entries[i].value : ""));
    return map;
}

/* "host=address" to "host:address" */
static struct json *map_hosts(const struct strings *hosts)
{
    struct json *list = json_array();

    for (size_t i = 0; i < hosts->len; i++) {
        AUTO_TEXT text = {0};
        const char *equals = strchr(hosts->items[i], '=');

        str_add(&text, hosts->items[i]);
        if (equals)
            text.data[equals - hosts->items[i]] = ':';
        json_add(list, json_string(str_text(&text)));
    }
    return list;
}

static struct json *map_argv(const struct argv *c)
{
    return map_strings(&(struct strings){c->items, c->len});
}

/* NULL: absent, nothing is sent. */
static struct json *copy_value(const struct attr *row, const void *member)
{
    const struct opt_bool *opt_bool = member;
    const struct opt_int *opt_int = member;
    const struct argv *argv = member;
    const struct strings *strings = member;
    const struct mapping *mapping = member;
    const char *const *text = member;
    const int64_t *number = member;

    switch (row->kind) {
    case K_STRING:
        return str_empty(*text) ? NULL : json_string(*text);
    case K_BOOL:
        return *(const bool *)member ? json_bool(true) : NULL;
    case K_OPT_BOOL:
        return opt_bool->set ? json_bool(opt_bool->value) : NULL;
    case K_INT:
    case K_BYTES:
    case K_DURATION:
        return *number ? json_i64(*number) : NULL;
    case K_OPT_INT:
    case K_OPT_DURATION:
    case K_MODE:
        return opt_int->set ? json_i64(opt_int->value) : NULL;
    case K_STRINGS:
        return strings->len ? map_strings(strings) : NULL;
    case K_HOSTS:
        return strings->len ? map_hosts(strings) : NULL;
    case K_COMMAND:
        return argv->set ? map_argv(argv) : NULL;
    case K_MAPPING:
        return mapping->len ? map_mapping(mapping) : NULL;
    default:
        assert(!"a row of this kind needs a function");
        return NULL;
    }
}

bool map_is_copy(const struct attr *row)
{
    return row->engine && row->engine[0] != '('; /* CLIENT_SIDE and the like are in parentheses */
}

static void copy_fields(const struct attr_table *t, const void *object, struct json *body)
{
    for (size_t i = 0; i < t->count; i++) {
        const struct attr *row = &t->attrs[i];
        struct json *value = map_is_copy(row) ? copy_value(row, member_of(object, row)) : NULL;

        if (value)
            json_set(body, row->engine, value);
    }
}

/* ---- the container ---- */

static map_fn *const service_functions[SERVICE_ATTR_COUNT] = {
    [SERVICE_BLKIO_CONFIG] = map_blkio_config,
    [SERVICE_CAP_ADD] = map_cap_add,
    [SERVICE_CAP_DROP] = map_cap_drop,
    [SERVICE_CONFIGS] = map_configs,
    [SERVICE_CPU_PERCENT] = map_cpu_percent,
    [SERVICE_CPUS] = map_cpus,
    [SERVICE_DEPLOY] = map_deploy,
    [SERVICE_DEVICES] = map_devices,
    [SERVICE_ENVIRONMENT] = map_environment,
    [SERVICE_EXPOSE] = map_expose,
    [SERVICE_EXTERNAL_LINKS] = map_links,
    [SERVICE_GPUS] = map_gpus,
    [SERVICE_HEALTHCHECK] = map_healthcheck,
    [SERVICE_IPC] = map_ipc,
    [SERVICE_LABELS] = map_labels,
    [SERVICE_LINKS] = map_links,
    [SERVICE_LOGGING] = map_logging,
    [SERVICE_MAC_ADDRESS] = map_mac_address,
    [SERVICE_NETWORK_MODE] = map_network_mode,
    [SERVICE_NETWORKS] = map_networks,
    [SERVICE_PID] = map_pid,
    [SERVICE_PORTS] = map_ports,
    [SERVICE_RESTART] = map_restart,
    [SERVICE_SECRETS] = map_secrets,
    [SERVICE_SECURITY_OPT] = map_security_opt,
    [SERVICE_STOP_GRACE_PERIOD] = map_stop_grace_period,
    [SERVICE_TMPFS] = map_tmpfs,
    [SERVICE_ULIMITS] = map_ulimits,
    [SERVICE_VOLUMES] = map_volumes,
    [SERVICE_VOLUMES_FROM] = map_volumes_from,
};

const struct node *map_node(const struct map_cx *cx, const char *attr)
{
    return cx->s->item.node ? node_path(cx->s->item.node, attr) : NULL;
}

int map_error(struct map_cx *cx, enum err_code code, const struct node *at, const char *fmt, ...)
{
    AUTO_TEXT text = {0};
    va_list ap;

    va_start(ap, fmt);
    str_addvf(&text, fmt, ap);
    va_end(ap);
    return err_set(cx->err, code, at ? at->loc : loc_none(), "%s", str_text(&text));
}

/* What docker compose sends of every container, and `docker inspect` shows. */
static void fixed_fields(struct map_cx *cx)
{
    const struct container_create *cc = cx->cc;
    struct json *size = json_array();

    json_set_str(cx->body, "Image", cc->image);
    json_set_bool(cx->body, "AttachStdin", cc->attach_stdin);
    json_set_bool(cx->body, "AttachStdout", true);
    json_set_bool(cx->body, "AttachStderr", true);
    json_set_bool(cx->body, "StdinOnce", cc->attach_stdin);
    cx->host = json_need_object(cx->body, "HostConfig");
    json_need_object(cx->host, "PortBindings");
    json_need_array(cx->host, "ExtraHosts");
    json_set_bool(cx->host, "AutoRemove", cc->auto_remove);
    json_set_bool(cx->host, "OomKillDisable", false);
    json_add(size, json_i64(0));
    json_add(size, json_i64(0));
    json_set(cx->host, "ConsoleSize", size);
}

static int fill_container(struct map_cx *cx)
{
    fixed_fields(cx);
    copy_fields(&service_table, cx->s, cx->body);
    if (cx->cc->attach_stdin)
        json_set_bool(cx->body, "OpenStdin", true);
    if (map_inherited(cx) < 0)
        return -1;
    for (size_t i = 0; i < SERVICE_ATTR_COUNT; i++) {
        if (service_functions[i] && service_functions[i](cx) < 0)
            return -1;
    }
    map_mounts_finish(cx);
    return 0;
}

int map_container(const struct container_create *cc, unsigned minor, struct json **ret,
                  struct err *err)
{
    struct map_cx cx = {
        .cc = cc,
        .p = cc->project,
        .s = cc->service,
        .minor = minor,
        .body = json_object(),
        .arena = arena_new(),
        .err = err,
    };
    int status = fill_container(&cx);

    map_mounts_done(&cx);
    arena_free(cx.arena);
    if (status < 0)
        json_free(cx.body);
    else
        *ret = cx.body;
    return status;
}

/* ---- networks and volumes ---- */

static struct json *map_ipam_config(const struct ipam_config *c)
{
    struct json *j = json_object();

    json_set_str(j, "Subnet", c->subnet);
    json_set_str(j, "IPRange", c->ip_range);
    json_set_str(j, "Gateway", c->gateway);
    if (c->aux_addresses.len)
        json_put(j, "AuxiliaryAddresses", map_mapping(&c->aux_addresses));
    return j;
}

static void network_ipam(const struct network *n, const struct mapping *labels, struct json *body)
{
    struct json *list;

    (void)labels;
    if (!n->ipam)
        return;
    json_set(body, "IPAM.Driver", json_string(n->ipam->driver ? n->ipam->driver : ""));
    list = json_need_array(body, "IPAM.Config");
    for (size_t i = 0; i < n->ipam->config.len; i++)
        json_add(list, map_ipam_config(n->ipam->config.items[i]));
    if (n->ipam->options.len) /* docker compose 2 forgets them */
        json_set(body, "IPAM.Options", map_mapping(&n->ipam->options));
}

/* The model's labels and docker compose's own: the caller has put them together. */
static void network_labels(const struct network *n, const struct mapping *labels, struct json *body)
{
    (void)n;
    json_put(body, "Labels", map_mapping(labels));
}

static void volume_labels(const struct volume *v, const struct mapping *labels, struct json *body)
{
    (void)v;
    json_put(body, "Labels", map_mapping(labels));
}

typedef void map_network_fn(const struct network *n, const struct mapping *labels,
                            struct json *body);
typedef void map_volume_fn(const struct volume *v, const struct mapping *labels, struct json *body);

static map_network_fn *const network_functions[NETWORK_ATTR_COUNT] = {
    [NETWORK_IPAM] = network_ipam,
    [NETWORK_LABELS] = network_labels,
};

static map_volume_fn *const volume_functions[VOLUME_ATTR_COUNT] = {
    [VOLUME_LABELS] = volume_labels,
};

struct json *map_network(const struct network *n, const struct mapping *labels, unsigned minor)
{
    struct json *body = json_object();

    json_set_str(body, "Name", n->name);
    if (minor < 44) /* later engines always refuse a second network of the same name */
        json_set_bool(body, "CheckDuplicate", true);
    copy_fields(&network_table, n, body);
    for (size_t i = 0; i < NETWORK_ATTR_COUNT; i++) {
        if (network_functions[i])
            network_functions[i](n, labels, body);
    }
    return body;
}

struct json *map_volume(const struct volume *v, const struct mapping *labels)
{
    struct json *body = json_object();

    json_set_str(body, "Name", v->name);
    copy_fields(&volume_table, v, body);
    for (size_t i = 0; i < VOLUME_ATTR_COUNT; i++) {
        if (volume_functions[i])
            volume_functions[i](v, labels, body);
    }
    return body;
}

bool map_has_function(const struct attr_table *t, size_t i)
{
    if (t == &service_table)
        return service_functions[i] != NULL;
    if (t == &network_table)
        return network_functions[i] != NULL;
    return t == &volume_table && volume_functions[i] != NULL;
}
