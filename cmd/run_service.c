#include "cmd/run_service.h"

#include "cmd/app.h"
#include "core/base/arena.h"
#include "core/base/diags.h"
#include "core/base/err.h"
#include "core/base/str.h"
#include "core/schema/expand.h"
#include "core/schema/passes.h"
#include "core/yaml/node.h"

#include <stdlib.h>
#include <string.h>

int run_check(const struct run_args *args, struct err *err)
{
    if (args->tty.set && args->no_tty)
        return err_set(err, ERR_USAGE, loc_none(), "--tty and --no-TTY can't be used together");
    if (args->service_ports && args->publish.len)
        return err_set(err, ERR_USAGE, loc_none(),
                       "--service-ports and --publish are incompatible");
    for (size_t i = 0; i < args->labels.len; i++)
        if (!strchr(args->labels.items[i], '='))
            return err_set(err, ERR_USAGE, loc_none(), "label must be set as KEY=VALUE");
    return 0;
}

void run_ignore_reply(void *owner, const struct reply *r, const struct err *err)
{
    (void)owner;
    (void)r;
    (void)err;
}

static int by_key(const void *x, const void *y)
{
    const struct mapping_entry *a = x, *b = y;

    return strcmp(a->key, b->key);
}

/* A copy of `m` with one entry set; sorted at the end by sort_mapping. */
static void put(struct arena *a, struct mapping *m, const char *key, const char *value)
{
    struct mapping_entry *entries;

    for (size_t i = 0; i < m->len; i++) {
        if (str_eq(m->entries[i].key, key)) {
            m->entries[i].value = value;
            return;
        }
    }
    entries = arena_calloc(a, m->len + 1, sizeof *entries);
    if (m->len)
        memcpy(entries, m->entries, m->len * sizeof *entries);
    entries[m->len++] = (struct mapping_entry){key, value};
    m->entries = entries;
}

static void own_mapping(struct arena *a, struct mapping *m)
{
    struct mapping_entry *entries = arena_calloc(a, m->len + 1, sizeof *entries);

    if (m->len)
        memcpy(entries, m->entries, m->len * sizeof *entries);
    m->entries = entries;
}

static void put_words(struct app *app, struct mapping *m, const struct strings *words,
                      bool environment)
{
    own_mapping(app->arena, m);
    for (size_t i = 0; i < words->len; i++) {
        const char *word = words->items[i];
        const char *equals = strchr(word, '=');

        if (equals)
            put(app->arena, m, arena_strndup(app->arena, word, (size_t)(equals - word)),
                equals + 1);
        else if (environment && app_getenv(app, word))
            put(app->arena, m, word, app_getenv(app, word));
    }
    if (m->len)
        qsort(m->entries, m->len, sizeof *m->entries, by_key);
}

static void append_words(struct arena *a, struct strings *list, const struct strings *more)
{
    const char **items = arena_calloc(a, list->len + more->len + 1, sizeof *items);

    if (list->len)
        memcpy(items, list->items, list->len * sizeof *items);
    if (more->len)
        memcpy(items + list->len, more->items, more->len * sizeof *items);
    list->items = items;
    list->len += more->len;
}

static void drop_words(struct arena *a, struct strings *list, const struct strings *drop)
{
    const char **items = arena_calloc(a, list->len + 1, sizeof *items);
    size_t len = 0;

    for (size_t i = 0; i < list->len; i++) {
        bool dropped = false;

        for (size_t j = 0; j < drop->len; j++)
            dropped = dropped || str_eq(list->items[i], drop->items[j]);
        if (!dropped)
            items[len++] = list->items[i];
    }
    *list = (struct strings){items, len};
}

/* Decodes {key: [words]} as a service would be, through the same rows: short forms of -v and -p. */
static struct service *decode_words(struct app *app, const char *key, const struct strings *words)
{
    struct arena *a = app->arena;
    struct schema_ctx cx = {
        .arena = a, .diags = app->diags, .dir = app->cwd, .home = app_getenv(app, "HOME")};
    struct node *list = node_new(a, NODE_LIST, loc_none());
    struct node *service = node_new(a, NODE_MAP, loc_none());
    struct node *services = node_new(a, NODE_MAP, loc_none());
    struct node *root = node_new(a, NODE_MAP, loc_none());
    struct project *p = arena_alloc(a, sizeof *p);

