/* Attaching to a container and running commands in one. */
#include "core/json/json.h"
#include "drivers/docker/http.h"
#include "drivers/docker/stream.h"

struct call *docker_container_attach(struct writer *w, const char *id, bool stdin_open, bool tty,
                                     output_fn *on_output, void (*on_ready)(void *owner),
                                     call_done *done, void *owner)
{
    struct call *c = stream_call_new(writer_docker(w), tty, on_output, on_ready, done, owner);

    c->upgrade = true;
    c->terminal = tty && stdin_open;
    call_post(c, "/containers/%s/attach", id);
    call_query(c, "stream", "1");
    call_query(c, "stdin", stdin_open ? "1" : NULL);
    call_query(c, "stdout", "1");
    call_query(c, "stderr", "1");
    if (c->terminal && !str_empty(c->d->client.detach_text))
        call_query(c, "detachKeys", c->d->client.detach_text);
    return call_send(c);
}

static void set_list(struct json *body, const char *key, const struct strings *list)
{
    struct json *array;

    if (list->len == 0)
        return;
    array = json_need_array(body, key);
    for (size_t i = 0; i < list->len; i++)
        json_add(array, json_string(list->items[i]));
}

struct call *docker_exec_create(struct writer *w, const char *container,
                                const struct exec_create *e, call_done *done, void *owner)
{
    struct call *c = call_new(writer_docker(w), done, owner);
    struct json *body = json_object();

    json_set_str(body, "User", e->user);
    json_set_str(body, "WorkingDir", e->workdir);
    json_set_bool(body, "Privileged", e->privileged);
    json_set_bool(body, "Tty", e->tty);
    json_set_bool(body, "AttachStdin", e->stdin_open && !e->detach);
    json_set_bool(body, "AttachStdout", !e->detach);
    json_set_bool(body, "AttachStderr", !e->detach);
    if (e->tty && e->stdin_open && !str_empty(c->d->client.detach_text))
        json_set_str(body, "DetachKeys", c->d->client.detach_text);
    set_list(body, "Env", &e->environment);
    set_list(body, "Cmd", &e->argv);
    call_post(c, "/containers/%s/exec", container);
    call_json(c, body);
    c->on_answer = answer_created;
    return call_send(c);
}

struct call *docker_exec_start(struct writer *w, const char *exec_id, const struct exec_create *e,
                               output_fn *on_output, void (*on_ready)(void *owner), call_done *done,
                               void *owner)
{
    struct call *c = stream_call_new(writer_docker(w), e->tty, on_output, on_ready, done, owner);
    struct json *body = json_object();

    json_set_bool(body, "Detach", e->detach);
    json_set_bool(body, "Tty", e->tty);
    if (e->tty && e->rows && e->cols) { /* from API 1.42 on; older engines ignore it */
        struct json *size = json_need_array(body, "ConsoleSize");

        json_add(size, json_i64(e->rows));
        json_add(size, json_i64(e->cols));
    }
    call_post(c, "/exec/%s/start", exec_id);
    call_json(c, body);
    c->upgrade = !e->detach;
    c->terminal = e->tty && e->stdin_open;
    return call_send(c);
}

static int on_inspected(struct call *c, const struct http_answer *a, struct reply *r,
                        struct err *err)
{
    AUTO_JSON j = answer_json(a, err);

    (void)c;
    if (!j)
        return -1;
    r->running = json_get_bool(j, "Running", false);
    r->exit_code = json_get_i64(j, "ExitCode", 0); /* null while it runs */
    return 0;
}

struct call *docker_exec_inspect(struct reader *r, const char *exec_id, call_done *done,
                                 void *owner)
{
    struct call *c = call_new(reader_docker(r), done, owner);

    c->on_answer = on_inspected;
    call_get(c, "/exec/%s/json", exec_id);
    return call_send(c);
}

struct call *docker_exec_resize(struct writer *w, const char *exec_id, int rows, int cols,
                                call_done *done, void *owner)
{
    struct call *c = call_new(writer_docker(w), done, owner);

    call_post(c, "/exec/%s/resize", exec_id);
    call_query_i64(c, "h", rows);
    call_query_i64(c, "w", cols);
    return call_send(c);
}
