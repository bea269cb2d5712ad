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

/* The passes ask this for every key they meet, so the first letters are compared without a call. */
const struct attr *attr_find(const struct attr_table *t, const char *name)
{
    size_t low = 0, high = t->count;

    while (low < high) {
        size_t mid = low + (high - low) / 2;
        const char *there = t->attrs[mid].name;
        int order = (unsigned char)name[0] - (unsigned char)there[0];

        if (order == 0)
            order = strcmp(name, there);
        if (order == 0)
            return &t->attrs[mid];
        if (order < 0)
            high = mid;
        else
            low = mid + 1;
    }
    return NULL;
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
