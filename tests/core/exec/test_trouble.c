/* Trouble at every call: whatever fails, hangs, loses its answer or is interrupted, there is one
 * clear error, and the next run comes to what an undisturbed one comes to. */
#include "core/exec/exec.h"

#include "core/base/arena.h"
#include "core/base/attr.h"
#include "core/base/diags.h"
#include "tests/lib/stage.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define STACK(db, job, scale, net)                                                                 \
    "services:\n"                                                                                  \
    "  db: {image: x" db ", volumes: ['data:/d', /anonymous], networks: [n],"                      \
    " post_start: [{command: a}]}\n"                                                               \
    "  job: {image: x" job "}\n"                                                                   \
    "  web: {image: x, scale: " scale ", networks: [n, default], pre_stop: [{command: b}],"        \
    " depends_on: {db: {condition: service_healthy, restart: true},"                               \
    " job: {condition: service_completed_successfully}}}\n"                                        \
    "networks: {n: " net "}\nvolumes: {data: }\n"
#define PLAIN       STACK("", "", "2", "")
#define CHANGED     STACK(", command: new", ", command: new", "2", "")
#define NEW_NETWORK STACK("", "", "1", "{labels: {new: '1'}}")
#define FILES(text, command)                                                                       \
    "services:\n"                                                                                  \
    "  app: {image: x" command ", secrets: [{source: s, uid: '7', mode: 0400}],"                   \
    " configs: [{source: c, target: /etc/c}], volumes: [/anonymous]}\n"                            \
    "secrets: {s: {environment: HOME}}\nconfigs: {c: {content: " text "}}\n"
#define SHARED(command)                                                                            \
    "services:\n"                                                                                  \
    "  a: {image: x" command ", volumes: [/anonymous]}\n"                                          \
    "  b: {image: x, network_mode: 'service:a', ipc: 'service:a', volumes_from: [a]}\n"            \
    "  c: {image: x, links: [a], depends_on: [b]}\n"
#define JOBS(command)                                                                              \
    "services:\n"                                                                                  \
    "  job: {image: x" command "}\n"                                                               \
    "  job2: {image: x" command ", depends_on: {job: {condition: "                                 \
    "service_completed_successfully}}}\n"                                                          \
    "  web: {image: x" command ", depends_on: {job2: {condition: "                                 \
    "service_completed_successfully}}}\n"
#define HOOKS(command)                                                                             \
    "services:\n"                                                                                  \
    "  a: {image: x" command ", post_start: [{command: a}, {command: b}],"                         \
    " pre_stop: [{command: c}, {command: d}]}\n"                                                   \
    "  b: {image: x" command ", pre_stop: [{command: c}], depends_on: [a]}\n"
#define VOLUME(labels, extra)                                                                      \
    "services:\n"                                                                                  \
    "  db: {image: x, volumes: ['data:/d', /anonymous]}\n"                                         \
    "  web: {image: x" extra ", volumes: ['data:/d:ro', 'other:/o'], depends_on: [db]}\n"          \
    "volumes: {data: {labels: " labels "}, other: }\n"
#define SCALED(number) "services:\n  web: {image: x, scale: " number ", volumes: [/anonymous]}\n"
#define NAMED(name)    "services:\n  " name ": {image: x, container_name: fixed}\n"
#define TWO_CHANGED(command, net)                                                                  \
    "services:\n"                                                                                  \
    "  a: {image: x" command ", networks: {n: {aliases: [other]}}}\n"                              \
    "  b: {image: x, networks: [n, m]}\n"                                                          \
    "  c: {image: x, networks: [m]}\n"                                                             \
    "networks: {n: " net ", m: " net "}\n"

/* Without a health check --wait takes half a second. */
#define WAITED_FOR                                                                                 \
    "services:\n"                                                                                  \
    "  db: {image: x, volumes: ['data:/d']}\n"                                                     \
    "  job: {image: x, depends_on: {db: {condition: service_healthy}}}\n"                          \
    "volumes: {data: }\n"

