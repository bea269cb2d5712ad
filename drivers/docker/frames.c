#include "drivers/docker/frames.h"

#include "core/base/err.h"

#include <string.h>

enum { HEAD_SIZE = 8, TYPE_STDERR = 2, TYPE_ERROR = 3, ERROR_TEXT_MAX = 64 * 1024 };

static size_t at_most(size_t len, size_t max)
{
    return len < max ? len : max;
}

/* Fills up the header; 1 when it is complete. */
static int take_head(struct frames *f, const unsigned char *bytes, size_t n)
{
    memcpy(f->head + f->head_len, bytes, n);
    f->head_len += n;
    if (f->head_len < HEAD_SIZE)
        return 0;
    f->left = (uint32_t)f->head[4] << 24 | (uint32_t)f->head[5] << 16 | (uint32_t)f->head[6] << 8 |
              f->head[7];
    return 1;
}

static int error_frame(const struct frames *f, struct err *err)
{
    return err_set(err, ERR_ENGINE, loc_none(), "Error response from daemon: %s",
                   f->error.len ? f->error.data : "the stream failed");
}

/* Hands on a piece of the payload; at the end of an error frame that is the error. */
static int take_payload(struct frames *f, const char *bytes, size_t n, frame_fn *on_output,
                        void *owner, struct err *err)
{
    f->left -= (uint32_t)n;
    if (f->left == 0)
        f->head_len = 0;
    if (f->head[0] == TYPE_ERROR) {
        str_addn(&f->error, bytes, at_most(n, ERROR_TEXT_MAX - f->error.len));
        return f->left ? 0 : error_frame(f, err);
    }
    return n && on_output(owner, f->head[0] == TYPE_STDERR ? STREAM_STDERR : STREAM_STDOUT, bytes,
                          n)
               ? 1
               : 0;
}

int frames_feed(struct frames *f, const char *bytes, size_t len, frame_fn *on_output, void *owner,
                struct err *err)
{
    int rc = 0;

    while (len && rc == 0) {
        bool in_head = f->head_len < HEAD_SIZE;
        size_t n = at_most(len, in_head ? HEAD_SIZE - f->head_len : f->left);

        if (!in_head) {
            rc = take_payload(f, bytes, n, on_output, owner, err);
        } else if (take_head(f, (const unsigned char *)bytes, n)) {
            if (f->head[0] > TYPE_ERROR || f->head[1] || f->head[2] || f->head[3])
                return err_set(err, ERR_ENGINE, loc_none(),
                               "unexpected bytes in the output stream");
            if (f->left == 0)
                rc = take_payload(f, bytes, 0, on_output, owner, err);
        }
        bytes += n;
        len -= n;
    }
    return rc;
}

int frames_end(const struct frames *f, struct err *err)
{
    if (f->head_len == 0)
        return 0;
    if (f->head_len == HEAD_SIZE && f->head[0] == TYPE_ERROR)
        return error_frame(f, err);
    return err_set(err, ERR_UNREACHABLE, loc_none(),
                   "the output stream ended in the middle of a message");
}

void frames_done(struct frames *f)
{
    str_done(&f->error);
}
