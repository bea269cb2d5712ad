#include "cmd/saved_plan.h"

#include "cmd/app.h"
#include "core/base/arena.h"
#include "core/base/err.h"
#include "core/base/path.h"
#include "core/base/str.h"
#include "core/json/json.h"
#include "core/json/write.h"
#include "core/plan/fingerprint.h"
#include "core/plan/plan.h"

enum { SCHEMA = 1, FILE_MAX = 64 << 20 };

/* ---- writing ---- */

static void write_text(struct json_writer *w, const char *key, const char *text)
{
    json_write_key(w, key);
    json_write_str(w, text);
}

static void write_loc(struct json_writer *w, struct loc loc)
{
    if (str_empty(loc.file) || !loc.line)
        return;
    write_text(w, "file", loc.file);
    json_write_key(w, "line");
    json_write_i64(w, loc.line);
    json_write_key(w, "column");
    json_write_i64(w, loc.col);
}

static void write_causes(struct json_writer *w, const struct causes *list)
{
    json_write_key(w, "causes");
    json_write_open(w, '[');
    for (size_t i = 0; i < list->len; i++) {
        json_write_open(w, '{');
        write_text(w, "text", list->items[i].text);
        write_loc(w, list->items[i].loc);
        json_write_close(w, '}');
    }
    json_write_close(w, ']');
}

static void write_interruption(struct json_writer *w, const struct interruption *i)
{
    if (!i->any)
        return;
    json_write_key(w, "interruption");
    json_write_open(w, '{');
    json_write_key(w, "stop_seconds_max");
    if (i->stop_max < 0)
        json_write_null(w);
    else
        json_write_i64(w, i->stop_max);
    write_text(w, "stop_from", i->stop_from);
    json_write_key(w, "comes_back");
    json_write_bool(w, i->starts);
    json_write_key(w, "first_health_check_seconds");
    if (i->first_check < 0)
        json_write_null(w);
    else
        json_write_i64(w, i->first_check);
    json_write_close(w, '}');
}

static void write_resource(struct json_writer *w, const struct plan_resource *r)
{
    json_write_open(w, '{');
    write_text(w, "kind", r->kind);
    write_text(w, "name", r->name);
    json_write_key(w, "service");
    json_write_str(w, r->service);
    write_text(w, "action", resource_action_name(r->action));
    write_causes(w, &r->causes);
    json_write_key(w, "steps");
    json_write_open(w, '[');
    for (size_t i = 0; i < r->steps_len; i++)
        json_write_str(w, op_name(r->steps[i]->op));
    json_write_close(w, ']');
    write_interruption(w, &r->interruption);
    json_write_close(w, '}');
}

static void write_resources(struct json_writer *w, const struct plan_resources *list)
{
    for (size_t i = 0; i < list->len; i++)
        write_resource(w, &list->items[i]);
}

void saved_plan_write(const struct app *app, const struct strings *arguments,
                      const struct foresight *f, struct str *out)
{
    struct mapping print = fingerprint(app->arena, app->project, &f->observed);
    char digest[SHA256_HEX_SIZE];
    struct json_writer w;

    plan_digest(f->plan, digest);
    json_write_init(&w, out, 2);
    w.no_html = true;
    json_write_open(&w, '{');
    json_write_key(&w, "schema");
    json_write_i64(&w, SCHEMA);
    write_text(&w, "project", app->project->name);
    json_write_key(&w, "changes");
    json_write_bool(&w, foresight_changes(f));
    json_write_key(&w, "resources");
    json_write_open(&w, '[');
    write_resources(&w, &f->image_resources);
    write_resources(&w, &f->model_resources);
    write_resources(&w, &f->resources);
    json_write_close(&w, ']');
    json_write_key(&w, "arguments");
    json_write_open(&w, '[');
    for (size_t i = 0; i < arguments->len; i++)
        json_write_str(&w, arguments->items[i]);
    json_write_close(&w, ']');
    json_write_key(&w, "fingerprint");
    json_write_open(&w, '{');
    for (size_t i = 0; i < print.len; i++)
        write_text(&w, print.entries[i].key, print.entries[i].value);
    json_write_close(&w, '}');
    write_text(&w, "digest", digest);
    json_write_close(&w, '}');
    str_addc(out, '\n');
}

/* ---- reading ---- */

static void read_arguments(struct app *app, const struct json *list, struct strings *ret)
{
    ret->items = arena_calloc(app->arena, json_len(list) + 1, sizeof *ret->items);
    for (const struct json *j = json_first(list); j; j = json_next(j))
        ret->items[ret->len++] = arena_strdup(app->arena, json_text(j, ""));
}

static void read_fingerprint(struct app *app, const struct json *object, struct mapping *ret)
{
    ret->entries = arena_calloc(app->arena, json_len(object) + 1, sizeof *ret->entries);
    for (const struct json *j = json_first(object); j; j = json_next(j))
        ret->entries[ret->len++] = (struct mapping_entry){
            arena_strdup(app->arena, json_name(j)), arena_strdup(app->arena, json_text(j, ""))};
}

int saved_plan_read(struct app *app, const char *path, struct saved_plan *ret, struct err *err)
{
    AUTO_TEXT text = {0};
    AUTO_JSON j = NULL;

    if (path_read(path_abs(app->arena, app->cwd, path), FILE_MAX, &text, err) < 0)
        return -1;
    j = json_parse(str_text(&text), text.len, err);
    if (!j)
        return err_wrap(err, "'%s' is no plan", path);
    if (json_get_i64(j, "schema", 0) != SCHEMA || !json_is_array(json_key(j, "arguments")) ||
        !json_is_object(json_key(j, "fingerprint")))
        return err_set(err, ERR_INVALID, loc_file(path),
                       "'%s' is no plan that this version understands", path);
    *ret = (struct saved_plan){.digest = arena_strdup(app->arena, json_get_str(j, "digest", ""))};
    read_arguments(app, json_key(j, "arguments"), &ret->arguments);
    read_fingerprint(app, json_key(j, "fingerprint"), &ret->fingerprint);
    return 0;
}

/* ---- is it still so? ---- */

int saved_plan_check(const struct app *app, const struct saved_plan *s, const struct observed *o,
                     struct err *err)
{
    struct mapping is = fingerprint(app->arena, app->project, o);
    AUTO_TEXT moved = {0};

    fingerprint_moved(&s->fingerprint, &is, &moved);
    if (!moved.len)
        return 0;
    str_cut(&moved, moved.len - 1);
    return err_set(err, ERR_FAILED, loc_none(),
                   "the plan is not carried out, since it was made something moved:\n%s",
                   str_text(&moved));
}

int saved_plan_check_steps(const struct saved_plan *s, const struct plan *p, struct err *err)
{
    char digest[SHA256_HEX_SIZE];

    plan_digest(p, digest);
    if (str_eq(digest, s->digest))
        return 0;
    return err_set(err, ERR_FAILED, loc_none(),
                   "the plan is not carried out: with the images that were pulled or built, "
                   "other steps would be taken; make a new plan");
}
