#include "core/schema/decode.h"

#include "core/base/diags.h"
#include "core/base/str.h"
#include "core/base/text.h"
#include "core/model/model.h"
#include "core/schema/passes.h"
#include "core/schema/report.h"
#include "core/yaml/node.h"

#include <errno.h>
#include <math.h>
#include <string.h>
#include <strings.h>

/* What a value should have been. */
struct expected {
    const char *name, *hint;
};

static const struct expected a_boolean = {"boolean", "write true or false"};
static const struct expected an_integer = {"integer",
                                           "a whole number in decimal digits belongs here"};
static const struct expected a_number = {"number", "a number such as 2 or 0.5 belongs here"};
static const struct expected a_size = {"size", "a number of bytes, or one with a unit such as 64m"};
static const struct expected a_duration = {"duration",
                                           "numbers with units, such as 500ms, 30s or 1m30s"};
static const struct expected a_mode = {"file mode", "octal digits, such as 0440"};

/* `fmt` are docker compose's words. */
static int bad(const struct place *p, const struct node *n, struct expected e, const char *fmt, ...)
    PRINTF_LIKE(4, 5);

static int bad(const struct place *p, const struct node *n, struct expected e, const char *fmt, ...)
{
    AUTO_TEXT docker = {0};
    AUTO_TEXT shown = {0};
    struct diag *g;
    va_list ap;

    g = schema_error(p->cx, p->at, n, "invalid %s '%s'", e.name, node_shown(p->at, n, &shown));
    diag_hint(g, "%s", e.hint);
    va_start(ap, fmt);
    str_addvf(&docker, fmt, ap);
    va_end(ap);
    if (!is_secret_value(p->at, n))
        diag_compat(g, "%s", str_text(&docker));
    return -1;
}

static int out_of_range(const struct place *p, const struct node *n, const char *why)
{
    AUTO_TEXT shown = {0};

    schema_error(p->cx, p->at, n, "number out of range: '%s'%s%s", node_shown(p->at, n, &shown),
                 *why ? " " : "", why);
    return -1;
}

/* The name docker compose has for what it got. */
static const char *go_type(const struct node *n)
{
    switch (n->kind) {
    case NODE_BOOL:
        return "bool";
    case NODE_INT:
        return "int";
    case NODE_UINT:
        return "uint64";
    case NODE_FLOAT:
        return "float64";
    case NODE_STRING:
        return "string";
    case NODE_TIME:
        return "time.Time";
    case NODE_LIST:
        return "[]interface {}";
    case NODE_MAP:
        return "map[string]interface {}";
    case NODE_NULL:
        break;
    }
    return "nil";
}

/* A type of Go in the words of the schema. */
static const char *plain_type(const char *go)
{
    if (go[0] == '[')
        return "list";
    if (str_has_prefix(go, "map"))
        return "mapping";
    if (strcmp(go, "string") == 0)
        return go;
    return strcmp(go, "bool") == 0 ? "boolean" : "number";
}

int decode_unexpected(const struct place *p, const struct node *n, const char *want)
{
    AUTO_TEXT got = {0};

    if (diags_is_doubtful(p->cx->diags))
        return -1; /* said by validation, or of a short form that could not be expanded */
    describe_node(p->at, n, &got);
    diag_compat(
        schema_error(p->cx, p->at, n, "must be a %s, not %s", plain_type(want), str_text(&got)),
        "expected type '%s', got unconvertible type '%s'", want, go_type(n));
    return -1;
}

/* ---- scalars ---- */

int decode_string(const struct place *p, const struct node *n, void *ret)
{
    if (n->kind != NODE_STRING)
        return decode_unexpected(p, n, "string");
    *(const char **)ret = n->string.text;
    return 0;
}

static bool parse_bool(const char *s, bool *ret)
{
    static const char *const yes[] = {"true", "y", "yes", "on"};
    static const char *const no[] = {"false", "n", "no", "off"};

    for (size_t i = 0; i < ARRAY_LEN(yes); i++) {
        if (strcasecmp(s, yes[i]) == 0 || strcasecmp(s, no[i]) == 0) {
            *ret = strcasecmp(s, yes[i]) == 0;
            return true;
        }
    }
    return false;
}

int decode_bool(const struct place *p, const struct node *n, void *ret)
{
    bool *value = ret;

    if (n->kind == NODE_BOOL)
        *value = n->boolean;
    else if (n->kind != NODE_STRING)
        return decode_unexpected(p, n, "bool");
    else if (!parse_bool(n->string.text, value))
        return bad(p, n, a_boolean, "invalid boolean: %s", n->string.text);
    return 0;
}

int decode_opt_bool(const struct place *p, const struct node *n, void *ret)
{
    struct opt_bool *opt = ret;

    opt->set = true;
    return decode_bool(p, n, &opt->value);
}

static int int_of_text(const struct place *p, const struct node *n, int64_t *ret)
{
    long long v;

    errno = 0;
    if (str_to_i64(n->string.text, &v) < 0 && errno == ERANGE)
        return out_of_range(p, n, "has too many digits");
    if (str_to_i64(n->string.text, &v) < 0)
        return bad(p, n, an_integer, "strconv.ParseInt: parsing \"%s\": invalid syntax",
                   n->string.text);
    *ret = v;
    return 0;
}

