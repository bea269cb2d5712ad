#include "cmd/explain_path.h"

#include "core/base/arena.h"
#include "core/base/diags.h" /* nearest_word */
#include "core/base/err.h"
#include "core/base/mem.h"
#include "core/base/str.h"
#include "core/load/history.h"
#include "core/load/stages.h"
#include "core/yaml/node.h"

#include <stdlib.h>
#include <string.h>

struct walk {
    struct arena *arena;
    const struct node *node; /* where we are */
    const struct node *more; /* beside it: what env_file or label_file add */
    const char *attr;        /* the key that led here */
    struct attr_step at;
    const char *rest; /* of the path */
    struct str path;  /* so far */
    struct found *found;
    struct err *err;
};

void explain_add_key(struct str *path, const char *key)
{
    if (path->len)
        str_addc(path, '.');
    if (*key && !strpbrk(key, ".[]\"' "))
        str_add(path, key);
    else
        str_addf(path, strchr(key, '"') ? "'%s'" : "\"%s\"", key);
}

void explain_add_index(struct str *path, size_t index)
{
    str_addf(path, "[%zu]", index);
}

const struct node *explain_more(const struct node *service, const char *attr)
{
    if (strcmp(attr, "environment") == 0)
        return node_get(service, ENV_FILE_KEY);
    return strcmp(attr, "labels") == 0 ? node_get(service, LABEL_FILE_KEY) : NULL;
}

const struct node *explain_around(const struct node *up, const struct node *around_up,
                                  const struct node *child, size_t index)
{
    if (!child || history_replacing(child) || history_came_later(up, index))
        return NULL;
    return history_replacing(up) ? up : around_up;
}

static const struct node_pair *pair_of(const struct walk *w, const char *key)
{
    const struct node_pair *p = node_pair_get(w->node, key);

    if (str_has_prefix(key, "x-#"))
        return NULL;
    return p ? p : node_pair_get(w->more, key);
}

/* ---- what is not there ---- */

static const char **keys_of(const struct walk *w, size_t *count)
{
    const char **keys = mem_calloc(node_len(w->node) + node_len(w->more) + 1, sizeof *keys);

    *count = 0;
    for (size_t i = 0; node_is(w->node, NODE_MAP) && i < w->node->map.len; i++)
        if (!str_has_prefix(w->node->map.pairs[i].key, "x-#"))
            keys[(*count)++] = w->node->map.pairs[i].key;
    for (size_t i = 0; w->more && node_is(w->more, NODE_MAP) && i < w->more->map.len; i++)
        keys[(*count)++] = w->more->map.pairs[i].key;
    return keys;
}

/* A service or the like, named without saying what it is. */
static bool hint_section(const struct walk *w, const char *key, struct str *out)
{
    static const char *const sections[] = {"services", "networks", "volumes", "secrets", "configs"};

    for (size_t i = 0; !w->path.len && i < ARRAY_LEN(sections); i++)
        if (node_pair_get(node_get(w->node, sections[i]), key)) {
            str_addf(out, "; did you mean '%s.%s'?", sections[i], key);
            return true;
        }
    return false;
}

static void add_known(const char *const *keys, size_t count, struct str *out)
{
    enum { SHOWN = 8 };

    for (size_t i = 0; i < count && i < SHOWN; i++)
        str_addf(out, "%s%s", i ? ", " : "; there is: ", keys[i]);
    if (count > SHOWN)
        str_add(out, ", ...");
}

static int unknown(const struct walk *w, const char *key)
{
    AUTO_TEXT hint = {0};
    AUTO_TEXT whole = {0};
    size_t count;
    const char **keys = keys_of(w, &count);
    const char *near = nearest_word(key, keys, count);

    str_addn(&whole, w->path.data ? w->path.data : "", w->path.len);
    if (near) {
        explain_add_key(&whole, near);
        str_addf(&hint, "; did you mean '%s'?", str_text(&whole));
    } else if (!hint_section(w, key, &hint)) {
        add_known(keys, count, &hint);
    }
    free(keys);
    if (!w->path.len)
        return err_set(w->err, ERR_NOT_FOUND, loc_none(), "the model has no '%s'%s", key,
                       str_text(&hint));
    return err_set(w->err, ERR_NOT_FOUND, loc_none(), "'%s' has no '%s'%s", str_text(&w->path), key,
                   str_text(&hint));
}

/* ---- steps ---- */

static int syntax(const struct walk *w, const char *why)
{
    return err_set(w->err, ERR_USAGE, loc_none(), "invalid path: %s at '%s'", why, w->rest);
}

