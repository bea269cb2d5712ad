#include "drivers/docker/hijack.h"

#include "core/base/err.h"
#include "core/base/log.h"
#include "core/base/mem.h"
#include "core/base/str.h"
#include "drivers/docker/address.h"
#include "drivers/docker/http.h"

#include <stdbool.h>
#include <string.h>
#include <strings.h>

enum { READ_SIZE = 64 * 1024, HEAD_MAX = 64 * 1024, BODY_MAX = 64 * 1024, KEEPALIVE_SECONDS = 30 };

enum hijack_state {
    HIJACK_CONNECTS,
    HIJACK_HEAD,    /* the request is out */
    HIJACK_REFUSAL, /* reading the body of an answer that is not 101 */
    HIJACK_OPEN,
    HIJACK_OVER,
};

/* Bytes on their way out. */
struct sent {
    uv_write_t req;
    struct hijack *h;
    void (*on_sent)(void *owner);
    void *owner;
    struct sent *next; /* before the connection is open */
    size_t len;
    char bytes[];
};

struct hijack {
    union {
        uv_handle_t handle;
        uv_stream_t stream;
        uv_pipe_t pipe;
        uv_tcp_t tcp;
    } to;
    uv_connect_t connect;
    uv_shutdown_t shutdown;
    uv_getaddrinfo_t resolve;
    struct addrinfo *addresses, *address;
    bool resolving, closed;

    uv_loop_t *loop;
    const struct address *at;
    struct hijack_spec spec;
    enum hijack_state state;
    struct str request, path;
    struct sent *waiting;
    bool end_wanted;

    struct str head, body; /* of the answer */
    struct http_answer answer;
    struct str content_type;
    bool chunked, has_length;
    size_t length;
    uint64_t started;
    char buf[READ_SIZE];
};

/* In time order. */
static void on_ready_for_next(uv_handle_t *handle);
static void on_resolved(uv_getaddrinfo_t *req, int status, struct addrinfo *found);
static void on_connected(uv_connect_t *req, int status);
static void on_read(uv_stream_t *stream, ssize_t n, const uv_buf_t *buf);
static void feed(struct hijack *h, const char *bytes, size_t len);
static void finish(struct hijack *h, const struct http_answer *refusal, const struct err *err);
static void on_closed(uv_handle_t *handle);

/* -- ending ---------------------------------------------------------------------------------------
 *  */

static void free_when_closed(struct hijack *h)
{
    if (!h->closed || h->resolving)
        return;
    while (h->waiting) {
        struct sent *s = h->waiting;

        h->waiting = s->next;
        free(s);
    }
    if (h->addresses)
        uv_freeaddrinfo(h->addresses);
    str_done(&h->request);
    str_done(&h->path);
    str_done(&h->head);
    str_done(&h->body);
    str_done(&h->content_type);
    free(h);
}

static void on_closed(uv_handle_t *handle)
{
    struct hijack *h = handle->data;

    h->closed = true;
    free_when_closed(h);
}

void hijack_close(struct hijack *h)
{
    h->state = HIJACK_OVER;
    if (h->resolving)
        uv_cancel((uv_req_t *)&h->resolve);
    if (!uv_is_closing(&h->to.handle))
        uv_close(&h->to.handle, on_closed);
    /* else it is between two addresses, and on_ready_for_next sees the state */
}

static void finish(struct hijack *h, const struct http_answer *refusal, const struct err *err)
{
    if (h->state == HIJACK_OVER)
        return;
    log_debug("http", "POST %s -> %d in %.1f ms, upgraded", str_text(&h->path), h->answer.status,
              (double)(uv_hrtime() - h->started) / 1e6);
    hijack_close(h);
    h->spec.on_done(h->spec.owner, refusal, err);
}

static void fail_connect(struct hijack *h, int status)
{
    AUTO_ERR err = {0};

    if (status == UV_EACCES || status == UV_EPERM)
        err_set(&err, ERR_UNREACHABLE, loc_none(),
                "permission denied while trying to connect to the docker API at %s", h->at->host);
    else
        err_set(&err, ERR_UNREACHABLE, loc_none(),
                "Cannot connect to the Docker daemon at %s. Is the docker daemon running?",
                h->at->host);
    finish(h, NULL, &err);
}

