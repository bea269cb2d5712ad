#include "core/plan/cause.h"

#include "core/base/arena.h"
#include "core/base/str.h"

void cause_add(struct arena *a, struct causes *list, struct loc loc, const char *fmt, ...)
{
    va_list ap;

    list->items =
        arena_grow(a, list->items, list->len, &list->cap, list->len + 1, sizeof *list->items);
    va_start(ap, fmt);
    list->items[list->len].text = arena_vprintf(a, fmt, ap);
    va_end(ap);
    list->items[list->len++].loc = loc;
}

void cause_print(const struct cause *c, struct str *out)
{
    str_add(out, c->text);
    if (!str_empty(c->loc.file) && c->loc.line)
        str_addf(out, " (%s:%u:%u)", c->loc.file, c->loc.line, c->loc.col);
}

const char *causes_text(struct arena *a, const struct causes *list, size_t max)
{
    AUTO_TEXT text = {0};

    for (size_t i = 0; i < list->len && (!max || i < max); i++) {
        str_add(&text, i ? "; " : "");
        cause_print(&list->items[i], &text);
    }
    if (max && list->len > max)
        str_addf(&text, "; and %zu more", list->len - max);
    return arena_strdup(a, str_text(&text));
}
