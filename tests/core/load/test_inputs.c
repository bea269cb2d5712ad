#include "core/load/stages.h"

#include "core/base/arena.h"
#include "core/base/attr.h"
#include "core/base/diags.h"
#include "core/base/path.h"
#include "core/load/env.h"
#include "tests/lib/fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <unistd.h>

/* A tree of files, shared by the cases. */
static const char *const files[][2] = {
    {"proj/compose.yaml", "services: {}\n"},
    {"proj/.env", "V=proj\nW=projw\n"},
    {"proj/sub/.env", "V=sub\n"},
    {"proj/sub/deep/.env", "V=deep\n"},
    {"x/c.yaml", "services: {}\n"},
    {"x/.env", "V=x\nW=xw\n"},
    {"e1", "V=1\nA=$V${W-}\n"},
    {"e2", "V=2\nW=w$V\n"},
    {"bad", "A B=c\n"},
    {"named/compose.yaml", "name: My.Name-1\n"},
    {"named/var.yaml", "name: ${V}x\n"},
    {"named/unset.yaml", "name: ${N}x\n"},
    {"named/empty.yaml", "name: \"\"\n"},
    {"named/dots.yaml", "name: ...\n"},
    {"named/two.yaml", "name: one\n---\nname: two\n---\nservices: {}\n"},
    {"named/list.yaml", "name: [a]\n"},
    {"multi/compose.yml", ""},
    {"multi/docker-compose.yaml", ""},
    {"multi/compose.override.yaml", ""},
    {"multi/compose.override.yml", ""},
    {"pair/docker-compose.yml", ""},
    {"pair/docker-compose.override.yaml", ""},
    {"setting/.env", "COMPOSE_FILE=a.yaml\nCOMPOSE_PROJECT_NAME=from-env\nV=1\n"},
    {"setting/a.yaml", "services: {}\n"},
    {"off/.env", "COMPOSE_DISABLE_ENV_FILE=true\nV=1\n"},
    {"off/compose.yaml", "services: {}\n"},
    {"wrong/.env", "COMPOSE_PROJECT_NAME=Wrong.Name\n"},
    {"wrong/compose.yaml", "services: {}\n"},
    {"Up_per-.x/compose.yaml", "services: {}\n"},
    {"dir/.env/x", ""},
    {"dir/compose.yaml", "services: {}\n"},
    {"empty/x", ""},
};

#define NO_NAME                                                                                    \
    "must consist only of lowercase alphanumeric characters, hyphens, and underscores as well as " \
    "start with a letter or number"

/* Lists are separated by blanks. `want`: name, directory, files and values of the variables V W A,
 * or the messages. @DIR@ is the directory all is in. */
