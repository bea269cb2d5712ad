/* core/base/library.h: shared libraries that are loaded when they are first needed.
 *
 * libcurl, libarchive and libcrypto bring some forty libraries more. Linked in the usual way they
 * cost every start of the program 7 ms and 7 MB, several times what `config` or `ps -q` take for
 * themselves. So each has its one user, which lists the functions it calls and calls them through a
 * table:
 *
 *     #define FUNCTIONS(F) F(easy_init) F(easy_cleanup)
 *     #define MEMBER(f) __typeof__(curl_##f) *f;
 *     #define NAME(f) "curl_" #f,
 *     static struct { FUNCTIONS(MEMBER) } curl;
 *     static const char *const names[] = {FUNCTIONS(NAME)};
 *
 *     if (library_load("libcurl.so.4", names, ARRAY_LEN(names), &curl, err) < 0) ...
 *     easy = curl.easy_init(); */
#ifndef CORE_BASE_LIBRARY_H
#define CORE_BASE_LIBRARY_H

#include "core/base/attr.h" /* MUST_CHECK */

#include <stddef.h>

struct err;

/* Fills `table`, a struct of `count` function pointers in the order of `names`. May be called
 * again; what is loaded stays until the program ends. */
int MUST_CHECK library_load(const char *file, const char *const *names, size_t count, void *table,
                            struct err *err);

#endif
