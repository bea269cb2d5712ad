#include "tests/lib/server.h"

#include "core/base/mem.h"
#include "core/base/str.h"
#include "core/base/vec.h"

#include <assert.h>
#include <signal.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

/* On a busy machine a timer may be due before the loop has read what was sent before it; between
 * two ticks it reads. */
enum { PAUSE_TICKS = 3, PAUSE_TICK_MS = 2 };

struct route {
    char *request;
    bool builtin; /* gives way to the test's own */
    VEC(char *) answers;
    size_t next;
};

union socket {
    uv_handle_t handle;
    uv_stream_t stream;
    uv_pipe_t pipe;
    uv_tcp_t tcp;
};

struct peer {
    union socket to;
    uv_timer_t pause;
    int ticks; /* of the pause that are left */
    uv_shutdown_t shutdown;
    struct server *s;
    struct str in;
    const char *script; /* what is still to be said; NULL: nothing */
    bool echo;
    unsigned handles;
    struct peer *next;
    char buf[4096];
};

struct server {
    uv_loop_t *loop;
    bool tcp, listening;
    union socket listener;
    char *dir, *path;
    struct str host, log, heads;
    VEC(struct route *) routes;
    struct peer *peers;
    size_t connections;
    unsigned handles;
    bool freed;
};

static void play(struct peer *p);

/* -- ending ---------------------------------------------------------------------------------------
 *  */

static void release(struct server *s)
{
    if (--s->handles || !s->freed)
        return;
    for (size_t i = 0; i < s->routes.len; i++) {
        struct route *r = s->routes.items[i];

        for (size_t k = 0; k < r->answers.len; k++)
            free(r->answers.items[k]);
        vec_done(&r->answers);
        free(r->request);
        free(r);
    }
    vec_done(&s->routes);
    if (s->path)
        unlink(s->path);
    if (s->dir)
        rmdir(s->dir);
    free(s->path);
    free(s->dir);
    str_done(&s->host);
    str_done(&s->log);
    str_done(&s->heads);
    free(s);
}

static void on_peer_closed(uv_handle_t *handle)
{
    struct peer *p = handle->data, **at;
    struct server *s = p->s;

    if (--p->handles)
        return;
    for (at = &s->peers; *at != p; at = &(*at)->next)
        ;
    *at = p->next;
    str_done(&p->in);
    free(p);
    release(s);
}

static void peer_close(struct peer *p)
{
    if (!uv_is_closing(&p->to.handle))
        uv_close(&p->to.handle, on_peer_closed);
    if (!uv_is_closing((uv_handle_t *)&p->pause))
        uv_close((uv_handle_t *)&p->pause, on_peer_closed);
}

static void peer_reset(struct peer *p)
{
    assert(p->s->tcp);
    uv_tcp_close_reset(&p->to.tcp, on_peer_closed);
    uv_close((uv_handle_t *)&p->pause, on_peer_closed);
}

static void on_listener_closed(uv_handle_t *handle)
{
    release(handle->data);
}

void server_stop_listening(struct server *s)
{
    if (!s->listening)
        return;
    s->listening = false;
    uv_close(&s->listener.handle, on_listener_closed);
}

void server_free(struct server *s)
{
    s->freed = true;
    for (struct peer *p = s->peers; p; p = p->next)
        peer_close(p);
    s->handles++;
    server_stop_listening(s);
    release(s);
}

/* ---- answering ---- */

static void on_written(uv_write_t *w, int status)
{
    (void)status;
    free(w);
}

static void say(struct peer *p, const char *bytes, size_t len)
{
    uv_write_t *w = mem_alloc(sizeof *w + len);
    uv_buf_t buf = uv_buf_init((char *)(w + 1), (unsigned)len);

    if (len)
        memcpy(w + 1, bytes, len);
    if (uv_write(w, &p->to.stream, &buf, 1, on_written) < 0)
        free(w);
}

static void on_pause_over(uv_timer_t *timer)
{
    struct peer *p = timer->data;

    if (--p->ticks > 0)
        uv_timer_start(timer, on_pause_over, PAUSE_TICK_MS, 0);
    else
        play(p);
}

