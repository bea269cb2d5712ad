/* core/driver.h: what an engine must be able to do. The seam between everything above and the
 * engine.
 *
 * Reading and writing are separate types: who is given a `struct reader` cannot change anything.
 * Calls never block. `done` runs exactly once, later, from the loop, never from inside the call;
 * after driver_cancel() it runs with ERR_CANCELED. What `r` points to dies when `done` returns,
 * except what was asked into the caller's arena. A `struct call *` is valid until its `done` has
 * run. */
#ifndef CORE_DRIVER_H
#define CORE_DRIVER_H

#include "core/model/observed.h"
#include "core/render/render.h" /* struct service_refs */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;
struct call;
struct driver;
struct err;
struct project;
struct reader;
struct service;
struct writer;

struct reply {
    const char *id;    /* of what was created; digest of what was pulled, built or asked for */
    int64_t exit_code; /* wait, exec_inspect */
    bool unchanged;    /* it was so already (304) */
    bool running;      /* exec_inspect */
    struct strings warnings; /* of a create */
    struct engine_info *info;
    struct containers containers; /* a list; one entry for an inspection */
    struct networks networks;
    struct volumes volumes;
    struct images images;
    const char *was, *now; /* compare: canonical configurations (core/render/canonical.h) */
};
typedef void call_done(void *owner, const struct reply *r, const struct err *err);

/* Which objects a list asks for; empty members do not restrict. */
struct list_filter {
    bool all;              /* containers: stopped ones too */
    struct strings labels; /* "key" or "key=value" */
    struct strings names;  /* containers: whole ones; events: of the first type; else the engine's
                            * own substring match */
    struct strings types;  /* events: "container" when empty */
    struct strings status;
    bool dangling_set, dangling; /* images */
};

enum stream { STREAM_STDIN, STREAM_STDOUT, STREAM_STDERR };
typedef void output_fn(void *owner, enum stream s, const char *bytes, size_t len);

struct log_options {
    bool follow, timestamps, tty;     /* tty: the container's, decides the framing */
    const char *tail, *since, *until; /* NULL: not sent */
};

struct event {
    const char *type, *action; /* "container", "health_status: healthy" */
    const char *id, *name;
    const char *exit_code; /* of die; NULL otherwise */
    int64_t time_nano;
    struct mapping attributes; /* labels and the engine's own */
};
typedef void event_fn(void *owner, const struct event *e);

/* A step of a pull or push: one line the engine sent. */
struct pull_event {
    const char *id, *status, *progress; /* layer id (may be ""), "Downloading", "[==> ] 1kB/2kB" */
    int64_t current, total;
};
typedef void pull_fn(void *owner, const struct pull_event *e);

/* A step of a build. BuildKit: vertices; the classic builder: text. */
struct build_event {
    enum build_event_kind { BUILD_TEXT, BUILD_VERTEX, BUILD_LOG, BUILD_STATUS, BUILD_WARNING } kind;
    const char *text; /* TEXT, LOG: bytes; WARNING: short text */
    size_t len;
    const char *vertex; /* digest */
    const char *name;   /* of the vertex or status */
    bool cached, started, completed;
    const char *error;
    int64_t start_ns, end_ns; /* Unix nanoseconds; 0: not yet */
    int64_t current, total;   /* STATUS */
};
typedef void build_fn(void *owner, const struct build_event *e);

struct endpoint {
    const char *network;                   /* the engine's name */
    const struct service_network *options; /* NULL: none written */
    struct strings aliases;
    struct strings links; /* as container_create.links */
};

struct inherited_mount {
    const char *type, *source, *target;
    bool read_only;
};

/* Everything a new container is made of. The driver turns the model into the engine's words. */
struct container_create {
    const struct project *project;
    const struct service *service;
    const char *name, *image, *platform;
    struct mapping labels; /* complete */
    struct service_refs refs;
    struct strings links;               /* "container:alias", of links and external_links */
    LIST_OF(struct endpoint) endpoints; /* first: the primary one */
    LIST_OF(struct inherited_mount) inherited;
    bool oneoff, attach_stdin, auto_remove;
};