static void fail(struct hijack *h, const char *why)
{
    AUTO_ERR err = {0};

    err_set(&err, ERR_UNREACHABLE, loc_none(), "error during connect: POST %s at %s: %s",
            str_text(&h->path), h->at->host, why);
    finish(h, NULL, &err);
}

/* -- sending --------------------------------------------------------------------------------------
 *  */

static void on_written(uv_write_t *req, int status)
{
    struct sent *s = req->data;
    struct hijack *h = s->h;
    void (*on_sent)(void *owner) = s->on_sent;
    void *owner = s->owner;

    (void)status; /* the reading side learns of a broken connection, with what came before it */
    free(s);
    if (h->state != HIJACK_OVER && on_sent)
        on_sent(owner);
}

static void write_out(struct hijack *h, struct sent *s)
{
    uv_buf_t buf = uv_buf_init(s->bytes, (unsigned)s->len);

    if (uv_write(&s->req, &h->to.stream, &buf, 1, on_written) < 0)
        fail(h, "the connection broke"); /* cannot happen on an open stream */
}

void hijack_send(struct hijack *h, const char *bytes, size_t len, void (*on_sent)(void *owner),
                 void *owner)
{
    struct sent *s = mem_alloc(sizeof *s + len), **end = &h->waiting;

    *s = (struct sent){.h = h, .on_sent = on_sent, .owner = owner, .len = len};
    s->req.data = s;
    if (len)
        memcpy(s->bytes, bytes, len);
    if (h->state == HIJACK_OPEN) {
        write_out(h, s);
        return;
    }
    while (*end)
        end = &(*end)->next;
    *end = s;
}

static void on_shut(uv_shutdown_t *req, int status)
{
    (void)req;
    (void)status;
}

void hijack_send_end(struct hijack *h)
{
    if (h->state == HIJACK_OPEN)
        uv_shutdown(&h->shutdown, &h->to.stream, on_shut);
    h->end_wanted = true;
}

static void flush(struct hijack *h)
{
    while (h->waiting) {
        struct sent *s = h->waiting;

        h->waiting = s->next;
        write_out(h, s);
    }
    if (h->end_wanted)
        uv_shutdown(&h->shutdown, &h->to.stream, on_shut);
}

/* -- connecting -----------------------------------------------------------------------------------
 *  */

static void build_request(struct hijack *h)
{
    const struct hijack_spec *s = &h->spec;

    str_addf(&h->request, "POST %s%s HTTP/1.1\r\nHost: ", h->at->base, s->path);
    if (h->at->kind == ADDRESS_UNIX)
        str_add(&h->request, "localhost");
    else
        str_addf(&h->request, strchr(h->at->name, ':') ? "[%s]:%s" : "%s:%s", h->at->name,
                 h->at->port);
    str_addf(
        &h->request,
        "\r\nUser-Agent: mcompose\r\nConnection: Upgrade\r\nUpgrade: tcp\r\nContent-Type: %s\r\n"
        "Content-Length: %zu\r\n",
        s->body ? "application/json" : "text/plain", s->body_len);
    for (const char *const *line = s->headers; line && *line; line++)
        str_addf(&h->request, "%s\r\n", *line);
    str_add(&h->request, "\r\n");
    str_addn(&h->request, s->body ? s->body : "", s->body_len);
}

static void connect_address(struct hijack *h)
{
    uv_tcp_init(h->loop, &h->to.tcp);
    h->to.handle.data = h;
    if (!h->address ||
        uv_tcp_connect(&h->connect, &h->to.tcp, h->address->ai_addr, on_connected) < 0)
        fail_connect(h, UV_ECONNREFUSED);
}

static void start_connecting(struct hijack *h)
{
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM};

    h->connect.data = h;
    h->resolve.data = h;
    if (h->at->kind == ADDRESS_UNIX) {
        uv_pipe_init(h->loop, &h->to.pipe, 0);
        h->to.handle.data = h;
        uv_pipe_connect(&h->connect, &h->to.pipe, h->at->path, on_connected);
        return;
    }
    uv_tcp_init(h->loop, &h->to.tcp); /* something to close, whatever comes */
    h->to.handle.data = h;
    h->resolving =
        uv_getaddrinfo(h->loop, &h->resolve, on_resolved, h->at->name, h->at->port, &hints) == 0;
    if (!h->resolving)
        uv_close(&h->to.handle, on_ready_for_next); /* fails there, from the loop */
}

