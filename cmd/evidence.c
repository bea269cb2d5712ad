#include "cmd/evidence.h"

#include "core/base/str.h"
#include "core/base/text.h"
#include "core/exec/exec.h"

#include <string.h>

/* Control characters of a container's output do not reach the terminal. */
static void add_line(const char *line, size_t len, struct str *out)
{
    str_add(out, "      | ");
    for (size_t i = 0; i < len; i++)
        str_addc(out, (unsigned char)line[i] < ' ' && line[i] != '\t' ? ' ' : line[i]);
    str_addc(out, '\n');
}

static void add_output(const char *title, const char *text, struct str *out)
{
    size_t len = text ? strlen(text) : 0;

    while (len && strchr("\r\n ", text[len - 1]))
        len--;
    if (!len)
        return;
    str_addf(out, "    %s:\n", title);
    for (const char *at = text, *end = text + len; at < end;) {
        const char *eol = memchr(at, '\n', (size_t)(end - at));
        size_t n = (size_t)((eol ? eol : end) - at);

        add_line(at, n && at[n - 1] == '\r' ? n - 1 : n, out);
        at += n + 1;
    }
}

static void add_state(const struct container *c, struct str *out)
{
    if (c->state == STATE_EXITED || c->state == STATE_DEAD)
        str_addf(out, "it exited with code %d%s", c->exit_code,
                 c->oom_killed ? ", out of memory" : "");
    else
        str_addf(out, "it is %s", container_state_name(c->state));
    if (c->health == HEALTH_UNHEALTHY && c->state == STATE_RUNNING)
        str_add(out, " and unhealthy");
    else if (c->health == HEALTH_STARTING && c->state == STATE_RUNNING)
        str_add(out, ", its health check has not succeeded yet");
    if (!str_empty(c->error))
        str_addf(out, " (%s)", c->error);
}

void evidence_format(const struct evidence *e, struct str *out)
{
    const struct container *c = e->container;

    if (!c)
        return;
    str_addf(out, "%s, waited for ", e->node->subject);
    duration_format((int64_t)(e->waited_ms / 100) * 100000000, out);
    str_add(out, ": ");
    add_state(c, out);
    str_addc(out, '\n');
    add_output("its last health check said", c->health_output, out);
    add_output("its log ends with", e->log, out);
}
