#include "core/load/interpolate.h"

#include "core/base/arena.h"
#include "core/base/attr.h"
#include "core/base/diags.h"
#include "core/base/str.h"
#include "core/load/env.h"
#include "core/yaml/node.h"
#include "tests/lib/tree.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/* SET=v EMPTY= A=a B=b D=${A} DB_PASSWORD=hunter2 */
static struct env *variables(struct arena *a)
{
    static const char *const set[][2] = {{"SET", "v"}, {"EMPTY", ""}, {"A", "a"},
                                         {"B", "b"},   {"D", "${A}"}, {"DB_PASSWORD", "hunter2"}};
    struct env *e = env_new(a);

    for (size_t i = 0; i < ARRAY_LEN(set); i++)
        env_set(e, set[i][0], set[i][1], loc_none());
    return e;
}

#define UNSET_AT(col)                                                                              \
    "a.yaml:1:" #col                                                                               \
    ": warning: k: The \"UNSET\" variable is not set. Defaulting to a blank string.\n"

/* the value, and the messages of the text "k: <value>" when there are any. */
static const struct {
    const char *in, *want, *messages;
} cases[] = {
    {"x", "x", ""},
    {"$SET", "v", ""},
    {"${SET}", "v", ""},
    {"$$SET", "$SET", ""},
    {"$$$SET", "$v", ""},
    {"$$$$SET", "$$SET", ""},
    {"$SET.x", "v.x", ""},
    {"$SET-x", "v-x", ""},
    {"a$", "a$", ""},
    {"a $ b", "a $ b", ""},
    {"$1 $( $} $é $-", "$1 $( $} $é $-", ""},
    {"${D}", "${A}", ""},
    {"$UNSET", "", UNSET_AT(4)},
    {"x${UNSET}$UNSET", "x", UNSET_AT(5) UNSET_AT(13)},
    {"é $UNSET", "é ", UNSET_AT(6)},

    {"${SET:-x}${SET-x}", "vv", ""},
    {"${EMPTY:-x}", "x", ""},
    {"${EMPTY-x}", "", ""},
    {"${UNSET:-x}${UNSET-y}", "xy", ""},
    {"${UNSET:-}${UNSET-}", "", ""},
    {"${SET:+x}${SET+y}", "xy", ""},
    {"${EMPTY:+x}", "", ""},
    {"${EMPTY+y}", "y", ""},
    {"${UNSET:+x}${UNSET+y}", "", ""},
    {"${SET:?m}${SET?m}${EMPTY?m}", "vv", ""},
    {"${UNSET-a:-b}", "a:-b", ""},
    {"${UNSET:-a?b}", "a?b", ""},
    {"${UNSET:-pre ${A} post}", "pre a post", ""},
    {"${UNSET:-x${A}y${B}z} and ${B}", "xaybz and b", ""},
    {"${UNSET:-$$A}", "$A", ""},
    {"${UNSET:-${UNSET2:-${A}}}", "a", ""},
    {"${UNSET:-a}b}", "ab}", ""},
    {"${UNSET:-{a}}", "{a}", ""},
    {"${UNSET:-{}}", "{}", ""},
    {"${UNSET:-{}} ${B}", "{} b", ""},
    {"${UNSET:-{{.Name}}}", "{{.Name}}", ""},
    {"${SET:-{{.Name}}}", "v", ""},
    {"${UNSET:-{\\\"a\\\": {\\\"b\\\":1}}}", "{\"a\": {\"b\":1}}", ""},
    {"${UNSET:-{a}", "{a", ""},
    {"a\\nb${A}\\n${B}", "a\nba\nb", ""},

    /* what is not needed is not looked at */
    {"${SET:-${UNSET}}", "v", ""},
    {"${SET:-${UNSET:?m}}", "v", ""},
    {"${UNSET:+${UNSET}}", "", ""},

    {"${UNSET:?}", NULL, "a.yaml:1:4: error: k: required variable UNSET is missing a value\n"},
    {"${EMPTY:?no ${A}}", NULL,
     "a.yaml:1:4: error: k: required variable EMPTY is missing a value: no a\n"},
    {"${UNSET?is $DB_PASSWORD}", NULL,
     "a.yaml:1:4: error: k: required variable UNSET is missing a value: is $DB_PASSWORD\n"},
    {"${UNSET:-${UNSET2:?m}}", NULL,
     "a.yaml:1:13: error: k: required variable UNSET2 is missing a value: m\n"},
};

