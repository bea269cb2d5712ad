/* cmd/scale.c: run so many containers of a service. */
#include "cmd/app.h"
#include "cmd/command.h"
#include "cmd/converge.h"
#include "core/base/arena.h"
#include "core/base/err.h"
#include "core/base/str.h"

#include <stddef.h>
#include <string.h>

struct scale_args {
    bool no_deps;
};

static const struct opt scale_opts[] = {
    OPT_FLAG(0, "no-deps", struct scale_args, no_deps, "Don't start linked services"),
    OPT_END,
};

enum { REPLICAS_MAX = 100000 };

static int parse_specifier(struct arena *a, const char *word, struct service_scale *ret,
                           struct err *err)
{
    const char *equals = strchr(word, '=');
    long long number;

    if (!equals || equals == word)
        return err_set(err, ERR_USAGE, loc_none(), "invalid scale specifier: %s", word);
    if (str_to_i64(equals + 1, &number) < 0 || number < 0 || number > REPLICAS_MAX)
        return err_set(err, ERR_USAGE, loc_none(),
                       "invalid scale specifier: can't parse replica value as int: %s", word);
    ret->service = arena_strndup(a, word, (size_t)(equals - word));
    ret->replicas = (int)number;
    return 0;
}

/* A service named twice has the number that was given last. */
static struct service_scale *scale_of(struct up_options *up, struct service_scale *all,
                                      const char *service)
{
    for (size_t i = 0; i < up->scale_len; i++)
        if (str_eq(all[i].service, service))
            return &all[i];
    up->services.items[up->services.len++] = service;
    return &all[up->scale_len++];
}

static int parse_specifiers(struct arena *a, const struct strings *words, struct up_options *up,
                            struct err *err)
{
    struct service_scale *all = arena_calloc(a, words->len, sizeof *all);

    up->scale = all;
    up->services.items = arena_calloc(a, words->len, sizeof(char *));
    for (size_t i = 0; i < words->len; i++) {
        struct service_scale one = {0};

        if (parse_specifier(a, words->items[i], &one, err) < 0)
            return -1;
        *scale_of(up, all, one.service) = one;
    }
    return 0;
}

static void scale_run(struct app *app, void *args, const struct strings *words)
{
    const struct scale_args *s = args;
    struct converge_options opts = {.title = "Running"};
    AUTO_ERR err = {0};

    opts.up = (struct up_options){
        .create = true, .start = true, .no_deps = s->no_deps, .timeout = TIMEOUT_DEFAULT};
    if (parse_specifiers(app->arena, words, &opts.up, &err) < 0) {
        app_fail(app, &err);
        return;
    }
    opts.images = (struct image_options){.services = opts.up.services};
    app->load.no_deps = s->no_deps;
    if (app_load_to_run(app, &opts.up.services) < 0 || app_engine(app) < 0)
        return;
    converge(app, &opts, converge_end, NULL);
}

const struct command cmd_scale = {
    .name = "scale",
    .usage = "scale [SERVICE=REPLICAS...]",
    .summary = "Scale services",
    .opts = scale_opts,
    .args_size = sizeof(struct scale_args),
    .arity = ARGS_MIN_1,
    .run = scale_run,
};
