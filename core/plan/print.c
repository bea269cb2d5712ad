/* core/plan/print.c: a plan as text, a line a node:
 *
 *     4 container start demo-db-1: created
 * [Starting, Started] after 1 3 */
#include "core/plan/plan.h"

#include "core/base/str.h"

#include <inttypes.h>

static const char *wait_name(enum wait_for w)
{
    static const char *const names[] = {
        [WAIT_STARTED] = "started",
        [WAIT_HEALTHY] = "healthy",
        [WAIT_COMPLETED] = "completed",
        [WAIT_RUNNING_OR_HEALTHY] = "running or healthy",
    };

    return names[w];
}

/* What one op has and others have not. */
static void print_details(const struct plan_node *n, struct str *out)
{
    if (n->new_name)
        str_addf(out, " -> %s", n->new_name);
    if (n->network)
        str_addf(out, " network %s", n->network);
    if (n->endpoint)
        for (size_t i = 0; i < n->endpoint->aliases.len; i++)
            str_addf(out, "%s%s", i ? "," : " aliases ", n->endpoint->aliases.items[i]);
    for (size_t i = 0; n->create && i < n->create->links.len; i++)
        str_addf(out, "%s%s", i ? "," : " links ", n->create->links.items[i]);
    for (size_t i = 0; n->exec && i < n->exec->argv.len; i++)
        str_addf(out, " %s", n->exec->argv.items[i]);
    if (n->signal)
        str_addf(out, " signal %s", n->signal);
    if (n->op == OP_CONTAINER_STOP || n->op == OP_CONTAINER_RESTART) {
        if (n->timeout != TIMEOUT_DEFAULT)
            str_addf(out, " timeout %" PRId64, n->timeout);
    } else if (n->op == OP_WAIT) {
        str_addf(out, " %s%s%s", wait_name(n->wait), n->optional ? " optional" : "",
                 n->at_end ? " at end" : "");
        if (n->timeout)
            str_addf(out, " timeout %" PRId64, n->timeout);
    }
    if (n->force)
        str_add(out, " force");
    if (n->volumes)
        str_add(out, " volumes");
    if (n->only_after_failure)
        str_add(out, " only after failure");
    if (n->undoes)
        str_add(out, " undoes");
    for (size_t i = 0; i < n->file_count; i++)
        str_addf(out, " %s", n->files[i].target);
}

static void print_node(const struct plan_node *n, struct str *out)
{
    str_addf(out, "%zu %s", n->id, op_name(n->op));
    if (n->target)
        str_addf(out, " %s", n->target);
    print_details(n, out);
    str_addf(out, ": %s", n->cause);
    if (n->doing || n->done)
        str_addf(out, " [%s%s%s]", n->doing ? n->doing : "", n->doing && n->done ? ", " : "",
                 n->done ? n->done : "");
    for (size_t i = 0; i < n->after_len; i++)
        str_addf(out, "%s %zu", i ? "" : " after", n->after[i]->id);
    str_addc(out, '\n');
}

void plan_print(const struct plan *p, struct str *out)
{
    for (size_t i = 0; i < plan_len(p); i++)
        print_node(plan_at(p, i), out);
}
