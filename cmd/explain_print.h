/* cmd/explain_print.h: a value and its history, as text or JSON. */
#ifndef CMD_EXPLAIN_PRINT_H
#define CMD_EXPLAIN_PRINT_H

#include "core/json/write.h"

struct arena;
struct found;
struct str;

struct printer {
    struct arena *arena;
    struct str *out;
    bool json, show_secrets;
    bool begun; /* something was printed */
    struct json_writer writer;
};

void printer_init(struct printer *p, struct arena *a, struct str *out, bool json,
                  bool show_secrets);
void print_value(struct printer *p, const struct found *f);
void printer_end(struct printer *p);

#endif
