/* The program from argv to its exit code, as far as no engine is needed. */
#include "cmd/app.h"

#include "core/base/str.h"
#include "tests/cmd/capture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>
#include <cmocka.h>

static char dir[] = "/tmp/mcompose-test-app-XXXXXX";

/* err: the whole of stderr, @DIR@ standing for the directory. out: its beginning. */
static const struct {
    const char *line, *env;
    int code;
    const char *out, *err;
} cases[] = {
    {"version --short", NULL, 0, "2.40.3\n", ""},
    {"-v", NULL, 0, "mcompose version ", ""},
    {"--progress foo version --short", NULL, 0, "2.40.3\n", ""},
    {"", NULL, 0, "Usage:  mcompose [OPTIONS] COMMAND\n", ""},
    {"--help", NULL, 0, "Usage:  mcompose [OPTIONS] COMMAND\n", ""},
    {"--help up", NULL, 0, "Usage:  mcompose up [OPTIONS] [SERVICE...]\n", ""},
    {"up -d --help", NULL, 0, "Usage:  mcompose up [OPTIONS] [SERVICE...]\n", ""},
    {"up -h", NULL, 0, "Flag shorthand -h has been deprecated, use --help\nUsage:  mcompose up",
     ""},
    {"stpo", NULL, 1, "Usage:  mcompose [OPTIONS] COMMAND\n",
     "unknown docker command: \"compose stpo\"\ndid you mean 'mcompose stop'?\n"},
    {"watch", NULL, 1, "", "'watch' is not supported yet\n"},
    {"--bogus up", NULL, 1, "", "unknown flag: --bogus\n"},
    {"up --buidl", NULL, 1, "", "unknown flag: --buidl\ndid you mean '--build'?\n"},
    {"up --progress json", NULL, 1, "",
     "unknown flag: --progress\n'--progress' stands before the command: mcompose --progress ... "
     "up\n"},
    {"ls extra", NULL, 1, "", "unknown command \"extra\" for \"docker compose ls\"\n"},
    {"--progress foo config", NULL, 1, "", "unsupported --progress value \"foo\"\n"},
    {"config -q", "COMPOSE_PROGRESS=foo", 1, "", "unsupported --progress value \"foo\"\n"},
    {"config -q", "COMPOSE_PARALLEL_LIMIT=x", 1, "",
     "COMPOSE_PARALLEL_LIMIT must be an integer (found: \"x\")\n"},
    {"--ansi never --progress tty config", NULL, 1, "",
     "can't use --progress tty while ANSI support is disabled\n"},
    {"--no-ansi --ansi never config", NULL, 1, "",
     "cannot specify DEPRECATED \"--no-ansi\" and \"--ansi\". Please use only \"--ansi\"\n"},
    {"config --services", NULL, 0, "db\nweb\n", ""},
    {"config -q", NULL, 0, "", ""},
    {"config --volumes", NULL, 0, "data\n", ""},
    {"config --images", NULL, 0, "postgres\nnginx\n", ""},
    {"config --hash nope", NULL, 1, "", "no such service: nope: not found\n"},
    {"config --format xml", NULL, 1, "", "unsupported format \"xml\"\n"},
    {"-H unix:///nowhere/engine.sock config --lock-image-digests", NULL, 1, "",
     "failed to resolve digest for docker.io/library/postgres:latest: Cannot connect to the Docker "
     "daemon at unix:///nowhere/engine.sock. Is the docker daemon running?\n"},
    {"-f nope.yaml config", NULL, 1, "", "open @DIR@/nope.yaml: no such file or directory\n"},
    {"--progress json -f nope.yaml config", NULL, 1, "",
     "{\"error\":true,\"message\":\"open @DIR@/nope.yaml: no such file or directory\"}\n"},
    {"-f bad.yaml config", NULL, 1, "",
     "bad.yaml:1:1: warning: the attribute `version` is obsolete, it will be ignored, please "
     "remove it to avoid "
     "potential confusion\n"
     "    1 | version: '3'\n"
     "      | ^~~~~~~\n"
     "bad.yaml:4:5: error: services.web: additional properties 'imagee' not allowed\n"
     "    4 |     imagee: x\n"
     "      |     ^~~~~~\n"
     "      = hint: did you mean 'image'?\n"},
    {"ps --filter x", NULL, 1, "", "arguments to --filter should be in form KEY=VAL\n"},
    {"ps --format {{.Name}}", NULL, 1, "",
     "templates are not supported yet: --format '{{.Name}}' (table and json are)\n"},
    {"logs --index 2", NULL, 1, "", "--index requires one service to be selected\n"},
    {"port web http", NULL, 1, "", "strconv.ParseUint: parsing \"http\": invalid syntax\n"},
    {"ls", "DOCKER_HOST=unix:///nowhere/docker.sock", 1, "",
     "Cannot connect to the Docker daemon at unix:///nowhere/docker.sock. Is the docker daemon "
     "running?\n"},
    {"logs -f", "DOCKER_HOST=unix:///nowhere/docker.sock", 1, "",
     "Cannot connect to the Docker daemon at unix:///nowhere/docker.sock. Is the docker daemon "
     "running?\n"},
    {"ps", "DOCKER_HOST=unix:///nowhere/docker.sock", 1, "",
     "Cannot connect to the Docker daemon at unix:///nowhere/docker.sock. Is the docker daemon "
     "running?\n"},
};

