#include "drivers/docker/client.h"

#include "core/base/arena.h"
#include "core/base/str.h"
#include "tests/lib/engine.h"
#include "tests/lib/fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/* config.json, the engine's host; the headers, then the proxies. */
static const struct {
    const char *config, *host, *want;
} cases[] = {
    {"", "unix:///s", "|"},
    {"not json", "unix:///s", "|"},
    {"{\"HttpHeaders\": 1, \"proxies\": [], \"credsStore\": \"x\"}", "unix:///s", "|"},
    {"{\"HttpHeaders\": {\"X-A\": \"1\", \"X-B\": \"b c\"}}", "unix:///s", "X-A: 1;X-B: b c;|"},
    /* one header can be no two, and what we are called is not the user's */
    {"{\"HttpHeaders\": {\"X-A\": \"1\\r\\nX-C: 2\", \"X\\nY\": \"1\", \"A: b\": \"1\", \"E\": "
     "\"\", "
     "\"N\": 3, \"user-agent\": \"me\"}}",
     "unix:///s", "|"},
    {"{\"proxies\": {\"default\": {\"httpProxy\": \"p\", \"noProxy\": \"a,b\", \"other\": \"x\"}}}",
     "unix:///s", "|HTTP_PROXY=p http_proxy=p NO_PROXY=a,b no_proxy=a,b "},
    {"{\"proxies\": {\"default\": {\"httpProxy\": \"p\"}, \"tcp://h:1\": {\"httpsProxy\": \"s\", "
     "\"ftpProxy\": \"f\", \"allProxy\": \"l\"}}}",
     "tcp://h:1", "|HTTPS_PROXY=s https_proxy=s FTP_PROXY=f ftp_proxy=f ALL_PROXY=l all_proxy=l "},
    {"{\"proxies\": {\"default\": {\"httpProxy\": \"p\"}, \"tcp://h:1\": {}}}", "tcp://h:1", "|"},
};

static void print(const struct mapping *m, struct str *out)
{
    for (size_t i = 0; i < m->len; i++)
        str_addf(out, "%s=%s ", m->entries[i].key, m->entries[i].value);
}

/* detachKeys of config.json; what is typed, in pieces, and what is sent of it. "!": detached. */
static const struct {
    const char *config, *typed[4], *want;
} detaching[] = {
    {"{}", {"ls\n"}, "ls\n"},
    {"{}", {"\x10\x11"}, "!"},
    {"{}", {"a\x10", "\x11"}, "a!"},
    {"{}", {"\x10", "\x10", "x\x10", "y"}, "\x10\x10x\x10y"},
    {"{}", {"\x10\x10\x11"}, "\x10!"},
    {"{}", {"\x11\x10"}, "\x11"},
    {"{\"detachKeys\": \"ctrl-a,d\"}",
     {"\x10\x11\x01", "x\x01"
                      "d"},
     "\x10\x11\x01x!"},
    {"{\"detachKeys\": \"CTRL-],ctrl-_\"}", {"\x1d", "\x1f"}, "!"},
    {"{\"detachKeys\": \"q\"}", {"aqb"}, "a!"},
    /* none that can be typed: the usual ones */
    {"{\"detachKeys\": \"ctrl-\"}", {"\x10\x11"}, "!"},
    {"{\"detachKeys\": \"ctrl-a,\"}", {"\x01", "\x10\x11"}, "\x01!"},
    {"{\"detachKeys\": \"ctrl-1\"}", {"1", "\x10\x11"}, "1!"},
    {"{\"detachKeys\": \"a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a\"}", {"a", "\x10\x11"}, "a!"},
    {"{\"detachKeys\": 3}", {"\x10\x11"}, "!"},
};

static void test_detach_keys(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(detaching); i++) {
        struct fixture f;
        struct client c;
        AUTO_TEXT got = {0};
        size_t held = 0;

        fixture_init(&f);
        fixture_file(&f, "config.json", detaching[i].config);
        client_read(&c, f.dir, "unix:///s");
        for (size_t j = 0; j < ARRAY_LEN(detaching[i].typed) && detaching[i].typed[j]; j++)
            if (detach_typed(&c.detach_keys, &held, detaching[i].typed[j],
                             strlen(detaching[i].typed[j]), &got))
                str_addc(&got, '!');
        assert_string_equal(str_text(&got), detaching[i].want);
        client_done(&c);
        fixture_done(&f);
    }
}

