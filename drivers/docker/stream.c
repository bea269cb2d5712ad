#include "drivers/docker/stream.h"

static int tell_output(void *owner, enum stream s, const char *bytes, size_t len)
{
    struct stream_call *sc = owner;

    sc->on_output(sc->call.owner, s, bytes, len);
    return call_is_over(&sc->call);
}

static void on_data(struct call *c, const char *bytes, size_t len)
{
    struct stream_call *sc = (struct stream_call *)c;
    AUTO_ERR err = {0};

    if (sc->tty)
        tell_output(sc, STREAM_STDOUT, bytes, len);
    else if (frames_feed(&sc->frames, bytes, len, tell_output, sc, &err) < 0)
        call_fail(c, &err);
}

static void on_head(struct call *c)
{
    struct stream_call *sc = (struct stream_call *)c;

    if (sc->on_ready)
        sc->on_ready(c->owner);
}

static int on_answer(struct call *c, const struct http_answer *a, struct reply *r, struct err *err)
{
    struct stream_call *sc = (struct stream_call *)c;

    (void)a;
    (void)r;
    return frames_end(&sc->frames, err);
}

static void on_free(struct call *c)
{
    frames_done(&((struct stream_call *)c)->frames);
}

struct call *stream_call_new(struct docker *d, bool tty, output_fn *on_output,
                             void (*on_ready)(void *owner), call_done *done, void *owner)
{
    struct stream_call *sc =
        (struct stream_call *)call_new_size(d, sizeof(struct stream_call), done, owner);

    sc->tty = tty;
    sc->on_output = on_output;
    sc->on_ready = on_ready;
    sc->call.on_head = on_head;
    sc->call.on_data = on_data;
    sc->call.on_answer = on_answer;
    sc->call.on_free = on_free;
    return &sc->call;
}
