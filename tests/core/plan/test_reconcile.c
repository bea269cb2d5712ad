/* Plans of `up`, as steps and as people see them. Each case brings the fake engine into a state by
 * a first `up`, then plans. */
#include "core/plan/reconcile.h"

#include "core/base/arena.h"
#include "core/plan/labels.h"
#include "core/plan/resources.h"
#include "tests/lib/golden.h"
#include "tests/lib/stage.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#define TWO                                                                                        \
    "services:\n"                                                                                  \
    "  db: {image: x, volumes: ['data:/d'], healthcheck: {test: 'true'}}\n"                        \
    "  web: {image: x, depends_on: {db: {condition: service_healthy}}}\n"                          \
    "volumes: {data: }\n"
#define TWO_CHANGED                                                                                \
    "services:\n"                                                                                  \
    "  db: {image: x, command: new, volumes: ['data:/d'], healthcheck: {test: 'true'}}\n"          \
    "  web: {image: x, depends_on: {db: {condition: service_healthy}}}\n"                          \
    "volumes: {data: }\n"

/* Used by two services; the one between them is left alone. */
#define VOLUME(label)                                                                              \
    "services:\n"                                                                                  \
    "  db: {image: x, volumes: ['data:/d']}\n"                                                     \
    "  mid: {image: x, depends_on: [db]}\n"                                                        \
    "  top: {image: x, depends_on: [mid], volumes: ['data:/t'], scale: 2}\n"                       \
    "volumes: {data: {labels: {l: '" #label "'}}, other: }\n"

#define HOOKS_OF(command)                                                                          \
    "services:\n"                                                                                  \
    "  db: {image: x" command ", post_start: [{command: [a, b]}, {command: c}],"                   \
    " pre_stop: [{command: d}, {command: e}]}\n"                                                   \
    "  web: {image: x, depends_on: {db: {condition: service_started, restart: true}}}\n"
#define HOOKS         HOOKS_OF("")
#define HOOKS_CHANGED HOOKS_OF(", command: new")

static void healthy(struct stage *s)
{
    fake_script(s->fake, "db",
                &(struct fake_script){.has_healthcheck = true, .health = HEALTH_HEALTHY});
}

static void old_engine(struct stage *s)
{
    fake_set_api(s->fake, 41);
}

static void other_image(struct stage *s)
{
    fake_add_image(s->fake, "x", "sha256:x2");
}

static void wait_at_end(struct stage *s)
{
    s->up.wait = true;
    s->up.wait_timeout = 60;
}

static void run_of_a(struct stage *s)
{
    s->up.for_run = "a";
}

static void force(struct stage *s)
{
    s->up.recreate = RECREATE_FORCE;
}

static void never(struct stage *s)
{
    s->up.recreate = RECREATE_NEVER;
}

static void remove_orphans(struct stage *s)
{
    s->up.remove_orphans = true;
}

static void only_create(struct stage *s)
{
    s->up.start = false;
}

static void only_start(struct stage *s)
{
    s->up.create = false;
    s->up.attached = true;
}

static void three(struct stage *s)
{
    static const struct service_scale scale[] = {{"a", 3}};

    s->up.scale = scale;
    s->up.scale_len = 1;
}

static void agree(struct stage *s)
{
    static const char *volumes[] = {"data"};

    s->up.recreate_volumes = (struct strings){volumes, 1};
}

static void agree_never_recreate(struct stage *s)
{
    agree(s);
    never(s);
}

static void agree_orphans(struct stage *s)
{
    agree(s);
    remove_orphans(s);
}

static void agree_run(struct stage *s)
{
    agree(s);
    s->up.for_run = "db";
}

static void pause_a(struct stage *s)
{
    fake_pause(s->fake, "demo-a-1");
}

static void none(struct stage *s)
{
    static const struct service_scale scale[] = {{"db", 0}};

    s->up.scale = scale;
    s->up.scale_len = 1;
}

static void on_changed(void *owner, const struct reply *r, const struct err *err)
{
    (void)owner;
    (void)r;
    assert_null(err);
}

static void leave_network(struct stage *s)
{
    struct writer *w = &s->driver->writer;

    w->ops->network_disconnect(w, "demo_m", "demo-a-1", on_changed, NULL);
    stage_spin(s, 5);
}

