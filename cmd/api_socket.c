/* cmd/api_socket.c: what services with use_api_socket are given to log in with. */
#include "cmd/app_inner.h"

#include "core/base/arena.h"
#include "core/base/err.h"
#include "core/base/path.h"
#include "core/base/str.h"
#include "core/json/json.h"
#include "core/plan/reconcile.h"

/* The text that holds the client's credentials; empty: there is none. */
static void read_config(const struct app *app, struct str *ret)
{
    const char *given = app_getenv(app, "DOCKER_AUTH_CONFIG");
    const char *dir = app_getenv(app, "DOCKER_CONFIG"), *home = app_getenv(app, "HOME");
    AUTO_TEXT path = {0};

    if (given) {
        str_add(ret, given);
        return;
    }
    str_addf(&path, "%s/config.json",
             dir ? dir : path_join(app->arena, home ? home : "", ".docker"));
    path_read(str_text(&path), 0, ret, NULL);
}

void app_api_sockets(struct app *app)
{
    AUTO_TEXT config = {0}, text = {0}, auths = {0};
    AUTO_JSON json = NULL;

    read_config(app, &config);
    json = json_parse(str_text(&config), config.len, NULL);
    if (json_is_object(json_key(json, "auths")))
        json_print(json_key(json, "auths"), &auths);
    str_addf(&text, "{\"auths\":%s}", auths.len ? str_text(&auths) : "{}");
    plan_api_sockets(app->project, arena_strdup(app->project->arena, str_text(&text)));
}
