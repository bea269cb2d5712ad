#include "core/schema/passes.h"

#include "core/base/attr.h"
#include "core/yaml/node.h"
#include "tests/lib/tree.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/* Paths of a service, in /p and with the home /home/u. */
static const struct {
    const char *in, *want;
} cases[] = {
    {"build: {context: .}", "{build: {context: /p}}"},
    {"build: {context: ../x, additional_contexts: {a: ./c, b: \"docker-image://x\", c: "
     "\"service:b\", d: github.com/a/b, e: \"git@x:y\"}}",
     "{build: {context: /x, additional_contexts: {a: /p/c, b: docker-image://x, c: service:b, "
     "d: github.com/a/b, e: git@x:y}}}"},
    {"build: {context: \"https://x/y.git#main\"}", "{build: {context: https://x/y.git#main}}"},
    {"build: {context: \"\", ssh: {default: , k: ~/key}, dockerfile: ./D}",
     "{build: {context: '', ssh: {default: null, k: /home/u/key}, dockerfile: ./D}}"},
    {"build: {context: /a/../b/}", "{build: {context: /a/../b/}}"},
    {"env_file: [{path: e}, {path: \"\"}, {path: ~/e}, {path: /e}], label_file: [l, ../m]",
     "{env_file: [{path: /p/e}, {path: ''}, {path: /home/u/e}, {path: /e}], label_file: "
     "[/p/l, /m]}"},
    {"volumes: [{type: bind, source: ./a}, {type: bind, source: \"\"}, {type: bind, source: "
     "\"~\"}, {type: bind, source: \"~/x\"}, {type: bind, source: \"~u/x\"}]",
     "{volumes: [{type: bind, source: /p/a}, {type: bind, source: /p}, {type: bind, source: "
     "/home/u}, {type: bind, source: /home/u/x}, {type: bind, source: /home/u/u/x}]}"},
    {"volumes: [{type: volume, source: ./a}, {type: bind, source: \"C:\\\\x\"}, {type: bind, "
     "source: \"c:/x\"}, {type: bind, source: \"\\\\\\\\h\\\\s\"}, {type: bind, source: \"c:x\"}]",
     "{volumes: [{type: volume, source: ./a}, {type: bind, source: C:\\x}, {type: bind, "
     "source: c:/x}, {type: bind, source: \\\\h\\s}, {type: bind, source: /p/c:x}]}"},
    {"develop: {watch: [{path: ./w}]}", "{develop: {watch: [{path: /p/w}]}}"},
    {"credential_spec: {file: x}, devices: [{source: ./a, target: b}], working_dir: w, tmpfs: "
     "[a]",
     "{credential_spec: {file: x}, devices: [{source: ./a, target: b}], working_dir: w, "
     "tmpfs: [a]}"},
};

static void test_cases(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct tree t;
        struct node *model;
        int rc;

        tree_init(&t);
        model = tree_service(&t, "c.yaml", cases[i].in);
        rc = schema_paths(&t.cx, model);
        if (rc < 0 || *tree_messages(&t)) {
            assert_string_equal(tree_messages(&t), cases[i].want);
            assert_int_equal(rc < 0, strstr(tree_messages(&t), ": error: ") != NULL);
        } else {
            assert_string_equal(tree_flow(&t, node_path(model, "services.a")), cases[i].want);
        }
        tree_done(&t);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cases),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
