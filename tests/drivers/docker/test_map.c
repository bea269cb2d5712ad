/* drivers/docker/map*.c: a service as it is written in a file, a field of the body that is sent. */
#include "drivers/docker/map.h"

#include "core/base/arena.h"
#include "core/base/err.h"
#include "core/base/str.h"
#include "core/driver.h"
#include "core/json/json.h"
#include "tests/lib/fixture.h"

#include <string.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define NEW 51 /* Docker Engine 28 */
#define OLD 41 /* Docker Engine 20.10 */

static const char tail[] = "networks: {one: , two: }\n"
                           "volumes: {data: , ext: {external: true, name: elsewhere}}\n"
                           "secrets: {s: {file: /s}, env: {environment: HOME}}\n"
                           "configs: {c: {file: /c}, text: {content: hello}}\n";

static const struct {
    const char *service, *field, *want; /* want NULL: absent */
    unsigned minor;
} cases[] = {
    {"image: x", "Image", "\"x\"", NEW},
    {"image: x", "Cmd", NULL, NEW},
    {"image: x", "AttachStdout", "true", NEW},
    {"image: x", "HostConfig.PortBindings", "{}", NEW},
    {"image: x", "HostConfig.ExtraHosts", "[]", NEW},
    {"image: x", "HostConfig.ConsoleSize", "[0,0]", NEW},
    {"command: echo 'a b'", "Cmd", "[\"echo\",\"a b\"]", NEW},
    {"command: []", "Cmd", "[]", NEW},
    {"entrypoint: \"\"", "Entrypoint", "[]", NEW},
    {"environment: {B: 2, A: '', C: }", "Env", "[\"A=\",\"B=2\",\"C\"]", NEW},
    {"user: u\n    working_dir: /w\n    hostname: h\n    domainname: d", "WorkingDir", "\"/w\"",
     NEW},
    {"tty: true\n    stdin_open: true", "OpenStdin", "true", NEW},
    {"init: false", "HostConfig.Init", "false", NEW},
    {"image: x", "HostConfig.Init", NULL, NEW},
    {"stop_grace_period: 1500ms", "StopTimeout", "1", NEW},
    {"stop_grace_period: 500ms", "StopTimeout", "0", NEW},
    {"stop_signal: SIGINT", "StopSignal", "\"SIGINT\"", NEW},

    {"cap_add: [NET_ADMIN, all, cap_net_admin]", "HostConfig.CapAdd", "[\"ALL\",\"CAP_NET_ADMIN\"]",
     NEW},
    {"cap_drop: [mknod]", "HostConfig.CapDrop", "[\"CAP_MKNOD\"]", NEW},
    {"security_opt: [no-new-privileges, 'label:type:x']", "HostConfig.SecurityOpt",
     "[\"no-new-privileges\",\"label:type:x\"]", NEW},
    {"security_opt: ['systempaths=unconfined']", "HostConfig.MaskedPaths", "[]", NEW},
    {"security_opt: ['systempaths=unconfined']", "HostConfig.SecurityOpt", NULL, NEW},
    {"security_opt: ['seccomp=./p.json']", "HostConfig.SecurityOpt",
     "[\"seccomp={\\\"a b\\\":[1,2.50,\\\"\\\\\\\" \\\"]}\"]", NEW},
    {"security_opt: ['seccomp:unconfined']", "HostConfig.SecurityOpt", "[\"seccomp:unconfined\"]",
     NEW},
    {"devices: [/dev/null, '/dev/zero:/dev/z:r', 'vendor.com/gpu=x']", "HostConfig.Devices",
     "[{\"PathOnHost\":\"/dev/null\",\"PathInContainer\":\"/dev/"
     "null\",\"CgroupPermissions\":\"rwm\"},"
     "{\"PathOnHost\":\"/dev/zero\",\"PathInContainer\":\"/dev/z\",\"CgroupPermissions\":\"r\"}]",
     NEW},
    {"devices: ['vendor.com/gpu=x']", "HostConfig.DeviceRequests",
     "[{\"Driver\":\"cdi\",\"DeviceIDs\":[\"vendor.com/gpu=x\"]}]", NEW},
    {"gpus: all", "HostConfig.DeviceRequests", "[{\"Count\":-1,\"Capabilities\":[[\"gpu\"]]}]",
     NEW},

    {"cpus: 0.29", "HostConfig.NanoCpus", "290000000", NEW},
    {"deploy: {resources: {limits: {cpus: '0.5', memory: 20m, pids: 7}}}", "HostConfig.NanoCpus",
     "500000000", NEW},
    {"deploy: {resources: {limits: {memory: 20m}}}", "HostConfig.Memory", "20971520", NEW},
    {"deploy: {resources: {reservations: {memory: 1m}}}", "HostConfig.MemoryReservation", "1048576",
     NEW},
    {"memswap_limit: -1", "HostConfig.MemorySwap", "-1", NEW},
    {"cpu_percent: 50", "HostConfig.CpuPercent", "5000", NEW},
    {"shm_size: 64m", "HostConfig.ShmSize", "67108864", NEW},
    {"ulimits: {nproc: 5, nofile: {soft: 1, hard: 2}}", "HostConfig.Ulimits",
     "[{\"Name\":\"nofile\",\"Hard\":2,\"Soft\":1},{\"Name\":\"nproc\",\"Hard\":5,\"Soft\":5}]",
     NEW},
    {"blkio_config: {weight: 3, device_read_bps: [{path: /d, rate: 1k}]}",
     "HostConfig.BlkioDeviceReadBps", "[{\"Path\":\"/d\",\"Rate\":1024}]", NEW},
    {"sysctls: {net.core.somaxconn: 1024}", "HostConfig.Sysctls",
     "{\"net.core.somaxconn\":\"1024\"}", NEW},
    {"tmpfs: [/a, '/b:size=1m,x:y']", "HostConfig.Tmpfs", "{\"/a\":\"\",\"/b\":\"size=1m,x:y\"}",
     NEW},
    {"logging: {driver: json-file, options: {max-size: 10m, max-file: 3}}", "HostConfig.LogConfig",
     "{\"Type\":\"json-file\",\"Config\":{\"max-file\":\"3\",\"max-size\":\"10m\"}}", NEW},

    {"restart: on-failure:3", "HostConfig.RestartPolicy",
     "{\"Name\":\"on-failure\",\"MaximumRetryCount\":3}", NEW},
    {"image: x", "HostConfig.RestartPolicy", "{\"Name\":\"\",\"MaximumRetryCount\":0}", NEW},
    {"restart: always\n    deploy: {restart_policy: {condition: none}}",
     "HostConfig.RestartPolicy.Name", "\"no\"", NEW},
    {"deploy: {restart_policy: {condition: any, max_attempts: 4}}", "HostConfig.RestartPolicy",
     "{\"Name\":\"always\",\"MaximumRetryCount\":4}", NEW},
    {"healthcheck: {test: a b, interval: 1s, retries: 0}", "Healthcheck",
     "{\"Test\":[\"CMD-SHELL\",\"a b\"],\"Interval\":1000000000}", NEW},
    {"healthcheck: {disable: true}", "Healthcheck", "{\"Test\":[\"NONE\"]}", NEW},
    {"healthcheck: {test: a, start_period: 2s, start_interval: 1s}", "Healthcheck.StartInterval",
     "1000000000", NEW},

    {"ports: ['8080', '127.0.0.1:1:80', '2:80/tcp', '3-4:5-6/udp']", "HostConfig.PortBindings",
     "{\"8080/tcp\":[{\"HostIp\":\"\",\"HostPort\":\"\"}],"
     "\"80/"
     "tcp\":[{\"HostIp\":\"127.0.0.1\",\"HostPort\":\"1\"},{\"HostIp\":\"\",\"HostPort\":\"2\"}],"
     "\"5/udp\":[{\"HostIp\":\"\",\"HostPort\":\"3\"}],\"6/"
     "udp\":[{\"HostIp\":\"\",\"HostPort\":\"4\"}]}",
     NEW},
    {"expose: ['3000', 1-2/udp]\n    ports: ['80', '1:80']", "ExposedPorts",
     "{\"3000\":{},\"1-2/udp\":{},\"80/tcp\":{}}", NEW},
    {"extra_hosts: ['b:1.2.3.4', 'a=host-gateway', 'c:::1']", "HostConfig.ExtraHosts",
     "[\"a:host-gateway\",\"b:1.2.3.4\",\"c:::1\"]", NEW},
    {"network_mode: host", "HostConfig.NetworkMode", "\"host\"", NEW},
    {"network_mode: host", "NetworkingConfig", NULL, NEW},
    {"networks: [one, two]", "HostConfig.NetworkMode", "\"test_one\"", NEW},
    {"networks: {one: {ipv4_address: 10.0.0.2, interface_name: e9}}",
     "NetworkingConfig.EndpointsConfig",
     "{\"test_one\":{\"Aliases\":[\"test-a-1\",\"a\"],\"IPAMConfig\":{\"IPv4Address\":\"10.0.0.2\"}"
     ","
     "\"IPAddress\":\"10.0.0.2\",\"DriverOpts\":{\"com.docker.network.endpoint.ifname\":\"e9\"}}}",
     NEW},
    {"networks: [one, two]", "NetworkingConfig.EndpointsConfig",
     "{\"test_one\":{\"Aliases\":[\"test-a-1\",\"a\"]},\"test_two\":{\"Aliases\":[\"test-a-1\","
     "\"a\"]}}",
     NEW},
    {"networks: [one, two]", "NetworkingConfig.EndpointsConfig",
     "{\"test_one\":{\"Aliases\":[\"test-a-1\",\"a\"]}}", OLD},
    {"networks: [one]\n    mac_address: 02:42:ac:11:00:99",
     "NetworkingConfig.EndpointsConfig.test_one.MacAddress", "\"02:42:ac:11:00:99\"", NEW},
    {"networks: [one]\n    mac_address: 02:42:ac:11:00:99", "MacAddress", "\"02:42:ac:11:00:99\"",
     OLD},

    {"volumes: ['data:/d', 'ext:/e:ro', '/h:/i:rw,z', 'data:/z:Z']", "HostConfig.Binds",
     "[\"test_data:/d:rw\",\"elsewhere:/e:ro\",\"/h:/i:rw,z\",\"test_data:/z:rw,Z\"]", NEW},
    /* the form that makes /h when it is missing */
    {"volumes: ['/h:/i:ro,Z,rshared']", "HostConfig.Binds", "[\"/h:/i:ro,Z,rshared\"]", OLD},
    {"volumes: ['/h:/i:rshared']", "HostConfig.Mounts",
     "[{\"Type\":\"bind\",\"Source\":\"/h\",\"Target\":\"/i\",\"BindOptions\":{"
     "\"Propagation\":\"rshared\",\"CreateMountpoint\":true}}]",
     NEW},
    {"volumes: [/anon, 'data:/n:nocopy']", "HostConfig.Mounts",
     "[{\"Type\":\"volume\",\"Target\":\"/anon\",\"VolumeOptions\":{}},"
     "{\"Type\":\"volume\",\"Source\":\"test_data\",\"Target\":\"/"
     "n\",\"VolumeOptions\":{\"NoCopy\":true}}]",
     NEW},
    {"volumes: [{type: bind, source: /h, target: /d, read_only: true, bind: {create_host_path: "
     "false}}]",
     "HostConfig.Mounts",
     "[{\"Type\":\"bind\",\"Source\":\"/h\",\"Target\":\"/"
     "d\",\"ReadOnly\":true,\"BindOptions\":{}}]",
     NEW},
    {"volumes: ['/h:/d:rshared']", "HostConfig.Mounts",
     "[{\"Type\":\"bind\",\"Source\":\"/h\",\"Target\":\"/d\","
     "\"BindOptions\":{\"Propagation\":\"rshared\",\"CreateMountpoint\":true}}]",
     NEW},
    {"volumes: [{type: bind, source: /h, target: /d, bind: {recursive: readonly}}]",
     "HostConfig.Mounts",
     "[{\"Type\":\"bind\",\"Source\":\"/h\",\"Target\":\"/d\","
     "\"BindOptions\":{\"ReadOnlyForceRecursive\":true}}]",
     NEW},
    {"volumes: [{type: tmpfs, target: /t, tmpfs: {size: 1k, mode: 0755}}, {type: tmpfs, target: "
     "/u}]",
     "HostConfig.Mounts",
     "[{\"Type\":\"tmpfs\",\"Target\":\"/t\",\"TmpfsOptions\":{\"SizeBytes\":1024,\"Mode\":493}},"
     "{\"Type\":\"tmpfs\",\"Target\":\"/u\"}]",
     NEW},
    {"volumes: ['data:/d', '/h:/d']", "HostConfig.Binds", "[\"/h:/d:rw\"]", NEW},
    {"secrets: [s, {source: s, target: sub/x}, {source: s, target: /abs}, env]",
     "HostConfig.Mounts",
     "[{\"Type\":\"bind\",\"Source\":\"/s\",\"Target\":\"/run/secrets/"
     "s\",\"ReadOnly\":true,\"BindOptions\":{}},"
     "{\"Type\":\"bind\",\"Source\":\"/s\",\"Target\":\"/run/secrets/sub/x\",\"ReadOnly\":true,"
     "\"BindOptions\":{}},"
     "{\"Type\":\"bind\",\"Source\":\"/s\",\"Target\":\"/"
     "abs\",\"ReadOnly\":true,\"BindOptions\":{}}]",
     NEW},
    {"configs: [c, {source: c, target: x/y}, text]", "HostConfig.Mounts",
     "[{\"Type\":\"bind\",\"Source\":\"/c\",\"Target\":\"/c\",\"ReadOnly\":true},"
     "{\"Type\":\"bind\",\"Source\":\"/c\",\"Target\":\"/x/y\",\"ReadOnly\":true}]",
     NEW},
    {"volumes: ['data:/x']\n    secrets: [{source: s, target: /x}]\n    configs: [{source: c, "
     "target: /x}]",
     "HostConfig.Mounts", NULL, NEW},
    {"secrets: [{source: s, target: /x}]\n    configs: [{source: c, target: /x}]",
     "HostConfig.Mounts",
     "[{\"Type\":\"bind\",\"Source\":\"/s\",\"Target\":\"/"
     "x\",\"ReadOnly\":true,\"BindOptions\":{}}]",
     NEW},
};