struct scenario {
    const char *name, *before, *now;
    unsigned api;     /* 0: the newest */
    const char *lose; /* a volume the user agrees to lose */
    bool down, orphans, renew, force, wait;
};
static const struct scenario scenarios[] = {
    {.name = "first up", .now = PLAIN},
    {.name = "first up, old engine", .now = PLAIN, .api = 41},
    {.name = "first up --wait", .now = WAITED_FOR, .wait = true},
    {.name = "recreate", .before = PLAIN, .now = CHANGED},
    {.name = "recreate, old engine", .before = PLAIN, .now = CHANGED, .api = 41},
    {.name = "recreate -V", .before = PLAIN, .now = CHANGED, .renew = true},
    {.name = "--force-recreate", .before = PLAIN, .now = PLAIN, .force = true},
    {.name = "network, scale down", .before = PLAIN, .now = NEW_NETWORK},
    {.name = "network, scale down, old engine", .before = PLAIN, .now = NEW_NETWORK, .api = 41},
    {.name = "two networks and a service",
     .before = TWO_CHANGED("", ""),
     .now = TWO_CHANGED(", command: new", "{labels: {new: '1'}}")},
    {.name = "two networks and a service, old engine",
     .before = TWO_CHANGED("", ""),
     .now = TWO_CHANGED(", command: new", "{labels: {new: '1'}}"),
     .api = 41},
    {.name = "scale down", .before = SCALED("4"), .now = SCALED("1")},
    {.name = "scale up", .before = SCALED("1"), .now = SCALED("4")},
    {.name = "volume",
     .before = VOLUME("{}", ""),
     .now = VOLUME("{new: '1'}", ", command: new"),
     .lose = "data"},
    {.name = "files, first up", .now = FILES("one", "")},
    {.name = "files, recreate", .before = FILES("one", ""), .now = FILES("two", ", command: new")},
    {.name = "files, other content", .before = FILES("one", ""), .now = FILES("two", "")},
    {.name = "hooks, first up", .now = HOOKS("")},
    {.name = "hooks, recreate", .before = HOOKS(""), .now = HOOKS(", command: new")},
    {.name = "jobs, first up", .now = JOBS("")},
    {.name = "jobs, recreate", .before = JOBS(""), .now = JOBS(", command: new")},
    {.name = "shared, first up", .now = SHARED("")},
    {.name = "shared, recreate", .before = SHARED(""), .now = SHARED(", command: new")},
    {.name = "orphans, a name moves", .before = NAMED("a"), .now = NAMED("b"), .orphans = true},
    {.name = "down -v", .before = PLAIN, .now = PLAIN, .down = true},
    {.name = "down -v, hooks", .before = HOOKS(""), .now = HOOKS(""), .down = true},
    {.name = "down -v, shared", .before = SHARED(""), .now = SHARED(""), .down = true},
};

/* ---- a run ---- */

/* The two projects of a scenario, loaded once for all its runs. */
struct projects {
    struct fixture before, now;
};

static void prepare(struct stage *s, const struct scenario *c, const struct projects *p)
{
    static const char *lose[1];

    stage_init(s);
    if (c->api)
        fake_set_api(s->fake, c->api);
    fake_script(s->fake, "db",
                &(struct fake_script){.has_healthcheck = true, .health = HEALTH_HEALTHY});
    fake_script(s->fake, "job", &(struct fake_script){.exits = true});
    fake_script(s->fake, "job2", &(struct fake_script){.exits = true});
    if (c->before) {
        stage_use(s, &p->before);
        stage_up(s);
        assert_int_equal(s->err.code, ERR_NONE);
    }
    stage_use(s, &p->now);
    s->up.wait = c->wait;
    s->up.remove_orphans = c->orphans;
    s->up.renew_anon_volumes = c->renew;
    if (c->force)
        s->up.recreate = s->up.recreate_deps = RECREATE_FORCE;
    lose[0] = c->lose;
    if (c->lose)
        s->up.recreate_volumes = (struct strings){.items = lose, .len = 1};
    fake_clear_log(s->fake);
}

static struct plan *make_plan(struct stage *s, const struct scenario *c)
{
    struct down_options down = {.volumes = true, .timeout = TIMEOUT_DEFAULT};
    struct diags *d;

    stage_observe(s);
    if (s->err.code != ERR_NONE)
        return NULL;
    if (!c->down)
        return stage_reconcile(s);
    d = diags_new();
    s->plan = plan_down(s->arena, s->fixture.project, &s->observed, &down, d);
    diags_free(d);
    return s->plan;
}

static void go(struct stage *s, const struct scenario *c)
{
    struct plan *p = make_plan(s, c);

    if (p)
        stage_run(s, p);
    else if (s->err.code == ERR_NONE)
        fail_msg("%s: no plan: %s", c->name, str_text(&s->messages));
}

/* What containers do by themselves takes no time. */
static void settle(struct stage *s)
{
    for (int turn = 0; turn < 20; turn++)
        uv_run(&s->loop, UV_RUN_NOWAIT);
}

