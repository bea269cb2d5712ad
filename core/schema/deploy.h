/* core/schema/deploy.h: the attributes of services.*.deploy, its objects, and gpus.
 *
 * One row each, sorted by name; attr.h explains what a row says. tables.c makes the tables out of
 * them, and the ids below are for whoever has something to say about one attribute. */
#ifndef CORE_SCHEMA_DEPLOY_H
#define CORE_SCHEMA_DEPLOY_H

/* clang-format off */
#define DISCRETE_SPEC_ATTRS(ATTR)                                                                  \
    ATTR(KIND, "kind", K_STRING, T_STR, F(struct discrete_spec, kind), .order = 1,                 \
         .flags = ATTR_PRINT_ALWAYS | ATTR_JSON_ALWAYS, .engine = NO_EFFECT)                       \
    ATTR(VALUE, "value", K_INT, T_NUM | T_STR, F(struct discrete_spec, value), .order = 2,         \
         .flags = ATTR_PRINT_ALWAYS | ATTR_JSON_ALWAYS, .engine = NO_EFFECT)

#define GENERIC_RESOURCE_ATTRS(ATTR)                                                               \
    ATTR(DISCRETE_RESOURCE_SPEC, "discrete_resource_spec", K_OBJECT, T_MAP,                        \
         F(struct generic_resource, discrete_resource_spec), .order = 1,                           \
         .sub = &discrete_spec_table, .engine = NO_EFFECT)

/* What a request for devices has besides its capabilities. */
#define REQUESTED_ATTRS(ATTR)                                                                      \
    ATTR(COUNT, "count", K_INT, T_STR | T_INT, F(struct device_request, count), .order = 3,        \
         .expand_late = expand_count)                                                              \
    ATTR(DEVICE_IDS, "device_ids", K_STRINGS, T_LIST, F(struct device_request, device_ids),        \
         .order = 4, .items = T_STR, .flags = ATTR_UNIQUE_ITEMS)                                   \
    ATTR(DRIVER, "driver", K_STRING, T_STR, F(struct device_request, driver), .order = 2)          \
    ATTR(OPTIONS, "options", K_MAPPING, T_MAP | T_LIST, F(struct device_request, options),         \
         .order = 5, .items = T_STR, .values = T_SCALAR | T_NULL, .expand_late = expand_mapping,   \
         .flags = ATTR_UNIQUE_ITEMS)

#define DEVICE_REQUEST_ATTRS(ATTR)                                                                 \
    ATTR(CAPABILITIES, "capabilities", K_STRINGS, T_LIST, F(struct device_request, capabilities),  \
         .order = 1, .items = T_STR, .flags = ATTR_UNIQUE_ITEMS | ATTR_REQUIRED)                   \
    REQUESTED_ATTRS(ATTR)

#define GPU_ATTRS(ATTR)                                                                            \
    ATTR(CAPABILITIES, "capabilities", K_STRINGS, T_LIST, F(struct device_request, capabilities),  \
         .order = 1, .items = T_STR, .flags = ATTR_UNIQUE_ITEMS)                                   \
    REQUESTED_ATTRS(ATTR)

#define LIMITS_ATTRS(ATTR)                                                                         \
    ATTR(CPUS, "cpus", K_FLOAT, T_NUM | T_STR, F(struct resource, cpus), .order = 1)               \
    ATTR(MEMORY, "memory", K_BYTES, T_STR, F(struct resource, memory), .order = 2)                 \
    ATTR(PIDS, "pids", K_INT, T_INT | T_STR, F(struct resource, pids), .order = 3)

#define RESERVATIONS_ATTRS(ATTR)                                                                   \
    ATTR(CPUS, "cpus", K_FLOAT, T_NUM | T_STR, F(struct resource, cpus), .order = 1,               \
         .engine = NO_EFFECT)                                                                      \
    ATTR(DEVICES, "devices", K_OBJECTS, T_LIST, F(struct resource, devices), .order = 4,           \
         .items = T_MAP, .sub = &device_request_table)                                             \
    ATTR(GENERIC_RESOURCES, "generic_resources", K_OBJECTS, T_LIST,                                \
         F(struct resource, generic_resources), .order = 5, .items = T_MAP,                        \
         .sub = &generic_resource_table, .engine = NO_EFFECT)                                      \
    ATTR(MEMORY, "memory", K_BYTES, T_STR, F(struct resource, memory), .order = 2)

