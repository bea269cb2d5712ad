/* cmd/opts.c: GNU-like option parsing from a table, with docker compose's error texts. */
#include "cmd/command.h"

#include "core/base/arena.h"
#include "core/base/err.h"
#include "core/base/str.h"

#include <errno.h>
#include <string.h>

struct parse {
    struct arena *arena;
    const struct opt *opts;
    char *args;
    struct opts_common *common;
    struct err *err;
    int argc, at;
    char **argv;
};

/* Valid with every command; stored in struct opts_common. */
static const struct opt help_opt = {OPT_KIND_FLAG, 'h', "help", 0, NULL, NULL, NULL, true};
static const struct opt dry_run_opt = {OPT_KIND_FLAG, 0, "dry-run", 0, NULL, NULL, NULL, true};

static const struct opt *find_long(const struct opt *opts, const char *name, size_t len)
{
    static const struct opt *const persistent[] = {&help_opt, &dry_run_opt};

    for (size_t i = 0; i < ARRAY_LEN(persistent); i++)
        if (strlen(persistent[i]->name) == len && memcmp(name, persistent[i]->name, len) == 0)
            return persistent[i];
    for (const struct opt *o = opts; o->kind != OPT_KIND_END; o++)
        if (o->name && strlen(o->name) == len && memcmp(o->name, name, len) == 0)
            return o;
    return NULL;
}

static const struct opt *find_short(const struct opt *opts, char letter)
{
    for (const struct opt *o = opts; o->kind != OPT_KIND_END; o++)
        if (o->letter == letter)
            return o;
    return letter == 'h' ? &help_opt : NULL;
}

/* "-t, --timeout", as the texts name an option. */
static void opt_label(const struct opt *o, struct str *out)
{
    if (o->letter)
        str_addf(out, "-%c, ", o->letter);
    str_addf(out, "--%s", o->name);
}

static int bad_value(struct parse *p, const struct opt *o, const char *value, const char *parser)
{
    AUTO_TEXT label = {0};

    opt_label(o, &label);
    return err_set(p->err, ERR_USAGE, loc_none(),
                   "invalid argument \"%s\" for \"%s\" flag: strconv.%s: parsing \"%s\": %s", value,
                   str_text(&label), parser, value,
                   errno == ERANGE ? "value out of range" : "invalid syntax");
}

static int parse_bool(struct parse *p, const struct opt *o, const char *value, bool *ret)
{
    static const char *const yes[] = {"1", "t", "T", "TRUE", "true", "True"};
    static const char *const no[] = {"0", "f", "F", "FALSE", "false", "False"};

    for (size_t i = 0; i < ARRAY_LEN(yes); i++) {
        if (str_eq(value, yes[i])) {
            *ret = true;
            return 0;
        }
        if (str_eq(value, no[i])) {
            *ret = false;
            return 0;
        }
    }
    errno = 0;
    return bad_value(p, o, value, "ParseBool");
}

static int store_flag(struct parse *p, const struct opt *o, const char *value)
{
    bool on = true;

    if (value && parse_bool(p, o, value, &on) < 0)
        return -1;
    if (o == &help_opt)
        p->common->help = on;
    else if (o == &dry_run_opt)
        p->common->dry_run = on;
    else if (o->kind == OPT_KIND_TRI)
        *(struct opt_bool *)(void *)(p->args + o->offset) = (struct opt_bool){true, on};
    else if (o->kind == OPT_KIND_FLAG)
        *(bool *)(p->args + o->offset) = on;
    return 0;
}

static void store_item(struct parse *p, struct strings *list, const char *value)
{
    const char **items = arena_calloc(p->arena, list->len + 1, sizeof *items);

    if (list->len)
        memcpy(items, list->items, list->len * sizeof *items);
    items[list->len++] = value;
    list->items = items;
}

/* As strconv.ParseInt with base 0: the prefix tells the base. errno tells range. */
static int parse_int(const char *text, long long *ret)
{
    const char *digits = text + (text[0] == '-' || text[0] == '+');
    char *end;

    errno = 0;
    if (*digits < '0' || *digits > '9')
        return -1;
    *ret = strtoll(text, &end, 0);
    return *end || errno ? -1 : 0;
}

