/* drivers/docker/http.h: HTTP requests to one server over one pool of connections. The only user of
 * libcurl.
 *
 * Callbacks run from the loop, never from inside a call, and may do anything but one: on_read runs
 * inside libcurl and must only read. on_done runs exactly once and last, except after
 * http_cancel(), when nothing more runs. */
#ifndef DRIVERS_DOCKER_HTTP_H
#define DRIVERS_DOCKER_HTTP_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h> /* ssize_t */
#include <uv.h>

struct address;
struct err;
struct http;
struct http_request;

struct http_answer {
    int status;                                          /* 0: none came */
    const char *content_type;                            /* "" when there is none */
    const char *api_version, *os_type, *builder_version; /* the engine's own headers; "" as well */
    const char *body; /* NUL-terminated; empty when it was streamed */
    size_t len;
};

/* What on_read may say in place of a number of bytes; 0 is the end. */
#define HTTP_READ_PAUSE (-1) /* nothing yet: http_resume() when there is */
#define HTTP_READ_ABORT (-2) /* the request fails */

struct http_spec {
    const char *method;
    const char *path; /* from the slash, with version and query, encoded */
    const char *const
        *headers; /* "Name: value", NULL at the end; may be NULL; copied like all of these */
    const char *body;
    size_t body_len;
    const char
        *content_type; /* of what is sent; NULL: no body, or application/json when there is one */

    ssize_t (*on_read)(void *owner, char *buf,
                       size_t size); /* a body without a known end, in place of `body` */
    void (*on_head)(void *owner, const struct http_answer *a);
    /* The body as it comes, when the status is 2xx; left out, it is
     * collected. Errors always are. */
    void (*on_data)(void *owner, const char *bytes, size_t len);
    /* err: no answer, or not all of it. Any status is an answer. */
    void (*on_done)(void *owner, const struct http_answer *a, const struct err *err);
    void *owner;
};

/* `at` and `headers` (of every request, "Name: value", NULL at the end; may be NULL) are borrowed
 * and stay as long as the http does. connections_max 0: no limit. NULL: libcurl is not there. */
struct http *http_new(uv_loop_t *loop, const struct address *at, const char *const *headers,
                      unsigned connections_max, struct err *err);
/* No request may be open. `on_closed` runs when the loop has let go and all is freed. */
void http_close(struct http *h, void (*on_closed)(void *owner), void *owner);

struct http_request *http_send(struct http *h, const struct http_spec *s);
void http_cancel(struct http_request *r);
void http_resume(struct http_request *r); /* on_read has something to say again */

#endif
