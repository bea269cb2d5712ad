/* drivers/docker/unmap_service.c: the inverse of map_service.c. */
#include "drivers/docker/unmap_internal.h"

#include "core/base/arena.h"
#include "core/base/str.h"
#include "core/json/json.h"
#include "drivers/docker/parse.h"

#include <stdlib.h>
#include <string.h>

#define NS_PER_SECOND 1000000000

/* ---- resources ---- */

void unmap_cpus(struct unmap_cx *cx)
{
    cx->s->cpus = (double)(float)((double)json_get_i64(cx->host, "NanoCpus", 0) / 1e9);
}

void unmap_cpu_percent(struct unmap_cx *cx)
{
    cx->s->cpu_percent = (double)json_get_i64(cx->host, "CpuPercent", 0) / 100;
}

static struct resource *limits_like(const struct unmap_cx *cx)
{
    const struct deploy *d = cx->like->deploy;

    return d && d->resources ? d->resources->limits : NULL;
}

static struct resource *reservations_like(const struct unmap_cx *cx)
{
    const struct deploy *d = cx->like->deploy;

    return d && d->resources ? d->resources->reservations : NULL;
}

static struct deploy *need_deploy(struct unmap_cx *cx)
{
    if (!cx->s->deploy)
        cx->s->deploy = arena_alloc(cx->arena, sizeof *cx->s->deploy);
    return cx->s->deploy;
}

static struct resources *need_resources(struct unmap_cx *cx)
{
    struct deploy *d = need_deploy(cx);

    if (!d->resources)
        d->resources = arena_alloc(cx->arena, sizeof *d->resources);
    return d->resources;
}

static struct resource *need_reservations(struct unmap_cx *cx)
{
    struct resources *r = need_resources(cx);

    if (!r->reservations)
        r->reservations = arena_alloc(cx->arena, sizeof *r->reservations);
    return r->reservations;
}

/* Two ways to say the same: the one that is used now. */
void unmap_deploy(struct unmap_cx *cx)
{
    const struct resource *limits = limits_like(cx), *reservations = reservations_like(cx);
    struct service *s = cx->s;
    struct resource *r;

    if (limits) {
        r = need_resources(cx)->limits = arena_alloc(cx->arena, sizeof *r);
        if (limits->cpus > 0) {
            r->cpus = s->cpus;
            s->cpus = 0;
        }
        if (limits->memory > 0) {
            r->memory = s->mem_limit;
            s->mem_limit = 0;
        }
        if (limits->pids > 0) {
            r->pids = s->pids_limit;
            s->pids_limit = 0;
        }
    }
    if (reservations && reservations->memory > 0) {
        need_reservations(cx)->memory = s->mem_reservation;
        s->mem_reservation = 0;
    }
}

static struct device_request *read_request(struct unmap_cx *cx, const struct json *j, bool gpu)
{
    struct device_request *r = arena_alloc(cx->arena, sizeof *r);

    r->driver = unmap_text(cx, j, "Driver");
    r->count = json_get_i64(j, "Count", 0);
    r->device_ids = parse_strings(cx->arena, json_get(j, "DeviceIDs"));
    r->capabilities = parse_strings(cx->arena, json_first(json_get(j, "Capabilities")));
    r->options = parse_mapping(cx->arena, json_get(j, "Options"));
    if (gpu && r->capabilities.len && str_eq(r->capabilities.items[r->capabilities.len - 1], "gpu"))
        r->capabilities.len--; /* map_gpus adds it */
    return r;
}

/* Those of deploy come first; see map.c. */
void unmap_device_requests(struct unmap_cx *cx)
{
    const struct json *list = json_get(cx->host, "DeviceRequests");
    const struct resource *like = reservations_like(cx);
    size_t reserved = like ? like->devices.len : 0;

    unmap_room(cx, &cx->s->gpus, json_len(list));
    if (reserved && json_len(list))
        unmap_room(cx, &need_reservations(cx)->devices, json_len(list));
    for (const struct json *j = json_first(list); j; j = json_next(j)) {
        if (str_eq(json_get_str(j, "Driver", ""), "cdi"))
            continue;
        if (reserved && (!cx->like->gpus.len || need_reservations(cx)->devices.len < reserved))
            need_reservations(cx)->devices.items[need_reservations(cx)->devices.len++] =
                read_request(cx, j, false);
        else
            cx->s->gpus.items[cx->s->gpus.len++] = read_request(cx, j, true);
    }
}

