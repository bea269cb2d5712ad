/* cmd/evidence.h: what a container that failed others said, as text for the terminal. */
#ifndef CMD_EVIDENCE_H
#define CMD_EVIDENCE_H

struct evidence;
struct str;

/* Appends the block, lines with newlines; nothing when nothing is known. */
void evidence_format(const struct evidence *e, struct str *out);

#endif
