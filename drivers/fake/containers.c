/* drivers/fake/containers.c: containers from create to remove. */
#include "drivers/fake/state.h"

#include "core/base/mem.h"
#include "core/plan/labels.h" /* LABEL_HOOK */
#include "core/render/canonical.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

static const struct fake_script run_for_ever;

bool labels_match(const struct mapping *have, const struct strings *want)
{
    for (size_t i = 0; i < want->len; i++) {
        const char *equals = strchr(want->items[i], '=');
        bool found = false;

        for (size_t j = 0; j < have->len && !found; j++) {
            const struct mapping_entry *e = &have->entries[j];
            size_t len = strlen(e->key);

            found = equals
                        ? (size_t)(equals - want->items[i]) == len &&
                              !strncmp(e->key, want->items[i], len) && str_eq(e->value, equals + 1)
                        : str_eq(e->key, want->items[i]);
        }
        if (!found)
            return false;
    }
    return true;
}

struct mapping copy_mapping(struct arena *a, const struct mapping *m)
{
    struct mapping ret = {.entries = arena_calloc(a, m->len + 1, sizeof *ret.entries),
                          .len = m->len};

    for (size_t i = 0; i < m->len; i++)
        ret.entries[i] = (struct mapping_entry){.key = arena_strdup(a, m->entries[i].key),
                                                .value = arena_strdup(a, m->entries[i].value)};
    return ret;
}

void not_found(struct err *err, const char *kind, const char *name)
{
    err_set(err, ERR_NOT_FOUND, loc_none(), "Error response from daemon: No such %s: %s", kind,
            name);
    err->status = 404;
}

void conflict(struct err *err, const char *fmt, ...)
{
    va_list ap;
    struct str text = {0};

    va_start(ap, fmt);
    str_addvf(&text, fmt, ap);
    va_end(ap);
    err_set(err, ERR_CONFLICT, loc_none(), "Error response from daemon: %s", str_text(&text));
    err->status = 409;
    str_done(&text);
}

struct fake_container *fake_find(const struct fake *f, const char *id_or_name)
{
    for (size_t i = 0; i < f->containers.len; i++)
        if (str_eq(f->containers.items[i]->c.id, id_or_name) ||
            str_eq(f->containers.items[i]->c.name, id_or_name))
            return f->containers.items[i];
    return NULL;
}

struct fake_container *fake_want(struct call *c, struct err *err)
{
    struct fake_container *found = fake_find(c->f, c->subject);

    if (!found)
        not_found(err, "container", c->subject);
    return found;
}

static void update_status(struct fake *f, struct fake_container *c)
{
    static const char *const health[] = {
        [HEALTH_NONE] = "",
        [HEALTH_STARTING] = " (health: starting)",
        [HEALTH_HEALTHY] = " (healthy)",
        [HEALTH_UNHEALTHY] = " (unhealthy)",
    };

    if (c->c.state == STATE_RUNNING)
        c->c.status = arena_printf(f->arena, "Up 1 second%s", health[c->c.health]);
    else if (c->c.state == STATE_EXITED)
        c->c.status = arena_printf(f->arena, "Exited (%d) 1 second ago", c->c.exit_code);
    else
        c->c.status = "Created";
}

/* ---- life ---- */

const struct fake_script *fake_script_of(const struct fake *f, const struct fake_container *c)
{
    const char *hook = mapping_get(&c->c.labels, LABEL_HOOK);
    const struct fake_script *s =
        c->c.service ? map_get(&f->scripts, hook ? hook : c->c.service) : NULL;

    return s ? s : &run_for_ever;
}

static void start(struct fake *f, struct fake_container *c)
{
    const struct fake_script *s = fake_script_of(f, c);

    c->starts++;
    c->c.state = STATE_RUNNING;
    c->c.exit_code = 0;
    c->c.has_healthcheck |= s->has_healthcheck;
    c->c.health = c->c.has_healthcheck ? HEALTH_STARTING : HEALTH_NONE;
    update_status(f, c);
    if (s->told_after)
        fake_later(f, c, STEP_TOLD, s->told_after);
    else
        fake_emit(f, c, "start");
    if (c->c.has_healthcheck && s->health != HEALTH_STARTING && s->health != HEALTH_NONE)
        fake_later(f, c, STEP_HEALTH, s->health_after);
    if (s->exits)
        fake_later(f, c, STEP_EXIT, s->exit_after);
}