/* A float loses its fraction, as in docker compose. */
static int int_of_real(const struct place *p, const struct node *n, int64_t *ret)
{
    if (!(n->real > -9.2e18 && n->real < 9.2e18))
        return out_of_range(p, n, "");
    *ret = (int64_t)n->real;
    return 0;
}

/* Docker compose's unsigned type for the row: the widest unless the row says otherwise. */
static const char *unsigned_type(const struct attr *row)
{
    if (strcmp(row->name, "weight") == 0)
        return "uint16";
    return row->max == UINT32_MAX || strcmp(row->name, "mode") == 0 ? "uint32" : "uint64";
}

static int decode_unsigned(const struct place *p, const struct node *n, int64_t *ret)
{
    const char *type = unsigned_type(p->row);

    if (n->kind == NODE_STRING)
        return decode_unexpected(p, n, type);
    if (*ret < 0)
        return out_of_range(p, n, "is negative");
    if ((strcmp(type, "uint16") == 0 && *ret > UINT16_MAX) ||
        (strcmp(type, "uint32") == 0 && *ret > UINT32_MAX))
        return out_of_range(p, n, "is too large");
    return 0;
}

int decode_int(const struct place *p, const struct node *n, void *ret)
{
    int64_t *value = ret;
    int rc = 0;

    switch (n->kind) {
    case NODE_INT:
        *value = n->integer;
        break;
    case NODE_FLOAT:
        rc = int_of_real(p, n, value);
        break;
    case NODE_STRING:
        if (!(p->row->flags & ATTR_UNSIGNED))
            rc = int_of_text(p, n, value);
        break;
    case NODE_UINT:
        return out_of_range(p, n, "");
    default:
        return decode_unexpected(p, n, "int");
    }
    if (rc == 0 && (p->row->flags & ATTR_UNSIGNED))
        rc = decode_unsigned(p, n, value);
    return rc;
}

int decode_opt_int(const struct place *p, const struct node *n, void *ret)
{
    struct opt_int *opt = ret;

    opt->set = true;
    return decode_int(p, n, &opt->value);
}

int decode_float(const struct place *p, const struct node *n, void *ret)
{
    double *value = ret;

    switch (n->kind) {
    case NODE_INT:
        *value = (double)n->integer;
        break;
    case NODE_UINT:
        *value = (double)n->uinteger;
        break;
    case NODE_FLOAT:
        *value = n->real;
        break;
    case NODE_STRING:
        errno = 0;
        if (str_to_double(n->string.text, value) < 0)
            return bad(p, n, a_number, "strconv.ParseFloat: parsing \"%s\": %s", n->string.text,
                       errno == ERANGE ? "value out of range" : "invalid syntax");
        break;
    default:
        return decode_unexpected(p, n, "float32");
    }
    if (!isfinite(*value))
        return bad(p, n, a_number, "invalid number");
    *value = (double)(float)*value; /* as docker compose keeps it */
    return 0;
}

int decode_bytes(const struct place *p, const struct node *n, void *ret)
{
    AUTO_TEXT why = {0};
    int64_t *value = ret;

    if (n->kind == NODE_INT) {
        *value = n->integer;
        return 0;
    }
    if (n->kind == NODE_FLOAT)
        return int_of_real(p, n, value);
    if (n->kind != NODE_STRING)
        return decode_unexpected(p, n, "int64");
    if (bytes_parse(n->string.text, value, &why) == 0)
        return 0;
    if (errno == ERANGE)
        return out_of_range(p, n, "does not fit into 64 bits");
    return bad(p, n, a_size, "%s", str_text(&why));
}

int decode_duration(const struct place *p, const struct node *n, void *ret)
{
    AUTO_TEXT why = {0};

    if (n->kind != NODE_STRING)
        return decode_unexpected(p, n, "string");
    if (duration_parse(n->string.text, ret, &why) < 0)
        return bad(p, n, a_duration, "%s", str_text(&why));
    return 0;
}

int decode_opt_duration(const struct place *p, const struct node *n, void *ret)
{
    struct opt_int *opt = ret;

    opt->set = true;
    return decode_duration(p, n, &opt->value);
}

/* A number is the mode itself (YAML has read 0440 as octal); text holds octal digits. */
int decode_mode(const struct place *p, const struct node *n, void *ret)
{
    struct opt_int *mode = ret;
    const char *s;

    mode->set = true;
    if (n->kind == NODE_INT) {
        mode->value = n->integer;
        return 0;
    }
    if (n->kind != NODE_STRING)
        return bad(p, n, a_mode, "unexpected value type %s for mode", go_type(n));
    s = n->string.text;
    if (s[0] == '\0' || strspn(s, "01234567") != strlen(s) || strlen(s) > 21)
        return bad(p, n, a_mode, "strconv.ParseInt: parsing \"%s\": invalid syntax", s);
    mode->value = 0;
    for (; *s; s++)
        mode->value = mode->value * 8 + (*s - '0');
    return 0;
}

int decode_limit(const struct place *p, const struct node *n, int64_t *ret)
{
    if (n->kind == NODE_FLOAT)
        return bad(p, n, an_integer, "invalid type %s for external", go_type(n));
    return decode_int(p, n, ret);
}
