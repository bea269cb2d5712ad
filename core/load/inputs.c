/* core/load/inputs.c: from the command line and the environment to files, directory and name. */
#include "core/load/inputs.h"

#include "core/base/path.h"
#include "core/load/env.h"
#include "core/load/stages.h"

#include <string.h>

const char *inputs_directory(struct load *l)
{
    const struct load_options *o = l->opts;
    const struct strings *files = l->files.len ? &l->files : &o->files;

    if (o->project_directory && *o->project_directory)
        return path_abs(l->arena, l->cwd, o->project_directory);
    for (size_t i = 0; i < files->len; i++)
        if (strcmp(files->items[i], "-") != 0)
            return path_dir(l->arena, path_abs(l->arena, l->cwd, files->items[i]));
    return l->cwd;
}

int load_inputs(struct load *l)
{
    const char *first;

    if (!l->cwd)
        l->cwd = l->opts->cwd;
    l->env = env_new(l->arena);
    l->root_env = l->env;
    if (inputs_environ(l) < 0)
        return -1;
    first = inputs_directory(l);
    if (inputs_env_files(l, first) < 0 || inputs_files(l) < 0)
        return -1;
    /* With the files known the directory may be another one; its .env
     * adds what is still missing. */
    l->dir = l->top_dir = inputs_directory(l);
    if (strcmp(first, l->dir) != 0 && inputs_env_files(l, l->dir) < 0)
        return -1;
    return inputs_name(l);
}
