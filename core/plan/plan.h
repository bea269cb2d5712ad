/* core/plan/plan.h: the steps that turn what runs into what the project asks for.
 *
 * Built once by reconcile.c (and images.c, lifecycle.c), never changed after. Nodes live in the
 * plan's arena and are stored so that every node comes after the nodes it waits for. A node is one
 * engine call with a subject, a cause, the words that tell the user, and what it waits for.
 * Containers are named by name: a container created in the same plan has no id yet. */
#ifndef CORE_PLAN_PLAN_H
#define CORE_PLAN_PLAN_H

#include "core/base/err.h" /* struct loc */
#include "core/driver.h"   /* struct container_create, image_build, file_copy, endpoint */
#include "core/plan/op.h"

#include <stdbool.h>
#include <stddef.h>

struct arena;
struct causes;
struct plan;
struct question;
struct str;

enum wait_for {
    WAIT_STARTED,            /* it runs, or has run */
    WAIT_HEALTHY,            /* depends_on: service_healthy */
    WAIT_COMPLETED,          /* service_completed_successfully */
    WAIT_RUNNING_OR_HEALTHY, /* --wait: healthy when it has a health check, else running; a one-shot
                              * that ended with 0 is fine as well */
};

/* A program that does one thing for a service. */
struct provider_call {
    const char *project;
    const char *command; /* "up", "down" */
    const struct service *service;
};

struct plan_node {
    size_t id; /* place in the plan */
    enum op_kind op;
    const char *subject; /* what the user sees: "Container demo-web-1", "Network demo_default" */
    const char *service; /* NULL for networks, volumes, images */
    const char *cause;   /* why: "image changed", "not there"; never NULL */
    const struct causes *causes; /* the same, one by one, each with its place; NULL: only that */
    const struct question
        *unexplained;         /* CREATE: about what it replaces (compared.h); NULL: none */
    struct loc loc;           /* of what caused it, where a line of a file did */
    const char *doing, *done; /* "Creating", "Created"; NULL: silent */
    const char *failed;       /* "Error while Stopping"; FAILED_WITH_MESSAGE; NULL: silent */
    const char *leaves;       /* a container made before, that stays behind when this fails; NULL */

    /* What the call needs; which of them depends on op. */
    const char *target;    /* container, network, volume by name; image reference */
    const char *engine_id; /* of target when it is known already; NULL */
    const char *new_name;  /* RENAME */
    const char *network;   /* CONNECT, DISCONNECT */
    const char *signal;    /* KILL */
    int64_t timeout;     /* STOP, RESTART: seconds or TIMEOUT_DEFAULT; WAIT: seconds, 0 for ever */
    bool force, volumes; /* REMOVE */
    enum wait_for wait;
    bool optional; /* WAIT: a failure is only a warning (required: false) */
    bool at_end;   /* WAIT of --wait: nothing depends on it, the first to fail ends all of them */
    struct container_create *create;
    /* Services whose containers' ids `create` must carry (network_mode: service:x): the container's
     * name in this project; resolved by the executor to the id of what now has this name. */
    const char *network_mode_of, *ipc_of, *pid_of;
    struct strings volumes_from_of; /* as many as service.volumes_from, "" where already known */
    const struct exec_create *exec; /* EXEC */
    struct endpoint *endpoint;
    LIST_OF(struct endpoint) joins; /* HOOK: networks that `create` has no room for */
    const struct network *network_model;
    const struct volume *volume_model;
    const struct mapping *labels; /* NETWORK_CREATE, VOLUME_CREATE */
    struct image_build *build;
    const struct provider_call *provider; /* PROVIDER_UP, PROVIDER_DOWN */
    struct strings arguments;             /* MODEL_*: of the plugin, its command first */
    const char *platform;
    struct file_copy *files;
    size_t file_count;
    bool tolerate_missing;   /* a 404 is success: it is gone, as wanted; for a kill, not running is
                                too */
    bool tell_in_use;        /* a removal that is refused for it: "Resource is still in use" */
    bool tolerate_in_use;    /* ... which is no more than a warning */
    bool tolerate_failure;   /* a pull whose image can be built instead: a warning */
    bool only_after_failure; /* runs only when one it waits for failed and was tolerated */
    bool undoes; /* runs once all it waits for have ended, when the first is done and the last is
                    not: they are one thing together, which must not stay half done */

    struct plan_node **after; /* nodes this one waits for */
    size_t after_len, after_cap;
    struct plan *plan; /* the one it stands in */
};

/* plan_node.failed: the engine's own words are what is told. */
#define FAILED_WITH_MESSAGE ""
/* A pull of what can be built as well. */
#define FAILED_CAN_BUILD "Warning"

struct plan *plan_new(struct arena *a);
struct plan_node *plan_add(struct plan *p, enum op_kind op, const char *subject, const char *cause);
void plan_after(struct plan_node *later,
                struct plan_node *earlier); /* NULL earlier: nothing; twice: once */

/* Nodes to be waited for together; an all-zero struct is an empty list. */
struct plan_nodes {
    struct plan_node **items;
    size_t len, cap;
};
void plan_nodes_add(struct plan *p, struct plan_nodes *list,
                    struct plan_node *n); /* NULL: nothing */
void plan_after_all(struct plan_node *later, const struct plan_nodes *earlier);

size_t plan_len(const struct plan *p);
struct plan_node *plan_at(const struct plan *p, size_t i);
struct arena *plan_arena(const struct plan *p);
/* True when the engine would be changed: any node that is not NOTHING or WAIT. */
bool plan_changes(const struct plan *p);
/* Names of containers that will be, which no container of the project has: the engine has one of
 * each name, whoever's it is. */
const struct strings *plan_new_names(const struct plan *p);
void plan_add_name(struct plan *p, const char *name);   /* borrowed */
void plan_print(const struct plan *p, struct str *out); /* the text the golden files hold */

/* The container n creates, complete: what n->..._of name becomes ids by `id_of` (NULL: not known,
 * the text of the model stays), and the config-hash covers them. Allocates in the plan's arena only
 * when needed. */
typedef const char *id_of_fn(void *owner, const char *name);
struct container_create *plan_complete(const struct plan *p, const struct plan_node *n,
                                       id_of_fn *id_of, void *owner);

#endif
