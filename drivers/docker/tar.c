#include "drivers/docker/tar.h"

#include "core/base/err.h"
#include "core/base/mem.h"
#include "core/base/str.h"

#include <archive.h>
#include <archive_entry.h>

#include <stdlib.h>

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
    t->archive = archive_write_new();
    t->entry = archive_entry_new();
    if (!t->archive || !t->entry)
        abort(); /* out of memory */
    archive_write_set_format_gnutar(t->archive);
    archive_write_add_filter_none(t->archive);
    archive_write_set_bytes_per_block(t->archive, 0); /* nothing stays behind in a buffer */
    archive_write_set_bytes_in_last_block(t->archive, 1);
    archive_write_open2(t->archive, t, NULL, on_write, NULL, NULL);
    return t;
}

static int tar_error(struct tar *t, const char *name, struct err *err)
{
    const char *why = archive_error_string(t->archive);

    return err_set(err, ERR_IO, loc_none(), "cannot put '%s' into a tar: %s", name,
                   why ? why : "unknown error");
}

int tar_entry(struct tar *t, const struct tar_entry *e, struct err *err)
{
    archive_entry_clear(t->entry);
    archive_entry_set_pathname(t->entry, e->name);
    archive_entry_set_mode(t->entry, e->mode);
    archive_entry_set_uid(t->entry, e->uid);
    archive_entry_set_gid(t->entry, e->gid);
    archive_entry_set_mtime(t->entry, e->mtime, 0);
    archive_entry_set_size(t->entry, S_ISREG(e->mode) ? e->size : 0);
    if (e->link)
        archive_entry_set_symlink(t->entry, e->link);
    if (S_ISCHR(e->mode) || S_ISBLK(e->mode))
        archive_entry_set_rdev(t->entry, e->device);
    if (archive_write_header(t->archive, t->entry) < ARCHIVE_WARN)
        return tar_error(t, e->name, err);
    return 0;
}

int tar_data(struct tar *t, const void *bytes, size_t len, struct err *err)
{
    if (archive_write_data(t->archive, bytes, len) < 0)
        return tar_error(t, archive_entry_pathname(t->entry), err);
    return 0;
}

int tar_end(struct tar *t, struct err *err)
{
    if (archive_write_close(t->archive) < ARCHIVE_WARN)
        return tar_error(t, "the end", err);
    return 0;
}

void tar_free(struct tar *t)
{
    if (!t)
        return;
    archive_entry_free(t->entry);
    archive_write_free(t->archive);
    free(t);
}
