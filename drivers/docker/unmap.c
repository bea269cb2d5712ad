#include "drivers/docker/unmap.h"

#include "core/base/arena.h"
#include "core/base/str.h"
#include "core/json/json.h"
#include "core/render/canonical.h"
#include "core/schema/member.h"
#include "core/schema/resources.h"
#include "core/schema/service.h"
#include "drivers/docker/map_internal.h"
#include "drivers/docker/parse.h"
#include "drivers/docker/unmap_internal.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

/* ---- pieces ---- */

const char *unmap_text(struct unmap_cx *cx, const struct json *from, const char *path)
{
    const char *text = json_get_str(from, path, "");

    return *text ? arena_strdup(cx->arena, text) : NULL;
}

static int by_key(const void *a, const void *b)
{
    return strcmp(((const struct mapping_entry *)a)->key, ((const struct mapping_entry *)b)->key);
}

const char *unmap_key(struct unmap_cx *cx, const char *name)
{
    const struct project *p = cx->made->project;
    const char *prefix = p && p->name ? arena_printf(cx->arena, "%s_", p->name) : "";

    return arena_strdup(cx->arena, str_has_prefix(name, prefix) ? name + strlen(prefix) : name);
}

static int compare_texts(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

void sort_texts(struct strings *list)
{
    if (list->len)
        qsort(list->items, list->len, sizeof *list->items, compare_texts);
}

struct mapping mapping_over(struct arena *a, const struct mapping *over,
                            const struct mapping *under)
{
    struct mapping ret = {.entries =
                              arena_calloc(a, over->len + under->len + 1, sizeof *ret.entries)};

    for (size_t i = 0; i < over->len; i++)
        ret.entries[ret.len++] = over->entries[i];
    for (size_t i = 0; i < under->len; i++)
        if (!mapping_has(over, under->entries[i].key))
            ret.entries[ret.len++] = under->entries[i];
    if (ret.len)
        qsort(ret.entries, ret.len, sizeof *ret.entries, by_key);
    return ret;
}

/* Those the user has set. */
struct mapping unmap_own_labels(struct arena *a, const struct json *labels,
                                const struct json *image_labels)
{
    struct mapping set = parse_mapping(a, labels), image = parse_mapping(a, image_labels);
    struct mapping all = mapping_over(a, &set, &image), ret = {.entries = all.entries};

    for (size_t i = 0; i < all.len; i++)
        if (!str_has_prefix(all.entries[i].key, "com.docker.compose.") &&
            !str_has_prefix(all.entries[i].key, "dev.mcompose."))
            ret.entries[ret.len++] = all.entries[i];
    return ret;
}

/* ---- attributes that are a copy ---- */

/* "host:address" to "host=address"; the order means nothing */
static struct strings read_hosts(struct arena *a, const struct json *list)
{
    struct strings ret = parse_strings(a, list);

    for (size_t i = 0; i < ret.len; i++) {
        const char *colon = strchr(ret.items[i], ':');

        if (colon)
            ret.items[i] =
                arena_printf(a, "%.*s=%s", (int)(colon - ret.items[i]), ret.items[i], colon + 1);
    }
    sort_texts(&ret);
    return ret;
}

static void read_value(struct arena *a, const struct attr *row, void *member,
                       const struct json *from, const char *path)
{
    const struct json *j = json_get(from, path);
    struct strings list;

    if (json_is_null(j))
        return;
    switch (row->kind) {
    case K_STRING:
        *(const char **)member = parse_text(a, from, path);
        break;
    case K_BOOL:
        *(bool *)member = json_get_bool(from, path, false);
        break;
    case K_OPT_BOOL:
        *(struct opt_bool *)member = (struct opt_bool){true, json_get_bool(from, path, false)};
        break;
    case K_INT:
    case K_BYTES:
    case K_DURATION:
        *(int64_t *)member = json_get_i64(from, path, 0);
        break;
    case K_OPT_INT:
    case K_OPT_DURATION:
    case K_MODE:
        *(struct opt_int *)member = (struct opt_int){true, json_get_i64(from, path, 0)};
        break;
    case K_STRINGS:
        *(struct strings *)member = parse_strings(a, j);
        break;
    case K_HOSTS:
        *(struct strings *)member = read_hosts(a, j);
        break;
    case K_COMMAND:
        list = parse_strings(a, j);
        *(struct argv *)member = (struct argv){list.items, list.len, list.len > 0};
        break;
    case K_MAPPING:
        *(struct mapping *)member = parse_mapping(a, j);
        break;
    default:
        assert(!"a row of this kind needs a function");
    }
}

static void read_fields(struct arena *a, const struct attr_table *t, void *object,
                        const struct json *from)
{
    for (size_t i = 0; i < t->count; i++)
        if (map_is_copy(&t->attrs[i]))
            read_value(a, &t->attrs[i], member_at(object, &t->attrs[i]), from, t->attrs[i].engine);
}

static bool is_set(const struct attr *row, const void *member)
{
    switch (row->kind) {
    case K_STRING:
        return !str_empty(*(const char *const *)member);
    case K_BOOL:
        return *(const bool *)member;
    case K_OPT_BOOL:
        return ((const struct opt_bool *)member)->set;
    case K_INT:
    case K_BYTES:
        return *(const int64_t *)member != 0;
    case K_OBJECT:
        return member_object(member) != NULL;
    case K_MAPPING:
        return ((const struct mapping *)member)->len > 0;
    default:
        assert(!"no row of this kind is doubtful");
        return false;
    }
}

/* Large enough for the members of all kinds above. */
static void clear(const struct attr *row, void *member)
{
    switch (row->kind) {
    case K_STRING:
        *(const char **)member = NULL;
        break;
    case K_BOOL:
        *(bool *)member = false;
        break;
    case K_OPT_BOOL:
        *(struct opt_bool *)member = (struct opt_bool){0};
        break;
    case K_INT:
    case K_BYTES:
        *(int64_t *)member = 0;
        break;
    case K_OBJECT:
        memset(member, 0, sizeof(void *));
        break;
    default:
        *(struct mapping *)member = (struct mapping){0};
    }
}

/* ---- containers ---- */

static unmap_fn *const service_functions[SERVICE_ATTR_COUNT] = {
    [SERVICE_BLKIO_CONFIG] = unmap_blkio_config,
    [SERVICE_CAP_ADD] = unmap_cap_add,
    [SERVICE_CAP_DROP] = unmap_cap_drop,
    [SERVICE_COMMAND] = unmap_command,
    [SERVICE_CONFIGS] = unmap_mounts, /* and secrets, and volumes: one list */
    [SERVICE_CPU_PERCENT] = unmap_cpu_percent,
    [SERVICE_CPUS] = unmap_cpus,
    [SERVICE_DEPLOY] = unmap_deploy,
    [SERVICE_DEVICES] = unmap_devices,
    [SERVICE_ENTRYPOINT] = unmap_entrypoint,
    [SERVICE_ENVIRONMENT] = unmap_environment,
    [SERVICE_EXPOSE] = unmap_expose,
    [SERVICE_EXTERNAL_LINKS] = unmap_links, /* and links */
    [SERVICE_GPUS] = unmap_device_requests, /* and those of deploy */
    [SERVICE_HEALTHCHECK] = unmap_healthcheck,
    [SERVICE_HOSTNAME] = unmap_hostname,
    [SERVICE_IMAGE] = unmap_image,
    [SERVICE_IPC] = unmap_ipc,
    [SERVICE_LABELS] = unmap_labels,
    [SERVICE_LOGGING] = unmap_logging,
    [SERVICE_MAC_ADDRESS] = unmap_mac_address,
    [SERVICE_NETWORKS] = unmap_networks_of, /* and network_mode */
    [SERVICE_PID] = unmap_pid,
    [SERVICE_PORTS] = unmap_ports,
    [SERVICE_RESTART] = unmap_restart,
    [SERVICE_SECURITY_OPT] = unmap_security_opt,
    [SERVICE_STOP_GRACE_PERIOD] = unmap_stop_grace_period,
    [SERVICE_TMPFS] = unmap_tmpfs,
    [SERVICE_ULIMITS] = unmap_ulimits,
    [SERVICE_VOLUMES_FROM] = unmap_volumes_from,
};

/* Which function reads a row that has none of its own. */
static const enum service_attr read_with[SERVICE_ATTR_COUNT] = {
    [SERVICE_LINKS] = SERVICE_EXTERNAL_LINKS,
    [SERVICE_NETWORK_MODE] = SERVICE_NETWORKS,
    [SERVICE_SECRETS] = SERVICE_CONFIGS,
    [SERVICE_VOLUMES] = SERVICE_CONFIGS,
};

/* What the engine, or its configuration, may have filled in where nothing was asked for, or left
 * out where the machine cannot do it: that it is on one side only need not mean anything. */
static const enum service_attr doubtful[] = {
    SERVICE_CGROUP,
    SERVICE_CPU_RT_PERIOD,
    SERVICE_CPU_RT_RUNTIME,
    SERVICE_DOMAINNAME,
    SERVICE_HOSTNAME,
    SERVICE_INIT,
    SERVICE_IPC,
    SERVICE_ISOLATION,
    SERVICE_LOGGING,
    SERVICE_MAC_ADDRESS,
    SERVICE_MEM_SWAPPINESS,
    SERVICE_MEMSWAP_LIMIT,
    SERVICE_OOM_KILL_DISABLE,
    SERVICE_PIDS_LIMIT,
    SERVICE_RUNTIME,
    SERVICE_SHM_SIZE,
};

/* Fields that older engines do not know, and drop. */
static const struct {
    enum service_attr attr;
    unsigned minor;
} newer[] = {
    {SERVICE_ANNOTATIONS, 43},
};

/* What an engine that is not configured otherwise says of a container that asks for nothing. */
static void forget_defaults(struct unmap_cx *cx)
{
    static const struct {
        enum service_attr attr;
        const char *values[2];
    } words[] = {
        {SERVICE_CGROUP, {"private", "host"}},
        {SERVICE_IPC, {"private", "shareable"}},
        {SERVICE_ISOLATION, {"default", NULL}},
        {SERVICE_RUNTIME, {"runc", NULL}},
    };
    struct service *s = cx->s;
    const struct logging *l = s->logging;

    for (size_t i = 0; i < ARRAY_LEN(words); i++) {
        const struct attr *row = &service_table.attrs[words[i].attr];
        const char *const *like = member_of(cx->like, row);
        const char **value = member_at(s, row);

        if (str_empty(*like) &&
            (str_eq(*value, words[i].values[0]) || str_eq(*value, words[i].values[1])))
            *value = NULL;
    }
    if (s->shm_size == 64 << 20 && !cx->like->shm_size)
        s->shm_size = 0;
    if (s->mem_swappiness < 0)
        s->mem_swappiness = 0;
    if (!cx->like->memswap_limit &&
        s->memswap_limit == 2 * json_get_i64(cx->host, "Memory", s->memswap_limit))
        s->memswap_limit = 0;
    if (l && str_eq(l->driver, "json-file") && !l->options.len && !cx->like->logging)
        s->logging = NULL;
    for (size_t i = 0; i < ARRAY_LEN(newer); i++)
        if (cx->minor < newer[i].minor)
            clear(&service_table.attrs[newer[i].attr],
                  member_at(s, &service_table.attrs[newer[i].attr]));
}

static bool comes_from_image(const struct attr *row)
{
    static const char *const fields[] = {"StopSignal", "User", "WorkingDir"};

    for (size_t i = 0; i < ARRAY_LEN(fields); i++)
        if (str_eq(row->engine, fields[i]))
            return true;
    return false;
}

static const struct json *beside_host(const struct unmap_cx *cx, const struct attr *row)
{
    if (!comes_from_image(row) || *json_get_str(cx->config, row->engine, ""))
        return cx->config;
    return cx->filled ? cx->config : cx->image;
}

static struct service *unmap_service(struct unmap_cx *cx)
{
    const struct attr_table *t = &service_table;

    cx->s = arena_alloc(cx->arena, sizeof *cx->s);
    cx->s->item = cx->like->item; /* secrets are masked by its tree */
    for (size_t i = 0; i < t->count; i++) {
        const struct attr *row = &t->attrs[i];
        void *member = member_at(cx->s, row);

        if (map_is_copy(row) && str_has_prefix(row->engine, "HostConfig."))
            read_value(cx->arena, row, member, cx->host, row->engine + strlen("HostConfig."));
        else if (map_is_copy(row))
            read_value(cx->arena, row, member, beside_host(cx, row), row->engine);
    }
    for (size_t i = 0; i < SERVICE_ATTR_COUNT; i++)
        if (service_functions[i])
            service_functions[i](cx);
    forget_defaults(cx);
    return cx->s;
}

static void drop_doubtful(struct service *was, struct service *now)
{
    for (size_t i = 0; i < ARRAY_LEN(doubtful); i++) {
        const struct attr *row = &service_table.attrs[doubtful[i]];
        void *one = member_at(was, row), *other = member_at(now, row);

        if (is_set(row, one) != is_set(row, other)) {
            clear(row, one);
            clear(row, other);
        }
    }
}

/* Options without a driver are for the one the engine has by itself. */
static void align_logging(const struct service *was, struct service *now)
{
    if (was->logging && now->logging && str_empty(now->logging->driver))
        now->logging->driver = was->logging->driver;
}

static bool same_argv(const struct argv *a, const struct strings *b)
{
    bool same = a->len == b->len;

    for (size_t i = 0; same && i < a->len; i++)
        same = str_eq(a->items[i], b->items[i]);
    return same;
}

/* That the image's command comes and goes with an entrypoint of one's own is no change of it. */
static void align_command(const struct unmap_cx *made, struct service *was, struct service *now)
{
    struct strings image = parse_strings(made->arena, json_get(made->image, "Cmd"));

    if (!json_len(json_get(made->config, "Cmd")) &&
        (!was->command.set || same_argv(&was->command, &image)))
        was->command = now->command = (struct argv){0};
}

static bool is_empty_blkio(const struct blkio_config *b)
{
    return !b->weight && !b->weight_device.len && !b->device_read_bps.len &&
           !b->device_read_iops.len && !b->device_write_bps.len && !b->device_write_iops.len;
}

/* Few kernels have weights; the engine drops them where there are none. */
static void align_blkio(const struct service *was, struct service *now)
{
    struct blkio_config *b = now->blkio_config;

    if (!b || (was->blkio_config && was->blkio_config->weight))
        return;
    b->weight = 0;
    if (is_empty_blkio(b))
        now->blkio_config = NULL;
}

/* What is doubtful counts only where there is nothing else to tell. */
static void print_pair(struct service *was, struct service *now, struct str *was_text,
                       struct str *now_text)
{
    struct service certain_was = *was, certain_now = *now;

    drop_doubtful(&certain_was, &certain_now);
    canonical_service(&certain_was, NULL, was_text);
    canonical_service(&certain_now, NULL, now_text);
    if (!str_eq(str_text(was_text), str_text(now_text)))
        return;
    str_clear(was_text);
    str_clear(now_text);
    canonical_service(was, NULL, was_text);
    canonical_service(now, NULL, now_text);
}

void unmap_containers(struct arena *a, const struct unmap_pair *p, struct str *was, struct str *now)
{
    struct unmap_cx there = {
        .arena = a,
        .made = p->made,
        .like = p->made->service,
        .minor = p->minor,
        .config = json_get(p->container, "Config"),
        .host = json_get(p->container, "HostConfig"),
        .endpoints = json_get(p->container, "NetworkSettings.Networks"),
        .name = json_get_str(p->container, "Name", "/"),
        .id = json_get_str(p->container, "Id", ""),
        .filled = true,
    };
    struct unmap_cx made = there;
    struct service *s_was, *s_now;

    /* Of an image that is gone, nothing can be told from what the container was given. */
    there.image = made.image = p->image ? json_get(p->image, "Config") : there.config;
    there.name = made.name = there.name + (*there.name == '/');
    made.filled = false;
    made.config = p->body;
    made.host = json_get(p->body, "HostConfig");
    made.endpoints = p->endpoints;
    s_was = unmap_service(&there);
    s_now = unmap_service(&made);
    align_command(&made, s_was, s_now);
    align_logging(s_was, s_now);
    align_blkio(s_was, s_now);
    print_pair(s_was, s_now, was, now);
}

/* ---- networks and volumes ---- */

static void read_ipam(struct arena *a, const struct json *from, struct network *n)
{
    const struct json *list = json_get(from, "IPAM.Config");
    const char *driver = json_get_str(from, "IPAM.Driver", "");
    struct ipam *ipam = arena_alloc(a, sizeof *ipam);

    ipam->driver = str_eq(driver, "default") ? NULL : parse_text(a, from, "IPAM.Driver");
    ipam->options = parse_mapping(a, json_get(from, "IPAM.Options"));
    ipam->config.items = arena_calloc(a, json_len(list) + 1, sizeof *ipam->config.items);
    for (const struct json *j = json_first(list); j; j = json_next(j)) {
        struct ipam_config *c = arena_alloc(a, sizeof *c);

        c->subnet = parse_text(a, j, "Subnet");
        c->ip_range = parse_text(a, j, "IPRange");
        c->gateway = parse_text(a, j, "Gateway");
        c->aux_addresses = parse_mapping(a, json_get(j, "AuxiliaryAddresses"));
        if (!c->aux_addresses.len) /* an inspection's word for it */
            c->aux_addresses = parse_mapping(a, json_get(j, "AuxAddress"));
        ipam->config.items[ipam->config.len++] = c;
    }
    if (!str_empty(ipam->driver) || ipam->options.len || ipam->config.len)
        n->ipam = ipam;
}

static void read_network_labels(struct arena *a, const struct json *from, struct network *n)
{
    n->labels = unmap_own_labels(a, json_get(from, "Labels"), NULL);
}

static void read_volume_labels(struct arena *a, const struct json *from, struct volume *v)
{
    v->labels = unmap_own_labels(a, json_get(from, "Labels"), NULL);
}

typedef void unmap_network_fn(struct arena *a, const struct json *from, struct network *n);
typedef void unmap_volume_fn(struct arena *a, const struct json *from, struct volume *v);

static unmap_network_fn *const network_functions[NETWORK_ATTR_COUNT] = {
    [NETWORK_IPAM] = read_ipam,
    [NETWORK_LABELS] = read_network_labels,
};
static unmap_volume_fn *const volume_functions[VOLUME_ATTR_COUNT] = {
    [VOLUME_LABELS] = read_volume_labels,
};

static struct network *unmap_network(struct arena *a, const struct network *made,
                                     const struct json *from)
{
    struct network *n = arena_alloc(a, sizeof *n);

    n->item = made->item;
    n->name = made->name;
    read_fields(a, &network_table, n, from);
    for (size_t i = 0; i < NETWORK_ATTR_COUNT; i++)
        if (network_functions[i])
            network_functions[i](a, from, n);
    if (str_eq(n->driver, "bridge"))
        n->driver = NULL;
    return n;
}

static const struct ipam_config *config_of(const struct ipam *ipam, const char *subnet)
{
    for (size_t i = 0; i < ipam->config.len; i++)
        if (str_eq(ipam->config.items[i]->subnet, subnet))
            return ipam->config.items[i];
    return NULL;
}

/* The engine hands out subnets and gateways where none are asked for. */
static void forget_handed_out(struct network *was, const struct network *now)
{
    if (!was->ipam)
        return;
    if (!now->ipam || !now->ipam->config.len)
        was->ipam->config.len = 0;
    for (size_t i = 0; i < was->ipam->config.len; i++) {
        struct ipam_config *c = was->ipam->config.items[i];
        const struct ipam_config *like = config_of(now->ipam, c->subnet);

        if (like && str_empty(like->gateway))
            c->gateway = NULL;
    }
    if (str_empty(was->ipam->driver) && !was->ipam->options.len && !was->ipam->config.len)
        was->ipam = NULL;
}

void unmap_networks(struct arena *a, const struct network *made, const struct json *network,
                    const struct json *body, struct str *was, struct str *now)
{
    struct network *there = unmap_network(a, made, network), *asked = unmap_network(a, made, body);

    forget_handed_out(there, asked);
    if (!asked->enable_ipv4.set) /* an inspection always says */
        there->enable_ipv4 = asked->enable_ipv4;
    if (!asked->enable_ipv6.set && !there->enable_ipv6.value)
        there->enable_ipv6 = asked->enable_ipv6;
    canonical_network(there, was);
    canonical_network(asked, now);
}

static struct volume *unmap_volume(struct arena *a, const struct volume *made,
                                   const struct json *from, const char *options)
{
    struct volume *v = arena_alloc(a, sizeof *v);

    v->item = made->item;
    v->name = made->name;
    read_fields(a, &volume_table, v, from);
    v->driver_opts = parse_mapping(a, json_get(from, options)); /* the answer's word is another */
    for (size_t i = 0; i < VOLUME_ATTR_COUNT; i++)
        if (volume_functions[i])
            volume_functions[i](a, from, v);
    return v;
}

void unmap_volumes(struct arena *a, const struct volume *made, const struct json *volume,
                   const struct json *body, struct str *was, struct str *now)
{
    canonical_volume(unmap_volume(a, made, volume, "Options"), was);
    canonical_volume(unmap_volume(a, made, body, "DriverOpts"), now);
}

bool unmap_has_function(const struct attr_table *t, size_t i)
{
    if (t == &service_table)
        return service_functions[i] || read_with[i];
    if (t == &network_table)
        return network_functions[i] != NULL;
    return t == &volume_table && volume_functions[i] != NULL;
}