#define RESOURCES_ATTRS(ATTR)                                                                      \
    ATTR(LIMITS, "limits", K_OBJECT, T_MAP, F(struct resources, limits), .order = 1,               \
         .sub = &limits_table)                                                                     \
    ATTR(RESERVATIONS, "reservations", K_OBJECT, T_MAP, F(struct resources, reservations),         \
         .order = 2, .sub = &reservations_table)

#define UPDATE_CONFIG_ATTRS(ATTR)                                                                  \
    ATTR(DELAY, "delay", K_DURATION, T_STR, F(struct update_config, delay), .order = 2,            \
         .engine = NO_EFFECT)                                                                      \
    ATTR(FAILURE_ACTION, "failure_action", K_STRING, T_STR,                                        \
         F(struct update_config, failure_action), .order = 3, .engine = NO_EFFECT)                 \
    ATTR(MAX_FAILURE_RATIO, "max_failure_ratio", K_FLOAT, T_NUM | T_STR,                           \
         F(struct update_config, max_failure_ratio), .order = 5, .cast = CAST_FLOAT64,             \
         .engine = NO_EFFECT)                                                                      \
    ATTR(MONITOR, "monitor", K_DURATION, T_STR, F(struct update_config, monitor), .order = 4,      \
         .engine = NO_EFFECT)                                                                      \
    ATTR(ORDER, "order", K_STRING, T_STR, F(struct update_config, order), .order = 6,              \
         .words = words_order, .engine = NO_EFFECT)                                                \
    ATTR(PARALLELISM, "parallelism", K_OPT_INT, T_INT | T_STR,                                     \
         F(struct update_config, parallelism), .order = 1, .cast = CAST_INT, .engine = NO_EFFECT,  \
         .flags = ATTR_UNSIGNED)

#define RESTART_POLICY_ATTRS(ATTR)                                                                 \
    ATTR(CONDITION, "condition", K_STRING, T_STR, F(struct restart_policy, condition), .order = 1) \
    ATTR(DELAY, "delay", K_OPT_DURATION, T_STR, F(struct restart_policy, delay), .order = 2,       \
         .engine = NO_EFFECT)                                                                      \
    ATTR(MAX_ATTEMPTS, "max_attempts", K_OPT_INT, T_INT | T_STR,                                   \
         F(struct restart_policy, max_attempts), .order = 3, .cast = CAST_INT,                     \
         .flags = ATTR_UNSIGNED)                                                                   \
    ATTR(WINDOW, "window", K_OPT_DURATION, T_STR, F(struct restart_policy, window), .order = 4,    \
         .engine = NO_EFFECT)

#define PREFERENCE_ATTRS(ATTR)                                                                     \
    ATTR(SPREAD, "spread", K_STRING, T_STR, F(struct preference, spread), .order = 1,              \
         .engine = NO_EFFECT)

#define PLACEMENT_ATTRS(ATTR)                                                                      \
    ATTR(CONSTRAINTS, "constraints", K_STRINGS, T_LIST, F(struct placement, constraints),          \
         .order = 1, .items = T_STR, .engine = NO_EFFECT)                                          \
    ATTR(MAX_REPLICAS_PER_NODE, "max_replicas_per_node", K_INT, T_INT | T_STR,                     \
         F(struct placement, max_replicas_per_node), .order = 3, .cast = CAST_INT,                 \
         .engine = NO_EFFECT, .flags = ATTR_UNSIGNED)                                              \
    ATTR(PREFERENCES, "preferences", K_OBJECTS, T_LIST, F(struct placement, preferences),          \
         .order = 2, .items = T_MAP, .sub = &preference_table, .engine = NO_EFFECT)