static void remove_network_while_stopped(struct stage *s)
{
    struct writer *w = &s->driver->writer;

    w->ops->container_stop(w, "demo-a-1", 0, on_changed, NULL);
    stage_spin(s, 5);
    w->ops->network_remove(w, "demo_m", on_changed, NULL);
    stage_spin(s, 5);
}

static void leave_network_and_force(struct stage *s)
{
    leave_network(s);
    force(s);
}

static void rename_by_hand(struct stage *s)
{
    struct writer *w = &s->driver->writer;

    w->ops->container_rename(w, "demo-a-1", "mine", on_changed, NULL);
    stage_spin(s, 5);
}

static void rename_to_second(struct stage *s)
{
    struct writer *w = &s->driver->writer;

    w->ops->container_rename(w, "demo-a-1", "demo-a-2", on_changed, NULL);
    stage_spin(s, 5);
    s->up.ignore_orphans = true;
}

static void timeout_of_two(struct stage *s)
{
    s->up.timeout = 2;
}

static void end_job(struct stage *s)
{
    fake_exit(s->fake, "demo-job-1", 0);
}

static const struct {
    const char *name;
    void (*prepare)(struct stage *s); /* before the first up */
    const char *before;               /* NULL: nothing was there */
    void (*change)(struct stage *s);  /* after it */
    const char *now;
} cases[] = {
    {"first_up", NULL, NULL, NULL, TWO},
    {"first_create", NULL, NULL, only_create, TWO},
    {"first_up_wait", NULL, NULL, wait_at_end, TWO},
    {"no_op", healthy, TWO, NULL, TWO},
    {"no_op_wait", healthy, TWO, wait_at_end, TWO},
    {"changed_dependency", healthy, TWO, NULL, TWO_CHANGED},
    {"never_recreate", healthy, TWO, never, TWO_CHANGED},
    {"force_recreate", healthy, TWO, force, TWO},
    {"image_changed", NULL, "services: {a: {image: x}}", other_image, "services: {a: {image: x}}"},
    {"scale_up", NULL, "services: {a: {image: x}}", three, "services: {a: {image: x}}"},
    {"scale_down", NULL, "services: {a: {image: x, scale: 3}}", NULL, "services: {a: {image: x}}"},
    {"orphans_removed", NULL, "services: {a: {image: x}, b: {image: x}}", remove_orphans,
     "services: {a: {image: x}}"},
    {"volume_changed", NULL, VOLUME(1), agree, VOLUME(2)},
    {"volume_changed_never_recreate", NULL, VOLUME(1), agree_never_recreate, VOLUME(2)},
    {"volume_changed_not_agreed", NULL, VOLUME(1), NULL, VOLUME(2)},
    {"volume_agreed_not_changed", NULL, VOLUME(1), agree, VOLUME(1)},
    {"volume_changed_run", NULL,
     "services: {db: {image: x, volumes: ['data:/d']}}\nvolumes: {data: }\n", agree_run,
     "services: {db: {image: x, volumes: ['data:/d']}}\nvolumes: {data: {labels: {l: v}}}\n"},
    {"volume_changed_orphan", NULL,
     "services: {a: {image: x}, o: {image: x, volumes: ['data:/d']}}\nvolumes: {data: }\n",
     agree_orphans,
     "services: {a: {image: x, volumes: ['data:/d']}}\nvolumes: {data: {labels: {l: v}}}\n"},
    {"paused", NULL, "services: {a: {image: x}, b: {image: x}}", pause_a,
     "services: {a: {image: x}, b: {image: x}}"},
    {"restart_dependants", NULL,
     "services:\n  db: {image: x}\n"
     "  web: {image: x, depends_on: {db: {condition: service_started, restart: true}}}\n",
     NULL,
     "services:\n  db: {image: x, command: new}\n"
     "  web: {image: x, depends_on: {db: {condition: service_started, restart: true}}}\n"},
    {"network_changed", NULL,
     "services: {a: {image: x, networks: {n: {aliases: [al]}}}}\nnetworks: {n: }\n", NULL,
     "services: {a: {image: x, networks: {n: {aliases: [al]}}}}\nnetworks: {n: {labels: {l: "
     "v}}}\n"},
    {"network_changed_shared", NULL,
     "services:\n  a: {image: x, networks: [n]}\n  b: {image: x, network_mode: 'service:a'}\n"
     "networks: {n: }\n",
     NULL,
     "services:\n  a: {image: x, networks: [n]}\n  b: {image: x, network_mode: 'service:a'}\n"
     "networks: {n: {labels: {l: v}}}\n"},
    {"network_changed_passing", NULL,
     "services: {a: {image: x, networks: {n: {aliases: [al]}}}, b: {image: x, networks: [n]}}\n"
     "networks: {n: }\n",
     run_of_a,
     "services: {a: {image: x, networks: {n: {aliases: [al]}}}, b: {image: x, networks: [n]}}\n"
     "networks: {n: {labels: {l: v}}}\n"},
    {"network_changed_passing_left", NULL,
     "services: {a: {image: x, networks: [n]}, b: {image: x, networks: [n]}}\nnetworks: {n: }\n",
     run_of_a,
     "services: {a: {image: x, network_mode: none}, b: {image: x, networks: [n]}}\n"
     "networks: {n: {labels: {l: v}}}\n"},
    {"network_changed_orphan_removed", NULL,
     "services: {a: {image: x, networks: [n]}, b: {image: x, networks: [n]}}\nnetworks: {n: }\n",
     remove_orphans, "services: {a: {image: x, networks: [n]}}\nnetworks: {n: {labels: {l: v}}}\n"},
    {"networks_old_engine", old_engine, NULL, NULL,
     "services: {a: {image: x, networks: {m: {priority: 1}, n: , o: }}}\nnetworks: {m: , n: , o: "
     "}\n"},
    {"shared_namespace", NULL, NULL, NULL,
     "services:\n  a: {image: x}\n  b: {image: x, network_mode: 'service:a'}\n"},
    {"shared_namespace_recreated", NULL,
     "services:\n  a: {image: x}\n  b: {image: x, network_mode: 'service:a'}\n", NULL,
     "services:\n  a: {image: x, command: new}\n  b: {image: x, network_mode: 'service:a'}\n"},
    {"shared_namespace_both_changed", NULL,
     "services:\n  a: {image: x}\n  b: {image: x, network_mode: 'service:a', volumes_from: [a]}\n",
     NULL,
     "services:\n  a: {image: x, command: new}\n"
     "  b: {image: x, network_mode: 'service:a', volumes_from: [a], user: u}\n"},
    {"shared_namespace_kept", NULL,
     "services:\n  a: {image: x}\n  b: {image: x, network_mode: 'service:a'}\n", NULL,
     "services:\n  a: {image: x}\n  b: {image: x, network_mode: 'service:a'}\n"},
    {"one_shot_again", end_job,
     "services:\n  job: {image: x}\n"
     "  web: {image: x, depends_on: {job: {condition: service_completed_successfully}}}\n",
     end_job,
     "services:\n  job: {image: x}\n"
     "  web: {image: x, depends_on: {job: {condition: service_completed_successfully}}}\n"},
    {"secrets_are_copied", NULL, NULL, NULL,
     "services: {a: {image: x, configs: [c, {source: d, target: /t}]}}\n"
     "configs: {c: {content: hello}, d: {content: other}}\n"},
    {"links", NULL, NULL, NULL,
     "services:\n  db: {image: x, scale: 2}\n"
     "  web: {image: x, scale: 2, links: [db, 'db:data'], external_links: ['far:near', other]}\n"},
    {"links_of_one", NULL, "services:\n  db: {image: x}\n  web: {image: x, links: [db]}\n", NULL,
     "services:\n  db: {image: x}\n  web: {image: x, command: new, links: [db]}\n"},
    {"hooks", NULL, NULL, NULL, HOOKS},
    {"hooks_recreated", NULL, HOOKS, NULL, HOOKS_CHANGED},
    {"hooks_scaled_down", NULL, HOOKS, none, HOOKS},
    {"port_range_in_turn", NULL, NULL, NULL,
     "services: {a: {image: x, scale: 2, ports: ['8000-8001:80']}}\n"},
    {"start_half", NULL, NULL, only_start, NULL},
    {"interruptions", NULL,
     "services:\n"
     "  a: {image: x, stop_grace_period: 3s}\n"
     "  b: {image: x, healthcheck: {test: 'true', interval: 1m, start_period: 5s, start_interval: "
     "2s}}\n"
     "  c: {image: x, scale: 2, stop_grace_period: 90s}\n",
     NULL,
     "services:\n"
     "  a: {image: x, stop_grace_period: 4s, healthcheck: {test: 'true', interval: 7s}}\n"
     "  b: {image: x, tty: true, healthcheck: {test: 'true', interval: 1m, start_period: 5s, "
     "start_interval: 2s}}\n"
     "  c: {image: x, stop_grace_period: 90s}\n"},
    {"network_left", NULL,
     "services: {a: {image: x, networks: {m: {aliases: [al]}, n: }}}\nnetworks: {m: , n: }\n",
     leave_network,
     "services: {a: {image: x, networks: {m: {aliases: [al]}, n: }}}\nnetworks: {m: , n: }\n"},
    {"network_left_and_recreated", NULL,
     "services: {a: {image: x, networks: {m: {aliases: [al]}, n: }}}\nnetworks: {m: , n: }\n",
     leave_network_and_force,
     "services: {a: {image: x, networks: {m: {aliases: [al]}, n: }}}\nnetworks: {m: , n: }\n"},
    {"network_named_anew", NULL, "services: {a: {image: x, networks: [m]}}\nnetworks: {m: }\n",
     NULL, "services: {a: {image: x, networks: [m]}}\nnetworks: {m: {name: other}}\n"},
    {"network_gone_while_stopped", NULL,
     "services: {a: {image: x, networks: [m]}}\nnetworks: {m: }\n", remove_network_while_stopped,
     "services: {a: {image: x, networks: [m]}}\nnetworks: {m: }\n"},
    {"renamed_by_hand", NULL, "services: {a: {image: x}}", rename_by_hand,
     "services: {a: {image: x}}"},
    {"renamed_and_changed", NULL, "services: {a: {image: x}}", rename_by_hand,
     "services: {a: {image: x, tty: true}}"},
    {"name_of_one_too_many", NULL, "services: {a: {image: x}, b: {image: x, scale: 2}}", NULL,
     "services: {a: {image: x, container_name: demo-b-2}, b: {image: x}}"},
    {"name_of_an_orphan", NULL, "services: {a: {image: x, container_name: one}}", remove_orphans,
     "services: {b: {image: x, container_name: one}}"},
    {"stop_timeout", NULL, "services: {a: {image: x}}", timeout_of_two,
     "services: {a: {image: x, tty: true}}"},
    {"no_network", NULL, NULL, NULL, "services: {a: {image: x, network_mode: none}}\n"},
};

