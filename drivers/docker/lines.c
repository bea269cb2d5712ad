#include "drivers/docker/lines.h"

#include "core/base/err.h"

#include <string.h>

static bool tell(const char *line, size_t len, line_fn *on_line, void *owner)
{
    if (len && line[len - 1] == '\r')
        len--;
    return len == 0 || on_line(owner, line, len);
}

int lines_feed(struct lines *l, const char *bytes, size_t len, line_fn *on_line, void *owner,
               struct err *err)
{
    const char *end;

    while (len && (end = memchr(bytes, '\n', len))) {
        size_t n = (size_t)(end - bytes);
        bool more;

        if (l->rest.len) {
            str_addn(&l->rest, bytes, n);
            more = tell(l->rest.data, l->rest.len, on_line, owner);
            str_clear(&l->rest);
        } else {
            more = tell(bytes, n, on_line, owner);
        }
        if (!more)
            return 0;
        bytes += n + 1;
        len -= n + 1;
    }
    if (l->rest.len + len > LINE_MAX_BYTES)
        return err_set(err, ERR_ENGINE, loc_none(), "a line of the engine's answer has no end");
    str_addn(&l->rest, bytes, len);
    return 0;
}

void lines_end(struct lines *l, line_fn *on_line, void *owner)
{
    if (l->rest.len)
        tell(l->rest.data, l->rest.len, on_line, owner);
    str_clear(&l->rest);
}

void lines_done(struct lines *l)
{
    str_done(&l->rest);
}