static const struct {
    const char *service, *want;
    unsigned minor;
} error_cases[] = {
    {"healthcheck: {test: a, start_period: 2s, start_interval: 1s}",
     "4:62: can't set healthcheck.start_interval as feature require Docker Engine v25 or later",
     OLD},
    {"healthcheck: {test: a, start_interval: 1s}",
     "4:44: healthcheck.start_interval requires healthcheck.start_period to be set", NEW},
    {"security_opt: [foo]", "4:20: invalid security-opt: \"foo\"", NEW},
    {"security_opt: ['seccomp=/nonexistent']",
     "4:20: opening seccomp profile (/nonexistent) failed: open /nonexistent: no such file or "
     "directory",
     NEW},
    {"volumes: [{type: volume, source: data, target: /d, volume: {subpath: x}}]",
     "4:15: volume subpath 'x' requires Docker Engine v26 or later", 44},
    {"volumes: [{type: bind, source: /h, target: /d, bind: {recursive: readonly}}]",
     "4:15: bind-recursive=readonly requires API v1.44 or later", OLD},
    {"volumes: [{type: image, source: busybox, target: /d}]",
     "4:15: volume with type=image require Docker Engine v28 or later", 47},
    {"networks: {one: {mac_address: 02:42:ac:11:00:99}}",
     "4:35: a MAC address for a network requires Docker Engine v25 or later", OLD},
    {"networks: {one: {interface_name: e}}",
     "4:38: interface_name requires Docker Engine v28.1 or later", 48},
    {"networks: {one: {mac_address: 02:42:ac:11:00:99}}\n    mac_address: 02:42:ac:11:00:98",
     "5:18: the service-level mac_address should have the same value as network one", NEW},
};