static void stop(struct fake *f, struct fake_container *c, int code)
{
    c->starts++; /* no scripted step touches it any more */
    c->c.state = STATE_EXITED;
    c->c.exit_code = code;
    c->c.health = HEALTH_NONE;
    update_status(f, c);
    fake_emit(f, c, "die");
    fake_ended(f, c, false);
    if (c->auto_remove)
        fake_later(f, c, STEP_REMOVE, 0);
}

static void forget(struct fake *f, struct fake_container *c)
{
    fake_emit(f, c, "destroy");
    fake_ended(f, c, true);
    for (size_t i = 0; i < f->containers.len; i++)
        if (f->containers.items[i] == c) {
            vec_remove(&f->containers, i);
            break;
        }
    free(c);
}

void fake_take_step(struct fake *f, const struct fake_step *s)
{
    struct fake_container *c = fake_find(f, s->container);

    if (!c || c->starts != s->start)
        return;
    if (s->what == STEP_TOLD) {
        fake_emit(f, c, "start");
    } else if (s->what == STEP_REMOVE) {
        forget(f, c);
    } else if (s->what == STEP_HEALTH) {
        c->c.health = fake_script_of(f, c)->health;
        update_status(f, c);
        fake_emit(f, c,
                  c->c.health == HEALTH_HEALTHY ? "health_status: healthy"
                                                : "health_status: unhealthy");
    } else if (fake_script_of(f, c)->restarts) {
        stop(f, c, fake_script_of(f, c)->exit_code);
        start(f, c);
    } else {
        stop(f, c, fake_script_of(f, c)->exit_code);
    }
}

void fake_exit(struct fake *f, const char *name, int code)
{
    struct fake_container *c = fake_find(f, name);

    if (c && c->c.state == STATE_RUNNING)
        stop(f, c, code);
}

void fake_pause(struct fake *f, const char *name)
{
    struct fake_container *c = fake_find(f, name);

    if (c && c->c.state == STATE_RUNNING)
        c->c.state = STATE_PAUSED;
}

/* ---- create ---- */

static void read_labels(struct container *c)
{
    const char *number = mapping_get(&c->labels, "com.docker.compose.container-number");
    long long n;

#define LABEL(name) (mapping_get(&c->labels, name) ? mapping_get(&c->labels, name) : "")
    c->project = LABEL("com.docker.compose.project");
    c->service = LABEL("com.docker.compose.service");
    c->config_hash = LABEL("com.docker.compose.config-hash");
    c->image_label = LABEL("com.docker.compose.image");
    c->oneoff = str_eq(LABEL("com.docker.compose.oneoff"), "True");
#undef LABEL
    c->number = number && str_to_i64(number, &n) == 0 ? (int)n : 0;
}

static void add_mount(struct fake *f, struct container *c, const char *type, const char *name,
                      const char *target, bool rw)
{
    struct container_mount *m = arena_alloc(f->arena, sizeof *m);

    *m = (struct container_mount){.type = arena_strdup(f->arena, type),
                                  .name = arena_strdup(f->arena, name),
                                  .source = arena_strdup(f->arena, name),
                                  .destination = arena_strdup(f->arena, target),
                                  .rw = rw};
    c->mounts.items[c->mounts.len++] = m;
}

