/* Commands against an engine that misbehaves: at every request of a command, in every way. Each run
 * must end by itself (after a Ctrl-C, where the engine only hangs) with a message and exit code 1
 * (or 130). */
#include "cmd/app.h"

#include "core/base/mem.h"
#include "core/base/str.h"
#include "tests/cmd/capture.h"
#include "tests/lib/server.h"

#include <setjmp.h>
#include <signal.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <cmocka.h>

enum { PARTS_MAX = 16, WORDS_MAX = 8, LIMIT_MS = 20000, WAIT_MS = 100 };

#define V  "/v1.41"
#define ID "0123456789ab"
#define CONTAINER(state)                                                                           \
    "{\"Id\":\"" ID "\",\"Names\":[\"/p-web-1\"],\"State\":\"" state "\",\"Labels\":{"             \
    "\"com.docker.compose.project\":\"p\",\"com.docker.compose.service\":\"web\","                 \
    "\"com.docker.compose.config-hash\":\"0\",\"com.docker.compose.container-number\":\"1\"}}"
#define INSPECTION                                                                                 \
    "{\"Id\":\"" ID                                                                                \
    "\",\"Name\":\"/p-web-1\",\"State\":{\"Status\":\"running\"},\"Config\":{\"Tty\":false}}"
#define LIST                                                                                       \
    {                                                                                              \
        "GET " V "/containers/json", SERVER_JSON("[" CONTAINER("running") "]")                     \
    }
#define IMAGE                                                                                      \
    {                                                                                              \
        "GET " V "/images/i/json", SERVER_JSON("{\"Id\":\"sha256:1\"}")                            \
    }
#define VOLUMES                                                                                    \
    {                                                                                              \
        "GET " V "/volumes", SERVER_JSON("{\"Volumes\":null,\"Warnings\":null}")                   \
    }
#define STREAM_HEAD                                                                                \
    "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
#define EVENTS                                                                                     \
    {                                                                                              \
        "GET " V "/events", STREAM_HEAD SERVER_HANG                                                \
    }
#define UPGRADED                                                                                   \
    "HTTP/1.1 101 UPGRADED\r\nContent-Type: application/vnd.docker.raw-stream\r\nConnection: "     \
    "Upgrade\r\n"                                                                                  \
    "Upgrade: tcp\r\n\r\n"
#define NETWORK                                                                                    \
    "{\"Id\":\"n1\",\"Name\":\"p_default\",\"Labels\":{\"com.docker.compose.project\":\"p\","      \
    "\"com.docker.compose.network\":\"default\"}}"
#define NO_BODY "HTTP/1.1 204 No Content\r\n\r\n"

