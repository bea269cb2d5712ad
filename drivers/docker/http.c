#include "drivers/docker/http.h"

#include "core/base/attr.h"
#include "core/base/digest.h"
#include "core/base/err.h"
#include "core/base/library.h"
#include "core/base/log.h"
#include "core/base/mem.h"
#include "core/base/str.h"
#include "drivers/docker/address.h"

#include <curl/curl.h>
#include <errno.h>
#include <stdbool.h>
#include <string.h>
#include <strings.h>

/* libcurl, loaded by the first engine (core/base/library.h). */
#define LIBCURL "libcurl.so.4"
/* clang-format off */
#define FUNCTIONS(F)                                                                               \
    F(easy_cleanup) F(easy_getinfo) F(easy_init) F(easy_pause) F(easy_setopt)                      \
    F(easy_strerror) F(global_cleanup) F(global_init) F(multi_add_handle) F(multi_assign)          \
    F(multi_cleanup) F(multi_info_read) F(multi_init) F(multi_remove_handle) F(multi_setopt)       \
    F(multi_socket_action) F(slist_append) F(slist_free_all)
#define MEMBER(f) __typeof__(curl_##f) *f;
#define NAME(f) "curl_" #f,
static struct {
    FUNCTIONS(MEMBER)
} curl;
/* clang-format on */
static const char *const names[] = {FUNCTIONS(NAME)};

/* Idle connections that are kept; an answer that is collected and grows past the limit is no
 * answer. */
enum { IDLE_MAX = 32, CONNECT_SECONDS = 30, COLLECT_MAX = 256 * 1024 * 1024 };

struct http {
    uv_loop_t *loop;
    const struct address *at;
    CURLM *multi;
    uv_timer_t timer;
    const char *const *headers; /* of every request */
    unsigned handles;           /* of the loop, that are not closed yet */
    struct http_request *news;  /* requests with something to tell, oldest first */
    struct http_request **news_end;
    void (*on_closed)(void *owner);
    void *owner;
};

/* A socket of libcurl that the loop watches. */
struct watch {
    uv_poll_t poll;
    struct http *h;
    curl_socket_t socket;
    int events;
};

struct http_request {
    struct http *h;
    struct http_spec spec;         /* its texts are gone once sent */
    struct str method, path, body; /* body: what is sent */
    CURL *easy;
    struct curl_slist *headers;
    struct http_answer answer;
    struct str content_type, api_version, os_type, builder_version;
    struct str in; /* arrived and not told yet, or collected */
    bool has_head, head_told, too_long;
    bool in_news;
    bool telling, dead; /* canceled from one of its own callbacks: freed when that returns */
    struct http_request *next_news;
    char why[CURL_ERROR_SIZE];
    uint64_t started;
};

/* In time order. */
static int on_want_socket(CURL *easy, curl_socket_t s, int what, void *owner, void *watch);
static int on_want_timer(CURLM *multi, long ms, void *owner);
static void on_socket(uv_poll_t *poll, int status, int events);
static void on_timer(uv_timer_t *timer);
static size_t on_upload(char *buf, size_t size, size_t count, void *owner);
static size_t on_header(char *line, size_t size, size_t count, void *owner);
static size_t on_body(char *bytes, size_t size, size_t count, void *owner);
static void tell_all(struct http *h);
static void finish(struct http_request *r, CURLcode result);

/* ---- libcurl's wishes, put to the loop ---- */

static void on_handle_closed(struct http *h)
{
    void (*on_closed)(void *owner) = h->on_closed;
    void *owner = h->owner;

    if (--h->handles > 0 || !on_closed)
        return;
    free(h);
    on_closed(owner);
}

static void on_watch_closed(uv_handle_t *handle)
{
    struct watch *w = handle->data;
    struct http *h = w->h;

    free(w);
    on_handle_closed(h);
}

static void on_timer_closed(uv_handle_t *handle)
{
    on_handle_closed(handle->data);
}

static struct watch *watch_new(struct http *h, curl_socket_t s)
{
    struct watch *w = mem_calloc(1, sizeof *w);

    w->h = h;
    w->socket = s;
    if (uv_poll_init_socket(h->loop, &w->poll, s) < 0) {
        free(w);
        return NULL;
    }
    w->poll.data = w;
    h->handles++;
    return w;
}

