#include "core/base/diags.h"

#include "core/base/str.h"
#include "core/base/text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

static const char source[] = "services:\n"
                             "  web:\n"
                             "    image: nginx\r\n"
                             "    ports:\n"
                             "      - \"80a:80\"\n"
                             "\tx:\ty # tabs\n"
                             "  n: \u4e2d\u6587 \u00e9x\n"
                             "  e: \x1b[31m red\n"
                             "  v: ${X:?} [a, bcd]\n"
                             "last";

static const struct {
    struct loc loc;
    unsigned width;
    const char *path, *msg, *hint, *want;
} cases[] = {
    {{"compose.yaml", 5, 9},
     0,
     "services.web.ports[0]",
     "invalid published port '80a'",
     NULL,
     "compose.yaml:5:9: error: services.web.ports[0]: invalid published port '80a'\n"
     "    5 |       - \"80a:80\"\n"
     "      |         ^~~~~~~~\n"},
    {{"compose.yaml", 3, 5},
     0,
     NULL,
     "key, carriage return",
     "did you mean 'x'?",
     "compose.yaml:3:5: error: key, carriage return\n"
     "    3 |     image: nginx\n"
     "      |     ^~~~~\n"
     "      = hint: did you mean 'x'?\n"},
    {{"compose.yaml", 6, 5},
     0,
     NULL,
     "tabs",
     NULL,
     "compose.yaml:6:5: error: tabs\n"
     "    6 | \tx:\ty # tabs\n"
     "      | \t  \t^\n"},
    {{"compose.yaml", 7, 9},
     0,
     NULL,
     "wide",
     NULL,
     "compose.yaml:7:9: error: wide\n"
     "    7 |   n: \u4e2d\u6587 \u00e9x\n"
     "      |           ^~\n"},
    {{"compose.yaml", 7, 6},
     2,
     NULL,
     "marks as wide",
     NULL,
     "compose.yaml:7:6: error: marks as wide\n"
     "    7 |   n: \u4e2d\u6587 \u00e9x\n"
     "      |      ^~~~\n"},
    {{"compose.yaml", 8, 3},
     0,
     NULL,
     "escape",
     NULL,
     "compose.yaml:8:3: error: escape\n"
     "    8 |   e: ?[31m red\n"
     "      |   ^\n"},
    {{"compose.yaml", 9, 6},
     0,
     NULL,
     "braces",
     NULL,
     "compose.yaml:9:6: error: braces\n"
     "    9 |   v: ${X:?} [a, bcd]\n"
     "      |      ^~~~~~\n"},
    {{"compose.yaml", 9, 17},
     0,
     NULL,
     "flow",
     NULL,
     "compose.yaml:9:17: error: flow\n"
     "    9 |   v: ${X:?} [a, bcd]\n"
     "      |                 ^~~\n"},
    {{"compose.yaml", 10, 5},
     0,
     NULL,
     "end of text",
     NULL,
     "compose.yaml:10:5: error: end of text\n"
     "   10 | last\n"
     "      |     ^\n"},
    {{"compose.yaml", 10, 0},
     0,
     NULL,
     "line only",
     NULL,
     "compose.yaml:10: error: line only\n"
     "   10 | last\n"},
    {{"compose.yaml", 99, 1},
     0,
     NULL,
     "no such line",
     NULL,
     "compose.yaml:99:1: error: no such line\n"},
    {{"other.yaml", 1, 1}, 0, NULL, "no such text", NULL, "other.yaml:1:1: error: no such text\n"},
    {{"compose.yaml", 0, 0},
     0,
     "a.b",
     "whole file",
     NULL,
     "compose.yaml: error: a.b: whole file\n"},
    {{NULL, 0, 0}, 0, NULL, "nowhere", "try", "error: nowhere\n      = hint: try\n"},
};

static void test_format(void **state)
{
    struct diags *d = diags_new();
    AUTO_TEXT text = {0};
    AUTO_TEXT other = {0};

    (void)state;
    str_addn(&text, source, sizeof source - 1);
    assert_string_equal(diags_source(d, "compose.yaml", &text), source);
    assert_int_equal(text.len, 0);
    str_add(&other, "of the same name: not shown\n");
    diags_source(d, "compose.yaml", &other);
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        AUTO_TEXT out = {0};
        struct diag *g = diags_error(d, cases[i].loc, cases[i].path, "%s", cases[i].msg);

        g->width = cases[i].width;
        if (cases[i].hint)
            diag_hint(g, "%s", cases[i].hint);
        diags_format(d, g, &out);
        assert_string_equal(str_text(&out), cases[i].want);
    }
    diags_free(d);
}