/* What stands beside it counts as there from the beginning. */
static size_t index_of(const struct node *map, const struct node_pair *pair)
{
    bool beside = node_pair_get(map, pair->key) != pair;

    return beside ? 0 : (size_t)(pair - map->map.pairs);
}

static void enter(struct walk *w, const struct node_pair *pair)
{
    const struct node *up = w->node;

    w->found->up = up;
    w->found->around = explain_around(up, w->found->around, pair->value, index_of(up, pair));
    w->found->key = pair->key;
    w->found->item = false;
    w->more = explain_more(up, pair->key);
    w->at = attr_down(w->at, pair->key);
    w->node = pair->value;
    explain_add_key(&w->path, pair->key);
}

static int step_index(struct walk *w)
{
    const char *end = strchr(w->rest, ']');
    long long index;
    AUTO_TEXT number = {0};

    if (!end)
        return syntax(w, "']' is missing");
    str_addn(&number, w->rest + 1, (size_t)(end - w->rest - 1));
    if (str_to_i64(str_text(&number), &index) < 0 || index < 0)
        return syntax(w, "a number from 0 on is missing");
    if (!node_is(w->node, NODE_LIST))
        return err_set(w->err, ERR_NOT_FOUND, loc_none(), "'%s' is no list", str_text(&w->path));
    if ((size_t)index >= w->node->list.len)
        return err_set(w->err, ERR_NOT_FOUND, loc_none(), "'%s' has %u items, the first is [0]",
                       str_text(&w->path), w->node->list.len);
    w->found->up = w->node;
    w->found->around =
        explain_around(w->node, w->found->around, w->node->list.items[index], (size_t)index);
    w->found->key = NULL;
    w->found->item = true;
    w->node = w->node->list.items[index];
    w->more = NULL;
    w->at = attr_down(w->at, NULL);
    explain_add_index(&w->path, (size_t)index);
    w->rest = end + 1;
    return 0;
}

static int step_quoted(struct walk *w)
{
    const char *end = strchr(w->rest + 1, *w->rest);
    const struct node_pair *pair;
    char *key;

    if (!end)
        return syntax(w, "a quote is missing");
    key = arena_strndup(w->arena, w->rest + 1, (size_t)(end - w->rest - 1));
    pair = pair_of(w, key);
    if (!pair)
        return unknown(w, key);
    w->rest = end + 1;
    enter(w, pair);
    return 0;
}

static bool was_reset(struct walk *w, const char *key)
{
    struct history h = {0};

    if (!node_is(w->node, NODE_MAP) || w->rest[strlen(key)] ||
        !history_of_reset(w->arena, w->node, key, &h))
        return false;
    w->found->up = w->node;
    w->found->key = key;
    w->node = NULL;
    w->rest += strlen(key);
    explain_add_key(&w->path, key);
    return true;
}

/* The shortest key that is there: "a" of "a.b", else "a.b". */
static int step_key(struct walk *w)
{
    size_t first = strcspn(w->rest, ".["), len = first;

    for (;; len += 1 + strcspn(w->rest + len + 1, ".[")) {
        char *key = arena_strndup(w->arena, w->rest, len);
        const struct node_pair *pair = pair_of(w, key);

        if (pair) {
            w->rest += len;
            enter(w, pair);
            return 0;
        }
        if (!w->rest[len])
            break;
    }
    if (first == 0)
        return syntax(w, "a key is missing");
    if (was_reset(w, arena_strndup(w->arena, w->rest, first)))
        return 0;
    return unknown(w, arena_strndup(w->arena, w->rest, first));
}

static int walk(struct walk *w)
{
    while (*w->rest) {
        int rc;

        if (*w->rest == '[')
            rc = step_index(w);
        else if (w->path.len && *w->rest != '.')
            rc = syntax(w, "a '.' is missing");
        else if ((w->rest += w->path.len > 0), *w->rest == '"' || *w->rest == '\'')
            rc = step_quoted(w);
        else
            rc = step_key(w);
        if (rc < 0)
            return -1;
    }
    w->found->node = w->node;
    w->found->at = w->at;
    w->found->path = arena_strdup(w->arena, str_text(&w->path));
    return 0;
}

int explain_find(struct arena *a, const struct node *root, const char *path, struct found *ret,
                 struct err *err)
{
    struct walk w = {.arena = a,
                     .node = root,
                     .at = {.table = &project_table},
                     .rest = path,
                     .found = ret,
                     .err = err};
    int rc;

    *ret = (struct found){0};
    rc = *path ? walk(&w) : syntax(&w, "a key is missing");
    str_done(&w.path);
    return rc;
}