static void add_mounts(struct fake *f, struct container *c, const struct container_create *create)
{
    const struct service *s = create->service;

    c->mounts.items = arena_calloc(f->arena, s->volumes.len + create->inherited.len + 1,
                                   sizeof(struct container_mount *));
    for (size_t i = 0; i < create->inherited.len; i++) {
        const struct inherited_mount *m = create->inherited.items[i];

        add_mount(f, c, m->type, m->source, m->target, !m->read_only);
    }
    for (size_t i = 0; i < s->volumes.len; i++) {
        const struct mount *m = s->volumes.items[i];
        const struct volume *v = m->source ? project_volume(create->project, m->source) : NULL;
        bool inherited = false;

        for (size_t j = 0; j < create->inherited.len; j++)
            inherited |= str_eq(create->inherited.items[j]->target, m->target);
        if (!inherited)
            add_mount(f, c, m->type,
                      v           ? v->name
                      : m->source ? m->source
                                  : fake_new_id(f),
                      m->target, !m->read_only);
    }
}

static const struct network_state *network_named(const struct fake *f, const char *name)
{
    for (size_t i = 0; i < f->networks.len; i++)
        if (str_eq(f->networks.items[i]->name, name) || str_eq(f->networks.items[i]->id, name))
            return f->networks.items[i];
    return NULL;
}

static void add_links(struct fake *f, struct fake_container *c,
                      const struct container_create *create)
{
    c->c.networks.items =
        arena_calloc(f->arena, create->endpoints.len + 8, sizeof(struct container_network *));
    for (size_t i = 0; i < create->endpoints.len; i++) {
        const struct endpoint *e = create->endpoints.items[i];
        struct container_network *link = arena_alloc(f->arena, sizeof *link);

        link->name = arena_strdup(f->arena, e->network);
        link->network_id = ""; /* until it is started */
        link->aliases.items = arena_calloc(f->arena, e->aliases.len + 1, sizeof(char *));
        for (size_t j = 0; j < e->aliases.len; j++)
            link->aliases.items[link->aliases.len++] = arena_strdup(f->arena, e->aliases.items[j]);
        c->c.networks.items[c->c.networks.len++] = link;
    }
}

static const char *image_id(const struct fake *f, const char *ref)
{
    for (size_t i = 0; i < f->images.len; i++)
        if (str_eq(f->images.items[i]->ref, ref) || str_eq(f->images.items[i]->id, ref))
            return f->images.items[i]->id;
    return NULL;
}

static void act_create(struct call *call, struct reply *reply, struct err *err)
{
    struct fake *f = call->f;
    const struct container_create *create = call->create;
    const struct fake_container *other = create->name ? fake_find(f, create->name) : NULL;
    const char *image = image_id(f, create->image);
    struct fake_container *c;
    AUTO_TEXT config = {0};

    if (!image) {
        not_found(err, "image", create->image);
        return;
    }
    if (other) {
        conflict(
            err,
            "Conflict. The container name \"/%s\" is already in use by container \"%s\". You have "
            "to remove (or rename) that container to be able to reuse that name.",
            create->name, other->c.id);
        return;
    }
    if (f->info.api_minor < 44 && create->endpoints.len > 1) {
        err_set(err, ERR_ENGINE, loc_none(),
                "Error response from daemon: Container cannot be created with multiple network "
                "endpoints");
        return;
    }
    c = mem_calloc(1, sizeof *c);
    c->c.id = fake_new_id(f);
    c->c.name = create->name ? arena_strdup(f->arena, create->name)
                             : arena_printf(f->arena, "unnamed_%s", c->c.id);
    c->c.image = arena_strdup(f->arena, create->image);
    c->c.image_id = image;
    c->auto_remove = create->auto_remove;
    c->c.state = STATE_CREATED;
    c->c.labels = copy_mapping(f->arena, &create->labels);
    c->c.has_healthcheck = create->service->healthcheck && !create->service->healthcheck->disable;
    read_labels(&c->c);
    add_mounts(f, &c->c, create);
    add_links(f, c, create);
    update_status(f, c);
    vec_push(&f->containers, c);
    canonical_service(create->service, &create->refs, &config);
    fake_keep_config(f, c->c.id, str_text(&config));
    reply->id = c->c.id;
    fake_emit(f, c, "create");
}

struct call *fake_container_create(struct writer *w, const struct container_create *create,
                                   call_done *done, void *owner)
{
    struct call *c = fake_call(fake_of_writer(w), "container_create",
                               create->name ? create->name : "", true, act_create, done, owner);

    c->create = create;
    return c;
}

