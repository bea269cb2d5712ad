/* core/json/json.h: JSON values, the only user of cJSON.
 *
 * Building bodies for the engine: dotted keys make the objects on the way; unset means absent.
 *     struct json *body = json_object();
 *     json_set_i64(body, "HostConfig.CpuPeriod", n);
 * Reading answers: every getter takes NULL and any type and gives a harmless default, because an
 * engine may answer anything. Keys are compared case-sensitively. 64-bit integers keep all digits.
 * Texts nested deeper than 512 values are an error. */
#ifndef CORE_JSON_JSON_H
#define CORE_JSON_JSON_H

#include "core/base/attr.h" /* CLEANUP */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct err;
struct json; /* a cJSON value */
struct str;

struct json *json_parse(const char *text, size_t len, struct err *err); /* NULL on error */
void json_free(struct json *j);                                         /* takes NULL */
static inline void json_free_ptr(struct json **j)
{
    json_free(*j);
}
#define AUTO_JSON CLEANUP(json_free_ptr) struct json *

/* Building. A value set or added is owned by its parent; setting an existing key replaces it. Path
 * is dotted; a key that itself contains dots is set with json_put on its object. */
struct json *json_object(void);
struct json *json_array(void);
struct json *json_string(const char *s); /* NULL gives null */
struct json *json_i64(int64_t v);
struct json *json_bool(bool v);
struct json *json_null(void);
struct json *json_raw(const char *text);                               /* printed as it is */
void json_set(struct json *obj, const char *path, struct json *value); /* takes value */
void json_set_str(struct json *obj, const char *path, const char *s);  /* NULL or "": absent */
void json_set_i64(struct json *obj, const char *path, int64_t v);
void json_set_bool(struct json *obj, const char *path, bool v);
struct json *json_put(struct json *obj, const char *key,
                      struct json *value);                   /* one key, no dots; returns value */
struct json *json_add(struct json *arr, struct json *value); /* returns value */
struct json *json_need_object(struct json *obj,
                              const char *path); /* the object at path, made if absent */
struct json *json_need_array(struct json *obj, const char *path);

/* Reading. Dotted paths too. */
const struct json *json_get(const struct json *j, const char *path); /* NULL when absent */
const struct json *json_key(const struct json *j, const char *key);  /* one key, no dots */
const char *json_get_str(const struct json *j, const char *path, const char *def);
int64_t json_get_i64(const struct json *j, const char *path, int64_t def);
double json_get_double(const struct json *j, const char *path, double def);
bool json_get_bool(const struct json *j, const char *path, bool def);
const char *json_text(const struct json *j, const char *def); /* the value itself, when a string */
bool json_is_object(const struct json *j);
bool json_is_array(const struct json *j);
bool json_is_null(const struct json *j); /* also NULL pointer */
size_t json_len(const struct json *j);
/* Children of an array or object in order: for (c = json_first(j); c; c = json_next(c)). */
const struct json *json_first(const struct json *j);
const struct json *json_next(const struct json *j);
const char *json_name(const struct json *j); /* the key of a child of an object */

void json_print(const struct json *j, struct str *out); /* compact */

#endif
