#include "drivers/docker/address.h"

#include "core/base/digest.h"
#include "core/base/err.h"
#include "core/base/log.h"
#include "core/base/mem.h"
#include "core/base/path.h"
#include "core/base/str.h"
#include "core/json/json.h"
#include "drivers/docker/docker.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char default_socket[] = "/var/run/docker.sock";

/* NULL when unset or empty. */
static const char *env(const struct docker_options *o, const char *name)
{
    const char *value = o->lookup ? o->lookup(o->from, name) : getenv(name);

    return str_empty(value) ? NULL : value;
}

static char *join(const char *a, const char *b)
{
    struct str s = {0};

    str_addf(&s, "%s/%s", a, b);
    return str_take(&s);
}

static char *find_config_dir(const struct docker_options *o)
{
    const char *dir = env(o, "DOCKER_CONFIG"), *home = env(o, "HOME");

    return dir ? mem_strdup(dir) : join(home ? home : "", ".docker");
}

/* ---- the text of a host ---- */

static int bad_host(const char *host, struct err *err)
{
    return err_set(err, ERR_INVALID, loc_none(), "invalid bind address format: %s", host);
}

/* NAME[:PORT][/base], NAME may be [::1]. */
static int parse_tcp(const char *rest, const char *host, struct address *ret, struct err *err)
{
    size_t len = strcspn(rest, "/");
    size_t base_len = strlen(rest + len);
    const char *end = rest + len, *colon, *name = rest;
    size_t name_len;
    unsigned long long port = 0;

    if (*rest == '[') {
        const char *close = memchr(rest, ']', len);

        if (!close || (close + 1 < end && close[1] != ':'))
            return bad_host(host, err);
        name = rest + 1;
        name_len = (size_t)(close - name);
        colon = close + 1 < end ? close + 1 : NULL;
    } else {
        colon = memchr(rest, ':', len);
        name_len = colon ? (size_t)(colon - rest) : len;
    }
    ret->kind = ADDRESS_TCP;
    ret->name = name_len ? mem_strndup(name, name_len) : mem_strdup("localhost");
    if (colon && colon + 1 < end) {
        ret->port = mem_strndup(colon + 1, (size_t)(end - colon - 1));
        if (str_to_u64(ret->port, &port) < 0 || port == 0 || port > 65535)
            return bad_host(host, err);
    }
    while (base_len && end[base_len - 1] == '/')
        base_len--;
    ret->base = mem_strndup(end, base_len);
    return 0;
}

int address_parse(const char *host, struct address *ret, struct err *err)
{
    const char *colon = strstr(host, "://");

    ret->host = mem_strdup(host);
    if (str_has_prefix(host, "unix://")) {
        ret->kind = ADDRESS_UNIX;
        ret->path = mem_strdup(host[7] ? host + 7 : default_socket);
        ret->base = mem_strdup("");
        return 0;
    }
    if (str_has_prefix(host, "ssh://"))
        return err_set(
            err, ERR_UNSUPPORTED, loc_none(),
            "engines behind ssh are not supported yet: '%s'; forward its socket with "
            "'ssh -L /tmp/docker.sock:/var/run/docker.sock' and use unix:///tmp/docker.sock",
            host);
    if (str_has_prefix(host, "npipe://") || str_has_prefix(host, "fd://"))
        return err_set(err, ERR_UNSUPPORTED, loc_none(), "cannot reach an engine at '%s' from here",
                       host);
    if (colon && !str_has_prefix(host, "tcp://"))
        return bad_host(host, err);
    return parse_tcp(colon ? colon + 3 : host, host, ret, err);
}

/* ---- TLS ---- */

static char *file_if_there(const char *dir, const char *name)
{
    AUTO_STR path = join(dir, name);

    return access(path, F_OK) == 0 ? take(path) : NULL;
}

/* A certificate or key that is missing is left out; a missing authority is an error when it is
 * needed. */
static int use_tls(struct address *at, const char *dir, bool verify, struct err *err)
{
    at->tls = true;
    at->verify = verify;
    at->ca = file_if_there(dir, "ca.pem");
    at->cert = file_if_there(dir, "cert.pem");
    at->key = file_if_there(dir, "key.pem");
    if (verify && !at->ca)
        return err_set(err, ERR_IO, loc_none(), "open %s/ca.pem: no such file or directory", dir);
    return 0;
}

static int tls_from_env(const struct docker_options *o, struct address *at, struct err *err)
{
    const char *dir = env(o, "DOCKER_CERT_PATH");
    bool verify = env(o, "DOCKER_TLS_VERIFY");

    if (at->kind != ADDRESS_TCP || (!verify && !env(o, "DOCKER_TLS")))
        return 0;
    return use_tls(at, dir ? dir : at->config_dir, verify, err);
}

