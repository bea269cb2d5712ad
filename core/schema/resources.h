/* core/schema/resources.h: the attributes of networks, volumes, secrets, configs and models.
 *
 * One row each, sorted by name; attr.h explains what a row says. tables.c makes the tables out of
 * them, and the ids below are for whoever has something to say about one attribute. */
#ifndef CORE_SCHEMA_RESOURCES_H
#define CORE_SCHEMA_RESOURCES_H

/* clang-format off */
#define EXTERNAL_ATTRS(ATTR)                                                                       \
    ATTR(NAME, "name", K_NONE, T_STR, .engine = CLIENT_SIDE)

#define IPAM_CONFIG_ATTRS(ATTR)                                                                    \
    ATTR(AUX_ADDRESSES, "aux_addresses", K_MAPPING, T_MAP, F(struct ipam_config, aux_addresses),   \
         .order = 4, .values = T_STR, .expand_late = expand_mapping)                               \
    ATTR(GATEWAY, "gateway", K_STRING, T_STR, F(struct ipam_config, gateway), .order = 2)          \
    ATTR(IP_RANGE, "ip_range", K_STRING, T_STR, F(struct ipam_config, ip_range), .order = 3)       \
    ATTR(SUBNET, "subnet", K_STRING, T_STR, F(struct ipam_config, subnet), .order = 1)

#define IPAM_ATTRS(ATTR)                                                                           \
    ATTR(CONFIG, "config", K_OBJECTS, T_LIST, F(struct ipam, config), .order = 2, .items = T_MAP,  \
         .sub = &ipam_config_table, .merge = MERGE_IPAM)                                           \
    ATTR(DRIVER, "driver", K_STRING, T_STR, F(struct ipam, driver), .order = 1)                    \
    ATTR(OPTIONS, "options", K_MAPPING, T_MAP, F(struct ipam, options), .order = 3,                \
         .values = T_STR, .expand_late = expand_mapping,                                           \
         .flags = ATTR_HASH_V5 | ATTR_NO_PRINT | ATTR_NO_HASH)

#define NETWORK_ATTRS(ATTR)                                                                        \
    ATTR(ATTACHABLE, "attachable", K_BOOL, T_BOOL | T_STR, F(struct network, attachable),          \
         .order = 7, .cast = CAST_BOOL, .engine = "Attachable")                                    \
    ATTR(DRIVER, "driver", K_STRING, T_STR, F(struct network, driver), .order = 2,                 \
         .engine = "Driver")                                                                       \
    ATTR(DRIVER_OPTS, "driver_opts", K_MAPPING, T_MAP, F(struct network, driver_opts), .order = 3, \
         .values = T_STR | T_NUM, .expand_late = expand_mapping, .engine = "Options")              \
    ATTR(ENABLE_IPV4, "enable_ipv4", K_OPT_BOOL, T_BOOL | T_STR, F(struct network, enable_ipv4),   \
         .order = 9, .cast = CAST_BOOL, .engine = "EnableIPv4")                                    \
    ATTR(ENABLE_IPV6, "enable_ipv6", K_OPT_BOOL, T_BOOL | T_STR, F(struct network, enable_ipv6),   \
         .order = 10, .cast = CAST_BOOL, .engine = "EnableIPv6")                                   \
    ATTR(EXTERNAL, "external", K_BOOL, T_BOOL | T_STR | T_MAP, F(struct network, external),        \
         .order = 5, .cast = CAST_BOOL, .sub = &external_table, .engine = CLIENT_SIDE)             \
    ATTR(INTERNAL, "internal", K_BOOL, T_BOOL | T_STR, F(struct network, internal), .order = 6,    \
         .cast = CAST_BOOL, .engine = "Internal")                                                  \
    ATTR(IPAM, "ipam", K_OBJECT, T_MAP, F(struct network, ipam), .order = 4, .sub = &ipam_table,   \
         .flags = ATTR_JSON_ALWAYS)                                                                \
    ATTR(LABELS, "labels", K_MAPPING, T_MAP | T_LIST, F(struct network, labels), .order = 8,       \
         .items = T_STR, .values = T_SCALAR | T_NULL, .expand_late = expand_mapping,               \
         .merge = MERGE_SEQUENCE, .unique = key_before_equals, .flags = ATTR_UNIQUE_ITEMS)         \
    ATTR(NAME, "name", K_STRING, T_STR, F(struct network, name), .order = 1,                       \
         .engine = CLIENT_SIDE)

#define VOLUME_ATTRS(ATTR)                                                                         \
    ATTR(DRIVER, "driver", K_STRING, T_STR, F(struct volume, driver), .order = 2,                  \
         .engine = "Driver")                                                                       \
    ATTR(DRIVER_OPTS, "driver_opts", K_MAPPING, T_MAP, F(struct volume, driver_opts), .order = 3,  \
         .values = T_STR | T_NUM, .expand_late = expand_mapping, .path = PATH_DEVICE,              \
         .engine = "DriverOpts")                                                                   \
    ATTR(EXTERNAL, "external", K_BOOL, T_BOOL | T_STR | T_MAP, F(struct volume, external),         \
         .order = 4, .cast = CAST_BOOL, .sub = &external_table, .engine = CLIENT_SIDE)             \
    ATTR(LABELS, "labels", K_MAPPING, T_MAP | T_LIST, F(struct volume, labels), .order = 5,        \
         .items = T_STR, .values = T_SCALAR | T_NULL, .expand_late = expand_mapping,               \
         .merge = MERGE_SEQUENCE, .unique = key_before_equals, .flags = ATTR_UNIQUE_ITEMS)         \
    ATTR(NAME, "name", K_STRING, T_STR, F(struct volume, name), .order = 1, .engine = CLIENT_SIDE)

