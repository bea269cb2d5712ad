/* core/plan/platform.c: DOCKER_DEFAULT_PLATFORM. */
#include "core/plan/reconcile.h"

#include "core/base/diags.h"
#include "core/base/str.h"
#include "core/load/env.h"
#include "core/plan/names.h"
#include "core/plan/order.h"
#include "core/plan/planner.h" /* item_loc */

static const char *default_platform(const struct project *p)
{
    return p->env ? env_get(p->env, "DOCKER_DEFAULT_PLATFORM") : NULL;
}

int plan_platforms(struct project *p, struct diags *diags)
{
    const char *platform = default_platform(p);
    int rc = 0;

    for (size_t i = 0; !str_empty(platform) && i < p->services.len; i++) {
        struct service *s = p->services.items[i];

        if (!s->build || s->disabled || !str_empty(s->platform))
            continue;
        if (s->build->platforms.len && !strings_have(&s->build->platforms, platform)) {
            diags_error(diags, item_loc(&s->build->item), NULL,
                        "service \"%s\" build.platforms does not support value set by "
                        "DOCKER_DEFAULT_PLATFORM: %s",
                        s->item.key, platform);
            rc = -1;
        }
        s->platform = platform;
    }
    return rc;
}

const char *platform_of(const struct project *p, const struct service *s)
{
    return str_empty(s->platform) ? default_platform(p) : s->platform;
}