/* Values are written in double quotes, so columns of the table are one less than in the file. */
static void test_cases(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct tree t;
        struct interpolation in;
        struct node *doc;
        AUTO_TEXT text = {0};
        bool plain =
            !strpbrk(cases[i].in, "\\#") && !strstr(cases[i].in, ": ") && *cases[i].in != '{';
        int rc;

        str_addf(&text, plain ? "k: %s" : "k: \"%s\"", cases[i].in);
        tree_init(&t);
        doc = tree_parse(&t, "a.yaml", text.data);
        in = (struct interpolation){
            .arena = t.arena, .diags = t.cx.diags, .env = variables(t.arena)};
        rc = interpolate_tree(&in, doc);
        if ((rc == 0) != (cases[i].want != NULL))
            fail_msg("'%s' gives %d '%s'", cases[i].in, rc, tree_messages(&t));
        if (rc == 0 && strcmp(node_text(node_get(doc, "k")), cases[i].want) != 0)
            fail_msg("'%s' gives '%s', not '%s'", cases[i].in, node_text(node_get(doc, "k")),
                     cases[i].want);
        if (strcmp(tree_messages(&t), cases[i].messages) != 0)
            fail_msg("'%s' says '%s', not '%s'", cases[i].in, tree_messages(&t), cases[i].messages);
        tree_done(&t);
    }
}

/* What is no expression, and why. */
static const struct {
    const char *in, *why;
} bad[] = {
    {"${", "'${' is not closed"},
    {"${}", "a name is missing"},
    {"${1A}", "a name begins with a letter or '_'"},
    {"${ SET}", "a name begins with a letter or '_'"},
    {"${!SET}", "a name begins with a letter or '_'"},
    {"${é}", "a name begins with a letter or '_'"},
    {"${SET", "'${' is not closed on its line"},
    {"${SET }", "a name is followed by '}' or one of the operators :- - :+ + :? ?"},
    {"${A.B}", "a name is followed by '}' or one of the operators :- - :+ + :? ?"},
    {"${SET=x}", "a name is followed by '}' or one of the operators :- - :+ + :? ?"},
    {"${SET#x}", "a name is followed by '}' or one of the operators :- - :+ + :? ?"},
    {"${SET/x/y}", "a name is followed by '}' or one of the operators :- - :+ + :? ?"},
    {"${SET:x}", "unknown operator"},
    {"${SET:=x}", "unknown operator"},
    {"${UNSET:-a", "'${' is not closed on its line"},
    {"${UNSET:-a\nb}", "'${' is not closed on its line"},
};

static void test_format_errors(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
        struct tree t;
        struct interpolation in;
        struct loc loc = {.file = "a.yaml", .line = 3, .col = 7};
        AUTO_TEXT out = {0};
        AUTO_TEXT want = {0};
        AUTO_TEXT compat = {0};

        tree_init(&t);
        in = (struct interpolation){
            .arena = t.arena, .diags = t.cx.diags, .env = variables(t.arena)};
        assert_int_equal(interpolate_text(&in, loc, "s.k", bad[i].in, &out, NULL), -1);
        str_addf(&want, "a.yaml:3:7: error: s.k: invalid interpolation format: %s: '%s' (%s)\n",
                 bad[i].why, bad[i].in,
                 strcmp(bad[i].why, "unknown operator") == 0
                     ? "a default is written ${NAME:-default}"
                     : "you may need to escape any $ with another $");
        assert_string_equal(tree_messages(&t), want.data);
        str_addf(&compat,
                 "invalid interpolation format for s.k.\nYou may need to escape any $ with another "
                 "$.\n%s",
                 bad[i].in);
        assert_string_equal(diags_at(t.cx.diags, 0)->compat, compat.data);
        tree_done(&t);
    }
}

