/* core/plan/images.c: which images are pulled and built. */
#include "core/plan/reconcile.h"

#include "core/base/arena.h"
#include "core/base/str.h"
#include "core/base/text.h"
#include "core/load/env.h"
#include "core/plan/create.h"
#include "core/plan/labels.h"
#include "core/plan/names.h"
#include "core/plan/order.h"
#include "core/plan/planner.h" /* item_loc, node_words */

#include <stdlib.h>
#include <string.h>

enum policy { POLICY_MISSING, POLICY_ALWAYS, POLICY_NEVER, POLICY_BUILD, POLICY_REFRESH };

struct job {
    const char *ref;
    const struct service *service;
    struct plan_node *node;
};

struct jobs {
    struct job *items;
    size_t len, cap;
};

struct chooser {
    struct arena *arena;
    const struct project *project;
    const struct observed *observed;
    const struct image_options *opts;
    struct plan *plan;
    struct services services;
    struct jobs pulls, builds;
};

static struct job *job_find(struct jobs *jobs, const char *ref)
{
    for (size_t i = 0; i < jobs->len; i++)
        if (str_eq(jobs->items[i].ref, ref))
            return &jobs->items[i];
    return NULL;
}

static void job_add(struct arena *a, struct jobs *jobs, struct job job)
{
    jobs->items =
        arena_grow(a, jobs->items, jobs->len, &jobs->cap, jobs->len + 1, sizeof *jobs->items);
    jobs->items[jobs->len++] = job;
}

/* ---- what is there ---- */

static const char *plain_architecture(const char *name, size_t len)
{
    if (len == 6 && !strncmp(name, "x86_64", 6))
        return "amd64";
    if (len == 7 && !strncmp(name, "aarch64", 7))
        return "arm64";
    return NULL;
}

static bool part_matches(const char *want, size_t len, const char *have)
{
    const char *plain = plain_architecture(want, len);

    if (str_empty(have))
        return true; /* not told */
    return plain ? str_eq(plain, have) : strlen(have) == len && !strncmp(want, have, len);
}

/* "os/architecture[/variant]" */
static bool platform_matches(const char *platform, const struct image_state *image)
{
    const char *have[] = {image->os, image->architecture, image->variant};

    for (size_t i = 0; i < 3 && platform && *platform; i++) {
        size_t len = strcspn(platform, "/");

        if (!part_matches(platform, len, have[i]))
            return false;
        platform += len + (platform[len] == '/');
    }
    return true;
}

static const struct image_state *present(const struct chooser *c, const struct service *s,
                                         const char *ref)
{
    const struct image_state *image = image_find(c->observed, ref);

    if (image && !str_empty(s->platform) && !platform_matches(s->platform, image))
        return NULL;
    return image;
}

/* ---- policies ---- */

static enum policy policy_of(const struct chooser *c, const struct service *s, int64_t *window)
{
    const char *word = s->pull_policy;

    if (!str_empty(c->opts->pull) && !str_eq(c->opts->pull, "policy"))
        word = c->opts->pull;
    if (c->opts->build && s->build &&
        (!c->opts->build_named || service_asked(&c->opts->services, s->item.key)))
        word = "build";
    *window = 0;
    if (str_eq(word, "always"))
        return POLICY_ALWAYS;
    if (str_eq(word, "never"))
        return POLICY_NEVER;
    if (str_eq(word, "build"))
        return POLICY_BUILD;
    if (str_eq(word, "daily"))
        *window = 24 * 3600;
    else if (str_eq(word, "weekly"))
        *window = 7 * 24 * 3600;
    else if (word && str_has_prefix(word, "every_")) {
        if (duration_parse(word + strlen("every_"), window, NULL) == 0)
            *window /= 1000000000;
        else
            *window = 0;
    }
    return *window ? POLICY_REFRESH : POLICY_MISSING;
}

static bool is_stale(const struct chooser *c, const struct image_state *image, int64_t window)
{
    int64_t tagged;
    int32_t nsec;

    if (str_empty(image->last_tag_time) ||
        time_parse_rfc3339(image->last_tag_time, &tagged, &nsec) < 0)
        return true;
    return c->opts->now > tagged + window;
}

static bool wants_pull(const struct chooser *c, const struct image_state *image, enum policy policy,
                       int64_t window)
{
    switch (policy) {
    case POLICY_ALWAYS:
        return true;
    case POLICY_NEVER:
    case POLICY_BUILD:
        return false;
    case POLICY_REFRESH:
        return !image || is_stale(c, image, window);
    case POLICY_MISSING:
        break;
    }
    return !image;
}

/* ---- nodes ---- */

