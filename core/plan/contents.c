#include "core/plan/contents.h"

#include "core/base/arena.h"
#include "core/base/str.h"
#include "core/model/model.h"
#include "core/plan/cause.h"
#include "core/plan/planner.h" /* item_loc */
#include "core/render/canonical.h"

#include <string.h>

/* One of them that a service uses. */
struct content {
    const char *name; /* "configs.app" */
    const struct file_source *source;
    const char *digest; /* NULL: not known */
};

struct contents {
    struct content *items;
    size_t len;
};

static const char *digest_of(struct arena *a, const struct observed *o, const char *name,
                             const struct file_source *f)
{
    const char *text = !str_empty(f->environment) ? f->value : f->content;
    char digest[CANONICAL_DIGEST];

    if (!str_empty(f->file))
        return mapping_get(&o->contents, name);
    if (!text)
        return NULL;
    canonical_digest(name, text, strlen(text), digest);
    return arena_strdup(a, digest);
}

static void add(struct arena *a, const struct observed *o, struct contents *ret, const char *kind,
                const struct file_source *f)
{
    const char *name;

    if (!f || f->external)
        return;
    name = arena_printf(a, "%s.%s", kind, f->item.key);
    for (size_t i = 0; i < ret->len; i++)
        if (str_eq(ret->items[i].name, name))
            return; /* mounted twice */
    ret->items[ret->len++] = (struct content){name, f, digest_of(a, o, name, f)};
}

static struct contents contents(struct arena *a, const struct project *p, const struct observed *o,
                                const struct service *s)
{
    struct contents ret = {
        .items = arena_calloc(a, s->configs.len + s->secrets.len + 1, sizeof *ret.items)};

    for (size_t i = 0; i < s->configs.len; i++)
        add(a, o, &ret, "configs", project_config(p, s->configs.items[i]->source));
    for (size_t i = 0; i < s->secrets.len; i++)
        add(a, o, &ret, "secrets", project_secret(p, s->secrets.items[i]->source));
    return ret;
}

const char *contents_of(struct arena *a, const struct project *p, const struct observed *o,
                        const struct service *s)
{
    struct contents all = contents(a, p, o, s);
    AUTO_TEXT text = {0};

    for (size_t i = 0; i < all.len; i++)
        if (all.items[i].digest)
            str_addf(&text, "%s%s=%s", text.len ? " " : "", all.items[i].name, all.items[i].digest);
    return arena_strdup(a, str_text(&text));
}

/* What the label says of one; NULL: nothing. */
static const char *known_digest(struct arena *a, const char *label, const char *name)
{
    const size_t len = strlen(name);

    for (const char *at = label; *at; at += strcspn(at, " ")) {
        at += strspn(at, " ");
        if (strncmp(at, name, len) == 0 && at[len] == '=')
            return arena_strndup(a, at + len + 1, strcspn(at + len + 1, " "));
    }
    return NULL;
}

void causes_of_contents(struct arena *a, struct causes *list, const struct project *p,
                        const struct observed *o, const struct service *s, const char *was)
{
    struct contents all = {0};

    if (was)
        all = contents(a, p, o, s);
    for (size_t i = 0; i < all.len; i++) {
        const struct content *c = &all.items[i];
        const char *old = known_digest(a, was, c->name);

        if (old && c->digest && !str_eq(old, c->digest))
            cause_add(a, list, item_loc(&c->source->item), "%s: its content changed", c->name);
    }
}