/* A one-shot whose dependants wait ends by itself. */
static void job_ends(struct stage *s)
{
    fake_script(s->fake, "job", &(struct fake_script){.exits = true});
}

static void run_case(size_t i)
{
    struct stage s;
    struct plan_resources blocks;
    AUTO_TEXT text = {0};
    AUTO_TEXT file = {0};

    stage_init(&s);
    job_ends(&s);
    if (cases[i].prepare && cases[i].prepare != end_job)
        cases[i].prepare(&s);
    if (!strcmp(cases[i].name, "start_half")) {
        stage_load(&s, TWO);
        s.up.start = false;
        stage_up(&s);
        s.up.start = true;
    }
    if (cases[i].before) {
        stage_load(&s, cases[i].before);
        stage_up(&s);
        if (s.err.code != ERR_NONE)
            fail_msg("%s: %s", cases[i].name, err_text(&s.err));
        if (!strcmp(cases[i].name, "no_op") || !strcmp(cases[i].name, "no_op_wait"))
            stage_spin(&s, 5);
    }
    if (cases[i].change)
        cases[i].change(&s);
    stage_load(&s, cases[i].now);
    stage_observe(&s);
    assert_int_equal(s.err.code, ERR_NONE);
    if (!stage_reconcile(&s))
        fail_msg("%s: %s", cases[i].name, str_text(&s.messages));
    plan_print(s.plan, &text);
    str_addc(&text, '\n');
    blocks = plan_resources(s.arena, s.plan, s.fixture.project, &s.observed);
    plan_resources_print(&blocks, &text);
    str_addf(&file, "plan/%s.golden", cases[i].name);
    golden_check(str_text(&file), str_text(&text));
    stage_done(&s);
}