static bool someone_builds(const struct chooser *c, const char *ref)
{
    for (size_t i = 0; i < c->services.len; i++)
        if (c->services.items[i]->build &&
            str_eq(image_of(c->arena, c->project, c->services.items[i]), ref))
            return true;
    return false;
}

static struct plan_node *pull(struct chooser *c, const struct service *s, const char *subject,
                              const char *ref, const char *cause)
{
    struct job *same = job_find(&c->pulls, ref);
    struct plan_node *n;
    bool buildable;

    if (same)
        return same->node;
    n = plan_add(c->plan, OP_IMAGE_PULL, subject, cause);
    n->service = s->item.key;
    n->target = ref;
    n->platform = platform_of(c->project, s);
    n->loc = item_loc(&s->item);
    buildable = c->opts->only_pull ? s->build != NULL : someone_builds(c, ref);
    n->tolerate_failure = buildable && !c->opts->only_pull;
    node_words(n, "Pulling", "Pulled", buildable ? FAILED_CAN_BUILD : "Error");
    job_add(c->arena, &c->pulls, (struct job){.ref = ref, .service = s, .node = n});
    return n;
}

/* Arguments without a value take that of the environment. */
static const struct mapping *build_args(struct chooser *c, const struct build *b)
{
    struct mapping *ret = arena_alloc(c->arena, sizeof *ret);

    ret->entries = arena_calloc(c->arena, b->args.len + 1, sizeof *ret->entries);
    for (size_t i = 0; i < b->args.len; i++) {
        struct mapping_entry e = b->args.entries[i];

        if (!e.value && c->project->env)
            e.value = env_get(c->project->env, e.key);
        ret->entries[ret->len++] = e;
    }
    for (size_t i = 0; c->opts->build_args && i < c->opts->build_args->len; i++)
        *ret = mapping_with(c->arena, ret, c->opts->build_args->entries[i].key,
                            c->opts->build_args->entries[i].value);
    return ret;
}

static struct strings tags_of(struct chooser *c, const struct build *b, const char *ref)
{
    struct strings ret = {.items = arena_calloc(c->arena, b->tags.len + 1, sizeof(char *))};

    for (size_t i = 0; i < b->tags.len; i++)
        if (!str_eq(b->tags.items[i], ref))
            ret.items[ret.len++] = b->tags.items[i];
    ret.items[ret.len++] = ref;
    return ret;
}

static struct image_build *build_of(struct chooser *c, const struct service *s, const char *ref)
{
    const struct build *b = s->build;
    struct image_build *ret = arena_alloc(c->arena, sizeof *ret);
    struct mapping *labels = arena_alloc(c->arena, sizeof *labels);

    *labels = image_labels(c->arena, c->project, s, c->observed->info.buildkit);
    *ret = (struct image_build){
        .context = b->context,
        .dockerfile = b->dockerfile,
        .dockerfile_inline = b->dockerfile_inline,
        .target = b->target,
        .network = b->network,
        .platform = !str_empty(s->platform) ? s->platform
                    : b->platforms.len == 1 ? b->platforms.items[0]
                                            : NULL,
        .isolation = b->isolation,
        .args = build_args(c, b),
        .labels = labels,
        .tags = tags_of(c, b, ref),
        .extra_hosts = b->extra_hosts,
        .cache_from = b->cache_from,
        .shm_size = b->shm_size,
        .build = b,
        .no_cache = c->opts->no_cache || b->no_cache,
        .buildkit = c->observed->info.buildkit,
    };
    return ret;
}

static bool same_build(const struct build *a, const struct build *b)
{
    if (a->args.len != b->args.len)
        return false;
    for (size_t i = 0; i < a->args.len; i++)
        if (!str_eq(a->args.entries[i].key, b->args.entries[i].key) ||
            !str_eq(a->args.entries[i].value, b->args.entries[i].value))
            return false;
    return str_eq(a->context, b->context) && str_eq(a->dockerfile, b->dockerfile) &&
           str_eq(a->dockerfile_inline, b->dockerfile_inline) && str_eq(a->target, b->target);
}

static const struct strings *bases_of(const struct chooser *c, const struct service *s)
{
    for (size_t i = 0; i < c->opts->bases_len; i++)
        if (str_eq(c->opts->bases[i].service, s->item.key))
            return &c->opts->bases[i].images;
    return NULL;
}

/* A base that is missing, or wanted anew, is pulled first; one that a service builds is built
 * first. */
static struct plan_nodes prepare_bases(struct chooser *c, const struct service *s,
                                       const struct strings *bases, bool anew)
{
    struct plan_nodes ret = {0};

    for (size_t i = 0; bases && i < bases->len; i++) {
        const char *ref = bases->items[i];
        const struct job *built = job_find(&c->builds, ref);

        if (built)
            plan_nodes_add(c->plan, &ret, built->node);
        else if (!someone_builds(c, ref) && (anew || !image_find(c->observed, ref)))
            plan_nodes_add(c->plan, &ret, pull(c, s, ref, ref, "a build starts from it"));
    }
    return ret;
}

