/* drivers/docker/tar.h: writes a tar into a buffer, entry by entry. The only user of libarchive.
 *
 * Names are bytes, of any length; the format is GNU's, which every engine reads and which needs no
 * locale. What is written is in the buffer at once, so the caller may
 * empty it between the calls. */
#ifndef DRIVERS_DOCKER_TAR_H
#define DRIVERS_DOCKER_TAR_H

#include "core/base/attr.h" /* MUST_CHECK */

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h> /* mode_t, dev_t */

struct err;
struct str;
struct tar;

struct tar_entry {
    const char *name; /* without a slash at the end */
    const char *link; /* of a symbolic link; NULL otherwise */
    mode_t mode;      /* type and permission bits, as stat gives them */
    int64_t uid, gid;
    int64_t size; /* of a regular file */
    int64_t mtime;
    dev_t device; /* of a device */
};

struct tar *tar_new(struct str *out); /* borrowed until tar_free() */
int MUST_CHECK tar_entry(struct tar *t, const struct tar_entry *e, struct err *err);
/* Content of the last entry. What is missing to its size is padded with zeros. */
int MUST_CHECK tar_data(struct tar *t, const void *bytes, size_t len, struct err *err);
int MUST_CHECK tar_end(struct tar *t, struct err *err); /* the end of the archive */
void tar_free(struct tar *t);                           /* takes NULL */

#endif