static void test_golden(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++)
        run_case(i);
}

/* ---- what stops a plan ---- */

static const struct {
    const char *yaml;
    const char *network, *network_key; /* there, unlabelled or of this key */
    const char *want;
} refusals[] = {
    {"services: {a: {image: x, networks: [n]}}\nnetworks: {n: {external: true, name: gone}}\n",
     NULL, NULL, "error: network gone declared as external, but could not be found\n"},
    {"services: {a: {image: x, volumes: ['v:/v']}}\nvolumes: {v: {external: true, name: gone}}\n",
     NULL, NULL, "error: external volume \"gone\" not found\n"},
    {"services: {a: {image: x}}\n", "demo_default", NULL,
     "warning: a network with name demo_default exists but was not created by compose.\n"
     "Set `external: true` to use an existing network\n"
     "error: network demo_default was found but has incorrect label com.docker.compose.network set "
     "to "
     "\"\" (expected: \"default\")\n"},
    {"services: {a: {image: x, scale: 0}, b: {image: x, network_mode: 'service:a'}}", NULL, NULL,
     "error: cannot share network namespace with service a: container missing\n"},
    {"services: {a: {image: x, scale: 0}, b: {image: x, ipc: 'service:a'}}", NULL, NULL,
     "error: cannot share IPC namespace with service a: container missing\n"},
    {"services: {a: {image: x, scale: 0}, b: {image: x, pid: 'service:a'}}", NULL, NULL,
     "error: cannot share PID namespace with service a: container missing\n"},
    {"services: {a: {image: x, scale: 0}, b: {image: x, volumes_from: ['a:ro']}}", NULL, NULL,
     "error: cannot share volume with service a: container missing\n"},
};