static struct plan_node *build(struct chooser *c, const struct service *s, const char *ref,
                               const char *cause)
{
    struct job *same = job_find(&c->builds, ref);
    const struct strings *bases = bases_of(c, s);
    bool anew = c->opts->pull_bases || s->build->pull;
    struct plan_nodes first;
    struct plan_node *n;

    if (same && same_build(same->service->build, s->build))
        return same->node;
    first = prepare_bases(c, s, bases, anew);
    n = plan_add(c->plan, OP_IMAGE_BUILD, s->item.key, cause);
    n->service = s->item.key;
    n->target = ref;
    n->build = build_of(c, s, ref);
    n->build->pull = anew && !bases; /* without a session BuildKit cannot do it itself */
    plan_after_all(n, &first);
    n->platform = n->build->platform;
    n->loc = item_loc(&s->build->item);
    if (!c->opts->untold_builds)
        node_words(n, NULL, "Built", NULL); /* the build log tells the rest */
    if (same) {
        plan_after(n, same->node); /* the last one has the name, always the same one */
        same->node = n;
    } else {
        job_add(c->arena, &c->builds, (struct job){.ref = ref, .service = s, .node = n});
    }
    return n;
}

/* A build that starts from another service's image (additional_contexts:
 * service:x) comes after it. */
static void order_builds(struct chooser *c, struct plan_node *n, const struct build *b)
{
    for (size_t i = 0; i < b->additional_contexts.len; i++) {
        const char *value = b->additional_contexts.entries[i].value;
        const char *name = referred_service(value);

        for (size_t j = 0; name && j < c->builds.len; j++)
            if (str_eq(c->builds.items[j].service->item.key, name) &&
                c->builds.items[j].node->id < n->id)
                plan_after(n, c->builds.items[j].node);
    }
}

/* ---- commands ---- */

static void tell_skip(struct chooser *c, const struct service *s, const char *why)
{
    struct plan_node *n = plan_add(c->plan, OP_NOTHING, s->item.key, why);

    n->service = s->item.key;
    n->done = arena_printf(c->arena, "Skipped%s%s", str_empty(why) ? "" : " - ", why);
}

/* `pull` with pull_policy missing fetches a newer "latest" all the same. */
static bool is_latest(const char *ref)
{
    const char *slash = strrchr(ref, '/');
    const char *tag = strchr(slash ? slash : ref, ':');

    return !strchr(ref, '@') && (!tag || str_eq(tag, ":latest"));
}

/* `pull` */
static void pull_service(struct chooser *c, const struct service *s)
{
    int64_t window;
    enum policy policy = policy_of(c, s, &window);
    const char *ref = image_of(c->arena, c->project, s);
    bool explicit_missing = str_eq(s->pull_policy, "missing") ||
                            str_eq(s->pull_policy, "if_not_present") ||
                            str_eq(c->opts->pull, "missing");
    struct job *same;

    if (str_empty(s->image)) {
        tell_skip(c, s, "No image to be pulled");
        return;
    }
    if (policy == POLICY_NEVER || policy == POLICY_BUILD) {
        tell_skip(c, s, "");
        return;
    }
    if (explicit_missing && policy == POLICY_MISSING && !is_latest(ref) && present(c, s, ref)) {
        tell_skip(c, s, "Image is already present locally");
        return;
    }
    if (s->build && c->opts->ignore_buildable) {
        tell_skip(c, s, "Image can be built");
        return;
    }
    same = job_find(&c->pulls, ref);
    if (same)
        tell_skip(
            c, s,
            arena_printf(c->arena, "Image is already being pulled by %s", same->service->item.key));
    else
        pull(c, s, s->item.key, ref, "asked for");
}

static void pull_volume_images(struct chooser *c, const struct service *s)
{
    for (size_t i = 0; i < s->volumes.len; i++) {
        const struct mount *m = s->volumes.items[i];

        if (str_eq(m->type, "image") && !str_empty(m->source) &&
            !image_find(c->observed, m->source) && !someone_builds(c, m->source))
            pull(c, s, arena_printf(c->arena, "%s:volume %zu", s->item.key, i), m->source,
                 "not there");
    }
}