/* ---- what it came to ---- */

/* An id of the fake's: its number twice, in 12 and in 52 digits; 0: none begins here. */
static unsigned long id_at(const char *text)
{
    AUTO_TEXT first = {0}, both = {0};
    unsigned long number;

    if (strspn(text, "0123456789abcdef") < 64)
        return 0;
    str_addn(&first, text, 12);
    number = strtoul(str_text(&first), NULL, 16);
    str_addf(&both, "%012lx%052lx", number, number);
    return strncmp(text, str_text(&both), 64) == 0 ? number : 0;
}

/* The highest id that stands there: what is made from now on has higher ones. */
static unsigned long last_id(struct stage *s)
{
    AUTO_TEXT text = {0};
    unsigned long ret = 0;

    fake_describe(s->fake, &text);
    for (const char *at = str_text(&text); *at; at++)
        if (id_at(at) > ret)
            ret = id_at(at);
    return ret;
}

/* The fields of "  container demo-web-3\n": its service and its number. */
static bool is_container(const char *line, const char **service, size_t *len, int *number)
{
    const char *end = line + strcspn(line, "\n"), *dash = end;

    if (strncmp(line, "container demo-", 15) != 0)
        return false;
    while (dash[-1] != '-')
        dash--;
    *service = line + 15;
    *len = (size_t)(dash - 1 - *service);
    *number = (int)strtol(dash, NULL, 10);
    return true;
}

/* How many of the same service have lower numbers. Gaps among the numbers are not filled, as with
 * docker compose, so what was interrupted may leave others than 1, 2, ... */
static int rank_of(const char *all, const char *service, size_t len, int number)
{
    const char *other;
    size_t other_len;
    int other_number, rank = 1;

    for (const char *at = all; at && *at; at = strchr(at, '\n'), at += at != NULL)
        if (is_container(at, &other, &other_len, &other_number) && other_len == len &&
            strncmp(other, service, len) == 0 && other_number < number)
            rank++;
    return rank;
}

/* Labels that may differ: the directory of the test is in them; the name of the container has the
 * number; the hash may cover ids (that it is the right one is seen by a further up); why it was
 * made is history. */
static bool is_label_aside(const char *line)
{
    static const char *const all[] = {
        "com.docker.compose.project.config_files=", "com.docker.compose.project.working_dir=",
        "com.docker.compose.container-number=", "com.docker.compose.config-hash=",
        "dev.mcompose.cause="};
    static const char label[] = "    label ";

    for (size_t i = 0; str_has_prefix(line, label) && i < ARRAY_LEN(all); i++)
        if (str_has_prefix(line + strlen(label), all[i]))
            return true;
    return false;
}

/* One line, new ids and numbers of replicas made the same. */
static void add_line(const char *line, size_t len, unsigned long old, const char *was,
                     const char *now, struct str *out)
{
    for (size_t i = 0; i < len; i++) {
        unsigned long id = id_at(line + i);

        if (id) {
            str_addf(out, id <= old ? "OLD-%lu" : "NEW", id);
            i += 63;
        } else if (*was && !strncmp(line + i, was, strlen(was)) &&
                   !strchr("0123456789", line[i + strlen(was)])) {
            str_add(out, now);
            i += strlen(was) - 1;
        } else {
            str_addc(out, line[i]);
        }
    }
    str_addc(out, '\n');
}

static int compare_blocks(const void *a, const void *b)
{
    return strcmp(((const struct str *)a)->data, ((const struct str *)b)->data);
}

/* What the engine holds, sorted. */
static void describe(struct stage *s, unsigned long old, struct str *out)
{
    AUTO_TEXT all = {0};
    AUTO_TEXT was = {0}, now = {0};
    struct str *blocks;
    size_t count = 0;

    fake_describe(s->fake, &all);
    blocks = calloc(all.len + 1, sizeof *blocks);
    for (const char *at = str_text(&all); *at; at += strcspn(at, "\n") + 1) {
        const char *service;
        size_t len;
        int number;

        if (*at != ' ') {
            count++;
            str_clear(&was);
            str_clear(&now);
        }
        if (is_container(at, &service, &len, &number)) {
            str_addf(&was, "%.*s-%d", (int)len, service, number);
            str_addf(&now, "%.*s-#%d", (int)len, service,
                     rank_of(str_text(&all), service, len, number));
        }
        if (!is_label_aside(at))
            add_line(at, strcspn(at, "\n"), old, str_text(&was), str_text(&now),
                     &blocks[count - 1]);
    }
    qsort(blocks, count, sizeof *blocks, compare_blocks);
    for (size_t i = 0; i < count; i++) {
        str_add(out, str_text(&blocks[i]));
        str_done(&blocks[i]);
    }
    free(blocks);
}

