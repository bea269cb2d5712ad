/* --dry-run of every command that changes something, and the commands that only look: an engine is
 * asked nothing but GET and HEAD. */
#include "cmd/app.h"
#include "cmd/command.h"

#include "core/base/mem.h"
#include "core/base/str.h"
#include "tests/cmd/capture.h"
#include "tests/lib/server.h"

#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

enum { WORDS_MAX = 12, LIMIT_MS = 20000 };

#define V "/v1.41"
#define CONTAINER(id, number, state)                                                               \
    "{\"Id\":\"" id "\",\"Names\":[\"/p-web-" number "\"],\"State\":\"" state "\",\"Labels\":{"    \
    "\"com.docker.compose.project\":\"p\",\"com.docker.compose.service\":\"web\","                 \
    "\"com.docker.compose.oneoff\":\"False\",\"com.docker.compose.config-hash\":\"0\","            \
    "\"com.docker.compose.container-number\":\"" number "\"}}"
#define NETWORK                                                                                    \
    "{\"Id\":\"n1\",\"Name\":\"p_default\",\"Labels\":{\"com.docker.compose.project\":\"p\","      \
    "\"com.docker.compose.network\":\"default\",\"com.docker.compose.config-hash\":\"0\"}}"

static const char *const answers[][2] = {
    {"GET " V "/containers/json",
     SERVER_JSON("[" CONTAINER("0123456789ab", "1", "running") "," CONTAINER("ba9876543210", "2",
                                                                             "exited") "]")},
    {"GET " V "/containers/0123456789ab/json",
     SERVER_JSON("{\"Id\":\"0123456789ab\",\"Name\":\"/p-web-1\",\"State\":{\"Status\":\"running\"}"
                 ",\"Config\":{\"Tty\":false}}")},
    {"GET " V "/networks", SERVER_JSON("[" NETWORK "]")},
    {"GET " V "/volumes", SERVER_JSON("{\"Volumes\":[{\"Name\":\"p_v\",\"Driver\":\"local\","
                                      "\"Labels\":{\"com.docker.compose.project\":\"p\","
                                      "\"com.docker.compose.volume\":\"v\"}}]}")},
    {"GET " V "/images/i/json", SERVER_JSON("{\"Id\":\"sha256:1\"}")},
    {"GET " V "/images/json", SERVER_JSON("[]")},
};

/* A line a command, at least; of what only looks as well. What has no engine behind it is below. */
static const struct {
    const char *line;
    int code;
} lines[] = {
    {"--dry-run build", 0},
    {"--dry-run create --force-recreate", 0},
    {"--dry-run down -v --rmi all --remove-orphans", 0},
    {"--dry-run exec -T web true", 0},
    {"--dry-run kill", 0},
    {"--dry-run pause", 0},
    {"--dry-run pull", 0},
    {"--dry-run restart", 0},
    {"--dry-run rm -f -s -v", 0},
    {"--dry-run run --rm -T web true", 1}, /* not supported */
    {"--dry-run run -d web true", 0},
    {"--dry-run scale web=4", 0},
    {"--dry-run start", 0},
    {"--dry-run stop", 0},
    {"--dry-run unpause", 0},
    {"--dry-run up", 0},
    {"--dry-run up -d --force-recreate -V", 0},
    {"--dry-run up -d --wait --scale web=4", 0},
    {"images", 0},
    {"logs", 0},
    {"ls", 0},
    {"plan", 2},
    {"plan --force-recreate --format json", 2},
    {"port web 80", 1},
    {"ps", 0},
    {"why web", 0},
};
static const char *const without_engine[] = {"config", "explain", "version"};

static char dir[] = "/tmp/mcompose-test-dry-XXXXXX";

struct child {
    uv_timer_t limit;
    uv_signal_t ends;
    pid_t pid;
    int status;
    bool too_long;
};

static void on_limit(uv_timer_t *t)
{
    struct child *w = t->data;

    w->too_long = true;
    kill(w->pid, SIGKILL);
}

static void on_child(uv_signal_t *s, int number)
{
    struct child *w = s->data;

    (void)number;
    if (waitpid(w->pid, &w->status, WNOHANG) != w->pid)
        return;
    uv_close((uv_handle_t *)&w->limit, NULL);
    uv_close((uv_handle_t *)s, NULL);
    uv_stop(s->loop);
}

static void be_mcompose(const char *line, const char *host)
{
    static char *environment[] = {NULL};
    char *words[WORDS_MAX] = {"mcompose", "-H", mem_strdup(host)}, *copy = mem_strdup(line),
         *rest = NULL;
    int count = 3, code;

    for (char *w = strtok_r(copy, " ", &rest); w; w = strtok_r(NULL, " ", &rest))
        words[count++] = w;
    dup2(open("/dev/null", O_RDONLY), STDIN_FILENO);
    code = chdir(dir) < 0 ? 99 : app_main(count, words, environment);
    free(copy);
    free(words[2]);
    _exit(code);
}

