#include "core/base/arena.h"
#include "core/base/str.h"
#include "core/json/json.h"
#include "drivers/docker/http.h"
#include "drivers/docker/internal.h"
#include "drivers/docker/parse.h"

#include <string.h>

/* ---- reading ---- */

static const char *add(struct arena *a, struct container *one, size_t room, struct reply *r)
{
    if (!r->containers.items)
        r->containers.items = arena_calloc(a, room, sizeof(struct container *));
    r->containers.items[r->containers.len++] = one;
    return one->id;
}

static const char *read_entry(struct arena *a, const struct json *j, size_t room, struct reply *r)
{
    return add(a, parse_container_entry(a, j), room, r);
}

static const char *read_container(struct arena *a, const struct json *j, size_t room,
                                  struct reply *r)
{
    struct container *one = parse_container(a, j);

    r->exit_code = one->exit_code;
    r->running = one->state == STATE_RUNNING;
    return add(a, one, room, r);
}

/* The engine takes them for regular expressions; a dot is all that a name may have in it. */
static struct strings whole_names(struct arena *a, const struct strings *names)
{
    struct strings ret = {.items = arena_calloc(a, names->len + 1, sizeof(char *))};

    for (size_t i = 0; i < names->len; i++) {
        AUTO_TEXT pattern = {0};

        str_add(&pattern, "^");
        for (const char *p = names->items[i]; *p; p++)
            str_addf(&pattern, *p == '.' ? "\\%c" : "%c", *p);
        str_add(&pattern, "$");
        ret.items[ret.len++] = arena_strdup(a, str_text(&pattern));
    }
    return ret;
}

struct call *docker_container_list(struct reader *r, struct arena *a, const struct list_filter *f,
                                   call_done *done, void *owner)
{
    struct call *c = objects_new(r, a, read_entry, done, owner);
    struct json *filters = json_object();

    call_get(c, "/containers/json");
    if (f && f->all)
        call_query(c, "all", "1");
    if (f) {
        const struct strings names = whole_names(a, &f->names);

        call_filter(filters, "label", &f->labels);
        call_filter(filters, "name", &names);
        call_filter(filters, "status", &f->status);
    }
    return objects_list(c, NULL, filters);
}

struct call *docker_container_inspect(struct reader *r, struct arena *a, const char *id,
                                      call_done *done, void *owner)
{
    struct call *c = objects_new(r, a, read_container, done, owner);

    call_get(c, "/containers/%s/json", id);
    return object_inspect(c);
}

/* ---- changing ---- */

struct call *docker_container_start(struct writer *w, const char *id, call_done *done, void *owner)
{
    struct call *c = call_new(writer_docker(w), done, owner);

    call_post(c, "/containers/%s/start", id);
    return call_send(c);
}

struct call *docker_container_stop(struct writer *w, const char *id, int64_t timeout,
                                   call_done *done, void *owner)
{
    struct call *c = call_new(writer_docker(w), done, owner);

    call_post(c, "/containers/%s/stop", id);
    if (timeout != TIMEOUT_DEFAULT)
        call_query_i64(c, "t", timeout);
    return call_send(c);
}

struct call *docker_container_restart(struct writer *w, const char *id, int64_t timeout,
                                      call_done *done, void *owner)
{
    struct call *c = call_new(writer_docker(w), done, owner);

    call_post(c, "/containers/%s/restart", id);
    if (timeout != TIMEOUT_DEFAULT)
        call_query_i64(c, "t", timeout);
    return call_send(c);
}

struct call *docker_container_kill(struct writer *w, const char *id, const char *signal,
                                   call_done *done, void *owner)
{
    struct call *c = call_new(writer_docker(w), done, owner);

    call_post(c, "/containers/%s/kill", id);
    call_query(c, "signal", signal);
    return call_send(c);
}

struct call *docker_container_pause(struct writer *w, const char *id, call_done *done, void *owner)
{
    struct call *c = call_new(writer_docker(w), done, owner);

    call_post(c, "/containers/%s/pause", id);
    return call_send(c);
}

struct call *docker_container_unpause(struct writer *w, const char *id, call_done *done,
                                      void *owner)
{
    struct call *c = call_new(writer_docker(w), done, owner);

    call_post(c, "/containers/%s/unpause", id);
    return call_send(c);
}

struct call *docker_container_remove(struct writer *w, const char *id, bool force, bool volumes,
                                     call_done *done, void *owner)
{
    struct call *c = call_new(writer_docker(w), done, owner);

    call_delete(c, "/containers/%s", id);
    call_query(c, "force", force ? "1" : NULL);
    call_query(c, "v", volumes ? "1" : NULL);
    return call_send(c);
}

struct call *docker_container_rename(struct writer *w, const char *id, const char *name,
                                     call_done *done, void *owner)
{
    struct call *c = call_new(writer_docker(w), done, owner);

    call_post(c, "/containers/%s/rename", id);
    call_query(c, "name", name);
    return call_send(c);
}

static int on_waited(struct call *c, const struct http_answer *a, struct reply *r, struct err *err)
{
    AUTO_JSON j = answer_json(a, err);
    const char *message = json_get_str(j, "Error.Message", "");

    (void)c;
    if (!j)
        return -1;
    if (!json_get(j, "StatusCode"))
        return err_set(err, ERR_ENGINE, loc_none(),
                       "the engine's answer to a wait has no exit code");
    if (*message)
        return err_set(err, ERR_FAILED, loc_none(), "%s", message);
    r->exit_code = json_get_i64(j, "StatusCode", 0);
    return 0;
}

struct call *docker_container_wait(struct writer *w, const char *id, enum wait_condition cond,
                                   call_done *done, void *owner)
{
    static const char *const names[] = {
        [WAIT_NOT_RUNNING] = "not-running",
        [WAIT_NEXT_EXIT] = "next-exit",
        [WAIT_REMOVED] = "removed",
    };
    struct call *c = call_new(writer_docker(w), done, owner);

    c->on_answer = on_waited;
    call_post(c, "/containers/%s/wait", id);
    call_query(c, "condition", names[cond]);
    return call_send(c);
}

struct call *docker_container_resize(struct writer *w, const char *id, int rows, int cols,
                                     call_done *done, void *owner)
{
    struct call *c = call_new(writer_docker(w), done, owner);

    call_post(c, "/containers/%s/resize", id);
    call_query_i64(c, "h", rows);
    call_query_i64(c, "w", cols);
    return call_send(c);
}

/* ---- shared with the other creates ---- */

/* 20.10 says "Warnings": null for none, networks have one "Warning". */
int answer_created(struct call *c, const struct http_answer *a, struct reply *r, struct err *err)
{
    struct arena *arena = call_arena(c);
    AUTO_JSON j = answer_json(a, err);
    const char *id = json_get_str(j, "Id", json_get_str(j, "Name", ""));
    const char *warning = json_get_str(j, "Warning", "");

    if (!j)
        return -1;
    if (!*id)
        return err_set(err, ERR_ENGINE, loc_none(), "the engine's answer to a create has no id");
    r->id = arena_strdup(arena, id);
    r->warnings = parse_strings(arena, json_get(j, "Warnings"));
    if (*warning) {
        r->warnings.items = arena_calloc(arena, 1, sizeof *r->warnings.items);
        r->warnings.items[0] = arena_strdup(arena, warning);
        r->warnings.len = 1;
    }
    return 0;
}
