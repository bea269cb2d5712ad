#include "drivers/docker/parse.h"

#include "core/base/arena.h"
#include "core/base/err.h"
#include "core/json/json.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static struct arena *arena;

static struct json *json_of(const char *text)
{
    AUTO_ERR err = {0};
    struct json *j = json_parse(text, strlen(text), &err);

    if (!j)
        fail_msg("%s in %s", err_text(&err), text);
    return j;
}

static const struct {
    const char *status;
    enum health health;
    int exit_code;
} statuses[] = {
    {"", HEALTH_NONE, 0},
    {"Created", HEALTH_NONE, 0},
    {"Up 2 seconds", HEALTH_NONE, 0},
    {"Up 2 seconds (healthy)", HEALTH_HEALTHY, 0},
    {"Up 3 days (unhealthy)", HEALTH_UNHEALTHY, 0},
    {"Up Less than a second (health: starting)", HEALTH_STARTING, 0},
    {"Up 5 minutes (Paused)", HEALTH_NONE, 0},
    {"Exited (0) 5 minutes ago", HEALTH_NONE, 0},
    {"Exited (137) 5 minutes ago", HEALTH_NONE, 137},
    {"Restarting (3) 1 second ago", HEALTH_NONE, 3},
    {"Exited (", HEALTH_NONE, 0},
    {"Exited (x) ago", HEALTH_NONE, 0},
    {"Exited (99999999999999999999) ago", HEALTH_NONE, 0},
};

static void test_status(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(statuses); i++) {
        assert_int_equal(parse_status_health(statuses[i].status), statuses[i].health);
        assert_int_equal(parse_status_exit_code(statuses[i].status), statuses[i].exit_code);
    }
}

static void test_container_entry(void **state)
{
    AUTO_JSON j = json_of(
        "{\"Id\":\"0123456789abcdef\",\"Names\":[\"/web/alias\",\"/p-a-1\"],\"Image\":\"alpine\","
        "\"ImageID\":\"sha256:1\",\"Command\":\"sleep "
        "1\",\"Created\":1700000000,\"State\":\"running\","
        "\"Status\":\"Up 2 seconds (healthy)\",\"Ports\":[{\"IP\":\"0.0.0.0\",\"PrivatePort\":80,"
        "\"PublicPort\":8080,\"Type\":\"tcp\"},{\"PrivatePort\":53,\"Type\":\"udp\"}],\"Labels\":{"
        "\"z\":\"\",\"com.docker.compose.project\":\"p\",\"com.docker.compose.service\":\"a\","
        "\"com.docker.compose.container-number\":\"12\",\"com.docker.compose.oneoff\":\"True\","
        "\"com.docker.compose.config-hash\":\"ff\",\"com.docker.compose.image\":\"sha256:2\"},"
        "\"Mounts\":[{\"Type\":\"volume\",\"Name\":\"v\",\"Source\":\"/d\",\"Destination\":\"/v\","
        "\"Driver\":\"local\",\"Mode\":\"z\",\"RW\":true}],"
        "\"NetworkSettings\":{\"Networks\":{\"n.et\":{\"NetworkID\":\"77\",\"Aliases\":null}}}}");
    struct container *c = parse_container_entry(arena, j);

    (void)state;
    assert_string_equal(c->name, "p-a-1");
    assert_int_equal(c->names.len, 2);
    assert_string_equal(c->names.items[0], "web/alias");
    assert_int_equal(c->state, STATE_RUNNING);
    assert_int_equal(c->health, HEALTH_HEALTHY);
    assert_int_equal(c->created, 1700000000);
    assert_int_equal(c->ports.len, 2);
    assert_int_equal(c->ports.items[0]->public_port, 8080);
    assert_string_equal(c->ports.items[1]->ip, "");
    assert_string_equal(c->ports.items[1]->type, "udp");
    assert_int_equal(c->mounts.len, 1);
    assert_true(c->mounts.items[0]->rw);
    assert_string_equal(c->networks.items[0]->name, "n.et");
    assert_string_equal(c->networks.items[0]->network_id, "77");
    assert_string_equal(c->project, "p");
    assert_int_equal(c->number, 12);
    assert_true(c->oneoff);
    assert_string_equal(c->image_label, "sha256:2");
    assert_string_equal(c->labels.entries[0].key, "com.docker.compose.config-hash");
    assert_string_equal(c->labels.entries[6].key, "z");
    assert_false(c->inspected);
}

