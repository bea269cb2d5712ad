/* core/schema/expand_words.c: a command written as one text, split the way docker compose splits
 * it, which is a shell's way only nearly: there are no variables, globs or
 * comments. */
#include "core/schema/expand.h"

#include "core/base/arena.h"
#include "core/base/diags.h"
#include "core/base/str.h"
#include "core/schema/report.h"
#include "core/yaml/node.h"

#include <string.h>

struct splitter {
    struct schema_ctx *cx;
    const struct node *from;
    struct node *list;
    struct str word;
    bool in_word;
    bool single, twofold, back, dollar; /* inside '...', "...", `...`, $(...) */
};

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static bool is_quoted(const struct splitter *s)
{
    return s->single || s->twofold || s->back || s->dollar;
}

static void add_char(struct splitter *s, char c)
{
    str_addc(&s->word, c);
    s->in_word = true;
}

static void end_word(struct splitter *s)
{
    struct node *n;

    if (s->in_word) {
        n = node_string_of(s->cx->arena, s->from, str_text(&s->word), s->word.len);
        n->quoted = true;
        n->shortened = true;
        n->secret = n->secret || is_behind_option(s->list, str_text(&s->word));
        node_add(s->cx->arena, s->list, n);
    }
    str_clear(&s->word);
    s->in_word = false;
}

/* '...' and "..." go, the text in them stays. True: the character was such a quote. */
static bool toggle_quote(struct splitter *s, char c)
{
    bool *quote = c == '"' ? &s->twofold : &s->single;

    if ((c == '"' && (s->single || s->dollar)) || (c == '\'' && (s->twofold || s->dollar)) ||
        (c != '"' && c != '\''))
        return false;
    if (*quote)
        s->in_word = true; /* "" is a word */
    *quote = !*quote;
    return true;
}

/* Backticks and $( ) group and stay in the word. -1: a parenthesis where none can be. */
static int toggle_group(struct splitter *s, char c)
{
    if (c == '`' && !s->single && !s->twofold && !s->dollar)
        s->back = !s->back;
    if ((c != '(' && c != ')') || s->single || s->twofold || s->back)
        return 0;
    if (c == ')') {
        s->dollar = !s->dollar;
        return 0;
    }
    if (s->dollar || !s->word.len || s->word.data[s->word.len - 1] != '$')
        return -1;
    s->dollar = true;
    return 0;
}

static struct node *unbalanced(struct splitter *s, const struct attr_path *at, const char *hint)
{
    AUTO_TEXT text = {0};
    AUTO_TEXT path = {0};
    struct diag *g = schema_error(s->cx, at, s->from, "invalid command line string '%s'",
                                  node_shown(at, s->from, &text));

    attr_path_docker(at, INDEX_DECODE, &path);
    diag_compat(g, "'%s' invalid command line string", str_text(&path));
    diag_hint(g, "%s", hint);
    return NULL;
}

/* A shell's operator: docker compose drops the rest of the text without a word. */
static void dropped(struct splitter *s, const struct attr_path *at, const char *rest)
{
    struct diag *g = schema_warn(s->cx, at, s->from, "everything from '%s' on is dropped",
                                 is_secret_value(at, s->from) ? "***" : rest);

    diag_hint(g, "no shell runs a command; quote the '%c', or write [sh, -c, '...']", *rest);
    if (*rest == '>' && s->word.len && s->word.data[0] >= '0' && s->word.data[0] <= '9') {
        str_clear(&s->word); /* 2>file */
        s->in_word = false;
    }
}

static struct node *finish(struct splitter *s, const struct attr_path *at)
{
    end_word(s);
    if (!is_quoted(s))
        return s->list;
    return unbalanced(s, at,
                      s->single || s->twofold ? "a quote is not closed"
                      : s->back               ? "a backtick is not closed"
                                              : "parentheses do not match");
}

static struct node *split(struct splitter *s, const struct attr_path *at, const char *text)
{
    for (const char *c = text; *c; c++) {
        if (*c == '\\' && !s->single) {
            if (!c[1])
                return unbalanced(s, at, "the backslash at the end has nothing to escape");
            add_char(s, *++c);
        } else if (is_blank(*c) && !is_quoted(s)) {
            end_word(s);
            if (arena_is_over(s->cx->arena)) {
                schema_too_large(s->cx, at, s->from->loc);
                return NULL;
            }
        } else if (is_blank(*c)) {
            str_addc(&s->word, *c);
        } else if (toggle_quote(s, *c)) {
            continue;
        } else if (strchr(";&|<>", *c) && !is_quoted(s)) {
            dropped(s, at, c);
            break;
        } else if (toggle_group(s, *c) < 0) {
            return unbalanced(s, at, "a '(' must be quoted");
        } else {
            add_char(s, *c);
        }
    }
    return finish(s, at);
}

struct node *expand_command(struct schema_ctx *cx, const struct attr_path *at, struct node *n)
{
    struct splitter s = {.cx = cx, .from = n};
    struct node *list;

    if (n->kind != NODE_STRING)
        return n;
    s.list = node_of(cx->arena, n, NODE_LIST);
    s.list->shortened = true;
    list = split(&s, at, n->string.text);
    str_done(&s.word);
    return list;
}