static void test_refusals(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(refusals); i++) {
        struct stage s;

        stage_init(&s);
        if (refusals[i].network)
            fake_add_network(s.fake, refusals[i].network, NULL);
        stage_load(&s, refusals[i].yaml);
        stage_observe(&s);
        assert_null(stage_reconcile(&s));
        assert_string_equal(str_text(&s.messages), refusals[i].want);
        assert_int_equal(fake_writes(s.fake), 0);
        stage_done(&s);
    }
}

/* Somebody was killed who held the lock since 1970-01-01T00:01:40Z. */
static const struct {
    const char *started_at;
    int64_t hooks_since;
    size_t stops;
} started[] = {
    {"1970-01-01T00:01:40.5Z", 100, 1},
    {"1970-01-01T01:01:39+01:00", 100, 0},
    {"1970-01-01T00:01:39Z", 100, 0},
    {"1970-01-01T00:01:40.5Z", 0, 0},
    {"", 100, 0},
};

static void test_hooks_may_not_have_run(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(started); i++) {
        struct stage s;
        size_t stops = 0;

        stage_init(&s);
        stage_load(&s, HOOKS);
        stage_up(&s);
        stage_observe(&s);
        s.observed.hooks_since = started[i].hooks_since;
        for (size_t k = 0; k < s.observed.containers.len; k++)
            s.observed.containers.items[k]->started_at = started[i].started_at;
        assert_non_null(stage_reconcile(&s));
        for (size_t k = 0; k < plan_len(s.plan); k++)
            stops += plan_at(s.plan, k)->op == OP_CONTAINER_STOP && !plan_at(s.plan, k)->undoes;
        assert_int_equal(stops, started[i].stops); /* web has none */
        stage_done(&s);
    }
}

/* A name that is taken, and stays so. */
static const struct {
    const char *before, *now; /* before: NULL: nothing was there */
    void (*change)(struct stage *s);
    const char *want;
} taken[] = {
    {NULL, "services: {a: {image: x}, b: {image: x, container_name: demo-a-1}}", NULL,
     "error: the container name \"demo-a-1\" is also that of a container of \"a\"\n"},
    {NULL, "services: {b: {image: x, container_name: demo-c-1}, c: {image: x}}", NULL,
     "error: the container name \"demo-c-1\" is also that of a container of \"c\"\n"},
    {"services: {a: {image: x}}",
     "services: {a: {image: x}, b: {image: x, container_name: demo-a-1}}", NULL,
     "error: the container name \"demo-a-1\" is also that of a container of \"a\"\n"},
    {"services: {a: {image: x, container_name: one}}",
     "services: {b: {image: x, container_name: one}}", NULL,
     "error: the container name \"one\" is in use by a container of \"a\"\n"},
    {"services: {a: {image: x}, b: {image: x}}",
     "services: {b: {image: x, container_name: demo-a-1}}", remove_orphans, NULL},
    {"services: {a: {image: x}, b: {image: x}}", "services: {a: {image: x, scale: 2}}",
     rename_to_second,
     "error: the container name \"demo-a-2\" is also that of a container of \"a\"\n"},
};