static int on_want_socket(CURL *easy, curl_socket_t s, int what, void *owner, void *watch)
{
    struct http *h = owner;
    struct watch *w = watch;

    (void)easy;
    if (what == CURL_POLL_REMOVE) {
        if (w) {
            curl.multi_assign(h->multi, s, NULL);
            uv_close((uv_handle_t *)&w->poll, on_watch_closed);
        }
        return 0;
    }
    if (!w) {
        w = watch_new(h, s);
        if (!w)
            return -1;
        curl.multi_assign(h->multi, s, w);
    }
    w->events = (what == CURL_POLL_IN || what == CURL_POLL_INOUT ? UV_READABLE : 0) |
                (what == CURL_POLL_OUT || what == CURL_POLL_INOUT ? UV_WRITABLE : 0);
    if (w->events)
        uv_poll_start(&w->poll, w->events, on_socket);
    else
        uv_poll_stop(&w->poll);
    return 0;
}

static int on_want_timer(CURLM *multi, long ms, void *owner)
{
    struct http *h = owner;

    (void)multi;
    if (ms < 0)
        uv_timer_stop(&h->timer);
    else if (!uv_is_closing((uv_handle_t *)&h->timer))
        uv_timer_start(&h->timer, on_timer, (uint64_t)ms, 0);
    return 0;
}

/* After every socket_action, timeouts included. */
static void drain(struct http *h)
{
    CURLMsg *m;
    int left;

    tell_all(h);
    while ((m = curl.multi_info_read(h->multi, &left))) {
        struct http_request *r = NULL;

        if (m->msg != CURLMSG_DONE)
            continue;
        curl.easy_getinfo(m->easy_handle, CURLINFO_PRIVATE, (char **)&r);
        finish(r, m->data.result);
    }
}

static void on_socket(uv_poll_t *poll, int status, int events)
{
    struct watch *w = poll->data;
    struct http *h = w->h;
    int running;
    int flags = (events & UV_READABLE ? CURL_CSELECT_IN : 0) |
                (events & UV_WRITABLE ? CURL_CSELECT_OUT : 0);

    /* The loop has stopped watching a socket with an error. Let libcurl read: the answer may be
     * there. */
    if (status < 0)
        flags = CURL_CSELECT_IN | CURL_CSELECT_OUT;
    curl.multi_socket_action(h->multi, w->socket, flags, &running);
    if (status < 0 && w->events && !uv_is_closing((uv_handle_t *)poll))
        uv_poll_start(poll, w->events, on_socket);
    drain(h);
}

static void on_timer(uv_timer_t *timer)
{
    struct http *h = timer->data;
    int running;

    curl.multi_socket_action(h->multi, CURL_SOCKET_TIMEOUT, 0, &running);
    drain(h);
}

/* ---- inside libcurl: only take notes ---- */

static void has_news(struct http_request *r)
{
    if (r->in_news)
        return;
    r->in_news = true;
    r->next_news = NULL;
    *r->h->news_end = r;
    r->h->news_end = &r->next_news;
}

static size_t on_upload(char *buf, size_t size, size_t count, void *owner)
{
    struct http_request *r = owner;
    ssize_t n = r->spec.on_read(r->spec.owner, buf, size * count);

    if (n == HTTP_READ_PAUSE)
        return CURL_READFUNC_PAUSE;
    return n < 0 ? CURL_READFUNC_ABORT : (size_t)n;
}

static void note_header(struct http_request *r, const char *line, size_t len, const char *name,
                        struct str *value)
{
    size_t n = strlen(name);

    if (len <= n || strncasecmp(line, name, n) != 0)
        return;
    for (line += n, len -= n; len && (*line == ' ' || *line == '\t'); line++)
        len--;
    while (len && (line[len - 1] == '\r' || line[len - 1] == '\n' || line[len - 1] == ' '))
        len--;
    str_clear(value);
    str_addn(value, line, len);
    (void)r;
}

static size_t on_header(char *line, size_t size, size_t count, void *owner)
{
    struct http_request *r = owner;
    size_t len = size * count;
    long status = 0;

    note_header(r, line, len, "Content-Type:", &r->content_type);
    note_header(r, line, len, "Api-Version:", &r->api_version);
    note_header(r, line, len, "Ostype:", &r->os_type);
    note_header(r, line, len, "Builder-Version:", &r->builder_version);
    if (len > 2 || (*line != '\r' && *line != '\n'))
        return len;
    curl.easy_getinfo(r->easy, CURLINFO_RESPONSE_CODE, &status);
    if (status >= 200) {
        r->answer.status = (int)status;
        r->has_head = true;
        has_news(r);
    }
    return len;
}

