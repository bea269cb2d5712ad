/* drivers/fake/state.h: the inside of the fake engine. */
#ifndef DRIVERS_FAKE_STATE_H
#define DRIVERS_FAKE_STATE_H

#include "core/base/arena.h"
#include "core/base/err.h"
#include "core/base/map.h"
#include "core/base/str.h"
#include "core/base/vec.h"
#include "drivers/fake/fake.h"

struct fake_container {
    struct container c;   /* strings live in the fake's arena */
    bool auto_remove;     /* goes when it ends */
    unsigned starts;      /* scripted steps of an earlier start are void */
    struct strings files; /* copied into it: "/run/secrets/a 400 0:0 text" */
    const struct fake_script *script;
};

/* Something that happens later by itself. */
struct fake_step {
    uint64_t due;
    char *container; /* id */
    unsigned start;  /* the start it belongs to */
    enum { STEP_TOLD, STEP_HEALTH, STEP_EXIT, STEP_REMOVE } what;
};

enum trouble { TROUBLE_NONE, TROUBLE_FAIL, TROUBLE_LOSE, TROUBLE_HOLD };

/* A call on its way. `act` does it at once and fills reply or err; NULL: it lasts until something
 * ends it. */
struct call {
    struct fake *f;
    void (*act)(struct call *c, struct reply *reply, struct err *err);
    call_done *done;
    void *owner;
    bool canceled, running, broken;
    enum trouble trouble;
    struct arena *args;   /* copies of the arguments */
    struct arena *answer; /* the caller's */

    /* Arguments; which of them depends on the call. */
    const char *subject, *name;
    const struct container_create *create;
    const struct endpoint *endpoint;
    const struct file_copy *files;
    size_t file_count;
    const struct network *network;
    const struct volume *volume;
    const struct compare *compare;
    const char *config; /* of the network or volume to be made: it need not live as long */
    const struct image_build *build;
    struct mapping labels;
    struct list_filter filter;
    bool force, volumes;
    enum wait_condition condition;

    /* Streams. */
    event_fn *on_event;
    void (*on_ready)(void *owner);
    output_fn *on_output;
    pull_fn *on_pull;
    build_fn *on_build;
};

struct fake {
    struct driver base;
    uv_loop_t *loop;
    uv_timer_t timer;
    struct arena *arena;
    struct engine_info info;
    VEC(struct call *) calls;   /* waiting for their turn */
    VEC(struct call *) streams; /* lasting */
    VEC(struct fake_container *) containers;
    VEC(struct network_state *) networks;
    VEC(struct volume_state *) volumes;
    VEC(struct image_state *) images;
    VEC(struct fake_step) steps;
    struct map scripts, remotes;
    struct map configs; /* id, or name of a volume -> canonical configuration it was made with */
    struct str log;
    unsigned count, writes, next_id;
    unsigned fail_at, lose_at, hold_at, gone_at, interrupt_at;
    bool events_broken, closing, kept;
    const char *build_error;
};

struct fake *fake_of_reader(struct reader *r);
struct fake *fake_of_writer(struct writer *w);

/* queue.c. The name and the subject go into the log. */
struct call *fake_call(struct fake *f, const char *what, const char *subject, bool writes,
                       void (*act)(struct call *, struct reply *, struct err *), call_done *done,
                       void *owner);
void fake_finish_stream(struct call *c, const struct reply *reply, const struct err *err);
void fake_later(struct fake *f, struct fake_container *c, int what, unsigned after);
void fake_kick(struct fake *f);
const char *fake_new_id(struct fake *f);

/* compare.c */
void fake_keep_config(struct fake *f, const char *id, const char *config);

/* streams.c */
void fake_copy_strings(struct arena *a, const struct strings *from, struct strings *to);
void fake_emit(struct fake *f, const struct fake_container *c, const char *action);
void fake_emit_volume(struct fake *f, const char *name, const char *action);
void fake_ended(struct fake *f, const struct fake_container *c,
                bool removed); /* for those who wait */

/* containers.c */
struct fake_container *fake_find(const struct fake *f, const char *id_or_name);
struct fake_container *fake_want(struct call *c, struct err *err); /* NULL after a 404 */
/* Of a hook's container, that of the name "pre_start". */
const struct fake_script *fake_script_of(const struct fake *f, const struct fake_container *c);
void fake_take_step(struct fake *f, const struct fake_step *s);
void fake_copy_container(struct arena *a, const struct fake_container *from, struct container *to);

