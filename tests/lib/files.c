#include "tests/lib/files.h"

#include "core/base/arena.h"
#include "tests/lib/fixture.h"
#include "tests/lib/tree.h"

void files_tree(const struct text_file files[FILES_MAX], const char *stage, struct str *ret)
{
    struct fixture f;
    struct tree t;
    const struct node *model;

    fixture_init(&f);
    tree_init(&t);
    for (size_t i = 0; i < FILES_MAX && files[i].name; i++)
        fixture_file(&f, files[i].name, files[i].text);
    model = load_tree(&f.options, stage, f.diags, t.arena);
    str_clear(ret);
    str_add(ret, fixture_messages(&f));
    if (model)
        str_add(ret, tree_flow(&t, model));
    text_replace(ret, f.dir, "@DIR@");
    tree_done(&t);
    fixture_done(&f);
}
