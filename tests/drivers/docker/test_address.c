#include "drivers/docker/address.h"

#include "core/base/digest.h"
#include "core/base/err.h"
#include "core/base/mem.h"
#include "core/base/str.h"
#include "drivers/docker/docker.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

static const struct {
    const char *host, *want;
} hosts[] = {
    {"unix:///run/x.sock", "unix /run/x.sock"},
    {"unix://", "unix /var/run/docker.sock"},
    {"tcp://h:2375", "tcp h 2375 ''"},
    {"tcp://", "tcp localhost - ''"},
    {"tcp://h/base/", "tcp h - '/base'"},
    {"tcp://[::1]:80", "tcp ::1 80 ''"},
    {"h:99", "tcp h 99 ''"},
    {"tcp://h:0", "error: invalid bind address format: tcp://h:0"},
    {"tcp://h:x", "error: invalid bind address format: tcp://h:x"},
    {"tcp://[::1", "error: invalid bind address format: tcp://[::1"},
    {"http://h", "error: invalid bind address format: http://h"},
    {"fd://", "error: cannot reach an engine at 'fd://' from here"},
};

static void describe(const struct address *at, struct str *out)
{
    if (at->kind == ADDRESS_UNIX)
        str_addf(out, "unix %s", at->path);
    else
        str_addf(out, "tcp %s %s '%s'%s%s", at->name, at->port ? at->port : "-", at->base,
                 at->tls ? " tls" : "", at->verify ? " verified" : "");
}

static void test_parse(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(hosts); i++) {
        struct address at = {0};
        AUTO_ERR err = {0};
        AUTO_TEXT got = {0};

        if (address_parse(hosts[i].host, &at, &err) < 0)
            str_addf(&got, "error: %s", err_text(&err));
        else
            describe(&at, &got);
        assert_string_equal(str_text(&got), hosts[i].want);
        address_done(&at);
    }
}

static void test_ssh_is_refused(void **state)
{
    struct address at = {0};
    AUTO_ERR err = {0};

    (void)state;
    assert_int_equal(address_parse("ssh://me@there", &at, &err), -1);
    assert_int_equal(err.code, ERR_UNSUPPORTED);
    address_done(&at);
}

/* A home directory with config.json, two contexts and certificates. */
static char *home;

static void put(const char *name, const char *text)
{
    AUTO_TEXT path = {0};

    str_addf(&path, "%s/%s", home, name);
    for (char *slash = path.data + strlen(home) + 1; (slash = strchr(slash, '/')); slash++) {
        *slash = '\0';
        mkdir(path.data, 0755);
        *slash = '/';
    }
    {
        AUTO_FILE f = fopen(path.data, "we");

        assert_non_null(f);
        fputs(text, f);
    }
}

static void put_context(const char *name, const char *meta, bool tls)
{
    char id[SHA256_HEX_SIZE];
    AUTO_TEXT path = {0};

    sha256_hex(name, strlen(name), id);
    str_addf(&path, ".docker/contexts/meta/%s/meta.json", id);
    put(path.data, meta);
    if (!tls)
        return;
    str_clear(&path);
    str_addf(&path, ".docker/contexts/tls/%s/docker/ca.pem", id);
    put(path.data, "");
}

static const char *const *environment;

static const char *lookup(const void *from, const char *name)
{
    (void)from;
    if (strcmp(name, "HOME") == 0)
        return home;
    for (const char *const *v = environment; *v; v += 2) {
        if (strcmp(*v, name) == 0)
            return v[1];
    }
    return NULL;
}

static const struct {
    const char *host, *context;
    const char *env[9];
    const char *want;
} finds[] = {
    {"unix:///a", NULL, {"DOCKER_HOST", "unix:///b", NULL}, "unix /a"},
    {NULL, NULL, {"DOCKER_HOST", "unix:///b", "DOCKER_CONTEXT", "remote", NULL}, "unix /b"},
    {NULL, NULL, {"DOCKER_CONTEXT", "remote", NULL}, "tcp engine 2376 '' tls verified"},
    {NULL, NULL, {"DOCKER_HOST", "", "DOCKER_CONTEXT", "", NULL}, "unix /from-config"},
    {NULL, "remote", {"DOCKER_HOST", "unix:///b", NULL}, "tcp engine 2376 '' tls verified"},
    {NULL, "empty", {NULL}, "error: context \"empty\" has no docker endpoint"},
    {NULL, NULL, {"DOCKER_HOST", "tcp://h", NULL}, "tcp h 2375 ''"},
    {NULL, NULL, {"DOCKER_HOST", "tcp://h", "DOCKER_TLS", "1", NULL}, "tcp h 2376 '' tls"},
    {NULL, NULL, {"DOCKER_HOST", "unix:///b", "DOCKER_TLS_VERIFY", "1", NULL}, "unix /b"},
    {NULL, "default", {"DOCKER_TLS", "1", NULL}, "tcp localhost 2376 '' tls"},
};

static void find(const char *host, const char *context, const char *const *env, struct str *out)
{
    struct docker_options o = {.host = host, .context = context, .lookup = lookup};
    struct address at = {0};
    AUTO_ERR err = {0};

    environment = env;
    if (address_find(&o, &at, &err) < 0)
        str_addf(out, "error: %s", err_text(&err));
    else
        describe(&at, out);
    address_done(&at);
}

static void test_find(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(finds); i++) {
        AUTO_TEXT got = {0};

        find(finds[i].host, finds[i].context, finds[i].env, &got);
        assert_string_equal(str_text(&got), finds[i].want);
    }
}

static void test_find_errors(void **state)
{
    static const char *const verify[] = {"DOCKER_HOST", "tcp://h", "DOCKER_TLS_VERIFY", "1", NULL};
    static const char *const none[] = {NULL};
    AUTO_TEXT unknown = {0}, no_ca = {0}, want = {0};

    (void)state;
    find(NULL, "nosuch", none, &unknown);
    assert_true(str_has_prefix(unknown.data,
                               "error: unable to resolve docker endpoint: context \"nosuch\": "
                               "context not found: open "));
    assert_true(str_has_suffix(unknown.data, "/meta.json: no such file or directory"));
    find(NULL, NULL, verify, &no_ca);
    str_addf(&want, "error: open %s/.docker/ca.pem: no such file or directory", home);
    assert_string_equal(no_ca.data, want.data);
}

static int setup(void **state)
{
    (void)state;
    home = mem_strdup("/tmp/mcompose-test-XXXXXX");
    if (!mkdtemp(home))
        return -1;
    put(".docker/config.json", "{\"currentContext\":\"configured\"}");
    put_context("configured", "{\"Endpoints\":{\"docker\":{\"Host\":\"unix:///from-config\"}}}",
                false);
    put_context("remote", "{\"Endpoints\":{\"docker\":{\"Host\":\"tcp://engine\"}}}", true);
    put_context("empty", "{}", false);
    return 0;
}

static void remove_tree(const char *name)
{
    char *const argv[] = {(char *)"rm", (char *)"-r", (char *)name, NULL};
    pid_t pid = fork();

    if (pid == 0) {
        execvp(argv[0], argv);
        _exit(1);
    }
    waitpid(pid, NULL, 0);
}

static int teardown(void **state)
{
    (void)state;
    remove_tree(home);
    free(home);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_parse),
        cmocka_unit_test(test_ssh_is_refused),
        cmocka_unit_test(test_find),
        cmocka_unit_test(test_find_errors),
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
