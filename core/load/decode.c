/* core/load/decode.c: the tree becomes the project. */
#include "core/load/stages.h"

#include "core/base/arena.h"
#include "core/base/diags.h"
#include "core/base/path.h"
#include "core/base/str.h"
#include "core/load/env.h"
#include "core/model/model.h"
#include "core/schema/passes.h"
#include "core/yaml/node.h"

#include <string.h>

static void finish_service(struct service *s)
{
    for (size_t i = 0; i < s->depends_on.len; i++)
        s->depends_on.items[i]->implied = s->depends_on.items[i]->item.node->implied;
    for (size_t i = 0; i < s->volumes.len; i++) {
        struct bind *b = s->volumes.items[i]->bind;

        if (b)
            b->create_host_path_given = node_get(b->item.node, "create_host_path") != NULL;
    }
    for (size_t i = 0; i < s->env_file.len; i++) {
        struct env_file *f = s->env_file.items[i];

        if (!node_get(f->item.node, "required"))
            f->required = true;
    }
}

static void finish_source(struct file_source *f)
{
    f->value = node_text(node_get(f->item.node, VALUE_KEY));
}

/* Only the networks and models of a service tell null from empty. */
static void finish_resources(struct project *p)
{
    for (size_t i = 0; i < p->networks.len; i++)
        p->networks.items[i]->item.null = false;
    for (size_t i = 0; i < p->volumes.len; i++)
        p->volumes.items[i]->item.null = false;
    for (size_t i = 0; i < p->secrets.len; i++)
        finish_source(p->secrets.items[i]);
    for (size_t i = 0; i < p->configs.len; i++)
        finish_source(p->configs.items[i]);
}

/* --env-file, else COMPOSE_ENV_FILES, as absolute paths. */
static struct strings env_file_paths(struct load *l)
{
    struct strings given = l->opts->env_files;
    struct strings ret = {0};
    const char *list = NULL;

    if (given.len == 0)
        list = env_get(l->env, "COMPOSE_ENV_FILES");
    if (given.len == 0 && str_empty(list))
        return ret;
    ret.items =
        arena_calloc(l->arena, given.len + (list ? strlen(list) : 0) + 1, sizeof *ret.items);
    for (size_t i = 0; i < given.len; i++)
        ret.items[ret.len++] = path_abs(l->arena, l->cwd, given.items[i]);
    while (list && *list) {
        size_t n = strcspn(list, ",");

        if (n > 0)
            ret.items[ret.len++] = path_abs(l->arena, l->cwd, arena_strndup(l->arena, list, n));
        list += n + (list[n] == ',');
    }
    return ret;
}

struct project *stage_decode(struct load *l, struct node *model)
{
    struct project *p = arena_alloc(l->arena, sizeof *p);

    diags_next_pass(l->diags);
    schema_expand_values(&l->schema, model);
    if (diags_is_broken(l->diags)) /* what was not expanded has not the type it should have */
        diags_set_doubtful(l->diags);
    schema_decode(&l->schema, &project_table, NULL, model, p);
    for (size_t i = 0; i < p->services.len; i++)
        finish_service(p->services.items[i]);
    finish_resources(p);
    p->name = l->name;
    p->working_dir = l->dir;
    p->config_files = l->files;
    p->env_files = env_file_paths(l);
    p->env = l->env;
    p->root = model;
    p->compatibility = l->opts->compatibility;
    p->arena = l->arena;
    return p;
}
