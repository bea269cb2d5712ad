/* cmd/input.h: standard input as events, whatever it is: a terminal, a pipe, a file, /dev/null.
 *
 * Reading stops while the last bytes have not been taken: on_bytes gives them, input_more asks for
 * the next. The terminal's mode and the pipe's flags are put back by input_close and at exit. */
#ifndef CMD_INPUT_H
#define CMD_INPUT_H

#include <uv.h>

#include <stdbool.h>
#include <stddef.h>

struct input;

struct input_callbacks {
    void *owner;
    void (*on_bytes)(void *owner, const char *bytes, size_t len); /* valid inside the call */
    void (*on_end)(void *owner);
};

/* raw: bytes as typed, no echo, Ctrl-C is a byte; at once, though nothing is read before the first
 * input_more. Only a terminal has a raw mode. */
struct input *input_open(uv_loop_t *loop, bool raw, const struct input_callbacks *cb);
void input_more(struct input *in);
void input_close(
    struct input *in); /* takes NULL; no callback runs afterwards; frees itself later */
/* Standard input as it was before any input_open: for ends that come without input_close. */
void input_restore(void);

/* Rows and columns of the terminal on standard output; false when there is none. */
bool terminal_size(int *ret_rows, int *ret_cols);

#endif
