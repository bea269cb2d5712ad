#include "cmd/command.h"

#include "core/base/arena.h"
#include "core/base/err.h"
#include "core/base/str.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

struct args {
    bool detach, version;
    struct opt_bool menu;
    struct opt_int timeout;
    const char *pull;
    struct strings scale;
};

static const struct opt opts[] = {
    OPT_FLAG('d', "detach", struct args, detach, ""),
    OPT_FLAG('V', "version", struct args, version, ""),
    OPT_TRI(0, "menu", struct args, menu, ""),
    OPT_INT('t', "timeout", struct args, timeout, ""),
    OPT_STRING(0, "pull", struct args, pull, "string", ""),
    OPT_LIST('s', "scale", struct args, scale, "stringArray", ""),
    OPT_IGNORED(0, "parallel"),
    OPT_END,
};

static void add_list(const char *title, const struct strings *l, struct str *out)
{
    for (size_t i = 0; i < l->len; i++)
        str_addf(out, "%s%s", i ? "," : title, l->items[i]);
}

/* Words are split at blanks. What came out, as text; an error as its text. */
static void parse(const char *line, enum opts_mode mode, struct str *out)
{
    struct arena *a = arena_new();
    struct opts_common common = {0};
    struct args args = {0};
    struct strings rest;
    char *argv[16];
    int argc = 0, at = 0;
    AUTO_ERR err = {0};

    while (*line) {
        size_t len = strcspn(line, " ");

        argv[argc++] = arena_strndup(a, line, len);
        line += len + (line[len] == ' ');
    }
    if (opts_parse(a, opts, mode, argc, argv, &at, &args, &rest, &common, &err) < 0) {
        str_addf(out, "error: %s", err_text(&err));
        if (common.unknown)
            str_addf(out, " unknown=%s", common.unknown);
        arena_free(a);
        return;
    }
    str_add(out, args.detach ? "d " : "");
    str_add(out, args.version ? "V " : "");
    str_add(out, common.help ? common.short_help ? "-h " : "help " : "");
    str_add(out, common.dry_run ? "dry-run " : "");
    if (args.menu.set)
        str_addf(out, "menu=%d ", args.menu.value);
    if (args.timeout.set)
        str_addf(out, "t=%lld ", (long long)args.timeout.value);
    if (args.pull)
        str_addf(out, "pull=%s ", args.pull);
    add_list("s=", &args.scale, out);
    add_list(" rest=", &rest, out);
    if (at < argc)
        str_addf(out, " at=%s", argv[at]);
    arena_free(a);
}

static const struct {
    const char *line;
    enum opts_mode mode;
    const char *want;
} cases[] = {
    {"-d web db", OPTS_MIXED, "d  rest=web,db"},
    {"web -d", OPTS_MIXED, "d  rest=web"},
    {"-dV -t5", OPTS_MIXED, "d V t=5 "},
    {"-dt=5 --timeout=6", OPTS_MIXED, "d t=6 "},
    {"-t -1 --pull always", OPTS_MIXED, "t=-1 pull=always "},
    {"-t 0x10", OPTS_MIXED, "t=16 "},
    {"--pull=", OPTS_MIXED, "pull= "},
    {"-s a=1 --scale b=2,c=3 -sd", OPTS_MIXED, "s=a=1,b=2,c=3,d"},
    {"-d=false --menu=0 --parallel", OPTS_MIXED, "menu=0 "},
    {"--menu", OPTS_MIXED, "menu=1 "},
    {"-- -d", OPTS_MIXED, " rest=-d"},
    {"-", OPTS_MIXED, " rest=-"},
    {"--dry-run --help", OPTS_MIXED, "help dry-run "},
    {"-h", OPTS_MIXED, "-h "},
    {"-d web -- -t ls", OPTS_STOP, "d  rest=web,--,-t,ls"},
    {"-- web -d", OPTS_STOP, " rest=web,-d"},
    {"-d up -t 5", OPTS_ROOT, "d  at=up"},
    {"--help up", OPTS_ROOT, "help  at=up"},
    {"--bogus", OPTS_MIXED, "error: unknown flag: --bogus unknown=--bogus"},
    {"--bogus=1", OPTS_MIXED, "error: unknown flag: --bogus unknown=--bogus"},
    {"--tim 1", OPTS_MIXED, "error: unknown flag: --tim unknown=--tim"},
    {"--=x", OPTS_MIXED, "error: bad flag syntax: --=x"},
    {"-dZ", OPTS_MIXED, "error: unknown shorthand flag: 'Z' in -Z unknown=-Z"},
    {"--pull", OPTS_MIXED, "error: flag needs an argument: --pull"},
    {"-dt", OPTS_MIXED, "error: flag needs an argument: 't' in -t"},
    {"-t x", OPTS_MIXED,
     "error: invalid argument \"x\" for \"-t, --timeout\" flag: strconv.ParseInt: parsing \"x\": "
     "invalid syntax"},
    {"-t 99999999999999999999", OPTS_MIXED,
     "error: invalid argument \"99999999999999999999\" for \"-t, --timeout\" flag: "
     "strconv.ParseInt: parsing "
     "\"99999999999999999999\": value out of range"},
    {"--menu=foo", OPTS_MIXED,
     "error: invalid argument \"foo\" for \"--menu\" flag: strconv.ParseBool: parsing \"foo\": "
     "invalid syntax"},
};

