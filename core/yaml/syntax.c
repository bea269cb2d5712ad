#include "core/yaml/builder.h"

#include "core/base/diags.h"
#include "core/base/str.h"

#include <string.h>

/* What usually is the matter, by libyaml's words. */
static const struct {
    const char *problem, *hint;
} hints[] = {
    {"mapping values are not allowed in this context",
     "check the indentation, and quote the value if ': ' belongs to it"},
    {"did not find expected key", "check the indentation of this line and the one before"},
    {"did not find expected '-' indicator",
     "items of a list and keys of a mapping cannot be mixed"},
    {"could not find expected ':'", "a key needs ':' and a space after it"},
    {"found unexpected end of stream", "the quote that opens here is never closed"},
    {"found unknown escape character", "use single quotes, or double the backslash"},
    {"did not find expected alphabetic or numeric character",
     "quote a value that starts with '*' or '&'"},
};

static struct loc loc_of_offset(const struct builder *b, size_t offset)
{
    struct loc loc = {.file = b->file, .line = 1, .col = 1};

    for (size_t i = 0; i < offset && i < b->len; i++) {
        if (b->text[i] == '\n') {
            loc.line++;
            loc.col = 1;
        } else if (((unsigned char)b->text[i] & 0xC0) != 0x80) {
            loc.col++;
        }
    }
    return loc;
}

/* The byte at a line and column, or NUL. */
static char char_at(const struct builder *b, struct loc loc)
{
    struct loc at = {.line = 1, .col = 1};

    for (size_t i = 0; i < b->len; i++) {
        if (at.line == loc.line && at.col == loc.col)
            return b->text[i];
        if (b->text[i] == '\n') {
            at.line++;
            at.col = 1;
        } else if (((unsigned char)b->text[i] & 0xC0) != 0x80) {
            at.col++;
        }
    }
    return '\0';
}

static const char *find_hint(const char *problem)
{
    for (size_t i = 0; i < sizeof hints / sizeof hints[0]; i++)
        if (strcmp(problem, hints[i].problem) == 0)
            return hints[i].hint;
    return NULL;
}

static void hint_at(struct diag *g, char c, const char *problem)
{
    const char *hint = find_hint(problem);

    if (c == '\t')
        diag_hint(g, "indent with spaces: YAML does not allow tabs there");
    else if (hint)
        diag_hint(g, "%s", hint);
    else if (c && strchr("@`%", c) && strstr(problem, "cannot start any token"))
        diag_hint(g, "quote a value that starts with '%c'", c);
}

static void report_encoding(struct builder *b, const char *problem)
{
    const yaml_parser_t *y = &b->yaml;
    struct diag *g =
        diags_error(b->diags, loc_of_offset(b, y->problem_offset), NULL, "%s", problem);

    diag_compat(g, "yaml: %s", problem);
    if (y->problem_value >= 0)
        diag_hint(g, "the file must be UTF-8 text; here is %s 0x%02X",
                  strstr(problem, "character") ? "the character" : "the byte",
                  (unsigned)y->problem_value);
}

static struct loc start_of_unfinished(const struct builder *b)
{
    const yaml_parser_t *y = &b->yaml;
    struct loc loc = mark_loc(b, y->context ? y->context_mark : y->problem_mark);

    if (!char_at(b, loc) && b->stack.len)
        loc = b->stack.items[b->stack.len - 1].node->loc;
    return loc;
}

void report_syntax(struct builder *b)
{
    const yaml_parser_t *y = &b->yaml;
    const char *problem = y->problem ? y->problem : "not valid YAML";
    struct loc loc = mark_loc(b, y->problem_mark);
    struct diag *g;
    char c;

    if (y->error == YAML_READER_ERROR) {
        report_encoding(b, problem);
        return;
    }
    c = char_at(b, loc);
    if (!c) /* what has no end is shown where it begins */
        loc = start_of_unfinished(b);
    if (y->context && y->context_mark.line + 1 != loc.line)
        g = diags_error(b->diags, loc, NULL, "%s %s that starts at line %u", problem, y->context,
                        (unsigned)y->context_mark.line + 1);
    else if (y->context)
        g = diags_error(b->diags, loc, NULL, "%s %s", problem, y->context);
    else
        g = diags_error(b->diags, loc, NULL, "%s", problem);
    hint_at(g, c, problem);
    diag_compat(g, "yaml: line %u: %s", loc.line, problem);
}
