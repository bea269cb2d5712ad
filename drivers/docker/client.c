#include "drivers/docker/client.h"

#include "core/base/arena.h"
#include "core/base/err.h"
#include "core/base/log.h"
#include "core/base/path.h"
#include "core/base/str.h"
#include "core/json/json.h"

#include <string.h>
#include <strings.h>

static struct json *read_config(const char *dir)
{
    AUTO_TEXT path = {0}, text = {0};
    AUTO_ERR err = {0};
    struct json *ret = NULL;

    str_addf(&path, "%s/config.json", dir);
    if (path_read(str_text(&path), 0, &text, &err) == 0)
        ret = json_parse(str_text(&text), text.len, &err);
    if (!ret)
        log_debug("client", "no configuration: %s", err_text(&err));
    return ret;
}

/* A line break would make more than one header of it; our name is our own. */
static bool is_header(const char *name, const char *value)
{
    return !str_empty(name) && !str_empty(value) && !strpbrk(name, ":\r\n") &&
           !strpbrk(value, "\r\n") && strcasecmp(name, "User-Agent") != 0;
}

static void read_headers(struct client *c)
{
    const struct json *all = json_key(c->config, "HttpHeaders");
    size_t len = 0;

    c->headers = arena_calloc(c->arena, json_len(all) + 1, sizeof *c->headers);
    for (const struct json *j = json_first(all); j; j = json_next(j)) {
        const char *value = json_text(j, NULL);

        if (is_header(json_name(j), value))
            c->headers[len++] = arena_printf(c->arena, "%s: %s", json_name(j), value);
    }
}

static void read_proxies(struct client *c, const char *host)
{
    static const struct {
        const char *key, *upper, *lower;
    } all[] = {
        {"httpProxy", "HTTP_PROXY", "http_proxy"}, {"httpsProxy", "HTTPS_PROXY", "https_proxy"},
        {"ftpProxy", "FTP_PROXY", "ftp_proxy"},    {"noProxy", "NO_PROXY", "no_proxy"},
        {"allProxy", "ALL_PROXY", "all_proxy"},
    };
    const struct json *proxies = json_key(c->config, "proxies");
    const struct json *of = json_key(proxies, host);

    if (!of)
        of = json_key(proxies, "default");
    c->proxies.entries = arena_calloc(c->arena, 2 * ARRAY_LEN(all), sizeof *c->proxies.entries);
    for (size_t i = 0; i < ARRAY_LEN(all); i++) {
        const char *value = json_get_str(of, all[i].key, "");

        if (!*value)
            continue;
        c->proxies.entries[c->proxies.len++] = (struct mapping_entry){all[i].upper, value};
        c->proxies.entries[c->proxies.len++] = (struct mapping_entry){all[i].lower, value};
    }
}

static void read_detach_keys(struct client *c)
{
    c->detach_text = json_get_str(c->config, "detachKeys", "");
    if (detach_keys_parse(c->detach_text, &c->detach_keys) == 0)
        return;
    log_debug("client", "no keys to detach: %s", c->detach_text);
    c->detach_text = "";
}

void client_read(struct client *ret, const char *config_dir, const char *host)
{
    *ret = (struct client){.arena = arena_new()};
    ret->config = config_dir ? read_config(config_dir) : NULL;
    read_headers(ret);
    read_proxies(ret, host);
    read_detach_keys(ret);
}

void client_done(struct client *c)
{
    json_free(c->config);
    if (c->arena)
        arena_free(c->arena);
    *c = (struct client){0};
}

struct mapping client_with_proxies(const struct client *c, struct arena *a, const struct mapping *m)
{
    size_t len = m ? m->len : 0;
    struct mapping ret = {.entries =
                              arena_calloc(a, len + c->proxies.len + 1, sizeof *ret.entries)};

    for (size_t i = 0; i < c->proxies.len; i++) {
        bool own = false;

        for (size_t j = 0; j < len && !own; j++)
            own = str_eq(m->entries[j].key, c->proxies.entries[i].key);
        if (!own)
            ret.entries[ret.len++] = c->proxies.entries[i];
    }
    for (size_t j = 0; j < len; j++)
        ret.entries[ret.len++] = m->entries[j];
    return ret;
}