static void test_tree(void **state)
{
    struct tree t;
    struct interpolation in;
    struct node *doc;

    (void)state;
    tree_init(&t);
    doc = tree_parse(&t, "a.yaml",
                     "$A: $A\n"
                     "list: [$A, {x: \"q $B\"}, 1, null]\n"
                     "gone: !reset ${X:?}\n"
                     "bad: [a, '${X:?one}', {y: '${X:?two}'}]\n"
                     "block: |\n"
                     "  $A\n"
                     "  ${X:?three}\n");
    in = (struct interpolation){.arena = t.arena, .diags = t.cx.diags, .env = variables(t.arena)};
    assert_int_equal(interpolate_tree(&in, doc), -1);
    assert_string_equal(node_text(node_get(doc, "$A")), "a");
    assert_string_equal(tree_flow(&t, node_get(doc, "list")), "[a, {x: q b}, 1, null]");
    assert_string_equal(
        tree_messages(&t),
        "a.yaml:4:11: error: bad[1]: required variable X is missing a value: one\n"
        "a.yaml:4:28: error: bad[2].y: required variable X is missing a value: two\n"
        "a.yaml:5:8: error: block: required variable X is missing a value: three\n");
    assert_string_equal(
        diags_at(t.cx.diags, 1)->compat,
        "error while interpolating bad.[].y: required variable X is missing a value: two");
    tree_done(&t);
}

static void test_secret(void **state)
{
    struct tree t;
    struct interpolation in;
    struct node *doc;

    (void)state;
    tree_init(&t);
    doc = tree_parse(&t, "a.yaml",
                     "a: x$DB_PASSWORD\nb: $A\nc: ${DB_PASSWORD:+x}\nd: ${U:-$DB_PASSWORD}\n");
    in = (struct interpolation){.arena = t.arena, .diags = t.cx.diags, .env = variables(t.arena)};
    assert_int_equal(interpolate_tree(&in, doc), 0);
    assert_string_equal(node_text(node_get(doc, "a")), "xhunter2");
    assert_true(node_get(doc, "a")->secret);
    assert_false(node_get(doc, "b")->secret);
    assert_false(node_get(doc, "c")->secret);
    assert_true(node_get(doc, "d")->secret);
    tree_done(&t);
}

/* $A$A$A... may not take all memory, nor ${A:-${A:-... the stack. */
static void test_limits(void **state)
{
    struct tree t;
    struct interpolation in;
    AUTO_TEXT big = {0};
    AUTO_TEXT text = {0};
    AUTO_TEXT deep = {0};
    AUTO_TEXT out = {0};
    struct env *e;

    (void)state;
    tree_init(&t);
    e = env_new(t.arena);
    str_repeat(&big, 'x', 1000000);
    env_set(e, "A", big.data, loc_none());
    in = (struct interpolation){.arena = t.arena, .diags = t.cx.diags, .env = e};
    for (int i = 0; i < 1000; i++)
        str_add(&text, "$A");
    assert_int_equal(interpolate_text(&in, loc_none(), "k", text.data, &out, NULL), -1);
    assert_non_null(strstr(tree_messages(&t), "make the value larger than"));
    for (int i = 0; i < 50000; i++)
        str_add(&deep, "${U:-");
    str_repeat(&deep, '}', 50000);
    str_clear(&out);
    assert_int_equal(interpolate_text(&in, loc_none(), "k", deep.data, &out, NULL), -1);
    assert_int_equal(diags_count(t.cx.diags), 2);
    tree_done(&t);
}

static const struct variable *second(void *owner, const char *name)
{
    return env_find(owner, name);
}

static void test_lookup(void **state)
{
    struct tree t;
    struct interpolation in;
    AUTO_TEXT out = {0};
    struct env *more;

    (void)state;
    tree_init(&t);
    more = env_new(t.arena);
    env_set(more, "LATER", "second", loc_none());
    in = (struct interpolation){.arena = t.arena,
                                .diags = t.cx.diags,
                                .env = variables(t.arena),
                                .lookup = second,
                                .owner = more};
    assert_int_equal(interpolate_text(&in, loc_none(), NULL, "$LATER $SET ${X:-d}", &out, NULL), 0);
    assert_string_equal(out.data, "second v d");
    in.hide_text = true;
    assert_int_equal(interpolate_text(&in, loc_none(), NULL, "hunter2${", &out, NULL), -1);
    assert_null(strstr(tree_messages(&t), "hunter2"));
    tree_done(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cases),  cmocka_unit_test(test_format_errors),
        cmocka_unit_test(test_tree),   cmocka_unit_test(test_secret),
        cmocka_unit_test(test_limits), cmocka_unit_test(test_lookup),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
