/* core/exec/provider.c: a service that another program provides: that is run until it ends. First
 * it is asked what it takes (its metadata; it need not know), then told what to do; what it writes
 * are lines of JSON. In time order. */
#include "core/exec/run.h"

#include "core/base/err.h"
#include "core/base/log.h"
#include "core/base/mem.h"
#include "core/base/str.h"
#include "core/base/vec.h"
#include "core/exec/plugin.h"
#include "core/json/json.h"
#include "core/loop/process.h"
#include "core/model/model.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>

struct provider_run {
    char *program; /* with its path */
    struct process *process;
    struct str metadata;
    struct err failure;
    bool canceled;
};

static void on_metadata(void *owner, const char *line, size_t len);
static void on_metadata_end(void *owner, int64_t status, int signal, const char *errors);
static void on_message(void *owner, const char *line, size_t len);
static void on_end(void *owner, int64_t status, int signal, const char *errors);

static void finish(struct run *r, const struct err *err)
{
    struct provider_run *h = r->provider;
    AUTO_ERR copy = {0};

    if (err)
        err_copy(&copy, err);
    r->provider = NULL;
    free(h->program);
    str_done(&h->metadata);
    err_done(&h->failure);
    free(h);
    run_answered(r, NULL, err ? &copy : NULL);
}

static void fail(struct run *r, const char *text)
{
    AUTO_ERR err = {0};

    err_set(&err, ERR_FAILED, r->node->loc, "%s", text);
    finish(r, &err);
}

/* A plugin of the docker command, or any program. NULL: there is none. */
static char *find_program(const struct exec_options *o, const char *type)
{
    char *plugin = plugin_find(&o->plugin_dirs, type);

    return plugin ? plugin : program_find(o->environment, type);
}

/* ---- running it ---- */

static int start(struct run *r, const char *const *args, bool asks, struct err *err)
{
    const struct process_options o = {
        .file = r->provider->program,
        .args = args,
        .environment = r->x->opts.environment,
        .on_line = asks ? on_metadata : on_message,
        .on_exit = asks ? on_metadata_end : on_end,
        .owner = r,
    };

    r->provider->process = process_start(r->x->loop, &o, err);
    return r->provider->process ? 0 : -1;
}

void provider_begin(struct run *r)
{
    const char *type = r->node->provider->service->provider->type;
    const char *args[] = {NULL, "compose", "metadata", NULL};
    AUTO_ERR err = {0};
    AUTO_TEXT text = {0};

    r->provider = mem_calloc(1, sizeof *r->provider);
    if (str_eq(type, "compose")) {
        fail(r, "'compose' is not a valid provider type");
        return;
    }
    r->provider->program = find_program(&r->x->opts, type);
    args[0] = r->provider->program;
    if (!r->provider->program) {
        str_addf(&text, "exec: \"%s\": executable file not found in $PATH", type);
        fail(r, str_text(&text));
    } else if (start(r, args, true, &err) < 0) {
        fail(r, err_text(&err));
    }
}

static void on_metadata(void *owner, const char *line, size_t len)
{
    struct run *r = owner;

    str_addn(&r->provider->metadata, line, len);
    str_addc(&r->provider->metadata, '\n');
}

/* The parameters of one command; NULL: it takes whatever is written. */
static const struct json *parameters_of(const struct json *metadata, const char *command)
{
    if (!*json_get_str(metadata, "description", "") && !json_get(metadata, "up.parameters") &&
        !json_get(metadata, "down.parameters"))
        return NULL;
    return json_key(metadata, command);
}

static bool takes(const struct json *parameters, const char *name)
{
    const struct json *p = json_first(json_key(parameters, "parameters"));

    for (; p; p = json_next(p))
        if (str_eq(json_get_str(p, "name", ""), name))
            return true;
    return false;
}

static const struct option_list *option_of(const struct provider *p, const char *name)
{
    for (size_t i = 0; i < p->options.len; i++)
        if (str_eq(p->options.items[i]->item.key, name))
            return p->options.items[i];
    return NULL;
}

static int check_required(const struct run *r, const struct json *parameters, struct err *err)
{
    const struct provider *provider = r->node->provider->service->provider;
    const struct json *p = json_first(json_key(parameters, "parameters"));

    for (; p; p = json_next(p))
        if (json_get_bool(p, "required", false) &&
            !option_of(provider, json_get_str(p, "name", "")))
            return err_set(err, ERR_FAILED, loc_none(),
                           "required parameter \"%s\" is missing from provider \"%s\" definition",
                           json_get_str(p, "name", ""), provider->type);
    return 0;
}

struct words {
    char **items;
    size_t len, cap;
};

static void add_options(struct words *args, const struct provider *p, bool all,
                        const struct json *parameters)
{
    for (size_t i = 0; i < p->options.len; i++) {
        const struct option_list *o = p->options.items[i];

        for (size_t j = 0; j < o->values.len; j++) {
            AUTO_TEXT text = {0};

            if (!all && !takes(parameters, o->item.key))
                continue;
            str_addf(&text, "--%s=%s", o->item.key, o->values.items[j]);
            vec_push(args, str_take(&text));
        }
    }
}

