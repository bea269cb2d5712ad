#include "core/base/arena.h"
#include "core/base/mem.h"
#include "core/json/json.h"
#include "drivers/docker/hijack.h"
#include "drivers/docker/http.h"
#include "drivers/docker/internal.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdarg.h>
#include <string.h>

/* ---- making ---- */

struct call *call_new_size(struct docker *d, size_t size, call_done *done, void *owner)
{
    struct call *c = mem_calloc(1, size);

    c->d = d;
    c->done = done;
    c->owner = owner;
    c->prev = d->open_last;
    *(d->open_last ? &d->open_last->next : &d->open) = c;
    d->open_last = c;
    return c;
}

struct call *call_new(struct docker *d, call_done *done, void *owner)
{
    return call_new_size(d, sizeof(struct call), done, owner);
}

struct arena *call_arena(struct call *c)
{
    if (c->arena)
        return c->arena;
    if (!c->scratch)
        c->scratch = arena_new();
    return c->scratch;
}

static void escape(struct str *out, const char *text, const char *keep)
{
    for (; text && *text; text++) {
        unsigned char b = (unsigned char)*text;

        if ((b < 0x80 && isalnum(b)) || strchr("-._~", b) || strchr(keep, b))
            str_addc(out, *text);
        else
            str_addf(out, "%%%02X", b);
    }
}

static void set_path(struct call *c, const char *method, const char *path, va_list ap)
{
    c->method = method;
    str_clear(&c->path);
    for (const char *arg; (arg = strstr(path, "%s")); path = arg + 2) {
        str_addn(&c->path, path, (size_t)(arg - path));
        escape(&c->path, va_arg(ap, const char *),
               "/:@"); /* NOLINT(clang-analyzer-valist*): it is */
    }
    str_add(&c->path, path);
}

#define DEFINE_METHOD(name, method)                                                                \
    void name(struct call *c, const char *path, ...)                                               \
    {                                                                                              \
        va_list ap;                                                                                \
                                                                                                   \
        va_start(ap, path);                                                                        \
        set_path(c, method, path, ap);                                                             \
        va_end(ap);                                                                                \
    }
DEFINE_METHOD(call_get, "GET")
DEFINE_METHOD(call_post, "POST")
DEFINE_METHOD(call_put, "PUT")
DEFINE_METHOD(call_delete, "DELETE")

void call_query(struct call *c, const char *name, const char *value)
{
    if (!value)
        return;
    str_addc(&c->path, strchr(c->path.data, '?') ? '&' : '?');
    str_addf(&c->path, "%s=", name);
    escape(&c->path, value, "");
}

void call_query_i64(struct call *c, const char *name, int64_t value)
{
    AUTO_TEXT text = {0};

    str_addf(&text, "%" PRId64, value);
    call_query(c, name, text.data);
}

void call_filter(struct json *filters, const char *name, const struct strings *values)
{
    struct json *of;

    if (values->len == 0)
        return;
    of = json_need_object(filters, name);
    for (size_t i = 0; i < values->len; i++)
        json_put(of, values->items[i], json_bool(true));
}

void call_query_filters(struct call *c, struct json *filters)
{
    AUTO_TEXT text = {0};

    if (json_len(filters)) {
        json_print(filters, &text);
        call_query(c, "filters", text.data);
    }
    json_free(filters);
}

void call_json(struct call *c, struct json *body)
{
    str_clear(&c->body);
    json_print(body, &c->body);
    json_free(body);
}

/* ---- ending ---- */

static void unlink_open(struct call *c)
{
    struct docker *d = c->d;

    *(c->prev ? &c->prev->next : &d->open) = c->next;
    *(c->next ? &c->next->prev : &d->open_last) = c->prev;
    c->prev = c->next = NULL;
}

static void call_free(struct call *c)
{
    if (c->on_free)
        c->on_free(c);
    str_done(&c->path);
    str_done(&c->body);
    str_done(&c->header);
    err_done(&c->err);
    arena_free(c->scratch);
    free(c);
}

static void tell(struct call *c)
{
    c->state = CALL_TOLD;
    call_input_over(c);
    c->done(c->owner, &c->reply, c->err.code == ERR_NONE ? NULL : &c->err);
    call_free(c);
}

/* Gives up the connection, if there is one. Nothing comes from it any more. */
static void let_go(struct call *c)
{
    struct http_request *r = c->request;
    struct hijack *h = c->hijack;

    c->request = NULL;
    c->hijack = NULL;
    if (r)
        http_cancel(r);
    if (h)
        hijack_close(h);
}

/* The loop will tell the owner. */
static void end_later(struct call *c)
{
    struct docker *d = c->d;

    let_go(c);
    unlink_open(c);
    c->state = CALL_ENDED;
    *(d->ended_last ? &d->ended_last->next : &d->ended) = c;
    d->ended_last = c;
    uv_timer_start(&d->ender, call_on_ender, 0, 0);
}

void call_on_ender(uv_timer_t *timer)
{
    struct docker *d = timer->data;

    while (d->ended) {
        struct call *c = d->ended;

        d->ended = c->next;
        if (!d->ended)
            d->ended_last = NULL;
        tell(c);
    }
    if (d->closing && !d->open)
        docker_tear_down(d);
}

/* From the loop, with nothing of the call's on the stack but the end of its request. */
static void end_now(struct call *c)
{
    struct docker *d = c->d;

    if (call_is_over(c))
        return;
    unlink_open(c);
    tell(c);
    if (d->closing && !d->open)
        uv_timer_start(&d->ender, call_on_ender, 0, 0);
}

