#include "cmd/moment.h"

#include "core/base/arena.h"
#include "core/base/err.h"
#include "core/base/str.h"
#include "core/base/text.h"
#include "core/model/observed.h"

#include <inttypes.h>
#include <string.h>
#include <time.h>

static int from_duration(struct arena *a, const char *text, const char **ret)
{
    struct timespec now;
    int64_t ns, then;

    if (duration_parse(text, &ns, NULL) < 0)
        return -1;
    clock_gettime(CLOCK_REALTIME, &now);
    then = (int64_t)now.tv_sec * 1000000000 + now.tv_nsec - ns;
    *ret = arena_printf(a, "%lld.%09lld", (long long)(then / 1000000000),
                        (long long)(then % 1000000000));
    return 0;
}

/* Local time: "2006-01-02T15:04:05", shortened from the end down to the date. */
static int from_local(struct arena *a, const char *text, const char **ret)
{
    static const char *const layouts[] = {"%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M", "%Y-%m-%dT%H",
                                          "%Y-%m-%d"};

    for (size_t i = 0; i < ARRAY_LEN(layouts); i++) {
        struct tm tm = {.tm_isdst = -1};
        const char *end = strptime(text, layouts[i], &tm);

        if (!end || (*end && *end != '.'))
            continue;
        if (*end && strspn(end + 1, "0123456789") != strlen(end + 1))
            continue;
        *ret = arena_printf(a, "%lld%s", (long long)mktime(&tm), end);
        return 0;
    }
    return -1;
}

static bool is_unix(const char *text)
{
    size_t digits = strspn(text, "0123456789");

    if (!digits)
        return false;
    return !text[digits] || (text[digits] == '.' &&
                             strspn(text + digits + 1, "0123456789") == strlen(text + digits + 1));
}

int moment_parse(struct arena *a, const char *option, const char *text, const char **ret,
                 struct err *err)
{
    int64_t seconds;
    int32_t nanoseconds;

    *ret = NULL;
    if (str_empty(text))
        return 0;
    if (is_unix(text)) {
        *ret = text;
        return 0;
    }
    if (time_parse_rfc3339(text, &seconds, &nanoseconds) == 0) {
        *ret = arena_printf(a, "%lld.%09d", (long long)seconds, nanoseconds);
        return 0;
    }
    if (from_duration(a, text, ret) == 0 || from_local(a, text, ret) == 0)
        return 0;
    return err_set(err, ERR_USAGE, loc_none(),
                   "invalid value for \"%s\": failed to parse value as time or duration: \"%s\"",
                   option, text);
}

const char *moment_last_end(struct arena *a, int64_t died, const struct container *c)
{
    const char *ret = NULL;

    if (died > 0)
        return arena_printf(a, "%" PRId64 ".%09" PRId64, died / 1000000000, died % 1000000000);
    if (c && moment_parse(a, "since", c->finished_at, &ret, NULL) < 0)
        return NULL;
    return ret && *ret != '-' ? ret : NULL; /* the engine's "never" is the year 1 */
}
