/* drivers/docker/hijack.h: requests that leave HTTP: attach and exec.
 *
 * A connection of its own: the request asks for an upgrade, the engine says 101, and from then on
 * bytes go both ways as they are. Any other answer is collected and handed over whole. Callbacks
 * run from the loop; on_done once and last, except after hijack_close(), when nothing more runs. */
#ifndef DRIVERS_DOCKER_HIJACK_H
#define DRIVERS_DOCKER_HIJACK_H

#include <stddef.h>
#include <uv.h>

struct address;
struct err;
struct hijack;
struct http_answer;

struct hijack_spec {
    const char *path;           /* with the version */
    const char *const *headers; /* more of them, "Name: value", NULL at the end; may be NULL */
    const char *body;           /* JSON; may be NULL */
    size_t body_len;
    void (*on_open)(void *owner); /* 101 */
    void (*on_data)(void *owner, const char *bytes, size_t len);
    /* answer: the engine refused; neither: the stream has ended as it should. */
    void (*on_done)(void *owner, const struct http_answer *answer, const struct err *err);
    void *owner;
};

struct hijack *hijack_open(uv_loop_t *loop, const struct address *at, const struct hijack_spec *s);
/* Bytes are copied and go out in order, after the upgrade. `on_sent` runs when they are with the
 * system, or cannot get there any more. */
void hijack_send(struct hijack *h, const char *bytes, size_t len, void (*on_sent)(void *owner),
                 void *owner);
void hijack_send_end(struct hijack *h); /* half close, after what was sent */
void hijack_close(struct hijack *h);

#endif
