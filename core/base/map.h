/* core/base/map.h: a hash map from text to pointers that remembers insertion order.
 *
 * Keys are copied; values are borrowed. Walk in insertion order with map_at. An all-zero struct is
 * an empty map. */
#ifndef CORE_BASE_MAP_H
#define CORE_BASE_MAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct map_entry {
    char *key;
    void *value;
    uint64_t hash;
};

struct map {
    struct map_entry *entries; /* insertion order */
    size_t len, cap;
    uint32_t *slots; /* index into entries, plus one; 0 is free */
    size_t slot_count;
};

void map_done(struct map *m);
void *map_get(const struct map *m, const char *key); /* NULL when absent */
bool map_has(const struct map *m, const char *key);
void *map_set(struct map *m, const char *key, void *value); /* replaces; returns the old value */
bool map_remove(struct map *m, const char *key);            /* keeps the order of the rest */
uint64_t map_hash(const char *bytes, size_t len);           /* another in every process */

#endif
