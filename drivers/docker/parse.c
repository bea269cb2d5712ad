#include "drivers/docker/parse.h"

#include "core/base/arena.h"
#include "core/base/str.h"
#include "core/base/text.h"
#include "core/json/json.h"

#include <limits.h>
#include <string.h>

/* -- pieces ---------------------------------------------------------------------------------------
 *  */

static const char *keep(struct arena *a, const char *s)
{
    return *s ? arena_strdup(a, s) : "";
}

const char *parse_text(struct arena *a, const struct json *j, const char *path)
{
    return keep(a, json_get_str(j, path, ""));
}

struct strings parse_strings(struct arena *a, const struct json *list)
{
    struct strings s = {.items = arena_calloc(a, json_len(list), sizeof *s.items)};

    for (const struct json *j = json_first(list); j; j = json_next(j)) {
        if (json_text(j, NULL))
            s.items[s.len++] = keep(a, json_text(j, ""));
    }
    return s;
}

static int by_key(const void *a, const void *b)
{
    const struct mapping_entry *x = a, *y = b;

    return strcmp(x->key, y->key);
}

struct mapping parse_mapping(struct arena *a, const struct json *object)
{
    struct mapping m = {0};

    if (!json_is_object(object))
        return m;
    m.entries = arena_calloc(a, json_len(object), sizeof *m.entries);
    for (const struct json *j = json_first(object); j; j = json_next(j)) {
        struct mapping_entry *e = &m.entries[m.len++];

        e->key = keep(a, json_name(j));
        e->value = keep(a, json_text(j, ""));
    }
    if (m.len)
        qsort(m.entries, m.len, sizeof *m.entries, by_key);
    return m;
}

static const char *label(const struct mapping *labels, const char *key)
{
    for (size_t i = 0; i < labels->len; i++) {
        if (strcmp(labels->entries[i].key, key) == 0)
            return labels->entries[i].value;
    }
    return "";
}

static int to_int(int64_t v)
{
    return v > INT_MAX ? INT_MAX : v < INT_MIN ? INT_MIN : (int)v;
}

static int text_to_int(const char *s)
{
    long long v;

    return str_to_i64(s, &v) == 0 ? to_int(v) : 0;
}

static int64_t unix_seconds(const struct json *j, const char *path)
{
    int64_t sec = 0;
    int32_t nsec;

    return time_parse_rfc3339(json_get_str(j, path, ""), &sec, &nsec) < 0 ? 0 : sec;
}

static const char *without_slash(const char *name)
{
    return *name == '/' ? name + 1 : name;
}

/* -- containers -----------------------------------------------------------------------------------
 *  */

enum health parse_status_health(const char *status)
{
    if (strstr(status, "(healthy)"))
        return HEALTH_HEALTHY;
    if (strstr(status, "(unhealthy)"))
        return HEALTH_UNHEALTHY;
    return strstr(status, "(health: starting)") ? HEALTH_STARTING : HEALTH_NONE;
}

int parse_status_exit_code(const char *status)
{
    const char *open = strchr(status, '('), *close = open ? strchr(open, ')') : NULL;
    AUTO_TEXT digits = {0};

    if (!close || (!str_has_prefix(status, "Exited") && !str_has_prefix(status, "Restarting")))
        return 0;
    str_addn(&digits, open + 1, (size_t)(close - open - 1));
    return text_to_int(str_text(&digits));
}

static enum health health_named(const char *name)
{
    if (strcmp(name, "healthy") == 0)
        return HEALTH_HEALTHY;
    if (strcmp(name, "unhealthy") == 0)
        return HEALTH_UNHEALTHY;
    return strcmp(name, "starting") == 0 ? HEALTH_STARTING : HEALTH_NONE;
}

static void read_labels(struct container *c)
{
    const struct mapping *l = &c->labels;

    c->project = label(l, "com.docker.compose.project");
    c->service = label(l, "com.docker.compose.service");
    c->config_hash = label(l, "com.docker.compose.config-hash");
    c->image_label = label(l, "com.docker.compose.image");
    c->number = text_to_int(label(l, "com.docker.compose.container-number"));
    c->oneoff = strcasecmp(label(l, "com.docker.compose.oneoff"), "true") == 0;
}

