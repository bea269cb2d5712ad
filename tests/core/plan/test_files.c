/* Secrets and configs: what is copied into a container, what is mounted, what cannot be. */
#include "core/load/sources.h"
#include "core/plan/reconcile.h"

#include "core/base/arena.h"
#include "core/base/str.h"
#include "tests/lib/fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static const char sources[] = "secrets:\n"
                              "  file: {file: ./there}\n"
                              "  gone: {file: ./gone}\n"
                              "  dir: {file: .}\n"
                              "  env: {environment: HOME}\n"
                              "  unset: {environment: UNSET}\n"
                              "  far: {external: true, name: out}\n"
                              "  driven: {file: ./there, driver: d}\n"
                              "configs:\n"
                              "  text: {content: hello}\n"
                              "  file: {file: ./there}\n";

/* `copied`: target mode uid:gid content of each file. Messages are of the copies and the mounts. */
static const struct {
    const char *service, *copied, *messages;
} cases[] = {
    {"secrets: [file, env], configs: [text, file]",
     "/run/secrets/env 444 -1:-1 /home/user|/text 444 -1:-1 hello|", ""},
    {"secrets: [{source: file, mode: 0400, uid: '7'}, {source: env, target: sub/x, gid: '8'}]",
     "/run/secrets/file 400 7:-1 content|/run/secrets/sub/x 444 -1:8 /home/user|", ""},
    {"configs: [{source: file, target: /etc/x, mode: 0600}, {source: text, target: rel}]",
     "/etc/x 600 -1:-1 content|/rel 444 -1:-1 hello|", ""},
    {"secrets: [gone]", "",
     "compose.yaml:6:16: error: secrets.gone.file: open @DIR@/gone: no such file or directory\n"},
    {"secrets: [{source: gone, mode: 0400}]", "",
     "compose.yaml:6:16: error: secrets.gone.file: open @DIR@/gone: no such file or directory\n"},
    {"secrets: [unset]", "",
     "compose.yaml:2:27: error: environment variable \"UNSET\" required by secret \"unset\" is not "
     "set\n"},
    {"secrets: [far]", "", "compose.yaml:2:27: error: unsupported external secret out\n"},
    {"secrets: [driven]", "",
     "compose.yaml:2:27: error: Docker Compose does not support secrets.*.driver\n"},
    {"secrets: [{source: env, uid: root}]", "",
     "compose.yaml:2:46: error: uid 'root' is not a number\n"},
    {"read_only: true, secrets: [{source: file, mode: 0400}]", "",
     "compose.yaml:2:44: warning: secret `uid`, `gid` and `mode` are not supported in a read-only "
     "service, they will be ignored\n"},
    {"secrets: [{source: dir, mode: 0400}]", "",
     "compose.yaml:2:27: warning: secret `uid`, `gid` and `mode` are not supported for "
     "directories, they will be ignored\n"},
    /* a copy would land on the host, in a volume that stays, or under a tmpfs */
    {"volumes: ['./there:/h/'], configs: [{source: file, target: /h/x, mode: 0600}]", "",
     "compose.yaml:2:53: warning: config `uid`, `gid` and `mode` are not supported under another "
     "mount, they will be ignored\n"},
    {"tmpfs: ['/run:size=1m'], secrets: [{source: file, uid: '7'}]", "",
     "compose.yaml:2:52: warning: secret `uid`, `gid` and `mode` are not supported under another "
     "mount, they will be ignored\n"},
    {"volumes: ['/run/secret:/run/secret'], secrets: [{source: file, uid: '7'}]",
     "/run/secrets/file 444 7:-1 content|", ""},
    {"volumes: [{type: tmpfs, target: /text}], configs: [text, {source: text, target: /texts}]",
     "/text 444 -1:-1 hello|/texts 444 -1:-1 hello|",
     "compose.yaml:2:68: warning: config \"text\" is copied to /text, where a tmpfs hides it from "
     "the container\n"},
    {"volumes_from: [b], configs: [{source: text, target: /d/x}]", "/d/x 444 -1:-1 hello|",
     "compose.yaml:2:46: warning: config \"text\" is copied to /d/x, into what is mounted there\n"},
    {"volumes_from: ['container:b'], configs: [{source: text, target: /d/x}]",
     "/d/x 444 -1:-1 hello|", ""},
    {"read_only: true, configs: [text]", "",
     "compose.yaml:2:44: error: cannot create config \"text\" in read-only service a: `file` is "
     "the sole supported option\n"},
};

static void list_files(const struct file_copy *files, size_t count, struct str *out)
{
    for (size_t i = 0; i < count; i++)
        str_addf(out, "%s %o %d:%d %.*s|", files[i].target, files[i].mode, files[i].uid,
                 files[i].gid, (int)files[i].len, files[i].data);
}

static void run_case(size_t i)
{
    struct fixture f;
    struct file_copy *files = NULL;
    size_t count = 0;
    const struct service *s;
    AUTO_TEXT text = {0};
    int status;

    fixture_init(&f);
    fixture_file(&f, "there", "content");
    str_addf(&text, "services:\n  a: {image: x, %s}\n  b: {image: x, volumes: ['/d:/d']}\n%s",
             cases[i].service, sources);
    fixture_file(&f, "compose.yaml", str_text(&text));
    if (!fixture_load(&f))
        fail_msg("%s: %s", cases[i].service, fixture_messages(&f));
    s = project_service(f.project, "a");
    load_sources(f.project, true);
    status = plan_mounted_files(f.project->arena, f.project, s, f.diags);
    status |= plan_files(f.project->arena, f.project, s, &files, &count, f.diags);
    assert_string_equal(fixture_messages(&f), cases[i].messages);
    assert_int_equal(status, strstr(cases[i].messages, "error: ") ? -1 : 0);
    str_clear(&text);
    list_files(files, status < 0 ? 0 : count, &text);
    assert_string_equal(str_text(&text), cases[i].copied);
    fixture_done(&f);
}

static void test_cases(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++)
        run_case(i);
}

/* An engine elsewhere sees other files than we do. */
static void test_far_engine(void **state)
{
    struct fixture f;

    (void)state;
    assert_non_null(fixture_compose(&f, "services: {a: {image: x, secrets: [s]}}\n"
                                        "secrets: {s: {file: /nonexistent}}\n"));
    load_sources(f.project, false);
    assert_int_equal(
        plan_mounted_files(f.project->arena, f.project, project_service(f.project, "a"), f.diags),
        0);
    fixture_done(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cases),
        cmocka_unit_test(test_far_engine),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
