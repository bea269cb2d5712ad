#include "core/base/diags.h"

#include "core/base/mem.h"

#include <stdlib.h>
#include <string.h>

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
}

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* How many letters to insert, drop, replace or swap with their neighbour (Damerau-Levenshtein, each
 * place edited once). Case does not count. `rows` holds three rows of b_len + 1. */
static size_t distance(const char *a, size_t a_len, const char *b, size_t b_len, size_t *rows)
{
    size_t *before = rows, *last = rows + b_len + 1, *now = rows + 2 * (b_len + 1);

    for (size_t j = 0; j <= b_len; j++)
        last[j] = j;
    for (size_t i = 1; i <= a_len; i++) {
        size_t *spare = before;

        now[0] = i;
        for (size_t j = 1; j <= b_len; j++) {
            bool same = lower(a[i - 1]) == lower(b[j - 1]);

            now[j] = least(least(last[j], now[j - 1]) + 1, last[j - 1] + !same);
            if (i > 1 && j > 1 && lower(a[i - 1]) == lower(b[j - 2]) &&
                lower(a[i - 2]) == lower(b[j - 1]))
                now[j] = least(now[j], before[j - 2] + 1);
        }
        before = last;
        last = now;
        now = spare;
    }
    return last[b_len];
}

const char *nearest_word(const char *word, const char *const *candidates, size_t count)
{
    size_t len = strlen(word), limit = len / 3, best = limit + 1;
    const char *found = NULL;

    for (size_t i = 0; i < count; i++) {
        size_t other = strlen(candidates[i]), d;
        size_t *rows;

        if ((other > len ? other - len : len - other) >= best)
            continue; /* the lengths alone differ too much */
        rows = mem_reallocarray(NULL, 3 * (other + 1), sizeof *rows);
        d = distance(word, len, candidates[i], other, rows);
        free(rows);
        if (d < best) {
            best = d;
            found = candidates[i];
        }
    }
    return found;
}
