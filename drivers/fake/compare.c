/* drivers/fake/compare.c: what things were made with, beside what would be made now. */
#include "drivers/fake/state.h"

#include "core/render/canonical.h"

void fake_keep_config(struct fake *f, const char *id, const char *config)
{
    map_set(&f->configs, arena_strdup(f->arena, id), arena_strdup(f->arena, config));
}

static void act_compare(struct call *call, struct reply *reply, struct err *err)
{
    const struct compare *what = call->compare;
    const char *was = map_get(&call->f->configs, what->id);
    AUTO_TEXT now = {0};

    if (!was) {
        not_found(err, "object", what->id);
        return;
    }
    if (what->container)
        canonical_service(what->container->service, &what->container->refs, &now);
    else if (what->network)
        canonical_network(what->network, &now);
    else
        canonical_volume(what->volume, &now);
    reply->was = arena_strdup(call->answer, was);
    reply->now = arena_strdup(call->answer, str_text(&now));
}

struct call *fake_compare(struct reader *r, struct arena *a, const struct compare *what,
                          call_done *done, void *owner)
{
    struct call *c =
        fake_call(fake_of_reader(r), "compare", what->id, false, act_compare, done, owner);

    c->compare = what;
    c->answer = a;
    return c;
}

/* It can do all. */
int fake_check(struct reader *r, const struct container_create *c, const struct endpoint *e,
               struct err *err)
{
    (void)r;
    (void)c;
    (void)e;
    (void)err;
    return 0;
}
