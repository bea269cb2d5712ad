#include "drivers/docker/tar.h"

#include "core/base/attr.h"
#include "core/base/err.h"
#include "core/base/library.h"
#include "core/base/mem.h"
#include "core/base/str.h"

#include <archive.h>
#include <archive_entry.h>

#include <stdlib.h>

/* libarchive, loaded by the first tar (core/base/library.h). */
#define LIBARCHIVE "libarchive.so.13"
/* clang-format off */
#define FUNCTIONS(F)                                                                               \
    F(entry_clear) F(entry_free) F(entry_new) F(entry_pathname) F(entry_set_gid)                   \
    F(entry_set_mode) F(entry_set_mtime) F(entry_set_pathname) F(entry_set_rdev)                   \
    F(entry_set_size) F(entry_set_symlink) F(entry_set_uid) F(error_string)                        \
    F(write_add_filter_none) F(write_close) F(write_data) F(write_free) F(write_header)            \
    F(write_new) F(write_open2) F(write_set_bytes_in_last_block)                                   \
    F(write_set_bytes_per_block) F(write_set_format_gnutar)
#define MEMBER(f) __typeof__(archive_##f) *f;
#define NAME(f) "archive_" #f,
static struct {
    FUNCTIONS(MEMBER)
} archive;
/* clang-format on */
static const char *const names[] = {FUNCTIONS(NAME)};

struct tar {
    struct str *out;
    struct archive *archive;
    struct archive_entry *entry;
};

static la_ssize_t on_write(struct archive *a, void *owner, const void *bytes, size_t len)
{
    struct tar *t = owner;

    (void)a;
    str_addn(t->out, bytes, len);
    return (la_ssize_t)len;
}

struct tar *tar_new(struct str *out)
{
    struct tar *t = mem_calloc(1, sizeof *t);

    t->out = out;
    return t;
}

/* Once, before anything is written. */
static int start(struct tar *t, struct err *err)
{
    if (t->archive)
        return 0;
    if (library_load(LIBARCHIVE, names, ARRAY_LEN(names), &archive, err) < 0)
        return -1;
    t->archive = archive.write_new();
    t->entry = archive.entry_new();
    if (!t->archive || !t->entry)
        abort(); /* out of memory */
    archive.write_set_format_gnutar(t->archive);
    archive.write_add_filter_none(t->archive);
    archive.write_set_bytes_per_block(t->archive, 0); /* nothing stays behind in a buffer */
    archive.write_set_bytes_in_last_block(t->archive, 1);
    archive.write_open2(t->archive, t, NULL, on_write, NULL, NULL);
    return 0;
}

static int tar_error(struct tar *t, const char *name, struct err *err)
{
    const char *why = archive.error_string(t->archive);

    return err_set(err, ERR_IO, loc_none(), "cannot put '%s' into a tar: %s", name,
                   why ? why : "unknown error");
}

int tar_entry(struct tar *t, const struct tar_entry *e, struct err *err)
{
    if (start(t, err) < 0)
        return -1;
    archive.entry_clear(t->entry);
    archive.entry_set_pathname(t->entry, e->name);
    archive.entry_set_mode(t->entry, e->mode);
    archive.entry_set_uid(t->entry, e->uid);
    archive.entry_set_gid(t->entry, e->gid);
    archive.entry_set_mtime(t->entry, e->mtime, 0);
    archive.entry_set_size(t->entry, S_ISREG(e->mode) ? e->size : 0);
    if (e->link)
        archive.entry_set_symlink(t->entry, e->link);
    if (S_ISCHR(e->mode) || S_ISBLK(e->mode))
        archive.entry_set_rdev(t->entry, e->device);
    if (archive.write_header(t->archive, t->entry) < ARCHIVE_WARN)
        return tar_error(t, e->name, err);
    return 0;
}

int tar_data(struct tar *t, const void *bytes, size_t len, struct err *err)
{
    if (archive.write_data(t->archive, bytes, len) < 0)
        return tar_error(t, archive.entry_pathname(t->entry), err);
    return 0;
}

int tar_end(struct tar *t, struct err *err)
{
    if (start(t, err) < 0)
        return -1;
    if (archive.write_close(t->archive) < ARCHIVE_WARN)
        return tar_error(t, "the end", err);
    return 0;
}

void tar_free(struct tar *t)
{
    if (!t)
        return;
    if (t->archive) {
        archive.entry_free(t->entry);
        archive.write_free(t->archive);
    }
    free(t);
}
