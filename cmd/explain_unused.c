#include "cmd/explain_unused.h"

#include "core/base/attr.h"
#include "core/base/map.h"
#include "core/base/str.h"
#include "core/base/vec.h"
#include "core/json/write.h"
#include "core/load/env.h"
#include "core/load/origins.h"
#include "core/model/model.h"

#include <stdlib.h>
#include <string.h>

struct unused {
    VEC(const struct variable *) found;
    struct map read; /* places of variables that are read by one set of files or another */
};

/* mcompose and docker themselves read these. */
static bool is_setting(const char *name)
{
    static const char *const names[] = {
        "COMPOSE_ANSI",
        "COMPOSE_BAKE",
        "COMPOSE_COMPATIBILITY",
        "COMPOSE_CONVERT_WINDOWS_PATHS",
        "COMPOSE_DISABLE_ENV_FILE",
        "COMPOSE_ENV_FILES",
        "COMPOSE_EXPERIMENTAL",
        "COMPOSE_FILE",
        "COMPOSE_HTTP_TIMEOUT",
        "COMPOSE_IGNORE_ORPHANS",
        "COMPOSE_MENU",
        "COMPOSE_PARALLEL_LIMIT",
        "COMPOSE_PATH_SEPARATOR",
        "COMPOSE_PROFILES",
        "COMPOSE_PROGRESS",
        "COMPOSE_PROJECT_NAME",
        "COMPOSE_REMOVE_ORPHANS",
        "COMPOSE_STATUS_STDOUT",
        "BUILDKIT_PROGRESS",
        "DOCKER_BUILDKIT",
        "DOCKER_CERT_PATH",
        "DOCKER_CONFIG",
        "DOCKER_CONTEXT",
        "DOCKER_DEFAULT_PLATFORM",
        "DOCKER_HOST",
        "DOCKER_TLS_VERIFY",
    };

    for (size_t i = 0; i < ARRAY_LEN(names); i++)
        if (strcmp(names[i], name) == 0)
            return true;
    return false;
}

static void place_of(const struct variable *v, struct str *out)
{
    str_clear(out);
    loc_text(v->loc, out);
}

/* Of several sources of a name only the strongest is read; the others are spare, not unused. */
static void look(struct unused *u, const struct variable *v)
{
    AUTO_TEXT place = {0};
    bool read = v->read || is_setting(v->name);

    for (; v; v = v->lost) {
        if (!v->loc.line)
            continue;
        place_of(v, &place);
        if (read)
            map_set(&u->read, str_text(&place), u);
        else
            vec_push(&u->found, v);
    }
}

static int compare_places(const void *pa, const void *pb)
{
    const struct variable *a = *(const struct variable *const *)pa;
    const struct variable *b = *(const struct variable *const *)pb;
    int order = strcmp(a->loc.file, b->loc.file);

    if (order)
        return order;
    if (a->loc.line != b->loc.line)
        return a->loc.line < b->loc.line ? -1 : 1;
    return (a->loc.col > b->loc.col) - (a->loc.col < b->loc.col);
}

static void print(const struct variable *v, const char *place, struct json_writer *w,
                  struct str *out)
{
    if (!w) {
        str_addf(out, "%s: %s\n", place, v->name);
        return;
    }
    json_write_open(w, '{');
    json_write_key(w, "name");
    json_write_str(w, v->name);
    json_write_key(w, "file");
    json_write_str(w, v->loc.file);
    json_write_key(w, "line");
    json_write_u64(w, v->loc.line);
    json_write_key(w, "column");
    json_write_u64(w, v->loc.col);
    json_write_close(w, '}');
}

void explain_unused(const struct project *p, bool json, struct str *out)
{
    struct unused u = {0};
    struct json_writer w;
    AUTO_TEXT place = {0};

    for (const struct env *e = p->env; e; e = env_attached(e))
        for (size_t i = 0; i < env_count(e); i++)
            look(&u, env_at(e, i));
    if (u.found.len > 1)
        qsort(u.found.items, u.found.len, sizeof *u.found.items, compare_places);
    json_write_init(&w, out, 2);
    if (json)
        json_write_open(&w, '[');
    for (size_t i = 0; i < u.found.len; i++) {
        place_of(u.found.items[i], &place);
        if (map_has(&u.read, str_text(&place)))
            continue;
        map_set(&u.read, str_text(&place), &u); /* once */
        print(u.found.items[i], str_text(&place), json ? &w : NULL, out);
    }
    if (json) {
        json_write_close(&w, ']');
        str_addc(out, '\n');
    }
    vec_done(&u.found);
    map_done(&u.read);
}
