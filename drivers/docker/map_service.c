/* drivers/docker/map_service.c: service attributes that are more than a copy, networks and mounts
 * aside. */
#include "drivers/docker/map_internal.h"

#include "core/base/arena.h"
#include "core/base/path.h"
#include "core/base/str.h"
#include "core/json/json.h"
#include "core/yaml/node.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define NS_PER_SECOND 1000000000

/* ---- resources ---- */

/* As docker compose computes it, in single precision: 0.29 cpus are 290000000. */
static int64_t nano_cpus(double cpus)
{
    float nano = (float)cpus * 1e9F;

    return nano >= 0 && nano < 9.2e18F ? (int64_t)nano : 0;
}

int map_cpus(struct map_cx *cx)
{
    if (cx->s->cpus != 0)
        json_set_i64(cx->host, "NanoCpus", nano_cpus(cx->s->cpus));
    return 0;
}

int map_cpu_percent(struct map_cx *cx)
{
    if (cx->s->cpu_percent != 0)
        json_set_i64(cx->host, "CpuPercent", (int64_t)llround(cx->s->cpu_percent * 100));
    return 0;
}

static struct json *map_device_request(const struct device_request *r, const char *more_capability)
{
    struct json *request = json_object(), *capabilities = map_strings(&r->capabilities);

    if (more_capability)
        json_add(capabilities, json_string(more_capability));
    json_set_str(request, "Driver", r->driver);
    json_set_i64(request, "Count", r->count);
    if (r->device_ids.len)
        json_put(request, "DeviceIDs", map_strings(&r->device_ids));
    json_add(json_need_array(request, "Capabilities"), capabilities);
    if (r->options.len)
        json_put(request, "Options", map_mapping(&r->options));
    return request;
}

int map_gpus(struct map_cx *cx)
{
    for (size_t i = 0; i < cx->s->gpus.len; i++)
        json_add(json_need_array(cx->host, "DeviceRequests"),
                 map_device_request(cx->s->gpus.items[i], "gpu"));
    return 0;
}

static void map_limits(struct map_cx *cx, const struct resource *limits)
{
    if (limits->cpus > 0)
        json_set_i64(cx->host, "NanoCpus", nano_cpus(limits->cpus));
    if (limits->memory > 0)
        json_set_i64(cx->host, "Memory", limits->memory);
    if (limits->pids > 0)
        json_set_i64(cx->host, "PidsLimit", limits->pids);
}

int map_deploy(struct map_cx *cx)
{
    const struct resources *r = cx->s->deploy ? cx->s->deploy->resources : NULL;

    if (r && r->limits)
        map_limits(cx, r->limits);
    if (r && r->reservations) {
        if (r->reservations->memory > 0)
            json_set_i64(cx->host, "MemoryReservation", r->reservations->memory);
        for (size_t i = 0; i < r->reservations->devices.len; i++)
            json_add(json_need_array(cx->host, "DeviceRequests"),
                     map_device_request(r->reservations->devices.items[i], NULL));
    }
    return 0;
}

struct throttle_list {
    struct throttle_device **items;
    size_t len;
};

static void map_throttle(struct json *host, const char *field, struct throttle_list list)
{
    for (size_t i = 0; i < list.len; i++) {
        struct json *device = json_add(json_need_array(host, field), json_object());

        json_set_str(device, "Path", list.items[i]->path);
        json_set_i64(device, "Rate", list.items[i]->rate);
    }
}

#define THROTTLE(list) ((struct throttle_list){(list).items, (list).len})

int map_blkio_config(struct map_cx *cx)
{
    const struct blkio_config *b = cx->s->blkio_config;

    if (!b)
        return 0;
    if (b->weight)
        json_set_i64(cx->host, "BlkioWeight", b->weight);
    for (size_t i = 0; i < b->weight_device.len; i++) {
        struct json *device =
            json_add(json_need_array(cx->host, "BlkioWeightDevice"), json_object());

        json_set_str(device, "Path", b->weight_device.items[i]->path);
        json_set_i64(device, "Weight", b->weight_device.items[i]->weight);
    }
    map_throttle(cx->host, "BlkioDeviceReadBps", THROTTLE(b->device_read_bps));
    map_throttle(cx->host, "BlkioDeviceReadIOps", THROTTLE(b->device_read_iops));
    map_throttle(cx->host, "BlkioDeviceWriteBps", THROTTLE(b->device_write_bps));
    map_throttle(cx->host, "BlkioDeviceWriteIOps", THROTTLE(b->device_write_iops));
    return 0;
}

int map_ulimits(struct map_cx *cx)
{
    for (size_t i = 0; i < cx->s->ulimits.len; i++) {
        const struct ulimit *u = cx->s->ulimits.items[i];
        struct json *limit = json_add(json_need_array(cx->host, "Ulimits"), json_object());

        json_set_str(limit, "Name", u->item.key);
        json_set_i64(limit, "Hard", u->hard);
        json_set_i64(limit, "Soft", u->soft);
    }
    return 0;
}

/* ---- rights and devices ---- */

