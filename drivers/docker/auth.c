#include "drivers/docker/auth.h"

#include "core/base/err.h"
#include "core/base/log.h"
#include "core/base/str.h"
#include "core/json/json.h"
#include "drivers/docker/base64.h"
#include "drivers/docker/internal.h"

#include <string.h>

#define DOCKER_HUB "https://index.docker.io/v1/"

/* Of DOCKER_AUTH_CONFIG, which goes before the file. Without JSON in it everything is anonymous,
 * and the registry will tell. */
static struct json *config_of_env(const struct docker *d)
{
    const char *text = docker_env(d, "DOCKER_AUTH_CONFIG");
    AUTO_ERR err = {0};
    struct json *ret = text ? json_parse(text, strlen(text), &err) : NULL;

    if (err.code != ERR_NONE)
        log_debug("auth", "%s", err_text(&err));
    return ret;
}

const char *auth_server(const char *registry)
{
    return strcmp(registry, "docker.io") == 0 ? DOCKER_HUB : registry;
}

/* "https://host/v1/" and "host" are the same registry. */
static bool is_registry(const char *key, const char *registry)
{
    const char *host = strstr(key, "://");
    size_t len;

    host = host ? host + 3 : key;
    len = strcspn(host, "/");
    return strlen(registry) == len && strncmp(host, registry, len) == 0;
}

static const struct json *find_auth(const struct json *config, const char *registry)
{
    const struct json *auths = json_key(config, "auths"), *found;

    registry = auth_server(registry);
    found = json_key(auths, registry);
    if (strcmp(registry, DOCKER_HUB) == 0)
        registry = "index.docker.io";
    for (const struct json *j = json_first(auths); j && !found; j = json_next(j)) {
        if (is_registry(json_name(j), registry))
            found = j;
    }
    return found;
}

/* An entry of config.json in the words of the engine; {} when there is nothing in it. */
static struct json *credentials(const struct json *entry, const char *server)
{
    const char *auth = json_get_str(entry, "auth", "");
    struct json *out = json_object();
    AUTO_TEXT plain = {0};
    const char *colon;

    if (base64_decode(auth, strlen(auth), &plain) == 0 && (colon = strchr(str_text(&plain), ':'))) {
        plain.data[colon - plain.data] = '\0';
        json_set_str(out, "username", plain.data);
        json_set_str(out, "password", colon + 1);
    } else {
        json_set_str(out, "username", json_get_str(entry, "username", NULL));
        json_set_str(out, "password", json_get_str(entry, "password", NULL));
    }
    json_set_str(out, "identitytoken", json_get_str(entry, "identitytoken", NULL));
    json_set_str(out, "registrytoken", json_get_str(entry, "registrytoken", NULL));
    if (json_len(out))
        json_set_str(out, "serveraddress", server);
    return out;
}

static void add_header(const char *name, const struct json *value, struct str *out)
{
    AUTO_TEXT text = {0};

    json_print(value, &text);
    str_addf(out, "%s: ", name);
    base64_encode(str_text(&text), text.len, true, out);
}

const char *auth_helper(const struct docker *d, const char *registry)
{
    AUTO_JSON env = config_of_env(d);
    const struct json *config = d->client.config;
    const char *own =
        json_text(json_key(json_key(config, "credHelpers"), auth_server(registry)), NULL);

    if (find_auth(env, registry))
        return NULL;
    return own ? own : json_get_str(config, "credsStore", NULL);
}

void auth_header(const struct docker *d, const char *registry, struct str *out)
{
    AUTO_JSON env = config_of_env(d);
    const struct json *in_env = find_auth(env, registry);
    const struct json *entry = in_env ? in_env : find_auth(d->client.config, registry);
    AUTO_JSON value = credentials(entry, entry ? json_name(entry) : NULL);

    add_header("X-Registry-Auth", value, out);
}

void auth_header_of(const char *registry, const char *username, const char *secret, struct str *out)
{
    AUTO_JSON value = json_object();

    if (!str_empty(secret)) {
        bool token = str_eq(username, "<token>");

        json_set_str(value, "username", token ? NULL : username);
        json_set_str(value, token ? "identitytoken" : "password", secret);
        json_set_str(value, "serveraddress", auth_server(registry));
    }
    add_header("X-Registry-Auth", value, out);
}

static void add_all(struct json *all, const struct json *config)
{
    for (const struct json *j = json_first(json_key(config, "auths")); j; j = json_next(j)) {
        struct json *one = credentials(j, json_name(j));

        if (json_len(one))
            json_put(all, json_name(j), one);
        else
            json_free(one);
    }
}

void auth_config_header(const struct docker *d, struct str *out)
{
    AUTO_JSON env = config_of_env(d);
    AUTO_JSON all = json_object();

    add_all(all, d->client.config);
    add_all(all, env);
    add_header("X-Registry-Config", all, out);
}
