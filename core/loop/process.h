/* core/loop/process.h: a program that is run: its lines, its end. */
#ifndef CORE_LOOP_PROCESS_H
#define CORE_LOOP_PROCESS_H

#include <stddef.h>
#include <stdint.h>
#include <uv.h>

struct err;
struct process;

struct process_options {
    const char *file;         /* with its path */
    const char *const *args;  /* args[0] is the name; NULL-terminated */
    char *const *environment; /* "K=V", NULL-terminated; NULL: ours */
    /* Lines of its standard output, without the newline; a last one without newline is one. */
    void (*on_line)(void *owner, const char *line, size_t len);
    /* Once, later, after the last line: status as exit() had it, or the signal that ended it.
     * `errors`: the end of what it wrote to stderr. The process is gone when this returns. */
    void (*on_exit)(void *owner, int64_t status, int signal, const char *errors);
    void *owner;
};

/* Standard input is empty. NULL after setting err: then on_exit does not run. */
struct process *process_start(uv_loop_t *loop, const struct process_options *o, struct err *err);
/* on_exit still follows; after SIGKILL it does not wait for those who have its output open. */
void process_kill(struct process *p, int signal);

#endif