static void test_long_line(void **state)
{
    AUTO_TEXT text = {0};
    AUTO_TEXT out = {0};
    struct diags *d = diags_new();
    const char *caret, *below;

    (void)state;
    str_repeat(&text, 'a', 5000);
    str_add(&text, " here ");
    str_repeat(&text, 'b', 5000);
    diags_source(d, "f", &text);
    diags_format(d, diags_error(d, (struct loc){"f", 1, 5002}, NULL, "m"), &out);
    assert_true(out.len < 500);
    below = strrchr(str_text(&out), '|');
    caret = strchr(below, '^');
    assert_non_null(caret);
    assert_memory_equal(strchr(str_text(&out), '|') + (caret - below), "here ...", 4);
    diags_free(d);
}

static void test_order_and_duplicates(void **state)
{
    static const char *const want[] = {"nowhere", "b1", "b2:1", "b2:9 first", "b2:9 second", "a1"};
    struct diags *d = diags_new();

    (void)state;
    diags_warn(d, loc_none(), NULL, "nowhere");
    assert_false(diags_has_errors(d));
    diags_error(d, (struct loc){"b", 2, 9}, NULL, "b2:9 first");
    diags_error(d, (struct loc){"a", 1, 1}, NULL, "a1");
    diags_error(d, (struct loc){"b", 2, 9}, NULL, "b2:9 second");
    diags_error(d, (struct loc){"b", 2, 9}, NULL, "b2:9 first");
    diags_warn(d, (struct loc){"b", 2, 1}, NULL, "b2:1");
    assert_string_equal(diags_at(d, 0)->msg, "nowhere");
    diags_warn(d, (struct loc){"b", 1, 1}, NULL, "b1");
    assert_true(diags_has_errors(d));
    assert_int_equal(diags_count(d), ARRAY_LEN(want));
    for (size_t i = 0; i < ARRAY_LEN(want); i++)
        assert_string_equal(diags_at(d, i)->msg, want[i]);
    diags_free(d);
    diags_free(NULL);
}

static void test_err_and_compat(void **state)
{
    AUTO_ERR err = {0};
    struct diags *d = diags_new();
    struct diag *g;

    (void)state;
    err_set(&err, ERR_IO, (struct loc){"f", 3, 1}, "broken");
    diags_err(d, &err);
    assert_string_equal(diags_at(d, 0)->msg, "broken");
    assert_int_equal(diags_at(d, 0)->loc.line, 3);
    g = diags_error(d, loc_none(), "p", "m");
    diag_compat(g, "one %d", 1);
    diag_compat(g, "two (%s)", g->compat); /* may use its own text */
    assert_string_equal(g->compat, "two (one 1)");
    diags_free(d);
}

static void test_nearest(void **state)
{
    static const char *const words[] = {"image",   "build",        "ports",
                                        "volumes", "volumes_from", "user"};
    static const struct {
        const char *word, *want;
    } near[] = {
        {"imagee", "image"},
        {"iamge", "image"},
        {"image", "image"},
        {"Image", "image"},
        {"prots", "ports"},
        {"volume", "volumes"},
        {"volumes-from", "volumes_from"},
        {"xyz", NULL},
        {"", NULL},
        {"comand", NULL},
        {"us", NULL},
        {"usr", "user"},
        {"imxxe", NULL},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(near); i++) {
        const char *got = nearest_word(near[i].word, words, ARRAY_LEN(words));

        if (!str_eq(got, near[i].want))
            fail_msg("'%s': '%s'", near[i].word, got ? got : "(none)");
    }
}