static void test_taken(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(taken); i++) {
        struct stage s;

        stage_init(&s);
        if (taken[i].before) {
            stage_load(&s, taken[i].before);
            stage_up(&s);
            assert_int_equal(s.err.code, ERR_NONE);
        }
        if (taken[i].change)
            taken[i].change(&s);
        stage_load(&s, taken[i].now);
        stage_observe(&s);
        fake_clear_log(s.fake);
        if (taken[i].want)
            assert_null(stage_reconcile(&s));
        else
            assert_non_null(stage_reconcile(&s));
        assert_string_equal(str_text(&s.messages), taken[i].want ? taken[i].want : "");
        assert_int_equal(fake_writes(s.fake), 0);
        stage_done(&s);
    }
}

/* Nothing is stopped for a volume that the engine would not let go of. */
static void test_volume_in_use(void **state)
{
    struct stage s;

    (void)state;
    stage_init(&s);
    stage_load(&s, "services:\n  a: {image: x, volumes: ['data:/d']}\n"
                   "  b: {image: x, volumes: ['data:/d']}\nvolumes: {data: }\n");
    stage_up(&s);
    stage_load(&s, "services:\n  a: {image: x, volumes: ['data:/d']}\n"
                   "volumes: {data: {driver_opts: {o: v}}}\n");
    stage_observe(&s);
    fake_clear_log(s.fake);
    agree(&s);
    s.up.ignore_orphans = true;
    assert_null(stage_reconcile(&s));
    assert_string_equal(str_text(&s.messages),
                        "error: volume \"demo_data\" cannot be recreated: it is in use by "
                        "demo-b-1, which this command does not remove\n");
    stage_done(&s);
}

static void test_network_in_use(void **state)
{
    struct stage s;

    (void)state;
    stage_init(&s);
    stage_load(&s, "services: {a: {image: x, networks: [n]}, b: {image: x, networks: [n]}}\n"
                   "networks: {n: }\n");
    stage_up(&s);
    stage_load(&s, "services: {a: {image: x, networks: [n]}}\nnetworks: {n: {labels: {l: v}}}\n");
    stage_observe(&s);
    fake_clear_log(s.fake);
    s.up.ignore_orphans = true;
    assert_null(stage_reconcile(&s));
    assert_string_equal(str_text(&s.messages),
                        "error: network \"demo_n\" cannot be recreated: it is in use by "
                        "demo-b-1, which this command does not remove\n");
    stage_done(&s);
}

/* The same on an engine that refuses to remove what is in use. */
static void test_volume_made_anew(void **state)
{
    struct stage s;

    (void)state;
    stage_init(&s);
    stage_load(&s, VOLUME(1));
    stage_up(&s);
    stage_load(&s, VOLUME(2));
    agree(&s);
    stage_up(&s);
    assert_int_equal(s.err.code, ERR_NONE);
    stage_observe(&s);
    assert_int_equal(plan_changed_volumes(s.arena, s.fixture.project, &s.observed).len, 0);
    assert_false(plan_changes(stage_reconcile(&s)));
    stage_done(&s);
}

static void test_changed_volumes(void **state)
{
    struct stage s;
    struct strings changed;

    (void)state;
    stage_init(&s);
    fake_add_volume(s.fake, "foreign", NULL);
    stage_load(&s, "services: {a: {image: x, volumes: ['a:/a', 'b:/b', 'c:/c']}}\n"
                   "volumes: {a: , b: , c: {name: foreign}}\n");
    stage_up(&s);
    stage_load(&s,
               "services: {a: {image: x, volumes: ['a:/a', 'b:/b', 'c:/c', 'd:/d']}}\n"
               "volumes: {a: , b: {labels: {l: v}}, c: {name: foreign, labels: {l: v}}, d: }\n");
    stage_observe(&s);
    changed = plan_changed_volumes(s.arena, s.fixture.project, &s.observed);
    assert_int_equal(changed.len, 1);
    assert_string_equal(changed.items[0], "b");
    stage_done(&s);
}

