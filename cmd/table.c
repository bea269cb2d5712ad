#include "cmd/table.h"

#include "core/base/mem.h"
#include "core/base/str.h"
#include "core/base/text.h"

#include <stdlib.h>

/* Every cell as text, row by row; row 0 is the header. */
struct cells {
    struct str *items;
    size_t columns;
    size_t *widths;
};

static struct str *cell(const struct cells *t, size_t row, size_t column)
{
    return &t->items[row * t->columns + column];
}

static void print_row(const struct cells *t, size_t row, struct str *out)
{
    for (size_t i = 0; i < t->columns; i++) {
        const char *text = str_text(cell(t, row, i));

        str_add(out, text);
        if (i + 1 < t->columns)
            str_repeat(out, ' ', t->widths[i] - utf8_width(text));
    }
    str_addc(out, '\n');
}

void table_print(const struct column *columns, size_t column_count, const void *const *rows,
                 size_t row_count, size_t min_width, size_t padding, struct str *out)
{
    struct cells t = {.columns = column_count};
    size_t count = (row_count + 1) * column_count;

    t.items = mem_calloc(count, sizeof *t.items);
    t.widths = mem_calloc(column_count, sizeof *t.widths);
    for (size_t row = 0; row <= row_count; row++) {
        for (size_t i = 0; i < column_count; i++) {
            struct str *text = cell(&t, row, i);
            size_t width;

            if (row == 0)
                str_add(text, columns[i].title);
            else
                columns[i].get(rows[row - 1], text);
            width = utf8_width(str_text(text)) + padding;
            width = width < min_width ? min_width : width;
            t.widths[i] = width > t.widths[i] ? width : t.widths[i];
        }
    }
    for (size_t row = 0; row <= row_count; row++)
        print_row(&t, row, out);
    for (size_t i = 0; i < count; i++)
        str_done(&t.items[i]);
    free(t.items);
    free(t.widths);
}
