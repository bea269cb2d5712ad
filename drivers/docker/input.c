/* What goes into an attach or exec. Nobody who waits for `on_sent` is forgotten, and none hears
 * after `done`. */
#include "core/base/mem.h"
#include "drivers/docker/hijack.h"
#include "drivers/docker/internal.h"

/* One send() whose bytes are on their way. */
struct sending {
    struct call *c;
    struct str bytes; /* until there is a hijack */
    void (*on_sent)(void *owner);
    void *owner;
    struct sending *next;
};

static void told(struct sending *s)
{
    void (*on_sent)(void *owner) = s->on_sent;
    void *owner = s->owner;

    str_done(&s->bytes);
    free(s);
    if (on_sent)
        on_sent(owner);
}

static void on_sent(void *owner)
{
    struct sending *s = owner, **p = &s->c->sending;

    while (*p != s)
        p = &(*p)->next;
    *p = s->next;
    told(s);
}

static void take_input(struct call *c, const char *bytes, size_t len, void (*sent)(void *owner),
                       void *owner)
{
    struct sending *s, **end = &c->sending;

    s = mem_calloc(1, sizeof *s);
    s->c = c;
    s->on_sent = sent;
    s->owner = owner;
    while (*end)
        end = &(*end)->next;
    *end = s;
    if (c->hijack)
        hijack_send(c->hijack, bytes, len, on_sent, s);
    else if (!call_is_over(c))
        str_addn(&s->bytes, bytes, len);
}

void call_input(struct call *c, const char *bytes, size_t len, void (*sent)(void *owner),
                void *owner)
{
    AUTO_TEXT typed = {0};
    AUTO_ERR err = {0};

    if (c->state == CALL_TOLD)
        return;
    if (!c->terminal) {
        take_input(c, bytes, len, sent, owner);
        return;
    }
    if (detach_typed(&c->d->client.detach_keys, &c->detach_held, bytes, len, &typed)) {
        err_set(&err, ERR_DETACHED, loc_none(), "read escape sequence");
        call_fail(c, &err);
    }
    take_input(c, str_text(&typed), typed.len, sent, owner);
}

void call_input_end(struct call *c)
{
    if (c->hijack && !c->input_ended)
        hijack_send_end(c->hijack);
    c->input_ended = true;
}

void call_input_flush(struct call *c)
{
    for (struct sending *s = c->sending; s; s = s->next) {
        hijack_send(c->hijack, str_text(&s->bytes), s->bytes.len, on_sent, s);
        str_done(&s->bytes);
    }
    if (c->input_ended)
        hijack_send_end(c->hijack);
}

void call_input_over(struct call *c)
{
    while (c->sending) {
        struct sending *s = c->sending;

        c->sending = s->next;
        told(s);
    }
}
