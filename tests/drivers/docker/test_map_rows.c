/* Nothing is accepted and dropped: every row of every attribute table, nested ones too, goes to a
 * field of the engine or to a function of the driver (then the body that is sent differs with it
 * and without it), or says where else. */
#include "drivers/docker/map.h"

#include "core/base/arena.h"
#include "core/base/err.h"
#include "core/base/str.h"
#include "core/driver.h"
#include "core/json/json.h"
#include "core/schema/attr.h"
#include "tests/drivers/docker/samples.h"
#include "tests/lib/fixture.h"

#include <string.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

enum { API_MINOR = 51, DEPTH_MAX = 8 };

/* ---- the rows ---- */

struct walk {
    bool used[ARRAY_LEN(samples)];
    size_t missing;
};

static bool has_sample(struct walk *w, const char *path)
{
    for (size_t i = 0; i < ARRAY_LEN(samples); i++)
        if (str_eq(samples[i].path, path)) {
            w->used[i] = true;
            return true;
        }
    return false;
}

/* Below a row whose function the driver has. */
static void look_below(struct walk *w, const struct attr_table *t, const char *path, unsigned depth)
{
    for (size_t i = 0; depth < DEPTH_MAX && i < t->count; i++) {
        const struct attr *row = &t->attrs[i];
        AUTO_TEXT name = {0};

        str_addf(&name, "%s.%s", path, row->name);
        if (row->engine)
            continue; /* it says where it goes */
        if (row->sub) {
            look_below(w, row->sub, str_text(&name), depth + 1);
        } else if (!has_sample(w, str_text(&name))) {
            print_error("%s: nothing shows that it reaches the engine\n", str_text(&name));
            w->missing++;
        }
    }
}

static void test_every_row(void **state)
{
    const struct attr_table *const tables[] = {&service_table, &network_table, &volume_table};
    struct walk w = {0};

    (void)state;
    for (size_t t = 0; t < ARRAY_LEN(tables); t++)
        for (size_t i = 0; i < tables[t]->count; i++) {
            const struct attr *row = &tables[t]->attrs[i];
            AUTO_TEXT name = {0};

            if ((row->engine != NULL) == map_has_function(tables[t], i))
                fail_msg("%s.%s: .engine is %s, and there is %s function", tables[t]->name,
                         row->name, row->engine ? row->engine : "left out",
                         row->engine ? "a" : "no");
            str_addf(&name, "%s.%s", tables[t]->name, row->name);
            if (!row->engine && row->sub)
                look_below(&w, row->sub, str_text(&name), 0);
        }
    assert_int_equal(w.missing, 0);
    for (size_t i = 0; i < ARRAY_LEN(samples); i++)
        if (!w.used[i])
            fail_msg("%s: there is no such row", samples[i].path);
}

/* Secrets, configs and the rest of the top level have no body of their own. */
static void test_top_level(void **state)
{
    const struct attr_table *const tables[] = {&secret_table, &config_table, &project_table};

    (void)state;
    for (size_t t = 0; t < ARRAY_LEN(tables); t++)
        for (size_t i = 0; i < tables[t]->count; i++)
            if (!tables[t]->attrs[i].engine)
                fail_msg("%s.%s does not say where it goes", tables[t]->name,
                         tables[t]->attrs[i].name);
}

/* ---- what is sent ---- */

static struct json *service_body(struct fixture *f)
{
    struct container_create c = {.name = "test-a-1", .image = "x", .project = f->project};
    struct endpoint e = {.network = "one"}, *endpoints[] = {&e};
    struct json *body = NULL;
    AUTO_ERR err = {0};

    c.service = project_service(f->project, "a");
    if (c.service->networks.len) {
        e.options = c.service->networks.items[0];
        e.aliases = e.options->aliases;
        c.endpoints.items = endpoints;
        c.endpoints.len = 1;
    }
    if (map_container(&c, API_MINOR, &body, &err) < 0)
        fail_msg("%s", err_text(&err));
    return body;
}

static void body_of(const char *path, const char *attribute, struct str *ret)
{
    bool network = str_has_prefix(path, "network.");
    struct mapping labels = {0};
    AUTO_JSON body = NULL;
    AUTO_TEXT file = {0};
    struct fixture f;

    str_addf(&file, "services:\n  a:\n    image: x\n    %s\nnetworks:\n  one: {%s}\n%s",
             network ? "networks: [one]" : attribute, network ? attribute : "", samples_tail);
    if (!fixture_compose(&f, str_text(&file)))
        fail_msg("%s: %s", path, fixture_messages(&f));
    body = network ? map_network(project_network(f.project, "one"), &labels, API_MINOR)
                   : service_body(&f);
    json_print(body, ret);
    fixture_done(&f);
}

static void test_samples(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(samples); i++) {
        AUTO_TEXT one = {0};
        AUTO_TEXT other = {0};

        body_of(samples[i].path, samples[i].one, &one);
        body_of(samples[i].path, samples[i].other, &other);
        if (str_eq(str_text(&one), str_text(&other)))
            fail_msg("%s does not reach the engine: %s", samples[i].path, str_text(&one));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_row),
        cmocka_unit_test(test_top_level),
        cmocka_unit_test(test_samples),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