/* Whatever the user agrees to. */
static void test_protected_volume(void **state)
{
    static const char *volumes[] = {"v"};
    struct stage s;

    (void)state;
    stage_init(&s);
    stage_load(&s, "services: {a: {image: x, volumes: ['v:/v']}}\nvolumes: {v: }\n");
    stage_up(&s);
    stage_load(&s, "services: {a: {image: x, volumes: ['v:/v']}}\n"
                   "volumes: {v: {labels: {l: v}, x-protect: true}}\n");
    s.up.recreate_volumes = (struct strings){volumes, 1};
    stage_observe(&s);
    assert_int_equal(plan_changed_volumes(s.arena, s.fixture.project, &s.observed).len, 0);
    assert_false(plan_changes(stage_reconcile(&s)));
    assert_non_null(strstr(str_text(&s.messages), "is protected (x-protect): it is kept"));
    stage_done(&s);
}

static void test_orphans_are_told(void **state)
{
    struct stage s;

    (void)state;
    stage_init(&s);
    stage_load(&s, "services: {a: {image: x}, b: {image: x}, c: {image: x}}");
    stage_up(&s);
    stage_load(&s, "services: {a: {image: x}}");
    stage_observe(&s);
    assert_non_null(stage_reconcile(&s));
    assert_string_equal(
        str_text(&s.messages),
        "warning: Found orphan containers ([demo-b-1 demo-c-1]) for this project. If you "
        "removed or renamed this service in your compose file, you can run this command "
        "with the --remove-orphans flag to clean it up.\n");
    assert_false(plan_changes(s.plan));
    s.up.ignore_orphans = true;
    assert_non_null(stage_reconcile(&s));
    assert_string_equal(str_text(&s.messages), "");
    stage_done(&s);
}

/* Containers made by docker compose, of either generation, are left alone. */
static void test_hash_of_either_generation(void **state)
{
    struct stage s;
    char hash[65];
    const char *yaml = "services: {a: {image: x, volumes: ['/h:/d']}}\n";

    (void)state;
    stage_init(&s);
    stage_load(&s, yaml);
    stage_up(&s);
    stage_observe(&s);
    hash_service(project_service(s.fixture.project, "a"), NULL, HASH_V5, hash);
    assert_string_not_equal(hash, s.observed.containers.items[0]->config_hash);
    s.observed.containers.items[0]->config_hash = hash;
    assert_false(plan_changes(stage_reconcile(&s)));
    s.observed.containers.items[0]->config_hash = "other";
    assert_true(plan_changes(stage_reconcile(&s)));
    stage_done(&s);
}

static void set_label(struct container *c, const char *key, const char *value)
{
    for (size_t i = 0; i < c->labels.len; i++)
        if (!strcmp(c->labels.entries[i].key, key))
            c->labels.entries[i].value = value;
}

static void remove_own_labels(struct container *c)
{
    size_t kept = 0;

    for (size_t i = 0; i < c->labels.len; i++)
        if (!str_has_prefix(c->labels.entries[i].key, LABEL_OWN_PREFIX))
            c->labels.entries[kept++] = c->labels.entries[i];
    c->labels.len = kept;
}

/* Own labels explain, and see changed contents; neither their absence nor a newer schema is a
 * reason to make a container anew. */
static void test_own_labels(void **state)
{
    static const char yaml[] = "services: {a: {image: x, configs: [c]}}\n"
                               "configs: {c: {content: %s}}\n";
    static const struct {
        const char *content, *schema;
        bool labels, recreated;
    } tries[] = {
        {"one", "1", true, false}, {"two", "1", true, true},   {"two", "2", true, false},
        {"two", "", true, false},  {"two", "1", false, false},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(tries); i++) {
        struct stage s;
        AUTO_TEXT text = {0};

        stage_init(&s);
        str_addf(&text, yaml, "one");
        stage_load(&s, str_text(&text));
        stage_up(&s);
        str_clear(&text);
        str_addf(&text, yaml, tries[i].content);
        stage_load(&s, str_text(&text));
        stage_observe(&s);
        set_label(s.observed.containers.items[0], LABEL_SCHEMA, tries[i].schema);
        if (!tries[i].labels)
            remove_own_labels(s.observed.containers.items[0]);
        assert_non_null(stage_reconcile(&s));
        assert_int_equal(plan_changes(s.plan), tries[i].recreated);
        if (tries[i].recreated)
            assert_string_equal(plan_at(s.plan, 0)->cause,
                                "configs.c: its content changed (compose.yaml:2:14)");
        stage_done(&s);
    }
}

