#include "drivers/docker/helper.h"

#include "core/base/err.h"
#include "core/base/mem.h"
#include "core/base/str.h"
#include "core/json/json.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>

enum { ANSWER_MAX = 1 << 20 }; /* bytes */

struct helper {
    helper_done *done; /* NULL: nobody waits any more */
    void *owner;
    char *program, *server;
    uv_process_t process;
    uv_pipe_t in, out; /* its standard input and output */
    uv_write_t write;
    unsigned open; /* handles that are not closed */
    int spawned;   /* 0, or why it does not run */
    int64_t status;
    struct str answer;
    char chunk[4096];
};

/* In time order. */
static void on_written(uv_write_t *w, int status);
static void on_read(uv_stream_t *s, ssize_t n, const uv_buf_t *buf);
static void on_exited(uv_process_t *p, int64_t status, int signal);
static void on_closed(uv_handle_t *handle);
static void finish(struct helper *h);

static void close_handle(uv_handle_t *handle)
{
    if (!uv_is_closing(handle))
        uv_close(handle, on_closed);
}

static void close_all(struct helper *h)
{
    close_handle((uv_handle_t *)&h->process);
    close_handle((uv_handle_t *)&h->in);
    close_handle((uv_handle_t *)&h->out);
}

static void on_alloc(uv_handle_t *handle, size_t suggested, uv_buf_t *ret)
{
    struct helper *h = handle->data;

    (void)suggested;
    *ret = uv_buf_init(h->chunk, sizeof h->chunk);
}

static int spawn(struct helper *h, uv_loop_t *loop)
{
    char get[] = "get";
    char *args[] = {h->program, get, NULL};
    uv_stdio_container_t stdio[] = {
        {.flags = UV_CREATE_PIPE | UV_READABLE_PIPE, .data.stream = (uv_stream_t *)&h->in},
        {.flags = UV_CREATE_PIPE | UV_WRITABLE_PIPE, .data.stream = (uv_stream_t *)&h->out},
        {.flags = UV_INHERIT_FD, .data.fd = 2},
    };
    const uv_process_options_t o = {
        .file = h->program,
        .args = args,
        .exit_cb = on_exited,
        .stdio = stdio,
        .stdio_count = 3,
    };

    return uv_spawn(loop, &h->process, &o);
}

struct helper *helper_get(uv_loop_t *loop, const char *name, const char *server, helper_done *done,
                          void *owner)
{
    struct helper *h = mem_calloc(1, sizeof *h);
    AUTO_TEXT program = {0};
    uv_buf_t buf;

    str_addf(&program, "docker-credential-%s", name);
    h->program = str_take(&program);
    h->server = mem_strdup(server);
    h->done = done;
    h->owner = owner;
    uv_pipe_init(loop, &h->in, 0);
    uv_pipe_init(loop, &h->out, 0);
    h->open = 3;
    h->spawned = spawn(h, loop);
    h->process.data = h->in.data = h->out.data = h->write.data = h;
    if (h->spawned < 0) {
        close_all(h);
        return h;
    }
    buf = uv_buf_init(h->server, (unsigned)strlen(h->server));
    if (uv_write(&h->write, (uv_stream_t *)&h->in, &buf, 1, on_written) < 0)
        close_handle((uv_handle_t *)&h->in);
    if (uv_read_start((uv_stream_t *)&h->out, on_alloc, on_read) < 0)
        close_handle((uv_handle_t *)&h->out);
    return h;
}

/* The end of its input: it may answer now. */
static void on_written(uv_write_t *w, int status)
{
    struct helper *h = w->data;

    (void)status; /* its answer and exit code tell more */
    close_handle((uv_handle_t *)&h->in);
}

static void on_read(uv_stream_t *s, ssize_t n, const uv_buf_t *buf)
{
    struct helper *h = s->data;

    if (n > 0 && h->answer.len < ANSWER_MAX)
        str_addn(&h->answer, buf->base, (size_t)n);
    else if (n)
        close_handle((uv_handle_t *)s);
}

static void on_exited(uv_process_t *p, int64_t status, int signal)
{
    struct helper *h = p->data;

    h->status = status ? status : signal;
    close_handle((uv_handle_t *)p);
    close_handle((uv_handle_t *)&h->in);
}

static void on_closed(uv_handle_t *handle)
{
    struct helper *h = handle->data;

    if (--h->open)
        return;
    if (h->done)
        finish(h);
    str_done(&h->answer);
    free(h->program);
    free(h->server);
    free(h);
}

static void trim(struct str *text)
{
    while (text->len && strchr(" \t\r\n", text->data[text->len - 1]))
        str_cut(text, text->len - 1);
}

/* docker's words. */
static void finish(struct helper *h)
{
    AUTO_ERR err = {0};
    AUTO_JSON answer = NULL;
    const char *secret;

    trim(&h->answer);
    if (h->spawned == UV_ENOENT)
        err_set(&err, ERR_FAILED, loc_none(),
                "error getting credentials - err: exec: \"%s\": executable file not found in "
                "$PATH, out: ``",
                h->program);
    else if (h->spawned < 0)
        err_set(&err, ERR_FAILED, loc_none(), "error getting credentials - err: exec: \"%s\": %s",
                h->program, uv_strerror(h->spawned));
    else if (h->status && str_eq(str_text(&h->answer), "credentials not found in native keychain"))
        h->status = 0;
    else if (h->status)
        err_set(&err, ERR_FAILED, loc_none(),
                "error getting credentials - err: exit status %d, out: `%s`", (int)h->status,
                str_text(&h->answer));
    else {
        answer = json_parse(str_text(&h->answer), h->answer.len, NULL);
        if (!answer) /* not shown: it may hold a secret */
            err_set(&err, ERR_FAILED, loc_none(),
                    "error getting credentials - the answer of \"%s\" is not JSON", h->program);
    }
    secret = json_get_str(answer, "Secret", "");
    h->done(h->owner, json_get_str(answer, "Username", ""), secret,
            err.code == ERR_NONE ? NULL : &err);
}

void helper_cancel(struct helper *h)
{
    if (!h)
        return;
    h->done = NULL;
    if (h->spawned == 0 && uv_is_active((uv_handle_t *)&h->process))
        uv_process_kill(&h->process, SIGKILL);
    close_all(h);
}
