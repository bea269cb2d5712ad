#include "tests/lib/files.h"

#include "core/base/arena.h"
#include "tests/lib/fixture.h"
#include "tests/lib/tree.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

void files_check(const struct text_file files[FILES_MAX], const char *stage, const char *want)
{
    AUTO_TEXT got = {0};
    struct fixture f;
    struct tree t;
    const struct node *model;

    fixture_init(&f);
    tree_init(&t);
    for (size_t i = 0; i < FILES_MAX && files[i].name; i++)
        fixture_file(&f, files[i].name, files[i].text);
    model = load_tree(&f.options, stage, f.diags, t.arena);
    str_add(&got, fixture_messages(&f));
    if (model)
        str_add(&got, tree_flow(&t, model));
    text_replace(&got, f.dir, "@DIR@");
    assert_string_equal(str_text(&got), want);
    tree_done(&t);
    fixture_done(&f);
}
