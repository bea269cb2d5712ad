/* Short forms: the first line names the row ("service.ports"), the rest is the value: as one text,
 * as the only item of a list, and as YAML. What has been expanded stays as it is; only
 * extra_hosts takes commas and brackets apart in a list that it leaves in a map, as docker compose
 * does. */
#include "tests/fuzz/fuzz.h"

#include "core/base/arena.h"
#include "core/base/diags.h"
#include "core/base/str.h"
#include "core/schema/expand.h"
#include "core/yaml/node.h"
#include "core/yaml/parse.h"

#include <string.h>

enum { DEPTH_MAX = 6 };

/* Rows of all tables are looked through; tables refer to each other in circles. */
static const struct attr *find(const struct attr_table *t, const char *name, size_t len,
                               size_t depth)
{
    size_t own = strlen(t->name);

    for (size_t i = 0; i < t->count; i++) {
        const struct attr *row = &t->attrs[i];
        const struct attr *below;

        if (len == own + 1 + strlen(row->name) && memcmp(name, t->name, own) == 0 &&
            name[own] == '.' && memcmp(name + own + 1, row->name, len - own - 1) == 0)
            return row;
        below = row->sub && depth < DEPTH_MAX ? find(row->sub, name, len, depth + 1) : NULL;
        if (below)
            return below;
    }
    return NULL;
}

static void expand(const struct attr *row, expand_fn *fn, struct arena *a, struct node *n)
{
    static const struct attr_path services = {.key = "services"};
    static const struct attr_path service = {.up = &services, .key = "a"};
    const struct attr_path at = {.up = &service, .key = row->name};
    struct diags *d = diags_new();
    struct schema_ctx cx = {.arena = a, .diags = d, .dir = "/p", .home = "/home/u"};
    struct node *once = fn(&cx, &at, n), *copy = node_copy(a, once);
    AUTO_TEXT messages = {0};

    FUZZ_CHECK(once || diags_has_errors(d), "nothing came out, and no error");
    if (once && !diags_has_errors(d) && fn != expand_extra_hosts) {
        struct node *twice = fn(&cx, &at, once);

        FUZZ_CHECK(twice && node_equal(twice, copy), "%s: expanding twice is not the same",
                   row->name);
    }
    fuzz_format(d, &messages);
    diags_free(d);
}

static void try(const struct attr *row, struct arena *a, const struct node *n)
{
    if (row->expand)
        expand(row, row->expand, a, node_copy(a, n));
    if (row->expand_late)
        expand(row, row->expand_late, a, node_copy(a, n));
}

static void try_text(const struct attr *row, struct arena *a, const char *text, size_t len)
{
    struct node *n = node_stringn(a, (struct loc){.file = "a", .line = 1, .col = 1}, text, len);
    struct node *list = node_new(a, NODE_LIST, n->loc);

    if (memchr(text, '\0', len))
        return;
    try(row, a, n);
    node_add(a, list, n);
    try(row, a, list);
}

static void try_yaml(const struct attr *row, struct arena *a, const char *text, size_t len)
{
    struct diags *d = diags_new();
    struct yaml_docs docs = {0};

    if (yaml_parse(a, d, "a", text, len, &docs) == 0 && !diags_has_errors(d) && docs.len)
        try(row, a, docs.items[0]);
    diags_free(d);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    const char *line = (const char *)bytes, *end = len ? memchr(line, '\n', len) : NULL;
    const struct attr *row = end ? find(&project_table, line, (size_t)(end - line), 0) : NULL;
    struct arena *a;
    const char *value;

    if (!row || (!row->expand && !row->expand_late))
        return -1;
    a = arena_new();
    len -= (size_t)(end + 1 - line);
    value = arena_strndup(a, end + 1, len);
    try_text(row, a, value, len);
    try_yaml(row, a, value, len);
    arena_free(a);
    return 0;
}
