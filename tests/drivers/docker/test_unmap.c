/* What was made, beside what would be made, in the words of the model: each attribute that is
 * changed is named, and nothing else. */
#include "drivers/docker/unmap.h"

#include "core/base/arena.h"
#include "core/base/attr.h"
#include "core/base/err.h"
#include "core/base/str.h"
#include "core/driver.h"
#include "core/json/json.h"
#include "core/plan/cause.h"
#include "core/schema/attr.h"
#include "drivers/docker/map.h"
#include "tests/drivers/docker/samples.h"
#include "tests/lib/fixture.h"

#include <string.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

enum { API_MINOR = 51 };

/* ---- every row has its inverse ---- */

static void test_every_row(void **state)
{
    const struct attr_table *const tables[] = {&service_table, &network_table, &volume_table};

    (void)state;
    for (size_t t = 0; t < ARRAY_LEN(tables); t++)
        for (size_t i = 0; i < tables[t]->count; i++)
            if (map_has_function(tables[t], i) && !unmap_has_function(tables[t], i))
                fail_msg("%s.%s goes to the engine, and is not read back", tables[t]->name,
                         tables[t]->attrs[i].name);
}

/* ---- one that is made beside another one ---- */

struct made {
    struct fixture f;
    struct container_create create;
    struct endpoint endpoint, *endpoints[1];
    struct json *body, *all;
};

static void make(struct made *m, const char *attribute)
{
    AUTO_TEXT file = {0};
    AUTO_ERR err = {0};

    str_addf(&file, "services:\n  a:\n    image: x\n    %s\nnetworks:\n  one: \n%s", attribute,
             samples_tail);
    if (!fixture_compose(&m->f, str_text(&file)))
        fail_msg("%s: %s", attribute, fixture_messages(&m->f));
    m->create = (struct container_create){.name = "test-a-1", .image = "x"};
    m->create.project = m->f.project;
    m->create.service = project_service(m->f.project, "a");
    m->create.labels = m->create.service->labels;
    m->create.links = m->create.service->external_links;
    m->endpoint = (struct endpoint){.network = "test_default"};
    if (m->create.service->networks.len) {
        m->endpoint.network = project_network(m->f.project, "one")
                                  ? project_network(m->f.project, "one")->name
                                  : "test_default";
        m->endpoint.options = m->create.service->networks.items[0];
        m->endpoint.aliases = m->endpoint.options->aliases;
    }
    m->endpoints[0] = &m->endpoint;
    m->create.endpoints.items = m->endpoints;
    m->create.endpoints.len = str_empty(m->create.service->network_mode);
    if (map_container(&m->create, API_MINOR, &m->body, &err) < 0 ||
        map_endpoints(&m->create, m->create.endpoints.len, API_MINOR, &m->all, &err) < 0)
        fail_msg("%s: %s", attribute, err_text(&err));
}

static void made_done(struct made *m)
{
    json_free(m->body);
    json_free(m->all);
    fixture_done(&m->f);
}

static struct json *copy(const struct json *j)
{
    AUTO_TEXT text = {0};

    json_print(j, &text);
    return json_parse(str_text(&text), text.len, NULL);
}

/* As an engine says it that fills in nothing. */
static struct json *inspection(const struct made *m)
{
    struct json *j = json_object();

    json_set_str(j, "Id", "0123456789abcdef");
    json_set_str(j, "Name", "/test-a-1");
    json_put(j, "Config", copy(m->body));
    json_put(j, "HostConfig", copy(json_get(m->body, "HostConfig")));
    json_set(j, "NetworkSettings.Networks", copy(m->all));
    return j;
}

static struct causes causes_between(struct arena *a, const struct json *container,
                                    const struct json *image, const struct made *now)
{
    struct unmap_pair pair = {.made = &now->create,
                              .minor = API_MINOR,
                              .container = container,
                              .image = image,
                              .body = now->body,
                              .endpoints = now->all};
    struct causes ret = {0};
    AUTO_TEXT was_text = {0};
    AUTO_TEXT now_text = {0};

    unmap_containers(a, &pair, &was_text, &now_text);
    causes_of_fields(a, &ret, &service_table, str_text(&was_text), str_text(&now_text),
                     now->create.service->item.node);
    return ret;
}

