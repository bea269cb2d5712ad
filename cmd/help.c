/* cmd/help.c: the pages --help prints, from the tables of options. The layout is docker compose's,
 * the name ours. */
#include "cmd/app.h"
#include "cmd/command.h"
#include "core/base/str.h"
#include "core/base/vec.h"

#include <string.h>

enum {
    SLOP = 5,    /* the last piece of a text may be this much longer than a line */
    NARROW = 24, /* less room than this beside the options: the text goes below */
    BELOW_AT = 16,
};

static const struct opt dry_run_opt = {
    OPT_KIND_FLAG, 0, "dry-run", 0, NULL, "Show what would be done, change nothing", NULL, false};

struct row {
    const struct opt *opt;
    struct str left;
};

static void add_indented(const char *text, size_t len, size_t indent, struct str *out)
{
    for (size_t i = 0; i < len; i++) {
        str_addc(out, text[i]);
        if (text[i] == '\n')
            str_repeat(out, ' ', indent);
    }
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n';
}

/* Bytes of the next line of `text`; *ret_next is where the one after it starts. */
static size_t cut_line(const char *text, size_t limit, size_t *ret_next)
{
    size_t len = strlen(text), at;
    const char *newline;

    *ret_next = len;
    if (limit + SLOP > len)
        return len;
    for (at = limit; at > 0 && !is_blank(text[at - 1]); at--)
        ;
    if (at <= 1)
        return len;
    newline = memrchr(text, '\n', limit);
    if (newline && newline > text && (size_t)(newline - text) < at - 1)
        at = (size_t)(newline - text) + 1;
    *ret_next = at;
    return at - 1;
}

/* The text, wrapped to `columns`, in a column that starts at `start`, where the output now is. */
static void add_wrapped(const char *text, size_t start, int columns, struct str *out)
{
    int room = columns - (int)start;
    size_t next, len;

    if (room < NARROW) {
        start = BELOW_AT;
        room = columns - BELOW_AT;
        str_addc(out, '\n');
        str_repeat(out, ' ', start);
    }
    if (room < NARROW) {
        add_indented(text, strlen(text), start, out);
        return;
    }
    while (*text) {
        len = cut_line(text, (size_t)room - SLOP, &next);
        add_indented(text, len, start, out);
        text += next;
        if (*text) {
            str_addc(out, '\n');
            str_repeat(out, ' ', start);
        }
    }
}

static int by_name(const void *pa, const void *pb)
{
    const struct row *a = pa, *b = pb;

    return strcmp(a->opt->name, b->opt->name);
}

static struct row make_row(const struct opt *o)
{
    struct row r = {.opt = o};

    if (o->letter)
        str_addf(&r.left, "  -%c, --%s", o->letter, o->name);
    else
        str_addf(&r.left, "      --%s", o->name);
    if (o->type)
        str_addf(&r.left, " %s", o->type);
    return r;
}

static void add_options(const struct opt *opts, int columns, struct str *out)
{
    VEC(struct row) rows = {0};
    size_t longest = 0;

    vec_push(&rows, make_row(&dry_run_opt));
    for (const struct opt *o = opts; o && o->kind != OPT_KIND_END; o++)
        if (!o->hidden)
            vec_push(&rows, make_row(o));
    qsort(rows.items, rows.len, sizeof *rows.items, by_name);
    for (size_t i = 0; i < rows.len; i++)
        longest = rows.items[i].left.len > longest ? rows.items[i].left.len : longest;
    str_add(out, "\nOptions:\n");
    for (size_t i = 0; i < rows.len; i++) {
        const struct opt *o = rows.items[i].opt;
        AUTO_TEXT text = {0};

        str_add(&text, o->help ? o->help : "");
        if (o->def)
            str_addf(&text, " (default %s)", o->def);
        str_add(out, str_text(&rows.items[i].left));
        str_repeat(out, ' ', longest + 3 - rows.items[i].left.len);
        add_wrapped(str_text(&text), longest + 3, columns - 1, out);
        str_addc(out, '\n');
        str_done(&rows.items[i].left);
    }
    vec_done(&rows);
}

void help_command(const struct command *c, int columns, struct str *out)
{
    str_addf(out, "Usage:  mcompose %s\n\n%s\n", c->usage, c->summary);
    add_options(c->opts, columns, out);
}

void help_root(int columns, struct str *out)
{
    size_t longest = 11;

    str_add(out, "Usage:  mcompose [OPTIONS] COMMAND\n\nDefine and run applications of several "
                 "containers\n");
    add_options(root_opts, columns, out);
    for (const struct command *const *c = commands; *c; c++)
        longest = strlen((*c)->name) > longest ? strlen((*c)->name) : longest;
    str_add(out, "\nCommands:\n");
    for (const struct command *const *c = commands; *c; c++)
        if (!(*c)->hidden)
            str_addf(out, "  %-*s %s\n", (int)longest, (*c)->name, (*c)->summary);
    str_add(out, "\nRun 'mcompose COMMAND --help' for more information on a command.\n");
}
