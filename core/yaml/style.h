/* core/yaml/style.h: how the emitter writes one string: plain, quoted or as a block. Follows
 * go-yaml's emitter. */
#ifndef CORE_YAML_STYLE_H
#define CORE_YAML_STYLE_H

#include <stdbool.h>
#include <stddef.h>

struct str;

enum style { STYLE_PLAIN, STYLE_SINGLE, STYLE_DOUBLE, STYLE_LITERAL };

/* A word of ASCII letters, digits and a few marks that stays as it is wherever it stands: most of
 * what is written. */
bool style_is_word(const char *s, size_t len);
/* `simple_key`: the string is the key of a "key: value" line. The text is valid UTF-8.
 * `known_string`: a tag says what it is, so it may look like a number. */
enum style style_choose(const char *s, size_t len, bool simple_key, bool known_string);
/* Writes it; lines after the first begin with `indent` blanks. True when it ended a line. */
bool style_write(enum style style, const char *s, size_t len, unsigned indent, struct str *out);
#endif
