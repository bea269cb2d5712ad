#include "core/json/json.h"

#include "core/base/err.h"
#include "core/base/mem.h"
#include "core/base/str.h"

#include <cjson/cJSON.h>

#include <assert.h>
#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* struct json is never defined: it is a cJSON by another name. */
static cJSON *raw(const struct json *j)
{
    return (cJSON *)(uintptr_t)j;
}

static struct json *wrap(cJSON *c)
{
    return (struct json *)c;
}

static void *hook_alloc(size_t size)
{
    return mem_alloc(size);
}

static void hook_free(void *p)
{
    free(p);
}

/* Everything that makes a value comes by here. */
static void setup(void)
{
    static bool ready;
    cJSON_Hooks hooks = {.malloc_fn = hook_alloc, .free_fn = hook_free};

    if (!ready)
        cJSON_InitHooks(&hooks);
    ready = true;
}

/* ---- parsing ---- */

enum {
    DEPTH_MAX = 512,  /* of nested values; cJSON recurses */
    SAFE_DIGITS = 15, /* a number of so many is exact in a double */
};

static int bad_json(struct err *err, const char *text, size_t at, const char *what)
{
    unsigned line = 1, col = 1;

    for (size_t i = 0; i < at; i++) {
        col++;
        if (text[i] == '\n') {
            line++;
            col = 1;
        }
    }
    return err_set(err, ERR_INVALID, loc_none(), "invalid JSON: line %u column %u: %s", line, col,
                   what);
}

static bool is_number_char(char c)
{
    return (c >= '0' && c <= '9') || c == '-' || c == '+' || c == '.' || c == 'e' || c == 'E';
}

/* A token that starts at text[*at], in valid JSON: a string, a number or a single character. */
struct token {
    const char *text;
    size_t len;
    bool is_number;
};

static struct token next_token(const char *text, size_t len, size_t *at)
{
    struct token t = {.text = text + *at};
    size_t i = *at;

    if (text[i] == '"') {
        for (i++; i < len && text[i] != '"'; i++)
            i += text[i] == '\\';
        i++;
    } else if (text[i] == '-' || (text[i] >= '0' && text[i] <= '9')) {
        t.is_number = true;
        while (i < len && is_number_char(text[i]))
            i++;
    } else {
        i++;
    }
    *at = i < len ? i : len;
    t.len = (size_t)(text + *at - t.text);
    return t;
}

/* Integers a double would round. */
static bool is_long_integer(const struct token *t)
{
    return t->is_number && t->len > SAFE_DIGITS && !memchr(t->text, '.', t->len) &&
           !memchr(t->text, 'e', t->len) && !memchr(t->text, 'E', t->len);
}

/* cJSON recurses, and knows no integers: look at both before it does. */
static int check_depth(const char *text, size_t len, bool *ret_has_long, struct err *err)
{
    unsigned depth = 0;

    *ret_has_long = false;
    for (size_t at = 0; at < len;) {
        size_t start = at;
        struct token t = next_token(text, len, &at);

        *ret_has_long = *ret_has_long || is_long_integer(&t);
        if (*t.text == '{' || *t.text == '[')
            depth++;
        if ((*t.text == '}' || *t.text == ']') && depth)
            depth--;
        if (depth > DEPTH_MAX)
            return bad_json(err, text, start, "nested too deeply");
    }
    return 0;
}

/* Walks the text and the tree side by side: the nth number of the one is the nth of the other. Long
 * integers become raw text, which prints as it is and which json_get_i64 reads. */
static void keep_digits(cJSON *c, const char *text, size_t len, size_t *at)
{
    for (; c; c = c->next) {
        struct token t = {0};

        if (cJSON_IsNumber(c)) {
            while (!t.is_number && *at < len)
                t = next_token(text, len, at);
            if (is_long_integer(&t)) {
                c->type = cJSON_Raw | (c->type & ~0xff);
                c->valuestring = mem_strndup(t.text, t.len);
            }
        } else if (c->child) {
            keep_digits(c->child, text, len, at);
        }
    }
}

struct json *json_parse(const char *text, size_t len, struct err *err)
{
    const char *end = NULL;
    bool has_long;
    size_t at = 0;
    cJSON *c;

    setup();
    if (check_depth(text, len, &has_long, err) < 0)
        return NULL;
    c = cJSON_ParseWithLengthOpts(text, len, &end, false);
    if (!c) {
        bad_json(err, text, end ? (size_t)(end - text) : 0,
                 len ? "unexpected text" : "nothing there");
        return NULL;
    }
    at = (size_t)(end - text);
    while (at < len &&
           (text[at] == ' ' || text[at] == '\t' || text[at] == '\r' || text[at] == '\n'))
        at++;
    if (at < len) {
        cJSON_Delete(c);
        bad_json(err, text, at, "text after the value");
        return NULL;
    }
    at = 0;
    if (has_long)
        keep_digits(c, text, len, &at);
    return wrap(c);
}

void json_free(struct json *j)
{
    cJSON_Delete(raw(j));
}

/* ---- building ---- */

struct json *json_object(void)
{
    setup();
    return wrap(cJSON_CreateObject());
}

struct json *json_array(void)
{
    setup();
    return wrap(cJSON_CreateArray());
}

struct json *json_string(const char *s)
{
    setup();
    return wrap(s ? cJSON_CreateString(s) : cJSON_CreateNull());
}

struct json *json_i64(int64_t v)
{
    char text[24]; /* 20 characters at most */

    snprintf(text, sizeof text, "%" PRId64, v);
    return json_raw(text);
}

struct json *json_bool(bool v)
{
    setup();
    return wrap(cJSON_CreateBool(v));
}

