#include "core/load/dotenv.h"

#include "core/base/arena.h"
#include "core/base/attr.h"
#include "core/base/diags.h"
#include "core/base/str.h"
#include "core/load/env.h"
#include "tests/lib/tree.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/* Entries as "K=V" with | between, or the message. The environment has OS=o and
 * EMPTY=. */
static const struct {
    const char *in, *want;
} cases[] = {
    {"", ""},
    {"A=b\n", "A=b"},
    {"A=b", "A=b"},
    {"\xEF\xBB\xBF"
     "A=b\n",
     "A=b"},
    {"A: b\nB:b\nC = b\nD\t=b\n", "A=b|B=b|C=b|D=b"},
    {"A:b=c", "A=b=c"},
    {"A==b", "A==b"},
    {"=b", "=b"},
    {"A=", "A="},
    {"A=\nB=1\n", "A=|B=1"},
    {"1A=b\nA.B=c\nA-B=c\nA[0]=c\n-A=b\n", "1A=b|A.B=c|A-B=c|A[0]=c|-A=b"},
    {"\xC3\xA9=1\n", "\xC3\xA9=1"},
    {"# c\n  # d\n\nA=1 # c\n#B=2\n", "A=1"},
    {"A=b#c\nB=#c\nC= #c\nD=a\t#c\nE=a  #c", "A=b#c|B=#c|C=#c|D=a\t#c|E=a"},
    {"A=1\r\nB=\"x\r\n\"\r\n", "A=1|B=x\r\n"},
    {"export A=1\nexport\tB=2\nexportC=3\nexport=4\nexport =5\n", "A=1|B=2|exportC=3|export=4|=5"},
    {"A=1\nA=2\n", "A=1|A=2"},
    {"A=a'b'c\nB={\"a\": \"b\"}\n", "A=a'b'c|B={\"a\": \"b\"}"},
    {"A=x \\\ny\n", "A=x \\"},

    {"OS\nNONE\n", "OS=o"},
    {"OS", "OS=o"},
    {"NONE", ""},

    {"A=\"b\" #c\nB='q' # d\n", "A=b|B=q"},
    {"A=\"x\ny\"\nB='x\ny'\nC=1\n", "A=x\ny|B=x\ny|C=1"},
    {"A=\"a\\\"b\"\nB='a\\'b'\nC='a\\nb'\n", "A=a\"b|B=a'b|C=a\\nb"},
    {"A=\"\\a\\b\\f\\n\\r\\t\\v\\\\\"", "A=\a\b\f\n\r\t\v\\"},
    {"A=\"\\c\\q\\x41\\u0041\\101\"", "A=\\c\\q\\x41\\u0041\\101"},
    {"A=\"\\0101\\0102x\"\nB=\"\\01\"\nC=\"\\0\"\nD=\"\\0777\"\nE=\"\\01012\"\n",
     "A=ABx|B=\\1|C=\\|D=\\777|E=A2"},
    {"A=\"a\\\nb\"", "A=a\\\nb"},
    {"A=\"b\"C=d\n", "A=b|C=d"},
    {"A=\"  sp  \"\nB=  sp  \n", "A=  sp  |B=sp"},

    {"A=1\nB=$A${A}\nC=\"$A\"\nD='$A'\n", "A=1|B=11|C=1|D=$A"},
    {"A=$OS\nOS=x\nB=$OS\n", "A=o|OS=x|B=o"},
    {"A=$$OS\nB=\"\\$OS\"\nC=\"\\\\$OS\"\nD=\\$OS\n", "A=$OS|B=$OS|C=\\o|D=\\o"},
    {"A=${X:-d}\nB=${EMPTY:-d}\nC=${EMPTY-d}\n", "A=d|B=d|C="},
    {"A=${X}\n", "e:1:3: warning: The \"X\" variable is not set. Defaulting to a blank string.\n"},

    {"A B=c\n", "e:1:1: error: key cannot contain a space\n"},
    {"X=1\nA/B=hunter2\n", "e:2:2: error: unexpected character \"/\" in variable name \"A/B\"\n"},
    {"A='it''s'\n", "e:1:7: error: unexpected character \"'\" in variable name \"***\"\n"},
    {"A=1\nB=\"hunter2\n\n", "e:2:3: error: unterminated quoted value\n"},
    {"B='hunter2\\'\n", "e:1:3: error: unterminated quoted value\n"},
    {"A=x\n\nB=${Y:?why}\n", "e:3:3: error: required variable Y is missing a value: why\n"},
    {"A=${Y\n",
     "e:1:3: error: invalid template: \"${Y\": '${' is not closed on its line (you may need to "
     "escape any $ with another $)\n"},
    {"A=\"${Y:-\"q\"}\"\n",
     "e:1:3: error: invalid template: \"${Y:-\": '${' is not closed on its line (you may need to "
     "escape any $ with another $)\n"},
    {"PASSWORD=hunter2${\n",
     "e:1:10: error: invalid template: '${' is not closed (you may need to escape "
     "any $ with another $)\n"},
    {"A=${X:-a #b}\n",
     "e:1:3: error: invalid template: \"${X:-a\": '${' is not closed on its line (you may "
     "need to escape any $ with another $)\n"},
};

