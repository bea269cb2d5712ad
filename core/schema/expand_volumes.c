/* core/schema/expand_volumes.c: "source:target:options" of volumes and devices. */
#include "core/schema/expand.h"

#include "core/base/arena.h"
#include "core/base/attr.h" /* ARRAY_LEN */
#include "core/base/diags.h"
#include "core/base/path.h"
#include "core/base/str.h"
#include "core/schema/mount_spec.h"
#include "core/schema/report.h"
#include "core/yaml/node.h"

#include <string.h>

static void set_text(struct schema_ctx *cx, struct node *map, const char *key, struct span text)
{
    struct node *n = node_string_of(cx->arena, map, text.text, text.len);

    n->quoted = true;
    n->shortened = true;
    node_push(cx->arena, map, key, map->loc, n);
}

static void set_bool(struct schema_ctx *cx, struct node *map, const char *key, bool value)
{
    struct node *n = node_of(cx->arena, map, NODE_BOOL);

    n->boolean = value;
    n->shortened = true;
    node_set(cx->arena, map, key, map->loc, n);
}

static struct node *block(struct schema_ctx *cx, struct node *mount, const char *key)
{
    struct node *n = node_get(mount, key);

    if (!n) {
        n = node_of(cx->arena, mount, NODE_MAP);
        n->shortened = true;
        node_push(cx->arena, mount, key, mount->loc, n);
    }
    return n;
}

static bool is_word(struct span s, const char *word)
{
    return strlen(word) == s.len && memcmp(s.text, word, s.len) == 0;
}

static bool is_one_of(struct span s, const char *const *words, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (is_word(s, words[i]))
            return true;
    return false;
}

/* Docker compose ignores the options it does not know; the older consistency words may stay
 * unspoken. */
static void unknown_option(struct schema_ctx *cx, const struct attr_path *at,
                           const struct node *item, struct span option)
{
    static const char *const quiet[] = {"", "cached", "delegated", "consistent"};

    if (!is_one_of(option, quiet, ARRAY_LEN(quiet)))
        schema_warn(cx, at, item, "unknown volume option '%.*s', ignored", (int)option.len,
                    option.text);
}

static void add_options(struct schema_ctx *cx, const struct attr_path *at, const struct node *item,
                        struct node *mount, struct span options)
{
    static const char *const propagation[] = {"private", "rprivate", "shared",
                                              "rshared", "slave",    "rslave"};
    static const char *const selinux[] = {"z", "Z"};
    bool read_only = false;

    for (const char *s = options.text, *end = s ? s + options.len : s; s && s <= end;) {
        const char *comma = memchr(s, ',', (size_t)(end - s));
        struct span option = {s, (size_t)((comma ? comma : end) - s)};

        if (is_word(option, "ro") || is_word(option, "rw"))
            read_only = is_word(option, "ro");
        else if (is_word(option, "nocopy"))
            set_bool(cx, block(cx, mount, "volume"), "nocopy", true);
        else if (is_one_of(option, selinux, ARRAY_LEN(selinux)))
            node_set(cx->arena, block(cx, mount, "bind"), "selinux", mount->loc,
                     node_string_of(cx->arena, mount, option.text, option.len));
        else if (is_one_of(option, propagation, ARRAY_LEN(propagation)))
            node_set(cx->arena, block(cx, mount, "bind"), "propagation", mount->loc,
                     node_string_of(cx->arena, mount, option.text, option.len));
        else
            unknown_option(cx, at, item, option);
        s += option.len + 1;
    }
    if (read_only)
        set_bool(cx, mount, "read_only", true);
}

static struct node *expand_mount(struct schema_ctx *cx, const struct attr_path *at,
                                 struct node *item)
{
    struct node *mount = node_of(cx->arena, item, NODE_MAP);
    struct mount_spec spec;
    const char *why = mount_spec_parse(item->string.text, &spec);
    bool bind = is_bind_source(spec.source);
    const char *target;

    if (why && cx->keep_unresolved)
        return item;
    if (why) {
        AUTO_TEXT text = {0};
        const char *shown = node_shown(at, item, &text);
        struct diag *g = schema_error(cx, at, item, "invalid volume '%s': %s", shown, why);

        diag_compat(g, *shown ? "invalid spec: %s: %s" : "%s%s", shown, why);
        diag_hint(g, "the form is [source:]target[:options]");
        return NULL;
    }
    mount->shortened = true;
    set_text(cx, mount, "type", bind ? (struct span){"bind", 4} : (struct span){"volume", 6});
    if (spec.source.len)
        set_text(cx, mount, "source", spec.source);
    target = path_clean(cx->arena, arena_strndup(cx->arena, spec.target.text, spec.target.len));
    set_text(cx, mount, "target", (struct span){target, strlen(target)});
    add_options(cx, at, item, mount, spec.options);
    if (bind)
        set_bool(cx, block(cx, mount, "bind"), "create_host_path", true);
    else if (strlen(item->string.text) > 2)
        block(cx, mount, "volume");
    return mount;
}

struct node *expand_volumes(struct schema_ctx *cx, const struct attr_path *at, struct node *n)
{
    bool failed = false;

    for (size_t i = 0; n->kind == NODE_LIST && i < n->list.len; i++) {
        const struct attr_path down = {.up = at, .index = i};
        struct node *mount;

        if (n->list.items[i]->kind != NODE_STRING)
            continue;
        mount = expand_mount(cx, &down, n->list.items[i]);
        failed |= !mount;
        if (mount)
            n->list.items[i] = mount;
    }
    return failed ? NULL : n;
}

static struct node *expand_device(struct schema_ctx *cx, const struct attr_path *at,
                                  const struct node *item)
{
    struct span parts[3] = {{"", 0}, {"", 0}, {"rwm", 3}};
    struct node *map;
    size_t count = 0;

    for (const char *s = item->string.text;; s++) {
        size_t len = strcspn(s, ":");

        if (count == ARRAY_LEN(parts)) {
            AUTO_TEXT shown = {0};
            struct diag *g;

            if (cx->keep_unresolved) { /* docker compose leaves it empty then */
                parts[0] = parts[1] = (struct span){"", 0};
                parts[2] = (struct span){"rwm", 3};
                break;
            }
            g = schema_error(cx, at, item, "confusing device mapping, please use long syntax: '%s'",
                             node_shown(at, item, &shown));
            diag_compat(g, "confusing device mapping, please use long syntax: %s",
                        str_text(&shown));
            return NULL;
        }
        parts[count++] = (struct span){s, len};
        s += len;
        if (!*s)
            break;
    }
    if (!parts[1].len)
        parts[1] = parts[0];
    map = node_of(cx->arena, item, NODE_MAP);
    map->shortened = true;
    set_text(cx, map, "source", parts[0]);
    set_text(cx, map, "target", parts[1]);
    set_text(cx, map, "permissions", parts[2]);
    return map;
}

struct node *expand_devices(struct schema_ctx *cx, const struct attr_path *at, struct node *n)
{
    bool failed = false;

    for (size_t i = 0; n->kind == NODE_LIST && i < n->list.len; i++) {
        const struct attr_path down = {.up = at, .index = i};
        struct node *device;

        if (n->list.items[i]->kind != NODE_STRING)
            continue;
        device = expand_device(cx, &down, n->list.items[i]);
        failed |= !device;
        if (device)
            n->list.items[i] = device;
    }
    return failed ? NULL : n;
}
