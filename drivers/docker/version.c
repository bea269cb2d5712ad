/* Which API version to speak, asked once and with the first call. */
#include "core/base/mem.h"
#include "drivers/docker/http.h"
#include "drivers/docker/internal.h"

#include <stdio.h>
#include <string.h>

enum { MAJOR = 1, MINOR_MAX = 51, MINOR_MIN = 24 };

static void on_ping(void *owner, const struct http_answer *a, const struct err *err);
static void on_second_ping(void *owner, const struct http_answer *a, const struct err *err);

static struct http_request *ping(struct docker *d, const char *method,
                                 void (*on_done)(void *, const struct http_answer *,
                                                 const struct err *))
{
    struct http_spec s = {.method = method, .path = "/_ping", .on_done = on_done, .owner = d};

    return http_send(d->http, &s);
}

void version_ask(struct docker *d)
{
    if (d->version != VERSION_UNKNOWN)
        return;
    d->version = VERSION_ASKED;
    d->ping = ping(d, "HEAD", on_ping);
}

/* "1.41" */
static int parse_version(const char *text, unsigned *ret_major, unsigned *ret_minor)
{
    int end = 0;

    if (*text == 'v')
        text++;
    if (sscanf(text, "%3u.%4u%n", ret_major, ret_minor, &end) < 2 || text[end])
        return -1;
    return 0;
}

static bool is_false(const char *value)
{
    return !strcmp(value, "0") || !strcasecmp(value, "f") || !strcasecmp(value, "false");
}

/* BuildKit unless told otherwise, and unless the engine cannot. */
static bool uses_buildkit(const struct docker *d)
{
    const char *chosen = docker_env(d, "DOCKER_BUILDKIT");

    if (chosen)
        return !is_false(chosen);
    return strcmp(d->info.os_type, "windows") != 0 && docker_api(d, 39);
}

static int learn(struct docker *d, const struct http_answer *a, struct err *err)
{
    const char *fixed = docker_env(d, "DOCKER_API_VERSION");
    unsigned major, minor;

    if (parse_version(a->api_version, &major, &minor) < 0)
        return err_set(err, ERR_ENGINE, loc_none(), "what answers at %s is no Docker engine",
                       d->at.host);
    if (major == MAJOR && minor < MINOR_MIN)
        return err_set(
            err, ERR_UNSUPPORTED, loc_none(),
            "API version %u.%u is not supported by this client: the minimum supported API "
            "version is %d.%d",
            major, minor, MAJOR, MINOR_MIN);
    if (major > MAJOR || minor > MINOR_MAX) {
        major = MAJOR;
        minor = MINOR_MAX;
    }
    if (fixed && parse_version(fixed, &major, &minor) < 0)
        return err_set(err, ERR_USAGE, loc_none(), "invalid DOCKER_API_VERSION '%s'", fixed);
    free(d->os_type);
    d->os_type = mem_strdup(*a->os_type ? a->os_type : "linux");
    d->info = (struct engine_info){
        .api_major = major, .api_minor = minor, .host = d->at.host, .os_type = d->os_type};
    d->info.buildkit = uses_buildkit(d);
    return 0;
}

static void conclude(struct docker *d, const struct http_answer *a, const struct err *err)
{
    AUTO_ERR why = {0};

    d->ping = NULL;
    if (err)
        err_copy(&why, err);
    else if (a->status != 200)
        answer_error(a, &why);
    else
        learn(d, a, &why);
    d->version = why.code == ERR_NONE ? VERSION_KNOWN : VERSION_UNKNOWN;
    if (d->version == VERSION_KNOWN)
        call_version_known(d);
    else
        call_version_failed(d, &why);
}

static void on_ping(void *owner, const struct http_answer *a, const struct err *err)
{
    struct docker *d = owner;

    if (!err && a->status != 200)
        d->ping = ping(d, "GET", on_second_ping); /* something between us may not know HEAD */
    else
        conclude(d, a, err);
}

static void on_second_ping(void *owner, const struct http_answer *a, const struct err *err)
{
    conclude(owner, a, err);
}
