/* Every row of the tables is in use somewhere in testdata/config, so that golden files hold what
 * becomes of it. */
#include "core/base/map.h"
#include "core/base/path.h"
#include "core/base/str.h"
#include "core/schema/attr.h"
#include "core/yaml/node.h"
#include "tests/lib/tree.h"

#include <glob.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

struct walk {
    struct map used;   /* rows, by address */
    struct map tables; /* those that were looked at */
    struct str unused; /* a line for each row */
};

static bool add(struct map *set, const void *p)
{
    AUTO_TEXT id = {0};

    str_addf(&id, "%p", p);
    return !map_set(set, str_text(&id), (void *)(uintptr_t)p);
}

static bool has(const struct map *set, const void *p)
{
    AUTO_TEXT id = {0};

    str_addf(&id, "%p", p);
    return map_get(set, str_text(&id)) != NULL;
}

/* ---- what is used ---- */

static void use_table(struct walk *w, const struct attr_table *t, const struct node *n);

static void use_value(struct walk *w, const struct attr *row, const struct node *n)
{
    bool keys_are_names = row->kind == K_MAP || row->kind == K_ULIMITS;

    if (!row->sub)
        return;
    if (n->kind == NODE_MAP && !keys_are_names)
        use_table(w, row->sub, n);
    for (size_t i = 0; n->kind == NODE_MAP && keys_are_names && i < n->map.len; i++)
        use_table(w, row->sub, n->map.pairs[i].value);
    for (size_t i = 0; n->kind == NODE_LIST && i < n->list.len; i++)
        use_table(w, row->sub, n->list.items[i]);
}

static void use_table(struct walk *w, const struct attr_table *t, const struct node *n)
{
    for (size_t i = 0; n->kind == NODE_MAP && i < n->map.len; i++) {
        const struct attr *row = attr_find(t, n->map.pairs[i].key);

        if (!row)
            continue;
        add(&w->used, row);
        use_value(w, row, n->map.pairs[i].value);
    }
}

static void use_files(struct walk *w, const char *pattern)
{
    glob_t found = {0};

    assert_int_equal(glob(pattern, 0, NULL, &found), 0);
    for (size_t i = 0; i < found.gl_pathc; i++) {
        AUTO_TEXT text = {0};
        AUTO_ERR err = {0};
        struct tree tree;

        if (strstr(found.gl_pathv[i], ".golden."))
            continue;
        assert_int_equal(path_read(found.gl_pathv[i], 0, &text, &err), 0);
        tree_init(&tree);
        use_table(w, &project_table, tree_parse(&tree, found.gl_pathv[i], str_text(&text)));
        tree_done(&tree);
    }
    globfree(&found);
}

/* ---- what is not ---- */

static void find_unused(struct walk *w, const char *path, const struct attr_table *t)
{
    if (!add(&w->tables, t))
        return;
    for (size_t i = 0; i < t->count; i++) {
        AUTO_TEXT down = {0};

        str_addf(&down, "%s%s%s", path, *path ? "." : "", t->attrs[i].name);
        if (!has(&w->used, &t->attrs[i]))
            str_addf(&w->unused, "%s\n", str_text(&down));
        if (t->attrs[i].sub)
            find_unused(w, str_text(&down), t->attrs[i].sub);
    }
}

static void test_every_row(void **state)
{
    struct walk w = {0};

    (void)state;
    use_files(&w, "testdata/config/*.yaml");
    use_files(&w, "testdata/config/*/*.yaml");
    find_unused(&w, "", &project_table);
    assert_string_equal(str_text(&w.unused), "");
    str_done(&w.unused);
    map_done(&w.used);
    map_done(&w.tables);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_every_row)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