static void on_ready_for_next(uv_handle_t *handle)
{
    struct hijack *h = handle->data;

    if (h->state == HIJACK_OVER) {
        on_closed(handle);
        return;
    }
    connect_address(h);
}

static void on_resolved(uv_getaddrinfo_t *req, int status, struct addrinfo *found)
{
    struct hijack *h = req->data;

    h->resolving = false;
    h->addresses = h->address = found;
    if (h->state == HIJACK_OVER) {
        free_when_closed(h);
    } else if (status < 0 || !found) {
        fail_connect(h, status);
    } else if (uv_tcp_connect(&h->connect, &h->to.tcp, found->ai_addr, on_connected) < 0) {
        fail_connect(h, UV_ECONNREFUSED);
    }
}

static void give_buffer(uv_handle_t *handle, size_t wanted, uv_buf_t *buf)
{
    struct hijack *h = handle->data;

    (void)wanted;
    *buf = uv_buf_init(h->buf, sizeof h->buf);
}

static void on_connected(uv_connect_t *req, int status)
{
    struct hijack *h = req->data;
    struct sent *s;

    if (h->state == HIJACK_OVER)
        return;
    if (status < 0 && h->address && h->address->ai_next) {
        h->address = h->address->ai_next;
        uv_close(&h->to.handle, on_ready_for_next);
        return;
    }
    if (status < 0) {
        fail_connect(h, status);
        return;
    }
    if (h->at->kind == ADDRESS_TCP)
        uv_tcp_keepalive(&h->to.tcp, 1, KEEPALIVE_SECONDS);
    h->state = HIJACK_HEAD;
    s = mem_alloc(sizeof *s + h->request.len);
    *s = (struct sent){.h = h, .len = h->request.len};
    s->req.data = s;
    memcpy(s->bytes, h->request.data, h->request.len);
    write_out(h, s);
    uv_read_start(&h->to.stream, give_buffer, on_read);
}

struct hijack *hijack_open(uv_loop_t *loop, const struct address *at, const struct hijack_spec *s)
{
    struct hijack *h = mem_calloc(1, sizeof *h);

    h->loop = loop;
    h->at = at;
    h->spec = *s;
    h->started = uv_hrtime();
    str_add(&h->path, s->path);
    build_request(h);
    start_connecting(h);
    return h;
}

/* ---- the answer ---- */

/* A line "name: value" of the head; -1 when there is none. */
static int head_value(const struct hijack *h, const char *name, struct str *ret)
{
    size_t n = strlen(name);

    for (const char *line = h->head.data; (line = strstr(line, "\r\n"));) {
        line += 2;
        if (strncasecmp(line, name, n) != 0 || line[n] != ':')
            continue;
        line += n + 1;
        line += strspn(line, " \t");
        str_clear(ret);
        str_addn(ret, line, strcspn(line, "\r\n"));
        return 0;
    }
    return -1;
}

/* "HTTP/1.1 101 UPGRADED" */
static int read_status(struct hijack *h)
{
    const char *head = h->head.data;
    int status = 0;

    if (strncmp(head, "HTTP/1.", 7) != 0 || !head[7] || head[8] != ' ')
        return -1;
    for (int i = 9; i < 12; i++) {
        if (head[i] < '0' || head[i] > '9')
            return -1;
        status = status * 10 + (head[i] - '0');
    }
    return status;
}

static int read_head(struct hijack *h)
{
    AUTO_TEXT value = {0};
    unsigned long long length;

    h->answer.status = read_status(h);
    if (h->answer.status < 0)
        return -1;
    head_value(h, "Content-Type", &h->content_type);
    h->chunked =
        head_value(h, "Transfer-Encoding", &value) == 0 && !strcasecmp(value.data, "chunked");
    if (head_value(h, "Content-Length", &value) == 0) {
        if (str_to_u64(value.data, &length) < 0 || length > BODY_MAX)
            return -1;
        h->has_length = true;
        h->length = (size_t)length;
    }
    if (h->answer.status != 101 &&
        (h->answer.status < 200 || h->answer.status == 204 || h->answer.status == 304))
        h->has_length = true; /* of nothing */
    return 0;
}