/* A further up leaves all but the one-shot alone. */
static void check_settled(struct stage *s, const char *what)
{
    AUTO_TEXT text = {0};

    s->up.recreate = s->up.recreate_deps = RECREATE_CHANGED;
    s->up.renew_anon_volumes = false;
    stage_observe(s);
    assert_non_null(stage_reconcile(s));
    for (size_t i = 0; i < plan_len(s->plan); i++) {
        const struct plan_node *n = plan_at(s->plan, i);

        if (n->op == OP_NOTHING || n->op == OP_WAIT || !strncmp(n->service, "job", 3))
            continue;
        plan_print(s->plan, &text);
        fail_msg("%s: not settled:\n%s", what, str_text(&text));
    }
}

/* Where the two begin to differ, and in which object. */
static void show_difference(const char *what, const char *is, const char *want)
{
    const char *object = is;
    size_t at = 0, line = 0;

    for (; is[at] && is[at] == want[at]; at++)
        if (is[at] == '\n') {
            line = at + 1;
            object = is[line] != ' ' ? is + line : object;
        }
    print_error("%s: %.*s: it came to\n%.*s\nundisturbed it comes to\n%.*s\n", what,
                (int)strcspn(object, "\n"), object, (int)strcspn(is + line, "\n"), is + line,
                (int)strcspn(want + line, "\n"), want + line);
}

static bool check_end(struct stage *s, const struct scenario *c, unsigned long old,
                      const char *want, const char *what)
{
    AUTO_TEXT is = {0};

    fake_clear_log(s->fake);
    settle(s);
    describe(s, old, &is);
    if (strcmp(str_text(&is), want) != 0) {
        show_difference(what, str_text(&is), want);
        return false;
    }
    if (!c->down)
        check_settled(s, what);
    return true;
}

static void undisturbed(const struct scenario *c, const struct projects *p, struct str *ret)
{
    struct stage s;
    unsigned long old;

    prepare(&s, c, p);
    old = last_id(&s);
    go(&s, c);
    if (s.err.code != ERR_NONE)
        fail_msg("%s: %s", c->name, err_text(&s.err));
    settle(&s);
    describe(&s, old, ret);
    stage_done(&s);
}

/* ---- the troubles ---- */

struct attempt {
    struct stage s;
    const struct scenario *c;
    unsigned n;
    const char *what; /* in messages */
};
/* Makes trouble at the n-th occasion; false: there are fewer. */
typedef bool trouble_fn(struct attempt *a);

/* One clear error: the engine's words, once. */
static void check_error(struct attempt *a)
{
    const struct stage *s = &a->s;
    size_t failed = 0;

    if (!strstr(err_text(&s->err), "on purpose") && !strstr(err_text(&s->err), "connection"))
        fail_msg("%s: %s", a->what, err_text(&s->err));
    for (size_t i = 0; s->running && s->plan && i < plan_len(s->plan); i++)
        failed += exec_status(s->running, plan_at(s->plan, i)) == NODE_FAILED;
    if (failed > 1)
        fail_msg("%s: %zu steps failed", a->what, failed);
}

/* The one call that can be done without, and hooks of what is replaced: they are told of. */
static bool is_tolerated(const struct attempt *a)
{
    const struct stage *s = &a->s;

    if (strstr(fake_log(s->fake), "events\n"))
        return true;
    for (size_t i = 0; i < plan_len(s->plan); i++)
        if (exec_error(s->running, plan_at(s->plan, i)))
            return true;
    return false;
}

static bool call_goes_wrong(struct attempt *a)
{
    go(&a->s, a->c);
    if (fake_calls(a->s.fake) < a->n)
        return false;
    if (a->s.err.code != ERR_NONE)
        check_error(a);
    else if (!is_tolerated(a))
        fail_msg("%s: no error; log:\n%s", a->what, fake_log(a->s.fake));
    return true;
}

static bool failing_call(struct attempt *a)
{
    fake_fail_call(a->s.fake, a->n);
    return call_goes_wrong(a);
}

static bool lost_answer(struct attempt *a)
{
    fake_lose_answer(a->s.fake, a->n);
    return call_goes_wrong(a);
}

/* The n-th line: an inspection that hangs is no harm when an event says the same. */
static bool is_inspection(const char *log, unsigned n)
{
    while (--n && strchr(log, '\n'))
        log = strchr(log, '\n') + 1;
    return str_has_prefix(log, "container_inspect");
}