struct throttles {
    struct throttle_device **items;
    size_t len;
};

static struct throttles read_throttle(struct unmap_cx *cx, const char *field)
{
    const struct json *list = json_get(cx->host, field);
    struct throttles ret;

    unmap_room(cx, &ret, json_len(list));
    for (const struct json *j = json_first(list); j; j = json_next(j)) {
        struct throttle_device *d = unmap_add(cx, &ret);

        d->path = unmap_text(cx, j, "Path");
        d->rate = json_get_i64(j, "Rate", 0);
    }
    return ret;
}

#define READ_THROTTLE(cx, list, field)                                                             \
    do {                                                                                           \
        struct throttles all = read_throttle(cx, field);                                           \
        (list)->items = all.items;                                                                 \
        (list)->len = all.len;                                                                     \
    } while (0)

void unmap_blkio_config(struct unmap_cx *cx)
{
    const struct json *weights = json_get(cx->host, "BlkioWeightDevice");
    struct blkio_config *b = arena_alloc(cx->arena, sizeof *b);

    b->weight = json_get_i64(cx->host, "BlkioWeight", 0);
    unmap_room(cx, &b->weight_device, json_len(weights));
    for (const struct json *j = json_first(weights); j; j = json_next(j)) {
        struct weight_device *d = unmap_add(cx, &b->weight_device);

        d->path = unmap_text(cx, j, "Path");
        d->weight = json_get_i64(j, "Weight", 0);
    }
    READ_THROTTLE(cx, &b->device_read_bps, "BlkioDeviceReadBps");
    READ_THROTTLE(cx, &b->device_read_iops, "BlkioDeviceReadIOps");
    READ_THROTTLE(cx, &b->device_write_bps, "BlkioDeviceWriteBps");
    READ_THROTTLE(cx, &b->device_write_iops, "BlkioDeviceWriteIOps");
    if (b->weight || b->weight_device.len || b->device_read_bps.len || b->device_read_iops.len ||
        b->device_write_bps.len || b->device_write_iops.len)
        cx->s->blkio_config = b;
}

static int by_key(const void *a, const void *b)
{
    return strcmp((*(struct ulimit *const *)a)->item.key, (*(struct ulimit *const *)b)->item.key);
}

void unmap_ulimits(struct unmap_cx *cx)
{
    const struct json *list = json_get(cx->host, "Ulimits");

    unmap_room(cx, &cx->s->ulimits, json_len(list));
    for (const struct json *j = json_first(list); j; j = json_next(j)) {
        struct ulimit *u = unmap_add(cx, &cx->s->ulimits);

        u->item.key = parse_text(cx->arena, j, "Name");
        u->soft = json_get_i64(j, "Soft", 0);
        u->hard = json_get_i64(j, "Hard", 0);
        u->single = u->soft == u->hard;
    }
    if (cx->s->ulimits.len)
        qsort(cx->s->ulimits.items, cx->s->ulimits.len, sizeof *cx->s->ulimits.items, by_key);
}

/* ---- rights and devices ---- */

void unmap_cap_add(struct unmap_cx *cx)
{
    cx->s->cap_add = parse_strings(cx->arena, json_get(cx->host, "CapAdd"));
}

void unmap_cap_drop(struct unmap_cx *cx)
{
    cx->s->cap_drop = parse_strings(cx->arena, json_get(cx->host, "CapDrop"));
}

static size_t cdi_count(const struct json *requests)
{
    size_t ret = 0;

    for (const struct json *j = json_first(requests); j; j = json_next(j))
        if (str_eq(json_get_str(j, "Driver", ""), "cdi"))
            ret += json_len(json_get(j, "DeviceIDs"));
    return ret;
}