static struct container_port *add_port(struct arena *a, struct container *c, size_t *cap)
{
    struct container_port *p = arena_alloc(a, sizeof *p);

    c->ports.items = arena_grow(a, c->ports.items, c->ports.len, cap, c->ports.len + 1,
                                sizeof(struct container_port *));
    c->ports.items[c->ports.len++] = p;
    p->ip = p->type = "";
    return p;
}

static void read_port_list(struct arena *a, const struct json *list, struct container *c)
{
    size_t cap = 0;

    for (const struct json *j = json_first(list); j; j = json_next(j)) {
        struct container_port *p = add_port(a, c, &cap);

        p->ip = parse_text(a, j, "IP");
        p->private_port = to_int(json_get_i64(j, "PrivatePort", 0));
        p->public_port = to_int(json_get_i64(j, "PublicPort", 0));
        p->type = parse_text(a, j, "Type");
    }
}

/* "80/tcp" */
static void read_port_name(struct arena *a, const char *name, struct container_port *p)
{
    size_t len = strcspn(name, "/");
    AUTO_TEXT number = {0};

    str_addn(&number, name, len);
    p->private_port = text_to_int(number.data);
    p->type = name[len] ? keep(a, name + len + 1) : "tcp";
}

static void read_port_map(struct arena *a, const struct json *map, struct container *c)
{
    size_t cap = 0;

    for (const struct json *port = json_first(map); port; port = json_next(port)) {
        if (!json_name(port))
            continue;
        if (!json_first(port))
            read_port_name(a, json_name(port), add_port(a, c, &cap));
        for (const struct json *j = json_first(port); j; j = json_next(j)) {
            struct container_port *p = add_port(a, c, &cap);

            read_port_name(a, json_name(port), p);
            p->ip = parse_text(a, j, "HostIp");
            p->public_port = text_to_int(json_get_str(j, "HostPort", ""));
        }
    }
}

static void read_mounts(struct arena *a, const struct json *list, struct container *c)
{
    c->mounts.items = arena_calloc(a, json_len(list), sizeof *c->mounts.items);
    for (const struct json *j = json_first(list); j; j = json_next(j)) {
        struct container_mount *m = arena_alloc(a, sizeof *m);

        m->type = parse_text(a, j, "Type");
        m->name = parse_text(a, j, "Name");
        m->source = parse_text(a, j, "Source");
        m->destination = parse_text(a, j, "Destination");
        m->driver = parse_text(a, j, "Driver");
        m->mode = parse_text(a, j, "Mode");
        m->rw = json_get_bool(j, "RW", false);
        c->mounts.items[c->mounts.len++] = m;
    }
}

static void read_networks(struct arena *a, const struct json *map, struct container *c)
{
    c->networks.items = arena_calloc(a, json_len(map), sizeof *c->networks.items);
    for (const struct json *j = json_first(map); j; j = json_next(j)) {
        struct container_network *n = arena_alloc(a, sizeof *n);

        n->name = keep(a, json_name(j) ? json_name(j) : "");
        n->network_id = parse_text(a, j, "NetworkID");
        n->ipv4 = parse_text(a, j, "IPAddress");
        n->ipv6 = parse_text(a, j, "GlobalIPv6Address");
        n->aliases = parse_strings(a, json_get(j, "Aliases"));
        c->networks.items[c->networks.len++] = n;
    }
}

/* The name with one slash: links of old add "/other/alias". Without any, the short id. */
static void read_names(struct arena *a, const struct json *list, struct container *c)
{
    c->names = parse_strings(a, list);
    for (size_t i = 0; i < c->names.len; i++) {
        c->names.items[i] = without_slash(c->names.items[i]);
        if (!c->name && !strchr(c->names.items[i], '/'))
            c->name = c->names.items[i];
    }
    if (!c->name)
        c->name = arena_strndup(a, c->id, strnlen(c->id, 12));
}

