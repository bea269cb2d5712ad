#include "core/load/env.h"

#include "core/base/arena.h"
#include "core/base/map.h" /* map_hash */
#include "core/base/secret.h"

#include <stdint.h>
#include <string.h>

struct env {
    struct arena *arena;
    struct env *up;
    struct env *attached;   /* of an included set of files */
    struct variable **vars; /* in the order they were set */
    size_t len, cap;
    uint32_t *slots; /* open addressing: number of the variable plus one, 0 is free */
    size_t slot_count;
};

struct env *env_new(struct arena *a)
{
    return env_scope(a, NULL);
}

struct env *env_scope(struct arena *a, struct env *up)
{
    struct env *e = arena_alloc(a, sizeof *e);

    e->arena = a;
    e->up = up;
    return e;
}

/* The slot that holds the name, or the free one where it belongs. */
static size_t find_slot(const struct env *e, const char *name)
{
    size_t mask = e->slot_count - 1;
    size_t i = (size_t)map_hash(name, strlen(name)) & mask;

    while (e->slots[i] && strcmp(e->vars[e->slots[i] - 1]->name, name) != 0)
        i = (i + 1) & mask;
    return i;
}

static struct variable *find_own(const struct env *e, const char *name)
{
    uint32_t at = e->len ? e->slots[find_slot(e, name)] : 0;

    return at ? e->vars[at - 1] : NULL;
}

static void grow_slots(struct env *e)
{
    if (e->slot_count > 2 * (e->len + 1))
        return;
    e->slot_count = e->slot_count ? e->slot_count * 2 : 64;
    e->slots = arena_calloc(e->arena, e->slot_count, sizeof *e->slots);
    for (size_t i = 0; i < e->len; i++)
        e->slots[find_slot(e, e->vars[i]->name)] = (uint32_t)(i + 1);
}

/* Where the name is found, and in which scope. */
static struct variable *find(const struct env *e, const char *name, const struct env **ret)
{
    struct variable *v = NULL;

    for (; e && !v; e = e->up) {
        v = find_own(e, name);
        *ret = e;
    }
    return v;
}

static bool is_same_place(const struct variable *a, const struct variable *b)
{
    return a == b || (a->loc.line == b->loc.line && a->loc.col == b->loc.col && a->loc.file &&
                      b->loc.file && strcmp(a->loc.file, b->loc.file) == 0);
}

/* `v` and what lost against it go behind those that have lost already. A file may be read twice:
 * what it says counts once. */
static void lose(struct variable *winner, struct variable *v)
{
    struct variable *last = winner;

    for (; last->lost && !is_same_place(last, v); last = last->lost)
        ;
    for (const struct variable *weaker = v; weaker; weaker = weaker->lost)
        if (is_same_place(last, weaker))
            return;
    last->lost = v;
}

struct variable *variable_new(struct arena *a, const char *name, const char *value, struct loc loc)
{
    struct variable *v = arena_alloc(a, sizeof *v);

    v->name = arena_strdup(a, name);
    v->value = arena_strdup(a, value);
    v->loc = v->at = loc;
    v->secret = is_secret_name(name);
    return v;
}

void env_take(struct env *e, struct variable *v)
{
    struct variable *there = find_own(e, v->name);

    if (there) {
        e->vars[e->slots[find_slot(e, v->name)] - 1] = v;
        lose(v, there);
        return;
    }
    grow_slots(e);
    e->vars = arena_grow(e->arena, e->vars, e->len, &e->cap, e->len + 1, sizeof(struct variable *));
    e->vars[e->len] = v;
    e->slots[find_slot(e, v->name)] = (uint32_t)++e->len;
}

struct variable *env_set(struct env *e, const char *name, const char *value, struct loc loc)
{
    struct variable *v = variable_new(e->arena, name, value, loc);

    env_take(e, v);
    return v;
}

/* That a source has lost in this scope does not matter to those above. */
static struct variable *own_copy(struct env *e, struct variable *v)
{
    struct variable *copy = arena_alloc(e->arena, sizeof *copy);

    *copy = *v;
    copy->same = v;
    env_take(e, copy);
    return copy;
}

bool env_adopt(struct env *e, struct variable *v)
{
    const struct env *scope = NULL;
    struct variable *there = find(e, v->name, &scope);

    if (!there) {
        env_take(e, v);
        return true;
    }
    lose(scope == e ? there : own_copy(e, there), v);
    return false;
}

bool env_set_default(struct env *e, const char *name, const char *value, struct loc loc)
{
    return env_adopt(e, variable_new(e->arena, name, value, loc));
}

bool env_has(const struct env *e, const char *name)
{
    const struct env *scope;

    return find(e, name, &scope);
}

bool env_has_own(const struct env *e, const char *name)
{
    return find_own(e, name);
}

const struct variable *env_find(const struct env *e, const char *name)
{
    const struct env *scope;
    struct variable *found = find(e, name, &scope);

    for (struct variable *v = found; v; v = v->same)
        v->read = true;
    return found;
}

const char *env_get(const struct env *e, const char *name)
{
    const struct variable *v = env_find(e, name);

    return v ? v->value : NULL;
}

void env_attach(struct env *project, struct env *included)
{
    while (project->attached)
        project = project->attached;
    project->attached = included;
}

const struct env *env_attached(const struct env *e)
{
    return e->attached;
}

size_t env_count(const struct env *e)
{
    return e->len;
}

struct variable *env_at(const struct env *e, size_t i)
{
    return e->vars[i];
}