/* A file to put into a container: secrets and configs that are not bind mounts. */
struct file_copy {
    const char *target; /* absolute */
    const char *data;
    size_t len;
    unsigned mode;
    int uid, gid; /* -1: not given */
};

struct image_build {
    const char *context;    /* directory, absolute */
    const char *dockerfile; /* absolute, or relative to the context */
    const char *dockerfile_inline;
    const char *target, *network, *platform, *isolation;
    const struct mapping *args, *labels;
    struct strings tags, extra_hosts, cache_from;
    int64_t shm_size;
    const struct build *build; /* ulimits and the rest */
    bool no_cache, pull, buildkit;
};

struct exec_create {
    const char *user, *workdir;
    struct strings argv, environment;
    bool tty, stdin_open, privileged, detach;
    int rows, cols; /* of the terminal; 0: unknown */
};

/* Something that is there, and what would be made in its place: one of the three. */
struct compare {
    const char *id;
    const struct container_create *container;
    const struct network *network;
    const struct volume *volume;
};

/* Asking. Answers go into `a`. */
struct reader_ops {
    struct call *(*info)(struct reader *r, struct arena *a, call_done *done, void *owner);
    struct call *(*container_list)(struct reader *r, struct arena *a, const struct list_filter *f,
                                   call_done *done, void *owner);
    struct call *(*container_inspect)(struct reader *r, struct arena *a, const char *id,
                                      call_done *done, void *owner);
    /* Output comes until the container ends (follow) or the log does. */
    struct call *(*container_logs)(struct reader *r, const char *id, const struct log_options *o,
                                   output_fn *on_output, call_done *done, void *owner);
    struct call *(*network_list)(struct reader *r, struct arena *a, const struct list_filter *f,
                                 call_done *done, void *owner);
    struct call *(*network_inspect)(struct reader *r, struct arena *a, const char *name,
                                    call_done *done, void *owner);
    struct call *(*volume_list)(struct reader *r, struct arena *a, const struct list_filter *f,
                                call_done *done, void *owner);
    struct call *(*volume_inspect)(struct reader *r, struct arena *a, const char *name,
                                   call_done *done, void *owner);
    struct call *(*image_list)(struct reader *r, struct arena *a, const struct list_filter *f,
                               call_done *done, void *owner);
    struct call *(*image_inspect)(struct reader *r, struct arena *a, const char *ref,
                                  call_done *done, void *owner);
    /* reply.id: the digest that the image's registry has for it now. */
    struct call *(*image_digest)(struct reader *r, struct arena *a, const char *ref,
                                 call_done *done, void *owner);
    struct call *(*exec_inspect)(struct reader *r, const char *exec_id, call_done *done,
                                 void *owner);
    /* Both, as far as the engine keeps what they are made of: reply.was and reply.now. What it, or
     * the image, fills in where nothing is asked for is in neither. */
    struct call *(*compare)(struct reader *r, struct arena *a, const struct compare *c,
                            call_done *done, void *owner);
    /* Whether this engine is able to make the container (NULL: none), or to have it join a network
     * in that way (NULL: no matter), told at once and without a request. -1: no, with the place in
     * the file. */
    int (*check)(struct reader *r, const struct container_create *c, const struct endpoint *e,
                 struct err *err);
    /* Never ends by itself. `on_ready` runs when the engine has accepted the subscription: what
     * happens after that is not missed. */
    struct call *(*events)(struct reader *r, const struct list_filter *f, event_fn *on_event,
                           void (*on_ready)(void *owner), call_done *done, void *owner);
};

enum wait_condition { WAIT_NOT_RUNNING, WAIT_NEXT_EXIT, WAIT_REMOVED };