/* The n-th call of the plan hangs; a cancel ends it. */
static bool interrupted_call(struct attempt *a)
{
    struct stage *s = &a->s;
    struct plan *p = make_plan(s, a->c);

    assert_non_null(p);
    fake_clear_log(s->fake);
    fake_hold_call(s->fake, a->n);
    s->cancel_ms = 2;
    stage_run(s, p);
    s->cancel_ms = 0;
    if (fake_calls(s->fake) < a->n)
        return false;
    if (s->err.code != ERR_CANCELED && !is_inspection(fake_log(s->fake), a->n))
        fail_msg("%s: %s\nlog:\n%s\ntold:\n%s", a->what, err_text(&s->err), fake_log(s->fake),
                 str_text(&s->told));
    return true;
}

/* exec_cancel from inside the n-th progress callback. */
static bool interrupted_event(struct attempt *a)
{
    bool canceled;

    a->s.cancel_after = a->n;
    go(&a->s, a->c);
    canceled = a->s.cancel_after == 0;
    a->s.cancel_after = 0;
    return canceled;
}

/* As if it had been killed: the n-th call and all after it are never made. */
static bool killed(struct attempt *a)
{
    struct stage *s = &a->s;

    fake_go_away(s->fake, a->n);
    go(s, a->c);
    return fake_calls(s->fake) >= a->n;
}

/* Again, somewhere on the way to put the first one right. */
static bool killed_twice(struct attempt *a)
{
    struct stage *s = &a->s;

    if (!killed(a))
        return false;
    fake_clear_log(s->fake);
    fake_go_away(s->fake, 5 + a->n * 7 % 13);
    go(s, a->c);
    return true;
}

static bool try_once(const struct scenario *c, const struct projects *p, trouble_fn *trouble,
                     const char *kind, unsigned n, const char *want, size_t *wrong)
{
    AUTO_TEXT what = {0};
    struct attempt a = {.c = c, .n = n};
    unsigned long old;
    bool happened;

    str_addf(&what, "%s, %s %u", c->name, kind, n);
    a.what = str_text(&what);
    prepare(&a.s, c, p);
    old = last_id(&a.s);
    happened = trouble(&a);
    fake_clear_log(a.s.fake);
    if (happened && a.s.err.code != ERR_NONE) {
        go(&a.s, c);
        if (a.s.err.code != ERR_NONE)
            fail_msg("after %s: %s\nlog:\n%s", a.what, err_text(&a.s.err), fake_log(a.s.fake));
    }
    *wrong += !check_end(&a.s, c, old, want, a.what);
    stage_done(&a.s);
    return happened;
}

static void try_all(trouble_fn *trouble, const char *kind)
{
    size_t wrong = 0;

    for (size_t i = 0; i < ARRAY_LEN(scenarios); i++) {
        const struct scenario *c = &scenarios[i];
        AUTO_TEXT want = {0};
        struct projects p;
        unsigned n = 1;

        stage_fixture(&p.before, c->before ? c->before : c->now);
        stage_fixture(&p.now, c->now);
        undisturbed(c, &p, &want);
        while (try_once(c, &p, trouble, kind, n, str_text(&want), &wrong))
            assert_true(++n < 500);
        assert_true(n > 3); /* there was something to disturb */
        fixture_done(&p.before);
        fixture_done(&p.now);
    }
    assert_int_equal(wrong, 0);
}

static void test_every_call_fails(void **state)
{
    (void)state;
    try_all(failing_call, "failing call");
}

static void test_every_answer_is_lost(void **state)
{
    (void)state;
    try_all(lost_answer, "losing answer");
}

static void test_interrupted_in_every_call(void **state)
{
    (void)state;
    try_all(interrupted_call, "interrupted call");
}

static void test_interrupted_at_every_event(void **state)
{
    (void)state;
    try_all(interrupted_event, "interrupted at event");
}

static void test_killed_before_every_call(void **state)
{
    (void)state;
    try_all(killed, "killed before call");
}

static void test_killed_twice(void **state)
{
    (void)state;
    try_all(killed_twice, "killed twice, before call");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_call_fails),
        cmocka_unit_test(test_every_answer_is_lost),
        cmocka_unit_test(test_interrupted_in_every_call),
        cmocka_unit_test(test_interrupted_at_every_event),
        cmocka_unit_test(test_killed_before_every_call),
        cmocka_unit_test(test_killed_twice),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