/* ---- contexts ---- */

static struct json *read_json(const char *path, struct err *err)
{
    AUTO_TEXT text = {0};

    return path_read(path, 0, &text, err) < 0 ? NULL : json_parse(str_text(&text), text.len, err);
}

/* currentContext of config.json. A file that is absent or no JSON says nothing, as with docker. */
static char *current_context(const char *config_dir)
{
    AUTO_STR path = join(config_dir, "config.json");
    AUTO_ERR why = {0};
    AUTO_JSON config = read_json(path, &why);

    if (!config)
        log_debug("http", "no configuration: %s", err_text(&why));
    return mem_strdup(json_get_str(config, "currentContext", NULL));
}

static int use_context(const char *name, struct address *at, struct err *err)
{
    char id[SHA256_HEX_SIZE];
    AUTO_TEXT meta = {0}, tls = {0};
    AUTO_JSON found = NULL;
    const struct json *docker;
    const char *host;

    sha256_hex(name, strlen(name), id);
    str_addf(&meta, "%s/contexts/meta/%s/meta.json", at->config_dir, id);
    found = read_json(str_text(&meta), err);
    if (!found) {
        err->loc = loc_none(); /* its file name ends with this function */
        return err_wrap(err, "unable to resolve docker endpoint: context \"%s\": context not found",
                        name);
    }
    docker = json_get(found, "Endpoints.docker");
    host = json_get_str(docker, "Host", NULL);
    if (str_empty(host))
        return err_set(err, ERR_INVALID, loc_file(NULL), "context \"%s\" has no docker endpoint",
                       name);
    if (address_parse(host, at, err) < 0)
        return -1;
    str_addf(&tls, "%s/contexts/tls/%s/docker", at->config_dir, id);
    if (at->kind != ADDRESS_TCP || access(str_text(&tls), F_OK) < 0)
        return 0;
    return use_tls(at, str_text(&tls), !json_get_bool(docker, "SkipTLSVerify", false), err);
}

/* ---- nobody said ---- */

static bool is_socket(const char *path)
{
    struct stat st;

    return path && stat(path, &st) == 0 && S_ISSOCK(st.st_mode);
}

/* The first socket we may use; else the first there is, whose error will say why not; else the
 * default. */
static int use_default(const struct docker_options *o, struct address *at, struct err *err)
{
    const char *runtime = env(o, "XDG_RUNTIME_DIR"), *home = env(o, "HOME"), *best = NULL;
    AUTO_STR in_runtime = runtime ? join(runtime, "docker.sock") : NULL;
    AUTO_STR in_home = home ? join(home, ".docker/run/docker.sock") : NULL;
    const char *const candidates[] = {default_socket, in_runtime, in_home};
    AUTO_TEXT host = {0};

    for (size_t i = 0; i < ARRAY_LEN(candidates); i++) {
        if (!is_socket(candidates[i]))
            continue;
        if (access(candidates[i], W_OK) == 0) {
            best = candidates[i];
            break;
        }
        best = best ? best : candidates[i];
    }
    str_addf(&host, "unix://%s", best ? best : default_socket);
    return address_parse(str_text(&host), at, err);
}

static int find(const struct docker_options *o, struct address *at, struct err *err)
{
    const char *host = o->host ? o->host : env(o, "DOCKER_HOST");
    AUTO_STR context = NULL;

    if (host && !(o->context && !o->host)) {
        return address_parse(host, at, err) < 0 ? -1 : tls_from_env(o, at, err);
    }
    context = mem_strdup(o->context ? o->context : env(o, "DOCKER_CONTEXT"));
    if (!context)
        context = current_context(at->config_dir);
    if (!str_empty(context) && strcmp(context, "default") != 0)
        return use_context(context, at, err);
    if (env(o, "DOCKER_TLS_VERIFY") || env(o, "DOCKER_TLS"))
        return address_parse("tcp://localhost:2376", at, err) < 0 ? -1 : tls_from_env(o, at, err);
    return use_default(o, at, err);
}

int address_find(const struct docker_options *o, struct address *ret, struct err *err)
{
    struct address at = {.config_dir = find_config_dir(o)};

    if (find(o, &at, err) < 0) {
        address_done(&at);
        return -1;
    }
    if (at.kind == ADDRESS_TCP && !at.port)
        at.port = mem_strdup(at.tls ? "2376" : "2375");
    *ret = at;
    return 0;
}

void address_done(struct address *at)
{
    free(at->host);
    free(at->path);
    free(at->name);
    free(at->port);
    free(at->base);
    free(at->ca);
    free(at->cert);
    free(at->key);
    free(at->config_dir);
    *at = (struct address){0};
}