static const struct {
    const char *cwd, *environ, *f, *env_files, *p, *directory;
    const char *want;
} cases[] = {
    /* discovery, and which .env is read */
    {"proj", "", "", "", "", "", "proj in proj: proj/compose.yaml; V=proj W=projw"},
    {"proj/sub", "", "", "", "", "", "proj in proj: proj/compose.yaml; V=sub W=projw"},
    {"proj/sub/deep", "", "", "", "", "", "proj in proj: proj/compose.yaml; V=deep W=projw"},
    {"proj", "V=os", "", "", "", "", "proj in proj: proj/compose.yaml; V=os W=projw"},
    {"proj/sub", "", "../../x/c.yaml", "", "", "", "x in x: x/c.yaml; V=x W=xw"},
    {"proj/sub", "COMPOSE_FILE=../../x/c.yaml", "", "", "", "", "x in x: x/c.yaml; V=sub W=xw"},
    {"", "", "proj/compose.yaml", "", "", "x", "x in x: proj/compose.yaml; V=x W=xw"},
    {"", "", "", "", "", "proj/sub", "sub in proj/sub: proj/compose.yaml; V=sub"},
    {"proj", "", "../x/c.yaml compose.yaml", "", "", "",
     "x in x: x/c.yaml proj/compose.yaml; V=x W=xw"},
    {"proj", "", "- ../x/c.yaml", "", "", "", "x in x: - x/c.yaml; V=x W=xw"},
    {"pair", "", "", "", "", "",
     "pair in pair: pair/docker-compose.yml pair/docker-compose.override.yaml;"},
    {"dir", "", "", "", "", "", "dir in dir: dir/compose.yaml;"},
    {"multi", "", "", "", "", "",
     "warning: Found multiple config files with supported names: @DIR@/multi/compose.yml, "
     "@DIR@/multi/docker-compose.yaml\n"
     "warning: Using @DIR@/multi/compose.yml\n"
     "warning: Found multiple override files with supported names: "
     "@DIR@/multi/compose.override.yml, "
     "@DIR@/multi/compose.override.yaml\n"
     "warning: Using @DIR@/multi/compose.override.yml\n"
     "multi in multi: multi/compose.yml multi/compose.override.yml;"},
    {"empty", "", "", "", "", "",
     "error: no configuration file provided: not found (there is no compose.yaml in '@DIR@/empty' "
     "or a "
     "directory above it; name the file with -f)\n"},

    /* COMPOSE_FILE */
    {"", "COMPOSE_FILE=proj/compose.yaml:x/c.yaml", "", "", "", "",
     "proj in proj: proj/compose.yaml x/c.yaml; V=proj W=projw"},
    {"", "COMPOSE_FILE=proj/compose.yaml,x/c.yaml COMPOSE_PATH_SEPARATOR=,", "", "", "", "",
     "proj in proj: proj/compose.yaml x/c.yaml; V=proj W=projw"},
    {"", "COMPOSE_FILE=nope.yaml", "x/c.yaml", "", "", "", "x in x: x/c.yaml; V=x W=xw"},
    {"", "COMPOSE_FILE=x/c.yaml:nope.yaml", "", "", "", "",
     "error: stat @DIR@/nope.yaml: no such file or directory (the file is named by "
     "COMPOSE_FILE)\n"},
    {"setting", "", "", "", "", "", "from-env in setting: setting/a.yaml; V=1"},
    {"setting", "COMPOSE_PROJECT_NAME=os", "", "", "", "", "os in setting: setting/a.yaml; V=1"},

    {"", "", "oci://example.com/x", "", "", "",
     "error: cannot read 'oci://example.com/x': files are not fetched from repositories or "
     "registries\n"},

    /* env files */
    {"proj", "", "", "../e1 ../e2", "", "", "proj in proj: proj/compose.yaml; V=2 W=w2 A=1"},
    {"proj", "W=os", "", "../e2 ../e1", "", "", "proj in proj: proj/compose.yaml; V=1 W=os A=1os"},
    {"proj", "COMPOSE_ENV_FILES=../e2,,", "", "", "", "",
     "proj in proj: proj/compose.yaml; V=2 W=w2"},
    {"proj", "COMPOSE_ENV_FILES=../e1", "", "../e2", "", "",
     "proj in proj: proj/compose.yaml; V=2 W=w2"},
    {"proj", "COMPOSE_DISABLE_ENV_FILE=1", "", "", "", "", "proj in proj: proj/compose.yaml;"},
    {"proj", "COMPOSE_DISABLE_ENV_FILE=1", "", "../e2", "", "",
     "proj in proj: proj/compose.yaml; V=2 W=w2"},
    {"off", "", "", "", "", "", "off in off: off/compose.yaml;"},
    {"proj", "COMPOSE_DISABLE_ENV_FILE=yes", "", "", "", "",
     "error: strconv.ParseBool: parsing \"yes\": invalid syntax (COMPOSE_DISABLE_ENV_FILE must be "
     "'true' or "
     "'false')\n"},
    {"proj", "", "", "../nope", "", "", "error: couldn't find env file: @DIR@/nope\n"},
    {"proj", "", "", "../x", "", "", "error: @DIR@/x is a directory\n"},
    {"", "", "x/c.yaml", "bad", "", "", "bad:1:1: error: key cannot contain a space\n"},

    /* names */
    {"proj", "", "", "", "given_1", "", "given_1 in proj: proj/compose.yaml; V=proj W=projw"},
    {"proj", "", "", "", "Given", "",
     "error: invalid project name \"Given\": " NO_NAME " ('given' would do)\n"},
    {"proj", "COMPOSE_PROJECT_NAME=-x", "", "", "", "",
     "error: invalid project name \"-x\": " NO_NAME " ('x' would do)\n"},
    {"proj", "COMPOSE_PROJECT_NAME=", "", "", "", "",
     "proj in proj: proj/compose.yaml; V=proj W=projw"},
    {"wrong", "", "", "", "", "",
     ".env:1:22: error: invalid project name \"Wrong.Name\": " NO_NAME " ('wrongname' would do)\n"},
    {"wrong", "", "", "", "p", "", "p in wrong: wrong/compose.yaml;"},
    {"named", "", "", "", "", "", "myname-1 in named: named/compose.yaml;"},
    {"named", "V=Q", "var.yaml", "", "", "", "qx in named: named/var.yaml; V=Q"},
    {"named", "", "unset.yaml", "", "", "",
     "unset.yaml:1:7: warning: name: The \"N\" variable is not set. Defaulting to a blank string.\n"
     "x in named: named/unset.yaml;"},
    {"named", "", "compose.yaml empty.yaml", "", "", "",
     "myname-1 in named: named/compose.yaml named/empty.yaml;"},
    {"named", "", "compose.yaml two.yaml", "", "", "",
     "two in named: named/compose.yaml named/two.yaml;"},
    {"named", "", "two.yaml compose.yaml", "", "", "",
     "myname-1 in named: named/two.yaml named/compose.yaml;"},
    {"named", "", "empty.yaml", "", "", "", "named in named: named/empty.yaml;"},
    {"named", "", "list.yaml", "", "", "", "named in named: named/list.yaml;"},
    {"named", "", "dots.yaml", "", "", "",
     "dots.yaml:1:7: error: project name must not be empty (give one with -p or 'name:')\n"},
    {"Up_per-.x", "", "", "", "", "", "up_per-x in Up_per-.x: Up_per-.x/compose.yaml;"},
};