/* One service `a`, with what the planner would add. */
static struct container_create container(struct fixture *f, const char *text)
{
    struct container_create c = {.name = "test-a-1", .image = "x"};
    AUTO_TEXT file = {0};

    fixture_init(f);
    fixture_file(f, "p.json", "{ \"a b\" : [1,\n 2.50, \"\\\" \"] }\n");
    str_addf(&file, "services:\n  a:\n    %s%s\n  b: {image: x}\n  far: {image: x}\n%s",
             strstr(text, "image:") == text ? "" : "image: x\n    ", text, tail);
    fixture_file(f, "compose.yaml", str_text(&file));
    c.project = fixture_load(f);
    if (!c.project)
        fail_msg("'%s': %s", text, fixture_messages(f));
    c.service = project_service(c.project, "a");
    c.endpoints.items =
        arena_calloc(c.project->arena, c.service->networks.len + 1, sizeof(struct endpoint *));
    for (size_t i = 0; i < c.service->networks.len; i++) {
        struct service_network *n = c.service->networks.items[i];
        struct endpoint *e = arena_alloc(c.project->arena, sizeof *e);
        const char **aliases = arena_calloc(c.project->arena, 2, sizeof *aliases);

        aliases[0] = c.name;
        aliases[1] = "a";
        *e = (struct endpoint){.network = project_network(c.project, n->item.key)->name,
                               .options = n,
                               .aliases = {aliases, 2}};
        c.endpoints.items[c.endpoints.len++] = e;
    }
    return c;
}