/* Changing. timeout in seconds; TIMEOUT_DEFAULT: the container's own. */
#define TIMEOUT_DEFAULT INT64_MIN
struct writer_ops {
    struct call *(*container_create)(struct writer *w, const struct container_create *c,
                                     call_done *done, void *owner);
    struct call *(*container_start)(struct writer *w, const char *id, call_done *done, void *owner);
    struct call *(*container_stop)(struct writer *w, const char *id, int64_t timeout,
                                   call_done *done, void *owner);
    struct call *(*container_restart)(struct writer *w, const char *id, int64_t timeout,
                                      call_done *done, void *owner);
    struct call *(*container_kill)(struct writer *w, const char *id, const char *signal,
                                   call_done *done, void *owner);
    struct call *(*container_pause)(struct writer *w, const char *id, call_done *done, void *owner);
    struct call *(*container_unpause)(struct writer *w, const char *id, call_done *done,
                                      void *owner);
    struct call *(*container_remove)(struct writer *w, const char *id, bool force, bool volumes,
                                     call_done *done, void *owner);
    struct call *(*container_rename)(struct writer *w, const char *id, const char *name,
                                     call_done *done, void *owner);
    struct call *(*container_copy)(struct writer *w, const char *id, const struct file_copy *files,
                                   size_t count, call_done *done, void *owner);
    struct call *(*container_wait)(struct writer *w, const char *id, enum wait_condition c,
                                   call_done *done, void *owner);
    /* Opens before start so that no output is lost; `on_ready` runs when attached. tty decides
     * framing. */
    struct call *(*container_attach)(struct writer *w, const char *id, bool stdin_open, bool tty,
                                     output_fn *on_output, void (*on_ready)(void *owner),
                                     call_done *done, void *owner);
    struct call *(*container_resize)(struct writer *w, const char *id, int rows, int cols,
                                     call_done *done, void *owner);
    struct call *(*exec_create)(struct writer *w, const char *container,
                                const struct exec_create *e, call_done *done, void *owner);
    struct call *(*exec_start)(struct writer *w, const char *exec_id, const struct exec_create *e,
                               output_fn *on_output, void (*on_ready)(void *owner), call_done *done,
                               void *owner);
    struct call *(*exec_resize)(struct writer *w, const char *exec_id, int rows, int cols,
                                call_done *done, void *owner);
    struct call *(*network_create)(struct writer *w, const struct network *n,
                                   const struct mapping *labels, call_done *done, void *owner);
    struct call *(*network_remove)(struct writer *w, const char *id, call_done *done, void *owner);
    struct call *(*network_connect)(struct writer *w, const char *network, const char *container,
                                    const struct endpoint *e, call_done *done, void *owner);
    struct call *(*network_disconnect)(struct writer *w, const char *network, const char *container,
                                       call_done *done, void *owner);
    /* One that exists is not changed; `volumes` of the reply holds what there is now. */
    struct call *(*volume_create)(struct writer *w, const struct volume *v,
                                  const struct mapping *labels, call_done *done, void *owner);
    struct call *(*volume_remove)(struct writer *w, const char *name, bool force, call_done *done,
                                  void *owner);
    struct call *(*image_pull)(struct writer *w, const char *ref, const char *platform,
                               pull_fn *on_event, call_done *done, void *owner);
    struct call *(*image_build)(struct writer *w, const struct image_build *b, build_fn *on_event,
                                call_done *done, void *owner);
    struct call *(*image_remove)(struct writer *w, const char *ref, call_done *done, void *owner);
    struct call *(*image_tag)(struct writer *w, const char *id, const char *ref, call_done *done,
                              void *owner);
};

struct driver_ops {
    const char *name;
    /* Standard input of an attach or exec_start; the bytes are copied. `on_sent` (may be NULL) runs
     * once, later, when they have left or the call is over: read more only then. send_end: no more
     * will come. */
    void (*send)(struct call *c, const char *bytes, size_t len, void (*on_sent)(void *owner),
                 void *owner);
    void (*send_end)(struct call *c);
    void (*cancel)(struct call *c); /* `done` still runs, later, with ERR_CANCELED; twice is fine */
    void (*close)(struct driver *d); /* cancels what is open; frees when the loop has let go */
};

struct reader {
    const struct reader_ops *ops;
};
struct writer {
    const struct writer_ops *ops;
};

/* First member of every driver's own struct. */
struct driver {
    const struct driver_ops *ops;
    struct reader reader;
    struct writer writer;
};

#endif