void unmap_devices(struct unmap_cx *cx)
{
    const struct json *list = json_get(cx->host, "Devices");
    const struct json *requests = json_get(cx->host, "DeviceRequests");

    unmap_room(cx, &cx->s->devices, json_len(list) + cdi_count(requests));
    for (const struct json *j = json_first(list); j; j = json_next(j)) {
        struct device *d = unmap_add(cx, &cx->s->devices);

        d->source = unmap_text(cx, j, "PathOnHost");
        d->target = unmap_text(cx, j, "PathInContainer");
        d->permissions = unmap_text(cx, j, "CgroupPermissions");
    }
    for (const struct json *j = json_first(requests); j; j = json_next(j))
        for (const struct json *id = json_first(json_get(j, "DeviceIDs"));
             id && str_eq(json_get_str(j, "Driver", ""), "cdi"); id = json_next(id)) {
            struct device *d = unmap_add(cx, &cx->s->devices);

            d->source = d->target = arena_strdup(cx->arena, json_text(id, ""));
        }
}

void unmap_security_opt(struct unmap_cx *cx)
{
    const struct json *masked = json_get(cx->host, "MaskedPaths");
    struct strings all = parse_strings(cx->arena, json_get(cx->host, "SecurityOpt"));
    struct strings *ret = &cx->s->security_opt;

    ret->items = arena_calloc(cx->arena, all.len + 2, sizeof(char *));
    for (size_t i = 0; i < all.len; i++)
        if (!str_eq(all.items[i], "label=disable")) /* the engine's own, of privileged ones */
            ret->items[ret->len++] = all.items[i];
    if (json_is_array(masked) && !json_len(masked))
        ret->items[ret->len++] = "systempaths=unconfined";
    sort_texts(ret);
}

/* ---- the process ---- */

void unmap_image(struct unmap_cx *cx)
{
    cx->s->image = unmap_text(cx, cx->config, "Image");
}

static struct argv read_argv(struct unmap_cx *cx, const struct json *from, const char *path)
{
    struct strings list = parse_strings(cx->arena, json_get(from, path));

    return (struct argv){list.items, list.len, list.len > 0};
}

/* As the engine does it: an entrypoint of one's own puts the image's command away, too. */
void unmap_command(struct unmap_cx *cx)
{
    cx->s->command = read_argv(cx, cx->config, "Cmd");
    if (!cx->filled && !cx->s->command.set && !json_len(json_get(cx->config, "Entrypoint")))
        cx->s->command = read_argv(cx, cx->image, "Cmd");
}

void unmap_entrypoint(struct unmap_cx *cx)
{
    cx->s->entrypoint = read_argv(cx, cx->config, "Entrypoint");
    if (!cx->filled && json_is_null(json_get(cx->config, "Entrypoint")))
        cx->s->entrypoint = read_argv(cx, cx->image, "Entrypoint");
}

static struct mapping read_environment(struct arena *a, const struct json *list)
{
    struct mapping ret = {.entries = arena_calloc(a, json_len(list) + 1, sizeof *ret.entries)};

    for (const struct json *j = json_first(list); j; j = json_next(j)) {
        const char *text = json_text(j, ""), *equals = strchr(text, '=');

        ret.entries[ret.len++] = (struct mapping_entry){
            .key = equals ? arena_strndup(a, text, (size_t)(equals - text)) : arena_strdup(a, text),
            .value = equals ? arena_strdup(a, equals + 1) : NULL,
        };
    }
    return ret;
}

void unmap_environment(struct unmap_cx *cx)
{
    struct mapping set = read_environment(cx->arena, json_get(cx->config, "Env"));
    struct mapping image =
        read_environment(cx->arena, cx->filled ? NULL : json_get(cx->image, "Env"));

    cx->s->environment = mapping_over(cx->arena, &set, &image); /* sorted */
}

void unmap_labels(struct unmap_cx *cx)
{
    cx->s->labels = unmap_own_labels(cx->arena, json_get(cx->config, "Labels"),
                                     cx->filled ? NULL : json_get(cx->image, "Labels"));
}

/* Without one of its own, a container has the beginning of its id, or that of whose network it
 * shares. */
