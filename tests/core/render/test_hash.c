#include "core/render/render.h"

#include "core/base/attr.h"
#include "core/base/digest.h"
#include "core/base/str.h"
#include "core/model/model.h"
#include "tests/lib/fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#define ID "5581cf5affe63d867258105578958aed8ade291a11dd0f378b303563d0bfb70f"

/* The worked examples of docker compose's own hashes, both generations. */
static const struct {
    const char *yaml, *service;
    struct service_refs refs;
    const char *json, *v2, *v5;
} cases[] = {
    {"services: {e1: {image: bb2}}",
     "e1",
     {0},
     "{\"command\":null,\"entrypoint\":null,\"image\":\"bb2\",\"networks\":{\"default\":null}}",
     "75e822db9ac4484557472aab9f71fef39241a0e25a0fdab60378d1a6bd955937",
     "75e822db9ac4484557472aab9f71fef39241a0e25a0fdab60378d1a6bd955937"},
    {"services:\n"
     "  e2:\n"
     "    image: bb2\n"
     "    command: sh -c \"exec sleep 100\"\n"
     "    environment: {A: 1, B: \"<x>&\\\"y\\\"\\n\", EMPTY: \"\", NUL: null}\n"
     "    healthcheck: {test: \"true\", interval: 0.5s, timeout: 90s, retries: 3, start_period: "
     "1d}\n"
     "    ports: [\"127.0.0.1:8080:80\"]\n"
     "    stop_grace_period: 1500ms\n"
     "    pull_policy: always\n"
     "    scale: 2\n",
     "e2",
     {0},
     "{\"command\":[\"sh\",\"-c\",\"exec sleep "
     "100\"],\"entrypoint\":null,\"environment\":{\"A\":\"1\",\"B\":"
     "\"\\u003cx\\u003e\\u0026\\\"y\\\"\\n\",\"EMPTY\":\"\",\"NUL\":null},\"healthcheck\":{"
     "\"test\":["
     "\"CMD-SHELL\",\"true\"],\"timeout\":\"1m30s\",\"interval\":\"500ms\",\"retries\":3,\"start_"
     "period\":"
     "\"24h0m0s\"},\"image\":\"bb2\",\"networks\":{\"default\":null},\"ports\":[{\"mode\":"
     "\"ingress\","
     "\"host_ip\":\"127.0.0.1\",\"target\":80,\"published\":\"8080\",\"protocol\":\"tcp\"}],"
     "\"stop_grace_period\":\"1.5s\"}",
     "6d4380ec25c4dc81546eebfd6ba33493cdec72809e74e8acf8fd904807e95ab3",
     "6d4380ec25c4dc81546eebfd6ba33493cdec72809e74e8acf8fd904807e95ab3"},
    {"services:\n"
     "  e3:\n"
     "    image: bb2\n"
     "    networks: {default: , back: {aliases: [x], priority: 2}}\n"
     "    volumes: [\"data:/d\", \"/srv/app/src:/s:ro\", {type: tmpfs, target: /t, tmpfs: {size: "
     "1m, mode: "
     "0755}}]\n"
     "networks: {back: }\n"
     "volumes: {data: }\n",
     "e3",
     {0},
     "{\"command\":null,\"entrypoint\":null,\"image\":\"bb2\",\"networks\":{\"back\":{\"aliases\":["
     "\"x\"],"
     "\"priority\":2},\"default\":null},\"volumes\":[{\"type\":\"volume\",\"source\":\"data\","
     "\"target\":"
     "\"/d\",\"volume\":{}},{\"type\":\"bind\",\"source\":\"/srv/app/src\",\"target\":\"/"
     "s\",\"read_only\":"
     "true,\"bind\":{\"create_host_path\":true}},{\"type\":\"tmpfs\",\"target\":\"/"
     "t\",\"tmpfs\":{\"size\":"
     "\"1048576\",\"mode\":493}}]}",
     "240384ea41355c3e2233d851dd6c282016fdbb54b5f3bf367df739dcf61710be",
     "aa869c6714ef26ece31ae94274939059d45af913fc6300b5563c2aea7166f07a"},
    {"services:\n"
     "  e4:\n"
     "    image: bb2\n"
     "    cpus: 0.1\n"
     "    mem_limit: 512m\n"
     "    deploy: {replicas: 3, resources: {limits: {cpus: \"0.1\", memory: 512M}}}\n"
     "    extra_hosts: [\"b=[::1]\", \"a:1.2.3.4\"]\n"
     "    labels: {n: 3, z: , \"\\u00e9\": \"\\u00fc\"}\n"
     "    ulimits: {nofile: {soft: 1, hard: 2}, core: 0, nproc: 5}\n",
     "e4",
     {0},
     "{\"cpus\":0.1,\"command\":null,\"deploy\":{\"resources\":{\"limits\":{\"cpus\":0.1,"
     "\"memory\":"
     "\"536870912\"}},\"placement\":{}},\"entrypoint\":null,\"extra_hosts\":[\"a=1.2.3.4\",\"b=::"
     "1\"],"
     "\"image\":\"bb2\",\"labels\":{\"n\":\"3\",\"z\":\"\",\"\u00e9\":\"\u00fc\"},\"mem_limit\":"
     "\"536870912\",\"networks\":{\"default\":null},\"ulimits\":{\"core\":{},\"nofile\":{\"soft\":"
     "1,"
     "\"hard\":2},\"nproc\":5}}",
     "97c6e39225b6c18feccecc2a4d3075bc4c3146162ab8128b3ee3fc0c2029fcab",
     "97c6e39225b6c18feccecc2a4d3075bc4c3146162ab8128b3ee3fc0c2029fcab"},
    {"services:\n"
     "  b: {image: bb2, command: [sleep,\"100\"], init: true, network_mode: \"service:c\"}\n"
     "  c: {image: bb2}\n",
     "b",
     {.network_mode = "container:" ID},
     "{\"command\":[\"sleep\",\"100\"],\"entrypoint\":null,\"image\":\"bb2\",\"init\":true,"
     "\"network_mode\":\"container:" ID "\"}",
     "965f5ce6610502ede44ef2e06a403543f286c04b11331bb00753e7defd7dc1db",
     "965f5ce6610502ede44ef2e06a403543f286c04b11331bb00753e7defd7dc1db"},
    {"services:\n"
     "  b: {image: bb2, command: [sleep,\"100\"], init: true, volumes_from: [c]}\n"
     "  c: {image: bb2}\n",
     "b",
     {.volumes_from = (const char *const[]){ID}, .volumes_from_len = 1},
     "{\"command\":[\"sleep\",\"100\"],\"entrypoint\":null,\"image\":\"bb2\",\"init\":true,"
     "\"networks\":{\"default\":null},\"volumes_from\":[\"" ID "\"]}",
     "420844148bcca3821309c49f191aed921bb739f2a019f61388dd13781ef9b226",
     "420844148bcca3821309c49f191aed921bb739f2a019f61388dd13781ef9b226"},
};

