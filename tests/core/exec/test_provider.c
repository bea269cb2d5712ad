/* Services that another program provides: what it is asked, what it may answer, what comes of it.
 */
#include "core/plan/providers.h"

#include "core/base/diags.h"
#include "core/base/path.h"
#include "core/exec/exec.h"
#include "tests/lib/golden.h"
#include "tests/lib/stage.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#define PROJECT                                                                                    \
    "services:\n"                                                                                  \
    "  db: {provider: {type: try, options: {size: 2, names: [a, b]}}}\n"                           \
    "  web: {image: x, depends_on: [db], environment: {B: c}}\n"                                   \
    "  lone: {image: x}\n"

static char dir[] = "/tmp/mcompose-test-provider-XXXXXX";

static const struct {
    const char *script; /* what the program does when it is not asked for metadata */
    const char *metadata, *told, *err, *environment;
} cases[] = {
    {"", "", "db Creating\ndb Created\n", "", "B=c\n"},
    {"printf '%s\\n\\n' '{\"type\":\"info\",\"message\":\"one\\ntwo\"}'; "
     "echo '{\"type\":\"debug\",\"message\":\"x\"}'; "
     "echo '{\"type\":\"setenv\",\"message\":\"URL=a=b\"}'; "
     "printf '{\"type\":\"rawsetenv\",\"message\":\"RAW=r\"}'",
     "", "db Creating\ndb one\ndb Created\n", "", "B=c\nDB_URL=a=b\nRAW=r\n"},
    {"echo \"{\\\"type\\\":\\\"setenv\\\",\\\"message\\\":\\\"A=$*\\\"}\"", "",
     "db Creating\ndb Created\n", "",
     "B=c\nDB_A=compose --project-name=demo up --names=a --names=b --size=2 db\n"},
    {"echo \"{\\\"type\\\":\\\"setenv\\\",\\\"message\\\":\\\"A=$*\\\"}\"",
     "{\"description\":\"d\",\"up\":{\"parameters\":[{\"name\":\"size\",\"required\":true}]}}",
     "db Creating\ndb Created\n", "", "B=c\nDB_A=compose --project-name=demo up --size=2 db\n"},
    {"", "{\"up\":{\"parameters\":[{\"name\":\"must\",\"required\":true}]}}", "db Creating\n",
     "required parameter \"must\" is missing from provider \"try\" definition", "B=c\n"},
    {"echo '{\"type\":\"error\",\"message\":\"no luck\"}'; sleep 30", "", "db Creating\n",
     "no luck", "B=c\n"},
    {"echo well >&2; exit 3", "", "db Creating\n",
     "failed to create service provider: exit status 3: well", "B=c\n"},
    {"echo hello", "", "db Creating\n", "invalid response from plugin: hello", "B=c\n"},
    {"echo '{\"type\":\"other\"}'", "", "db Creating\n", "invalid response from plugin: other",
     "B=c\n"},
    {"echo '{\"type\":\"setenv\",\"message\":\"A\"}'", "", "db Creating\n",
     "invalid response from plugin: A", "B=c\n"},
};

static void write_program(const char *name, const char *script, const char *metadata)
{
    AUTO_TEXT file = {0};
    FILE *f;

    str_addf(&file, "%s/%s", dir, name);
    f = fopen(str_text(&file), "we");
    assert_non_null(f);
    fprintf(f, "#!/bin/sh\nif [ \"$2\" = metadata ]; then\ncat <<'E'\n%s\nE\nexit\nfi\n%s\n",
            metadata, script);
    assert_int_equal(fclose(f), 0);
    assert_int_equal(chmod(str_text(&file), 0700), 0);
}

static void begin(struct stage *s, char *const *environment)
{
    static const char *dirs[] = {dir};

    stage_init(s);
    stage_load(s, PROJECT);
    s->exec.environment = environment;
    s->exec.plugin_dirs = (struct strings){dirs, 1};
}

static struct plan *providers_of(struct stage *s)
{
    struct plan *p = plan_new(s->arena);