static void free_words(struct words *args)
{
    for (size_t i = 0; i < args->len; i++)
        free(args->items[i]);
    vec_done(args);
}

static int start_command(struct run *r, const struct json *metadata, struct err *err)
{
    const struct provider_call *call = r->node->provider;
    const struct json *parameters = parameters_of(metadata, call->command);
    AUTO_TEXT project = {0};
    struct words args = {0};
    int rc;

    if (check_required(r, parameters, err) < 0)
        return -1;
    str_addf(&project, "--project-name=%s", call->project);
    vec_push(&args, mem_strdup(r->provider->program));
    vec_push(&args, mem_strdup("compose"));
    vec_push(&args, str_take(&project));
    vec_push(&args, mem_strdup(call->command));
    add_options(&args, call->service->provider, !parameters, parameters);
    vec_push(&args, mem_strdup(call->service->item.key));
    vec_push(&args, NULL);
    rc = start(r, (const char *const *)args.items, false, err);
    free_words(&args);
    return rc;
}

static void fail_canceled(struct run *r)
{
    AUTO_ERR err = {0};

    err_set(&err, ERR_CANCELED, loc_none(), "canceled");
    finish(r, &err);
}

static void on_metadata_end(void *owner, int64_t status, int signal, const char *errors)
{
    struct run *r = owner;
    struct str *text = &r->provider->metadata;
    AUTO_JSON metadata =
        status == 0 && signal == 0 ? json_parse(str_text(text), text->len, NULL) : NULL;
    AUTO_ERR err = {0};

    (void)errors; /* one that has no metadata is none the worse */
    r->provider->process = NULL;
    if (r->provider->canceled)
        fail_canceled(r);
    else if (start_command(r, metadata, &err) < 0)
        fail(r, err_text(&err));
}

/* ---- what it says ---- */

static void fail_later(struct run *r, const char *fmt, const char *text)
{
    struct provider_run *h = r->provider;

    if (h->failure.code == ERR_NONE)
        err_set(&h->failure, ERR_FAILED, r->node->loc, fmt, text);
    process_kill(h->process, SIGKILL);
}

static void take_variable(struct run *r, const char *message, bool raw)
{
    const char *equals = strchr(message, '=');
    AUTO_TEXT name = {0};

    if (!equals) {
        fail_later(r, "invalid response from plugin: %s", message);
        return;
    }
    str_addn(&name, message, (size_t)(equals - message));
    if (r->x->cb.on_variable)
        r->x->cb.on_variable(r->x->cb.owner, r->node, str_text(&name), equals + 1, raw);
}

static void take_info(struct run *r, const char *message)
{
    AUTO_TEXT line = {0};

    str_addn(&line, message, strcspn(message, "\n"));
    tell(r, PROGRESS_WORKING, str_text(&line), NULL);
}

static void on_message(void *owner, const char *line, size_t len)
{
    struct run *r = owner;
    AUTO_JSON said = NULL;
    AUTO_ERR err = {0};
    const char *type, *message;

    if (r->provider->failure.code != ERR_NONE || strspn(line, " \t\r") == len)
        return;
    said = json_parse(line, len, &err);
    if (!said) {
        fail_later(r, "invalid response from plugin: %s", line);
        return;
    }
    type = json_get_str(said, "type", "");
    message = json_get_str(said, "message", "");
    if (str_eq(type, "error"))
        fail_later(r, "%s", message);
    else if (str_eq(type, "info"))
        take_info(r, message);
    else if (str_eq(type, "setenv") || str_eq(type, "rawsetenv"))
        take_variable(r, message, type[0] == 'r');
    else if (str_eq(type, "debug"))
        log_debug("provider", "%s: %s", r->node->service, message);
    else
        fail_later(r, "invalid response from plugin: %s", type);
}

static void on_end(void *owner, int64_t status, int signal, const char *errors)
{
    struct run *r = owner;
    struct provider_run *h = r->provider;
    const char *verb = str_eq(r->node->provider->command, "up") ? "create" : "remove";
    AUTO_TEXT text = {0};

    h->process = NULL;
    if (h->canceled) {
        fail_canceled(r);
    } else if (h->failure.code != ERR_NONE) {
        finish(r, &h->failure);
    } else if (status || signal) {
        str_addf(&text, "failed to %s service provider: ", verb);
        str_addf(&text, signal ? "signal: %d" : "exit status %d", signal ? signal : (int)status);
        str_addf(&text, "%s%s", *errors ? ": " : "", errors);
        fail(r, str_text(&text));
    } else {
        finish(r, NULL);
    }
}

void provider_cancel(struct run *r, bool now)
{
    r->provider->canceled = true;
    if (r->provider->process)
        process_kill(r->provider->process, now ? SIGKILL : SIGTERM);
}
