/* drivers/docker/trace.c: messages packed here, told events as text. */
#include "drivers/docker/trace.h"

#include "core/base/err.h"
#include "core/base/str.h"
#include "drivers/docker/base64.h"
#include "drivers/docker/buildkit.pb-c.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void on_event(void *owner, const struct build_event *e)
{
    static const char *const kinds[] = {"text", "vertex", "log", "status", "warning"};
    struct str *out = owner;

    str_addf(out, "%s %s", kinds[e->kind], e->vertex);
    if (e->name)
        str_addf(out, " '%s'", e->name);
    str_addf(out, "%s%s%s", e->cached ? " cached" : "", e->started ? " started" : "",
             e->completed ? " completed" : "");
    if (e->start_ns)
        str_addf(out, " %" PRId64, e->start_ns);
    if (e->end_ns)
        str_addf(out, "-%" PRId64, e->end_ns);
    if (e->error)
        str_addf(out, " error '%s'", e->error);
    if (e->total)
        str_addf(out, " %" PRId64 "/%" PRId64, e->current, e->total);
    if (e->len) {
        str_add(out, " \"");
        str_addn(out, e->text, e->len);
        str_addc(out, '"');
    }
    str_addc(out, '\n');
}

static void feed(struct trace *t, const Buildkit__Progress *p)
{
    size_t len = buildkit__progress__get_packed_size(p);
    uint8_t *bytes = malloc(len + 1);
    AUTO_TEXT text = {0};

    buildkit__progress__pack(p, bytes);
    base64_encode(bytes, len, false, &text);
    assert_int_equal(trace_feed(t, str_text(&text), text.len, NULL), 0);
    free(bytes);
}

static void feed_vertex(struct trace *t, Buildkit__Vertex *v)
{
    Buildkit__Progress p = BUILDKIT__PROGRESS__INIT;

    p.n_vertexes = 1;
    p.vertexes = &v;
    feed(t, &p);
}

static void test_vertex_states(void **state)
{
    AUTO_TEXT out = {0};
    struct trace *t = trace_new(on_event, &out);
    Buildkit__Vertex v = BUILDKIT__VERTEX__INIT;
    Buildkit__Time start = BUILDKIT__TIME__INIT, end = BUILDKIT__TIME__INIT;

    (void)state;
    start.seconds = 1;
    start.nanos = 5;
    end.seconds = 2;
    v.digest = (char *)"d1";
    v.name = (char *)"[1/2] RUN x";
    feed_vertex(t, &v);
    feed_vertex(t, &v); /* nothing new */
    v.started = &start;
    feed_vertex(t, &v);
    v.completed = &end;
    feed_vertex(t, &v);
    feed_vertex(t, &v);
    v.completed = NULL; /* it is done again */
    feed_vertex(t, &v);
    v.completed = &end;
    v.cached = 1;
    v.error = (char *)"exit code: 3";
    feed_vertex(t, &v);
    assert_string_equal(str_text(&out),
                        "vertex d1 '[1/2] RUN x'\n"
                        "vertex d1 '[1/2] RUN x' started 1000000005\n"
                        "vertex d1 '[1/2] RUN x' started completed 1000000005-2000000000\n"
                        "vertex d1 '[1/2] RUN x' started 1000000005\n"
                        "vertex d1 '[1/2] RUN x' cached started completed 1000000005-2000000000 "
                        "error 'exit code: 3'\n");
    trace_free(t);
}

static void test_the_rest(void **state)
{
    AUTO_TEXT out = {0};
    struct trace *t = trace_new(on_event, &out);
    Buildkit__Progress p = BUILDKIT__PROGRESS__INIT;
    Buildkit__Status s = BUILDKIT__STATUS__INIT, *ss = &s;
    Buildkit__Log l = BUILDKIT__LOG__INIT, *ll = &l;
    Buildkit__Warning w = BUILDKIT__WARNING__INIT, *ww = &w;

    (void)state;
    s.id = (char *)"transferring";
    s.vertex = (char *)"d2";
    s.current = 1;
    s.total = 4;
    p.n_statuses = 1;
    p.statuses = &ss;
    feed(t, &p);
    l.vertex = (char *)"d2";
    l.msg.data = (uint8_t *)(uintptr_t) "hi\n";
    l.msg.len = 3;
    w.vertex = (char *)"d3";
    w.short_.data = (uint8_t *)(uintptr_t) "careful";
    w.short_.len = 7;
    p.n_logs = p.n_warnings = 1;
    p.logs = &ll;
    p.warnings = &ww;
    feed(t, &p); /* the status again: not told */
    assert_string_equal(str_text(&out),
                        "status d2 'transferring' 1/4\nlog d2 \"hi\n\"\nwarning d3 \"careful\"\n");
    trace_free(t);
}

/* Taken from an engine: inputs and fields we do not know. */
static void test_unknown_fields(void **state)
{
    static const char message[] = "Cg0KAmQxEgJkMBoBbkIA"; /* digest d1, an input, name n, field 8 */
    AUTO_TEXT out = {0};
    struct trace *t = trace_new(on_event, &out);

    (void)state;
    assert_int_equal(trace_feed(t, message, strlen(message), NULL), 0);
    assert_string_equal(str_text(&out), "vertex d1 'n'\n");
    trace_free(t);
}

static const char *const bad_cases[] = {"!", "Cg", "CgwKAmQx"};

static void test_bad(void **state)
{
    AUTO_TEXT out = {0};
    struct trace *t = trace_new(on_event, &out);

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(bad_cases); i++) {
        AUTO_ERR err = {0};

        assert_int_equal(trace_feed(t, bad_cases[i], strlen(bad_cases[i]), &err), -1);
        assert_string_equal(err_text(&err), "the engine sent progress that cannot be read");
    }
    assert_string_equal(str_text(&out), "");
    trace_free(t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_vertex_states),
        cmocka_unit_test(test_the_rest),
        cmocka_unit_test(test_unknown_fields),
        cmocka_unit_test(test_bad),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
