/* core/load/consistency.h: what the files of the consistency stage share. */
#ifndef CORE_LOAD_CONSISTENCY_H
#define CORE_LOAD_CONSISTENCY_H

struct diag;
struct load;
struct project;

/* cycles.c: services that wait for each other. Reports each cycle once, with its whole path. */
void check_cycles(struct load *l, const struct project *p);

/* Adds the item of a LIST_OF(...) whose key is nearest to `word`; `what` names its kind. */
void hint_nearest(struct diag *g, const char *what, const char *word, const void *list);

#endif
