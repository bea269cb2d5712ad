#include "cmd/config_variables.h"

#include "core/base/arena.h"
#include "core/base/err.h"
#include "core/base/str.h"
#include "core/yaml/node.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

static const struct {
    const char *text, *want; /* rows of the table, blanks squeezed */
} cases[] = {
    {"plain $$no $${no} $ ${} $1", ""},
    {"$A-${B}", "A false|B false|"},
    {"${A:-1} ${B-2} ${C:-}", "A false 1|B false 2|C false|"},
    {"${A?why} ${B:?}", "A true|B true|"},
    {"${A:+x}${B+y}", "A false x|B false y|"},
    {"${A:-${B:-c}}", "A false ${B:-c}|B false c|"},
    {"$A ${A:-late}", "A false late|"},
    {"${A", "A false|"},
};

static void squeeze(const char *text, struct str *out)
{
    for (; *text; text++) {
        if (*text == '\n') {
            while (out->len && out->data[out->len - 1] == ' ')
                str_cut(out, out->len - 1);
            str_addc(out, '|');
        } else if (*text != ' ' || (out->len && out->data[out->len - 1] != ' ')) {
            str_addc(out, *text);
        }
    }
}

static void test_table(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct arena *a = arena_new();
        AUTO_TEXT out = {0};
        AUTO_TEXT got = {0};
        const char *rows;

        assert_int_equal(
            config_variables(a, node_string(a, loc_none(), cases[i].text), NULL, &out, NULL), 0);
        rows = strchr(str_text(&out), '\n') + 1;
        squeeze(rows, &got);
        assert_string_equal(str_text(&got), cases[i].want);
        arena_free(a);
    }
}

static void test_formats(void **state)
{
    struct arena *a = arena_new();
    struct node *n = node_string(a, loc_none(), "${Y:-1}");
    AUTO_TEXT json = {0};
    AUTO_TEXT yaml = {0};
    AUTO_ERR err = {0};

    (void)state;
    assert_int_equal(config_variables(a, n, "json", &json, &err), 0);
    assert_string_equal(str_text(&json),
                        "{\n    \"Y\": {\n        \"Name\": \"Y\",\n        \"DefaultValue\": "
                        "\"1\",\n        \"PresenceValue\": \"\",\n        \"Required\": "
                        "false\n    }\n}\n\n");
    assert_int_equal(config_variables(a, n, "yaml", &yaml, &err), 0);
    assert_string_equal(str_text(&yaml), "\"Y\":\n    name: \"Y\"\n    defaultvalue: \"1\"\n    "
                                         "presencevalue: \"\"\n    required: false\n");
    assert_int_equal(config_variables(a, n, "xml", &yaml, &err), -1);
    assert_string_equal(err_text(&err), "format value \"xml\" could not be parsed: parsing failed");
    arena_free(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_table),
        cmocka_unit_test(test_formats),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
