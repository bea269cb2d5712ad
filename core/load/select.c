/* core/load/select.c: the part of the project the command line asks for. */
#include "core/load/profiles.h"
#include "core/load/stages.h"

#include "core/base/arena.h"
#include "core/base/diags.h"
#include "core/base/map.h"
#include "core/base/mem.h"
#include "core/base/str.h"
#include "core/load/consistency.h"
#include "core/model/model.h"
#include "core/schema/member.h"
#include "core/yaml/node.h"

#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

/* ---- enabling ---- */

static void add_profiles(struct load *l, struct project *p, const struct strings *more)
{
    const char **items = arena_calloc(l->arena, p->profiles.len + more->len + 1, sizeof *items);
    size_t len = 0;

    for (size_t i = 0; i < p->profiles.len; i++)
        items[len++] = p->profiles.items[i];
    for (size_t i = 0; i < more->len; i++)
        items[len++] = more->items[i];
    p->profiles = (struct strings){.items = items, .len = len};
}

/* Naming a service activates its profiles, so that others of theirs wake up too. */
int stage_enable(struct load *l, struct project *p)
{
    bool more = false;

    for (size_t i = 0; i < l->opts->services.len; i++) {
        const struct service *s = project_service(p, l->opts->services.items[i]);

        if (!s || !s->disabled)
            continue;
        add_profiles(l, p, &s->profiles);
        more = true;
    }
    for (size_t i = 0; more && i < p->services.len; i++)
        p->services.items[i]->disabled = !is_in_profiles(p->services.items[i], &p->profiles);
    return 0;
}

/* ---- selecting ---- */

struct selection {
    struct load *l;
    struct project *p;
    struct map kept;       /* name -> struct service */
    struct service **todo; /* kept ones whose dependencies were not looked at; each is here once */
    size_t done, len;
    size_t named; /* of todo: the first ones, which the command line names */
};

static void keep(struct selection *sel, struct service *s)
{
    if (map_has(&sel->kept, s->item.key))
        return;
    map_set(&sel->kept, s->item.key, s);
    sel->todo[sel->len++] = s;
}

static int no_such_service(struct selection *sel, struct loc loc, const char *name)
{
    struct diag *g = diags_error(sel->l->diags, loc, NULL, "no such service: %s", name);
    const struct service *s = project_service(sel->p, name);

    if (s && s->profiles.len > 0)
        diag_hint(g, "'%s' belongs to profile '%s', which is not active", name,
                  s->profiles.items[0]);
    else
        hint_nearest(g, "service", name, &sel->p->services);
    return -1;
}

/* A name, or a shell pattern over the enabled services. */
static int keep_named(struct selection *sel, const char *name)
{
    struct service *exact = project_service(sel->p, name);
    bool found = false;

    if (exact && !exact->disabled) {
        keep(sel, exact);
        return 0;
    }
    for (size_t i = 0; strpbrk(name, "*?[") && i < sel->p->services.len; i++) {
        struct service *s = sel->p->services.items[i];

        if (s->disabled || fnmatch(name, s->item.key, 0) != 0)
            continue;
        keep(sel, s);
        found = true;
    }
    return found ? 0 : no_such_service(sel, loc_none(), name);
}

static int keep_dependencies(struct selection *sel, const struct service *s)
{
    int rc = 0;

    for (size_t i = 0; i < s->depends_on.len; i++) {
        const struct dependency *d = s->depends_on.items[i];
        struct service *other = project_service(sel->p, d->item.key);

        if (other && !other->disabled)
            keep(sel, other);
        else if (d->required &&
                 !diags_has_errors(sel->l->diags)) /* else it may be reported already */
            rc = no_such_service(sel, d->item.node->loc, d->item.key);
    }
    return rc;
}

/* What is not kept is disabled, and nothing kept waits for it. */
static void disable_others(struct selection *sel)
{
    for (size_t i = 0; i < sel->p->services.len; i++) {
        struct service *s = sel->p->services.items[i];
        size_t kept = 0;

        if (!map_has(&sel->kept, s->item.key)) {
            s->disabled = true;
            continue;
        }
        for (size_t k = 0; k < s->depends_on.len; k++)
            if (map_has(&sel->kept, s->depends_on.items[k]->item.key))
                s->depends_on.items[kept++] = s->depends_on.items[k];
        s->depends_on.len = kept;
    }
}

