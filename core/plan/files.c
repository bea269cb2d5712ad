/* core/plan/files.c: secrets and configs whose content is copied into the container. */
#include "core/plan/planner.h" /* item_loc */

#include "core/base/arena.h"
#include "core/base/diags.h"
#include "core/base/str.h"
#include "core/yaml/node.h"

#include <string.h>

struct kind {
    const char *name;      /* in messages */
    const char *directory; /* where relative targets stand */
};
static const struct kind secret_kind = {"secret", SECRETS_BELOW};
static const struct kind config_kind = {"config", CONFIGS_BELOW};

struct copier {
    struct arena *arena;
    const struct project *project;
    const struct service *service;
    struct diags *diags;
    struct file_copy *files;
    size_t len;
    bool failed;
};

static void report(struct copier *c, const struct file_ref *ref, const char *text)
{
    diags_error(c->diags, item_loc(&ref->item), NULL, "%s", text);
    c->failed = true;
}

static void report_file(struct copier *c, const struct file_source *f, const struct kind *k)
{
    const struct node *n = f->item.node ? node_get(f->item.node, "file") : NULL;

    diags_error(c->diags, n ? n->loc : item_loc(&f->item),
                arena_printf(c->arena, "%ss.%s.file", k->name, f->item.key), "%s", f->problem);
    c->failed = true;
}

static const char *unsupported_attr(const struct file_source *f)
{
    return !str_empty(f->driver)            ? "driver"
           : !str_empty(f->template_driver) ? "template_driver"
                                            : NULL;
}

static bool is_unsupported(const struct file_source *f)
{
    return f->external || unsupported_attr(f);
}

static void report_unsupported(struct copier *c, const struct file_ref *ref,
                               const struct file_source *f, const struct kind *k)
{
    if (f->external)
        report(c, ref,
               arena_printf(c->arena, "unsupported external %s %s", k->name,
                            str_empty(f->name) ? ref->source : f->name));
    else
        report(c, ref,
               arena_printf(c->arena, "Docker Compose does not support %ss.*.%s", k->name,
                            unsupported_attr(f)));
}

/* A user or group by its number, which is all a tar can say; -1: not given. */
static int number_of(struct copier *c, const struct file_ref *ref, const char *attr,
                     const char *text)
{
    const struct node *n = ref->item.node ? node_get(ref->item.node, attr) : NULL;
    long long number;

    if (str_empty(text))
        return -1;
    if (str_to_i64(text, &number) == 0 && number >= 0 && number <= INT32_MAX)
        return (int)number;
    diags_error(c->diags, n ? n->loc : item_loc(&ref->item), NULL, "%s '%s' is not a number", attr,
                text);
    c->failed = true;
    return -1;
}

/* NULL: nothing to copy, or reported. */
static const char *content_of(struct copier *c, const struct file_ref *ref,
                              const struct file_source *f, const struct kind *k, size_t *len)
{
    const char *text = f->content;

    *len = f->data_len;
    if (!str_empty(f->file))
        return f->data;
    if (!str_empty(f->environment)) {
        if (!f->value)
            report(c, ref,
                   arena_printf(c->arena,
                                "environment variable \"%s\" required by %s \"%s\" is not set",
                                f->environment, k->name, ref->source));
        text = f->value;
    }
    *len = text ? strlen(text) : 0;
    return *len ? text : NULL;
}

/* What has no file can only be copied. */
static void warn_of_mount(struct copier *c, const struct file_ref *ref, const struct kind *k)
{
    const char *target = file_ref_target(c->arena, ref, k->directory);
    enum mount_over over = service_mounts_over(c->project, c->service, target);

    if (over != OVER_NOTHING)
        diags_warn(c->diags, item_loc(&ref->item), NULL,
                   over == OVER_TMPFS
                       ? "%s \"%s\" is copied to %s, where a tmpfs hides it from the container"
                       : "%s \"%s\" is copied to %s, into what is mounted there",
                   k->name, ref->source, target);
}

static void add(struct copier *c, const struct file_ref *ref, const struct file_source *f,
                const struct kind *k)
{
    const char *content;
    size_t len;

    if (!f || is_unsupported(f)) /* a container that is there never had it */
        return;
    if (f->problem && file_ref_has_owner(ref) && !c->service->read_only)
        report_file(c, f, k);
    if (!file_ref_is_copied(c->project, c->service, ref, f,
                            file_ref_target(c->arena, ref, k->directory)))
        return;
    content = content_of(c, ref, f, k, &len);
    if (!content)
        return;
    if (c->service->read_only) {
        report(c, ref,
               arena_printf(c->arena,
                            "cannot create %s \"%s\" in read-only service %s: `file` is the sole "
                            "supported option",
                            k->name, ref->source, c->service->item.key));
        return;
    }
    warn_of_mount(c, ref, k);
    c->files[c->len++] = (struct file_copy){
        .target = file_ref_target(c->arena, ref, k->directory),
        .data = content,
        .len = len,
        .mode = ref->mode.set ? (unsigned)ref->mode.value : 0444,
        .uid = number_of(c, ref, "uid", ref->uid),
        .gid = number_of(c, ref, "gid", ref->gid),
    };
}

/* Reports what keeps `r` from being mounted, or is lost when it is. */
static void check_mounted(struct copier *c, const struct file_ref *r, const struct file_source *f,
                          const struct kind *k)
{
    const char *target = file_ref_target(c->arena, r, k->directory);

    if (!f)
        return;
    if (is_unsupported(f)) {
        report_unsupported(c, r, f, k);
        return;
    }
    if (file_ref_is_copied(c->project, c->service, r, f, target))
        return;
    if (f->problem)
        report_file(c, f, k);
    else if (file_ref_has_owner(r))
        diags_warn(c->diags, item_loc(&r->item), NULL,
                   "%s `uid`, `gid` and `mode` are not supported %s, they will be ignored", k->name,
                   c->service->read_only ? "in a read-only service"
                   : service_mounts_over(c->project, c->service, target) != OVER_NOTHING
                       ? "under another mount"
                       : "for directories");
}

int plan_mounted_files(struct arena *a, const struct project *p, const struct service *s,
                       struct diags *diags)
{
    struct copier c = {.arena = a, .project = p, .service = s, .diags = diags};

    for (size_t i = 0; i < s->secrets.len; i++)
        check_mounted(&c, s->secrets.items[i], project_secret(p, s->secrets.items[i]->source),
                      &secret_kind);
    for (size_t i = 0; i < s->configs.len; i++)
        check_mounted(&c, s->configs.items[i], project_config(p, s->configs.items[i]->source),
                      &config_kind);
    return c.failed ? -1 : 0;
}

int plan_files(struct arena *a, const struct project *p, const struct service *s,
               struct file_copy **ret, size_t *ret_len, struct diags *diags)
{
    struct copier c = {.arena = a, .project = p, .service = s, .diags = diags};

    c.files = arena_calloc(a, s->secrets.len + s->configs.len + 1, sizeof *c.files);
    for (size_t i = 0; i < s->secrets.len; i++)
        add(&c, s->secrets.items[i], project_secret(p, s->secrets.items[i]->source), &secret_kind);
    for (size_t i = 0; i < s->configs.len; i++)
        add(&c, s->configs.items[i], project_config(p, s->configs.items[i]->source), &config_kind);
    *ret = c.files;
    *ret_len = c.len;
    return c.failed ? -1 : 0;
}
