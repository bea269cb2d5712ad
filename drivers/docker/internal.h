/* drivers/docker/internal.h: what the files of this driver share.
 *
 * A file owns one area of the API and defines its operations as docker_<op>(), declared below in
 * the order of core/driver.h; docker.c puts them into the tables. An operation is written like
 * this:
 *
 *     struct call *docker_container_rename(struct writer *w, const char *id, const char *name,
 * call_done *done, void *owner)
 *     {
 *         struct call *c = call_new(writer_docker(w), done, owner);
 *
 *         call_post(c, "/containers/%s/rename", id);
 *         call_query(c, "name", name);
 *         return call_send(c);
 *     }
 *
 * State of its own goes into a struct with `struct call call` as first
 * member and call_new_size(). */
#ifndef DRIVERS_DOCKER_INTERNAL_H
#define DRIVERS_DOCKER_INTERNAL_H

#include "core/base/err.h"
#include "core/base/str.h"
#include "core/driver.h"
#include "drivers/docker/address.h"
#include "drivers/docker/client.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h> /* ssize_t */
#include <uv.h>

struct arena;
struct http;
struct http_answer;
struct http_request;
struct json;

/* ---- the driver ---- */

struct docker {
    struct driver driver;
    uv_loop_t *loop;
    struct address at;
    struct client client;
    struct http *http;
    const char *(*lookup)(const void *from, const char *name); /* of docker_options */
    const void *from;

    enum { VERSION_UNKNOWN, VERSION_ASKED, VERSION_KNOWN } version; /* version.c */
    struct http_request *ping;
    struct engine_info info; /* when VERSION_KNOWN */
    char *os_type;

    struct call *open, *open_last; /* oldest first; call.c */
    struct call *ended, *ended_last;
    uv_timer_t ender; /* runs `done` of the ended ones */
    bool closing, torn_down;
    unsigned handles;
};

static inline struct docker *reader_docker(struct reader *r)
{
    return (struct docker *)((char *)r - offsetof(struct driver, reader));
}
static inline struct docker *writer_docker(struct writer *w)
{
    return (struct docker *)((char *)w - offsetof(struct driver, writer));
}
/* Is the version agreed on at least 1.minor? Only from on_version on. */
static inline bool docker_api(const struct docker *d, unsigned minor)
{
    return d->info.api_major > 1 || d->info.api_minor >= minor;
}
/* From the environment the driver was opened with. NULL: unset or empty. */
const char *docker_env(const struct docker *d, const char *name);

/* ---- calls ---- */

enum call_state {
    CALL_NEW,
    CALL_WAITS, /* for the API version */
    CALL_SENT,
    CALL_ENDED, /* outcome known; `done` runs from the loop */
    CALL_TOLD,  /* `done` runs right now */
};

struct call {
    /* For the operation to set before call_send(). */
    const char *method;
    struct str path;          /* without the version: "/containers/json"; the query included */
    struct str body;          /* what is sent; call_json() fills it */
    const char *content_type; /* NULL: application/json */
    struct str header;        /* one more "Name: value"; empty: none */
    struct arena *arena;      /* the caller's, for what is in the reply; NULL: `scratch` is made */
    bool unversioned;         /* the path is sent as it is */
    bool takes_refusal;       /* on_answer is given answers that are no success, too */
    bool terminal;            /* input is typed: the keys to detach end the call */
    bool upgrade;             /* leaves HTTP with 101: on_data is what comes then, hijack.h */

    /* The API version is known (docker_api()) and the request is about to go out: the place to
     * write bodies that depend on it. May run inside call_send(). What the operation's arguments
     * point to must live until `done`. -1: the call fails with err. */
    int (*on_version)(struct call *c, struct err *err);
    ssize_t (*on_read)(struct call *c, char *buf, size_t size); /* a streamed upload; see http.h */
    void (*on_head)(struct call *c);                            /* a 2xx answer begins */
    void (*on_data)(struct call *c, const char *bytes, size_t len); /* a streamed 2xx answer */
    /* A 2xx answer, or 304 (`unchanged` is set already), is complete: put what the caller wants
     * into `r`. Texts must live in call_arena(c) or in the call. */
    int (*on_answer)(struct call *c, const struct http_answer *a, struct reply *r, struct err *err);
    void (*on_free)(struct call *c); /* release what the operation's own struct holds */

    /* The rest is call.c's. */
    struct docker *d;
    call_done *done;
    void *owner;
    enum call_state state;
    struct reply reply;
    struct err err;
    struct arena *scratch;
    struct http_request *request;
    struct hijack *hijack;
    struct sending *sending; /* input.c */
    bool input_ended;
    size_t detach_held;       /* of the keys to detach: typed, and not sent */
    struct call *prev, *next; /* in docker.open, or next alone in docker.ended */
};

