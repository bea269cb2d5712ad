/* core/plan/files.c: secrets and configs whose content is copied into the container. */
#include "core/plan/planner.h" /* item_loc */

#include "core/base/arena.h"
#include "core/base/diags.h"
#include "core/base/str.h"

#include <string.h>

struct kind {
    const char *name;      /* in messages */
    const char *directory; /* where relative targets stand */
};
static const struct kind secret_kind = {"secret", "/run/secrets/"};
static const struct kind config_kind = {"config", "/"};

struct copier {
    struct arena *arena;
    const struct service *service;
    struct diags *diags;
    struct file_copy *files;
    size_t len;
    bool failed;
};

static int number_or_none(const char *text)
{
    long long n;

    return text && str_to_i64(text, &n) == 0 && n >= 0 && n <= INT32_MAX ? (int)n : -1;
}

static const char *target_of(struct arena *a, const struct file_ref *ref, const struct kind *k)
{
    const char *target = str_empty(ref->target) ? ref->source : ref->target;

    return *target == '/' ? target : arena_printf(a, "%s%s", k->directory, target);
}

static void report(struct copier *c, const struct file_ref *ref, const char *text)
{
    diags_error(c->diags, item_loc(&ref->item), NULL, "%s", text);
    c->failed = true;
}

/* NULL: nothing to copy, or reported. */
static const char *content_of(struct copier *c, const struct file_ref *ref,
                              const struct file_source *f, const struct kind *k)
{
    if (!f || !str_empty(f->file))
        return NULL; /* a bind mount */
    if (f->external) {
        report(c, ref, arena_printf(c->arena, "unsupported external %s %s", k->name, ref->source));
        return NULL;
    }
    if (!str_empty(f->environment)) {
        if (!f->value)
            report(c, ref,
                   arena_printf(c->arena,
                                "environment variable \"%s\" required by %s \"%s\" is not set",
                                f->environment, k->name, ref->source));
        return f->value;
    }
    return f->content;
}

static void add(struct copier *c, const struct file_ref *ref, const struct file_source *f,
                const struct kind *k)
{
    const char *content = content_of(c, ref, f, k);

    if (str_empty(content))
        return;
    if (c->service->read_only) {
        report(c, ref,
               arena_printf(c->arena,
                            "cannot create %s \"%s\" in read-only service %s: `file` is the sole "
                            "supported option",
                            k->name, ref->source, c->service->item.key));
        return;
    }
    c->files[c->len++] = (struct file_copy){
        .target = target_of(c->arena, ref, k),
        .data = content,
        .len = strlen(content),
        .mode = ref->mode.set ? (unsigned)ref->mode.value : 0444,
        .uid = number_or_none(ref->uid),
        .gid = number_or_none(ref->gid),
    };
}

int plan_files(struct arena *a, const struct project *p, const struct service *s,
               struct file_copy **ret, size_t *ret_len, struct diags *diags)
{
    struct copier c = {.arena = a, .service = s, .diags = diags};

    c.files = arena_calloc(a, s->secrets.len + s->configs.len + 1, sizeof *c.files);
    for (size_t i = 0; i < s->secrets.len; i++)
        add(&c, s->secrets.items[i], project_secret(p, s->secrets.items[i]->source), &secret_kind);
    for (size_t i = 0; i < s->configs.len; i++)
        add(&c, s->configs.items[i], project_config(p, s->configs.items[i]->source), &config_kind);
    *ret = c.files;
    *ret_len = c.len;
    return c.failed ? -1 : 0;
}
