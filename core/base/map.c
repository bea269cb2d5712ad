#include "core/base/map.h"

#include "core/base/mem.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

/* FNV-1a, then a mixer: slots are picked by the low bits, which FNV alone leaves weak. */
uint64_t map_hash(const char *bytes, size_t len)
{
    uint64_t h = 0xcbf29ce484222325u;

    for (size_t i = 0; i < len; i++)
        h = (h ^ (unsigned char)bytes[i]) * 0x100000001b3u;
    h ^= h >> 32;
    h *= 0xd6e8feb86659fd93u;
    return h ^ h >> 32;
}

void map_done(struct map *m)
{
    for (size_t i = 0; i < m->len; i++)
        free(m->entries[i].key);
    free(m->entries);
    free(m->slots);
    *m = (struct map){0};
}

/* The slot that holds the key, or the free one where it belongs. slot_count is a power of two. */
static size_t find_slot(const struct map *m, const char *key, uint64_t hash)
{
    size_t mask = m->slot_count - 1;
    size_t i = (size_t)hash & mask;

    for (; m->slots[i]; i = (i + 1) & mask) {
        const struct map_entry *e = &m->entries[m->slots[i] - 1];

        if (e->hash == hash && strcmp(e->key, key) == 0)
            break;
    }
    return i;
}

static void fill_slots(struct map *m)
{
    size_t mask = m->slot_count - 1;

    for (size_t e = 0; e < m->len; e++) {
        size_t i = (size_t)m->entries[e].hash & mask;

        while (m->slots[i])
            i = (i + 1) & mask;
        m->slots[i] = (uint32_t)(e + 1);
    }
}

/* At most half of the slots are taken, so that a search is short and always ends. */
static void grow(struct map *m)
{
    m->cap = m->cap ? m->cap * 2 : 8;
    if (m->cap >= UINT32_MAX / 2)
        mem_alloc(SIZE_MAX); /* aborts */
    m->entries = mem_reallocarray(m->entries, m->cap, sizeof *m->entries);
    free(m->slots);
    m->slot_count = m->cap * 2;
    m->slots = mem_calloc(m->slot_count, sizeof *m->slots);
    fill_slots(m);
}

static struct map_entry *find(const struct map *m, const char *key)
{
    uint32_t at;

    if (!m->len)
        return NULL;
    at = m->slots[find_slot(m, key, map_hash(key, strlen(key)))];
    return at ? &m->entries[at - 1] : NULL;
}

void *map_get(const struct map *m, const char *key)
{
    const struct map_entry *e = find(m, key);

    return e ? e->value : NULL;
}

bool map_has(const struct map *m, const char *key)
{
    return find(m, key) != NULL;
}

void *map_set(struct map *m, const char *key, void *value)
{
    struct map_entry *e = find(m, key);
    size_t key_len;
    uint64_t hash;

    if (e) {
        void *old = e->value;

        e->value = value;
        return old;
    }
    if (m->len == m->cap)
        grow(m);
    assert(m->entries);
    key_len = strlen(key);
    hash = map_hash(key, key_len);
    m->slots[find_slot(m, key, hash)] = (uint32_t)(m->len + 1);
    m->entries[m->len++] =
        (struct map_entry){.key = mem_strndup(key, key_len), .value = value, .hash = hash};
    return NULL;
}

bool map_remove(struct map *m, const char *key)
{
    struct map_entry *e = find(m, key);

    if (!e)
        return false;
    free(e->key);
    memmove(e, e + 1, (size_t)(m->entries + m->len - e - 1) * sizeof *e);
    m->len--;
    memset(m->slots, 0, m->slot_count * sizeof *m->slots);
    fill_slots(m);
    return true;
}