static int store_value(struct parse *p, const struct opt *o, const char *value)
{
    void *member = p->args + o->offset;
    long long number;

    switch (o->kind) {
    case OPT_KIND_STRING:
        *(const char **)member = value;
        return 0;
    case OPT_KIND_LIST:
        store_item(p, member, value);
        return 0;
    case OPT_KIND_INT:
        if (parse_int(value, &number) < 0)
            return bad_value(p, o, value, "ParseInt");
        *(struct opt_int *)member = (struct opt_int){true, number};
        return 0;
    default:
        return store_flag(p, o, value);
    }
}

static bool is_flag(const struct opt *o)
{
    return o->kind == OPT_KIND_FLAG || o->kind == OPT_KIND_TRI || o->kind == OPT_KIND_IGNORED;
}

static int unknown(struct parse *p, const char *label)
{
    p->common->unknown = arena_strdup(p->arena, label);
    return -1;
}

static int parse_long(struct parse *p, const char *word)
{
    const char *name = word + 2;
    const char *equals = strchr(name, '=');
    size_t len = equals ? (size_t)(equals - name) : strlen(name);
    const struct opt *o = find_long(p->opts, name, len);

    if (*name == '=' || *name == '-')
        return err_set(p->err, ERR_USAGE, loc_none(), "bad flag syntax: %s", word);
    if (!o) {
        err_set(p->err, ERR_USAGE, loc_none(), "unknown flag: --%.*s", (int)len, name);
        return unknown(p, arena_printf(p->arena, "--%.*s", (int)len, name));
    }
    if (equals)
        return store_value(p, o, equals + 1);
    if (is_flag(o))
        return store_flag(p, o, NULL);
    if (p->at >= p->argc)
        return err_set(p->err, ERR_USAGE, loc_none(), "flag needs an argument: %s", word);
    return store_value(p, o, p->argv[p->at++]);
}

static int parse_short(struct parse *p, const char *word)
{
    for (const char *c = word + 1; *c; c++) {
        const struct opt *o = find_short(p->opts, *c);

        if (!o) {
            err_set(p->err, ERR_USAGE, loc_none(), "unknown shorthand flag: '%c' in -%s", *c, c);
            return unknown(p, arena_printf(p->arena, "-%c", *c));
        }
        p->common->short_help = p->common->short_help || o == &help_opt;
        if (is_flag(o)) {
            if (c[1] == '=')
                return store_flag(p, o, c + 2);
            if (store_flag(p, o, NULL) < 0)
                return -1;
            continue;
        }
        if (c[1])
            return store_value(p, o, c[1] == '=' ? c + 2 : c + 1);
        if (p->at >= p->argc)
            return err_set(p->err, ERR_USAGE, loc_none(), "flag needs an argument: '%c' in -%s", *c,
                           c);
        return store_value(p, o, p->argv[p->at++]);
    }
    return 0;
}

int opts_parse(struct arena *a, const struct opt *opts, enum opts_mode mode, int argc, char **argv,
               int *at, void *args, struct strings *ret, struct opts_common *common,
               struct err *err)
{
    struct parse p = {a, opts, args, common, err, argc, *at, argv};
    bool only_words = false;
    int status = 0;

    *ret = (struct strings){0};
    while (status == 0 && p.at < argc) {
        const char *word = argv[p.at];

        if (!only_words && str_eq(word, "--")) {
            p.at++;
            only_words = true;
        } else if (!only_words && word[0] == '-' && word[1]) {
            p.at++;
            status = word[1] == '-' ? parse_long(&p, word) : parse_short(&p, word);
        } else if (mode == OPTS_ROOT) {
            break;
        } else {
            only_words = only_words || mode == OPTS_STOP;
            store_item(&p, ret, word);
            p.at++;
        }
    }
    *at = p.at;
    return status;
}

int opts_check_arity(const struct command *c, const struct strings *rest, struct err *err)
{
    size_t want = c->arity == ARGS_MIN_2 ? 2 : c->arity == ARGS_MIN_1 ? 1 : 0;

    if (c->arity == ARGS_NONE && rest->len)
        return err_set(err, ERR_USAGE, loc_none(),
                       "unknown command \"%s\" for \"docker compose %s\"", rest->items[0], c->name);
    if (rest->len < want)
        return err_set(err, ERR_USAGE, loc_none(),
                       "requires at least %zu arg(s), only received %zu", want, rest->len);
    return 0;
}