static void test_worked_examples(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct fixture f;
        struct project *p = fixture_compose(&f, cases[i].yaml);
        AUTO_TEXT json = {0};
        char hash[SHA256_HEX_SIZE];
        const struct service *s;

        if (!p)
            fail_msg("case %zu: %s", i, fixture_messages(&f));
        s = project_service(p, cases[i].service);
        hash_service_json(s, &cases[i].refs, HASH_V2, &json);
        assert_string_equal(str_text(&json), cases[i].json);
        hash_service(s, &cases[i].refs, HASH_V2, hash);
        assert_string_equal(hash, cases[i].v2);
        hash_service(s, &cases[i].refs, HASH_V5, hash);
        assert_string_equal(hash, cases[i].v5);
        fixture_done(&f);
    }
}

/* Docker compose 2 writes create_host_path when it is true, 5 when it was set to false. */
static void test_create_host_path(void **state)
{
    static const struct {
        const char *bind, *v2, *v5;
    } binds[] = {
        {"", "", ""},
        {", bind: {}", ",\"bind\":{}", ",\"bind\":{}"},
        {", bind: {create_host_path: true}", ",\"bind\":{\"create_host_path\":true}",
         ",\"bind\":{}"},
        {", bind: {create_host_path: false}", ",\"bind\":{}",
         ",\"bind\":{\"create_host_path\":false}"},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(binds); i++) {
        struct fixture f;
        struct project *p;
        AUTO_TEXT yaml = {0};
        AUTO_TEXT v2 = {0};
        AUTO_TEXT v5 = {0};
        AUTO_TEXT want = {0};

        str_addf(&yaml,
                 "services: {a: {image: x, volumes: [{type: bind, source: /s, target: /t%s}]}}",
                 binds[i].bind);
        p = fixture_compose(&f, str_text(&yaml));
        assert_non_null(p);
        hash_service_json(p->services.items[0], NULL, HASH_V2, &v2);
        hash_service_json(p->services.items[0], NULL, HASH_V5, &v5);
        str_addf(&want, "\"target\":\"/t\"%s}]}", binds[i].v2);
        assert_non_null(strstr(str_text(&v2), str_text(&want)));
        str_clear(&want);
        str_addf(&want, "\"target\":\"/t\"%s}]}", binds[i].v5);
        assert_non_null(strstr(str_text(&v5), str_text(&want)));
        fixture_done(&f);
    }
}

