#include "core/load/stages.h"

#include "core/base/arena.h"
#include "core/base/attr.h"
#include "core/base/diags.h"
#include "core/base/path.h"
#include "core/yaml/node.h"
#include "core/yaml/parse.h"
#include "tests/lib/fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <stdio.h>
#include <sys/stat.h>

struct setup {
    struct fixture f;
    struct load l;
};

static void setup(struct setup *s)
{
    *s = (struct setup){0};
    fixture_init(&s->f);
    s->l = (struct load){
        .arena = arena_new(), .diags = s->f.diags, .opts = &s->f.options, .cwd = s->f.dir};
}

static void done(struct setup *s)
{
    arena_free(s->l.arena);
    fixture_done(&s->f);
}

static const char *path(struct setup *s, const char *name)
{
    return path_join(s->l.arena, s->f.dir, name);
}

static void test_peek_then_load(void **state)
{
    struct setup s;
    const struct yaml_docs *peeked;
    struct yaml_docs first, second;

    (void)state;
    setup(&s);
    fixture_file(&s.f, "a.yaml", "k: [1]\n---\nb: 2\n");
    peeked = peek_documents(&s.l, path(&s, "a.yaml"));
    assert_int_equal(peeked->len, 2);
    assert_int_equal(load_documents(&s.l, path(&s, "a.yaml"), &first), 0);
    assert_ptr_equal(first.items[0], peeked->items[0]);
    assert_string_equal(first.items[0]->loc.file, "a.yaml");

    /* Whoever loads it again gets trees of its own, though the file may be gone. */
    node_remove(first.items[0], "k");
    assert_int_equal(remove(path(&s, "a.yaml")), 0);
    assert_int_equal(load_documents(&s.l, path(&s, "a.yaml"), &second), 0);
    assert_int_equal(second.len, 2);
    assert_non_null(node_get(second.items[0], "k"));
    done(&s);
}

static void test_failures_are_told_once(void **state)
{
    struct setup s;
    struct yaml_docs docs;

    (void)state;
    setup(&s);
    fixture_file(&s.f, "bad.yaml", "a: [\n");
    fixture_file(&s.f, "dir/x", "");
    assert_null(peek_documents(&s.l, path(&s, "bad.yaml")));
    assert_int_equal(load_documents(&s.l, path(&s, "bad.yaml"), &docs), -1);
    assert_int_equal(diags_count(s.l.diags), 1);
    assert_int_equal(load_documents(&s.l, path(&s, "nope.yaml"), &docs), -1);
    assert_int_equal(load_documents(&s.l, path(&s, "dir"), &docs), -1);
    assert_non_null(
        strstr(fixture_messages(&s.f), "open @DIR@/nope.yaml: no such file or directory"));
    assert_non_null(strstr(fixture_messages(&s.f), "read @DIR@/dir: is a directory"));
    assert_int_equal(diags_count(s.l.diags), 3);
    done(&s);
}

static void write_bytes(const char *file, const char *bytes, size_t len)
{
    AUTO_FILE f = fopen(file, "we");

    assert_non_null(f);
    assert_int_equal(fwrite(bytes, 1, len, f), len);
}

/* Byte order marks are no part of the text; positions count characters. */
static void test_encodings(void **state)
{
    static const char le[] = "\xFF\xFE"
                             "a\0:\0 \0\xE9\0=\xD8\0\xDE\n\0b\0:\0 \0[\0";
    static const char be[] = "\xFE\xFF"
                             "\0a\0:\0 \0\xE9\xD8=\xDE\0\0\n\0b\0:\0 \0[";
    static const char utf8[] = "\xEF\xBB\xBF"
                               "a: 1\nb: [";
    static const struct {
        const char *bytes;
        size_t len;
    } texts[] = {{le, sizeof le - 1}, {be, sizeof be - 1}, {utf8, sizeof utf8 - 1}};

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
        struct setup s;
        struct yaml_docs docs;

        setup(&s);
        write_bytes(path(&s, "t.yaml"), texts[i].bytes, texts[i].len);
        assert_int_equal(load_documents(&s.l, path(&s, "t.yaml"), &docs), -1);
        assert_non_null(
            strstr(fixture_messages(&s.f), "t.yaml:2:4: error: did not find expected node"));
        done(&s);
    }
}

static void test_utf16_text(void **state)
{
    static const char le[] = "\xFF\xFE"
                             "a\0:\0 \0\xE9\0=\xD8\0\xDE\x00\xD8";
    struct setup s;
    struct yaml_docs docs;

    (void)state;
    setup(&s);
    write_bytes(path(&s, "t.yaml"), le, sizeof le - 1);
    assert_int_equal(load_documents(&s.l, path(&s, "t.yaml"), &docs), 0);
    assert_string_equal(node_text(node_get(docs.items[0], "a")),
                        "\xC3\xA9\xF0\x9F\x98\x80\xEF\xBF\xBD");
    done(&s);
}

static void test_endless_file(void **state)
{
    struct setup s;
    struct yaml_docs docs;

    (void)state;
    setup(&s);
    assert_int_equal(load_documents(&s.l, "/dev/zero", &docs), -1);
    assert_int_equal(diags_count(s.l.diags), 1);
    done(&s);
}

static void test_labels(void **state)
{
    struct load l = {.cwd = "/a/b"};

    (void)state;
    assert_string_equal(file_label(&l, "/a/b/c.yaml"), "c.yaml");
    assert_string_equal(file_label(&l, "/a/b/d/c.yaml"), "d/c.yaml");
    assert_string_equal(file_label(&l, "/a/bc/c.yaml"), "/a/bc/c.yaml");
    assert_string_equal(file_label(&l, "-"), "stdin");
    l.cwd = "/";
    assert_string_equal(file_label(&l, "/c.yaml"), "/c.yaml");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_peek_then_load), cmocka_unit_test(test_failures_are_told_once),
        cmocka_unit_test(test_encodings),      cmocka_unit_test(test_utf16_text),
        cmocka_unit_test(test_endless_file),   cmocka_unit_test(test_labels),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
