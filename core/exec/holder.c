#include "core/exec/holder.h"

#include "core/base/arena.h"
#include "core/base/path.h"
#include "core/base/str.h"

#include <limits.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <unistd.h>
#include <uv.h>

#define UNKNOWN "-" /* in the place of what this system does not tell */

/* The first line of a file of /proc. */
static const char *read_line(struct arena *a, const char *path)
{
    AUTO_TEXT text = {0};

    if (path_read(path, 0, &text, NULL) < 0 || !text.len)
        return UNKNOWN;
    return arena_strndup(a, str_text(&text), strcspn(str_text(&text), "\n"));
}

static const char *pid_namespace(struct arena *a)
{
    char link[64];
    ssize_t n = readlink("/proc/self/ns/pid", link, sizeof link - 1);
    const char *number;

    if (n <= 0)
        return UNKNOWN;
    link[n] = '\0';
    number = strchr(link, '['); /* pid:[4026531836] */
    return number ? arena_strndup(a, number + 1, strcspn(number + 1, "]")) : UNKNOWN;
}

/* Field 22 of its stat, in clock ticks since boot. The name before it may hold anything. */
static const char *started(struct arena *a, const char *pid)
{
    const char *stat = read_line(a, arena_printf(a, "/proc/%s/stat", pid));
    const char *at = strrchr(stat, ')');

    for (int field = 2; at && field < 22; field++) {
        at = strchr(at, ' ');
        at += at != NULL;
    }
    return at ? arena_strndup(a, at, strcspn(at, " ")) : UNKNOWN;
}

static const char *machine(struct arena *a)
{
    return arena_printf(a, "%s:%s", read_line(a, "/proc/sys/kernel/random/boot_id"),
                        pid_namespace(a));
}

const char *holder_self(struct arena *a)
{
    const char *pid = arena_printf(a, "%ld", (long)getpid());

    return arena_printf(a, "%s:%s:%s", machine(a), pid, started(a, pid));
}

const char *holder_name(struct arena *a)
{
    uv_passwd_t user;
    char host[256]; /* longer than any host name may be */
    size_t size = sizeof host;
    const char *name = arena_printf(a, "%ld", (long)getuid());

    if (uv_os_get_passwd(&user) == 0) {
        name = arena_strdup(a, user.username);
        uv_os_free_passwd(&user);
    }
    return arena_printf(a, "%s@%s", name, uv_os_gethostname(host, &size) == 0 ? host : "?");
}

/* The two parts that follow the machine's; NULL: it is not this one. */
static const char *on_this_machine(struct arena *a, const char *holder)
{
    const char *here = machine(a);
    size_t len = strlen(here);

    if (strstr(here, UNKNOWN ":") == here || !str_has_prefix(holder, here) || holder[len] != ':')
        return NULL;
    return holder + len + 1;
}

static const char *pid_of(struct arena *a, const char *holder)
{
    const char *rest = on_this_machine(a, holder);

    return rest ? arena_strndup(a, rest, strcspn(rest, ":")) : NULL;
}

enum holder_state holder_look(const char *holder)
{
    struct arena *a = arena_new();
    const char *pid = pid_of(a, holder);
    enum holder_state ret = HOLDER_ELSEWHERE;

    if (pid) {
        const char *was = strrchr(holder, ':') + 1;

        ret = str_eq(started(a, pid), was) ? HOLDER_ALIVE : HOLDER_GONE;
    }
    arena_free(a);
    return ret;
}

int holder_watch(const char *holder)
{
    struct arena *a = arena_new();
    const char *pid = pid_of(a, holder);
    long long number;
    int fd = -1;

#ifdef SYS_pidfd_open
    if (pid && str_to_i64(pid, &number) == 0 && number > 0 && number <= INT_MAX)
        fd = (int)syscall(SYS_pidfd_open, (pid_t)number, 0);
#else
    (void)pid;
    (void)number;
#endif
    arena_free(a);
    return fd;
}