struct call *call_new(struct docker *d, call_done *done, void *owner);
struct call *call_new_size(struct docker *d, size_t size, call_done *done,
                           void *owner);  /* zeroed */
struct arena *call_arena(struct call *c); /* for texts of the reply */

/* Method and path; %s arguments are escaped as part of a path ('/', ':' and '@' stay). Only %s is
 * known. */
void call_get(struct call *c, const char *path, ...) PRINTF_LIKE(2, 3);
void call_post(struct call *c, const char *path, ...) PRINTF_LIKE(2, 3);
void call_put(struct call *c, const char *path, ...) PRINTF_LIKE(2, 3);
void call_delete(struct call *c, const char *path, ...) PRINTF_LIKE(2, 3);
void call_query(struct call *c, const char *name, const char *value); /* NULL: left out */
void call_query_i64(struct call *c, const char *name, int64_t value);
/* Filters: a JSON object of objects. call_filter leaves out what is empty; so does
 * call_query_filters, which takes the object. */
void call_filter(struct json *filters, const char *name, const struct strings *values);
void call_query_filters(struct call *c, struct json *filters);
void call_json(struct call *c, struct json *body); /* takes body */

struct call *call_send(struct call *c); /* returns c */
/* From on_answer: another request within the same call; set path, body and callbacks first. */
void call_more(struct call *c);
/* http_resume() for on_read. */
void call_resume(struct call *c);
/* Ends the call with an error, from anywhere before its end; the error is moved out of `err`.
 * `done` runs from the loop. Operations that fail before sending: return call_fail(c, &err). */
struct call *call_fail(struct call *c, struct err *err);
/* Ends the call well, for operations that know better than the end of the answer. */
void call_succeed(struct call *c);
static inline bool call_is_over(const struct call *c)
{
    return c->state >=
           CALL_ENDED; /* look after every callback of the owner: it may have canceled */
}

/* call.c, for version.c and docker.c */
void call_version_known(struct docker *d); /* lets those go that waited for it */
void call_version_failed(struct docker *d, const struct err *err); /* or fails them */
void call_cancel(struct call *c);
void call_input(struct call *c, const char *bytes, size_t len, void (*on_sent)(void *owner),
                void *owner);
void call_input_end(struct call *c);
void call_input_flush(struct call *c); /* input.c: the hijack is there */
void call_input_over(struct call *c); /* nothing goes out any more; tells those who wait for that */
void call_close_all(
    struct docker *d); /* cancels all; docker_tear_down() when the last has been told */
void call_on_ender(uv_timer_t *timer);
void docker_tear_down(struct docker *d); /* docker.c */
void version_ask(struct docker *d);      /* version.c: finds the version out, once */

/* ---- answers (errors.c, parse.c) ---- */

/* An answer that is no success, as an error in docker's words. Returns -1. */
int answer_error(const struct http_answer *a, struct err *err);
/* The body as JSON; NULL and an error that names what came when it is none. Caller frees. */
struct json *answer_json(const struct http_answer *a, struct err *err);
/* The same for a list; null is one. */
struct json *answer_list(const struct http_answer *a, struct err *err);
/* An on_answer for creates: reply.id and reply.warnings from {"Id", "Warnings" or "Warning",
 * "Name"}. */
int answer_created(struct call *c, const struct http_answer *a, struct reply *r, struct err *err);

/* create.c: what is sent for a new container: map_container() and the proxies of config.json. */
int create_body(struct call *c, const struct container_create *cc, struct json **ret,
                struct err *err);

/* ---- lists and inspections (objects.c) ---- */

/* Puts an object into the reply's list, which has `room` for all of them; allocates in `a`. Returns
 * its id. */
typedef const char *read_object_fn(struct arena *a, const struct json *j, size_t room,
                                   struct reply *r);

/* A call to be given its path with call_get(), and then to one of the two below. */
struct call *objects_new(struct reader *r, struct arena *a, read_object_fn *read, call_done *done,
                         void *owner);
/* What all lists are filtered by; f may be NULL. */
struct json *objects_filters(const struct list_filter *f);
/* member: of the answer, that holds the list; NULL: the answer is the list. Takes the filters. */
struct call *objects_list(struct call *c, const char *member, struct json *filters);
struct call *object_inspect(struct call *c);

/* ---- operations, by file ---- */

/* docker.c */
struct call *docker_info(struct reader *r, struct arena *a, call_done *done, void *owner);

/* containers.c */
struct call *docker_container_list(struct reader *r, struct arena *a, const struct list_filter *f,
                                   call_done *done, void *owner);
struct call *docker_container_inspect(struct reader *r, struct arena *a, const char *id,
                                      call_done *done, void *owner);
struct call *docker_container_start(struct writer *w, const char *id, call_done *done, void *owner);
struct call *docker_container_stop(struct writer *w, const char *id, int64_t timeout,
                                   call_done *done, void *owner);