struct call *call_fail(struct call *c, struct err *err)
{
    if (call_is_over(c)) {
        err_done(err);
        return c;
    }
    err_move(&c->err, err);
    if (c->err.code == ERR_NONE)
        err_set(&c->err, ERR_FAILED, loc_none(), "the request failed");
    end_later(c);
    return c;
}

void call_succeed(struct call *c)
{
    if (!call_is_over(c))
        end_later(c);
}

void call_cancel(struct call *c)
{
    AUTO_ERR err = {0};

    if (c->state == CALL_TOLD || c->err.code != ERR_NONE)
        return;
    err_set(&err, ERR_CANCELED, loc_none(), "canceled");
    if (c->state == CALL_ENDED)
        err_move(&c->err, &err); /* it had ended well, but nobody knows yet */
    else
        call_fail(c, &err);
}

void call_close_all(struct docker *d)
{
    while (d->open)
        call_cancel(d->open);
    uv_timer_start(&d->ender, call_on_ender, 0, 0);
}

/* ---- on the way ---- */

static void take_answer(struct call *c, const struct http_answer *a)
{
    c->reply.unchanged = a->status == 304;
    if (a->status / 100 != 2 && a->status != 304 && a->status != 101 && !c->takes_refusal)
        answer_error(a, &c->err);
    else if (c->on_answer && c->on_answer(c, a, &c->reply, &c->err) < 0 && c->err.code == ERR_NONE)
        err_set(&c->err, ERR_ENGINE, loc_none(), "unexpected answer of the engine");
}

static void on_http_done(void *owner, const struct http_answer *a, const struct err *err)
{
    struct call *c = owner;

    c->request = NULL;
    if (err)
        err_copy(&c->err, err);
    else
        take_answer(c, a);
    if (!c->request || c->err.code != ERR_NONE) {
        let_go(c);
        end_now(c);
    }
}

static void on_http_head(void *owner, const struct http_answer *a)
{
    struct call *c = owner;

    if (c->on_head && a->status / 100 == 2)
        c->on_head(c);
}

static void on_http_data(void *owner, const char *bytes, size_t len)
{
    struct call *c = owner;

    c->on_data(c, bytes, len);
}

static ssize_t on_http_read(void *owner, char *buf, size_t size)
{
    struct call *c = owner;

    return c->on_read(c, buf, size);
}

static void send_http(struct call *c, const char *path)
{
    const char *headers[] = {c->header.len ? c->header.data : NULL, NULL};
    struct http_spec s = {
        .method = c->method,
        .path = path,
        .headers = headers,
        .body = c->body.len ? c->body.data : NULL,
        .body_len = c->body.len,
        .content_type = c->content_type,
        .on_read = c->on_read ? on_http_read : NULL,
        .on_head = on_http_head,
        .on_data = c->on_data ? on_http_data : NULL,
        .on_done = on_http_done,
        .owner = c,
    };

    c->request = http_send(c->d->http, &s);
}

static void on_hijack_open(void *owner)
{
    struct call *c = owner;

    if (c->on_head)
        c->on_head(c);
}

static void on_hijack_done(void *owner, const struct http_answer *refusal, const struct err *err)
{
    struct call *c = owner;
    const struct http_answer ended = {.status = 101, .content_type = "", .body = ""};

    c->hijack = NULL;
    if (err)
        err_copy(&c->err, err);
    else if (refusal)
        answer_error(refusal, &c->err);
    else
        take_answer(c, &ended);
    end_now(c);
}

static void send_hijack(struct call *c, const char *path)
{
    struct hijack_spec s = {
        .path = path,
        .headers = c->d->client.headers,
        .body = c->body.len ? c->body.data : NULL,
        .body_len = c->body.len,
        .on_open = on_hijack_open,
        .on_data = on_http_data,
        .on_done = on_hijack_done,
        .owner = c,
    };

    c->hijack = hijack_open(c->d->loop, &c->d->at, &s);
    call_input_flush(c);
}

/* The version is known: out with it. */
static void go(struct call *c)
{
    AUTO_ERR err = {0};
    AUTO_TEXT path = {0};

    if (c->on_version && c->on_version(c, &err) < 0) {
        call_fail(c, &err);
        return;
    }
    if (call_is_over(c)) /* it needs no request */
        return;
    if (c->upgrade && c->d->at.tls) {
        err_set(&err, ERR_UNSUPPORTED, loc_none(),
                "attach and exec over TLS are not supported yet");
        call_fail(c, &err);
        return;
    }
    c->state = CALL_SENT;
    if (!c->unversioned)
        str_addf(&path, "/v%u.%u", c->d->info.api_major, c->d->info.api_minor);
    str_add(&path, c->path.data);
    if (c->upgrade)
        send_hijack(c, path.data);
    else
        send_http(c, path.data);
}

struct call *call_send(struct call *c)
{
    AUTO_ERR err = {0};

    if (c->d->closing) {
        err_set(&err, ERR_CANCELED, loc_none(), "canceled");
        return call_fail(c, &err);
    }
    c->state = CALL_WAITS;
    if (c->d->version == VERSION_KNOWN)
        go(c);
    else
        version_ask(c->d);
    return c;
}

void call_more(struct call *c)
{
    go(c);
}

void call_resume(struct call *c)
{
    if (c->request)
        http_resume(c->request);
}

void call_version_known(struct docker *d)
{
    for (struct call *c = d->open, *next; c; c = next) {
        next = c->next;
        if (c->state == CALL_WAITS)
            go(c);
    }
}

void call_version_failed(struct docker *d, const struct err *err)
{
    for (struct call *c = d->open, *next; c; c = next) {
        AUTO_ERR copy = {0};

        next = c->next;
        if (c->state != CALL_WAITS)
            continue;
        err_copy(&copy, err);
        call_fail(c, &copy);
    }
}