static struct strings split(struct arena *a, const char *list)
{
    struct strings ret = {.items = arena_calloc(a, strlen(list) + 1, sizeof *ret.items)};

    for (size_t len; *list; list += len + (list[len] == ' ')) {
        len = strcspn(list, " ");
        ret.items[ret.len++] = arena_strndup(a, list, len);
    }
    return ret;
}

static void describe(const struct load *l, struct str *out)
{
    static const char *const names[] = {"V", "W", "A"};

    str_addf(out, "%s in %s:", l->name, l->dir);
    for (size_t i = 0; i < l->files.len; i++)
        str_addf(out, " %s", l->files.items[i]);
    str_addc(out, ';');
    for (size_t i = 0; i < ARRAY_LEN(names); i++)
        if (env_get(l->env, names[i]))
            str_addf(out, " %s=%s", names[i], env_get(l->env, names[i]));
    assert_string_equal(env_get(l->env, "COMPOSE_PROJECT_NAME"), l->name);
    assert_string_equal(env_get(l->env, "PWD"), l->cwd);
}

static void fill(struct fixture *f)
{
    fixture_init(f);
    for (size_t i = 0; i < ARRAY_LEN(files); i++)
        fixture_file(f, files[i][0], files[i][1]);
}

static void run(struct fixture *f, size_t i)
{
    struct arena *a = arena_new();
    struct load l = {.arena = a, .diags = f->diags, .opts = &f->options};
    struct strings variables = split(a, cases[i].environ);
    AUTO_TEXT got = {0};
    AUTO_TEXT state = {0};
    AUTO_TEXT below = {0};
    int rc;

    f->options.cwd = path_join(a, f->dir, cases[i].cwd);
    f->options.files = split(a, cases[i].f);
    f->options.env_files = split(a, cases[i].env_files);
    f->options.project_name = cases[i].p;
    f->options.project_directory = cases[i].directory;
    f->options.environ = (char *const *)variables.items;
    rc = load_inputs(&l);
    if (rc == 0)
        describe(&l, &state);
    assert_int_equal(rc < 0, diags_has_errors(f->diags));
    str_addf(&below, " %s/", f->dir);
    text_replace(&state, below.data, " ");
    str_addf(&got, "%s%s", fixture_messages(f), str_text(&state));
    if (strcmp(got.data, cases[i].want) != 0)
        fail_msg("case %zu in '%s' gives\n%s\nnot\n%s", i, cases[i].cwd, got.data, cases[i].want);
    arena_free(a);
}

static void test_cases(void **state)
{
    struct fixture f;

    (void)state;
    fill(&f);
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        run(&f, i);
        diags_free(f.diags);
        f.diags = diags_new();
    }
    fixture_done(&f);
}

static void test_symlink(void **state)
{
    struct fixture f;
    struct arena *a = arena_new();
    struct load l = {.arena = a};

    (void)state;
    fill(&f);
    assert_int_equal(symlink("proj", path_join(a, f.dir, "Link")), 0);
    f.options.cwd = path_join(a, f.dir, "Link");
    f.options.files.len = 0;
    f.options.project_name = NULL;
    l.opts = &f.options;
    l.diags = f.diags;
    assert_int_equal(load_inputs(&l), 0);
    assert_string_equal(l.name, "link");
    assert_string_equal(fixture_messages(&f),
                        "warning: project has been loaded without an explicit name "
                        "from a symlink. Using name \"Link\"\n");
    arena_free(a);
    fixture_done(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_cases),
                                       cmocka_unit_test(test_symlink)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
