#include "drivers/docker/trace.h"

#include "core/base/err.h"
#include "core/base/map.h"
#include "core/base/mem.h"
#include "core/base/str.h"
#include "drivers/docker/base64.h"
#include "drivers/docker/buildkit.pb-c.h"

#include <stdlib.h>

/* What was told of a vertex or status. */
struct told {
    int64_t start_ns, end_ns, current, total;
    bool cached, failed;
};

struct trace {
    build_fn *on_event;
    void *owner;
    struct map told; /* by digest, or digest and id of the status */
};

static int64_t nanoseconds(const Buildkit__Time *t)
{
    return t ? t->seconds * 1000000000 + t->nanos : 0;
}

/* Remembers; false when nothing changed. */
static bool is_news(struct trace *t, const char *key, const struct told *now)
{
    struct told *before = map_get(&t->told, key);

    if (before && before->start_ns == now->start_ns && before->end_ns == now->end_ns &&
        before->current == now->current && before->total == now->total &&
        before->cached == now->cached && before->failed == now->failed)
        return false;
    if (!before) {
        before = mem_alloc(sizeof *before);
        map_set(&t->told, key, before);
    }
    *before = *now;
    return true;
}

static void tell_vertex(struct trace *t, const Buildkit__Vertex *v)
{
    const struct told now = {
        .start_ns = nanoseconds(v->started),
        .end_ns = nanoseconds(v->completed),
        .cached = v->cached,
        .failed = !str_empty(v->error),
    };
    const struct build_event e = {
        .kind = BUILD_VERTEX,
        .vertex = v->digest,
        .name = v->name,
        .cached = v->cached,
        .started = v->started != NULL,
        .completed = v->completed != NULL,
        .error = str_empty(v->error) ? NULL : v->error,
        .start_ns = now.start_ns,
        .end_ns = now.end_ns,
    };

    if (is_news(t, v->digest, &now))
        t->on_event(t->owner, &e);
}

static void tell_status(struct trace *t, const Buildkit__Status *s)
{
    const struct told now = {
        .start_ns = nanoseconds(s->started),
        .end_ns = nanoseconds(s->completed),
        .current = s->current,
        .total = s->total,
    };
    const struct build_event e = {
        .kind = BUILD_STATUS,
        .vertex = s->vertex,
        .name = str_empty(s->name) ? s->id : s->name,
        .started = s->started != NULL,
        .completed = s->completed != NULL,
        .start_ns = now.start_ns,
        .end_ns = now.end_ns,
        .current = s->current,
        .total = s->total,
    };
    AUTO_TEXT key = {0};

    str_addf(&key, "%s %s", s->vertex, s->id);
    if (is_news(t, str_text(&key), &now))
        t->on_event(t->owner, &e);
}

static void tell_log(struct trace *t, const Buildkit__Log *l)
{
    const struct build_event e = {
        .kind = BUILD_LOG,
        .vertex = l->vertex,
        .text = (const char *)l->msg.data,
        .len = l->msg.len,
        .start_ns = nanoseconds(l->timestamp),
    };

    t->on_event(t->owner, &e);
}

static void tell_warning(struct trace *t, const Buildkit__Warning *w)
{
    AUTO_STR text = mem_strndup((const char *)w->short_.data, w->short_.len);
    const struct build_event e = {
        .kind = BUILD_WARNING,
        .vertex = w->vertex,
        .text = text,
        .len = w->short_.len,
    };

    t->on_event(t->owner, &e);
}

struct trace *trace_new(build_fn *on_event, void *owner)
{
    struct trace *t = mem_calloc(1, sizeof *t);

    t->on_event = on_event;
    t->owner = owner;
    return t;
}

int trace_feed(struct trace *t, const char *text, size_t len, struct err *err)
{
    AUTO_TEXT bytes = {0};
    Buildkit__Progress *p = NULL;

    if (base64_decode(text, len, &bytes) == 0)
        p = buildkit__progress__unpack(NULL, bytes.len, (const uint8_t *)str_text(&bytes));
    if (!p)
        return err_set(err, ERR_ENGINE, loc_none(), "the engine sent progress that cannot be read");
    for (size_t i = 0; i < p->n_vertexes; i++)
        tell_vertex(t, p->vertexes[i]);
    for (size_t i = 0; i < p->n_statuses; i++)
        tell_status(t, p->statuses[i]);
    for (size_t i = 0; i < p->n_logs; i++)
        tell_log(t, p->logs[i]);
    for (size_t i = 0; i < p->n_warnings; i++)
        tell_warning(t, p->warnings[i]);
    buildkit__progress__free_unpacked(p, NULL);
    return 0;
}

void trace_free(struct trace *t)
{
    if (!t)
        return;
    for (size_t i = 0; i < t->told.len; i++)
        free(t->told.entries[i].value);
    map_done(&t->told);
    free(t);
}
