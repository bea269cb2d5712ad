/* Nothing is accepted and dropped: every row of every attribute table, nested ones too, goes to a
 * field of the engine or to a function of the driver (then the body that is sent differs with it
 * and without it), or says where else. */
#include "drivers/docker/map.h"

#include "core/base/arena.h"
#include "core/base/err.h"
#include "core/base/str.h"
#include "core/driver.h"
#include "core/json/json.h"
#include "core/schema/attr.h"
#include "tests/lib/fixture.h"

#include <string.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

enum { API_MINOR = 51, DEPTH_MAX = 8 };

#define RATE_SAMPLES(key)                                                                          \
    {"service.blkio_config." key ".path", "blkio_config: {" key ": [{path: /d, rate: 1k}]}",       \
     "blkio_config: {" key ": [{path: /e, rate: 1k}]}"},                                           \
    {                                                                                              \
        "service.blkio_config." key ".rate", "blkio_config: {" key ": [{path: /d, rate: 1k}]}",    \
            "blkio_config: {" key ": [{path: /d, rate: 2k}]}"                                      \
    }
#define DEVICES_OF(text) "deploy: {resources: {reservations: {devices: [{" text "}]}}}"
#define MOUNT(text)      "volumes: [{" text "}]"
#define MOUNT_SOURCE     "type: bind, source: /h, target: /d"
#define HEALTH(text)     "healthcheck: {test: a, start_period: 1s" text "}"
#define ON(text)         "networks: {one: {" text "}}"

