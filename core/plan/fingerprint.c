#include "core/plan/fingerprint.h"

#include "core/base/arena.h"
#include "core/base/str.h"
#include "core/plan/plan.h"
#include "core/plan/reconcile.h" /* struct observed */
#include "core/render/render.h"

#include <stdlib.h>
#include <string.h>

struct taking {
    struct arena *arena;
    struct mapping ret;
    size_t cap;
};

static void take_one(struct taking *t, const char *kind, const char *name, const char *value)
{
    t->ret.entries = arena_grow(t->arena, t->ret.entries, t->ret.len, &t->cap, t->ret.len + 1,
                                sizeof *t->ret.entries);
    t->ret.entries[t->ret.len++] =
        (struct mapping_entry){arena_printf(t->arena, "%s %s", kind, name), value};
}

static const char *digest(struct arena *a, const struct str *text)
{
    char hex[SHA256_HEX_SIZE];

    sha256_hex(str_text(text), text->len, hex);
    return arena_strdup(a, hex);
}

static void take_files(struct taking *t, const struct project *p, const struct observed *o)
{
    AUTO_TEXT text = {0};

    for (size_t i = 0; i < p->services.len; i++) {
        const struct service *s = p->services.items[i];

        if (s->disabled)
            continue;
        str_clear(&text);
        hash_service_json(s, NULL, HASH_V2, &text);
        take_one(t, "service", s->item.key, digest(t->arena, &text));
    }
    for (size_t i = 0; i < o->contents.len; i++)
        take_one(t, "content of", o->contents.entries[i].key, o->contents.entries[i].value);
    /* What no service's hash covers: replicas, depends_on, networks, values of variables... */
    str_clear(&text);
    render_json(p, &text, NULL, NULL);
    for (size_t i = 0; i < p->configs.len; i++)
        str_addf(&text, "\n%s", p->configs.items[i]->value ? p->configs.items[i]->value : "");
    for (size_t i = 0; i < p->secrets.len; i++)
        str_addf(&text, "\n%s", p->secrets.items[i]->value ? p->secrets.items[i]->value : "");
    take_one(t, "project", p->name, digest(t->arena, &text));
}

static int by_key(const void *a, const void *b)
{
    return strcmp(((const struct mapping_entry *)a)->key, ((const struct mapping_entry *)b)->key);
}

struct mapping fingerprint(struct arena *a, const struct project *p, const struct observed *o)
{
    struct taking t = {.arena = a};

    for (size_t i = 0; i < o->containers.len; i++)
        take_one(&t, "container", o->containers.items[i]->name,
                 arena_printf(a, "%s %s", o->containers.items[i]->id,
                              container_state_name(o->containers.items[i]->state)));
    for (size_t i = 0; i < o->networks.len; i++)
        take_one(&t, "network", o->networks.items[i]->name, o->networks.items[i]->id);
    for (size_t i = 0; i < o->volumes.len; i++)
        take_one(&t, "volume", o->volumes.items[i]->name,
                 arena_printf(a, "%s %s", o->volumes.items[i]->driver,
                              o->volumes.items[i]->config_hash));
    for (size_t i = 0; i < o->images.len; i++)
        take_one(&t, "image", o->images.items[i]->ref, o->images.items[i]->id);
    take_files(&t, p, o);
    qsort(t.ret.entries, t.ret.len, sizeof *t.ret.entries, by_key);
    return t.ret;
}

/* ---- comparing ---- */

static const char *state_in(const char *value)
{
    const char *space = strchr(value, ' ');

    return space ? space + 1 : "";
}

static void tell(const char *key, const char *was, const char *is, struct str *out)
{
    bool container = str_has_prefix(key, "container ");

    str_addf(out, "%s: ", key);
    if (!was)
        str_add(out, "was not there");
    else if (!is)
        str_add(out, "is gone");
    else if (container && strncmp(was, is, strcspn(was, " ") + 1) == 0)
        str_addf(out, "was %s, is %s", state_in(was), state_in(is));
    else if (container || str_has_prefix(key, "network ") || str_has_prefix(key, "image "))
        str_add(out, "is another one");
    else
        str_add(out, "changed");
    str_addc(out, '\n');
}

void fingerprint_moved(const struct mapping *was, const struct mapping *is, struct str *out)
{
    size_t i = 0, j = 0;

    while (i < was->len || j < is->len) {
        const struct mapping_entry *x = i < was->len ? &was->entries[i] : NULL;
        const struct mapping_entry *y = j < is->len ? &is->entries[j] : NULL;
        int order = x && y ? strcmp(x->key, y->key) : 0;

        if (x && (!y || order < 0)) {
            tell(x->key, x->value, NULL, out);
            i++;
        } else if (y && (!x || order > 0)) {
            tell(y->key, NULL, y->value, out);
            j++;
        } else {
            if (x && y && !str_eq(x->value, y->value))
                tell(x->key, x->value, y->value, out);
            i++;
            j++;
        }
    }
}

void plan_digest(const struct plan *p, char ret[SHA256_HEX_SIZE])
{
    AUTO_TEXT text = {0};

    plan_print(p, &text);
    sha256_hex(str_text(&text), text.len, ret);
}
