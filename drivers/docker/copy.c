/* drivers/docker/copy.c: files into a container, all in one request. */
#include "core/json/json.h"
#include "drivers/docker/internal.h"
#include "drivers/docker/tar.h"

#include <sys/stat.h>
#include <time.h>

/* Owners are those of the tar. The engine's copyUIDGID is not asked for: it would give the files to
 * the user of the container, whatever the model says. */
static int write_file(struct tar *t, const struct file_copy *f, struct err *err)
{
    const struct tar_entry e = {
        .name = f->target + (f->target[0] == '/'),
        .mode = S_IFREG | (mode_t)(f->mode & 07777U),
        .uid = f->uid < 0 ? 0 : f->uid,
        .gid = f->gid < 0 ? 0 : f->gid,
        .size = (int64_t)f->len,
        .mtime = (int64_t)time(NULL),
    };

    if (tar_entry(t, &e, err) < 0)
        return -1;
    return tar_data(t, f->data, f->len, err);
}

static int write_files(const struct file_copy *files, size_t count, struct str *out,
                       struct err *err)
{
    struct tar *t = tar_new(out);
    int status = 0;

    for (size_t i = 0; i < count && status == 0; i++)
        status = write_file(t, &files[i], err);
    if (status == 0)
        status = tar_end(t, err);
    tar_free(t);
    return status;
}

struct call *docker_container_copy(struct writer *w, const char *id, const struct file_copy *files,
                                   size_t count, call_done *done, void *owner)
{
    struct call *c = call_new(writer_docker(w), done, owner);
    struct err err = {0};

    call_put(c, "/containers/%s/archive", id);
    call_query(c, "noOverwriteDirNonDir", "true");
    call_query(c, "path", "/");
    c->content_type = "application/x-tar";
    if (write_files(files, count, &c->body, &err) < 0)
        return call_fail(c, &err);
    return call_send(c);
}