/* ---- the rest ---- */

static void act_start(struct call *call, struct reply *reply, struct err *err)
{
    struct fake_container *c = fake_want(call, err);

    if (!c)
        return;
    if (c->c.state == STATE_RUNNING) {
        reply->unchanged = true;
        return;
    }
    if (c->c.state == STATE_PAUSED) {
        conflict(err, "cannot start a paused container, try unpause instead");
        return;
    }
    for (size_t i = 0; i < c->c.networks.len; i++) {
        struct container_network *link = c->c.networks.items[i];
        const struct network_state *n = network_named(call->f, link->name);

        if (!n || (!str_empty(link->network_id) && !str_eq(link->network_id, n->id))) {
            not_found(err, "network", n ? link->network_id : link->name);
            return;
        }
        link->network_id = n->id;
    }
    if (fake_script_of(call->f, c)->start_error) {
        err_set(err, ERR_ENGINE, loc_none(), "Error response from daemon: %s",
                fake_script_of(call->f, c)->start_error);
        err->status = 500;
        return;
    }
    start(call->f, c);
}

static void act_stop(struct call *call, struct reply *reply, struct err *err)
{
    struct fake_container *c = fake_want(call, err);

    if (!c)
        return;
    if (c->c.state != STATE_RUNNING && c->c.state != STATE_PAUSED) {
        reply->unchanged = true;
        return;
    }
    stop(call->f, c, 137);
    fake_emit(call->f, c, "stop");
}

static void act_restart(struct call *call, struct reply *reply, struct err *err)
{
    struct fake_container *c = fake_want(call, err);

    (void)reply;
    if (!c)
        return;
    if (c->c.state == STATE_RUNNING)
        stop(call->f, c, 137);
    start(call->f, c);
}

static void act_kill(struct call *call, struct reply *reply, struct err *err)
{
    struct fake_container *c = fake_want(call, err);

    (void)reply;
    if (c && c->c.state != STATE_RUNNING)
        conflict(err, "Container %s is not running", c->c.id);
    else if (c && (str_eq(call->name, "SIGKILL") || str_eq(call->name, "KILL")))
        stop(call->f, c, 137);
}

static void act_pause(struct call *call, struct reply *reply, struct err *err)
{
    struct fake_container *c = fake_want(call, err);

    (void)reply;
    if (c && c->c.state == STATE_PAUSED)
        conflict(err, "Container %s is already paused", c->c.id);
    else if (c && c->c.state != STATE_RUNNING)
        conflict(err, "Container %s is not running", c->c.id);
    else if (c)
        c->c.state = STATE_PAUSED;
}

static void act_unpause(struct call *call, struct reply *reply, struct err *err)
{
    struct fake_container *c = fake_want(call, err);

    (void)reply;
    if (c && c->c.state != STATE_PAUSED)
        conflict(err, "Container %s is not paused", c->c.id);
    else if (c)
        c->c.state = STATE_RUNNING;
}

static void act_remove(struct call *call, struct reply *reply, struct err *err)
{
    struct fake *f = call->f;
    struct fake_container *c = fake_want(call, err);

    (void)reply;
    if (!c)
        return;
    if (c->c.state == STATE_RUNNING && !call->force) {
        conflict(err,
                 "cannot remove container \"/%s\": container is running: stop the container before "
                 "removing or force remove",
                 c->c.name);
        return;
    }
    if (c->c.state == STATE_RUNNING)
        stop(f, c, 137);
    forget(f, c);
}

static void act_rename(struct call *call, struct reply *reply, struct err *err)
{
    struct fake_container *c = fake_want(call, err);
    const struct fake_container *other = fake_find(call->f, call->name);

    (void)reply;
    if (c && other)
        conflict(err, "Conflict. The container name \"/%s\" is already in use by container \"%s\".",
                 call->name, other->c.id);
    else if (c)
        c->c.name = arena_strdup(call->f->arena, call->name);
}