/* "networks.one.aliases[0] added: 'b'" is of networks.aliases. */
static void path_of(const char *text, struct str *ret)
{
    str_add(ret, "service.");
    for (const char *c = text; *c && *c != ' ' && *c != ':'; c++) {
        if (*c == '[')
            c = strchr(c, ']');
        else
            str_addc(ret, *c);
    }
    text_replace(ret, ".one", "");
    text_replace(ret, ".nproc", "");
}

static bool is_within(const char *a, const char *b)
{
    return str_has_prefix(a, b) || str_has_prefix(b, a);
}

static void check(const char *path, const struct causes *causes)
{
    const char *dot = strchr(path + strlen("service."), '.');
    size_t top = dot ? (size_t)(dot - path) : strlen(path);
    bool named = false;

    for (size_t i = 0; i < causes->len; i++) {
        AUTO_TEXT at = {0};

        path_of(causes->items[i].text, &at);
        named |= is_within(str_text(&at), path);
        if (strncmp(str_text(&at), path, top) != 0)
            fail_msg("%s: something else is named: %s", path, causes->items[i].text);
        if (!causes->items[i].loc.line)
            fail_msg("%s: without a place: %s", path, causes->items[i].text);
    }
    if (!named)
        fail_msg("%s is not named: %s", path, causes->len ? causes->items[0].text : "nothing is");
}

static void compare_one(const char *path, const char *one, const char *other)
{
    struct arena *a = arena_new();
    struct made was = {0}, now = {0};
    struct causes causes;
    AUTO_JSON container = NULL;
    AUTO_JSON image = json_object();

    make(&was, one);
    make(&now, other);
    container = inspection(&was);
    causes = causes_between(a, container, image, &was);
    if (causes.len)
        fail_msg("%s: %s differs from itself: %s", path, one, causes.items[0].text);
    causes = causes_between(a, container, image, &now);
    check(path, &causes);
    made_done(&was);
    made_done(&now);
    arena_free(a);
}

static void test_samples(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(samples); i++)
        if (str_has_prefix(samples[i].path, "service."))
            compare_one(samples[i].path, samples[i].one, samples[i].other);
}