void unmap_hostname(struct unmap_cx *cx)
{
    const char *mode = json_get_str(cx->host, "NetworkMode", "");
    const char *name = cx->s->hostname;
    bool shared = str_eq(mode, "host") || str_has_prefix(mode, "container:");

    if (str_empty(name) || (strlen(name) == 12 && str_has_prefix(cx->id, name)) ||
        (shared && str_empty(cx->like->hostname)))
        cx->s->hostname = NULL;
}

void unmap_stop_grace_period(struct unmap_cx *cx)
{
    if (!json_is_null(json_get(cx->config, "StopTimeout")))
        cx->s->stop_grace_period =
            (struct opt_int){true, json_get_i64(cx->config, "StopTimeout", 0) * NS_PER_SECOND};
}

static struct opt_int read_part(const struct unmap_cx *cx, const char *path)
{
    int64_t n = json_get_i64(cx->config, path, 0);

    if (!n && !cx->filled)
        n = json_get_i64(cx->image, path, 0);
    return (struct opt_int){n != 0, n};
}

void unmap_healthcheck(struct unmap_cx *cx)
{
    struct healthcheck *h = arena_alloc(cx->arena, sizeof *h);

    h->test = parse_strings(cx->arena, json_get(cx->config, "Healthcheck.Test"));
    if (!h->test.len && !cx->filled)
        h->test = parse_strings(cx->arena, json_get(cx->image, "Healthcheck.Test"));
    if (!h->test.len)
        return;
    cx->s->healthcheck = h;
    if (str_eq(h->test.items[0], "NONE")) {
        h->test.len = 0;
        h->disable = true;
        return;
    }
    h->interval = read_part(cx, "Healthcheck.Interval");
    h->timeout = read_part(cx, "Healthcheck.Timeout");
    h->start_period = read_part(cx, "Healthcheck.StartPeriod");
    h->start_interval = read_part(cx, "Healthcheck.StartInterval");
    h->retries = read_part(cx, "Healthcheck.Retries");
}

void unmap_restart(struct unmap_cx *cx)
{
    const char *name = json_get_str(cx->host, "RestartPolicy.Name", "");
    int64_t count = json_get_i64(cx->host, "RestartPolicy.MaximumRetryCount", 0);

    if (cx->like->deploy && cx->like->deploy->restart_policy) {
        struct restart_policy *p = need_deploy(cx)->restart_policy =
            arena_alloc(cx->arena, sizeof *p);

        p->condition = *name ? arena_strdup(cx->arena, name) : "no";
        p->max_attempts = (struct opt_int){count != 0, count};
    } else if (*name && !str_eq(name, "no")) {
        cx->s->restart = count ? arena_printf(cx->arena, "%s:%lld", name, (long long)count)
                               : arena_strdup(cx->arena, name);
    }
}

void unmap_logging(struct unmap_cx *cx)
{
    struct logging *l;

    if (json_is_null(json_get(cx->host, "LogConfig")))
        return;
    l = cx->s->logging = arena_alloc(cx->arena, sizeof *l);
    l->driver = unmap_text(cx, cx->host, "LogConfig.Type");
    l->options = parse_mapping(cx->arena, json_get(cx->host, "LogConfig.Config"));
}

void unmap_tmpfs(struct unmap_cx *cx)
{
    struct mapping all = parse_mapping(cx->arena, json_get(cx->host, "Tmpfs"));
    struct strings *ret = &cx->s->tmpfs;

    ret->items = arena_calloc(cx->arena, all.len + 1, sizeof(char *));
    for (size_t i = 0; i < all.len; i++)
        ret->items[ret->len++] =
            str_empty(all.entries[i].value)
                ? all.entries[i].key
                : arena_printf(cx->arena, "%s:%s", all.entries[i].key, all.entries[i].value);
}

void unmap_ipc(struct unmap_cx *cx)
{
    cx->s->ipc = unmap_text(cx, cx->host, "IpcMode");
}

void unmap_pid(struct unmap_cx *cx)
{
    cx->s->pid = unmap_text(cx, cx->host, "PidMode");
}
