/* drivers/fake/images.c: images that are there, can be pulled or are built. */
#include "drivers/fake/state.h"

#include "core/base/digest.h"

#include <string.h>

struct image_state *fake_image(struct fake *f, const char *ref)
{
    for (size_t i = 0; i < f->images.len; i++)
        if (str_eq(f->images.items[i]->ref, ref))
            return f->images.items[i];
    return NULL;
}

void fake_add_image(struct fake *f, const char *ref, const char *id)
{
    struct image_state *i = fake_image(f, ref);

    if (!i) {
        i = arena_alloc(f->arena, sizeof *i);
        vec_push(&f->images, i);
    }
    i->ref = arena_strdup(f->arena, ref);
    i->id = arena_strdup(f->arena, id);
    i->os = "linux";
    i->architecture = "amd64";
    i->last_tag_time = "2024-01-01T00:00:00Z";
}

void fake_add_remote(struct fake *f, const char *ref)
{
    map_set(&f->remotes, ref, f);
}

void fake_set_build_error(struct fake *f, const char *text)
{
    f->build_error = arena_strdup(f->arena, text);
}

static void copy_image(struct arena *a, const struct image_state *from, struct image_state *to)
{
    *to = *from;
    to->id = arena_strdup(a, from->id);
    to->ref = arena_strdup(a, from->ref);
    to->labels = copy_mapping(a, &from->labels);
}

static void act_images(struct call *call, struct reply *reply, struct err *err)
{
    struct fake *f = call->f;

    (void)err;
    reply->images.items =
        arena_calloc(call->answer, f->images.len + 1, sizeof(struct image_state *));
    for (size_t i = 0; i < f->images.len; i++) {
        struct image_state *copy = arena_alloc(call->answer, sizeof *copy);

        copy_image(call->answer, f->images.items[i], copy);
        reply->images.items[reply->images.len++] = copy;
    }
}

struct call *fake_image_list(struct reader *r, struct arena *a, const struct list_filter *filter,
                             call_done *done, void *owner)
{
    struct call *c =
        fake_call(fake_of_reader(r), "image_list", NULL, false, act_images, done, owner);

    (void)filter;
    c->answer = a;
    return c;
}

static void act_image(struct call *call, struct reply *reply, struct err *err)
{
    const struct image_state *found = fake_image(call->f, call->subject);
    struct image_state *copy;

    if (!found) {
        not_found(err, "image", call->subject);
        return;
    }
    copy = arena_alloc(call->answer, sizeof *copy);
    copy_image(call->answer, found, copy);
    reply->images.items = arena_calloc(call->answer, 1, sizeof(struct image_state *));
    reply->images.items[reply->images.len++] = copy;
}

struct call *fake_image_inspect(struct reader *r, struct arena *a, const char *ref, call_done *done,
                                void *owner)
{
    struct call *c =
        fake_call(fake_of_reader(r), "image_inspect", ref, false, act_image, done, owner);

    c->answer = a;
    return c;
}

static void act_digest(struct call *call, struct reply *reply, struct err *err)
{
    char hex[SHA256_HEX_SIZE];

    if (!map_has(&call->f->remotes, call->subject)) {
        err_set(err, ERR_NOT_FOUND, loc_none(), "manifest unknown");
        return;
    }
    sha256_hex(call->subject, strlen(call->subject), hex);
    reply->id = arena_printf(call->answer, "sha256:%s", hex);
}

struct call *fake_image_digest(struct reader *r, struct arena *a, const char *ref, call_done *done,
                               void *owner)
{
    struct call *c =
        fake_call(fake_of_reader(r), "image_digest", ref, false, act_digest, done, owner);

    c->answer = a;
    return c;
}

