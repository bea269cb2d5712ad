/* drivers/fake/describe.c: what the fake engine holds, as text. */
#include "drivers/fake/state.h"

#include "core/base/mem.h"

#include <stdlib.h>
#include <string.h>

static void add_labels(const struct mapping *labels, struct str *out)
{
    for (size_t i = 0; i < labels->len; i++)
        str_addf(out, "    label %s=%s\n", labels->entries[i].key, labels->entries[i].value);
}

static int compare_links(const void *a, const void *b)
{
    const struct container_network *x = *(struct container_network *const *)a;
    const struct container_network *y = *(struct container_network *const *)b;

    return strcmp(x->name, y->name);
}

static void add_networks(const struct container *c, struct str *out)
{
    struct container_network **sorted =
        mem_calloc(c->networks.len + 1, sizeof(struct container_network *));

    for (size_t i = 0; i < c->networks.len; i++)
        sorted[i] = c->networks.items[i];
    if (c->networks.len)
        qsort(sorted, c->networks.len, sizeof *sorted, compare_links);
    for (size_t i = 0; i < c->networks.len; i++) {
        str_addf(out, "    network %s %s", sorted[i]->name, sorted[i]->network_id);
        for (size_t j = 0; j < sorted[i]->aliases.len; j++)
            str_addf(out, " %s", sorted[i]->aliases.items[j]);
        str_addc(out, '\n');
    }
    free(sorted);
}

static void add_container(const struct fake_container *f, struct str *out)
{
    const struct container *c = &f->c;

    str_addf(out, "container %s\n    %s %s %s exit %d health %d\n", c->name,
             container_state_name(c->state), c->image, c->image_id, c->exit_code, c->health);
    add_labels(&c->labels, out);
    for (size_t i = 0; i < c->mounts.len; i++)
        str_addf(out, "    mount %s %s %s%s\n", c->mounts.items[i]->type, c->mounts.items[i]->name,
                 c->mounts.items[i]->destination, c->mounts.items[i]->rw ? "" : " ro");
    add_networks(c, out);
    for (size_t i = 0; i < f->files.len; i++)
        str_addf(out, "    file %s\n", f->files.items[i]);
}

void fake_describe(const struct fake *f, struct str *out)
{
    for (size_t i = 0; i < f->containers.len; i++)
        add_container(f->containers.items[i], out);
    for (size_t i = 0; i < f->networks.len; i++) {
        str_addf(out, "network %s\n", f->networks.items[i]->name);
        add_labels(&f->networks.items[i]->labels, out);
    }
    for (size_t i = 0; i < f->volumes.len; i++) {
        str_addf(out, "volume %s\n", f->volumes.items[i]->name);
        add_labels(&f->volumes.items[i]->labels, out);
    }
}