/* What configs and secrets have in common; all of it sorts after what only one of them has. */
#define FILE_SOURCE_ATTRS(ATTR)                                                                    \
    ATTR(ENVIRONMENT, "environment", K_STRING, T_STR, F(struct file_source, environment),          \
         .order = 3, .engine = CLIENT_SIDE)                                                        \
    ATTR(EXTERNAL, "external", K_BOOL, T_BOOL | T_STR | T_MAP, F(struct file_source, external),    \
         .order = 5, .cast = CAST_BOOL, .sub = &open_external_table, .engine = CLIENT_SIDE)        \
    ATTR(FILE, "file", K_STRING, T_STR, F(struct file_source, file), .order = 2,                   \
         .path = PATH_SOURCE, .engine = CLIENT_SIDE)                                               \
    ATTR(LABELS, "labels", K_MAPPING, T_MAP | T_LIST, F(struct file_source, labels), .order = 6,   \
         .items = T_STR, .values = T_SCALAR | T_NULL, .expand_late = expand_mapping,               \
         .flags = ATTR_UNIQUE_ITEMS, .engine = NO_EFFECT)                                          \
    ATTR(NAME, "name", K_STRING, T_STR, F(struct file_source, name), .order = 1,                   \
         .engine = CLIENT_SIDE)                                                                    \
    ATTR(TEMPLATE_DRIVER, "template_driver", K_STRING, T_STR,                                      \
         F(struct file_source, template_driver), .order = 9, .engine = CLIENT_SIDE)

#define SECRET_ATTRS(ATTR)                                                                         \
    ATTR(DRIVER, "driver", K_STRING, T_STR, F(struct file_source, driver), .order = 7,             \
         .engine = CLIENT_SIDE)                                                                    \
    ATTR(DRIVER_OPTS, "driver_opts", K_MAPPING, T_MAP, F(struct file_source, driver_opts),         \
         .order = 8, .values = T_STR | T_NUM, .expand_late = expand_mapping, .engine = NO_EFFECT)  \
    FILE_SOURCE_ATTRS(ATTR)

#define CONFIG_ATTRS(ATTR)                                                                         \
    ATTR(CONTENT, "content", K_STRING, T_STR, F(struct file_source, content), .order = 4,          \
         .engine = CLIENT_SIDE)                                                                    \
    FILE_SOURCE_ATTRS(ATTR)

#define MODEL_ATTRS(ATTR)                                                                          \
    ATTR(CONTEXT_SIZE, "context_size", K_INT, T_INT, F(struct model, context_size), .order = 3,    \
         .engine = CLIENT_SIDE)                                                                    \
    ATTR(MODEL, "model", K_STRING, T_STR, F(struct model, model), .order = 2,                      \
         .flags = ATTR_REQUIRED, .engine = CLIENT_SIDE)                                            \
    ATTR(NAME, "name", K_STRING, T_STR, F(struct model, name), .order = 1, .engine = CLIENT_SIDE)  \
    ATTR(RUNTIME_FLAGS, "runtime_flags", K_STRINGS, T_LIST, F(struct model, runtime_flags),        \
         .order = 4, .items = T_STR, .engine = CLIENT_SIDE)

/* clang-format on */

#define EXTERNAL_ID(id, ...) EXTERNAL_##id,
enum external_attr { EXTERNAL_ATTRS(EXTERNAL_ID) EXTERNAL_ATTR_COUNT };
#define IPAM_CONFIG_ID(id, ...) IPAM_CONFIG_##id,
enum ipam_config_attr { IPAM_CONFIG_ATTRS(IPAM_CONFIG_ID) IPAM_CONFIG_ATTR_COUNT };
#define IPAM_ID(id, ...) IPAM_##id,
enum ipam_attr { IPAM_ATTRS(IPAM_ID) IPAM_ATTR_COUNT };
#define NETWORK_ID(id, ...) NETWORK_##id,
enum network_attr { NETWORK_ATTRS(NETWORK_ID) NETWORK_ATTR_COUNT };
#define VOLUME_ID(id, ...) VOLUME_##id,
enum volume_attr { VOLUME_ATTRS(VOLUME_ID) VOLUME_ATTR_COUNT };
#define SECRET_ID(id, ...) SECRET_##id,
enum secret_attr { SECRET_ATTRS(SECRET_ID) SECRET_ATTR_COUNT };
#define CONFIG_ID(id, ...) CONFIG_##id,
enum config_attr { CONFIG_ATTRS(CONFIG_ID) CONFIG_ATTR_COUNT };
#define MODEL_ID(id, ...) MODEL_##id,
enum model_attr { MODEL_ATTRS(MODEL_ID) MODEL_ATTR_COUNT };

#endif