static void test_container_inspected(void **state)
{
    AUTO_JSON j = json_of(
        "{\"Id\":\"ab\",\"Created\":\"2026-01-02T03:04:05.678Z\",\"Path\":\"sh\",\"Args\":[\"-c\","
        "\"x\"],"
        "\"State\":{\"Status\":\"exited\",\"ExitCode\":137,\"OOMKilled\":true,\"Error\":\"e\","
        "\"StartedAt\":\"2026-01-02T03:04:06Z\",\"Health\":{\"Status\":\"unhealthy\",\"Log\":["
        "{\"Output\":\"first\"},{\"Output\":\"last\"}]}},\"Image\":\"sha256:9\",\"Name\":\"/n\","
        "\"Config\":{\"Image\":\"img\",\"Tty\":true,\"OpenStdin\":true,\"Labels\":{},"
        "\"Healthcheck\":{\"Test\":[\"CMD\",\"true\"]}},\"NetworkSettings\":{\"Ports\":{\"80/"
        "tcp\":["
        "{\"HostIp\":\"::\",\"HostPort\":\"8080\"},{\"HostIp\":\"0.0.0.0\",\"HostPort\":\"8080\"}],"
        "\"81/udp\":null},\"Networks\":{\"d\":{\"Aliases\":[\"a\",\"b\"]}}}}");
    struct container *c = parse_container(arena, j);

    (void)state;
    assert_true(c->inspected);
    assert_string_equal(c->name, "n");
    assert_string_equal(c->names.items[0], "n");
    assert_string_equal(c->command, "sh -c x");
    assert_int_equal(c->created, 1767323045);
    assert_int_equal(c->state, STATE_EXITED);
    assert_int_equal(c->exit_code, 137);
    assert_int_equal(c->health, HEALTH_UNHEALTHY);
    assert_string_equal(c->health_output, "last");
    assert_string_equal(c->error, "e");
    assert_true(c->oom_killed && c->tty && c->open_stdin && c->has_healthcheck);
    assert_string_equal(c->image, "img");
    assert_string_equal(c->image_id, "sha256:9");
    assert_int_equal(c->ports.len, 3);
    assert_string_equal(c->ports.items[0]->ip, "::");
    assert_int_equal(c->ports.items[1]->public_port, 8080);
    assert_int_equal(c->ports.items[2]->private_port, 81);
    assert_string_equal(c->ports.items[2]->type, "udp");
    assert_string_equal(c->networks.items[0]->aliases.items[1], "b");
}

/* `healthcheck: disable` reaches the engine as NONE. */
static void test_no_healthcheck(void **state)
{
    AUTO_JSON none = json_of("{\"Config\":{\"Healthcheck\":{\"Test\":[\"NONE\"]}}}");
    AUTO_JSON empty = json_of("{\"Config\":{\"Healthcheck\":{}}}");

    (void)state;
    assert_false(parse_container(arena, none)->has_healthcheck);
    assert_false(parse_container(arena, empty)->has_healthcheck);
}

/* No type, member or nesting may be taken for granted. */
static void test_nonsense(void **state)
{
    static const char *const texts[] = {
        "null",
        "[]",
        "7",
        "\"x\"",
        "{}",
        "{\"Id\":7,\"Names\":\"x\",\"Name\":[],\"Labels\":[1],\"Ports\":{\"a\":1},\"Mounts\":[null,"
        "7],"
        "\"State\":{\"Health\":7},\"NetworkSettings\":{\"Networks\":[{}],\"Ports\":[7,[{}]]},"
        "\"RepoTags\":"
        "[null],\"Containers\":[1],\"Config\":{\"Volumes\":[1],\"Healthcheck\":{\"Test\":7}},"
        "\"Actor\":{\"Attributes\":[\"name\"]},\"timeNano\":\"x\",\"Created\":{}}",
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
        AUTO_JSON j = json_of(texts[i]);

        assert_string_equal(parse_container_entry(arena, j)->id, "");
        assert_string_equal(parse_container(arena, j)->id, "");
        assert_string_equal(parse_network(arena, j)->id, "");
        assert_string_equal(parse_volume(arena, j)->project, "");
        assert_string_equal(parse_image_entry(arena, j)->id, "");
        assert_string_equal(parse_image(arena, j)->ref, "");
        assert_string_equal(parse_event(arena, j)->action, "");
    }
}

static void test_others(void **state)
{
    AUTO_JSON network =
        json_of("{\"Name\":\"p_n\",\"Id\":\"1\",\"Driver\":\"bridge\",\"Scope\":\"local\","
                "\"Labels\":{\"com.docker.compose.network\":\"n\"},"
                "\"Containers\":{\"c1\":{},\"c2\":{}}}");
    AUTO_JSON volume =
        json_of("{\"Name\":\"p_v\",\"Labels\":{\"com.docker.compose.volume\":\"v\"}}");
    AUTO_JSON image =
        json_of("{\"Id\":\"sha256:1\",\"RepoTags\":[\"<none>:<none>\",\"a:1\"],\"Size\":"
                "5000000000,\"Created\":\"2026-01-02T03:04:05Z\",\"Config\":{\"Volumes\":"
                "{\"/a\":{},\"/b\":{}},\"Healthcheck\":{\"Test\":[\"CMD-SHELL\",\"x\"]}},"
                "\"Metadata\":{\"LastTagTime\":\"t\"}}");
    AUTO_JSON die = json_of("{\"Type\":\"container\",\"Action\":\"die\",\"Actor\":{\"ID\":\"c\","
                            "\"Attributes\":{\"exitCode\":\"7\",\"name\":\"n\"}},"
                            "\"timeNano\":1795316083123456789}");
    struct event *e = parse_event(arena, die);
    struct image_state *i = parse_image(arena, image);

    (void)state;
    assert_string_equal(parse_network(arena, network)->key, "n");
    assert_string_equal(parse_network(arena, network)->containers.items[1], "c2");
    assert_string_equal(parse_volume(arena, volume)->key, "v");
    assert_string_equal(i->ref, "a:1");
    assert_int_equal(i->size, 5000000000);
    assert_int_equal(i->volumes.len, 2);
    assert_true(i->has_healthcheck);
    assert_string_equal(i->last_tag_time, "t");
    assert_string_equal(e->exit_code, "7");
    assert_string_equal(e->name, "n");
    assert_true(e->time_nano == 1795316083123456789);
}

static int setup(void **state)
{
    (void)state;
    arena = arena_new();
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    arena_free(arena);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_status),         cmocka_unit_test(test_container_entry),
        cmocka_unit_test(test_no_healthcheck), cmocka_unit_test(test_container_inspected),
        cmocka_unit_test(test_nonsense),       cmocka_unit_test(test_others),
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
