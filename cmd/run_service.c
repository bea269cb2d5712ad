#include "cmd/run_service.h"

#include "cmd/app.h"
#include "core/base/arena.h"
#include "core/base/diags.h"
#include "core/base/err.h"
#include "core/base/path.h"
#include "core/base/str.h"
#include "core/load/dotenv.h"
#include "core/load/env.h"
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

static void sort(struct mapping *m)
{
    if (m->len)
        qsort(m->entries, m->len, sizeof *m->entries, by_key);
}

static void put_labels(struct arena *a, struct mapping *m, const struct strings *words)
{
    own_mapping(a, m);
    for (size_t i = 0; i < words->len; i++) {
        const char *equals = strchr(words->items[i], '=');

        put(a, m, arena_strndup(a, words->items[i], (size_t)(equals - words->items[i])),
            equals + 1);
    }
    sort(m);
}

/* ---- -e and --env-from-file ---- */

/* -e K takes its value from the environment. */
static void read_words(struct app *app, const struct strings *words, struct env *ret)
{
    for (size_t i = 0; i < words->len; i++) {
        const char *word = words->items[i], *equals = strchr(word, '=');
        const char *key = equals ? arena_strndup(app->arena, word, (size_t)(equals - word)) : word;
        const char *value = equals ? equals + 1 : app_getenv(app, word);

        if (value)
            env_set(ret, key, value, loc_none());
    }
}

/* What -e and the files before it have set stays, and is what its look-ups see. */
static int read_env_file(struct app *app, const char *file, struct env *ret)
{
    struct arena *a = app->arena;
    struct env *own = env_new(a);
    struct dotenv parsed = {0};
    AUTO_TEXT text = {0};
    AUTO_ERR err = {0};

    if (path_read(path_abs(a, app->cwd, file), 0, &text, &err) < 0) {
        diags_error(app->diags, loc_none(), NULL, "%s", err_text(&err));
        return -1;
    }
    if (dotenv_parse(a, app->diags, file, str_text(&text), text.len, ret, NULL, &parsed) < 0)
        return -1;
    for (size_t i = 0; i < parsed.len; i++)
        if (parsed.entries[i].value && !env_has(ret, parsed.entries[i].key))
            env_take(own, parsed.entries[i].variable);
    for (size_t i = 0; i < env_count(own); i++)
        env_take(ret, env_at(own, i));
    return 0;
}

static int put_environment(struct app *app, struct mapping *m, const struct run_args *args)
{
    struct env *given = env_new(app->arena);
    int rc = 0;

    read_words(app, &args->environment, given);
    for (size_t i = 0; i < args->env_files.len; i++)
        rc |= read_env_file(app, args->env_files.items[i], given);
    own_mapping(app->arena, m);
    for (size_t i = 0; i < env_count(given); i++)
        put(app->arena, m, env_at(given, i)->name, env_at(given, i)->value);
    sort(m);
    return rc;
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
    put_labels(app->arena, &s->labels, &args->labels);
    drop_words(app->arena, &s->cap_drop, &args->cap_add);
    append_words(app->arena, &s->cap_add, &args->cap_add);
    drop_words(app->arena, &s->cap_add, &args->cap_drop);
    append_words(app->arena, &s->cap_drop, &args->cap_drop);
    if (put_environment(app, &s->environment, args) < 0 || apply_command(app, s, args, rest) < 0 ||
        apply_lists(app, s, args) < 0) {
        err_set(err, ERR_INVALID, loc_none(), "the command line could not be understood");
        return NULL;
    }
    return s;
}
