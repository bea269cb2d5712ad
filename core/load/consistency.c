/* core/load/consistency.c: what must hold between the parts of a project.
 *
 * Looks at enabled services only, in the order of their names. Every problem is reported, at the
 * value that causes it. Dependency cycles: cycles.c. */
#include "core/load/consistency.h"

#include "core/base/arena.h"
#include "core/base/diags.h"
#include "core/base/map.h"
#include "core/base/mem.h"
#include "core/base/str.h"
#include "core/load/stages.h"
#include "core/model/model.h"
#include "core/schema/member.h"
#include "core/yaml/node.h"

#include <stdlib.h>
#include <string.h>

#define INVALID ": invalid compose project"

struct checked {
    struct load *l;
    struct project *p;
    struct service *s;
    struct map *targets;         /* of the service's mounts; emptied for each */
    struct map *container_names; /* of all services: name -> struct service */
};

typedef void check_fn(struct checked *c);

/* ---- reporting ---- */

/* Where attribute `dotted` of an object stands; the object itself when it does not say. */
static struct loc place_of(const struct item *item, const char *dotted)
{
    const struct node *n = dotted && item->node ? node_path(item->node, dotted) : NULL;

    if (n)
        return n->loc;
    return item->node ? item->node->loc : loc_none();
}

static struct loc key_place(const struct item *owner, const char *attr, const struct item *entry)
{
    const struct node_pair *pair = NULL;

    if (owner->node)
        pair = node_pair_get(node_get(owner->node, attr), entry->key);
    return pair ? pair->loc : place_of(owner, attr);
}

/* Where the service's name stands. */
static struct loc service_place(const struct checked *c)
{
    const struct node_pair *pair = node_pair_get(node_get(c->p->root, "services"), c->s->item.key);

    return pair ? pair->loc : place_of(&c->s->item, NULL);
}

static struct diag *complain(struct checked *c, struct loc loc, const char *attr, const char *fmt,
                             ...) PRINTF_LIKE(4, 5);

static struct diag *complain(struct checked *c, struct loc loc, const char *attr, const char *fmt,
                             ...)
{
    AUTO_TEXT path = {0};
    AUTO_TEXT msg = {0};
    va_list ap;

    va_start(ap, fmt);
    str_addvf(&msg, fmt, ap);
    va_end(ap);
    str_addf(&path, "services.%s%s%s", c->s->item.key, attr ? "." : "", attr ? attr : "");
    return diags_error(c->l->diags, loc, str_text(&path), "%s", str_text(&msg));
}

void hint_nearest(struct diag *g, const char *what, const char *word, const void *list)
{
    struct any_list items = member_list(list);
    struct nearest near = nearest_to(word);

    for (size_t i = 0; !g->dropped && i < items.len; i++)
        if (!nearest_look(&near, ((const struct item *)items.items[i])->key))
            break;
    if (near.found)
        diag_hint(g, "did you mean %s '%s'?", what, near.found);
    else if (items.len == 0)
        diag_hint(g, "no %s is defined", what);
}

/* ---- image and build ---- */

static void check_image(struct checked *c)
{
    const struct service *s = c->s;

    if (str_empty(s->image) && !s->build && !s->provider)
        complain(c, s->image ? place_of(&s->item, "image") : service_place(c), NULL,
                 "service \"%s\" has neither an image nor a build context specified" INVALID,
                 s->item.key);
}

static void check_context(struct checked *c, const struct mapping_entry *context)
{
    const char *name = context->value ? context->value : "";
    const struct service *other;
    struct loc loc;

    if (!str_has_prefix(name, "service:"))
        return;
    name += strlen("service:");
    other = project_service(c->p, name);
    loc = place_of(&c->s->build->item, "additional_contexts");
    if (!other || other->disabled) {
        struct diag *g =
            complain(c, loc, "build.additional_contexts",
                     "service \"%s\" declares unknown service \"%s\" as additional contexts %s",
                     c->s->item.key, name, context->key);

        hint_nearest(g, "service", name, &c->p->services);
    } else if (!other->build) {
        complain(c, loc, "build.additional_contexts",
                 "service \"%s\" declares non-buildable service \"%s\" as additional contexts %s",
                 c->s->item.key, name, context->key);
    }
}