static void check_field(const struct json *body, const char *field, const char *want)
{
    const struct json *value = json_get(body, field);
    AUTO_TEXT text = {0};

    if (value)
        json_print(value, &text);
    if (want)
        assert_string_equal(str_text(&text), want);
    else
        assert_null(value);
}

static void test_fields(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct fixture f;
        struct container_create c = container(&f, cases[i].service);
        AUTO_ERR err = {0};
        struct json *body = NULL;

        if (map_container(&c, cases[i].minor, &body, &err) < 0)
            fail_msg("'%s': %s", cases[i].service, err_text(&err));
        check_field(body, cases[i].field, cases[i].want);
        json_free(body);
        fixture_done(&f);
    }
}

static void test_errors(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(error_cases); i++) {
        struct fixture f;
        struct container_create c = container(&f, error_cases[i].service);
        AUTO_TEXT text = {0};
        AUTO_ERR err = {0};
        struct json *body = NULL;

        assert_int_equal(map_container(&c, error_cases[i].minor, &body, &err), -1);
        str_addf(&text, "%u:%u: %s", err.loc.line, err.loc.col, err_text(&err));
        assert_string_equal(str_text(&text), error_cases[i].want);
        fixture_done(&f);
    }
}

/* What `run` and a replaced container bring along. */
static void test_caller(void **state)
{
    struct fixture f;
    struct container_create c =
        container(&f, "restart: always\n    volumes: [/anon, 'data:/d']\n    ipc: private");
    struct inherited_mount kept = {"volume", "abc", "/anon", true},
                           lost = {"volume", "def", "/d", false};
    struct inherited_mount *inherited[] = {&kept, &lost};
    const char *links[] = {"test-b-1:b", "far:near"};
    struct json *body = NULL;

    (void)state;
    c.oneoff = c.attach_stdin = c.auto_remove = true;
    c.refs.ipc = "container:1";
    c.refs.network_mode = "container:2";
    c.links = (struct strings){links, 2};
    c.inherited.items = inherited;
    c.inherited.len = 2;
    assert_int_equal(map_container(&c, NEW, &body, NULL), 0);
    check_field(body, "HostConfig.RestartPolicy.Name", "\"\"");
    check_field(body, "HostConfig.AutoRemove", "true");
    check_field(body, "AttachStdin", "true");
    check_field(body, "OpenStdin", "true");
    check_field(body, "HostConfig.IpcMode", "\"container:1\"");
    check_field(body, "HostConfig.Links", "[\"test-b-1:b\",\"far:near\"]");
    check_field(body, "HostConfig.NetworkMode", "\"container:2\"");
    check_field(body, "NetworkingConfig", NULL);
    check_field(
        body, "HostConfig.Mounts",
        "[{\"Type\":\"volume\",\"Source\":\"abc\",\"Target\":\"/anon\",\"ReadOnly\":true}]");
    check_field(body, "HostConfig.Binds", "[\"test_data:/d:rw\"]");
    json_free(body);
    fixture_done(&f);
}

