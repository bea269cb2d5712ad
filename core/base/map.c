#include "core/base/map.h"

#include "core/base/mem.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>

/* ---- hashing ---- */

/* SipHash-1-3, keyed with what the kernel gave this process at random: whoever writes a file cannot
 * choose keys that meet in one slot, which would make a search as long as the map. */
struct sip {
    uint64_t v0, v1, v2, v3;
};

static uint64_t rotate(uint64_t x, int by)
{
    return x << by | x >> (64 - by);
}

static void mix(struct sip *s)
{
    s->v0 += s->v1;
    s->v1 = rotate(s->v1, 13) ^ s->v0;
    s->v0 = rotate(s->v0, 32);
    s->v2 += s->v3;
    s->v3 = rotate(s->v3, 16) ^ s->v2;
    s->v0 += s->v3;
    s->v3 = rotate(s->v3, 21) ^ s->v0;
    s->v2 += s->v1;
    s->v1 = rotate(s->v1, 17) ^ s->v2;
    s->v2 = rotate(s->v2, 32);
}

static void take_word(struct sip *s, uint64_t word)
{
    s->v3 ^= word;
    mix(s);
    s->v0 ^= word;
}

static const unsigned char *random_key(void)
{
    static const unsigned char none[16];
    static _Atomic(const unsigned char *) known;
    const unsigned char *key = known;

    if (!key) {
        key = (const unsigned char *)(uintptr_t)getauxval(AT_RANDOM); /* 16 bytes */
        known = key = key ? key : none;
    }
    return key;
}

uint64_t map_hash(const char *bytes, size_t len)
{
    uint64_t key[2], word = 0;
    const char *end = bytes + (len & ~(size_t)7);
    struct sip s;

    memcpy(key, random_key(), sizeof key);
    s = (struct sip){.v0 = key[0] ^ 0x736f6d6570736575u,
                     .v1 = key[1] ^ 0x646f72616e646f6du,
                     .v2 = key[0] ^ 0x6c7967656e657261u,
                     .v3 = key[1] ^ 0x7465646279746573u};
    for (; bytes < end; bytes += sizeof word) {
        memcpy(&word, bytes, sizeof word);
        take_word(&s, word);
    }
    word = (uint64_t)len << 56;
    for (size_t i = 0; i < (len & 7); i++)
        word |= (uint64_t)(unsigned char)bytes[i] << 8 * i;
    take_word(&s, word);
    s.v2 ^= 0xff;
    for (int i = 0; i < 3; i++)
        mix(&s);
    return s.v0 ^ s.v1 ^ s.v2 ^ s.v3;
}

/* ---- the map ---- */

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
