#include "core/schema/attr.h"

#include "core/base/diags.h" /* nearest_word */
#include "core/base/mem.h"
#include "core/base/str.h"
#include "core/base/vec.h"

#include <assert.h>
#include <regex.h>
#include <stdlib.h>
#include <string.h>

void attr_path_text(const struct attr_path *at, struct str *out)
{
    if (!at)
        return;
    attr_path_text(at->up, out);
    if (at->key)
        str_addf(out, "%s%s", at->up ? "." : "", at->key);
    else
        str_addf(out, "[%zu]", at->index);
}

static unsigned hash_name(const char *name)
{
    unsigned h = 0;

    for (; *name; name++)
        h = h * 31 + (unsigned char)*name;
    return h;
}

static void make_index(const struct attr_table *t)
{
    assert(t->count < ATTR_SLOTS / 2);
    for (size_t i = 0; i < t->count; i++) {
        unsigned at = hash_name(t->attrs[i].name) % ATTR_SLOTS;

        while (t->index->slots[at])
            at = (at + 1) % ATTR_SLOTS;
        t->index->slots[at] = (uint8_t)(i + 1);
    }
    t->index->made = true;
}

/* The passes ask this for every key they meet. */
const struct attr *attr_find(const struct attr_table *t, const char *name)
{
    unsigned at = hash_name(name) % ATTR_SLOTS;

    if (!t->index->made)
        make_index(t);
    for (; t->index->slots[at]; at = (at + 1) % ATTR_SLOTS) {
        const struct attr *row = &t->attrs[t->index->slots[at] - 1];

        if (strcmp(row->name, name) == 0)
            return row;
    }
    return NULL;
}

struct attr_step attr_down(struct attr_step at, const char *key)
{
    const struct attr *row = at.table && key ? attr_find(at.table, key) : NULL;

    if (!row)
        return (struct attr_step){.table = at.below};
    if (row->kind == K_OBJECT)
        return (struct attr_step){.row = row, .table = row->sub};
    return (struct attr_step){.row = row, .below = row->sub};
}

const char *attr_nearest(const struct attr_table *t, const char *name)
{
    const char **names = mem_calloc(t->count, sizeof *names);
    const char *found;

    for (size_t i = 0; i < t->count; i++)
        names[i] = t->attrs[i].name;
    found = nearest_word(name, names, t->count);
    free(names);
    return found;
}

static int compare_order(const void *a, const void *b)
{
    const struct attr *const *x = a, *const *y = b;

    return (*x)->order < (*y)->order ? -1 : (*x)->order > (*y)->order;
}

size_t attr_print_order(const struct attr_table *t, const struct attr **ret)
{
    size_t len = 0;

    for (size_t i = 0; i < t->count; i++)
        if (t->attrs[i].order)
            ret[len++] = &t->attrs[i];
    if (len > 1)
        qsort(ret, len, sizeof *ret, compare_order);
    return len;
}

/* Kept until the program ends: there are as many as rows with a pattern. */
bool attr_matches(const struct attr *row, const char *text)
{
    struct compiled {
        const char *pattern;
        regex_t regex;
    };
    static VEC(struct compiled *) known;
    struct compiled *c;

    for (size_t i = 0; i < known.len; i++)
        if (known.items[i]->pattern == row->pattern)
            return regexec(&known.items[i]->regex, text, 0, NULL, 0) == 0;
    c = mem_calloc(1, sizeof *c);
    c->pattern = row->pattern;
    if (regcomp(&c->regex, row->pattern, REG_EXTENDED | REG_NOSUB) != 0)
        assert(!"a row's pattern is no regular expression");
    vec_push(&known, c);
    return regexec(&c->regex, text, 0, NULL, 0) == 0;
}
