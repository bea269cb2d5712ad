#include "tests/fuzz/fuzz.h"

#include "core/base/diags.h"
#include "core/base/str.h"
#include "core/load/load.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum { FIRST_FD = 101 };

static const char *const names[FUZZ_FILES] = {"101", "102", "103", "104"};

_Noreturn void fuzz_fail(const char *cond, const char *fmt, ...)
{
    va_list ap;

    fprintf(stderr, "does not hold: %s\n", cond);
    va_start(ap, fmt);
    vfprintf(stderr, fmt, ap);
    va_end(ap);
    fputc('\n', stderr);
    abort();
}

size_t fuzz_cut(const uint8_t *bytes, size_t len, struct fuzz_part *parts, size_t max)
{
    static const char mark[] = "=====\n";
    const char *at = (const char *)bytes, *end = at + len;
    size_t count = 0;

    for (;;) {
        const char *next =
            count + 1 < max ? memmem(at, (size_t)(end - at), mark, sizeof mark - 1) : NULL;

        parts[count++] = (struct fuzz_part){.text = at, .len = (size_t)((next ? next : end) - at)};
        if (!next)
            return count;
        at = next + sizeof mark - 1;
    }
}

const char *fuzz_dir(void)
{
    static char *dir;

    if (!dir && asprintf(&dir, "/proc/%d/fd", (int)getpid()) < 0)
        abort();
    return dir;
}

const char *fuzz_file(size_t i, const char *text, size_t len)
{
    static bool made[FUZZ_FILES];
    int fd = FIRST_FD + (int)i;

    if (!made[i]) {
        int memory = memfd_create(names[i], MFD_CLOEXEC);

        if (memory < 0 || dup2(memory, fd) < 0 || close(memory) < 0)
            abort();
        made[i] = true;
    }
    if (ftruncate(fd, 0) < 0 || pwrite(fd, text, len, 0) != (ssize_t)len)
        abort();
    return names[i];
}

void fuzz_options(struct load_options *o, size_t count)
{
    static char *environ[] = {(char *)"HOME=/home/u", (char *)"A=a",
                              (char *)"EMPTY=", (char *)"NUMBER=7", NULL};

    *o = (struct load_options){.environ = environ, .cwd = fuzz_dir(), .project_name = "p"};
    o->files.items = (const char **)names;
    o->files.len = count;
}

void fuzz_source(struct diags *d, const char *file, const char *text, size_t len)
{
    AUTO_TEXT copy = {0};

    str_addn(&copy, text, len);
    diags_source(d, file, &copy);
}

void fuzz_format(struct diags *d, struct str *out)
{
    for (size_t i = 0; i < diags_count(d); i++)
        diags_format(d, diags_at(d, i), out);
}