static void test_nearest_limits(void **state)
{
    struct nearest n = nearest_to("image");
    AUTO_TEXT longer = {0};
    const char *words[2] = {"image", NULL};

    (void)state;
    for (int i = 0; i < 5000; i++)
        assert_true(nearest_look(&n, "imgae"));
    assert_string_equal(n.found, "imgae");
    assert_false(nearest_look(&n, "image")); /* one too many */
    assert_null(n.found);
    str_repeat(&longer, 'a', 64);
    words[1] = str_text(&longer);
    assert_ptr_equal(nearest_word(str_text(&longer), words, 2), words[1]);
    str_addc(&longer, 'a');
    words[1] = str_text(&longer);
    assert_null(nearest_word(str_text(&longer), words, 2));
}

/* What is marked in a line does not depend on what was shown of it before. */
static void test_one_line(void **state)
{
    static const unsigned cols[] = {1, 7, 500, 2501, 2501, 40, 5003, 2};
    AUTO_TEXT text = {0}, again = {0};
    struct diags *all = diags_new();

    (void)state;
    for (int i = 0; i < 1000; i++)
        str_addf(&text, "é%d TOKEN=x%d, ", i, i);
    str_addn(&again, text.data, text.len);
    diags_source(all, "f", &again);
    for (size_t i = 0; i < ARRAY_LEN(cols); i++) {
        struct diags *one = diags_new();
        const struct diag at = {
            .severity = SEVERITY_ERROR, .loc = {"f", 1, cols[i]}, .msg = (char *)"m"};
        AUTO_TEXT copy = {0}, first = {0}, second = {0};

        str_addn(&copy, text.data, text.len);
        diags_source(one, "f", &copy);
        diags_format(one, &at, &first);
        diags_format(all, &at, &second);
        assert_string_equal(str_text(&first), str_text(&second));
        diags_free(one);
    }
    diags_free(all);
}

static void test_too_large(void **state)
{
    struct diags *d = diags_new();

    (void)state;
    assert_false(diags_is_too_large(d));
    assert_int_equal(diags_too_large(d, loc_none(), "p", "'a'"), -1);
    assert_int_equal(diags_too_large(d, loc_none(), "q", "'b'"), -1);
    assert_true(diags_is_too_large(d));
    assert_int_equal(diags_count(d), 1);
    assert_string_equal(diags_at(d, 0)->msg, "'a' makes the project too large");
    diags_free(d);
}

static void test_consequences(void **state)
{
    static const struct loc at = {.file = "a.yaml", .line = 2, .col = 3};
    static const struct loc other = {.file = "a.yaml", .line = 4, .col = 3};
    static const struct loc below = {.file = "a.yaml", .line = 4, .col = 9};
    struct diags *d = diags_new();

    (void)state;
    diags_settle(d, diags_error(d, at, "s.a.image", "broken"));
    diag_hint(diags_error(d, other, "s.a.image", "follows"), "still safe to add to");
    diags_warn(d, other, "s.a.cpus", "not about that");
    assert_int_equal(diags_count(d), 2);
    diags_set_doubtful(d);
    diags_error(d, at, "s.a.ports", "the same place");
    diags_error(d, other, "s.a", "around it");
    diags_error(d, other, NULL, "about nothing");
    diags_warn(d, other, "s.b.cpus", "a warning");
    assert_int_equal(diags_count(d), 2);
    diags_error(d, other, "s.ab", "something else");
    diags_error(d, below, "s.a.image.x", "below it");
    assert_int_equal(diags_count(d), 4);
    diags_free(d);
}

static void test_strict(void **state)
{
    struct diags *d = diags_new();

    (void)state;
    diags_lax(d, loc_none(), NULL, "a warning");
    assert_false(diags_has_errors(d));
    diags_set_strict(d, true);
    diags_lax(d, loc_none(), NULL, "an error");
    assert_true(diags_has_errors(d));
    assert_false(diags_is_broken(d));
    diags_error(d, loc_none(), NULL, "another");
    assert_true(diags_is_broken(d));
    diags_free(d);
}

static void test_notes(void **state)
{
    struct diags *d = diags_new();
    struct diag *g = diags_error(d, loc_none(), "a", "wrong in u://a:pw@h");
    AUTO_TEXT out = {0};

    (void)state;
    diag_note(g, loc_none(), "it comes from '%s'", "TOKEN=abc");
    diag_note(g, loc_none(), "it comes from '%s'", "TOKEN=abc");
    diag_hint(g, "like this");
    diags_format(d, g, &out);
    assert_string_equal(out.data, "error: a: wrong in u://a:***@h\n"
                                  "      = note: it comes from 'TOKEN=***'\n"
                                  "      = hint: like this\n");
    diags_free(d);
}