struct call *docker_container_restart(struct writer *w, const char *id, int64_t timeout,
                                      call_done *done, void *owner);
struct call *docker_container_kill(struct writer *w, const char *id, const char *signal,
                                   call_done *done, void *owner);
struct call *docker_container_pause(struct writer *w, const char *id, call_done *done, void *owner);
struct call *docker_container_unpause(struct writer *w, const char *id, call_done *done,
                                      void *owner);
struct call *docker_container_remove(struct writer *w, const char *id, bool force, bool volumes,
                                     call_done *done, void *owner);
struct call *docker_container_rename(struct writer *w, const char *id, const char *name,
                                     call_done *done, void *owner);
struct call *docker_container_wait(struct writer *w, const char *id, enum wait_condition cond,
                                   call_done *done, void *owner);
struct call *docker_container_resize(struct writer *w, const char *id, int rows, int cols,
                                     call_done *done, void *owner);

/* logs.c, events.c */
struct call *docker_container_logs(struct reader *r, const char *id, const struct log_options *o,
                                   output_fn *on_output, call_done *done, void *owner);
struct call *docker_events(struct reader *r, const struct list_filter *f, event_fn *on_event,
                           void (*on_ready)(void *owner), call_done *done, void *owner);

/* exec.c: also attach, the other one that leaves HTTP */
struct call *docker_container_attach(struct writer *w, const char *id, bool stdin_open, bool tty,
                                     output_fn *on_output, void (*on_ready)(void *owner),
                                     call_done *done, void *owner);
struct call *docker_exec_create(struct writer *w, const char *container,
                                const struct exec_create *e, call_done *done, void *owner);
struct call *docker_exec_start(struct writer *w, const char *exec_id, const struct exec_create *e,
                               output_fn *on_output, void (*on_ready)(void *owner), call_done *done,
                               void *owner);
struct call *docker_exec_inspect(struct reader *r, const char *exec_id, call_done *done,
                                 void *owner);
struct call *docker_exec_resize(struct writer *w, const char *exec_id, int rows, int cols,
                                call_done *done, void *owner);

/* networks.c, volumes.c, images.c */
struct call *docker_network_list(struct reader *r, struct arena *a, const struct list_filter *f,
                                 call_done *done, void *owner);
struct call *docker_network_inspect(struct reader *r, struct arena *a, const char *name,
                                    call_done *done, void *owner);
struct call *docker_network_remove(struct writer *w, const char *id, call_done *done, void *owner);
struct call *docker_network_disconnect(struct writer *w, const char *network, const char *container,
                                       call_done *done, void *owner);
struct call *docker_volume_list(struct reader *r, struct arena *a, const struct list_filter *f,
                                call_done *done, void *owner);
struct call *docker_volume_inspect(struct reader *r, struct arena *a, const char *name,
                                   call_done *done, void *owner);
struct call *docker_volume_remove(struct writer *w, const char *name, bool force, call_done *done,
                                  void *owner);
struct call *docker_image_list(struct reader *r, struct arena *a, const struct list_filter *f,
                               call_done *done, void *owner);
struct call *docker_image_inspect(struct reader *r, struct arena *a, const char *ref,
                                  call_done *done, void *owner);
struct call *docker_image_digest(struct reader *r, struct arena *a, const char *ref,
                                 call_done *done, void *owner);
struct call *docker_image_remove(struct writer *w, const char *ref, call_done *done, void *owner);
struct call *docker_image_tag(struct writer *w, const char *id, const char *ref, call_done *done,
                              void *owner);

/* compare.c */
int docker_check(struct reader *r, const struct container_create *cc, const struct endpoint *e,
                 struct err *err);
struct call *docker_compare(struct reader *r, struct arena *a, const struct compare *what,
                            call_done *done, void *owner);

/* create*.c, copy.c, pull.c, build*.c */
struct call *docker_container_create(struct writer *w, const struct container_create *cc,
                                     call_done *done, void *owner);
struct call *docker_container_copy(struct writer *w, const char *id, const struct file_copy *files,
                                   size_t count, call_done *done, void *owner);
struct call *docker_network_create(struct writer *w, const struct network *n,
                                   const struct mapping *labels, call_done *done, void *owner);
struct call *docker_network_connect(struct writer *w, const char *network, const char *container,
                                    const struct endpoint *e, call_done *done, void *owner);
struct call *docker_volume_create(struct writer *w, const struct volume *v,
                                  const struct mapping *labels, call_done *done, void *owner);
struct call *docker_image_pull(struct writer *w, const char *ref, const char *platform,
                               pull_fn *on_event, call_done *done, void *owner);
struct call *docker_image_build(struct writer *w, const struct image_build *b, build_fn *on_event,
                                call_done *done, void *owner);

#endif
