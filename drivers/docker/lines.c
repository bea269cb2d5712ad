#include "drivers/docker/lines.h"

#include <string.h>

static bool tell(const char *line, size_t len, line_fn *on_line, void *owner)
{
    if (len && line[len - 1] == '\r')
        len--;
    return len == 0 || on_line(owner, line, len);
}

void lines_feed(struct lines *l, const char *bytes, size_t len, line_fn *on_line, void *owner)
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
            return;
        bytes += n + 1;
        len -= n + 1;
    }
    str_addn(&l->rest, bytes, len);
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
