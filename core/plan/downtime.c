#include "core/plan/downtime.h"

#include "core/base/str.h"
#include "core/base/text.h"
#include "core/driver.h" /* TIMEOUT_DEFAULT */
#include "core/json/json.h"
#include "core/plan/labels.h"
#include "core/plan/planner.h" /* container_is_up */
#include "core/yaml/node.h"

#include <string.h>

enum { ENGINE_STOP_SECONDS = 10, ENGINE_INTERVAL_SECONDS = 30 };
#define SECOND INT64_C(1000000000)

static int64_t whole_seconds(int64_t ns)
{
    return (ns + SECOND - 1) / SECOND;
}

static struct loc loc_of(const struct service *s, const char *path)
{
    const struct node *n = s && s->item.node ? node_path(s->item.node, path) : NULL;

    return n ? n->loc : loc_none();
}

/* What the container itself was made with counts, not what the file says now. -1: not known. */
static int64_t own_grace(const struct container *c)
{
    const char *config = own_label(&c->labels, LABEL_CONFIG);
    AUTO_JSON j = config ? json_parse(config, strlen(config), NULL) : NULL;
    const char *text = json_get_str(j, "stop_grace_period", NULL);
    int64_t ns;

    if (!json_is_object(j))
        return -1;
    if (!text || duration_parse(text, &ns, NULL) < 0)
        return ENGINE_STOP_SECONDS;
    return whole_seconds(ns);
}

static int64_t model_grace(const struct service *s)
{
    return s && s->stop_grace_period.set ? whole_seconds(s->stop_grace_period.value) : -1;
}

static void find_stop(struct interruption *i, const struct container *c, const struct service *s,
                      int64_t timeout)
{
    int64_t own = own_grace(c), model = model_grace(s);

    if (timeout != TIMEOUT_DEFAULT) {
        i->stop_max = timeout;
        i->stop_from = "--timeout";
        return;
    }
    i->stop_max = own >= 0 ? own : model >= 0 ? model : ENGINE_STOP_SECONDS;
    i->stop_from = own < 0 && model < 0 ? "the engine's default unless it was made with another"
                   : i->stop_max == ENGINE_STOP_SECONDS && model != i->stop_max
                       ? "the engine's default"
                       : "stop_grace_period";
    if (model == i->stop_max)
        i->stop_loc = loc_of(s, "stop_grace_period");
}

static int64_t first_check(const struct healthcheck *h)
{
    if (!h || h->disable || (h->test.len && str_eq(h->test.items[0], "NONE")))
        return -1;
    if (h->start_interval.set && h->start_interval.value && h->start_period.set &&
        h->start_period.value)
        return whole_seconds(h->start_interval.value);
    if (h->interval.set && h->interval.value)
        return whole_seconds(h->interval.value);
    return h->test.len ? ENGINE_INTERVAL_SECONDS : -1; /* else the image's own: not known */
}

struct interruption interruption_of(const struct container *c, const struct service *s,
                                    int64_t timeout, bool starts)
{
    struct interruption i = {.first_check = -1};

    if (!container_is_up(c))
        return i;
    i.any = true;
    i.starts = starts;
    find_stop(&i, c, s, timeout);
    if (starts && s) {
        i.first_check = first_check(s->healthcheck);
        i.check_loc = loc_of(s, "healthcheck");
    }
    return i;
}