static const struct sample flat[] = {
    {"service.annotations", "annotations: {a: b}", "annotations: {a: c}"},
    {"service.cap_add", "cap_add: [net_admin]", "cap_add: [sys_time]"},
    {"service.cap_drop", "cap_drop: [CAP_CHOWN]", "cap_drop: [ALL]"},
    {"service.cgroup", "cgroup: host", "cgroup: private"},
    {"service.cgroup_parent", "cgroup_parent: a", "cgroup_parent: b"},
    {"service.command", "command: a b", "command: [a]"},
    {"service.cpu_count", "cpu_count: 1", "cpu_count: 2"},
    {"service.cpu_percent", "cpu_percent: 10", "cpu_percent: 20"},
    {"service.cpu_period", "cpu_period: 1000", "cpu_period: 2000"},
    {"service.cpu_quota", "cpu_quota: 1000", "cpu_quota: -1"},
    {"service.cpu_rt_period", "cpu_rt_period: 1000", "cpu_rt_period: 2000"},
    {"service.cpu_rt_runtime", "cpu_rt_runtime: 1000", "cpu_rt_runtime: 2000"},
    {"service.cpu_shares", "cpu_shares: 10", "cpu_shares: 20"},
    {"service.cpus", "cpus: 0.29", "cpus: 0.3"},
    {"service.cpuset", "cpuset: '0'", "cpuset: 0-1"},
    {"service.device_cgroup_rules", "device_cgroup_rules: ['c 1:3 r']",
     "device_cgroup_rules: ['c 1:3 w']"},
    {"service.devices", "devices: ['v.com/c=a']", "devices: ['v.com/c=b']"},
    {"service.dns", "dns: 1.1.1.1", "dns: 8.8.8.8"},
    {"service.dns_opt", "dns_opt: [a]", "dns_opt: [b]"},
    {"service.dns_search", "dns_search: a", "dns_search: [b]"},
    {"service.domainname", "domainname: a", "domainname: b"},
    {"service.entrypoint", "entrypoint: a", "entrypoint: [a, b]"},
    {"service.environment.A", "environment: {A: '1', B: '2'}", "environment: {A: '2', B: '2'}"},
    {"service.environment.A", "environment: {A: '1'}", "environment: {B: }"},
    {"service.expose", "expose: [80]", "expose: ['80/udp']"},
    {"service.external_links", "external_links: [a]", "external_links: ['a:b']"},
    {"service.extra_hosts", "extra_hosts: {a: '::1'}", "extra_hosts: {a: '::2'}"},
    {"service.group_add", "group_add: [1]", "group_add: [a]"},
    {"service.hostname", "hostname: a", "hostname: b"},
    {"service.init", "init: true", "init: false"},
    {"service.ipc", "ipc: host", "ipc: none"},
    {"service.isolation", "isolation: process", "isolation: hyperv"},
    {"service.labels.a", "labels: {a: b, c: d}", "labels: {a: x, c: d}"},
    {"service.mac_address", "mac_address: '02:00:00:00:00:01'", "mac_address: '02:00:00:00:00:02'"},
    {"service.mem_limit", "mem_limit: 8m", "mem_limit: 9m"},
    {"service.mem_reservation", "mem_reservation: 8m", "mem_reservation: 9m"},
    {"service.mem_swappiness", "mem_swappiness: 8", "mem_swappiness: 9"},
    {"service.memswap_limit", "memswap_limit: 8m", "memswap_limit: 9m"},
    {"service.network_mode", "network_mode: host", "network_mode: none"},
    {"service.oom_kill_disable", "oom_kill_disable: true", "oom_kill_disable: false"},
    {"service.oom_score_adj", "oom_score_adj: 5", "oom_score_adj: -5"},
    {"service.pid", "pid: host", "pid: 'container:x'"},
    {"service.pids_limit", "pids_limit: 5", "pids_limit: -1"},
    {"service.privileged", "privileged: true", "privileged: false"},
    {"service.read_only", "read_only: true", "read_only: false"},
    {"service.restart", "restart: always", "restart: 'on-failure:3'"},
    {"service.restart", "restart: always", "restart: 'no'"},
    {"service.runtime", "runtime: a", "runtime: b"},
    {"service.security_opt", "security_opt: [no-new-privileges]",
     "security_opt: ['systempaths=unconfined']"},
    {"service.shm_size", "shm_size: 8m", "shm_size: 9m"},
    {"service.stdin_open", "stdin_open: true", "stdin_open: false"},
    {"service.stop_grace_period", "stop_grace_period: 5s", "stop_grace_period: 1m"},
    {"service.stop_signal", "stop_signal: SIGUSR1", "stop_signal: SIGUSR2"},
    {"service.storage_opt", "storage_opt: {size: 1G}", "storage_opt: {size: 2G}"},
    {"service.sysctls", "sysctls: {a.b: 1}", "sysctls: {a.b: 2}"},
    {"service.tmpfs", "tmpfs: /a", "tmpfs: ['/a:size=1m']"},
    {"service.tty", "tty: true", "tty: false"},
    {"service.user", "user: a", "user: b"},
    {"service.userns_mode", "userns_mode: host", "userns_mode: a"},
    {"service.uts", "uts: host", "uts: a"},
    {"service.volumes", "volumes: ['/a']", "volumes: ['/b']"},
    {"service.volumes", "volumes: ['data:/a', '/b']", "volumes: ['/b']"},
    {"service.volumes_from", "volumes_from: ['container:a']", "volumes_from: ['container:b']"},
    {"service.working_dir", "working_dir: /a", "working_dir: /b"},
};

static void test_flat(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(flat); i++)
        compare_one(flat[i].path, flat[i].one, flat[i].other);
}

/* ---- what the engine and the image fill in ---- */

#define IMAGE                                                                                      \
    "{'Config': {'Env': ['PATH=/bin', 'V=1'], 'Cmd': ['serve'], 'Entrypoint': ['run'],"            \
    " 'Labels': {'maker': 'm'}, 'ExposedPorts': {'80/tcp': {}}, 'User': 'u', 'WorkingDir': '/w',"  \
    " 'StopSignal': 'SIGQUIT', 'Healthcheck': {'Test': ['CMD', 'ok'], 'Interval': 5000000000}}}"

