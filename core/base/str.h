/* core/base/str.h: a growing text buffer, always NUL-terminated. All text is built with it.
 *
 * `data` is never NULL after str_init or the first append; an all-zero struct is a valid empty
 * buffer. */
#ifndef CORE_BASE_STR_H
#define CORE_BASE_STR_H

#include "core/base/attr.h" /* PRINTF_LIKE, CLEANUP */

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

struct str {
    char *data;
    size_t len, cap;
};

void str_init(struct str *s);
void str_done(struct str *s);  /* frees; the struct may be used again */
void str_clear(struct str *s); /* keeps the memory */
char *str_take(struct str *s); /* the text, caller frees; the buffer is empty afterwards */
const char *str_text(const struct str *s); /* never NULL */

void str_add(struct str *s, const char *text);
void str_addn(struct str *s, const char *bytes, size_t len);
void str_addc(struct str *s, char c);
void str_repeat(struct str *s, char c, size_t count);
void str_addf(struct str *s, const char *fmt, ...) PRINTF_LIKE(2, 3);
void str_addvf(struct str *s, const char *fmt, va_list ap) PRINTF_LIKE(2, 0);
char *str_reserve(struct str *s, size_t more); /* room for `more` bytes (and the NUL), to fill */
void str_cut(struct str *s, size_t len);       /* shortens to len */
void str_consume(struct str *s, size_t len);   /* drops the first len bytes */

#define AUTO_TEXT CLEANUP(str_done) struct str /* AUTO_TEXT out = {0}; */

/* Plain string helpers. */
bool str_eq(const char *a, const char *b); /* two NULLs are equal */
bool str_has_prefix(const char *s, const char *prefix);
bool str_has_suffix(const char *s, const char *suffix);
bool str_empty(const char *s); /* NULL or "" */

/* Numbers, parsed whole: no leading space, nothing after. -1 on error (errno tells range). */
int str_to_i64(const char *s, long long *ret);
int str_to_u64(const char *s, unsigned long long *ret);
int str_to_double(const char *s, double *ret); /* decimal only, locale independent */

#endif
