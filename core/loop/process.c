#include "core/loop/process.h"

#include "core/base/err.h"
#include "core/base/mem.h"
#include "core/base/str.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>

enum { ERRORS_MAX = 2048, LINE_MAX_BYTES = 1 << 20 };

struct process {
    uv_process_t handle;
    uv_pipe_t out, err;
    struct process_options opts;
    struct str line;   /* what has no newline yet */
    struct str errors; /* the end of stderr */
    char buf[4096];
    int64_t status;
    int signal;
    unsigned open; /* handles that are not closed yet */
};

static void on_closed(uv_handle_t *handle)
{
    struct process *p = handle->data;

    if (--p->open)
        return;
    if (p->line.len)
        p->opts.on_line(p->opts.owner, str_text(&p->line), p->line.len);
    while (p->errors.len && strchr("\r\n \t", p->errors.data[p->errors.len - 1]))
        str_cut(&p->errors, p->errors.len - 1);
    p->opts.on_exit(p->opts.owner, p->status, p->signal, str_text(&p->errors));
    str_done(&p->line);
    str_done(&p->errors);
    free(p);
}

static void on_alloc(uv_handle_t *handle, size_t size, uv_buf_t *ret)
{
    struct process *p = handle->data;

    (void)size;
    *ret = uv_buf_init(p->buf, sizeof p->buf);
}

static void take_output(struct process *p, const char *bytes, size_t len)
{
    const char *end = bytes + len, *newline;

    while ((newline = memchr(bytes, '\n', (size_t)(end - bytes)))) {
        str_addn(&p->line, bytes, (size_t)(newline - bytes));
        p->opts.on_line(p->opts.owner, str_text(&p->line), p->line.len);
        str_clear(&p->line);
        bytes = newline + 1;
    }
    if (p->line.len < LINE_MAX_BYTES) /* a line without end is cut */
        str_addn(&p->line, bytes, (size_t)(end - bytes));
}

static void on_output(uv_stream_t *stream, ssize_t count, const uv_buf_t *buf)
{
    struct process *p = stream->data;

    if (count < 0)
        uv_close((uv_handle_t *)stream, on_closed);
    else
        take_output(p, buf->base, (size_t)count);
}

static void on_errors(uv_stream_t *stream, ssize_t count, const uv_buf_t *buf)
{
    struct process *p = stream->data;

    if (count < 0) {
        uv_close((uv_handle_t *)stream, on_closed);
        return;
    }
    str_addn(&p->errors, buf->base, (size_t)count);
    if (p->errors.len > ERRORS_MAX)
        str_consume(&p->errors, p->errors.len - ERRORS_MAX);
}

static void on_exited(uv_process_t *handle, int64_t status, int signal)
{
    struct process *p = handle->data;

    p->status = status;
    p->signal = signal;
    uv_close((uv_handle_t *)handle, on_closed);
}

static void on_never_started(uv_handle_t *handle)
{
    struct process *p = handle->data;

    if (--p->open == 0)
        free(p);
}

struct process *process_start(uv_loop_t *loop, const struct process_options *o, struct err *err)
{
    struct process *p = mem_calloc(1, sizeof *p);
    uv_stdio_container_t stdio[3] = {{.flags = UV_IGNORE}};
    uv_process_options_t options = {
        .file = o->file,
        .args = (char **)o->args,
        .env = (char **)o->environment,
        .exit_cb = on_exited,
        .stdio = stdio,
        .stdio_count = 3,
    };
    int rc;

    p->opts = *o;
    p->open = 3;
    uv_pipe_init(loop, &p->out, 0);
    uv_pipe_init(loop, &p->err, 0);
    p->handle.data = p->out.data = p->err.data = p;
    stdio[1].flags = stdio[2].flags = (uv_stdio_flags)(UV_CREATE_PIPE | UV_WRITABLE_PIPE);
    stdio[1].data.stream = (uv_stream_t *)&p->out;
    stdio[2].data.stream = (uv_stream_t *)&p->err;
    rc = uv_spawn(loop, &p->handle, &options);
    if (rc < 0) {
        err_set(err, ERR_FAILED, loc_none(), "cannot run '%s': %s", o->file, uv_strerror(rc));
        uv_close((uv_handle_t *)&p->handle, on_never_started);
        uv_close((uv_handle_t *)&p->out, on_never_started);
        uv_close((uv_handle_t *)&p->err, on_never_started);
        return NULL;
    }
    uv_read_start((uv_stream_t *)&p->out, on_alloc, on_output);
    uv_read_start((uv_stream_t *)&p->err, on_alloc, on_errors);
    return p;
}

void process_kill(struct process *p, int signal)
{
    uv_handle_t *pipes[] = {(uv_handle_t *)&p->out, (uv_handle_t *)&p->err};

    uv_process_kill(&p->handle, signal);
    for (size_t i = 0; signal == SIGKILL && i < ARRAY_LEN(pipes); i++)
        if (!uv_is_closing(pipes[i])) /* children of its own may hold them open */
            uv_close(pipes[i], on_closed);
}