static int select_services(struct selection *sel)
{
    const struct strings *names = &sel->l->opts->services;
    int rc = 0;

    sel->todo = mem_calloc(sel->p->services.len + 1, sizeof *sel->todo);
    for (size_t i = 0; i < names->len; i++)
        rc |= keep_named(sel, names->items[i]);
    sel->named = sel->len;
    while (sel->done < sel->len)
        rc |= keep_dependencies(sel, sel->todo[sel->done++]);
    if (rc == 0)
        disable_others(sel);
    return rc;
}

static void disable_dependencies(struct selection *sel)
{
    map_done(&sel->kept);
    for (size_t i = 0; i < sel->named; i++)
        map_set(&sel->kept, sel->todo[i]->item.key, sel->todo[i]);
    disable_others(sel);
}

/* ---- resources ---- */

/* One list of resources and which of them some service uses. */
struct usage {
    struct any_list list;
    bool *used;
};

static struct usage usage_of(const void *member)
{
    struct usage u = {.list = member_list(member)};

    u.used = mem_calloc(u.list.len + 1, sizeof *u.used);
    return u;
}

static void use(struct usage *u, const char *key)
{
    size_t low = 0, high = u->list.len;

    while (key && low < high) {
        size_t mid = low + (high - low) / 2;
        int order = strcmp(((const struct item *)u->list.items[mid])->key, key);

        if (order == 0) {
            u->used[mid] = true;
            return;
        }
        if (order < 0)
            low = mid + 1;
        else
            high = mid;
    }
}

static void keep_used(struct usage *u, void *member)
{
    size_t kept = 0;

    for (size_t i = 0; i < u->list.len; i++)
        if (u->used[i])
            u->list.items[kept++] = u->list.items[i];
    u->list.len = kept;
    memcpy(member, &u->list, sizeof u->list);
    free(u->used);
}

static void drop_unused(struct project *p)
{
    struct usage networks = usage_of(&p->networks), volumes = usage_of(&p->volumes);
    struct usage secrets = usage_of(&p->secrets), configs = usage_of(&p->configs);
    struct usage models = usage_of(&p->models);

    for (size_t i = 0; i < p->services.len; i++) {
        const struct service *s = p->services.items[i];

        if (s->disabled)
            continue;
        for (size_t k = 0; k < s->networks.len; k++)
            use(&networks, s->networks.items[k]->item.key);
        for (size_t k = 0; k < s->volumes.len; k++)
            if (str_eq(s->volumes.items[k]->type, "volume"))
                use(&volumes, s->volumes.items[k]->source);
        for (size_t k = 0; k < s->secrets.len; k++)
            use(&secrets, s->secrets.items[k]->source);
        for (size_t k = 0; s->build && k < s->build->secrets.len; k++)
            use(&secrets, s->build->secrets.items[k]->source);
        for (size_t k = 0; k < s->configs.len; k++)
            use(&configs, s->configs.items[k]->source);
        for (size_t k = 0; k < s->models.len; k++)
            use(&models, s->models.items[k]->item.key);
    }
    keep_used(&networks, &p->networks);
    keep_used(&volumes, &p->volumes);
    keep_used(&secrets, &p->secrets);
    keep_used(&configs, &p->configs);
    keep_used(&models, &p->models);
}

int stage_select(struct load *l, struct project *p)
{
    struct selection sel = {.l = l, .p = p};
    bool some = l->opts->services.len > 0 && !l->opts->keep_others;
    int rc = some ? select_services(&sel) : 0;

    if (rc == 0 && !l->opts->all_resources)
        drop_unused(p);
    if (rc == 0 && some && l->opts->no_deps)
        disable_dependencies(&sel); /* their networks and volumes stay */
    map_done(&sel.kept);
    free(sel.todo);
    return rc;
}
