#include "core/base/log.h"

#include "core/base/mem.h"
#include "core/base/str.h"

#include <stdio.h>
#include <string.h>

static char *chosen; /* "http,plan"; NULL: all off */

void log_setup(const char *components)
{
    char *old = chosen;

    chosen = str_empty(components) ? NULL : mem_strdup(components);
    free(old);
}

static bool is_chosen(const char *component)
{
    size_t want = strlen(component);

    for (const char *s = chosen; *s;) {
        size_t len = strcspn(s, ", ");

        if ((len == want && memcmp(s, component, len) == 0) || (len == 3 && !memcmp(s, "all", 3)))
            return true;
        s += len;
        s += strspn(s, ", ");
    }
    return false;
}

bool log_on(const char *component)
{
    return chosen && is_chosen(component);
}

void log_debug(const char *component, const char *fmt, ...)
{
    AUTO_TEXT line = {0};
    va_list ap;

    if (!log_on(component))
        return;
    str_addf(&line, "trace: %s: ", component);
    va_start(ap, fmt);
    str_addvf(&line, fmt, ap);
    va_end(ap);
    str_addc(&line, '\n');
    fwrite(line.data, 1, line.len, stderr); /* one write: lines of parallel runs do not mix */
}
