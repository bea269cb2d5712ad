/* drivers/docker/{build,build_feed}.c: the question, the context, the stream that comes back. */
#include "core/model/model.h"
#include "tests/lib/engine.h"
#include "tests/lib/fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define BUILT SERVER_JSON("{\"id\":\"moby.image.id\",\"aux\":{\"ID\":\"sha256:0a\"}}\n")

static void on_event(void *owner, const struct build_event *e)
{
    static const char *const kinds[] = {"text", "vertex", "log", "status", "warning"};
    struct outcome *o = owner;

    assert_int_equal(o->runs, 0);
    str_addf(&o->output, "[%s ", kinds[e->kind]);
    str_addn(&o->output, e->text ? e->text : e->name, e->text ? e->len : strlen(e->name));
    if (e->total)
        str_addf(&o->output, " %lld/%lld", (long long)e->current, (long long)e->total);
    str_addc(&o->output, ']');
    if (o->cancel_on_output)
        o->e->driver->ops->cancel(o->call);
}

static void on_done(void *owner, const struct reply *r, const struct err *err)
{
    struct outcome *o = owner;

    engine_on_done(owner, r, err);
    str_add(&o->output, err ? err_text(err) : r->id ? r->id : "no id");
}

/* Builds in the directory of the fixture; `text` is what came of it, `log` the requests. */
static struct err run(const struct fixture *f, struct image_build *b, const char *answer,
                      struct str *text, struct str *log)
{
    struct engine e;
    struct outcome o = {.e = &e};

    engine_start(&e, false, NULL);
    server_on(e.server, "POST ", answer);
    if (!b->context)
        b->context = f->dir;
    o.call = e.w->ops->image_build(e.w, b, on_event, on_done, &o);
    engine_run(&e);
    assert_int_equal(o.runs, 1);
    str_add(text, str_text(&o.output));
    if (strstr(server_log(e.server), "POST "))
        str_add(log, strstr(server_log(e.server), "POST "));
    engine_end(&e);
    str_done(&o.output);
    return o.err;
}

static void context(struct fixture *f)
{
    fixture_init(f);
    fixture_file(f, "Dockerfile", "FROM x\n");
    fixture_file(f, "sub/Other", "FROM y\n");
    fixture_file(f, ".dockerignore", "*\n");
}

static struct mapping_entry arg_entries[] = {{"A", "1 2"}, {"B", NULL}},
                            label_entries[] = {{"l.m", "v"}};
static const struct mapping args = {arg_entries, 2}, labels = {label_entries, 1};
static const char *tags[] = {"a:1", "b"}, *hosts[] = {"h=1.2.3.4", "g=host-gateway"},
                  *cache[] = {"c:1"};
static struct ulimit nofile = {.item = {.key = "nofile"}, .soft = 1, .hard = 2};
static struct ulimit *ulimits[] = {&nofile};
static struct build model = {.ulimits = {ulimits, 1}};

static const struct {
    struct image_build build;
    const char *want; /* of the request */
} cases[] = {
    {{.buildkit = true}, "POST /v1.41/build?dockerfile=Dockerfile&version=2 "},
    {{0}, "POST /v1.41/build?dockerfile=Dockerfile&version=1 "},
    {{.buildkit = true, .dockerfile = "sub/Other"},
     "POST /v1.41/build?dockerfile=sub%2FOther&version=2 "},
    {{.buildkit = true,
      .dockerfile = "sub/../Dockerfile",
      .target = "t",
      .network = "none",
      .platform = "linux/arm64",
      .isolation = "i",
      .no_cache = true,
      .pull = true,
      .shm_size = 64},
     "POST "
     "/v1.41/build?dockerfile=Dockerfile&target=t&nocache=1&pull=1&networkmode=none&isolation=i&"
     "platform=linux%2Farm64&shmsize=64&version=2 "},
    {{.buildkit = true, .dockerfile_inline = "FROM z"},
     "POST /v1.41/build?dockerfile=.mcompose.Dockerfile&version=2 "},
    {{.buildkit = true, .tags = {tags, 2}, .args = &args, .labels = &labels},
     "POST "
     "/v1.41/"
     "build?dockerfile=Dockerfile&t=a%3A1&t=b&buildargs=%7B%22A%22%3A%221%202%22%2C%22B%22%3Anull%"
     "7D&"
     "labels=%7B%22l.m%22%3A%22v%22%7D&version=2 "},
    {{.buildkit = true, .extra_hosts = {hosts, 2}, .cache_from = {cache, 1}, .build = &model},
     "POST /v1.41/build?dockerfile=Dockerfile&extrahosts=h%3A1.2.3.4&extrahosts=g%3Ahost-gateway&"
     "cachefrom=%5B%22c%3A1%22%5D&ulimits=%5B%7B%22Name%22%3A%22nofile%22%2C%22Hard%22%3A2%2C%"
     "22Soft%22%3A1"
     "%7D%5D&version=2 "},
    {{.buildkit = true, .context = "https://host/repo.git#main", .dockerfile = "D"},
     "POST /v1.41/build?remote=https%3A%2F%2Fhost%2Frepo.git%23main&dockerfile=D&version=2\n"},
};

static void test_question(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct image_build b = cases[i].build;
        struct fixture f;
        AUTO_TEXT text = {0};
        AUTO_TEXT log = {0};
        AUTO_ERR err = {0};

        context(&f);
        err = run(&f, &b, BUILT, &text, &log);
        assert_string_equal(str_text(&text), "sha256:0a");
        str_cut(&log, strlen(cases[i].want) < log.len ? strlen(cases[i].want) : log.len);
        assert_string_equal(str_text(&log), cases[i].want);
        fixture_done(&f);
    }
}

