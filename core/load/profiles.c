/* core/load/profiles.c: which services the active profiles leave enabled (compose-spec
 * 15-profiles.md). */
#include "core/load/profiles.h"

#include "core/base/arena.h"
#include "core/base/str.h"
#include "core/load/env.h"
#include "core/load/stages.h"
#include "core/model/model.h"

#include <string.h>

/* --profile as given; else COMPOSE_PROFILES, a list with commas, blanks around them aside. Without
 * either the list has one empty name, which a service may have as well. */
static struct strings active_profiles(struct load *l)
{
    struct strings given = l->opts->profiles;
    const char *list = given.len == 0 ? env_get(l->env, "COMPOSE_PROFILES") : NULL;
    struct strings ret = {0};

    list = list ? list : "";
    ret.items = arena_calloc(l->arena, given.len + strlen(list) + 1, sizeof *ret.items);
    for (size_t i = 0; i < given.len; i++)
        ret.items[ret.len++] = arena_strdup(l->arena, given.items[i]);
    while (given.len == 0) {
        size_t n = strcspn(list, ","), from = strspn(list, " \t"), to = n;

        while (to > from && strchr(" \t", list[to - 1]))
            to--;
        ret.items[ret.len++] = to > from ? arena_strndup(l->arena, list + from, to - from)
                                         : arena_strdup(l->arena, "");
        if (!list[n])
            break;
        list += n + 1;
    }
    return ret;
}

bool is_in_profiles(const struct service *s, const struct strings *profiles)
{
    if (s->profiles.len == 0)
        return true;
    for (size_t i = 0; i < profiles->len; i++) {
        if (str_eq(profiles->items[i], "*"))
            return true;
        if (strings_have(&s->profiles, profiles->items[i]))
            return true;
    }
    return false;
}

int stage_profiles(struct load *l, struct project *p)
{
    p->profiles = active_profiles(l);
    for (size_t i = 0; i < p->services.len; i++)
        p->services.items[i]->disabled = !is_in_profiles(p->services.items[i], &p->profiles);
    return 0;
}