struct container *parse_container_entry(struct arena *a, const struct json *j)
{
    struct container *c = arena_alloc(a, sizeof *c);

    c->id = parse_text(a, j, "Id");
    read_names(a, json_get(j, "Names"), c);
    c->image = parse_text(a, j, "Image");
    c->image_id = parse_text(a, j, "ImageID");
    c->command = parse_text(a, j, "Command");
    c->created = json_get_i64(j, "Created", 0);
    c->state = container_state_parse(json_get_str(j, "State", ""));
    c->status = parse_text(a, j, "Status");
    c->health = parse_status_health(c->status);
    c->exit_code = parse_status_exit_code(c->status);
    c->labels = parse_mapping(a, json_get(j, "Labels"));
    read_port_list(a, json_get(j, "Ports"), c);
    read_mounts(a, json_get(j, "Mounts"), c);
    read_networks(a, json_get(j, "NetworkSettings.Networks"), c);
    c->started_at = c->finished_at = c->error = c->health_output = "";
    read_labels(c);
    return c;
}

static const char *join_command(struct arena *a, const struct json *j)
{
    AUTO_TEXT text = {0};

    str_add(&text, json_get_str(j, "Path", ""));
    for (const struct json *arg = json_first(json_get(j, "Args")); arg; arg = json_next(arg))
        str_addf(&text, " %s", json_text(arg, ""));
    return keep(a, str_text(&text));
}

static bool has_healthcheck(const struct json *healthcheck)
{
    const struct json *test = json_first(json_get(healthcheck, "Test"));

    return test && strcmp(json_text(test, ""), "NONE") != 0;
}

static void read_state(struct arena *a, const struct json *s, struct container *c)
{
    c->state = container_state_parse(json_get_str(s, "Status", ""));
    c->exit_code = to_int(json_get_i64(s, "ExitCode", 0));
    c->health = health_named(json_get_str(s, "Health.Status", ""));
    c->oom_killed = json_get_bool(s, "OOMKilled", false);
    c->started_at = parse_text(a, s, "StartedAt");
    c->finished_at = parse_text(a, s, "FinishedAt");
    c->error = parse_text(a, s, "Error");
    c->health_output = "";
    for (const struct json *probe = json_first(json_get(s, "Health.Log")); probe;
         probe = json_next(probe))
        c->health_output = json_get_str(probe, "Output", "");
    c->health_output = keep(a, c->health_output);
}

struct container *parse_container(struct arena *a, const struct json *j)
{
    struct container *c = arena_alloc(a, sizeof *c);

    c->inspected = true;
    c->id = parse_text(a, j, "Id");
    c->name = without_slash(parse_text(a, j, "Name"));
    c->names = (struct strings){.items = arena_calloc(a, 1, sizeof *c->names.items), .len = 1};
    c->names.items[0] = c->name;
    c->image = parse_text(a, j, "Config.Image");
    c->image_id = parse_text(a, j, "Image");
    c->command = join_command(a, j);
    c->created = unix_seconds(j, "Created");
    c->status = "";
    read_state(a, json_get(j, "State"), c);
    c->labels = parse_mapping(a, json_get(j, "Config.Labels"));
    read_port_map(a, json_get(j, "NetworkSettings.Ports"), c);
    read_mounts(a, json_get(j, "Mounts"), c);
    read_networks(a, json_get(j, "NetworkSettings.Networks"), c);
    c->tty = json_get_bool(j, "Config.Tty", false);
    c->open_stdin = json_get_bool(j, "Config.OpenStdin", false);
    c->has_healthcheck = has_healthcheck(json_get(j, "Config.Healthcheck"));
    read_labels(c);
    return c;
}

/* ---- networks, volumes, images ---- */

struct network_state *parse_network(struct arena *a, const struct json *j)
{
    struct network_state *n = arena_alloc(a, sizeof *n);
    const struct json *containers = json_get(j, "Containers");