/* Containers whose volumes are taken over, by what the caller found out; the mode is kept. */
static void test_volumes_from(void **state)
{
    struct fixture f;
    struct container_create c = container(&f, "volumes_from: ['b:ro', b, 'container:far:ro', far]");
    const char *ids[] = {"1", "2", "far", "far"};
    struct json *body = NULL;

    (void)state;
    c.refs.volumes_from = ids;
    c.refs.volumes_from_len = 4;
    assert_int_equal(map_container(&c, NEW, &body, NULL), 0);
    check_field(body, "HostConfig.VolumesFrom", "[\"1:ro\",\"2\",\"far:ro\",\"far\"]");
    json_free(body);
    fixture_done(&f);
}

static const struct {
    const char *text, *want;
    unsigned minor;
} network_cases[] = {
    {"{}", "{\"Name\":\"test_n\",\"Labels\":{\"l\":\"m\"}}", NEW},
    {"{}", "{\"Name\":\"test_n\",\"CheckDuplicate\":true,\"Labels\":{\"l\":\"m\"}}", OLD},
    {"{driver: d, driver_opts: {a.b: 1}, internal: true, attachable: true, enable_ipv6: false}",
     "{\"Name\":\"test_n\",\"Attachable\":true,\"Driver\":\"d\",\"Options\":{\"a.b\":\"1\"},"
     "\"EnableIPv6\":false,\"Internal\":true,\"Labels\":{\"l\":\"m\"}}",
     NEW},
    {"{ipam: {options: {a.b: c}}}",
     "{\"Name\":\"test_n\",\"IPAM\":{\"Driver\":\"\",\"Config\":[],\"Options\":{\"a.b\":\"c\"}},"
     "\"Labels\":{\"l\":\"m\"}}",
     NEW},
    {"{ipam: {driver: i, config: [{subnet: 10.0.0.0/24, gateway: 10.0.0.1, ip_range: 10.0.0.0/25, "
     "aux_addresses: {h: 10.0.0.9}}]}}",
     "{\"Name\":\"test_n\",\"IPAM\":{\"Driver\":\"i\",\"Config\":[{\"Subnet\":\"10.0.0.0/24\","
     "\"IPRange\":\"10.0.0.0/"
     "25\",\"Gateway\":\"10.0.0.1\",\"AuxiliaryAddresses\":{\"h\":\"10.0.0.9\"}}]},"
     "\"Labels\":{\"l\":\"m\"}}",
     NEW},
};