/* Of too many problems the first thousand are kept, and a word at the end; errors and warnings do
 * not take each other's places. */
static void test_too_many(void **state)
{
    struct diags *d = diags_new();
    AUTO_TEXT out = {0};

    (void)state;
    for (unsigned i = 0; i < 3000; i++)
        diags_warn(d, (struct loc){"f", 5000 - i, 1}, NULL, "w%u", i);
    assert_false(diags_has_errors(d));
    for (unsigned i = 0; i < 3000; i++)
        diag_hint(diags_error(d, (struct loc){"f", 9000 - i, 1}, NULL, "e%u", i), "hint");
    assert_true(diags_has_errors(d));
    assert_int_equal(diags_count(d), 2002);
    assert_string_equal(diags_at(d, 0)->msg, "w999");
    assert_string_equal(diags_at(d, 1999)->msg, "e0");
    diags_format(d, diags_at(d, 2000), &out);
    diags_format(d, diags_at(d, 2001), &out);
    assert_string_equal(str_text(&out),
                        "warning: too many warnings: the first 1000 that were found are shown\n"
                        "error: too many errors: the first 1000 that were found are shown\n");
    diags_free(d);
}

/* Of one place each pass has its say only when no pass before had. */
static void test_passes(void **state)
{
    const struct loc at = {.file = "a.yaml", .line = 1, .col = 2};
    struct diags *d = diags_new();

    (void)state;
    diags_error(d, at, "a.b", "one");
    diags_error(d, at, "a.b", "two");
    diags_next_pass(d);
    diags_error(d, at, "a.b", "three");
    diags_error(d, (struct loc){.file = "a.yaml", .line = 1, .col = 3}, "a.b", "four");
    diags_warn(d, at, "a.b", "five");
    assert_int_equal(diags_count(d), 4);
    diags_free(d);
}

static void test_secret_values(void **state)
{
    struct diags *d = diags_new();
    struct diag *g;

    (void)state;
    diags_secret(d, "hunter2");
    diags_secret(d, "abc");
    g = diags_error(d, loc_none(), "networks.hunter2", "no 'hunter2' in %s/hunter2.yaml", "abc");
    diag_hint(g, "not %s", "hunter2hunter2");
    diag_compat(g, "undefined hunter2");
    diag_note(g, loc_none(), "hunter2 is here");
    assert_string_equal(g->path, "networks.***");
    assert_string_equal(g->msg, "no '***' in abc/***.yaml");
    assert_string_equal(g->hint, "not ******");
    assert_string_equal(g->compat, "undefined ***");
    assert_string_equal(g->notes[0].msg, "*** is here");
    diags_free(d);
}

/* What is quoted may be huge; its middle is left out, and no rune is cut. */
static void test_long_text(void **state)
{
    struct diags *d = diags_new();
    AUTO_TEXT text = {0};
    const char *msg;

    (void)state;
    for (int i = 0; i < 100000; i++)
        str_add(&text, "\u00e4");
    msg = diags_error(d, loc_none(), NULL, "begin%send.", str_text(&text))->msg;
    assert_true(strlen(msg) < 5000 && utf8_valid(msg, strlen(msg)));
    assert_true(str_has_prefix(msg, "begin\u00e4") && str_has_suffix(msg, "\u00e4end."));
    assert_non_null(strstr(msg, "\u00e4 [...] \u00e4"));
    diags_free(d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_nearest_limits),
        cmocka_unit_test(test_one_line),
        cmocka_unit_test(test_too_large),
        cmocka_unit_test(test_consequences),
        cmocka_unit_test(test_strict),
        cmocka_unit_test(test_notes),
        cmocka_unit_test(test_format),
        cmocka_unit_test(test_long_line),
        cmocka_unit_test(test_order_and_duplicates),
        cmocka_unit_test(test_err_and_compat),
        cmocka_unit_test(test_nearest),
        cmocka_unit_test(test_too_many),
        cmocka_unit_test(test_long_text),
        cmocka_unit_test(test_passes),
        cmocka_unit_test(test_secret_values),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
