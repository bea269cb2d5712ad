/* core/load/name.c: what the project is called. */
#include "core/load/inputs.h"

#include "core/base/arena.h"
#include "core/base/diags.h"
#include "core/base/path.h"
#include "core/base/str.h"
#include "core/load/env.h"
#include "core/load/interpolate.h"
#include "core/load/stages.h"
#include "core/yaml/node.h"
#include "core/yaml/parse.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

/* Lower case, of [a-z0-9_-] only, beginning with a letter or digit. */
static char *normalize(struct arena *a, const char *name)
{
    char *ret = arena_alloc(a, strlen(name) + 1);
    size_t len = 0;

    for (; *name; name++) {
        char c = *name >= 'A' && *name <= 'Z' ? (char)(*name + 32) : *name;
        bool plain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');

        if (plain || (len && (c == '_' || c == '-')))
            ret[len++] = c;
    }
    return ret;
}

static const char *checked(struct load *l, const char *name, struct loc loc)
{
    const char *normal = normalize(l->arena, name);
    struct diag *g;

    if (strcmp(normal, name) == 0)
        return name;
    g = diags_error(l->diags, loc, NULL,
                    "invalid project name \"%s\": must consist only of lowercase alphanumeric "
                    "characters, hyphens, and underscores as well as start with a letter or number",
                    name);
    if (*normal)
        diag_hint(g, "'%s' would do", normal);
    return NULL;
}

/* Problems with the text are reported again by the interpolation of the document, at the same
 * place. */
static const char *interpolated(struct load *l, const struct node_pair *p)
{
    struct interpolation in = {.arena = l->arena, .diags = l->diags, .env = l->env};
    struct node *only;

    if (l->opts->no_interpolate)
        return node_text(p->value);
    only = node_new(l->arena, NODE_MAP, p->loc);
    node_set(l->arena, only, "name", p->loc, node_copy(l->arena, p->value));
    return interpolate_tree(&in, only) < 0 ? NULL : node_text(node_get(only, "name"));
}

/* The last one that is written, over all files and documents; it may come to nothing. */
static const char *name_of_files(struct load *l, struct loc *ret)
{
    const struct node_pair *last = NULL;
    const char *name;

    for (size_t i = 0; i < l->files.len; i++) {
        const struct yaml_docs *docs = peek_documents(l, l->files.items[i]);

        for (size_t k = 0; docs && k < docs->len; k++) {
            const struct node_pair *p = node_pair_get(docs->items[k], "name");

            if (p && node_is(p->value, NODE_STRING) && !str_empty(node_text(p->value)))
                last = p;
        }
    }
    if (last)
        *ret = last->value->loc;
    name = last ? interpolated(l, last) : NULL;
    if (name && !l->opts->no_normalize)
        name = normalize(l->arena, name);
    return name;
}

static const char *name_of_directory(struct load *l)
{
    const char *base = path_base(l->dir);
    AUTO_STR real = realpath(l->dir, NULL);

    if (real && strcmp(path_base(real), base) != 0)
        diags_warn(
            l->diags, loc_none(), NULL,
            "project has been loaded without an explicit name from a symlink. Using name \"%s\"",
            base);
    return normalize(l->arena, base);
}

int inputs_name(struct load *l)
{
    const struct variable *v = env_find(l->env, "COMPOSE_PROJECT_NAME");
    struct loc at = loc_none();

    if (!str_empty(l->opts->project_name))
        l->name = checked(l, l->opts->project_name, loc_none());
    else if (v && *v->value)
        l->name = checked(l, v->value, variable_loc(v));
    else if (!(l->name = name_of_files(l, &at)))
        l->name = name_of_directory(l);
    if (!l->name)
        return -1;
    if (!*l->name) {
        diag_hint(diags_error(l->diags, at, NULL, "project name must not be empty"),
                  "give one with -p or 'name:'");
        return -1;
    }
    env_set(l->env, "COMPOSE_PROJECT_NAME", l->name, (struct loc){.file = ""});
    return 0;
}
