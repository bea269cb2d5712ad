/* cmd/table.h: columns for `ps`, `ls`, `images`... Cells are text; widths in display columns. */
#ifndef CMD_TABLE_H
#define CMD_TABLE_H

#include <stddef.h>

struct str;

struct column {
    const char *title;
    void (*get)(const void *row, struct str *out);
};

/* min width and padding: 10/3 ("docker") or 20/3 ("pretty"). */
void table_print(const struct column *columns, size_t column_count, const void *const *rows,
                 size_t row_count, size_t min_width, size_t padding, struct str *out);

#endif
