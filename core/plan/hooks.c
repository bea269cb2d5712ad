#include "core/plan/hooks.h"

#include "core/base/arena.h"
#include "core/base/str.h"
#include "core/plan/planner.h" /* plan_container, node_words, item_loc */

/* "K=V"; a name without a value takes the image's, as in a container. */
static struct strings environment_of(struct arena *a, const struct mapping *m)
{
    struct strings ret = {.items = arena_calloc(a, m->len + 1, sizeof(char *))};

    for (size_t i = 0; i < m->len; i++)
        ret.items[ret.len++] =
            m->entries[i].value ? arena_printf(a, "%s=%s", m->entries[i].key, m->entries[i].value)
                                : m->entries[i].key;
    return ret;
}

static struct plan_node *hook_node(struct plan *p, const struct hook *h, const struct service *s,
                                   const char *name, const struct container *c, const char *cause)
{
    struct arena *a = plan_arena(p);
    struct plan_node *n = plan_container(p, OP_CONTAINER_EXEC, name, c, s->item.key, cause);
    struct exec_create *e = arena_alloc(a, sizeof *e);

    e->user = h->user;
    e->workdir = h->working_dir;
    e->privileged = h->privileged;
    e->argv = (struct strings){h->command.items, h->command.len};
    e->environment = environment_of(a, &h->environment);
    n->exec = e;
    n->loc = item_loc(&h->item);
    n->failed = "Error";
    return n;
}

/* A container whose hooks did not all run is not what the service should be: the next `up` finds it
 * stopped, starts it, and with it the hooks. */
static struct plan_node *stop_half_started(struct plan_node *start, const struct container *c,
                                           int64_t timeout)
{
    struct plan_node *n = plan_container(start->plan, OP_CONTAINER_STOP, start->target, c,
                                         start->service, "its post_start hooks did not all run");

    n->undoes = true;
    n->timeout = timeout;
    n->tolerate_missing = true;
    n->doing = "Stopping";
    n->done = "Stopped";
    n->failed = "Error while Stopping";
    plan_after(n, start);
    return n;
}

struct plan_node *plan_post_start(struct plan_node *start, const struct service *s,
                                  const struct container *c, int64_t timeout)
{
    struct plan_node *last = start, *undo;

    for (size_t i = 0; i < s->post_start.len; i++) {
        struct plan_node *n =
            hook_node(start->plan, s->post_start.items[i], s, start->target, c, "post_start");

        n->done = last->done;
        last->done = NULL;
        plan_after(n, last);
        last = n;
    }
    if (last == start)
        return start;
    undo = stop_half_started(start, c, timeout);
    for (size_t id = start->id + 1; id <= last->id; id++)
        plan_after(undo, plan_at(start->plan, id));
    return last;
}

struct stop_nodes plan_pre_stop(struct plan *p, const struct service *s, const struct container *c,
                                const char *cause)
{
    struct stop_nodes ret = {0};

    for (size_t i = 0; s && c->state == STATE_RUNNING && i < s->pre_stop.len; i++) {
        struct plan_node *n = hook_node(p, s->pre_stop.items[i], s, c->name, c,
                                        arena_printf(plan_arena(p), "pre_stop: %s", cause));

        n->tolerate_missing = true; /* it has ended by itself meanwhile */
        plan_after(n, ret.stop);
        ret.first = ret.first ? ret.first : n;
        ret.stop = n;
    }
    return ret;
}

struct stop_nodes plan_stop_of(struct plan *p, const struct service *s, const struct container *c,
                               const char *cause, int64_t timeout, bool told)
{
    bool up = container_is_up(c);
    struct stop_nodes ret = plan_pre_stop(p, s, c, cause);
    struct plan_node *n =
        plan_container(p, up ? OP_CONTAINER_STOP : OP_NOTHING, c->name, c, c->service, cause);

    n->timeout = up ? timeout : 0;
    n->tolerate_missing = true;
    plan_after(n, ret.stop);
    ret.stop = n;
    ret.first = ret.first ? ret.first : n;
    if (told) {
        n->done = "Stopped";
        n->failed = "Error while Stopping";
        ret.first->doing = "Stopping";
    }
    return ret;
}
