/* cmd/explain_unused.h: variables of env files that nothing reads. */
#ifndef CMD_EXPLAIN_UNUSED_H
#define CMD_EXPLAIN_UNUSED_H

#include <stdbool.h>

struct project;
struct str;

/* Lines "FILE:LINE:COL: NAME", or a JSON array. Values are not shown. */
void explain_unused(const struct project *p, bool json, struct str *out);

#endif
