#include "cmd/prompt.h"

#include "cmd/app.h"
#include "cmd/input.h"
#include "core/base/arena.h"
#include "core/base/str.h"

#include <string.h>
#include <strings.h>

struct prompt {
    struct app *app;
    struct strings questions;
    bool *answers;
    size_t at; /* the question that is asked */
    bool def;
    void (*then)(struct app *app, void *owner, const bool *yes);
    void *owner;
    struct input *input;
    struct str unread;
    bool ended;
};

static void ask(const struct prompt *p)
{
    const char *message = p->questions.items[p->at];

    if (p->app->stdin_tty)
        app_outf("\033[1;92m? \033[0m\033[1;99m%s \033[0m\033[37m(%s) \033[0m", message,
                 p->def ? "Y/n" : "y/N");
    else
        app_outf("%s", message);
}

static void close_input(struct prompt *p)
{
    p->app->on_interrupt = NULL;
    input_close(p->input);
    p->input = NULL;
    str_done(&p->unread);
}

static void on_interrupt(struct app *app, int count, void *owner)
{
    (void)count;
    close_input(owner);
    app_finish(app, 130);
}

static bool is_one_of(const char *word, const char *const *words, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (strcasecmp(word, words[i]) == 0)
            return true;
    return false;
}

/* False: it is no answer; on a terminal it is asked again. */
static bool judge(const struct prompt *p, const char *word, bool *ret)
{
    static const char *const yes[] = {"y", "yes"}, *const no[] = {"n", "no"};
    static const char *const piped[] = {"y", "1", "t", "true"};

    if (!p->app->stdin_tty)
        *ret = is_one_of(word, piped, ARRAY_LEN(piped));
    else if (!*word)
        *ret = p->def;
    else if (is_one_of(word, yes, ARRAY_LEN(yes)))
        *ret = true;
    else if (is_one_of(word, no, ARRAY_LEN(no)))
        *ret = false;
    else
        return false;
    return true;
}

/* The first word of the next line; false: the line is not there yet. */
static bool take_word(struct prompt *p, struct str *ret)
{
    const char *text = str_text(&p->unread);
    size_t line = strcspn(text, "\n");
    size_t start = strspn(text, " \t\r");

    if (line == p->unread.len && !p->ended)
        return false;
    str_clear(ret);
    if (start < line)
        str_addn(ret, text + start, strcspn(text + start, " \t\r\n"));
    str_consume(&p->unread, line < p->unread.len ? line + 1 : line);
    return true;
}

static void step(struct prompt *p)
{
    AUTO_TEXT word = {0};

    while (take_word(p, &word)) {
        if (!judge(p, str_text(&word), &p->answers[p->at]))
            app_outf("X Sorry, your reply was invalid: \"%s\" is not a valid answer, please try "
                     "again.\n",
                     str_text(&word));
        else if (++p->at == p->questions.len) {
            close_input(p);
            p->then(p->app, p->owner, p->answers);
            return;
        }
        ask(p);
    }
    input_more(p->input);
}

static void on_bytes(void *owner, const char *bytes, size_t len)
{
    struct prompt *p = owner;

    str_addn(&p->unread, bytes, len);
    step(p);
}

static void on_end(void *owner)
{
    struct prompt *p = owner;

    p->ended = true;
    step(p);
}

void prompt_confirm(struct app *app, const struct strings *questions, bool def,
                    void (*then)(struct app *app, void *owner, const bool *yes), void *owner)
{
    struct prompt *p = arena_alloc(app->arena, sizeof *p);
    struct input_callbacks cb = {p, on_bytes, on_end};

    *p = (struct prompt){
        .app = app, .questions = *questions, .def = def, .then = then, .owner = owner};
    p->answers = arena_calloc(app->arena, questions->len, sizeof *p->answers);
    ask(p);
    app->on_interrupt = on_interrupt;
    app->interrupt_owner = p;
    p->input = input_open(app->loop, false, &cb);
    input_more(p->input);
}