#define DEPLOY_ATTRS(ATTR)                                                                         \
    ATTR(ENDPOINT_MODE, "endpoint_mode", K_STRING, T_STR, F(struct deploy, endpoint_mode),         \
         .order = 9, .engine = NO_EFFECT)                                                          \
    ATTR(LABELS, "labels", K_MAPPING, T_MAP | T_LIST, F(struct deploy, labels), .order = 3,        \
         .items = T_STR, .values = T_SCALAR | T_NULL, .expand_late = expand_mapping,               \
         .merge = MERGE_SEQUENCE, .unique = key_before_equals, .flags = ATTR_UNIQUE_ITEMS,         \
         .engine = NO_EFFECT)                                                                      \
    ATTR(MODE, "mode", K_STRING, T_STR, F(struct deploy, mode), .order = 1, .engine = INFORMATION) \
    ATTR(PLACEMENT, "placement", K_OBJECT, T_MAP, F(struct deploy, placement), .order = 8,         \
         .sub = &placement_table, .flags = ATTR_JSON_ALWAYS, .engine = NO_EFFECT)                  \
    ATTR(REPLICAS, "replicas", K_OPT_INT, T_INT | T_STR, F(struct deploy, replicas), .order = 2,   \
         .cast = CAST_INT, .flags = ATTR_NO_HASH, .engine = CLIENT_SIDE)                           \
    ATTR(RESOURCES, "resources", K_OBJECT, T_MAP, F(struct deploy, resources), .order = 6,         \
         .sub = &resources_table, .flags = ATTR_JSON_ALWAYS)                                       \
    ATTR(RESTART_POLICY, "restart_policy", K_OBJECT, T_MAP, F(struct deploy, restart_policy),      \
         .order = 7, .sub = &restart_policy_table)                                                 \
    ATTR(ROLLBACK_CONFIG, "rollback_config", K_OBJECT, T_MAP, F(struct deploy, rollback_config),   \
         .order = 5, .sub = &update_config_table, .engine = NO_EFFECT)                             \
    ATTR(UPDATE_CONFIG, "update_config", K_OBJECT, T_MAP, F(struct deploy, update_config),         \
         .order = 4, .sub = &update_config_table, .engine = NO_EFFECT)

/* clang-format on */

#define DISCRETE_SPEC_ID(id, ...) DISCRETE_SPEC_##id,
enum discrete_spec_attr { DISCRETE_SPEC_ATTRS(DISCRETE_SPEC_ID) DISCRETE_SPEC_ATTR_COUNT };
#define GENERIC_RESOURCE_ID(id, ...) GENERIC_RESOURCE_##id,
enum generic_resource_attr {
    GENERIC_RESOURCE_ATTRS(GENERIC_RESOURCE_ID) GENERIC_RESOURCE_ATTR_COUNT
};
#define DEVICE_REQUEST_ID(id, ...) DEVICE_REQUEST_##id,
enum device_request_attr { DEVICE_REQUEST_ATTRS(DEVICE_REQUEST_ID) DEVICE_REQUEST_ATTR_COUNT };
#define GPU_ID(id, ...) GPU_##id,
enum gpu_attr { GPU_ATTRS(GPU_ID) GPU_ATTR_COUNT };
#define LIMITS_ID(id, ...) LIMITS_##id,
enum limits_attr { LIMITS_ATTRS(LIMITS_ID) LIMITS_ATTR_COUNT };
#define RESERVATIONS_ID(id, ...) RESERVATIONS_##id,
enum reservations_attr { RESERVATIONS_ATTRS(RESERVATIONS_ID) RESERVATIONS_ATTR_COUNT };
#define RESOURCES_ID(id, ...) RESOURCES_##id,
enum resources_attr { RESOURCES_ATTRS(RESOURCES_ID) RESOURCES_ATTR_COUNT };
#define UPDATE_CONFIG_ID(id, ...) UPDATE_CONFIG_##id,
enum update_config_attr { UPDATE_CONFIG_ATTRS(UPDATE_CONFIG_ID) UPDATE_CONFIG_ATTR_COUNT };
#define RESTART_POLICY_ID(id, ...) RESTART_POLICY_##id,
enum restart_policy_attr { RESTART_POLICY_ATTRS(RESTART_POLICY_ID) RESTART_POLICY_ATTR_COUNT };
#define PREFERENCE_ID(id, ...) PREFERENCE_##id,
enum preference_attr { PREFERENCE_ATTRS(PREFERENCE_ID) PREFERENCE_ATTR_COUNT };
#define PLACEMENT_ID(id, ...) PLACEMENT_##id,
enum placement_attr { PLACEMENT_ATTRS(PLACEMENT_ID) PLACEMENT_ATTR_COUNT };
#define DEPLOY_ID(id, ...) DEPLOY_##id,
enum deploy_attr { DEPLOY_ATTRS(DEPLOY_ID) DEPLOY_ATTR_COUNT };

#endif