static bool is_streamed(const struct http_request *r)
{
    return r->spec.on_data && r->answer.status / 100 == 2;
}

static size_t on_body(char *bytes, size_t size, size_t count, void *owner)
{
    struct http_request *r = owner;
    size_t len = size * count;

    if (!is_streamed(r) && r->in.len + len > COLLECT_MAX) {
        r->too_long = true;
        return 0; /* fails the transfer */
    }
    str_addn(&r->in, bytes, len);
    if (is_streamed(r))
        has_news(r);
    return len;
}

/* ---- outside of libcurl: tell the owners ---- */

static void fill_answer(struct http_request *r)
{
    bool collected = r->has_head && !is_streamed(r);

    r->answer.content_type = str_text(&r->content_type);
    r->answer.api_version = str_text(&r->api_version);
    r->answer.os_type = str_text(&r->os_type);
    r->answer.builder_version = str_text(&r->builder_version);
    r->answer.body = collected ? str_text(&r->in) : "";
    r->answer.len = collected ? r->in.len : 0;
}

/* Takes the request out of libcurl and out of the queue. Nothing is told any more. */
static void detach(struct http_request *r)
{
    struct http *h = r->h;

    curl.multi_remove_handle(h->multi, r->easy);
    if (!r->in_news)
        return;
    for (struct http_request **p = &h->news; *p; p = &(*p)->next_news) {
        if (*p != r)
            continue;
        *p = r->next_news;
        if (h->news_end == &r->next_news)
            h->news_end = p;
        break;
    }
    r->in_news = false;
}

static void request_free(struct http_request *r)
{
    curl.easy_cleanup(r->easy);
    curl.slist_free_all(r->headers);
    str_done(&r->method);
    str_done(&r->path);
    str_done(&r->body);
    str_done(&r->content_type);
    str_done(&r->api_version);
    str_done(&r->os_type);
    str_done(&r->builder_version);
    str_done(&r->in);
    free(r);
}

/* What has arrived. false: the request is gone. */
static bool tell(struct http_request *r)
{
    r->telling = true;
    if (r->has_head && !r->head_told) {
        r->head_told = true;
        fill_answer(r);
        if (r->spec.on_head)
            r->spec.on_head(r->spec.owner, &r->answer);
    }
    if (!r->dead && is_streamed(r) && r->in.len) {
        r->spec.on_data(r->spec.owner, r->in.data, r->in.len);
        str_clear(&r->in);
    }
    r->telling = false;
    if (!r->dead)
        return true;
    request_free(r);
    return false;
}

static void tell_all(struct http *h)
{
    while (h->news) {
        struct http_request *r = h->news;

        h->news = r->next_news;
        if (!h->news)
            h->news_end = &h->news;
        r->in_news = false;
        tell(r);
    }
}

static void trace(const struct http_request *r)
{
    if (log_on("http"))
        log_debug("http", "%s %s -> %d in %.1f ms", r->method.data, r->path.data, r->answer.status,
                  (double)(uv_hrtime() - r->started) / 1e6);
}

/* Why there is no answer, or not all of it. Where docker has words for it, they are used. */
static int explain(struct http_request *r, CURLcode result, struct err *err)
{
    const char *host = r->h->at->host, *why = r->why[0] ? r->why : curl.easy_strerror(result);
    long os_error = 0;

    if (result == CURLE_OK) /* libcurl is content with half a head */
        why = "the answer was cut off";
    curl.easy_getinfo(r->easy, CURLINFO_OS_ERRNO, &os_error);
    if (r->too_long)
        return err_set(err, ERR_ENGINE, loc_none(), "the answer to %s %s is too long",
                       r->method.data, r->path.data);
    if (result == CURLE_ABORTED_BY_CALLBACK)
        return err_set(err, ERR_FAILED, loc_none(), "%s %s was given up", r->method.data,
                       r->path.data);
    if (result == CURLE_COULDNT_CONNECT && (os_error == EACCES || os_error == EPERM))
        return err_set(err, ERR_UNREACHABLE, loc_none(),
                       "permission denied while trying to connect to the docker API at %s", host);
    if (result == CURLE_COULDNT_CONNECT)
        return err_set(err, ERR_UNREACHABLE, loc_none(),
                       "Cannot connect to the Docker daemon at %s. Is the docker daemon running?",
                       host);
    if (r->started && r->answer.status == 0 && result == CURLE_OPERATION_TIMEDOUT)
        return err_set(err, ERR_UNREACHABLE, loc_none(),
                       "Cannot connect to the Docker daemon at %s. Is the docker daemon running?",
                       host);
    return err_set(err, ERR_UNREACHABLE, loc_none(), "error during connect: %s %s at %s: %s",
                   r->method.data, r->path.data, host, why);
}

