/* core/render/hash.c: the config-hash, by which `up` knows what changed. */
#include "core/render/hash.h"

#include "core/base/arena.h"
#include "core/base/diags.h"
#include "core/base/digest.h"
#include "core/base/str.h"
#include "core/json/write.h"
#include "core/load/env.h"
#include "core/model/model.h"
#include "core/render/json_ops.h"
#include "core/render/walk.h"
#include "core/schema/passes.h"

static void hash_json(const struct attr_table *t, const void *object, enum hash_generation g,
                      struct str *out)
{
    struct json_writer json;
    struct walk w = {
        .ops = &json_ops, .writer = &json, .use = WALK_HASH, .json = true, .v5 = g == HASH_V5};

    json_write_init(&json, out, 0);
    walk_object(&w, t, object);
}

static void hash_object(const struct attr_table *t, const void *object, enum hash_generation g,
                        char ret[SHA256_HEX_SIZE])
{
    AUTO_TEXT text = {0};

    hash_json(t, object, g, &text);
    sha256_hex(text.data, text.len, ret);
}

struct service hashed_service(const struct service *s, const struct service_refs *refs)
{
    struct service copy = *s;

    copy.env_file.len = 0;
    if (!refs)
        return copy;
    if (refs->network_mode)
        copy.network_mode = refs->network_mode;
    if (refs->ipc)
        copy.ipc = refs->ipc;
    if (refs->pid)
        copy.pid = refs->pid;
    if (refs->volumes_from) {
        copy.volumes_from.items = (const char **)refs->volumes_from;
        copy.volumes_from.len = refs->volumes_from_len;
    }
    return copy;
}

void hash_service_json(const struct service *s, const struct service_refs *refs,
                       enum hash_generation g, struct str *out)
{
    struct service copy = hashed_service(s, refs);

    hash_json(&service_table, &copy, g, out);
}

void hash_service(const struct service *s, const struct service_refs *refs, enum hash_generation g,
                  char ret[SHA256_HEX_SIZE])
{
    struct service copy = hashed_service(s, refs);

    hash_object(&service_table, &copy, g, ret);
}

void hash_service_config(const struct project *p, const struct service *s,
                         char ret[SHA256_HEX_SIZE])
{
    struct arena *a = arena_new();
    struct diags *diags = diags_new();
    struct schema_ctx cx = {.arena = a, .diags = diags};
    const struct attr_path at = {.key = s->item.key};
    struct service written = {.item.key = s->item.key};
    struct service copy = *s;

    /* As it was before the files were read: the tree still says so, and
     * was decoded without error. */
    if (s->item.node && schema_decode(&cx, &service_table, &at, s->item.node, &written) == 0) {
        copy.environment = written.environment;
        copy.env_file.items = written.env_file.items;
        copy.env_file.len = written.env_file.len;
    }
    copy.label_file = (struct strings){0};
    if (copy.build && !copy.platform && p->env)
        copy.platform = env_get(p->env, "DOCKER_DEFAULT_PLATFORM");
    hash_object(&service_table, &copy, HASH_V2, ret);
    diags_free(diags);
    arena_free(a);
}

void hash_network(const struct network *n, enum hash_generation g, char ret[SHA256_HEX_SIZE])
{
    hash_object(&network_table, n, g, ret);
}

struct volume hashed_volume(const struct volume *v)
{
    struct volume copy = *v;

    if (str_empty(copy.driver))
        copy.driver = "local";
    return copy;
}

void hash_volume(const struct volume *v, char ret[SHA256_HEX_SIZE])
{
    struct volume copy = hashed_volume(v);

    hash_object(&volume_table, &copy, HASH_V2, ret);
}
