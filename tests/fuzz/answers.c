/* Whatever an engine may answer: JSON as each of the objects it could be, whole or as a list, and
 * line by line as it comes from streams. */
#include "tests/fuzz/fuzz.h"

#include "core/base/arena.h"
#include "core/base/err.h"
#include "core/base/str.h"
#include "core/json/json.h"
#include "drivers/docker/lines.h"
#include "drivers/docker/parse.h"
#include "drivers/docker/trace.h"

#include <string.h>

/* Reads every text, so that a sanitizer sees those that are none. */
static void need_text(const char *s)
{
    FUZZ_CHECK(s && strlen(s) < SIZE_MAX, "no text");
}

static void need_mapping(const struct mapping *m)
{
    for (size_t i = 0; i < m->len; i++) {
        need_text(m->entries[i].key);
        need_text(m->entries[i].value);
    }
}

static void need_strings(const struct strings *s)
{
    for (size_t i = 0; i < s->len; i++)
        need_text(s->items[i]);
}

static void need_container(const struct container *c)
{
    need_text(c->id);
    need_text(c->name);
    need_strings(&c->names);
    need_text(c->image);
    need_text(c->image_id);
    need_text(c->command);
    need_text(c->status);
    need_mapping(&c->labels);
    need_text(container_state_name(c->state));
    for (size_t i = 0; i < c->ports.len; i++) {
        need_text(c->ports.items[i]->ip);
        need_text(c->ports.items[i]->type);
    }
    for (size_t i = 0; i < c->mounts.len; i++) {
        need_text(c->mounts.items[i]->type);
        need_text(c->mounts.items[i]->name);
        need_text(c->mounts.items[i]->source);
        need_text(c->mounts.items[i]->destination);
    }
    for (size_t i = 0; i < c->networks.len; i++) {
        need_text(c->networks.items[i]->name);
        need_text(c->networks.items[i]->network_id);
        need_strings(&c->networks.items[i]->aliases);
    }
}

static void read_as_all(struct arena *a, const struct json *j)
{
    const struct event *e = parse_event(a, j);

    need_container(parse_container_entry(a, j));
    need_container(parse_container(a, j));
    need_text(parse_network(a, j)->name);
    need_mapping(&parse_network(a, j)->labels);
    need_text(parse_volume(a, j)->name);
    need_mapping(&parse_volume(a, j)->labels);
    need_text(parse_image_entry(a, j)->ref);
    need_text(parse_image(a, j)->id);
    need_text(e->type);
    need_text(e->action);
    need_text(e->id);
    need_mapping(&e->attributes);
}

static void read_whole(const char *text, size_t len)
{
    struct arena *a = arena_new();
    AUTO_ERR err = {0};
    AUTO_JSON j = json_parse(text, len, &err);

    FUZZ_CHECK(!j == (err.code != ERR_NONE), "%s", err_text(&err));
    if (j)
        read_as_all(a, j);
    for (const struct json *c = json_first(j); c; c = json_next(c))
        read_as_all(a, c);
    if (j) { /* what we print is JSON */
        AUTO_TEXT out = {0};
        AUTO_JSON again = NULL;

        json_print(j, &out);
        again = json_parse(str_text(&out), out.len, &err);
        FUZZ_CHECK(again, "%s", str_text(&out));
    }
    arena_free(a);
}

static bool on_line(void *owner, const char *line, size_t len)
{
    struct str *out = owner;

    FUZZ_CHECK(len, "an empty line");
    read_whole(line, len);
    str_addn(out, line, len);
    str_addc(out, '\n');
    return true;
}

static void read_lines(const char *text, size_t len, size_t step, struct str *out)
{
    struct lines l = {0};
    AUTO_ERR err = {0};

    for (size_t at = 0; at < len; at += step)
        lines_feed(&l, text + at, len - at < step ? len - at : step, on_line, out, &err);
    lines_end(&l, on_line, out);
    lines_done(&l);
}

static void on_build(void *owner, const struct build_event *e)
{
    (void)owner;
    if (e->name)
        need_text(e->name);
    if (e->vertex)
        need_text(e->vertex);
    if (e->error)
        need_text(e->error);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    const char *text = (const char *)bytes;
    struct trace *t = trace_new(on_build, NULL);
    AUTO_ERR err = {0};
    AUTO_TEXT whole = {0};
    AUTO_TEXT cut = {0};

    read_whole(text, len);
    read_lines(text, len, len + 1, &whole);
    read_lines(text, len, 3, &cut);
    FUZZ_CHECK(str_eq(str_text(&whole), str_text(&cut)), "%s\n--- cut ---\n%s", str_text(&whole),
               str_text(&cut));
    trace_feed(t, text, len, &err);
    trace_free(t);
    return 0;
}
