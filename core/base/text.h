/* core/base/text.h: small pieces of text that several modules print the same way: times, sizes,
 * durations, quoting, natural order. Formats are those docker compose prints. */
#ifndef CORE_BASE_TEXT_H
#define CORE_BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct str;

/* Durations are nanoseconds. Grammar: [+-] then DECIMAL UNIT..., units ns us ms s m h d w; "0"
 * alone. -1 on a bad text, with Go's words appended to `why`, which may be NULL. */
int duration_parse(const char *s, int64_t *ret, struct str *why);
void duration_format(int64_t ns, struct str *out);     /* Go: 1m30s, 1.5s, 100ms, 0s */
void duration_human(int64_t seconds, struct str *out); /* "About a minute", "3 hours" */
void mode_format(int64_t mode, struct str *out);       /* 0440 */

/* Byte sizes: "1.5g", "512MiB", "10", all units are powers of 1024. Whole numbers without a unit
 * may be negative (-1: unlimited), others not. What does not fit is an error, with errno
 * ERANGE (docker compose turns that into a negative number). `why` as above. */
int bytes_parse(const char *s, int64_t *ret, struct str *why);
void bytes_human_decimal(double n, int digits, struct str *out); /* 1.99MB */
void bytes_human_binary(double n, struct str *out);              /* 872KiB */

/* RFC 3339 with optional fraction, any offset, to Unix time. -1 on a bad text. */
int time_parse_rfc3339(const char *s, int64_t *ret_sec, int32_t *ret_nsec);
void time_format_rfc3339(int64_t sec, struct str *out); /* UTC, seconds */

/* The fewest digits that read back as the same number of `bits` (32 or 64), as Go writes them.
 * Styles: 'v' and 'y' (%v, strconv 'g' and YAML, which agree): e-notation when the exponent is < -4
 * or >= 6, with at least two exponent digits: 123456, 1e+06, 1e-05; inf and nan are +Inf -Inf NaN
 * for 'v' and .inf -.inf .nan for 'y'; 'j' (encoding/json): e-notation below 1e-6 and from 1e21 on:
 * 1000000, 1e-7, 1e+21; null for inf, nan. */
void float_format(double v, int bits, char style, struct str *out);

void go_quote(const char *s, struct str *out); /* strconv.Quote */
size_t utf8_width(const char *s);              /* display columns; wide runes count 2 */
size_t utf8_len(const char *s);                /* runes */
bool utf8_valid(const char *s, size_t len);
/* Decodes one rune; returns its length in bytes, or 0 at an invalid byte (rune is then U+FFFD). */
size_t utf8_decode(const char *s, size_t len, uint32_t *ret);
void utf8_encode(uint32_t rune, struct str *out);
bool rune_is_space(uint32_t rune); /* of any script, line ends included */

int compare_natural(const char *a, const char *b); /* order of YAML map keys: <0, 0, >0 */

#endif
