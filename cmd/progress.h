/* cmd/progress.h: what is going on, on stderr: a redrawn frame on a terminal, lines elsewhere, JSON
 * objects, or nothing. */
#ifndef CMD_PROGRESS_H
#define CMD_PROGRESS_H

struct app;
struct progress;
struct progress_view;

/* title: of the frame, "Running"; NULL: nothing is shown. May return
 * NULL, which the others take. */
struct progress_view *progress_begin(struct app *app, const char *title);
void progress_event(struct progress_view *v, const struct progress *p);
void progress_pause(struct progress_view *v); /* before somebody else writes to the terminal */
/* Last frame, then `tail` (NULL or empty: nothing); stops the timer; frees when the loop lets go.
 */
void progress_end(struct progress_view *v, const char *tail);

#endif