static void expand(const char *text, struct str *out)
{
    const char *at;

    for (; (at = strstr(text, "@DIR@")); text = at + 5) {
        str_addn(out, text, (size_t)(at - text));
        str_add(out, dir);
    }
    str_add(out, text);
}

static int run(const char *line, const char *env, struct str *out, struct str *err)
{
    char home[] = "HOME=/nonexistent", *environment[] = {home, (char *)(uintptr_t)env, NULL};
    char name[] = "mcompose", *argv[16] = {name};
    AUTO_STR words = strdup(line);
    struct capture to_out, to_err;
    int argc = 1, code;
    char *rest = words, *word;

    while ((word = strsep(&rest, " ")))
        if (*word)
            argv[argc++] = word;
    capture_start(&to_out, STDOUT_FILENO);
    capture_start(&to_err, STDERR_FILENO);
    code = app_main(argc, argv, environment);
    capture_end(&to_err, err);
    capture_end(&to_out, out);
    return code;
}

static void test_cases(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        AUTO_TEXT out = {0};
        AUTO_TEXT err = {0};
        AUTO_TEXT want = {0};
        int code = run(cases[i].line, cases[i].env, &out, &err);

        expand(cases[i].err, &want);
        if (code != cases[i].code || strcmp(str_text(&err), str_text(&want)) != 0 ||
            !str_has_prefix(str_text(&out), cases[i].out))
            fail_msg("mcompose %s: %d\n%s--- stderr, expected\n%s--- and was\n%s", cases[i].line,
                     code, str_text(&out), str_text(&want), str_text(&err));
    }
}

static void write_file(const char *name, const char *text)
{
    AUTO_FILE f = fopen(name, "we");

    assert_non_null(f);
    fputs(text, f);
}

static int set_up(void **state)
{
    (void)state;
    if (!mkdtemp(dir) || chdir(dir) < 0)
        return -1;
    unsetenv("PWD");
    write_file(
        "compose.yaml",
        "name: demo\nservices:\n  web: {image: nginx, depends_on: [db], volumes: ['data:/d']}\n"
        "  db: {image: postgres}\nvolumes: {data: {}}\n");
    write_file("bad.yaml", "version: '3'\nservices:\n  web:\n    imagee: x\n");
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    unlink("compose.yaml");
    unlink("bad.yaml");
    return rmdir(dir);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cases),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
