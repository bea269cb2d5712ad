/* drivers/docker/ignore.h: .dockerignore: which files of a build context stay at home.
 *
 * A pattern matches a path or anything below it; lines with '!' take back; the last match counts.
 * `*` is any text within one component, `?` one character, `[a-z]` one of a class, `**` any depth,
 * `\` escapes. Pure. */
#ifndef DRIVERS_DOCKER_IGNORE_H
#define DRIVERS_DOCKER_IGNORE_H

#include <stdbool.h>
#include <stddef.h>

struct err;
struct ignore;

/* Whole text of a .dockerignore. NULL and an error with the number of the
 * line on a broken pattern. */
struct ignore *ignore_parse(const char *text, size_t len, struct err *err);
void ignore_free(struct ignore *ig); /* takes NULL */

/* For a walk down a tree: which patterns a directory matches is handed on to what is in it, so that
 * nobody looks at a directory twice. `parent` are the matches of the directory the path is in, NULL
 * for the top; `ret` gets those of the path. Both have room for ignore_count(). */
size_t ignore_count(const struct ignore *ig);
bool ignore_walk(const struct ignore *ig, const char *path, const bool *parent, bool *ret);

/* The same for one path, relative and clean: "a/b". */
bool ignore_match(const struct ignore *ig, const char *path);

/* Can something below a directory that is left out still be taken? Then it must be walked all the
 * same. */
bool ignore_may_take_below(const struct ignore *ig, const char *dir);

#endif
