/* Whole commands on an engine in memory that lives on from one to the next: what they print, and
 * what they leave when any of their calls fails. */
#include "cmd/app.h"

#include "core/base/attr.h"
#include "core/base/str.h"
#include "drivers/fake/fake.h"
#include "tests/cmd/capture.h"
#include "tests/lib/fixture.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

enum { WORDS_MAX = 16, ITEMS_MAX = 64, LIMIT_SECONDS = 60 };

/* With the sanitizers, which take their time, one call in so many. */
#ifdef __has_feature
#if __has_feature(address_sanitizer)
#define SANITIZED
#endif
#endif
#if defined(SANITIZED) || defined(__SANITIZE_ADDRESS__)
enum { EVERY = 5 };
#else
enum { EVERY = 1 };
#endif

struct play {
    struct fixture fixture;
    struct fake *fake;
    void (*trouble)(struct fake *f, unsigned n); /* of the next command's call n; NULL: none */
    unsigned at, calls;                          /* that the last command made */
    struct str out, err;
};

static const char compose[] = "name: p\n"
                              "services:\n"
                              "  db: {image: x}\n"
                              "  web: {image: x, depends_on: [db]}\n"
                              "  job: {image: x, command: work, depends_on: [db]}\n";

static struct driver *open_engine(uv_loop_t *loop, void *data)
{
    struct play *p = data;

    if (p->fake) {
        fake_move(p->fake, loop);
    } else {
        p->fake = fake_new(loop);
        fake_keep(p->fake);
        fake_add_image(p->fake, "x", "sha256:1");
        fake_script(p->fake, "web", &(struct fake_script){.output = "hello\n"});
        fake_script(p->fake, "job",
                    &(struct fake_script){
                        .exits = true, .exit_after = 5, .exit_code = 3, .output = "working\n"});
    }
    fake_clear_log(p->fake);
    if (p->trouble)
        p->trouble(p->fake, p->at);
    return fake_driver(p->fake);
}

static int run(struct play *p, const char *line)
{
    char home[] = "HOME=/nonexistent", *environment[] = {home, NULL};
    char name[] = "mcompose", *argv[WORDS_MAX] = {name};
    AUTO_STR words = strdup(line);
    struct capture to_out, to_err;
    int argc = 1, code;
    char *rest = words, *word;

    while ((word = strsep(&rest, " ")))
        argv[argc++] = word;
    str_clear(&p->out);
    str_clear(&p->err);
    capture_start(&to_out, STDOUT_FILENO);
    capture_start(&to_err, STDERR_FILENO);
    alarm(LIMIT_SECONDS); /* a command that hangs */
    code = app_main_on(argc, argv, environment, open_engine, p);
    alarm(0);
    capture_end(&to_err, &p->err);
    capture_end(&to_out, &p->out);
    p->calls = fake_calls(p->fake);
    p->trouble = NULL;
    return code;
}

/* What no up puts right: a lock that could not be let go, which whoever needs it next breaks; a
 * one-off, which belongs to the run that was cut off. */
#define LOCK   "volume mcompose-lock-p"
#define ONEOFF "container p-job-run-"