static void act_pull(struct call *call, struct reply *reply, struct err *err)
{
    struct fake *f = call->f;
    struct pull_event e = {.id = "0123456789ab", .status = "Pulling fs layer"};

    if (!map_has(&f->remotes, call->subject)) {
        err_set(err, ERR_NOT_FOUND, loc_none(), "pull access denied for %s", call->subject);
        return;
    }
    if (call->on_pull) {
        call->on_pull(call->owner, &e);
        e.status = "Pull complete";
        call->on_pull(call->owner, &e);
    }
    fake_add_image(f, call->subject, arena_printf(f->arena, "sha256:%s", fake_new_id(f)));
    reply->id = fake_image(f, call->subject)->id;
}

struct call *fake_image_pull(struct writer *w, const char *ref, const char *platform,
                             pull_fn *on_event, call_done *done, void *owner)
{
    struct call *c = fake_call(fake_of_writer(w), "image_pull", ref, true, act_pull, done, owner);

    (void)platform;
    c->on_pull = on_event;
    return c;
}

static void act_build(struct call *call, struct reply *reply, struct err *err)
{
    struct fake *f = call->f;
    struct build_event e = {.kind = BUILD_TEXT, .text = "Step 1/1\n", .len = 9};
    const char *id;

    if (call->on_build)
        call->on_build(call->owner, &e);
    if (f->build_error) {
        err_set(err, ERR_FAILED, loc_none(), "%s", f->build_error);
        err->status = 1;
        return;
    }
    id = arena_printf(f->arena, "sha256:%s", fake_new_id(f));
    for (size_t i = 0; i < call->build->tags.len; i++) {
        fake_add_image(f, call->build->tags.items[i], id);
        if (call->build->labels)
            fake_image(f, call->build->tags.items[i])->labels =
                copy_mapping(f->arena, call->build->labels);
    }
    reply->id = id;
}

struct call *fake_image_build(struct writer *w, const struct image_build *b, build_fn *on_event,
                              call_done *done, void *owner)
{
    struct call *c = fake_call(fake_of_writer(w), "image_build",
                               b->tags.len ? b->tags.items[b->tags.len - 1] : b->context, true,
                               act_build, done, owner);

    c->build = b;
    c->on_build = on_event;
    return c;
}

/* "app:latest" names what was added as "app". */
static bool is_called(const struct image_state *i, const char *ref)
{
    size_t len = strlen(i->ref);

    return str_eq(i->ref, ref) || (!strncmp(i->ref, ref, len) && str_eq(ref + len, ":latest"));
}

static void act_image_remove(struct call *call, struct reply *reply, struct err *err)
{
    struct fake *f = call->f;

    (void)reply;
    for (size_t i = 0; i < f->images.len; i++)
        if (is_called(f->images.items[i], call->subject)) {
            for (size_t j = 0; j < f->containers.len; j++)
                if (str_eq(f->containers.items[j]->c.image_id, f->images.items[i]->id)) {
                    conflict(err, "conflict: unable to remove repository reference \"%s\"",
                             call->subject);
                    return;
                }
            vec_remove(&f->images, i);
            return;
        }
    not_found(err, "image", call->subject);
}

struct call *fake_image_remove(struct writer *w, const char *ref, call_done *done, void *owner)
{
    return fake_call(fake_of_writer(w), "image_remove", ref, true, act_image_remove, done, owner);
}

static void act_tag(struct call *call, struct reply *reply, struct err *err)
{
    struct fake *f = call->f;

    (void)reply;
    for (size_t i = 0; i < f->images.len; i++)
        if (str_eq(f->images.items[i]->id, call->subject) ||
            is_called(f->images.items[i], call->subject)) {
            fake_add_image(f, call->name, f->images.items[i]->id);
            return;
        }
    not_found(err, "image", call->subject);
}

struct call *fake_image_tag(struct writer *w, const char *id, const char *ref, call_done *done,
                            void *owner)
{
    struct call *c = fake_call(fake_of_writer(w), "image_tag", id, true, act_tag, done, owner);

    c->name = arena_strdup(c->args, ref);
    return c;
}