static void test_cases(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        AUTO_TEXT got = {0};

        parse(cases[i].line, cases[i].mode, &got);
        assert_string_equal(str_text(&got), cases[i].want);
    }
}

static void test_arity(void **state)
{
    const char *words[] = {"a", "b"};
    const struct {
        enum arity arity;
        size_t len;
        const char *want;
    } counts[] = {
        {ARGS_ANY, 2, ""},
        {ARGS_NONE, 0, ""},
        {ARGS_NONE, 1, "unknown command \"a\" for \"docker compose x\""},
        {ARGS_MIN_1, 0, "requires at least 1 arg(s), only received 0"},
        {ARGS_MIN_2, 1, "requires at least 2 arg(s), only received 1"},
        {ARGS_MIN_2, 2, ""},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(counts); i++) {
        const struct command c = {.name = "x", .arity = counts[i].arity};
        const struct strings rest = {words, counts[i].len};
        AUTO_ERR err = {0};

        assert_int_equal(opts_check_arity(&c, &rest, &err), *counts[i].want ? -1 : 0);
        assert_string_equal(err.msg ? err.msg : "", counts[i].want);
    }
}

/* Words that mean the same, and only what was given. */
static void test_words(void **state)
{
    static const struct {
        const char *in[8];
        const char *want;
    } words_cases[] = {
        {{NULL}, ""},
        {{"-f", "-n", "-3", "b"}, "--flag --number=-3 -- b "},
        {{"--list=a", "--list", "", "--text", "x y", "--tri=false"},
         "--list=a --list= --text=x y --tri=false "},
        {{"--", "-x", "y"}, "-- -x y "},
    };
    struct words_args {
        bool flag;
        struct opt_bool tri;
        const char *text;
        struct opt_int number;
        struct strings list;
    };
    static const struct opt some[] = {
        OPT_FLAG('f', "flag", struct words_args, flag, "x"),
        OPT_LIST('l', "list", struct words_args, list, "list", "x"),
        OPT_INT('n', "number", struct words_args, number, "x"),
        OPT_STRING('t', "text", struct words_args, text, "string", "x"),
        OPT_TRI(0, "tri", struct words_args, tri, "x"),
        OPT_END,
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(words_cases); i++) {
        struct arena *a = arena_new();
        struct words_args args = {0};
        struct strings rest = {0}, made;
        struct opts_common common = {0};
        AUTO_ERR err = {0};
        AUTO_TEXT text = {0};
        int count = 0, at = 0;

        while (words_cases[i].in[count])
            count++;
        assert_int_equal(opts_parse(a, some, OPTS_MIXED, count, (char **)words_cases[i].in, &at,
                                    &args, &rest, &common, &err),
                         0);
        made = opts_words(a, some, &args, &rest);
        for (size_t j = 0; j < made.len; j++)
            str_addf(&text, "%s ", made.items[j]);
        assert_string_equal(str_text(&text), words_cases[i].want);
        arena_free(a);
    }
}

/* Of every command: no letter and no name twice, every option with a text. */
static void test_tables(void **state)
{
    (void)state;
    for (const struct command *const *c = commands; *c; c++) {
        if (c[1])
            assert_true(strcmp(c[0]->name, c[1]->name) < 0);
        assert_ptr_equal(command_find((*c)->name), *c);
        for (const struct opt *o = (*c)->opts; o->kind != OPT_KIND_END; o++) {
            if (!o->hidden)
                assert_true(o->help && *o->help);
            for (const struct opt *p = o + 1; p->kind != OPT_KIND_END; p++) {
                assert_string_not_equal(o->name, p->name);
                assert_true(!o->letter || o->letter != p->letter);
            }
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cases),
        cmocka_unit_test(test_arity),
        cmocka_unit_test(test_words),
        cmocka_unit_test(test_tables),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
