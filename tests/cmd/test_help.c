/* --help against testdata/cmd/help-*.txt, at several widths. GOLDEN_WRITE=1 writes them. */
#include "cmd/command.h"

#include "core/base/str.h"
#include "tests/lib/golden.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

struct args {
    bool flag;
    const char *text;
    struct strings list;
};

static const struct opt opts[] = {
    OPT_FLAG('b', "build", struct args, flag, "Build images first"),
    OPT_STRING_DEF(0, "format", struct args, text, "string", "\"table\"",
                   "What it looks like:\n'table': columns\n'json': one object per line, and a long "
                   "sentence after it"),
    OPT_LIST(0, "unbreakable", struct args, list, "stringArray",
             "https://docs.example.com/a/very/long/address/without/any/blank/in/it/at/all"),
    {OPT_KIND_FLAG, 0, "hidden", 0, NULL, "never shown", NULL, true},
    OPT_END,
};
static const struct command command = {
    .name = "try", .usage = "try [OPTIONS]", .summary = "Try things", .opts = opts};

static void test_widths(void **state)
{
    static const int widths[] = {80, 50, 20};

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(widths); i++) {
        AUTO_TEXT file = {0};
        AUTO_TEXT got = {0};

        str_addf(&file, "cmd/help-%d.txt", widths[i]);
        help_command(&command, widths[i], &got);
        golden_check(str_text(&file), str_text(&got));
    }
}

/* Every command has a page that begins with its own name. */
static void test_all(void **state)
{
    (void)state;
    for (const struct command *const *c = commands; *c; c++) {
        AUTO_TEXT got = {0};
        AUTO_TEXT want = {0};

        help_command(*c, 80, &got);
        str_addf(&want, "Usage:  mcompose %s", (*c)->name);
        assert_true(str_has_prefix(str_text(&got), str_text(&want)));
        assert_non_null(strstr(str_text(&got), "\nOptions:\n"));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_widths),
        cmocka_unit_test(test_all),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