/* What engines say of a container that asks for nothing. */
#define HOST                                                                                       \
    "'NetworkMode': 'test_default', 'ShmSize': 67108864, 'IpcMode': 'private',"                    \
    " 'CgroupnsMode': 'private', 'Runtime': 'runc', 'LogConfig': {'Type': 'json-file', 'Config':"  \
    " {}}, 'RestartPolicy': {'Name': 'no'}, 'MemorySwappiness': null, 'PidsLimit': null,"          \
    " 'PortBindings': {}, 'Devices': null, 'MaskedPaths': ['/proc/kcore']"
#define CONFIG                                                                                     \
    "'Hostname': '0123456789ab', 'Image': 'x', 'Cmd': ['serve'], 'Entrypoint': ['run'],"           \
    " 'User': 'u', 'WorkingDir': '/w', 'StopSignal': 'SIGQUIT', 'ExposedPorts': {'80/tcp': {}},"   \
    " 'Healthcheck': {'Test': ['CMD', 'ok'], 'Interval': 5000000000},"                             \
    " 'Labels': {'maker': 'm', 'com.docker.compose.project': 'test'}"
#define NETWORKS                                                                                   \
    "{'test_default': {'Aliases': ['test-a-1', 'a', '0123456789ab'], 'IPAMConfig': null,"          \
    " 'Links': null, 'MacAddress': '02:42:ac:13:00:02', 'DriverOpts': null, 'GwPriority': 0}}"
#define ENV "'Env': ['PATH=/bin', 'V=1']"

static const struct {
    const char *config, *host, *networks, *image; /* of the container, in quotes of one kind */
    const char *now;                              /* attribute of the service */
    const char *want;
} filled[] = {
    {CONFIG "," ENV, HOST, NETWORKS, IMAGE, "", ""},
    /* an image that is gone */
    {CONFIG "," ENV, HOST, NETWORKS, NULL, "", ""},
    {CONFIG "," ENV, HOST, NETWORKS, NULL, "environment: {V: '2'}", "environment.V: '1' -> '2'"},
    {CONFIG "," ENV, HOST, NETWORKS, IMAGE, "environment: {V: '2'}", "environment.V: '1' -> '2'"},
    {CONFIG ", 'Env': ['V=2', 'PATH=/bin']", HOST, NETWORKS, IMAGE, "",
     "environment.V: '2' -> '1'"},
    {CONFIG "," ENV, HOST, NETWORKS, IMAGE, "environment: {V: '1', PATH: /bin}", ""},
    {CONFIG ", 'Env': ['DB_PASSWORD=one', 'PATH=/bin', 'V=1']", HOST, NETWORKS, IMAGE,
     "environment: {DB_PASSWORD: two}", "environment.DB_PASSWORD: '***' -> '***'"},
    {CONFIG "," ENV, HOST, NETWORKS, IMAGE, "labels: {maker: n}", "labels.maker: 'm' -> 'n'"},
    {CONFIG "," ENV, HOST, NETWORKS, IMAGE, "user: v", "user: 'u' -> 'v'"},
    {CONFIG "," ENV, HOST, NETWORKS, IMAGE, "expose: [80]", "expose[0] added: '80'"},
    {CONFIG "," ENV, HOST, NETWORKS, IMAGE, "ports: ['80']",
     "ports[0] added: {target: 80, protocol: 'tcp'}"},
    {CONFIG "," ENV, HOST, NETWORKS, IMAGE, "healthcheck: {interval: 6s}",
     "healthcheck.interval: '5s' -> '6s'"},
    {CONFIG "," ENV, HOST, NETWORKS, IMAGE, "healthcheck: {disable: true}",
     "healthcheck.disable added: true; healthcheck.test removed: ['CMD', 'ok']; "
     "healthcheck.interval removed: '5s'"},
    {CONFIG "," ENV, HOST, NETWORKS, IMAGE, "command: other", "command: ['serve'] -> ['other']"},
    /* an entrypoint of one's own puts the image's command away: no change of that */
    {CONFIG "," ENV, HOST, NETWORKS, IMAGE, "entrypoint: other",
     "entrypoint: ['run'] -> ['other']"},
    /* the engine's defaults, asked for */
    {CONFIG "," ENV, HOST, NETWORKS, IMAGE,
     "{shm_size: 64m, ipc: private, runtime: runc, logging: {driver: json-file}}", ""},
    /* limits that imply another */
    {CONFIG "," ENV, HOST ", 'Memory': 8388608, 'MemorySwap': 16777216", NETWORKS, IMAGE,
     "mem_limit: 8m", ""},
    /* what a daemon may be configured to fill in is told only where nothing else is */
    {CONFIG "," ENV, HOST ", 'Init': true", NETWORKS, IMAGE, "", "init removed: true"},
    {CONFIG "," ENV, HOST ", 'Init': true", NETWORKS, IMAGE, "user: v", "user: 'u' -> 'v'"},
    /* weights that the kernel does not have */
    {CONFIG "," ENV, HOST ", 'BlkioWeight': 0", NETWORKS, IMAGE, "blkio_config: {weight: 300}", ""},
    /* volumes of the image that were carried over from container to container */
    {CONFIG "," ENV,
     HOST ", 'Mounts': [{'Type': 'volume', 'Source': "
          "'0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef', 'Target': '/i'}]",
     NETWORKS, IMAGE, "", ""},
    {CONFIG "," ENV,
     HOST ", 'Mounts': [{'Type': 'volume', 'Source': "
          "'0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef', 'Target': '/i'}]",
     NETWORKS, IMAGE, "volumes: [/i]", ""},
    /* binds in another order */
    {CONFIG "," ENV, HOST ", 'Binds': ['test_data:/b:rw', '/h:/a:ro']", NETWORKS, IMAGE,
     "volumes: ['/h:/a:ro', 'data:/b']", ""},
    {CONFIG "," ENV, HOST ", 'Binds': ['test_data:/b:rw']", NETWORKS, IMAGE,
     "volumes: ['data:/b:ro']", "volumes[0].read_only added: true"},
    /* docker compose loses the mode of volumes_from */
    {CONFIG "," ENV, HOST ", 'VolumesFrom': ['container:c']", NETWORKS, IMAGE,
     "volumes_from: ['container:c:ro']", ""},
    /* a label the engine sets on privileged containers */
    {CONFIG "," ENV, HOST ", 'Privileged': true, 'SecurityOpt': ['label=disable']", NETWORKS, IMAGE,
     "privileged: true", ""},
};

