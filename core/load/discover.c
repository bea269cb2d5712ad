/* core/load/discover.c: which Compose files a project is made of. */
#include "core/load/inputs.h"

#include "core/base/arena.h"
#include "core/base/attr.h" /* ARRAY_LEN */
#include "core/base/diags.h"
#include "core/base/path.h"
#include "core/base/str.h"
#include "core/load/env.h"
#include "core/load/stages.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

/* In order of preference. */
static const char *const base_names[] = {"compose.yaml", "compose.yml", "docker-compose.yml",
                                         "docker-compose.yaml"};
static const char *const override_names[] = {"compose.override.yml", "compose.override.yaml",
                                             "docker-compose.override.yml",
                                             "docker-compose.override.yaml"};

static void add(struct load *l, const char *file)
{
    l->files.items[l->files.len++] = file;
}

static void make_room(struct load *l, size_t count)
{
    l->files.items = arena_calloc(l->arena, count, sizeof *l->files.items);
    l->files.len = 0;
}

static const char *absolute(struct load *l, const char *file)
{
    return strcmp(file, "-") == 0 ? "-" : path_abs(l->arena, l->cwd, file);
}

static int from_command_line(struct load *l)
{
    int failed = 0;

    make_room(l, l->opts->files.len);
    for (size_t i = 0; i < l->opts->files.len; i++) {
        const char *named = l->opts->files.items[i];
        const char *file = absolute(l, named);
        AUTO_TEXT why = {0};

        add(l, file);
        if (strcmp(file, "-") == 0 || !why_unreadable(named, file, &why))
            continue;
        diags_error(l->diags, loc_none(), NULL, "%s", str_text(&why));
        failed = -1;
    }
    return failed;
}

static int must_exist(struct load *l, const struct variable *v, const char *file)
{
    AUTO_ERR err = {0};
    struct stat st;

    if (strcmp(file, "-") == 0 || stat(file, &st) == 0)
        return 0;
    path_error(&err, "stat", file);
    diag_hint(diags_error(l->diags, variable_loc(v), NULL, "%s", err_text(&err)),
              "the file is named by COMPOSE_FILE");
    return -1;
}

static int from_variable(struct load *l, const struct variable *v)
{
    const char *separator = env_get(l->env, "COMPOSE_PATH_SEPARATOR");
    const char *rest = v->value;
    int failed = 0;

    if (str_empty(separator))
        separator = ":";
    make_room(l, strlen(rest) + 1);
    for (;;) {
        const char *end = strstr(rest, separator);
        size_t len = end ? (size_t)(end - rest) : strlen(rest);

        add(l, absolute(l, arena_strndup(l->arena, rest, len)));
        failed |= must_exist(l, v, l->files.items[l->files.len - 1]);
        if (!end)
            return failed;
        rest = end + strlen(separator);
    }
}

/* Adds the first of `names` that is in `dir`, and warns when there are more. */
static bool add_first(struct load *l, const char *dir, const char *const *names, size_t count,
                      const char *what)
{
    AUTO_TEXT all = {0};
    const char *first = NULL;
    size_t found = 0;

    for (size_t i = 0; i < count; i++) {
        const char *file = path_join(l->arena, dir, names[i]);

        if (!path_exists(file))
            continue;
        str_addf(&all, "%s%s", found++ ? ", " : "", file);
        first = first ? first : file;
    }
    if (found > 1) {
        diags_warn(l->diags, loc_none(), NULL, "Found multiple %s files with supported names: %s",
                   what, str_text(&all));
        diags_warn(l->diags, loc_none(), NULL, "Using %s", first);
    }
    if (first)
        add(l, first);
    return first != NULL;
}

static bool look_around(struct load *l)
{
    const char *dir = inputs_directory(l);

    make_room(l, 2);
    for (;;) {
        const char *up = path_dir(l->arena, dir);

        if (add_first(l, dir, base_names, ARRAY_LEN(base_names), "config")) {
            add_first(l, dir, override_names, ARRAY_LEN(override_names), "override");
            return true;
        }
        if (strcmp(up, dir) == 0)
            return false;
        dir = up;
    }
}

int inputs_files(struct load *l)
{
    const struct variable *v = env_find(l->env, "COMPOSE_FILE");

    if (l->opts->files.len)
        return from_command_line(l);
    if (v)
        return from_variable(l, v);
    if (look_around(l))
        return 0;
    diag_hint(diags_error(l->diags, loc_none(), NULL, "no configuration file provided: not found"),
              "there is no compose.yaml in '%s' or a directory above it; name the file with -f",
              inputs_directory(l));
    return -1;
}