    plan_providers(p, s->fixture.project);
    return p;
}

static void run_case(size_t i)
{
    struct stage s;
    char path[] = "PATH=/usr/bin:/bin";
    char *environment[] = {path, NULL};
    const struct service *web;
    AUTO_TEXT got = {0};

    write_program("docker-try", cases[i].script, cases[i].metadata);
    begin(&s, environment);
    stage_run(&s, providers_of(&s));
    assert_string_equal(s.err.code == ERR_NONE ? "" : err_text(&s.err), cases[i].err);
    assert_true(str_has_prefix(str_text(&s.told), cases[i].told));
    web = project_service(s.fixture.project, "web");
    for (size_t k = 0; k < web->environment.len; k++)
        str_addf(&got, "%s=%s\n", web->environment.entries[k].key,
                 web->environment.entries[k].value);
    assert_string_equal(str_text(&got), cases[i].environment);
    assert_int_equal(project_service(s.fixture.project, "lone")->environment.len, 0);
    stage_done(&s);
}

static void test_cases(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++)
        run_case(i);
}

/* Any program will do; one that is not there is an error, and where it is asked for is told. */
static void test_search(void **state)
{
    struct stage s;
    AUTO_TEXT path = {0};
    char *environment[] = {NULL, NULL};

    (void)state;
    str_addf(&path, "PATH=/nonexistent:%s", dir);
    environment[0] = path.data;
    write_program("try", "", "");
    begin(&s, environment);
    s.exec.plugin_dirs.len = 0;
    stage_run(&s, providers_of(&s));
    assert_int_equal(s.err.code, ERR_NONE);
    path.data[strlen("PATH=")] = '\0';
    stage_run(&s, providers_of(&s));
    assert_string_equal(err_text(&s.err), "exec: \"try\": executable file not found in $PATH");
    assert_int_equal(s.err.loc.line, 2);
    stage_done(&s);
}

/* A Ctrl-C ends it. */
static void test_cancel(void **state)
{
    struct stage s;
    char path[] = "PATH=/usr/bin:/bin";
    char *environment[] = {path, NULL};

    (void)state;
    write_program("docker-try", "exec sleep 60", "");
    begin(&s, environment);
    s.cancel_ms = 100;
    stage_run(&s, providers_of(&s));
    assert_int_equal(s.err.code, ERR_CANCELED);
    stage_done(&s);
}

static void test_dry(void **state)
{
    struct stage s;

    (void)state;
    begin(&s, NULL);
    s.exec.dry_run = true;
    s.exec.plugin_dirs.len = 0;
    stage_run(&s, providers_of(&s));
    assert_int_equal(s.err.code, ERR_NONE);
    assert_string_equal(str_text(&s.told), "db Creating\ndb Created\n");
    stage_done(&s);
}

static void test_down(void **state)
{
    const struct down_options o = {.timeout = TIMEOUT_DEFAULT};
    struct stage s;
    struct diags *d = diags_new();
    AUTO_TEXT text = {0};

    (void)state;
    begin(&s, NULL);
    stage_up(&s);
    assert_int_equal(s.err.code, ERR_NONE);
    stage_observe(&s);
    plan_print(plan_down(s.arena, s.fixture.project, &s.observed, &o, d), &text);
    golden_check("plan/provider_down.golden", str_text(&text));
    diags_free(d);
    stage_done(&s);
}

static int make_dir(void **state)
{
    (void)state;
    return mkdtemp(dir) ? 0 : -1;
}

static int remove_dir(void **state)
{
    static const char *const names[] = {"docker-try", "try"};

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(names); i++) {
        AUTO_TEXT file = {0};

        str_addf(&file, "%s/%s", dir, names[i]);
        unlink(str_text(&file));
    }
    return rmdir(dir);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cases), cmocka_unit_test(test_search), cmocka_unit_test(test_cancel),
        cmocka_unit_test(test_dry),   cmocka_unit_test(test_down),
    };

    return cmocka_run_group_tests(tests, make_dir, remove_dir);
}
