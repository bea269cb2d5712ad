/* cmd/version.c: which version this is, and whose behaviour it has. */
#include "cmd/app.h"
#include "cmd/command.h"
#include "core/base/str.h"
#include "core/plan/labels.h" /* COMPOSE_VERSION */

#define MCOMPOSE_VERSION "0.1.0"

struct version_args {
    const char *format;
    bool short_form;
};

static const struct opt version_opts[] = {
    OPT_STRING('f', "format", struct version_args, format, "string",
               "Format of the output (pretty, json; default: pretty)"),
    OPT_FLAG(0, "short", struct version_args, short_form,
             "Only the version of docker compose it follows"),
    OPT_END,
};

static void version_run(struct app *app, void *args, const struct strings *rest)
{
    const struct version_args *v = args;

    (void)rest;
    if (v->short_form)
        app_outf("%s\n", COMPOSE_VERSION);
    else if (str_eq(v->format, "json"))
        app_outf("{\"version\":\"v%s\",\"mcompose\":\"%s\"}\n", COMPOSE_VERSION, MCOMPOSE_VERSION);
    else
        app_outf("mcompose version %s (docker compose %s compatible)\n", MCOMPOSE_VERSION,
                 COMPOSE_VERSION);
    app_finish(app, 0);
}

const struct command cmd_version = {
    .name = "version",
    .usage = "version [OPTIONS]",
    .summary = "Show the version",
    .opts = version_opts,
    .args_size = sizeof(struct version_args),
    .arity = ARGS_NONE,
    .bare = true,
    .run = version_run,
};
