/* cmd/port.c: where a port of a service is published. */
#include "cmd/app.h"
#include "cmd/command.h"
#include "core/base/arena.h"
#include "core/base/err.h"
#include "core/base/str.h"

#include <errno.h>
#include <string.h>
#include <strings.h>

struct port_args {
    struct opt_int index;
    const char *protocol;
};

/* clang-format off */
static const struct opt port_opts[] = {
    OPT_INT(0, "index", struct port_args, index, "Which of the service's containers"),
    OPT_STRING_DEF(0, "protocol", struct port_args, protocol, "string", "\"tcp\"", "tcp or udp"),
    OPT_END,
};
/* clang-format on */

struct find_port {
    struct app *app;
    const char *service, *protocol;
    int64_t index;
    int port;
    struct observed observed;
};

static const struct container *choose(const struct find_port *f)
{
    const struct container *found = NULL;

    for (size_t i = 0; i < f->observed.containers.len; i++) {
        const struct container *c = f->observed.containers.items[i];
        bool running =
            c->state == STATE_RUNNING || c->state == STATE_PAUSED || c->state == STATE_RESTARTING;

        if (running && str_eq(c->service, f->service) && (!f->index || c->number == f->index) &&
            (!found || container_is_meant(c, found)))
            found = c;
    }
    return found;
}

static const struct container_port *published(const struct find_port *f, const struct container *c)
{
    for (size_t i = 0; i < c->ports.len; i++) {
        const struct container_port *p = c->ports.items[i];

        if (p->private_port == f->port && strcasecmp(p->type, f->protocol) == 0)
            return p;
    }
    return NULL;
}

static void fail_no_port(struct find_port *f, const struct container *c)
{
    AUTO_TEXT list = {0};
    AUTO_ERR err = {0};

    for (size_t i = 0; i < c->ports.len; i++)
        str_addf(&list, "%s%d/%s", i ? ", " : "", c->ports.items[i]->public_port,
                 c->ports.items[i]->type);
    err_set(&err, ERR_NOT_FOUND, loc_none(), "no port %d/%s for container %s: %s", f->port,
            f->protocol, c->name, str_text(&list));
    app_fail(f->app, &err);
}

static void on_observed(struct app *app, void *owner)
{
    struct find_port *f = owner;
    const struct container *c = choose(f);
    const struct container_port *p = c ? published(f, c) : NULL;
    AUTO_ERR err = {0};

    if (p) {
        app_outf("%s:%d\n", p->ip, p->public_port);
        app_finish(app, 0);
    } else if (c) {
        fail_no_port(f, c);
    } else {
        err_set(&err, ERR_NOT_FOUND, loc_none(), "service \"%s\" is not running", f->service);
        if (f->index)
            err_set(&err, ERR_NOT_FOUND, loc_none(),
                    "service \"%s\" is not running container #%lld", f->service,
                    (long long)f->index);
        app_fail(app, &err);
    }
}

static int parse_port(const char *word, int *ret, struct err *err)
{
    unsigned long long port = 0;

    errno = 0;
    if (str_to_u64(word, &port) == 0 && port <= 65535) {
        *ret = (int)port;
        return 0;
    }
    return err_set(err, ERR_USAGE, loc_none(), "strconv.ParseUint: parsing \"%s\": %s", word,
                   port > 65535 || errno == ERANGE ? "value out of range" : "invalid syntax");
}

static void port_run(struct app *app, void *args, const struct strings *rest)
{
    const struct port_args *a = args;
    struct find_port *f = arena_alloc(app->arena, sizeof *f);
    struct observe_options o = {.containers = true};
    AUTO_ERR err = {0};
    char *protocol = arena_strdup(app->arena, a->protocol ? a->protocol : "tcp");

    for (char *c = protocol; *c; c++)
        *c = *c >= 'A' && *c <= 'Z' ? (char)(*c + 32) : *c;
    *f = (struct find_port){
        .app = app,
        .service = rest->items[0],
        .protocol = protocol,
        .index = a->index.set ? a->index.value : 0,
    };
    if (parse_port(rest->items[1], &f->port, &err) < 0) {
        app_fail(app, &err);
        return;
    }
    o.project = app_project_name(app);
    if (!o.project || app_engine(app) < 0)
        return;
    app_observe(app, &o, &f->observed, on_observed, f);
}

const struct command cmd_port = {
    .name = "port",
    .usage = "port [OPTIONS] SERVICE PRIVATE_PORT",
    .summary = "Print where a port is published",
    .opts = port_opts,
    .args_size = sizeof(struct port_args),
    .arity = ARGS_MIN_2,
    .run = port_run,
};