static struct json *parse_quoted(const char *text)
{
    AUTO_TEXT json = {0};
    struct json *ret;

    str_add(&json, text);
    text_replace(&json, "'", "\"");
    ret = json_parse(str_text(&json), json.len, NULL);
    if (!ret)
        fail_msg("no JSON: %s", text);
    return ret;
}

static void test_filled(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(filled); i++) {
        struct arena *a = arena_new();
        struct made now = {0};
        struct causes causes;
        AUTO_TEXT text = {0};
        AUTO_TEXT got = {0};
        AUTO_TEXT attribute = {0};
        AUTO_JSON container = NULL;
        AUTO_JSON image = filled[i].image ? parse_quoted(filled[i].image) : NULL;

        str_addf(&text,
                 "{'Id': '0123456789abcdef', 'Name': '/test-a-1', 'Config': {%s},"
                 " 'HostConfig': {%s}, 'NetworkSettings': {'Networks': %s}}",
                 filled[i].config, filled[i].host, filled[i].networks);
        container = parse_quoted(str_text(&text));
        if (filled[i].now[0] == '{')
            str_addf(&attribute, "<<: %s", filled[i].now);
        else
            str_add(&attribute, filled[i].now);
        make(&now, str_text(&attribute));
        causes = causes_between(a, container, image, &now);
        for (size_t j = 0; j < causes.len; j++)
            str_addf(&got, "%s%s", j ? "; " : "", causes.items[j].text);
        if (!str_eq(str_text(&got), filled[i].want))
            fail_msg("%zu: %s: got '%s', want '%s'", i, filled[i].now, str_text(&got),
                     filled[i].want);
        made_done(&now);
        arena_free(a);
    }
}

/* ---- networks and volumes ---- */

