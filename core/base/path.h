/* core/base/path.h: file names, lexically, and reading files whole. */
#ifndef CORE_BASE_PATH_H
#define CORE_BASE_PATH_H

#include <stdbool.h>
#include <stddef.h>

struct arena;
struct err;
struct str;

char *path_clean(struct arena *a, const char *path); /* as Go's filepath.Clean: "" gives "." */
char *path_join(struct arena *a, const char *dir, const char *name); /* cleaned */
char *path_abs(struct arena *a, const char *dir, const char *path);  /* absolute stays as it is */
char *path_dir(struct arena *a, const char *path);
const char *path_base(const char *path); /* borrowed from path: after the last slash */
bool path_is_abs(const char *path);
bool path_exists(const char *path);
bool path_is_dir(const char *path);
char *path_cwd(struct arena *a); /* $PWD when it names the working directory, as Go does */
/* `target` relative to `base` (both clean and absolute), as Go's filepath.Rel. */
char *path_rel(struct arena *a, const char *base, const char *target);

/* What errno says about a call in Go's words: "stat /x: no such file or directory". Returns -1 and
 * leaves errno alone. */
int path_error(struct err *err, const char *call, const char *path);

enum { PATH_READ_MAX = 16 * 1024 * 1024 };

/* Reads a regular file, pipe or device whole, at most `limit` bytes (0: PATH_READ_MAX). Errors
 * carry Go's words ("open /x: no such file or directory", "read /x: is a directory") because
 * scripts match them; errno is kept, so that a caller can tell an absent file. ret is replaced on
 * success only. */
int path_read(const char *path, size_t limit, struct str *ret, struct err *err);

#endif
