/* core/schema/build.h: the attributes of services.*.build.
 *
 * One row each, sorted by name; attr.h explains what a row says. tables.c makes the tables out of
 * them, and the ids below are for whoever has something to say about one attribute. */
#ifndef CORE_SCHEMA_BUILD_H
#define CORE_SCHEMA_BUILD_H

/* clang-format off */
#define BUILD_ATTRS(ATTR)                                                                          \
    ATTR(ADDITIONAL_CONTEXTS, "additional_contexts", K_MAPPING, T_MAP | T_LIST,                    \
         F(struct build, additional_contexts), .order = 14, .items = T_STR,                        \
         .values = T_SCALAR | T_NULL, .expand = expand_contexts, .merge = MERGE_SEQUENCE,          \
         .unique = key_before_equals, .path = PATH_CONTEXTS, .flags = ATTR_UNIQUE_ITEMS,           \
         .engine = UNSUPPORTED)                                                                    \
    ATTR(ARGS, "args", K_MAPPING, T_MAP | T_LIST, F(struct build, args), .order = 5,               \
         .items = T_STR, .values = T_SCALAR | T_NULL, .expand_late = expand_mapping,               \
         .merge = MERGE_SEQUENCE, .unique = key_before_equals,                                     \
         .flags = ATTR_NULL_VALUES | ATTR_UNIQUE_ITEMS, .engine = CLIENT_SIDE)                     \
    ATTR(CACHE_FROM, "cache_from", K_STRINGS, T_LIST, F(struct build, cache_from), .order = 10,    \
         .items = T_STR, .engine = CLIENT_SIDE)                                                    \
    ATTR(CACHE_TO, "cache_to", K_STRINGS, T_LIST, F(struct build, cache_to), .order = 11,          \
         .items = T_STR, .engine = UNSUPPORTED)                                                    \
    ATTR(CONTEXT, "context", K_STRING, T_STR, F(struct build, context), .order = 1,                \
         .path = PATH_CONTEXT, .engine = CLIENT_SIDE)                                              \
    ATTR(DOCKERFILE, "dockerfile", K_STRING, T_STR, F(struct build, dockerfile), .order = 2,       \
         .engine = CLIENT_SIDE)                                                                    \
    ATTR(DOCKERFILE_INLINE, "dockerfile_inline", K_STRING, T_STR,                                  \
         F(struct build, dockerfile_inline), .order = 3, .engine = CLIENT_SIDE)                    \
    ATTR(ENTITLEMENTS, "entitlements", K_STRINGS, T_LIST, F(struct build, entitlements),           \
         .order = 4, .items = T_STR, .engine = UNSUPPORTED)                                        \
    ATTR(EXTRA_HOSTS, "extra_hosts", K_HOSTS, T_MAP | T_LIST, F(struct build, extra_hosts),        \
         .order = 16, .items = T_STR, .values = T_STR | T_LIST, .expand_late = expand_extra_hosts, \
         .merge = MERGE_HOSTS, .flags = ATTR_UNIQUE_ITEMS, .engine = CLIENT_SIDE)                  \
    ATTR(ISOLATION, "isolation", K_STRING, T_STR, F(struct build, isolation), .order = 17,         \
         .engine = CLIENT_SIDE)                                                                    \
    ATTR(LABELS, "labels", K_MAPPING, T_MAP | T_LIST, F(struct build, labels), .order = 9,         \
         .items = T_STR, .values = T_SCALAR | T_NULL, .expand_late = expand_mapping,               \
         .merge = MERGE_SEQUENCE, .unique = key_before_equals, .flags = ATTR_UNIQUE_ITEMS,         \
         .engine = CLIENT_SIDE)                                                                    \
    ATTR(NETWORK, "network", K_STRING, T_STR, F(struct build, network), .order = 18,               \
         .engine = CLIENT_SIDE)                                                                    \
    ATTR(NO_CACHE, "no_cache", K_BOOL, T_BOOL | T_STR, F(struct build, no_cache), .order = 12,     \
         .engine = CLIENT_SIDE)                                                                    \
    ATTR(NO_CACHE_FILTER, "no_cache_filter", K_STRINGS, T_STR | T_LIST,                            \
         F(struct build, no_cache_filter), .order = 13, .items = T_STR,                            \
         .expand_late = expand_string_list, .flags = ATTR_UNIQUE_ITEMS, .engine = UNSUPPORTED)     \
    ATTR(PLATFORMS, "platforms", K_STRINGS, T_LIST, F(struct build, platforms), .order = 24,       \
         .items = T_STR, .engine = CLIENT_SIDE)                                                    \
    ATTR(PRIVILEGED, "privileged", K_BOOL, T_BOOL | T_STR, F(struct build, privileged),            \
         .order = 25, .engine = UNSUPPORTED)                                                       \
    ATTR(PROVENANCE, "provenance", K_STRING, T_STR | T_BOOL, F(struct build, provenance),          \
         .order = 6, .expand = expand_scalar, .engine = UNSUPPORTED)                               \
    ATTR(PULL, "pull", K_BOOL, T_BOOL | T_STR, F(struct build, pull), .order = 15,                 \
         .engine = CLIENT_SIDE)                                                                    \
    ATTR(SBOM, "sbom", K_STRING, T_STR | T_BOOL, F(struct build, sbom), .order = 7,                \
         .expand = expand_scalar, .engine = UNSUPPORTED)                                           \
    ATTR(SECRETS, "secrets", K_OBJECTS, T_LIST, F(struct build, secrets), .order = 20,             \
         .items = T_STR | T_MAP, .sub = &file_ref_table, .expand = expand_file_refs,               \
         .engine = UNSUPPORTED)                                                                    \
    ATTR(SHM_SIZE, "shm_size", K_BYTES, T_INT | T_STR, F(struct build, shm_size), .order = 21,     \
         .engine = CLIENT_SIDE)                                                                    \
    ATTR(SSH, "ssh", K_MAPPING, T_MAP | T_LIST, F(struct build, ssh), .order = 8, .items = T_STR,  \
         .values = T_SCALAR | T_NULL, .expand = expand_ssh, .path = PATH_SOURCES,                  \
         .engine = UNSUPPORTED, .flags = ATTR_NULL_VALUES | ATTR_AS_LIST | ATTR_UNIQUE_ITEMS)      \
    ATTR(TAGS, "tags", K_STRINGS, T_LIST, F(struct build, tags), .order = 22, .items = T_STR,      \
         .unique = key_before_equals, .engine = CLIENT_SIDE)                                       \
    ATTR(TARGET, "target", K_STRING, T_STR, F(struct build, target), .order = 19,                  \
         .engine = CLIENT_SIDE)                                                                    \
    ATTR(ULIMITS, "ulimits", K_ULIMITS, T_MAP, F(struct build, ulimits), .order = 23,              \
         .values = T_INT | T_STR | T_MAP, .sub = &ulimit_table, .cast = CAST_INT,                  \
         .engine = CLIENT_SIDE)

/* clang-format on */

#define BUILD_ID(id, ...) BUILD_##id,
enum build_attr { BUILD_ATTRS(BUILD_ID) BUILD_ATTR_COUNT };

#endif
