/* core/yaml/resolve.h: what a plain scalar means. Shared by the parser and the
 * emitter, which quotes a string that would otherwise be read as something else. */
#ifndef CORE_YAML_RESOLVE_H
#define CORE_YAML_RESOLVE_H

#include "core/yaml/node.h"

struct scalar {
    enum node_kind kind; /* of a scalar; NODE_STRING: it means itself */
    union {
        bool boolean;
        int64_t integer;
        uint64_t uinteger;
        double real;
    };
};

/* A moment as written in an unquoted timestamp; the offset is that of its time zone. */
struct timestamp {
    int year, month, day, hour, minute, second;
    long nanosecond;
    int offset; /* minutes east of UTC */
};

struct scalar scalar_resolve(const char *text, size_t len);
/* Under the tags !!int, !!float, !!bool a date is not looked for. */
struct scalar scalar_resolve_tagged(const char *text, size_t len);
bool timestamp_parse(const char *text, size_t len, struct timestamp *ret);
void timestamp_format(const struct timestamp *t,
                      struct str *out); /* RFC 3339, as go-yaml writes it */

#endif
