/* core/base/reference.h: an image reference taken apart: "alpine",
 * "ghcr.io/a/b:1@sha256:...". */
#ifndef CORE_BASE_REFERENCE_H
#define CORE_BASE_REFERENCE_H

struct arena;
struct err;

struct reference {
    const char *registry;   /* "docker.io", "localhost:5000" */
    const char *repository; /* in full: "docker.io/library/alpine" */
    const char *tag;        /* the digest when there is one, else the tag, else "latest" */
    const char *digest;     /* NULL: there is none */
};

/* Takes what is no reference as it is. */
struct reference reference_parse(struct arena *a, const char *text);
/* Whether it is one; the error has docker's words. */
int reference_check(struct arena *a, const char *text, struct err *err);

#endif