static void finish(struct http_request *r, CURLcode result)
{
    AUTO_ERR err = {0};
    bool answered;

    detach(r);
    if (!tell(r))
        return;
    /* An error that the engine could still say counts for more than that it hung up on the rest. */
    answered = r->has_head && (result == CURLE_OK || (r->answer.status >= 400 && !r->too_long));
    if (!answered)
        explain(r, result, &err);
    trace(r);
    fill_answer(r);
    r->telling = true; /* a cancel from on_done comes too late */
    r->spec.on_done(r->spec.owner, &r->answer, answered ? NULL : &err);
    request_free(r);
}

/* -- requests -----------------------------------------------------------------------------------
 *  */

static void add_header(struct http_request *r, const char *line)
{
    struct curl_slist *list = curl.slist_append(r->headers, line);

    if (list)
        r->headers = list;
}

static void add_headers(struct http_request *r, const char *const *lines)
{
    for (; lines && *lines; lines++)
        add_header(r, *lines);
}

static void set_url(struct http_request *r)
{
    const struct address *at = r->h->at;
    AUTO_TEXT url = {0};

    if (at->kind == ADDRESS_UNIX) {
        curl.easy_setopt(r->easy, CURLOPT_UNIX_SOCKET_PATH, at->path);
        curl.easy_setopt(r->easy, CURLOPT_PROXY, "");
        str_add(&url, "http://localhost");
    } else {
        bool v6 = strchr(at->name, ':');

        str_addf(&url, "%s://%s%s%s:%s", at->tls ? "https" : "http", v6 ? "[" : "", at->name,
                 v6 ? "]" : "", at->port);
    }
    str_addf(&url, "%s%s", at->base, r->path.data);
    curl.easy_setopt(r->easy, CURLOPT_URL, url.data);
}

static void set_tls(struct http_request *r)
{
    const struct address *at = r->h->at;

    if (!at->tls)
        return;
    curl.easy_setopt(r->easy, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
    curl.easy_setopt(r->easy, CURLOPT_SSL_VERIFYPEER, at->verify ? 1L : 0L);
    curl.easy_setopt(r->easy, CURLOPT_SSL_VERIFYHOST, at->verify ? 2L : 0L);
    curl.easy_setopt(r->easy, CURLOPT_CAINFO, at->ca);
    curl.easy_setopt(r->easy, CURLOPT_SSLCERT, at->cert);
    curl.easy_setopt(r->easy, CURLOPT_SSLKEY, at->key);
}

static void set_body(struct http_request *r, const struct http_spec *s)
{
    bool has_body = s->on_read || s->body;
    AUTO_TEXT type = {0};

    if (s->on_read) {
        curl.easy_setopt(r->easy, CURLOPT_UPLOAD, 1L);
        curl.easy_setopt(r->easy, CURLOPT_READFUNCTION, on_upload);
        curl.easy_setopt(r->easy, CURLOPT_READDATA, r);
        /* It cannot be sent twice, so not on a connection that may turn out to be dead. */
        curl.easy_setopt(r->easy, CURLOPT_FRESH_CONNECT, 1L);
    } else if (has_body || strcmp(s->method, "POST") == 0 || strcmp(s->method, "PUT") == 0) {
        str_addn(&r->body, s->body ? s->body : "", s->body ? s->body_len : 0);
        curl.easy_setopt(r->easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)r->body.len);
        curl.easy_setopt(r->easy, CURLOPT_POSTFIELDS, r->body.data);
    }
    if (strcmp(s->method, "HEAD") == 0)
        curl.easy_setopt(r->easy, CURLOPT_NOBODY, 1L);
    else
        curl.easy_setopt(r->easy, CURLOPT_CUSTOMREQUEST, r->method.data);
    if (has_body)
        str_addf(&type, "Content-Type: %s", s->content_type ? s->content_type : "application/json");
    add_header(r, has_body ? type.data : "Content-Type:");
    add_header(r, "Expect:");
    add_headers(r, r->h->headers);
    add_headers(r, s->headers);
    curl.easy_setopt(r->easy, CURLOPT_HTTPHEADER, r->headers);
}