static const struct {
    const char *answer, *want;
    int status;
    bool classic;
} answer_cases[] = {
    {SERVER_JSON(
         "{\"stream\":\"Step 1/1 : FROM x\"}\r\n{\"stream\":\"\\n\"}\r\n"
         "{\"status\":\"Pulling from x\",\"id\":\"latest\"}\r\n"
         "{\"status\":\"Downloading\",\"id\":\"aa\",\"progressDetail\":{\"current\":1,\"total\":2}}"
         "\r\n"
         "{\"aux\":{\"ID\":\"sha256:0b\"}}\r\n{\"stream\":\"Successfully built 0b\\n\"}\r\n"),
     "[text Step 1/1 : FROM x][text \n][text latest: Pulling from x\n][status aa: Downloading 1/2]"
     "[text Successfully built 0b\n]sha256:0b",
     0, true},
    /* an engine of before 23 */
    {SERVER_JSON("{\"id\":\"moby.image.id\",\"aux\":{\"ID\":\"sha256:0b\"}}\r\n"
                 "{\"stream\":\"Successfully tagged a:1\\n\"}\r\n"),
     "sha256:0b", 0, false},
    /* a vertex named n */
    {SERVER_JSON(
         "{\"id\":\"moby.buildkit.trace\",\"aux\":\"Cg0KAmQxEgJkMBoBbkIA\"}\n"
         "{\"errorDetail\":{\"code\":3,\"message\":\"exit code: 3\"},\"error\":\"old words\"}\n"),
     "[vertex n]failed to solve: exit code: 3", 3, false},
    {SERVER_JSON(
         "{\"errorDetail\":{\"message\":\"no active sessions\"},\"error\":\"no active sessions\"}"),
     "failed to solve: no active sessions", 1, false},
    {SERVER_JSON("{\"error\":\"failed to solve: old words\"}"), "failed to solve: old words", 1,
     false},
    {SERVER_JSON("{\"id\":\"moby.buildkit.trace\",\"aux\":\"!\"}\n"),
     "the engine sent progress that cannot be read", 0, false},
    {SERVER_EARLY SERVER_ANSWER("400 Bad Request", "application/json",
                                "{\"message\":\"unknown instruction\"}"),
     "Error response from daemon: unknown instruction", 400, false},
    {SERVER_JSON(""), "no id", 0, false},
};

static void test_answer(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(answer_cases); i++) {
        struct image_build b = {.buildkit = !answer_cases[i].classic};
        struct fixture f;
        AUTO_TEXT text = {0};
        AUTO_TEXT log = {0};
        AUTO_ERR err = {0};

        context(&f);
        err = run(&f, &b, answer_cases[i].answer, &text, &log);
        assert_string_equal(str_text(&text), answer_cases[i].want);
        assert_int_equal(err.status, answer_cases[i].status);
        fixture_done(&f);
    }
}

static const struct {
    const char *file, *text; /* to add; text NULL: nothing */
    struct image_build build;
    const char *want; /* up to the first place of the directory */
} broken_cases[] = {
    {NULL,
     NULL,
     {.context = "/nonexistent/dir"},
     "unable to prepare context: path \"/nonexistent/dir\" not found"},
    {NULL,
     NULL,
     {.dockerfile = "/nonexistent/D"},
     "failed to read dockerfile: open /nonexistent/D: no such file or directory"},
    {NULL,
     NULL,
     {.dockerfile = "D"},
     "failed to read dockerfile: open @DIR@/D: no such file or directory"},
    {".dockerignore", "a\n[", {0}, "invalid .dockerignore: line 2: syntax error in pattern '['"},
    {"Dockerfile.dockerignore",
     "!",
     {.buildkit = true},
     "invalid .dockerignore: line 1: illegal exclusion pattern: \"!\""},
};

static void test_broken_context(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(broken_cases); i++) {
        struct image_build b = broken_cases[i].build;
        struct fixture f;
        AUTO_TEXT text = {0};
        AUTO_TEXT log = {0};
        AUTO_ERR err = {0};

        context(&f);
        if (broken_cases[i].file)
            fixture_file(&f, broken_cases[i].file, broken_cases[i].text);
        err = run(&f, &b, BUILT, &text, &log);
        text_replace(&text, f.dir, "@DIR@");
        assert_string_equal(str_text(&text), broken_cases[i].want);
        fixture_done(&f);
    }
}

static void test_cancel(void **state)
{
    struct engine e;
    struct outcome o = {.e = &e};
    struct fixture f;
    struct image_build b = {.buildkit = true};

    (void)state;
    context(&f);
    b.context = f.dir;
    for (int turns = 0; turns < 2000;
         turns += 100) { /* turns that do not wait: the engine says nothing */
        engine_start(&e, false, NULL);
        server_on(e.server, "POST ", SERVER_HANG);
        o = (struct outcome){.e = &e};
        o.call = e.w->ops->image_build(e.w, &b, on_event, engine_on_done, &o);
        for (int i = 0; i < turns; i++)
            uv_run(&e.loop, UV_RUN_NOWAIT);
        e.driver->ops->cancel(o.call);
        engine_run(&e);
        assert_int_equal(o.runs, 1);
        assert_int_equal(o.err.code, ERR_CANCELED);
        outcome_done(&o);
        engine_end(&e);
    }
    fixture_done(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_question),
        cmocka_unit_test(test_answer),
        cmocka_unit_test(test_broken_context),
        cmocka_unit_test(test_cancel),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
