#include "core/load/env.h"

#include "core/base/arena.h"
#include "core/base/attr.h" /* ARRAY_LEN */
#include "core/base/map.h"  /* map_hash */

#include <ctype.h>
#include <stdint.h>
#include <string.h>

struct env {
    struct arena *arena;
    struct env *up;
    struct variable *vars; /* in the order they were set */
    size_t len, cap;
    uint32_t *slots; /* open addressing: number of the variable plus one, 0 is free */
    size_t slot_count;
};

/* Names with one of these in them hold a credential. */
static const char *const secret_words[] = {
    "PASSWORD", "PASSWD",     "PASSPHRASE",  "SECRET",     "TOKEN",      "APIKEY",
    "API_KEY",  "ACCESS_KEY", "PRIVATE_KEY", "PRIVATEKEY", "CREDENTIAL",
};

static bool begins_with(const char *s, const char *upper)
{
    while (*upper && toupper((unsigned char)*s) == *upper)
        s++, upper++;
    return !*upper;
}

bool is_secret_name(const char *name)
{
    for (; *name; name++)
        for (size_t i = 0; i < ARRAY_LEN(secret_words); i++)
            if (begins_with(name, secret_words[i]))
                return true;
    return false;
}

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

    while (e->slots[i] && strcmp(e->vars[e->slots[i] - 1].name, name) != 0)
        i = (i + 1) & mask;
    return i;
}

static struct variable *find_own(const struct env *e, const char *name)
{
    uint32_t at = e->len ? e->slots[find_slot(e, name)] : 0;

    return at ? &e->vars[at - 1] : NULL;
}

static void grow_slots(struct env *e)
{
    if (e->slot_count > 2 * (e->len + 1))
        return;
    e->slot_count = e->slot_count ? e->slot_count * 2 : 64;
    e->slots = arena_calloc(e->arena, e->slot_count, sizeof *e->slots);
    for (size_t i = 0; i < e->len; i++)
        e->slots[find_slot(e, e->vars[i].name)] = (uint32_t)(i + 1);
}

void env_set(struct env *e, const char *name, const char *value, struct loc loc)
{
    struct variable *v = find_own(e, name);

    if (!v) {
        grow_slots(e);
        e->vars = arena_grow(e->arena, e->vars, e->len, &e->cap, e->len + 1, sizeof *e->vars);
        v = &e->vars[e->len];
        v->name = arena_strdup(e->arena, name);
        v->secret = is_secret_name(name);
        e->slots[find_slot(e, name)] = (uint32_t)++e->len;
    }
    v->value = arena_strdup(e->arena, value);
    v->loc = loc;
}

bool env_set_default(struct env *e, const char *name, const char *value, struct loc loc)
{
    if (env_find(e, name))
        return false;
    env_set(e, name, value, loc);
    return true;
}

const struct variable *env_find(const struct env *e, const char *name)
{
    for (; e; e = e->up) {
        const struct variable *v = find_own(e, name);

        if (v)
            return v;
    }
    return NULL;
}

const char *env_get(const struct env *e, const char *name)
{
    const struct variable *v = env_find(e, name);

    return v ? v->value : NULL;
}

size_t env_count(const struct env *e)
{
    return e->len;
}

const struct variable *env_at(const struct env *e, size_t i)
{
    return &e->vars[i];
}
