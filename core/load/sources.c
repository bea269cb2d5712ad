#include "core/load/sources.h"

#include "core/base/arena.h"
#include "core/base/err.h"
#include "core/base/path.h"
#include "core/base/str.h"
#include "core/model/model.h"

#include <string.h>

enum { CONTENT_MAX = 16 << 20 }; /* bytes */

static void read_data(struct arena *a, struct file_source *f)
{
    AUTO_TEXT text = {0};
    AUTO_ERR err = {0};

    if (path_read(f->file, CONTENT_MAX, &text, &err) < 0) {
        f->problem = arena_strdup(a, err_text(&err));
        return;
    }
    f->data = memcpy(arena_alloc(a, text.len + 1), str_text(&text), text.len);
    f->data_len = text.len;
}

static void look_at(struct arena *a, const struct service *s, const struct file_ref *r,
                    struct file_source *f, bool local)
{
    if (!f || f->external || str_empty(f->file) || f->data || f->problem)
        return;
    if (file_ref_has_owner(r) && !s->read_only && !path_is_dir(f->file))
        read_data(a, f);
    else if (local && !path_exists(f->file))
        f->problem = arena_printf(a, "open %s: no such file or directory", f->file);
}

void load_sources(struct project *p, bool local)
{
    for (size_t i = 0; i < p->services.len; i++) {
        const struct service *s = p->services.items[i];

        for (size_t j = 0; !s->disabled && j < s->secrets.len; j++) {
            const struct file_ref *r = s->secrets.items[j];

            look_at(p->arena, s, r, project_secret(p, r->source), local);
        }
        for (size_t j = 0; !s->disabled && j < s->configs.len; j++) {
            const struct file_ref *r = s->configs.items[j];

            look_at(p->arena, s, r, project_config(p, r->source), local);
        }
    }
}