bool labels_match(const struct mapping *have, const struct strings *want);
struct mapping copy_mapping(struct arena *a, const struct mapping *m);
void not_found(struct err *err, const char *kind, const char *name);
void conflict(struct err *err, const char *fmt, ...) PRINTF_LIKE(2, 3);

extern const struct reader_ops fake_reader_ops;
extern const struct writer_ops fake_writer_ops;

/* The operations, by file. */
struct call *fake_info(struct reader *, struct arena *, call_done *, void *);
struct call *fake_container_list(struct reader *, struct arena *, const struct list_filter *,
                                 call_done *, void *);
struct call *fake_container_inspect(struct reader *, struct arena *, const char *, call_done *,
                                    void *);
struct call *fake_container_create(struct writer *, const struct container_create *, call_done *,
                                   void *);
struct call *fake_container_start(struct writer *, const char *, call_done *, void *);
struct call *fake_container_stop(struct writer *, const char *, int64_t, call_done *, void *);
struct call *fake_container_restart(struct writer *, const char *, int64_t, call_done *, void *);
struct call *fake_container_kill(struct writer *, const char *, const char *, call_done *, void *);
struct call *fake_container_pause(struct writer *, const char *, call_done *, void *);
struct call *fake_container_unpause(struct writer *, const char *, call_done *, void *);
struct call *fake_container_remove(struct writer *, const char *, bool, bool, call_done *, void *);
struct call *fake_container_rename(struct writer *, const char *, const char *, call_done *,
                                   void *);
struct call *fake_container_copy(struct writer *, const char *, const struct file_copy *, size_t,
                                 call_done *, void *);

struct call *fake_network_list(struct reader *, struct arena *, const struct list_filter *,
                               call_done *, void *);
struct call *fake_network_inspect(struct reader *, struct arena *, const char *, call_done *,
                                  void *);
struct call *fake_network_create(struct writer *, const struct network *, const struct mapping *,
                                 call_done *, void *);
struct call *fake_network_remove(struct writer *, const char *, call_done *, void *);
struct call *fake_network_connect(struct writer *, const char *, const char *,
                                  const struct endpoint *, call_done *, void *);
struct call *fake_network_disconnect(struct writer *, const char *, const char *, call_done *,
                                     void *);
struct call *fake_volume_list(struct reader *, struct arena *, const struct list_filter *,
                              call_done *, void *);
struct call *fake_volume_inspect(struct reader *, struct arena *, const char *, call_done *,
                                 void *);
struct call *fake_volume_create(struct writer *, const struct volume *, const struct mapping *,
                                call_done *, void *);
struct call *fake_volume_remove(struct writer *, const char *, bool, call_done *, void *);

struct call *fake_image_list(struct reader *, struct arena *, const struct list_filter *,
                             call_done *, void *);
struct call *fake_image_inspect(struct reader *, struct arena *, const char *, call_done *, void *);
struct call *fake_image_digest(struct reader *, struct arena *, const char *, call_done *, void *);
struct call *fake_image_pull(struct writer *, const char *, const char *, pull_fn *, call_done *,
                             void *);
struct call *fake_image_build(struct writer *, const struct image_build *, build_fn *, call_done *,
                              void *);
struct call *fake_image_remove(struct writer *, const char *, call_done *, void *);
struct call *fake_image_tag(struct writer *, const char *, const char *, call_done *, void *);

struct call *fake_events(struct reader *, const struct list_filter *, event_fn *, void (*)(void *),
                         call_done *, void *);
struct call *fake_container_logs(struct reader *, const char *, const struct log_options *,
                                 output_fn *, call_done *, void *);
int fake_check(struct reader *, const struct container_create *, const struct endpoint *,
               struct err *);
struct call *fake_compare(struct reader *, struct arena *, const struct compare *, call_done *,
                          void *);
struct call *fake_exec_inspect(struct reader *, const char *, call_done *, void *);
struct call *fake_container_wait(struct writer *, const char *, enum wait_condition, call_done *,
                                 void *);
struct call *fake_container_attach(struct writer *, const char *, bool, bool, output_fn *,
                                   void (*)(void *), call_done *, void *);
struct call *fake_container_resize(struct writer *, const char *, int, int, call_done *, void *);
struct call *fake_exec_create(struct writer *, const char *, const struct exec_create *,
                              call_done *, void *);
struct call *fake_exec_start(struct writer *, const char *, const struct exec_create *, output_fn *,
                             void (*)(void *), call_done *, void *);
struct call *fake_exec_resize(struct writer *, const char *, int, int, call_done *, void *);

#endif