/* They follow the service's policy, but are never built. */
static void pull_hook_images(struct chooser *c, const struct service *s)
{
    int64_t window;
    enum policy policy = policy_of(c, s, &window);

    if (policy == POLICY_BUILD)
        policy = POLICY_MISSING;
    for (size_t i = 0; i < s->pre_start.len; i++) {
        const char *ref = s->pre_start.items[i]->image;

        if (!str_empty(ref) && !str_eq(ref, image_of(c->arena, c->project, s)) &&
            !someone_builds(c, ref) && wants_pull(c, image_find(c->observed, ref), policy, window))
            pull(c, s, arena_printf(c->arena, "%s:pre_start %zu", s->item.key, i), ref,
                 image_find(c->observed, ref) ? "pull_policy" : "not there");
    }
}

/* `up`, `create`, `run` */
static void provide(struct chooser *c, const struct service *s)
{
    int64_t window;
    enum policy policy = policy_of(c, s, &window);
    const char *ref = image_of(c->arena, c->project, s);
    const struct image_state *image = present(c, s, ref);
    struct plan_node *pulled = NULL, *built;

    pull_volume_images(c, s);
    pull_hook_images(c, s);
    if (!str_empty(s->image) && wants_pull(c, image, policy, window))
        pulled = pull(c, s, s->item.key, ref,
                      !image                     ? "not there"
                      : policy == POLICY_REFRESH ? "older than its pull_policy allows"
                                                 : "pull_policy always");
    if (!s->build || c->opts->no_build || (policy != POLICY_BUILD && image))
        return;
    built = build(c, s, ref, policy == POLICY_BUILD && image ? "asked for" : "not there");
    order_builds(c, built, s->build);
    if (pulled && pulled->id < built->id) {
        built->only_after_failure = true;
        plan_after(built, pulled);
    }
}

static void select_with_dependencies(const struct project *p, const char *name, struct strings *ret)
{
    const struct service *s = project_service(p, name);

    if (!s || strings_have(ret, name))
        return;
    ret->items[ret->len++] = name;
    for (size_t i = 0; i < s->depends_on.len; i++)
        select_with_dependencies(p, s->depends_on.items[i]->item.key, ret);
}

/* Which services a `build` or `pull` is about; empty: all. */
static struct strings selection(struct chooser *c)
{
    struct strings ret = {0};

    if (!c->opts->only_build && !c->opts->only_pull)
        return ret; /* the loader has disabled the others */
    if (!c->opts->include_deps)
        return c->opts->services;
    ret.items = arena_calloc(c->arena, c->project->services.len + 1, sizeof(char *));
    for (size_t i = 0; i < c->opts->services.len; i++)
        select_with_dependencies(c->project, c->opts->services.items[i], &ret);
    return ret;
}

struct plan *plan_images(struct arena *a, const struct project *p, const struct observed *o,
                         const struct image_options *opts, struct diags *diags)
{
    struct chooser c = {.arena = a, .project = p, .observed = o, .opts = opts, .plan = plan_new(a)};
    struct strings named = selection(&c);

    (void)diags;
    c.services = plan_order(a, p, false);
    for (size_t i = 0; i < c.services.len; i++) {
        const struct service *s = c.services.items[i];

        if (s->provider || !service_asked(&named, s->item.key))
            continue;
        if (opts->only_pull) {
            pull_service(&c, s);
            pull_hook_images(&c, s);
        } else if (!opts->only_build) {
            provide(&c, s);
        } else if (s->build) {
            order_builds(&c, build(&c, s, image_of(a, p, s), "asked for"), s->build);
        }
    }
    return c.plan;
}

struct refs {
    struct arena *arena;
    struct strings list;
    size_t cap;
};

static void add_ref(struct refs *r, const char *ref)
{
    if (str_empty(ref) || strings_have(&r->list, ref))
        return;
    r->list.items =
        arena_grow(r->arena, r->list.items, r->list.len, &r->cap, r->list.len + 1, sizeof(char *));
    r->list.items[r->list.len++] = ref;
}

struct strings plan_image_refs(struct arena *a, const struct project *p,
                               const struct strings *services)
{
    struct refs ret = {.arena = a};

    (void)services; /* what is not selected is disabled already */
    for (size_t i = 0; i < p->services.len; i++) {
        const struct service *s = p->services.items[i];

        if (s->disabled || s->provider)
            continue;
        for (size_t j = 0; j < s->volumes.len; j++)
            if (str_eq(s->volumes.items[j]->type, "image"))
                add_ref(&ret, s->volumes.items[j]->source);
        for (size_t j = 0; j < s->pre_start.len; j++)
            add_ref(&ret, s->pre_start.items[j]->image);
        add_ref(&ret, image_of(a, p, s));
    }
    return ret.list;
}

bool plan_has_builds(const struct project *p, const struct strings *services)
{
    for (size_t i = 0; i < p->services.len; i++) {
        const struct service *s = p->services.items[i];

        if (!s->disabled && s->build && service_asked(services, s->item.key))
            return true;
    }
    return false;
}
