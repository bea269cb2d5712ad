/* cmd/build_view.h: what a build says, on stdout: BuildKit's plain log, or the classic builder's
 * text. Several builds at a time share one numbering; steps carry the service's name. */
#ifndef CMD_BUILD_VIEW_H
#define CMD_BUILD_VIEW_H

struct app;
struct build_event;
struct build_view;
struct err;
struct plan_node;

struct build_view *build_view_new(struct app *app);
void build_view_event(struct build_view *v, const struct plan_node *n, const struct build_event *e);
void build_view_end(struct build_view *v, const struct err *err); /* NULL err: all went well */
void build_view_free(struct build_view *v);                       /* takes NULL */

#endif