static void check_build(struct checked *c)
{
    const struct service *s = c->s;
    const struct build *b = s->build;

    if (!b)
        return;
    if (!str_empty(b->dockerfile) && !str_empty(b->dockerfile_inline))
        complain(
            c, place_of(&b->item, "dockerfile_inline"), "build",
            "service \"%s\" declares mutualy exclusive dockerfile and dockerfile_inline" INVALID,
            s->item.key);
    for (size_t i = 0; i < b->additional_contexts.len; i++)
        check_context(c, &b->additional_contexts.entries[i]);
    if (b->platforms.len > 0 && !str_empty(s->platform) &&
        !strings_have(&b->platforms, s->platform))
        complain(c, place_of(&s->item, "platform"), "platform",
                 "service.build.platforms MUST include service.platform \"%s\"" INVALID,
                 s->platform);
}

/* ---- references ---- */

static void undefined(struct checked *c, struct loc loc, const char *attr, const char *what,
                      const char *name, const void *list)
{
    struct diag *g = complain(c, loc, attr, "service \"%s\" refers to undefined %s %s" INVALID,
                              c->s->item.key, what, name);

    hint_nearest(g, strcmp(what, "build secret") == 0 ? "secret" : what, name, list);
}

static void check_networks(struct checked *c)
{
    const struct service *s = c->s;

    if (!str_empty(s->network_mode) && s->networks.len > 0)
        complain(c, place_of(&s->item, "network_mode"), "network_mode",
                 "service %s declares mutually exclusive `network_mode` and `networks`" INVALID,
                 s->item.key);
    for (size_t i = 0; i < s->networks.len; i++) {
        const struct service_network *n = s->networks.items[i];

        if (!project_network(c->p, n->item.key))
            undefined(c, key_place(&s->item, "networks", &n->item), "networks", "network",
                      n->item.key, &c->p->networks);
    }
}

static void check_healthcheck(struct checked *c)
{
    const struct healthcheck *h = c->s->healthcheck;
    const char *first;

    if (!h || h->test.len == 0)
        return;
    first = h->test.items[0];
    if (!str_eq(first, "CMD") && !str_eq(first, "CMD-SHELL") && !str_eq(first, "NONE"))
        complain(c, place_of(&h->item, "test"), "healthcheck.test",
                 "healthcheck.test must start either by \"CMD\", \"CMD-SHELL\" or \"NONE\"");
}

static void check_depends_on(struct checked *c)
{
    const struct service *s = c->s;

    for (size_t i = 0; i < s->depends_on.len; i++) {
        const struct dependency *d = s->depends_on.items[i];
        const struct service *other = project_service(c->p, d->item.key);
        struct diag *g;

        if (other && !(other->disabled && d->required))
            continue;
        g = complain(c, key_place(&s->item, "depends_on", &d->item),
                     d->implied ? NULL : "depends_on", /* by links, ipc and the like */
                     "service \"%s\" depends on undefined service \"%s\"" INVALID, s->item.key,
                     d->item.key);
        if (!other)
            hint_nearest(g, "service", d->item.key, &c->p->services);
        else if (other->profiles.len > 0)
            diag_hint(g, "'%s' belongs to profile '%s', which is not active", d->item.key,
                      other->profiles.items[0]);
    }
}

static void check_network_mode(struct checked *c)
{
    const struct service *s = c->s;
    const char *name = s->network_mode;

    if (str_empty(name) || !str_has_prefix(name, "service:"))
        return;
    name += strlen("service:");
    if (!project_service(c->p, name) && !service_dependency(s, name))
        complain(c, place_of(&s->item, "network_mode"), "network_mode",
                 "service \"%s\" not found for network_mode 'service:%s'", name, name);
}

static void check_volumes(struct checked *c)
{
    for (size_t i = 0; i < c->s->volumes.len; i++) {
        const struct mount *m = c->s->volumes.items[i];

        if (str_eq(m->type, "volume") && !str_empty(m->source) && !project_volume(c->p, m->source))
            undefined(c, place_of(&m->item, "source"), "volumes", "volume", m->source,
                      &c->p->volumes);
    }
}