/* One that is there already is another one now. */
static void put_file(struct fake *f, struct fake_container *c, const struct file_copy *file)
{
    size_t len = strlen(file->target), at = 0;
    struct strings all = {.items = arena_calloc(f->arena, c->files.len + 1, sizeof(char *))};

    for (size_t i = 0; i < c->files.len; i++)
        if (strncmp(c->files.items[i], file->target, len) != 0 || c->files.items[i][len] != ' ')
            all.items[at++] = c->files.items[i];
    all.items[at++] = arena_printf(f->arena, "%s %o %d:%d %.*s", file->target, file->mode,
                                   file->uid, file->gid, (int)file->len, file->data);
    all.len = at;
    c->files = all;
}

static void act_copy(struct call *call, struct reply *reply, struct err *err)
{
    struct fake_container *c = fake_want(call, err);

    (void)reply;
    for (size_t i = 0; c && i < call->file_count; i++)
        put_file(call->f, c, &call->files[i]);
}

struct call *fake_container_start(struct writer *w, const char *id, call_done *done, void *owner)
{
    return fake_call(fake_of_writer(w), "container_start", id, true, act_start, done, owner);
}

struct call *fake_container_stop(struct writer *w, const char *id, int64_t timeout, call_done *done,
                                 void *owner)
{
    (void)timeout;
    return fake_call(fake_of_writer(w), "container_stop", id, true, act_stop, done, owner);
}

struct call *fake_container_restart(struct writer *w, const char *id, int64_t timeout,
                                    call_done *done, void *owner)
{
    (void)timeout;
    return fake_call(fake_of_writer(w), "container_restart", id, true, act_restart, done, owner);
}

struct call *fake_container_kill(struct writer *w, const char *id, const char *signal,
                                 call_done *done, void *owner)
{
    struct call *c =
        fake_call(fake_of_writer(w), "container_kill", id, true, act_kill, done, owner);

    c->name = arena_strdup(c->args, signal ? signal : "SIGKILL");
    return c;
}

struct call *fake_container_pause(struct writer *w, const char *id, call_done *done, void *owner)
{
    return fake_call(fake_of_writer(w), "container_pause", id, true, act_pause, done, owner);
}

struct call *fake_container_unpause(struct writer *w, const char *id, call_done *done, void *owner)
{
    return fake_call(fake_of_writer(w), "container_unpause", id, true, act_unpause, done, owner);
}

struct call *fake_container_remove(struct writer *w, const char *id, bool force, bool volumes,
                                   call_done *done, void *owner)
{
    struct call *c =
        fake_call(fake_of_writer(w), "container_remove", id, true, act_remove, done, owner);

    c->force = force;
    c->volumes = volumes;
    return c;
}

struct call *fake_container_rename(struct writer *w, const char *id, const char *name,
                                   call_done *done, void *owner)
{
    struct call *c =
        fake_call(fake_of_writer(w), "container_rename", id, true, act_rename, done, owner);

    c->name = arena_strdup(c->args, name);
    return c;
}

struct call *fake_container_copy(struct writer *w, const char *id, const struct file_copy *files,
                                 size_t count, call_done *done, void *owner)
{
    struct call *c =
        fake_call(fake_of_writer(w), "container_copy", id, true, act_copy, done, owner);

    c->files = files;
    c->file_count = count;
    return c;
}

/* ---- asking ---- */

void fake_copy_container(struct arena *a, const struct fake_container *from, struct container *to)
{
    const struct container *c = &from->c;

    *to = *c;
    to->id = arena_strdup(a, c->id);
    to->name = arena_strdup(a, c->name);
    to->image = arena_strdup(a, c->image);
    to->image_id = arena_strdup(a, c->image_id);
    to->status = arena_strdup(a, c->status);
    to->labels = copy_mapping(a, &c->labels);
    read_labels(to);
    to->mounts.items = arena_calloc(a, c->mounts.len + 1, sizeof(struct container_mount *));
    for (size_t i = 0; i < c->mounts.len; i++) {
        to->mounts.items[i] = arena_alloc(a, sizeof(struct container_mount));
        *to->mounts.items[i] = *c->mounts.items[i];
        to->mounts.items[i]->type = arena_strdup(a, c->mounts.items[i]->type);
        to->mounts.items[i]->name = arena_strdup(a, c->mounts.items[i]->name);
        to->mounts.items[i]->source = arena_strdup(a, c->mounts.items[i]->source);
        to->mounts.items[i]->destination = arena_strdup(a, c->mounts.items[i]->destination);
    }
    to->networks.items = arena_calloc(a, c->networks.len + 1, sizeof(struct container_network *));
    for (size_t i = 0; i < c->networks.len; i++) {
        to->networks.items[i] = arena_alloc(a, sizeof(struct container_network));
        to->networks.items[i]->name = arena_strdup(a, c->networks.items[i]->name);
        to->networks.items[i]->network_id = arena_strdup(a, c->networks.items[i]->network_id);
    }
}

