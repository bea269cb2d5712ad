#include "cmd/prompt.h"

#include "cmd/app.h"
#include "cmd/input.h"
#include "core/base/arena.h"
#include "core/base/str.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

struct prompt {
    struct app *app;
    const char *message;
    bool def;
    void (*then)(struct app *app, void *owner, bool yes);
    void *owner;
    struct input *input;
    struct str line;
};

static void ask(struct prompt *p)
{
    if (p->app->stdin_tty)
        app_outf("\033[1;92m? \033[0m\033[1;99m%s \033[0m\033[37m(%s) \033[0m", p->message,
                 p->def ? "Y/n" : "y/N");
    else
        app_outf("%s", p->message);
}

static void close_input(struct prompt *p)
{
    p->app->on_interrupt = NULL;
    input_close(p->input);
    p->input = NULL;
    str_done(&p->line);
}

static void answer(struct prompt *p, bool yes)
{
    close_input(p);
    p->then(p->app, p->owner, yes);
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

static void judge(struct prompt *p)
{
    static const char *const yes[] = {"y", "yes"}, *const no[] = {"n", "no"};
    static const char *const piped[] = {"y", "1", "t", "true"};
    char *word = p->line.data ? p->line.data : "";
    size_t len;

    while (isspace((unsigned char)*word))
        word++;
    len = strcspn(word, " \t\r\n");
    if (p->line.data)
        word[len] = '\0';
    if (!p->app->stdin_tty)
        answer(p, is_one_of(word, piped, ARRAY_LEN(piped)));
    else if (!*word)
        answer(p, p->def);
    else if (is_one_of(word, yes, ARRAY_LEN(yes)))
        answer(p, true);
    else if (is_one_of(word, no, ARRAY_LEN(no)))
        answer(p, false);
    else {
        app_outf(
            "X Sorry, your reply was invalid: \"%s\" is not a valid answer, please try again.\n",
            word);
        str_clear(&p->line);
        ask(p);
        input_more(p->input);
    }
}

static void on_bytes(void *owner, const char *bytes, size_t len)
{
    struct prompt *p = owner;

    str_addn(&p->line, bytes, len);
    if (memchr(bytes, '\n', len))
        judge(p);
    else
        input_more(p->input);
}

static void on_end(void *owner)
{
    judge(owner);
}

void prompt_confirm(struct app *app, const char *message, bool def,
                    void (*then)(struct app *app, void *owner, bool yes), void *owner)
{
    struct prompt *p = arena_alloc(app->arena, sizeof *p);
    struct input_callbacks cb = {p, on_bytes, on_end};

    *p = (struct prompt){.app = app, .message = message, .def = def, .then = then, .owner = owner};
    ask(p);
    app->on_interrupt = on_interrupt;
    app->interrupt_owner = p;
    p->input = input_open(app->loop, false, &cb);
}
