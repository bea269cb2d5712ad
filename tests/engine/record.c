/* tests/engine/record.c: a proxy before an engine that writes down what is asked of it.
 *
 *     record SOCKET ENGINE-SOCKET LOG
 *
 * Every request is a line of LOG, "GET /v1.41/containers/json?all=1", written before the engine
 * gets it: when a program has ended, all it asked for is there. A line on standard input is an
 * extended regular expression: the next request that fits is held up, and its line begins with
 * "held
 * ". An empty line lets it go on, if who sent it still waits. Ends with its standard input. */
#include <poll.h>
#include <pthread.h>
#include <regex.h>
#include <signal.h>
#include <stdbool.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <fcntl.h>
#include <unistd.h>

#define LONGEST_LINE 65536 /* what has no end by then is no request */

struct connection {
    int client, engine;
    char *line; /* of what the client sends, as far as it has come */
    size_t len, cap;
};

static const char *engine_path;
static int log_fd;

/* ---- what to hold up ---- */

static pthread_mutex_t held_lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t released = PTHREAD_COND_INITIALIZER;
static regex_t held;
static bool holding;      /* the next that fits */
static unsigned releases; /* so far */

static void take_order(const char *pattern)
{
    pthread_mutex_lock(&held_lock);
    if (holding)
        regfree(&held);
    holding = *pattern && regcomp(&held, pattern, REG_EXTENDED | REG_NOSUB) == 0;
    releases += !*pattern;
    pthread_cond_broadcast(&released);
    pthread_mutex_unlock(&held_lock);
}

/* False: who sent it is gone. */
static bool wait_for_release(int client)
{
    struct pollfd p = {.fd = client, .events = POLLRDHUP};
    unsigned before;

    pthread_mutex_lock(&held_lock);
    before = releases;
    while (releases == before)
        pthread_cond_wait(&released, &held_lock);
    pthread_mutex_unlock(&held_lock);
    return poll(&p, 1, 0) == 0;
}

static bool is_held(const char *request)
{
    bool fits;

    pthread_mutex_lock(&held_lock);
    fits = holding && regexec(&held, request, 0, NULL, 0) == 0;
    if (fits) {
        regfree(&held);
        holding = false;
    }
    pthread_mutex_unlock(&held_lock);
    return fits;
}

/* ---- requests ---- */

/* Where the request begins in a line that ends as one does; a body without a newline may stand
 * before it. */
static const char *request_in(char *line, size_t len)
{
    static const char *const methods[] = {"GET /", "POST /", "HEAD /", "DELETE /", "PUT /"};
    static const char end[] = " HTTP/1.1\r";
    const size_t end_len = sizeof end - 1;

    if (len < end_len || memcmp(line + len - end_len, end, end_len) != 0)
        return NULL;
    line[len - end_len] = '\0';
    for (const char *p = line + len - end_len; p >= line; p--)
        for (size_t i = 0; i < sizeof methods / sizeof *methods; i++)
            if (strncmp(p, methods[i], strlen(methods[i])) == 0)
                return p;
    return NULL;
}

/* False: it is to be held up. */
static bool note_line(struct connection *c)
{
    const char *request = request_in(c->line, c->len);
    bool pass;

    if (!request)
        return true;
    pass = !is_held(request);
    dprintf(log_fd, "%s%s\n", pass ? "" : "held ", request);
    return pass;
}

static bool note(struct connection *c, const char *data, size_t len)
{
    bool pass = true;

    for (size_t i = 0; i < len; i++) {
        if (data[i] == '\n') {
            pass &= note_line(c);
            c->len = 0;
        } else if (c->len < LONGEST_LINE) {
            if (c->len == c->cap) {
                c->cap = c->cap ? c->cap * 2 : 256;
                c->line = realloc(c->line, c->cap);
                if (!c->line)
                    abort();
            }
            c->line[c->len++] = data[i];
        }
    }
    return pass;
}

/* ---- connections ---- */

static bool send_all(int fd, const char *data, size_t len)
{
    while (len) {
        ssize_t n = write(fd, data, len);

        if (n <= 0)
            return false;
        data += n;
        len -= (size_t)n;
    }
    return true;
}

static void *from_engine(void *owner)
{
    struct connection *c = owner;
    char data[16384];
    ssize_t n;

    while ((n = read(c->engine, data, sizeof data)) > 0)
        if (!send_all(c->client, data, (size_t)n))
            break;
    shutdown(c->client, SHUT_WR);
    return NULL;
}

static void *from_client(void *owner)
{
    struct connection *c = owner;
    pthread_t answers;
    char data[16384];
    ssize_t n;

    if (pthread_create(&answers, NULL, from_engine, c) != 0)
        abort();
    while ((n = read(c->client, data, sizeof data)) > 0) {
        if (!note(c, data, (size_t)n) && !wait_for_release(c->client))
            break;
        if (!send_all(c->engine, data, (size_t)n))
            break;
    }
    shutdown(c->engine, SHUT_WR);
    pthread_join(answers, NULL);
    close(c->client);
    close(c->engine);
    free(c->line);
    free(c);
    return NULL;
}

static int open_socket(const char *path, bool to_listen)
{
    struct sockaddr_un a = {.sun_family = AF_UNIX};
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

    if (fd < 0 || strlen(path) >= sizeof a.sun_path)
        return -1;
    memcpy(a.sun_path, path, strlen(path));
    if (to_listen ? bind(fd, (struct sockaddr *)&a, sizeof a) < 0 || listen(fd, 512) < 0
                  : connect(fd, (struct sockaddr *)&a, sizeof a) < 0) {
        close(fd);
        return -1;
    }
    return fd;
}

static void serve(int client)
{
    struct connection *c = calloc(1, sizeof *c);
    pthread_t t;

    if (!c)
        abort();
    c->client = client;
    c->engine = open_socket(engine_path, false);
    if (c->engine < 0 || pthread_create(&t, NULL, from_client, c) != 0) {
        perror(engine_path);
        exit(1);
    }
    pthread_detach(t);
}

static void *read_orders(void *owner)
{
    char *line = NULL;
    size_t cap = 0;

    while (getline(&line, &cap, stdin) > 0) {
        line[strcspn(line, "\n")] = '\0';
        take_order(line);
    }
    free(line);
    exit(0);
    return owner;
}

int main(int argc, char **argv)
{
    pthread_t orders;
    int listening, client;

    if (argc != 4) {
        fprintf(stderr, "usage: record SOCKET ENGINE-SOCKET LOG\n");
        return 1;
    }
    signal(SIGPIPE, SIG_IGN);
    engine_path = argv[2];
    log_fd = open(argv[3], O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    listening = open_socket(argv[1], true);
    if (log_fd < 0 || listening < 0 || pthread_create(&orders, NULL, read_orders, NULL) != 0) {
        perror(argv[1]);
        return 1;
    }
    while ((client = accept4(listening, NULL, NULL, SOCK_CLOEXEC)) >= 0)
        serve(client);
    perror(argv[1]);
    return 1;
}
