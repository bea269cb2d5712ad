/* cmd/build.c: build or rebuild services. The log goes to stdout. */
#include "cmd/app.h"
#include "cmd/command.h"
#include "cmd/provide.h"
#include "core/base/arena.h"
#include "core/base/err.h"
#include "core/base/str.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

struct build_args {
    bool no_cache, pull, push, quiet, with_dependencies, check, print;
    const char *builder, *memory, *ssh, *provenance, *sbom, *progress;
    struct strings build_args;
};

/* clang-format off */
static const struct opt build_opts[] = {
    OPT_LIST(0, "build-arg", struct build_args, build_args, "stringArray", "Set build-time variables for services"),
    OPT_STRING(0, "builder", struct build_args, builder, "string", "Set builder to use"),
    OPT_FLAG(0, "check", struct build_args, check, "Check build configuration"),
    {OPT_KIND_IGNORED, 0, "compress", 0, NULL, "", NULL, true},
    {OPT_KIND_IGNORED, 0, "force-rm", 0, NULL, "", NULL, true},
    OPT_STRING('m', "memory", struct build_args, memory, "bytes", "Set memory limit for the build container. Not supported by BuildKit."),
    OPT_FLAG(0, "no-cache", struct build_args, no_cache, "Do not use cache when building the image"),
    {OPT_KIND_IGNORED, 0, "no-rm", 0, NULL, "", NULL, true},
    {OPT_KIND_IGNORED, 0, "parallel", 0, NULL, "", NULL, true},
    OPT_FLAG(0, "print", struct build_args, print, "Print equivalent bake file"),
    {OPT_KIND_STRING, 0, "progress", offsetof(struct build_args, progress), "string", "Set type of ui output (auto, tty, plain, json, quiet)", NULL, true},
    OPT_STRING(0, "provenance", struct build_args, provenance, "string", "Add a provenance attestation"),
    OPT_FLAG(0, "pull", struct build_args, pull, "Always attempt to pull a newer version of the image"),
    OPT_FLAG(0, "push", struct build_args, push, "Push service images"),
    OPT_FLAG('q', "quiet", struct build_args, quiet, "Suppress the build output"),
    OPT_STRING(0, "sbom", struct build_args, sbom, "string", "Add a SBOM attestation"),
    OPT_STRING(0, "ssh", struct build_args, ssh, "string", "Set SSH authentications used when building service images. (use 'default' for using your default SSH Agent)"),
    OPT_FLAG(0, "with-dependencies", struct build_args, with_dependencies, "Also build dependencies (transitively)"),
    OPT_END,
};
/* clang-format on */

struct build_flow {
    struct build_args *args;
    struct image_options images;
    struct observed observed;
};

static int refuse(const struct build_args *b, struct err *err)
{
    const struct {
        bool used;
        const char *name;
    } missing[] = {
        {b->push, "--push"},     {b->check, "--check"},     {b->print, "--print"},
        {b->ssh, "--ssh"},       {b->sbom, "--sbom"},       {b->provenance, "--provenance"},
        {b->memory, "--memory"}, {b->builder, "--builder"},
    };

    for (size_t i = 0; i < ARRAY_LEN(missing); i++)
        if (missing[i].used)
            return err_set(err, ERR_UNSUPPORTED, loc_none(), "%s is not supported yet",
                           missing[i].name);
    return 0;
}

static int by_key(const void *x, const void *y)
{
    const struct mapping_entry *a = x, *b = y;

    return strcmp(a->key, b->key);
}

/* --build-arg K takes its value from the environment; unset: the argument of the file is left out,
 * as docker compose does. */
static const struct mapping *overrides(struct app *app, const struct strings *words)
{
    struct mapping *m = arena_alloc(app->arena, sizeof *m);

    m->entries = arena_calloc(app->arena, words->len + 1, sizeof *m->entries);
    for (size_t i = 0; i < words->len; i++) {
        const char *word = words->items[i];
        const char *equals = strchr(word, '=');
        const char *value = equals ? equals + 1 : app_getenv(app, word);
        size_t len = equals ? (size_t)(equals - word) : strlen(word);

        m->entries[m->len++] = (struct mapping_entry){arena_strndup(app->arena, word, len), value};
    }
    qsort(m->entries, m->len, sizeof *m->entries, by_key);
    return m;
}

static void on_built(struct app *app, void *owner, bool changed, const struct err *err)
{
    (void)owner;
    (void)changed;
    if (err)
        app_fail(app, err);
    else
        app_finish(app, 0);
}

static void on_observed(struct app *app, void *owner)
{
    struct build_flow *b = owner;

    provide_images(app, &b->observed, &b->images, on_built, b);
}

static void build_run(struct app *app, void *args, const struct strings *named)
{
    struct build_flow *b = arena_alloc(app->arena, sizeof *b);
    struct observe_options o = {0};
    AUTO_ERR err = {0};

    b->args = args;
    if (refuse(b->args, &err) < 0) {
        app_fail(app, &err);
        return;
    }
    if (b->args->progress) {
        app_note(app,
                 "--progress is a global option, better use `mcompose --progress %s build ...`",
                 b->args->progress);
        if (app_set_progress(app, b->args->progress, &err) < 0) {
            app_fail(app, &err);
            return;
        }
    }
    app->load.no_deps = !b->args->with_dependencies;
    if (app_load_to_run(app, named) < 0)
        return;
    b->images = (struct image_options){
        .only_build = true,
        .build = true,
        .no_cache = b->args->no_cache,
        .pull_bases = b->args->pull,
        .quiet = b->args->quiet,
        .services = *named,
        .include_deps = b->args->with_dependencies,
        .build_args = overrides(app, &b->args->build_args),
    };
    app->quiet_build = b->args->quiet;
    o.project = app->project->name;
    o.model = app->project;
    if (!plan_has_builds(app->project, named)) {
        app_finish(app, 0); /* nothing to build needs no engine */
        return;
    }
    if (app_engine(app) < 0)
        return;
    app_observe(app, &o, &b->observed, on_observed, b);
}

const struct command cmd_build = {
    .name = "build",
    .usage = "build [OPTIONS] [SERVICE...]",
    .summary = "Build or rebuild services",
    .opts = build_opts,
    .args_size = sizeof(struct build_args),
    .run = build_run,
};