static const struct {
    const char *in, *want;
} raw_cases[] = {
    {"A=1\nB=$A \"x\" 'y' #z \n", "A=1|B=$A \"x\" 'y' #z "},
    {"  A=1\n# c\n\n  # d\nB==2\n", "A=1|B==2"},
    {"A=1\r\nB=2\r\n", "A=1|B=2"},
    {"A=1\r\r\nB=2\r", "A=1\r|B=2"}, /* the last line needs no end */
    {"\xEF\xBB\xBF"
     "A=1",
     "A=1"},
    {"OS\nNONE\nA=1\n", "OS=o|A=1"},
    {"A B=1\n", "e:1:1: error: variable 'A B' contains whitespaces\n"},
    {"A=1\n=b\n", "e:2:1: error: no variable name on line\n"},
    {"A=\xFF\n", "e:1:1: error: env file contains invalid utf8 bytes\n"},
};

static void check(const char *in, const char *want, bool raw)
{
    struct tree t;
    struct dotenv d;
    struct env *env;
    AUTO_TEXT got = {0};

    tree_init(&t);
    env = env_new(t.arena);
    env_set(env, "OS", "o", loc_none());
    env_set(env, "EMPTY", "", loc_none());
    if (raw)
        dotenv_parse_raw(t.arena, t.cx.diags, "e", in, strlen(in), env, &d);
    else
        dotenv_parse(t.arena, t.cx.diags, "e", in, strlen(in), env, NULL, &d);
    str_add(&got, tree_messages(&t));
    for (size_t i = 0; i < d.len && !*tree_messages(&t); i++)
        str_addf(&got, "%s%s=%s", i ? "|" : "", d.entries[i].key, d.entries[i].value);
    if (strcmp(str_text(&got), want) != 0)
        fail_msg("'%s' gives '%s', not '%s'", in, str_text(&got), want);
    tree_done(&t);
}

static void test_cases(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++)
        check(cases[i].in, cases[i].want, false);
}

static void test_raw(void **state)
{
    AUTO_TEXT line = {0};

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(raw_cases); i++)
        check(raw_cases[i].in, raw_cases[i].want, true);
    str_add(&line, "A=");
    str_repeat(&line, 'x', 70000);
    check(line.data, "e:1:1: error: token too long: a line has more than 65535 bytes\n", true);
}

static void test_positions(void **state)
{
    static const char text[] = "A=1\n\n  export B='x\ny' C=2\nD=3\n";
    struct tree t;
    struct dotenv d;

    (void)state;
    tree_init(&t);
    assert_int_equal(dotenv_parse(t.arena, t.cx.diags, "e", text, sizeof text - 1, NULL, NULL, &d),
                     0);
    assert_int_equal(d.len, 4);
    assert_int_equal(d.entries[1].loc.line, 3);
    assert_int_equal(d.entries[1].loc.col, 3);
    assert_int_equal(d.entries[2].loc.line, 4);
    assert_int_equal(d.entries[2].loc.col, 4);
    assert_int_equal(d.entries[3].loc.line, 5);
    tree_done(&t);
}

/* What earlier files gave: before the own keys, except in env files of services. */
static void test_seen(void **state)
{
    static const char text[] = "A=own\nB=$A $Z\nZ\n";
    struct tree t;
    struct dotenv d;
    struct env *seen;

    (void)state;
    tree_init(&t);
    seen = env_new(t.arena);
    env_set(seen, "A", "seen", loc_none());
    env_set(seen, "Z", "z", loc_none());
    dotenv_parse(t.arena, t.cx.diags, "e", text, sizeof text - 1, NULL, seen, &d);
    assert_string_equal(d.entries[1].value, "seen z");
    assert_string_equal(d.entries[2].value, "z");
    dotenv_parse_env_file(t.arena, t.cx.diags, "e", text, sizeof text - 1, NULL, seen, &d);
    assert_string_equal(d.entries[1].value, "own z");
    assert_string_equal(tree_messages(&t), "");
    tree_done(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cases),
        cmocka_unit_test(test_raw),
        cmocka_unit_test(test_positions),
        cmocka_unit_test(test_seen),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
