/* core/exec/tell.c: what the user is told about a node. */
#include "core/exec/run.h"

#include "core/base/err.h"
#include "core/base/str.h"

#include <string.h>

void tell(struct run *r, enum progress_status s, const char *text, const char *details)
{
    struct progress p = {
        .node = r->node, .id = r->node->subject, .status = s, .text = text, .details = details};

    if (r->x->cb.on_progress)
        r->x->cb.on_progress(r->x->cb.owner, &p);
}

void tell_begin(struct run *r)
{
    if (r->node->doing)
        tell(r, PROGRESS_WORKING, r->node->doing, NULL);
}

void tell_done(struct run *r)
{
    if (r->node->done)
        tell(r, PROGRESS_DONE, r->node->done, NULL);
}

static const char *after_prefix(const char *text, const char *prefix)
{
    return str_has_prefix(text, prefix) ? text + strlen(prefix) : text;
}

void tell_failed(struct run *r, const struct err *err)
{
    const char *word = r->node->failed;

    if (!word)
        return;
    if (r->node->op == OP_IMAGE_PULL) /* the word says already what it is */
        tell(r, str_eq(word, FAILED_CAN_BUILD) ? PROGRESS_WARNING : PROGRESS_ERROR, word,
             after_prefix(err_text(err), "Error response from daemon: "));
    else
        tell(r, PROGRESS_ERROR, str_eq(word, FAILED_WITH_MESSAGE) ? err_text(err) : word, NULL);
}

/* docker compose shows it as a line of the service. */
void tell_engine_warning(struct run *r, const char *text)
{
    struct progress p = {
        .node = r->node, .id = r->node->service, .status = PROGRESS_WARNING, .text = text};

    if (!p.id)
        tell_warning(r->x, text);
    else if (r->x->cb.on_progress)
        r->x->cb.on_progress(r->x->cb.owner, &p);
}

void tell_warning(struct exec *x, const char *text)
{
    if (x->cb.on_warning)
        x->cb.on_warning(x->cb.owner, text);
}