    n->id = parse_text(a, j, "Id");
    n->name = parse_text(a, j, "Name");
    n->driver = parse_text(a, j, "Driver");
    n->scope = parse_text(a, j, "Scope");
    n->labels = parse_mapping(a, json_get(j, "Labels"));
    n->project = label(&n->labels, "com.docker.compose.project");
    n->key = label(&n->labels, "com.docker.compose.network");
    n->config_hash = label(&n->labels, "com.docker.compose.config-hash");
    n->containers.items = arena_calloc(a, json_len(containers), sizeof *n->containers.items);
    for (const struct json *c = json_first(containers); c; c = json_next(c)) {
        if (json_name(c))
            n->containers.items[n->containers.len++] = keep(a, json_name(c));
    }
    return n;
}

struct volume_state *parse_volume(struct arena *a, const struct json *j)
{
    struct volume_state *v = arena_alloc(a, sizeof *v);

    v->name = parse_text(a, j, "Name");
    v->driver = parse_text(a, j, "Driver");
    v->mountpoint = parse_text(a, j, "Mountpoint");
    v->scope = parse_text(a, j, "Scope");
    v->created = unix_seconds(j, "CreatedAt");
    v->labels = parse_mapping(a, json_get(j, "Labels"));
    v->project = label(&v->labels, "com.docker.compose.project");
    v->key = label(&v->labels, "com.docker.compose.volume");
    v->config_hash = label(&v->labels, "com.docker.compose.config-hash");
    return v;
}

/* "<none>:<none>" stands for no tag. */
static struct strings parse_refs(struct arena *a, const struct json *list)
{
    struct strings all = parse_strings(a, list), some = {.items = all.items};

    for (size_t i = 0; i < all.len; i++) {
        if (!str_has_prefix(all.items[i], "<none>"))
            some.items[some.len++] = all.items[i];
    }
    return some;
}

/* What lists and inspections have in common. */
static struct image_state *parse_image_basics(struct arena *a, const struct json *j)
{
    struct image_state *i = arena_alloc(a, sizeof *i);

    i->id = parse_text(a, j, "Id");
    i->repo_tags = parse_refs(a, json_get(j, "RepoTags"));
    i->repo_digests = parse_refs(a, json_get(j, "RepoDigests"));
    i->ref = i->repo_tags.len ? i->repo_tags.items[0] : "";
    i->size = json_get_i64(j, "Size", 0);
    i->os = parse_text(a, j, "Os");
    i->architecture = parse_text(a, j, "Architecture");
    i->variant = parse_text(a, j, "Variant");
    i->last_tag_time = parse_text(a, j, "Metadata.LastTagTime");
    return i;
}

struct image_state *parse_image_entry(struct arena *a, const struct json *j)
{
    struct image_state *i = parse_image_basics(a, j);

    i->created = json_get_i64(j, "Created", 0);
    i->labels = parse_mapping(a, json_get(j, "Labels"));
    return i;
}

struct image_state *parse_image(struct arena *a, const struct json *j)
{
    struct image_state *i = parse_image_basics(a, j);
    struct mapping volumes = parse_mapping(a, json_get(j, "Config.Volumes"));

    i->created = unix_seconds(j, "Created");
    i->labels = parse_mapping(a, json_get(j, "Config.Labels"));
    i->volumes.items = arena_calloc(a, volumes.len, sizeof *i->volumes.items);
    for (size_t k = 0; k < volumes.len; k++)
        i->volumes.items[i->volumes.len++] = volumes.entries[k].key;
    i->has_healthcheck = has_healthcheck(json_get(j, "Config.Healthcheck"));
    return i;
}

/* ---- events ---- */

struct event *parse_event(struct arena *a, const struct json *j)
{
    struct event *e = arena_alloc(a, sizeof *e);

    e->type = parse_text(a, j, "Type");
    e->action = parse_text(a, j, "Action");
    e->id = parse_text(a, j, "Actor.ID");
    e->attributes = parse_mapping(a, json_get(j, "Actor.Attributes"));
    e->name = label(&e->attributes, "name");
    e->time_nano = json_get_i64(j, "timeNano", 0);
    if (strcmp(e->action, "die") == 0)
        e->exit_code = label(&e->attributes, "exitCode");
    return e;
}