/* Two services, or networks, that differ by one nested attribute. */
static const struct sample {
    const char *path, *one, *other;
} samples[] = {
    RATE_SAMPLES("device_read_bps"),
    RATE_SAMPLES("device_read_iops"),
    RATE_SAMPLES("device_write_bps"),
    RATE_SAMPLES("device_write_iops"),
    {"service.blkio_config.weight", "blkio_config: {weight: 3}", "blkio_config: {weight: 4}"},
    {"service.blkio_config.weight_device.path",
     "blkio_config: {weight_device: [{path: /d, weight: 3}]}",
     "blkio_config: {weight_device: [{path: /e, weight: 3}]}"},
    {"service.blkio_config.weight_device.weight",
     "blkio_config: {weight_device: [{path: /d, weight: 3}]}",
     "blkio_config: {weight_device: [{path: /d, weight: 4}]}"},
    {"service.deploy.resources.limits.cpus", "deploy: {resources: {limits: {cpus: '1'}}}",
     "deploy: {resources: {limits: {cpus: '2'}}}"},
    {"service.deploy.resources.limits.memory", "deploy: {resources: {limits: {memory: 1m}}}",
     "deploy: {resources: {limits: {memory: 2m}}}"},
    {"service.deploy.resources.limits.pids", "deploy: {resources: {limits: {pids: 1}}}",
     "deploy: {resources: {limits: {pids: 2}}}"},
    {"service.deploy.resources.reservations.memory",
     "deploy: {resources: {reservations: {memory: 1m}}}",
     "deploy: {resources: {reservations: {memory: 2m}}}"},
    {"service.deploy.resources.reservations.devices.capabilities",
     DEVICES_OF("capabilities: [gpu]"), DEVICES_OF("capabilities: [tpu]")},
    {"service.deploy.resources.reservations.devices.count",
     DEVICES_OF("capabilities: [gpu], count: 1"), DEVICES_OF("capabilities: [gpu], count: 2")},
    {"service.deploy.resources.reservations.devices.device_ids",
     DEVICES_OF("capabilities: [gpu], device_ids: [a]"),
     DEVICES_OF("capabilities: [gpu], device_ids: [b]")},
    {"service.deploy.resources.reservations.devices.driver",
     DEVICES_OF("capabilities: [gpu], driver: a"), DEVICES_OF("capabilities: [gpu], driver: b")},
    {"service.deploy.resources.reservations.devices.options",
     DEVICES_OF("capabilities: [gpu], options: {a: b}"),
     DEVICES_OF("capabilities: [gpu], options: {a: c}")},
    {"service.deploy.restart_policy.condition", "deploy: {restart_policy: {condition: any}}",
     "deploy: {restart_policy: {condition: none}}"},
    {"service.deploy.restart_policy.max_attempts",
     "deploy: {restart_policy: {condition: on-failure, max_attempts: 1}}",
     "deploy: {restart_policy: {condition: on-failure, max_attempts: 2}}"},
    {"service.devices.permissions", "devices: ['/dev/a:/dev/b:r']", "devices: ['/dev/a:/dev/b:w']"},
    {"service.devices.source", "devices: ['/dev/a:/dev/b:r']", "devices: ['/dev/c:/dev/b:r']"},
    {"service.devices.target", "devices: ['/dev/a:/dev/b:r']", "devices: ['/dev/a:/dev/c:r']"},
    {"service.gpus.capabilities", "gpus: [{capabilities: [a]}]", "gpus: [{capabilities: [b]}]"},
    {"service.gpus.count", "gpus: [{count: 1}]", "gpus: [{count: 2}]"},
    {"service.gpus.device_ids", "gpus: [{device_ids: [a]}]", "gpus: [{device_ids: [b]}]"},
    {"service.gpus.driver", "gpus: [{driver: a}]", "gpus: [{driver: b}]"},
    {"service.gpus.options", "gpus: [{options: {a: b}}]", "gpus: [{options: {a: c}}]"},
    {"service.healthcheck.disable", HEALTH(""), "healthcheck: {disable: true}"},
    {"service.healthcheck.interval", HEALTH(", interval: 1s"), HEALTH(", interval: 2s")},
    {"service.healthcheck.retries", HEALTH(", retries: 1"), HEALTH(", retries: 2")},
    {"service.healthcheck.start_interval", HEALTH(", start_interval: 1s"),
     HEALTH(", start_interval: 2s")},
    {"service.healthcheck.start_period", HEALTH(""), "healthcheck: {test: a}"},
    {"service.healthcheck.test", "healthcheck: {test: a}", "healthcheck: {test: b}"},
    {"service.healthcheck.timeout", HEALTH(", timeout: 1s"), HEALTH(", timeout: 2s")},
    {"service.logging.driver", "logging: {driver: local}", "logging: {driver: none}"},
    {"service.logging.options", "logging: {options: {a: b}}", "logging: {options: {a: c}}"},
    {"service.networks.aliases", ON("aliases: [a]"), ON("aliases: [b]")},
    {"service.networks.driver_opts", ON("driver_opts: {a: b}"), ON("driver_opts: {a: c}")},
    {"service.networks.gw_priority", ON("gw_priority: 1"), ON("gw_priority: 2")},
    {"service.networks.interface_name", ON("interface_name: a"), ON("interface_name: b")},
    {"service.networks.ipv4_address", ON("ipv4_address: 10.0.0.1"), ON("ipv4_address: 10.0.0.2")},
    {"service.networks.ipv6_address", ON("ipv6_address: 'fd::1'"), ON("ipv6_address: 'fd::2'")},
    {"service.networks.link_local_ips", ON("link_local_ips: [169.254.1.1]"),
     ON("link_local_ips: [169.254.1.2]")},
    {"service.networks.mac_address", ON("mac_address: '02:00:00:00:00:01'"),
     ON("mac_address: '02:00:00:00:00:02'")},
    {"service.ports.host_ip", "ports: ['127.0.0.1:1:80']", "ports: ['127.0.0.2:1:80']"},
    {"service.ports.protocol", "ports: ['1:80/tcp']", "ports: ['1:80/udp']"},
    {"service.ports.published", "ports: ['1:80']", "ports: ['2:80']"},
    {"service.ports.target", "ports: ['1:80']", "ports: ['1:81']"},
    {"service.secrets.source", "secrets: [{source: s, target: t}]",
     "secrets: [{source: z, target: t}]"},
    {"service.secrets.target", "secrets: [{source: s, target: t}]",
     "secrets: [{source: s, target: u}]"},
    {"service.configs.source", "configs: [{source: c, target: t}]",
     "configs: [{source: d, target: t}]"},
    {"service.configs.target", "configs: [{source: c, target: t}]",
     "configs: [{source: c, target: u}]"},
    {"service.ulimits.hard", "ulimits: {nproc: {soft: 1, hard: 2}}",
     "ulimits: {nproc: {soft: 1, hard: 3}}"},
    {"service.ulimits.soft", "ulimits: {nproc: {soft: 1, hard: 3}}",
     "ulimits: {nproc: {soft: 2, hard: 3}}"},
    {"service.volumes.bind.create_host_path",
     MOUNT(MOUNT_SOURCE ", bind: {create_host_path: true}"),
     MOUNT(MOUNT_SOURCE ", bind: {create_host_path: false}")},
    {"service.volumes.bind.propagation", MOUNT(MOUNT_SOURCE ", bind: {propagation: shared}"),
     MOUNT(MOUNT_SOURCE ", bind: {propagation: slave}")},
    {"service.volumes.bind.recursive", MOUNT(MOUNT_SOURCE ", bind: {recursive: disabled}"),
     MOUNT(MOUNT_SOURCE ", bind: {recursive: writable}")},
    {"service.volumes.bind.selinux",
     MOUNT(MOUNT_SOURCE ", bind: {selinux: z, create_host_path: true}"),
     MOUNT(MOUNT_SOURCE ", bind: {selinux: Z, create_host_path: true}")},
    {"service.volumes.consistency",
     MOUNT(MOUNT_SOURCE ", consistency: cached, bind: {create_host_path: false}"),
     MOUNT(MOUNT_SOURCE ", consistency: delegated, bind: {create_host_path: false}")},
    {"service.volumes.image.subpath",
     MOUNT("type: image, source: x, target: /d, image: {subpath: a}"),
     MOUNT("type: image, source: x, target: /d, image: {subpath: b}")},
    {"service.volumes.read_only", MOUNT(MOUNT_SOURCE), MOUNT(MOUNT_SOURCE ", read_only: true")},
    {"service.volumes.source", MOUNT("type: bind, source: /h, target: /d"),
     MOUNT("type: bind, source: /i, target: /d")},
    {"service.volumes.target", MOUNT("type: bind, source: /h, target: /d"),
     MOUNT("type: bind, source: /h, target: /e")},
    {"service.volumes.tmpfs.mode", MOUNT("type: tmpfs, target: /d, tmpfs: {mode: 1}"),
     MOUNT("type: tmpfs, target: /d, tmpfs: {mode: 2}")},
    {"service.volumes.tmpfs.size", MOUNT("type: tmpfs, target: /d, tmpfs: {size: 1}"),
     MOUNT("type: tmpfs, target: /d, tmpfs: {size: 2}")},
    {"service.volumes.type", MOUNT("type: tmpfs, target: /d"), MOUNT("type: volume, target: /d")},
    {"service.volumes.volume.labels",
     MOUNT("type: volume, source: data, target: /d, volume: {labels: {a: b}}"),
     MOUNT("type: volume, source: data, target: /d, volume: {labels: {a: c}}")},
    {"service.volumes.volume.nocopy",
     MOUNT("type: volume, source: data, target: /d, volume: {nocopy: true}"),
     MOUNT("type: volume, source: data, target: /d, volume: {nocopy: false}")},
    {"service.volumes.volume.subpath",
     MOUNT("type: volume, source: data, target: /d, volume: {subpath: a}"),
     MOUNT("type: volume, source: data, target: /d, volume: {subpath: b}")},
    {"network.ipam.config.aux_addresses", "ipam: {config: [{aux_addresses: {a: 10.0.0.1}}]}",
     "ipam: {config: [{aux_addresses: {a: 10.0.0.2}}]}"},
    {"network.ipam.config.gateway", "ipam: {config: [{gateway: 10.0.0.1}]}",
     "ipam: {config: [{gateway: 10.0.0.2}]}"},
    {"network.ipam.config.ip_range", "ipam: {config: [{ip_range: 10.0.0.0/24}]}",
     "ipam: {config: [{ip_range: 10.0.1.0/24}]}"},
    {"network.ipam.config.subnet", "ipam: {config: [{subnet: 10.0.0.0/24}]}",
     "ipam: {config: [{subnet: 10.0.1.0/24}]}"},
    {"network.ipam.driver", "ipam: {driver: a}", "ipam: {driver: b}"},
    {"network.ipam.options", "ipam: {options: {a: b}}", "ipam: {options: {a: c}}"},
};

