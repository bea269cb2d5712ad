/* core/schema/project.h: the attributes of the top level and of include.
 *
 * One row each, sorted by name; attr.h explains what a row says. tables.c makes the tables out of
 * them, and the ids below are for whoever has something to say about one attribute. */
#ifndef CORE_SCHEMA_PROJECT_H
#define CORE_SCHEMA_PROJECT_H

/* clang-format off */
#define INCLUDE_ATTRS(ATTR)                                                                        \
    ATTR(ENV_FILE, "env_file", K_NONE, T_STR | T_LIST, .items = T_STR, .flags = ATTR_UNIQUE_ITEMS, \
         .engine = CLIENT_SIDE)                                                                    \
    ATTR(PATH, "path", K_NONE, T_STR | T_LIST, .items = T_STR, .flags = ATTR_UNIQUE_ITEMS,         \
         .engine = CLIENT_SIDE)                                                                    \
    ATTR(PROJECT_DIRECTORY, "project_directory", K_NONE, T_STR, .engine = CLIENT_SIDE)

#define PROJECT_ATTRS(ATTR)                                                                        \
    ATTR(CONFIGS, "configs", K_MAP, T_MAP, F(struct project, configs), .order = 6,                 \
         .values = T_MAP, .sub = &config_table, .flags = ATTR_KEY_NAMES,                           \
         .expand = expand_external, .engine = CLIENT_SIDE)                                         \
    ATTR(INCLUDE, "include", K_NONE, T_LIST, .items = T_STR | T_MAP, .sub = &include_table,        \
         .engine = CLIENT_SIDE)                                                                    \
    ATTR(MODELS, "models", K_MAP, T_MAP, F(struct project, models), .order = 7, .values = T_MAP,   \
         .sub = &model_table, .flags = ATTR_NO_JSON, .engine = CLIENT_SIDE)                        \
    ATTR(NAME, "name", K_STRING, T_STR, F(struct project, name), .order = 1,                       \
         .flags = ATTR_JSON_ALWAYS, .engine = CLIENT_SIDE)                                                                    \
    ATTR(NETWORKS, "networks", K_MAP, T_MAP, F(struct project, networks), .order = 3,              \
         .values = T_MAP | T_NULL, .sub = &network_table, .expand = expand_external,               \
         .engine = CLIENT_SIDE)                                                                    \
    ATTR(SECRETS, "secrets", K_MAP, T_MAP, F(struct project, secrets), .order = 5,                 \
         .values = T_MAP, .sub = &secret_table, .flags = ATTR_KEY_NAMES,                           \
         .expand = expand_external, .engine = CLIENT_SIDE)                                         \
    ATTR(SERVICES, "services", K_MAP, T_MAP, F(struct project, services), .order = 2,              \
         .values = T_MAP, .sub = &service_table, .flags = ATTR_KEY_NAMES | ATTR_PRINT_ALWAYS,      \
         .engine = CLIENT_SIDE)                                                                    \
    ATTR(VERSION, "version", K_NONE, T_STR, .engine = CLIENT_SIDE)                                 \
    ATTR(VOLUMES, "volumes", K_MAP, T_MAP, F(struct project, volumes), .order = 4,                 \
         .values = T_MAP | T_NULL, .sub = &volume_table, .flags = ATTR_KEY_NAMES,                  \
         .expand = expand_external, .engine = CLIENT_SIDE)

/* clang-format on */

#define INCLUDE_ID(id, ...) INCLUDE_##id,
enum include_attr { INCLUDE_ATTRS(INCLUDE_ID) INCLUDE_ATTR_COUNT };
#define PROJECT_ID(id, ...) PROJECT_##id,
enum project_attr { PROJECT_ATTRS(PROJECT_ID) PROJECT_ATTR_COUNT };

#endif
