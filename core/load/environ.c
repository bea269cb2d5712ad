/* core/load/environ.c: variables of the process, of .env and of --env-file. */
#include "core/load/inputs.h"

#include "core/base/arena.h"
#include "core/base/diags.h"
#include "core/base/path.h"
#include "core/base/str.h"
#include "core/load/dotenv.h"
#include "core/load/env.h"
#include "core/load/stages.h"

#include <string.h>

static const struct loc of_process = {.file = ""};

static void add_process(struct load *l)
{
    for (char *const *v = l->opts->environ; v && *v; v++) {
        const char *equals = strchr(*v, '=');

        if (equals && equals != *v)
            env_set(l->env, arena_strndup(l->arena, *v, (size_t)(equals - *v)), equals + 1,
                    of_process);
    }
    env_set_default(l->env, "PWD", l->cwd, of_process);
}

/* Go's strconv.ParseBool: 1, 0 or -1. */
static int parse_bool(const char *s)
{
    static const char *const yes[] = {"1", "t", "T", "TRUE", "true", "True"};
    static const char *const no[] = {"0", "f", "F", "FALSE", "false", "False"};

    for (size_t i = 0; i < ARRAY_LEN(yes); i++) {
        if (strcmp(s, yes[i]) == 0)
            return 1;
        if (strcmp(s, no[i]) == 0)
            return 0;
    }
    return -1;
}

static void add_file(struct load *l, struct strings *files, const char *file)
{
    files->items[files->len++] = path_abs(l->arena, l->cwd, file);
}

/* Items of a list with commas; empty ones do not count. */
static void split_files(struct load *l, const char *list, struct strings *files)
{
    files->items = arena_calloc(l->arena, strlen(list) + 1, sizeof *files->items);
    for (size_t len; *list; list += len + (list[len] == ',')) {
        len = strcspn(list, ",");
        if (len)
            add_file(l, files, arena_strndup(l->arena, list, len));
    }
}

/* COMPOSE_DISABLE_ENV_FILE switches off the default file only. */
static int default_file(struct load *l, struct diags *diags, const char *dir, struct strings *files)
{
    const struct variable *off = env_find(l->env, "COMPOSE_DISABLE_ENV_FILE");
    const char *file = path_join(l->arena, dir, ".env");
    int disabled = off ? parse_bool(off->value) : 0;

    if (disabled < 0) {
        diag_hint(diags_error(diags, variable_loc(off), NULL,
                              "strconv.ParseBool: parsing \"%s\": invalid syntax", off->value),
                  "COMPOSE_DISABLE_ENV_FILE must be 'true' or 'false'");
        return -1;
    }
    if (disabled || !path_exists(file) || path_is_dir(file))
        return 0;
    files->items = arena_calloc(l->arena, 1, sizeof *files->items);
    add_file(l, files, file);
    return 0;
}

static int list_files(struct load *l, struct diags *diags, const char *dir, struct strings *ret)
{
    const struct strings *given = &l->opts->env_files;
    const struct variable *v = env_find(l->env, "COMPOSE_ENV_FILES");

    *ret = (struct strings){0};
    if (given->len) {
        ret->items = arena_calloc(l->arena, given->len, sizeof *ret->items);
        for (size_t i = 0; i < given->len; i++)
            add_file(l, ret, given->items[i]);
        return 0;
    }
    if (v && !*v->loc.file) /* not when it comes from a file */
        split_files(l, v->value, ret);
    return ret->len ? 0 : default_file(l, diags, dir, ret);
}

static int read_one(struct load *l, struct diags *diags, const char *file, struct env *seen)
{
    struct dotenv parsed = {0};
    AUTO_TEXT text = {0};
    AUTO_ERR err = {0};

    if (!path_exists(file)) {
        diags_error(diags, loc_none(), NULL, "couldn't find env file: %s", file);
        return -1;
    }
    if (path_is_dir(file)) {
        diags_error(diags, loc_none(), NULL, "%s is a directory", file);
        return -1;
    }
    if (path_read(file, 0, &text, &err) < 0) {
        diags_err(diags, &err);
        return -1;
    }
    if (dotenv_parse_env_file(l->arena, diags, file_label(l, file), str_text(&text), text.len,
                              l->env, seen, &parsed) < 0)
        return -1;
    for (size_t i = 0; i < parsed.len; i++)
        env_take(seen, parsed.entries[i].variable);
    return 0;
}

/* All files in order, a later one over an earlier one. */
static int read_files(struct load *l, struct diags *diags, const char *dir, struct env **ret)
{
    struct strings files;

    *ret = env_new(l->arena);
    if (list_files(l, diags, dir, &files) < 0)
        return -1;
    for (size_t i = 0; i < files.len; i++)
        if (read_one(l, diags, files.items[i], *ret) < 0)
            return -1;
    return 0;
}

/* What the first look into the env files says about COMPOSE_* counts as set in the process.
 * Problems are reported by the second one. */
static void export_settings(struct load *l)
{
    struct diags *unheard = diags_new();
    struct env *read;

    if (read_files(l, unheard, inputs_directory(l), &read) == 0)
        for (size_t i = 0; i < env_count(read); i++) {
            struct variable *v = env_at(read, i);

            if (str_has_prefix(v->name, "COMPOSE_"))
                env_adopt(l->env, v);
        }
    diags_free(unheard);
}

int inputs_environ(struct load *l)
{
    add_process(l);
    export_settings(l);
    return 0;
}

int inputs_env_files(struct load *l, const char *dir)
{
    struct env *read;

    if (read_files(l, l->diags, dir, &read) < 0)
        return -1;
    for (size_t i = 0; i < env_count(read); i++)
        env_adopt(l->env, env_at(read, i));
    return 0;
}
