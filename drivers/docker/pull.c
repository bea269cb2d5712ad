/* drivers/docker/pull.c: images from a registry. */
#include "core/base/arena.h"
#include "core/base/reference.h"
#include "core/json/json.h"
#include "drivers/docker/auth.h"
#include "drivers/docker/helper.h"
#include "drivers/docker/internal.h"
#include "drivers/docker/lines.h"

#include <string.h>

struct pull_call {
    struct call call;
    pull_fn *on_event;
    struct lines lines;
    char *digest;
    struct err err; /* what the stream said went wrong */
    const char *registry;
    struct helper *helper; /* it is asked for the credentials; NULL: not any more */
};

static void tell_event(struct pull_call *p, const struct json *line)
{
    static const char digest[] = "Digest: ";
    const struct pull_event e = {
        /* without it the id is the tag, and the line is about the image */
        .id = json_key(line, "progressDetail") ? json_get_str(line, "id", "") : "",
        .status = json_get_str(line, "status", ""),
        .progress = json_get_str(line, "progress", ""),
        .current = json_get_i64(line, "progressDetail.current", 0),
        .total = json_get_i64(line, "progressDetail.total", 0),
    };

    if (str_has_prefix(e.status, digest))
        p->digest = arena_strdup(call_arena(&p->call), e.status + strlen(digest));
    if (*e.status)
        p->on_event(p->call.owner, &e);
}

static bool on_line(void *owner, const char *text, size_t len)
{
    struct pull_call *p = owner;
    AUTO_JSON line = json_parse(text, len, NULL);
    const char *error =
        json_get_str(line, "errorDetail.message", json_get_str(line, "error", NULL));

    if (error && p->err.code == ERR_NONE)
        err_set(&p->err, ERR_ENGINE, loc_none(), "%s", error);
    else if (line)
        tell_event(p, line);
    return !call_is_over(&p->call);
}

static void on_data(struct call *c, const char *bytes, size_t len)
{
    struct pull_call *p = (struct pull_call *)c;

    AUTO_ERR err = {0};

    if (lines_feed(&p->lines, bytes, len, on_line, p, &err) < 0)
        call_fail(c, &err);
}

static int on_answer(struct call *c, const struct http_answer *a, struct reply *r, struct err *err)
{
    struct pull_call *p = (struct pull_call *)c;

    (void)a;
    lines_end(&p->lines, on_line, p);
    if (p->err.code != ERR_NONE) {
        err_move(err, &p->err);
        return -1;
    }
    r->id = p->digest;
    return 0;
}

static void on_free(struct call *c)
{
    struct pull_call *p = (struct pull_call *)c;

    helper_cancel(p->helper);
    lines_done(&p->lines);
    err_done(&p->err);
}

static void on_credentials(void *owner, const char *username, const char *secret,
                           const struct err *err)
{
    struct pull_call *p = owner;
    AUTO_ERR copy = {0};

    p->helper = NULL;
    if (err) {
        err_copy(&copy, err);
        call_fail(&p->call, &copy);
        return;
    }
    auth_header_of(p->registry, username, secret, &p->call.header);
    call_send(&p->call);
}

struct call *docker_image_pull(struct writer *w, const char *ref, const char *platform,
                               pull_fn *on_event, call_done *done, void *owner)
{
    struct call *c = call_new_size(writer_docker(w), sizeof(struct pull_call), done, owner);
    struct pull_call *p = (struct pull_call *)c;
    struct reference r = reference_parse(call_arena(c), ref);
    const char *helper = auth_helper(c->d, r.registry);

    p->on_event = on_event;
    p->registry = r.registry;
    call_post(c, "/images/create");
    call_query(c, "fromImage", r.repository);
    call_query(c, "tag", r.tag);
    call_query(c, "platform", str_empty(platform) ? NULL : platform);
    c->on_data = on_data;
    c->on_answer = on_answer;
    c->on_free = on_free;
    if (helper && !c->d->closing) {
        p->helper = helper_get(c->d->loop, helper, auth_server(r.registry), on_credentials, p);
        return c;
    }
    auth_header(c->d, r.registry, &c->header);
    return call_send(c);
}
