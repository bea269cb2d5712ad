/* Files of testdata/config/NAME.yaml (and NAME.override.yaml, when there is one) as `config` prints
 * them: NAME.golden.yaml and NAME.golden.json. The project directory is written as @DIR@.
 * GOLDEN_WRITE=1 writes what comes out now. */
#include "core/render/render.h"

#include "core/base/attr.h"
#include "core/base/diags.h"
#include "core/base/path.h"
#include "core/base/str.h"
#include "core/load/load.h"
#include "core/model/model.h"
#include "tests/lib/fixture.h"
#include "tests/lib/golden.h"

#include <glob.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define GOLDEN_DIR "testdata/config"

static void render(const char *dir, const char *name)
{
    static char *const environ_of_all[] = {(char *)"HOME=/home/user", (char *)"TAG=1.2",
                                           (char *)"EMPTY=", NULL};
    AUTO_TEXT file = {0};
    AUTO_TEXT override = {0};
    AUTO_TEXT yaml = {0};
    AUTO_TEXT json = {0};
    const char *files[2];
    struct load_options o = {.environ = environ_of_all, .cwd = dir, .all_resources = true};
    struct diags *diags = diags_new();
    struct project *p;

    str_addf(&file, "%s/%s.yaml", dir, name);
    str_addf(&override, "%s/%s.override.yaml", dir, name);
    files[0] = str_text(&file);
    files[1] = str_text(&override);
    o.files = (struct strings){.items = files, .len = path_exists(files[1]) ? 2 : 1};
    p = load_project(&o, diags);
    for (size_t i = 0; !p && i < diags_count(diags); i++) {
        AUTO_TEXT text = {0};

        diags_format(diags, diags_at(diags, i), &text);
        print_error("%s", str_text(&text));
    }
    assert_non_null(p);
    render_yaml(p, &yaml, NULL, NULL);
    render_json(p, &json, NULL, NULL);
    text_replace(&yaml, dir, "@DIR@");
    text_replace(&json, dir, "@DIR@");
    str_clear(&file);
    str_addf(&file, "config/%s.golden.yaml", name);
    golden_check(str_text(&file), str_text(&yaml));
    str_clear(&file);
    str_addf(&file, "config/%s.golden.json", name);
    golden_check(str_text(&file), str_text(&json));
    project_free(p);
    diags_free(diags);
}

static void test_golden(void **state)
{
    AUTO_STR root = getcwd(NULL, 0);
    AUTO_TEXT dir = {0};
    glob_t found = {0};
    size_t ran = 0;

    (void)state;
    str_addf(&dir, "%s/" GOLDEN_DIR, root);
    assert_int_equal(glob(GOLDEN_DIR "/*.yaml", 0, NULL, &found), 0);
    for (size_t i = 0; i < found.gl_pathc; i++) {
        AUTO_TEXT name = {0};

        str_add(&name, path_base(found.gl_pathv[i]));
        str_cut(&name, name.len - strlen(".yaml"));
        if (strchr(str_text(&name), '.')) /* golden, override, or what others include */
            continue;
        render(str_text(&dir), str_text(&name));
        ran++;
    }
    globfree(&found);
    assert_true(ran > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_golden)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
