#include "cmd/ports.h"

#include "core/base/str.h"
#include "core/base/vec.h"
#include "core/model/observed.h"

#include <stdlib.h>
#include <string.h>

/* Neighbouring ports of one address and protocol, published under their
 * own numbers or not at all. */
struct port_run {
    const char *ip, *type;
    int first, last;
};

static int compare_ints(int a, int b)
{
    return (a > b) - (a < b);
}

static int compare_ports(const void *pa, const void *pb)
{
    const struct container_port *a = *(struct container_port *const *)pa;
    const struct container_port *b = *(struct container_port *const *)pb;
    int order = compare_ints(a->private_port, b->private_port);

    if (!order)
        order = strcmp(a->ip, b->ip);
    if (!order)
        order = compare_ints(a->public_port, b->public_port);
    return order ? order : strcmp(a->type, b->type);
}

static void add_host(const char *ip, struct str *out)
{
    str_addf(out, strchr(ip, ':') ? "[%s]:" : "%s:", ip);
}

static void next_item(struct str *out)
{
    if (out->len)
        str_add(out, ", ");
}

static void add_run(const struct port_run *r, struct str *out)
{
    AUTO_TEXT range = {0};

    next_item(out);
    str_addf(&range, r->first == r->last ? "%d" : "%d-%d", r->first, r->last);
    if (!str_empty(r->ip)) {
        add_host(r->ip, out);
        str_addf(out, "%s->", str_text(&range));
    }
    str_addf(out, "%s/%s", str_text(&range), r->type);
}

typedef VEC(struct port_run) port_runs;

static struct port_run *find_run(port_runs *runs, const struct container_port *p)
{
    for (size_t i = 0; i < runs->len; i++)
        if (str_eq(runs->items[i].ip, p->ip) && str_eq(runs->items[i].type, p->type))
            return &runs->items[i];
    return NULL;
}

static void add_to_runs(port_runs *runs, const struct container_port *p, struct str *out)
{
    struct port_run made = {p->ip, p->type, p->private_port, p->private_port};
    struct port_run *r = find_run(runs, p);

    if (!r) {
        vec_push(runs, made);
    } else if (p->private_port == r->last + 1) {
        r->last++;
    } else {
        add_run(r, out);
        *r = made;
    }
}

void ports_text(const struct container *c, struct str *out)
{
    VEC(struct container_port *) sorted = {0};
    port_runs runs = {0};
    AUTO_TEXT mapped = {0};

    for (size_t i = 0; i < c->ports.len; i++)
        vec_push(&sorted, c->ports.items[i]);
    if (sorted.len)
        qsort(sorted.items, sorted.len, sizeof *sorted.items, compare_ports);
    for (size_t i = 0; i < sorted.len; i++) {
        const struct container_port *p = sorted.items[i];

        if (str_empty(p->ip) || p->public_port == p->private_port) {
            add_to_runs(&runs, p, out);
            continue;
        }
        next_item(&mapped);
        add_host(p->ip, &mapped);
        str_addf(&mapped, "%d->%d/%s", p->public_port, p->private_port, p->type);
    }
    for (size_t i = 0; i < runs.len; i++)
        add_run(&runs.items[i], out);
    if (mapped.len) {
        next_item(out);
        str_add(out, str_text(&mapped));
    }
    vec_done(&sorted);
    vec_done(&runs);
}