struct json *json_null(void)
{
    setup();
    return wrap(cJSON_CreateNull());
}

struct json *json_raw(const char *text)
{
    setup();
    return wrap(cJSON_CreateRaw(text));
}

/* Finds the object that `path`'s last key is a member of, making objects on the way; *ret_key is
 * that key. */
static struct json *make_way(struct json *obj, const char *path, const char **ret_key)
{
    const char *dot;

    for (; (dot = strchr(path, '.')); path = dot + 1) {
        AUTO_STR key = mem_strndup(path, (size_t)(dot - path));
        cJSON *child = cJSON_GetObjectItemCaseSensitive(raw(obj), key);

        obj = cJSON_IsObject(child) ? wrap(child) : json_put(obj, key, json_object());
    }
    *ret_key = path;
    return obj;
}

void json_set(struct json *obj, const char *path, struct json *value)
{
    const char *key;

    obj = make_way(obj, path, &key);
    json_put(obj, key, value);
}

void json_set_str(struct json *obj, const char *path, const char *s)
{
    if (!str_empty(s))
        json_set(obj, path, json_string(s));
}

void json_set_i64(struct json *obj, const char *path, int64_t v)
{
    json_set(obj, path, json_i64(v));
}

void json_set_bool(struct json *obj, const char *path, bool v)
{
    json_set(obj, path, json_bool(v));
}

struct json *json_put(struct json *obj, const char *key, struct json *value)
{
    assert(json_is_object(obj) && value);
    if (cJSON_GetObjectItemCaseSensitive(raw(obj), key))
        cJSON_ReplaceItemInObjectCaseSensitive(raw(obj), key, raw(value));
    else
        cJSON_AddItemToObject(raw(obj), key, raw(value));
    return value;
}

struct json *json_add(struct json *arr, struct json *value)
{
    assert(json_is_array(arr) && value);
    cJSON_AddItemToArray(raw(arr), raw(value));
    return value;
}

struct json *json_need_object(struct json *obj, const char *path)
{
    const char *key;
    cJSON *there;

    obj = make_way(obj, path, &key);
    there = cJSON_GetObjectItemCaseSensitive(raw(obj), key);
    return cJSON_IsObject(there) ? wrap(there) : json_put(obj, key, json_object());
}

struct json *json_need_array(struct json *obj, const char *path)
{
    const char *key;
    cJSON *there;

    obj = make_way(obj, path, &key);
    there = cJSON_GetObjectItemCaseSensitive(raw(obj), key);
    return cJSON_IsArray(there) ? wrap(there) : json_put(obj, key, json_array());
}

/* ---- reading ---- */

static const struct json *key_n(const struct json *j, const char *key, size_t len)
{
    if (!cJSON_IsObject(raw(j)))
        return NULL;
    for (const cJSON *c = raw(j)->child; c; c = c->next) {
        if (strncmp(c->string, key, len) == 0 && !c->string[len])
            return (const struct json *)c;
    }
    return NULL;
}

const struct json *json_key(const struct json *j, const char *key)
{
    return key_n(j, key, strlen(key));
}

const struct json *json_get(const struct json *j, const char *path)
{
    const char *dot;

    for (; j && (dot = strchr(path, '.')); path = dot + 1)
        j = key_n(j, path, (size_t)(dot - path));
    return j ? json_key(j, path) : NULL;
}

const char *json_get_str(const struct json *j, const char *path, const char *def)
{
    return json_text(json_get(j, path), def);
}

int64_t json_get_i64(const struct json *j, const char *path, int64_t def)
{
    const cJSON *c = raw(json_get(j, path));
    long long v;

    if (cJSON_IsRaw(c))
        return str_to_i64(c->valuestring, &v) == 0 ? v : def;
    if (!cJSON_IsNumber(c) || !(c->valuedouble >= -0x1p63 && c->valuedouble < 0x1p63))
        return def;
    return (int64_t)c->valuedouble;
}

double json_get_double(const struct json *j, const char *path, double def)
{
    const cJSON *c = raw(json_get(j, path));
    double v;

    if (cJSON_IsRaw(c))
        return str_to_double(c->valuestring, &v) == 0 ? v : def;
    return cJSON_IsNumber(c) ? c->valuedouble : def;
}

bool json_get_bool(const struct json *j, const char *path, bool def)
{
    const cJSON *c = raw(json_get(j, path));

    return cJSON_IsBool(c) ? cJSON_IsTrue(c) : def;
}

const char *json_text(const struct json *j, const char *def)
{
    return cJSON_IsString(raw(j)) ? raw(j)->valuestring : def;
}

bool json_is_object(const struct json *j)
{
    return cJSON_IsObject(raw(j));
}

bool json_is_array(const struct json *j)
{
    return cJSON_IsArray(raw(j));
}

bool json_is_null(const struct json *j)
{
    return !j || cJSON_IsNull(raw(j));
}

size_t json_len(const struct json *j)
{
    size_t count = 0;

    for (const struct json *c = json_first(j); c; c = json_next(c))
        count++;
    return count;
}

const struct json *json_first(const struct json *j)
{
    return json_is_object(j) || json_is_array(j) ? wrap(raw(j)->child) : NULL;
}

const struct json *json_next(const struct json *j)
{
    return j ? wrap(raw(j)->next) : NULL;
}

const char *json_name(const struct json *j)
{
    return j ? raw(j)->string : NULL;
}

void json_print(const struct json *j, struct str *out)
{
    char *text = j ? cJSON_PrintUnformatted(raw(j)) : NULL;

    str_add(out, text ? text : "null");
    cJSON_free(text);
}
