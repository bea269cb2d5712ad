/* tests/lib/server.h: a scripted HTTP server on the test's own loop, over a real socket.
 *
 *     struct server *s = server_new(loop, false);
 *     server_on(s, "GET /v1.41/containers/json", SERVER_JSON("[]"));
 *     ... server_host(s) is what DOCKER_HOST would be ...
 *     server_free(s);  then run the loop until it has nothing left to do
 *
 * An answer is sent as it is written, but for the characters below. /_ping is answered as API 1.41
 * unless told otherwise; what nobody announced gets a 404. */
#ifndef TESTS_LIB_SERVER_H
#define TESTS_LIB_SERVER_H

#include <stdbool.h>
#include <stddef.h>
#include <uv.h>

#define SERVER_EARLY "\x16" /* first: answer at the head of the request, leave its body unread */
#define SERVER_PAUSE "\x11" /* a few milliseconds, so that the rest is a packet of its own */
#define SERVER_CLOSE "\x12"
#define SERVER_RESET "\x13" /* TCP only */
#define SERVER_ECHO  "\x14" /* what comes in goes out; at the end of what comes in, close */
#define SERVER_HANG  "\x15" /* keep the connection open, say nothing more */
#define SERVER_NUL   "\x17" /* a zero byte */

/* An answer with a body and its length; only for literals without the characters above. */
#define SERVER_ANSWER(status, type, body)                                                          \
    "HTTP/1.1 " status "\r\nContent-Type: " type "\r\nConnection: keep-alive\r\n@\r\n" body
#define SERVER_JSON(body) SERVER_ANSWER("200 OK", "application/json", body)

struct server;

struct server *server_new(uv_loop_t *loop, bool tcp);
void server_free(struct server *s); /* closes; the memory goes with the handles */
const char *server_host(const struct server *s);
/* `request` is a method and the beginning of a path. The same again: the answer after that; the
 * last one stays. */
void server_on(struct server *s, const char *request, const char *answer);
const char *server_log(const struct server *s);    /* a line for each request: "GET /path body" */
const char *server_heads(const struct server *s);  /* of all requests, as they came */
size_t server_connections(const struct server *s); /* accepted so far */
void server_stop_listening(struct server *s);

#endif
