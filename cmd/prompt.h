/* cmd/prompt.h: a yes-or-no question. */
#ifndef CMD_PROMPT_H
#define CMD_PROMPT_H

#include <stdbool.h>

struct app;

/* Asks on stdout, reads stdin; `then` runs later, from the loop. Where stdin is not a terminal the
 * message is printed without a newline, and anything but y or true is no. */
void prompt_confirm(struct app *app, const char *message, bool def,
                    void (*then)(struct app *app, void *owner, bool yes), void *owner);

#endif
