#include "tests/lib/tree.h"

#include "core/base/arena.h"
#include "core/base/diags.h"
#include "core/yaml/node.h"
#include "core/yaml/parse.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

void tree_init(struct tree *t)
{
    *t = (struct tree){.arena = arena_new(), .diags = diags_new()};
    t->cx =
        (struct schema_ctx){.arena = t->arena, .diags = t->diags, .dir = "/p", .home = "/home/u"};
}

void tree_done(struct tree *t)
{
    str_done(&t->flow);
    str_done(&t->messages);
    diags_free(t->diags);
    arena_free(t->arena);
}

struct node *tree_parse(struct tree *t, const char *file, const char *text)
{
    struct yaml_docs docs = {0};

    if (yaml_parse(t->arena, t->diags, file, text, strlen(text), &docs) < 0 || docs.len != 1)
        abort();
    return docs.items[0];
}

struct node *tree_service(struct tree *t, const char *file, const char *attrs)
{
    AUTO_TEXT text = {0};

    str_addf(&text, "services: {a: {%s}}", attrs);
    return tree_parse(t, file, str_text(&text));
}

static void add_text(const struct node *n, struct str *out)
{
    struct arena *scratch = arena_new();
    const struct node *plain = yaml_resolve(scratch, n->loc, n->string.text, n->string.len);

    if (plain->kind != NODE_STRING || !n->string.len || strpbrk(n->string.text, "{}[],"))
        str_addf(out, "'%s'", n->string.text);
    else
        str_add(out, n->string.text);
    arena_free(scratch);
}

static void add_flow(const struct node *n, struct str *out)
{
    switch (n->kind) {
    case NODE_NULL:
        str_add(out, "null");
        break;
    case NODE_STRING:
        add_text(n, out);
        break;
    case NODE_LIST:
        str_addc(out, '[');
        for (size_t i = 0; i < n->list.len; i++) {
            str_add(out, i ? ", " : "");
            add_flow(n->list.items[i], out);
        }
        str_addc(out, ']');
        break;
    case NODE_MAP:
        str_addc(out, '{');
        for (size_t i = 0; i < n->map.len; i++) {
            str_addf(out, "%s%s: ", i ? ", " : "", n->map.pairs[i].key);
            add_flow(n->map.pairs[i].value, out);
        }
        str_addc(out, '}');
        break;
    default:
        node_scalar_text(n, out);
        break;
    }
}

const char *tree_flow(struct tree *t, const struct node *n)
{
    str_clear(&t->flow);
    if (n)
        add_flow(n, &t->flow);
    else
        str_add(&t->flow, "nothing");
    return str_text(&t->flow);
}

const char *tree_messages(struct tree *t)
{
    str_clear(&t->messages);
    for (size_t i = 0; i < diags_count(t->diags); i++) {
        const struct diag *g = diags_at(t->diags, i);

        str_addf(&t->messages, "%s:%u:%u: %s: %s%s%s", g->loc.file ? g->loc.file : "", g->loc.line,
                 g->loc.col, g->severity == SEVERITY_ERROR ? "error" : "warning",
                 g->path ? g->path : "", g->path ? ": " : "", g->msg);
        for (size_t k = 0; k < g->note_count; k++)
            str_addf(&t->messages, "%s%s", k ? "; " : " (", g->notes[k].msg);
        if (g->hint)
            str_addf(&t->messages, "%s%s", g->note_count ? "; " : " (", g->hint);
        str_add(&t->messages, g->hint || g->note_count ? ")" : "");
        str_addc(&t->messages, '\n');
    }
    return str_text(&t->messages);
}

void tree_check_service(const char *attrs, tree_pass *pass, const char *want)
{
    struct tree t;
    struct node *model;
    int rc;

    tree_init(&t);
    model = tree_service(&t, "c.yaml", attrs);
    rc = pass(&t.cx, model);
    if (rc < 0 || *tree_messages(&t)) {
        assert_string_equal(tree_messages(&t), want);
        assert_int_equal(rc < 0, strstr(tree_messages(&t), ": error: ") != NULL);
    } else {
        assert_string_equal(tree_flow(&t, node_path(model, "services.a")), want);
    }
    tree_done(&t);
}