/* Some engines answer 200 and go on with the stream all the same. */
static bool is_upgraded(const struct hijack *h)
{
    return h->answer.status == 101 ||
           (h->answer.status == 200 && !h->has_length && !h->chunked &&
            str_has_prefix(str_text(&h->content_type), "application/vnd.docker."));
}

/* Undoes chunked coding; true when the last chunk is there. */
static bool unchunk(const struct str *raw, struct str *out)
{
    const char *at = str_text(raw), *end = at + raw->len;

    str_clear(out);
    while (at < end) {
        char *rest;
        unsigned long n = strtoul(at, &rest, 16);

        rest = strstr(rest, "\r\n");
        if (!rest)
            return false;
        if (n == 0)
            return true;
        rest += 2;
        if (rest > end || n > (size_t)(end - rest) || (size_t)(end - rest) - n < 2)
            return false;
        str_addn(out, rest, n);
        at = rest + n + 2;
    }
    return false;
}

static void refuse(struct hijack *h)
{
    AUTO_TEXT plain = {0};
    const struct str *body = &h->body;

    if (h->chunked) {
        unchunk(&h->body, &plain);
        body = &plain;
    }
    h->answer.content_type = str_text(&h->content_type);
    h->answer.api_version = h->answer.os_type = h->answer.builder_version = "";
    h->answer.body = str_text(body);
    h->answer.len = body->len;
    finish(h, &h->answer, NULL);
}

static void feed_refusal(struct hijack *h, const char *bytes, size_t len)
{
    AUTO_TEXT plain = {0};

    str_addn(&h->body, bytes, len);
    if ((h->has_length && h->body.len >= h->length) || h->body.len > BODY_MAX ||
        (h->chunked && unchunk(&h->body, &plain)))
        refuse(h);
}

static void feed_head(struct hijack *h, const char *bytes, size_t len)
{
    size_t before = h->head.len, head_len;
    const char *end;

    str_addn(&h->head, bytes, len);
    end = strstr(h->head.data, "\r\n\r\n");
    if (!end) {
        if (h->head.len > HEAD_MAX || strlen(h->head.data) < h->head.len)
            fail(h, "the answer is no HTTP");
        return;
    }
    head_len = (size_t)(end - h->head.data) + 4;
    str_cut(&h->head, head_len - 2); /* the last line keeps its end */
    if (read_head(h) < 0) {
        fail(h, "the answer is no HTTP");
        return;
    }
    h->state = is_upgraded(h) ? HIJACK_OPEN : HIJACK_REFUSAL;
    bytes += head_len - before;
    len -= head_len - before;
    if (h->state == HIJACK_OPEN) {
        h->spec.on_open(h->spec.owner);
        if (h->state == HIJACK_OPEN)
            flush(h);
    }
    if (h->state == HIJACK_REFUSAL || len)
        feed(h, bytes, len);
}

static void feed(struct hijack *h, const char *bytes, size_t len)
{
    if (h->state == HIJACK_HEAD)
        feed_head(h, bytes, len);
    else if (h->state == HIJACK_REFUSAL)
        feed_refusal(h, bytes, len);
    else if (h->state == HIJACK_OPEN)
        h->spec.on_data(h->spec.owner, bytes, len);
}

/* A reset after the upgrade is an end too: it is what the engine's end looks like when input was
 * left over. */
static void on_end(struct hijack *h, int status)
{
    if (h->state == HIJACK_OPEN)
        finish(h, NULL, NULL);
    else if (h->state == HIJACK_REFUSAL)
        refuse(h);
    else
        fail(h, status == UV_EOF ? "the connection was closed" : uv_strerror(status));
}

static void on_read(uv_stream_t *stream, ssize_t n, const uv_buf_t *buf)
{
    struct hijack *h = stream->data;

    if (h->state == HIJACK_OVER)
        return;
    if (n > 0)
        feed(h, buf->base, (size_t)n);
    else if (n < 0)
        on_end(h, (int)n);
}
