#include "cmd/input.h"

#include "core/base/mem.h"

#include <fcntl.h>
#include <sys/ioctl.h>
#include <unistd.h>

enum { INPUT_CHUNK = 32 * 1024 };

struct input {
    struct input_callbacks cb;
    uv_loop_t *loop;
    union {
        uv_handle_t handle;
        uv_stream_t stream;
        uv_tty_t tty;
        uv_pipe_t pipe;
    } u;
    bool is_stream, raw, closed, reading, ended;
    uv_fs_t fs;
    char chunk[INPUT_CHUNK];
};

static int flags = -1; /* of descriptor 0 before we touched it; -1: not changed */

static void end(struct input *in)
{
    if (in->ended || in->closed)
        return;
    in->ended = true;
    in->cb.on_end(in->cb.owner);
}

static void on_alloc(uv_handle_t *handle, size_t suggested, uv_buf_t *ret)
{
    struct input *in = handle->data;

    (void)suggested;
    *ret = uv_buf_init(in->chunk, sizeof in->chunk);
}

static void on_read(uv_stream_t *stream, ssize_t n, const uv_buf_t *buf)
{
    struct input *in = stream->data;

    if (n == 0 || in->closed)
        return;
    uv_read_stop(stream);
    in->reading = false;
    if (n < 0)
        end(in);
    else
        in->cb.on_bytes(in->cb.owner, buf->base, (size_t)n);
}

static void on_file_read(uv_fs_t *fs)
{
    struct input *in = fs->data;
    ssize_t n = fs->result;

    uv_fs_req_cleanup(fs);
    in->reading = false;
    if (in->closed) {
        free(in);
        return;
    }
    if (n <= 0)
        end(in);
    else
        in->cb.on_bytes(in->cb.owner, in->chunk, (size_t)n);
}

void input_more(struct input *in)
{
    uv_buf_t buf;

    if (in->closed || in->reading || in->ended)
        return;
    in->reading = true;
    if (in->is_stream) {
        if (uv_read_start(&in->u.stream, on_alloc, on_read) < 0)
            end(in);
        return;
    }
    buf = uv_buf_init(in->chunk, sizeof in->chunk);
    in->fs.data = in;
    if (uv_fs_read(in->loop, &in->fs, STDIN_FILENO, &buf, 1, -1, on_file_read) < 0) {
        in->reading = false;
        end(in);
    }
}

static int open_stream(struct input *in)
{
    switch (uv_guess_handle(STDIN_FILENO)) {
    case UV_TTY:
        if (uv_tty_init(in->loop, &in->u.tty, STDIN_FILENO, 1) < 0)
            return -1;
        if (in->raw)
            uv_tty_set_mode(&in->u.tty, UV_TTY_MODE_IO); /* the one that leaves output alone too */
        return 0;
    case UV_NAMED_PIPE:
    case UV_TCP:
        flags = fcntl(STDIN_FILENO, F_GETFL);
        if (uv_pipe_init(in->loop, &in->u.pipe, 0) < 0)
            return -1;
        uv_pipe_open(&in->u.pipe, STDIN_FILENO); /* if that fails, so does reading: the end */
        return 0;
    default:
        return -1;
    }
}

struct input *input_open(uv_loop_t *loop, bool raw, const struct input_callbacks *cb)
{
    struct input *in = mem_calloc(1, sizeof *in);

    in->cb = *cb;
    in->loop = loop;
    in->raw = raw;
    in->is_stream = open_stream(in) == 0;
    in->u.handle.data = in;
    return in;
}

static void on_closed(uv_handle_t *handle)
{
    free(handle->data);
}

void input_restore(void)
{
    uv_tty_reset_mode(); /* does nothing when no mode was set */
    if (flags >= 0)
        fcntl(STDIN_FILENO, F_SETFL, flags);
    flags = -1;
}

void input_close(struct input *in)
{
    if (!in || in->closed)
        return;
    in->closed = true;
    input_restore();
    if (in->is_stream)
        uv_close(&in->u.handle, on_closed);
    else if (!in->reading)
        free(in);
    else
        uv_cancel((uv_req_t *)&in->fs); /* on_file_read frees */
}

bool terminal_size(int *ret_rows, int *ret_cols)
{
    struct winsize size;

    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) < 0 || !size.ws_col)
        return false;
    *ret_rows = size.ws_row;
    *ret_cols = size.ws_col;
    return true;
}
