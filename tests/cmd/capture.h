/* tests/cmd/capture.h: what a test writes to stdout and stderr, for tests of what writes there. */
#ifndef TESTS_CMD_CAPTURE_H
#define TESTS_CMD_CAPTURE_H

#include "core/base/str.h"

#include <stdio.h>
#include <unistd.h>

struct capture {
    int fd, saved;
    FILE *file;
};

static inline void capture_start(struct capture *c, int fd)
{
    fflush(NULL);
    c->fd = fd;
    c->saved = dup(fd);
    c->file = tmpfile();
    dup2(fileno(c->file), fd);
}

static inline void capture_end(struct capture *c, struct str *out)
{
    char bytes[4096];
    size_t n;

    dup2(c->saved, c->fd);
    close(c->saved);
    rewind(c->file);
    while ((n = fread(bytes, 1, sizeof bytes, c->file)) > 0)
        str_addn(out, bytes, n);
    fclose(c->file);
}

#endif
