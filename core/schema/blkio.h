/* core/schema/blkio.h: the attributes of services.*.blkio_config.
 *
 * One row each, sorted by name; attr.h explains what a row says. tables.c makes the tables out of
 * them, and the ids below are for whoever has something to say about one attribute. */
#ifndef CORE_SCHEMA_BLKIO_H
#define CORE_SCHEMA_BLKIO_H

/* clang-format off */
#define THROTTLE_DEVICE_ATTRS(ATTR)                                                                \
    ATTR(PATH, "path", K_STRING, T_STR, F(struct throttle_device, path), .order = 1,               \
         .flags = ATTR_PRINT_ALWAYS, .json_name = "Path")                                          \
    ATTR(RATE, "rate", K_BYTES, T_INT | T_STR, F(struct throttle_device, rate), .order = 2,        \
         .flags = ATTR_PRINT_ALWAYS, .json_name = "Rate")

#define WEIGHT_DEVICE_ATTRS(ATTR)                                                                  \
    ATTR(PATH, "path", K_STRING, T_STR, F(struct weight_device, path), .order = 1,                 \
         .flags = ATTR_PRINT_ALWAYS, .json_name = "Path")                                          \
    ATTR(WEIGHT, "weight", K_INT, T_INT | T_STR, F(struct weight_device, weight), .order = 2,      \
         .flags = ATTR_UNSIGNED | ATTR_PRINT_ALWAYS, .json_name = "Weight")

#define BLKIO_CONFIG_ATTRS(ATTR)                                                                   \
    ATTR(DEVICE_READ_BPS, "device_read_bps", K_OBJECTS, T_LIST,                                    \
         F(struct blkio_config, device_read_bps), .order = 3, .items = T_MAP,                      \
         .sub = &throttle_device_table)                                                            \
    ATTR(DEVICE_READ_IOPS, "device_read_iops", K_OBJECTS, T_LIST,                                  \
         F(struct blkio_config, device_read_iops), .order = 4, .items = T_MAP,                     \
         .sub = &throttle_device_table)                                                            \
    ATTR(DEVICE_WRITE_BPS, "device_write_bps", K_OBJECTS, T_LIST,                                  \
         F(struct blkio_config, device_write_bps), .order = 5, .items = T_MAP,                     \
         .sub = &throttle_device_table)                                                            \
    ATTR(DEVICE_WRITE_IOPS, "device_write_iops", K_OBJECTS, T_LIST,                                \
         F(struct blkio_config, device_write_iops), .order = 6, .items = T_MAP,                    \
         .sub = &throttle_device_table)                                                            \
    ATTR(WEIGHT, "weight", K_INT, T_INT | T_STR, F(struct blkio_config, weight), .order = 1,       \
         .flags = ATTR_UNSIGNED)                                                                   \
    ATTR(WEIGHT_DEVICE, "weight_device", K_OBJECTS, T_LIST, F(struct blkio_config, weight_device), \
         .order = 2, .items = T_MAP, .sub = &weight_device_table)

/* clang-format on */

#define THROTTLE_DEVICE_ID(id, ...) THROTTLE_DEVICE_##id,
enum throttle_device_attr { THROTTLE_DEVICE_ATTRS(THROTTLE_DEVICE_ID) THROTTLE_DEVICE_ATTR_COUNT };
#define WEIGHT_DEVICE_ID(id, ...) WEIGHT_DEVICE_##id,
enum weight_device_attr { WEIGHT_DEVICE_ATTRS(WEIGHT_DEVICE_ID) WEIGHT_DEVICE_ATTR_COUNT };
#define BLKIO_CONFIG_ID(id, ...) BLKIO_CONFIG_##id,
enum blkio_config_attr { BLKIO_CONFIG_ATTRS(BLKIO_CONFIG_ID) BLKIO_CONFIG_ATTR_COUNT };

#endif