static const struct {
    const char *was, *now, *want; /* an inspection; attributes */
} networks[] = {
    {"{'Driver': 'bridge', 'EnableIPv4': true, 'EnableIPv6': false, 'IPAM': {'Driver': 'default',"
     " 'Options': null, 'Config': [{'Subnet': '172.18.0.0/16', 'Gateway': '172.18.0.1'}]},"
     " 'Options': {}, 'Labels': {'com.docker.compose.network': 'one'}}",
     "", ""},
    {"{'Driver': 'bridge', 'IPAM': {'Config': [{'Subnet': '10.9.0.0/16', 'Gateway': '10.9.0.1'}]}}",
     "ipam: {config: [{subnet: 10.9.0.0/16}]}", ""},
    {"{'Driver': 'bridge', 'IPAM': {'Config': [{'Subnet': '10.9.0.0/16', 'Gateway': '10.9.0.1'}]}}",
     "ipam: {config: [{subnet: 10.9.0.0/16, gateway: 10.9.0.2}]}",
     "ipam.config[0].gateway: '10.9.0.1' -> '10.9.0.2'"},
    {"{'Driver': 'bridge', 'Options': {'a': 'b'}}", "driver_opts: {a: c}",
     "driver_opts.a: 'b' -> 'c'"},
    {"{'Driver': 'bridge'}", "driver: macvlan", "driver added: 'macvlan'"},
    {"{'Driver': 'bridge', 'Internal': true}", "", "internal removed: true"},
    {"{'Driver': 'bridge', 'EnableIPv6': false}", "enable_ipv6: true",
     "enable_ipv6: false -> true"},
    {"{'Labels': {'a': 'b', 'com.docker.compose.version': '2'}}", "labels: {a: c}",
     "labels.a: 'b' -> 'c'"},
};

static const struct {
    const char *was, *now, *want;
} volumes[] = {
    {"{'Driver': 'local', 'Options': null, 'Labels': {'com.docker.compose.volume': 'data'}}", "",
     ""},
    {"{'Driver': 'local', 'Options': {'type': 'tmpfs'}}", "driver_opts: {type: nfs}",
     "driver_opts.type: 'tmpfs' -> 'nfs'"},
    {"{'Driver': 'local', 'Labels': {'a': 'b'}}", "", "labels.a removed: 'b'"},
    {"{'Driver': 'local'}", "driver: other", "driver: 'local' -> 'other'"},
};

static void check_causes(struct arena *a, const struct attr_table *t, const struct node *node,
                         const struct str *was, const struct str *now, const char *want)
{
    struct causes causes = {0};
    AUTO_TEXT got = {0};

    causes_of_fields(a, &causes, t, str_text(was), str_text(now), node);
    for (size_t j = 0; j < causes.len; j++)
        str_addf(&got, "%s%s", j ? "; " : "", causes.items[j].text);
    assert_string_equal(str_text(&got), want);
}

static void test_networks(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(networks); i++) {
        struct arena *a = arena_new();
        const struct network *n;
        struct fixture f;
        AUTO_TEXT file = {0};
        AUTO_TEXT was = {0};
        AUTO_TEXT now = {0};
        AUTO_JSON there = parse_quoted(networks[i].was);
        AUTO_JSON body = NULL;

        str_addf(&file, "services: {a: {image: x, networks: [one]}}\nnetworks: {one: {%s}}\n",
                 networks[i].now);
        assert_non_null(fixture_compose(&f, str_text(&file)));
        n = project_network(f.project, "one");
        body = map_network(n, &n->labels, API_MINOR);
        unmap_networks(a, n, there, body, &was, &now);
        check_causes(a, &network_table, n->item.node, &was, &now, networks[i].want);
        fixture_done(&f);
        arena_free(a);
    }
}

static void test_volumes(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(volumes); i++) {
        struct arena *a = arena_new();
        const struct volume *v;
        struct fixture f;
        AUTO_TEXT file = {0};
        AUTO_TEXT was = {0};
        AUTO_TEXT now = {0};
        AUTO_JSON there = parse_quoted(volumes[i].was);
        AUTO_JSON body = NULL;

        str_addf(&file, "services: {a: {image: x, volumes: ['data:/d']}}\nvolumes: {data: {%s}}\n",
                 volumes[i].now);
        assert_non_null(fixture_compose(&f, str_text(&file)));
        v = project_volume(f.project, "data");
        body = map_volume(v, &v->labels);
        unmap_volumes(a, v, there, body, &was, &now);
        check_causes(a, &volume_table, v->item.node, &was, &now, volumes[i].want);
        fixture_done(&f);
        arena_free(a);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_row), cmocka_unit_test(test_samples),
        cmocka_unit_test(test_flat),      cmocka_unit_test(test_filled),
        cmocka_unit_test(test_networks),  cmocka_unit_test(test_volumes),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
