/* core/exec/contents.c: what the files of configs and secrets say now. */
#include "core/exec/observe.h"

#include "core/base/arena.h"
#include "core/base/err.h"
#include "core/base/path.h"
#include "core/base/str.h"
#include "core/model/model.h"
#include "core/render/canonical.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { SIZE_MAX_READ = 16 << 20 }; /* bytes; what is larger is no configuration */

/* NULL: not there, not readable, or nothing that is read again without harm (a pipe). */
static const char *digest_file(struct arena *a, const char *name, const char *path)
{
    AUTO_TEXT text = {0};
    AUTO_ERR err = {0};
    struct stat st;
    char digest[CANONICAL_DIGEST];

    if (stat(path, &st) < 0 || !S_ISREG(st.st_mode) || st.st_size > SIZE_MAX_READ ||
        path_read(path, SIZE_MAX_READ, &text, &err) < 0)
        return NULL;
    canonical_digest(name, str_text(&text), text.len, digest);
    return arena_strdup(a, digest);
}

static void add(struct arena *a, struct mapping *ret, const char *kind, const struct file_source *f)
{
    const char *name, *digest;

    if (str_empty(f->file) || f->external)
        return;
    name = arena_printf(a, "%s.%s", kind, f->item.key);
    digest = digest_file(a, name, f->file);
    if (digest)
        ret->entries[ret->len++] = (struct mapping_entry){name, digest};
}

static int by_key(const void *a, const void *b)
{
    return strcmp(((const struct mapping_entry *)a)->key, ((const struct mapping_entry *)b)->key);
}

struct mapping observe_contents(struct arena *a, const struct project *p)
{
    struct mapping ret = {
        .entries = arena_calloc(a, p->configs.len + p->secrets.len + 1, sizeof *ret.entries)};

    for (size_t i = 0; i < p->configs.len; i++)
        add(a, &ret, "configs", p->configs.items[i]);
    for (size_t i = 0; i < p->secrets.len; i++)
        add(a, &ret, "secrets", p->secrets.items[i]);
    if (ret.len)
        qsort(ret.entries, ret.len, sizeof *ret.entries, by_key);
    return ret;
}
