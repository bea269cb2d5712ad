/* core/schema/mount.h: the attributes of services.*.volumes[].
 *
 * One row each, sorted by name; attr.h explains what a row says. tables.c makes the tables out of
 * them, and the ids below are for whoever has something to say about one attribute. */
#ifndef CORE_SCHEMA_MOUNT_H
#define CORE_SCHEMA_MOUNT_H

/* clang-format off */
#define BIND_ATTRS(ATTR)                                                                           \
    ATTR(CREATE_HOST_PATH, "create_host_path", K_BOOL, T_BOOL | T_STR,                             \
         F(struct bind, create_host_path), .order = 3)                                             \
    ATTR(PROPAGATION, "propagation", K_STRING, T_STR, F(struct bind, propagation), .order = 2)     \
    ATTR(RECURSIVE, "recursive", K_STRING, T_STR, F(struct bind, recursive), .order = 4,           \
         .words = words_recursive)                                                                 \
    ATTR(SELINUX, "selinux", K_STRING, T_STR, F(struct bind, selinux), .order = 1,                 \
         .words = words_selinux)

#define MOUNT_VOLUME_ATTRS(ATTR)                                                                   \
    ATTR(LABELS, "labels", K_MAPPING, T_MAP | T_LIST, F(struct mount_volume, labels), .order = 1,  \
         .items = T_STR, .values = T_SCALAR | T_NULL, .expand_late = expand_mapping,               \
         .flags = ATTR_UNIQUE_ITEMS)                                                               \
    ATTR(NOCOPY, "nocopy", K_BOOL, T_BOOL | T_STR, F(struct mount_volume, nocopy), .order = 2,     \
         .cast = CAST_BOOL)                                                                        \
    ATTR(SUBPATH, "subpath", K_STRING, T_STR, F(struct mount_volume, subpath), .order = 3)

#define TMPFS_ATTRS(ATTR)                                                                          \
    ATTR(MODE, "mode", K_INT, T_NUM | T_STR, F(struct tmpfs, mode), .order = 2,                    \
         .flags = ATTR_UNSIGNED)                                                                   \
    ATTR(SIZE, "size", K_BYTES, T_INT | T_STR, F(struct tmpfs, size), .order = 1,                  \
         .max = INT64_MAX)

#define MOUNT_IMAGE_ATTRS(ATTR)                                                                    \
    ATTR(SUBPATH, "subpath", K_STRING, T_STR, F(struct mount_image, subpath), .order = 1)

#define MOUNT_ATTRS(ATTR)                                                                          \
    ATTR(BIND, "bind", K_OBJECT, T_MAP, F(struct mount, bind), .order = 6, .sub = &bind_table)     \
    ATTR(CONSISTENCY, "consistency", K_STRING, T_STR, F(struct mount, consistency), .order = 5)    \
    ATTR(IMAGE, "image", K_OBJECT, T_MAP, F(struct mount, image), .order = 9,                      \
         .sub = &mount_image_table)                                                                \
    ATTR(READ_ONLY, "read_only", K_BOOL, T_BOOL | T_STR, F(struct mount, read_only), .order = 4,   \
         .cast = CAST_BOOL)                                                                        \
    ATTR(SOURCE, "source", K_STRING, T_STR, F(struct mount, source), .order = 2,                   \
         .path = PATH_MOUNT)                                                                       \
    ATTR(TARGET, "target", K_STRING, T_STR, F(struct mount, target), .order = 3)                   \
    ATTR(TMPFS, "tmpfs", K_OBJECT, T_MAP, F(struct mount, tmpfs), .order = 8, .sub = &tmpfs_table) \
    ATTR(TYPE, "type", K_STRING, T_STR, F(struct mount, type), .order = 1, .flags = ATTR_REQUIRED, \
         .words = words_mount_type)                                                                \
    ATTR(VOLUME, "volume", K_OBJECT, T_MAP, F(struct mount, volume), .order = 7,                   \
         .sub = &mount_volume_table)

/* clang-format on */

#define BIND_ID(id, ...) BIND_##id,
enum bind_attr { BIND_ATTRS(BIND_ID) BIND_ATTR_COUNT };
#define MOUNT_VOLUME_ID(id, ...) MOUNT_VOLUME_##id,
enum mount_volume_attr { MOUNT_VOLUME_ATTRS(MOUNT_VOLUME_ID) MOUNT_VOLUME_ATTR_COUNT };
#define TMPFS_ID(id, ...) TMPFS_##id,
enum tmpfs_attr { TMPFS_ATTRS(TMPFS_ID) TMPFS_ATTR_COUNT };
#define MOUNT_IMAGE_ID(id, ...) MOUNT_IMAGE_##id,
enum mount_image_attr { MOUNT_IMAGE_ATTRS(MOUNT_IMAGE_ID) MOUNT_IMAGE_ATTR_COUNT };
#define MOUNT_ID(id, ...) MOUNT_##id,
enum mount_attr { MOUNT_ATTRS(MOUNT_ID) MOUNT_ATTR_COUNT };

#endif