static int by_text(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* What is there, by name: what was made first may be another thing every time. Without what tells
 * why it was made, and in place of what; with the job at its end, which may come before or after
 * that of the command. */
static void describe(const struct play *p, struct str *out)
{
    AUTO_TEXT all = {0};
    char *items[ITEMS_MAX], *rest, *line;
    size_t len = 0;

    fake_exit(p->fake, "p-job-1", 3);
    fake_describe(p->fake, &all);
    text_replace(&all, p->fixture.dir, "@DIR@");
    for (char *id = all.data; (id = strstr(id, "00000000"));) /* an id, a number in it */
        while (strchr("0123456789abcdef", *id) && *id)
            *id++ = '#';
    text_replace(&all, "\n    ", "\v");
    for (rest = all.data; (line = strsep(&rest, "\n"));) {
        assert_true(len < ITEMS_MAX);
        items[len++] = line;
    }
    qsort(items, len, sizeof *items, by_text);
    for (size_t i = 0; i < len; i++) {
        if (str_has_prefix(items[i], LOCK) || str_has_prefix(items[i], ONEOFF))
            continue;
        while ((line = strsep(&items[i], "\v")))
            if (!strstr(line, "label dev.mcompose.cause=") &&
                !strstr(line, "label com.docker.compose.replace="))
                str_addf(out, "%s\n", line);
    }
}

static void begin(struct play *p)
{
    *p = (struct play){.fake = NULL};
    fixture_init(&p->fixture);
    fixture_file(&p->fixture, "compose.yaml", compose);
    assert_int_equal(chdir(p->fixture.dir), 0);
}

static void end(struct play *p)
{
    fake_free(p->fake);
    assert_int_equal(chdir("/"), 0);
    fixture_done(&p->fixture);
    str_done(&p->out);
    str_done(&p->err);
}

/* ---- what they print ---- */

/* One after the other on the same engine. NULL: no matter. */
static const struct {
    const char *line;
    int code;
    const char *out, *err;
} steps[] = {
    {"exec -T web true", 1, "", "service \"web\" is not running\n"},
    {"up -d web", 0, "", NULL},
    {"ps --services", 0, "db\nweb\n", ""},
    {"exec -T web true", 0, "hello\n", ""},
    {"logs --no-log-prefix web", 0, "hello\n", ""},
    {"logs", 0, "web-1  | hello\n", ""},
    {"run --rm -T job", 3, "working\n", NULL},
    {"run --rm -T --no-deps job", 3, "working\n", ""},
    {"up --no-deps --abort-on-container-exit job", 3,
     "Attaching to job-1\njob-1  | working\njob-1 exited with code 3\n", NULL},
    /* only the job is stopped: what it depends on runs on */
    {"up --abort-on-container-failure job", 3,
     "Attaching to job-1\njob-1  | working\njob-1 exited with code 3\n", NULL},
    {"ps --services", 0, "db\nweb\n", ""},
    {"up --exit-code-from job db job", 3, NULL, NULL},
    {"ps --services", 0, "web\n", ""},
    {"start db", 0, "", NULL},
    {"logs -f job", 0, "job-1  | working\n", ""},
    {"down", 0, "", NULL},
    {"ps -a -q", 0, "", ""},
};

static void test_steps(void **state)
{
    struct play p;

    (void)state;
    begin(&p);
    for (size_t i = 0; i < ARRAY_LEN(steps); i++) {
        int code = run(&p, steps[i].line);

        if (code != steps[i].code || (steps[i].out && !str_eq(str_text(&p.out), steps[i].out)) ||
            (steps[i].err && !str_eq(str_text(&p.err), steps[i].err)))
            fail_msg("step %zu, mcompose %s: %d\n%s---\n%s---\n%s", i, steps[i].line, code,
                     str_text(&p.out), str_text(&p.err), fake_log(p.fake));
    }
    assert_int_equal(fake_container_count(p.fake), 0);
    end(&p);
}

/* ---- what they leave ---- */

static const struct trouble {
    const char *name;
    void (*make)(struct fake *f, unsigned n);
    const char *words; /* of the error */
    int code;          /* when it is not the usual one */
    int left;          /* when it leaves at once */
} troubles[] = {
    {"fails", fake_fail_call, "failed on purpose", 1, 0},
    {"loses its answer", fake_lose_answer, "the connection to the engine broke", 1, 0},
    {"and all after it fail", fake_go_away, "the connection to the engine broke", 1, 0},
    {"comes with Ctrl-C", fake_interrupt, "", 130, 130},
};

static const struct troubled {
    const char *before, *line;
    int code;
} troubled[] = {
    {NULL, "up --abort-on-container-exit", 3},
    {"up -d db web", "up --abort-on-container-exit job", 3},
    {"up -d", "up -d --force-recreate", 0},
    {"up -d web", "run --rm -T job", 3},
    {NULL, "run --rm -T job", 3},
    {"up -d web", "exec -T web true", 0},
    {"up -d web", "logs web", 0},
    {"up -d", "logs -f job", 0},
    {"up -d", "restart", 0},
    {"up -d", "scale web=3", 0},
    {"up -d", "down -v", 0},
};

static void complain(const struct play *p, FILE *report, const struct trouble *t, const char *what,
                     int code)
{
    fprintf(report, "mcompose %s, call %u %s: %d\n%s---\n%s---\n%s", what, p->at, t->name, code,
            str_text(&p->out), str_text(&p->err), fake_log(p->fake));
}

static bool says(const struct play *p, const char *words)
{
    return strstr(str_text(&p->err), words) != NULL;
}

/* Its own code, or that of the trouble with the reason; the next up puts everything right, and down
 * leaves nothing. */
static void play_trouble(const struct troubled *c, const struct trouble *t, unsigned n,
                         const char *after, FILE *report)
{
    AUTO_TEXT state = {0};
    struct play p;
    int code;

    begin(&p);
    if (c->before && run(&p, c->before) != 0)
        complain(&p, report, t, c->before, 0);
    p.trouble = t->make;
    p.at = n;
    code = run(&p, c->line);
    if (code != c->code && (code != t->code || !says(&p, t->words)))
        complain(&p, report, t, c->line, code);
    code = run(&p, "up -d");
    describe(&p, &state);
    if (code != 0 || !str_eq(str_text(&state), after))
        complain(&p, report, t, str_text(&state), code);
    code = run(&p, "down --remove-orphans");
    if (code != 0 || fake_container_count(p.fake) || fake_has_network(p.fake, "p_default"))
        complain(&p, report, t, "down", code);
    end(&p);
}

/* In a process of its own where it may leave at once: Ctrl-C at the very end. */
static void play_apart(const struct troubled *c, const struct trouble *t, unsigned n,
                       const char *after)
{
    AUTO_FILE report = tmpfile();
    AUTO_TEXT text = {0};
    struct fixture left; /* its directory goes although the child may not clean up */
    int status = 0, byte;
    pid_t child;

    fixture_init(&left);
    fflush(NULL);
    child = t->left ? fork() : 0;
    if (child == 0 && t->left)
        setenv("TMPDIR", left.dir, 1);
    if (child == 0)
        play_trouble(c, t, n, after, report);
    if (child == 0 && t->left) {
        fflush(report);
        _exit(0); /* libuv's threads stayed behind */
    }
    if (child)
        waitpid(child, &status, 0);
    fixture_done(&left);
    rewind(report);
    while ((byte = fgetc(report)) != EOF)
        str_addc(&text, (char)byte);
    if (text.len || !WIFEXITED(status) ||
        (WEXITSTATUS(status) != 0 && WEXITSTATUS(status) != t->left)) {
        fputs(str_text(&text), stderr); /* longer than what cmocka prints */
        fail_msg("mcompose %s, call %u %s: status %d", c->line, n, t->name, status);
    }
}

static void test_troubles(void **state)
{
    AUTO_TEXT after = {0};
    struct play p;

    (void)state;
    begin(&p);
    assert_int_equal(run(&p, "up -d"), 0);
    describe(&p, &after);
    end(&p);
    for (size_t i = 0; i < ARRAY_LEN(troubled); i++) {
        unsigned calls;

        begin(&p);
        if (troubled[i].before)
            assert_int_equal(run(&p, troubled[i].before), 0);
        assert_int_equal(run(&p, troubled[i].line), troubled[i].code);
        calls = p.calls;
        end(&p);
        for (size_t t = 0; t < ARRAY_LEN(troubles); t++)
            for (unsigned n = 1 + (unsigned)(i + t) % EVERY; n <= calls; n += EVERY)
                play_apart(&troubled[i], &troubles[t], n, str_text(&after));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_steps),
        cmocka_unit_test(test_troubles),
    };
    int null = open("/dev/null", O_RDONLY | O_CLOEXEC);

    dup2(null, STDIN_FILENO);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