    for (size_t i = 0; i < words->len; i++)
        node_add(a, list, node_string(a, loc_none(), words->items[i]));
    node_set(a, service, key, loc_none(), list);
    node_set(a, services, "run", loc_none(), service);
    node_set(a, root, "services", loc_none(), services);
    if (schema_expand(&cx, root) < 0 || schema_paths(&cx, root) < 0 ||
        schema_decode(&cx, &project_table, NULL, root, p) < 0)
        return NULL;
    return p->services.len ? p->services.items[0] : NULL;
}

static void add_mounts(struct arena *a, struct service *s, const struct service *more)
{
    struct mount **items =
        arena_calloc(a, s->volumes.len + more->volumes.len, sizeof(struct mount *));
    size_t len = 0;

    for (size_t i = 0; i < s->volumes.len; i++) {
        bool replaced = false;

        for (size_t j = 0; j < more->volumes.len; j++)
            replaced =
                replaced || str_eq(s->volumes.items[i]->target, more->volumes.items[j]->target);
        if (!replaced)
            items[len++] = s->volumes.items[i];
    }
    for (size_t j = 0; j < more->volumes.len; j++)
        items[len++] = more->volumes.items[j];
    s->volumes.items = items;
    s->volumes.len = len;
}

static int apply_lists(struct app *app, struct service *s, const struct run_args *args)
{
    if (!args->service_ports)
        s->ports.len = 0;
    if (args->publish.len) {
        const struct service *d = decode_words(app, "ports", &args->publish);

        if (!d)
            return -1;
        s->ports.items = d->ports.items;
        s->ports.len = d->ports.len;
    }
    if (args->volumes.len) {
        const struct service *d = decode_words(app, "volumes", &args->volumes);

        if (!d)
            return -1;
        add_mounts(app->arena, s, d);
    }
    return 0;
}

static int apply_command(struct app *app, struct service *s, const struct run_args *args,
                         const struct strings *rest)
{
    if (args->entrypoint) {
        struct schema_ctx cx = {.arena = app->arena, .diags = app->diags};
        struct node *n =
            expand_command(&cx, NULL, node_string(app->arena, loc_none(), args->entrypoint));

        if (!n)
            return -1;
        s->entrypoint =
            (struct argv){arena_calloc(app->arena, node_len(n) + 1, sizeof(char *)), 0, true};
        for (size_t i = 0; i < node_len(n); i++)
            s->entrypoint.items[s->entrypoint.len++] = node_text(n->list.items[i]);
        s->command = (struct argv){NULL, 0, true};
    }
    if (rest->len > 1)
        s->command = (struct argv){rest->items + 1, rest->len - 1, true};
    return 0;
}

struct service *run_service(struct app *app, const struct run_args *args,
                            const struct strings *rest, struct err *err)
{
    const struct service *model = project_service(app->project, rest->items[0]);
    struct service *s = arena_alloc(app->arena, sizeof *s);

    if (!model) {
        err_set(err, ERR_NOT_FOUND, loc_none(), "no such service: %s", rest->items[0]);
        return NULL;
    }
    *s = *model;
    s->container_name = args->name;
    s->restart = NULL;
    if (s->deploy) {
        struct deploy *deploy = arena_alloc(app->arena, sizeof *deploy);

        *deploy = *s->deploy;
        deploy->restart_policy = NULL;
        s->deploy = deploy;
    }
    if (args->user)
        s->user = args->user;
    if (args->workdir)
        s->working_dir = args->workdir;
    put_words(app, &s->environment, &args->environment, true);
    put_words(app, &s->labels, &args->labels, false);
    drop_words(app->arena, &s->cap_drop, &args->cap_add);
    append_words(app->arena, &s->cap_add, &args->cap_add);
    drop_words(app->arena, &s->cap_add, &args->cap_drop);
    append_words(app->arena, &s->cap_drop, &args->cap_drop);
    if (apply_command(app, s, args, rest) < 0 || apply_lists(app, s, args) < 0) {
        err_set(err, ERR_INVALID, loc_none(), "the command line could not be understood");
        return NULL;
    }
    return s;
}