/* "net_admin", "CAP_NET_ADMIN": one spelling. */
static char *capability(struct arena *a, const char *name)
{
    char *upper = arena_strdup(a, name);

    for (char *c = upper; *c; c++)
        *c = (char)toupper((unsigned char)*c);
    if (strcmp(upper, "ALL") == 0 || str_has_prefix(upper, "CAP_"))
        return upper;
    return arena_printf(a, "CAP_%s", upper);
}

static int compare_texts(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Sorted, each once. */
static void map_capabilities(struct map_cx *cx, const char *field, const struct strings *names)
{
    const char **all = arena_calloc(cx->arena, names->len, sizeof *all);

    for (size_t i = 0; i < names->len; i++)
        all[i] = capability(cx->arena, names->items[i]);
    if (names->len)
        qsort(all, names->len, sizeof *all, compare_texts);
    for (size_t i = 0; i < names->len; i++) {
        if (i == 0 || strcmp(all[i], all[i - 1]) != 0)
            json_add(json_need_array(cx->host, field), json_string(all[i]));
    }
}

int map_cap_add(struct map_cx *cx)
{
    map_capabilities(cx, "CapAdd", &cx->s->cap_add);
    return 0;
}

int map_cap_drop(struct map_cx *cx)
{
    map_capabilities(cx, "CapDrop", &cx->s->cap_drop);
    return 0;
}

/* "vendor.com/class=device", written as source and target alike: no path but a CDI name */
static bool is_cdi(const struct device *d)
{
    const char *slash = d->source ? strchr(d->source, '/') : NULL;

    return slash && slash != d->source && strchr(slash, '=') && str_eq(d->source, d->target);
}

int map_devices(struct map_cx *cx)
{
    struct json *request = NULL;

    for (size_t i = 0; i < cx->s->devices.len; i++) {
        const struct device *d = cx->s->devices.items[i];
        struct json *device;

        if (is_cdi(d)) {
            if (!request) {
                request = json_add(json_need_array(cx->host, "DeviceRequests"), json_object());
                json_set_str(request, "Driver", "cdi");
            }
            json_add(json_need_array(request, "DeviceIDs"), json_string(d->source));
            continue;
        }
        device = json_add(json_need_array(cx->host, "Devices"), json_object());
        json_set_str(device, "PathOnHost", d->source);
        json_set_str(device, "PathInContainer", str_empty(d->target) ? d->source : d->target);
        json_set_str(device, "CgroupPermissions",
                     str_empty(d->permissions) ? "rwm" : d->permissions);
    }
    return 0;
}

/* JSON without the space between its tokens. */
static void compact_json(const struct str *text, struct str *out)
{
    bool in_string = false;

    for (size_t i = 0; i < text->len; i++) {
        char c = text->data[i];

        if (in_string && c == '\\' && i + 1 < text->len) {
            str_addn(out, &text->data[i++], 2);
            continue;
        }
        if (c == '"')
            in_string = !in_string;
        if (in_string || !strchr(" \t\r\n", c))
            str_addc(out, c);
    }
}

static int seccomp_profile(struct map_cx *cx, const char *name, const struct node *at,
                           struct str *out)
{
    const char *dir = cx->p && cx->p->working_dir ? cx->p->working_dir : ".";
    const char *path = path_abs(cx->arena, dir, name);
    AUTO_TEXT text = {0};
    AUTO_ERR why = {0};
    struct json *checked;

    if (path_read(path, 0, &text, &why) < 0)
        return map_error(cx, why.code, at, "opening seccomp profile (%s) failed: %s", name,
                         err_text(&why));
    checked = json_parse(text.data, text.len, &why);
    if (!checked)
        return map_error(cx, ERR_INVALID, at, "compacting json for seccomp profile (%s) failed: %s",
                         name, err_text(&why));
    json_free(checked);
    str_add(out, "seccomp=");
    compact_json(&text, out);
    return 0;
}

static int security_opt(struct map_cx *cx, const char *opt, const struct node *at)
{
    const char *value = strpbrk(opt, "=:");
    AUTO_TEXT text = {0};

    if (!value && strcmp(opt, "no-new-privileges") != 0)
        return map_error(cx, ERR_INVALID, at, "invalid security-opt: \"%s\"", opt);
    if (strcmp(opt, "systempaths=unconfined") == 0) {
        json_need_array(cx->host, "MaskedPaths");
        json_need_array(cx->host, "ReadonlyPaths");
        return 0;
    }
    if (value && str_has_prefix(opt, "seccomp") && value == opt + strlen("seccomp") &&
        strcmp(value + 1, "unconfined") != 0 && strcmp(value + 1, "builtin") != 0) {
        if (seccomp_profile(cx, value + 1, at, &text) < 0)
            return -1;
        opt = str_text(&text);
    }
    json_add(json_need_array(cx->host, "SecurityOpt"), json_string(opt));
    return 0;
}

int map_security_opt(struct map_cx *cx)
{
    const struct node *list = map_node(cx, "security_opt");

    for (size_t i = 0; i < cx->s->security_opt.len; i++) {
        const struct node *at =
            node_is(list, NODE_LIST) && i < list->list.len ? list->list.items[i] : list;

        if (security_opt(cx, cx->s->security_opt.items[i], at) < 0)
            return -1;
    }
    return 0;
}

/* ---- the process ---- */

int map_environment(struct map_cx *cx)
{
    for (size_t i = 0; i < cx->s->environment.len; i++) {
        const struct mapping_entry *e = &cx->s->environment.entries[i];
        AUTO_TEXT text = {0};

        str_add(&text, e->key);
        if (e->value) /* without: the engine keeps the image's variable of this name away */
            str_addf(&text, "=%s", e->value);
        json_add(json_need_array(cx->body, "Env"), json_string(str_text(&text)));
    }
    return 0;
}

int map_labels(struct map_cx *cx)
{
    json_put(cx->body, "Labels", map_mapping(&cx->cc->labels));
    return 0;
}

int map_stop_grace_period(struct map_cx *cx)
{
    if (cx->s->stop_grace_period.set)
        json_set_i64(cx->body, "StopTimeout", cx->s->stop_grace_period.value / NS_PER_SECOND);
    return 0;
}

static void set_nonzero(struct json *obj, const char *field, const struct opt_int *v)
{
    if (v->set && v->value)
        json_set_i64(obj, field, v->value);
}

int map_healthcheck(struct map_cx *cx)
{
    const struct healthcheck *h = cx->s->healthcheck;
    struct json *check;

    if (!h)
        return 0;
    if (h->start_interval.set && h->start_interval.value) {
        if (cx->minor < 44)
            return map_error(
                cx, ERR_UNSUPPORTED, map_node(cx, "healthcheck.start_interval"),
                "can't set healthcheck.start_interval as feature require Docker Engine v25 "
                "or later");
        if (!h->start_period.set)
            return map_error(
                cx, ERR_INVALID, map_node(cx, "healthcheck.start_interval"),
                "healthcheck.start_interval requires healthcheck.start_period to be set");
    }
    check = json_need_object(cx->body, "Healthcheck");
    if (h->disable)
        json_add(json_need_array(check, "Test"), json_string("NONE"));
    else if (h->test.len)
        json_put(check, "Test", map_strings(&h->test));
    if (h->disable)
        return 0;
    set_nonzero(check, "Interval", &h->interval);
    set_nonzero(check, "Timeout", &h->timeout);
    set_nonzero(check, "StartPeriod", &h->start_period);
    set_nonzero(check, "StartInterval", &h->start_interval);
    set_nonzero(check, "Retries", &h->retries);
    return 0;
}

static const char *restart_condition(const char *condition)
{
    if (str_eq(condition, "none"))
        return "no";
    if (str_eq(condition, "any"))
        return "always";
    return condition ? condition : "";
}

/* deploy.restart_policy stands above restart: "on-failure", "on-failure:3" */
int map_restart(struct map_cx *cx)
{
    const struct restart_policy *policy = cx->s->deploy ? cx->s->deploy->restart_policy : NULL;
    const char *name = "", *colon = cx->s->restart ? strchr(cx->s->restart, ':') : NULL;
    long long count = 0;

    if (cx->cc->oneoff) {
        ; /* what `run` started ends */
    } else if (policy) {
        name = restart_condition(policy->condition);
        count = policy->max_attempts.set ? policy->max_attempts.value : 0;
    } else if (colon) {
        if (str_to_i64(colon + 1, &count) < 0)
            return map_error(cx, ERR_INVALID, map_node(cx, "restart"),
                             "invalid restart policy '%s'", cx->s->restart);
        name = arena_strndup(cx->arena, cx->s->restart, (size_t)(colon - cx->s->restart));
    } else if (cx->s->restart) {
        name = cx->s->restart;
    }
    json_set(cx->host, "RestartPolicy.Name", json_string(name));
    json_set_i64(cx->host, "RestartPolicy.MaximumRetryCount", count);
    return 0;
}

int map_logging(struct map_cx *cx)
{
    const struct logging *l = cx->s->logging;

    if (l) {
        json_set(cx->host, "LogConfig.Type", json_string(l->driver ? l->driver : ""));
        if (l->options.len)
            json_set(cx->host, "LogConfig.Config", map_mapping(&l->options));
    }
    return 0;
}

/* "/run:size=1m" */
int map_tmpfs(struct map_cx *cx)
{
    for (size_t i = 0; i < cx->s->tmpfs.len; i++) {
        const char *text = cx->s->tmpfs.items[i], *colon = strchr(text, ':');
        const char *path = colon ? arena_strndup(cx->arena, text, (size_t)(colon - text)) : text;

        json_put(json_need_object(cx->host, "Tmpfs"), path, json_string(colon ? colon + 1 : ""));
    }
    return 0;
}

/* "service:db" is resolved by now: the caller knows the containers. */
int map_ipc(struct map_cx *cx)
{
    json_set_str(cx->host, "IpcMode", cx->cc->refs.ipc ? cx->cc->refs.ipc : cx->s->ipc);
    return 0;
}

int map_pid(struct map_cx *cx)
{
    json_set_str(cx->host, "PidMode", cx->cc->refs.pid ? cx->cc->refs.pid : cx->s->pid);
    return 0;
}