/* The header "@" stands for the length of what follows. */
static void say_text(struct peer *p, const char *text, size_t len)
{
    const char *at = memmem(text, len, "\r\n@\r\n", 5);
    AUTO_TEXT out = {0};

    if (!at) {
        say(p, text, len);
        return;
    }
    str_addn(&out, text, (size_t)(at - text));
    str_addf(&out, "\r\nContent-Length: %zu\r\n\r\n", (size_t)(text + len - at) - 5);
    str_addn(&out, at + 5, (size_t)(text + len - at) - 5);
    say(p, out.data, out.len);
}

static void play(struct peer *p)
{
    while (p->script && *p->script) {
        size_t len = strcspn(
            p->script, SERVER_PAUSE SERVER_CLOSE SERVER_RESET SERVER_ECHO SERVER_HANG SERVER_NUL);
        char then = p->script[len];

        if (len)
            say_text(p, p->script, len);
        p->script += len + (then ? 1 : 0);
        if (then == *SERVER_NUL)
            say(p, "", 1);
        if (then == *SERVER_PAUSE) {
            p->ticks = PAUSE_TICKS;
            uv_timer_start(&p->pause, on_pause_over, PAUSE_TICK_MS, 0);
            return;
        }
        if (then == *SERVER_ECHO) {
            p->echo = true;
            say(p, p->in.data, p->in.len);
            return;
        }
        if (then == *SERVER_HANG)
            return;
        if (then == *SERVER_CLOSE || then == *SERVER_RESET) {
            (then == *SERVER_CLOSE ? peer_close : peer_reset)(p);
            return;
        }
    }
    p->script = NULL;
}

static struct route *find_route(struct server *s, const char *request)
{
    struct route *best = NULL;

    for (size_t i = 0; i < s->routes.len; i++) {
        struct route *r = s->routes.items[i];

        if (str_has_prefix(request, r->request) &&
            (!best || strlen(r->request) > strlen(best->request)))
            best = r;
    }
    return best;
}

static const char *next_answer(struct route *r)
{
    size_t i = r->next;

    if (r->next + 1 < r->answers.len)
        r->next++;
    return r->answers.items[i];
}

/* The length of the body behind the head, or -1 when not all of it is there. */
static ssize_t body_length(const char *head, const char *body, size_t have)
{
    const char *at = strcasestr(head, "\r\nContent-Length:");
    const char *end;

    if (at && at < body) {
        size_t n = strtoul(at + 17, NULL, 10);

        return n <= have ? (ssize_t)n : -1;
    }
    at = strcasestr(head, "\r\nTransfer-Encoding: chunked");
    if (!at || at >= body)
        return 0;
    if (have >= 5 && memcmp(body, "0\r\n\r\n", 5) == 0)
        return 5;
    end = memmem(body, have, "\r\n0\r\n\r\n", 7);
    return end ? end + 7 - body : -1;
}

static void take_requests(struct peer *p)
{
    struct server *s = p->s;
    const char *end;

    while (!p->script && p->in.len && (end = strstr(p->in.data, "\r\n\r\n"))) {
        AUTO_TEXT line = {0};
        const char *body = end + 4;
        size_t have = p->in.len - (size_t)(body - p->in.data);
        ssize_t len = body_length(p->in.data, body, have);
        struct route *r;
        const char *answer = SERVER_ANSWER("404 Not Found", "application/json",
                                           "{\"message\":\"nobody announced that\"}");

        str_addn(&line, p->in.data, strcspn(p->in.data, "\r\n") - strlen(" HTTP/1.1"));
        r = find_route(s, line.data);
        if (len < 0 && !(r && *r->answers.items[r->next] == *SERVER_EARLY))
            return;
        if (r)
            answer = next_answer(r);
        if (*answer == *SERVER_EARLY) {
            answer++;
            uv_read_stop(&p->to.stream);
            len = (ssize_t)have;
        }
        str_addn(&s->heads, p->in.data, (size_t)(body - p->in.data));
        str_addf(&s->log, "%s", line.data);
        if (len)
            str_addc(&s->log, ' ');
        str_addn(&s->log, body, len > 200 ? 200 : (size_t)len);
        str_addc(&s->log, '\n');
        str_consume(&p->in, (size_t)(body - p->in.data) + (size_t)len);
        p->script = answer;
        play(p);
    }
}

static void give_buffer(uv_handle_t *handle, size_t size, uv_buf_t *buf)
{
    struct peer *p = handle->data;

    (void)size;
    *buf = uv_buf_init(p->buf, sizeof p->buf);
}

