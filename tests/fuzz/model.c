/* A Compose file, and others it may name ("102", "103", "104"): all stages of loading, `config` and
 * what a new engine would be asked to do. What `config` prints is a Compose file that means the
 * same. */
#include "tests/fuzz/fuzz.h"

#include "core/base/arena.h"
#include "core/base/diags.h"
#include "core/base/str.h"
#include "core/json/json.h"
#include "core/load/load.h"
#include "core/plan/reconcile.h"
#include "core/render/render.h"
#include "core/yaml/node.h"
#include "core/yaml/parse.h"
#include "drivers/docker/map.h"

#include <string.h>

enum { CONTAINERS_MAX = 50 }; /* more only cost time */

/* What docker compose prints in a form that it reads as something else, or not at all. */
static bool is_readable(const struct project *p)
{
    for (size_t i = 0; i < p->services.len; i++) {
        const struct service *s = p->services.items[i];
        const struct strings *hosts[] = {&s->extra_hosts, s->build ? &s->build->extra_hosts : NULL};

        if (s->memswap_limit < 0)
            return false;
        for (size_t k = 0; k < ARRAY_LEN(hosts); k++)
            for (size_t n = 0; hosts[k] && n < hosts[k]->len; n++)
                if (strpbrk(hosts[k]->items[n], ",["))
                    return false;
    }
    return true;
}

/* docker compose doubles the dollars of keys, too, and never takes them back; a float that is -0 it
 * prints as what it reads as an integer. */
static bool has_dollar_key(const struct node *n)
{
    if (node_is(n, NODE_LIST))
        for (size_t i = 0; i < n->list.len; i++)
            if (has_dollar_key(n->list.items[i]))
                return true;
    if (node_is(n, NODE_MAP))
        for (size_t i = 0; i < n->map.len; i++)
            if (strchr(n->map.pairs[i].key, '$') || has_dollar_key(n->map.pairs[i].value))
                return true;
    return false;
}

/* Docker compose prints several lines that begin with a tab as what it cannot read. */
static bool has_block_with_tab(const char *text)
{
    for (const char *at = strchr(text, '\n'); at; at = strchr(at + 1, '\n')) {
        const char *end = at;

        if (end > text && strchr("-+", end[-1]))
            end--;
        if (end > text && end[-1] == '|' && at[1 + strspn(at + 1, " ")] == '\t')
            return true;
    }
    return false;
}

static bool is_stable(const char *text)
{
    struct arena *a = arena_new();
    struct diags *d = diags_new();
    struct yaml_docs docs = {0};
    bool ret = !strstr(text, " -0\n") && !has_block_with_tab(text) &&
               (yaml_parse(a, d, "a", text, strlen(text), &docs) < 0 || !docs.len ||
                !has_dollar_key(docs.items[0]));

    diags_free(d);
    arena_free(a);
    return ret;
}

static void check_fixpoint(const char *first)
{
    struct load_options o;
    struct diags *d = diags_new();
    AUTO_TEXT messages = {0};
    AUTO_TEXT second = {0};
    struct project *p;

    fuzz_file(0, first, strlen(first));
    fuzz_options(&o, 1);
    p = load_project(&o, d);
    fuzz_format(d, &messages);
    FUZZ_CHECK(p, "%s\n%s", first, str_text(&messages));
    render_yaml(p, &second, NULL, NULL);
    FUZZ_CHECK(str_eq(first, str_text(&second)), "%s\n--- and then ---\n%s", first,
               str_text(&second));
    project_free(p);
    diags_free(d);
}

static const char *no_id(void *owner, const char *name)
{
    (void)owner;
    FUZZ_CHECK(*name, "a container without a name");
    return NULL;
}

static void ask_engine(const struct plan *plan, unsigned minor)
{
    for (size_t i = 0; i < plan_len(plan); i++) {
        const struct plan_node *n = plan_at(plan, i);
        AUTO_JSON body = NULL;
        AUTO_ERR err = {0};
        AUTO_TEXT out = {0};

        if (n->op == OP_CONTAINER_CREATE)
            map_container(plan_complete(plan, n, no_id, NULL), minor, &body, &err);
        else if (n->op == OP_NETWORK_CREATE)
            body = map_network(n->network_model, n->labels, minor);
        else if (n->op == OP_VOLUME_CREATE)
            body = map_volume(n->volume_model, n->labels);
        if (body)
            json_print(body, &out);
    }
}

static int64_t replicas(const struct service *s)
{
    return s->scale.set                           ? s->scale.value
           : s->deploy && s->deploy->replicas.set ? s->deploy->replicas.value
                                                  : 1;
}

static void plan(const struct project *p)
{
    const struct observed nothing = {.info = {.api_major = 1, .api_minor = 51}};
    const struct up_options up = {.create = true, .start = true, .timeout = TIMEOUT_DEFAULT};
    struct arena *a = arena_new();
    struct diags *d = diags_new();
    AUTO_TEXT out = {0};
    int64_t containers = 0;

    for (size_t i = 0; i < p->services.len; i++)
        containers += replicas(p->services.items[i]);
    if (containers <= CONTAINERS_MAX) {
        const struct plan *made = reconcile_up(a, p, &nothing, &up, d);

        if (made) {
            plan_print(made, &out);
            ask_engine(made, 41);
            ask_engine(made, 51);
        }
    }
    diags_free(d);
    arena_free(a);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    struct fuzz_part parts[FUZZ_FILES];
    size_t count = fuzz_cut(bytes, len, parts, FUZZ_FILES);
    struct load_options o;
    struct diags *d = diags_new();
    AUTO_TEXT text = {0};
    AUTO_TEXT json = {0};
    struct project *p;

    for (size_t i = 0; i < FUZZ_FILES; i++)
        fuzz_file(i, i < count ? parts[i].text : "", i < count ? parts[i].len : 0);
    fuzz_options(&o, 1);
    p = load_project(&o, d);
    fuzz_format(d, &text);
    FUZZ_CHECK(p || diags_has_errors(d), "no project and no error");
    if (p) {
        str_clear(&text);
        render_yaml(p, &text, NULL, NULL);
        render_json(p, &json, NULL, NULL);
        plan(p);
        if (is_readable(p) && is_stable(str_text(&text)))
            check_fixpoint(str_text(&text));
    }
    project_free(p);
    diags_free(d);
    return 0;
}