static void check_build_secrets(struct checked *c)
{
    const struct build *b = c->s->build;

    for (size_t i = 0; b && i < b->secrets.len; i++) {
        const struct file_ref *r = b->secrets.items[i];

        if (!project_secret(c->p, r->source ? r->source : ""))
            undefined(c, place_of(&r->item, "source"), "build.secrets", "build secret",
                      r->source ? r->source : "", &c->p->secrets);
    }
}

static void check_configs(struct checked *c)
{
    for (size_t i = 0; i < c->s->configs.len; i++) {
        const struct file_ref *r = c->s->configs.items[i];

        if (!project_config(c->p, r->source ? r->source : ""))
            undefined(c, place_of(&r->item, "source"), "configs", "config",
                      r->source ? r->source : "", &c->p->configs);
    }
}

static bool has_model(const struct project *p, const char *key)
{
    for (size_t i = 0; i < p->models.len; i++)
        if (strcmp(p->models.items[i]->item.key, key) == 0)
            return true;
    return false;
}

static void check_models(struct checked *c)
{
    for (size_t i = 0; i < c->s->models.len; i++) {
        const struct service_model *m = c->s->models.items[i];

        if (!has_model(c->p, m->item.key))
            undefined(c, key_place(&c->s->item, "models", &m->item), "models", "model", m->item.key,
                      &c->p->models);
    }
}

static void check_secrets(struct checked *c)
{
    for (size_t i = 0; i < c->s->secrets.len; i++) {
        const struct file_ref *r = c->s->secrets.items[i];

        if (!project_secret(c->p, r->source ? r->source : ""))
            undefined(c, place_of(&r->item, "source"), "secrets", "secret",
                      r->source ? r->source : "", &c->p->secrets);
    }
}

/* ---- numbers said twice ---- */

static void distinct(struct checked *c, const char *attr, const char *deployed)
{
    diag_compat(complain(c, place_of(&c->s->item, attr), attr,
                         "can't set distinct values on '%s' and 'deploy.%s'" INVALID, attr,
                         deployed),
                "services.%s: can't set distinct values on '%s' and 'deploy.%s'" INVALID,
                c->s->item.key, attr, deployed);
}

static void negative(struct checked *c, const char *attr)
{
    diag_compat(
        complain(c, place_of(&c->s->item, attr), attr, "must be greater than or equal to 0"),
        "services.%s.%s: must be greater than or equal to 0", c->s->item.key, attr);
}

static void check_scale(struct checked *c)
{
    struct service *s = c->s;

    if (s->scale.set && s->deploy) {
        if (s->deploy->replicas.set && s->deploy->replicas.value != s->scale.value)
            distinct(c, "scale", "replicas");
        s->deploy->replicas = s->scale;
    }
    if (s->scale.set && s->scale.value < 0)
        negative(c, "scale");
    else if (s->deploy && s->deploy->replicas.set && s->deploy->replicas.value < 0)
        negative(c, "deploy.replicas");
}

/* Docker compose compares as soon as the block is there, also with what it does not say. */
static void check_resources(struct checked *c)
{
    const struct service *s = c->s;
    const struct resources *r = s->deploy ? s->deploy->resources : NULL;

    if (r && r->limits) {
        if (s->cpus != 0 && s->cpus != r->limits->cpus)
            distinct(c, "cpus", "resources.limits.cpus");
        if (s->mem_limit != 0 && s->mem_limit != r->limits->memory)
            distinct(c, "mem_limit", "resources.limits.memory");
        if (s->pids_limit != 0 && s->pids_limit != r->limits->pids)
            distinct(c, "pids_limit", "resources.limits.pids");
    }
    if (r && r->reservations && s->mem_reservation != 0 &&
        s->mem_reservation != r->reservations->memory)
        distinct(c, "mem_reservation", "resources.reservations.memory");
}