static void on_shut(uv_shutdown_t *req, int status)
{
    if (status != UV_ECANCELED)
        peer_close(req->data);
}

static void on_read(uv_stream_t *stream, ssize_t n, const uv_buf_t *buf)
{
    struct peer *p = stream->data;

    if (n == UV_EOF && p->echo) {
        p->shutdown.data = p; /* not before everything is out */
        uv_shutdown(&p->shutdown, stream, on_shut);
    } else if (n < 0) {
        peer_close(p);
    } else if (p->echo) {
        say(p, buf->base, (size_t)n);
    } else {
        str_addn(&p->in, buf->base, (size_t)n);
        take_requests(p);
    }
}

static void init_socket(struct server *s, union socket *sock)
{
    if (s->tcp)
        uv_tcp_init(s->loop, &sock->tcp);
    else
        uv_pipe_init(s->loop, &sock->pipe, 0);
}

static void on_connection(uv_stream_t *listener, int status)
{
    struct server *s = listener->data;
    struct peer *p = mem_calloc(1, sizeof *p);

    assert(status == 0);
    s->connections++;
    s->handles++;
    p->s = s;
    p->handles = 2;
    p->next = s->peers;
    s->peers = p;
    init_socket(s, &p->to);
    uv_timer_init(s->loop, &p->pause);
    p->to.handle.data = p->pause.data = p;
    uv_accept(listener, &p->to.stream);
    uv_unref(&p->to.handle); /* who waits for an answer keeps the loop running */
    uv_read_start(&p->to.stream, give_buffer, on_read);
}

/* ---- the outside ---- */

static void listen_unix(struct server *s)
{
    struct str path = {0};

    s->dir = mem_strdup("/tmp/mcompose-test-XXXXXX");
    if (!mkdtemp(s->dir))
        abort();
    str_addf(&path, "%s/docker.sock", s->dir);
    s->path = str_take(&path);
    str_addf(&s->host, "unix://%s", s->path);
    if (uv_pipe_bind(&s->listener.pipe, s->path) < 0)
        abort();
}

static void listen_tcp(struct server *s)
{
    struct sockaddr_in at;
    int len = sizeof at;

    uv_ip4_addr("127.0.0.1", 0, &at);
    if (uv_tcp_bind(&s->listener.tcp, (struct sockaddr *)&at, 0) < 0)
        abort();
    uv_tcp_getsockname(&s->listener.tcp, (struct sockaddr *)&at, &len);
    str_addf(&s->host, "tcp://127.0.0.1:%u", ntohs(at.sin_port));
}

struct server *server_new(uv_loop_t *loop, bool tcp)
{
    struct server *s = mem_calloc(1, sizeof *s);

    signal(SIGPIPE, SIG_IGN); /* who hangs up on us is no reason to die */
    s->loop = loop;
    s->tcp = tcp;
    s->handles = 1;
    s->listening = true;
    init_socket(s, &s->listener);
    s->listener.handle.data = s;
    (tcp ? listen_tcp : listen_unix)(s);
    if (uv_listen(&s->listener.stream, 128, on_connection) < 0)
        abort();
    uv_unref(&s->listener.handle);
    server_on(s, "HEAD /_ping",
              "HTTP/1.1 200 OK\r\nApi-Version: 1.41\r\nOstype: linux\r\nContent-Length: 0\r\n\r\n");
    s->routes.items[0]->builtin = true;
    return s;
}

const char *server_host(const struct server *s)
{
    return s->host.data;
}

void server_on(struct server *s, const char *request, const char *answer)
{
    struct route *r = find_route(s, request);

    if (!r || strcmp(r->request, request) != 0) {
        r = mem_calloc(1, sizeof *r);
        r->request = mem_strdup(request);
        vec_push(&s->routes, r);
    }
    if (r->builtin) {
        free(r->answers.items[--r->answers.len]);
        r->builtin = false;
    }
    vec_push(&r->answers, mem_strdup(answer));
}

const char *server_heads(const struct server *s)
{
    return str_text(&s->heads);
}

const char *server_log(const struct server *s)
{
    return str_text(&s->log);
}

size_t server_connections(const struct server *s)
{
    return s->connections;
}