/* The cause stays readable on what was made anew. */
static void test_cause_is_kept(void **state)
{
    struct stage s;
    const struct container *c;

    (void)state;
    stage_init(&s);
    stage_load(&s, "services: {a: {image: x}}");
    stage_up(&s);
    c = fake_container(s.fake, "demo-a-1");
    assert_string_equal(mapping_get(&c->labels, LABEL_SCHEMA), LABEL_SCHEMA_NOW);
    assert_null(mapping_get(&c->labels, LABEL_CAUSE));
    stage_load(&s, "services: {a: {image: x, tty: true}}");
    stage_up(&s);
    c = fake_container(s.fake, "demo-a-1");
    assert_string_equal(mapping_get(&c->labels, LABEL_CAUSE),
                        "tty added: true (compose.yaml:1:31)");
    stage_done(&s);
}

static void test_labels(void **state)
{
    struct stage s;
    const struct container *c;

    (void)state;
    stage_init(&s);
    stage_load(&s,
               "services:\n"
               "  web: {image: x, labels: {own: '1'}, depends_on: {b: {condition: service_started},"
               " a: {condition: service_healthy, restart: true}}}\n"
               "  a: {image: x, healthcheck: {test: 'true'}}\n  b: {image: x}\n");
    s.up.start = false;
    stage_up(&s);
    c = fake_container(s.fake, "demo-web-1");
    assert_non_null(c);
#define GET(name) mapping_get(&c->labels, name)
    assert_string_equal(GET("own"), "1");
    assert_string_equal(GET(LABEL_PROJECT), "demo");
    assert_string_equal(GET(LABEL_SERVICE), "web");
    assert_string_equal(GET(LABEL_NUMBER), "1");
    assert_string_equal(GET(LABEL_ONEOFF), "False");
    assert_string_equal(GET(LABEL_VERSION), "2.40.3");
    assert_string_equal(GET(LABEL_DEPENDS_ON), "a:service_healthy:true,b:service_started:false");
    assert_string_equal(GET(LABEL_IMAGE), "sha256:x1");
    assert_int_equal(strlen(GET(LABEL_HASH)), 64);
    assert_null(GET(LABEL_REPLACE));
    assert_null(GET(LABEL_ENV_FILE));
#undef GET
    stage_done(&s);
}

static void test_no_op_asks_little(void **state)
{
    struct stage s;

    (void)state;
    stage_init(&s);
    healthy(&s);
    stage_load(&s, TWO);
    stage_up(&s);
    assert_int_equal(s.err.code, ERR_NONE);
    fake_clear_log(s.fake);
    stage_up(&s);
    assert_string_equal(fake_log(s.fake),
                        "info\ncontainer_list\nnetwork_list\nvolume_list\nimage_inspect x\n");
    assert_string_equal(str_text(&s.told), "Container demo-db-1 Running\n"
                                           "Container demo-web-1 Running\n"
                                           "Container demo-db-1 Waiting\n"
                                           "Container demo-db-1 Healthy\n");
    stage_done(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_golden),
        cmocka_unit_test(test_refusals),
        cmocka_unit_test(test_taken),
        cmocka_unit_test(test_hooks_may_not_have_run),
        cmocka_unit_test(test_volume_in_use),
        cmocka_unit_test(test_network_in_use),
        cmocka_unit_test(test_volume_made_anew),
        cmocka_unit_test(test_changed_volumes),
        cmocka_unit_test(test_protected_volume),
        cmocka_unit_test(test_orphans_are_told),
        cmocka_unit_test(test_hash_of_either_generation),
        cmocka_unit_test(test_labels),
        cmocka_unit_test(test_no_op_asks_little),
        cmocka_unit_test(test_own_labels),
        cmocka_unit_test(test_cause_is_kept),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
