/* drivers/docker/{create,copy}.c: what is sent, and what is made of the answer. */
#include "core/model/model.h"
#include "tests/lib/engine.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define CREATED                                                                                    \
    SERVER_ANSWER("201 Created", "application/json", "{\"Id\":\"abc\",\"Warnings\":[\"careful\"]}")

static struct mapping_entry label = {"l", "m"};
static const struct mapping labels = {&label, 1};
static struct endpoint one = {.network = "n1"}, two = {.network = "n2"};
static struct endpoint *endpoints[] = {&one, &two};

static struct container_create container(const struct service *s)
{
    struct container_create c = {
        .service = s, .name = "p-a-1", .image = "x", .platform = "linux/arm64"};

    c.endpoints.items = endpoints;
    c.endpoints.len = 2;
    return c;
}

static void start(struct engine *e, const char *version)
{
    AUTO_TEXT ping = {0};

    engine_start(e, false, NULL);
    str_addf(&ping, "HTTP/1.1 200 OK\r\nApi-Version: %s\r\nContent-Length: 2\r\n\r\nOK", version);
    server_on(e->server, "HEAD /_ping", str_text(&ping));
    server_on(e->server, "GET /_ping", str_text(&ping));
}

static const struct {
    const char *version, *want; /* begins so, after the ping */
} container_cases[] = {
    {"1.41", "POST /v1.41/containers/create?name=p-a-1&platform=linux%2Farm64 {\"Image\":\"x\","},
    {"1.51", "POST /v1.51/containers/create?name=p-a-1&platform=linux%2Farm64 {\"Image\":\"x\","},
};

static void test_container(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(container_cases); i++) {
        const struct service s = {.stop_signal = "SIGINT"};
        const struct container_create c = container(&s);
        struct engine e;
        struct outcome o = {.e = &e};
        const char *log;

        start(&e, container_cases[i].version);
        server_on(e.server, "POST ", CREATED);
        e.w->ops->container_create(e.w, &c, engine_on_done, &o);
        engine_run(&e);
        assert_int_equal(o.runs, 1);
        assert_int_equal(o.err.code, ERR_NONE);
        log = strstr(server_log(e.server), "POST ");
        assert_non_null(log);
        assert_int_equal(strncmp(log, container_cases[i].want, strlen(container_cases[i].want)), 0);
        outcome_done(&o);
        engine_end(&e);
    }
}

/* What an engine cannot do is not asked of it. */
static void test_refused(void **state)
{
    struct healthcheck h = {.start_interval = {true, 1}, .start_period = {true, 1}};
    const struct service plain = {0}, checked = {.healthcheck = &h};
    const struct {
        const struct service *s;
        const char *version, *want;
    } cases[] = {
        {&plain, "1.40", "platform 'linux/arm64' requires Docker Engine v20.10 or later"},
        {&checked, "1.43",
         "can't set healthcheck.start_interval as feature require Docker Engine v25 or later"},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        const struct container_create c = container(cases[i].s);
        struct engine e;
        struct outcome o = {.e = &e};

        AUTO_ERR err = {0};

        start(&e, cases[i].version);
        assert_int_equal(e.r->ops->check(e.r, &c, NULL, &err), 0); /* nothing is known yet */
        e.w->ops->container_create(e.w, &c, engine_on_done, &o);
        engine_run(&e);
        assert_int_equal(o.runs, 1);
        assert_string_equal(err_text(&o.err), cases[i].want);
        assert_int_equal(e.r->ops->check(e.r, &c, NULL, &err), -1);
        assert_string_equal(err_text(&err), cases[i].want);
        assert_null(strstr(server_log(e.server), "POST "));
        outcome_done(&o);
        engine_end(&e);
    }
}

static void test_refused_endpoint(void **state)
{
    static const struct service plain = {0};
    struct service_network mac = {.mac_address = "02:42:0a:00:00:05"};
    struct endpoint e2 = {.network = "n", .options = &mac};
    struct container_create c = container(&plain);
    struct engine e;
    struct outcome o = {.e = &e};
    AUTO_ERR err = {0};

    (void)state;
    start(&e, "1.41");
    server_on(e.server, "POST ", CREATED);
    e.w->ops->container_create(e.w, &c, engine_on_done, &o);
    engine_run(&e);
    assert_int_equal(o.err.code, ERR_NONE);
    assert_int_equal(e.r->ops->check(e.r, &c, &two, &err), 0);
    assert_int_equal(e.r->ops->check(e.r, NULL, &e2, &err), -1);
    assert_string_equal(err_text(&err),
                        "a MAC address for a network requires Docker Engine v25 or later");
    outcome_done(&o);
    engine_end(&e);
}

enum op { NETWORK, CONNECT, VOLUME };

static const struct {
    enum op op;
    const char *want;
} cases[] = {
    {NETWORK, "POST /v1.41/networks/create "
              "{\"Name\":\"n\",\"CheckDuplicate\":true,\"Labels\":{\"l\":\"m\"}}\n"},
    {CONNECT, "POST /v1.41/networks/n2/connect {\"Container\":\"p-a-1\",\"EndpointConfig\":{}}\n"},
    {VOLUME, "POST /v1.41/volumes/create {\"Name\":\"v\",\"Labels\":{\"l\":\"m\"}}\n"},
};

static void test_others(void **state)
{
    static const struct network n = {.name = "n"};
    static const struct volume v = {.name = "v"};

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct engine e;
        struct outcome o = {.e = &e};
        const struct writer_ops *ops;

        start(&e, "1.41");
        ops = e.w->ops;
        server_on(e.server, "POST ", CREATED);
        if (cases[i].op == NETWORK)
            ops->network_create(e.w, &n, &labels, engine_on_done, &o);
        else if (cases[i].op == CONNECT)
            ops->network_connect(e.w, "n2", "p-a-1", &two, engine_on_done, &o);
        else
            ops->volume_create(e.w, &v, &labels, engine_on_done, &o);
        engine_run(&e);
        assert_int_equal(o.err.code, ERR_NONE);
        assert_string_equal(strstr(server_log(e.server), "POST "), cases[i].want);
        outcome_done(&o);
        engine_end(&e);
    }
}

static void test_copy(void **state)
{
    const struct file_copy files[] = {{"/run/secrets/s", "abc", 3, 0400, 33, -1},
                                      {"x", "", 0, 0444, -1, -1}};
    struct engine e;
    struct outcome o = {.e = &e};

    (void)state;
    start(&e, "1.41");
    server_on(e.server, "PUT ", SERVER_ANSWER("200 OK", "text/plain", ""));
    e.w->ops->container_copy(e.w, "c1", files, 2, engine_on_done, &o);
    engine_run(&e);
    assert_int_equal(o.runs, 1);
    assert_int_equal(o.err.code, ERR_NONE);
    assert_non_null(strstr(
        server_log(e.server),
        "PUT /v1.41/containers/c1/archive?noOverwriteDirNonDir=true&path=%2F run/secrets/s"));
    outcome_done(&o);
    engine_end(&e);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_container),
        cmocka_unit_test(test_refused),
        cmocka_unit_test(test_refused_endpoint),
        cmocka_unit_test(test_others),
        cmocka_unit_test(test_copy),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