/* What does not change a container is not hashed. */
static void test_left_out(void **state)
{
    struct fixture f;
    struct project *p = fixture_compose(&f, "services:\n"
                                            "  a:\n"
                                            "    image: x\n"
                                            "    build: .\n"
                                            "    depends_on: [b]\n"
                                            "    pull_policy: never\n"
                                            "    profiles: []\n"
                                            "    scale: 1\n"
                                            "    x-mine: 1\n"
                                            "    deploy: {replicas: 1, x-mine: 2}\n"
                                            "  b: {image: x}\n");
    AUTO_TEXT json = {0};

    (void)state;
    if (!p)
        fail_msg("%s", fixture_messages(&f));
    hash_service_json(project_service(p, "a"), NULL, HASH_V2, &json);
    assert_string_equal(
        str_text(&json),
        "{\"command\":null,\"deploy\":{\"resources\":{},\"placement\":{}},\"entrypoint\":"
        "null,\"image\":\"x\",\"networks\":{\"default\":null}}");
    fixture_done(&f);
}

/* A container's hash has the content of env_file, `config --hash` its path; label_file is the other
 * way. */
static void test_files(void **state)
{
    struct fixture f;
    char label[SHA256_HEX_SIZE], config[SHA256_HEX_SIZE], want[SHA256_HEX_SIZE];
    AUTO_TEXT json = {0};
    AUTO_TEXT text = {0};

    (void)state;
    fixture_init(&f);
    fixture_file(
        &f, "compose.yaml",
        "services: {a: {image: x, env_file: [e, {path: none, required: false}], label_file: l, "
        "environment: {B: 1}}}");
    fixture_file(&f, "e", "A=1\nB=2\n");
    fixture_file(&f, "l", "L=1\n");
    if (!fixture_load(&f))
        fail_msg("%s", fixture_messages(&f));
    hash_service_json(f.project->services.items[0], NULL, HASH_V2, &json);
    str_addf(&text,
             "{\"command\":null,\"entrypoint\":null,\"environment\":{\"A\":\"1\",\"B\":\"1\"},"
             "\"image\":\"x\","
             "\"labels\":{\"L\":\"1\"},\"label_file\":[\"%s/l\"],\"networks\":{\"default\":null}}",
             f.dir);
    assert_string_equal(str_text(&json), str_text(&text));
    hash_service(f.project->services.items[0], NULL, HASH_V2, label);
    sha256_hex(text.data, text.len, want);
    assert_string_equal(label, want);
    str_clear(&text);
    str_addf(&text,
             "{\"command\":null,\"entrypoint\":null,\"environment\":{\"B\":\"1\"},\"env_file\":[\"%"
             "s/e\","
             "{\"path\":\"%s/none\",\"required\":false}],\"image\":\"x\",\"labels\":{\"L\":\"1\"},"
             "\"networks\":{\"default\":null}}",
             f.dir, f.dir);
    sha256_hex(text.data, text.len, want);
    hash_service_config(f.project, f.project->services.items[0], config);
    assert_string_equal(config, want);
    fixture_done(&f);
}

static void test_resources(void **state)
{
    struct fixture f;
    struct project *p;
    char hash[SHA256_HEX_SIZE];

    (void)state;
    fixture_init(&f);
    f.options.project_name = "em-p1";
    fixture_file(&f, "compose.yaml",
                 "services: {a: {image: x, volumes: [\"data:/d\"]}}\nvolumes: {data: }\n");
    p = fixture_load(&f);
    assert_non_null(p);
    hash_network(project_network(p, "default"), HASH_V2, hash);
    assert_string_equal(hash, "0a57e159641e59c778d2763f14933f3af2acad04a01b8d8659327af67736d25d");
    hash_volume(project_volume(p, "data"), hash);
    assert_string_equal(hash, "c4b2ec7c206a62f6e177c560217ede8df264745866bd7634c59807938f3a3cc9");
    fixture_done(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_worked_examples), cmocka_unit_test(test_create_host_path),
        cmocka_unit_test(test_left_out),        cmocka_unit_test(test_files),
        cmocka_unit_test(test_resources),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