static const char tail[] = "volumes: {data: }\n"
                           "secrets: {s: {file: /s}, z: {file: /z}}\n"
                           "configs: {c: {file: /c}, d: {file: /d}}\n";

/* ---- the rows ---- */

struct walk {
    bool used[ARRAY_LEN(samples)];
    size_t missing;
};

static bool has_sample(struct walk *w, const char *path)
{
    for (size_t i = 0; i < ARRAY_LEN(samples); i++)
        if (str_eq(samples[i].path, path)) {
            w->used[i] = true;
            return true;
        }
    return false;
}

/* Below a row whose function the driver has. */
static void look_below(struct walk *w, const struct attr_table *t, const char *path, unsigned depth)
{
    for (size_t i = 0; depth < DEPTH_MAX && i < t->count; i++) {
        const struct attr *row = &t->attrs[i];
        AUTO_TEXT name = {0};

        str_addf(&name, "%s.%s", path, row->name);
        if (row->engine)
            continue; /* it says where it goes */
        if (row->sub) {
            look_below(w, row->sub, str_text(&name), depth + 1);
        } else if (!has_sample(w, str_text(&name))) {
            print_error("%s: nothing shows that it reaches the engine\n", str_text(&name));
            w->missing++;
        }
    }
}

static void test_every_row(void **state)
{
    const struct attr_table *const tables[] = {&service_table, &network_table, &volume_table};
    struct walk w = {0};

    (void)state;
    for (size_t t = 0; t < ARRAY_LEN(tables); t++)
        for (size_t i = 0; i < tables[t]->count; i++) {
            const struct attr *row = &tables[t]->attrs[i];
            AUTO_TEXT name = {0};

            if ((row->engine != NULL) == map_has_function(tables[t], i))
                fail_msg("%s.%s: .engine is %s, and there is %s function", tables[t]->name,
                         row->name, row->engine ? row->engine : "left out",
                         row->engine ? "a" : "no");
            str_addf(&name, "%s.%s", tables[t]->name, row->name);
            if (!row->engine && row->sub)
                look_below(&w, row->sub, str_text(&name), 0);
        }
    assert_int_equal(w.missing, 0);
    for (size_t i = 0; i < ARRAY_LEN(samples); i++)
        if (!w.used[i])
            fail_msg("%s: there is no such row", samples[i].path);
}

