#include "core/base/diags.h"

#include <string.h>

enum {
    WORD_MAX = 64,         /* bytes; what is longer was not mistyped by hand */
    CANDIDATES_MAX = 5000, /* among more nothing is proposed: for a thousand errors that is slow */
};

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
}

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* The row of letter i of `a`: what it takes to get from its first i letters to the first j of `b`,
 * for every j that is no further from i than the limit. Returns the least of it. */
static size_t fill_row(const char *a, size_t i, const char *b, size_t b_len, size_t limit,
                       size_t rows[3][WORD_MAX + 2])
{
    size_t *now = rows[i % 3], *last = rows[(i + 2) % 3], *before = rows[(i + 1) % 3];
    size_t from = i > limit ? i - limit : 1, to = least(b_len, i + limit), min;

    now[from - 1] = min = from == 1 ? i : limit + 1;
    for (size_t j = from; j <= to; j++) {
        bool same = lower(a[i - 1]) == lower(b[j - 1]);

        now[j] = least(least(last[j], now[j - 1]) + 1, last[j - 1] + !same);
        if (i > 1 && j > 1 && lower(a[i - 1]) == lower(b[j - 2]) &&
            lower(a[i - 2]) == lower(b[j - 1]))
            now[j] = least(now[j], before[j - 2] + 1);
        min = least(min, now[j]);
    }
    now[to + 1] = limit + 1;
    return min;
}

/* How many letters to insert, drop, replace or swap with their neighbour (Damerau-Levenshtein, each
 * place edited once), if it is not more than the limit. Case does not count. */
static size_t distance(const char *a, size_t a_len, const char *b, size_t b_len, size_t limit)
{
    size_t rows[3][WORD_MAX + 2];
    size_t min_before = 0, min = 0;

    if ((a_len > b_len ? a_len - b_len : b_len - a_len) > limit)
        return limit + 1;
    for (size_t j = 0; j <= least(b_len, limit) + 1; j++)
        rows[0][j] = j;
    for (size_t i = 1; i <= a_len; i++) {
        size_t now = fill_row(a, i, b, b_len, limit, rows);

        min_before = min;
        min = now;
        if (i > 1 && min > limit && min_before > limit)
            return limit + 1;
    }
    return rows[a_len % 3][b_len];
}

struct nearest nearest_to(const char *word)
{
    size_t len = strlen(word);

    return (struct nearest){.word = word, .len = len, .best = len <= WORD_MAX ? len / 3 + 1 : 0};
}

bool nearest_look(struct nearest *n, const char *candidate)
{
    size_t len, d;

    if (n->best == 0)
        return false;
    if (n->looked++ == CANDIDATES_MAX) {
        n->best = 0;
        n->found = NULL;
        return false;
    }
    len = strlen(candidate);
    if (len > WORD_MAX)
        return true;
    d = distance(n->word, n->len, candidate, len, n->best - 1);
    if (d < n->best) {
        n->best = d;
        n->found = candidate;
    }
    return n->best > 0;
}

const char *nearest_word(const char *word, const char *const *candidates, size_t count)
{
    struct nearest n = nearest_to(word);

    for (size_t i = 0; i < count && nearest_look(&n, candidates[i]); i++)
        ;
    return n.found;
}
