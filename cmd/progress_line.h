/* cmd/progress_line.h: one thing that is being worked on, and how it is written: as a plain line,
 * as a JSON object, as a line of a frame. Pure: progress.c does the writing and the redrawing. */
#ifndef CMD_PROGRESS_LINE_H
#define CMD_PROGRESS_LINE_H

#include "core/exec/exec.h" /* enum progress_status */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct str;

/* docker compose has two places for words: `text` for pulls ("Pulling"), `word` for the rest
 * ("Created"). */
struct progress_line {
    char *id, *parent; /* parent: NULL for what stands by itself */
    enum progress_status status;
    char *text, *word; /* never NULL */
    int64_t current, total;
    uint64_t started_ns, ended_ns; /* ended: 0 while working */
};

void progress_line_set(struct progress_line *l,
                       const struct progress *p); /* words and numbers of an event */
void progress_line_done(struct progress_line *l);

void progress_plain(const struct progress_line *l, bool dry_run, struct str *out);
void progress_json(const struct progress_line *l, bool dry_run, struct str *out);
void progress_json_tail(const char *text, bool dry_run, struct str *out); /* after the last line */

struct progress_frame {
    const char *title;
    struct progress_line *const *lines;
    size_t len;
    int columns, rows; /* of the terminal; 0: unknown */
    unsigned spin;     /* counts redraws */
    uint64_t now_ns;
    bool color, dry_run;
};

/* The whole frame, header first; returns how many lines it has. */
size_t progress_frame(const struct progress_frame *f, struct str *out);

#endif
