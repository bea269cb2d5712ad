/* core/exec/holder.h: which process holds a lock, as one text that other processes can judge.
 *
 * "BOOT:PIDNS:PID:START": the machine's boot, the namespace the process id counts in, the id, and
 * when the process started, so that an id that was given to another process is not taken for it.
 * No part is "" or has a colon. */
#ifndef CORE_EXEC_HOLDER_H
#define CORE_EXEC_HOLDER_H

#include <stdbool.h>

struct arena;

const char *holder_self(struct arena *a); /* this process */
const char *holder_name(struct arena *a); /* "ada@build7", for people */

enum holder_state {
    HOLDER_ELSEWHERE, /* another machine or namespace: nothing can be said from here */
    HOLDER_ALIVE,
    HOLDER_GONE,
};
enum holder_state holder_look(const char *holder);
/* A descriptor that becomes readable when the process ends, the caller's to close; -1: it cannot
 * be watched. Only for one that is alive. */
int holder_watch(const char *holder);

#endif