/* A command and what a good engine answers to it. Its requests in the order they come. */
static const struct command_case {
    const char *line;
    struct {
        const char *request,
            *answer; /* the same request again: the next answer; '!': a fault is no error */
    } parts[PARTS_MAX];
} commands_tried[] = {
    {"ps", {LIST}},
    {"stop", {LIST, {"POST " V "/containers/" ID "/stop", NO_BODY}}},
    {"kill", {LIST, {"POST " V "/containers/" ID "/kill", NO_BODY}}},
    {"pause", {LIST, {"POST " V "/containers/" ID "/pause", NO_BODY}}},
    {"unpause", {LIST, {"POST " V "/containers/" ID "/unpause", NO_BODY}}},
    {"down",
     {LIST,
      {"GET " V "/networks", SERVER_JSON("[]")},
      {"POST " V "/containers/" ID "/stop", NO_BODY},
      {"DELETE " V "/containers/" ID, NO_BODY}}},
    {"logs",
     {LIST,
      {"GET " V "/containers/" ID "/json", SERVER_JSON(INSPECTION)},
      {"GET " V "/containers/" ID "/logs",
       SERVER_ANSWER("200 OK", "application/octet-stream", "")}}},
    {"logs -f",
     {EVENTS,
      LIST,
      {"GET " V "/containers/" ID "/json", SERVER_JSON(INSPECTION)},
      {"GET " V "/containers/" ID "/logs", STREAM_HEAD SERVER_HANG}}},
    {"exec -T web true",
     {LIST,
      {"POST " V "/containers/" ID "/exec", SERVER_JSON("{\"Id\":\"e1\"}")},
      {"POST " V "/exec/e1/start", UPGRADED SERVER_CLOSE},
      {"GET " V "/exec/e1/json", SERVER_JSON("{\"Running\":false,\"ExitCode\":0}")}}},
    {"up -d",
     {{"GET " V "/containers/json", SERVER_JSON("[]")},
      {"GET " V "/networks", SERVER_JSON("[]")},
      VOLUMES,
      IMAGE,
      {"POST " V "/networks/create", SERVER_JSON("{\"Id\":\"n1\"}")},
      {"POST " V "/containers/create", SERVER_JSON("{\"Id\":\"" ID "\"}")},
      {"POST " V "/containers/" ID "/start", NO_BODY}}},
    {"up",
     {{"GET " V "/containers/json", SERVER_JSON("[]")},
      {"GET " V "/containers/json", SERVER_JSON("[]")}, /* the lock is ours: once more */
      {"GET " V "/networks", SERVER_JSON("[]")},
      VOLUMES,
      IMAGE,
      {"POST " V "/networks/create", SERVER_JSON("{\"Id\":\"n1\"}")},
      {"POST " V "/containers/create", SERVER_JSON("{\"Id\":\"" ID "\"}")},
      {"GET " V "/containers/json", SERVER_JSON("[" CONTAINER("created") "]")},
      EVENTS,
      {"!POST " V "/containers/" ID "/attach", UPGRADED SERVER_HANG},
      {"GET " V "/networks", SERVER_JSON("[" NETWORK "]")},
      {"POST " V "/containers/" ID "/start", NO_BODY},
      {"!POST " V "/containers/" ID "/stop", NO_BODY}}},
};

/* hangs: it takes a Ctrl-C, or two. */
static const struct fault {
    const char *name, *answer;
    bool hangs;
} faults[] = {
    {"close", SERVER_CLOSE, false},
    {"html", SERVER_ANSWER("500 Internal Server Error", "text/html", "<html>no</html>"), false},
    {"cut off",
     "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: "
     "100\r\n\r\n[{" SERVER_CLOSE,
     false},
    {"no http", "SSH-2.0-x\r\n\r\n" SERVER_CLOSE, false},
    {"hang", SERVER_HANG, true},
};

struct child {
    uv_timer_t interrupt, limit;
    uv_signal_t ends;
    pid_t pid;
    struct server *server;
    const char *awaited; /* the request that is not answered */
    int status;
    bool ended, too_long;
};

static char dir[] = "/tmp/mcompose-test-hostile-XXXXXX";

static void on_interrupt(uv_timer_t *t)
{
    struct child *w = t->data;

    if (strstr(server_log(w->server), w->awaited))
        kill(w->pid, SIGINT);
}

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
    w->ended = true;
    uv_close((uv_handle_t *)&w->interrupt, NULL);
    uv_close((uv_handle_t *)&w->limit, NULL);
    uv_close((uv_handle_t *)s, NULL);
}

/* The program, in a process of its own: it may be killed, and it has signals. */
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

static void watch_start(uv_loop_t *loop, struct child *w, bool interrupt)
{
    uv_timer_init(loop, &w->interrupt);
    uv_timer_init(loop, &w->limit);
    uv_signal_init(loop, &w->ends);
    w->interrupt.data = w->limit.data = w->ends.data = w;
    uv_signal_start(&w->ends, on_child, SIGCHLD);
    uv_timer_start(&w->limit, on_limit, LIMIT_MS, 0);
    if (interrupt) /* the second gives up waiting for what is under way */
        uv_timer_start(&w->interrupt, on_interrupt, WAIT_MS, WAIT_MS);
}