static void watch_start(uv_loop_t *loop, struct child *w)
{
    uv_timer_init(loop, &w->limit);
    uv_signal_init(loop, &w->ends);
    w->limit.data = w->ends.data = w;
    uv_signal_start(&w->ends, on_child, SIGCHLD);
    uv_timer_start(&w->limit, on_limit, LIMIT_MS, 0);
}

/* Leaves the requests in `log` and what was said in `said`. */
static void run_line(const char *line, struct child *w, struct str *log, struct str *said)
{
    uv_loop_t loop;
    struct server *s;
    struct capture out_to, err_to;
    AUTO_TEXT out = {0};

    assert_int_equal(uv_loop_init(&loop), 0);
    s = server_new(&loop, false);
    for (size_t i = 0; i < ARRAY_LEN(answers); i++)
        server_on(s, answers[i][0], answers[i][1]);
    *w = (struct child){0};
    watch_start(&loop, w);
    capture_start(&out_to, STDOUT_FILENO);
    capture_start(&err_to, STDERR_FILENO);
    w->pid = fork();
    if (w->pid == 0)
        be_mcompose(line, server_host(s));
    uv_run(&loop, UV_RUN_DEFAULT);
    capture_end(&err_to, said);
    capture_end(&out_to, &out);
    str_add(said, str_text(&out));
    str_add(log, server_log(s));
    server_free(s);
    uv_run(&loop, UV_RUN_DEFAULT);
    assert_int_equal(uv_loop_close(&loop), 0);
}

static bool only_asks(const char *log)
{
    for (const char *at = log; *at; at += strcspn(at, "\n") + (strchr(at, '\n') != NULL))
        if (!str_has_prefix(at, "GET ") && !str_has_prefix(at, "HEAD "))
            return false;
    return true;
}

static void test_nothing_is_changed(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(lines); i++) {
        struct child w;
        AUTO_TEXT log = {0};
        AUTO_TEXT said = {0};

        run_line(lines[i].line, &w, &log, &said);
        if (w.too_long || !WIFEXITED(w.status) || WEXITSTATUS(w.status) != lines[i].code)
            fail_msg("%s: status %#x\n%s\n%s", lines[i].line, (unsigned)w.status, str_text(&said),
                     str_text(&log));
        if (!strstr(str_text(&log), "/containers/") && !strstr(str_text(&log), "/images/"))
            fail_msg("%s asked nothing", lines[i].line);
        if (!only_asks(str_text(&log)))
            fail_msg("%s:\n%s", lines[i].line, str_text(&log));
    }
}

static bool names(const char *line, const char *command)
{
    const char *at = str_has_prefix(line, "--dry-run ") ? line + strlen("--dry-run ") : line;
    size_t len = strlen(command);

    return strncmp(at, command, len) == 0 && (at[len] == ' ' || !at[len]);
}

static void test_every_command_is_tried(void **state)
{
    (void)state;
    for (const struct command *const *c = commands; *c; c++) {
        bool found = false;

        for (size_t i = 0; i < ARRAY_LEN(lines); i++)
            found = found || names(lines[i].line, (*c)->name);
        for (size_t i = 0; i < ARRAY_LEN(without_engine); i++)
            found = found || str_eq(without_engine[i], (*c)->name);
        if (!found)
            fail_msg("'%s' is not tried: add a line", (*c)->name);
    }
}

static int write_file(const char *name, const char *text)
{
    AUTO_TEXT path = {0};
    AUTO_FILE f = NULL;

    str_addf(&path, "%s/%s", dir, name);
    f = fopen(path.data, "we");
    return f && fputs(text, f) >= 0 ? 0 : -1;
}

static int set_up(void **state)
{
    (void)state;
    if (!mkdtemp(dir) || write_file("Dockerfile", "FROM i\n") < 0)
        return -1;
    return write_file("compose.yaml", "name: p\nservices:\n  web: {image: i, volumes: ['v:/v']}\n"
                                      "  made: {build: .}\nvolumes: {v: }\n");
}

static int tear_down(void **state)
{
    static const char *const files[] = {"compose.yaml", "Dockerfile"};

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(files); i++) {
        AUTO_TEXT path = {0};

        str_addf(&path, "%s/%s", dir, files[i]);
        unlink(path.data);
    }
    return rmdir(dir);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_nothing_is_changed),
        cmocka_unit_test(test_every_command_is_tried),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
