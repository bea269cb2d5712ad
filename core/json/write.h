/* core/json/write.h: writes JSON text as Go's encoding/json does, straight into a buffer.
 *
 * For output users and hashes see: `config --format json`, the config-hash, `ps --format json`.
 * HTML characters are escaped (\u003c). indent 0 is compact; otherwise that many spaces. */
#ifndef CORE_JSON_WRITE_H
#define CORE_JSON_WRITE_H

#include <stdbool.h>
#include <stdint.h>

struct str;

struct json_writer {
    struct str *out;
    int indent, depth;
    bool first; /* nothing written yet at this depth */
    bool after_key;
    bool no_html; /* leave < > & as they are */
};

void json_write_init(struct json_writer *w, struct str *out, int indent);
void json_write_open(struct json_writer *w, char bracket); /* '{' or '[' */
void json_write_close(struct json_writer *w,
                      char bracket); /* '}' or ']'; empty ones stay on a line */
void json_write_key(struct json_writer *w, const char *key);
void json_write_str(struct json_writer *w, const char *s); /* NULL writes null */
void json_write_i64(struct json_writer *w, int64_t v);
void json_write_u64(struct json_writer *w, uint64_t v);
void json_write_float(struct json_writer *w, double v, int bits);
void json_write_bool(struct json_writer *w, bool v);
void json_write_null(struct json_writer *w);
void json_write_quoted(const char *s, bool html, struct str *out); /* just the quoted text */

#endif
