/* YAML to nodes and back: what is written reads as the same nodes, and is written the same again.
 */
#include "tests/fuzz/fuzz.h"

#include "core/base/arena.h"
#include "core/base/diags.h"
#include "core/base/str.h"
#include "core/yaml/emit.h"
#include "core/yaml/node.h"
#include "core/yaml/parse.h"

#include <math.h>
#include <string.h>

static void write(const struct node *n, struct str *out)
{
    struct yaml_writer w;

    yaml_write_init(&w, out);
    yaml_write_node(&w, n);
    yaml_write_finish(&w);
}

/* Docker compose prints several lines that begin with a tab as what it cannot read. */
static bool is_misprinted_text(const char *text)
{
    return *text == '\t' && strchr(text, '\n');
}

/* ... and a float that is -0 as what it reads as an integer. */
static bool is_misprinted(const struct node *n)
{
    if (node_is(n, NODE_LIST))
        for (size_t i = 0; i < n->list.len; i++)
            if (is_misprinted(n->list.items[i]))
                return true;
    if (node_is(n, NODE_MAP))
        for (size_t i = 0; i < n->map.len; i++)
            if (str_eq(n->map.pairs[i].key, "<<") || is_misprinted_text(n->map.pairs[i].key) ||
                is_misprinted(n->map.pairs[i].value))
                return true;
    if (node_is(n, NODE_STRING))
        return is_misprinted_text(n->string.text);
    return node_is(n, NODE_FLOAT) && n->real == 0 && signbit(n->real);
}

/* Numbers in keys are compared as docker compose does, whose 64 bits overflow: then the order of
 * three is not the same whichever two are compared first. */
static bool has_long_number(const char *text, size_t len)
{
    size_t digits = 0;

    for (size_t i = 0; i < len && digits < 19; i++)
        digits = text[i] >= '0' && text[i] <= '9' ? digits + 1 : 0;
    return digits >= 19;
}

static void check(struct arena *a, const struct node *n)
{
    struct diags *d = diags_new();
    struct yaml_docs docs = {0};
    AUTO_TEXT first = {0};
    AUTO_TEXT second = {0};
    AUTO_TEXT messages = {0};
    int rc;

    write(n, &first);
    rc = yaml_parse(a, d, "b", str_text(&first), first.len, &docs);
    fuzz_format(d, &messages);
    FUZZ_CHECK(rc == 0 && !diags_count(d) && docs.len == 1, "%s\n%s", str_text(&first),
               str_text(&messages));
    write(docs.items[0], &second);
    FUZZ_CHECK(str_eq(str_text(&first), str_text(&second)), "%s\n--- and then ---\n%s",
               str_text(&first), str_text(&second));
    diags_free(d);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    struct arena *a = arena_new();
    struct diags *d = diags_new();
    struct yaml_docs docs = {0};
    const char *text = arena_strndup(a, (const char *)bytes, len);
    AUTO_TEXT messages = {0};
    int rc;

    fuzz_source(d, "a", text, len);
    rc = yaml_parse(a, d, "a", text, len, &docs);
    fuzz_format(d, &messages);
    FUZZ_CHECK(rc == 0 || diags_has_errors(d), "no document and no error");
    for (size_t i = 0; i < docs.len && !diags_has_errors(d) && !has_long_number(text, len); i++)
        if (!is_misprinted(docs.items[i]))
            check(a, docs.items[i]);
    diags_free(d);
    arena_free(a);
    return 0;
}