static void test_read(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct fixture f;
        struct client c;
        AUTO_TEXT got = {0};

        fixture_init(&f);
        fixture_file(&f, "config.json", cases[i].config);
        client_read(&c, f.dir, cases[i].host);
        for (const char **line = c.headers; *line; line++)
            str_addf(&got, "%s;", *line);
        str_addc(&got, '|');
        print(&c.proxies, &got);
        assert_string_equal(str_text(&got), cases[i].want);
        client_done(&c);
        fixture_done(&f);
    }
}

static void test_no_file(void **state)
{
    struct client c;

    (void)state;
    client_read(&c, "/nonexistent", "unix:///s");
    assert_null(c.headers[0]);
    assert_int_equal(c.proxies.len, 0);
    client_done(&c);
}

/* What is set already stays, even to nothing. */
static void test_with_proxies(void **state)
{
    struct mapping_entry own[] = {{"A", "1"}, {"HTTP_PROXY", "mine"}, {"no_proxy", ""}};
    struct mapping_entry proxies[] = {
        {"HTTP_PROXY", "p"}, {"http_proxy", "p"}, {"NO_PROXY", "n"}, {"no_proxy", "n"}};
    const struct mapping m = {own, ARRAY_LEN(own)};
    const struct client c = {.proxies = {proxies, ARRAY_LEN(proxies)}};
    struct arena *a = arena_new();
    struct mapping all = client_with_proxies(&c, a, &m), none = client_with_proxies(&c, a, NULL);
    AUTO_TEXT got = {0};

    (void)state;
    print(&all, &got);
    str_addc(&got, '|');
    print(&none, &got);
    assert_string_equal(str_text(&got), "http_proxy=p NO_PROXY=n A=1 HTTP_PROXY=mine no_proxy= |"
                                        "HTTP_PROXY=p http_proxy=p NO_PROXY=n no_proxy=n ");
    arena_free(a);
}

static size_t occurrences(const char *text, const char *what)
{
    size_t count = 0;

    for (const char *at = strstr(text, what); at; at = strstr(at + 1, what))
        count++;
    return count;
}

/* Every request carries the headers, those that leave HTTP as well; builds get the proxies. */
static void test_on_the_way(void **state)
{
    struct fixture f;
    struct engine e;
    struct outcome stop = {.e = &e}, exec = {.e = &e}, build = {.e = &e};
    struct mapping_entry own[] = {{"HTTP_PROXY", "mine"}};
    const struct mapping args = {own, 1};
    const struct exec_create ec = {0};
    const struct image_build b = {.context = "https://h/r.git", .args = &args};

    (void)state;
    fixture_init(&f);
    fixture_file(&f, "config.json",
                 "{\"HttpHeaders\": {\"X-A\": \"1\"},"
                 " \"proxies\": {\"default\": {\"httpProxy\": \"p\"}}}");
    engine_start(&e, false, (const char *const[]){"DOCKER_CONFIG", f.dir, NULL});
    server_on(e.server, "POST /v1.41/", SERVER_JSON("{}"));
    e.w->ops->container_stop(e.w, "c", 1, engine_on_done, &stop);
    e.w->ops->exec_start(e.w, "x", &ec, engine_on_output, engine_on_ready, engine_on_done, &exec);
    e.w->ops->image_build(e.w, &b, NULL, engine_on_done, &build);
    engine_run(&e);
    assert_int_equal(stop.runs + exec.runs + build.runs, 3);
    assert_int_equal(occurrences(server_heads(e.server), " HTTP/1.1\r\n"), 4); /* with the ping */
    assert_int_equal(occurrences(server_heads(e.server), "\r\nX-A: 1\r\n"), 4);
    assert_non_null(strstr(server_log(e.server),
                           "buildargs=%7B%22http_proxy%22%3A%22p%22%2C%22HTTP_PROXY%22%3A%22mine"));
    outcome_done(&stop);
    outcome_done(&exec);
    outcome_done(&build);
    engine_end(&e);
    fixture_done(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_read),       cmocka_unit_test(test_detach_keys),
        cmocka_unit_test(test_no_file),    cmocka_unit_test(test_with_proxies),
        cmocka_unit_test(test_on_the_way),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
