/* cmd/prompt.h: yes-or-no questions. */
#ifndef CMD_PROMPT_H
#define CMD_PROMPT_H

#include <stdbool.h>

struct app;
struct strings;

/* Asks one after the other on stdout, reads stdin; `then` runs later, from the loop, with an answer
 * to each. Where stdin is not a terminal the message is printed without a newline, and anything but
 * y or true is no. `def`: what an empty line on a terminal means. */
void prompt_confirm(struct app *app, const struct strings *questions, bool def,
                    void (*then)(struct app *app, void *owner, const bool *yes), void *owner);

#endif