/* Secrets, configs and the rest of the top level have no body of their own. */
static void test_top_level(void **state)
{
    const struct attr_table *const tables[] = {&secret_table, &config_table, &project_table};

    (void)state;
    for (size_t t = 0; t < ARRAY_LEN(tables); t++)
        for (size_t i = 0; i < tables[t]->count; i++)
            if (!tables[t]->attrs[i].engine)
                fail_msg("%s.%s does not say where it goes", tables[t]->name,
                         tables[t]->attrs[i].name);
}

/* ---- what is sent ---- */

static struct json *service_body(struct fixture *f)
{
    struct container_create c = {.name = "test-a-1", .image = "x", .project = f->project};
    struct endpoint e = {.network = "one"}, *endpoints[] = {&e};
    struct json *body = NULL;
    AUTO_ERR err = {0};

    c.service = project_service(f->project, "a");
    if (c.service->networks.len) {
        e.options = c.service->networks.items[0];
        e.aliases = e.options->aliases;
        c.endpoints.items = endpoints;
        c.endpoints.len = 1;
    }
    if (map_container(&c, API_MINOR, &body, &err) < 0)
        fail_msg("%s", err_text(&err));
    return body;
}

static void body_of(const char *path, const char *attribute, struct str *ret)
{
    bool network = str_has_prefix(path, "network.");
    struct mapping labels = {0};
    AUTO_JSON body = NULL;
    AUTO_TEXT file = {0};
    struct fixture f;

    str_addf(&file, "services:\n  a:\n    image: x\n    %s\nnetworks:\n  one: {%s}\n%s",
             network ? "networks: [one]" : attribute, network ? attribute : "", tail);
    if (!fixture_compose(&f, str_text(&file)))
        fail_msg("%s: %s", path, fixture_messages(&f));
    body = network ? map_network(project_network(f.project, "one"), &labels, API_MINOR)
                   : service_body(&f);
    json_print(body, ret);
    fixture_done(&f);
}

static void test_samples(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(samples); i++) {
        AUTO_TEXT one = {0};
        AUTO_TEXT other = {0};

        body_of(samples[i].path, samples[i].one, &one);
        body_of(samples[i].path, samples[i].other, &other);
        if (str_eq(str_text(&one), str_text(&other)))
            fail_msg("%s does not reach the engine: %s", samples[i].path, str_text(&one));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_row),
        cmocka_unit_test(test_top_level),
        cmocka_unit_test(test_samples),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
