/* drivers/fake/fake.h: an engine in memory, for tests.
 *
 * Answers come from the loop, one after the other in the order of the calls, each within
 * microseconds. What containers do once started is scripted by service. Calls are counted from 1,
 * and any of them can be made to fail, to hang, or to do its work and lose the answer. */
#ifndef DRIVERS_FAKE_FAKE_H
#define DRIVERS_FAKE_FAKE_H

#include "core/driver.h"

#include <uv.h>

struct fake;
struct str;

struct fake *fake_new(uv_loop_t *loop);
struct driver *
fake_driver(struct fake *f); /* ops->close() frees the fake when the loop has let go */
/* For an engine that outlives the loop: after fake_keep, close() only takes it off the loop; then
 * fake_move puts it on another one, or fake_free ends it. */
void fake_keep(struct fake *f);
void fake_move(struct fake *f, uv_loop_t *loop);
void fake_free(struct fake *f);

/* What the containers of a service (or of hooks: "pre_start") do when they are started. All zero:
 * run until stopped. */
struct fake_script {
    bool has_healthcheck;
    enum health health; /* what the health check says in the end; HEALTH_STARTING: never anything */
    unsigned health_after; /* ms */
    bool exits;
    int exit_code;
    unsigned exit_after;     /* ms */
    bool restarts;           /* its restart policy brings it back */
    unsigned told_after;     /* ms until the event of its start comes */
    const char *start_error; /* start fails with this text; NULL: it does not */
    const char *output;      /* of attach and logs */
};
void fake_script(struct fake *f, const char *service, const struct fake_script *script);

/* What is there before. Names and references are copied. */
void fake_add_image(struct fake *f, const char *ref, const char *id);
struct image_state *fake_image(struct fake *f, const char *ref); /* to change it; NULL: not there */
void fake_add_network(struct fake *f, const char *name, const struct mapping *labels);
void fake_add_volume(struct fake *f, const char *name, const struct mapping *labels);
/* References that can be pulled; others are not found. */
void fake_add_remote(struct fake *f, const char *ref);
void fake_set_api(struct fake *f, unsigned minor);
void fake_set_build_error(struct fake *f, const char *text); /* NULL: builds succeed */

/* Trouble. n counts from the next call on, which is 1; 0: none. */
void fake_fail_call(struct fake *f, unsigned n);   /* an error 500, nothing has happened */
void fake_lose_answer(struct fake *f, unsigned n); /* it has happened, but the connection broke */
void fake_hold_call(struct fake *f, unsigned n);   /* no answer until it is cancelled */
void fake_go_away(struct fake *f, unsigned n);     /* this call and all that follow come too late */
void fake_interrupt(struct fake *f, unsigned n);   /* Ctrl-C as this call comes */
void fake_break_events(struct fake *f); /* ends all event streams; new ones end at once */

/* What is there now. Pointers are valid until the next change. */
unsigned fake_calls(const struct fake *f);  /* all */
unsigned fake_writes(const struct fake *f); /* those that change something */
/* A line a call: "container_start demo-web-1". */
const char *fake_log(const struct fake *f);
void fake_clear_log(struct fake *f); /* and the counters */
const struct container *fake_container(const struct fake *f, const char *name); /* NULL: none */
size_t fake_container_count(const struct fake *f);
bool fake_has_network(const struct fake *f, const char *name);
bool fake_has_volume(const struct fake *f, const char *name);
/* All containers, networks and volumes: a line each, what belongs to it indented below. */
void fake_describe(const struct fake *f, struct str *out);
/* Container ends by itself now. */
void fake_exit(struct fake *f, const char *name, int code);
void fake_pause(struct fake *f, const char *name); /* somebody has paused it */
/* Aliases of the container on a network, joined by commas; NULL: not connected. */
const char *fake_aliases(struct fake *f, const char *container, const char *network);

#endif