static void check_container_name(struct checked *c)
{
    const struct service *s = c->s, *other;
    bool replicas = s->deploy && s->deploy->replicas.set && s->deploy->replicas.value > 1;

    if (str_empty(s->container_name))
        return;
    if (replicas || (s->scale.set && s->scale.value > 1)) {
        complain(
            c, place_of(&s->item, "container_name"), "container_name",
            "services.%s: can't set container_name and %s as container name must be unique" INVALID,
            s->scale.set ? "scale" : "deploy.replicas", s->item.key);
    }
    other = map_get(c->container_names, s->container_name);
    if (other)
        complain(c, place_of(&s->item, "container_name"), "container_name",
                 "container name \"%s\" is already in use by service %s", s->container_name,
                 other->item.key);
    else
        map_set(c->container_names, s->container_name, c->s);
}

/* ---- the rest ---- */

static void check_watch(struct checked *c)
{
    const struct develop *d = c->s->develop;

    for (size_t i = 0; d && i < d->watch.len; i++) {
        const struct watch *w = d->watch.items[i];

        if (str_empty(w->target) && !str_eq(w->action, "rebuild") && !str_eq(w->action, "restart"))
            diag_compat(
                complain(c, place_of(&w->item, "action"), "develop.watch",
                         "target is required for non-rebuild actions" INVALID),
                "services.%s.develop.watch: target is required for non-rebuild actions" INVALID,
                c->s->item.key);
    }
}

/* Notes a mount's target; complains when there is one already. `what` is "tmpfs" or "volumes". */
static void check_target(struct checked *c, const char *target, const char *what, size_t index,
                         struct loc loc)
{
    const char *before = map_get(c->targets, target);
    const char *attr = arena_printf(c->l->arena, "%s[%zu]", what, index);

    if (before)
        diag_compat(complain(c, loc, attr, "target %s already mounted as services.%s.%s", target,
                             c->s->item.key, before),
                    "services.%s.%s: target %s already mounted as services.%s.%s", c->s->item.key,
                    attr, target, c->s->item.key, before);
    else
        map_set(c->targets, target, (void *)attr);
}

static void check_targets(struct checked *c)
{
    const struct service *s = c->s;
    const struct node *tmpfs = s->item.node ? node_get(s->item.node, "tmpfs") : NULL;

    if (s->tmpfs.len + s->volumes.len < 2)
        return;
    for (size_t i = 0; i < s->tmpfs.len; i++) {
        const char *text = s->tmpfs.items[i];
        const char *target = arena_strndup(c->l->arena, text, strcspn(text, ":"));
        const struct node *n =
            node_is(tmpfs, NODE_LIST) && i < tmpfs->list.len ? tmpfs->list.items[i] : s->item.node;

        check_target(c, target, "tmpfs", i, n ? n->loc : loc_none());
    }
    for (size_t i = 0; i < s->volumes.len; i++) {
        const struct mount *m = s->volumes.items[i];

        check_target(c, m->target ? m->target : "", "volumes", i, place_of(&m->item, "target"));
    }
    map_done(c->targets);
    *c->targets = (struct map){0};
}

static check_fn *const checks[] = {
    check_image,      check_build,          check_networks, check_healthcheck,
    check_depends_on, check_network_mode,   check_volumes,  check_build_secrets,
    check_configs,    check_models,         check_secrets,  check_scale,
    check_resources,  check_container_name, check_watch,    check_targets,
};

static void check_secret_sources(struct load *l, const struct project *p)
{
    for (size_t i = 0; i < p->secrets.len; i++) {
        const struct file_source *f = p->secrets.items[i];
        AUTO_TEXT path = {0};

        if (f->external || !str_empty(f->file) || !str_empty(f->environment))
            continue;
        str_addf(&path, "secrets.%s", f->item.key);
        diags_error(l->diags, place_of(&f->item, NULL), str_text(&path),
                    "secret \"%s\" must declare either `file` or `environment`" INVALID,
                    f->item.key);
    }
}

int stage_consistency(struct load *l, struct project *p)
{
    struct map targets = {0}, container_names = {0};
    struct checked c = {.l = l, .p = p, .targets = &targets, .container_names = &container_names};

    for (size_t i = 0; i < p->services.len; i++) {
        c.s = p->services.items[i];
        if (c.s->disabled)
            continue;
        for (size_t k = 0; k < ARRAY_LEN(checks); k++)
            checks[k](&c);
    }
    check_secret_sources(l, p);
    check_cycles(l, p);
    map_done(&targets);
    map_done(&container_names);
    return diags_has_errors(l->diags) ? -1 : 0;
}