static void act_list(struct call *call, struct reply *reply, struct err *err)
{
    struct fake *f = call->f;
    struct containers *ret = &reply->containers;

    (void)err;
    ret->items = arena_calloc(call->answer, f->containers.len + 1, sizeof(struct container *));
    for (size_t i = 0; i < f->containers.len; i++) {
        const struct fake_container *c = f->containers.items[i];

        if (!labels_match(&c->c.labels, &call->filter.labels) ||
            (call->filter.names.len && !strings_have(&call->filter.names, c->c.name)) ||
            (!call->filter.all && c->c.state != STATE_RUNNING && c->c.state != STATE_PAUSED))
            continue;
        ret->items[ret->len] = arena_alloc(call->answer, sizeof(struct container));
        fake_copy_container(call->answer, c, ret->items[ret->len++]);
    }
}

struct call *fake_container_list(struct reader *r, struct arena *a,
                                 const struct list_filter *filter, call_done *done, void *owner)
{
    struct call *c =
        fake_call(fake_of_reader(r), "container_list", NULL, false, act_list, done, owner);

    c->answer = a;
    c->filter.all = filter->all;
    fake_copy_strings(c->args, &filter->labels, &c->filter.labels);
    fake_copy_strings(c->args, &filter->names, &c->filter.names);
    return c;
}

static void act_inspect(struct call *call, struct reply *reply, struct err *err)
{
    const struct fake_container *c = fake_want(call, err);
    struct container *copy;

    if (!c)
        return;
    copy = arena_alloc(call->answer, sizeof *copy);
    fake_copy_container(call->answer, c, copy);
    copy->inspected = true;
    reply->containers.items = arena_calloc(call->answer, 1, sizeof(struct container *));
    reply->containers.items[0] = copy;
    reply->containers.len = 1;
}

struct call *fake_container_inspect(struct reader *r, struct arena *a, const char *id,
                                    call_done *done, void *owner)
{
    struct call *c =
        fake_call(fake_of_reader(r), "container_inspect", id, false, act_inspect, done, owner);

    c->answer = a;
    return c;
}

/* ---- for tests ---- */

const struct container *fake_container(const struct fake *f, const char *name)
{
    const struct fake_container *c = fake_find(f, name);

    return c ? &c->c : NULL;
}

size_t fake_container_count(const struct fake *f)
{
    return f->containers.len;
}

const char *fake_aliases(struct fake *f, const char *container, const char *network)
{
    const struct fake_container *c = fake_find(f, container);
    struct str text = {0};
    const char *ret = NULL;

    for (size_t i = 0; c && i < c->c.networks.len; i++) {
        const struct container_network *n = c->c.networks.items[i];

        if (!str_eq(n->name, network))
            continue;
        for (size_t j = 0; j < n->aliases.len; j++)
            str_addf(&text, "%s%s", j ? "," : "", n->aliases.items[j]);
        ret = arena_strdup(f->arena, str_text(&text));
    }
    str_done(&text);
    return ret;
}

void fake_script(struct fake *f, const char *service, const struct fake_script *script)
{
    struct fake_script *copy = arena_alloc(f->arena, sizeof *copy);

    *copy = *script;
    copy->start_error = arena_strdup(f->arena, script->start_error);
    copy->output = arena_strdup(f->arena, script->output);
    map_set(&f->scripts, service, copy);
}