/* bad: which of the parts goes wrong; with a NULL fault, none. */
static void run_case(const struct command_case *c, size_t bad, const struct fault *fault,
                     bool interrupt, struct child *w, struct str *err)
{
    uv_loop_t loop;
    struct server *s;
    struct capture out_to, err_to;
    AUTO_TEXT out = {0};

    assert_int_equal(uv_loop_init(&loop), 0);
    s = server_new(&loop, false);
    for (size_t i = 0; i < PARTS_MAX && c->parts[i].request; i++) {
        const char *request = c->parts[i].request + (*c->parts[i].request == '!');

        if (!fault || i <= bad ||
            !str_eq(request, c->parts[bad].request)) /* it stays as bad as it is */
            server_on(s, request, fault && i == bad ? fault->answer : c->parts[i].answer);
    }
    *w = (struct child){.server = s, .awaited = c->parts[bad].request};
    watch_start(&loop, w, interrupt);
    capture_start(&out_to, STDOUT_FILENO);
    capture_start(&err_to, STDERR_FILENO);
    w->pid = fork();
    if (w->pid == 0)
        be_mcompose(c->line, server_host(s));
    uv_run(&loop, UV_RUN_DEFAULT);
    capture_end(&err_to, err);
    capture_end(&out_to, &out);
    server_free(s);
    uv_run(&loop, UV_RUN_DEFAULT);
    assert_int_equal(uv_loop_close(&loop), 0);
}

/* After that one, a command that goes on for ever has nothing more to ask. */
static size_t last_part(const struct command_case *c)
{
    size_t last = 0;

    for (size_t i = 0; i < PARTS_MAX && c->parts[i].request; i++)
        if (*c->parts[i].request != '!')
            last = i;
    return last;
}

static void test_good_engine(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(commands_tried); i++) {
        const struct command_case *c = &commands_tried[i];
        bool endless = str_eq(c->line, "logs -f") || str_eq(c->line, "up");
        struct child w;
        AUTO_TEXT err = {0};

        run_case(c, last_part(c), NULL, endless, &w, &err);
        if (w.too_long || WEXITSTATUS(w.status) != (endless ? 130 : 0))
            fail_msg("%s: status %#x\n%s", c->line, (unsigned)w.status, str_text(&err));
    }
}

static void check_fault(const struct command_case *c, size_t bad, const struct fault *f)
{
    struct child w;
    AUTO_TEXT err = {0};
    int want = f->hangs ? 130 : 1;

    run_case(c, bad, f, f->hangs, &w, &err);
    if (w.too_long || !WIFEXITED(w.status) || WEXITSTATUS(w.status) != want ||
        (!f->hangs && !err.len))
        fail_msg("%s, %s at %s: %s, status %#x, wanted exit code %d\n%s", c->line, f->name,
                 c->parts[bad].request, w.too_long ? "did not end" : "ended", (unsigned)w.status,
                 want, str_text(&err));
}

static void test_every_fault(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(commands_tried); i++)
        for (size_t bad = 0; bad < PARTS_MAX && commands_tried[i].parts[bad].request; bad++)
            for (size_t f = 0;
                 f < ARRAY_LEN(faults) && *commands_tried[i].parts[bad].request != '!'; f++)
                check_fault(&commands_tried[i], bad, &faults[f]);
}

static int set_up(void **state)
{
    static const char text[] = "name: p\nservices: {web: {image: i}}\n";
    AUTO_TEXT path = {0};
    FILE *f;

    (void)state;
    if (!mkdtemp(dir))
        return -1;
    str_addf(&path, "%s/compose.yaml", dir);
    f = fopen(path.data, "we");
    if (!f)
        return -1;
    fputs(text, f);
    return fclose(f);
}

static int tear_down(void **state)
{
    AUTO_TEXT path = {0};

    (void)state;
    str_addf(&path, "%s/compose.yaml", dir);
    unlink(path.data);
    return rmdir(dir);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_good_engine),
        cmocka_unit_test(test_every_fault),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
