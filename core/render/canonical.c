#include "core/render/canonical.h"

#include "core/base/attr.h"
#include "core/base/digest.h"
#include "core/base/map.h"
#include "core/base/secret.h"
#include "core/base/str.h"
#include "core/json/write.h"
#include "core/render/hash.h"
#include "core/render/json_ops.h"
#include "core/render/walk.h"
#include "core/yaml/node.h"

#include <string.h>

enum {
    DIGEST_LEN = 12, /* hex digits: enough to see a change, too few to search for the text */
    LONG_TEXT = 200, /* bytes; of longer ones */
    LONG_HEAD = 60,  /* this much is kept */
};

/* The writer of the walk; json is first, so that it passes for a struct json_writer. */
struct canonical {
    struct json_writer json;
    const char *key; /* of what is written now */
    struct map secrets;
};

/* The key is part of it: the same word in two places does not look the same. */
static void add_digest(const char *key, const char *text, size_t len, struct str *out)
{
    AUTO_TEXT whole = {0};
    char hex[SHA256_HEX_SIZE];

    str_addf(&whole, "%s=", key ? key : "");
    str_addn(&whole, text, len);
    sha256_hex(whole.data, whole.len, hex);
    str_addf(out, "%s%.*s", CANONICAL_MASK, DIGEST_LEN, hex);
}

static void add_long(const char *key, const char *text, struct str *out)
{
    size_t head = LONG_HEAD;

    while (head && ((unsigned char)text[head] & 0xc0) == 0x80) /* not inside a character */
        head--;
    str_addn(out, text, head);
    str_add(out, "...");
    add_digest(key, text, strlen(text), out);
}

void canonical_text(const char *key, const char *text, struct str *out)
{
    const char *password, *end;
    AUTO_TEXT masked = {0};

    if (key && is_secret_name(key) && *text) {
        add_digest(key, text, strlen(text), out);
        return;
    }
    for (; (password = secret_url_password(text, &end)); text = end) {
        str_addn(&masked, text, (size_t)(password - text));
        add_digest(key, password, (size_t)(end - password), &masked);
    }
    str_add(&masked, text);
    if (masked.len > LONG_TEXT)
        add_long(key, str_text(&masked), out);
    else
        str_addn(out, str_text(&masked), masked.len);
}

static void on_key(void *writer, const char *key)
{
    struct canonical *c = writer;

    c->key = key;
    json_write_key(&c->json, key);
}

static void on_string(void *writer, const char *s)
{
    struct canonical *c = writer;
    AUTO_TEXT text = {0};

    if (*s && map_has(&c->secrets, s))
        add_digest(c->key, s, strlen(s), &text);
    else
        canonical_text(c->key, s, &text);
    json_write_str(&c->json, str_text(&text));
}

/* Texts a secret variable went into, wherever they stand. */
static void collect_secrets(const struct node *n, struct map *ret)
{
    if (!n)
        return;
    switch (n->kind) {
    case NODE_STRING:
        if (n->secret && n->string.len)
            map_set(ret, n->string.text, NULL);
        break;
    case NODE_LIST:
        for (size_t i = 0; i < n->list.len; i++)
            collect_secrets(n->list.items[i], ret);
        break;
    case NODE_MAP:
        for (size_t i = 0; i < n->map.len; i++)
            collect_secrets(n->map.pairs[i].value, ret);
        break;
    default:
        break;
    }
}

static void write_canonical(const struct attr_table *t, const void *object, struct str *out)
{
    const struct item *item = object;
    struct canonical c = {0};
    struct writer_ops ops = json_ops;
    struct walk w = {.ops = &ops, .writer = &c, .use = WALK_HASH, .json = true};

    ops.key = on_key;
    ops.string = on_string;
    json_write_init(&c.json, out, 0);
    c.json.no_html = true;
    collect_secrets(item->node, &c.secrets);
    walk_object(&w, t, object);
    map_done(&c.secrets);
}

void canonical_service(const struct service *s, const struct service_refs *refs, struct str *out)
{
    struct service copy = hashed_service(s, refs);

    write_canonical(&service_table, &copy, out);
}

void canonical_network(const struct network *n, struct str *out)
{
    write_canonical(&network_table, n, out);
}

void canonical_volume(const struct volume *v, struct str *out)
{
    struct volume copy = hashed_volume(v);

    write_canonical(&volume_table, &copy, out);
}

void canonical_digest(const char *key, const char *bytes, size_t len, char ret[CANONICAL_DIGEST])
{
    AUTO_TEXT text = {0};

    add_digest(key, bytes, len, &text);
    memcpy(ret, text.data + strlen(CANONICAL_MASK), DIGEST_LEN + 1);
}

/* A digest is shown as nothing but the mask. */
void canonical_shown(const char *text, struct str *out)
{
    const char *mask;

    for (; (mask = strstr(text, CANONICAL_MASK)); text = mask) {
        mask += strlen(CANONICAL_MASK);
        str_addn(out, text, (size_t)(mask - text));
        if (strspn(mask, "0123456789abcdef") >= DIGEST_LEN)
            mask += DIGEST_LEN;
    }
    str_add(out, text);
}