static void test_networks(void **state)
{
    struct mapping_entry label = {"l", "m"};
    const struct mapping labels = {&label, 1};

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(network_cases); i++) {
        struct fixture f;
        AUTO_TEXT text = {0};
        AUTO_JSON body = NULL;

        str_addf(&text, "services: {a: {image: x, networks: [n]}}\nnetworks: {n: %s}\n",
                 network_cases[i].text);
        assert_non_null(fixture_compose(&f, str_text(&text)));
        body = map_network(project_network(f.project, "n"), &labels, network_cases[i].minor);
        str_clear(&text);
        json_print(body, &text);
        assert_string_equal(str_text(&text), network_cases[i].want);
        fixture_done(&f);
    }
}

static void test_volume(void **state)
{
    struct mapping_entry options[] = {{"o", "size=1m"}, {"type", "tmpfs"}}, label = {"l", "m"};
    const struct volume v = {.name = "n", .driver = "local", .driver_opts = {options, 2}};
    AUTO_JSON body = map_volume(&v, &(struct mapping){&label, 1});
    AUTO_TEXT text = {0};

    (void)state;
    json_print(body, &text);
    assert_string_equal(str_text(&text),
                        "{\"Name\":\"n\",\"Driver\":\"local\",\"DriverOpts\":{\"o\":\"size=1m\","
                        "\"type\":\"tmpfs\"},\"Labels\":{\"l\":\"m\"}}");
}

static void test_connect(void **state)
{
    const struct service_network n = {.ipv6_address = "fd00::2", .gw_priority = 3};
    const char *links[] = {"a:b"};
    const struct endpoint e = {.network = "net", .options = &n, .links = {links, 1}};
    AUTO_JSON body = NULL;
    AUTO_TEXT text = {0};

    (void)state;
    assert_int_equal(map_connect("c1", &e, OLD, &body, NULL), 0);
    json_print(body, &text);
    assert_string_equal(str_text(&text), "{\"Container\":\"c1\",\"EndpointConfig\":{\"Links\":[\"a:"
                                         "b\"],\"IPAMConfig\":{\"IPv6Address\":\"fd00::2\"},"
                                         "\"IPv6Gateway\":\"fd00::2\",\"GwPriority\":3}}");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_fields),   cmocka_unit_test(test_errors),
        cmocka_unit_test(test_caller),   cmocka_unit_test(test_volumes_from),
        cmocka_unit_test(test_networks), cmocka_unit_test(test_volume),
        cmocka_unit_test(test_connect),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