static void set_options(struct http_request *r)
{
    curl.easy_setopt(r->easy, CURLOPT_PRIVATE, r);
    curl.easy_setopt(r->easy, CURLOPT_ERRORBUFFER, r->why);
    curl.easy_setopt(r->easy, CURLOPT_NOSIGNAL, 1L);
    curl.easy_setopt(r->easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
    curl.easy_setopt(r->easy, CURLOPT_PATH_AS_IS, 1L);
    curl.easy_setopt(r->easy, CURLOPT_USERAGENT, "mcompose");
    curl.easy_setopt(r->easy, CURLOPT_CONNECTTIMEOUT, (long)CONNECT_SECONDS);
    curl.easy_setopt(r->easy, CURLOPT_TCP_KEEPALIVE, 1L);
    curl.easy_setopt(r->easy, CURLOPT_BUFFERSIZE, 64L * 1024);
    curl.easy_setopt(r->easy, CURLOPT_HEADERFUNCTION, on_header);
    curl.easy_setopt(r->easy, CURLOPT_HEADERDATA, r);
    curl.easy_setopt(r->easy, CURLOPT_WRITEFUNCTION, on_body);
    curl.easy_setopt(r->easy, CURLOPT_WRITEDATA, r);
}

struct http_request *http_send(struct http *h, const struct http_spec *s)
{
    struct http_request *r = mem_calloc(1, sizeof *r);

    r->h = h;
    r->spec = *s;
    r->started = uv_hrtime();
    str_add(&r->method, s->method);
    str_add(&r->path, s->path);
    r->easy = curl.easy_init();
    if (!r->easy)
        mem_alloc(SIZE_MAX); /* out of memory: says so and aborts */
    set_options(r);
    set_url(r);
    set_tls(r);
    set_body(r, s);
    curl.multi_add_handle(h->multi, r->easy);
    return r;
}

void http_cancel(struct http_request *r)
{
    if (r->dead)
        return;
    detach(r);
    r->dead = true;
    if (!r->telling)
        request_free(r);
}

void http_resume(struct http_request *r)
{
    curl.easy_pause(r->easy, CURLPAUSE_CONT);
}

struct http *http_new(uv_loop_t *loop, const struct address *at, const char *const *headers,
                      unsigned connections_max, struct err *err)
{
    struct http *h;

    if (library_load(LIBCURL, names, ARRAY_LEN(names), &curl, err) < 0)
        return NULL;
    h = mem_calloc(1, sizeof *h);
    if (!at->tls)
        digest_only();
    curl.global_init(at->tls ? CURL_GLOBAL_DEFAULT : CURL_GLOBAL_NOTHING);
    h->loop = loop;
    h->at = at;
    h->headers = headers;
    h->news_end = &h->news;
    h->multi = curl.multi_init();
    if (!h->multi)
        mem_alloc(SIZE_MAX);
    uv_timer_init(loop, &h->timer);
    h->timer.data = h;
    h->handles = 1;
    curl.multi_setopt(h->multi, CURLMOPT_SOCKETFUNCTION, on_want_socket);
    curl.multi_setopt(h->multi, CURLMOPT_SOCKETDATA, h);
    curl.multi_setopt(h->multi, CURLMOPT_TIMERFUNCTION, on_want_timer);
    curl.multi_setopt(h->multi, CURLMOPT_TIMERDATA, h);
    curl.multi_setopt(h->multi, CURLMOPT_PIPELINING, (long)CURLPIPE_NOTHING);
    curl.multi_setopt(h->multi, CURLMOPT_MAXCONNECTS, (long)IDLE_MAX);
    curl.multi_setopt(h->multi, CURLMOPT_MAX_TOTAL_CONNECTIONS, (long)connections_max);
    return h;
}

void http_close(struct http *h, void (*on_closed)(void *owner), void *owner)
{
    h->on_closed = on_closed;
    h->owner = owner;
    curl.multi_cleanup(h->multi);
    curl.global_cleanup();
    uv_close((uv_handle_t *)&h->timer, on_timer_closed);
}
