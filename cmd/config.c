/* cmd/config.c: the model as it was understood, or one list out of it. */
#include "cmd/app.h"
#include "cmd/command.h"
#include "cmd/config_digests.h"
#include "cmd/config_lists.h"
#include "core/base/arena.h"
#include "core/base/diags.h"
#include "core/base/path.h"
#include "core/render/render.h"
#include "core/yaml/node.h"

#include <stdio.h>
#include <string.h>

/* clang-format off */
static const struct opt config_opts[] = {
    OPT_FLAG(0, "environment", struct config_args, environment, "Print the variables interpolation sees"),
    OPT_STRING(0, "format", struct config_args, format, "string", "Format of the output (yaml, json)"),
    OPT_STRING(0, "hash", struct config_args, hash, "string", "Print the hashes of these services, '*' for all"),
    OPT_FLAG(0, "images", struct config_args, images, "Print the names of the images"),
    OPT_FLAG(0, "lock-image-digests", struct config_args, lock_digests, "Print a file that pins images to digests"),
    OPT_FLAG(0, "models", struct config_args, models, "Print the names of the models"),
    OPT_FLAG(0, "networks", struct config_args, networks, "Print the names of the networks"),
    OPT_FLAG(0, "no-consistency", struct config_args, no_consistency, "Leave out the checks of what belongs together"),
    OPT_FLAG(0, "no-env-resolution", struct config_args, no_env_resolution, "Leave env_file unread"),
    OPT_FLAG(0, "no-interpolate", struct config_args, no_interpolate, "Leave variables as they are written"),
    OPT_FLAG(0, "no-normalize", struct config_args, no_normalize, "Leave out names and defaults that follow from others"),
    OPT_FLAG(0, "no-path-resolution", struct config_args, no_path_resolution, "Leave paths as they are written"),
    OPT_STRING('o', "output", struct config_args, output, "string", "Write to this file"),
    OPT_FLAG(0, "profiles", struct config_args, profiles, "Print the names of the profiles"),
    OPT_FLAG('q', "quiet", struct config_args, quiet, "Check only, print nothing"),
    OPT_FLAG(0, "resolve-image-digests", struct config_args, resolve_digests, "Pin images to digests"),
    OPT_FLAG(0, "services", struct config_args, services, "Print the names of the services"),
    OPT_FLAG(0, "variables", struct config_args, variables, "Print the variables the files use"),
    OPT_FLAG(0, "volumes", struct config_args, volumes, "Print the names of the volumes"),
    OPT_END,
};
/* clang-format on */

int config_load_tree(struct config *c)
{
    struct load_options o = c->app->load;

    o.no_interpolate = true;
    c->tree = load_tree(&o, "normalize", c->app->diags, c->app->arena);
    if (app_print_diags(c->app) == 0 && c->tree)
        return 0;
    app_finish(c->app, 1);
    return -1;
}

/* ---- output ---- */

enum { PIECE = 64 * 1024 }; /* of a large model's text, written at once */

/* What is rendered may go to a file, lists do not. */
static int open_output(struct config *c)
{
    if (str_empty(c->args->output))
        return 0;
    c->file = fopen(c->args->output, "we");
    return c->file ? 0 : path_error(&c->err, "open", c->args->output);
}

static void write_piece(struct config *c)
{
    if (c->file)
        fwrite(str_text(&c->out), 1, c->out.len, c->file);
    else
        app_out(str_text(&c->out), c->out.len);
    str_clear(&c->out);
}

static void drain(void *owner, struct str *out)
{
    if (out->len >= PIECE)
        write_piece(owner);
}

static void end(struct config *c, int status)
{
    if (status < 0)
        app_fail(c->app, &c->err); /* nothing when the app is finished already */
    else
        app_finish(c->app, 0);
}

/* ---- lists ---- */

/* What docker compose writes past the place where -q is looked at. */
static bool is_loud(const struct config_args *a)
{
    return !a->quiet || (!a->environment && !(a->variables && str_eq(a->format, "yaml")));
}

static void run_list(struct config *c, const struct config_list *list,
                     const struct strings *services)
{
    int status = list->from_tree ? config_load_tree(c)
                                 : app_load(c->app, list->takes_services ? services : NULL);

    if (status == 0) {
        status = list->print(c);
        if (is_loud(c->args))
            app_out(str_text(&c->out), c->out.len); /* also what came before an error */
    }
    end(c, status);
}

/* ---- the whole ---- */

static void render_text(struct config *c)
{
    bool json = str_eq(c->args->format, "json");

    if (c->tree)
        (json ? render_tree_json : render_tree_yaml)(c->tree, &c->out);
    else
        (json ? render_json : render_yaml)(c->app->project, &c->out, drain, c);
}

static int render(struct config *c)
{
    const char *format = c->args->format;

    if (!str_empty(format) && !str_eq(format, "yaml") && !str_eq(format, "json"))
        return err_set(&c->err, ERR_USAGE, loc_none(), "unsupported format \"%s\"", format);
    if (c->args->quiet)
        return 0;
    if (c->args->lock_digests)
        config_keep_images(c);
    if (open_output(c) < 0)
        return -1;
    render_text(c);
    write_piece(c);
    if (c->file && (fflush(c->file) != 0 || ferror(c->file)))
        return path_error(&c->err, "write", c->args->output);
    return 0;
}

static void on_pinned(struct config *c, const struct err *err)
{
    if (err)
        app_fail(c->app, err);
    else
        end(c, render(c));
}

static void run_model(struct config *c, const struct strings *services)
{
    int status = c->args->no_interpolate ? config_load_tree(c) : app_load(c->app, services);

    if (status == 0 && (c->args->resolve_digests || c->args->lock_digests))
        config_pin_images(c, on_pinned);
    else
        end(c, status == 0 ? render(c) : -1);
}

/* ---- the command ---- */

static void release(void *data)
{
    struct config *c = data;

    if (c->file)
        fclose(c->file);
    str_done(&c->out);
    err_done(&c->err);
}

static void config_run(struct app *app, void *args, const struct strings *services)
{
    struct config *c = arena_alloc(app->arena, sizeof *c);
    const struct config_args *a = args;
    const struct config_list *list = config_list(a);

    *c = (struct config){.app = app, .args = a};
    app_at_end(app, release, c);
    app->load.no_interpolate = a->no_interpolate;
    app->load.no_normalize = a->no_normalize || app->root.compatibility;
    app->load.no_path_resolution = a->no_path_resolution;
    app->load.no_consistency = a->no_consistency;
    app->load.no_env_resolution = a->no_env_resolution;
    if (list)
        run_list(c, list, services);
    else
        run_model(c, services);
}

const struct command cmd_config = {
    .name = "config",
    .usage = "config [OPTIONS] [SERVICE...]",
    .summary = "Check the Compose files and print the model they make",
    .opts = config_opts,
    .args_size = sizeof(struct config_args),
    .run = config_run,
};
